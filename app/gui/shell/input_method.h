// Whether an input method (Chinese, Japanese, Korean; dead keys) is composing a character now. Keys that it takes must
// not do anything else: Enter that ends a composition must not send a prompt.
//
// GLFW 3.3 does not tell. It reports a key that the input method has taken as any other, but without the character that
// follows at once when nobody has taken it. So: a key that writes something, without its character by the next key, was
// taken, and a composition runs until a character comes. This errs for a composition that was emptied with Backspace:
// the next Enter is taken for its end, once.
//
// Thread contract: main thread; pure logic.
#pragma once

namespace llmc::gui {

class InputMethod {
public:
    enum class Key {
        writing,   // a letter, digit or sign, without Ctrl, Alt or Super
        editing,   // Enter, Tab, Escape, Backspace, Delete, arrows …: what a composition uses
        modifier,  // Shift, Ctrl …
        other      // function keys, and anything with Ctrl, Alt or Super
    };

    // A key was pressed; whether the program may react to it.
    bool on_press(Key key, bool ends_composition);
    void on_character();  // text came
    void on_break();      // a click, another window: no composition survives it

    bool is_composing() const { return is_composing_; }

private:
    bool waits_for_character_ = false;
    bool is_composing_ = false;
};

}  // namespace llmc::gui
