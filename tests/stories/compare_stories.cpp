// Answers beside each other: what differs, what all say, and from where they are taken.
#include <algorithm>

#include <fmt/format.h>

#include "report/session_file.h"
#include "stories/drawn_text.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

namespace {

struct Said {
    std::string text;
    AnswerState state = AnswerState::complete;
};

// A session file of rounds; candidates are called Alpha, Beta, Gamma.
std::string session_file(const std::vector<std::vector<Said>>& rounds) {
    constexpr const char* kNames[] = {"Alpha", "Beta", "Gamma"};
    session::Session session{.id = "told", .created_at = base::WallTime{} + std::chrono::hours{1}};
    for (std::size_t i = 0; i < rounds.front().size(); ++i)
        session.candidates.push_back({.id = fmt::format("c{}", i + 1), .model_id = kNames[i]});
    for (const auto& answers : rounds) {
        session::Round round{.number = static_cast<int>(session.rounds.size()) + 1, .prompt = "Tell"};
        for (std::size_t i = 0; i < answers.size(); ++i) {
            session::Answer answer{.candidate = session.candidates[i].id, .round = round.number};
            answer.state = answers[i].state;
            answer.stream = session::AnswerStream::holding(answers[i].text, {}).value();
            if (session::is_failure(answer.state))
                answer.failure = session::Failure{.phase = net::Phase::streaming, .message = "The server went away."};
            round.answers.push_back(std::move(answer));
        }
        session.rounds.push_back(std::make_shared<const session::Round>(std::move(round)));
    }
    return report::to_session_file(session);
}

const gui::CompareView& view(Window& window) {
    return window.app().compare_view();
}

void wait_for_comparison(Window& window) {
    window.wait_until("the answers are compared", [&] { return view(window).comparison() != nullptr; });
}

// The session as it is in the file, and the Compare window in front.
void with_session(World& world, const std::string& file, const std::function<void(Window&)>& play) {
    world.files = {world.write("told.llmc.json", file)};
    world.start([&](Window& window) {
        window.wait_until("the session is open", [&] { return !window.now().session.rounds.empty(); });
        window.press(ImGuiMod_Ctrl | ImGuiKey_7);
        window.frames(6);
        REQUIRE(window.is_in_front("###compare"));
        play(window);
    });
}

std::string copied(Window& window) {
    window.click("//###compare/Copy differences");
    window.frames(2);
    return window.clipboard();
}

}  // namespace

TEST_CASE("two answers of a round are compared word by word, and keys go from difference to difference") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.press(ImGuiMod_Ctrl | ImGuiKey_7);
        window.frames(4);
        CHECK(view(window).columns.empty());
        window.send("A list and code please");
        window.wait_for_rounds(1);
        window.press(ImGuiMod_Ctrl | ImGuiKey_7);
        wait_for_comparison(window);
        const gui::Comparison& made = *view(window).comparison();
        REQUIRE(made.marks.size() == 2);
        const std::size_t count = made.differences.size();
        REQUIRE(count > 0);
        CHECK_FALSE(view(window).current);

        window.press(ImGuiKey_F8);
        CHECK(view(window).current == 0U);
        window.press(ImGuiMod_Shift | ImGuiKey_F8);
        CHECK(view(window).current == count - 1);
        window.click("//###compare/Next");
        CHECK(view(window).current == 0U);
        window.click("//###compare/Previous");
        CHECK(view(window).current == count - 1);
        CHECK(view(window).summary.starts_with(fmt::format("{} of {} difference", count, count)));

        const std::vector<std::string_view> texts{window.answer(1, "c1").text(), window.answer(1, "c2").text()};
        CHECK(copied(window) ==
              gui::differences_text(made, texts, std::vector<std::string>{"demo-fast", "demo-thinker"}));
        window.click(window.in("//###compare", "columns", "c2/Copy"));
        CHECK(window.clipboard() == window.answer(1, "c2").text());
    });
}

TEST_CASE("of three answers what one says alone is found, and an answer is taken out and put back") {
    World world;
    const std::string shared = "All of them say this one sentence here.";
    with_session(
        world, session_file({{{shared}, {shared + "\n\nOnly Beta speaks of turtles."}, {shared}}}),
        [&](Window& window) {
            wait_for_comparison(window);
            CHECK(view(window).comparison()->marks.size() == 3);
            CHECK(copied(window).find("Beta: Only Beta speaks of turtles.\nGamma: (nothing)") != std::string::npos);
            window.click("//###compare/answers/c2");
            wait_for_comparison(window);
            CHECK(view(window).columns.size() == 2);
            CHECK(view(window).summary == "These answers are identical, byte by byte");
            CHECK_FALSE(window.has("//###compare/Next"));
            window.click("//###compare/answers/c2");
            window.click("//###compare/answers/c3");
            window.click("//###compare/Paragraphs");
            wait_for_comparison(window);
            CHECK(view(window).compared.mode == gui::CompareMode::paragraphs);
            CHECK(view(window).comparison()->differences.size() == 1);
            window.click("//###compare/answers/c1");
            window.click("//###compare/answers/c2");
            window.frames(3);
            CHECK(view(window).columns.empty());
        });
}

TEST_CASE("columns scroll together by what corresponds, and apart when that is turned off") {
    World world;
    std::string shared, extra;
    for (int i = 0; i < 200; ++i) shared += fmt::format("Paragraph {} is said by both of them.\n\n", i);
    for (int i = 0; i < 100; ++i) extra += fmt::format("Beta alone has number {} here.\n\n", i);
    with_session(world, session_file({{{shared + "The end."}, {extra + shared + "An end."}}}), [&](Window& window) {
        wait_for_comparison(window);
        window.wait_until("all is laid out", [&] {
            return std::all_of(view(window).columns.begin(), view(window).columns.end(),
                               [](const auto& column) { return column->text.is_done(); });
        });
        const auto scroll = [&](std::size_t column) { return view(window).columns[column]->text.scroll(); };
        window.press(ImGuiKey_F8);  // what Beta says alone: at the top of both
        window.press(ImGuiKey_F8);  // the last words
        window.frames(4);
        CHECK(view(window).current == 1U);
        CHECK(scroll(1) > scroll(0) + 1000);
        CHECK(scroll(0) > 1000);
        window.press(ImGuiKey_Home);
        window.frames(4);
        CHECK(scroll(0) == 0);
        CHECK(scroll(1) == 0);
        window.press(ImGuiKey_End);
        window.frames(4);
        CHECK(scroll(1) == doctest::Approx(view(window).columns[1]->text.most_scroll()));
        window.click("//###compare/Scroll together");
        window.press(ImGuiKey_Home);
        window.frames(4);
        CHECK(scroll(0) == 0);
        CHECK(scroll(1) > 1000);
    });
}

TEST_CASE("a failed or empty answer says its state instead of a text, and the round before is one click away") {
    World world;
    with_session(world,
                 session_file({{{"One says this."}, {"Two says that."}, {"Three says so."}},
                               {{"Only one."}, {"", AnswerState::failed}, {"", AnswerState::empty}}}),
                 [&](Window& window) {
                     REQUIRE(view(window).columns.size() == 3);
                     CHECK(view(window).comparison() == nullptr);
                     CHECK(view(window).columns[1]->state == "No text: failed.\nThe server went away.");
                     CHECK(view(window).columns[2]->state.starts_with("No text: empty."));
                     window.click("//###compare/previous round");
                     wait_for_comparison(window);
                     CHECK(view(window).comparison()->marks.size() == 3);
                     CHECK_FALSE(window.is_enabled("//###compare/previous round"));
                     window.click("//###compare/next round");
                     CHECK(view(window).choice.round().round == 2);
                 });
}

TEST_CASE("an answer that is still coming is compared when it has ended") {
    World world;
    PacedServer one({"quick"}), two({"slow"});
    world.add_server(one.url());
    world.add_server(two.url());
    world.add_model("quick");
    world.add_model("slow");
    one.say("It is done.");
    one.finish();
    two.say("It is ");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Well?");
        window.wait_until("one has ended, the other streams", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::complete &&
                   window.state(1, "c2") == AnswerState::streaming;
        });
        window.app().run(gui::CompareAnswers{1, {}});
        window.wait_until("both are there", [&] { return view(window).columns.size() == 2; });
        CHECK(view(window).columns[1]->state.starts_with("Still streaming."));
        two.say("not.");
        two.finish();
        window.wait_for_rounds(1);
        wait_for_comparison(window);
        CHECK(copied(window).find("quick: done\nslow: not\n") != std::string::npos);
    });
}

TEST_CASE("in blind mode answers are compared as A and B, and another session is not there") {
    World world;
    const std::string file = session_file({{{"I am Alpha and say yes."}, {"I am Beta and say no."}}});
    const auto other = world.write("other.llmc.json", session_file({{{"Old Alpha said maybe."}, {"Old Beta, too."}}}));
    with_session(world, file, [&](Window& window) {
        window.app().run(gui::OpenFile{other, gui::FileKind::other_session});
        window.wait_until("it stands beside", [&] { return view(window).columns.size() == 3; });
        window.app().run(gui::SetBlind{true});
        window.frames(4);
        const DrawnText drawn;
        window.frames(6);
        CHECK(window.is_in_front("###compare"));
        REQUIRE(view(window).columns.size() == 2);
        wait_for_comparison(window);
        window.press(ImGuiKey_F8);
        const std::string differences = copied(window);
        CHECK(differences.find("A: ") != std::string::npos);
        CHECK(differences.find("B: ") != std::string::npos);
        for (const char* name : {"alpha", "beta", "other.llmc"}) {
            CAPTURE(std::string(name));
            CHECK(drawn.find(name) == "");
        }
        window.app().run(gui::SetBlind{false});
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Reveal");
        window.frames(4);
        CHECK(view(window).columns.size() == 3);
    });
}

TEST_CASE("answers of a saved session stand beside those of this one, under their own names") {
    World world;
    const auto other = world.write("old.llmc.json", session_file({{{"It was blue."}, {"It was green."}}}));
    with_session(world, session_file({{{"It is blue."}, {"It is red."}}}), [&](Window& window) {
        wait_for_comparison(window);
        window.click("//###compare/more");
        window.click("//$FOCUSED/Add a session…");
        window.frames(2);
        window.app().run(gui::OpenFile{other, gui::FileKind::other_session});
        window.press(ImGuiKey_Escape);
        window.wait_until("it stands beside", [&] { return view(window).columns.size() == 3; });
        CHECK(view(window).choice.chosen()[2].label == "old.llmc.json · round 1 · Alpha");
        CHECK(view(window).choice.chosen()[0].label == "round 1 · Alpha");
        wait_for_comparison(window);
        CHECK(view(window).comparison()->marks.size() == 3);
        window.app().run(gui::OpenFile{world.write("bad.json", "{}"), gui::FileKind::other_session});
        window.wait_until("it is refused", [&] { return window.has_toast("bad.json"); });
        CHECK(view(window).columns.size() == 3);
    });
}

TEST_CASE("the comparison is drawn without a flaw in both themes, every size of text and narrow windows") {
    World world;
    const std::string text =
        "# Plan\n\n1. Copy `rows`\n2. Swap\n\n```sql\nALTER TABLE a RENAME TO b; -- and more\n```\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n";
    with_session(world, session_file({{{text}, {text + "More."}, {"Other *words*.", AnswerState::cut_off}}}),
                 [&](Window& window) {
                     wait_for_comparison(window);
                     window.in_all_looks([&] { window.press(ImGuiKey_F8); });
                     CHECK(view(window).current);
                 });
}
