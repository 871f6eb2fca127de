// Everything in the menus and every key does what it says; nothing needs a mouse.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "base/file.h"
#include "gui/shortcuts.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using engine::Activity;
using gui::Action;
using session::AnswerState;

namespace {

using Condition = std::function<bool()>;

const gui::Shortcuts usual;

// A window with a session in which there is something to do: `rounds` complete ones, then one that streams if wished.
struct Scene {
    World& world;
    PacedServer& server;
    Window& window;

    void say_one_round(const char* prompt) const {
        const int rounds = static_cast<int>(window.now().session.rounds.size());
        server.begin_anew();
        server.say("An answer.");
        server.finish();
        window.send(prompt);
        window.wait_for_rounds(rounds + 1);
    }
    void start_round(const char* prompt) const {
        const int rounds = static_cast<int>(window.now().session.rounds.size());
        server.begin_anew();
        server.say("An answer ");
        window.send(prompt);
        window.wait_until("it streams", [&] {
            return static_cast<int>(window.now().session.rounds.size()) == rounds + 1 &&
                   window.state(rounds + 1, "c1") == AnswerState::streaming;
        });
    }
    void halt(const char* prompt) const {
        server.begin_anew();
        server.drop();
        window.send(prompt);
        window.wait_for_activity(Activity::halted);
        window.wait_until("it is written", [&] { return window.now().is_kept; });
    }
};

void with_scene(const std::function<void(const Scene&)>& play) {
    World world;
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url(), "paced");
    world.add_model("alpha");
    world.add_model("beta");
    world.start([&](Window& window) {
        window.wait_for_models();
        play({world, server, window});
    });
}

// What has to be seen after an action, and what has to be done before it can be.
struct Deed {
    std::function<void(const Scene&)> before;
    std::function<Condition(const Scene&)> effect;  // asked for before the action: it may note how things were
};

Condition shows(Window& window, const char* name) {
    return [&window, name] { return window.is_in_front(name); };
}

Deed showing(const char* name) {
    return {[name](const Scene& scene) {
                if (scene.window.shown(name)) scene.window.hand().WindowClose((std::string("//") + name).c_str());
                scene.window.frames(4);
            },
            [name](const Scene& scene) { return shows(scene.window, name); }};
}

// It cannot be closed: its keys take the keyboard there.
Deed going_to_the_prompt() {
    return {[](const Scene& scene) { scene.window.focus("//###configuration"); },
            [](const Scene& scene) -> Condition {
                return [&window = scene.window] { return window.app().prompt_view().was_typing; };
            }};
}

void one_round(const Scene& scene) {
    scene.say_one_round("One");
}

Deed exporting(const char* extension) {
    return {one_round, [extension](const Scene& scene) -> Condition {
                return [&world = scene.world, extension] { return world.reports(extension).size() == 1; };
            }};
}

Deed arranging(gui::Arrangement before, gui::Arrangement after) {
    return {[before](const Scene& scene) {
                scene.window.app().run(gui::Arrange{before});
                scene.window.frames(8);
            },
            [after](const Scene& scene) -> Condition {
                return [&window = scene.window, after] { return window.app().layout().arrangement() == after; };
            }};
}

Deed sizing(float before, float after) {
    return {[before](const Scene& scene) {
                scene.window.app().run(gui::SetTextSize{before});
                scene.window.frames(4);
            },
            [after](const Scene&) -> Condition {
                const float wanted = gui::make_theme(gui::ThemeKind::dark, after).text.row;
                return [wanted] { return ImGui::GetStyle().FontSizeBase == wanted; };
            }};
}

Deed stepping(int from, int to) {
    return {[from](const Scene& scene) {
                scene.say_one_round("One");
                scene.say_one_round("Two");
                scene.window.click(from == 1 ? "//###answers/round 1" : "//###answers/round 2");
                scene.window.frames(4);
            },
            [to](const Scene& scene) -> Condition {
                return [&window = scene.window, to] {
                    return window.app().candidate_view("c1").conversation.round_in_view() == to;
                };
            }};
}

Deed asking(const std::function<void(const Scene&)>& before = nullptr) {
    return {before, [](const Scene& scene) -> Condition { return [&window = scene.window] { return window.asks(); }; }};
}

Deed voting(session::Vote::Winner winner) {
    return {[](const Scene& scene) {
                one_round(scene);
                scene.window.app().run(gui::ShowPanel{gui::Panel::votes});
                scene.window.wait_until("there is a pair", [&] { return scene.window.has("//###votes/**/tie"); });
            },
            [winner](const Scene& scene) -> Condition {
                return [&window = scene.window, winner] {
                    const auto& votes = window.now().session.rounds.at(0)->votes;
                    return votes == std::vector<session::Vote>{{"c1", "c2", winner}};
                };
            }};
}

Deed becoming(const std::function<void(const Scene&)>& before, Activity activity) {
    return {before, [activity](const Scene& scene) -> Condition {
                return [&window = scene.window, activity] { return window.now().activity == activity; };
            }};
}

std::map<Action, Deed> deeds() {
    using A = gui::Arrangement;
    std::map<Action, Deed> all;
    all[Action::open_session] = asking();
    all[Action::save_session] = asking(one_round);
    all[Action::save_session_as] = asking(one_round);
    all[Action::open_prompts] = asking();
    all[Action::export_report] = exporting(".md");
    all[Action::quit] = asking(one_round);
    all[Action::send] = {[](const Scene& scene) { scene.window.write_prompt("Hello"); },
                         [](const Scene& scene) -> Condition {
                             return [&window = scene.window] { return window.now().session.rounds.size() == 1; };
                         }};
    all[Action::pause] = becoming([](const Scene& scene) { scene.start_round("One"); }, Activity::paused);
    all[Action::stop_after_round] = {[](const Scene& scene) { scene.start_round("One"); },
                                     [](const Scene& scene) -> Condition {
                                         return [&window = scene.window] { return window.now().stops_after_round; };
                                     }};
    all[Action::stop] = {[](const Scene& scene) { scene.start_round("One"); },
                         [](const Scene& scene) -> Condition {
                             return [&window = scene.window] { return window.state(1, "c1") == AnswerState::stopped; };
                         }};
    all[Action::resume] = {[](const Scene& scene) {
                               scene.halt("One");
                               scene.server.begin_anew();
                               scene.server.say("Now.");
                               scene.server.finish();
                           },
                           [](const Scene& scene) -> Condition {
                               return
                                   [&window = scene.window] { return window.state(1, "c1") == AnswerState::complete; };
                           }};
    all[Action::refresh] = {nullptr, [](const Scene& scene) -> Condition {
                                const auto before = scene.window.now().servers[0].refreshed_at;
                                return [&window = scene.window, before] {
                                    return window.now().servers[0].refreshed_at != before;
                                };
                            }};
    all[Action::clear] = asking(one_round);
    all[Action::new_candidate] = {nullptr, [](const Scene&) -> Condition {
                                      return [] { return ImGui::GetCurrentContext()->OpenPopupStack.Size > 0; };
                                  }};
    all[Action::show_candidate] = showing("###candidate:c1");
    all[Action::blind] = {nullptr, [](const Scene& scene) -> Condition {
                              return [&window = scene.window] { return window.now().labels.front() == "A"; };
                          }};
    all[Action::vote_a] = voting(session::Vote::Winner::a);
    all[Action::vote_b] = voting(session::Vote::Winner::b);
    all[Action::vote_tie] = voting(session::Vote::Winner::tie);
    all[Action::vote_both_bad] = voting(session::Vote::Winner::both_bad);
    all[Action::columns] = arranging(A::grid, A::columns);
    all[Action::grid] = arranging(A::columns, A::grid);
    all[Action::tabs] = arranging(A::columns, A::tabs);
    all[Action::zoom] = {nullptr, [](const Scene& scene) -> Condition {
                             return [&window = scene.window] { return window.app().layout().is_zoomed(); };
                         }};
    all[Action::round_before] = stepping(2, 1);
    all[Action::round_after] = stepping(1, 2);
    all[Action::text_larger] = sizing(1, 1.1F);
    all[Action::text_smaller] = sizing(1.5F, 1.4F);
    all[Action::text_usual] = sizing(1.7F, 1);
    all[Action::palette] = {nullptr, [](const Scene& scene) -> Condition {
                                return [&window = scene.window] { return window.has("//$FOCUSED/##query/##field"); };
                            }};
    all[Action::find] = {nullptr, [](const Scene& scene) -> Condition {
                             return [&window = scene.window] {
                                 return window.app().candidate_view("c1").is_finding ||
                                        window.app().candidate_view("c2").is_finding;
                             };
                         }};
    all[Action::find_in_all] = {nullptr, [](const Scene& scene) -> Condition {
                                    return [&window = scene.window] {
                                        return window.app().candidate_view("c1").is_finding &&
                                               window.app().candidate_view("c2").is_finding;
                                    };
                                }};
    return all;
}

}  // namespace

TEST_CASE("every shortcut does what its name says") {
    const auto all = deeds();
    for (const gui::Shortcut& one : usual.all()) {
        if (one.is_built_in) continue;
        std::vector<ImGuiKeyChord> chords;
        if (one.chord != 0) chords.push_back(one.chord);
        for (const ImGuiKeyChord other : one.others)
            if (other != 0) chords.push_back(other);
        for (const ImGuiKeyChord chord : chords) {
            const bool is_panel = one.action == Action::show_panel;
            const auto known = all.find(one.action);
            REQUIRE_MESSAGE((is_panel || known != all.end()), std::string(one.name));
            const Deed deed = one.panel == gui::Panel::prompt ? going_to_the_prompt()
                              : is_panel                      ? showing(gui::row_of(one.panel).dock_name())
                                                              : known->second;
            with_scene([&](const Scene& scene) {
                const std::string name = one.name;
                CAPTURE(name);
                CAPTURE(gui::chord_text(chord));
                if (deed.before) deed.before(scene);
                const Condition effect = deed.effect(scene);
                CHECK_FALSE(effect());
                scene.window.press(chord);
                scene.window.wait_until(one.name, effect);
            });
        }
    }
}

TEST_CASE("every item of the menus is there and does what it says") {
    auto all = deeds();
    struct Item {
        const char* path;
        Deed deed;
    };
    const auto toggling = [](const char* name) -> Deed {
        return {[name](const Scene& scene) {
                    if (scene.window.shown(name)) scene.window.hand().WindowClose((std::string("//") + name).c_str());
                    scene.window.frames(4);
                },
                [name](const Scene& scene) { return shows(scene.window, name); }};
    };
    const Deed answering{[](const Scene& scene) {
                             scene.window.app().run(gui::ShowPanel{gui::Panel::log});
                             scene.window.frames(6);
                         },
                         [](const Scene& scene) { return shows(scene.window, "###answers"); }};
    const auto theme = [](gui::ThemeKind before, gui::ThemeKind after) -> Deed {
        return {[before](const Scene& scene) {
                    scene.window.app().run(gui::SetTheme{before});
                    scene.window.frames(3);
                },
                [after](const Scene&) -> Condition {
                    const ImU32 wanted = gui::make_theme(after, 1)[gui::Role::bg1];
                    return [wanted] { return ImGui::GetColorU32(ImGuiCol_WindowBg) == wanted; };
                }};
    };
    const Item items[] = {
        {"File/Open session…", all[Action::open_session]},
        {"File/Save session", all[Action::save_session]},
        {"File/Save session as…", all[Action::save_session_as]},
        {"File/Open prompts…", all[Action::open_prompts]},
        {"File/Import…", asking()},
        {"File/Export Markdown", exporting(".md")},
        {"File/Export JSON", exporting(".json")},
        {"File/Export HTML", exporting(".html")},
        {"File/Export CSV", exporting(".csv")},
        {"File/Report folder",
         {nullptr,
          [](const Scene& scene) -> Condition {
              return [&world = scene.world] { return !world.opened_folders.empty(); };
          }}},
        {"File/Quit", all[Action::quit]},
        {"Session/###send", all[Action::send]},
        {"Session/Open prompts to run…", all[Action::open_prompts]},
        {"Session/###pause", all[Action::pause]},
        {"Session/Stop after this round", all[Action::stop_after_round]},
        {"Session/Stop now", all[Action::stop]},
        {"Session/Resume", all[Action::resume]},
        {"Session/Add a candidate…", all[Action::new_candidate]},
        {"Session/Refresh manifests", all[Action::refresh]},
        {"Session/Clear session", all[Action::clear]},
        {"View/Configuration", toggling("###configuration")},
        {"View/Prompt", going_to_the_prompt()},
        {"View/Answers", answering},
        {"View/Metrics", toggling("###metrics")},
        {"View/Report preview", toggling("###report")},
        {"View/Log", toggling("###log")},
        {"View/Columns", all[Action::columns]},
        {"View/Grid", all[Action::grid]},
        {"View/Tabs", all[Action::tabs]},
        {"View/Whole stage, and back", all[Action::zoom]},
        {"View/Round before", all[Action::round_before]},
        {"View/Round after", all[Action::round_after]},
        {"View/Reset layout", arranging(gui::Arrangement::tabs, gui::Arrangement::automatic)},
        {"View/Dark theme", theme(gui::ThemeKind::light, gui::ThemeKind::dark)},
        {"View/Light theme", theme(gui::ThemeKind::dark, gui::ThemeKind::light)},
        {"View/Larger text", all[Action::text_larger]},
        {"View/Smaller text", all[Action::text_smaller]},
        {"View/Usual text size", all[Action::text_usual]},
        {"Edit/Find…", all[Action::find]},
        {"Edit/Find in all conversations…", all[Action::find_in_all]},
        {"Judge/Compare", toggling("###compare")},
        {"Judge/###blind", all[Action::blind]},
        {"Judge/Votes", toggling("###votes")},
        {"Judge/Suites", toggling("###suite")},
        {"Judge/Open suite…", asking()},
        {"Judge/Loop", toggling("###loop")},
        {"Judge/Casting sheet", toggling("###casting")},
        {"Help/Shortcuts", showing("###shortcuts")},
        {"Help/Start demo servers",
         {nullptr,
          [](const Scene& scene) -> Condition {
              return [&window = scene.window] { return window.now().servers.size() == 3; };
          }}},
        {"Help/About", toggling("###about")},
    };
    for (const Item& item : items) {
        with_scene([&](const Scene& scene) {
            const std::string path = item.path;
            CAPTURE(path);
            if (item.deed.before) item.deed.before(scene);
            const Condition effect = item.deed.effect(scene);
            CHECK_FALSE(effect());
            scene.window.choose(item.path);
            scene.window.wait_until(item.path, effect);
        });
    }
}

TEST_CASE("the palette does what stands in the menus, found by some letters") {
    with_scene([](const Scene& scene) {
        Window& window = scene.window;
        const auto choose = [&](const char* letters) {
            window.press(usual.of(Action::palette).chord);
            window.wait_until("the palette", [&] { return window.has("//$FOCUSED/##query/##field"); });
            window.type(letters);
            window.press(ImGuiKey_Enter);
            CHECK_FALSE(window.has("//$FOCUSED/##query/##field"));
        };
        choose("light th");
        window.wait_until("it is light", [] { return ImGui::GetStyle().Colors[ImGuiCol_WindowBg].x > 0.9F; });
        choose("grid");
        CHECK(window.app().layout().arrangement() == gui::Arrangement::grid);
        // A window is shown, also one that is open already.
        choose("log");
        CHECK(window.is_in_front("###log"));
        choose("log");
        CHECK(window.is_in_front("###log"));
        // A candidate by its label, with the arrows: the second one.
        window.press(usual.of(Action::palette).chord);
        window.type("beta");
        window.press(ImGuiKey_Escape);
        CHECK_FALSE(window.has("//$FOCUSED/##query/##field"));
        choose("candidates beta");
        window.wait_until("it has the focus", [] {
            return ImGui::GetCurrentContext()->NavWindow &&
                   std::string_view(ImGui::GetCurrentContext()->NavWindow->RootWindow->Name).ends_with("candidate:c2");
        });
        // What cannot be done is not in it.
        window.press(usual.of(Action::palette).chord);
        window.type("clear session");
        window.press(ImGuiKey_Enter);
        CHECK_FALSE(window.asks());
        window.press(ImGuiKey_Escape);
        scene.say_one_round("One");
        choose("round 1 one");
        CHECK(window.app().candidate_view("c1").conversation.round_in_view() == 1);
        choose("clear session");
        CHECK(window.asks());
    });
}

TEST_CASE("what is chosen in the palette stays chosen while answers arrive and more can be done") {
    with_scene([](const Scene& scene) {
        Window& window = scene.window;
        scene.server.say("An answer.");
        scene.server.finish();
        window.press(usual.of(Action::palette).chord);
        window.wait_until("the palette", [&] { return window.has("//$FOCUSED/##query/##field"); });
        window.press(ImGuiKey_DownArrow);
        window.press(ImGuiKey_DownArrow);
        window.press(ImGuiKey_DownArrow);  // "Report folder", while there is nothing to save
        window.app().run(gui::ToEngine{engine::Send{{"One"}}});
        window.wait_for_rounds(1);
        window.frames(3);
        window.press(ImGuiKey_Enter);
        window.wait_until("the folder is opened", [&] { return !scene.world.opened_folders.empty(); });
        CHECK_FALSE(window.asks());
    });
}

TEST_CASE(
    "keys are the user's own where shortcuts.json says so, and it is read anew when the window is looked at again") {
    World world;
    REQUIRE(base::save_file(world.path("config") / "shortcuts.json", R"({"keys": {"grid": "F9", "tabs": null}})"));
    world.start([&](Window& window) {
        window.wait_until("they are read", [&] { return window.app().is_idle(); });
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_1);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_2);
        CHECK(window.app().layout().arrangement() == gui::Arrangement::columns);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_3);
        CHECK(window.app().layout().arrangement() == gui::Arrangement::columns);
        window.press(ImGuiKey_F9);
        CHECK(window.app().layout().arrangement() == gui::Arrangement::grid);

        const auto come_back = [&] {
            window.app().on_focus();
            window.wait_until("it is read", [&] { return window.app().is_idle(); });
            window.frames(2);
        };
        REQUIRE(base::save_file(world.path("config") / "shortcuts.json", R"({"keys": {"tabs": "F10+"}})"));
        come_back();
        CHECK(window.has_toast("there is no chord"));
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_1);
        window.press(ImGuiKey_F9);
        CHECK(window.app().layout().arrangement() == gui::Arrangement::grid);  // as before

        REQUIRE(base::save_file(world.path("config") / "shortcuts.json", R"({"keys": {"tabs": "F9"}})"));
        come_back();
        window.press(ImGuiKey_F9);
        CHECK(window.app().layout().arrangement() == gui::Arrangement::tabs);

        window.choose("Help/Change keys…");
        window.wait_until("it is opened", [&] { return !world.opened_folders.empty(); });
        CHECK(world.opened_folders.front().filename() == "shortcuts.json");
    });
}

TEST_CASE("the menu bar is reached by Alt, F10 and a letter, and left by Esc") {
    with_scene([](const Scene& scene) {
        Window& window = scene.window;
        const auto is_in_bar = [] {
            const ImGuiContext& context = *ImGui::GetCurrentContext();
            return context.NavWindow && context.NavLayer == ImGuiNavLayer_Menu &&
                   std::string_view(context.NavWindow->Name) == "##MainMenuBar";
        };
        for (const ImGuiKeyChord keys :
             {static_cast<ImGuiKeyChord>(ImGuiKey_F10), static_cast<ImGuiKeyChord>(ImGuiKey_LeftAlt)}) {
            window.focus("//###prompt");
            window.press(keys);
            window.wait_until("the bar", is_in_bar);
            window.press(ImGuiKey_Escape);
            CHECK_FALSE(is_in_bar());
        }
        // From a field that somebody types in, too; the letter is not typed.
        window.write_prompt("typed");
        window.press(ImGuiMod_Alt | ImGuiKey_J);
        window.wait_until("the menu is open", [&] { return window.has("//$FOCUSED/Compare"); });
        window.press(ImGuiKey_DownArrow);
        window.press(ImGuiKey_Enter);
        window.frames(4);
        CHECK(window.app().prompt_view().text == "typed");
        // Alt with an arrow is no call of the bar.
        window.press(ImGuiMod_Alt | ImGuiKey_LeftArrow);
        CHECK_FALSE(is_in_bar());
    });
}

TEST_CASE("typing is taken back by words, by keys and by the Edit menu, which acts on the field in focus") {
    with_scene([](const Scene& scene) {
        Window& window = scene.window;
        const std::string& text = window.app().prompt_view().text;
        window.focus("//###prompt");
        window.write_prompt("");
        for (const char letter : std::string("one two three")) window.type(std::string(1, letter));
        window.press(ImGuiMod_Ctrl | ImGuiKey_Z);
        CHECK(text == "one two ");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Z);
        CHECK(text == "one ");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Y);
        CHECK(text == "one two ");
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_Z);
        CHECK(text == "one two three");
        // A long text, too.
        const std::string pasted(20'000, 'x');
        ImGui::SetClipboardText(pasted.c_str());
        window.press(ImGuiMod_Ctrl | ImGuiKey_V);
        CHECK(text == "one two three" + pasted);
        window.press(ImGuiMod_Ctrl | ImGuiKey_Z);
        CHECK(text == "one two three");

        const auto edit = [&](const char* item) {
            window.choose((std::string("Edit/") + item).c_str());
            window.frames(6);
        };
        edit("Undo");
        CHECK(text == "one two ");
        edit("Redo");
        CHECK(text == "one two three");
        edit("Select all");
        edit("Cut");
        CHECK(text.empty());
        CHECK(std::string(ImGui::GetClipboardText()) == "one two three");
        edit("Paste");
        edit("Paste");
        CHECK(text == "one two threeone two three");
    });
}

TEST_CASE("what is selected in an answer is copied by the Edit menu, by mouse and by keys") {
    with_scene([](const Scene& scene) {
        Window& window = scene.window;
        const auto copied = [&] {
            const std::string text = window.clipboard();
            ImGui::SetClipboardText("");
            return text;
        };
        scene.say_one_round("Hello");
        window.press(ImGuiMod_Ctrl | ImGuiKey_3);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.press(ImGuiMod_Ctrl | ImGuiKey_C);
        const std::string all = copied();
        REQUIRE(!all.empty());
        window.choose("Edit/Copy");
        window.frames(6);
        CHECK(copied() == all);
        window.press(ImGuiMod_Alt | ImGuiKey_E);
        window.wait_until("the menu is open", [&] { return window.has("//$FOCUSED/Copy"); });
        const ImGuiID item = window.hand().GetID("//$FOCUSED/Copy");
        do window.press(ImGuiKey_DownArrow);
        while (ImGui::GetCurrentContext()->NavId != item);
        window.press(ImGuiKey_Enter);
        window.frames(6);
        CHECK(copied() == all);
    });
}

TEST_CASE("Esc closes a window that stands above the others") {
    with_scene([](const Scene& scene) {
        Window& window = scene.window;
        window.press(ImGuiKey_F1);
        window.wait_until("the keys", [&] { return window.has("//###shortcuts/**/Change keys…"); });
        window.press(ImGuiKey_Escape);
        window.frames(4);
        CHECK_FALSE(window.is_in_front("###shortcuts"));
        CHECK(window.is_in_front("###prompt"));
    });
}

TEST_CASE("what cannot be done now is grey in the menus, and its keys do nothing") {
    with_scene([](const Scene& scene) {
        Window& window = scene.window;
        const char* greys[] = {"File/Save session", "File/Export Markdown", "Session/###pause",
                               "Session/Stop now",  "Session/Resume",       "Session/Clear session"};
        for (const char* path : greys) {
            const std::string whole = path;
            CAPTURE(whole);
            window.hand().SetRef("//##MainMenuBar");
            window.hand().MenuAction(ImGuiTestAction_Open, whole.substr(0, whole.find('/')).c_str());
            window.hand().SetRef(ImGuiTestRef());
            CHECK_FALSE(window.is_enabled(("//$FOCUSED/" + whole.substr(whole.find('/') + 1)).c_str()));
            window.hand().PopupCloseAll();
        }
        for (const Action action : {Action::export_report, Action::save_session, Action::pause, Action::stop,
                                    Action::resume, Action::clear}) {
            window.press(usual.of(action).chord);
            CHECK_FALSE(window.asks());
            CHECK(window.now().activity == Activity::idle);
        }
        CHECK(scene.world.reports(".md").empty());
    });
}

TEST_CASE("a comparison is set up and run without a mouse") {
    World world;
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url(), "paced");
    server.say("By keys.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.press(ImGuiMod_Ctrl | ImGuiKey_N);
        window.frames(4);
        window.type("alp");
        window.press(ImGuiKey_Enter);
        window.frames(3);
        window.press(ImGuiKey_DownArrow);
        window.press(ImGuiKey_Enter);
        window.frames(3);
        window.press(ImGuiKey_Escape);
        window.press(ImGuiKey_Escape);
        window.wait_until("two candidates are there", [&] { return window.now().session.candidates.size() == 2; });
        CHECK(window.now().session.candidates[0].model_id == "alpha");
        CHECK(window.now().session.candidates[1].model_id == "beta");
        // Tab goes through the panel; Space presses a button when it is there.
        window.press(ImGuiMod_Ctrl | ImGuiKey_2);
        window.press(ImGuiMod_Ctrl | ImGuiKey_1);
        const ImGuiID save = window.hand().GetID("//###configuration/Save as default");
        for (int i = 0; i < 60 && ImGui::GetCurrentContext()->NavId != save; ++i) window.press(ImGuiKey_Tab);
        REQUIRE(ImGui::GetCurrentContext()->NavId == save);
        window.press(ImGuiKey_Space);
        window.wait_until("it is saved", [&] { return std::filesystem::exists(world.path("config") / "config.json"); });
        window.press(ImGuiMod_Ctrl | ImGuiKey_2);
        window.frames(3);
        window.type("Hello");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        window.wait_for_rounds(1);
        CHECK(window.answer(1, "c1").text() == "By keys.");
        // A conversation is read and copied by keys too.
        window.press(ImGuiMod_Ctrl | ImGuiKey_3);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.press(ImGuiMod_Ctrl | ImGuiKey_C);
        CHECK(window.clipboard() == "[User]\nHello\n\n[Assistant]\nBy keys.");
        window.press(ImGuiMod_Ctrl | ImGuiKey_E);
        window.wait_until("it is written", [&] { return world.reports(".md").size() == 1; });
    });
}
