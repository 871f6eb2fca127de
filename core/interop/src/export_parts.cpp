#include "export_parts.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"

namespace llmc::interop {
namespace {

constexpr std::size_t kRunnersUpTold = 3;

std::string who(const ExportedModel& model) {
    const std::string where = model.server ? " on " + model.server->label() : std::string();
    if (model.label == model.model) return model.label + where;
    return fmt::format("{} ({}{})", model.label, model.model, where);
}

// What a reader of the file should know beside the evidence.
std::vector<std::string> remarks(const ExportedRole& role, std::span<const std::string_view> known) {
    std::vector<std::string> remarks;
    if (const std::string others = other_settings(role.cast, known); !others.empty())
        remarks.push_back("not taken over: " + others);
    for (const std::string& finding : role.findings) remarks.push_back("attention: " + finding);
    return remarks;
}

}  // namespace

std::string slug(std::string_view text, std::string_view fallback) {
    std::string out;
    for (const char c : text) {
        if (base::is_letter_or_digit(c))
            out += base::to_lower(c);
        else if (!out.empty() && out.back() != '_')
            out += '_';
    }
    while (out.ends_with('_')) out.pop_back();
    return out.empty() ? std::string(fallback) : out;
}

std::string variable_slug(std::string_view text, std::string_view fallback, std::string_view before_digit) {
    std::string name = slug(text, fallback);
    for (char& c : name)
        if (base::is_letter(c)) c = static_cast<char>(c - 'a' + 'A');
    return base::is_digit(name.front()) ? std::string(before_digit) + name : name;
}

std::string unique_name(const std::string& name, std::vector<std::string>& taken) {
    std::string unique = name;
    for (int number = 2; std::find(taken.begin(), taken.end(), unique) != taken.end(); ++number)
        unique = fmt::format("{}_{}", name, number);
    taken.push_back(unique);
    return unique;
}

std::string base_url(const ExportedModel& model) {
    return model.server ? model.server->url.origin() + model.server->url.openai_path("") : std::string();
}

std::string quotable_url(std::string url) {
    std::string out;
    for (const char c : url) {
        if (std::string_view("\"'\\$`,").find(c) != std::string_view::npos)
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out;
}

base::OrderedJson known_settings(const ExportedModel& model, std::span<const std::string_view> known) {
    base::OrderedJson settings = base::OrderedJson::object();
    for (const std::string_view key : known)
        if (const session::Setting* setting = session::find_setting(key))
            if (auto value = session::value_of(*setting, model.settings); !value.is_null())
                settings[std::string(key)] = std::move(value);
    return settings;
}

std::string other_settings(const ExportedModel& model, std::span<const std::string_view> known) {
    std::vector<std::string> others;
    for (const session::Setting& setting : session::all_settings()) {
        if (!setting.is_own() || std::find(known.begin(), known.end(), setting.key) != known.end()) continue;
        if (const auto value = session::value_of(setting, model.settings); !value.is_null())
            others.push_back(fmt::format("{} {}", setting.key, session::text_of(value, "")));
    }
    if (model.settings.extra_body.is_object())
        for (const auto& [key, value] : model.settings.extra_body.items())
            others.push_back(fmt::format("{} (extra_body)", key));
    return fmt::format("{}", fmt::join(others, ", "));
}

std::vector<std::string> role_comments(const ExportedRole& role, std::span<const std::string_view> known) {
    std::vector<std::string> comments{fmt::format("{}, {}: {}", who(role.cast), role.picked_by, role.cast.evidence)};
    if (!role.note.empty()) comments.push_back("note: " + role.note);
    comments.push_back("why the proposal: " + role.reason);
    for (std::size_t i = 0; i < role.runners_up.size() && i < kRunnersUpTold; ++i)
        comments.push_back(fmt::format("runner-up: {}: {}", who(role.runners_up[i]), role.runners_up[i].evidence));
    if (role.runners_up.size() > kRunnersUpTold)
        comments.push_back(fmt::format("and {} more", role.runners_up.size() - kRunnersUpTold));
    if (role.cast.request_form && *role.cast.request_form != session::kUsualForm)
        comments.push_back(fmt::format("by its probe the request form that works best is {}", *role.cast.request_form));
    for (std::string& remark : remarks(role, known)) comments.push_back(std::move(remark));
    return comments;
}

void add_notes(const ExportedRole& role, std::span<const std::string_view> known, std::vector<std::string>& notes) {
    for (const std::string& remark : remarks(role, known)) notes.push_back(fmt::format("{}: {}", role.name, remark));
}

}  // namespace llmc::interop
