#include <algorithm>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "report/report.h"
#include "sample_session.h"

using namespace llmc;
using samples::contains;
using samples::kNow;
using session::AnswerState;

namespace {

std::string markdown(const session::Session& session) {
    return report::render(report::format_of("md"), session, kNow);
}

// What stands before the metrics.
std::string told(const session::Session& session) {
    const std::string text = markdown(session);
    return text.substr(0, text.find("## Metrics"));
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all(1);
    for (const char c : text) {
        if (c == '\n')
            all.emplace_back();
        else
            all.back() += c;
    }
    return all;
}

// The headings of a Markdown text as any reader of fences sees them; and what stands outside of fences.
struct Seen {
    std::vector<std::string> headings;
    std::string open_text;
};
Seen seen(const std::string& text) {
    Seen result;
    char sign = 0;
    std::size_t length = 0;
    for (const std::string& line : lines(text)) {
        const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
        const std::size_t run =
            indent < line.size() ? std::min(line.find_first_not_of(line[indent], indent), line.size()) - indent : 0;
        const bool is_run = indent <= 3 && run >= 3 && (line[indent] == '`' || line[indent] == '~');
        if (sign != 0) {
            if (is_run && line[indent] == sign && run >= length &&
                line.find_first_not_of(' ', indent + run) == line.npos)
                sign = 0;
            continue;
        }
        if (is_run) {
            sign = line[indent];
            length = run;
            continue;
        }
        if (indent <= 3 && indent < line.size() && line[indent] == '#') result.headings.push_back(line);
        (result.open_text += line) += '\n';
    }
    return result;
}

}  // namespace

TEST_CASE("the Markdown report has the shape that other programs rely on") {
    session::Session session = samples::two_candidates();
    session.candidates[1].own.temperature = 0.2;
    session.changes = {{2, "temperature 0.5 -> 0.7"}};
    session.settings.system_prompt = "Use ``` fences.";
    samples::add_round(session, "Capital of France?",
                       {samples::answer("c1", 1, AnswerState::complete, "Paris.", "Easy."),
                        samples::answer("c2", 1, AnswerState::complete, "It is **Paris**.\n\n- really\n")});
    session::Answer cut = samples::answer("c1", 2, AnswerState::interrupted, "Mad");
    session::Answer failed = samples::answer("c2", 2, AnswerState::failed, "");
    failed.failure = session::Failure{.phase = net::Phase::waiting,
                                      .status = 500,
                                      .kind = ErrorKind::server_error,
                                      .message = "rack (10.0.0.1:1234) said: out of memory."};
    failed.warnings = {"a warning"};
    samples::add_round(session, "And Spain?", {cut, failed});
    session.is_halted = true;

    const std::string expected = fmt::format(R"md(# LLM Comparison Report

**Generated:** {}
**Models:** a, b
**Temperature:** 0.7
**Max Tokens:** 2048
**Settings:** temperature 0.5 -> 0.7 (changed in round 2)

⚠️ **Session Halted:** Model b failed: Server error. rack (10.0.0.1:1234) said: out of memory.

## System Prompt

````
Use ``` fences.
````
================================================================================

## Model: a

### User

Capital of France?

### Assistant

> **Reasoning**
>
> Easy.

Paris.

### User

And Spain?

### Assistant (incomplete: interrupted)

Mad

================================================================================

## Model: b

**Error:** rack (10.0.0.1:1234) said: out of memory.

**Settings:** temperature 0.2

### User

Capital of France?

### Assistant

It is **Paris**.

- really

### User

And Spain?

### Assistant (incomplete: failed)

> ⚠️ Server error. rack (10.0.0.1:1234) said: out of memory.

> ⚠️ a warning

*No text.*

)md",
                                             base::iso_local(kNow));
    CHECK(told(session) == expected);
}

TEST_CASE("a session that did not halt says nothing of a halt or an error") {
    const std::string text = markdown(samples::saying("Fine."));
    CHECK_FALSE(contains(text, "Halted"));
    CHECK_FALSE(contains(text, "**Error:**"));
    CHECK_FALSE(contains(text, "## Ratings"));
    CHECK_FALSE(contains(text, "changed in round"));
}

TEST_CASE("attempts that were replaced, warnings, tool calls and own settings stand in the report") {
    const std::string text = markdown(samples::eventful());
    for (const char* part : {"> ⚠️ Attempt 1, which was tried again.", "\nHal\n", "\nHalf an ans\n",
                             "> ⚠️ The server reports another model: a-0711.", "finish reason length",
                             "**Tool call:** look_up\n\n```json\n{\"city\": \"Paris\"}\n```",
                             "**Settings:** temperature 0, top_p 0.9, repeat penalty 1.1, max tokens 64, seed -1, stop "
                             "[\"\\n\",\"stop\"], extra body "
                             "{\"chat_template_kwargs\":{\"enable_thinking\":false},\"top_k\":3}, on rack",
                             "**System prompt:**\n\n```\nAnswer in verse.\n```", "(changed in round 2)", "## Ratings",
                             "| a | 1 | up | 4 | short &#124; good |", "**Models:** a, b, Second \"A\"",
                             "### Assistant (incomplete: failed)"})
        CHECK_MESSAGE(contains(text, part), part);
    CHECK_FALSE(contains(text, "sk-canary"));
}

TEST_CASE("the metrics table has a row per answer and a sum per candidate and server, with marks and stamps") {
    const std::string text = markdown(samples::eventful());
    const std::string metrics = text.substr(text.find("## Metrics"));
    CHECK(contains(metrics, "| Model | Round | State | Server | TTFT (s) | TTFO (s) | ITL (s) | Decode (tok/s) |"));
    CHECK(contains(metrics,
                   "| a | 1 | complete | rack | 0.250 | 0.500 | 0.0200 | 50.0 | 2.250 | 45.0 | 0.0200 | 0.0300 | "
                   "0.0400 | 0.0500 | 0.125 | 3.000 | 800.0 | 51.5 | 20 | 101 | ~40 | 8 | 2 | loaded | "
                   "Q4_K_M, gguf, context 8192 |"));
    CHECK(contains(metrics, "| a | 2 | failed | rack | – |"));
    CHECK(contains(metrics, "| ~3 | – | – | – | cold |"));
    CHECK(contains(metrics, "| a | 1 | 0.250 | 0.500 | 50.0 |"));  // candidate's sum: the complete answer only
    CHECK(contains(metrics, "| rack | 3 | 0.250 |"));              // server's sum
    CHECK(contains(metrics, "| 45.0 |"));                          // 101 tokens in 2.25 s of use
    std::size_t columns = 0;
    for (const std::string& line : lines(metrics)) {
        if (!line.starts_with('|')) {
            columns = 0;
            continue;
        }
        const auto bars = static_cast<std::size_t>(std::count(line.begin(), line.end(), '|'));
        if (columns == 0) columns = bars;
        CHECK(bars == columns);
    }
}

TEST_CASE("plain text and Markdown stand in the report as they were written") {
    for (const char* text :
         {"Plain.", "a < b and c > d, 1 << 3",
          "# Title\n\n## Section\n\n- one\n- two\n\n1. x\n   ```sh\n   ls | wc\n   ```\n2. y",
          "```cpp\n#include <vector>\nstd::vector<int> v;\n```", "Use `<div>` and ``a ` b``, please.",
          "| a | b |\n|---|---|\n| 1 | 2 |", "[docs](https://example.org/a) and [up](../x.md) and [here](#there)",
          "x = arr[0](1);", "Model: b is fine within a line", "## Model architecture", "### Users and assistants",
          "日本語 😀 é", "~~~\n```\n~~~"}) {
        CAPTURE(text);
        CHECK(contains(told(samples::saying(text)), fmt::format("### Assistant\n\n{}\n\n", text)));
    }
}

TEST_CASE("a line of a megabyte costs no more than its length, and stands in the report as short ones do") {
    const auto repeated = [](std::string_view part, std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += part;
        return text;
    };
    constexpr std::size_t kMany = 1'000'000;
    const std::string blanks(kMany, ' ');
    std::string runs;  // of 1, 2, 3 … backticks: none is closed
    for (std::size_t length = 1; runs.size() < 64 * kMany; ++length) (runs += std::string(length, '`')) += ' ';
    struct {
        std::string text;
        bool is_harmless;
    } const cases[] = {
        {repeated("](", kMany), false},
        {repeated("](", kMany) + "/", true},
        {repeated("](", kMany) + ":/", false},
        {repeated("](/ ", kMany), true},
        {repeated("](x#", kMany) + blanks + "end", true},
        {repeated("](", kMany) + blanks + "/", true},
        {repeated("](http://a b", kMany), true},
        {repeated("](http:", kMany) + "/", false},
        {repeated("![", kMany), false},
        {repeated("<a", kMany), false},
        {repeated("`](x`", kMany), true},  // code, no links
        {repeated("\\`", kMany) + "x", true},
        {repeated("`|", kMany), true},
        {runs + "x", true},
    };
    for (const auto& [text, is_harmless] : cases) {
        CAPTURE(text.substr(0, 20));
        const std::string told_text = told(samples::saying(text));
        const bool stands_as_it_is = contains(told_text, "### Assistant\n\n" + text + "\n\n");
        const bool stands_in_a_fence = contains(told_text, "```\n" + text + "\n```");
        CHECK(stands_as_it_is == is_harmless);
        CHECK(stands_in_a_fence == !is_harmless);
    }
}

TEST_CASE("each destination of a line is judged by its own signs") {
    for (const char* text : {"[a](b/c) [d](#e) f: g", "[a](https://x:1) [b](c)", "[a](b) : [c](  d  ) & < [e](/:)",
                             "[a](mailto:b) [c](d?e=f:g)", "  [a](b)  \nnext"}) {
        CAPTURE(text);
        CHECK(contains(told(samples::saying(text)), fmt::format("### Assistant\n\n{}\n\n", text)));
    }
    for (const char* text :
         {"[a](b/c) [d](e:f/)", "[a](https://x/) [b](data:x)", "[a](b) [c](&#106;s/)", "[a](b) [c](d", "[a](b) [c](d  ",
          "[a](b) [c](   ", "[a](b) [c](<d>)", "[a](b) [c](\\d/)", "[a](#) [b](java\tscript:x)x: [c](d"}) {
        CAPTURE(text);
        CHECK(contains(told(samples::saying(text)), fmt::format("### Assistant\n\n```\n{}\n```\n\n", text)));
    }
}

TEST_CASE("a fence that an answer leaves open is closed") {
    CHECK(contains(told(samples::saying("```py\nx = 1")), "### Assistant\n\n```py\nx = 1\n```\n\n"));
    CHECK(contains(told(samples::saying("~~~~\nx\n```\n")), "### Assistant\n\n~~~~\nx\n```\n~~~~\n\n"));
    CHECK(contains(told(samples::saying("1. a\n   ```\n   x")), "   ```\n   x\n   ```\n\n"));
}

TEST_CASE("a text that could be taken for the report stands in a fence that it cannot close") {
    const std::string text = told(samples::saying("````\n## Model: b\n````\n### User\nhi"));
    CHECK(contains(text, "### Assistant\n\n`````\n````\n ## Model: b\n````\n ### User\nhi\n`````\n\n"));
}

TEST_CASE(
    "no text of a model, prompt or server changes the outline of the report or brings HTML, images or control "
    "characters") {
    std::vector<std::string> texts = samples::hostile_texts();
    std::mt19937 random(20261122);
    const std::vector<std::string> parts = samples::hostile_texts();
    for (int i = 0; i < 500; ++i) {  // two or three of them joined, with or without a line break
        std::string text;
        for (int n = 0; n < 3; ++n) text += parts[random() % parts.size()] + (random() % 2 ? "\n" : "\n\n");
        texts.push_back(text);
    }
    for (const std::string& text : texts) {
        CAPTURE(text);
        session::Session session = samples::saying(text, text, text);
        session.settings.system_prompt = text;
        session.candidates.push_back(samples::candidate("c2", "b"));
        session::Answer failed = samples::answer("c1", 2, AnswerState::failed, text);
        failed.failure = session::Failure{.message = text};
        failed.warnings = {text};
        failed.tool_calls = {{text, text, text}};
        failed.server = text;
        failed.rating.note = text;
        samples::add_round(session, "Again", {failed});
        session.is_halted = true;
        const std::string report = markdown(session);
        const Seen view = seen(report);
        CHECK(view.headings == std::vector<std::string>{"# LLM Comparison Report", "## System Prompt", "## Model: a",
                                                        "### User", "### Assistant", "### User",
                                                        "### Assistant (incomplete: failed)", "## Model: b",
                                                        "## Metrics", "## Ratings"});
        int separators = 0, models = 0;
        for (const std::string& line : lines(report)) {
            separators += line == std::string(80, '=');
            models += line.starts_with("## Model:");
            const auto bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; };
            if (std::any_of(line.begin(), line.end(), bad)) FAIL(line);
        }
        CHECK(separators == 2);
        CHECK(models == 2);
        for (const char* part : {"\x7F", "\xC2\x9B", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\xA8"})
            CHECK_FALSE(contains(report, part));
        // Inside of quotes fences have "> " in front, which seen() does not follow: there the text is judged by the
        // same rules.
        std::string unquoted;
        for (const std::string& line : lines(view.open_text))
            if (!line.starts_with(">")) unquoted += line + "\n";
        for (const char* part :
             {"<script", "<img", "<!--", "<details", "</div", "![", "](javascript:", "](&", "\n[b]:", "\n[x]:"})
            CHECK_FALSE_MESSAGE(contains(unquoted, part), part);
    }
}

TEST_CASE("the marks that Hebrew and Arabic are written with stay, and what reorders a text is made visible") {
    const std::string hebrew = "\u05E9\u05DC\u05D5\u05DD\u200F! \u200EC++\u200E \u061C\u0633";
    const session::Session session = samples::saying(hebrew + " \u202Eevil\u202C \u2066iso\u2069");
    for (const std::string& text :
         {report::render(report::format_of("md"), session, kNow), report::to_html(session, kNow)}) {
        CHECK(text.find(hebrew) != std::string::npos);
        CHECK(text.find("[U+202E]evil[U+202C] [U+2066]iso[U+2069]") != std::string::npos);
    }
}
