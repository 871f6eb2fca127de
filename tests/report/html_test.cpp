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
                             "It is **Paris**.",
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
        session::Session session = samples::saying(hostile, hostile, hostile);
        session.settings.system_prompt = hostile;
        const std::string page = html(session);
        CHECK(tags(page) == plain);
        CHECK(base::is_valid_utf8(page));
        CHECK(base::for_terminal(page) == page);
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
    const std::set<std::string> allowed{
        "!DOCTYPE", "html", "head",    "meta",    "title",   "style", "body",   "h1",    "h2", "h3", "h4", "div", "dl",
        "dt",       "dd",   "article", "details", "summary", "pre",   "strong", "table", "tr", "th", "td", "p"};
    for (std::string tag : tags(page)) {
        tag.erase(0, tag.starts_with("</") ? 2 : 1);
        CHECK_MESSAGE(allowed.contains(tag), tag);
    }
    CHECK_FALSE(std::regex_search(page, std::regex("url\\(|@import|src=|href=| on[a-z]+=")));
}
