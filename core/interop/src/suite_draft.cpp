#include "suite_draft.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "check/checks.h"
#include "interop/import.h"
#include "suite/suite.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

// What the suite's reader says, without the place in a suite that nobody has seen.
std::string without_place(std::string_view message) {
    for (const std::string_view begin : {"suite:", "check:"}) {
        if (!message.starts_with(begin)) continue;
        const auto end = message.find(": ");
        if (end != std::string_view::npos) message.remove_prefix(end + 2);
    }
    for (const std::string_view begin : {"prompts[0].", "prompts[0]: "})
        if (message.starts_with(begin)) message.remove_prefix(begin.size());
    return std::string(message);
}

// The prompt as a suite holds it, with the checks that compile.
OrderedJson prompt_json(const Prompt& prompt, bool has_one_system, const std::string& id, Notes& notes) {
    OrderedJson json = OrderedJson::object();
    json["id"] = id;
    OrderedJson messages = prompt.json.value("messages", OrderedJson::array());
    if (prompt.system && !prompt.system->empty() && !has_one_system)
        messages.insert(messages.begin(), OrderedJson{{"role", "system"}, {"content", *prompt.system}});
    if (!messages.empty()) json["messages"] = std::move(messages);
    for (const auto& [key, value] : prompt.json.items())
        if (key != "messages") json[key] = value;
    OrderedJson checks = OrderedJson::array();
    for (std::size_t i = 0; i < prompt.checks.size(); ++i) {
        const auto parsed = check::parse_check(prompt.checks[i]);
        if (parsed)
            checks.push_back(prompt.checks[i]);
        else
            notes.add(prompt.check_places[i],
                      fmt::format("no check can be made of it: {}", without_place(parsed.error().message)));
    }
    if (!checks.empty()) json["checks"] = std::move(checks);
    return json;
}

// The prompt without what the suite's reader refuses; null where nothing is left. It is read in a suite of its own: with
// all that ours says of itself, a long description would be read as often as there are prompts.
OrderedJson readable(OrderedJson json, const Prompt& prompt, Notes& notes) {
    const auto refusal = [](const OrderedJson& one) -> std::string {
        const auto read = suite::suite_from_json(
            {{"format", suite::kSuiteFormat}, {"version", 1}, {"name", "one"}, {"prompts", OrderedJson::array({one})}});
        return read ? std::string() : without_place(read.error().message);
    };
    const std::string why = refusal(json);
    if (why.empty()) return json;
    if (!json.contains("checks")) {
        notes.add(prompt.place, fmt::format("no prompt can be made of it: {}", why));
        return nullptr;
    }
    const OrderedJson checks = json["checks"];
    json.erase("checks");
    if (const std::string still = refusal(json); !still.empty()) {
        notes.add(prompt.place, fmt::format("no prompt can be made of it: {}", still));
        return nullptr;
    }
    OrderedJson kept = OrderedJson::array();
    for (const OrderedJson& check : checks) {
        json["checks"] = OrderedJson::array({check});
        if (const std::string wrong = refusal(json); wrong.empty())
            kept.push_back(check);
        else
            notes.add(prompt.place, fmt::format("no check can be made of it: {}", wrong));
    }
    json.erase("checks");
    if (!kept.empty()) json["checks"] = std::move(kept);
    return json;
}

}  // namespace

void SuiteDraft::Prompt::check(OrderedJson json_of_check, const Place& from) {
    constexpr std::size_t kLookedAt = 64;  // so many have no doubles
    if (checks.size() < kLookedAt && std::ranges::find(checks, json_of_check) != checks.end()) return;
    checks.push_back(std::move(json_of_check));
    check_places.push_back(from);
}

void SuiteDraft::Prompt::offer(OrderedJson list_of_tools) {
    for (const OrderedJson& tool : list_of_tools) offered.insert(tool["function"]["name"].get<std::string>());
    json["tools"] = std::move(list_of_tools);
}

bool SuiteDraft::has_one_system() const {
    const auto is_first = [&](const Prompt& prompt) {
        return prompt.system && !prompt.system->empty() && prompt.system == prompts_.front().system;
    };
    return !prompts_.empty() && std::ranges::all_of(prompts_, is_first);
}

OrderedJson SuiteDraft::head(bool has_one_system) const {
    OrderedJson json = {{"format", suite::kSuiteFormat}, {"version", 1}, {"name", name}};
    if (!role.empty()) json["role"] = role;
    if (!description.empty()) json["description"] = description;
    if (has_one_system)
        json["system_prompt"] = *prompts_.front().system;
    else if (system)
        json["system_prompt"] = *system;
    return json;
}

Result<OrderedJson> SuiteDraft::finish(Notes& notes) const {
    if (prompts_.size() > suite::kMaxTasks)
        return Error{ErrorKind::limit, fmt::format("{}: {} prompts are more than {}", prompts_.front().place.file,
                                                   prompts_.size(), suite::kMaxTasks)};
    const bool is_one = has_one_system();
    OrderedJson prompts = OrderedJson::array();
    std::set<std::string> ids;
    std::map<std::string, int> next_number;  // of an id that stands there more than once
    for (const Prompt& prompt : prompts_) {
        const std::string wanted = prompt.id.empty() ? std::to_string(prompts.size() + 1) : prompt.id;
        std::string id = wanted;
        for (int& number = next_number.try_emplace(wanted, 2).first->second; ids.contains(id); ++number)
            id = fmt::format("{} ({})", wanted, number);
        if (id != wanted && !prompt.id.empty())
            notes.add(prompt.place, fmt::format("the id \"{}\" stands there once more: it is \"{}\" now", wanted, id));
        OrderedJson json = readable(prompt_json(prompt, is_one, id, notes), prompt, notes);
        if (json.is_null()) continue;
        ids.insert(id);
        prompts.push_back(std::move(json));
    }
    const std::string file = prompts_.empty() ? source : prompts_.front().place.file;
    if (prompts.empty()) {
        // The first thing that went wrong is why there was never one, the last why none is left.
        const auto& all = notes.all();
        const NotTaken* why = all.empty() ? nullptr : prompts_.empty() ? &all.front() : &all.back();
        const std::string at = why == nullptr || why->place.empty() ? std::string() : why->place + ": ";
        return Error{ErrorKind::parse, base::for_terminal_line(fmt::format("{}: no prompt is left: {}{}", file, at,
                                                                           why ? why->what : "it holds none"))};
    }
    OrderedJson document = head(is_one);
    document["prompts"] = std::move(prompts);
    const auto whole = suite::suite_from_json(document);
    if (!whole) return Error{whole.error().kind, fmt::format("{}: {}", file, whole.error().message)};
    if (suite_text(document).size() > suite::kMaxSuiteFile)
        return Error{ErrorKind::limit,
                     fmt::format("{}: the suite would be larger than {} MiB", file, suite::kMaxSuiteFile >> 20)};
    return document;
}

}  // namespace llmc::interop
