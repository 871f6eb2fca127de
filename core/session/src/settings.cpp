#include "session/settings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "base/number_text.h"

namespace llmc::session {
namespace {

using base::FieldReader;
using base::Null;
using base::OrderedJson;

constexpr std::array kOrders{
    Choice{"swap-aware", "swap-aware", "A free server takes what it has loaded first.",
           static_cast<int>(Order::swap_aware)},
    Choice{"rotate", "rotate", "Another candidate begins in each round.", static_cast<int>(Order::rotate)},
    Choice{"listed", "listed", "As they are listed, whatever is loaded.", static_cast<int>(Order::listed)},
    Choice{"by-model", "by-model", "A server finishes all prompts of one model before it swaps.",
           static_cast<int>(Order::by_model)}};

constexpr std::array kOnFailures{
    Choice{"halt", "halt the session", "Nothing more is sent; a report is written.", static_cast<int>(OnFailure::halt)},
    Choice{"continue", "continue with the others", "A failed answer ends nobody else's.",
           static_cast<int>(OnFailure::keep_going)}};

constexpr std::array kEfforts{Choice{"none", "none", ""}, Choice{"minimal", "minimal", ""},
                              Choice{"low", "low", ""},   Choice{"medium", "medium", ""},
                              Choice{"high", "high", ""}, Choice{"xhigh", "xhigh", ""}};

constexpr std::array kForms{
    Choice{"native", "native", "response_format and tools, as the server has them"},
    Choice{"tool", "tool", "a schema as the parameters of one tool that has to be called"},
    Choice{"schema", "schema", "tools as a response_format that lists the actions"},
    Choice{"prompt", "prompt", "words at the end of the system prompt, for servers and models without either"}};

constexpr double kLongest = 86400;  // seconds

// key, title, words, brief, help, member, lowest, highest, lowest and highest of the slider, choices, whether it is sent
constexpr auto kSettings = std::to_array<Setting>({
    {"temperature", "Temperature", "temperature", "T", "How freely words are chosen", &Sampling::temperature, 0, 2, 0,
     2},
    {"top_p", "top_p", "top_p", "top_p", "Only the likeliest words that together have this probability",
     &Sampling::top_p, 0, 1},
    {"top_k", "top_k", "top_k", "top_k", "Only so many of the likeliest words", &Sampling::top_k, -1, 1'000'000},
    {"min_p", "min_p", "min_p", "min_p", "Only words with this share of the likeliest one's probability",
     &Sampling::min_p, 0, 1},
    {"repeat_penalty", "Repeat", "repeat penalty", "repeat",
     "Repeat penalty: above 1, words that were there become less likely", &Sampling::repeat_penalty, 0, 2},
    {"presence_penalty", "Presence", "presence penalty", "presence",
     "Presence penalty: above 0, words that were there become less likely", &Sampling::presence_penalty, -2, 2},
    {"frequency_penalty", "Frequency", "frequency penalty", "frequency",
     "Frequency penalty: above 0, words become less likely each time they come", &Sampling::frequency_penalty, -2, 2},
    {"reasoning_effort", "Reasoning", "reasoning effort", "effort",
     "Reasoning effort: how long a reasoning model thinks", &Sampling::reasoning_effort, 0, 0, 0, 0, kEfforts},
    {"max_tokens", "Max tokens", "max tokens", "max", "The longest answer", &Sampling::max_tokens, 1, 1'000'000, 256,
     8192},
    {"seed", "Seed", "seed", "seed", "A whole number: the same one gives the same choices, where the server can",
     &Sampling::seed},
    {"stop", "Stop", "stop", "stop", "Texts where an answer ends", &Sampling::stop},
    {"request_form", "Form", "request form", "form",
     "Request form: how a suite's \"output\" or tools are asked for, where the suite leaves it open",
     &Sampling::request_form, 0, 0, 0, 0, kForms, false},
    {"timeout_seconds", "Timeout", "timeout (s)", "timeout",
     "The longest wait without a token: before the first one, and between two", &Settings::timeout_s, 1, kLongest, 30,
     600},
    {"connect_timeout_seconds", "Connect (s)", "connect timeout (s)", "connect", "The longest wait for a connection",
     &Settings::connect_timeout_s, 1, kLongest},
    {"total_timeout_seconds", "Total (s)", "total timeout (s)", "total", "The longest time for a whole answer",
     &Settings::total_timeout_s, 1, kLongest},
    {"order", "Order", "order", "order", "Who is asked first", &Settings::order, 0, 0, 0, 0, kOrders},
    {"on_failure", "On failure", "on failure", "on failure", "What a failed answer does to the session",
     &Settings::on_failure, 0, 0, 0, 0, kOnFailures},
});

template <class Member>
constexpr bool kIsOwn = false;
template <class T>
constexpr bool kIsOwn<T Sampling::*> = true;

template <class Enum>
std::string_view name_in(std::span<const Choice> choices, Enum value) {
    const auto found = std::ranges::find(choices, static_cast<int>(value), &Choice::value);
    return found == choices.end() ? "" : found->name;
}

const Choice* choice_of(const Setting& setting, std::string_view name) {
    const auto found = std::ranges::find_if(setting.choices, [&](const Choice& one) { return name == one.name; });
    return found == setting.choices.end() ? nullptr : &*found;
}

// A whole number of seconds without ".0".
OrderedJson seconds_json(double seconds) {
    if (std::trunc(seconds) == seconds && std::abs(seconds) < 1e15) return static_cast<std::int64_t>(seconds);
    return base::tidy(seconds);
}

OrderedJson json_of(const std::optional<double>& value, const Setting& setting) {
    if (!value) return nullptr;
    return setting.is_seconds() ? seconds_json(*value) : OrderedJson(base::tidy(*value));
}
template <class T>
OrderedJson json_of(const std::optional<T>& value, const Setting&) {
    return value ? OrderedJson(*value) : OrderedJson();
}
template <class Enum>
OrderedJson json_of(Enum value, const Setting& setting) requires std::is_enum_v<Enum> {
    return name_in(setting.choices, value);
}

Error wrong(std::string message) {
    return {ErrorKind::usage, std::move(message)};
}

// Whether `value` is of the setting's kind and in its range. Written so that a NaN is out of every range.
Result<void> check(const Setting& setting, const OrderedJson& value) {
    if (value.is_null()) return setting.is_optional() ? Result<void>() : wrong("must not be empty");
    switch (setting.kind()) {
        case Setting::Kind::choice: {
            const auto name = value.is_string() ? value.get<std::string>() : std::string();
            if (choice_of(setting, name)) return {};
            return wrong(fmt::format("\"{}\" is unknown; possible are {}", name, setting.range()));
        }
        case Setting::Kind::words: {
            const bool is_list =
                value.is_array() && std::ranges::all_of(value, [](const auto& one) { return one.is_string(); });
            return is_list ? Result<void>() : wrong("must be a list of texts");
        }
        case Setting::Kind::whole:
            if (!value.is_number_integer()) return wrong("must be a whole number");
            break;
        case Setting::Kind::real:
            if (!value.is_number()) return wrong("must be a number");
    }
    const auto number = value.get<double>();
    if (!setting.has_range() || (number >= setting.lowest && number <= setting.highest)) return {};
    return wrong(fmt::format("{} is out of range: {}", text_of(value, ""), setting.range()));
}

// `value` was checked.
template <class T>
void take(const OrderedJson& value, const Setting& setting, T& into) {
    if constexpr (std::is_enum_v<T>)
        into = static_cast<T>(choice_of(setting, value.get_ref<const std::string&>())->value);
    else if constexpr (std::is_same_v<T, double>)
        into = value.get<double>();
    else if (value.is_null())
        into.reset();
    else
        into = value.get<typename T::value_type>();
}

// The member of that key as a value of its kind; nothing where it is absent, or wrong, which the reader tells.
std::optional<OrderedJson> read(FieldReader& fields, const Setting& setting) {
    const auto given = [](auto&& value) { return value ? std::optional<OrderedJson>(*value) : std::nullopt; };
    if (setting.is_optional() && fields.is_null(setting.key)) return OrderedJson();
    switch (setting.kind()) {
        case Setting::Kind::real: return given(fields.number(setting.key));
        case Setting::Kind::whole: return given(fields.integer(setting.key));
        case Setting::Kind::words: return given(fields.texts(setting.key));
        case Setting::Kind::choice: return given(fields.text(setting.key));
    }
    return std::nullopt;
}

}  // namespace

std::string_view order_name(Order order) {
    return name_in(kOrders, order);
}

std::string_view on_failure_name(OnFailure on_failure) {
    return name_in(kOnFailures, on_failure);
}

bool Overrides::leaves(std::string_view key) const {
    return std::ranges::find(not_sent, key) != not_sent.end();
}

Settings::Settings() {
    temperature = 0.7;
    max_tokens = 2048;
}

Setting::Kind Setting::kind() const {
    if (!choices.empty()) return Kind::choice;
    if (std::holds_alternative<std::optional<std::int64_t> Sampling::*>(member)) return Kind::whole;
    if (std::holds_alternative<std::optional<std::vector<std::string>> Sampling::*>(member)) return Kind::words;
    return Kind::real;
}

bool Setting::is_own() const {
    return std::visit([](auto where) { return kIsOwn<decltype(where)>; }, member);
}

bool Setting::is_optional() const {
    return is_own() || std::holds_alternative<std::optional<double> Settings::*>(member);
}

bool Setting::is_seconds() const {
    return !is_own() && kind() == Kind::real;
}

std::string Setting::range() const {
    std::string text;
    for (const Choice& choice : choices) text += fmt::format("{}{}", text.empty() ? "" : ", ", choice.name);
    if (has_range())
        text = fmt::format("{} to {}{}", base::plain_number(lowest), base::plain_number(highest),
                           is_seconds() ? " seconds" : "");
    return text;
}

std::span<const Setting> all_settings() {
    return kSettings;
}

const Setting* find_setting(std::string_view key) {
    const auto found = std::ranges::find_if(kSettings, [&](const Setting& one) { return key == one.key; });
    return found == kSettings.end() ? nullptr : &*found;
}

OrderedJson value_of(const Setting& setting, const Settings& settings) {
    return std::visit([&](auto where) { return json_of(settings.*where, setting); }, setting.member);
}

OrderedJson value_of(const Setting& setting, const Sampling& own) {
    return std::visit(
        [&](auto where) {
            if constexpr (kIsOwn<decltype(where)>)
                return json_of(own.*where, setting);
            else
                return OrderedJson();
        },
        setting.member);
}

Result<void> set(const Setting& setting, const OrderedJson& value, Settings& settings) {
    if (auto ok = check(setting, value); !ok) return ok;
    std::visit([&](auto where) { take(value, setting, settings.*where); }, setting.member);
    if (settings.stop && settings.stop->empty()) settings.stop.reset();  // nothing stands behind it that it would beat
    return {};
}

Result<void> set(const Setting& setting, const OrderedJson& value, Sampling& own) {
    if (!setting.is_own()) return wrong("is the session's, and no candidate's");
    if (auto ok = check(setting, value); !ok) return ok;
    std::visit(
        [&](auto where) {
            if constexpr (kIsOwn<decltype(where)>) take(value, setting, own.*where);
        },
        setting.member);
    return {};
}

std::string text_of(const OrderedJson& value, std::string_view unset) {
    if (value.is_null()) return std::string(unset);
    if (value.is_string()) return value.get<std::string>();
    return value.is_number_float() ? base::plain_number(value.get<double>()) : base::dump_json(value);
}

AnswerSettings in_force(const Settings& settings, const Overrides& own) {
    AnswerSettings result;
    for (const Setting& setting : kSettings)
        std::visit(
            [&](auto where) {
                if constexpr (kIsOwn<decltype(where)>)
                    result.*where = own.*where || own.leaves(setting.key) ? own.*where : settings.*where;
            },
            setting.member);
    if (result.stop && result.stop->empty()) result.stop.reset();
    result.system_prompt = own.system_prompt.value_or(settings.system_prompt);
    result.timeout_s = settings.timeout_s;
    result.extra_body = own.extra_body;
    return result;
}

OrderedJson request_fields(const Sampling& settings) {
    OrderedJson fields = OrderedJson::object();
    for (const Setting& setting : kSettings)
        if (OrderedJson value = value_of(setting, settings); setting.is_sent && !value.is_null())
            fields[setting.key] = std::move(value);
    return fields;
}

OrderedJson settings_json(const Settings& settings) {
    OrderedJson json;
    for (const Setting& setting : kSettings) json[setting.key] = value_of(setting, settings);
    if (json["stop"].is_null()) json["stop"] = OrderedJson::array();
    json["system_prompt"] = settings.system_prompt;
    return json;
}

OrderedJson settings_json(const AnswerSettings& settings) {
    OrderedJson json;
    for (const Setting& setting : kSettings)
        if (setting.is_own()) json[setting.key] = value_of(setting, settings);
    if (json["stop"].is_null()) json["stop"] = OrderedJson::array();
    json["system_prompt"] = settings.system_prompt;
    json["timeout_seconds"] = seconds_json(settings.timeout_s);
    json["extra_body"] = OrderedJson(settings.extra_body);
    return json;
}

void read_settings(FieldReader& fields, Settings& settings) {
    for (const Setting& setting : kSettings)
        if (const auto value = read(fields, setting))
            if (auto ok = set(setting, *value, settings); !ok) fields.fail(setting.key, ok.error().message);
}

void read_settings(FieldReader& fields, Overrides& own) {
    for (const Setting& setting : kSettings) {
        if (!setting.is_own()) continue;
        const auto value = read(fields, setting);
        if (!value) continue;
        // Texts are left out by an empty list.
        if (value->is_null() && setting.kind() != Setting::Kind::words) own.not_sent.emplace_back(setting.key);
        if (auto ok = set(setting, *value, own); !ok) fields.fail(setting.key, ok.error().message);
    }
}

}  // namespace llmc::session
