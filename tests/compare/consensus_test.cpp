#include "compare/consensus.h"

#include <bit>
#include <chrono>
#include <random>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compare_fixture.h"

using namespace llmc;
using compare::Agreement;
using compare::Consensus;
using compare::Passage;

namespace {

Consensus consensus(const std::vector<std::string>& texts) {
    return compare::consensus_of(std::vector<std::string_view>(texts.begin(), texts.end()));
}

// "kind:agreement" per passage.
std::string passages(const Consensus& result, std::size_t text) {
    std::string out;
    for (const Passage& passage : result.texts[text]) {
        if (!out.empty()) out += ' ';
        out += passage.kind == Passage::Kind::code ? "code:" : "";
        out += passage.agreement == Agreement::all ? "all" : passage.agreement == Agreement::some ? "some" : "alone";
    }
    return out;
}

// What a text says alone, span by span.
std::string alone(const Consensus& result, const std::vector<std::string>& texts, std::size_t text) {
    std::string out;
    for (const Passage& passage : result.texts[text])
        for (const auto& span : passage.spans)
            if (span.agreement == Agreement::alone)
                out += fmt::format("[{}]", texts[text].substr(span.begin, span.end - span.begin));
    return out;
}

// What consensus.h promises.
void check_invariants(const std::vector<std::string>& texts) {
    const Consensus result = consensus(texts);
    REQUIRE(result.texts.size() == texts.size());
    int wrong = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::size_t at = 0;
        for (std::size_t p = 0; p < result.texts[i].size(); ++p) {
            const Passage& passage = result.texts[i][p];
            wrong += passage.begin != at || passage.end <= passage.begin || passage.spans.empty();
            for (std::size_t s = 0; s < passage.spans.size(); ++s) {
                const auto& span = passage.spans[s];
                wrong += span.begin != at || span.end <= span.begin;
                wrong += (span.said_by & ~passage.said_by) != 0 || (span.said_by & (1U << i)) == 0;
                wrong += s > 0 && span.said_by == passage.spans[s - 1].said_by;
                at = span.end;
            }
            wrong += passage.end != at || passage.peers.size() != texts.size() || passage.peers[i] != p;
            for (std::size_t k = 0; k < texts.size(); ++k) {
                const bool says = (passage.said_by & (1U << k)) != 0;
                wrong += says != passage.peers[k].has_value();
                if (!says) continue;
                const Passage& peer = result.texts[k][*passage.peers[k]];
                wrong += peer.kind != passage.kind || (peer.said_by & (1U << i)) == 0;
            }
        }
        CHECK(at == texts[i].size());
    }
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("what all say, some say and one says alone is told per paragraph and code block") {
    const std::vector<std::string> texts{
        "Paris is the capital of France.\n\nIt lies on the Seine.\n\n```py\nprint('Paris')\n```\n",
        "It lies on the Seine.\n\nParis is the capital of France.\n\n```py\nprint('Paris')\n```\n",
        "Paris is the capital of France.\n\nI was trained in another century altogether!\n\n```py\nx = 1\ny = "
        "2\n```\n"};
    const Consensus result = consensus(texts);
    CHECK(passages(result, 0) == "all some code:some");
    CHECK(passages(result, 1) == "some all code:some");
    CHECK(passages(result, 2) == "all alone code:alone");
    CHECK_FALSE(result.is_identical);
    CHECK(result.texts[0][1].peers == std::vector<std::optional<std::size_t>>{1, 0, std::nullopt});
    check_invariants(texts);
}

TEST_CASE("words that one alone says are marked within a paragraph that all have") {
    const std::vector<std::string> texts{"The storm of the Bastille was in 1789, on 14 July.",
                                         "The storm of the Bastille was in 1789, on 14 July.",
                                         "The storm of the Bastille was in 1792, on 14 July."};
    const Consensus result = consensus(texts);
    CHECK(passages(result, 2) == "all");
    CHECK(alone(result, texts, 2) == "[1792]");
    CHECK(alone(result, texts, 0).empty());
    REQUIRE(result.texts[0][0].spans.size() == 3);
    CHECK(result.texts[0][0].spans[1].agreement == Agreement::some);
    CHECK(result.texts[0][0].spans[1].said_by == 3);
}

TEST_CASE("case and blanks make no paragraph another one") {
    const std::vector<std::string> texts{"Yes, it is so.\n\n\nTruly.", "YES,  it is\nso.\n\nTruly.\n"};
    const Consensus result = consensus(texts);
    CHECK(passages(result, 0) == "all all");
    CHECK(alone(result, texts, 0) == "[Yes]");
    check_invariants(texts);
}

TEST_CASE("identical answers say so") {
    CHECK(consensus({"a\n\nb", "a\n\nb", "a\n\nb"}).is_identical);
    CHECK_FALSE(consensus({"a", "a "}).is_identical);
    CHECK(passages(consensus({"a\n\nb", "a\n\nb"}), 1) == "all all");
}

TEST_CASE("a text cut into passages has code in one piece and empty lines with what they follow") {
    struct {
        const char* text;
        std::vector<const char*> expected;
    } const cases[] = {
        {"", {}},
        {"one", {"one"}},
        {"\n\none\n", {"\n\none\n"}},
        {"one\ntwo\n\nthree", {"one\ntwo\n\n", "three"}},
        {"say:\n```\na\n\nb\n```\nso", {"say:\n", "```\na\n\nb\n```\n", "so"}},
        {"```\nnever\n\nclosed", {"```\nnever\n\nclosed"}},
        {"````\n```\n````\nx", {"````\n```\n````\n", "x"}},
        {"~~~\n```\n~~~\n\n\n```\n```", {"~~~\n```\n~~~\n\n\n", "```\n```"}},
        {"\n```\na\n```", {"\n```\na\n```"}},
        {" \n\t\n", {" \n\t\n"}},
        {"- a\n  ```\n  x\n  ```\n- b", {"- a\n", "  ```\n  x\n  ```\n", "- b"}},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        const Consensus result = consensus({text});
        std::vector<std::string> found;
        for (const Passage& passage : result.texts[0])
            found.push_back(std::string(text).substr(passage.begin, passage.end - passage.begin));
        CHECK(found == std::vector<std::string>(expected.begin(), expected.end()));
    }
}

TEST_CASE("passages and spans joined give the texts back, whatever the texts are") {
    std::mt19937 random(20261123);
    const char* const pieces[] = {"a ", "b ", "the ", "\n",   "\n\n", "```\n", "~~~\n",
                                  "x",  "é",  "日",   "\xFF", "  ",   "Paris "};
    for (int run = 0; run < 1500; ++run) {
        std::vector<std::string> texts(random() % 6 + 1);
        for (std::string& text : texts) {
            if (random() % 2 == 0) text = texts[0].substr(0, texts[0].size() / 2);
            for (auto count = random() % 25; count > 0; --count) text += pieces[random() % std::size(pieces)];
        }
        CAPTURE(fmt::format("{}", fmt::join(texts, "|")));
        check_invariants(texts);
    }
}

TEST_CASE("a paragraph that stands a thousand times is found in the other text as often") {
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "It is the same again.\n\n";
    const Consensus result = consensus({many, many + "But not this one here.\n"});
    int not_all = 0;
    for (const Passage& passage : result.texts[0]) not_all += passage.agreement != Agreement::all;
    CHECK(not_all == 0);
    CHECK(result.texts[0][500].peers[1] == 500);
    CHECK(result.texts[1].back().agreement == Agreement::alone);
}

TEST_CASE("more texts than are compared are left out") {
    CHECK(consensus(std::vector<std::string>(9, "a")).texts.size() == compare::kMaxConsensusTexts);
}

TEST_CASE("answers of 1 MB are compared, two and six of them") {
    std::mt19937 random(5);
    const std::string first = compare_fixture::prose(random, 1'000'000);
    std::vector<std::string> texts{first};
    for (int i = 0; i < 5; ++i) {
        std::string text = first;
        for (int n = 0; n < 3000; ++n) text[random() % text.size()] = 'q';
        texts.push_back(i % 2 == 0 ? text : compare_fixture::prose(random, 1'000'000));
    }
    for (const std::size_t count : {std::size_t{2}, std::size_t{6}}) {
        const std::vector<std::string> some(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(count));
        const auto begin = std::chrono::steady_clock::now();
        const Consensus result = consensus(some);
        const auto end = std::chrono::steady_clock::now();
        fmt::print("consensus of {} texts of 1 MB, {} passages in the first: {:.0f} ms\n", count,
                   result.texts[0].size(), std::chrono::duration<double, std::milli>(end - begin).count());
        CHECK(result.texts.size() == count);
    }
    check_invariants({texts[0], texts[1], texts[2]});
}
