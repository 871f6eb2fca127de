#include "gui/shortcuts.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

const Shortcuts usual;

TEST_CASE("no two actions share their keys") {
    std::map<ImGuiKeyChord, std::string> seen;
    for (const Shortcut& one : usual.all())
        for (const ImGuiKeyChord chord : chords_of(one)) {
            const auto [place, is_new] = seen.emplace(chord, one.name);
            CAPTURE(chord_text(chord));
            CAPTURE(place->second);
            CHECK_MESSAGE(is_new, one.name);
        }
}

TEST_CASE("the table of keys is in the order of the actions and names each once") {
    std::map<std::string_view, int> names;
    int place = 0;
    for (const Shortcut& one : usual.all()) {
        CHECK(++names[one.name] == 1);
        CHECK(std::string_view(group_name(one.group)) != "");
        if (one.action == Action::show_panel) continue;
        CHECK(static_cast<int>(one.action) == place++);
        CHECK(std::string_view(usual.of(one.action).name) == one.name);
    }
    CHECK(place == static_cast<int>(Action::show_panel));
}

TEST_CASE("keys that write text or move the focus are never a shortcut without Ctrl or Alt") {
    for (const Shortcut& one : usual.all())
        if (!one.is_built_in)
            for (const ImGuiKeyChord chord : chords_of(one)) CHECK_MESSAGE(!needs_modifier(chord), one.name);
    CHECK(needs_modifier(ImGuiKey_A));
    CHECK(needs_modifier(ImGuiMod_Shift | ImGuiKey_A));
    CHECK(needs_modifier(ImGuiKey_Enter));
    CHECK_FALSE(needs_modifier(ImGuiMod_Shift | ImGuiKey_F3));
}

TEST_CASE("every chord is read back from its own words, whatever their case") {
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_GamepadStart; ++key)
        for (const int mods : {0, static_cast<int>(ImGuiMod_Ctrl), ImGuiMod_Ctrl | ImGuiMod_Alt | ImGuiMod_Shift}) {
            CAPTURE(chord_text(mods | key));
            CHECK(chord_of(chord_text(mods | key)) == (mods | key));
        }
    CHECK(chord_of("ctrl+SHIFT+p") == (ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P));
    CHECK(chord_of("Shift+Ctrl+P") == (ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P));
    for (const char* text : {"", "Ctrl", "Ctrl+", "+", "Ctrl+Ctrl", "Strg+P", "Ctrl P", "Ctrl+P+"}) {
        CAPTURE(text);
        CHECK(chord_of(text) == 0);
    }
}

TEST_CASE("keys are written as they stand on the keyboard") {
    const struct {
        Action action;
        const char* text;
    } cases[] = {
        {Action::send, "Ctrl+Enter"},
        {Action::open_session, "Ctrl+Shift+O"},
        {Action::open_prompts, "Ctrl+O"},
        {Action::stop, "Ctrl+."},
        {Action::text_larger, "Ctrl+="},
        {Action::text_smaller, "Ctrl+-"},
        {Action::text_usual, "Ctrl+0"},
        {Action::refresh, "F5"},
        {Action::find_previous, "Shift+F3"},
        {Action::next_window, "Ctrl+Tab"},
        {Action::quit, "Ctrl+Q"},
        {Action::vote_a, "Alt+Left"},
        {Action::vote_both_bad, "Alt+Up"},
    };
    for (const auto& one : cases) {
        CHECK(std::string(usual.text(one.action)) == one.text);
    }
    CHECK(std::string(usual.text(Action::save_session_as)) == "Ctrl+Shift+S");
    CHECK(std::string(usual.text(Panel::metrics)) == "Ctrl+M");
    CHECK(std::string(usual.text(Panel::casting)) == "Ctrl+Shift+9");
    CHECK(std::string(usual.text(Panel::about)).empty());
    CHECK(chord_text(0) == "");
    CHECK(chord_text(ImGuiMod_Alt) == "Alt");
}

}  // namespace
}  // namespace llmc::gui
