#include "gui/shell/imgui_needs.h"

#include <algorithm>
#include <cmath>

#include <imgui.h>
#include <imgui_internal.h>

namespace llmc::gui {
namespace {

// As in Dear ImGui's InputText: seen for 0.8 s of every 1.2 s.
constexpr float kBlinkPeriod = 1.2F, kBlinkSeen = 0.8F;

bool scrolls(const ImGuiTabBar& tabs) {
    return tabs.ScrollingAnim != tabs.ScrollingTarget && tabs.PrevFrameVisible + 1 >= ImGui::GetFrameCount();
}

bool has_scrolling_tabs(ImGuiContext& context) {
    for (int i = 0; i < context.TabBars.GetMapSize(); ++i) {
        if (const auto* tabs = context.TabBars.TryGetMapData(i); tabs && scrolls(*tabs)) return true;
    }
    for (const auto& entry : context.DockContext.Nodes.Data) {
        const auto* node = static_cast<const ImGuiDockNode*>(entry.val_p);
        if (node && node->TabBar && scrolls(*node->TabBar)) return true;
    }
    return false;
}

bool is_key_held(const ImGuiIO& io) {
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END; ++key) {
        const bool is_modifier = key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper;
        const bool is_pseudo = key >= ImGuiKey_MouseLeft;  // the mouse, and modifiers once more
        if (!is_modifier && !is_pseudo && io.KeysData[key - ImGuiKey_NamedKey_BEGIN].Down) return true;
    }
    return false;
}

// Seconds until a tooltip may appear.
std::optional<float> until_tooltip(const ImGuiContext& context) {
    if (context.HoverItemDelayId == 0) return std::nullopt;
    const ImGuiStyle& style = context.Style;
    std::optional<float> next;
    const auto consider = [&](float timer, float due) {
        if (timer < due) next = std::min(next.value_or(due), due - timer);
    };
    consider(context.MouseStationaryTimer, style.HoverStationaryDelay);
    consider(context.HoverItemDelayTimer, style.HoverDelayShort);
    consider(context.HoverItemDelayTimer, style.HoverDelayNormal);
    return next;
}

float until_cursor_blinks(float animation) {
    if (animation < 0) return kBlinkSeen - animation;
    const float phase = std::fmod(animation, kBlinkPeriod);
    return phase <= kBlinkSeen ? kBlinkSeen - phase : kBlinkPeriod - phase;
}

}  // namespace

void limit_frame_time() {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    const float missed = context.IO.DeltaTime - kMaxFrameTime;
    if (missed <= 0) return;
    context.IO.DeltaTime = kMaxFrameTime;
    context.InputTextState.CursorAnim += missed;
    if (context.SettingsDirtyTimer > 0)
        context.SettingsDirtyTimer = std::max(0.001F, context.SettingsDirtyTimer - missed);
    if (context.HoverItemDelayId != 0) context.HoverItemDelayTimer += missed;
    context.MouseStationaryTimer += missed;
}

bool has_queued_input() {
    return !ImGui::GetCurrentContext()->InputEventsQueue.empty();
}

void keep_chords_apart() {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    const int queued = context.InputEventsQueue.Size;
    for (int i = 0; i < queued; ++i) {
        const ImGuiInputEvent event = context.InputEventsQueue[i];  // a copy: the queue grows
        if (event.Type != ImGuiInputEventType_Key || !event.Key.Down) continue;
        const bool is_modifier = (event.Key.Key >= ImGuiKey_LeftCtrl && event.Key.Key <= ImGuiKey_RightSuper) ||
                                 (event.Key.Key & ImGuiMod_Mask_) != 0;
        if (!is_modifier) context.IO.AddKeyEvent(event.Key.Key, false);
    }
}

void request_frames(FrameRequests& requests, base::TimePoint now) {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    // A little later than the moment itself: a frame that is early by rounding would be drawn for nothing.
    const auto in = [&](float seconds) { requests.at(now + base::from_seconds(static_cast<double>(seconds) + 0.002)); };

    const bool is_fading = context.DimBgRatio > 0 && context.DimBgRatio < 1;
    if (ImGui::IsAnyMouseDown() || is_key_held(context.IO) || is_fading || context.NavWindowingTargetAnim ||
        has_scrolling_tabs(context)) {
        requests.next_frame();
    }
    if (const auto seconds = until_tooltip(context)) in(*seconds);
    if (context.SettingsDirtyTimer > 0) in(context.SettingsDirtyTimer);
    if (context.IO.WantTextInput && context.IO.ConfigInputTextCursorBlink) {
        in(until_cursor_blinks(context.InputTextState.CursorAnim));
    }
}

}  // namespace llmc::gui
