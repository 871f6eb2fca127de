// user_settings.yaml of langgraph-agentic-scaffold, and the line of its .env that names the servers.
//
// What it takes: a provider has `type` "local", `server` (a name in LOCAL_INFERENCE_SERVERS), `api_identifier`,
// `skip_schema_enforcement`, `context_window`, `parameters`; what stands in `parameters` and is not known becomes an
// argument of its OpenAI client, which would refuse it. It does not start where `default_llm_config` names no provider
// or `router_specialist` is not bound. Providers that we write are called cast_…; only those are ours.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text_file.h"
#include "export_parts.h"
#include "interop/yaml_edit.h"
#include "yaml_values.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;

constexpr const char* kProviders = "llm_providers";
constexpr const char* kBindings = "specialist_model_bindings";
constexpr const char* kDefault = "default_llm_config";
constexpr std::string_view kOwned = "cast_";
constexpr std::array<std::string_view, 8> kLasKnows{
    "temperature", "max_tokens", "top_p", "top_k", "seed", "stop", "frequency_penalty", "presence_penalty"};
// Those that its own documents name; others are warned about when it starts.
constexpr std::array<std::string_view, 21> kSpecialists{"router_specialist",
                                                        "triage_architect",
                                                        "systems_architect",
                                                        "batch_processor_specialist",
                                                        "web_builder",
                                                        "prompt_specialist",
                                                        "prompt_triage_specialist",
                                                        "project_director",
                                                        "exit_interview_specialist",
                                                        "chat_specialist",
                                                        "default_responder_specialist",
                                                        "summarizer_specialist",
                                                        "image_specialist",
                                                        "open_interpreter_specialist",
                                                        "end_specialist",
                                                        "progenitor_alpha_specialist",
                                                        "progenitor_bravo_specialist",
                                                        "tiered_synthesizer_specialist",
                                                        "distillation_prompt_expander_specialist",
                                                        "distillation_response_collector_specialist",
                                                        "text_analysis"};
// It asks these with temperature 0 and 2048 tokens at most, whatever stands in the settings.
constexpr std::array<std::string_view, 2> kLoopRoles{"project_director", "exit_interview_specialist"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// The servers of a cast under the names that the .env gives them.
class ServerNames {
public:
    std::string of(const session::Server& server) {
        for (const auto& [url, name] : names_)
            if (url == server.url) return name;
        names_.emplace_back(server.url, unique_name(slug(server.label(), "server"), taken_));
        return names_.back().second;
    }

    std::string environment() const {
        if (names_.empty()) return {};
        std::string list;
        for (const auto& [url, name] : names_)
            list +=
                fmt::format("{}{}={}", list.empty() ? "" : ",", name, quotable_url(url.origin() + url.openai_path("")));
        return own_comment(
                   "for the .env of langgraph-agentic-scaffold; servers that it names already have to stay in "
                   "the list") +
               fmt::format("\nLOCAL_INFERENCE_SERVERS=\"{}\"\n", list);
    }

private:
    std::vector<std::pair<net::BaseUrl, std::string>> names_;
    std::vector<std::string> taken_;
};

// null for what is not to be there.
OrderedJson provider_of(const ExportedModel& model, ServerNames& servers) {
    OrderedJson provider;
    provider["type"] = "local";
    provider["server"] = model.server ? OrderedJson(servers.of(*model.server)) : OrderedJson();
    provider["api_identifier"] = model.model;
    if (model.skip_schema_enforcement) provider["skip_schema_enforcement"] = *model.skip_schema_enforcement;
    provider["context_window"] = model.context_length ? OrderedJson(*model.context_length) : OrderedJson();
    OrderedJson parameters = known_settings(model, kLasKnows);
    provider["parameters"] = parameters.empty() ? OrderedJson() : std::move(parameters);
    return provider;
}

// As a change of a provider that is there: parameters that we know are ours, others stay.
OrderedJson change_of(const YamlTree& there, OrderedJson provider) {
    const YamlTree* parameters = there.find("parameters");
    if (!parameters || !parameters->is_mapping()) return provider;
    OrderedJson& wanted = provider["parameters"];
    const bool has_others = std::any_of(parameters->members.begin(), parameters->members.end(),
                                        [](const auto& member) { return !is_one_of(kLasKnows, member.key.text); });
    if (wanted.is_null() && !has_others) return provider;
    if (wanted.is_null()) wanted = OrderedJson::object();
    for (const std::string_view key : kLasKnows)
        if (!wanted.contains(key)) wanted[std::string(key)] = nullptr;
    return provider;
}

std::size_t times_named(const YamlTree& tree, std::string_view text) {
    std::size_t times = tree.kind == YamlTree::Kind::scalar && tree.text == text;
    for (const YamlTree& item : tree.items) times += times_named(item, text);
    for (const auto& [key, value] : tree.members) times += times_named(value, text);
    return times;
}

class LasEdit {
public:
    LasEdit(const CastExport& cast, const YamlTree& settings) : cast_(cast), settings_(settings) {
        if (const YamlTree* found = settings.find(kProviders)) providers_ = *found;
        if (const YamlTree* found = settings.find(kBindings)) bindings_ = *found;
    }

    std::vector<YamlChange> changes() {
        std::vector<YamlChange> bindings;
        for (const ExportedRole& role : cast_.roles) {
            const std::string key = provider_key(role.cast);
            bindings.push_back({{kBindings, role.name}, key, role_comments(role, kLasKnows)});
        }
        std::vector<YamlChange> all;
        for (const auto& [key, provider] : used_) {
            const YamlTree* there = providers_.find(key);
            all.push_back({{kProviders, key}, there ? change_of(*there, provider) : provider});
        }
        all.insert(all.end(), std::make_move_iterator(bindings.begin()), std::make_move_iterator(bindings.end()));
        for (const auto& [key, value] : providers_.members)
            if (key.text.starts_with(kOwned) && !is_used(key.text) && !is_named_elsewhere(key.text))
                all.push_back({{kProviders, key.text}, {}});
        return all;
    }

    std::string environment() const { return servers_.environment(); }

private:
    // cast_LABEL: one for all roles whose candidates are the same in everything. A name that a binding has which stays
    // as it is, is not given to another provider.
    std::string provider_key(const ExportedModel& model) {
        const OrderedJson provider = provider_of(model, servers_);
        const std::string name = std::string(kOwned) + slug(model.label, "model");
        for (int number = 1;; ++number) {
            const std::string key = number == 1 ? name : fmt::format("{}_{}", name, number);
            const auto known =
                std::find_if(used_.begin(), used_.end(), [&](const auto& one) { return one.first == key; });
            if (known != used_.end() && known->second == provider) return key;
            if (known != used_.end()) continue;
            const YamlTree* there = providers_.find(key);
            if (there && is_bound_elsewhere(key) && !is_read_as(*there, change_of(*there, provider))) continue;
            used_.emplace_back(key, provider);
            return key;
        }
    }

    bool is_role(std::string_view name) const {
        return std::any_of(cast_.roles.begin(), cast_.roles.end(),
                           [name](const ExportedRole& role) { return role.name == name; });
    }
    bool is_used(std::string_view key) const {
        return std::any_of(used_.begin(), used_.end(), [key](const auto& one) { return one.first == key; });
    }
    bool is_bound_elsewhere(std::string_view key) const {
        return std::any_of(bindings_.members.begin(), bindings_.members.end(), [&](const auto& binding) {
            return binding.value.text == key && !is_role(binding.key.text);
        });
    }
    // Anywhere in the file but in what is replaced.
    bool is_named_elsewhere(std::string_view key) const {
        std::size_t times = times_named(settings_, key);
        if (const YamlTree* own = providers_.find(key)) times -= times_named(*own, key);
        for (const auto& [role, value] : bindings_.members)
            if (is_role(role.text)) times -= times_named(value, key);
        return times > 0;
    }

    const CastExport& cast_;
    const YamlTree& settings_;
    YamlTree providers_, bindings_;
    ServerNames servers_;
    std::vector<std::pair<std::string, OrderedJson>> used_;
};

// What would keep it from starting, or is not as it was auditioned.
void add_las_notes(const YamlTree& before, const YamlTree& after, const CastExport& cast,
                   std::vector<std::string>& notes) {
    const YamlTree* bindings = after.find(kBindings);
    if (!bindings || !bindings->find("router_specialist"))
        notes.emplace_back("router_specialist is not bound: the framework does not start without it");
    const YamlTree *chosen = after.find(kDefault), *providers = after.find(kProviders);
    if (!chosen || !providers || !providers->find(chosen->text))
        notes.push_back(fmt::format("{} names no provider: the framework does not start without one", kDefault));
    const YamlTree* bound_before = before.find(kBindings);
    for (const ExportedRole& role : cast.roles) {
        if (!is_one_of(kSpecialists, role.name) && !(bound_before && bound_before->find(role.name)))
            notes.push_back(
                fmt::format("{}: no specialist of this name is known here; the framework warns of one that it "
                            "does not have",
                            role.name));
        if (is_one_of(kLoopRoles, role.name))
            notes.push_back(
                fmt::format("{}: the framework asks it with temperature 0 and at most 2048 tokens, whatever "
                            "the settings say",
                            role.name));
    }
}

// What an edit goes out from where there is no file yet.
std::string empty_settings(const CastExport& cast) {
    const auto router = std::find_if(cast.roles.begin(), cast.roles.end(),
                                     [](const ExportedRole& role) { return role.name == "router_specialist"; });
    const ExportedRole& chosen = router == cast.roles.end() ? cast.roles.front() : *router;
    const YamlTree none;
    LasEdit edit(cast, none);
    std::string key;
    for (const YamlChange& change : edit.changes())
        if (change.path == std::vector<std::string>{kBindings, chosen.name}) key = change.value.get<std::string>();
    return own_comment("providers and bindings for user_settings.yaml of langgraph-agentic-scaffold") +
           fmt::format("\n{}:\n\n{}:\n\n{}: {}\n", kProviders, kBindings, kDefault, yaml_text(key));
}

}  // namespace

Result<ExportText> edit_las(std::string_view text, const CastExport& cast) {
    const auto before = read_yaml_tree(std::string(base::without_byte_order_mark(text)));
    if (!before) return before.error();
    LasEdit edit(cast, *before);
    auto edited = edit_yaml(text, edit.changes());
    if (!edited) return edited.error();
    ExportText out{.text = std::move(*edited), .environment = edit.environment()};
    const auto after = read_yaml_tree(std::string(base::without_byte_order_mark(out.text)));
    if (!after) return after.error();
    for (const ExportedRole& role : cast.roles) add_notes(role, kLasKnows, out.notes);
    add_las_notes(*before, *after, cast, out.notes);
    return out;
}

ExportText render_las(const CastExport& cast) {
    auto text = edit_las(empty_settings(cast), cast);
    if (text) return std::move(*text);
    return {.notes = {"the settings could not be written: " + text.error().message}};
}

}  // namespace llmc::interop
