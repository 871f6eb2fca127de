#include "interop/cast_export.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/file.h"
#include "decide/cast_writer.h"
#include "interop/yaml_edit.h"

using namespace llmc;
using interop::CastExport;
using interop::ExportedModel;
using interop::ExportedRole;
using interop::ExportText;

namespace {

ExportedModel model(const std::string& label, const std::string& id, const std::string& server, double temperature) {
    ExportedModel made{.label = label, .model = id, .evidence = "18 of 20 checks passed (90 %)"};
    made.server = session::Server{.url = net::BaseUrl::parse("http://192.168.1." + server.substr(6) + ":1234").value(),
                                  .name = server,
                                  .api_key = "sk-secret"};
    made.settings.temperature = temperature;
    made.settings.max_tokens = 2048;
    return made;
}

CastExport three_roles() {
    ExportedRole router{.name = "router_specialist", .cast = model("Qwen3 4B (Q8)", "qwen/qwen3-4b", "studio1", 0.2)};
    router.cast.settings.top_k = 64;
    router.cast.settings.min_p = 0.05;
    router.cast.settings.stop = std::vector<std::string>{"END", "a: b"};
    router.cast.context_length = 16384;
    router.runners_up = {model("b", "b-model", "studio2", 0.2)};
    router.reason = "it passed more.";
    router.picked_by = "proposal";
    ExportedRole triage{
        .name = "triage_architect", .cast = router.cast, .picked_by = "your pick", .note = "good\nenough"};
    ExportedRole director{.name = "project_director", .cast = model("b", "b-model", "studio2", 0.7)};
    director.picked_by = "proposal";
    director.findings = {"studio2 refused the connection"};
    return {{router, triage, director}};
}

const interop::ExportFormat& format(std::string_view name) {
    return *interop::find_export_format(name).value();
}

std::string sample() {
    const char* data = std::getenv("LLMC_TEST_DATA");
    REQUIRE(data);
    return base::read_file(std::filesystem::path(data) / "las/user_settings.yaml", 1 << 20).value();
}

ExportText exported(const std::string& text, const CastExport& cast) {
    auto result = format("las").edit(text, cast);
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
    const auto again = format("las").edit(result->text, cast);
    REQUIRE(again.ok());
    CHECK_MESSAGE(again->text == result->text, "a second export changes nothing");
    return std::move(*result);
}

// What the framework does with its settings when it starts: what it would refuse, by its own rules.
std::vector<std::string> refused_by_las(const std::string& text, const std::string& environment) {
    std::vector<std::string> wrong;
    const std::set<std::string> types{"gemini", "local", "local_pool", "ollama", "gemini_webui"};
    const std::set<std::string> parameters{"temperature", "max_tokens",        "top_p", "top_k",
                                           "seed",        "frequency_penalty", "stop",  "presence_penalty"};
    std::set<std::string> servers;
    if (const auto at = environment.find("\nLOCAL_INFERENCE_SERVERS=\""); at != std::string::npos) {
        std::string list = environment.substr(at + 26);
        list.resize(list.find('"'));
        for (std::size_t begin = 0; begin < list.size();) {
            const std::size_t end = std::min(list.find(',', begin), list.size());
            const std::string one = list.substr(begin, end - begin);
            if (one.find("=http") == std::string::npos || !one.ends_with("/v1")) wrong.push_back("server " + one);
            servers.insert(one.substr(0, one.find('=')));
            begin = end + 1;
        }
    }
    const YAML::Node root = YAML::Load(text);
    for (const auto& provider : root["llm_providers"]) {
        const auto name = provider.first.as<std::string>();
        if (!types.contains(provider.second["type"].as<std::string>(""))) wrong.push_back("type of " + name);
        if (!provider.second["api_identifier"]) wrong.push_back("api_identifier of " + name);
        if (!name.starts_with("cast_")) continue;
        if (const auto server = provider.second["server"]; server && !servers.contains(server.as<std::string>()))
            wrong.push_back("server of " + name);
        for (const auto& parameter : provider.second["parameters"])
            if (!parameters.contains(parameter.first.as<std::string>()))
                wrong.push_back(name + " " + parameter.first.as<std::string>());
    }
    for (const auto& binding : root["specialist_model_bindings"])
        if (!root["llm_providers"][binding.second.as<std::string>()])
            wrong.push_back("binding of " + binding.first.as<std::string>());
    const auto chosen = root["default_llm_config"];
    if (!chosen || !root["llm_providers"][chosen.as<std::string>()]) wrong.emplace_back("default_llm_config");
    if (!root["specialist_model_bindings"]["router_specialist"]) wrong.emplace_back("router_specialist");
    return wrong;
}

bool has_note(const ExportText& text, std::string_view words) {
    return std::any_of(text.notes.begin(), text.notes.end(),
                       [words](const std::string& note) { return note.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("a new settings file is one that the framework starts with") {
    const ExportText made = format("las").render(three_roles());
    CHECK(refused_by_las(made.text, made.environment) == std::vector<std::string>{});
    const YAML::Node root = YAML::Load(made.text);
    const YAML::Node provider = root["llm_providers"]["cast_qwen3_4b_q8"];
    CHECK(provider["type"].as<std::string>() == "local");
    CHECK(provider["server"].as<std::string>() == "studio1");
    CHECK(provider["api_identifier"].as<std::string>() == "qwen/qwen3-4b");
    CHECK(provider["context_window"].as<int>() == 16384);
    CHECK(provider["parameters"]["temperature"].as<double>() == 0.2);
    CHECK(provider["parameters"]["top_k"].as<int>() == 64);
    CHECK(provider["parameters"]["stop"].as<std::vector<std::string>>() == std::vector<std::string>{"END", "a: b"});
    CHECK_FALSE(provider["parameters"]["min_p"]);
    CHECK(root["llm_providers"].size() == 2);
    CHECK(root["specialist_model_bindings"]["triage_architect"].as<std::string>() == "cast_qwen3_4b_q8");
    CHECK(root["specialist_model_bindings"]["project_director"].as<std::string>() == "cast_b");
    CHECK(root["default_llm_config"].as<std::string>() == "cast_qwen3_4b_q8");
    CHECK(made.environment.ends_with(
        "\nLOCAL_INFERENCE_SERVERS=\"studio1=http://192.168.1.1:1234/v1,studio2=http://192.168.1.2:1234/v1\"\n"));
    CHECK(has_note(made, "router_specialist: not taken over: min_p 0.05"));
    CHECK(has_note(made, "project_director: attention: studio2 refused the connection"));
    CHECK(made.text.find("# llm-compare: note: good enough\n") != std::string::npos);
    CHECK((made.text + made.environment).find("secret") == std::string::npos);
}

TEST_CASE("the example settings are edited: every line that is not ours stays byte for byte") {
    const std::string before = sample();
    const ExportText made = exported(before, three_roles());
    CHECK(refused_by_las(made.text, made.environment) == std::vector<std::string>{});
    // Taken out again by hand, what is left is the file as it was.
    std::string back;
    bool is_in_provider = false;
    for (std::size_t begin = 0; begin < made.text.size();) {
        const std::size_t end = made.text.find('\n', begin) + 1;
        const std::string line = made.text.substr(begin, end - begin);
        begin = end;
        is_in_provider = line.starts_with("  cast_") || (is_in_provider && line.starts_with("    "));
        if (is_in_provider || line.starts_with("  # llm-compare:") || line.starts_with("  project_director: "))
            continue;
        if (line == "  router_specialist: \"cast_qwen3_4b_q8\"\n")
            back += "  router_specialist: \"local_router\"\n";
        else if (line == "  triage_architect: \"cast_qwen3_4b_q8\"\n")
            back += "  triage_architect: \"local_router\"\n";
        else
            back += line;
    }
    CHECK(back == before);
    CHECK(YAML::Load(made.text)["specialist_model_bindings"].size() ==
          YAML::Load(before)["specialist_model_bindings"].size() + 1);
}

TEST_CASE("a later cast changes its own providers, and those that other bindings name stay") {
    CastExport cast = three_roles();
    std::string text = exported(sample(), cast).text;
    // Their comments, keys and parameters stay; a provider that nothing names goes away.
    const auto put = [&text](const std::string& what, const std::string& with) {
        REQUIRE(text.find(what) != std::string::npos);
        text.replace(text.find(what), what.size(), with);
    };
    put("    server: \"studio2\"\n", "    server: \"studio2\"  # the big one\n    skip_ping: true\n");
    put("      temperature: 0.7\n      max_tokens: 2048\n",
        "      min_p: 0.1\n      temperature: 0.7\n      max_tokens: 2048\n");
    put("  cast_b:\n",
        "  cast_old:\n    type: \"local\"\n    api_identifier: \"x\"\n  cast_kept:\n    type: \"local\"\n"
        "    api_identifier: \"x\"\n  cast_b:\n");
    put("specialist_model_bindings:\n", "specialist_model_bindings:\n  other: cast_kept\n  third: cast_qwen3_4b_q8\n");
    cast.roles[2].cast.settings.temperature = 0.1;
    cast.roles[2].cast.settings.max_tokens.reset();
    cast.roles[0].cast.settings.temperature = cast.roles[1].cast.settings.temperature = 0;
    const ExportText made = exported(text, cast);
    CHECK(made.text.find("    server: \"studio2\"  # the big one\n    skip_ping: true\n") != std::string::npos);
    CHECK(made.text.find("      min_p: 0.1\n      temperature: 0.1\n") != std::string::npos);
    const YAML::Node root = YAML::Load(made.text), providers = root["llm_providers"];
    CHECK_FALSE(providers["cast_old"]);
    CHECK(providers["cast_kept"]);
    CHECK_FALSE(providers["cast_b"]["parameters"]["max_tokens"]);
    CHECK(providers["cast_qwen3_4b_q8"]["parameters"]["temperature"].as<double>() == 0.2);
    CHECK(providers["cast_qwen3_4b_q8_2"]["parameters"]["temperature"].as<double>() == 0);
    CHECK(root["specialist_model_bindings"]["third"].as<std::string>() == "cast_qwen3_4b_q8");
    CHECK(root["specialist_model_bindings"]["router_specialist"].as<std::string>() == "cast_qwen3_4b_q8_2");
}

TEST_CASE("what a probe says is written where the framework knows it, and told where it does not") {
    CastExport cast = three_roles();
    cast.roles[2].cast.skip_schema_enforcement = true;
    cast.roles[2].cast.request_form = "prompt";
    const ExportText text = exported(sample(), cast);
    const YAML::Node node = YAML::Load(text.text);
    const std::string bound = node["specialist_model_bindings"]["project_director"].as<std::string>();
    CHECK(node["llm_providers"][bound]["skip_schema_enforcement"].as<bool>());
    const std::string other = node["specialist_model_bindings"]["router_specialist"].as<std::string>();
    CHECK_FALSE(node["llm_providers"][other]["skip_schema_enforcement"]);
    CHECK(text.text.find("by its probe the request form that works best is prompt") != std::string::npos);
    CHECK(refused_by_las(text.text, text.environment).empty());
}

TEST_CASE("the newest probe of a model at the server that answered most is taken into the sheet") {
    session::Session session;
    session.servers.push_back({.url = net::BaseUrl::parse("http://192.168.1.1:1234").value(), .name = "studio1"});
    decide::Contender contender{.label = "q", .model = "qwen", .server = "studio1"};
    decide::CastSheet sheet;
    sheet.roles.push_back(
        {.name = "router", .contenders = {contender, {.label = "b", .model = "b", .server = "studio1"}}});
    const decide::CastSource sources[] = {{"s", &session}};
    probe::Probe probe{.server = "http://192.168.1.1:1234", .model = "qwen", .quantization = "Q8_0"};
    probe.forms[0].requests = {{.id = "enum", .verdict = probe::Verdict::ignored}};
    probe::Probe elsewhere = probe;
    elsewhere.server = "http://192.168.1.2:1234";
    elsewhere.forms = {};
    const probe::Probe probes[] = {probe, elsewhere};
    interop::take_probes(sheet, sources, {}, probes);
    CHECK(sheet.roles[0].contenders[0].request_form == "tool");
    CHECK(sheet.roles[0].contenders[0].skip_schema_enforcement == true);
    CHECK_FALSE(sheet.roles[0].contenders[1].request_form);
    const interop::CastExport cast = interop::export_of(sheet, sources, {});
    CHECK(cast.roles[0].cast.request_form == "tool");
    const base::OrderedJson json = decide::cast_to_json(sheet, {});
    CHECK(json["roles"]["router"]["request_form"] == "tool");
    CHECK(json["roles"]["router"]["runners_up"][0]["skip_schema_enforcement"].is_null());
}

TEST_CASE("what would keep the framework from starting is told") {
    CastExport cast = three_roles();
    cast.roles.erase(cast.roles.begin());
    cast.roles[0].name = "planner";
    const ExportText made = exported("default_llm_config: nobody\n", cast);
    CHECK(has_note(made, "router_specialist is not bound"));
    CHECK(has_note(made, "default_llm_config names no provider"));
    CHECK(has_note(made, "planner: no specialist of this name is known"));
    CHECK(has_note(made, "project_director: the framework asks it with temperature 0"));
    CHECK(made.text.starts_with("default_llm_config: nobody\n"));
}

TEST_CASE("names are letters and digits, one for each that differs") {
    CastExport cast = three_roles();
    cast.roles[0].cast.label = cast.roles[1].cast.label = "日本 ";
    cast.roles[1].cast.model = "other\"\\\n\u2028#";
    cast.roles[2].cast.server->name = "Studio1";
    const ExportText made = format("las").render(cast);
    const YAML::Node root = YAML::Load(made.text);
    CHECK(root["specialist_model_bindings"]["router_specialist"].as<std::string>() == "cast_model");
    CHECK(root["specialist_model_bindings"]["triage_architect"].as<std::string>() == "cast_model_2");
    CHECK(root["llm_providers"]["cast_model_2"]["api_identifier"].as<std::string>() == "other\"\\\n\u2028#");
    CHECK(made.environment.find("studio1=http://192.168.1.1:1234/v1,studio1_2=http://192.168.1.2:1234/v1") !=
          std::string::npos);
    for (const char c : made.text) CHECK_FALSE((c >= 0 && c < ' ' && c != '\n'));
}

TEST_CASE("LiteLLM gets a model per role and its runners-up as fallbacks") {
    const ExportText made = format("litellm").render(three_roles());
    const YAML::Node root = YAML::Load(made.text);
    REQUIRE(root["model_list"].size() == 4);
    const YAML::Node router = root["model_list"][0];
    CHECK(router["model_name"].as<std::string>() == "router_specialist");
    CHECK(router["litellm_params"]["model"].as<std::string>() == "openai/qwen/qwen3-4b");
    CHECK(router["litellm_params"]["api_base"].as<std::string>() == "http://192.168.1.1:1234/v1");
    CHECK(router["litellm_params"]["api_key"].as<std::string>() == "os.environ/STUDIO1_API_KEY");
    CHECK(router["litellm_params"]["temperature"].as<double>() == 0.2);
    CHECK_FALSE(router["litellm_params"]["top_k"]);
    CHECK(has_note(made, "router_specialist: not taken over: top_k 64, min_p 0.05"));
    CHECK(root["model_list"][1]["model_name"].as<std::string>() == "router_specialist_fallback_1");
    CHECK(root["router_settings"]["fallbacks"][0]["router_specialist"][0].as<std::string>() ==
          "router_specialist_fallback_1");
    CHECK(root["router_settings"]["fallbacks"].size() == 1);
    CHECK(made.text.find("secret") == std::string::npos);
}

TEST_CASE("environment lines are names of capitals and quoted values") {
    CastExport cast = three_roles();
    cast.roles[0].name = "1st-röle";
    cast.roles[1].name = "project director";
    cast.roles[1].cast.model = "it's $HOME `x`";
    const ExportText made = format("env").render(cast);
    CHECK(made.text.find("\n_1ST_R_LE_MODEL='qwen/qwen3-4b'\n_1ST_R_LE_BASE_URL='http://192.168.1.1:1234/v1'\n") !=
          std::string::npos);
    CHECK(made.text.find("\nPROJECT_DIRECTOR_MODEL='it'\\''s $HOME `x`'\n") != std::string::npos);
    CHECK(made.text.find("\nPROJECT_DIRECTOR_2_MODEL='b-model'\n") != std::string::npos);
    CHECK(has_note(made, "not taken over: temperature 0.7, max_tokens 2048"));
}

TEST_CASE("an unknown format is named with those that there are") {
    const auto found = interop::find_export_format("yaml");
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().message == "\"yaml\" is no format; there are las, litellm and env");
}

TEST_CASE("the preflight finds what a server does not have, and refuses nothing") {
    const auto looked = [](ExportedRole role, std::shared_ptr<const openai::Manifest> manifest,
                           std::string error = {}) {
        CastExport cast{{std::move(role)}};
        const session::Server server = *cast.roles[0].cast.server;
        interop::look_at_servers(cast,
                                 std::vector<interop::ServerState>{{server, std::move(manifest), std::move(error)}});
        return cast.roles[0];
    };
    const auto with = [](openai::ModelInfo info) {
        openai::Manifest manifest;
        manifest.models = {std::move(info)};
        return std::make_shared<const openai::Manifest>(std::move(manifest));
    };
    ExportedRole role = three_roles().roles[0];
    role.needs = {
        .context_tokens = 5000, .requests = 30, .requests_over_time = 2, .time_limit_s = 120, .uses_tools = true};
    const std::string late = "2 of 30 requests took longer than the suite's 120 s";
    using Findings = std::vector<std::string>;
    CHECK(looked(role, nullptr, "refused the connection").findings ==
          Findings{late,
                   "studio1 (http://192.168.1.1:1234) refused the connection: whether it has qwen/qwen3-4b is not "
                   "known"});
    role.needs.requests_over_time = 0;
    CHECK(looked(role, with({.id = "other"})).findings == Findings{"studio1 does not have qwen/qwen3-4b"});
    const auto small = looked(role, with({.id = "qwen/qwen3-4b", .context_length = 4096, .calls_tools = false}));
    REQUIRE(small.findings.size() == 2);
    CHECK(small.findings[0].starts_with(
        "studio1 has qwen/qwen3-4b with a context of 4096 tokens, and the role needs 5000"));
    CHECK(small.findings[1].find("does not call tools") != std::string::npos);
    CHECK(small.cast.context_length == 4096);
    CHECK(looked(role, with({.id = "qwen/qwen3-4b", .context_length = 8192, .calls_tools = true})).findings.empty());
    role.name = "image_specialist";
    CHECK(looked(role, with({.id = "qwen/qwen3-4b", .context_length = 8192, .takes_images = false})).findings.size() ==
          1);
    role.cast.server.reset();
    CastExport cast{{role}};
    interop::look_at_servers(cast, {});
    CHECK(cast.roles[0].findings.size() == 1);
    CHECK(interop::servers_of(cast).empty());
}
