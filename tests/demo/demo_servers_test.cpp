#include "demo/demo_servers.h"

#include <array>
#include <memory>

#include <doctest/doctest.h>

#include "base/json.h"
#include "base/utf8.h"
#include "demo/demo_text.h"
#include "demo/form_plays.h"
#include "net/http.h"
#include "openai/answer_decoder.h"
#include "openai/chat_request.h"
#include "openai/manifest.h"

namespace llmc::demo {
namespace {

using openai::EndState;

// One answer as a client sees it.
struct Heard : net::HttpReceiver, openai::AnswerSink {
    net::ResponseHead head;
    std::string body, text, reasoning;
    std::unique_ptr<openai::AnswerDecoder> decoder;
    net::HttpOutcome outcome;
    net::Cancellation* cancel_after_text = nullptr;

    bool on_head(const net::ResponseHead& response) override {
        head = response;
        decoder = std::make_unique<openai::AnswerDecoder>(response.content_type);
        return true;
    }
    bool on_body(std::string_view bytes) override {
        body += bytes;
        return head.status != 200 || decoder->feed(bytes, *this) || true;
    }
    Result<void> on_text(std::string_view utf8) override {
        text += utf8;
        if (cancel_after_text != nullptr) cancel_after_text->cancel();
        return {};
    }
    Result<void> on_reasoning(std::string_view utf8) override {
        CHECK(text.empty());
        reasoning += utf8;
        return {};
    }
    void on_token_chunk(const openai::TokenChunk&) override {}

    EndState state() const {
        return openai::judge_end(decoder->facts(), outcome.end == net::HttpOutcome::End::complete).state;
    }
};

struct Demo {
    explicit Demo(Fault fault = Fault::none) : Demo({.tokens_per_s = 0, .fault = fault}) {}
    explicit Demo(const DemoOptions& options) : servers(DemoServers::start(options).value()) {}

    // POSTs `body` to server `index`.
    std::unique_ptr<Heard> post(std::size_t index, std::string body, net::Cancellation cancellation = {},
                                bool cancel_after_text = false) {
        auto heard = std::make_unique<Heard>();
        if (cancel_after_text) heard->cancel_after_text = &cancellation;
        const auto url = net::BaseUrl::parse(servers.servers().at(index).url).value();
        const net::HttpRequest request{.method = "POST",
                                       .server = url,
                                       .path = url.openai_path("/chat/completions"),
                                       .headers = {{"Content-Type", "application/json"}},
                                       .body = std::move(body)};
        heard->outcome = client.perform(request, {.no_progress = std::chrono::seconds(60)}, *heard, cancellation);
        if (heard->decoder) heard->decoder->finish(*heard);
        return heard;
    }
    std::unique_ptr<Heard> ask(const std::string& model, const std::string& prompt) {
        return ask(model, {{.role = "user", .content = prompt}});
    }
    std::unique_ptr<Heard> ask(const std::string& model, std::vector<openai::Message> messages) {
        openai::ChatRequest request;
        request.model = model;
        request.messages = std::move(messages);
        return post(model == "demo-thinker" ? 0 : 1, openai::to_json(request));
    }
    net::HttpClient::Body get(std::size_t index, const std::string& path) {
        const auto url = net::BaseUrl::parse(servers.servers().at(index).url).value();
        return client.fetch({.server = url, .path = path}, {}, 1 << 20, {}).value();
    }

    net::HttpClient client{std::make_shared<base::SystemClock>()};
    DemoServers servers;
};

}  // namespace

TEST_CASE("the demo servers list three models between them") {
    Demo demo;
    REQUIRE(demo.servers.servers().size() == 2);
    CHECK(demo.servers.servers()[0].models == std::vector<std::string>{"demo-fast", "demo-thinker"});
    CHECK(demo.servers.servers()[1].models == std::vector<std::string>{"demo-fast", "demo-fragile"});
    CHECK(demo.servers.describe() == demo.servers.servers()[0].url + " demo-fast demo-thinker\n" +
                                         demo.servers.servers()[1].url + " demo-fast demo-fragile\n\n");
    for (const auto& entry : demo.servers.servers()) {
        openai::ManifestHints hints;
        const auto manifest =
            openai::fetch_manifest(demo.client, {.url = net::BaseUrl::parse(entry.url).value()}, {}, hints, {});
        REQUIRE_MESSAGE(manifest, manifest.error().message);
        std::vector<std::string> ids;
        for (const auto& model : manifest->models) ids.push_back(model.id);
        CHECK(ids == entry.models);
    }
}

TEST_CASE("an answer streams to its end with usage, and is the same when it comes whole") {
    Demo demo;
    for (const std::string model : {"demo-fast", "demo-thinker", "demo-fragile"}) {
        CAPTURE(model);
        const auto streamed = demo.ask(model, "A list and a table, please.");
        CHECK(streamed->outcome.end == net::HttpOutcome::End::complete);
        CHECK(streamed->head.content_type.starts_with("text/event-stream"));
        CHECK(streamed->state() == EndState::complete);
        CHECK(streamed->text.find("|---|") != std::string::npos);
        CHECK(streamed->reasoning.empty() == (model != "demo-thinker"));
        const auto& facts = streamed->decoder->facts();
        CHECK(facts.finish_reason == "stop");
        CHECK(facts.is_done);
        CHECK(facts.reported_model == model);
        CHECK(facts.usage.output_tokens ==
              split_tokens(streamed->text).size() + split_tokens(streamed->reasoning).size());
        CHECK(facts.usage.reasoning_tokens == split_tokens(streamed->reasoning).size());

        const auto whole =
            demo.post(model == "demo-thinker" ? 0 : 1, R"({"model": ")" + model + R"(", "messages": [{"role": "user",
            "content": [{"type": "text", "text": "A list and a table, please."}]}]})");
        CHECK(whole->head.content_type == "application/json");
        CHECK(whole->text == streamed->text);
        CHECK(whole->reasoning == streamed->reasoning);
        CHECK(whole->decoder->facts().usage == facts.usage);
    }
}

TEST_CASE("the history is seen: in the answer and in the prompt's tokens") {
    Demo demo;
    const auto first = demo.ask("demo-fast", "My name is Ada.");
    const auto second = demo.ask("demo-fast", {{.role = "system", .content = "Be kind."},
                                               {.role = "user", .content = "My name is Ada."},
                                               {.role = "assistant", .content = first->text},
                                               {.role = "user", .content = "What is my name?"}});
    CHECK(second->text.find("turn 2") != std::string::npos);
    CHECK(second->text.find("My name is Ada.") != std::string::npos);
    CHECK(*second->decoder->facts().usage.prompt_tokens >
          *first->decoder->facts().usage.prompt_tokens + *first->decoder->facts().usage.output_tokens);
}

TEST_CASE("max_tokens ends an answer with the reason length, stop texts before the text") {
    Demo demo;
    const std::string begin =
        R"({"stream": true, "model": "demo-thinker", "messages": [{"role": "user", "content": "Hi"}], )";
    const auto full = demo.post(0, begin + R"("temperature": 2})");
    CHECK_FALSE(full->decoder->facts().usage.output_tokens);  // not asked for

    const auto cut = demo.post(0, begin + R"("max_tokens": 3})");
    CHECK(cut->decoder->facts().finish_reason == "length");
    CHECK(cut->text.empty());
    CHECK(split_tokens(cut->reasoning).size() == 3);
    CHECK(full->reasoning.starts_with(cut->reasoning));

    const auto stopped = demo.post(0, begin + R"("stop": ["You asked"], "seed": 1})");
    CHECK(stopped->decoder->facts().finish_reason == "stop");
    CHECK(stopped->text == full->text.substr(0, full->text.find("You asked")));
    CHECK_FALSE(stopped->text.empty());
}

TEST_CASE("the models that play roles stand on the second server, for who asks for them") {
    Demo demo({.tokens_per_s = 0, .has_roles = true});
    REQUIRE(demo.servers.servers().size() == 2);
    CHECK(demo.servers.servers()[1].models == std::vector<std::string>{"demo-fast", "roles-good", "roles-breaks",
                                                                       "roles-leaks", "roles-cycles", "demo-fragile"});
}

TEST_CASE("the models that answer request forms stand there too, and refuse or end without a token where they should") {
    Demo demo({.tokens_per_s = 0, .has_roles = true, .has_forms = true});
    CHECK(demo.servers.servers()[1].models ==
          std::vector<std::string>{"demo-fast", "roles-good", "roles-breaks", "roles-leaks", "roles-cycles",
                                   "forms-good", "forms-reasoning", "forms-suppressed", "forms-ignores", "forms-leaks",
                                   "forms-empty", "forms-refuses", "demo-fragile"});
    openai::ChatRequest request;
    request.messages = {{.role = "user", .content = "Is the lamp on?"}};
    request.tools =
        base::parse_json(R"([{"type": "function", "function": {"name": "look_up", "parameters": {}}}])").value();
    const auto ask = [&](const char* model) {
        request.model = model;
        return demo.post(1, openai::to_json(request));
    };
    const auto good = ask("forms-good");
    REQUIRE(good->decoder->facts().tool_calls.size() == 1);
    CHECK(good->decoder->facts().tool_calls[0].name == "look_up");
    CHECK_FALSE(good->reasoning.empty());
    CHECK(ask("forms-empty")->state() == EndState::empty);
    const auto refused = ask("forms-refuses");
    CHECK(refused->head.status == 400);
    CHECK(openai::read_error_body(400, refused->head.content_type, refused->body).message.find(kFormRefusal) !=
          std::string::npos);
    request.tools = nullptr;
    CHECK(ask("forms-refuses")->state() == EndState::complete);
}

TEST_CASE("a played step streams its calls in fragments, and is the same when it comes whole") {
    Demo demo({.tokens_per_s = 0, .has_roles = true});
    const std::string prompt =
        "Move the invoices in ./inbox, which are the files whose names begin with \"invoice\", to ./invoices. They "
        "keep "
        "their names.";
    openai::ChatRequest request;
    request.model = "roles-good";
    request.messages = {{.role = "user", .content = prompt}};
    std::vector<std::string> arguments;
    std::size_t prompt_tokens = 0;
    for (int step = 0; step < 5; ++step) {
        CAPTURE(step);
        const auto streamed = demo.post(1, openai::to_json(request));
        const auto& facts = streamed->decoder->facts();
        CHECK(facts.finish_reason == (step < 4 ? "tool_calls" : "stop"));
        CHECK(*facts.usage.prompt_tokens > prompt_tokens);
        prompt_tokens = *facts.usage.prompt_tokens;
        base::Json body = base::parse_json(openai::to_json(request)).value();
        body["stream"] = false;
        const auto whole = demo.post(1, base::dump_json(body));
        CHECK(whole->decoder->facts().tool_calls == facts.tool_calls);
        CHECK(whole->decoder->facts().usage == facts.usage);
        CHECK(whole->text == streamed->text);
        REQUIRE(facts.tool_calls.size() == (step < 4 ? 1 : 0));
        if (step == 4) break;
        CHECK(streamed->body.find(base::dump_json(base::Json(facts.tool_calls[0].arguments))) == std::string::npos);
        arguments.push_back(facts.tool_calls[0].arguments);
        request.messages.push_back({.role = "assistant", .content = "", .tool_calls = facts.tool_calls});
        request.messages.push_back({.role = "tool", .content = "It is done.", .tool_call_id = facts.tool_calls[0].id});
    }
    CHECK(arguments[0] == R"({"path":"./inbox"})");
    CHECK(arguments[3] == R"({"source":"./inbox/invoice-march.txt","destination":"./invoices/invoice-march.txt"})");

    base::Json body = base::parse_json(openai::to_json(request)).value();
    body["messages"] = {{{"role", "user"}, {"content", prompt}}};
    body["max_tokens"] = 4;
    const auto cut = demo.post(1, base::dump_json(body));
    CHECK(cut->decoder->facts().finish_reason == "length");
    REQUIRE(cut->decoder->facts().tool_calls.size() == 1);
    CHECK(arguments[0].starts_with(cut->decoder->facts().tool_calls[0].arguments));
    CHECK(cut->decoder->facts().tool_calls[0].arguments.size() < arguments[0].size());
}

TEST_CASE("what is no good request is refused in words") {
    Demo demo;
    const auto error_of = [&](std::string body) {
        const auto heard = demo.post(0, std::move(body));
        return std::pair(heard->head.status,
                         openai::read_error_body(heard->head.status, heard->head.content_type, heard->body).message);
    };
    CHECK(error_of("{").first == 400);
    CHECK(error_of("{}").second.find("messages") != std::string::npos);
    CHECK(error_of(R"({"messages": []})").first == 400);
    CHECK(
        error_of(R"({"model": "demo-fast", "messages": [{"role": "user", "content": "x"}], "max_tokens": -1})").first ==
        400);
    const auto missing = error_of(R"({"model": "gpt-9", "messages": [{"role": "user", "content": "x"}]})");
    CHECK(missing.first == 404);
    CHECK(missing.second.find("gpt-9") != std::string::npos);
    CHECK(demo.get(0, "/props").head.status == 404);
    CHECK(demo.get(0, "/").bytes.find("\"error\"") != std::string::npos);
}

TEST_CASE("demo-fragile fails when the prompt asks for it, and only then") {
    Demo demo;
    const std::string prompt = "Please fail, with a long answer.";
    const auto good = demo.ask("demo-fast", prompt);
    CHECK(good->state() == EndState::complete);
    const auto broken = demo.ask("demo-fragile", prompt);
    CHECK(broken->state() == EndState::cut_off);
    CHECK(broken->text.size() > 100);
    CHECK(demo.ask("demo-fragile", "No failure, please.")->state() == EndState::complete);
}

TEST_CASE("each fault does what its row says") {
    for (const FaultRow& row : faults()) CHECK(fault_from(row.name) == row.fault);
    CHECK_FALSE(fault_from("nonsense"));

    SUBCASE("drop") {
        Demo demo(Fault::drop);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->state() == EndState::cut_off);
        CHECK_FALSE(heard->text.empty());
        CHECK(demo.ask("demo-fast", "Hello")->state() == EndState::complete);
    }
    SUBCASE("stall") {
        Demo demo(Fault::stall);
        const auto heard = demo.post(
            1, R"({"stream": true, "model": "demo-fragile", "messages": [{"role": "user", "content": "Hi"}]})", {},
            true);
        CHECK(heard->outcome.end == net::HttpOutcome::End::cancelled);
        CHECK_FALSE(heard->text.empty());
        CHECK(heard->decoder->facts().finish_reason.empty());
    }
    SUBCASE("error200") {
        Demo demo(Fault::error_in_200);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->head.status == 200);
        CHECK(heard->state() == EndState::failed);
        REQUIRE(heard->decoder->facts().error);
        CHECK(heard->decoder->facts().error->message.find("crashed") != std::string::npos);
    }
    SUBCASE("empty") {
        Demo demo(Fault::empty);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->state() == EndState::empty);
        CHECK(heard->decoder->facts().finish_reason == "stop");
    }
    SUBCASE("bad-utf8") {
        Demo demo(Fault::bad_utf8);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->state() == EndState::complete);
        CHECK(base::is_valid_utf8(heard->text));
        CHECK(heard->text.find("\xEF\xBF\xBD") != std::string::npos);
    }
    SUBCASE("overflow") {
        Demo demo(Fault::overflow);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->head.status == 400);
        const auto error = openai::read_error_body(400, heard->head.content_type, heard->body);
        CHECK(error.kind == ErrorKind::context_limit);
        CHECK(error.tokens_allowed == 512);
        CHECK(*error.tokens_asked > 512);
    }
    SUBCASE("slow-load") {
        Demo demo(Fault::slow_load);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->head.status == 503);
        CHECK(openai::read_error_body(503, heard->head.content_type, heard->body).is_loading);
    }
    SUBCASE("reset") {
        Demo demo(Fault::reset);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->outcome.end == net::HttpOutcome::End::failed);
        CHECK(heard->outcome.error.kind == ErrorKind::connection);
        CHECK(heard->state() == EndState::cut_off);
    }
    SUBCASE("error-in-stream") {
        Demo demo(Fault::error_in_stream);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK_FALSE(heard->text.empty());
        CHECK(heard->state() == EndState::failed);
        REQUIRE(heard->decoder->facts().error);
        CHECK(heard->decoder->facts().error->kind == ErrorKind::server_error);
    }
    SUBCASE("html") {
        Demo demo(Fault::html);
        const auto heard = demo.ask("demo-fragile", "Hello");
        CHECK(heard->head.status == 200);
        CHECK(heard->text.empty());
        REQUIRE(heard->decoder->facts().broken);
        CHECK(heard->decoder->facts().broken->message.find("Log in") != std::string::npos);
    }
    SUBCASE("busy") {
        Demo demo(Fault::busy);
        for (int i = 0; i < 2; ++i) {
            const auto heard = demo.ask("demo-fragile", "Hello");
            CHECK(heard->head.status == 429);
            CHECK(heard->head.retry_after == "1");
        }
        CHECK(demo.ask("demo-fragile", "Hello")->state() == EndState::complete);
    }
}

TEST_CASE("the servers take the ports they are given, or say which is taken") {
    const auto first = DemoServers::start({.port = 0});
    REQUIRE(first);
    const int taken = net::BaseUrl::parse(first->servers()[0].url).value().port();
    const auto second = DemoServers::start({.port = taken});
    REQUIRE_FALSE(second);
    CHECK(second.error().message.find(std::to_string(taken)) != std::string::npos);
}

}  // namespace llmc::demo
