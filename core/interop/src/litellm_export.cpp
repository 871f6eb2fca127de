// LiteLLM's config.yaml: a model_name for each role, those of the runners-up as its fallbacks.
#include <array>

#include <fmt/format.h>

#include "export_parts.h"
#include "interop/yaml_edit.h"
#include "yaml_values.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;

constexpr std::array<std::string_view, 7> kLiteLlmKnows{
    "temperature", "top_p", "max_tokens", "seed", "stop", "presence_penalty", "frequency_penalty"};

// The name of a variable only: keys are nowhere in what is written.
std::string key_variable(const ExportedModel& model) {
    if (!model.server) return "LOCAL_API_KEY";
    if (!model.server->api_key_env.empty()) return model.server->api_key_env;
    return variable_slug(model.server->label(), "local", "SERVER_") + "_API_KEY";
}

std::string model_entry(const std::string& name, const ExportedModel& model) {
    std::string entry = fmt::format("  - model_name: {}\n    litellm_params:\n", yaml_text(name));
    entry += fmt::format("      model: {}\n", yaml_text("openai/" + model.model));
    if (const std::string url = base_url(model); !url.empty())
        entry += fmt::format("      api_base: {}\n", yaml_text(url));
    entry += fmt::format("      api_key: {}\n", yaml_text("os.environ/" + key_variable(model)));
    const OrderedJson settings = known_settings(model, kLiteLlmKnows);
    for (const auto& [key, value] : settings.items()) entry += fmt::format("      {}: {}\n", key, yaml_token(value));
    return entry;
}

}  // namespace

ExportText render_litellm(const CastExport& cast) {
    ExportText out;
    std::vector<std::string> taken;
    for (const ExportedRole& role : cast.roles) taken.push_back(role.name);
    OrderedJson fallbacks = OrderedJson::array();
    out.text = own_comment("each api_key names an environment variable; any text will do where a server wants no key") +
               "\nmodel_list:\n";
    for (const ExportedRole& role : cast.roles) {
        for (const std::string& comment : role_comments(role, kLiteLlmKnows))
            out.text += "  " + own_comment(comment) + '\n';
        out.text += model_entry(role.name, role.cast);
        OrderedJson names = OrderedJson::array();
        for (const ExportedModel& other : role.runners_up) {
            const std::string name = unique_name(fmt::format("{}_fallback_{}", role.name, names.size() + 1), taken);
            out.text += model_entry(name, other);
            names.push_back(name);
        }
        if (!names.empty()) {
            OrderedJson fallback = OrderedJson::object();
            fallback[role.name] = std::move(names);
            fallbacks.push_back(std::move(fallback));
        }
        add_notes(role, kLiteLlmKnows, out.notes);
    }
    if (fallbacks.empty()) return out;
    out.text += "router_settings:\n  fallbacks:\n";
    for (const OrderedJson& fallback : fallbacks)
        for (const auto& [role, names] : fallback.items())
            out.text += fmt::format("    - {}: {}\n", yaml_key(role), yaml_token(names));
    return out;
}

}  // namespace llmc::interop
