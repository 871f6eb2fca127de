#include "net/sse_parser.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using llmc::ErrorKind;
using llmc::net::kSsePadding;
using llmc::net::SseEvent;
using llmc::net::SseParser;
using llmc::net::SseSink;

namespace {

// Events as text: "type|data", with a "~" behind an unterminated one.
struct Collector : SseSink {
    std::vector<std::string> events;
    std::size_t stop_after = std::string::npos;

    bool on_event(const SseEvent& event) override {
        volatile char padding = 0;  // the sanitizer says whether it may be read
        for (std::size_t i = 0; i < kSsePadding; ++i) padding = event.data.data()[event.data.size() + i];
        (void)padding;
        events.push_back(std::string(event.type) + "|" + std::string(event.data) + (event.is_unterminated ? "~" : ""));
        return events.size() < stop_after;
    }
};

bool is_braced(std::string_view data) {
    return data == "[DONE]" || (data.starts_with('{') && data.ends_with('}'));
}

using Events = std::vector<std::string>;

Events parse(std::string_view stream, std::size_t step = std::string::npos, SseParser::IsWhole is_whole = &is_braced) {
    SseParser parser(is_whole);
    Collector collector;
    while (!stream.empty()) {
        const auto piece = stream.substr(0, step);
        REQUIRE(parser.feed(piece, collector).ok());
        stream.remove_prefix(piece.size());
    }
    REQUIRE(parser.finish(collector).ok());
    return collector.events;
}

struct Case {
    std::string why;
    std::string stream;
    Events events;
};

const std::vector<Case>& cases() {
    using namespace std::string_literals;
    static const std::vector<Case> all{
        {"one event", "data: a\n\n", {"|a"}},
        {"no blank after the colon", "data:a\n\n", {"|a"}},
        {"one blank only is taken away", "data:  a\n\n", {"| a"}},
        {"several data lines", "data: a\ndata: b\ndata:\n\n", {"|a\nb\n"}},
        {"type", "event: ping\ndata: a\n\n", {"ping|a"}},
        {"the type comes after the data", "data: a\nevent: ping\n\n", {"ping|a"}},
        {"the last type counts", "event: a\nevent: b\ndata: x\n\n", {"b|x"}},
        {"the type is of one event only", "event: a\ndata: 1\n\ndata: 2\n\n", {"a|1", "|2"}},
        {"the type is forgotten with an event without data", "event: a\n\ndata: 2\n\n", {"|2"}},
        {"CR ends lines", "data: a\rdata: b\r\rdata: c\r\r", {"|a\nb", "|c"}},
        {"CRLF ends lines", "data: a\r\ndata: b\r\n\r\n", {"|a\nb"}},
        {"mixed line ends", "data: a\r\n\ndata: b\n\r\ndata: c\r\r\ndata: d\n\r", {"|a", "|b", "|c", "|d"}},
        {"CR LF LF is an end and a blank line", "data: a\r\n\n", {"|a"}},
        {"a byte order mark at the start",
         "\xEF\xBB\xBF"
         "data: a\n\n",
         {"|a"}},
        {"a byte order mark elsewhere",
         "data: a\n\n\xEF\xBB\xBF"
         "data: b\n\n",
         {"|a"}},
        {"half a byte order mark",
         "\xEF\xBB"
         "data: a\n\ndata: b\n\n",
         {"|b"}},
        {"a comment", ": hello\n\n:\n\n:x\ndata: a\n\n", {"|a"}},
        {"a comment glued to the next event", ": OPENROUTER PROCESSING\ndata: a\n\n", {"|a"}},
        {"only retry, id or comment is no event (openai-python #2722)", "retry: 3000\n\nid: 1\n\n: c\n\n\n\n", {}},
        {"an empty data line is an event (heartbeat)", "data\n\ndata:\n\ndata: \n\n", {"|", "|", "|"}},
        {"unknown fields, and names are case-sensitive", "Data: a\nDATA: b\ndatax: c\nfoo\nbar: x\n\n", {}},
        {"no field name", ":data: a\n\n", {}},
        {"a blank before the name makes another name", " data: a\n\n", {}},
        {"a colon in the value", "data: a:b: c\n\n", {"|a:b: c"}},
        {"NUL bytes", "id: a\0b\ndata: x\0y\n\n"s, {"|x\0y"s}},
        {"line separators of Unicode do not end lines",
         "data: \xE2\x80\xA8\xE2\x80\xA9\xC2\x85\v\f\n\n",
         {"|\xE2\x80\xA8\xE2\x80\xA9\xC2\x85\v\f"}},
        {"[DONE] with blanks is passed on as it is", "data: [DONE]  \n\n", {"|[DONE]  "}},
        {"event: error", "event: error\ndata: {\"error\":1}\n\n", {"error|{\"error\":1}"}},
        {"error: {…} of old llama-server", "error: {\"code\":500}\n\n", {"error|{\"code\":500}"}},
        {"error: comes at once, after a whole message", "data: {1}\nerror: {2}\n\n", {"|{1}", "error|{2}"}},
        {"error: comes past a message that is not whole", "data: {1\nerror: {2}\ndata: }\n\n", {"error|{2}", "|{1\n}"}},
        {"error without a value is an unknown field", "error\nerror:\n\n", {}},
        {"blank lines are missing", "data: {1}\ndata: {2}\ndata: [DONE]\n", {"|{1}", "|{2}", "|[DONE]~"}},
        {"blank lines are missing, with types",
         "event: a\ndata: {1}\nevent: b\ndata: {2}\nevent: c\n\n",
         {"a|{1}", "c|{2}"}},
        {"blank lines are missing, one type",
         "data: {1}\nevent: error\ndata: {2}\n\ndata: {3}\n\n",
         {"|{1}", "error|{2}", "|{3}"}},
        {"data lines of one message", "data: {\ndata: 1\ndata: }\n\n", {"|{\n1\n}"}},
        {"the last blank line is missing", "data: {1}\n\ndata: {2}\n", {"|{1}", "|{2}~"}},
        {"the last line end is missing", "data: {1}\n\ndata: {2}", {"|{1}", "|{2}~"}},
        {"cut in the middle of a message", "data: {1}\n\ndata: {\"a", {"|{1}", "|{\"a~"}},
        {"cut in the middle of a name", "data: {1}\n\ndat", {"|{1}"}},
        {"cut in the middle of an error", "error: {\"a", {"error|{\"a~"}},
        {"cut after a message without its blank line", "data: {1}\ndata: {2", {"|{1}", "|{2~"}},
        {"cut in a comment", "data: {1}\n: x", {"|{1}~"}},
        {"nothing", "", {}},
        {"blank lines only", "\n\r\n\r\r\n\n", {}},
    };
    return all;
}

}  // namespace

TEST_CASE("events are found as the WHATWG says, and as servers deviate from it") {
    for (const Case& expected : cases()) {
        CAPTURE(expected.why);
        CHECK(parse(expected.stream) == expected.events);
    }
}

TEST_CASE("bytes cut anywhere give the same events") {
    for (const Case& expected : cases()) {
        CAPTURE(expected.why);
        for (const std::size_t step : {1u, 2u, 3u, 7u}) CHECK(parse(expected.stream, step) == expected.events);
        for (std::size_t cut = 0; cut <= expected.stream.size(); ++cut) {
            CAPTURE(cut);
            SseParser parser(&is_braced);
            Collector collector;
            REQUIRE(parser.feed(std::string_view(expected.stream).substr(0, cut), collector).ok());
            SseParser copy = parser;  // goes on with what the original has seen
            REQUIRE(copy.feed(std::string_view(expected.stream).substr(cut), collector).ok());
            REQUIRE(copy.finish(collector).ok());
            CHECK(collector.events == expected.events);
        }
    }
}

TEST_CASE("random streams in random pieces give the same events as in one piece") {
    std::mt19937 random(20261122);
    const std::vector<std::string> parts{"data: ", "data:", "{1}",  "{", "}",        "x",          "\n",   "\n",
                                         "\n\n",   "\r",    "\r\n", ":", "event: e", "error: {2}", "id: 1"};
    for (int round = 0; round < 2000; ++round) {
        std::string stream;
        for (auto i = random() % 40; i > 0; --i) stream += parts[random() % parts.size()];
        CAPTURE(stream);
        SseParser parser(&is_braced);
        Collector collector;
        for (std::size_t pos = 0; pos < stream.size();) {
            const auto piece = std::string_view(stream).substr(pos, 1 + random() % 5);
            REQUIRE(parser.feed(piece, collector).ok());
            pos += piece.size();
        }
        REQUIRE(parser.finish(collector).ok());
        REQUIRE(collector.events == parse(stream));
    }
}

TEST_CASE("without a test for whole messages data lines are joined") {
    CHECK(parse("data: {1}\ndata: {2}\n\n", std::string::npos, nullptr) == Events{"|{1}\n{2}"});
}

TEST_CASE("a copy and its original do not share anything") {
    SseParser parser;
    Collector first;
    Collector second;
    REQUIRE(parser.feed("data: a", first).ok());
    SseParser copy = parser;
    REQUIRE(parser.feed("1\n\n", first).ok());
    REQUIRE(copy.feed("2\n\n", second).ok());
    CHECK(first.events == Events{"|a1"});
    CHECK(second.events == Events{"|a2"});
}

TEST_CASE("a sink that has enough gets nothing more") {
    for (const std::size_t step : {std::string::npos, std::size_t{1}}) {
        const std::string stream = "data: 1\n\ndata: 2\n\ndata: 3\n\nerror: 4\n\ndata: 5";
        SseParser parser;
        Collector collector;
        collector.stop_after = 2;
        for (std::size_t pos = 0; pos < stream.size(); pos += std::min(step, stream.size())) {
            REQUIRE(parser.feed(std::string_view(stream).substr(pos, step), collector).ok());
        }
        REQUIRE(parser.finish(collector).ok());
        CHECK(collector.events == Events{"|1", "|2"});
    }
}

TEST_CASE("a line or an event beyond the limit is an error that names it, and ends the parser") {
    struct Endless {
        std::string start, repeated, said;
    };
    const std::vector<Endless> streams{
        {"data: ", std::string(1000, 'x'), "a line of the stream is longer than 16 MiB"},
        {": ", std::string(1000, 'x'), "a line of the stream is longer than 16 MiB"},
        {"", std::string(1000, 'x'), "a line of the stream is longer than 16 MiB"},
        {"", "data: " + std::string(1000, 'x') + "\n", "an event of the stream is longer than 16 MiB"},
        {"", "data\n", "an event of the stream is longer than 16 MiB"},
    };
    for (const Endless& endless : streams) {
        CAPTURE(endless.repeated.substr(0, 20));
        SseParser parser(&is_braced);
        Collector collector;
        std::string piece;
        while (piece.size() < 65536) piece += endless.repeated;
        REQUIRE(parser.feed(endless.start, collector).ok());
        llmc::Result<void> fed;
        std::size_t bytes = 0;
        while (fed.ok() && bytes < (std::size_t{100} << 20)) {
            fed = parser.feed(piece, collector);
            bytes += piece.size();
        }
        REQUIRE_FALSE(fed.ok());
        CHECK(fed.error().kind == ErrorKind::limit);
        CHECK(fed.error().message == endless.said);
        CHECK(collector.events.empty());
        CHECK(parser.feed("\n\ndata: x\n\n", collector).ok());
        CHECK(parser.finish(collector).ok());
        CHECK(collector.events.empty());
    }
}

TEST_CASE("the limit is exact, in one piece and cut") {
    const auto feed = [](const std::string& stream, std::size_t step) {
        SseParser parser(nullptr, 100);
        Collector collector;
        for (std::size_t pos = 0; pos < stream.size(); pos += std::min(step, stream.size())) {
            if (!parser.feed(std::string_view(stream).substr(pos, step), collector).ok()) return false;
        }
        return true;
    };
    for (const std::size_t step : {std::string::npos, std::size_t{1}, std::size_t{7}}) {
        CAPTURE(step);
        CHECK(feed("data: " + std::string(94, 'x') + "\n\n", step));
        CHECK_FALSE(feed("data: " + std::string(95, 'x') + "\n\n", step));
        CHECK(feed("data: " + std::string(50, 'x') + "\ndata: " + std::string(49, 'x') + "\n\n", step));
        CHECK_FALSE(feed("data: " + std::string(50, 'x') + "\ndata: " + std::string(50, 'x') + "\n\n", step));
        std::string comments;
        for (int i = 0; i < 100; ++i) comments += ": a comment of some length\n";
        CHECK(feed(comments, step));
    }
}

TEST_CASE("the question whether a message is whole costs no more than the message") {
    static std::size_t asked_bytes;
    asked_bytes = 0;
    const SseParser::IsWhole never = [](std::string_view data) {
        asked_bytes += data.size();
        return false;
    };
    std::string stream;
    for (int i = 0; i < 100'000; ++i) stream += "data: }\n";
    parse(stream, std::string::npos, never);
    CHECK(asked_bytes <= 4 * stream.size());
}
