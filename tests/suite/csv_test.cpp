#include "suite/csv.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace llmc::suite;

namespace {

// Rows and cells as one text: "a|b / c|d".
std::string joined(const std::vector<CsvRow>& rows) {
    std::string text;
    for (const auto& row : rows) {
        if (!text.empty()) text += " / ";
        for (std::size_t i = 0; i < row.cells.size(); ++i) text += (i == 0 ? "" : "|") + row.cells[i];
    }
    return text;
}

}  // namespace

TEST_CASE("a CSV text is read as RFC 4180 says") {
    struct Case {
        std::string text, rows;
    };
    const Case cases[] = {
        {"a,b\r\n1,2\r\n", "a|b / 1|2"},
        {"a,b\n1,2", "a|b / 1|2"},
        {"\xEF\xBB\xBF"
         "a,b\n1,2\n",
         "a|b / 1|2"},
        {"a,b\n,\n", "a|b / |"},
        {"a\n\nx\n", "a /  / x"},
        {"a,b\n 1 ,\t2\n", "a|b /  1 |\t2"},
        {"\"a\",\"b\"\n\"x, y\",\"he said \"\"no\"\"\"\n", "a|b / x, y|he said \"no\""},
        {"a,b\n\"two\r\nlines\",2\n", "a|b / two\r\nlines|2"},
        {"a,b\n\"\",\"\"\"\"\n", "a|b / |\""},
        {"a,b,\n1,2,", "a|b| / 1|2|"},
        // Spreadsheets of other countries, and Excel's own line.
        {"a;b\n1;2,5\n", "a|b / 1|2,5"},
        {"a\tb\r\n1\t2;5\r\n", "a|b / 1|2;5"},
        {"\"a, b\";c\n\"1;2\";3\n", "a, b|c / 1;2|3"},
        {"a,b;c\n1,2;3\n", "a|b;c / 1|2;3"},
        {"a;b\tc;d\n1;2;3\n", "a|b\tc|d / 1|2|3"},
        {"\xEF\xBB\xBFsep=;\r\na;b\r\n", "a|b"},
        {"sep=,\na;b,c\n", "a;b|c"},
        {"sep=;x\n1;2\n", "sep=|x / 1|2"},
        {"", ""},
        {"stra\xC3\x9F"
         "e,\xE6\x9D\xB1\xE4\xBA\xAC\n",
         "stra\xC3\x9F"
         "e|\xE6\x9D\xB1\xE4\xBA\xAC"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const auto rows = parse_csv(c.text);
        REQUIRE(rows.ok());
        CHECK(joined(*rows) == c.rows);
    }
}

TEST_CASE("a CSV row knows the line that it starts on") {
    const auto rows = parse_csv("a\n\"1\n2\n3\"\nx\n");
    REQUIRE(rows.ok());
    REQUIRE(rows->size() == 3);
    CHECK((*rows)[1].line == 2);
    CHECK((*rows)[2].line == 5);
}

TEST_CASE("what RFC 4180 does not allow is refused with its line") {
    struct Case {
        std::string text, error;
    };
    const Case cases[] = {
        {"a,b\n1,\"2\n3,4\n", "line 2: a quote opens here and is never closed"},
        {"a,b\n\"1\nx\",\"2", "line 3: a quote opens here and is never closed"},
        {"a,b\n1,x\"y\n", "line 2: a quote inside a cell that does not begin with one"},
        {"a,b\n1,\"x\"y\n", "line 2: text behind the closing quote of a cell"},
        {"a,b\r1,2\r", "line 1: a carriage return without a line feed"},
        {"a,b\n1,2\n\xFF,4\n", "line 3: not UTF-8"},
        {{"\xFF\xFE"
          "a\0\t\0b\0\n\0",
          10},
         "line 1: UTF-16, not UTF-8; save it as UTF-8"},
        {{"a\0\t\0b\0\n\0", 8}, "line 1: UTF-16, not UTF-8; save it as UTF-8"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const auto rows = parse_csv(c.text);
        REQUIRE(!rows.ok());
        CHECK(rows.error().message == c.error);
    }
}
