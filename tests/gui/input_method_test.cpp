#include "gui/shell/input_method.h"

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

using Key = InputMethod::Key;

// What GLFW reports: a key, and its character where no input method took it.
void type(InputMethod& keys) {
    CHECK(keys.on_press(Key::writing, false));
    keys.on_character();
}
void compose(InputMethod& keys) {
    CHECK(keys.on_press(Key::writing, false));
}
bool press_enter(InputMethod& keys) {
    return keys.on_press(Key::editing, true);
}

TEST_CASE("Enter after typed text is the program's") {
    InputMethod keys;
    type(keys);
    type(keys);
    CHECK(press_enter(keys));
    CHECK(press_enter(keys));
}

TEST_CASE("Enter that ends a composition is not the program's, the next one is") {
    InputMethod keys;
    compose(keys);
    compose(keys);
    CHECK(!press_enter(keys));
    keys.on_character();  // what was composed
    CHECK(press_enter(keys));
}

TEST_CASE("keys that edit a composition are not the program's") {
    InputMethod keys;
    compose(keys);
    CHECK(!keys.on_press(Key::editing, false));
    CHECK(keys.is_composing());
    CHECK(!press_enter(keys));
    CHECK(!keys.is_composing());
}

TEST_CASE("modifiers and shortcuts are always the program's") {
    InputMethod keys;
    compose(keys);
    CHECK(keys.on_press(Key::modifier, false));
    CHECK(keys.on_press(Key::other, false));
}

TEST_CASE("a click or another window ends what was composed") {
    InputMethod keys;
    compose(keys);
    compose(keys);
    keys.on_break();
    CHECK(press_enter(keys));
}

}  // namespace
}  // namespace llmc::gui
