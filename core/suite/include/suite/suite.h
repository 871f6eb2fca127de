// Suites: prompts with checks, for one role (product.md section 8).
//
// Thread contract: plain values; load_suite() blocks on the disk.
// Invariants: a suite that was read is right: every placeholder has a value in every case, every check compiles with
// every case. A placeholder {{NAME}} is filled once, with the value as it stands in the case: texts as they are, other
// values as JSON; what a value holds is never filled again, and never breaks the JSON around it. In a schema, a text
// that is one placeholder and nothing else becomes the case's value itself, number or list.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "check/checks.h"
#include "session/candidate.h"
#include "session/session.h"
#include "suite/output.h"
#include "suite/script.h"

namespace llmc::suite {

inline constexpr std::string_view kSuiteFormat = "llm-compare-suite";  // what "format" says
inline constexpr std::size_t kMaxSuiteFile = std::size_t{16} << 20;    // bytes; of the file with its cases too
inline constexpr std::size_t kMaxFilledBytes = std::size_t{256}
                                               << 20;  // of all prompts and checks in all their cases, about
inline constexpr std::size_t kMaxTasks = 100'000;      // prompts x cases x repeats

enum class Context { fresh, continued };

struct SuitePrompt {
    std::string id;                         // "1", "2" … by its place where the file gives none
    std::string prompt;                     // with its placeholders; empty where its messages end with what is asked
    std::optional<base::Json> tools;        // a list that replaces the suite's
    base::OrderedJson response_format;      // an object, or null
    base::OrderedJson output;               // as it stands in the file, with its placeholders; null: none
    std::vector<base::OrderedJson> checks;  // as they stand in the file, with their placeholders
    std::vector<std::optional<check::Check>>
        fixed;                                   // beside each check: what it is in every case; none where that differs
    std::shared_ptr<const PromptScript> script;  // in every case; null where that differs
    std::optional<double> total_timeout_s;       // its own
    std::shared_ptr<const session::Overrides> settings;  // its own, laid over the suite's key by key; never null
    std::string category;                                // with its placeholders; empty: none
    session::Severity severity = session::Severity::critical;
};

struct Suite {
    std::string name;  // the file's name where it gives none
    std::string role;  // empty: none given, the suite counts under its name
    std::optional<std::string> system_prompt;
    session::Overrides settings;            // those that are sent, and no others
    std::optional<double> total_timeout_s;  // of each request
    int repeat = 1;
    Context context = Context::fresh;
    base::Json tools;               // a list, or null
    std::vector<base::Json> cases;  // objects; empty: every prompt runs once, without a case
    std::vector<SuitePrompt> prompts;
    base::OrderedJson source;           // the document with the cases of its file inlined: for suite_from_json()
    std::vector<std::string> warnings;  // "FILE:LINE: …": what is read and says nothing, for people
};

// What is sent to each candidate in one round.
struct Task {
    std::string prompt_id;
    std::string prompt;      // empty where the messages end with what is asked
    base::Json case_values;  // an object, or null
    int repeat = 1;
    // Shared by the tasks of a prompt and case.
    std::shared_ptr<const base::Json> tools;                       // a list, or null; the pointer never is
    std::shared_ptr<const base::OrderedJson> response_format;      // an object, or null; the pointer never is
    std::shared_ptr<const Output> output;                          // null: nothing of the kind is asked for
    std::shared_ptr<const std::vector<check::Check>> checks;       // never null
    std::shared_ptr<const Script> script;                          // never null
    std::shared_ptr<const std::vector<openai::Message>> messages;  // a prepared history before the prompt; never null
    std::optional<double> total_timeout_s;                         // of each request; none: the session's
    std::shared_ptr<const session::Overrides> settings;            // the prompt's own, over the suite's; never null
    base::Json tool_choice;                   // a word or an object as OpenAI has it; null: not sent
    std::optional<bool> parallel_tool_calls;  // none: not sent
    std::string category;
    session::Severity severity = session::Severity::critical;
};

// Reads a suite and its cases_file, which lies beside it. Errors name file, line and key: `not_found`, `io`, `limit`,
// `parse`.
Result<Suite> load_suite(const std::filesystem::path& path);

// The suite in session::SuiteRun::source, or in a form; `folder` is where a cases_file lies, refused where it is empty.
// Errors as above, with "suite" for the file and the line that the key has where the document is written indented.
Result<Suite> suite_from_json(const base::OrderedJson& source, const std::filesystem::path& folder = {});

// The cases in the text of a cases_file, as a suite holds them in "cases". Errors: `parse`, "FILE:LINE: what".
Result<base::OrderedJson> cases_from_csv(std::string_view text, std::string_view file);

// Whether that many repeats are allowed: from 1, and not more than kMaxTasks together. Errors: `usage`.
Result<void> check_repeat(const Suite& suite, std::int64_t repeat);

// Every prompt x case x repeat in the order of their rounds, placeholders filled. Fresh contexts: repeats of a case one
// after another. A continued one: each repeat is one conversation in which the prompts are gone through case by case.
// `repeat` was checked.
std::vector<Task> tasks(const Suite& suite, int repeat);

// The settings that a session of this suite starts with: what the suite sets beats `settings`. Where every prompt has a
// context of its own, a server finishes all prompts of one model before it swaps (Order::by_model).
session::Settings with_suite(session::Settings settings, const Suite& suite);

// `own` over `settings`, key by key: a prompt's over those that hold for its session.
session::Settings laid_over(session::Settings settings, const session::Overrides& own);

// What a session of this suite holds of it.
session::SuiteRun suite_run(const Suite& suite, int repeat);

}  // namespace llmc::suite
