#include "compare/diff.h"

#include <chrono>
#include <optional>
#include <random>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compare_fixture.h"
#include "sequence_diff.h"

using namespace llmc;
using compare::DiffPart;
using compare::TextDiff;

namespace {

// "same [-only in a-] {+only in b+}"
std::string shown(std::string_view a, std::string_view b) {
    std::string text;
    for (const DiffPart& part : compare::diff_words(a, b).parts) {
        const std::string_view in_a = a.substr(part.a_begin, part.a_end - part.a_begin);
        const std::string_view in_b = b.substr(part.b_begin, part.b_end - part.b_begin);
        if (part.kind == DiffPart::Kind::same) {
            text += in_a;
            continue;
        }
        if (!in_a.empty()) text += fmt::format("[-{}-]", in_a);
        if (!in_b.empty()) text += fmt::format("{{+{}+}}", in_b);
    }
    return text;
}

// What diff.h promises.
void check_invariants(std::string_view a, std::string_view b) {
    const TextDiff diff = compare::diff_words(a, b);
    std::size_t in_a = 0, in_b = 0, wrong = 0;
    std::optional<DiffPart::Kind> previous;
    for (const DiffPart& part : diff.parts) {
        wrong += part.a_begin != in_a || part.b_begin != in_b || part.a_end < part.a_begin || part.b_end < part.b_begin;
        in_a = part.a_end;
        in_b = part.b_end;
        const std::string_view from_a = a.substr(part.a_begin, part.a_end - part.a_begin);
        const std::string_view from_b = b.substr(part.b_begin, part.b_end - part.b_begin);
        auto kind = DiffPart::Kind::replaced;
        if (from_a.empty()) kind = DiffPart::Kind::only_b;
        if (from_b.empty()) kind = DiffPart::Kind::only_a;
        if (from_a == from_b) kind = DiffPart::Kind::same;
        wrong += part.kind != kind || previous == kind || (from_a.empty() && from_b.empty());
        previous = kind;
    }
    CHECK(in_a == a.size());
    CHECK(in_b == b.size());
    CHECK(wrong == 0);
    CHECK(diff.is_identical == (a == b));
    CHECK((diff.differences() == 0) == (a == b));
    CHECK((diff.similarity >= 0 && diff.similarity <= 1));
}

std::size_t common_length(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    std::vector<std::vector<std::size_t>> best(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t k = 1; k <= b.size(); ++k)
            best[i][k] = a[i - 1] == b[k - 1] ? best[i - 1][k - 1] + 1 : std::max(best[i - 1][k], best[i][k - 1]);
    return best[a.size()][b.size()];
}

}  // namespace

TEST_CASE("differences are whole words, and blanks around them stay out") {
    struct {
        const char *a, *b, *expected;
    } const cases[] = {
        {"the swap is done", "the switch is done", "the [-swap-]{+switch+} is done"},
        {"one two three", "one three", "one [-two -]three"},
        {"one three", "one two three", "one {+two +}three"},
        {"end.", "end. More", "end.{+ More+}"},
        {"at double speed", "at normal speed and more", "at [-double-]{+normal+} speed{+ and more+}"},
        {"It is 42.", "It is 43.", "It is [-42-]{+43+}."},
        {"a b", "a\nb", "a[- -]{+\n+}b"},
        {"  x", "x", "[-  -]x"},
        {"", "new", "{+new+}"},
        {"old", "", "[-old-]"},
        {"same", "same", "same"},
        {"", "", ""},
        {"don't", "dont", "[-don't-]{+dont+}"},
        {"日本語です", "日本人です", "日本[-語-]{+人+}です"},
        {"naïve café", "naïve thé", "naïve [-café-]{+thé+}"},
        {"so 😀 good", "so 😁 good", "so [-😀-]{+😁+} good"},
    };
    for (const auto& [a, b, expected] : cases) {
        CHECK(shown(a, b) == expected);
        check_invariants(a, b);
    }
}

TEST_CASE("parts joined give the texts back, whatever the texts are") {
    std::mt19937 random(20261123);
    const char* const pieces[] = {"a", "b", "the", " ", "  ",   "\n",  "\n\n", ".",
                                  ",", "é", "日",  "😀", "\xFF", "x_1", "\t"};
    for (int run = 0; run < 4000; ++run) {
        const auto text = [&] {
            std::string made;
            for (auto count = random() % 30; count > 0; --count) made += pieces[random() % std::size(pieces)];
            return made;
        };
        const std::string a = text();
        std::string b = text();
        if (run % 3 == 0) b = a.substr(0, a.size() / 2) + b;
        CAPTURE(a);
        CAPTURE(b);
        check_invariants(a, b);
    }
}

TEST_CASE("what is common is as long as it can be, where that is cheap to find") {
    std::mt19937 random(7);
    for (int run = 0; run < 3000; ++run) {
        const auto sequence = [&] {
            std::vector<std::uint32_t> made(random() % 25);
            for (auto& element : made)
                element = static_cast<std::uint32_t>(random()) % (static_cast<std::uint32_t>(run) % 5 + 2);
            return made;
        };
        const auto a = sequence(), b = sequence();
        const compare::SequenceMatch match = compare::match_sequences(a, b);
        std::vector<std::uint32_t> from_a, from_b;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (match.a[i]) from_a.push_back(a[i]);
        for (std::size_t i = 0; i < b.size(); ++i)
            if (match.b[i]) from_b.push_back(b[i]);
        const bool is_common = from_a == from_b;
        CHECK(is_common);
        CHECK(from_a.size() == common_length(a, b));
    }
}

TEST_CASE("long sequences with little in common still match in order") {
    std::mt19937 random(11);
    for (const std::uint32_t kinds : {2U, 50U, 5000U}) {
        std::vector<std::uint32_t> a(20'000), b(20'000);
        for (auto& element : a) element = static_cast<std::uint32_t>(random()) % kinds;
        for (auto& element : b) element = static_cast<std::uint32_t>(random()) % kinds;
        const compare::SequenceMatch match = compare::match_sequences(a, b);
        std::vector<std::uint32_t> from_a, from_b;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (match.a[i]) from_a.push_back(a[i]);
        for (std::size_t i = 0; i < b.size(); ++i)
            if (match.b[i]) from_b.push_back(b[i]);
        const bool is_common = from_a == from_b;
        CHECK(is_common);
        CHECK(from_a.size() > 200);
    }
}

TEST_CASE("what two long texts have in common is found between long parts that they do not") {
    std::mt19937 random(13);
    const std::string shared = compare_fixture::prose(random, 100'000);
    std::string a, b;
    for (std::size_t begin = 0; begin < shared.size(); begin += 20'000) {
        a += compare_fixture::prose(random, 3'000) + "\n";
        b += compare_fixture::prose(random, 30'000) + "\n";
        a += shared.substr(begin, 20'000);
        b += shared.substr(begin, 20'000);
    }
    std::size_t same = 0;
    for (const DiffPart& part : compare::diff_words(a, b).parts)
        if (part.kind == DiffPart::Kind::same && part.a_end - part.a_begin > 5'000) same += part.a_end - part.a_begin;
    CHECK(same > 95'000);
    check_invariants(a, b);
}

TEST_CASE("similarity says how many words are common") {
    CHECK(compare::diff_words("a b c d", "a b c d").similarity == 1);
    CHECK(compare::diff_words("a b c d", "a b x y").similarity == doctest::Approx(0.5));
    CHECK(compare::diff_words("a", "b").similarity == 0);
    CHECK(compare::diff_words("", "").similarity == 1);
    CHECK(compare::diff_words("a", "").similarity == 0);
    CHECK(compare::diff_words("a b", "a  b").similarity == 1);
}

TEST_CASE("two answers of 1 MB are compared, alike or not") {
    std::mt19937 random(3);
    const std::string a = compare_fixture::prose(random, 1'000'000);
    std::string nearly = a;
    for (int i = 0; i < 2000; ++i) nearly[random() % nearly.size()] = 'x';
    std::string signs_a, signs_b;
    for (int i = 0; i < 1'000'000; ++i) {
        signs_a += "!?"[random() % 2];
        signs_b += "!?"[random() % 2];
    }
    const struct {
        const char* name;
        const std::string &a, b;
    } cases[] = {{"alike", a, nearly},
                 {"other words in another order", a, compare_fixture::prose(random, 1'000'000)},
                 {"two signs, nothing else", signs_a, signs_b},
                 {"one word", std::string(1'000'000, 'a'), std::string(1'000'000, 'b')},
                 {"one side empty", a, ""}};
    for (const auto& [name, one, other] : cases) {
        const auto begin = std::chrono::steady_clock::now();
        const TextDiff diff = compare::diff_words(one, other);
        const auto end = std::chrono::steady_clock::now();
        fmt::print("diff of 1 MB, {}: {:.0f} ms, {} differences, {:.0f} % alike\n", name,
                   std::chrono::duration<double, std::milli>(end - begin).count(), diff.differences(),
                   100 * diff.similarity);
        check_invariants(one, other);
    }
}

TEST_CASE("texts with too many words are compared line by line") {
    std::string a;
    for (int i = 0; i < 300'000; ++i) a += fmt::format("! ! ! ! ! ! ! {}\n", i);
    std::string b = a;
    b.replace(b.find(" 777\n"), 4, " ???");
    const TextDiff diff = compare::diff_words(a, b);
    CHECK(diff.is_by_line);
    CHECK(diff.differences() == 1);
    check_invariants(a, b);
}
