#include "gui/rating_row.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <imgui_internal.h>  // how long keys are held

#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr float kIcon = 16;  // thumbs and stars are drawn in a square of this size
constexpr float kCell = 22;  // and can be hit in one of this size
constexpr std::array kStarNames{"1 star", "2 stars", "3 stars", "4 stars", "5 stars"};
constexpr std::array kStarWords{"1 of 5", "2 of 5", "3 of 5", "4 of 5", "5 of 5"};
constexpr std::array kStarHints{"1 of 5 (1)", "2 of 5 (2)", "3 of 5 (3)", "4 of 5 (4)", "5 of 5 (5)"};
constexpr double kHeldLong_s = 0.2;  // a key that is held this long writes its character again

void rate(const session::Answer& answer, session::Rating rating, Commands& commands) {
    if (rating == answer.rating) return;
    commands.engine(engine::Rate{answer.round, answer.candidate, std::move(rating)});
}

// How loud something is: quiet until it is set or the mouse or the keyboard is at it.
Role ink_of(const Hit& hit, bool is_set, Role when_set) {
    if (is_set) return when_set;
    return hit.is_hovered || hit.is_held ? Role::text : Role::weak;
}

void paint_star(const FrameView& frame, ImVec2 center, Role role, bool is_filled) {
    constexpr int kCorners = 10;
    const float outer = frame.theme.px(kIcon) * 0.46F, inner = outer * 0.45F;
    std::array<ImVec2, kCorners> corners;
    for (int i = 0; i < kCorners; ++i) {
        const float angle = std::numbers::pi_v<float> * (static_cast<float>(i) / 5 - 0.5F);
        const float radius = i % 2 == 0 ? outer : inner;
        corners[static_cast<std::size_t>(i)] = {center.x + radius * std::cos(angle),
                                                center.y + radius * std::sin(angle)};
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 color = ImGui::GetColorU32(frame.theme[role]);
    if (is_filled)
        list.AddConcavePolyFilled(corners.data(), kCorners, color);
    else
        list.AddPolyline(corners.data(), kCorners, color, std::max(frame.theme.scale * 1.2F, 1.0F), ImDrawFlags_Closed);
}

// A hand in a square of 16, thumb up; the other way round for down.
void paint_thumb(const FrameView& frame, ImVec2 center, Role role, bool is_up, bool is_filled) {
    constexpr std::array<ImVec2, 10> kHand{{{5, 7.4F},
                                            {8, 1.6F},
                                            {9.4F, 1.5F},
                                            {10.2F, 2.8F},
                                            {9.7F, 6.2F},
                                            {13.6F, 6.2F},
                                            {14.6F, 7.4F},
                                            {13.4F, 13},
                                            {12.2F, 14.2F},
                                            {5, 14.2F}}};
    constexpr ImVec2 kCuffFrom{1.6F, 7.4F}, kCuffTo{3.6F, 14.2F};
    const float unit = frame.theme.px(kIcon) / kIcon, flip = is_up ? 1.0F : -1.0F;
    const auto at = [&](ImVec2 point) {
        return ImVec2{center.x + (point.x - kIcon / 2) * unit, center.y + flip * (point.y - kIcon / 2) * unit};
    };
    std::array<ImVec2, kHand.size()> hand;
    std::transform(kHand.begin(), kHand.end(), hand.begin(), at);
    const ImVec2 one = at(kCuffFrom), other = at(kCuffTo);
    const ImVec2 from{one.x, std::min(one.y, other.y)}, to{other.x, std::max(one.y, other.y)};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 color = ImGui::GetColorU32(frame.theme[role]);
    const int count = static_cast<int>(hand.size());
    if (is_filled) {
        list.AddConcavePolyFilled(hand.data(), count, color);
        list.AddRectFilled(from, to, color);
        return;
    }
    const float line = std::max(frame.theme.scale * 1.2F, 1.0F);
    list.AddPolyline(hand.data(), count, color, line, ImDrawFlags_Closed);
    list.AddRect(from, to, color, 0, line);
}

// The words at the row's end: the note that is there, or the offer to write one.
void draw_note(const FrameView& frame, const session::Answer& answer, RatingEdit& edit) {
    const Theme& theme = frame.theme;
    const float room = ImGui::GetContentRegionAvail().x, height = rating_row_height(theme);
    const std::string& note = answer.rating.note;
    const std::string_view words = note.empty() ? std::string_view("Note") : std::string_view(note);
    if (room < theme.px(24)) return ImGui::Dummy({0, 0});  // an item ends what moved the cursor here
    TextLook look{.size = theme.text.quiet, .role = Role::weak};
    const float width = std::min(measure(frame, words.substr(0, words.find('\n')), look).x + theme.px(1), room);
    const Hit hit = hit_area("Note", {width, height}, theme.px(3), {theme.px(3), 0});
    if (hit.is_visible) {
        look.role = ink_of(hit, !note.empty(), Role::text);
        paint_text(frame, {hit.min.x, hit.min.y + std::floor((height - look.size) / 2) - theme.px(1)}, words, look,
                   width);
        if (hit.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        tooltip(frame, note.empty() ? std::string_view("Say why, in a line") : std::string_view(note));
    }
    if (!hit.is_pressed) return;
    edit.is_writing = edit.wants_focus = true;
    edit.note = note;
    frame.requests.next_frame();
}

void draw_note_field(const FrameView& frame, const session::Answer& answer, RatingEdit& edit, Commands& commands) {
    if (std::exchange(edit.wants_focus, false)) ImGui::SetKeyboardFocusHere();
    const bool is_entered = text_field(frame, "##note", edit.note, "Enter keeps it, Esc does not",
                                       ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    const bool is_left = ImGui::IsItemDeactivated();
    if (!is_entered && !is_left) return;
    edit.is_writing = false;
    frame.requests.next_frame();
    // Who clicks elsewhere has written it all the same.
    if (!is_entered && ImGui::IsKeyPressed(ImGuiKey_Escape)) return;
    session::Rating rating = answer.rating;
    rating.note = edit.note;
    rate(answer, std::move(rating), commands);
}

// A key that is held repeats its character: what it has set would be taken back at once.
bool is_repeated() {
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_GamepadStart; ++key)
        if (ImGui::GetKeyData(static_cast<ImGuiKey>(key))->DownDuration > kHeldLong_s) return true;
    return false;
}

}  // namespace

float rating_row_height(const Theme& theme) {
    return theme.px(26);
}

std::optional<session::Rating> toggled(const session::Rating& rating, char key) {
    session::Rating next = rating;
    const auto set = [](std::optional<int>& value, int wanted) {
        value = value == wanted ? std::nullopt : std::optional(wanted);
    };
    if (key >= '1' && key <= '5')
        set(next.stars, key - '0');
    else if (key == '+' || key == '-')
        set(next.thumbs, key == '+' ? 1 : -1);
    else if (key == '0')
        next.stars = next.thumbs = std::nullopt;  // a note is words: it goes by its field
    else
        return std::nullopt;
    return next;
}

void draw_rating_row(const FrameView& frame, const session::Answer& answer, RatingEdit& edit, Commands& commands) {
    const Theme& theme = frame.theme;
    const session::Rating& rating = answer.rating;
    const float height = rating_row_height(theme), cell = theme.px(kCell);
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float right = start.x + ImGui::GetContentRegionAvail().x;
    char pressed = 0;
    ImGui::BeginGroup();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    const auto middle = [](const Hit& hit) {
        return ImVec2{(hit.min.x + hit.max.x) / 2, std::floor((hit.min.y + hit.max.y) / 2)};
    };
    const auto thumb = [&](const char* name, std::string_view hint, bool is_up) {
        const bool is_set = rating.thumbs == (is_up ? 1 : -1);
        const Hit hit = hit_area(name, {cell, height}, theme.px(4));
        if (hit.is_visible) {
            paint_thumb(frame, middle(hit), ink_of(hit, is_set, is_up ? Role::good : Role::bad), is_up, is_set);
            if (hit.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            tooltip(frame, hint);
        }
        if (hit.is_pressed) pressed = is_up ? '+' : '-';
        ImGui::SameLine(0, 0);
    };
    // The icons have air around them: the first one stands where the text above begins.
    ImGui::SetCursorScreenPos({start.x - theme.px(2), start.y});
    thumb("Thumb up", "Good (+)", true);
    thumb("Thumb down", "Bad (-)", false);

    std::array<Hit, 5> hits;
    int pointed = 0;  // the stars up to this one are under the mouse
    ImGui::SetCursorScreenPos({ImGui::GetCursorScreenPos().x + theme.px(8), start.y});
    for (std::size_t i = 0; i < hits.size(); ++i) {
        hits[i] = hit_area(kStarNames[i], {theme.px(19), height}, theme.px(4));
        if (hits[i].is_hovered) {
            pointed = static_cast<int>(i) + 1;
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
        tooltip(frame, kStarHints[i]);
        if (hits[i].is_pressed) pressed = static_cast<char>('1' + i);
        ImGui::SameLine(0, 0);
    }
    const int stars = rating.stars.value_or(0);
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (!hits[i].is_visible) continue;
        const int place = static_cast<int>(i) + 1;
        const Role role = place <= stars ? Role::accent : place <= pointed ? Role::text : Role::weak;
        paint_star(frame, middle(hits[i]), role, place <= stars);
    }
    float x = ImGui::GetCursorScreenPos().x + theme.px(9);
    if (stars >= 1 && stars <= 5) {
        const TextLook look{.face = Face::semibold, .size = theme.text.quiet};
        const std::string_view words = kStarWords[static_cast<std::size_t>(stars) - 1];
        const float width = measure(frame, words, look).x;
        if (x + width < right) {
            paint_text(frame, {x, start.y + std::floor((height - look.size) / 2) - theme.px(1)}, words, look,
                       width + 1);
            x += width + theme.px(14);
        }
    }
    ImGui::SetCursorScreenPos({std::min(x, right), start.y});
    if (edit.is_writing)
        draw_note_field(frame, answer, edit, commands);
    else
        draw_note(frame, answer, edit);
    ImGui::PopStyleVar();
    ImGui::EndGroup();
    if (pressed == 0) return;
    if (auto next = toggled(rating, pressed)) rate(answer, *std::move(next), commands);
}

// Characters, not keys: on some keyboards digits need Shift, and + is elsewhere on each.
void take_rating_keys(const FrameView&, const session::Answer& answer, Commands& commands) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.InputQueueCharacters.empty() || io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return;
    if (!session::is_final(answer.state) || is_repeated()) return;
    session::Rating rating = answer.rating;
    for (const ImWchar character : io.InputQueueCharacters)
        if (character < 0x80)
            if (auto next = toggled(rating, static_cast<char>(character))) rating = *std::move(next);
    rate(answer, std::move(rating), commands);
}

}  // namespace llmc::gui
