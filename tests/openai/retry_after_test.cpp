#include "openai/retry_after.h"

#include <doctest/doctest.h>

using namespace llmc;
using namespace std::chrono_literals;

TEST_CASE("a server may say in many ways when it wants to be asked again") {
    const base::WallTime now = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 30s;
    struct Case {
        const char *retry_after, *ms, *date;
        std::optional<base::Duration> wait;
    };
    for (const Case& c : {
             Case{"1", "", "", 1s},
             Case{"0", "", "", 0s},
             Case{"0.5", "", "", 500ms},
             Case{"", "700", "", 700ms},
             Case{"5", "700", "", 700ms},
             Case{"5", "soon", "", 5s},
             Case{"Sun, 06 Nov 1994 08:49:37 GMT", "", "", 7s},
             Case{"Sunday, 06-Nov-94 08:49:37 GMT", "", "", 7s},
             Case{"Sun Nov  6 08:49:37 1994", "", "", 7s},
             Case{"Mon, 06 Nov 2034 08:49:37 GMT", "", "Mon, 06 Nov 2034 08:49:35 GMT", 2s},
             Case{"Sun, 06 Nov 1994 08:49:37 GMT", "", "yesterday", 7s},
             Case{"Sun, 06 Nov 1994 08:00:00 GMT", "", "", 0s},
             Case{"", "", "", std::nullopt},
             Case{"soon", "", "", std::nullopt},
             Case{"-1", "-1", "", std::nullopt},
             Case{"nan", "inf", "", 1'000'000'000s},
             Case{"Sun, 31 Feb 1994 08:49:37 GMT", "", "", std::nullopt},
             Case{"Sun, 06 Nov 1994 28:49:37 GMT", "", "", std::nullopt},
             Case{"Sun, 06 Now 1994 08:49:37 GMT", "", "", std::nullopt},
         }) {
        CAPTURE(c.retry_after);
        CAPTURE(c.ms);
        net::ResponseHead head;
        head.retry_after = c.retry_after;
        head.retry_after_ms = c.ms;
        head.date = c.date;
        CHECK(openai::retry_after(head, now) == c.wait);
    }
    net::ResponseHead head;
    head.retry_after = "Sun, 06 Nov 9999 08:49:37 GMT";
    CHECK(openai::retry_after(head, now) > 60s);
}
