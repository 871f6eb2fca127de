#include "openai/server_error.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ascii.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "outside_json.h"
#include "plain_text.h"

namespace llmc::openai {
namespace {

using base::Json;

constexpr std::size_t kMaxMessage = 2000;                  // bytes
constexpr std::size_t kMaxWords = std::size_t{64} << 10;   // bytes of an error that is no JSON that are looked at
constexpr std::size_t kMaxJoined = std::size_t{16} << 10;  // bytes of words that more are added to
constexpr int kMaxNesting = 3;                             // errors inside errors that are followed

constexpr std::array<std::pair<int, std::string_view>, 37> kStatusTexts = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Payload Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {418, "I'm a teapot"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
}};

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What Python and JavaScript clients take for "there is one".
bool is_truthy(const Json& value) {
    if (value.is_null()) return false;
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number()) return value.get<double>() != 0;
    if (value.is_string()) return !value.get_ref<const std::string&>().empty();
    return !value.empty();
}

std::string as_text(const Json& value) {
    if (value.is_null()) return {};
    return value.is_string() ? value.get<std::string>() : base::dump_json(value);
}

// Words that came as text, number, list or object.
std::string text_member(const Json& object, std::string_view key) {
    const Json* value = base::find(object, key);
    return value ? as_text(*value) : std::string{};
}

// Adds `more` where it is not there yet. Words that are long already stay as they are: what follows would not be shown,
// and the search for a megabyte in a megabyte can take minutes.
void join(std::string& words, std::string_view more) {
    if (words.size() > kMaxJoined || more.empty() || contains(words, more)) return;
    if (!words.empty()) words += ": ";
    words += more;
}

// FastAPI: {"loc": ["body", "stream_options"], "msg": "extra fields not permitted"}.
std::string validation_words(const Json& item) {
    std::string place;
    if (const Json* loc = base::find(item, "loc"); loc && loc->is_array())
        for (const Json& part : *loc) place += (place.empty() ? "" : ".") + as_text(part);
    join(place, text_member(item, "msg"));
    return place;
}

// What is said twice counts, too: it is searched for in all that was said before.
std::string validation_list_words(const Json& list) {
    std::string words;
    std::size_t seen = 0;
    for (const Json& item : list) {
        const std::string more = validation_words(item);
        join(words, more);
        seen += more.size();
        if (seen > kMaxJoined) break;
    }
    return words;
}

struct Parts {
    std::string message, type, code;
    bool has_words = false;  // the message is the server's, not the whole error as JSON
    std::optional<std::int64_t> n_prompt_tokens, n_ctx;
};

void read_error_value(const Json& value, Parts& parts, int nesting);

// LM Studio passes llama.cpp's JSON on as text inside a sentence; proxies wrap each other's errors the same way.
void read_nested_json(Parts& parts, int nesting) {
    const auto open = parts.message.find('{');
    const auto close = parts.message.rfind('}');
    if (open == std::string::npos || close == std::string::npos || close < open || nesting >= kMaxNesting) return;
    const auto nested = parse_outside_json(std::string_view(parts.message).substr(open, close - open + 1));
    if (!nested.ok() || nested.value().empty()) return;
    Parts inner;
    const Json* error = base::find(nested.value(), "error");
    read_error_value(error && is_truthy(*error) ? *error : nested.value(), inner, nesting + 1);
    if (inner.has_words) parts.message = inner.message;
    if (!inner.type.empty()) parts.type = inner.type;
    if (parts.code.empty()) parts.code = inner.code;
    if (inner.n_prompt_tokens) parts.n_prompt_tokens = inner.n_prompt_tokens;
    if (inner.n_ctx) parts.n_ctx = inner.n_ctx;
}

// `value` is what stands behind "error", or a flat error itself.
void read_error_value(const Json& value, Parts& parts, int nesting) {
    if (const Json* inner = base::find(value, "error");
        inner && is_truthy(*inner) && !base::find(value, "message") && nesting < kMaxNesting) {
        read_error_value(*inner, parts, nesting + 1);
        return;
    }
    if (value.is_object()) {
        parts.message = text_member(value, "message");
        if (const Json* detail = base::find(value, "detail"); detail && parts.message.empty()) {
            if (detail->is_array()) {
                parts.message = validation_list_words(*detail);
            } else if (detail->is_object() && nesting < kMaxNesting) {
                read_error_value(*detail, parts, nesting + 1);
            } else {
                parts.message = as_text(*detail);
            }
        }
        if (const Json* metadata = base::find(value, "metadata"))  // OpenRouter: what the provider behind it said
            join(parts.message, base::get_string(*metadata, "raw").value_or(""));
        if (const auto type = base::get_string(value, "type")) parts.type = *type;
        if (const Json* code = base::find(value, "code"); code && (code->is_string() || code->is_number()))
            parts.code = as_text(*code);
        parts.n_prompt_tokens = base::get_int(value, "n_prompt_tokens");
        parts.n_ctx = base::get_int(value, "n_ctx");
        parts.has_words = !parts.message.empty();
        if (!parts.has_words) parts.message = base::dump_json(value);
    } else if (!value.is_boolean() && !value.is_number()) {
        parts.message = as_text(value);
        parts.has_words = true;
    }
    read_nested_json(parts, nesting);
}

std::string shortened(std::string_view words) {
    std::string text = base::to_valid_utf8(trim(words));
    if (text.size() > kMaxMessage) {
        constexpr std::string_view kEllipsis = "…";
        text.resize(base::utf8_cut(text, kMaxMessage - kEllipsis.size()));
        text += kEllipsis;
    }
    return text;
}

bool names_missing_model(std::string_view lower, const ServerError& error) {
    if (error.code == "model_not_found" || error.type == "model_not_found") return true;
    if (!contains(lower, "model")) return false;
    return contains(lower, "not found") || contains(lower, "does not exist") || contains(lower, "failed to load") ||
           contains(lower, "no models loaded") || contains(lower, "model is not loaded") ||
           contains(lower, "model is unloaded") || contains(lower, "multiple models are loaded");
}

ErrorKind kind_of(int status, std::string_view lower, const ServerError& error) {
    if (status == 401 || status == 403 || error.type == "authentication_error" || error.code == "invalid_api_key")
        return ErrorKind::auth;
    if (status == 429 || error.is_busy) return ErrorKind::rate_limit;
    if (error.is_loading || names_missing_model(lower, error)) return ErrorKind::model;
    return ErrorKind::server_error;
}

// "'temperature' does not support 0.7 with this model", "invalid temperature: only 1 is allowed": not a value that is
// out of range.
bool refuses_temperature(std::string_view lower) {
    if (!contains(lower, "temperature")) return false;
    for (const std::string_view words : {"unsupported", "not support", "only 1 ", "only the default", "only be set to"})
        if (contains(lower, words)) return true;
    return false;
}

// "Loading model", "is still loading", "upstream is starting"; not a load that has failed.
bool says_loading(std::string_view lower) {
    for (const std::string_view failed : {"fail", "error loading", "unable to load", "could not load", "cannot load"})
        if (contains(lower, failed)) return false;
    for (const std::string_view loads : {"loading", "is starting", "starting up", "being loaded", "warming up"})
        if (contains(lower, loads)) return true;
    return false;
}

// A status that the error itself names, for errors inside a 200 stream.
int own_status(const std::string& code) {
    const bool is_status =
        code.size() == 3 && code[0] >= '4' && code[0] <= '5' && std::all_of(code.begin(), code.end(), base::is_digit);
    return is_status ? std::stoi(code) : 0;
}

ServerError classified(int status, Parts parts) {
    ServerError error;
    error.type = shortened(parts.type);
    error.code = shortened(parts.code);
    if (status < 400) status = own_status(error.code);
    const std::string lower = to_lower(parts.message);
    error.is_loading = (status == 503 || error.type == "unavailable_error") && says_loading(lower);
    error.is_busy = contains(lower, "server busy") || contains(lower, "maximum pending requests exceeded") ||
                    (status == 503 && contains(lower, "overloaded"));
    const bool is_refused = status >= 400 && status < 500;
    error.refuses_stream_options = is_refused && contains(lower, "stream_options");
    error.wants_max_completion_tokens = is_refused && contains(lower, "max_completion_tokens");
    error.refuses_temperature = is_refused && refuses_temperature(lower);
    if (const auto limit = find_context_limit(parts.message, error.type, error.code)) {
        error.kind = ErrorKind::context_limit;
        error.tokens_asked = parts.n_prompt_tokens ? parts.n_prompt_tokens : limit->asked;
        error.tokens_allowed = parts.n_ctx ? parts.n_ctx : limit->allowed;
    } else {
        error.kind = kind_of(status, lower, error);
    }
    error.message = shortened(parts.message);
    return error;
}

// MiniMax: {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}; 0 is success.
bool find_base_resp(const Json& object, Parts& parts) {
    const Json* resp = base::find(object, "base_resp");
    const Json* status = resp ? base::find(*resp, "status_code") : nullptr;
    if (!status || !status->is_number() || status->get<double>() == 0) return false;
    parts.message = text_member(*resp, "status_msg");
    parts.code = as_text(*status);
    if (parts.code == "1004" || parts.code == "2049") parts.type = "authentication_error";
    if (parts.message.empty()) parts.message = "the server failed with status_code " + parts.code;
    parts.has_words = true;
    return true;
}

// Whether an object without `error` says all the same that it is one. A mere message is none: servers send such events
// to say how far they are.
bool says_it_is_error(const Json& object) {
    for (const char* key : {"object", "type"})
        if (const std::string word = to_lower(base::get_string(object, key).value_or("")); word.ends_with("error"))
            return true;
    if (base::get_bool(object, "success") == false) return true;
    for (const char* key : {"code", "status", "status_code", "statusCode"})
        if (const auto status = base::get_int(object, key); status && *status >= 400 && *status < 600) return true;
    return false;
}

// Whether what came is a failure for sure (by its status), or may be progress as well.
enum class Flat { is_error, may_be_progress };

// The parts of an error in `object`; false where there is none.
bool find_parts(const Json& object, Parts& parts, Flat flat) {
    if (const Json* error = base::find(object, "error"); error && is_truthy(*error)) {
        read_error_value(*error, parts, 0);
        // Spring and others: {"error": "Not Found", "message": "No handler for …"}.
        if (!error->is_object()) join(parts.message, base::get_string(object, "message").value_or(""));
        return true;
    }
    if (find_base_resp(object, parts)) return true;
    if (base::find(object, "choices")) return false;
    if (const Json* errors = base::find(object, "errors"); errors && errors->is_array() && !errors->empty()) {
        read_error_value(errors->front(), parts, 0);
        return true;
    }
    if (!object.is_object()) return false;
    const bool has_words = base::find(object, "detail") || base::get_string(object, "message").value_or("") != "";
    const bool is_error = says_it_is_error(object) || (flat == Flat::is_error && has_words);
    if (is_error) read_error_value(object, parts, 0);
    return is_error;
}

std::string status_words(int status) {
    std::string words = "HTTP " + std::to_string(status);
    if (const auto text = status_text(status); !text.empty()) words += " " + std::string(text);
    return words;
}

}  // namespace

std::optional<ServerError> find_error(const Json& object) {
    Parts parts;
    if (!find_parts(object, parts, Flat::may_be_progress)) return std::nullopt;
    ServerError error = classified(0, std::move(parts));
    if (error.message.empty()) error.message = "the server reported an error without words";
    return error;
}

ServerError read_error_body(int status, std::string_view content_type, std::string_view body) {
    Parts parts;
    bool has_error = false;
    if (const auto json = parse_outside_json(body); json.ok()) {
        const Json* value = &json.value();
        if (value->is_array() && !value->empty()) value = &value->front();  // Gemini wraps its error in a list
        has_error = find_parts(*value, parts, Flat::is_error);
        if (!has_error && value->is_string()) parts.message = value->get<std::string>();
    }
    if (parts.message.empty()) parts.message = first_line(body, looks_like_html(content_type, body));
    ServerError error = classified(status, std::move(parts));
    if (!has_error && error.kind == ErrorKind::server_error)
        error.kind = status >= 400 ? ErrorKind::http : ErrorKind::protocol;
    if (error.message.empty()) error.message = status >= 400 ? status_words(status) : "an empty answer";
    return error;
}

ServerError read_error_event(std::string_view data) {
    Parts parts;
    const auto json = parse_outside_json(data);
    if (!json.ok()) {
        parts.message = data.substr(0, base::utf8_cut(data, kMaxWords));
        read_nested_json(parts, 0);
    } else if (!find_parts(json.value(), parts, Flat::is_error)) {
        read_error_value(json.value(), parts, 0);
    }
    ServerError error = classified(0, std::move(parts));
    if (error.message.empty()) error.message = "the server reported an error without words";
    return error;
}

std::string_view status_text(int status) {
    for (const auto& [number, text] : kStatusTexts)
        if (number == status) return text;
    return {};
}

}  // namespace llmc::openai
