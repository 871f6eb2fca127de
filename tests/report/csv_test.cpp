#include <cstdlib>

#include <doctest/doctest.h>

#include "base/utf8.h"
#include "report/report.h"
#include "sample_session.h"

using namespace llmc;
using session::AnswerState;

namespace {

// RFC 4180, strictly.
std::vector<std::vector<std::string>> cells(const std::string& text) {
    std::vector<std::vector<std::string>> rows(1);
    rows.back().emplace_back();
    REQUIRE(text.starts_with("\xEF\xBB\xBF"));
    for (std::size_t i = 3; i < text.size();) {
        if (text[i] == '"') {
            for (++i;; ++i) {
                REQUIRE(i < text.size());
                if (text[i] == '"') {
                    if (text.substr(i, 2) != "\"\"") break;
                    ++i;
                }
                rows.back().back() += text[i];
            }
            ++i;
            REQUIRE((text[i] == ',' || text[i] == '\r'));
        } else if (text[i] == ',') {
            rows.back().emplace_back();
            ++i;
        } else if (text[i] == '\r') {
            REQUIRE(text[i + 1] == '\n');
            i += 2;
            if (i < text.size()) rows.emplace_back(1);
        } else {
            REQUIRE(text[i] != '\n');
            rows.back().back() += text[i++];
        }
    }
    return rows;
}

std::string cell(const std::vector<std::vector<std::string>>& rows, std::size_t row, const std::string& title) {
    for (std::size_t i = 0; i < rows[0].size(); ++i)
        if (rows[0][i] == title) return rows.at(row).at(i);
    FAIL(title);
    return {};
}

}  // namespace

TEST_CASE("the CSV report has a header and one row per answer with the metrics") {
    const auto rows = cells(report::to_csv(samples::eventful()));
    REQUIRE(rows.size() == 6);
    for (const auto& row : rows) CHECK(row.size() == rows[0].size());
    CHECK(cell(rows, 1, "label") == "a");
    CHECK(cell(rows, 1, "round") == "1");
    CHECK(cell(rows, 1, "server") == "rack");
    CHECK(cell(rows, 1, "prompt") == "Capital of France?");
    CHECK(cell(rows, 1, "state") == "complete");
    CHECK(cell(rows, 1, "finish_reason") == "stop");
    CHECK(cell(rows, 1, "error").empty());
    CHECK(cell(rows, 1, "time_to_first_token_s") == "0.25");
    CHECK(cell(rows, 1, "output_tokens") == "101");
    CHECK(cell(rows, 1, "tokens_estimated") == "false");
    CHECK(cell(rows, 1, "model_state") == "loaded");
    CHECK(cell(rows, 1, "speed_note") == "hidden reasoning");
    CHECK(cell(rows, 1, "text_chars") == "17");
    CHECK(cell(rows, 1, "reasoning_chars") == "12");
    CHECK(cell(rows, 1, "thumbs") == "1");
    CHECK(cell(rows, 2, "state") == "failed");
    CHECK(cell(rows, 2, "error_kind") == "connection");
    CHECK(cell(rows, 2, "error_status") == "200");
    CHECK(cell(rows, 2, "prompt") == "And of Spain?\nBe brief.");
    CHECK(cell(rows, 2, "time_to_first_token_s").empty());
    CHECK(cell(rows, 2, "attempt") == "1");
    CHECK(cell(rows, 2, "replaced") == "true");
    CHECK(cell(rows, 2, "text_chars") == "3");
    CHECK(cell(rows, 3, "round") == "2");
    CHECK(cell(rows, 3, "attempt") == "2");
    CHECK(cell(rows, 3, "replaced") == "false");
    CHECK(cell(rows, 4, "label") == "b");
    CHECK(cell(rows, 4, "tool_calls") == "1");
    CHECK(cell(rows, 5, "label") == "Second \"A\"");
    CHECK(report::to_csv(samples::eventful()).find("sk-canary") == std::string::npos);
}

TEST_CASE("no cell begins like a formula unless it is a number, whatever stands in it") {
    for (const std::string& hostile : samples::hostile_texts()) {
        CAPTURE(hostile);
        session::Session session = samples::saying(hostile, {}, hostile);
        session.candidates[0].display_name = hostile;
        auto round = std::make_shared<session::Round>(*session.rounds[0]);
        session::Answer& answer = round->answers[0];
        answer.state = AnswerState::failed;
        answer.failure = session::Failure{.message = hostile};
        answer.warnings = {hostile};
        answer.server = answer.reported_model = answer.finish_reason = answer.rating.note = hostile;
        answer.rating.thumbs = -1;
        session.rounds.set(0, round);
        const std::string text = report::to_csv(session);
        CHECK(base::is_valid_utf8(text));
        const auto rows = cells(text);
        REQUIRE(rows.size() == 2);
        CHECK(rows[1].size() == rows[0].size());
        CHECK(cell(rows, 1, "thumbs") == "-1");
        for (const std::string& value : rows[1]) {
            char* end = nullptr;
            std::strtod(value.c_str(), &end);
            const bool is_number = !value.empty() && *end == '\0';
            CHECK((is_number || value.empty() ||
                   std::string_view("=+-@\t\r\n").find(value[0]) == std::string_view::npos));
            CHECK_FALSE(value.starts_with("＝"));
            CHECK(base::for_terminal(value) == value);
        }
    }
    session::Session plain = samples::saying("x", {}, "=1+1");
    CHECK(cell(cells(report::to_csv(plain)), 1, "prompt") == "'=1+1");
}

TEST_CASE("a cell is a formula to no spreadsheet, with whatever blanks before it") {
    struct {
        const char* text;
        const char* cell;
    } const cases[] = {
        {"", ""},
        {"word", "word"},
        {"two words", "\"two words\""},
        {" = not at the start", "\"' = not at the start\""},
        {"=1+1", "\"'=1+1\""},
        {"\u00A0=lead", "\"'\u00A0=lead\""},
        {"\u3000 \u200B@SUM(A1)", "\"'\u3000 \u200B@SUM(A1)\""},
        {"\uFEFF-1+2", "\"'\uFEFF-1+2\""},
        {" ＝1", "\"' ＝1\""},
        {"\r\n+1", "\"'\n+1\""},
        {"a = b", "\"a = b\""},
        {"  a", "\"  a\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
    };
    for (const auto& one : cases) CHECK(report::csv_cell(one.text) == one.cell);
}
