// The sentences of failures: the same words in the window, the terminal and the report.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>

#include "openai/server_error.h"
#include "session/ending.h"
#include "session/session.h"

namespace llmc::engine {

using session::kStoppedByCheck;

// "answered HTTP 400: request (12014 tokens) exceeds … (asked for 12014 tokens, 1024 are allowed)".
std::string server_words(int status, const openai::ServerError& error);

// "studio-2 (192.168.1.11:1234, model qwen-7b) closed the connection, while streaming, after 412 tokens in 13.8 s. The
// text so far is kept." `failure.message` holds what happened, in words that go on from the server's name.
std::string failure_text(const session::Server& server, const std::string& model, const session::Failure& failure,
                         const session::AnswerStream& stream, const metrics::AnswerMetrics& metrics);

// "studio-2 (192.168.1.11:1234)", or "192.168.1.11:1234" for one without a name.
std::string full_name(const session::Server& server);

}  // namespace llmc::engine
