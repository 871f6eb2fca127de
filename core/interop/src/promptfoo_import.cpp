// promptfoo configurations: every prompt with every test and every combination of its variables.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat_parts.h"
#include "import_formats.h"
#include "promptfoo_asserts.h"
#include "promptfoo_template.h"
#include "suite/csv.h"
#include "yaml_document.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

constexpr std::size_t kMostCombinations = 10'000;  // of one configuration
constexpr std::size_t kMostAsserts = 200'000;      // of all its prompts

// As prompts are referred to: "file://x", or a name with a file's end.
bool names_a_file(std::string_view text) {
    if (text.starts_with(kFileReference)) return true;
    if (text.find_first_of(" \n{") != std::string_view::npos) return false;
    return std::ranges::any_of(
        std::initializer_list<const char*>{".txt", ".json", ".yaml", ".yml", ".md", ".j2", ".jsonl", ".py", ".js"},
        [&](const char* end) { return text.ends_with(end); });
}

// {"id": "file://x"}
bool has_id_of_a_file(const OrderedJson& prompt) {
    const OrderedJson id = prompt.value("id", OrderedJson());
    return id.is_string() && names_a_file(id.get_ref<const std::string&>());
}

struct PromptTemplate {
    std::string label;
    OrderedJson body;  // a text, or a list of messages
    Place place;
};

class PromptfooReader {
public:
    PromptfooReader(ImportJob& job, const Record& record)
        : job_(job), notes_(job.notes), members_(record.value, record.place, job.notes) {}

    Result<void> read() {
        if (auto text = members_.text("description")) job_.draft.description = *text;
        templates_ = members_.object("assertionTemplates");
        if (const OrderedJson* prompts = members_.find("prompts")) read_templates(*prompts, members_.at("prompts"));
        default_ = members_.find("defaultTest");
        if (default_ != nullptr && default_->is_string()) {
            loaded_default_ = load(default_->get<std::string>(), members_.at("defaultTest"));
            default_ = loaded_default_.is_object() ? &loaded_default_ : nullptr;
        }
        default_vars_ = default_vars();  // once: they may name files
        const OrderedJson* tests = members_.find("tests");
        const OrderedJson none =
            OrderedJson::array({OrderedJson::object()});  // promptfoo runs a prompt without tests too
        read_tests(tests && !tests->empty() ? *tests : none, members_.at("tests"));
        members_.finish();
        return within_limits_;
    }

private:
    Result<std::string> beside(std::string_view reference) const {
        if (!job_.beside)
            return Error{ErrorKind::usage, fmt::format("{}: there is no folder to find it in", reference)};
        return job_.beside(reference);
    }

    // A JSON or YAML file; null where it cannot be had, which is noted.
    OrderedJson load(std::string reference, const Place& place) {
        if (reference.starts_with(kFileReference)) reference.erase(0, kFileReference.size());
        const auto text = beside(reference);
        if (!text) {
            notes_.add(place, text.error().message);
            return nullptr;
        }
        if (reference.ends_with(".csv")) return csv_tests(*text, reference, place);
        if (reference.ends_with(".jsonl")) {
            const auto lines = parse_document(*text, {reference, {}});
            OrderedJson list = OrderedJson::array();
            if (lines)
                for (const Record& record : lines->records) list.push_back(record.value);
            else
                notes_.add(place, lines.error().message);
            return list;
        }
        auto document = parse_yaml(*text, reference);
        if (document) return *std::move(document);
        notes_.add(place, document.error().message);
        return nullptr;
    }

    // A test for each row: columns are variables, those called __expected… assertions.
    OrderedJson csv_tests(std::string_view text, const std::string& file, const Place& place) {
        const auto rows = suite::parse_csv(text);
        OrderedJson tests = OrderedJson::array();
        if (!rows) {
            notes_.add(place, fmt::format("{}: {}", file, rows.error().message));
            return tests;
        }
        if (!rows->empty() && rows->front().cells.size() > kMaxImportMembers) {
            notes_.add(place, fmt::format("{}: more than {} columns", file, kMaxImportMembers));
            return tests;
        }
        for (std::size_t r = 1; r < rows->size(); ++r) {
            OrderedJson test = {{"vars", OrderedJson::object()}, {"assert", OrderedJson::array()}};
            const auto& header = rows->front().cells;
            const auto& cells = (*rows)[r].cells;
            for (std::size_t c = 0; c < std::min(cells.size(), header.size()); ++c) {
                if (header[c] == "__description")
                    test["description"] = cells[c];
                else if (!header[c].starts_with("__"))
                    test["vars"][header[c]] = cells[c];
                else if (header[c].starts_with("__expected") && !cells[c].empty())
                    test["assert"].push_back(assert_of_cell(cells[c]));
                else if (!cells[c].empty())
                    notes_.add(place, fmt::format("{}: the column {}", file, header[c]));
            }
            tests.push_back(std::move(test));
        }
        return tests;
    }

    void read_templates(const OrderedJson& prompts, const Place& place) {
        if (prompts.is_string()) return add_template(prompts, "", place);
        if (prompts.is_object()) {  // {file or text: label}
            for (const auto& [text, label] : prompts.items()) add_template(text, as_text(label), place / text);
            return;
        }
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            const OrderedJson& one = prompts[i];
            if (!one.is_object()) {
                add_template(one, "", place[i]);
                continue;
            }
            Members members(one, place[i], notes_);
            auto label = members.text_of({"label", "display"});
            if (!label && !has_id_of_a_file(one)) label = members.text("id");
            const OrderedJson* raw = members.find("raw");
            const OrderedJson* id = members.find("id");
            if (raw == nullptr) raw = members.find("file");
            if (raw == nullptr && !one.contains("function")) raw = id;  // which promptfoo takes for the text too
            if (raw != nullptr)
                add_template(*raw, label.value_or(""), members.at("raw"));
            else
                notes_.add(place[i], "a prompt without a text");
            members.finish();
        }
    }

    void add_template(const OrderedJson& body, const std::string& label, const Place& place) {
        if (!body.is_string()) {
            if (body.is_array())
                templates_of_prompts_.push_back({label, body, place});
            else
                notes_.add(place, fmt::format("a prompt that is no text ({})", shortly(body)));
            return;
        }
        std::string text = body.get<std::string>();
        if (!names_a_file(text)) return add_text(text, label, place);
        if (text.starts_with(kFileReference)) text.erase(0, kFileReference.size());
        const auto read = beside(text);
        if (!read) return notes_.add(place, read.error().message);
        if (text.ends_with(".js") || text.ends_with(".py"))
            return notes_.add(place, fmt::format("{} is a program", text));
        const std::string name = label.empty() ? text : label;
        // Several prompts in a text file stand between lines of three dashes.
        std::string_view rest = *read;
        if (!text.ends_with(".txt")) return add_text(*read, name, place);
        for (std::size_t number = 1;; ++number) {
            const auto end = rest.find("\n---");
            const std::string_view one = base::trim(rest.substr(0, end));
            const bool is_only = number == 1 && end == std::string_view::npos;
            if (!one.empty()) add_text(std::string(one), is_only ? name : fmt::format("{} {}", name, number), place);
            if (end == std::string_view::npos) return;
            rest.remove_prefix(std::min(rest.find('\n', end + 1), rest.size()));
        }
    }

    // A text that is a list of messages is a conversation.
    void add_text(const std::string& text, const std::string& label, const Place& place) {
        const std::string_view begin = base::trim_start(text);
        if (begin.starts_with('[') || begin.starts_with("- role:")) {
            const auto list = parse_yaml(text, "prompt");
            if (list && list->is_array() && !list->empty() && list->front().is_object() &&
                list->front().contains("role"))
                return templates_of_prompts_.push_back({label, *list, place});
        }
        templates_of_prompts_.push_back({label, text, place});
    }

    void read_tests(const OrderedJson& tests, const Place& place) {
        if (tests.is_string()) return read_loaded(tests, place);
        if (!tests.is_array()) return notes_.add(place, "is no list of tests");
        for (std::size_t i = 0; i < tests.size() && within_limits_; ++i) {
            if (tests[i].is_string())
                read_loaded(tests[i], place[i]);
            else
                read_test(tests[i], place[i]);
        }
    }

    void read_loaded(const OrderedJson& reference, const Place& place) {
        OrderedJson tests = load(reference.get<std::string>(), place);
        if (tests.is_object()) tests = OrderedJson::array({std::move(tests)});
        for (std::size_t i = 0; tests.is_array() && i < tests.size() && within_limits_; ++i) {
            if (tests[i].is_object()) read_test(tests[i], place[i]);
        }
    }

    void read_test(const OrderedJson& test, const Place& place) {
        Members members(test, place, notes_);
        const std::string description = members.text("description").value_or("");
        OrderedJson vars = default_vars_;
        if (const OrderedJson* own = members.find("vars")) take_vars(*own, members.at("vars"), vars);
        const OrderedJson* asserts = members.find("assert");
        const OrderedJson* only = members.find("prompts");
        Prompt of_test{.place = place};
        if (const OrderedJson* metadata = members.object("metadata")) {
            Members own(*metadata, members.at("metadata"), notes_);
            take_category(own, of_test);
            own.finish();
        }
        members.finish();
        ++tests_;
        const auto combinations = combined(vars, place);
        for (const PromptTemplate* const chosen : chosen_templates(only, members.at("prompts")))
            for (std::size_t i = 0; i < combinations.size() && within_limits_; ++i) {
                std::string id = description.empty() ? fmt::format("test {}", tests_) : description;
                const PromptTemplate& one = *chosen;
                if (templates_of_prompts_.size() > 1)
                    id = fmt::format("{}: {}", one.label.empty() ? one.place.path : one.label, id);
                if (combinations.size() > 1) id += fmt::format(" #{}", i + 1);
                add_prompt(one, id, combinations[i], asserts, members.at("assert"), of_test);
            }
    }

    // Those that a test names by their labels ("group*": by how they begin), or all.
    std::vector<const PromptTemplate*> chosen_templates(const OrderedJson* names, const Place& place) {
        std::vector<const PromptTemplate*> chosen;
        const auto is_named = [names](const PromptTemplate& one) {
            return std::ranges::any_of(*names, [&](const OrderedJson& name) {
                const std::string text = as_text(name);
                return text.ends_with('*') ? one.label.starts_with(text.substr(0, text.size() - 1)) : text == one.label;
            });
        };
        const bool is_list = names != nullptr && names->is_array();
        for (const PromptTemplate& one : templates_of_prompts_)
            if (!is_list || is_named(one)) chosen.push_back(&one);
        if (is_list && chosen.empty())
            notes_.add(place, fmt::format("no prompt is called so ({})", shortly(*names)));
        else if (names != nullptr && !is_list)
            notes_.add(place, fmt::format("is no list of prompts ({})", shortly(*names)));
        return chosen;
    }

    OrderedJson default_vars() {
        OrderedJson vars = OrderedJson::object();
        if (default_ == nullptr || !default_->is_object()) return vars;
        Members members(*default_, members_.at("defaultTest"), notes_);
        if (const OrderedJson* own = members.find("vars")) take_vars(*own, members.at("vars"), vars);
        members.find("assert");
        members.finish();
        return vars;
    }

    void take_vars(const OrderedJson& given, const Place& place, OrderedJson& vars) {
        OrderedJson own = given.is_string() ? load(given.get<std::string>(), place) : given;
        if (!own.is_object()) return;
        for (auto& [name, value] : own.items()) {
            if (value.is_string() && value.get_ref<const std::string&>().starts_with(kFileReference)) {
                const std::string reference = value.get<std::string>().substr(kFileReference.size());
                const auto text = beside(reference);
                if (!text) {
                    notes_.add(place / name, text.error().message);
                    continue;
                }
                value = std::string(base::trim(*text));
                if (const auto data = yaml_in(reference, *text)) value = base::dump_json(*data);
            }
            vars[name] = value;
        }
    }

    // What a file of YAML holds.
    static std::optional<OrderedJson> yaml_in(std::string_view name, std::string_view text) {
        if (!name.ends_with(".yaml") && !name.ends_with(".yml")) return std::nullopt;
        auto read = parse_yaml(text, name);
        return read ? std::optional<OrderedJson>(*std::move(read)) : std::nullopt;
    }

    // A variable with a list stands for each of its values in turn.
    std::vector<OrderedJson> combined(const OrderedJson& vars, const Place& place) {
        std::vector<OrderedJson> all = {vars};
        for (const auto& [name, values] : vars.items()) {
            if (!values.is_array() || values.empty()) continue;
            if (all.size() * values.size() * std::max<std::size_t>(templates_of_prompts_.size(), 1) + made_ >
                kMostCombinations) {
                within_limits_ = Error{ErrorKind::limit, fmt::format("{}: {}: more than {} combinations of variables",
                                                                     place.file, place.path, kMostCombinations)};
                return {};
            }
            std::vector<OrderedJson> next;
            for (const OrderedJson& begun : all)
                for (const OrderedJson& one : values) {
                    next.push_back(begun);
                    next.back()[name] = one;
                }
            all = std::move(next);
        }
        filled_ += all.size() * base::dump_json(vars).size();
        made_ += all.size() * templates_of_prompts_.size();
        if (made_ > kMostCombinations)
            within_limits_ =
                Error{ErrorKind::limit, fmt::format("{}: more than {} prompts", place.file, kMostCombinations)};
        need_room(place);
        // Variables may name others.
        for (OrderedJson& values : all) {
            if (!within_limits_) return {};
            const OrderedJson raw = values;
            values = TemplateFiller(raw, notes_, filled_).fill_within(values, place / "vars");
            need_room(place);
        }
        return all;
    }

    // A text that is a list of messages once it is filled in.
    static OrderedJson as_conversation(OrderedJson body) {
        if (!body.is_string() || !base::trim_start(body.get_ref<const std::string&>()).starts_with('[')) return body;
        auto list = json_in(body.get_ref<const std::string&>());
        const bool is_list = list && list->is_array() && !list->empty() && list->front().is_object();
        return is_list && list->front().contains("role") ? *std::move(list) : body;
    }

    void add_prompt(const PromptTemplate& one, const std::string& id, const OrderedJson& values,
                    const OrderedJson* asserts, const Place& place, const Prompt& of_test) {
        const TemplateFiller filler(values, notes_, filled_);
        // A description is no id: it may stand there more than once.
        const int number = ++ids_[id];
        Prompt prompt = of_test;
        prompt.id = number == 1 ? id : fmt::format("{} ({})", id, number);
        const OrderedJson body = as_conversation(filler.fill_within(one.body, one.place));
        if (body.is_array())
            take_messages_asked(body, prompt, one.place, notes_);
        else
            prompt.json["prompt"] = body;
        const PromptfooTest test{
            .fill = [&](const std::string& text, const Place& at) { return filler.fill(text, at); },
            .fill_within = [&](const OrderedJson& value, const Place& at) { return filler.fill_within(value, at); },
            .file = [&](std::string_view reference) { return beside(reference); },
            .templates = templates_};
        if (default_ != nullptr && default_->is_object() && default_->contains("assert"))
            asserts_ +=
                take_asserts((*default_)["assert"], members_.at("defaultTest") / "assert", test, prompt, notes_);
        if (asserts != nullptr) asserts_ += take_asserts(*asserts, place, test, prompt, notes_);
        need_room(place);
        if (within_limits_) job_.draft.add(std::move(prompt));
    }

    void need_room(const Place& place) {
        if (filled_ > kMostFilled)
            within_limits_ = Error{ErrorKind::limit, fmt::format("{}: {}: its templates become more than {} MiB",
                                                                 place.file, place.path, kMostFilled >> 20)};
        if (asserts_ > kMostAsserts)
            within_limits_ = Error{
                ErrorKind::limit, fmt::format("{}: {}: more than {} assertions", place.file, place.path, kMostAsserts)};
    }

    ImportJob& job_;
    Notes& notes_;
    Members members_;
    std::vector<PromptTemplate> templates_of_prompts_;
    const OrderedJson* templates_ = nullptr;  // of assertions
    const OrderedJson* default_ = nullptr;
    OrderedJson loaded_default_, default_vars_;
    std::map<std::string, int> ids_;  // how often each was made
    std::size_t tests_ = 0, made_ = 0, asserts_ = 0;
    std::size_t filled_ = 0;  // bytes
    Result<void> within_limits_;
};

}  // namespace

bool is_promptfoo(const Document& document) {
    const OrderedJson* whole = document.whole();
    if (whole == nullptr || !whole->contains("prompts")) return false;
    const OrderedJson& prompts = (*whole)["prompts"];
    const bool has_runs = whole->contains("tests") || whole->contains("providers") || whole->contains("targets") ||
                          whole->contains("defaultTest") || whole->contains("scenarios");
    if (prompts.is_string() || prompts.is_object()) return has_runs;
    if (!prompts.is_array() || prompts.empty()) return false;
    const OrderedJson& first = prompts.front();
    if (first.is_string()) return has_runs;
    return first.is_object() &&
           (first.contains("raw") ||
            (has_runs && (first.contains("label") || first.contains("file") || has_id_of_a_file(first))));
}

Result<void> read_promptfoo(ImportJob& job) {
    for (const Document& document : job.documents)
        if (auto done = PromptfooReader(job, document.records.front()).read(); !done) return done;
    return {};
}

}  // namespace llmc::interop
