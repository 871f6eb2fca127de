// Fields that only the Configuration panel needs: typed values that may be wrong, choices, and items that move.
//
// Thread contract: main thread, within a frame. Invariant: a text that is wrong changes no value: the one from before
// the edit holds. The text stays as it is typed, with what is wrong and what holds below it, as long as the field is
// shown.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// What is being typed into the fields on screen, by their ids.
class FieldTexts {
public:
    void begin_frame();                 // forgets fields that are not shown any more
    void forget() { fields_.clear(); }  // what is half typed, too
    bool has_errors() const;

    struct Field {
        std::string text;   // as typed
        std::string value;  // the value it was made from
        std::string start;  // the value before the edit
        std::string error;  // empty: the text is fine
        bool takes_value = true;
        int last_frame = 0;
    };
    Field& at(ImGuiID id, const std::string& value);

private:
    std::unordered_map<ImGuiID, Field> fields_;
    int frame_ = 0;
};

// A field over `value`, as text; `apply` sets what the text means or says what is wrong. `lines` above 1: a box of
// code with the label above it. True when something was set, be it back to what it was before the edit.
using Apply = std::function<Result<void>(const std::string& text)>;
bool parsed_field(const FrameView& frame, FieldTexts& texts, const char* label, const std::string& value,
                  const char* hint, const Apply& apply, int lines = 1, ImGuiInputTextFlags flags = 0);

// A number; an empty text is no value of its own.
bool optional_field(const FrameView& frame, FieldTexts& texts, const char* label, std::optional<std::int64_t>& value,
                    const char* hint, std::int64_t min, std::int64_t max);
// Texts where a model stops, one a line; "\n" stands for a line break.
bool stop_field(const FrameView& frame, FieldTexts& texts, const char* label, std::vector<std::string>& value);

// A choice with its label left; `names` stay valid during the call.
bool choice(const FrameView& frame, const char* label, std::span<const char* const> names, int& current);

// Whether the last item wants to change places with its neighbour: dragged over it, or Alt with an arrow key while it
// is focused. -1 up, 1 down, 0 stay.
int wants_to_move();
// Whether the last item is focused and the key for it was pressed (Del).
bool wants_to_go();

// A line of weak or coloured words, wrapped.
void note(const FrameView& frame, std::string_view text, Role role = Role::weak);

}  // namespace llmc::gui
