#include "failure_text.h"

#include <fmt/format.h>

namespace llmc::engine {

std::string full_name(const session::Server& server) {
    return server.name.empty() ? server.url.host_port() : fmt::format("{} ({})", server.name, server.url.host_port());
}

std::string server_words(int status, const openai::ServerError& error) {
    std::string words =
        error.kind == ErrorKind::context_limit ? "said that the context limit is exceeded" : "answered with an error";
    if (status != 200 && status != 0) words += fmt::format(" (HTTP {})", status);
    words += ": " + error.message;
    if (error.tokens_asked && error.tokens_allowed)
        words += fmt::format(" ({} tokens asked for, {} allowed)", *error.tokens_asked, *error.tokens_allowed);
    else if (error.tokens_allowed)
        words += fmt::format(" ({} tokens allowed)", *error.tokens_allowed);
    return words;
}

std::string failure_text(const session::Server& server, const std::string& model, const session::Failure& failure,
                         const session::AnswerStream& stream, const metrics::AnswerMetrics& metrics) {
    const std::string address = server.url.host_port();
    std::string text = server.name.empty()
                           ? fmt::format("{} (model {}) {}", address, model, failure.message)
                           : fmt::format("{} ({}, model {}) {}", server.name, address, model, failure.message);
    while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
    switch (failure.phase) {
        case net::Phase::resolve: text += ", while its name was looked up"; break;
        case net::Phase::connect: text += ", while connecting"; break;
        case net::Phase::send: text += ", while the request was sent"; break;
        case net::Phase::waiting: text += ", before the first token"; break;
        case net::Phase::streaming:
            if (metrics.chunks == 0) {
                text += ", while streaming";
                break;
            }
            text += fmt::format(", while streaming, after {}{} tokens", metrics.tokens_estimated ? "about " : "",
                                metrics.output_tokens.value_or(metrics.chunks));
            if (metrics.end_to_end_latency_s) text += fmt::format(" in {:.1f} s", *metrics.end_to_end_latency_s);
            break;
    }
    const bool has_text = !stream.text().empty(), has_reasoning = !stream.reasoning().empty();
    text += has_text             ? ". The text so far is kept."
            : has_reasoning      ? ". The reasoning so far is kept; there was no text yet."
            : metrics.chunks > 0 ? ". What came of the tool call is kept."
                                 : ". There was no text yet.";
    return text;
}

}  // namespace llmc::engine
