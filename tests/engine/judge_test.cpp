#include <doctest/doctest.h>

#include "engine/judge_run.h"

using namespace llmc;
using namespace llmc::engine;
using session::Verdict;
using Word = Verdict::Word;

namespace {

session::Judge judge_of_rounds(int words, std::initializer_list<std::pair<int, Word>> said) {
    session::Judge judge{.model = "judge", .server = "rack", .words = words};
    for (const auto& [round, word] : said)
        judge.verdicts.push_back(std::make_shared<const Verdict>(Verdict{round, "c1", "c2", word, word, word, ""}));
    return judge;
}

}  // namespace

TEST_CASE("who judges anew and is stopped takes back nothing that was not said again") {
    std::vector<session::Judge> judges;
    keep_judge(judges, judge_of_rounds(1, {{1, Word::a}, {2, Word::a}, {3, Word::tie}}));
    keep_judge(judges, judge_of_rounds(1, {{2, Word::b}}));
    REQUIRE(judges.size() == 1);
    CHECK(judges[0].id == "j1");
    REQUIRE(judges[0].verdicts.size() == 3);
    CHECK(judges[0].verdicts[0]->word == Word::a);
    CHECK(judges[0].verdicts[1]->word == Word::b);
    CHECK(judges[0].verdicts[2]->word == Word::tie);
    // Other words are other questions.
    keep_judge(judges, judge_of_rounds(2, {{2, Word::a}}));
    CHECK(judges[0].verdicts.size() == 1);
    session::Judge elsewhere = judge_of_rounds(1, {{1, Word::a}});
    elsewhere.server = "other";
    keep_judge(judges, elsewhere);
    CHECK(judges.size() == 2);
    CHECK(judges[1].id == "j2");
}

TEST_CASE("a judge may work beside candidates where none of them could be answered") {
    const auto server = [](int key, const char* url, std::initializer_list<const char*> models) {
        ServerStatus status{.key = key, .server = {.url = net::BaseUrl::parse(url).value()}, .is_asked = true};
        auto manifest = std::make_shared<openai::Manifest>();
        for (const char* model : models) manifest->models.push_back({.id = model});
        status.manifest = std::move(manifest);
        return status;
    };
    const std::vector<ServerStatus> servers{server(1, "http://a", {"qwen", "judge"}), server(2, "http://b", {"judge"}),
                                            server(3, "http://c", {"qwen"})};
    const session::Judge judge{.model = "judge"};
    const auto urls = [&](const std::vector<session::Candidate>& candidates) {
        std::vector<std::string> found;
        for (const session::Server& one : servers_beside(servers, candidates, judge)) found.push_back(one.url.text());
        return found;
    };
    const session::Candidate anywhere{.id = "c1", .model_id = "qwen"};
    CHECK(urls({anywhere}).size() == 1);
    CHECK(urls({}).size() == 2);
    session::Candidate removed = anywhere;
    removed.is_removed = true;
    CHECK(urls({removed}).size() == 2);
    session::Candidate pinned = anywhere;
    pinned.server = servers[2].server.label();
    CHECK(urls({pinned}).size() == 2);
    pinned.model_id = "judge";
    pinned.server = servers[1].server.label();
    CHECK(urls({pinned}) == std::vector<std::string>{servers[0].server.url.text()});
}
