#include "text/highlight.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace llmc::text;

namespace {

// A letter for each byte of the line: comment, string, number, keyword, + added, - removed, "." plain.
std::string inks(const CodeLanguage& language, std::string_view line, CodeState& state) {
    std::vector<InkRange> ranges;
    state = ink_line(language, line, state, ranges);
    std::string letters(line.size(), '.');
    std::uint32_t at = 0;
    for (const InkRange& range : ranges) {
        CHECK(range.begin >= at);
        REQUIRE(range.end <= line.size());
        at = range.end;
        for (std::uint32_t i = range.begin; i < range.end; ++i)
            letters[i] = ".csnk+-"[static_cast<std::size_t>(range.ink)];
    }
    return letters;
}

struct Lines {
    const char* language;
    std::vector<std::pair<std::string, std::string>> lines;  // and their inks
};

void check(const Lines& code) {
    const CodeLanguage* language = code_language(code.language);
    REQUIRE_MESSAGE(language, code.language);
    CodeState state;
    for (const auto& [line, wanted] : code.lines) {
        const std::string found = inks(*language, line, state);
        CHECK_MESSAGE(found == wanted, (std::string(code.language) + ": " + line));
    }
    CHECK_MESSAGE(state.inside == 0, code.language);
}

}  // namespace

TEST_CASE("comments, strings, numbers and keywords of each language") {
    const Lines all[] = {
        {"c",
         {{"int x = 0x1F; // no \"s\"", "kkk.....nnnn..ccccccccc"},
          {"char c = '\\n', *s = \"a\\\"b\"; /* two", "kkkk.....ssss.......ssssss..cccccc"},
          {"lines */ return 1.5e-3f;", "cccccccc.kkkkkk.nnnnnnn."}}},
        {"C++",
         {{"auto n = 1'000'000; // x", "kkkk.....nnnnnnnnn..cccc"},
          {"std::string s = R\"(a \"b\"", "................ssssssss"},
          {"// c)\" + name_if;", "ssssss..........."},
          {"#include <vector>", ".kkkkkkk........."}}},
        {"cs",
         {{"var p = @\"C:\\a\"; foreach", "kkk.....sssssss..kkkkkkk"}, {"var q = @\"a\"\"b\";", "kkk.....sssssss."}}},
        {"java", {{"public int i = 42;", "kkkkkk.kkk.....nn."}}},
        {"ts", {{"const f = `a ${b}", "kkkkk.....sssssss"}, {"c`; let $let = 'x'", "ss..kkk........sss"}}},
        {"python",
         {{"def f(x): # it's", "kkk.......cccccc"},
          {"    '''doc", "....ssssss"},
          {"  it's '''; return None", "ssssssssss..kkkkkk.kkkk"}}},
        {"rust",
         {{"fn f<'a>(x: &'a str) -> char { 'a' }", "kk..............kkk.....kkkk...sss.."},
          {"/* a /* b */ c", "cccccccccccccc"},
          {"*/ let r = r#\"x\"y\"#;", "cc.kkk.....ssssssss."}}},
        {"go", {{"func main() { x := `a", "kkkk...............ss"}, {"b` }", "ss.."}}},
        {"bash", {{"echo $# 'a\\' # no", "kkkk....ssss.cccc"}, {"if [ \"a", "kk...ss"}, {"b\" ]; then", "ss....kkkk"}}},
        {"sql", {{"SELECT 'it''s', 5 -- x", "kkkkkk.sssssss..n.cccc"}}},
        {"json", {{"{\"a\": \"b: c\", \"n\": -1.5e+3, \"t\": true}", ".kkk..ssssss..kkk...nnnnnn..kkk..kkkk."}}},
        {"yaml",
         {{"my-key: \"v\" # c", "kkkkkk..sss.ccc"},
          {"url: http://x#y", "kkk............"},
          {"- on: yes", "..kk..kkk"}}},
        {"html",
         {{"<a href=\"x>y\">5 is < 6</a> <!-- no", ".k......sssss...........k..ccccccc"},
          {"--><img", "ccc.kkk"},
          {" alt='q'/>", ".....sss.."}}},
        {"css",
         {{"a:hover { color: #ff0; width: 50% }", "..........kkkkk..nnnn..kkkkk..nnn.."},
          {"@media x {}", ".kkkkk....."}}},
        {"diff", {{"@@ -1 +1 @@", "kkkkkkkkkkk"}, {"-a", "--"}, {"+b", "++"}, {" c", ".."}}},
    };
    for (const Lines& code : all) check(code);
}

TEST_CASE("a fence names its language in many ways, or one that has no colours") {
    for (const char* name : {"cpp", "C++", "cpp title=\"x\"", "cpp{1,2}", "hpp"})
        CHECK(code_language(name) == code_language("cpp"));
    for (const char* name : {"", "text", "mermaid", "a-language-with-a-name-beyond-all-measure"})
        CHECK_FALSE(code_language(name));
}

TEST_CASE("any bytes are coloured without a fault, line by line as in one go") {
    const std::string nasty =
        "\"'`/*<!--\\#{}@0x1e+'a R\"( r#\" \xC3\xA4 \xE2\x82\xAC'\xF0\x9F\x98\x80' --> */ )\" \"#";
    for (const char* name :
         {"c", "cpp", "cs", "java", "js", "rust", "go", "py", "sh", "sql", "json", "yaml", "html", "css", "diff"})
        for (std::size_t begin = 0; begin < nasty.size(); ++begin)
            for (std::size_t size = 0; begin + size <= nasty.size(); size += 3) {
                CodeState state;
                inks(*code_language(name), nasty.substr(begin, size), state);
                inks(*code_language(name), nasty.substr(0, begin), state);
            }
}
