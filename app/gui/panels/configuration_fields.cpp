#include "gui/panels/configuration_fields.h"

#include <charconv>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "base/ascii.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

Result<void> set_number(std::string_view text, std::optional<std::int64_t>& value, std::int64_t min, std::int64_t max) {
    text = base::trim(text);
    if (text.empty()) {
        value.reset();
        return {};
    }
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number < min || number > max)
        return Error{ErrorKind::usage, fmt::format("A number from {} to {}.", min, max)};
    value = number;
    return {};
}

std::string what_holds(const std::string& value) {
    constexpr std::size_t kShort = 40;
    if (value.empty()) return "Until then it stays empty.";
    if (value.size() > kShort || value.find('\n') != std::string::npos) return "Until then what was set before holds.";
    return fmt::format("Until then {} holds.", value);
}

std::string one_a_line(const std::vector<std::string>& texts) {
    std::string lines;
    for (const std::string& text : texts) {
        if (!lines.empty()) lines += '\n';
        for (const char c : text) lines += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return lines;
}

std::vector<std::string> from_lines(std::string_view lines) {
    std::vector<std::string> texts;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        std::string text(lines.substr(0, end));
        for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;) text.replace(at++, 2, "\n");
        if (!text.empty()) texts.push_back(std::move(text));
        if (end == std::string_view::npos) break;
        lines.remove_prefix(end + 1);
    }
    return texts;
}

}  // namespace

void FieldTexts::begin_frame() {
    ++frame_;
    std::erase_if(fields_, [this](const auto& entry) { return entry.second.last_frame < frame_ - 1; });
}

bool FieldTexts::has_errors() const {
    for (const auto& [id, field] : fields_)
        if (!field.error.empty()) return true;
    return false;
}

FieldTexts::Field& FieldTexts::at(ImGuiID id, const std::string& value) {
    const auto [place, is_new] = fields_.try_emplace(id);
    Field& field = place->second;
    field.last_frame = frame_;
    if (std::exchange(field.takes_value, false)) {
        field.value = value;  // what was typed means this; the text stays as it was typed
        if (is_new) field.text = value;
    } else if (field.value != value) {
        field = {.text = value, .value = value, .start = {}, .error = {}, .takes_value = false, .last_frame = frame_};
    }
    return field;
}

bool parsed_field(const FrameView& frame, FieldTexts& texts, const char* label, const std::string& value,
                  const char* hint, const Apply& apply, int lines, ImGuiInputTextFlags flags) {
    FieldTexts::Field& field = texts.at(ImGui::GetID(label), value);
    bool is_edited = false;
    if (lines > 1) {
        draw_text(frame, label, {.size = frame.theme.text.row});
        ImGui::PushID(label);
        is_edited = code_field(frame, "##text", field.text, lines, flags);
        ImGui::PopID();
    } else {
        is_edited = text_field(frame, label, field.text, hint, flags);
    }
    if (is_edited) {
        const Result<void> outcome = apply(field.text);
        field.error = outcome ? std::string{} : fmt::format("{} {}", outcome.error().message, what_holds(field.start));
        if (!outcome) (void)apply(field.start);
        field.takes_value = true;
    } else if (!ImGui::IsItemActive()) {
        field.start = value;
    }
    if (!field.error.empty()) note(frame, field.error, Role::bad);
    return is_edited;
}

bool optional_field(const FrameView& frame, FieldTexts& texts, const char* label, std::optional<std::int64_t>& value,
                    const char* hint, std::int64_t min, std::int64_t max) {
    return parsed_field(frame, texts, label, value ? fmt::format("{}", *value) : std::string(), hint,
                        [&](const std::string& text) { return set_number(text, value, min, max); });
}

bool stop_field(const FrameView& frame, FieldTexts& texts, const char* label, std::vector<std::string>& value) {
    return parsed_field(
        frame, texts, label, one_a_line(value), "",
        [&](const std::string& text) {
            value = from_lines(text);
            return Result<void>{};
        },
        2);
}

bool choice(const FrameView& frame, const char* label, std::span<const char* const> names, int& current) {
    ImGui::PushID(label);
    const float column = label_column(frame), gap = frame.theme.px(6);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    paint_text(frame, {at.x, at.y + ImGui::GetStyle().FramePadding.y}, label, {.size = frame.theme.text.row},
               column - gap);
    ImGui::Dummy({column - gap, ImGui::GetFrameHeight()});
    ImGui::SameLine(0, gap);
    ImGui::SetNextItemWidth(-FLT_MIN);
    bool is_changed = false;
    const bool is_valid = current >= 0 && current < static_cast<int>(names.size());
    if (ImGui::BeginCombo("##choice", is_valid ? names[static_cast<std::size_t>(current)] : "")) {
        for (int i = 0; i < static_cast<int>(names.size()); ++i) {
            ImGui::PushID(i);
            if (ImGui::Selectable("##one", i == current) && i != current) {
                current = i;
                is_changed = true;
            }
            if (i == current) ImGui::SetItemDefaultFocus();
            ImGui::SameLine(0, 0);
            ImGui::TextUnformatted(names[static_cast<std::size_t>(i)]);
            ImGui::PopID();
        }
        ImGui::EndCombo();
    }
    ImGui::PopID();
    return is_changed;
}

int wants_to_move() {
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left)) {
        const float y = ImGui::GetMousePos().y;
        if (y < ImGui::GetItemRectMin().y) return -1;
        if (y > ImGui::GetItemRectMax().y) return 1;
        return 0;
    }
    if (!ImGui::IsItemFocused() || !ImGui::GetIO().KeyAlt) return 0;
    // Owned, so that the focus does not wander too.
    const ImGuiID id = ImGui::GetItemID();
    ImGui::SetKeyOwner(ImGuiKey_UpArrow, id);
    ImGui::SetKeyOwner(ImGuiKey_DownArrow, id);
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow, 0, id)) return -1;
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow, 0, id)) return 1;
    return 0;
}

bool wants_to_go() {
    return ImGui::IsItemFocused() && !ImGui::GetIO().WantTextInput && ImGui::IsKeyPressed(ImGuiKey_Delete, false);
}

void note(const FrameView& frame, std::string_view text, Role role) {
    draw_text_wrapped(frame, text, {.size = frame.theme.text.quiet, .role = role});
}

}  // namespace llmc::gui
