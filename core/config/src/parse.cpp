#include <algorithm>
#include <limits>
#include <unordered_set>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "config/config.h"
#include "openai/chat_request.h"
#include "version.h"

namespace llmc::config {
namespace {

using base::FieldReader;
using base::JsonFile;
using base::Null;
using base::OrderedJson;

constexpr std::int64_t kMaxConcurrent = 300;  // requests in flight (product.md section 5)
constexpr std::size_t kMaxServers = 1000;

// What parse() knows beside the file.
struct Context {
    JsonFile& file;
    std::filesystem::path folder;  // of the file: relative paths in it start here
    const Environment& environment;
    const base::Json& keys;

    std::filesystem::path resolve(const std::string& path) const { return folder / expand_home(path, environment); }
};

// Where people put an API key that has no place in the file.
bool is_api_key(std::string_view key) {
    return key == "api_key" || key == "apiKey" || key == "api-key" || key == "apikey" || key == "key" || key == "token";
}

std::string element(const std::string& list, std::size_t index) {
    return fmt::format("/{}/{}", list, index);
}

// The environment variable that holds a server's key; never quoted where it looks wrong, since it may be a key put in
// the wrong place.
bool is_variable_name(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits) && !(text[0] >= '0' && text[0] <= '9');
}

void find_api_key(const Context& context, session::Server& server, std::vector<std::string>& notes) {
    const auto value = server.api_key_env.empty() ? std::nullopt : context.environment(server.api_key_env);
    if (value && !value->empty()) {
        server.api_key = *value;
        return;
    }
    for (const auto& [name, key] : context.keys.items())
        if (key.is_string() && session::names_server(name, server)) server.api_key = key.get<std::string>();
    if (!server.api_key_env.empty() && server.api_key.empty()) {
        notes.push_back(fmt::format("The environment variable {} is {}: requests to {} go without an API key.",
                                    server.api_key_env, value ? "empty" : "not set", server.label()));
    }
}

std::optional<session::Server> read_server(const Context& context, const OrderedJson& value, const std::string& pointer,
                                           OrderedJson& kept) {
    const bool is_text = value.is_string();
    OrderedJson object;
    if (is_text) object["url"] = value;
    FieldReader fields(context.file, is_text ? object : value, pointer);
    const auto address = fields.text("url");
    if (!address) {
        context.file.fail(pointer, "needs a \"url\"");
        return std::nullopt;
    }
    auto url = net::BaseUrl::parse(*address);
    if (!url) {
        context.file.fail(is_text ? pointer : fields.pointer("url"), url.error().message);
        return std::nullopt;
    }
    session::Server server{.url = *url};
    server.name = fields.text("name", Null::is_absent).value_or("");
    server.api_key_env = fields.text("api_key_env", Null::is_absent).value_or("");
    if (!server.api_key_env.empty() && !is_variable_name(server.api_key_env)) {
        fields.fail("api_key_env",
                    "must be the name of an environment variable (letters, digits, _) that holds the key, not a key");
    }
    if (const auto count = fields.integer("max_concurrent")) {
        if (*count < 1 || *count > kMaxConcurrent)
            fields.fail("max_concurrent", fmt::format("{} is out of range: 1 to {}", *count, kMaxConcurrent));
        server.max_concurrent = static_cast<int>(std::clamp<std::int64_t>(*count, 1, kMaxConcurrent));
    }
    if (const auto path = fields.text("ca_file", Null::is_absent)) server.ca_file = context.resolve(*path).string();
    if (OrderedJson unknown = fields.finish(); !unknown.is_null()) kept[server.label()] = std::move(unknown);
    return server;
}

session::Candidate read_model(const Context& context, const OrderedJson& value, const std::string& pointer,
                              OrderedJson& kept) {
    session::Candidate candidate;
    if (value.is_string()) {
        candidate.model_id = value.get<std::string>();
        if (candidate.model_id.empty()) context.file.fail(pointer, "must not be empty");
        return candidate;
    }
    FieldReader fields(context.file, value, pointer);
    candidate.model_id = fields.text("model_id").value_or("");
    if (candidate.model_id.empty()) context.file.fail(pointer, "needs a \"model_id\"");
    candidate.display_name = fields.text("display_name", Null::is_absent).value_or("");
    candidate.server = fields.text("server", Null::is_absent).value_or("");

    session::Overrides& own = candidate.own;
    session::read_settings(fields, own);
    own.system_prompt = fields.text_or_empty("system_prompt", Null::is_absent);  // "" for none at all
    if (const OrderedJson* body = fields.find("extra_body"); body != nullptr && !body->is_null()) {
        own.extra_body = base::Json(*body);
        if (!body->is_object()) {
            fields.fail("extra_body", "must be an object: its members are added to the request");
        } else if (const auto forbidden = openai::forbidden_extra_body_keys(own.extra_body); !forbidden.empty()) {
            context.file.fail(fields.pointer("extra_body") + '/' + forbidden.front(),
                              "may not be set here: model, messages and stream belong to the program");
        }
    }
    if (OrderedJson unknown = fields.finish(); !unknown.is_null()) kept[candidate.name()] = std::move(unknown);
    return candidate;
}

void read_servers(const Context& context, const OrderedJson& list, Config& config, OrderedJson& kept) {
    if (list.size() > kMaxServers) {
        context.file.fail("/servers", fmt::format("has {} servers; {} is the limit", list.size(), kMaxServers));
        return;
    }
    std::unordered_set<std::string> labels;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto server = read_server(context, list[i], element("servers", i), kept);
        if (!server) return;
        if (!labels.insert(server->label()).second) {
            context.file.fail(
                element("servers", i),
                fmt::format("another server is called \"{}\" already: each needs a name of its own (\"name\")",
                            server->label()));
        }
        find_api_key(context, *server, config.notes);
        config.servers.push_back(std::move(*server));
    }
}

// `pin` has to be one of the configured servers.
void check_pin(const Context& context, const std::string& pin, const std::string& pointer, const Config& config) {
    const auto is_meant = [&](const session::Server& server) { return session::names_server(pin, server); };
    if (pin.empty() || std::any_of(config.servers.begin(), config.servers.end(), is_meant)) return;
    std::string names;
    for (const auto& server : config.servers) names += (names.empty() ? "" : ", ") + server.label();
    context.file.fail(pointer, fmt::format("no configured server is called \"{}\" (there {})", pin,
                                           names.empty() ? "are none" : "is: " + names));
}

void read_models(const Context& context, const OrderedJson& list, Config& config, OrderedJson& kept) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto candidate = read_model(context, list[i], element("models", i), kept);
        check_pin(context, candidate.server, element("models", i) + "/server", config);
        config.candidates.push_back(std::move(candidate));
    }
}

void read_judges(const Context& context, const OrderedJson& list, Config& config, OrderedJson& kept) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        FieldReader fields(context.file, list[i], element("judges", i));
        JudgeModel judge;
        judge.model_id = fields.text("model_id").value_or("");
        if (judge.model_id.empty()) context.file.fail(element("judges", i), "needs a \"model_id\"");
        judge.display_name = fields.text("display_name", Null::is_absent).value_or("");
        judge.server = fields.text("server", Null::is_absent).value_or("");
        check_pin(context, judge.server, element("judges", i) + "/server", config);
        if (OrderedJson unknown = fields.finish(); !unknown.is_null()) kept[judge.model_id] = std::move(unknown);
        config.judges.push_back(std::move(judge));
    }
}

void read_settings(FieldReader& fields, Config& config) {
    session::read_settings(fields, config.settings);
    if (const auto text = fields.text_or_empty("system_prompt", Null::is_absent)) {
        config.settings.system_prompt = *text;
        config.has_system_prompt = true;
    }
}

}  // namespace

Config defaults(const Folders& folders) {
    Config config;
    config.report_folder = folders.documents;
    return config;
}

Result<Config> parse(std::string_view text, const std::filesystem::path& path, const Folders& folders,
                     const Environment& environment, const base::Json& keys) {
    auto file = JsonFile::parse(text, path);
    if (!file) return file.error();
    // Refused whatever the file's version is, and never quoted.
    file->refuse_keys(is_api_key,
                      "API keys do not belong in this file. Put the key into an environment variable and name that "
                      "variable in \"api_key_env\", or into keys.json beside this file");
    std::error_code unknown;
    const Context context{.file = *file,
                          .folder = std::filesystem::absolute(path, unknown).parent_path(),
                          .environment = environment,
                          .keys = keys};
    Config config = defaults(folders);
    OrderedJson kept_in_servers, kept_in_models, kept_in_judges;

    FieldReader fields(*file, file->root(), "");
    const std::int64_t version = fields.integer("version").value_or(kVersion);
    if (version < 1) fields.fail("version", "must be 1 or more");
    if (version > kVersion) file->keep_unknown_keys();
    if (const OrderedJson* servers = fields.list("servers")) read_servers(context, *servers, config, kept_in_servers);
    if (const OrderedJson* models = fields.list("models")) read_models(context, *models, config, kept_in_models);
    if (const OrderedJson* judges = fields.list("judges")) read_judges(context, *judges, config, kept_in_judges);
    read_settings(fields, config);
    if (const auto value = fields.text("system_prompt_file", Null::is_absent))
        config.system_prompt_file = context.resolve(*value);
    if (const auto value = fields.text("report_folder")) config.report_folder = context.resolve(*value);
    config.journal = fields.flag("journal").value_or(config.journal);
    OrderedJson kept = fields.finish();
    if (file->error()) return *file->error();

    if (version > kVersion) {
        config.unknown["version"] = version;
        if (!kept.is_null()) config.unknown["keys"] = std::move(kept);
        if (!kept_in_servers.is_null()) config.unknown["servers"] = std::move(kept_in_servers);
        if (!kept_in_models.is_null()) config.unknown["models"] = std::move(kept_in_models);
        if (!kept_in_judges.is_null()) config.unknown["judges"] = std::move(kept_in_judges);
        if (!file->kept_keys.empty()) {
            config.notes.push_back(
                fmt::format("{} is of version {}; this program knows version {}. Kept without being used: {}.",
                            path.string(), version, kVersion, fmt::join(file->kept_keys, ", ")));
        }
    }
    return config;
}

}  // namespace llmc::config
