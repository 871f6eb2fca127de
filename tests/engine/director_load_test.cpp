// Loading and unloading by command.
#include <doctest/doctest.h>

#include "director.h"
#include "fake_world.h"

using namespace llmc;
using namespace llmc::test;
using engine::Event;
using openai::LoadState;

namespace {

openai::Manifest studio(LoadState state = LoadState::not_loaded, const char* kind = "LM Studio") {
    openai::Manifest made = manifest({"a", "b"});
    made.dialect = openai::find_dialect(kind);
    for (auto& model : made.models) model.state = state;
    return made;
}

// A server with such a manifest, configured and asked.
void begin(FakeWorld& world, const Result<openai::Manifest>& manifest) {
    world.set_up({server("127.0.0.1:1", 2)}, {candidate("a")});
    world.answer_manifests(manifest);
}

int key(const FakeWorld& world) {
    return world.now().servers.at(0).key;
}

void reply(FakeWorld& world, const Result<void>& outcome) {
    const engine::LoadQuery query = world.load_changes.at(0);
    world.load_changes.clear();
    world.director.handle(engine::LoadReply{query.server_key, query.change, outcome});
}

}  // namespace

TEST_CASE("a model is loaded by command, the server is busy meanwhile, and its manifest is asked for afterwards") {
    FakeWorld world;
    begin(world, studio());
    world.command(engine::LoadModel{key(world), "a", 4096});
    REQUIRE(world.load_changes.size() == 1);
    CHECK(world.load_changes[0].change.model == "a");
    CHECK(world.load_changes[0].change.direction == openai::LoadChange::Direction::load);
    CHECK(world.load_changes[0].change.context_length == 4096);
    CHECK(world.now().servers[0].busy_with == "loading a");
    CHECK(world.manifest_queries.empty());
    reply(world, {});
    CHECK(world.now().servers[0].busy_with.empty());
    CHECK(world.events.back().kind == Event::Kind::server);
    CHECK(world.events.back().text == "127.0.0.1:1 has loaded a");
    CHECK(world.manifest_queries.size() == 1);
}

TEST_CASE("a load that fails is an error in the server's words") {
    FakeWorld world;
    begin(world, studio());
    world.command(engine::LoadModel{key(world), "a", {}});
    reply(world, Error{ErrorKind::model, "answered POST /api/v1/models/load with HTTP 500: no memory."});
    CHECK(world.events.back().kind == Event::Kind::error);
    CHECK(world.events.back().text ==
          "127.0.0.1:1 answered POST /api/v1/models/load with HTTP 500: no memory. a was not loaded.");
    CHECK(world.now().servers[0].busy_with.empty());
}

TEST_CASE("what cannot be loaded or unloaded is refused in words and asks nothing of the server") {
    struct Case {
        const char* name;
        Result<openai::Manifest> manifest;
        engine::Command command;
        const char* words;
    };
    const auto load = [](const std::string& model, std::optional<std::int64_t> context = {}) {
        return engine::Command{engine::LoadModel{1, model, context}};
    };
    const Case cases[] = {
        {"a server without a way", studio(LoadState::loaded, "vLLM"), load("a"), "vLLM, which has no way"},
        {"a server that is away", Error{ErrorKind::connection, "refused the connection"}, load("a"),
         "refused the connection"},
        {"a server that is not configured", studio(), engine::UnloadModel{77, "a"}, "not configured"},
        {"a model it does not have", studio(), load("nope"), "does not have the model nope"},
        {"a model that is loaded", studio(LoadState::loaded), load("a"), "has a loaded already"},
        {"a context length it does not take", studio(LoadState::not_loaded, "Ollama"), load("a", 4096),
         "context length from its own settings"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        FakeWorld world;
        begin(world, one.manifest);
        world.command(one.command);
        CHECK(world.load_changes.empty());
        REQUIRE_FALSE(world.events.empty());
        CHECK(world.events.back().kind == Event::Kind::error);
        CHECK(world.events.back().text.find(one.words) != std::string::npos);
    }
}

TEST_CASE("a server loads or unloads one model at a time") {
    FakeWorld world;
    begin(world, studio());
    world.command(engine::LoadModel{key(world), "a", {}});
    world.command(engine::LoadModel{key(world), "b", {}});
    CHECK(world.load_changes.size() == 1);
    CHECK(world.events.back().text == "127.0.0.1:1 is loading a already.");
}

TEST_CASE("a model is not unloaded while it answers") {
    FakeWorld world;
    begin(world, studio(LoadState::loaded));
    world.send({"hello"});
    REQUIRE(world.jobs.size() == 1);
    world.command(engine::UnloadModel{key(world), "a"});
    CHECK(world.load_changes.empty());
    CHECK(world.events.back().text.find("is answering") != std::string::npos);
    world.complete(0);
    world.command(engine::UnloadModel{key(world), "a"});
    CHECK(world.load_changes.size() == 1);
}

TEST_CASE("a manifest that was on its way during a load is asked for once more") {
    FakeWorld world;
    begin(world, studio());
    world.command(engine::LoadModel{key(world), "a", {}});
    world.command(engine::RefreshManifests{});
    REQUIRE(world.manifest_queries.size() == 1);
    reply(world, {});
    CHECK(world.manifest_queries.size() == 1);  // not two at a time
    world.answer_manifests(studio());           // as it was before the load
    REQUIRE(world.manifest_queries.size() == 1);
    world.answer_manifests(studio(LoadState::loaded));
    CHECK(world.manifest_queries.empty());
    CHECK(world.now().servers[0].manifest->find("a")->state == LoadState::loaded);
}

TEST_CASE("nothing is ever loaded or unloaded without a command") {
    FakeWorld world;
    begin(world, studio());
    world.send({"one", "two"});
    world.complete(0);
    world.complete(0);
    world.command(engine::Clear{});
    CHECK(world.load_changes.empty());
}
