#include "demo/demo_servers.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "demo/chat_call.h"

namespace llmc::demo {
namespace {

using base::Json;
using std::chrono::steady_clock;

constexpr DemoModel kFast{.id = "demo-fast", .voice = Voice::brief};
constexpr DemoModel kThinker{.id = "demo-thinker", .voice = Voice::thorough, .thinks = true};
constexpr DemoModel kFragile{.id = "demo-fragile", .voice = Voice::wordy, .is_fragile = true};
constexpr std::array kRoles{DemoModel{.id = "roles-good", .playing = Playing::good},
                            DemoModel{.id = "roles-breaks", .playing = Playing::breaks},
                            DemoModel{.id = "roles-leaks", .playing = Playing::leaks},
                            DemoModel{.id = "roles-cycles", .playing = Playing::cycles}};

constexpr std::size_t kContextTokens = 512;  // of the fault "overflow"
constexpr std::chrono::seconds kLoadTime{5};
constexpr int kBusyTimes = 2;

// One server's part of the play.
struct Script {
    std::vector<DemoModel> models;
    std::shared_ptr<const RolePlays> plays;
    DemoOptions options;
    std::atomic<std::int64_t> load_began_ns{0};  // steady clock; 0: nobody asked yet
    std::atomic<std::uint64_t> fragile_calls{0};
    std::atomic<std::uint64_t> answers{0};
};

// --- HTTP
// -----------------------------------------------------------------------------------------------------------------------

std::string head(int status, std::string_view reason, std::string_view type, std::string_view more = "") {
    return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nServer: llm-compare-demo\r\nConnection: close\r\n{}",
                       status, reason, type, more);
}

void send_json(Connection& connection, int status, std::string_view reason, const Json& body,
               std::string_view more = "") {
    const std::string text = base::dump_json(body);
    connection.send(head(status, reason, "application/json", more) +
                    fmt::format("Content-Length: {}\r\n\r\n", text.size()) + text);
}

void send_error(Connection& connection, int status, std::string_view reason, std::string_view type,
                std::string_view message, const Json& more = Json::object(), std::string_view headers = "") {
    Json error = {{"message", message}, {"type", type}, {"code", status}};
    error.update(more);
    send_json(connection, status, reason, {{"error", std::move(error)}}, headers);
}

bool send_chunk(Connection& connection, std::string_view bytes) {
    return connection.send(fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes));
}

// --- an answer
// ------------------------------------------------------------------------------------------------------------------

// How far an answer gets, and what comes then.
enum class Ending { finished, closed, reset, silent, in_error };

Json crash() {
    return {{"message", "the model has crashed (a scripted fault)"}, {"type", "server_error"}, {"code", 500}};
}

struct Performance {
    Connection& connection;
    Script& script;
    const ChatCall& call;
    const Reply& reply;
    Fault fault;
    std::string id;

    std::size_t tokens_to_send() const {
        if (fault == Fault::empty) return 0;
        return ending() == Ending::finished ? reply.tokens.size() : (reply.tokens.size() + 1) / 2;
    }
    Ending ending() const {
        switch (fault) {
            case Fault::drop: return Ending::closed;
            case Fault::reset: return Ending::reset;
            case Fault::stall: return Ending::silent;
            case Fault::error_in_stream: return Ending::in_error;
            default: return Ending::finished;
        }
    }

    Json usage() const {
        const std::size_t output = tokens_to_send();
        return {{"prompt_tokens", call.prompt_tokens},
                {"completion_tokens", output},
                {"total_tokens", call.prompt_tokens + output},
                {"completion_tokens_details", {{"reasoning_tokens", std::min(output, reply.reasoning_tokens())}}}};
    }
    Json chunk(Json choices) const {
        return {{"id", id},
                {"object", "chat.completion.chunk"},
                {"created", 0},
                {"model", call.model},
                {"choices", std::move(choices)}};
    }
    bool send_event(const Json& json) const {
        return send_chunk(connection, "data: " + base::dump_json(json) + "\n\n");
    }
    bool send_delta(Json delta, const Json& finish_reason) const {
        return send_event(
            chunk(Json::array({{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", finish_reason}}})));
    }
    bool wait_for_token() const {
        if (script.options.tokens_per_s <= 0) return true;
        return connection.wait(std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / script.options.tokens_per_s)));
    }
    // What comes in place of the rest: for a closed one, nothing.
    void break_off() const {
        if (ending() == Ending::silent) connection.wait(std::chrono::hours(24));  // until the peer or the server leaves
        if (ending() == Ending::reset) connection.reset();
        if (ending() == Ending::in_error) send_event({{"error", crash()}});
    }
};

Json call_json(const PlayedCall& call, std::size_t step, std::size_t index) {
    return {{"id", fmt::format("call_{}_{}", step + 1, index + 1)},
            {"type", "function"},
            {"function", {{"name", call.name}, {"arguments", call.arguments}}}};
}

Json delta_of(const Performance& play, const Reply::Token& token) {
    using Of = Reply::Token::Of;
    if (token.of != Of::call) return {{token.of == Of::reasoning ? "reasoning_content" : "content", token.text}};
    Json part = {{"index", token.call}};
    if (token.is_first)
        part.update(call_json({play.reply.calls[token.call].name, ""}, play.call.step, token.call));
    else
        part["function"] = {{"arguments", token.text}};
    return {{"tool_calls", Json::array({std::move(part)})}};
}

// False when the peer has left.
bool send_tokens(const Performance& play) {
    const std::size_t count = play.tokens_to_send();
    for (std::size_t i = 0; i < count; ++i) {
        if (!play.wait_for_token()) return false;
        if (!play.send_delta(delta_of(play, play.reply.tokens[i]), nullptr)) return false;
        if (play.fault == Fault::bad_utf8 && i == count / 2) {
            // Two of the three bytes of "€", in JSON that is whole otherwise.
            if (!send_chunk(play.connection,
                            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\xE2\x82\"}}]}\n\n"))
                return false;
        }
    }
    return true;
}

void stream(const Performance& play) {
    if (!play.connection.send(
            head(200, "OK", "text/event-stream", "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n")))
        return;
    if (!play.send_delta({{"role", "assistant"}, {"content", ""}}, nullptr)) return;
    if (!send_tokens(play)) return;
    if (play.ending() != Ending::finished) return play.break_off();
    if (!play.send_delta(Json::object(), play.reply.finish_reason)) return;
    if (play.call.asks_for_usage) {
        Json last = play.chunk(Json::array());
        last["usage"] = play.usage();
        if (!play.send_event(last)) return;
    }
    if (send_chunk(play.connection, "data: [DONE]\n\n")) play.connection.send("0\r\n\r\n");
}

void send_whole(const Performance& play) {
    for (std::size_t i = 0; i < play.tokens_to_send(); ++i)
        if (!play.wait_for_token()) return;
    if (play.ending() != Ending::finished) return play.break_off();
    const bool is_empty = play.fault == Fault::empty;
    Json message = {{"role", "assistant"}, {"content", is_empty ? "" : play.reply.text}};
    if (!is_empty && !play.reply.reasoning.empty()) message["reasoning_content"] = play.reply.reasoning;
    for (std::size_t i = 0; !is_empty && i < play.reply.calls.size(); ++i)
        message["tool_calls"].push_back(call_json(play.reply.calls[i], play.call.step, i));
    Json body = play.chunk(
        Json::array({{{"index", 0}, {"message", std::move(message)}, {"finish_reason", play.reply.finish_reason}}}));
    body["object"] = "chat.completion";
    body["usage"] = play.usage();
    send_json(play.connection, 200, "OK", body);
}

// --- refusals
// -------------------------------------------------------------------------------------------------------------------

bool is_still_loading(Script& script) {
    const std::int64_t now = steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
    std::int64_t began = 0;
    if (script.load_began_ns.compare_exchange_strong(began, now)) began = now;
    return now - began < std::chrono::nanoseconds(kLoadTime).count();
}

// True when the fault is one that answers without an answer, and has.
bool refuse(Connection& connection, Script& script, const ChatCall& call, Fault fault) {
    if (fault == Fault::error_in_200) {
        send_json(connection, 200, "OK", {{"error", crash()}});
        return true;
    }
    if (fault == Fault::html) {
        constexpr std::string_view kPage =
            "<!doctype html><title>Log in</title><p>Log in to use this service (a scripted fault).</p>";
        connection.send(head(200, "OK", "text/html", fmt::format("Content-Length: {}\r\n\r\n", kPage.size())));
        connection.send(kPage);
        return true;
    }
    if (fault == Fault::overflow) {
        const std::size_t asked = call.prompt_tokens + kContextTokens;
        send_error(connection, 400, "Bad Request", "exceed_context_size_error",
                   fmt::format("request ({} tokens) exceeds the available context size ({} tokens), try increasing it",
                               asked, kContextTokens),
                   {{"n_prompt_tokens", asked}, {"n_ctx", kContextTokens}});
        return true;
    }
    if (fault == Fault::slow_load && is_still_loading(script)) {
        send_error(connection, 503, "Service Unavailable", "unavailable_error", "Loading model");
        return true;
    }
    if (fault == Fault::busy && script.fragile_calls++ % (kBusyTimes + 1) < kBusyTimes) {
        send_error(connection, 429, "Too Many Requests", "rate_limit_error", "the server is busy (a scripted fault)",
                   Json::object(), "Retry-After: 1\r\n");
        return true;
    }
    return false;
}

// --- routes
// ---------------------------------------------------------------------------------------------------------------------

void answer_chat(Connection& connection, Script& script, const RawRequest& request) {
    const auto call = read_chat_call(request.body);
    if (!call) return send_error(connection, 400, "Bad Request", "invalid_request_error", call.error().message);
    const auto model = std::find_if(script.models.begin(), script.models.end(),
                                    [&](const DemoModel& one) { return one.id == call->model; });
    if (model == script.models.end()) {
        return send_error(connection, 404, "Not Found", "invalid_request_error",
                          fmt::format("The model '{}' does not exist", call->model), {{"code", "model_not_found"}});
    }
    Fault fault = Fault::none;
    if (model->is_fragile) fault = script.options.fault;
    if (model->is_fragile && fault == Fault::none && has_word(call->conversation.user.back(), "fail"))
        fault = Fault::drop;
    if (refuse(connection, script, *call, fault)) return;

    if (model->form && refuses(*model->form, call->demand))
        return send_error(connection, 400, "Bad Request", "invalid_request_error", kFormRefusal);

    Reply reply;
    compose_reply(*model, *script.plays, *call, reply);
    const Performance play{connection, script, *call, reply, fault, fmt::format("chatcmpl-demo-{}", ++script.answers)};
    call->is_streamed ? stream(play) : send_whole(play);
}

void send_models(Connection& connection, const Script& script) {
    Json models = Json::array();
    for (const DemoModel& model : script.models)
        models.push_back({{"id", model.id}, {"object", "model"}, {"created", 0}, {"owned_by", "llm-compare-demo"}});
    send_json(connection, 200, "OK", {{"object", "list"}, {"data", std::move(models)}});
}

void serve(Connection& connection, Script& script) {
    const auto request = read_request(connection);
    if (!request) return;
    const std::string path = request->path.substr(0, request->path.find('?'));
    if (request->method == "GET" && path == "/v1/models") return send_models(connection, script);
    if (request->method == "POST" && path == "/v1/chat/completions") return answer_chat(connection, script, *request);
    send_error(connection, 404, "Not Found", "not_found_error",
               fmt::format("There is no {} {} here", request->method, path));
}

std::vector<DemoModel> models_of_second(const DemoOptions& options) {
    std::vector models{kFast};
    if (options.has_roles) models.insert(models.end(), kRoles.begin(), kRoles.end());
    if (options.has_forms)
        for (const FormPlay& play : form_plays()) models.push_back({.id = play.model, .form = &play});
    if (options.has_judges)
        for (const JudgePlay& play : judge_plays()) models.push_back({.id = play.model, .judge = &play});
    models.push_back(kFragile);
    return models;
}

}  // namespace

Result<DemoServers> DemoServers::start(const DemoOptions& options) {
    auto read = RolePlays::load();
    if (!read) return read.error();
    const auto plays = std::make_shared<const RolePlays>(*std::move(read));
    const std::array servers{std::vector{kFast, kThinker}, models_of_second(options)};
    DemoServers demo;
    for (std::size_t i = 0; i < servers.size(); ++i) {
        auto script = std::make_shared<Script>();
        script->models = servers[i];
        script->plays = plays;
        script->options = options;
        const int port = options.port == 0 ? 0 : options.port + static_cast<int>(i);
        auto listener = Listener::start([script](Connection& connection) { serve(connection, *script); }, port);
        if (!listener) return listener.error();
        Entry entry{.url = listener->url(), .models = {}};
        for (const DemoModel& model : servers[i]) entry.models.emplace_back(model.id);
        demo.entries_.push_back(std::move(entry));
        demo.listeners_.push_back(*std::move(listener));
    }
    return demo;
}

std::string DemoServers::describe() const {
    std::string text;
    for (const Entry& entry : entries_) text += fmt::format("{} {}\n", entry.url, fmt::join(entry.models, " "));
    return text + '\n';
}

void DemoServers::stop() {
    for (Listener& listener : listeners_) listener.stop();
}

}  // namespace llmc::demo
