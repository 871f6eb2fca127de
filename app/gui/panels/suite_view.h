// What the Suites window remembers between frames.
//
// Thread contract: main thread. Jobs in the background have copies, and leave what they made in `model`, `run_suite`
// and `form` before a frame.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/suite_decision.h"
#include "gui/panels/suite_form.h"
#include "gui/panels/suite_grid.h"
#include "gui/panels/suite_import.h"
#include "gui/panels/suite_model.h"
#include "gui/panels/suite_text.h"
#include "suite/suite.h"

namespace llmc::gui {

struct SuiteView {
    enum class Page { results, opened, form };
    Page page = Page::opened;
    Page before_form = Page::opened;  // where Cancel leads

    // The suite that was opened, to be run.
    std::shared_ptr<const suite::Suite> suite;
    std::filesystem::path path;  // empty: it is in no file of the user's
    int repeat = 1;
    std::string repeat_text, repeat_trouble;
    bool is_saved = true;
    // Other programs' files that it came from; null: from none.
    std::shared_ptr<const ImportedSuites> imported;
    int imported_choice = 0;
    bool lists_not_taken = false;

    // The session's suite.
    std::shared_ptr<const session::SuiteRun> run;
    std::shared_ptr<const suite::Suite> run_suite;  // null until it was read again, and where it cannot be
    std::string run_trouble;
    std::shared_ptr<const SuiteModel> model;
    // Whether the session's suite is the one that was opened; documents are compared once.
    const void *compared_suite = nullptr, *compared_run = nullptr;
    bool is_opened_run = false;
    std::string run_words, model_words;  // beside the name and the filters, made once
    std::shared_ptr<const SuiteModel> words_of;
    bool is_deriving = false;
    bool has_ended = false;  // the suite, as of `stamp`
    std::uint64_t seen_revision = 0;
    SuiteStamp stamp;  // of the session now

    // What is shown of the results.
    enum class Shows { grid, decision, checks, failures, categories };
    Shows shows = Shows::grid;
    GridView grid;
    SuiteDecision decision;
    int looked_at = -1;  // the frame in which results were last seen before the suite's end
    std::size_t first_column = 0;
    struct Choice {
        session::CandidateId candidate;
        std::string prompt;        // a column's id
        std::optional<int> round;  // a number; none: the first that failed
        std::optional<std::size_t> check;
        bool operator==(const Choice&) const = default;
    };
    std::optional<Choice> chosen;
    MarkedText text;
    std::vector<std::string> check_texts;  // of the chosen prompt, in words
    std::string check_texts_of;

    SuiteForm form;
    std::vector<std::string> prompt_lines;  // of `suite`, for its list: "3 checks"
    const suite::Suite* prompt_lines_of = nullptr;
};

// Everything a part needs, for one frame.
struct SuiteParts {
    const FrameView& frame;
    SuiteView& view;
    Commands& commands;
};

void draw_suite_results(SuiteParts& parts);
void draw_suite_categories(const FrameView& frame, const SuiteModel& model);
void draw_suite_grid(SuiteParts& parts, ImVec2 size);
void draw_suite_table(SuiteParts& parts, ImVec2 size);
void draw_suite_details(SuiteParts& parts, ImVec2 size);
void draw_suite_form(SuiteParts& parts);

// The name, and quiet words beside it.
void draw_suite_title(const FrameView& frame, std::string_view name, std::string_view about);
void draw_suite_repeats(SuiteParts& parts, const suite::Suite* suite);              // the field; `suite` may be null
void draw_other_suites(SuiteParts& parts);                                          // buttons for them
std::string_view why_not_run_suite(const FrameView& frame, const SuiteView& view);  // empty: it can be run

void edit_suite(SuiteView& view, const base::OrderedJson& source, std::filesystem::path path, int prompt = -1);
// Asks where, then writes it and takes it; at once where `path` is known.
void save_suite(SuiteParts& parts, std::shared_ptr<const suite::Suite> suite, std::filesystem::path path);

// The next button stands beside the last one while it fits.
void flow(const FrameView& frame, float width);
float button_width(const FrameView& frame, std::string_view label);

}  // namespace llmc::gui
