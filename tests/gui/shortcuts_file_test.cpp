#include "gui/shortcuts_file.h"

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/temp_folder.h"

namespace llmc::gui {
namespace {

std::string trouble_of(std::string_view text) {
    const auto read = read_shortcuts(text, "shortcuts.json");
    return read ? "" : read.error().message;
}

TEST_CASE("keys of the file take the place of the usual ones; what it does not name stays") {
    const auto read = read_shortcuts(
        R"({"version": 1, "keys": {"stop": "ctrl+f4", "pause": ["Ctrl+P", "F9"], "clear": null, "metrics": "F2"}})",
        "shortcuts.json");
    REQUIRE(read);
    CHECK(read->of(Action::stop).chord == (ImGuiMod_Ctrl | ImGuiKey_F4));
    CHECK(std::string(read->text(Action::stop)) == "Ctrl+F4");
    CHECK(chords_of(read->of(Action::pause)) == std::vector<ImGuiKeyChord>{ImGuiMod_Ctrl | ImGuiKey_P, ImGuiKey_F9});
    CHECK(chords_of(read->of(Action::clear)).empty());
    CHECK(std::string(read->text(Action::clear)).empty());
    CHECK(std::string(read->text(Panel::metrics)) == "F2");
    CHECK(read->of(Action::send).chord == Shortcuts().of(Action::send).chord);
}

TEST_CASE("two actions may change their keys for each other's") {
    const auto read = read_shortcuts(R"({"keys": {"pause": "Ctrl+R", "resume": "Ctrl+P"}})", "shortcuts.json");
    REQUIRE(read);
    CHECK(read->of(Action::pause).chord == Shortcuts().of(Action::resume).chord);
}

TEST_CASE("a mistake is told with its file, line and key, and changes nothing") {
    CHECK(trouble_of("{\n \"keys\": {\n  \"stop\": \"Strg+P\"}}") ==
          "shortcuts.json:3: keys.stop: there is no chord \"Strg+P\": write it as \"Ctrl+Shift+P\"");
    CHECK(trouble_of(R"({"keys": {"stop": "A"}})").find("needs Ctrl or Alt") != std::string::npos);
    CHECK(trouble_of(R"({"keys": {"stop": "Ctrl+P"}})") ==
          "shortcuts.json:1: keys.stop: Ctrl+P already does \"Pause, continue\" (pause)");
    CHECK(trouble_of(R"({"keys": {"stop": "Ctrl+Tab"}})").find("Next window") != std::string::npos);
    CHECK(trouble_of(R"({"keys": {"stopp": "Ctrl+F4"}})").find("stopp") != std::string::npos);
    CHECK(trouble_of(R"({"keys": {"copy": "Ctrl+F4"}})").find("copy") != std::string::npos);  // built in
    CHECK(trouble_of(R"({"keys": {"stop": 4}})") != "");
    CHECK(trouble_of(R"({"keys": {"stop": ["F2", "F4", "F6", "F7"]}})").find("more than three") != std::string::npos);
    CHECK(trouble_of(R"({"version": 2})") != "");
    CHECK(trouble_of("") != "");
    CHECK(trouble_of("[]") != "");
}

TEST_CASE("the file that is made holds every action that can be changed, and reads as what is in force") {
    const base::TempFolder folder;
    const auto path = shortcuts_path(folder.path());
    REQUIRE(load_shortcuts(path));  // none yet: the usual ones
    REQUIRE(make_shortcuts_file(path, Shortcuts()));
    const auto read = load_shortcuts(path);
    REQUIRE_MESSAGE(read, read.error().message);
    const std::string text = *base::read_file(path, 1 << 20);
    const Shortcuts usual;
    for (const Shortcut& row : usual.all()) {
        CAPTURE(row.id);
        CHECK((text.find("\"" + std::string(row.id) + "\"") != std::string::npos) == !row.is_built_in);
    }
    for (std::size_t i = 0; i < usual.all().size(); ++i) CHECK(chords_of(read->all()[i]) == chords_of(usual.all()[i]));
    // One that is there is left as it is.
    REQUIRE(base::save_file(path, "mine"));
    REQUIRE(make_shortcuts_file(path, Shortcuts()));
    CHECK(*base::read_file(path, 100) == "mine");
}

}  // namespace
}  // namespace llmc::gui
