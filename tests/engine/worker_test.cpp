// One answer over a real socket: what every behaviour of a server becomes.
#include "worker.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "servers/scripts.h"

using namespace llmc;
using namespace std::chrono_literals;
using session::AnswerState;

namespace {

constexpr std::string_view kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

std::string delta(const std::string& text) {
    return "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
}
std::string finish(const std::string& reason = "stop") {
    return "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}\n\n";
}
const std::string kDone = "data: [DONE]\n\n";

struct Ran {
    engine::AnswerEnd end;
    std::string text, reasoning, tool_call_log;
    std::vector<AnswerState> states;
    int taken_back = 0;             // how often the text was found to be a thought
    std::size_t broken_checks = 0;  // told last
};

// Runs one answer against `listener`; `prepare` may change the job, `watch` sees every change of state.
Ran run(const demo::Listener& listener, const std::function<void(engine::AnswerJob&)>& prepare = {},
        const std::function<void(const engine::AnswerJob&, AnswerState)>& watch = {},
        const net::Resolver& resolver = net::system_resolver) {
    const auto clock = std::make_shared<base::SystemClock>();
    net::HttpClient http(clock, resolver);
    engine::AnswerJob job;
    job.key = {1, "c1", 1};
    job.server.url = net::BaseUrl::parse(listener.url()).value();
    job.request.model = "m";
    job.request.messages = {{.role = "user", .content = "hello"}};
    job.deadlines = {.connect = 5s, .no_progress = 10s};
    job.stream = session::AnswerStream::make().value();
    job.control = std::make_shared<engine::AnswerControl>();
    job.redactor = std::make_shared<openai::Redactor>();
    if (prepare) prepare(job);
    Ran ran;
    std::shared_ptr<session::AnswerStream> stream = job.stream;
    ran.end = engine::run_answer(job, {http, *clock,
                                       [&](const engine::AnswerUpdate& update) {
                                           if (update.stream) {
                                               stream = update.stream;
                                               ++ran.taken_back;
                                               ran.broken_checks = 0;
                                           }
                                           if (!update.broken_checks.empty())
                                               ran.broken_checks = update.broken_checks.size();
                                           if (!update.state) return;
                                           ran.states.push_back(*update.state);
                                           if (watch) watch(job, *update.state);
                                       },
                                       [] {}});
    ran.text = stream->text();
    ran.reasoning = stream->reasoning();
    ran.tool_call_log = stream->tool_call_log();
    return ran;
}

bool mentions(const Ran& ran, std::string_view words) {
    return ran.end.failure && ran.end.failure->message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("what a server does becomes the state that it is, and its text is kept") {
    struct Case {
        const char* name;
        std::string bytes;
        AnswerState state;
        std::string text;
        ErrorKind kind = ErrorKind::internal;
        const char* words = "";
    };
    const std::string head(kStreamHead);
    const auto json = [](const std::string& status, const std::string& body) {
        return test::with_length(body, status, "Content-Type: application/json\r\n");
    };
    const std::vector<Case> cases{
        {"finish reason and [DONE]", head + delta("hi") + finish() + kDone, AnswerState::complete, "hi"},
        {"finish reason, no [DONE]", head + delta("hi") + finish(), AnswerState::complete, "hi"},
        {"[DONE] after text", head + delta("hi") + kDone, AnswerState::complete, "hi"},
        {"the connection closes", head + delta("hi"), AnswerState::cut_off, "hi", ErrorKind::cut_off, "kept"},
        {"half a chunk", std::string(test::kChunkedHead) + test::chunk(delta("hi")) + "ff\r\ndata: {",
         AnswerState::cut_off, "hi", ErrorKind::cut_off, "kept"},
        {"nothing but [DONE]", head + kDone, AnswerState::empty, "", ErrorKind::empty},
        {"a finish reason without text", head + finish() + kDone, AnswerState::empty, "", ErrorKind::empty},
        {"no byte of a body", head, AnswerState::cut_off, "", ErrorKind::cut_off},
        {"an error in the stream", head + delta("hi") + "data: {\"error\":{\"message\":\"it exploded\"}}\n\n" + kDone,
         AnswerState::failed, "hi", ErrorKind::server_error, "it exploded"},
        {"an error event",
         head + "event: error\ndata: {\"error\":{\"message\":\"Input does not fit in context length. The input has "
                "31430 tokens, but the context length only supports 30000 tokens.\"}}\n\n",
         AnswerState::failed, "", ErrorKind::context_limit, "31430"},
        {"400 context limit",
         json(
             "400 Bad Request",
             R"x({"error":{"code":400,"message":"request (13392 tokens) exceeds the available context size (8192 tokens)","type":"exceed_context_size_error","n_prompt_tokens":13392,"n_ctx":8192}})x"),
         AnswerState::failed, "", ErrorKind::context_limit, "13392 tokens asked for, 8192 allowed"},
        {"500", json("500 Internal Server Error", R"({"error":{"message":"boom"}})"), AnswerState::failed, "",
         ErrorKind::http, "boom"},
        {"401", json("401 Unauthorized", R"({"error":{"message":"Invalid API Key"}})"), AnswerState::failed, "",
         ErrorKind::http, "401"},
        {"a redirect",
         "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/v1\r\nContent-Length: 0\r\n\r\n",
         AnswerState::failed, "", ErrorKind::http, "http://127.0.0.1:1/v1"},
        {"HTML with status 200",
         test::with_length("<html><body>hello</body></html>", "200 OK", "Content-Type: text/html\r\n"),
         AnswerState::failed, "", ErrorKind::protocol},
        {"an error with status 200",
         json("200 OK", R"x({"error":"Unexpected endpoint or method. (POST /v1/chat/completions)"})x"),
         AnswerState::failed, "", ErrorKind::server_error, "Unexpected endpoint"},
        {"a whole answer that is no stream",
         json("200 OK",
              R"({"model":"m","choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]})"),
         AnswerState::complete, "hi"},
        {"no HTTP", "SSH-2.0-OpenSSH_9\r\n", AnswerState::failed, ""},
        {"nothing at all", "", AnswerState::failed, "", ErrorKind::connection},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        const auto listener = test::serve(test::answers(one.bytes));
        const Ran ran = run(listener);
        CHECK(ran.end.state == one.state);
        CHECK(ran.text == one.text);
        CHECK(ran.end.failure.has_value() == session::is_failure(one.state));
        if (ran.end.failure) {
            CAPTURE(ran.end.failure->message);
            if (one.kind != ErrorKind::internal) CHECK(ran.end.failure->kind == one.kind);
            CHECK(mentions(ran, one.words));
            CHECK(mentions(ran, "model m"));
            CHECK(mentions(ran, listener.url().substr(7)));
        }
    }
}

TEST_CASE("the phases and states of an answer come in order") {
    const auto listener = test::serve(test::answers(std::string(kStreamHead) + delta("hi") + finish() + kDone));
    CHECK(run(listener).states == std::vector{AnswerState::processing, AnswerState::streaming});
}

TEST_CASE("a server that refuses stream_options is asked again without them") {
    std::vector<std::string> bodies;
    std::mutex mutex;
    const auto listener = test::serve([&](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        const std::lock_guard lock(mutex);
        bodies.push_back(request->body);
        if (request->body.find("stream_options") != std::string::npos)
            connection.send(
                test::with_length(R"({"error":{"message":"Unrecognized request argument supplied: stream_options"}})",
                                  "400 Bad Request"));
        else
            connection.send(std::string(kStreamHead) + delta("hi") + finish() + kDone);
    });
    const Ran ran = run(listener);
    CHECK(ran.end.state == AnswerState::complete);
    CHECK(bodies.size() == 2);
}

TEST_CASE("where this program's own limits forbid a connection, no server counts as out of reach") {
    const auto listener = test::serve(test::answers(std::string(kStreamHead) + delta("hi") + finish() + kDone));
    for (const ErrorKind kind : {ErrorKind::own_limit, ErrorKind::resolve}) {
        const Ran ran = run(
            listener,
            [&](engine::AnswerJob& job) {
                job.server.url = net::BaseUrl::parse(fmt::format("http://somewhere:{}", job.server.url.port())).value();
                job.deadlines.no_progress = 0s;  // nothing is waited for
            },
            {},
            [kind](const std::string&) {
                return Result<std::vector<std::string>>(Error{kind, "cannot be asked"});
            });
        CHECK(ran.end.state == AnswerState::failed);
        CHECK(ran.end.failure.value().kind == kind);
        CHECK(ran.end.never_connected == (kind == ErrorKind::resolve));
    }
}

TEST_CASE("a server without a list is asked where its API may begin too") {
    std::vector<std::string> paths;
    std::mutex mutex;
    std::string real;
    const auto listener = test::serve([&](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        const std::lock_guard lock(mutex);
        paths.push_back(request->path);
        connection.send(request->path == real ? std::string(kStreamHead) + delta("hi") + finish() + kDone
                                              : test::with_length("File Not Found", "404 Not Found"));
    });
    using Paths = std::vector<std::string>;
    const auto asked = [&](const std::string& base, const std::string& where, AnswerState state,
                           bool is_listed = false) {
        paths.clear();
        real = where;
        const Ran ran = run(listener, [&](engine::AnswerJob& job) {
            job.server.url = net::BaseUrl::parse(listener.url() + base).value();
            if (!is_listed) job.other_places = job.server.url.places();
        });
        CHECK(ran.end.state == state);
        return paths;
    };
    CHECK(asked("/llm", "/llm/chat/completions", AnswerState::complete) == Paths{"/llm/chat/completions"});
    CHECK(asked("/llm", "/llm/v1/chat/completions", AnswerState::complete) ==
          Paths{"/llm/chat/completions", "/llm/v1/chat/completions"});
    CHECK(asked("", "/chat/completions", AnswerState::complete) == Paths{"/v1/chat/completions", "/chat/completions"});
    CHECK(asked("/llm", "", AnswerState::failed).size() == 2);
    CHECK(asked("/llm", "", AnswerState::failed, true).size() == 1);
}

TEST_CASE("a server that wants max_completion_tokens, or its own temperature, is asked again in its way") {
    std::vector<base::Json> bodies;
    std::mutex mutex;
    const auto listener = test::serve([&](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        const std::lock_guard lock(mutex);
        bodies.push_back(base::parse_json(request->body).value());
        std::string refusal;
        if (bodies.back().contains("max_tokens"))
            refusal = "'max_tokens' is not supported. Use 'max_completion_tokens' instead.";
        else if (bodies.back().contains("temperature"))
            refusal = "Unsupported value: 'temperature' does not support 0.7 with this model.";
        connection.send(refusal.empty() ? std::string(kStreamHead) + delta("hi") + finish() + kDone
                                        : test::with_length(refusal, "400 Bad Request"));
    });
    const Ran ran = run(listener, [](engine::AnswerJob& job) {
        job.request.settings = {{"temperature", 0.7}, {"max_tokens", 9}};
    });
    CHECK(ran.end.state == AnswerState::complete);
    REQUIRE(bodies.size() == 3);
    CHECK(bodies[2]["max_completion_tokens"] == 9);
    CHECK_FALSE(bodies[2].contains("temperature"));
    REQUIRE(ran.end.warnings.size() == 1);
    CHECK(ran.end.warnings[0].find("refused the temperature 0.7") != std::string::npos);
}

TEST_CASE("where this program has no descriptor left, it is said as its own and tried again") {
    const auto listener = test::serve(test::answers(std::string(kStreamHead) + delta("hi") + finish() + kDone));
    for (const int failures : {1, 1000}) {
        int asked = 0;
        const Ran ran = run(
            listener,
            [&](engine::AnswerJob& job) {
                job.server.url = net::BaseUrl::parse("studio:" + std::to_string(listener.port())).value();
                job.deadlines.no_progress = 700ms;
            },
            {},
            [&](const std::string&) -> Result<std::vector<std::string>> {
                if (++asked <= failures) return Error{ErrorKind::own_limit, "cannot be asked: too many files"};
                return std::vector<std::string>{"127.0.0.1"};
            });
        CHECK(ran.end.state == (failures == 1 ? AnswerState::complete : AnswerState::failed));
        CHECK(ran.end.warnings.size() == 1);
        CHECK_FALSE(ran.end.never_connected);  // no other server is asked, and this one is not held to be away
        CHECK(asked >= 2);
        if (failures == 1) continue;
        CHECK(base::error_kind_name(ran.end.failure->kind) == "limit");
        CHECK(mentions(ran, "too many files"));
    }
}

TEST_CASE("a server that loads the model is asked again and the state says so") {
    std::atomic<int> asked{0};
    const auto listener = test::serve([&](demo::Connection& connection) {
        if (!demo::read_request(connection)) return;
        if (asked++ == 0)
            connection.send(
                test::with_length(R"({"error":{"message":"Loading model","type":"unavailable_error","code":503}})",
                                  "503 Service Unavailable"));
        else
            connection.send(std::string(kStreamHead) + delta("hi") + finish() + kDone);
    });
    const Ran ran = run(listener);
    CHECK(ran.end.state == AnswerState::complete);
    CHECK(ran.states ==
          std::vector{AnswerState::processing, AnswerState::loading, AnswerState::processing, AnswerState::streaming});
    REQUIRE(ran.end.metrics.model_load_s);
    CHECK(*ran.end.metrics.model_load_s >= 0.9);
    CHECK(*ran.end.metrics.time_to_first_token_s < 0.9);
}

TEST_CASE("loading for longer than the timeout fails") {
    const auto listener = test::serve(test::answers(test::with_length(
        R"({"error":{"message":"Loading model","type":"unavailable_error","code":503}})", "503 Service Unavailable")));
    const Ran ran = run(listener, [](engine::AnswerJob& job) { job.deadlines.no_progress = 500ms; });
    CHECK(ran.end.state == AnswerState::failed);
    CHECK(ran.end.failure->kind == ErrorKind::timeout);
    CHECK(mentions(ran, "was still loading the model after 0.5 s"));
    CHECK(mentions(ran, "Loading model"));
}

TEST_CASE("429 with Retry-After is tried again three times, with a warning each time") {
    std::atomic<int> asked{0};
    std::atomic<int> refusals{2};
    const auto listener = test::serve([&](demo::Connection& connection) {
        if (!demo::read_request(connection)) return;
        if (asked++ < refusals)
            connection.send(test::with_length(R"({"error":{"message":"slow down"}})", "429 Too Many Requests",
                                              "Retry-After: 0\r\n"));
        else
            connection.send(std::string(kStreamHead) + delta("hi") + finish() + kDone);
    });
    Ran ran = run(listener);
    CHECK(ran.end.state == AnswerState::complete);
    CHECK(ran.end.warnings.size() == 2);
    CHECK(asked == 3);

    refusals = 1000, asked = 0;
    ran = run(listener);
    CHECK(ran.end.state == AnswerState::failed);
    CHECK(ran.end.failure->status == 429);
    CHECK(asked == 4);
}

TEST_CASE("429 with a longer Retry-After than a minute, or none, is a failure at once") {
    for (const char* header : {"Retry-After: 61\r\n", ""}) {
        std::atomic<int> asked{0};
        const auto listener = test::serve([&](demo::Connection& connection) {
            ++asked;
            if (demo::read_request(connection))
                connection.send(test::with_length("{}", "429 Too Many Requests", header));
        });
        CHECK(run(listener).end.state == AnswerState::failed);
        CHECK(asked == 1);
    }
}

TEST_CASE(
    "silence before the first token and between two ends in a timeout that names its limit; pings are no progress") {
    for (const bool has_token : {false, true}) {
        const auto listener = test::serve([has_token](demo::Connection& connection) {
            if (!demo::read_request(connection)) return;
            connection.send(std::string(kStreamHead) + (has_token ? delta("hi") : std::string{}));
            while (connection.send(": ping\n\n") && connection.wait(20ms)) {
            }
        });
        const Ran ran = run(listener, [](engine::AnswerJob& job) { job.deadlines.no_progress = 300ms; });
        CHECK(ran.end.state == AnswerState::failed);
        CHECK(ran.end.failure->kind == ErrorKind::timeout);
        CHECK(ran.end.failure->phase == (has_token ? net::Phase::streaming : net::Phase::waiting));
        CHECK(ran.text == (has_token ? "hi" : ""));
        CHECK(mentions(ran, "0.3 s"));
    }
}

TEST_CASE("a server that answers slowly but steadily is never cut by the wait without a token") {
    const auto listener = test::serve([](demo::Connection& connection) {
        if (!demo::read_request(connection)) return;
        connection.send(kStreamHead);
        for (int i = 0; i < 6; ++i) {
            connection.send(delta("x"));
            connection.wait(100ms);
        }
        connection.send(finish() + kDone);
    });
    const Ran ran = run(listener, [](engine::AnswerJob& job) { job.deadlines.no_progress = 400ms; });
    CHECK(ran.end.state == AnswerState::complete);
    CHECK(ran.text == "xxxxxx");
}

TEST_CASE("a server that holds the connection after the finish reason holds nobody") {
    const auto listener =
        test::serve(test::answers_and_holds(std::string(kStreamHead) + delta("hi") + finish() + kDone));
    CHECK(run(listener).end.state == AnswerState::complete);
}

TEST_CASE("a stop while streaming keeps the text and says by whom") {
    for (const auto& [reason, state] : {std::pair{engine::StopReason::stopped, AnswerState::stopped},
                                        {engine::StopReason::interrupted, AnswerState::interrupted}}) {
        const auto listener = test::serve(test::answers_and_holds(std::string(kStreamHead) + delta("hi")));
        const Ran ran = run(listener, {}, [reason = reason](const engine::AnswerJob& job, AnswerState now) {
            if (now == AnswerState::streaming) job.control->stop(reason);
        });
        CHECK(ran.end.state == state);
        CHECK(ran.text == "hi");
        CHECK_FALSE(ran.end.failure);
    }
}

TEST_CASE("the API key goes to its server and comes back nowhere") {
    const std::string key = "sk-canary-0123456789";
    std::string authorization;
    const auto listener = test::serve([&](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        authorization = request->header("authorization");
        connection.send(std::string(kStreamHead) + delta("your key is sk-canary-") + delta("0123456789, ha") +
                        "data: {\"error\":{\"message\":\"bad key sk-canary-012****\"}}\n\n");
    });
    const Ran ran = run(listener, [&](engine::AnswerJob& job) {
        job.server.api_key = key;
        job.redactor = std::make_shared<openai::Redactor>(std::vector{key});
    });
    CHECK(authorization == "Bearer " + key);
    CHECK(ran.text.find("sk-canary") == std::string::npos);
    CHECK(ran.text.find("ha") != std::string::npos);
    CHECK(ran.end.failure->message.find("sk-canary") == std::string::npos);
}

TEST_CASE("tool calls are kept as they come, without the API key however it is cut") {
    const std::string key = "sk-canary-0123456789";
    const auto piece = [](int index, const std::string& head, const std::string& arguments) {
        return "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":" + std::to_string(index) + head +
               ",\"function\":{\"arguments\":\"" + arguments + "\"}}]}}]}\n\n";
    };
    const auto listener =
        test::serve(test::answers(std::string(kStreamHead) + piece(0, ",\"id\":\"a\"", "{sk-canary-") +
                                  piece(1, ",\"id\":\"b\"", "{sk-canary-01234") + piece(0, "", "0123456789}") +
                                  piece(1, "", "56789}") + finish("tool_calls") + kDone));
    for (const bool has_key : {false, true}) {
        CAPTURE(has_key);
        const Ran ran = run(listener, [&](engine::AnswerJob& job) {
            if (!has_key) return;
            job.server.api_key = key;
            job.redactor = std::make_shared<openai::Redactor>(std::vector{key});
        });
        const std::string arguments = has_key ? "{[key]}" : "{" + key + "}";
        CHECK(ran.end.tool_calls == std::vector<openai::ToolCall>{{"a", "", arguments}, {"b", "", arguments}});
        CHECK(session::read_tool_call_log(ran.tool_call_log) == ran.end.tool_calls);
        if (has_key) CHECK(ran.tool_call_log.find("canary") == std::string::npos);
    }
}

TEST_CASE("a short key breaks nothing that a model says") {
    const auto listener = test::serve(test::answers(
        std::string(kStreamHead) +
        "data: "
        "{\"model\":\"m-1234\",\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\","
        "\"arguments\":\"{\\\"limit\\\":1234}\"}}]}}]}\n\n" +
        finish("tool_calls") + kDone));
    const Ran ran = run(listener, [](engine::AnswerJob& job) {
        job.server.api_key = "1234";
        job.redactor = std::make_shared<openai::Redactor>(std::vector<std::string>{"1234"});
    });
    REQUIRE(ran.end.tool_calls.size() == 1);
    CHECK(ran.end.tool_calls[0].arguments == "{\"limit\":1234}");
    CHECK(ran.end.reported_model == "m-1234");
}

TEST_CASE("what is over when the stop comes is complete") {
    const auto listener = test::serve([](demo::Connection& connection) {
        (void)demo::read_request(connection);
        connection.send(std::string(kStreamHead) + delta("whole") + finish());
        connection.wait(30s);
    });
    std::shared_ptr<engine::AnswerControl> control;
    std::jthread stopper;
    const Ran ran = run(
        listener, [&](engine::AnswerJob& job) { control = job.control; },
        [&](const engine::AnswerJob& job, AnswerState state) {
            if (state != AnswerState::streaming || stopper.joinable()) return;
            // The finish reason is in the same bytes as the text: it is there before this thread can look.
            stopper = std::jthread([stream = job.stream, control] {
                while (stream->text().empty()) std::this_thread::yield();
                control->stop(engine::StopReason::interrupted);
            });
        });
    CHECK(ran.end.state == AnswerState::complete);
    CHECK(ran.text == "whole");
}

TEST_CASE("a check's stop counts however much of the rest came in the same bytes") {
    const auto check = check::parse_check({{"type", "max_words"}, {"value", 1}, {"stop_on_break", true}});
    REQUIRE(check.ok());
    const auto listener =
        test::serve(test::answers(std::string(kStreamHead) + delta("one two three") + finish() + kDone));
    const Ran ran = run(listener, [&](engine::AnswerJob& job) {
        job.checks = std::make_shared<const std::vector<check::Check>>(std::vector{*check});
    });
    CHECK(ran.end.state == AnswerState::stopped);
}

TEST_CASE("a check of the reasoning stops a thought that is too long, and tells when the wait for a token began") {
    const auto check = check::parse_check({{"type", "max_reasoning_tokens"}, {"value", 2}, {"stop_on_break", true}});
    REQUIRE(check.ok());
    std::atomic<bool> is_closed{false};
    const auto listener = test::serve([&](demo::Connection& connection) {
        (void)demo::read_request(connection);
        connection.send(kStreamHead);
        const std::string thought = "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\" think\"}}]}\n\n";
        while (connection.send(thought)) std::this_thread::yield();
        is_closed = true;
    });
    std::shared_ptr<engine::AnswerControl> control;
    const Ran ran = run(listener, [&](engine::AnswerJob& job) {
        job.checks = std::make_shared<const std::vector<check::Check>>(std::vector{*check});
        control = job.control;
    });
    CHECK(ran.end.state == AnswerState::stopped);
    CHECK(ran.broken_checks == 1);
    CHECK(ran.reasoning.starts_with(" think think think"));
    CHECK(control->sent() != base::TimePoint{});
    CHECK(control->first_token() >= control->sent());
}

TEST_CASE("text before a lone closing tag is reasoning in another stream, and reaches no check") {
    const auto listener = test::serve([](demo::Connection& connection) {
        (void)demo::read_request(connection);
        connection.send(std::string(kStreamHead) + delta("The secret plan with key-123456") +
                        delta(" is long.\\n</th") + delta("ink>\\n\\nYes") + delta(", sir.") + finish() + kDone);
    });
    for (const bool stops : {false, true}) {
        const auto check =
            check::parse_check({{"type", "not_contains"}, {"value", "secret"}, {"stop_on_break", stops}});
        REQUIRE(check.ok());
        const Ran ran = run(listener, [&](engine::AnswerJob& job) {
            job.checks = std::make_shared<const std::vector<check::Check>>(std::vector{*check});
            job.begins_in_thought = stops;  // known of an answer before
            job.server.api_key = "key-123456";
        });
        CHECK(ran.end.state == AnswerState::complete);
        CHECK(ran.text == "Yes, sir.");
        CHECK(ran.reasoning == "The secret plan with [key] is long.\n");
        CHECK(ran.taken_back == 1);
        CHECK(ran.broken_checks == 0);
        CHECK(ran.end.metrics.time_to_first_output_s.value_or(0) >= ran.end.metrics.time_to_first_token_s.value_or(1));
        CHECK(ran.end.metrics.reasoning_tokens.value_or(0) > 0);
    }
}

TEST_CASE("a stream that breaks off tells the last words of the server") {
    const auto listener =
        test::serve(test::answers(std::string(kStreamHead) + delta("hi") + "data: {\"detail\":\"out of memory\"}\n\n"));
    const Ran ran = run(listener);
    CHECK(ran.end.state == AnswerState::cut_off);
    CHECK(mentions(ran, "out of memory"));
}

TEST_CASE("after a model was loaded the wait between tokens is the configured one again") {
    int asked = 0;
    const auto listener = test::serve([&](demo::Connection& connection) {
        (void)demo::read_request(connection);
        if (++asked == 1) {
            connection.send(test::with_length(R"({"error":{"message":"Loading model","code":503}})",
                                              "503 Service Unavailable", "Content-Type: application/json\r\n"));
            return;
        }
        connection.send(std::string(kStreamHead) + delta("one "));
        connection.wait(2500ms);
        connection.send(delta("two") + finish() + kDone);
    });
    // A second is waited after "Loading model": of 3.2 s, 2.2 are left until the first token, and 3.2 between two.
    const Ran ran = run(listener, [](engine::AnswerJob& job) { job.deadlines.no_progress = 3200ms; });
    CHECK(ran.end.state == AnswerState::complete);
    CHECK(ran.text == "one two");
}

TEST_CASE("a server that is busy for longer than the whole answer may take fails at once, with the limit's name") {
    const auto listener = test::serve([](demo::Connection& connection) {
        (void)demo::read_request(connection);
        connection.send(test::with_length(R"({"error":{"message":"slow down"}})", "429 Too Many Requests",
                                          "Content-Type: application/json\r\nRetry-After: 50\r\n"));
    });
    const Ran ran = run(listener, [](engine::AnswerJob& job) { job.deadlines.total = 10s; });
    CHECK(ran.end.state == AnswerState::failed);
    CHECK(ran.end.failure->kind == ErrorKind::timeout);
    CHECK(ran.end.failure->status == 429);
    CHECK(mentions(ran, "total limit of 10 s"));
    CHECK(mentions(ran, "slow down"));
    CHECK_FALSE(ran.end.never_connected);
}

TEST_CASE("reasoning and text are kept apart and counted") {
    const auto listener = test::serve(
        test::answers(std::string(kStreamHead) +
                      "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n" + delta("yes") + finish() +
                      "data: "
                      "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"completion_tokens_"
                      "details\":{\"reasoning_tokens\":3}}}\n\n" +
                      kDone));
    const Ran ran = run(listener);
    CHECK(ran.text == "yes");
    CHECK(ran.reasoning == "hm");
    CHECK(ran.end.metrics.prompt_tokens == 7);
    CHECK(ran.end.metrics.output_tokens == 5);
    CHECK(ran.end.metrics.reasoning_tokens == 3);
    CHECK(ran.end.metrics.chunks == 2);
    CHECK(ran.end.metrics.time_to_first_token_s <= ran.end.metrics.time_to_first_output_s);
}
