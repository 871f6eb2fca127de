#include <regex>
#include <set>

#include <doctest/doctest.h>

#include "base/utf8.h"
#include "report/report.h"
#include "sample_session.h"

using namespace llmc;
using samples::contains;
using samples::kNow;
using session::AnswerState;

namespace {

std::string html(const session::Session& session) {
    return report::to_html(session, kNow);
}
// The tags in order, without what is in them: "<div" or "</div".
std::vector<std::string> tags(const std::string& text) {
    std::vector<std::string> found;
    for (std::size_t pos = text.find('<'); pos != std::string::npos; pos = text.find('<', pos + 1))
        found.push_back(text.substr(pos, text.find_first_of(" >\n", pos) - pos));
    return found;
}

const std::set<std::string> kTags{"!DOCTYPE", "html",       "head",    "meta",    "title", "style",  "body", "h1",
                                  "h2",       "h3",         "h4",      "h5",      "h6",    "div",    "dl",   "dt",
                                  "dd",       "article",    "details", "summary", "pre",   "strong", "em",   "del",
                                  "code",     "blockquote", "ul",      "ol",      "li",    "hr",     "br",   "span",
                                  "table",    "tr",         "th",      "td",      "p",     "svg",    "rect"};
const std::set<std::string> kAlone{"!DOCTYPE", "meta", "hr", "br", "rect"};  // that nothing ends

// Every tag is one of ours, and what is opened is closed in its order.
void check_markup(const std::string& page) {
    std::vector<std::string> open;
    for (std::string tag : tags(page)) {
        const bool ends = tag.starts_with("</");
        tag.erase(0, ends ? 2 : 1);
        CHECK_MESSAGE(kTags.contains(tag), tag);
        if (kAlone.contains(tag)) continue;
        if (!ends) {
            open.push_back(tag);
            continue;
        }
        REQUIRE_MESSAGE(!open.empty(), tag);
        CHECK(open.back() == tag);
        open.pop_back();
    }
    CHECK(open.empty());
    CHECK_FALSE(std::regex_search(page, std::regex("<[^>]*( (href|src|on[a-z]+)=|url\\(|@import)")));
}

}  // namespace

TEST_CASE("the HTML report shows candidates beside each other and rounds in rows") {
    const std::string page = html(samples::eventful());
    CHECK(contains(page, "style=\"--columns: 3\""));
    for (const char* part : {"<h3>a</h3>",
                             "<h3>b</h3>",
                             "<h3>Second &quot;A&quot;</h3>",
                             "Round 1 · User",
                             "Round 2 · User",
                             "Capital of France?",
                             "It is <strong>Paris</strong>.",
                             "<summary>Reasoning</summary>",
                             "France, so …",
                             "Tool call: look_up",
                             "{&quot;city&quot;: &quot;Paris&quot;}",
                             "Took no part in this round.",
                             "TTFT 0.25 s",
                             "decode 50.0 tok/s",
                             "Q4_K_M, gguf, context 8192",
                             "Skipped.",
                             "changed in round 2",
                             "4 of 5 stars",
                             "<h2>Metrics</h2>",
                             "prefers-color-scheme: dark",
                             "@media print"})
        CHECK_MESSAGE(contains(page, part), part);
    // Two rounds of three candidates: five answers or gaps each, four answers in all.
    const std::vector<std::string> all = tags(page);
    CHECK(std::count(all.begin(), all.end(), "<article") == 4);
}

TEST_CASE("an incomplete answer cannot be taken for a complete one") {
    for (const AnswerState state :
         {AnswerState::queued, AnswerState::streaming, AnswerState::stopped, AnswerState::interrupted,
          AnswerState::cut_off, AnswerState::empty, AnswerState::failed}) {
        session::Session session = samples::two_candidates();
        session::Answer answer = samples::answer("c1", 1, state, "partial");
        if (session::is_failure(state))
            answer.failure = session::Failure{.phase = net::Phase::waiting, .status = 503, .message = "It broke."};
        samples::add_round(session, "Hi", {answer});
        const std::string page = html(session);
        CAPTURE(session::answer_state_name(state));
        CHECK(contains(page, "<article class=\"answer incomplete"));
        CHECK(contains(page, "incomplete: " + std::string(session::answer_state_name(state))));
        if (session::is_failure(state)) CHECK(contains(page, "It broke. (phase waiting, HTTP 503)"));
    }
    CHECK_FALSE(contains(html(samples::saying("Fine.")), "incomplete: "));
    CHECK(contains(html(samples::saying("Fine.")), "<article class=\"answer\">"));
}

TEST_CASE("text from outside stands in the page as text, whatever it holds") {
    const std::vector<std::string> plain = tags(html([] {
        session::Session session = samples::saying("x", "x", "x");
        session.settings.system_prompt = "x";
        return session;
    }()));
    for (const std::string& hostile : samples::hostile_texts()) {
        CAPTURE(hostile);
        session::Session session = samples::saying("x", hostile, hostile);
        session.settings.system_prompt = hostile;
        const std::string page = html(session);
        CHECK(tags(page) == plain);
        CHECK(base::is_valid_utf8(page));
        CHECK(base::for_terminal(page) == page);
        const std::string answered = html(samples::saying(hostile, "x", "x"));  // which is Markdown
        check_markup(answered);
        CHECK(base::is_valid_utf8(answered));
        CHECK(base::for_terminal(answered) == answered);
    }
}

TEST_CASE("what a model says is shown as Markdown, nothing of it can be clicked or fetched") {
    const std::string page = html(samples::saying(
        "# Plan\n\nRead [the *manual*](https://example.org/a?b=1&c=2), <https://plain.example> and "
        "![a cat](https://cat.example/x.png).\n\n1. one\n2. `two` &lt;b&gt; &copy;\n\n- [x] done\n- [ ] open\n\n"
        "> said\n\n| a | b |\n|---|--:|\n| 1 | ~~2~~ |\n\n```cpp\nint x = 1; // \"q\"\n```\n\n---\n<b "
        "onclick=\"x()\">raw</b>"));
    check_markup(page);
    for (const char* part :
         {"<h5>Plan</h5>", "the <em>manual</em> <span class=\"address\">(https://example.org/a?b=1&amp;c=2)</span>",
          "https://plain.example and", "[image: a cat] <span class=\"address\">(https://cat.example/x.png)</span>",
          "<ol start=\"1\"><li>one</li>", "<code>two</code> &lt;b&gt;", "<li>☑ done</li>", "<li>☐ open</li>",
          "<blockquote><p>said</p>", "<td style=\"text-align: right\"><del>2</del></td>",
          "<pre class=\"code\"><span class=\"i-k\">int</span> x = <span class=\"i-n\">1</span>; <span class=\"i-c\">// "
          "&quot;q&quot;</span>\n</pre>",
          "<hr>", "&lt;b onclick=&quot;x()&quot;&gt;raw&lt;/b&gt;"})
        CHECK_MESSAGE(contains(page, part), part);
    CHECK_FALSE(contains(page, "(https://plain.example)"));
}

TEST_CASE("an answer that would make a page of any size, or nest without end, stands there all the same") {
    std::string wide = "|", rows;
    for (int i = 0; i < 20'000; ++i) wide += "a|";
    wide += "\n|";
    for (int i = 0; i < 20'000; ++i) wide += "-|";
    for (int i = 0; i < 20'000; ++i) rows += "\n|b|";
    std::string links = "[l]: https://example.org/" + std::string(100'000, 'x') + "\n\n";
    for (int i = 0; i < 50'000; ++i) links += "[l] ";
    for (const std::string& text : {wide + rows, links, std::string(50'000, '>'), std::string(100'000, '['),
                                    std::string(100'000, '*') + "a", std::string(100'000, '`')}) {
        const std::string page = html(samples::saying(text));
        check_markup(page);
        CHECK(page.size() < 60 * text.size() + 20'000);
    }
}

TEST_CASE("labels, errors, servers and settings from outside are text, too") {
    const std::string hostile = "<img src=x onerror=\"alert('1')\">";
    session::Session session = samples::two_candidates();
    session.servers[0].name = hostile;
    session.candidates[0].display_name = hostile;
    session.candidates[0].own.system_prompt = hostile;
    session.candidates[0].server = hostile;
    session.changes = {{1, hostile}};
    session::Answer answer = samples::answer("c1", 1, AnswerState::failed, "");
    answer.failure = session::Failure{.message = hostile};
    answer.server = answer.finish_reason = answer.rating.note = answer.served.format = hostile;
    answer.warnings = {hostile};
    answer.tool_calls = {{hostile, hostile, hostile}};
    samples::add_round(session, "Hi", {answer});
    session.is_halted = true;
    const std::string page = html(session);
    CHECK_FALSE(contains(page, "<img"));
    CHECK_FALSE(contains(page, "\"alert"));
    CHECK(contains(page, "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;"));
    CHECK_FALSE(contains(page, "sk-canary"));
}

TEST_CASE("the page can run nothing and fetch nothing") {
    const std::string page = html(samples::eventful());
    CHECK(contains(
        page,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"));
    check_markup(page);
}
