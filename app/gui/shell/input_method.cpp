#include "gui/shell/input_method.h"

namespace llmc::gui {

bool InputMethod::on_press(Key key, bool ends_composition) {
    if (key == Key::modifier) return true;
    if (waits_for_character_) is_composing_ = true;
    waits_for_character_ = key == Key::writing;
    if (key != Key::editing) return true;
    const bool is_ours = !is_composing_;
    if (ends_composition) is_composing_ = false;
    return is_ours;
}

void InputMethod::on_character() {
    waits_for_character_ = false;
    is_composing_ = false;
}

void InputMethod::on_break() {
    on_character();
}

}  // namespace llmc::gui
