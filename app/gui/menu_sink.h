// What the menus are written to: the bar, which shows them, or the command palette, which lists what stands in them. So
// that nothing can be in one and not in the other.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <string_view>

#include "gui/actions.h"
#include "gui/frame_view.h"

namespace llmc::gui {

class MenuSink {
public:
    MenuSink() = default;
    virtual ~MenuSink() = default;
    MenuSink(const MenuSink&) = delete;
    MenuSink& operator=(const MenuSink&) = delete;

    // A menu, or one within another. Where it is true its items follow, then end().
    virtual bool begin(const char* name, bool is_enabled) = 0;
    virtual void end() = 0;
    // `label` as Dear ImGui's: what stands behind "###" is not shown. True where it is chosen now.
    virtual bool item(const char* label, const char* keys, bool is_chosen, bool is_enabled) = 0;
    virtual void hint(std::string_view words) = 0;  // of the last item
    virtual void separator() = 0;
    // Items that show or hide a window: whether choosing one always shows it.
    virtual bool only_shows_windows() const = 0;
};

// All menus, in order. What an item does it adds to `commands` where the sink says that it is chosen.
void write_menus(MenuSink& sink, const FrameView& frame, const ActionContext& context, Commands& commands);

}  // namespace llmc::gui
