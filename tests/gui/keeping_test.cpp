#include "gui/keeping.h"

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

using engine::Activity;

// A session with something to lose, and what Keeping has asked for.
struct Scene {
    engine::Snapshot now;
    std::vector<engine::Command> posted;
    int questions = 0, asked_where = 0;
    bool is_done = false;
    Keeping keeping{{.post = [this](engine::Command command) { posted.push_back(std::move(command)); },
                     .ask = [this](AfterKeeping, bool) { ++questions; },
                     .ask_where = [this] { ++asked_where; },
                     .report_folder = [] { return std::filesystem::path("reports"); }}};

    Scene() { now.is_kept = false; }
    void before(AfterKeeping what = AfterKeeping::clear) {
        keeping.before(what, now, [this] { is_done = true; });
    }
    template <class T>
    int count() const {
        return static_cast<int>(std::ranges::count_if(
            posted, [](const engine::Command& command) { return std::holds_alternative<T>(command); }));
    }
};

TEST_CASE("what is in a file is given up without a question") {
    Scene scene;
    scene.now.is_kept = true;
    scene.before();
    CHECK(scene.is_done);
    CHECK(scene.questions == 0);
}

TEST_CASE("answers are stopped, then the file is written, then what waited is done") {
    Scene scene;
    scene.now.activity = Activity::running;
    scene.before();
    CHECK(scene.questions == 1);
    scene.keeping.go_on(scene.now);
    CHECK(scene.posted.empty());  // nothing before the question is answered

    scene.keeping.save_first(scene.now);
    CHECK(scene.count<engine::StopNow>() == 1);
    scene.keeping.go_on(scene.now);
    CHECK(scene.asked_where == 0);

    scene.now.activity = Activity::idle;
    scene.keeping.go_on(scene.now);
    scene.keeping.go_on(scene.now);
    CHECK(scene.asked_where == 1);  // once
    scene.keeping.save_at("kept.llmc.json");
    CHECK(scene.count<engine::Save>() == 1);
    CHECK_FALSE(scene.is_done);

    scene.keeping.written("kept.llmc.json");
    scene.now.is_kept = true;
    scene.keeping.go_on(scene.now);
    CHECK(scene.is_done);
}

TEST_CASE("a write that fails, and a file that is not chosen, give nothing up") {
    for (const bool fails : {true, false}) {
        CAPTURE(fails);
        Scene scene;
        scene.before();
        scene.keeping.save_first(scene.now);
        scene.keeping.go_on(scene.now);
        if (fails)
            scene.keeping.unwritten();
        else
            scene.keeping.cancel();
        scene.now.is_kept = true;  // by something else, later
        scene.keeping.go_on(scene.now);
        CHECK_FALSE(scene.is_done);
    }
}

TEST_CASE("what is thrown away waits only for what still runs") {
    Scene scene;
    scene.before();
    scene.keeping.discard(scene.now);
    CHECK(scene.is_done);
    CHECK(scene.posted.empty());

    Scene busy;
    busy.now.activity = Activity::running;
    busy.before();
    busy.keeping.discard(busy.now);
    CHECK_FALSE(busy.is_done);
    CHECK(busy.count<engine::StopNow>() == 1);
    busy.now.activity = Activity::idle;
    busy.keeping.go_on(busy.now);
    CHECK(busy.is_done);
}

TEST_CASE("a session has the file that was written, not the one that is being written") {
    Scene scene;
    scene.keeping.save_at("one.llmc.json");
    CHECK(scene.keeping.file().empty());
    scene.keeping.unwritten();
    CHECK(scene.keeping.file().empty());

    scene.keeping.save_at("two.llmc.json");
    scene.keeping.written("report.md");
    CHECK(scene.keeping.file().empty());
    scene.keeping.written("two.llmc.json");
    CHECK(scene.keeping.file() == "two.llmc.json");
    scene.keeping.save(false);
    CHECK(scene.asked_where == 0);

    // The session that was being written is gone when its file is there: the new one must not take it over.
    scene.keeping.save_at("three.llmc.json");
    scene.keeping.begun();
    scene.keeping.written("three.llmc.json");
    CHECK(scene.keeping.file().empty());
    scene.keeping.opened("report.json", true);  // no session file: the next save asks where
    CHECK(scene.keeping.file().empty());
    CHECK(scene.keeping.shown() == "report.json");
    scene.keeping.opened("four.json", false);  // whatever its name is
    CHECK(scene.keeping.file() == "four.json");
    CHECK(scene.keeping.shown() == "four.json");
    scene.keeping.begun();
    CHECK(scene.keeping.shown().empty());
}

}  // namespace
}  // namespace llmc::gui
