// A suite while it is being written: its JSON document is the form's only state, so that whatever the form does not
// show is kept as it is.
//
// Thread contract: plain values and functions; check_form() is pure and takes long for large suites: off the window's
// thread. Invariants: a change through these functions keeps the document an object with a list of prompts; what was
// typed and is no number or no JSON yet stands in it as text, which the suite's reader then refuses with the key's
// name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "suite/suite.h"

namespace llmc::gui {

enum class Among { value, all, any };  // "value", "values", "any"

base::OrderedJson new_suite();  // with one prompt and one check
// Keys in the order of the format's description, for people who read the file.
base::OrderedJson in_reading_order(const base::OrderedJson& suite);
// Makes what an editor relies on: an object, with a list of objects as prompts.
base::OrderedJson editable(base::OrderedJson suite);

std::size_t prompt_count(const base::OrderedJson& suite);
base::OrderedJson& prompt_at(base::OrderedJson& suite, std::size_t index);  // the index is a prompt's
std::size_t add_prompt(base::OrderedJson& suite, std::size_t after);        // gives its index; its id is a new one
std::size_t copy_prompt(base::OrderedJson& suite, std::size_t index);
void remove_prompt(base::OrderedJson& suite, std::size_t index);  // the last one stays
std::size_t move_prompt(base::OrderedJson& suite, std::size_t index, int step);

std::size_t check_count(const base::OrderedJson& prompt);
void add_check(base::OrderedJson& prompt);
void remove_check(base::OrderedJson& prompt, std::size_t index);
const check::CheckKind& kind_of(const base::OrderedJson& check);        // contains where it is none
void set_kind(base::OrderedJson& check, const check::CheckKind& kind);  // what the new kind has too is kept
Among among_of(const base::OrderedJson& check);
std::vector<std::string> texts_of(const base::OrderedJson& check);
void set_texts(base::OrderedJson& check, Among among, std::vector<std::string> texts);

// A member as a field shows it: texts as they are, anything else as JSON; empty where it is missing.
std::string shown_member(const base::OrderedJson& object, std::string_view key);
void set_text(base::OrderedJson& object, std::string_view key, std::string_view text);  // empty: taken out
void set_number(base::OrderedJson& object, std::string_view key, std::string_view text);
void set_json(base::OrderedJson& object, std::string_view key, std::string_view text);
bool flag_of(const base::OrderedJson& object, std::string_view key);
void set_flag(base::OrderedJson& object, std::string_view key, bool is_on);  // off: taken out

// "contains “Paris”, any case"; for lists of checks.
std::string check_words(const base::OrderedJson& check);

// What the reader of suites says of the document.
struct FormVerdict {
    std::shared_ptr<const suite::Suite> suite;  // null where something is wrong
    std::string trouble;
};
FormVerdict check_form(const base::OrderedJson& suite);

struct SuiteForm {
    base::OrderedJson document;
    std::filesystem::path path;  // of the file that it came from
    std::uint64_t revision = 1;  // grows with every change
    std::uint64_t checked = 0;   // the revision that the verdict is of
    bool is_checking = false;
    bool is_changed = false;  // since it was opened or saved
    FormVerdict verdict;
    int chosen = -1;  // a prompt; -1: what is about the whole suite
    bool asks_to_discard = false;

    void begin(base::OrderedJson suite, std::filesystem::path from);
    void touch() { ++revision, is_changed = true; }
    bool is_right() const { return checked == revision && verdict.suite; }
};

}  // namespace llmc::gui
