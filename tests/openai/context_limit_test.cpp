// The words in which servers say that a prompt does not fit into the context, and words that only look like them.
#include <string>

#include <doctest/doctest.h>

#include "openai/server_error.h"

using namespace llmc;
using namespace llmc::openai;

TEST_CASE("words of context overflow are recognised in every dialect, with the numbers they tell") {
    using Tokens = std::optional<std::int64_t>;
    struct Case {
        const char* words;
        Tokens asked, allowed;
    };
    for (const Case& c : {
             // vLLM
             Case{"The decoder prompt (length 5000) is longer than the maximum model length of 4096. Make sure that "
                  "`max_model_len` is no smaller than the number of text tokens.",
                  5000, 4096},
             Case{"The engine prompt length 1327246 exceeds the max_model_len 32768. Please reduce prompt.", 1327246,
                  32768},
             Case{"'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is "
                  "32768 "
                  "tokens and your request has 5000 input tokens (32000 > 32768 - 5000).",
                  37000, 32768},
             Case{"This model's maximum context length is 8191 tokens, however you requested 10346 tokens (10346 in "
                  "your "
                  "prompt; 5 for the completion). Please reduce your prompt; or completion length.",
                  10346, 8191},
             // LiteLLM, OpenRouter, Poolside, Together
             Case{"Input length (265330) exceeds model's maximum context length (262144).", 265330, 262144},
             Case{"Input length 131393 exceeds the maximum allowed input length of 131040 tokens.", 131393, 131040},
             Case{"This endpoint's maximum context length is 32768 tokens. However, you requested about 50000 tokens "
                  "(49000 "
                  "of text input, 1000 in the output).",
                  50000, 32768},
             Case{"The input (516368 tokens) is longer than the model's context length (262144 tokens).", 516368,
                  262144},
             Case{"litellm.ContextWindowExceededError: AnthropicError", {}, {}},
             // OpenAI, Anthropic, Bedrock, Gemini, Groq, xAI, Mistral, Cohere
             Case{"Your input exceeds the context window of this model. Please adjust your input and try again.",
                  {},
                  {}},
             Case{"Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.",
                  300000, 272000},
             Case{"prompt is too long: 213462 tokens > 200000 maximum", 213462, 200000},
             Case{"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", {}, {}},
             Case{"Input is too long for requested model.", {}, {}},
             Case{"The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).", 1196265,
                  1048575},
             Case{"Please reduce the length of the messages or completion.", {}, {}},
             Case{"This model's maximum prompt length is 131072 but the request contains 537812 tokens.", 537812,
                  131072},
             Case{"Prompt contains 40000 tokens, too large for model with 32768 maximum context length", 40000, 32768},
             Case{"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4500.", 4500,
                  4081},
             // llama.cpp and its kin, Ollama, TabbyAPI, KoboldCpp, text-generation-inference
             Case{"the request exceeds the available context size, try increasing it", {}, {}},
             Case{"Requested tokens (5000) exceed context window of 4096", 5000, 4096},
             Case{"prompt too long; exceeded max context length by 100918 tokens", {}, {}},
             Case{"the input length exceeds the context length", {}, {}},
             Case{"input length exceeds maximum context length", {}, {}},
             Case{"Prompt length 5000 is greater than max_seq_len 4096", 5000, 4096},
             Case{"Context length 5000 is greater than max_seq_len 4096", 5000, 4096},
             Case{"`inputs` must have less than 1024 tokens. Given: 5000", 5000, 1024},
             // LM Studio
             Case{"tokens to keep from the initial prompt is greater than the context length", {}, {}},
             // Copilot, Kimi, MiniMax, Qwen, GLM, Doubao, DS4
             Case{"prompt token count of 200000 exceeds the limit of 128000", 200000, 128000},
             Case{"Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)", 300000,
                  262144},
             Case{"invalid params, context window exceeds limit (2013)", {}, {}},
             Case{"InternalError.Algo.InvalidParameter: Range of input length should be [1, 202745]", {}, 202745},
             Case{"Prompt exceeds max length", {}, {}},
             Case{"Total tokens of image and text exceed max message tokens", {}, {}},
             Case{"Prompt has 5,958,968 tokens, but the configured context size is 256,000 tokens", 5958968, 256000},
             Case{"输入长度超过最大长度", {}, {}},
             Case{"上下文长度超出限制", {}, {}},
             // Words that nobody is known to use, of the same kind
             Case{"The conversation is too long for this model's context window", {}, {}},
             Case{"Your prompt has too many tokens", {}, {}},
             Case{"messages exceed the token limit", {}, {}},
             Case{"Context window is full", {}, {}},
             Case{"KV cache is not large enough: prompt is larger than the kv cache", {}, {}},
         }) {
        CAPTURE(c.words);
        const auto limit = find_context_limit(c.words, "invalid_request_error", "400");
        REQUIRE(limit);
        CHECK(limit->asked == c.asked);
        CHECK(limit->allowed == c.allowed);
    }
    for (const char* code : {"context_length_exceeded", "exceed_context_size_error", "model_context_window_exceeded"}) {
        CHECK(find_context_limit("no", code, ""));
        CHECK(find_context_limit("no", "", code));
    }
}

TEST_CASE("words that only look like context overflow are none") {
    for (const char* words :
         {// how much may be asked in a time
          "Rate limit reached for gpt-4 on tokens per min (TPM): Limit 10000, Requested 12000",
          "Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 7000, please reduce your "
          "message "
          "size and try again.",
          "Throttling error: Too many tokens, please wait before trying again.", "Too many requests. Please slow down.",
          "You exceeded your current quota, please check your plan: input tokens per day", "Too many tokens",
          "tokens exceeded", "Token limit exceeded for your billing plan: prompt tokens",
          // how long an answer may be
          "max_tokens must be at most 4096",
          "max_tokens is too large: 5000. This model supports at most 4096 completion tokens",
          "Invalid input: max_tokens is larger than the limit of 8192 tokens",
          "input is fine, but output tokens exceed the limit of 8192",
          // other things that are too large
          "Input image exceeds the maximum size of 20 MB", "The input audio file is too large: 30000000 bytes",
          "Invalid input: image exceeds the maximum length of 8000 pixels", "Request Entity Too Large",
          "Input should be less than or equal to 2", "Input should be greater than 0", "prompt must not be empty",
          "Input validation error: `temperature` must be strictly positive",
          "List should have at most 4 items after validation, input has more than 5 items",
          // other contexts
          "invalid context", "the model has a long context", "n_ctx: 5", "context deadline exceeded",
          "context canceled",
          "request canceled: context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
          "SSL context is too old", "context_length must be greater than 0",
          "Model loading failed: the context length could not be read",
          // anything
          "model runner crashed unexpectedly", "The model is overloaded", "Invalid API key: longer than expected",
          ""}) {
        CAPTURE(words);
        CHECK_FALSE(find_context_limit(words, "invalid_request_error", "400"));
    }
}
