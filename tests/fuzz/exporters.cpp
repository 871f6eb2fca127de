// Any session, whatever its texts, through every exporter: valid UTF-8; HTML with our own tags only; CSV that is CSV
// and holds no formula; Markdown with as many headings as candidates; JSON and session files that are read again.
//
// The bytes are a list of texts separated by 0x1E, which take every place in turn that holds text; the first bytes
// choose states.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "report/report.h"
#include "report/session_file.h"
#include "targets.h"

namespace llmc::fuzz {
namespace {

using session::AnswerState;

class Texts {
public:
    explicit Texts(std::string_view bytes) {
        while (true) {
            const std::size_t end = std::min(bytes.find('\x1e'), bytes.size());
            texts_.emplace_back(bytes.substr(0, end));
            if (end == bytes.size()) break;
            bytes.remove_prefix(end + 1);
        }
        for (const std::string& text : texts_)
            for (const char c : text.substr(0, 4)) choices_.push_back(static_cast<unsigned char>(c));
        choices_.push_back(1);
    }

    // As it came: a name in a config, a server's words.
    const std::string& raw() { return texts_[next_text_++ % texts_.size()]; }
    // As everything else is once it is inside the program.
    std::string text() { return base::to_valid_utf8(raw()); }
    std::size_t choice(std::size_t count) { return choices_[next_choice_++ % choices_.size()] % count; }

private:
    std::vector<std::string> texts_;
    std::vector<unsigned char> choices_;
    std::size_t next_text_ = 0, next_choice_ = 0;
};

session::Answer answer_of(Texts& texts, const std::string& candidate, int round) {
    session::Answer answer;
    answer.candidate = candidate;
    answer.round = round;
    answer.state = static_cast<AnswerState>(4 + texts.choice(6));  // the final ones
    answer.finish_reason = texts.text();
    answer.server = texts.text();
    answer.reported_model = texts.text();
    answer.warnings = {texts.text()};
    if (session::is_failure(answer.state))
        answer.failure = session::Failure{.phase = static_cast<net::Phase>(texts.choice(5)),
                                          .status = static_cast<int>(texts.choice(2)) * 500,
                                          .kind = ErrorKind::server_error,
                                          .message = texts.text()};
    answer.tool_calls = {{texts.text(), texts.text(), texts.text()}};
    answer.served = {texts.text(), texts.text(), 4096};
    answer.rating.note = texts.text();
    if (texts.choice(2)) answer.rating.thumbs = -1;
    answer.checks = {{"contains", texts.choice(2) == 0, texts.text(), 7}};
    answer.settings = session::in_force({}, {});
    answer.settings.system_prompt = texts.text();
    answer.stream = session::AnswerStream::holding(texts.text(), texts.text()).value();
    return answer;
}

session::Session session_of(Texts& texts) {
    session::Session session;
    session.id = "5e55";
    session.settings.system_prompt = texts.text();
    session.servers.push_back({.url = net::BaseUrl::parse("http://10.0.0.1:1234").value(), .name = texts.text()});
    const std::size_t candidates = 1 + texts.choice(3), rounds = texts.choice(3);
    for (std::size_t i = 0; i < candidates; ++i) {
        session::Candidate candidate;
        candidate.id = "c" + std::to_string(i + 1);
        candidate.model_id = texts.text() + "m";
        candidate.display_name = texts.text();
        if (texts.choice(2)) candidate.own.system_prompt = texts.text();
        session.candidates.push_back(std::move(candidate));
    }
    for (std::size_t i = 0; i < rounds; ++i) {
        auto round = std::make_shared<session::Round>();
        round->number = static_cast<int>(i) + 1;
        round->prompt = texts.text();
        round->prompt_id = texts.text();
        for (const session::Candidate& candidate : session.candidates)
            round->answers.push_back(answer_of(texts, candidate.id, round->number));
        session.rounds.push_back(std::move(round));
    }
    session.changes = {{1, texts.text()}};
    session.is_halted = texts.choice(2) == 1;
    session.halt_reason = texts.text();
    return session;
}

void check_html(const std::string& page) {
    constexpr std::string_view kPolicy =
        "meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"";
    static const std::set<std::string, std::less<>> kOurs = {
        "!DOCTYPE", "article", "body",    "dd",    "details", "div",    "dl",        "dt",    "h1",   "h2",
        "h3",       "h4",      "head",    "html",  "main",    "meta",   "p",         "pre",   "span", "strong",
        "style",    "summary", "section", "code",  "table",   "td",     "th",        "title", "tr",   "ul",
        "li",       "em",      "header",  "thead", "tbody",   "footer", "small",     "b",     "ol",   "h5",
        "h6",       "br",      "hr",      "del",   "svg",     "rect",   "blockquote"};
    for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
        const std::size_t end = page.find('>', at);
        promise(end != std::string::npos, "every tag is closed");
        const std::string_view tag = std::string_view(page).substr(at + 1, end - at - 1);
        const std::string_view name = tag.substr(tag.starts_with('/'), tag.find(' ') - tag.starts_with('/'));
        promise(kOurs.contains(name), "no tag but our own");
        if (tag == kPolicy) continue;
        for (const std::string_view acts : {"<", " on", "src", "href", "url(", "javascript"})
            promise(tag.find(acts) == std::string_view::npos, "no tag fetches or runs anything");
    }
    promise(page.find(kPolicy) < page.find("<style"), "the page forbids requests");
}

bool is_number(const std::string& cell) {
    char* end = nullptr;
    std::strtod(cell.c_str(), &end);
    return !cell.empty() && *end == '\0';
}

void check_cell(const std::string& cell) {
    if (cell.empty() || is_number(cell)) return;
    promise(std::string_view("=+-@\t\r\n").find(cell[0]) == std::string_view::npos, "no cell begins like a formula");
    promise(base::for_terminal(cell) == cell, "no cell holds control characters");
}

// RFC 4180, strictly; every row has as many cells as the first.
void check_csv(const std::string& text) {
    std::size_t columns = 0, count = 1;
    std::string cell;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '"') {
            for (++i; i < text.size(); ++i) {
                if (text[i] == '"' && (++i == text.size() || text[i] != '"')) break;
                cell += text[i];
            }
            promise(i < text.size() && (text[i] == ',' || text[i] == '\r'), "a quoted cell ends");
        } else if (text[i] == ',' || text[i] == '\r') {
            check_cell(cell);
            cell.clear();
            const bool is_row_end = text[i] == '\r';
            i += is_row_end ? 2 : 1;
            if (!is_row_end) {
                ++count;
                continue;
            }
            promise(text[i - 1] == '\n', "rows end with CR LF");
            promise(columns == 0 || columns == count, "every row has as many cells as the first");
            columns = count;
            count = 1;
        } else {
            promise(text[i] != '\n', "a line break is quoted");
            cell += text[i++];
        }
    }
    promise(count == 1 && cell.empty(), "the last row ends");
}

void check_markdown(const std::string& text, std::size_t candidates) {
    std::size_t headings = 0, rules = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = std::string_view(text).substr(at, end - at);
        headings += line.starts_with("## Model: ");
        rules += line == std::string(80, '=');
        at = end + 1;
    }
    promise(headings == candidates && rules == candidates, "no text makes a heading of a report");
}

}  // namespace

void exporters(std::string_view bytes) {
    Texts texts(bytes);
    const session::Session session = session_of(texts);
    const base::WallTime now{};
    const std::string markdown = report::render(report::format_of("md"), session, now),
                      html = report::to_html(session, now), csv = report::to_csv(session),
                      json = report::render(report::format_of("json"), session, now);
    for (const std::string* text : {&markdown, &html, &csv, &json})
        promise(base::is_valid_utf8(*text), "a report is valid UTF-8");
    promise(base::for_terminal(markdown) == markdown, "Markdown holds no control characters");
    promise(base::for_terminal(html) == html, "HTML holds no control characters");
    check_html(html);
    check_csv(csv);
    check_markdown(markdown, session.candidates.size());

    const auto report = report::read_session(json, "report");
    promise(report.ok(), "a report can be read again");
    const std::string file = report::to_session_file(session);
    const auto again = report::read_session(file, "session");
    promise(again.ok(), "a session can be read again");
    promise(report::to_session_file(*again) == file, "a session that is read again is the same");
}

}  // namespace llmc::fuzz
