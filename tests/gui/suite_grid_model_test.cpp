#include "gui/panels/suite_grid_model.h"

#include "base/utf8.h"
#include "gui/gui_fixture.h"

namespace llmc::gui {
namespace {

using session::AnswerPlace;
using session::AnswerState;
using test::add_candidate;

session::Answer said(const std::string& candidate, bool passed, int attempt = 1) {
    session::Answer made = test::answer(candidate, passed ? "yes" : "no");
    made.attempt = attempt;
    made.server = "studio";
    made.checks.push_back({.type = "contains", .passed = passed});
    return made;
}

session::Answer unreachable(const std::string& candidate, int attempt = 1) {
    session::Answer made = test::answer(candidate, "");
    made.attempt = attempt;
    made.state = AnswerState::failed;
    made.failure = session::Failure{net::Phase::connect, 0, ErrorKind::connection, "refused the connection."};
    made.checks.push_back({.type = "contains", .passed = false});
    return made;
}

session::Round& ask(engine::Snapshot& now, const std::string& id, std::vector<session::Answer> answers,
                    int repeat = 1) {
    session::Round& round = test::add_round(now, "asked " + id, std::move(answers));
    round.prompt_id = id;
    round.repeat = repeat;
    for (session::Answer& answer : round.answers) answer.round = round.number;
    return round;
}

// Two candidates by three prompts: both pass the first, one the second, and the third's server was not there for one.
engine::Snapshot three_rows() {
    engine::Snapshot now;
    add_candidate(now, "c1", "m");
    add_candidate(now, "c2", "n");
    const std::string a = now.session.candidates[0].id, b = now.session.candidates[1].id;
    ask(now, "easy", {said(a, true), said(b, true)}).category = "facts";
    session::Round& hard = ask(now, "hard", {said(a, true), said(b, false)});
    hard.category = "logic";
    hard.severity = session::Severity::warning;
    ask(now, "gone", {said(a, false), unreachable(b)}).category = "facts";
    return now;
}

std::vector<std::string> shown(const GridModel& model, const GridFilter& filter,
                               const std::set<std::string>& opened = {}) {
    std::vector<std::string> ids;
    for (const GridLine& line : grid_lines(model, filter, opened))
        ids.push_back(model.rows[line.row].id + (line.round > 0 ? "/" + std::to_string(line.round) : "") +
                      (line.attempt > 0 ? "#" + std::to_string(line.attempt) : ""));
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("the grid has a row for each prompt and case, and in its cells what became of the runs") {
    const engine::Snapshot now = three_rows();
    const GridModel model = make_grid_model(now.session);
    REQUIRE(model.rows.size() == 3);
    REQUIRE(model.columns.size() == 2);
    CHECK(model.rows[0].cells[0].runs.at(0).state == RunState::passed);
    CHECK(model.rows[1].cells[1].runs.at(0).state == RunState::failed);
    CHECK(model.rows[2].cells[1].runs.at(0).state == RunState::infrastructure);
    CHECK(model.rows[0].separates == 0);
    CHECK(model.rows[1].separates == 1);
    CHECK(model.rows[2].separates == 0);  // a gap differs from nobody
    CHECK(model.columns[0].passed == 2);
    CHECK(model.columns[0].judged == 3);
    CHECK(model.columns[1].judged == 2);
    CHECK(model.columns[1].infrastructure == 1);
    CHECK(model.categories == Ids{"facts", "logic"});
    CHECK(model.has_warnings);
}

TEST_CASE("filters and the order by separation choose the rows, and an opened row has its runs and attempts below it") {
    engine::Snapshot now = three_rows();
    const std::string a = now.session.candidates[0].id, b = now.session.candidates[1].id;
    session::Round& again = ask(now, "hard", {said(a, true), said(b, false)}, 2);
    again.category = "logic";
    again.severity = session::Severity::warning;
    again.replaced.push_back(said(b, true, 2));
    const GridModel model = make_grid_model(now.session);
    CHECK(shown(model, {}) == Ids{"easy", "hard", "gone"});
    CHECK(shown(model, {.by_separation = true}) == Ids{"hard", "easy", "gone"});
    CHECK(shown(model, {.show = GridFilter::Show::differing}) == Ids{"hard"});
    CHECK(shown(model, {.show = GridFilter::Show::failed}) == Ids{"hard", "gone"});
    CHECK(shown(model, {.category = "facts"}) == Ids{"easy", "gone"});
    CHECK(shown(model, {.severity = session::Severity::critical}) == Ids{"easy", "gone"});
    CHECK(shown(model, {.category = "facts", .by_separation = true}, {model.rows[1].key}) == Ids{"easy", "gone"});
    CHECK(shown(model, {.show = GridFilter::Show::differing}, {model.rows[1].key}) ==
          Ids{"hard", "hard/2", "hard/4", "hard/4#2"});
    const GridCell& cell = model.rows[1].cells[1];
    CHECK(cell.passed == 0);  // the further attempt mends nothing
    CHECK(cell.judged == 2);
    CHECK(cell.others == 1);
    CHECK(cell.run_in(4)->others.at(0).state == RunState::passed);
}

TEST_CASE("complete answers of a cell, a row and what is shown of a column can be run again") {
    engine::Snapshot now = three_rows();
    const std::string a = now.session.candidates[0].id, b = now.session.candidates[1].id;
    const GridModel model = make_grid_model(now.session);
    const std::vector<GridLine> all = grid_lines(model, {}, {model.rows[2].key});
    using Places = std::vector<AnswerPlace>;
    CHECK(complete_places(model, all, {GridLine{1}, 1}) == Places{{2, b}});
    CHECK(complete_places(model, all, {GridLine{2}, 1}).empty());
    CHECK(complete_places(model, all, {GridLine{0}, std::nullopt}) == Places{{1, a}, {1, b}});
    CHECK(complete_places(model, all, {std::nullopt, 1}) == Places{{1, b}, {2, b}});
    CHECK(complete_places(model, all, {std::nullopt, 0}) == Places{{1, a}, {2, a}, {3, a}});
    const std::vector<GridLine> differing = grid_lines(model, {.show = GridFilter::Show::differing}, {});
    CHECK(complete_places(model, differing, {std::nullopt, 0}) == Places{{2, a}});
    SUBCASE("not of one that is taken out") {
        now.session.candidates[0].is_removed = true;
        CHECK(complete_places(make_grid_model(now.session), all, {std::nullopt, 0}).empty());
    }
}

TEST_CASE("missing is what a server failed, what was ended by others, and what a candidate never gave") {
    engine::Snapshot now = three_rows();
    const std::string a = now.session.candidates[0].id, b = now.session.candidates[1].id;
    add_candidate(now, "c3", "late");
    const std::string late = now.session.candidates[2].id;
    session::Answer stopped = said(a, false), by_check = said(b, false);
    stopped.state = by_check.state = AnswerState::stopped;
    by_check.warnings.push_back("stopped by its check contains: it is not there");
    ask(now, "stopped", {stopped, by_check, said(late, true)});
    const GridModel model = make_grid_model(now.session);
    CHECK(gap_places(model) == std::vector<AnswerPlace>{{1, late}, {2, late}, {3, b}, {3, late}, {4, a}});
    CHECK(model.gaps == 5);
    CHECK(model.rows[3].cells[1].runs.at(0).state == RunState::failed);
}

TEST_CASE("what fails twice by the server while it answers others is the model's, and no gap any more") {
    engine::Snapshot now = three_rows();
    const std::string b = now.session.candidates[1].id;
    auto round = std::make_shared<session::Round>(*now.session.rounds[2]);
    round->answers[1].server = "studio";
    round->replaced.push_back(unreachable(b));
    round->replaced.back().server = "studio";
    round->answers[1].attempt = 2;
    now.session.rounds.set(2, round);
    const GridModel model = make_grid_model(now.session);
    CHECK(model.rows[2].cells[1].runs.at(0).state == RunState::failed);
    CHECK(model.gaps == 0);
    CHECK(model.rows[2].cells[1].others == 1);
}

TEST_CASE("prompts that wait are rows that wait, and a running attempt beside a complete one changes nothing") {
    engine::Snapshot now = three_rows();
    const std::string a = now.session.candidates[0].id;
    now.session.queue = session::queue_of({{.prompt = "asked later", .prompt_id = "later"}});
    auto round = std::make_shared<session::Round>(*now.session.rounds[0]);
    round->replaced.push_back(round->answers[0]);
    round->answers[0] = test::answer(a, "…");
    round->answers[0].state = AnswerState::streaming;
    round->answers[0].attempt = 2;
    now.session.rounds.set(0, round);
    const GridModel model = make_grid_model(now.session);
    REQUIRE(model.rows.size() == 4);
    CHECK(model.rows[3].cells[0].waits == 1);
    CHECK(model.rows[3].rounds.empty());
    const GridRun& run = model.rows[0].cells[0].runs.at(0);
    CHECK(run.state == RunState::passed);
    CHECK(run.is_running);
    CHECK(complete_places(model, grid_lines(model, {}, {}), {GridLine{0}, 0}).empty());
}

TEST_CASE("the chosen cell stays with what it shows when lines come and go") {
    const engine::Snapshot now = three_rows();
    const GridModel model = make_grid_model(now.session);
    const std::string key = model.rows[1].key;
    const std::vector<GridLine> sorted = grid_lines(model, {.by_separation = true}, {});
    CHECK(same_line(model, sorted, key, {1}, 1) == 0);
    const std::vector<GridLine> opened = grid_lines(model, {}, {model.rows[0].key, key});
    CHECK(same_line(model, opened, key, {1, 2}, 0) == 3);
    CHECK(same_line(model, grid_lines(model, {}, {}), key, {1, 2}, 3) == 1);  // closed
    CHECK(same_line(model, grid_lines(model, {.category = "facts"}, {}), key, {1}, 1) == 1);
    CHECK(same_line(model, {}, key, {1}, 1) == 0);
}

TEST_CASE("a long name is broken where words end, and its last line has its end") {
    const auto broken = [](std::string_view name, std::size_t width, std::size_t most) {
        return name_lines(name, most, [&](std::string_view part) { return base::count_code_points(part) <= width; });
    };
    CHECK(broken("short", 9, 3) == Ids{"short"});
    CHECK(broken("Qwen2.5 7B Instruct Q4_K_M", 10, 3) == Ids{"Qwen2.5 7B", "Instruct", "Q4_K_M"});
    CHECK(broken("Qwen2.5 7B Instruct Q4_K_M", 9, 3) == Ids{"Qwen2.5", "7B", "Instruct Q4_K_M"});
    CHECK(broken("mistral-small-24b", 9, 3) == Ids{"mistral-", "small-24b"});
    CHECK(broken("mistral-small-24b", 8, 3) == Ids{"mistral-", "small-", "24b"});
    CHECK(broken("éééééééééééé", 5, 2) == Ids{"ééééé", "ééééééé"});
    CHECK(broken("", 5, 2) == Ids{""});
    CHECK(broken("wide", 0, 3) == Ids{"w", "i", "de"});
}

}  // namespace llmc::gui
