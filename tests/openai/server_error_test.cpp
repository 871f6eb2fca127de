#include "openai/server_error.h"

#include <doctest/doctest.h>

#include "base/utf8.h"
#include "support.h"

using namespace llmc;
using namespace llmc::openai;
using namespace llmc::openai::test;

namespace {

using Tokens = std::optional<std::int64_t>;

}  // namespace

TEST_CASE("context overflow is recognised in all its forms, with its numbers") {
    struct Case {
        int status;
        const char* body;
        Tokens asked, allowed;
    };
    for (
        const Case& c : {
            // llama-server
            Case{
                400,
                R"({"error":{"code":400,"message":"request (13392 tokens) exceeds the available context size (8192 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":13392,"n_ctx":8192}})",
                13392, 8192},
            Case{
                400,
                R"({"error":{"code":400,"message":"request (13392 tokens) exceeds the available context size (8192 tokens), try increasing it"}})",
                13392, 8192},
            Case{
                500,
                R"({"error":{"code":500,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"server_error"}})",
                {},
                {}},
            Case{
                500,
                R"({"error":{"code":500,"message":"Input prompt is too big compared to KV size. Please try increasing KV size.","type":"server_error"}})",
                {},
                {}},
            Case{200,
                 R"({"error":{"code":500,"message":"Context size has been exceeded.","type":"server_error"}})",
                 {},
                 {}},
            // LM Studio's faces 1-4 and 6
            Case{
                400,
                R"({"error":"Trying to keep the first 9001 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input"})",
                9001, 4096},
            Case{
                400,
                R"({"error":"The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length"})",
                13055, 4096},
            Case{
                200,
                R"-({"error":{"message":"Input does not fit in context length. The input has 31430 tokens, but the context length only supports 30000 tokens."},"message":"(same)"})-",
                31430, 30000},
            Case{
                400,
                R"({"error":"Engine protocol predict request returned 400: {\"error\":{\"code\":400,\"message\":\"request (9732 tokens) exceeds the available context size (4096 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":9732,\"n_ctx\":4096}}"})",
                9732, 4096},
            Case{
                400,
                R"({"error":"Engine protocol predict request returned 400: {\"message\":\"too big\", \"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":9732,\"n_ctx\":4096}"})",
                9732, 4096},
            Case{
                400,
                R"({"error":"Engine protocol predict request returned 400: {… \"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":9732,\"n_ctx\":4096}"})",
                9732, 4096},
            Case{400, R"({"error":"Error in iterating prediction stream: Context size has been exceeded"})", {}, {}},
            // vLLM, SGLang, OpenAI, and others
            Case{
                400,
                R"({"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5100 tokens (4100 in the messages, 1000 in the completion). Please reduce the length of the messages or completion.","type":"BadRequestError","code":400})",
                5100, 4096},
            Case{
                400,
                R"({"error":{"message":"You passed 4001 input tokens and requested 1000 output tokens. However, the model's context length is only 4096 tokens, resulting in a maximum input length of 3096 tokens.","type":"BadRequestError","param":"input_tokens","code":400}})",
                5001, 4096},
            Case{
                400,
                R"({"error":{"message":"This model's maximum context length is 128,000 tokens. However, your messages resulted in 150,001 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}})",
                150001, 128000},
            Case{
                200,
                R"({"error":{"object":"error","message":"The input (5000 tokens) is longer than the model's context length (4096 tokens).","type":"BadRequestError","param":null,"code":400}})",
                5000, 4096},
            Case{
                400,
                R"({"object":"error","message":"Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 5000 tokens: 4000 tokens from the input messages and 1000 tokens for the completion."})",
                5000, 4096},
            Case{
                400,
                R"({"error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}})",
                208310, 200000},
            Case{
                400,
                R"([{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}])",
                1200000, 1048576},
            Case{
                400,
                R"({"message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","code":3051})",
                40000, 32768},
            Case{
                400,
                R"({"error":"This model's maximum prompt length is 131072 but the request contains 140000 tokens.","code":"Client specified an invalid argument"})",
                140000, 131072},
            Case{
                422,
                R"({"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 100 `max_new_tokens`","error_type":"validation"})",
                5000, 4096},
            Case{
                400,
                R"({"error":{"message":"Please reduce the length of the messages or completion.","code":"context_length_exceeded"}})",
                {},
                {}},
            Case{
                400,
                R"({"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\"}}"}}})",
                {},
                8192},
            Case{200,
                 R"({"detail":"failed to decode, try again, increasing context size or reducing requests"})",
                 {},
                 {}},
        }) {
        CAPTURE(c.body);
        const ServerError error = read_error_body(c.status, "application/json", c.body);
        CHECK(error.kind == ErrorKind::context_limit);
        CHECK(error.tokens_asked == c.asked);
        CHECK(error.tokens_allowed == c.allowed);
        CHECK_FALSE(error.message.empty());
        if (c.body[0] == '{') {
            const auto json = base::parse_json(c.body).value();
            const auto found = find_error(json);
            CHECK(found.has_value() != json.contains("detail"));  // which may be progress where the status is fine
            if (!found) continue;
            CHECK(found->kind == ErrorKind::context_limit);
            CHECK(found->tokens_asked == c.asked);
        }
        CHECK(read_error_event(c.body).kind == ErrorKind::context_limit);
    }
    for (const char* other :
         {"invalid context", "max_tokens must be at most 4096", "the model has a long context", "n_ctx: 5"})
        CHECK_FALSE(find_context_limit(other, "invalid_request_error", "400"));
    CHECK(find_context_limit("", "exceed_context_size_error", ""));
    CHECK(
        find_context_limit("request (99999999999999999999 tokens) exceeds the available context size", "", "")->asked ==
        Tokens{});
}

TEST_CASE("every form of an error gives its kind and the server's own words") {
    struct Case {
        int status;
        const char* body;
        ErrorKind kind;
        const char* message;
    };
    for (
        const Case& c : {
            Case{401, R"({"error":{"message":"Invalid API Key","type":"authentication_error","code":401}})",
                 ErrorKind::auth, "Invalid API Key"},
            Case{403, R"({"error":"no"})", ErrorKind::auth, "no"},
            Case{429, R"({"error":{"message":"slow down","code":"rate_limit_exceeded"}})", ErrorKind::rate_limit,
                 "slow down"},
            Case{200, R"({"error":{"message":"slow down","code":429}})", ErrorKind::rate_limit, "slow down"},
            Case{503, R"({"error":{"message":"server busy, please try again.  maximum pending requests exceeded"}})",
                 ErrorKind::rate_limit, "server busy, please try again.  maximum pending requests exceeded"},
            Case{503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})",
                 ErrorKind::model, "Loading model"},
            Case{404,
                 R"({"error":{"message":"model 'x' not found","type":"not_found_error","param":null,"code":null}})",
                 ErrorKind::model, "model 'x' not found"},
            Case{
                400,
                R"({"error":{"message":"No models loaded. Please load a model in the developer page or use the 'lms load' command.","type":"invalid_request_error","param":"model","code":null}})",
                ErrorKind::model,
                "No models loaded. Please load a model in the developer page or use the 'lms load' command."},
            Case{
                400,
                R"({"error":{"message":"Multiple models are loaded. Please specify a model by providing a 'model' field.","code":"model_not_found"}})",
                ErrorKind::model, "Multiple models are loaded. Please specify a model by providing a 'model' field."},
            Case{
                400,
                R"({"error":{"message":"Failed to load model \"X\". Error: Model loading was stopped due to insufficient system resources."}})",
                ErrorKind::model,
                "Failed to load model \"X\". Error: Model loading was stopped due to insufficient system resources."},
            Case{400, R"-({"error":"The model has crashed without additional information. (Exit code: null)"})-",
                 ErrorKind::server_error, "The model has crashed without additional information. (Exit code: null)"},
            Case{400, R"({"error":"Error in iterating prediction stream: ValueError: x"})", ErrorKind::server_error,
                 "Error in iterating prediction stream: ValueError: x"},
            Case{400, R"({"error":"Model reloaded"})", ErrorKind::server_error, "Model reloaded"},
            Case{200, R"-({"error":"Unexpected endpoint or method. (GET /props)"})-", ErrorKind::server_error,
                 "Unexpected endpoint or method. (GET /props)"},
            Case{400, R"({"object":"error","message":"bad","type":"BadRequestError","code":400})",
                 ErrorKind::server_error, "bad"},
            Case{422, R"({"detail":[{"loc":["body","temperature"],"msg":"too hot"},{"loc":["body"],"msg":"worse"}]})",
                 ErrorKind::server_error, "body.temperature: too hot: body: worse"},
            Case{500, R"({"detail":{"message":"inner"}})", ErrorKind::server_error, "inner"},
            Case{500, R"({"message":"flat"})", ErrorKind::server_error, "flat"},
            Case{500, R"({"errors":[{"message":"listed"}],"success":false})", ErrorKind::server_error, "listed"},
            Case{404, R"({"timestamp":1,"status":404,"error":"Not Found","message":"no handler"})",
                 ErrorKind::server_error, "Not Found: no handler"},
            Case{500, R"({"error":{"error":{"message":"deep"}}})", ErrorKind::server_error, "deep"},
            Case{500, R"({"error":{"message":{"message":"object"}}})", ErrorKind::server_error, "object"},
            Case{500, R"({"error":{"code":7}})", ErrorKind::server_error, R"({"code":7})"},
            Case{500, R"({"error":true,"message":"flag"})", ErrorKind::server_error, "flag"},
            Case{500, R"({"error":true})", ErrorKind::server_error, R"({"error":true})"},
            Case{500, R"({"error":{"message":"upstream: {\"error\":{\"message\":\"nested words\",\"type\":\"t\"}}"}})",
                 ErrorKind::server_error, "nested words"},
            Case{500, R"({"error":{"message":"a set {1} of words"}})", ErrorKind::server_error, "a set {1} of words"},
            Case{500, R"("only text")", ErrorKind::http, "only text"},
            Case{500, "Internal Server Error\nat line 5", ErrorKind::http, "Internal Server Error"},
            Case{502,
                 "<html>\r\n<head><title>502 Bad "
                 "Gateway</title><style>p{}</style></head><body><h1>Hm</h1></body></html>",
                 ErrorKind::http, "502 Bad Gateway"},
            Case{502, "<script>var a = '<b>';</script><!-- x --><p>A &lt;b&gt; &amp;amp; c</p>", ErrorKind::http,
                 "A <b> &amp; c"},
            Case{502, "", ErrorKind::http, "HTTP 502 Bad Gateway"},
            Case{599, " \r\n ", ErrorKind::http, "HTTP 599"},
            Case{502, "<html></html>", ErrorKind::http, "HTTP 502 Bad Gateway"},
            Case{307, "", ErrorKind::protocol, "an empty answer"},
            Case{200, "Ollama is running", ErrorKind::protocol, "Ollama is running"},
            Case{500, R"({"half":)", ErrorKind::http, R"({"half":)"},
            Case{500, "[]", ErrorKind::http, "[]"},
        }) {
        CAPTURE(c.body);
        const ServerError error = read_error_body(c.status, "", c.body);
        CHECK(error.kind == c.kind);
        CHECK(error.message == c.message);
    }
}

TEST_CASE("type, code and what to do next are read") {
    const auto loading = read_error_body(
        503, "application/json", R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})");
    CHECK(loading.is_loading);
    CHECK(loading.type == "unavailable_error");
    CHECK(loading.code == "503");
    CHECK_FALSE(loading.is_busy);
    const auto busy = read_error_body(
        503, "",
        R"({"error":{"message":"server busy, please try again.  maximum pending requests exceeded","type":"api_error","param":null,"code":null}})");
    CHECK(busy.is_busy);
    CHECK(busy.code.empty());
    for (const char* body :
         {R"({"error":"Model org/x is currently loading","estimated_time":20.0})",
          R"({"detail":"Model is still loading, please wait"})", "unable to start process: upstream is starting"})
        CHECK(read_error_body(503, "", body).is_loading);
    for (const char* body : {R"({"error":"Failed loading model: out of memory"})", R"({"error":"overloaded"})"})
        CHECK_FALSE(read_error_body(503, "", body).is_loading);
    CHECK_FALSE(read_error_body(500, "", R"({"error":"is loading"})").is_loading);
    CHECK_FALSE(busy.is_loading);
    for (
        const char* body :
        {R"({"error":{"message":"Unrecognized request argument supplied: stream_options"}})",
         R"({"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]})"})
        CHECK(read_error_body(400, "", body).refuses_stream_options);
    CHECK_FALSE(read_error_body(500, "", R"({"error":"stream_options"})").refuses_stream_options);
    const char* renamed =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    CHECK(read_error_body(400, "", renamed).wants_max_completion_tokens);
    CHECK_FALSE(read_error_body(400, "", renamed).refuses_temperature);
    for (const char* body : {"Unsupported value: 'temperature' does not support 0.7 with this model.",
                             "Unsupported parameter: 'temperature' is not supported with this model.",
                             "invalid temperature: only 1 is allowed for this model"})
        CHECK(read_error_body(400, "", body).refuses_temperature);
    CHECK_FALSE(read_error_body(400, "", "temperature must be between 0 and 1").refuses_temperature);
}

TEST_CASE("what is no error is none") {
    for (const char* json : {R"({})", R"({"error":null})", R"({"error":{}})", R"({"error":""})", R"({"error":false})",
                             R"({"error":0})", R"({"choices":[],"message":"x","detail":"y"})", R"({"type":"ping"})",
                             R"({"object":"list","data":[],"message":"x"})", R"([])", R"("error")", R"({"message":""})",
                             R"({"errors":[]})"}) {
        CAPTURE(json);
        CHECK_FALSE(find_error(base::parse_json(json).value()));
    }
}

TEST_CASE("an error event has words whatever its data are") {
    for (const char* data : {"", " ", "{}", "null", "true", "[]"}) {
        CAPTURE(data);
        CHECK_FALSE(read_error_event(data).message.empty());
    }
    CHECK(read_error_event("out of memory").message == "out of memory");
    CHECK(read_error_event(R"({"code":500,"message":"m","type":"t"})").type == "t");
}

TEST_CASE("messages stay short, valid and cheap, whatever a server says") {
    for (const std::string& words : {std::string(1 << 20, 'x'), std::string(1 << 20, '{') + "}",
                                     std::string("a\xFF\xFE"), std::string(3000, '\xC3'), std::string(1 << 20, '<')}) {
        for (const ServerError& error :
             {read_error_body(500, "text/html", words), read_error_event(words),
              find_error(base::Json{{"error", words}}).value(),
              find_error(base::Json{{"error", {{"message", words}, {"type", words}, {"code", words}}}}).value()}) {
            CHECK(error.message.size() <= 2000);
            CHECK(error.type.size() <= 2000);
            CHECK(error.code.size() <= 2000);
            CHECK(base::is_valid_utf8(error.message));
            CHECK_FALSE(error.message.empty());
        }
    }
}

TEST_CASE("a list of very many errors, and words that are said twice, cost no more than their length") {
    // As long as any list that is parsed: 300 000 values.
    std::string list;
    for (int i = 100'000; i < 240'000; ++i)
        list += (i == 100'000 ? R"({"msg":"aaaa)" : R"(,{"msg":"aaaa)") + std::to_string(i) + "\"}";
    for (const std::string& body : {"{\"error\":{\"detail\":[" + list + "]}}", "{\"detail\":[" + list + "]}"})
        for (const ServerError& error : {read_error_body(422, "", body), read_error_event(body),
                                         find_error(base::parse_json(body).value()).value_or(read_error_event(body))})
            CHECK(error.message.starts_with("aaaa100000: aaaa100001: aaaa100002: "));

    // What is said again is searched for in what was said before.
    const std::string few(7'000, 'a'), many(8'000'000, 'a');
    list = R"({"msg":")" + few + few + "b\"}";
    for (int i = 0; i < 400; ++i) list += R"(,{"msg":")" + few + "b\"}";
    for (const std::string& body :
         {"{\"detail\":[" + list + "]}",
          R"({"detail":[{"loc":[")" + many + R"("],"msg":")" + many.substr(4'000'000) + "b\"}]}",
          R"({"error":")" + many + R"(","message":")" + many.substr(4'000'000) + "b\"}",
          R"({"error":{"message":")" + many + R"(","metadata":{"raw":")" + many.substr(4'000'000) + "b\"}}}"})
        CHECK(read_error_body(422, "", body).message.starts_with("aaaa"));
}

TEST_CASE("recorded errors of llama-server are understood") {
    struct Case {
        const char* name;
        ErrorKind kind;
        const char* words;
    };
    for (const Case& c : {Case{"llama-server/401-no-key.http", ErrorKind::auth, "Invalid API Key"},
                          Case{"llama-server/503-loading.chat.http", ErrorKind::model, "Loading model"},
                          Case{"llama-server/bad-json.http", ErrorKind::server_error, "parse error"},
                          Case{"llama-server/bad-temperature.http", ErrorKind::server_error, "type must be number"},
                          Case{"llama-server/missing-messages.http", ErrorKind::server_error, "'messages' is required"},
                          Case{"llama-server/not-found.http", ErrorKind::server_error, "File Not Found"},
                          Case{"llama-server/router-chat-broken-model.http", ErrorKind::model, "failed to load"},
                          Case{"llama-server/router-chat-nope.http", ErrorKind::model, "'nope' not found"},
                          Case{"llama-server/ctx-overflow-stream.http", ErrorKind::context_limit, "12014 tokens"},
                          Case{"smollm2/ctx-overflow-stream.http", ErrorKind::context_limit, "837 tokens"},
                          Case{"smollm2/key-wrong.http", ErrorKind::auth, "Invalid API Key"},
                          Case{"smollm2/router-unknown-model.http", ErrorKind::model, "not found"}}) {
        CAPTURE(c.name);
        const Response response = read_response(c.name);
        const ServerError error = read_error_body(response.status, response.content_type, response.body);
        CHECK(error.kind == c.kind);
        CHECK(error.message.find(c.words) != std::string::npos);
    }
}

TEST_CASE("statuses have their names") {
    CHECK(status_text(502) == "Bad Gateway");
    CHECK(status_text(418) == "I'm a teapot");
    CHECK(status_text(799).empty());
}
