// Reports in pieces: what is saved is what a preview shows, and nothing is held as a whole.
#include <algorithm>

#include <doctest/doctest.h>

#include "report/report.h"
#include "sample_session.h"

using namespace llmc;

namespace {

const base::WallTime kTime{};

session::Session with_text(const std::string& text, const std::string& reasoning) {
    session::Session session;
    session.candidates.push_back(samples::candidate("c1", "m"));
    samples::add_round(session, "Hello", {samples::answer("c1", 1, session::AnswerState::complete, text, reasoning)});
    return session;
}

}  // namespace

TEST_CASE("a report in pieces is the report") {
    for (const auto& session :
         {samples::eventful(), with_text(std::string(300'000, 'x') + "\n\x01\"\\\b\f\r\t", "hm\n\nhm")}) {
        for (const auto format : report::all_formats()) {
            std::string joined;
            format->write(session, kTime, [&](std::string_view piece) { joined += piece; });
            CHECK(joined == report::render(format, session, kTime));
        }
    }
}

TEST_CASE("JSON reads back as what was written, and is laid out as the library does it") {
    for (const auto& session : {samples::eventful(), with_text("\x01\x1f \"quoted\" \\ \b\f\n\r\t é 🙂", "")}) {
        const auto json = report::to_json(session, kTime);
        const std::string text = report::render(report::format_of("json"), session, kTime);
        const auto read = base::parse_ordered_json(text);
        REQUIRE(read);
        CHECK(*read == json);
        CHECK(base::dump_json(*read, 2) == base::dump_json(json, 2));
    }
    const auto plain = with_text("\x01\x1f \"quoted\" \\ \b\f\n\r\t é 🙂", "[]{}");
    CHECK(report::render(report::format_of("json"), plain, kTime) ==
          base::dump_json(report::to_json(plain, kTime), 2) + '\n');
}

TEST_CASE("pieces of a long answer are small where a character becomes six") {
    const auto session = with_text(std::string(std::size_t{1} << 20, '\x01'), "");
    std::size_t longest = 0, all = 0;
    report::format_of("json")->write(session, kTime, [&](std::string_view piece) {
        longest = std::max(longest, piece.size());
        all += piece.size();
    });
    CHECK(all > (std::size_t{6} << 20));
    CHECK(longest < (std::size_t{100} << 10));
}
