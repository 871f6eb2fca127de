// What several panels draw: text in roles, buttons, rows, dots. On top of Dear ImGui, with the theme's colours and
// sizes.
//
// Thread contract: main thread, within a frame. All positions and lengths in pixels; lengths of the design go through
// Theme::px.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <imgui.h>

#include "gui/frame_view.h"
#include "metrics/words.h"
#include "session/answer.h"

namespace llmc::gui {

// A face and size for the scope.
class FontScope {
public:
    FontScope(const FrameView& frame, Face face, float size) { ImGui::PushFont(frame.fonts[face], size); }
    ~FontScope() { ImGui::PopFont(); }
    FontScope(const FontScope&) = delete;
    FontScope& operator=(const FontScope&) = delete;
};

struct TextLook {
    Face face = Face::regular;
    float size = 0;  // 0: Theme::text.row
    Role role = Role::text;
    bool keeps_end = false;  // cut in the middle: names often differ at their ends only
};

void draw_text(const FrameView& frame, std::string_view text, TextLook look);          // an item on its own line
void draw_text_wrapped(const FrameView& frame, std::string_view text, TextLook look);  // for short texts only
ImVec2 measure(const FrameView& frame, std::string_view text, TextLook look);
// On the draw list, cut with "…" at `max_width`; gives the width used. `was_cut` tells whether it was.
float paint_text(const FrameView& frame, ImVec2 position, std::string_view text, TextLook look, float max_width,
                 bool* was_cut = nullptr);

// `text` with "…" for its middle where it is wider than `max_width`; gives how much of `out` it takes.
std::size_t cut_middle(const FrameView& frame, std::string_view text, TextLook look, float max_width,
                       std::span<char> out);

// Buttons: one primary per window. `shortcut` is shown in the tooltip.
bool primary_button(const FrameView& frame, const char* label, bool is_enabled = true, std::string_view shortcut = {});
bool button(const FrameView& frame, const char* label, bool is_enabled = true, std::string_view tooltip = {});
// An action inside text: accent words without a box.
bool link_button(const FrameView& frame, const char* label, bool is_enabled = true, std::string_view tooltip = {});
// A choice among a few ("Candidates | Answers | Plots"): pills beside each other; true when `current` has changed.
bool pills(const FrameView& frame, const char* id, std::span<const char* const> names, int& current);

// SemiBold heading with an optional action at the right ("+ Add"); true when that was clicked.
bool section_heading(const FrameView& frame, std::string_view title, const char* action = nullptr);

enum class Dot { good, accent, ring, warn, bad, weak };
void paint_dot(const FrameView& frame, ImVec2 center, Dot dot);
void paint_dot(const FrameView& frame, ImDrawList& list, ImVec2 center, Dot dot);
Dot dot_of(session::AnswerState state);
Role role_of(session::AnswerState state);
std::string_view words_of(session::AnswerState state);  // "cut off"

// A row of 44 px: dot, SemiBold title, quiet second line, quiet figure at the right. Selectable by mouse and keyboard.
struct Row {
    std::optional<Dot> dot;
    std::string_view title, second, right;
    Role right_role = Role::weak;
    bool is_chosen = false;
    bool second_keeps_end = false;    // it is a name
    std::span<const Dot> marks = {};  // small ones before `right`
};
bool row(const FrameView& frame, const char* id, const Row& what);

// A slider with its label left in a fixed column and a typed value at the right, outside the grab. True when changed.
// `format` as for printf; values outside the slider's range can be typed up to [hard_min, hard_max].
struct SliderRange {
    double min, max, hard_min, hard_max;
    const char* format;
    bool is_logarithmic = false;
};
// A value that may be left out, by emptying the box: then `unset` stands in the slider's place, and a link that sets it
// to `usual` again. With a null for `unset` there is always a value.
bool slider(const FrameView& frame, const char* label, std::optional<double>& value, double usual, const char* unset,
            const SliderRange& range);

// A field with its label left in the fixed column; "##…" has none, and may be given a width by SetNextItemWidth.
bool text_field(const FrameView& frame, const char* label, std::string& text, const char* hint = "",
                ImGuiInputTextFlags flags = 0);
bool multiline_field(const FrameView& frame, const char* id, std::string& text, ImVec2 size,
                     ImGuiInputTextFlags flags = 0, ImGuiInputTextCallback callback = nullptr, void* data = nullptr);
// The same for JSON and other code: monospaced. Its height is that of so many lines.
bool code_field(const FrameView& frame, const char* id, std::string& text, int lines, ImGuiInputTextFlags flags = 0);
bool checkbox(const FrameView& frame, const char* label, bool& value);
float label_column(const FrameView& frame);  // width of the column of labels

// A bar 4 px high, `fraction` 0…1.
void progress_bar(const FrameView& frame, float fraction, float width);

// A box with a coloured left edge (3 px) around what is drawn in between.
class EdgeBox {
public:
    EdgeBox(const FrameView& frame, Role edge, Role background);
    ~EdgeBox();
    EdgeBox(const EdgeBox&) = delete;
    EdgeBox& operator=(const EdgeBox&) = delete;

private:
    const FrameView& frame_;
    Role edge_, background_;
    ImVec2 start_;
    float width_;
    int first_vertex_ = 0, end_vertex_ = 0;
    float drawn_height_ = 0, work_right_ = 0, content_right_ = 0;
};

// A centred message of an empty state: title, some lines; what is below it, of that height, is drawn by the caller.
void empty_state(const FrameView& frame, std::string_view title, std::string_view text, float height_below = 0);

void tooltip(const FrameView& frame, std::string_view text);  // for the last item, after the usual delay

using metrics::count_text;
using metrics::counted;
using metrics::duration_text;
using metrics::interval_text;
using metrics::percent_text;
using metrics::rate_text;
using metrics::seconds_text;

}  // namespace llmc::gui
