#include "base/file.h"
#include "config/config.h"
#include "version.h"

namespace llmc::config {
namespace {

using base::OrderedJson;
namespace fs = std::filesystem;

// As a person would write it: the home folder (the documents folder's parent) as "~".
std::string written_path(const fs::path& path, const Folders& folders) {
    const fs::path home = folders.documents.parent_path().parent_path();
    const fs::path below = path.lexically_relative(home);
    const bool is_below = !home.empty() && !below.empty() && *below.begin() != ".." && below != ".";
    return is_below ? (fs::path("~") / below).string() : path.string();
}

// Without a port where none was given: such an address is also tried with the usual port.
std::string written_url(const net::BaseUrl& url) {
    std::string text = url.text();
    if (url.has_explicit_port()) return text;
    const std::string port = ':' + std::to_string(url.port());
    return text.erase(url.origin().size() - port.size(), port.size());
}

// Adds the members that a newer version's file had at `group`/`name` (see Config::unknown).
void add_unknown(OrderedJson& object, const OrderedJson& unknown, const std::string& group, const std::string& name) {
    if (!unknown.is_object() || !unknown.contains(group) || !unknown[group].contains(name)) return;
    for (const auto& [key, value] : unknown[group][name].items()) object[key] = value;
}

OrderedJson server_json(const session::Server& server, const Config& config, const Folders& folders) {
    OrderedJson object = {{"url", written_url(server.url)}};
    if (!server.name.empty()) object["name"] = server.name;
    if (!server.api_key_env.empty()) object["api_key_env"] = server.api_key_env;
    if (server.max_concurrent != 1) object["max_concurrent"] = server.max_concurrent;
    if (!server.ca_file.empty()) object["ca_file"] = written_path(server.ca_file, folders);
    add_unknown(object, config.unknown, "servers", server.label());
    return object.size() == 1 ? object["url"] : object;
}

OrderedJson model_json(const session::Candidate& candidate, const Config& config) {
    OrderedJson object = {{"model_id", candidate.model_id}};
    const session::Overrides& own = candidate.own;
    if (!candidate.display_name.empty()) object["display_name"] = candidate.display_name;
    if (!candidate.server.empty()) object["server"] = candidate.server;
    for (const session::Setting& setting : session::all_settings()) {
        const OrderedJson value = session::value_of(setting, own);
        if (!value.is_null() || own.leaves(setting.key)) object[setting.key] = value;
    }
    if (own.system_prompt) object["system_prompt"] = *own.system_prompt;
    if (!own.extra_body.is_null()) object["extra_body"] = OrderedJson(own.extra_body);
    add_unknown(object, config.unknown, "models", candidate.name());
    return object.size() == 1 ? object["model_id"] : object;
}

OrderedJson judge_json(const JudgeModel& judge, const Config& config) {
    OrderedJson object = {{"model_id", judge.model_id}};
    if (!judge.display_name.empty()) object["display_name"] = judge.display_name;
    if (!judge.server.empty()) object["server"] = judge.server;
    add_unknown(object, config.unknown, "judges", judge.model_id);
    return object;
}

}  // namespace

std::string to_text(const Config& config, const Folders& folders) {
    const session::Settings& settings = config.settings;
    OrderedJson root;
    root["version"] = config.unknown.is_object() ? config.unknown["version"] : OrderedJson(kVersion);
    root["servers"] = OrderedJson::array();
    for (const auto& server : config.servers) root["servers"].push_back(server_json(server, config, folders));
    root["models"] = OrderedJson::array();
    for (const auto& candidate : config.candidates)
        if (!candidate.is_removed) root["models"].push_back(model_json(candidate, config));
    for (const JudgeModel& judge : config.judges) root["judges"].push_back(judge_json(judge, config));
    const session::Settings usual;
    for (const session::Setting& setting : session::all_settings()) {
        const OrderedJson value = session::value_of(setting, settings);
        if (!setting.is_own() || value != session::value_of(setting, usual) || !value.is_null())
            root[setting.key] = value;
    }
    if (config.has_system_prompt) root["system_prompt"] = settings.system_prompt;
    root["system_prompt_file"] = nullptr;
    if (config.system_prompt_file) root["system_prompt_file"] = written_path(*config.system_prompt_file, folders);
    root["report_folder"] = written_path(config.report_folder, folders);
    root["journal"] = config.journal;
    if (config.unknown.is_object() && config.unknown.contains("keys"))
        for (const auto& [key, value] : config.unknown["keys"].items()) root[key] = value;
    return base::dump_json(root, 2) + "\n";
}

}  // namespace llmc::config
