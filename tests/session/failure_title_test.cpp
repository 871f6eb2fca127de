#include "session/failure_title.h"

#include <doctest/doctest.h>

using namespace llmc;
using session::AnswerState;

namespace {

session::Answer failed(ErrorKind kind, std::string message, int status = 0) {
    session::Answer answer;
    answer.state = AnswerState::failed;
    answer.failure = session::Failure{
        .phase = net::Phase::waiting, .status = status, .kind = kind, .message = "lab (model m) " + std::move(message)};
    return answer;
}

}  // namespace

TEST_CASE("the title of a failure names its kind") {
    const struct {
        ErrorKind kind;
        const char* message;
        int status;
        const char* title;
    } cases[] = {
        {ErrorKind::context_limit, "said that the context limit is exceeded (HTTP 400): …", 400,
         "Context limit exceeded"},
        {ErrorKind::timeout, "sent no token for 6 s, before the first token. There was no text yet.", 0,
         "No token for 6 s"},
        {ErrorKind::timeout, "sent no token for 0.25 s, while streaming", 200, "No token for 0.25 s"},
        {ErrorKind::timeout, "sent no token for a long time, who knows how many s", 0, "No token in time"},
        {ErrorKind::timeout, "did not finish within the total limit of 9 s", 200, "Total time limit exceeded"},
        {ErrorKind::timeout, "was still loading the model after 300 s, which is timeout_seconds: …", 503,
         "Model not loaded in time"},
        {ErrorKind::timeout, "did not accept the connection within 10 s", 0, "No connection in time"},
        {ErrorKind::connection, "refused the connection, while connecting", 0, "Connection refused"},
        {ErrorKind::connection, "cannot be reached: no route to host", 0, "Server unreachable"},
        {ErrorKind::connection, "closed the connection without an answer", 0, "Connection lost"},
        {ErrorKind::resolve, "has no address: resolving its name failed", 0, "Server name not found"},
        {ErrorKind::tls, "has a certificate that is not trusted", 0, "TLS failed"},
        {ErrorKind::http, "answered with an error (HTTP 500): oh", 500, "Server error"},
        {ErrorKind::http, "answered with an error (HTTP 401): key", 401, "Access denied"},
        {ErrorKind::http, "answered with an error (HTTP 429): busy", 429, "Too many requests"},
        {ErrorKind::http, "answered with an error (HTTP 422): no", 422, "Request refused"},
        {ErrorKind::http, "answered HTTP 302 with a redirect", 302, "Redirected"},
        {ErrorKind::server_error, "answered with an error: out of memory", 200, "Server error"},
        {ErrorKind::protocol, "sent no OpenAI answer", 200, "Not an OpenAI answer"},
        {ErrorKind::limit, "sent more than 32 MiB", 200, "Limit exceeded"},
        {ErrorKind::internal, "could not be asked", 0, "Failed"},
    };
    for (const auto& one : cases) CHECK(session::failure_title(failed(one.kind, one.message, one.status)) == one.title);
}

TEST_CASE("answers without a failure's words have the title of their state, and others none") {
    session::Answer answer;
    for (const auto& [state, title, words] : {std::tuple{AnswerState::cut_off, "Cut off", "cut off"},
                                              {AnswerState::empty, "Empty answer", "empty answer"},
                                              {AnswerState::failed, "Failed", "failed"},
                                              {AnswerState::interrupted, "", "interrupted"},
                                              {AnswerState::complete, "", "complete"}}) {
        answer.state = state;
        CHECK(session::failure_title(answer) == title);
        CHECK(session::outcome_words(answer) == words);
    }
    CHECK(session::outcome_words(failed(ErrorKind::timeout, "sent no token for 6 s")) == "no token for 6 s");
    CHECK(session::outcome_words(failed(ErrorKind::tls, "")) == "TLS failed");
}
