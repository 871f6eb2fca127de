// The settings: one table, a row each, from which files, requests, reports, forms and options are made.
//
// To add one: a member in Sampling (a candidate may have its own, and unless its row says otherwise it is sent with each
// request under its key) or in Settings (what only the session has), and a row in settings.cpp.
//
// Thread contract: plain values and pure functions.
// Invariants: the order of the rows is their order in files, requests, reports and forms. A value travels as JSON; null
// is a setting that is not set: it is not sent, and the server decides.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace llmc::base {
class FieldReader;
}

namespace llmc::session {

enum class Order { swap_aware, rotate, listed, by_model };
std::string_view order_name(Order order);  // "swap-aware", …

enum class OnFailure { halt, keep_going };
std::string_view on_failure_name(OnFailure on_failure);  // "halt", "continue"

// What a model is asked with. What is empty is not sent.
struct Sampling {
    std::optional<double> temperature;
    std::optional<double> top_p;
    std::optional<std::int64_t> top_k;
    std::optional<double> min_p;
    std::optional<double> repeat_penalty;
    std::optional<double> presence_penalty;
    std::optional<double> frequency_penalty;
    std::optional<std::string> reasoning_effort;
    std::optional<std::int64_t> max_tokens;
    std::optional<std::int64_t> seed;
    std::optional<std::vector<std::string>> stop;
    std::optional<std::string> request_form;  // how a suite's demand is put (agents.md section 3); none: native
    bool operator==(const Sampling&) const = default;
};

// What a candidate may set for itself; empty fields follow the session.
struct Overrides : Sampling {
    std::optional<std::string> system_prompt;
    // Keys of those above that are left to the server, though the session may set them: null in the file.
    std::vector<std::string> not_sent;
    base::Json extra_body;  // an object, or null

    bool leaves(std::string_view key) const;  // to the server
    bool operator==(const Overrides&) const = default;
};

// What holds for all candidates.
struct Settings : Sampling {
    std::string system_prompt = "You are a helpful assistant.";
    double timeout_s = 300;
    double connect_timeout_s = 10;
    std::optional<double> total_timeout_s;
    Order order = Order::swap_aware;
    OnFailure on_failure = OnFailure::halt;

    Settings();
    bool operator==(const Settings&) const = default;
};

// The settings that one answer was sent with: the candidate's own over the session's.
struct AnswerSettings : Sampling {
    std::string system_prompt;
    double timeout_s = 300;
    base::Json extra_body;
    bool operator==(const AnswerSettings&) const = default;
};
AnswerSettings in_force(const Settings& settings, const Overrides& own);

// One of a few words that a setting may be.
struct Choice {
    const char* name;   // in files
    const char* title;  // in forms
    const char* help;
    int value = 0;  // of the enum, where the member is one
};

struct Setting {
    enum class Kind { real, whole, words, choice };  // words: a list of texts

    const char* key;    // "max_tokens": in files, and in requests
    const char* title;  // "Max tokens": in forms
    const char* words;  // "max tokens": in sentences
    const char* brief;  // "max": where there is little room
    const char* help;   // what it does
    std::variant<std::optional<double> Sampling::*, std::optional<std::int64_t> Sampling::*,
                 std::optional<std::string> Sampling::*, std::optional<std::vector<std::string>> Sampling::*,
                 double Settings::*, std::optional<double> Settings::*, Order Settings::*, OnFailure Settings::*>
        member;
    double lowest = 0, highest = 0;                // of a number
    double slider_lowest = 0, slider_highest = 0;  // of its slider; without one it stands among the advanced settings
    std::span<const Choice> choices = {};          // of a choice
    bool is_sent = true;                           // of one's own: in requests, under its key

    Kind kind() const;
    bool is_own() const;       // a candidate may have one of its own
    bool is_optional() const;  // it may be unset
    bool is_seconds() const;
    bool has_range() const { return lowest < highest; }
    bool has_slider() const { return slider_lowest < slider_highest; }
    std::string range() const;  // "0 to 2", "1 to 86400 seconds", "halt, continue"; empty where everything fits
};

std::span<const Setting> all_settings();
const Setting* find_setting(std::string_view key);

// null where it is not set; numbers as people write them, a whole number of seconds without ".0".
base::OrderedJson value_of(const Setting& setting, const Settings& settings);
base::OrderedJson value_of(const Setting& setting, const Sampling& own);  // null too for what only a session has

// Sets it, or unsets it with null. Errors: `usage`, "3 is out of range: 0 to 2", for what is not of its kind or out of
// range; nothing is changed then.
Result<void> set(const Setting& setting, const base::OrderedJson& value, Settings& settings);
Result<void> set(const Setting& setting, const base::OrderedJson& value, Sampling& own);

// A value as people read it: "0.7", "[\"END\"]"; `unset` for null.
std::string text_of(const base::OrderedJson& value, std::string_view unset);

// What of them is sent: an object with what is set.
base::OrderedJson request_fields(const Sampling& settings);
// What reports and session files say: every key is there.
base::OrderedJson settings_json(const Settings& settings);
base::OrderedJson settings_json(const AnswerSettings& settings);

// Reads the members that are there; all but the system prompt. Null unsets what is optional; of a candidate's, it is
// left to the server (`not_sent`), but for texts.
void read_settings(base::FieldReader& fields, Settings& settings);
void read_settings(base::FieldReader& fields, Overrides& own);

}  // namespace llmc::session
