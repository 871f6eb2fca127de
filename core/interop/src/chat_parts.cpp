#include "chat_parts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "import_document.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

class MessagesTaker {
public:
    MessagesTaker(const Place& place, Notes& notes) : place_(place), notes_(notes) {}

    OrderedJson take(const OrderedJson& list) {
        OrderedJson taken = OrderedJson::array();
        for (std::size_t i = 0; i < list.size(); ++i) {
            OrderedJson message = take_one(list[i], place_[i]);
            if (!message.is_null()) taken.push_back(std::move(message));
        }
        return taken;
    }

private:
    static std::string role_of(const std::string& word) {
        if (word == "developer") return "system";
        if (word == "human") return "user";
        if (word == "model" || word == "ai" || word == "gpt") return "assistant";
        return word == "function" ? "tool" : word;
    }

    OrderedJson take_one(const OrderedJson& value, const Place& place) {
        Members members(value, place, notes_);
        const auto word = members.text("role");
        const std::string role = role_of(word.value_or(""));
        OrderedJson message = {{"role", role}};
        if (role != "system" && role != "user" && role != "assistant" && role != "tool") {
            notes_.add(place, fmt::format("a message of the role \"{}\"", word.value_or("")));
            return nullptr;
        }
        const OrderedJson* content = members.find("content");
        std::string text = content ? content_of(*content, place / "content") : std::string();
        OrderedJson calls = role == "assistant" ? calls_of(members) : OrderedJson::array();
        if (role == "tool") {
            if (word == "function") members.find("name");
            const auto id = members.text("tool_call_id");
            message["tool_call_id"] = id ? *id : next_pending();
        }
        if (calls.empty() || !text.empty()) message["content"] = std::move(text);
        if (!calls.empty()) message["tool_calls"] = std::move(calls);
        members.finish();
        return message;
    }

    // A text, or the texts of a list of parts.
    std::string content_of(const OrderedJson& content, const Place& place) {
        if (!content.is_array()) return as_text(content);
        std::string text;
        for (std::size_t i = 0; i < content.size(); ++i) {
            const OrderedJson& part = content[i];
            const bool is_text =
                part.is_string() || (part.is_object() && part.contains("text") && part["text"].is_string());
            if (!is_text) {
                const std::string type = part.is_object() ? as_text(part.value("type", OrderedJson("part"))) : "part";
                notes_.add(place[i], fmt::format("a part of the type \"{}\": only texts are taken", type));
                continue;
            }
            if (!text.empty()) text += '\n';
            text += part.is_string() ? part.get<std::string>() : part["text"].get<std::string>();
        }
        return text;
    }

    OrderedJson calls_of(Members& members) {
        OrderedJson calls = OrderedJson::array();
        if (const OrderedJson* old = members.object("function_call")) add_call(calls, *old, "");
        const OrderedJson* list = members.list("tool_calls");
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            const OrderedJson& call = (*list)[i];
            const bool is_wrapped = call.is_object() && call.contains("function") && call["function"].is_object();
            const std::string id = call.is_object() && call.contains("id") ? as_text(call["id"]) : "";
            if (!add_call(calls, is_wrapped ? call["function"] : call, id))
                notes_.add(members.at("tool_calls")[i], "a call without a name");
        }
        return calls;
    }

    bool add_call(OrderedJson& calls, const OrderedJson& function, std::string id) {
        if (!function.is_object()) return false;
        const OrderedJson name = function.value("name", function.value("function", OrderedJson()));
        if (!name.is_string() || name.get_ref<const std::string&>().empty()) return false;
        if (id.empty()) id = fmt::format("call_{}", ++made_ids_);
        const OrderedJson arguments = function.value("arguments", function.value("args", OrderedJson::object()));
        pending_.push_back(id);
        calls.push_back(
            {{"id", id}, {"type", "function"}, {"function", {{"name", name}, {"arguments", as_text(arguments)}}}});
        return true;
    }

    // Of the first call that no message has answered so far.
    std::string next_pending() {
        return answered_ < pending_.size() ? pending_[answered_++] : std::string("call_unknown");
    }

    Place place_;
    Notes& notes_;
    int made_ids_ = 0;
    std::vector<std::string> pending_;
    std::size_t answered_ = 0;
};

bool has_role(const OrderedJson& message, std::string_view role) {
    return message.value("role", "") == role;
}

LastAnswer answer_of(const OrderedJson& message) {
    LastAnswer answer{.text = message.value("content", "")};
    for (const OrderedJson& call : message.value("tool_calls", OrderedJson::array()))
        answer.tool_calls.push_back(
            {{"id", call["id"]}, {"name", call["function"]["name"]}, {"arguments", call["function"]["arguments"]}});
    return answer;
}

}  // namespace

std::optional<LastAnswer> take_messages(const OrderedJson& messages, Prompt& prompt, const Place& place, Notes& notes) {
    std::optional<LastAnswer> answer;
    if (!messages.is_array()) {
        notes.add(place, fmt::format("is {}, and no list of messages", base::json_type_name(messages)));
        return answer;
    }
    OrderedJson taken = MessagesTaker(place, notes).take(messages);
    if (!taken.empty() && has_role(taken.back(), "assistant")) {
        answer = answer_of(taken.back());
        taken.erase(taken.size() - 1);
    }
    std::string last_text;
    if (!taken.empty() && has_role(taken.back(), "user")) {
        last_text = taken.back().value("content", "");
        if (!last_text.empty()) taken.erase(taken.size() - 1);
    }
    const auto is_system = [](const OrderedJson& one) { return has_role(one, "system"); };
    if (!prompt.system && !last_text.empty() && taken.size() == 1 && is_system(taken.front())) {
        prompt.system = taken.front().value("content", "");
        taken.clear();
    }
    if (!taken.empty()) prompt.json["messages"] = std::move(taken);
    if (!last_text.empty()) prompt.json["prompt"] = std::move(last_text);
    return answer;
}

void take_messages_asked(const OrderedJson& messages, Prompt& prompt, const Place& place, Notes& notes) {
    if (const auto answer = take_messages(messages, prompt, place, notes))
        notes.add(place, fmt::format("the assistant's last word ({})", shortly(answer->text)));
}

void take_tools(const OrderedJson& tools, Prompt& prompt, const Place& place, Notes& notes) {
    if (tools.is_string()) {
        const auto parsed = json_in(tools.get_ref<const std::string&>());
        if (parsed && parsed->is_structured()) return take_tools(*parsed, prompt, place, notes);
    }
    const OrderedJson list = tools.is_object() ? OrderedJson::array({tools}) : tools;
    if (!list.is_array()) return notes.add(place, "is no list of tools");
    OrderedJson taken = OrderedJson::array();
    for (std::size_t i = 0; i < list.size(); ++i) {
        OrderedJson tool = list[i];
        if (tool.is_object() && !tool.contains("function") && tool.contains("name")) {
            if (tool.value("type", OrderedJson("function")) == "function") tool.erase("type");
            if (tool.contains("input_schema")) {
                tool["parameters"] = tool["input_schema"];
                tool.erase("input_schema");
            }
            tool = {{"type", "function"}, {"function", std::move(tool)}};
        }
        const bool is_right = tool.is_object() && tool.contains("function") && tool["function"].is_object() &&
                              tool["function"].contains("name") && tool["function"]["name"].is_string();
        if (is_right)
            taken.push_back(std::move(tool));
        else
            notes.add(place[i], fmt::format("no definition of a tool ({})", shortly(list[i])));
    }
    if (!taken.empty()) prompt.offer(std::move(taken));
}

void take_tool_choice(const OrderedJson& choice, Prompt& prompt, const Place& place, Notes& notes) {
    const bool has_tools = prompt.json.contains("tools");
    OrderedJson name = choice;
    if (choice.is_object()) {
        name = choice.value("name", OrderedJson());
        if (const auto function = choice.find("function"); function != choice.end() && function->is_object())
            name = function->value("name", OrderedJson());
        if (!name.is_string()) name = choice.value("type", OrderedJson());
    }
    const std::string word = name.is_string() ? name.get<std::string>() : "";
    if (!has_tools) {
        if (word != "none" && word != "auto") notes.add(place, fmt::format("{}: there are no tools", shortly(choice)));
        return;
    }
    if (word == "auto" || word == "none" || word == "required")
        prompt.json["tool_choice"] = word;
    else if (word == "any")
        prompt.json["tool_choice"] = "required";
    else if (prompt.offers(word))
        prompt.json["tool_choice"] = {{"name", word}};
    else
        notes.add(place, fmt::format("{} is no choice of a tool that is offered", shortly(choice)));
}

void take_severity(const std::string& word, Prompt& prompt, const Place& place, Notes& notes) {
    if (word == "critical" || word == "warning")
        prompt.json["severity"] = word;
    else
        notes.add(place, fmt::format("\"{}\": there are critical and warning only, it counts as critical", word));
}

void take_category(Members& members, Prompt& prompt) {
    if (auto category = members.text("category"); category && !category->empty())
        prompt.json["category"] = *std::move(category);
    if (const auto word = members.text("severity"))
        take_severity(*word, prompt, members.at("severity"), members.notes());
}

}  // namespace llmc::interop
