// From nothing to a report.
#include <atomic>

#include "demo/listener.h"
#include "report/report.h"
#include "stories/drawn_text.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

TEST_CASE("somebody without a server tries the demo servers, asks, and exports what was said") {
    World world;
    world.start([&](Window& window) {
        window.wait_until("nobody is found", [&] { return !window.app().setup().is_discovering; });
        REQUIRE(window.shown("###welcome"));
        window.click("//###welcome/Try it with demo servers");
        window.wait_for_models();
        for (const char* name : {"###candidate:c1", "###candidate:c2", "###candidate:c3"}) CHECK(window.shown(name));
        CHECK_FALSE(window.shown("###welcome"));

        window.wait_until("the prompt box has the keyboard", [&] { return window.app().prompt_view().was_typing; });
        window.type("Say hello");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        CHECK(window.app().prompt_view().text.empty());
        window.wait_for_rounds(1);
        for (const char* id : {"c1", "c2", "c3"}) {
            CHECK(window.state(1, id) == AnswerState::complete);
            CHECK_FALSE(window.answer(1, id).text().empty());
        }
        CHECK_FALSE(window.answer(1, "c2").reasoning().empty());

        // Typing goes on where it was, without a click.
        window.type("And goodbye");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        window.wait_for_rounds(2);

        CHECK_FALSE(window.now().is_kept);
        const struct {
            const char *item, *extension;
            report::Format format;
        } exports[] = {
            {"File/Export Markdown", ".md", report::format_of("md")},
            {"File/Export JSON", ".json", report::format_of("json")},
            {"File/Export HTML", ".html", report::format_of("html")},
            {"File/Export CSV", ".csv", report::format_of("csv")},
        };
        std::size_t written = 0;
        for (const auto& one : exports) {
            const std::string item = one.item;
            CAPTURE(item);
            window.choose(one.item);
            window.wait_until("the report is written", [&] { return window.now().reports.size() > written; });
            ++written;
            const auto files = world.reports(one.extension);
            REQUIRE(files.size() == 1);
            CHECK(window.has_toast("Written: " + files[0].filename().string()));
            // Apart from when it was made, it says what is on show.
            const auto without_time = [](std::string text) {
                for (const std::string_view key : {"**Generated:** ", "\"generated_at\": \"", "Generated</dt><dd>"}) {
                    const std::size_t at = text.find(key);
                    if (at != std::string::npos) text.erase(at + key.size(), 19);
                }
                return text;
            };
            CHECK(without_time(base::content_of(files[0])) ==
                  without_time(report::render(one.format, window.now().session, base::SystemClock().wall())));
        }
        CHECK(window.now().is_kept);
        CHECK(window.shown("###report"));
        window.choose("File/Report folder");
        REQUIRE(world.opened_folders.size() == 1);
        CHECK(world.opened_folders[0] == world.path("reports"));
    });
}

TEST_CASE("the start offers to look again and to stop the demo servers") {
    World world;
    world.start([&](Window& window) {
        window.wait_until("nobody is found", [&] { return !window.app().setup().is_discovering; });
        window.click("//###welcome/Look again");
        window.wait_until("nobody is found", [&] { return !window.app().setup().is_discovering; });
        window.choose("Help/Start demo servers");
        window.wait_for_models();
        CHECK(window.app().setup().in_force.servers.size() == 2);
        window.choose("Help/Stop demo servers");
        window.wait_until("no server is left", [&] { return window.app().setup().in_force.servers.empty(); });
        window.write_prompt("Anybody there?");
        CHECK_FALSE(window.is_enabled("//###prompt/###primary"));
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        CHECK(window.has_toast("Add a server first"));
        CHECK(window.now().session.rounds.empty());
        // Nothing of this was saved as a choice of the user.
        CHECK_FALSE(std::filesystem::exists(world.path("config") / "config.json"));
    });
}

namespace {

int port_of(const PacedServer& server) {
    return net::BaseUrl::parse(server.url()).value().port();
}

}  // namespace

TEST_CASE("models of all servers that run on this machine are ticked and compared") {
    World world;
    PacedServer first({"alpha", "beta"}), second({"gamma"});
    world.discovery_ports = {port_of(first), port_of(second)};
    for (PacedServer* server : {&first, &second}) {
        server->say("Found.");
        server->finish();
    }
    world.start([&](Window& window) {
        window.wait_until("both are found", [&] { return window.app().setup().discovered.size() == 2; });
        window.frames(3);
        REQUIRE(window.has("//###welcome/###compare"));
        // Two are proposed; another choice, of both servers, by mouse.
        window.click(window.in("//###welcome", "models", "beta"));
        window.click(window.in("//###welcome", "models", "gamma"));
        window.click("//###welcome/###compare");
        window.wait_until("both are candidates", [&] { return window.now().session.candidates.size() == 2; });
        CHECK(window.now().session.candidates[0].model_id == "alpha");
        CHECK(window.now().session.candidates[1].model_id == "gamma");
        CHECK(window.app().setup().in_force.servers.size() == 2);
        window.wait_until("the prompt box has the keyboard", [&] { return window.app().prompt_view().was_typing; });
        window.type("Hello");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        window.wait_for_rounds(1);
        CHECK(window.answer(1, "c2").text() == "Found.");
        // The first choice is what the next start begins with.
        window.wait_until("it is saved", [&] { return std::filesystem::exists(world.path("config") / "config.json"); });
        window.wait_until("the window knows it", [&] { return window.app().setup().is_stored(); });
    });
}

TEST_CASE("from the first start to the first report with two servers that are found: six keys") {
    World world;
    PacedServer first({"alpha", "beta"}), second({"gamma"});
    world.discovery_ports = {port_of(first), port_of(second)};
    for (PacedServer* server : {&first, &second}) {
        server->say("Found.");
        server->finish();
    }
    world.start([&](Window& window) {
        int keys = 0;
        const auto press = [&](ImGuiKeyChord chord) {
            ++keys;
            window.press(chord);
        };
        window.wait_until("both are found", [&] { return window.app().setup().discovered.size() == 2; });
        window.frames(5);
        // The keyboard is on what is proposed: from there back to the third model, and it is ticked too.
        press(ImGuiMod_Shift | ImGuiKey_Tab);
        press(ImGuiKey_Space);
        press(ImGuiKey_Tab);
        press(ImGuiKey_Enter);
        window.wait_until("all are candidates", [&] { return window.now().session.candidates.size() == 3; });
        window.wait_until("the prompt box has the keyboard", [&] { return window.app().prompt_view().was_typing; });
        window.type("Hello");
        press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        window.wait_for_rounds(1);
        press(ImGuiMod_Ctrl | ImGuiKey_E);
        window.wait_until("the report is there", [&] { return world.reports(".md").size() == 1; });
        CHECK(base::content_of(world.reports(".md")[0]).find("gamma") != std::string::npos);
        MESSAGE("clicks and keys, what is typed as the prompt aside: ", keys);
        CHECK(keys <= 8);
    });
}

TEST_CASE("a config.json that could not be read is told and never written over") {
    World world;
    auto demo = world.demo();
    std::filesystem::create_directories(world.path("config"));
    world.write("config/config.json", "{ broken");
    world.config_trouble = "config.json:1: not JSON";
    world.start([&](Window& window) {
        window.wait_for_models();
        CHECK(window.has_toast("not JSON"));
        (void)window.app().setup().new_candidate("demo-fast");
        window.wait_until("it is in force", [&] { return window.now().session.candidates.size() == 1; });
        CHECK_FALSE(window.is_enabled("//###configuration/Save as default"));
        window.app().run(gui::SaveSetup{});
        window.wait_until("nothing is being written", [&] { return window.app().is_idle(); });
        CHECK_FALSE(window.app().setup().is_stored());
        CHECK(base::content_of(world.path("config") / "config.json") == "{ broken");
    });
}

TEST_CASE("the window can be closed while a server is looked for that never answers") {
    World world;
    std::atomic<bool> is_asked = false;
    auto silent = demo::Listener::start([&](demo::Connection& connection) {
        is_asked = true;
        while (connection.wait(std::chrono::seconds{60})) continue;  // until the peer is gone
    });
    REQUIRE(silent.ok());
    world.discovery_ports = {silent->port()};
    world.start([&](Window& window) {
        window.wait_until("it is asked", [&] { return is_asked.load(); });
        CHECK(window.app().setup().is_discovering);
        window.choose("File/Quit");
        window.frames(2);
        CHECK(window.app().wants_to_quit());
    });
}

TEST_CASE("Help, Check for problems says what is wrong, what to do, and copies it without keys") {
    World world;
    auto demo = world.demo();
    world.add_server("http://127.0.0.1:9", "gone");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.choose("Help/Check for problems");
        window.wait_until("it has looked", [&] { return window.can_use("//###doctor/Copy all"); });
        DrawnText drawn;
        window.frames(2);
        CHECK_FALSE(drawn.find("1 problem to be mended").empty());
        CHECK_FALSE(drawn.find("gone").empty());
        window.in_all_looks([&] { window.frames(2); });
        window.click("//###doctor/Copy all");
        window.frames(2);
        CHECK(window.clipboard().find("problem  servers") != std::string::npos);
        CHECK(window.clipboard().find("versions") != std::string::npos);
    });
}
