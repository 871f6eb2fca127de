// The bar that looks for words in a conversation. What is looked for is one thing for all windows; each has its own
// bar, count and place.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <memory>
#include <string>

#include "gui/conversation/conversation.h"
#include "gui/frame_view.h"
#include "text/find.h"

namespace llmc::gui {

class FindView {
public:
    const text::FindQuery& query() const { return query_; }
    void look_for(text::FindQuery query);
    // Null where there is none, or none that can be read.
    const std::shared_ptr<const text::FindPattern>& pattern() const { return pattern_; }
    const std::string& trouble() const { return trouble_; }  // of a regular expression, in words

private:
    text::FindQuery query_;
    std::shared_ptr<const text::FindPattern> pattern_;
    std::string trouble_;
};

enum class FindWish { none, all_windows, close };

// Draws the bar and goes through what was found in `conversation`. `takes_keys`: it gets the keyboard now.
FindWish draw_find_bar(const FrameView& frame, FindView& find, Conversation& conversation, bool& takes_keys);

}  // namespace llmc::gui
