#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/utf8.h"
#include "report/report.h"
#include "sample_session.h"

using namespace llmc;
using base::OrderedJson;
using samples::kNow;
using session::AnswerState;

namespace {

OrderedJson json(const session::Session& session) {
    return report::to_json(session, kNow);
}

std::vector<std::string> keys(const OrderedJson& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items()) names.push_back(name);
    return names;
}

void check_keys(const OrderedJson& object, std::vector<std::string> expected) {
    std::vector<std::string> names = keys(object);
    std::sort(names.begin(), names.end());
    std::sort(expected.begin(), expected.end());
    CHECK(fmt::format("{}", fmt::join(names, " ")) == fmt::format("{}", fmt::join(expected, " ")));
}

void check_answer_keys(const OrderedJson& answer) {
    check_keys(
        answer,
        {"round",     "prompt",     "prompt_id", "case",    "repeat",         "state",    "finish_reason", "text",
         "reasoning", "tool_calls", "error",     "server",  "reported_model", "warnings", "metrics",       "ratings",
         "checks",    "settings",   "served",    "attempt", "started_at",     "ended_at", "history_from",  "category",
         "severity",  "steps",      "ended_by",  "world",   "resumed_at",     "form",     "output"});
    check_keys(answer["metrics"], {"time_to_first_token_s",
                                   "time_to_first_output_s",
                                   "inter_token_latency_s",
                                   "decode_tokens_per_s",
                                   "end_to_end_latency_s",
                                   "end_to_end_tokens_per_s",
                                   "chunk_gap_p50_s",
                                   "chunk_gap_p95_s",
                                   "chunk_gap_p99_s",
                                   "chunk_gap_max_s",
                                   "queue_wait_s",
                                   "model_load_s",
                                   "prompt_tokens",
                                   "output_tokens",
                                   "reasoning_tokens",
                                   "cached_tokens",
                                   "tokens_estimated",
                                   "prompt_tokens_estimated",
                                   "reasoning_tokens_estimated",
                                   "speed_note",
                                   "token_source",
                                   "chunks",
                                   "server_prompt_tokens_per_s",
                                   "server_decode_tokens_per_s",
                                   "requests_in_flight",
                                   "model_state",
                                   "steps",
                                   "model_time_s",
                                   "task_time_s",
                                   "round"});
    check_keys(answer["settings"], {"temperature", "top_p", "top_k", "min_p", "repeat_penalty", "request_form",
                                    "presence_penalty", "frequency_penalty", "reasoning_effort", "max_tokens", "seed",
                                    "stop", "system_prompt", "timeout_seconds", "extra_body"});
    check_keys(answer["served"], {"quantization", "format", "context_length"});
}

}  // namespace

TEST_CASE("every key is there, whether there is something to say or not") {
    session::Session bare = samples::two_candidates();
    samples::add_round(bare, "Hi", {samples::answer("c1", 1, AnswerState::queued, "")});
    session::Session full = samples::eventful();
    for (std::size_t i = 0; i < full.rounds.size(); ++i) {  // without what only files know
        auto copy = std::make_shared<session::Round>(*full.rounds[i]);
        for (auto& answer : copy->answers) answer.unknown = nullptr;
        full.rounds.set(i, copy);
    }
    for (const session::Session& session : {bare, full}) {
        const OrderedJson report = json(session);
        check_keys(report, {"generated_at", "session_id", "configuration", "halted", "halt_reason", "conversations",
                            "server_metrics", "format", "version", "queue", "suite", "votes", "casting", "judges"});
        check_keys(report["configuration"], {"models",
                                             "system_prompt",
                                             "temperature",
                                             "max_tokens",
                                             "timeout_seconds",
                                             "servers",
                                             "server_names",
                                             "top_p",
                                             "top_k",
                                             "min_p",
                                             "repeat_penalty",
                                             "request_form",
                                             "presence_penalty",
                                             "frequency_penalty",
                                             "reasoning_effort",
                                             "seed",
                                             "stop",
                                             "connect_timeout_seconds",
                                             "total_timeout_seconds",
                                             "order",
                                             "on_failure",
                                             "changes"});
        CHECK(report["conversations"].size() == session.candidates.size());
        for (const auto& [label, conversation] : report["conversations"].items()) {
            CAPTURE(label);
            check_keys(conversation, {"messages", "error", "candidate", "answers", "replaced", "metrics_summary"});
            check_keys(conversation["candidate"], {"id",
                                                   "model_id",
                                                   "display_name",
                                                   "temperature",
                                                   "top_p",
                                                   "top_k",
                                                   "min_p",
                                                   "repeat_penalty",
                                                   "request_form",
                                                   "presence_penalty",
                                                   "frequency_penalty",
                                                   "reasoning_effort",
                                                   "max_tokens",
                                                   "seed",
                                                   "not_sent",
                                                   "stop",
                                                   "system_prompt",
                                                   "server",
                                                   "extra_body",
                                                   "removed",
                                                   "skipped"});
            for (const char* list : {"answers", "replaced"})
                for (const auto& answer : conversation[list]) check_answer_keys(answer);
        }
        CHECK(report["format"] == "llm-compare-report");
        CHECK(report["version"] == 1);
    }
}

TEST_CASE("a report says what was said, asked, set and measured") {
    const OrderedJson report = json(samples::eventful());
    CHECK(report["generated_at"] == base::iso_local(kNow));
    CHECK(report["halted"] == true);
    CHECK(report["halt_reason"] ==
          "Model a failed: Connection lost. rack (10.0.0.1:1234) closed the connection. The text so far is kept.");
    const OrderedJson& configuration = report["configuration"];
    CHECK(configuration["models"] == OrderedJson{"a", "b", "a"});
    CHECK(configuration["servers"] == OrderedJson{"http://10.0.0.1:1234", "https://llm.example.org:443/api/v1"});
    CHECK(configuration["temperature"] == 0.2);
    CHECK(configuration["timeout_seconds"] == 300);
    CHECK(configuration["changes"] == OrderedJson::parse(R"([{"from_round": 2, "what": "temperature 0.7 -> 0.2"}])"));

    CHECK(keys(report["conversations"]) == std::vector<std::string>{"a", "b", "Second \"A\""});
    const OrderedJson& first = report["conversations"]["a"];
    CHECK(first["messages"] == OrderedJson::parse(R"([{"role": "user", "content": "Capital of France?"},
                                                      {"role": "assistant", "content": "It is **Paris**.\n"}])"));
    CHECK(first["error"] == "rack (10.0.0.1:1234) closed the connection. The text so far is kept.");
    REQUIRE(first["answers"].size() == 2);
    REQUIRE(first["replaced"].size() == 1);
    CHECK(first["replaced"][0]["text"] == "Hal");
    const OrderedJson& good = first["answers"][0];
    CHECK(good["state"] == "complete");
    CHECK(good["finish_reason"] == "stop");
    CHECK(good["reasoning"] == "France, so …");
    CHECK(good["error"].is_null());
    CHECK(good["server"] == "rack");
    CHECK(good["reported_model"] == "a-0711");
    CHECK(good["ratings"] == OrderedJson::parse(R"({"thumbs": 1, "stars": 4, "note": "short | good"})"));
    CHECK(good["served"] ==
          OrderedJson::parse(R"({"quantization": "Q4_K_M", "format": "gguf", "context_length": 8192})"));
    CHECK(good["metrics"]["time_to_first_token_s"] == 0.25);
    CHECK(good["metrics"]["model_state"] == "loaded");
    CHECK(good["metrics"]["speed_note"] == "hidden reasoning");
    CHECK(good["metrics"]["token_source"] == "usage");
    CHECK(good["metrics"]["tokens_estimated"] == false);
    CHECK(good["metrics"]["round"] == 1);
    CHECK(good["started_at"] == "2025-11-22T14:00:01.000Z");
    CHECK(good["mood"]["calm"] == true);
    const OrderedJson& bad = first["answers"][1];
    CHECK(bad["error"]["phase"] == "streaming");
    CHECK(bad["error"]["status"] == 200);
    CHECK(bad["error"]["kind"] == "connection");
    CHECK(bad["error"]["message"] == first["error"]);
    CHECK(bad["prompt"] == "And of Spain?\nBe brief.");
    CHECK(bad["prompt_id"] == "capital");
    CHECK(bad["case"] == OrderedJson{{"country", "Spain"}});
    CHECK(bad["repeat"] == 2);
    CHECK(bad["attempt"] == 2);
    CHECK(bad["ratings"].is_null());
    CHECK(bad["checks"].is_null());

    const OrderedJson& calling = report["conversations"]["b"];
    CHECK(calling["answers"][0]["tool_calls"] ==
          OrderedJson::parse(R"([{"id": "id1", "name": "look_up", "arguments": "{\"city\": \"Paris\"}"}])"));
    CHECK(calling["messages"][2] == OrderedJson{{"role", "tool"}, {"content", "{}"}, {"tool_call_id", "id1"}});
    CHECK(calling["error"].is_null());
    CHECK(calling["candidate"]["removed"] == true);
    CHECK(calling["candidate"]["skipped"] == true);

    const OrderedJson& own = report["conversations"]["Second \"A\""]["candidate"];
    CHECK(own["id"] == "c3");
    CHECK(own["model_id"] == "a");
    CHECK(own["temperature"] == 0.0);
    CHECK(own["server"] == "rack");
    CHECK(own["extra_body"]["top_k"] == 3);
    CHECK(report["conversations"]["Second \"A\""]["answers"][0]["warnings"][0] ==
          "The answer was ended by its token limit (finish reason length).");

    CHECK(first["metrics_summary"]["answers"] == 1);
    CHECK(report["server_metrics"]["rack"]["output_tokens"] == 101);
    CHECK(report["server_metrics"]["rack"]["busy_s"] == 2.25);
}

TEST_CASE("nothing but complete turns is among the messages, and an answer that failed is never without an error") {
    for (const AnswerState state :
         {AnswerState::queued, AnswerState::streaming, AnswerState::stopped, AnswerState::interrupted,
          AnswerState::cut_off, AnswerState::empty, AnswerState::failed}) {
        session::Session session = samples::two_candidates();
        samples::add_round(session, "Hi", {samples::answer("c1", 1, state, "partial")});
        const OrderedJson conversation = json(session)["conversations"]["a"];
        CAPTURE(session::answer_state_name(state));
        CHECK(conversation["messages"].empty());
        CHECK(conversation["answers"][0]["text"] == "partial");
        CHECK(conversation["answers"][0]["state"] == session::answer_state_name(state));
        CHECK(conversation["answers"][0]["error"].is_null() != session::is_failure(state));
        CHECK(conversation["error"].is_null() != session::is_failure(state));
    }
}

TEST_CASE("what failed later decides a conversation's error; one that went well since stays told") {
    session::Session session = samples::two_candidates();
    session::Answer failed = samples::answer("c1", 1, AnswerState::failed, "");
    failed.failure = session::Failure{.message = "It broke."};
    samples::add_round(session, "1", {failed});
    samples::add_round(session, "2", {samples::answer("c1", 2, AnswerState::complete, "fine")});
    const OrderedJson report = json(session);
    CHECK(report["conversations"]["a"]["error"] == "It broke.");
    CHECK(report["halted"] == false);
    CHECK(report["halt_reason"].is_null());
}

TEST_CASE("two candidates with one name have labels of their own") {
    session::Session session = samples::two_candidates();
    session.candidates[1].model_id = "a";
    CHECK(keys(json(session)["conversations"]) == std::vector<std::string>{"a", "a (2)"});
}

TEST_CASE("a number from a single-precision field is written as it was set") {
    session::Session session = samples::two_candidates();
    session.settings.temperature = static_cast<double>(0.7F);
    session.settings.timeout_s = 0.5 + 60;
    const std::string text = report::render(report::format_of("json"), session, kNow);
    CHECK(text.find("\"temperature\": 0.7,") != std::string::npos);
    CHECK(text.find("\"timeout_seconds\": 60.5,") != std::string::npos);
}

TEST_CASE("the text of a report is valid UTF-8 with an indent of 2, reads back as it was, and acts on no terminal") {
    for (const std::string& hostile : samples::hostile_texts()) {
        CAPTURE(hostile);
        const session::Session session = samples::saying(base::to_valid_utf8(hostile), hostile, hostile);
        const std::string text = report::render(report::format_of("json"), session, kNow);
        CHECK(base::is_valid_utf8(text));
        CHECK(text.starts_with("{\n  \"generated_at\""));
        CHECK(text.back() == '\n');
        CHECK(base::for_terminal(text) == text);
        const auto back = base::parse_ordered_json(text);
        REQUIRE(back);
        CHECK((*back)["conversations"]["a"]["answers"][0]["text"] == base::to_valid_utf8(hostile));
    }
    CHECK(report::render(report::format_of("json"), samples::eventful(), kNow).find("sk-canary") == std::string::npos);
}
