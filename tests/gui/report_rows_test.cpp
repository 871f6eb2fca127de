#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "gui/panels/report_panel.h"

namespace llmc::gui {
namespace {

// The rows as they are drawn, without their line breaks.
std::vector<std::string> rows(std::string_view text, int columns) {
    std::vector<std::string> parts;
    const std::vector<std::size_t> starts = row_starts(text, columns);
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : text.size();
        std::string part(text.substr(starts[i], end - starts[i]));
        while (part.ends_with('\n')) part.pop_back();
        parts.push_back(part);
    }
    return parts;
}

using Rows = std::vector<std::string>;

TEST_CASE("rows of a report are its lines, and what of them does not fit") {
    CHECK(rows("", 10).empty());
    CHECK(rows("a\n\nb\n", 10) == Rows{"a", "", "b"});
    CHECK(rows("one two three four", 10) == Rows{"one two ", "three four"});
    CHECK(rows("abcdefghijkl", 5) == Rows{"abcde", "fghij", "kl"});
    CHECK(rows("exactly te\nx", 10) == Rows{"exactly te", "x"});
}

TEST_CASE("rows are cut between characters, and wide ones take two columns") {
    CHECK(rows("ééééé", 3) == Rows{"ééé", "éé"});
    CHECK(rows("日本語日本語", 6) == Rows{"日本語", "日本語"});
    CHECK(rows("日本", 1) == Rows{"日", "本"});
}

TEST_CASE("rows of a report lose nothing") {
    const std::string text = "a b\nccc ddd eeeeeeeeeeeeeee\n\n日本 x\n";
    for (int columns = 1; columns < 12; ++columns) {
        const std::vector<std::size_t> starts = row_starts(text, columns);
        REQUIRE_FALSE(starts.empty());
        CHECK(starts.front() == 0);
        for (std::size_t i = 1; i < starts.size(); ++i) CHECK(starts[i] > starts[i - 1]);
        CHECK(starts.back() < text.size());
    }
}

}  // namespace
}  // namespace llmc::gui
