#include <doctest/doctest.h>

#include "gui/panels/welcome_panel.h"

namespace llmc::gui {
namespace {

config::Discovered found(const std::string& url, std::vector<std::string> models) {
    config::Discovered made{.url = net::BaseUrl::parse(url).value(), .manifest = {}};
    for (std::string& id : models) {
        openai::ModelInfo model;
        model.id = std::move(id);
        made.manifest.models.push_back(std::move(model));
    }
    return made;
}

TEST_CASE("what is proposed is loaded, or comes first") {
    using Ids = std::set<std::string>;
    const PickableModel a{.id = "a"}, b{.id = "b"}, c{.id = "c"};
    const PickableModel x{.id = "x", .is_loaded = true}, y{.id = "y", .is_loaded = true};
    CHECK(proposed_models({}) == Ids{});
    CHECK(proposed_models({a}) == Ids{"a"});
    CHECK(proposed_models({a, b, c}) == Ids{"a", "b"});
    CHECK(proposed_models({a, b, x}) == Ids{"a", "x"});
    CHECK(proposed_models({a, x, b, y}) == Ids{"x", "y"});
}

TEST_CASE("ticked models of several servers become candidates, and only the servers that have one of them are taken") {
    SetupState setup;
    setup.discovered = {found("127.0.0.1:1", {"a", "b"}), found("127.0.0.1:2", {"b", "c"}),
                        found("127.0.0.1:3", {"d"})};
    setup.draft.servers.push_back({.url = setup.discovered[1].url});  // is there already
    WelcomeView view;
    for (const char* id : {"a", "b", "c", "d"}) view.models.push_back({.id = id});
    view.ticked = {"a", "c"};
    start_comparison(view, setup);
    REQUIRE(setup.draft.servers.size() == 2);
    CHECK(setup.draft.servers[1].url == setup.discovered[0].url);
    REQUIRE(setup.draft.candidates.size() == 2);
    CHECK(setup.draft.candidates[0].model_id == "a");
    CHECK(setup.draft.candidates[1].model_id == "c");
}

}  // namespace
}  // namespace llmc::gui
