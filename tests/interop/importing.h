// Imports texts and judges answers by the suites that come out, as tests want it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/json.h"
#include "check/checks.h"
#include "interop/import.h"
#include "suite/suite.h"

namespace llmc::interop::testing {

inline base::OrderedJson json(std::string_view text) {
    auto parsed = base::parse_ordered_json(text);
    REQUIRE_MESSAGE(parsed.ok(), std::string(text));
    return *std::move(parsed);
}

inline Import imported(const std::vector<SourceFile>& files, const Beside& beside = {}) {
    auto import = import_files(files, {}, beside);
    REQUIRE_MESSAGE(import.ok(), (import.ok() ? std::string() : import.error().message));
    for (const ImportedSuite& suite : import->suites) {
        const auto read = suite::suite_from_json(suite.document);
        REQUIRE_MESSAGE(read.ok(), (read.ok() ? std::string() : read.error().message));
    }
    return *std::move(import);
}

inline Import imported(std::string text, std::string name = "file") {
    return imported(std::vector<SourceFile>{{std::move(name), std::move(text)}});
}

// Why it cannot be imported.
inline std::string refusal(std::string text, std::string name = "file") {
    const auto import = import_files({{std::move(name), std::move(text)}});
    REQUIRE_FALSE(import.ok());
    return import.error().message;
}

inline const base::OrderedJson& prompt(const Import& import, std::size_t index = 0) {
    REQUIRE(import.suites.size() == 1);
    REQUIRE(import.suites.front().document["prompts"].size() > index);
    return import.suites.front().document["prompts"][index];
}

// "PLACE: what" of each thing that was not taken over.
inline std::vector<std::string> notes(const Import& import) {
    std::vector<std::string> lines;
    for (const NotTaken& note : import.notes) lines.push_back(note.place + ": " + note.what);
    return lines;
}

inline bool is_noted(const Import& import, std::string_view begin) {
    for (const std::string& line : notes(import))
        if (line.starts_with(begin)) return true;
    return false;
}

using Calls = std::vector<std::pair<std::string, std::string>>;  // name, arguments

// Whether all checks of a prompt pass for an answer of these calls and this text.
inline bool passes(const Import& import, const Calls& calls, std::string_view text = "", std::size_t index = 0) {
    const auto suite = suite::suite_from_json(import.suites.front().document);
    REQUIRE(suite.ok());
    const auto tasks = suite::tasks(*suite, 1);
    REQUIRE(index < tasks.size());
    REQUIRE(!tasks[index].checks->empty());
    session::Answer answer;
    answer.state = session::AnswerState::complete;
    answer.finish_reason = calls.empty() ? "stop" : "tool_calls";
    for (const auto& [name, arguments] : calls)
        answer.tool_calls.push_back({"id" + std::to_string(answer.tool_calls.size()), name, arguments});
    answer.stream = session::AnswerStream::holding(text, "").value();
    for (const session::CheckResult& result : check::judge_answer(*tasks[index].checks, answer))
        if (!result.passed) return false;
    return true;
}

}  // namespace llmc::interop::testing
