#include <doctest/doctest.h>

#include "base/utf8.h"
#include "config_fixture.h"

namespace llmc::config {

TEST_CASE("a full config is read as it stands") {
    const auto environment = environment_of({{"HOME", "/home/ada"}, {"RACK_KEY", "sk-canary"}});
    const auto config = parse_text(kFullConfig, environment);
    REQUIRE_MESSAGE(config, config.error().message);

    REQUIRE(config->servers.size() == 2);
    CHECK(config->servers[0].label() == "192.168.1.10:1234");
    CHECK(config->servers[0].max_concurrent == 1);
    const session::Server& rack = config->servers[1];
    CHECK(rack.label() == "rack");
    CHECK(rack.url.is_https());
    CHECK(rack.api_key == "sk-canary");
    CHECK(rack.max_concurrent == 4);
    CHECK(rack.ca_file == "/etc/ca.pem");

    REQUIRE(config->candidates.size() == 2);
    CHECK(config->candidates[0].name() == "qwen2.5-7b-instruct-q4_k_m");
    CHECK(config->candidates[0].own == session::Overrides{});
    const session::Candidate& q8 = config->candidates[1];
    CHECK(q8.name() == "Qwen 7B Q8");
    CHECK(q8.server == "rack");
    CHECK(q8.own.temperature == 0.2);
    CHECK(q8.own.top_p == 0.9);
    CHECK(q8.own.max_tokens == 512);
    CHECK(q8.own.seed == -7);
    CHECK(q8.own.stop == std::vector<std::string>{"END", "\n\n"});
    CHECK(q8.own.system_prompt == "");
    CHECK(q8.own.extra_body ==
          base::Json::parse(R"({"top_k": 40, "chat_template_kwargs": {"enable_thinking": false}})"));

    CHECK(config->judges == std::vector<JudgeModel>{{"gemma-27b", "rack", "The judge"}, {"qwen-32b", "", ""}});

    CHECK(config->settings.temperature == 0.6);
    CHECK(config->settings.top_p == 0.95);
    CHECK(config->settings.max_tokens == 4096);
    CHECK(config->settings.seed == 42);
    CHECK(config->settings.stop == std::vector<std::string>{"STOP"});
    CHECK(config->settings.timeout_s == 120);
    CHECK(config->settings.connect_timeout_s == 5.5);
    CHECK(config->settings.total_timeout_s == 900);
    CHECK(config->settings.system_prompt == "You are terse. ä");
    CHECK(config->has_system_prompt);
    CHECK(config->system_prompt_file == "/etc/prompts/planner.md");
    CHECK(config->report_folder == "/home/ada/Documents/Reports");
    CHECK(config->settings.order == session::Order::rotate);
    CHECK(config->settings.on_failure == session::OnFailure::keep_going);
    CHECK_FALSE(config->journal);
    CHECK(config->notes.empty());
    CHECK(config->unknown.is_null());
}

TEST_CASE("an empty object gives the defaults of the manual") {
    const auto config = parse_text("\xEF\xBB\xBF{}");
    REQUIRE_MESSAGE(config, config.error().message);
    CHECK(config->settings == session::Settings{});
    CHECK(config->settings.temperature == 0.7);
    CHECK(config->settings.max_tokens == 2048);
    CHECK(config->settings.timeout_s == 300);
    CHECK(config->settings.connect_timeout_s == 10);
    CHECK_FALSE(config->settings.total_timeout_s);
    CHECK_FALSE(config->has_system_prompt);
    CHECK(config->report_folder == "/home/ada/Documents/LLM Compare");
    CHECK(config->journal);
    CHECK(config->servers.empty());
    CHECK(config->candidates.empty());
}

TEST_CASE("null means not set where a value may be missing") {
    const auto config =
        parse_text(R"({"total_timeout_seconds": null, "system_prompt_file": null, "system_prompt": null, "top_p": null,
        "seed": null, "servers": [{"url": "http://a", "name": null, "api_key_env": null, "ca_file": null}],
        "models": [{"model_id": "m", "display_name": null, "temperature": null, "top_p": null, "top_k": null,
                    "reasoning_effort": null, "max_tokens": null, "seed": null, "stop": null, "system_prompt": null, "server": null, "extra_body": null}]})");
    REQUIRE_MESSAGE(config, config.error().message);
    CHECK(config->settings == session::Settings{});
    const session::Overrides& own = config->candidates.at(0).own;
    CHECK(own ==
          session::Overrides{.not_sent = {"temperature", "top_p", "top_k", "reasoning_effort", "max_tokens", "seed"}});
}

TEST_CASE("null for a setting leaves it to the server, and is written again") {
    const auto config = parse_text(
        R"({"temperature": null, "max_tokens": null, "models": [{"model_id": "m", "temperature": 1, "max_tokens": null}]})");
    REQUIRE_MESSAGE(config, config.error().message);
    CHECK_FALSE(config->settings.temperature);
    CHECK_FALSE(config->settings.max_tokens);
    const auto again = parse_text(to_text(*config, kFolders));
    REQUIRE_MESSAGE(again, again.error().message);
    CHECK(again->settings == config->settings);
    CHECK(again->candidates == config->candidates);
}

TEST_CASE("a bad config is refused with file, line and key") {
    struct Case {
        std::string_view text;
        std::string_view place;  // after "/etc/config.json:"
        std::string_view words;
    };
    const Case cases[] = {
        {"", "1: ", ""},
        {"{\n\"temperature\": 0.7,\n}", "3: ", ""},
        {"[]", "1: ", "must be an object, and is a list"},
        {"{\"temperature\": 1,\n \"temperature\": 2}", "2: ", "twice"},
        {"{\n\"temperature\": \"warm\"}", "2: temperature: ", "must be a number, and is a text"},
        {"{\n\n\"temperature\": 2.5}", "3: temperature: ", "out of range: 0 to 2"},
        {"{\"temperature\": -0.1}", "1: temperature: ", "-0.1 is out of range"},
        {"{\"max_tokens\": 0}", "1: max_tokens: ", "1 to 1000000"},
        {"{\"max_tokens\": 1000001}", "1: max_tokens: ", "1 to 1000000"},
        {"{\"max_tokens\": 2.5}", "1: max_tokens: ", "whole number"},
        {"{\"max_tokens\": 1e300}", "1: max_tokens: ", "whole number"},
        {"{\"seed\": 18446744073709551615}", "1: seed: ", "64 bits"},
        {"{\"timeout_seconds\": 0.5}", "1: timeout_seconds: ", "1 to 86400 seconds"},
        {"{\"timeout_seconds\": 86401}", "1: timeout_seconds: ", "1 to 86400 seconds"},
        {"{\"connect_timeout_seconds\": 0}", "1: connect_timeout_seconds: ", "out of range"},
        {"{\"total_timeout_seconds\": 0}", "1: total_timeout_seconds: ", "out of range"},
        {"{\"total_timeout_seconds\": true}", "1: total_timeout_seconds: ", "must be a number"},
        {"{\"top_p\": 1.1}", "1: top_p: ", "0 to 1"},
        {"{\"top_k\": -2}", "1: top_k: ", "-2 is out of range: -1 to 1000000"},
        {"{\"top_k\": 2.5}", "1: top_k: ", "whole number"},
        {"{\"min_p\": 1.1}", "1: min_p: ", "0 to 1"},
        {"{\"repeat_penalty\": -0.1}", "1: repeat_penalty: ", "0 to 2"},
        {"{\"presence_penalty\": 2.1}", "1: presence_penalty: ", "-2 to 2"},
        {"{\"frequency_penalty\": -2.1}", "1: frequency_penalty: ", "-2 to 2"},
        {"{\"reasoning_effort\": \"a lot\"}", "1: reasoning_effort: ", "none, minimal, low, medium, high, xhigh"},
        {"{\"reasoning_effort\": 1}", "1: reasoning_effort: ", "must be a text, and is a number"},
        {"{\"topk\": 1}", "1: topk: ", "did you mean \"top_k\"?"},
        {"{\"stop\": [\"a\", \"\"]}", "1: stop[1]: ", "empty"},
        {"{\"stop\": [1]}", "1: stop[0]: ", "must be a text, and is a number"},
        {"{\"order\": \"fastest\"}", "1: order: ", "swap-aware, rotate, listed, by-model"},
        {"{\"order\": \"\"}", "1: order: ", "empty"},
        {"{\"on_failure\": \"ignore\"}", "1: on_failure: ", "halt, continue"},
        {"{\"journal\": 1}", "1: journal: ", "true or false"},
        {"{\"report_folder\": \"\"}", "1: report_folder: ", "empty"},
        {"{\"system_prompt\": 3}", "1: system_prompt: ", "must be a text"},
        {"{\"system_prompt_file\": \"\"}", "1: system_prompt_file: ", "empty"},
        {"{\"version\": 0}", "1: version: ", "1 or more"},
        {"{\"version\": \"1\"}", "1: version: ", "whole number"},
        {"{\n\"temprature\": 1}", "2: temprature: ", "unknown key; did you mean \"temperature\"?"},
        {"{\"timeout\": 1}", "1: timeout: ", "did you mean \"timeout_seconds\"?"},
        {"{\"servers\": \"http://a\"}", "1: servers: ", "must be a list, and is a text"},
        {"{\"servers\": null}", "1: servers: ", "null"},
        {"{\"servers\": [\n5]}", "2: servers[0]: ", "must be an object"},
        {"{\"servers\": [\n\"\"]}", "2: servers[0]", "empty"},
        {"{\"servers\": [\"http://a\",\n\"ftp://b\"]}", "2: servers[1]: ", "http"},
        {"{\"servers\": [{\"name\": \"x\"}]}", "1: servers[0]: ", "url"},
        {"{\"servers\": [{\n\"url\": \"http://a b\"}]}", "2: servers[0].url: ", "blank"},
        {"{\"servers\": [{\"url\": \"http://a\", \"name\": \"\"}]}", "1: servers[0].name: ", "empty"},
        {"{\"servers\": [{\"url\": \"http://a\", \"max_concurrent\": 0}]}",
         "1: servers[0].max_concurrent: ", "1 to 300"},
        {"{\"servers\": [{\"url\": \"http://a\", \"max_concurrent\": 301}]}",
         "1: servers[0].max_concurrent: ", "1 to 300"},
        {"{\"servers\": [{\"url\": \"http://a\", \"max_parallel\": 2}]}",
         "1: servers[0].max_parallel: ", "did you mean \"max_concurrent\"?"},
        {"{\"servers\": [{\"url\": \"http://a\", \"api_key_env\": \"\"}]}", "1: servers[0].api_key_env: ", "empty"},
        {"{\"servers\": [{\"url\": \"http://a\", \"ca_file\": \"\"}]}", "1: servers[0].ca_file: ", "empty"},
        {"{\"servers\": [{\"url\": \"http://a\", \"name\": \"x\"},\n{\"url\": \"http://b\", \"name\": \"x\"}]}",
         "2: servers[1]: ", "\"x\""},
        {"{\"servers\": [\"http://a\",\n\"http://a/v1\"]}", "2: servers[1]: ", "a:80"},
        {"{\"models\": {}}", "1: models: ", "must be a list"},
        {"{\"models\": [\"\"]}", "1: models[0]: ", "empty"},
        {"{\"models\": [{}]}", "1: models[0]: ", "model_id"},
        {"{\"judges\": [{}]}", "1: judges[0]: ", "model_id"},
        {"{\"judges\": [{\"model_id\": \"m\", \"seed\": 1}]}", "1: judges[0].seed: ", "unknown key"},
        {"{\"judges\": [{\"model_id\": \"m\", \"server\": \"x\"}]}", "1: judges[0].server: ", "no configured server"},
        {"{\"models\": [{\"model_id\": \"\"}]}", "1: models[0].model_id: ", "empty"},
        {"{\"models\": [{\"model_id\": 3}]}", "1: models[0].model_id: ", "must be a text"},
        {"{\"models\": [{\"model_id\": \"m\",\n\"temperature\": 3}]}", "2: models[0].temperature: ", "0 to 2"},
        {"{\"models\": [{\"model_id\": \"m\", \"max_tokens\": -1}]}", "1: models[0].max_tokens: ", "1 to 1000000"},
        {"{\"models\": [{\"model_id\": \"m\", \"top_p\": 2}]}", "1: models[0].top_p: ", "0 to 1"},
        {"{\"models\": [{\"model_id\": \"m\", \"seed\": \"x\"}]}", "1: models[0].seed: ", "whole number"},
        {"{\"models\": [{\"model_id\": \"m\", \"display_name\": \"\"}]}", "1: models[0].display_name: ", "empty"},
        {"{\"models\": [{\"model_id\": \"m\", \"stop\": {}}]}", "1: models[0].stop: ", "list of texts"},
        {"{\"models\": [{\"model_id\": \"m\", \"tempe\": 1}]}",
         "1: models[0].tempe: ", "did you mean \"temperature\"?"},
        {"{\"models\": [{\"model_id\": \"m\", \"extra_body\": []}]}", "1: models[0].extra_body: ", "must be an object"},
        {"{\"models\": [{\"model_id\": \"m\", \"extra_body\": {\"top_k\": 1,\n\"model\": \"x\"}}]}",
         "2: models[0].extra_body.model: ", "may not"},
        {"{\"models\": [{\"model_id\": \"m\", \"extra_body\": {\"messages\": []}}]}",
         "1: models[0].extra_body.messages: ", "may not"},
        {"{\"models\": [{\"model_id\": \"m\", \"extra_body\": {\"stream\": false}}]}",
         "1: models[0].extra_body.stream: ", "may not"},
        {"{\"servers\": [{\"url\": \"http://a\", \"name\": \"rack\"}], \"models\": [{\"model_id\": \"m\",\n\"server\": "
         "\"rak\"}]}",
         "2: models[0].server: ", "no configured server is called \"rak\" (there is: rack)"},
        {"{\"models\": [{\"model_id\": \"m\", \"server\": \"rack\"}]}", "1: models[0].server: ", "there are none"},
        {"{\n\"system_prompt\": \"\xC3(\"}", "2: ", "not UTF-8"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const auto config = parse_text(one.text);
        REQUIRE_FALSE(config);
        CAPTURE(config.error().message);
        CHECK(config.error().message.starts_with("/etc/config.json:" + std::string(one.place)));
        CHECK(config.error().message.find(one.words) != std::string::npos);
    }
}

TEST_CASE("a config nested without end is refused") {
    std::string text = "{\"models\": [{\"model_id\": \"m\", \"extra_body\": {\"a\": ";
    text.append(100'000, '[');
    const auto config = parse_text(text);
    REQUIRE_FALSE(config);
    CHECK(config.error().kind == ErrorKind::limit);
    CHECK(config.error().message.starts_with("/etc/config.json:1: "));
}

TEST_CASE("an API key in the config is refused with the right place for it, and is not repeated") {
    for (const char* text :
         {R"({"servers": [{"url": "http://a", "api_key": "sk-canary"}]})", R"({"api_key": "sk-canary"})",
          R"({"version": 2, "servers": [{"url": "http://a", "api_key": "sk-canary"}]})",
          R"({"servers": [{"url": "http://a", "token": "sk-canary"}]})",
          R"({"servers": [{"url": "http://a", "api_key_env": "sk-canary"}]})",
          R"({"servers": ["http://ada:sk-canary@a"]})"}) {
        CAPTURE(text);
        const auto config = parse_text(text);
        REQUIRE_FALSE(config);
        CHECK(config.error().message.find("canary") == std::string::npos);
    }
    const std::string message =
        parse_text(R"({"servers": [{"url": "http://a", "api_key": "sk-canary"}]})").error().message;
    CHECK(message.find("servers[0].api_key") != std::string::npos);
    CHECK(message.find("api_key_env") != std::string::npos);
    CHECK(message.find("keys.json") != std::string::npos);
}

TEST_CASE("a server's key comes from its variable, else from keys.json by name or address; a missing one is a note") {
    const std::string_view text =
        R"({"servers": [{"url": "http://a:1", "api_key_env": "A_KEY"}, {"url": "http://b:2", "name": "bee"},
        "http://c:3", {"url": "http://d:4", "api_key_env": "D_KEY"}, {"url": "http://e:5", "api_key_env": "E_KEY"}]})";
    const base::Json keys = {
        {"a:1", "from-file-a"}, {"bee", "from-file-b"}, {"http://c:3/v1/", "from-file-c"}, {"e:5", "from-file-e"}};
    const auto config =
        parse_text(text, environment_of({{"HOME", "/home/ada"}, {"A_KEY", "from-variable"}, {"D_KEY", ""}}), keys);
    REQUIRE_MESSAGE(config, config.error().message);
    CHECK(config->servers[0].api_key == "from-variable");
    CHECK(config->servers[1].api_key == "from-file-b");
    CHECK(config->servers[2].api_key == "from-file-c");
    CHECK(config->servers[3].api_key.empty());
    CHECK(config->servers[4].api_key == "from-file-e");
    REQUIRE(config->notes.size() == 1);
    CHECK(config->notes[0].find("D_KEY") != std::string::npos);
    CHECK(config->notes[0].find("d:4") != std::string::npos);
}

TEST_CASE("a candidate may be pinned by name, host and port, or address") {
    for (const char* pin : {"rack", "llm.example.org:443", "https://llm.example.org", "https://llm.example.org/v1/"}) {
        CAPTURE(pin);
        const auto config = parse_text(
            R"({"servers": [{"url": "https://llm.example.org", "name": "rack"}], "models": [{"model_id": "m", "server": ")" +
            std::string(pin) + "\"}]}");
        CHECK_MESSAGE(config, config.error().message);
    }
}

}  // namespace llmc::config
