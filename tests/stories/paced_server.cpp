#include "stories/paced_server.h"

#include <chrono>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace llmc::stories {
namespace {

using base::Json;

bool send_chunk(demo::Connection& connection, std::string_view bytes) {
    return connection.send(fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes));
}

bool send_delta(demo::Connection& connection, Json delta, const Json& finish_reason) {
    const Json chunk = {
        {"id", "paced"},
        {"object", "chat.completion.chunk"},
        {"choices", Json::array({{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", finish_reason}}})}};
    return send_chunk(connection, "data: " + base::dump_json(chunk) + "\n\n");
}

}  // namespace

PacedServer::PacedServer(std::vector<std::string> models) : models_(std::move(models)) {
    auto listener = demo::Listener::start([this](demo::Connection& connection) { serve(connection); });
    REQUIRE(listener.ok());
    listener_ = std::make_unique<demo::Listener>(std::move(*listener));
}

std::vector<Json> PacedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void PacedServer::think(std::string_view text) {
    add(Line::Kind::thought, text);
}
void PacedServer::say(std::string_view text) {
    add(Line::Kind::text, text);
}
void PacedServer::call(std::string_view name, std::string_view arguments) {
    add(Line::Kind::call, arguments, name);
}
void PacedServer::finish() {
    add(Line::Kind::end, {});
}
void PacedServer::drop() {
    add(Line::Kind::drop, {});
}

void PacedServer::begin_anew() {
    const std::lock_guard lock(mutex_);
    script_.clear();
    ++script_number_;
}

void PacedServer::add(Line::Kind kind, std::string_view text, std::string_view name) {
    const std::lock_guard lock(mutex_);
    script_.push_back({kind, std::string(text), std::string(name)});
}

std::vector<PacedServer::Line> PacedServer::lines_from(std::size_t at, std::uint64_t script) const {
    const std::lock_guard lock(mutex_);
    if (script != script_number_ || at >= script_.size()) return {};
    return {script_.begin() + static_cast<std::ptrdiff_t>(at), script_.end()};
}

void PacedServer::serve(demo::Connection& connection) {
    const auto request = demo::read_request(connection);
    if (!request) return;
    if (request->path == "/v1/models") {
        Json models = Json::array();
        for (const std::string& model : models_) models.push_back({{"id", model}, {"object", "model"}});
        const Json list = {{"object", "list"}, {"data", std::move(models)}};
        const std::string body = base::dump_json(list);
        connection.send(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                                    body.size(), body));
        return;
    }
    if (request->path != "/v1/chat/completions") {
        connection.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    int steps = 0;  // that were taken before
    if (auto body = base::parse_json(request->body)) {
        for (const Json& message : (*body)["messages"]) steps += message.contains("tool_calls") ? 1 : 0;
        const std::lock_guard lock(mutex_);
        requests_.push_back(*std::move(body));
    }
    chat(connection, steps);
}

void PacedServer::chat(demo::Connection& connection, int skipped) {
    std::uint64_t script = 0;
    {
        const std::lock_guard lock(mutex_);
        script = script_number_;
    }
    if (!connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"))
        return;
    bool has_call = false;
    for (std::size_t at = 0;;) {
        for (const Line& line : lines_from(at, script)) {
            ++at;
            if (skipped > 0) {
                skipped -= line.kind == Line::Kind::end ? 1 : 0;
                continue;
            }
            switch (line.kind) {
                case Line::Kind::drop: return;
                case Line::Kind::thought: send_delta(connection, {{"reasoning_content", line.text}}, nullptr); break;
                case Line::Kind::text: send_delta(connection, {{"content", line.text}}, nullptr); break;
                case Line::Kind::call:
                    has_call = true;
                    send_delta(connection,
                               {{"tool_calls",
                                 Json::array({{{"index", 0},
                                               {"id", "one"},
                                               {"type", "function"},
                                               {"function", {{"name", line.name}, {"arguments", line.text}}}}})}},
                               nullptr);
                    break;
                case Line::Kind::end:
                    send_delta(connection, Json::object(), has_call ? "tool_calls" : "stop");
                    send_chunk(connection, "data: [DONE]\n\n");
                    connection.send("0\r\n\r\n");
                    return;
            }
        }
        if (!connection.wait(std::chrono::milliseconds{1})) return;
    }
}

}  // namespace llmc::stories
