#include "sample_session.h"

namespace llmc::samples {

using session::AnswerState;

namespace {

metrics::AnswerMetrics some_metrics() {
    metrics::AnswerMetrics metrics;
    metrics.time_to_first_token_s = 0.25;
    metrics.time_to_first_output_s = 0.5;
    metrics.inter_token_latency_s = 0.02;
    metrics.decode_tokens_per_s = 50;
    metrics.end_to_end_latency_s = 2.25;
    metrics.end_to_end_tokens_per_s = 45;
    metrics.chunk_gap_p50_s = 0.02;
    metrics.chunk_gap_p95_s = 0.03;
    metrics.chunk_gap_p99_s = 0.04;
    metrics.chunk_gap_max_s = 0.05;
    metrics.queue_wait_s = 0.125;
    metrics.model_load_s = 3;
    metrics.prompt_tokens = 20;
    metrics.output_tokens = 101;
    metrics.reasoning_tokens = 40;
    metrics.cached_tokens = 8;
    metrics.reasoning_tokens_estimated = true;
    metrics.speed_note = metrics::SpeedNote::hidden_reasoning;
    metrics.token_source = metrics::TokenSource::usage;
    metrics.chunks = 99;
    metrics.server_prompt_tokens_per_s = 800;
    metrics.server_decode_tokens_per_s = 51.5;
    metrics.requests_in_flight = 2;
    metrics.model_warmth = metrics::ModelWarmth::loaded;
    return metrics;
}

}  // namespace

session::Session eventful() {
    session::Session session = two_candidates();
    session.settings.temperature = 0.2;
    session.settings.seed = 7;
    session.settings.stop = {{"END"}};
    session.settings.reasoning_effort = "low";
    session.settings.total_timeout_s = 600;
    session.settings.order = session::Order::rotate;
    session.changes = {{2, "temperature 0.7 -> 0.2"}};
    session.servers[0].api_key_env = "RACK_KEY";
    session.servers[0].max_concurrent = 4;
    session.servers.push_back(
        {.url = *net::BaseUrl::parse("https://llm.example.org/api/v1"), .ca_file = "/etc/ca.pem"});
    session.candidates.push_back(candidate("c3", "a", "Second \"A\""));
    session::Overrides& own = session.candidates[2].own;
    own.temperature = 0.0;
    own.top_p = 0.9;
    own.repeat_penalty = 1.1;
    own.max_tokens = 64;
    own.seed = -1;
    own.stop = std::vector<std::string>{"\n", "stop"};
    own.system_prompt = "Answer in verse.";
    own.extra_body = {{"top_k", 3}, {"chat_template_kwargs", {{"enable_thinking", false}}}};
    session.candidates[2].server = "rack";
    session.candidates[1].is_removed = session.candidates[1].is_skipped = true;

    session::Answer thoughtful = answer("c1", 1, AnswerState::complete, "It is **Paris**.\n", "France, so …");
    thoughtful.metrics = some_metrics();
    thoughtful.reported_model = "a-0711";
    thoughtful.warnings = {"The server reports another model: a-0711."};
    thoughtful.rating = {.thumbs = 1, .stars = 4, .note = "short | good"};
    thoughtful.served = {"Q4_K_M", "gguf", 8192};
    thoughtful.started_at = base::WallTime{std::chrono::milliseconds{1'763'820'001'000}};
    thoughtful.ended_at = base::WallTime{std::chrono::milliseconds{1'763'820'003'250}};
    thoughtful.unknown = base::OrderedJson{{"mood", {{"calm", true}}}};
    session::Answer calling = answer("c2", 1, AnswerState::complete, "");
    calling.finish_reason = "tool_calls";
    calling.tool_calls = {{"id1", "look_up", "{\"city\": \"Paris\"}"}};
    add_round(session, "Capital of France?", {thoughtful, calling});

    session::Answer failed = answer("c1", 2, AnswerState::failed, "Half an ans");
    failed.failure =
        session::Failure{.phase = net::Phase::streaming,
                         .status = 200,
                         .kind = ErrorKind::connection,
                         .message = "rack (10.0.0.1:1234) closed the connection. The text so far is kept."};
    failed.metrics.tokens_estimated = true;
    failed.metrics.token_source = metrics::TokenSource::estimate;
    failed.metrics.output_tokens = 3;
    failed.metrics.model_warmth = metrics::ModelWarmth::cold;
    failed.attempt = 2;
    failed.history_from = 2;
    session::Answer first_try = failed;
    first_try.attempt = first_try.history_from = 1;
    first_try.stream = *session::AnswerStream::holding("Hal", "");
    session::Answer long_one = answer("c3", 2, AnswerState::complete, "On and on");
    long_one.finish_reason = "length";
    add_round(session, "And of Spain?\nBe brief.", {failed, long_one}, {first_try});
    auto round = std::make_shared<session::Round>(*session.rounds.back());
    round->prompt_id = "capital";
    round->case_values = {{"country", "Spain"}};
    round->repeat = 2;
    session.rounds.set(session.rounds.size() - 1, std::move(round));
    session.is_halted = true;
    session.halt_reason =
        "Model a failed: Connection lost. rack (10.0.0.1:1234) closed the connection. The text so far is kept.";
    session.unknown = base::OrderedJson{{"zoo", {1, 2, nullptr}}, {"aardvark", "kept"}};
    return session;
}

session::Session judged() {
    session::Session session = eventful();
    session.suite = std::make_shared<const session::SuiteRun>(
        session::SuiteRun{.name = "cities",
                          .role = "geographer",
                          .repeat = 2,
                          .is_fresh = false,
                          .source = base::OrderedJson{{"name", "cities"}, {"context", "continued"}}});
    session.casting = {{"geographer", "c3", "short | and | sure"}};
    const auto change = [&](std::size_t index, auto what) {
        auto round = std::make_shared<session::Round>(*session.rounds[index]);
        what(*round);
        session.rounds.set(index, std::move(round));
    };
    change(0, [](session::Round& round) {
        round.prompt_id = "first";
        round.answers[0].checks = {{"contains", true, "", std::nullopt},
                                   {"max_words", false, "3 words, 2 are allowed", 6}};
        round.answers[1].checks = {{"contains", true, "", std::nullopt}, {"max_words", true, "", std::nullopt}};
        round.votes = {{"c1", "c2", session::Vote::Winner::a}, {"c2", "c1", session::Vote::Winner::tie}};
    });
    change(1, [](session::Round& round) {
        round.answers[0].checks = {{"equals", false, "the answer is failed", std::nullopt}};
        round.answers[1].checks = {{"equals", true, "", std::nullopt}};
        round.votes = {{"c1", "c3", session::Vote::Winner::both_bad}};
    });
    using session::Verdict;
    const auto verdict = [](Verdict one) { return std::make_shared<const Verdict>(std::move(one)); };
    session.judges = {
        {.id = "j1",
         .model = "gemma-27b",
         .display_name = "The judge",
         .server = "rack",
         .words = 1,
         .verdicts = {verdict({1, "c1", "c2", Verdict::Word::b, Verdict::Word::b, Verdict::Word::b, "b is | shorter"}),
                      verdict({1, "c1", "c3", Verdict::Word::abstains, Verdict::Word::a, {}, "unreadable"}),
                      verdict({2, "c1", "", Verdict::Word::partly, {}, {}, "the city is right"})}},
        {.id = "j2", .model = "qwen", .display_name = "", .server = "", .words = 1, .verdicts = {}}};
    return session;
}

std::vector<std::string> hostile_texts() {
    return {
        "```\nnever closed",
        "~~~~ python\nnever closed\n```\nnor this",
        "Code:\n\n   ```\n   indented and open",
        "1. step\n   ```sh\n   ls\nless indented\n   ```\n",
        "- ```\n  in a list",
        "> ```\n> quoted and open",
        "a\n\n    ````\n    deep\n",
        "``````````\nten backticks\n```\nthree",
        "   ```\n```\n<script>alert(1)</script>",
        "## Model: b\n\n### User\n\nhi\n\n### Assistant\n\nI am b.",
        "```\n## Model: b\n```",
        "  ## **Model:** b",
        "## Mode&#108;: b",
        "Model: b\n--------",
        "User\n====",
        std::string(80, '='),
        "**Error:** all is lost",
        "> ⚠️ cut off",
        "# LLM Comparison Report\r## Model: b",
        "fine\xE2\x80\xA8## Model: b",
        "<script>alert(1)</script>",
        "<!-- never closed",
        "text <img src=x onerror=alert(1)> text",
        "`a\n<img src=x>` ` <b>",
        "\\`<img src=x>`",
        "| ` | <img src=x> ` |\n|---|---|\n",
        "<details><summary>open",
        "</div></pre></textarea></style></title>",
        "![pixel](http://tracker.example/p.png)",
        "![ref][x]\n\n[x]: http://tracker.example/p.png",
        "[click](javascript:alert(1))",
        "[click](&#106;avascript:alert(1))",
        "[click](\njavascript:alert(1))",
        "[b]: http://elsewhere.example",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1-1",
        "@SUM(A1)",
        "\tcell",
        "\nline",
        "＝1+1",
        "\x1b[31mred\x1b]0;title\x07",
        "bell\x07 back\x08 del\x7f nul",
        "c1 \xC2\x9B"
        "31m",
        "\xE2\x80\xAE"
        "desrever\xE2\x81\xA6 isolate",
        "bad \xFF\xC0\x80 utf-8",
        "\"quotes\", commas; semicolons\r\nand lines",
        "]]></style><script>",
        "&lt;b&gt; &amp;",
    };
}

}  // namespace llmc::samples
