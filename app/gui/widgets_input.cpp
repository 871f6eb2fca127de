// Sliders, fields, check boxes: labels left in a column, values at the right.
#include <algorithm>
#include <cmath>
#include <utility>

#include <imgui_internal.h>

#include "base/utf8.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// A std::string as the buffer of a field; everything else goes on to the field's own callback.
struct Buffer {
    std::string& text;
    ImGuiInputTextCallback callback = nullptr;
    void* data = nullptr;
    bool has_always = false;  // the callback is one for every frame
    std::string pasted = {};  // to be put in place of the selection
    std::optional<TextUndo::Change> change = {};
    std::optional<Edit> edit = {};
};

void replace_selection(ImGuiInputTextCallbackData& event, std::string_view text) {
    const auto [begin, end] = std::minmax(event.SelectionStart, event.SelectionEnd);
    event.DeleteChars(begin, end - begin);
    event.InsertChars(event.CursorPos, text.data(), text.data() + text.size());
}

void change_text(ImGuiInputTextCallbackData& event, const TextUndo::Change& change) {
    const int at = static_cast<int>(change.at);
    event.DeleteChars(at, static_cast<int>(change.removed));
    event.InsertChars(at, change.inserted.data(), change.inserted.data() + change.inserted.size());
    event.CursorPos = at + static_cast<int>(change.inserted.size());
    event.ClearSelection();
}

void edit_text(ImGuiInputTextCallbackData& event, Edit edit) {
    const auto [begin, end] = std::minmax(event.SelectionStart, event.SelectionEnd);
    if (edit == Edit::select_all) return event.SelectAll();
    if (edit == Edit::paste) {
        if (const char* text = ImGui::GetClipboardText()) replace_selection(event, base::to_valid_utf8(text));
        return;
    }
    if (begin == end || (edit != Edit::cut && edit != Edit::copy)) return;
    ImGui::SetClipboardText(std::string(event.Buf + begin, event.Buf + end).c_str());
    if (edit == Edit::cut) event.DeleteChars(begin, end - begin);
}

int on_buffer(ImGuiInputTextCallbackData* event) {
    Buffer& buffer = *static_cast<Buffer*>(event->UserData);
    if (event->EventFlag == ImGuiInputTextFlags_CallbackResize) {
        buffer.text.resize(static_cast<std::size_t>(event->BufTextLen));
        event->Buf = buffer.text.data();
        return 0;
    }
    if (event->EventFlag == ImGuiInputTextFlags_CallbackAlways) {
        if (!buffer.pasted.empty()) replace_selection(*event, std::exchange(buffer.pasted, {}));
        if (buffer.change) change_text(*event, *std::exchange(buffer.change, std::nullopt));
        if (buffer.edit) edit_text(*event, *std::exchange(buffer.edit, std::nullopt));
        if (!buffer.has_always) return 0;
    }
    if (!buffer.callback) return 0;
    event->UserData = buffer.data;
    return buffer.callback(event);
}

bool is_typed(ImGuiKeyChord chord) {
    return ImGui::IsKeyChordPressed(chord, ImGuiInputFlags_Repeat, ImGuiKeyOwner_Any);
}

// What is pasted into the field in focus now, as it is: Dear ImGui leaves tabs, carriage returns and private-use
// characters out, so its own way is closed for this frame. Empty where nothing is pasted.
std::string take_paste() {
    const bool by_v = is_typed(ImGuiMod_Ctrl | ImGuiKey_V);
    if (!by_v && !is_typed(ImGuiMod_Shift | ImGuiKey_Insert)) return {};
    const char* text = ImGui::GetClipboardText();
    if (!text || *text == '\0') return {};
    ImGui::SetKeyOwner(by_v ? ImGuiKey_V : ImGuiKey_Insert, ImGui::GetID("paste"), ImGuiInputFlags_LockThisFrame);
    return base::to_valid_utf8(text);
}

// Undo and redo of the field in focus: ours know words, and texts of any length.
void follow_typing(TypedField& typed, ImGuiID id, Buffer& buffer) {
    const int frame = ImGui::GetFrameCount();
    const bool has_stayed = typed.id == id && typed.frame + 1 >= frame;
    if (has_stayed)
        typed.undo.note(buffer.text);
    else if (typed.id != id || typed.undo.text() != buffer.text)
        typed.undo.begin(buffer.text);
    typed.id = id;
    typed.frame = frame;
    buffer.edit = std::exchange(typed.wish, std::nullopt);
    if (is_typed(ImGuiMod_Ctrl | ImGuiKey_Z) || buffer.edit == Edit::undo)
        buffer.change = typed.undo.undo();
    else if (is_typed(ImGuiMod_Ctrl | ImGuiKey_Y) || is_typed(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_Z) ||
             buffer.edit == Edit::redo)
        buffer.change = typed.undo.redo();
}

// While a field is drawn: the middle button is a click, and what is selected elsewhere goes to where that has put the
// cursor.
class MiddleClick {
public:
    MiddleClick(const FrameView& frame, ImGuiID id, ImGuiInputTextFlags flags) {
        const bool can_paste = !(flags & (ImGuiInputTextFlags_ReadOnly | ImGuiInputTextFlags_Password));
        const bool is_over = ImGui::GetCurrentContext()->HoveredIdPreviousFrame == id;
        if (!can_paste || !is_over || !ImGui::IsMouseClicked(ImGuiMouseButton_Middle)) return;
        frame.typed.pasted = PastedSelection{.field = id, .frame = ImGui::GetFrameCount(), .text = {}};
        set(true);
    }
    ~MiddleClick() {
        if (is_set_) set(false);
    }
    MiddleClick(const MiddleClick&) = delete;
    MiddleClick& operator=(const MiddleClick&) = delete;

private:
    void set(bool is_clicked) {
        ImGuiIO& io = ImGui::GetIO();
        io.MouseClicked[ImGuiMouseButton_Left] = is_clicked;
        io.MouseClickedCount[ImGuiMouseButton_Left] = is_clicked ? 1 : 0;
        is_set_ = is_clicked;
    }
    bool is_set_ = false;
};

// What that has asked for, once the field has the keyboard; a click that did not give it is forgotten.
std::string take_pasted_selection(TypedField& typed, ImGuiID id) {
    constexpr int kMostFrames = 8;
    if (!typed.pasted || typed.pasted->field != id || typed.pasted->frame == ImGui::GetFrameCount()) return {};
    const PastedSelection pasted = *std::exchange(typed.pasted, std::nullopt);
    return pasted.frame + kMostFrames < ImGui::GetFrameCount() ? std::string() : base::to_valid_utf8(pasted.text);
}

// Before the item, in its place: what the keys and the Edit menu mean for it. Gives the flags that it needs for that.
ImGuiInputTextFlags take_typing(const FrameView& frame, const char* id_text, Buffer& buffer,
                                ImGuiInputTextFlags flags) {
    constexpr ImGuiInputTextFlags kOwn = ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_NoUndoRedo;
    if (flags & (ImGuiInputTextFlags_ReadOnly | ImGuiInputTextFlags_Password))
        return ImGuiInputTextFlags_CallbackResize;
    const ImGuiID id = ImGui::GetID(id_text);
    TypedField& typed = frame.typed;
    const bool is_active = ImGui::GetActiveID() == id;
    if (!is_active && typed.id == id && typed.wish) ImGui::SetKeyboardFocusHere();
    if (!is_active) return kOwn;
    follow_typing(typed, id, buffer);
    buffer.pasted = take_paste();
    if (buffer.pasted.empty()) buffer.pasted = take_pasted_selection(typed, id);
    const bool acts = !buffer.pasted.empty() || buffer.change || buffer.edit;
    return kOwn | (acts ? ImGuiInputTextFlags_CallbackAlways : 0);
}

// The label in its column; the next item stands behind it. Without one (only "##…") the item takes the whole width.
void place_label(const FrameView& frame, const char* label) {
    const std::string_view words = shown(label);
    if (words.empty()) return;
    const Theme& theme = frame.theme;
    const float column = label_column(frame);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    bool was_cut = false;
    paint_text(frame, {at.x, at.y + ImGui::GetStyle().FramePadding.y}, words, {.size = theme.text.row},
               column - theme.px(6), &was_cut);
    ImGui::Dummy({column - theme.px(6), ImGui::GetFrameHeight()});
    if (was_cut) tooltip(frame, words);
    ImGui::SameLine(0, theme.px(6));
}

double share_of(double value, const SliderRange& range) {
    double share = 0;
    if (range.is_logarithmic && range.min > 0)
        share = std::log(std::max(value, range.min) / range.min) / std::log(range.max / range.min);
    else
        share = (value - range.min) / (range.max - range.min);
    return std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
}

// The typed value: a field whose text stands at its right end while it is not being edited. An empty text is no value,
// where that `may_be_empty`.
bool value_box(const FrameView& frame, std::optional<double>& value, const SliderRange& range, float width,
               bool may_be_empty) {
    const Theme& theme = frame.theme;
    const FontScope font(frame, Face::mono, theme.text.figure);
    const ImVec2 padding{theme.px(7),
                         std::floor((ImGui::GetStyle().FramePadding.y * 2 + theme.text.row - theme.text.figure) / 2)};
    const bool is_edited = ImGui::GetActiveID() == ImGui::GetID("##value");
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, padding);
    ImGui::SetNextItemWidth(width);
    if (!is_edited) ImGui::PushStyleColor(ImGuiCol_Text, IM_COL32_BLACK_TRANS);
    double typed = *value;
    bool has_changed = ImGui::InputScalar("##value", ImGuiDataType_Double, &typed, nullptr, nullptr, range.format,
                                          ImGuiInputTextFlags_AutoSelectAll);
    if (!is_edited) ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    if (has_changed && std::isfinite(typed)) value = std::clamp(typed, range.hard_min, range.hard_max);
    if (!is_edited) {
        char text[48];
        const int size = std::clamp(ImFormatString(text, sizeof text, range.format, *value), 0, 47);
        const std::string_view words(text, static_cast<std::size_t>(size));
        const TextLook look{.face = Face::mono, .size = theme.text.figure};
        const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
        const float wide = std::min(measure(frame, words, look).x, max.x - min.x - padding.x);
        paint_text(frame, {max.x - padding.x - wide, min.y + padding.y}, words, look, wide + 1);
    }
    if (may_be_empty && ImGui::IsItemDeactivated()) {
        const ImGuiInputTextState* state = ImGui::GetInputTextState(ImGui::GetItemID());
        if (state && state->TextLen == 0) {
            value.reset();
            has_changed = true;
        }
    }
    return has_changed;
}

// In the place of a slider without a value; true when it shall have one.
bool unset_row(const FrameView& frame, const char* words) {
    const Theme& theme = frame.theme;
    const TextLook quiet{.size = theme.text.row, .role = Role::weak};
    const float room = ImGui::GetContentRegionAvail().x, link = measure(frame, "Set", {.size = theme.text.quiet}).x;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    paint_text(frame, {at.x, at.y + ImGui::GetStyle().FramePadding.y}, words, quiet, room - link - theme.px(8));
    ImGui::Dummy({room - link - theme.px(8), ImGui::GetFrameHeight()});
    ImGui::SameLine(0, theme.px(8));
    ImGui::AlignTextToFramePadding();
    return link_button(frame, "Set");
}

struct LinesWish {
    ImGuiInputTextFlags flags = 0;
    ImGuiInputTextCallback callback = nullptr;
    void* data = nullptr;
};

// A field of several lines, in the font that is set.
bool lines_field(const FrameView& frame, const char* id, std::string& text, ImVec2 size, LinesWish wish) {
    Buffer buffer{.text = text,
                  .callback = wish.callback,
                  .data = wish.data,
                  .has_always = (wish.flags & ImGuiInputTextFlags_CallbackAlways) != 0};
    wish.flags |= take_typing(frame, id, buffer, wish.flags) | ImGuiInputTextFlags_WordWrap;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {frame.theme.px(10), frame.theme.px(8)});
    const MiddleClick click(frame, ImGui::GetID(id), wish.flags);
    const bool has_changed =
        ImGui::InputTextMultiline(id, text.data(), text.capacity() + 1, size, wish.flags, on_buffer, &buffer);
    ImGui::PopStyleVar();
    return has_changed;
}

}  // namespace

bool takes_alt_chord(ImGuiKeyChord chord) {
    if (!ImGui::IsKeyChordPressed(chord)) return false;
    ImGui::SetKeyOwnersForKeyChord(chord & ImGuiMod_Mask_, ImGui::GetID("alt"));
    return true;
}

float label_column(const FrameView& frame) {
    const float room = ImGui::GetContentRegionAvail().x;
    return std::floor(std::min(frame.theme.px(99), room * 0.45F));
}

bool slider(const FrameView& frame, const char* label, std::optional<double>& value, double usual, const char* unset,
            const SliderRange& range) {
    const Theme& theme = frame.theme;
    ImGui::BeginGroup();
    ImGui::PushID(label);
    const float room = ImGui::GetContentRegionAvail().x;
    const float column = shown(label).empty() ? 0 : label_column(frame);
    place_label(frame, label);
    if (!value) {
        const bool is_set = unset_row(frame, unset);
        if (is_set) value = usual;
        ImGui::PopID();
        ImGui::EndGroup();
        return is_set;
    }

    const float radius = theme.px(6.5F), gap = theme.px(9);
    const float box = std::floor(std::min(theme.px(58), room * 0.34F));
    const float track = std::max(room - column - gap - box, theme.px(18));

    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = ImGui::GetFrameHeight();
    ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, 2 * radius);
    for (const ImGuiCol part : {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive, ImGuiCol_SliderGrab,
                                ImGuiCol_SliderGrabActive, ImGuiCol_Text})
        ImGui::PushStyleColor(part, IM_COL32_BLACK_TRANS);
    ImGui::SetNextItemWidth(track);
    double moved = *value;
    bool has_changed =
        ImGui::SliderScalar("##slider", ImGuiDataType_Double, &moved, &range.min, &range.max, range.format,
                            ImGuiSliderFlags_NoInput | (range.is_logarithmic ? ImGuiSliderFlags_Logarithmic : 0));
    ImGui::PopStyleColor(6);
    ImGui::PopStyleVar();
    if (has_changed) value = std::clamp(moved, range.min, range.max);

    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float middle = std::floor(at.y + height / 2), thick = theme.px(4), round = thick / 2;
    const float from = at.x, to = at.x + track;
    const float grab = std::floor(from + radius + static_cast<float>(share_of(*value, range)) * (track - 2 * radius));
    const ImU32 accent = ImGui::GetColorU32(theme[Role::accent]);
    list.AddRectFilled({from, middle - round}, {to, middle + round}, ImGui::GetColorU32(theme[Role::bg3]), round);
    list.AddRectFilled({from, middle - round}, {grab, middle + round}, accent, round);
    const bool is_near = ImGui::IsItemActive() || ImGui::IsItemHovered();
    list.AddCircleFilled({grab, middle}, radius + (is_near ? theme.px(1) : 0), accent);

    ImGui::SameLine(0, gap);
    has_changed = value_box(frame, value, range, box, unset != nullptr) || has_changed;
    ImGui::PopID();
    ImGui::EndGroup();
    return has_changed;
}

bool text_field(const FrameView& frame, const char* label, std::string& text, const char* hint,
                ImGuiInputTextFlags flags) {
    const FontScope font(frame, Face::regular, frame.theme.text.row);
    ImGui::PushID(label);
    place_label(frame, label);
    Buffer buffer{.text = text};
    flags |= take_typing(frame, "##field", buffer, flags);
    const bool has_width = (ImGui::GetCurrentContext()->NextItemData.HasFlags & ImGuiNextItemDataFlags_HasWidth) != 0;
    if (!has_width) ImGui::SetNextItemWidth(-FLT_MIN);
    const MiddleClick click(frame, ImGui::GetID("##field"), flags);
    const bool has_changed =
        ImGui::InputTextWithHint("##field", hint, text.data(), text.capacity() + 1, flags, on_buffer, &buffer);
    ImGui::PopID();
    return has_changed;
}

bool multiline_field(const FrameView& frame, const char* id, std::string& text, ImVec2 size, ImGuiInputTextFlags flags,
                     ImGuiInputTextCallback callback, void* data) {
    const FontScope font(frame, Face::regular, frame.theme.text.row);
    return lines_field(frame, id, text, size, {flags, callback, data});
}

bool code_field(const FrameView& frame, const char* id, std::string& text, int lines, ImGuiInputTextFlags flags) {
    const FontScope font(frame, Face::mono, frame.theme.text.code);
    const float height = ImGui::GetTextLineHeight() * static_cast<float>(lines) + frame.theme.px(18);
    return lines_field(frame, id, text, {-FLT_MIN, height}, {.flags = flags});
}

bool checkbox(const FrameView& frame, const char* label, bool& value) {
    const Theme& theme = frame.theme;
    const FontScope font(frame, Face::regular, theme.text.row);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {theme.px(2), theme.px(2)});
    ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, theme.px(4));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, theme.px(1));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemInnerSpacing, {theme.px(8), theme.px(4)});
    // The box's edge is all that shows it is one: it has to be seen.
    ImGui::PushStyleColor(ImGuiCol_Border, blend(theme[Role::bg3], theme[Role::weak], 0.5F));
    const bool has_changed = ImGui::Checkbox(label, &value);
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(4);
    return has_changed;
}

}  // namespace llmc::gui
