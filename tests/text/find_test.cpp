#include "text/find.h"

#include <doctest/doctest.h>

namespace llmc::text {
namespace {

std::vector<std::string> found(std::string_view text, std::string_view query) {
    Find find;
    find.set_query(query);
    CHECK(find.update(text));
    std::vector<std::string> all;
    for (const SourceRange& range : find.results()) all.emplace_back(text.substr(range.begin, range.end - range.begin));
    return all;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("find ignores the case of Latin, Greek and Cyrillic letters") {
    CHECK(found("Cat cAT dog", "CAT") == Strings{"Cat", "cAT"});
    CHECK(found("Über ÜBER über", "üBer") == Strings{"Über", "ÜBER", "über"});
    CHECK(found("ΣΊΣΥΦΟΣ σίσυφος", "ΣΊσυφΟσ") == Strings{"ΣΊΣΥΦΟΣ", "σίσυφος"});
    CHECK(found("Ёлка ёлка ЖУК", "ёЛК") == Strings{"Ёлк", "ёлк"});
    CHECK(found("ŁÓDŹ łódź Ÿ ẞ", "Łódź") == Strings{"ŁÓDŹ", "łódź"});
    CHECK(found("日本語と日本", "日本") == Strings{"日本", "日本"});
    CHECK(found("nothing", "").empty());
}

TEST_CASE("results do not overlap and are found behind false starts") {
    CHECK(found("aaaa", "aa").size() == 2);
    CHECK(found("aab aaab", "aab") == Strings{"aab", "aab"});
    CHECK(found("ababac", "abac") == Strings{"abac"});
}

TEST_CASE("a growing text gives what the whole one gives") {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "xX ΑαΆ needle nEEdle xneedl";
    for (const std::string_view query : {"needle", "xx", "α", "e x"}) {
        Find whole, growing, sliced;
        for (Find* find : {&whole, &growing, &sliced}) find->set_query(query);
        whole.update(text);
        for (std::size_t at = 0; at <= text.size(); ++at)
            if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80)
                growing.update(std::string_view(text).substr(0, at));
        while (!sliced.update(text, 10)) {
        }
        CHECK(!whole.results().empty());
        CHECK(growing.results() == whole.results());
        CHECK(sliced.results() == whole.results());
    }
}

TEST_CASE("results are capped, and it is told") {
    Find find;
    find.set_query("a");
    find.update(std::string(2 * Find::kMaxResults, 'a'));
    CHECK(find.results().size() == Find::kMaxResults);
    CHECK(find.is_capped());
    find.set_query("b");
    CHECK(find.results().empty());
    CHECK(!find.is_capped());
}

}  // namespace llmc::text
