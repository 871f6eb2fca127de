#include "gui/history.h"

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

using Texts = std::vector<std::string>;

TEST_CASE("a prompt is remembered once its session is in a file, and never where that was discarded") {
    WindowState state;
    History history(state);
    history.typed("one");
    CHECK(state.prompts.empty());
    history.kept();
    CHECK(state.prompts == Texts{"one"});
    history.typed("secret");
    history.session_ends();
    history.typed("two");
    history.kept();
    history.kept();
    CHECK(state.prompts == Texts{"one", "two"});
}

TEST_CASE("the sessions that were used last stand first, each once, and those that are gone are told") {
    WindowState state;
    state.sessions = {"/a", "/b"};
    History history(state);
    history.note("/b", false);
    history.note("/elsewhere", false);
    REQUIRE(history.recent().size() == 2);
    CHECK(history.recent()[0] == RecentSession{"/a", true});
    CHECK(history.recent()[1] == RecentSession{"/b", false});
    history.used("/b");  // it is back
    CHECK(state.sessions == Texts{"/b", "/a"});
    CHECK(history.recent()[0] == RecentSession{"/b", true});
    for (int i = 0; i < 30; ++i) history.used("/" + std::to_string(i));
    CHECK(state.sessions.size() == kMaxRecentSessions);
    CHECK(state.sessions.front() == "/29");
    CHECK(history.recent().size() == kMaxRecentSessions);
}

TEST_CASE("nothing is remembered while the user does not want it, and what was is gone") {
    WindowState state;
    History history(state);
    history.typed("one");
    history.kept();
    history.used("/a");
    history.typed("two");
    history.set_keeps(false);
    CHECK(state.prompts.empty());
    CHECK(state.sessions.empty());
    CHECK(history.recent().empty());
    history.typed("three");
    history.used("/b");
    history.set_keeps(true);
    history.kept();
    CHECK(state.prompts.empty());
    CHECK(state.sessions.empty());
    history.typed("four");
    history.kept();
    CHECK(state.prompts == Texts{"four"});
}

}  // namespace
}  // namespace llmc::gui
