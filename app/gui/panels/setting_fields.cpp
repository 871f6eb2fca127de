#include "gui/panels/setting_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <fmt/format.h>

#include "base/ascii.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;
using session::Setting;
using SetValue = std::function<Result<void>(const OrderedJson& value)>;

// The program's own, where nothing is set.
const session::Settings& usual_settings() {
    static const session::Settings usual;
    return usual;
}

const char* unset_words(const Setting& setting) {
    if (!setting.is_sent) return session::kUsualForm.data();
    return setting.is_own() ? "the server's own" : "no limit";
}

// "Only so many of the likeliest words; -1 to 1000000"
void help(const FrameView& frame, const Setting& setting) {
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
    std::string words = setting.help;
    if (setting.has_range()) words += "; " + setting.range();
    if (setting.is_optional() && setting.has_slider()) words += ". Empty: the server's own";
    tooltip(frame, words);
}

template <class T>
OrderedJson number_in(std::string_view text) {
    T number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? OrderedJson(number) : OrderedJson(text);
}

// The number that was typed; an empty text is no value of its own. Errors: what may be typed.
Result<void> set_number(const Setting& setting, std::string_view text, const SetValue& set) {
    text = base::trim(text);
    const bool is_whole = setting.kind() == Setting::Kind::whole;
    const OrderedJson value = text.empty() ? OrderedJson()
                              : is_whole   ? number_in<std::int64_t>(text)
                                           : number_in<double>(text);
    if (set(value)) return {};
    return Error{ErrorKind::usage, fmt::format("A {}number{}{}.", is_whole ? "whole " : "",
                                               setting.has_range() ? " from " : "", setting.range())};
}

void number_field(const FrameView& frame, FieldTexts& texts, const Setting& setting, const OrderedJson& value,
                  const std::string& hint, const SetValue& set) {
    parsed_field(frame, texts, setting.title, session::text_of(value, ""), hint.c_str(),
                 [&](const std::string& text) { return set_number(setting, text, set); });
    help(frame, setting);
}

// Which of its choices it is; -1: none, it is unset. For the session's settings, without a JSON value in every frame.
int chosen_of(const Setting& setting, const session::Settings& settings) {
    const auto index = [&](const auto& fits) {
        const auto found = std::ranges::find_if(setting.choices, fits);
        return found == setting.choices.end() ? -1 : static_cast<int>(found - setting.choices.begin());
    };
    if (const auto* order = std::get_if<session::Order session::Settings::*>(&setting.member))
        return index([&](const session::Choice& one) { return one.value == static_cast<int>(settings.**order); });
    if (const auto* failure = std::get_if<session::OnFailure session::Settings::*>(&setting.member))
        return index([&](const session::Choice& one) { return one.value == static_cast<int>(settings.**failure); });
    if (const auto* text = std::get_if<std::optional<std::string> session::Sampling::*>(&setting.member))
        return index([&](const session::Choice& one) { return settings.**text == one.name; });
    return -1;
}

int chosen_of(const Setting& setting, const OrderedJson& value) {
    const auto found = std::ranges::find_if(setting.choices, [&](const auto& one) { return value == one.name; });
    return found == setting.choices.end() ? -1 : static_cast<int>(found - setting.choices.begin());
}

void choice_field(const FrameView& frame, const Setting& setting, int now, const char* unset, const SetValue& set) {
    constexpr std::size_t kMostChoices = 15;
    std::array<const char*, kMostChoices + 1> names{};
    std::size_t count = 0;
    if (setting.is_optional()) names[count++] = unset;
    const auto first = static_cast<int>(count);
    for (const session::Choice& one : setting.choices.first(std::min(setting.choices.size(), kMostChoices)))
        names[count++] = one.title;
    int current = now >= 0 ? now + first : setting.is_optional() ? 0 : -1;
    const bool is_changed = choice(frame, setting.title, std::span(names).first(count), current);
    const session::Choice* chosen =
        current >= first ? &setting.choices[static_cast<std::size_t>(current - first)] : nullptr;
    if (is_changed) (void)set(chosen ? OrderedJson(chosen->name) : OrderedJson());
    if (chosen && *chosen->help != '\0')
        tooltip(frame, chosen->help);
    else
        help(frame, setting);
}

void texts_field(const FrameView& frame, FieldTexts& texts, const Setting& setting, const OrderedJson& value,
                 const SetValue& set) {
    std::vector<std::string> list;
    if (value.is_array()) list = value.get<std::vector<std::string>>();
    if (stop_field(frame, texts, fmt::format("{}, one a line", setting.title).c_str(), list)) (void)set(list);
}

void slider_field(const FrameView& frame, const Setting& setting, const OrderedJson& value, const SetValue& set) {
    const OrderedJson usual = session::value_of(setting, usual_settings());
    const SliderRange range{.min = setting.slider_lowest,
                            .max = setting.slider_highest,
                            .hard_min = setting.lowest,
                            .hard_max = setting.highest,
                            .format = setting.is_seconds()                    ? "%.0f s"
                                      : setting.kind() == Setting::Kind::real ? "%.2f"
                                                                              : "%.0f"};
    std::optional<double> number;
    if (!value.is_null()) number = value.get<double>();
    const char* unset = setting.is_optional() ? unset_words(setting) : nullptr;
    if (slider(frame, setting.title, number, usual.get<double>(), unset, range)) {
        if (!number)
            (void)set(nullptr);
        else if (setting.kind() == Setting::Kind::whole)
            (void)set(static_cast<std::int64_t>(*number));
        else
            (void)set(*number);
    }
    help(frame, setting);
}

}  // namespace

void setting_field(const FrameView& frame, FieldTexts& texts, const Setting& setting, session::Settings& settings) {
    const SetValue set = [&](const OrderedJson& wanted) {
        const bool is_usual = wanted.is_null() && !setting.is_optional();
        return session::set(setting, is_usual ? session::value_of(setting, usual_settings()) : wanted, settings);
    };
    if (setting.kind() == Setting::Kind::choice)
        return choice_field(frame, setting, chosen_of(setting, settings), unset_words(setting), set);
    const OrderedJson value = session::value_of(setting, settings);
    if (setting.has_slider()) return slider_field(frame, setting, value, set);
    const std::string unset = setting.is_optional()
                                  ? unset_words(setting)
                                  : session::text_of(session::value_of(setting, usual_settings()), "");
    switch (setting.kind()) {
        case Setting::Kind::choice: break;
        case Setting::Kind::words: return texts_field(frame, texts, setting, value, set);
        case Setting::Kind::real:
        case Setting::Kind::whole: return number_field(frame, texts, setting, value, unset, set);
    }
}

void own_setting_field(const FrameView& frame, FieldTexts& texts, const Setting& setting, session::Overrides& own,
                       const session::Settings& common) {
    const OrderedJson value = session::value_of(setting, own), for_all = session::value_of(setting, common);
    const bool is_left = own.leaves(setting.key);
    const SetValue set = [&](const OrderedJson& wanted) { return session::set(setting, wanted, own); };
    if (setting.kind() == Setting::Kind::words) {
        bool has_own = !value.is_null();
        if (checkbox(frame, fmt::format("Own {} texts", setting.words).c_str(), has_own))
            (void)set(!has_own ? OrderedJson() : for_all.is_null() ? OrderedJson::array() : for_all);
        if (has_own && !value.is_null()) texts_field(frame, texts, setting, value, set);
        return;
    }
    const std::string unset =
        for_all.is_null() || is_left ? unset_words(setting) : session::text_of(for_all, "") + ", as all";
    if (setting.kind() == Setting::Kind::choice)
        choice_field(frame, setting, chosen_of(setting, value), unset.c_str(), set);
    else
        number_field(frame, texts, setting, value, unset, set);
    if (for_all.is_null() || !value.is_null()) return;
    ImGui::PushID(setting.key);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + label_column(frame));  // below the field
    if (link_button(frame, is_left ? "As all" : "Leave it to the server")) {
        if (is_left)
            std::erase(own.not_sent, setting.key);
        else
            own.not_sent.emplace_back(setting.key);
    }
    ImGui::PopID();
}

}  // namespace llmc::gui
