#include "gui/shortcuts.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

std::vector<ImGuiKeyChord> chords_of(const Shortcut& one) {
    std::vector<ImGuiKeyChord> chords;
    if (one.chord != 0) chords.push_back(one.chord);
    for (const ImGuiKeyChord other : one.others)
        if (other != 0) chords.push_back(other);
    return chords;
}

TEST_CASE("no two actions share their keys") {
    std::map<ImGuiKeyChord, std::string> seen;
    for (const Shortcut& one : shortcuts())
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
    for (const Shortcut& one : shortcuts()) {
        CHECK(++names[one.name] == 1);
        CHECK(std::string_view(group_name(one.group)) != "");
        if (one.action == Action::show_panel) continue;
        CHECK(static_cast<int>(one.action) == place++);
        CHECK(std::string_view(shortcut(one.action).name) == one.name);
    }
    CHECK(place == static_cast<int>(Action::show_panel));
}

TEST_CASE("keys that write text are never a shortcut without Ctrl or Alt") {
    for (const Shortcut& one : shortcuts())
        for (const ImGuiKeyChord chord : chords_of(one)) {
            const int key = chord & ~ImGuiMod_Mask_;
            const bool is_function_key = key >= ImGuiKey_F1 && key <= ImGuiKey_F24;
            const bool is_modifier = key == 0;
            CHECK_MESSAGE(((chord & (ImGuiMod_Ctrl | ImGuiMod_Alt)) || is_function_key || is_modifier), one.name);
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
        REQUIRE(shortcut_text(one.action) != nullptr);
        CHECK(std::string(shortcut_text(one.action)) == one.text);
    }
    CHECK(shortcut_text(Action::save_session_as) != nullptr);
    CHECK(std::string(shortcut_text(Panel::metrics)) == "Ctrl+M");
    CHECK(std::string(shortcut_text(Panel::casting)) == "Ctrl+Shift+9");
    CHECK(shortcut_text(Panel::about) == nullptr);
    CHECK(chord_text(0) == "");
    CHECK(chord_text(ImGuiMod_Alt) == "Alt");
}

}  // namespace
}  // namespace llmc::gui
