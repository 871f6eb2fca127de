// What a server says when it fails, in all the shapes that servers have for it.
//
// Thread contract: plain functions.
// Source: shared facts on dialects: an `error` object {message, type, code (text, number or null), param,
// n_prompt_tokens, n_ctx}, a bare string, {"object":"error","message"}, {"detail"} (FastAPI), {"message"}, JSON text
// nested inside a message; HTML or plain text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace llmc::openai {

struct ServerError {
    ErrorKind kind = ErrorKind::server_error;  // context_limit, auth, rate_limit, model, http, server_error or protocol
    std::string message;                       // the server's own words, at most 2 000 bytes, valid UTF-8, never empty
    std::string type;                          // "exceed_context_size_error"
    std::string code;                          // as text: "400", "context_length_exceeded"
    std::optional<std::int64_t> tokens_asked;  // context limit: what was asked for
    std::optional<std::int64_t> tokens_allowed;  // … and allowed
    bool is_loading = false;                     // 503 "Loading model", "… is still loading": ask again
    bool is_busy = false;                        // "server busy, please try again": ask again
    bool refuses_stream_options = false;         // an old server that does not know stream_options
    bool wants_max_completion_tokens = false;    // in the place of max_tokens
    bool refuses_temperature = false;            // takes its own only
};

// The error in a body with status >= 400, or in a body with status 200 that is no answer. A body that is no JSON gives
// its first line of text (HTML without tags), else "HTTP 502 Bad Gateway".
ServerError read_error_body(int status, std::string_view content_type, std::string_view body);

// The error in a JSON object that came with a success (a chunk, a list): a truthy `error`, MiniMax's base_resp, or a
// flat object that calls itself an error by its type, `success` or status. Mere words ({"message": …}, {"detail": …})
// are progress.
std::optional<ServerError> find_error(const base::Json& object);

// The error in an "error:" field or "event: error" event, whatever its data are.
ServerError read_error_event(std::string_view data);

// Whether a server's words say that prompt or answer do not fit into the context, and the numbers in them.
struct ContextLimit {
    std::optional<std::int64_t> asked;
    std::optional<std::int64_t> allowed;
};
std::optional<ContextLimit> find_context_limit(std::string_view message, std::string_view type, std::string_view code);

// "Bad Gateway" for 502; empty for unknown ones.
std::string_view status_text(int status);

}  // namespace llmc::openai
