#include "report/session_file.h"

#include <random>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/utf8.h"
#include "metrics/recorder.h"
#include "openai/answer_decoder.h"
#include "openai/manifest.h"
#include "report/report.h"
#include "sample_session.h"

using namespace llmc;
using base::OrderedJson;
using samples::kNow;
using session::AnswerState;

namespace {

OrderedJson parsed(const session::Session& session) {
    return *base::parse_ordered_json(report::to_session_file(session), 128);
}

// Reading what a change made of a session file.
template <class Change>
Result<session::Session> read_changed(Change change) {
    OrderedJson file = parsed(samples::eventful());
    change(file);
    return report::read_session(base::dump_json(file), "s.llmc.json");
}

bool is_valid(std::string_view text) {
    return base::is_valid_utf8(text);
}

// What session_file.h promises of everything that was read.
void check_well_formed(const session::Session& session) {
    std::set<std::string> ids;
    for (const auto& candidate : session.candidates) {
        const bool is_own = !candidate.id.empty() && ids.insert(candidate.id).second;
        CHECK((is_own && !candidate.model_id.empty() && is_valid(candidate.display_name)));
        const double temperature = candidate.own.temperature.value_or(0);
        CHECK((temperature >= 0 && temperature <= 2));
    }
    const session::Settings& settings = session.settings;
    CHECK((settings.temperature >= 0 && settings.temperature <= 2 && settings.max_tokens >= 1 &&
           settings.timeout_s >= 1));
    for (std::size_t i = 0; i < session.rounds.size(); ++i) {
        const session::Round& round = *session.rounds[i];
        CHECK(round.number == static_cast<int>(i) + 1);
        CHECK((is_valid(round.prompt) && round.repeat >= 1));
        std::set<std::string> answered;
        for (const auto* answers : {&round.answers, &round.replaced})
            for (const session::Answer& answer : *answers) {
                CHECK((ids.contains(answer.candidate) && answer.round == round.number &&
                       session::is_final(answer.state)));
                CHECK((answer.stream && is_valid(answer.text()) && is_valid(answer.reasoning())));
            }
        for (const session::Answer& answer : round.answers) CHECK(answered.insert(answer.candidate).second);
    }
}

// The way from a damaged file to a report.
bool read_and_render(std::string_view text, report::Format format) {
    const auto session = report::read_session(text, "damaged");
    if (!session) {
        CHECK(session.error().message.starts_with("damaged: "));
        return false;
    }
    check_well_formed(*session);
    CHECK(is_valid(report::render(format, *session, kNow)));
    return true;
}

// Measures an answer while it is decoded, a nanosecond per token: no clock is faster.
struct Measured final : openai::AnswerSink {
    Measured() { recorder.start(now); }
    Result<void> on_text(std::string_view utf8) override { return recorder.text(utf8), Result<void>{}; }
    Result<void> on_reasoning(std::string_view utf8) override { return recorder.reasoning(utf8), Result<void>{}; }
    void on_token_chunk(const openai::TokenChunk& chunk) override {
        recorder.token_chunk(now += std::chrono::nanoseconds(1), chunk);
    }
    base::TimePoint now{std::chrono::seconds(100)};
    metrics::Recorder recorder;
};

// An answer of a server for which every number is `number`.
session::Answer answer_told_with(const std::string& number) {
    const std::string stream = fmt::format(
        R"(data: {{"choices":[{{"delta":{{"reasoning_content":"Hm"}}}}]}}

data: {{"choices":[{{"delta":{{"content":"Hello"}}}}]}}

data: {{"choices":[{{"index":{0},"delta":{{"content":" you"}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":{0},"completion_tokens":{0},"completion_tokens_details":{{"reasoning_tokens":{0}}},"prompt_tokens_details":{{"cached_tokens":{0}}}}},"timings":{{"cache_n":{0},"prompt_n":{0},"predicted_n":{0},"prompt_per_second":{0},"predicted_per_second":{0}}}}}

data: [DONE]

)",
        number);
    Measured measured;
    openai::AnswerDecoder decoder;
    decoder.feed(stream, measured);
    decoder.finish(measured);
    const openai::AnswerFacts& facts = decoder.facts();
    session::Answer answer = samples::answer("c1", 1, AnswerState::complete, "Hello", "Hm");
    answer.metrics = measured.recorder.finish(facts.usage, facts.timings);
    openai::Manifest manifest;
    const std::string list = fmt::format(R"({{"data":[{{"id":"a","meta":{{"n_ctx":{0}}}}}]}})", number);
    CHECK(openai::read_openai_models(*base::parse_json(list), manifest));
    answer.served.context_length = manifest.models.at(0).context_length;
    return answer;
}

session::Session small() {
    session::Session session = samples::two_candidates();
    samples::add_round(session, "Hi",
                       {samples::answer("c1", 1, AnswerState::complete, "Hello", "hm"),
                        samples::answer("c2", 1, AnswerState::cut_off, "He")});
    return session;
}

}  // namespace

TEST_CASE("a session file read and written again is the same file") {
    const std::string text = report::to_session_file(samples::eventful());
    const auto session = report::read_session(text, "s.llmc.json");
    REQUIRE(session);
    const bool is_same = report::to_session_file(*session) == text;
    CHECK(is_same);
    check_well_formed(*session);
}

TEST_CASE("everything in a session comes back") {
    const session::Session saved = samples::eventful();
    const auto read = report::read_session(report::to_session_file(saved), "s");
    REQUIRE(read);
    CHECK(read->id == saved.id);
    CHECK(read->created_at == saved.created_at);
    CHECK(read->settings == saved.settings);
    CHECK(read->candidates == saved.candidates);
    CHECK(read->is_halted);
    CHECK(read->halt_reason == saved.halt_reason);
    CHECK(read->changes.size() == 1);
    CHECK(read->unknown == saved.unknown);
    REQUIRE(read->servers.size() == 2);
    CHECK(read->servers[0].url == saved.servers[0].url);
    CHECK(read->servers[0].name == "rack");
    CHECK(read->servers[0].api_key_env == "RACK_KEY");
    CHECK(read->servers[0].max_concurrent == 4);
    CHECK(read->servers[0].api_key.empty());
    CHECK(read->servers[1].ca_file == "/etc/ca.pem");
    REQUIRE(read->rounds.size() == saved.rounds.size());
    for (std::size_t i = 0; i < saved.rounds.size(); ++i) {
        const session::Round &round = *read->rounds[i], &original = *saved.rounds[i];
        CHECK(round.prompt == original.prompt);
        CHECK(round.prompt_id == original.prompt_id);
        CHECK(round.case_values == original.case_values);
        CHECK(round.repeat == original.repeat);
        REQUIRE(round.answers.size() == original.answers.size());
        REQUIRE(round.replaced.size() == original.replaced.size());
        for (std::size_t k = 0; k < round.answers.size(); ++k) {
            const session::Answer &answer = round.answers[k], &said = original.answers[k];
            CHECK(answer.candidate == said.candidate);
            CHECK(answer.attempt == said.attempt);
            CHECK(answer.history_from == said.history_from);
            CHECK(answer.state == said.state);
            CHECK(answer.finish_reason == said.finish_reason);
            CHECK(answer.server == said.server);
            CHECK(answer.reported_model == said.reported_model);
            CHECK(answer.failure == said.failure);
            CHECK(answer.metrics == said.metrics);
            CHECK(answer.tool_calls == said.tool_calls);
            CHECK(answer.settings == said.settings);
            CHECK(answer.served == said.served);
            CHECK(answer.rating == said.rating);
            CHECK(answer.started_at == said.started_at);
            CHECK(answer.ended_at == said.ended_at);
            CHECK(answer.text() == said.text());
            CHECK(answer.reasoning() == said.reasoning());
            CHECK(answer.unknown == said.unknown);
        }
    }
    CHECK(read->rounds[0]->answers[0].warnings == saved.rounds[0]->answers[0].warnings);
}

TEST_CASE("whatever number a server says, the session and its report can be read again") {
    for (const char* number : {"0",
                               "1",
                               "-1",
                               "-0.0",
                               "1.5",
                               "1e-300",
                               "999999999999",
                               "1000000000000",
                               "1000000000001",
                               "1e12",
                               "1e15",
                               "1.1e15",
                               "8999999999999999",
                               "9007199254740993",
                               "4e18",
                               "9223372036854775807",
                               "-9223372036854775808",
                               "18446744073709551615",
                               "1e300",
                               "-1e300",
                               "null"}) {
        CAPTURE(number);
        const session::Answer told = answer_told_with(number);
        session::Session session = samples::two_candidates();
        samples::add_round(session, "Hi", {told});
        for (const std::string& text :
             {report::to_session_file(session), report::render(report::format_of("json"), session, kNow)}) {
            const auto read = report::read_session(text, "s");
            REQUIRE_MESSAGE(read, read.error().message);
            const session::Answer& answer = read->rounds.at(0)->answers.at(0);
            CHECK(answer.metrics == told.metrics);
            CHECK(answer.served == told.served);
        }
    }
}

TEST_CASE("a session file says what it is and holds no key") {
    const OrderedJson file = parsed(samples::eventful());
    CHECK(file["format"] == "llm-compare-session");
    CHECK(file["version"] == 1);
    const std::string text = report::to_session_file(samples::eventful());
    CHECK(text.find("sk-canary") == std::string::npos);
    CHECK(text.find("\"api_key\"") == std::string::npos);
    CHECK(text.find("RACK_KEY") != std::string::npos);
}

TEST_CASE("members that are not known survive") {
    const auto session = read_changed([](OrderedJson& file) {
        file["later"] = {{"deep", {1, 2}}};
        file["rounds"][0]["answers"][0]["novel"] = "kept";
        file["rounds"][1]["replaced"][0]["novel"] = 7;
    });
    REQUIRE(session);
    const OrderedJson file = parsed(*session);
    CHECK(file["later"]["deep"] == OrderedJson{1, 2});
    CHECK(file["zoo"].is_array());
    CHECK(file["rounds"][0]["answers"][0]["novel"] == "kept");
    CHECK(file["rounds"][0]["answers"][0]["mood"]["calm"] == true);
    CHECK(file["rounds"][1]["replaced"][0]["novel"] == 7);
}

TEST_CASE("an answer that was still coming when it was saved is read as interrupted and says so") {
    for (const char* state : {"queued", "loading", "processing", "streaming"}) {
        CAPTURE(state);
        const auto session = read_changed([&](OrderedJson& file) { file["rounds"][0]["answers"][0]["state"] = state; });
        REQUIRE(session);
        const session::Answer& answer = session->rounds[0]->answers[0];
        CHECK(answer.state == AnswerState::interrupted);
        CHECK(answer.text() == "It is **Paris**.\n");
        CHECK(answer.warnings.back() == "The session was saved while this answer was still coming.");
    }
}

TEST_CASE("what is wrong in a file is named with its place") {
    struct {
        const char* expected;
        std::function<void(OrderedJson&)> change;
    } const cases[] = {
        {"version: 2 is later", [](OrderedJson& f) { f["version"] = 2; }},
        {"version: missing", [](OrderedJson& f) { f.erase("version"); }},
        {"format: this is neither a session", [](OrderedJson& f) { f["format"] = "llm-compare-suite"; }},
        {"format: this is neither a session", [](OrderedJson& f) { f = OrderedJson::array(); }},
        {"settings.temperature: 7 is out of range", [](OrderedJson& f) { f["settings"]["temperature"] = 7; }},
        {"settings.temperature: must be a number, and is a text",
         [](OrderedJson& f) { f["settings"]["temperature"] = "warm"; }},
        {"settings.order: \"any\" is unknown", [](OrderedJson& f) { f["settings"]["order"] = "any"; }},
        {"settings: must be an object, and is a list", [](OrderedJson& f) { f["settings"] = OrderedJson::array(); }},
        {"created_at: \"soon\" is no time", [](OrderedJson& f) { f["created_at"] = "soon"; }},
        {"servers[1].url", [](OrderedJson& f) { f["servers"][1]["url"] = "http://"; }},
        {"servers[0].max_concurrent: 0 is out of range", [](OrderedJson& f) { f["servers"][0]["max_concurrent"] = 0; }},
        {"candidates[2].id: \"c1\" is there twice", [](OrderedJson& f) { f["candidates"][2]["id"] = "c1"; }},
        {"candidates[0].model_id: missing or empty", [](OrderedJson& f) { f["candidates"][0].erase("model_id"); }},
        {"candidates[2].extra_body: may not set \"stream\"",
         [](OrderedJson& f) { f["candidates"][2]["extra_body"]["stream"] = false; }},
        {"rounds[1].round: 3 where round 2 is expected", [](OrderedJson& f) { f["rounds"][1]["round"] = 3; }},
        {"rounds: must be a list, and is an object", [](OrderedJson& f) { f["rounds"] = OrderedJson::object(); }},
        {"rounds[0].answers[0].state: \"finished\" is no state",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["state"] = "finished"; }},
        {"rounds[0].answers[1].candidate: \"c1\" answers twice",
         [](OrderedJson& f) { f["rounds"][0]["answers"][1]["candidate"] = "c1"; }},
        {"rounds[0].answers[1].candidate: there is no \"c9\"",
         [](OrderedJson& f) { f["rounds"][0]["answers"][1]["candidate"] = "c9"; }},
        {"rounds[0].answers[0].round: 2 in round 1", [](OrderedJson& f) { f["rounds"][0]["answers"][0]["round"] = 2; }},
        {"rounds[1].answers[0].error.phase: \"later\" is no phase",
         [](OrderedJson& f) { f["rounds"][1]["answers"][0]["error"]["phase"] = "later"; }},
        {"rounds[0].answers[0].metrics.output_tokens: -1 is out of range",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["metrics"]["output_tokens"] = -1; }},
        {"rounds[0].answers[0].ratings.stars: 6 is out of range",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["ratings"]["stars"] = 6; }},
        {"rounds[0].answers[0].ratings.thumbs",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["ratings"]["thumbs"] = 0; }},
        {"rounds[0].answers[0].warnings[0]: must be a text, and is a number",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["warnings"][0] = 1; }},
        {"rounds[0].answers[0].started_at",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["started_at"] = "2025-02-30T00:00:00.000Z"; }},
    };
    for (const auto& [expected, change] : cases) {
        CAPTURE(expected);
        const auto session = read_changed(change);
        REQUIRE_FALSE(session);
        CHECK(session.error().kind == ErrorKind::parse);
        CHECK_MESSAGE(session.error().message.starts_with(std::string("s.llmc.json: ") + expected),
                      session.error().message);
    }
}

TEST_CASE("a file that nests too deep is refused, and extra bodies may be as deep as anything from outside") {
    std::string deep = R"({"format": "llm-compare-session", "version": 1, "x": )" + std::string(100'000, '[');
    CHECK(report::read_session(deep, "deep").error().kind == ErrorKind::limit);
    session::Session session = small();
    base::Json nested = 1;
    for (int i = 0; i < base::kMaxJsonDepth - 1; ++i) nested = base::Json{{"n", nested}};
    session.candidates[0].own.extra_body = {{"n", nested}};
    const auto read = report::read_session(report::to_session_file(session), "s");
    REQUIRE(read);
    CHECK(read->candidates == session.candidates);
}

TEST_CASE("a report opens as a session with what it has") {
    const session::Session saved = samples::eventful();
    const std::string report_text = report::render(report::format_of("json"), saved, kNow);
    const auto read = report::read_session(report_text, "r.json");
    REQUIRE(read);
    check_well_formed(*read);
    CHECK(read->candidates == saved.candidates);
    CHECK(read->settings == saved.settings);
    CHECK(read->is_halted);
    CHECK(read->servers.size() == 2);
    REQUIRE(read->rounds.size() == 2);
    CHECK(read->rounds[1]->prompt == "And of Spain?\nBe brief.");
    CHECK(read->rounds[1]->case_values == base::Json{{"country", "Spain"}});
    CHECK(read->rounds[1]->replaced.size() == 1);
    const bool is_same = report::render(report::format_of("json"), *read, kNow) == report_text;
    CHECK(is_same);
}

TEST_CASE("a report with holes in its rounds or two answers in one is refused") {
    OrderedJson file = report::to_json(samples::eventful(), kNow);
    const std::vector<std::string> labels{"a", "b", "Second \"A\""};
    SUBCASE("no answer of round 2") {
        for (const auto& label : labels)
            for (const char* list : {"answers", "replaced"})
                for (auto& answer : file["conversations"][label][list])
                    if (answer["round"] == 2) answer["round"] = 2'000'000;
        CHECK(report::read_session(base::dump_json(file), "r").error().message ==
              "r: conversations: no answer tells of round 2, but one of round 2000000");
    }
    SUBCASE("two answers in round 1") {
        file["conversations"]["a"]["answers"][1]["round"] = 1;
        CHECK(report::read_session(base::dump_json(file), "r")
                  .error()
                  .message.starts_with("r: conversations.a.answers[1].round"));
    }
}

TEST_CASE("a smaller report of another program opens, too") {
    const auto read = report::read_session(R"({"format": "llm-compare-report", "version": 1,
        "configuration": {"models": ["m"], "temperature": 0.1},
        "conversations": {"m": {"messages": [], "answers": [{"round": 1, "prompt": "Hi", "state": "complete", "text": "Hello"}]}}})",
                                           "r");
    REQUIRE(read);
    check_well_formed(*read);
    CHECK(read->candidates[0].model_id == "m");
    CHECK(read->candidates[0].id == "c1");
    CHECK(read->settings.temperature == 0.1);
    CHECK(read->rounds[0]->answers[0].text() == "Hello");
}

TEST_CASE("a file cut off anywhere is refused") {
    session::Session session = samples::two_candidates();
    samples::add_round(session, "Hi", {samples::answer("c1", 1, AnswerState::cut_off, "Hello", "hm")});
    const std::string file = report::to_session_file(session);
    const std::string exported = report::render(report::format_of("json"), session, kNow);
    std::vector<std::size_t> read;
    for (std::size_t size = 0; size + 1 < file.size(); ++size)  // but for the last line break
        if (report::read_session(std::string_view(file).substr(0, size), "cut")) read.push_back(size);
    for (std::size_t size = 0; size + 1 < exported.size(); size += 5)
        if (report::read_session(std::string_view(exported).substr(0, size), "cut")) read.push_back(size);
    CHECK(read.empty());
}

TEST_CASE("a file with flipped bytes is refused or read as a session that is well formed") {
    std::mt19937 random(20261122);
    int read = 0, refused = 0;
    for (const std::string& text : {report::to_session_file(samples::judged()),
                                    report::render(report::format_of("json"), samples::judged(), kNow)})
        for (int i = 0; i < 1000; ++i) {
            std::string damaged = text;
            for (auto flips = random() % 3 + 1; flips > 0; --flips)
                damaged[random() % damaged.size()] ^= static_cast<char>(1 << (random() % 8));
            const auto format = report::all_formats()[i % 4];
            read_and_render(damaged, format) ? ++read : ++refused;
        }
    CHECK(read > 100);  // otherwise the test looks at nothing but the parser
    CHECK(refused > 100);
}

TEST_CASE("texts from models survive the file as they are") {
    for (const std::string& hostile : samples::hostile_texts()) {
        const std::string text = base::to_valid_utf8(hostile);
        const auto read = report::read_session(report::to_session_file(samples::saying(text, text, text)), "s");
        REQUIRE(read);
        CHECK(read->rounds[0]->prompt == text);
        CHECK(read->rounds[0]->answers[0].text() == text);
        CHECK(read->rounds[0]->answers[0].reasoning() == text);
    }
}
