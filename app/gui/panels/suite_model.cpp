#include "gui/panels/suite_model.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/utf8.h"
#include "metrics/words.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;
using session::Answer;
using session::Round;
using session::Session;

bool has_failed(const Answer& answer) {
    return std::any_of(answer.checks.begin(), answer.checks.end(), [](const auto& check) { return !check.passed; });
}

bool has_failed(const Round& round) {
    return std::any_of(round.answers.begin(), round.answers.end(), [](const Answer& one) { return has_failed(one); });
}

const OrderedJson* list_of(const OrderedJson& source, const char* key) {
    if (!source.is_object()) return nullptr;
    const auto found = source.find(key);
    return found != source.end() && found->is_array() ? &*found : nullptr;
}

std::string text_of(const OrderedJson& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const std::string& key_of(const Round& round) {
    return round.prompt_id.empty() ? round.prompt : round.prompt_id;
}

bool is_of_suite(const Round& round) {
    return !round.prompt_id.empty() || std::any_of(round.answers.begin(), round.answers.end(),
                                                   [](const Answer& one) { return !one.checks.empty(); });
}

}  // namespace

std::string prompt_id(const OrderedJson& prompt, std::size_t index) {
    std::string id = text_of(prompt, "id");
    return id.empty() ? std::to_string(index + 1) : id;
}

SuiteStamp stamp_of(const Session& session) {
    SuiteStamp stamp{.session = session.id, .rounds = session.rounds.size()};
    for (const auto& round : session.rounds) {
        stamp.attempts += round->replaced.size();
        for (const Answer& answer : round->answers) {
            stamp.ended += session::is_final(answer.state) ? 1 : 0;
            stamp.attempts += static_cast<std::size_t>(answer.attempt);
        }
    }
    return stamp;
}

SuiteModel make_suite_model(const Session& session) {
    SuiteModel model{.stamp = stamp_of(session)};
    std::unordered_map<std::string, std::size_t> index;
    const auto column_of = [&](const std::string& id) -> SuiteColumn& {
        const auto [entry, is_new] = index.try_emplace(id, model.columns.size());
        if (is_new) model.columns.push_back({.id = id});
        return model.columns[entry->second];
    };
    if (const OrderedJson* prompts = session.suite ? list_of(session.suite->source, "prompts") : nullptr)
        for (std::size_t i = 0; i < prompts->size(); ++i)
            column_of(prompt_id((*prompts)[i], i)).prompt = text_of((*prompts)[i], "prompt");
    for (std::size_t i = 0; i < session.rounds.size(); ++i) {
        const Round& round = *session.rounds[i];
        if (!is_of_suite(round)) continue;
        SuiteColumn& column = column_of(key_of(round));
        if (column.prompt.empty()) column.prompt = round.prompt;
        column.rounds.push_back(static_cast<std::uint32_t>(i));
        column.has_failure |= has_failed(round);
        if (!round.category.empty() && std::ranges::find(model.categories, round.category) == model.categories.end())
            model.categories.push_back(round.category);
    }
    for (std::size_t i = 0; i < model.columns.size(); ++i)
        if (model.columns[i].has_failure) model.failures.push_back(i);

    session::SuiteResults results = session::suite_results(session);
    model.checks = results.checks;
    for (std::size_t i = 0; i < results.candidates.size(); ++i) {
        session::CandidateResults& from = results.candidates[i];
        if (session.candidates[i].is_removed && from.checks.total == 0) continue;
        SuiteRow row{.candidate = from.candidate, .checks = from.checks, .steadiness = from.steadiness};
        row.categories = std::move(from.categories);
        row.cells.resize(model.columns.size());
        for (std::size_t p = 0; p < from.prompts.size(); ++p)
            row.cells[index.at(results.prompt_ids[p])] = std::move(from.prompts[p]);
        model.rows.push_back(std::move(row));
    }
    return model;
}

std::optional<std::uint32_t> first_failed_round(const Session& session, const SuiteColumn& column,
                                                const session::CandidateId& candidate) {
    if (column.rounds.empty()) return std::nullopt;
    for (const std::uint32_t index : column.rounds) {
        if (index >= session.rounds.size()) break;
        const Answer* answer = session.rounds[index]->find(candidate);
        if (answer && has_failed(*answer)) return index;
    }
    return column.rounds.front();
}

std::optional<OrderedJson> failed_only(const Session& session) {
    if (!session.suite) return std::nullopt;
    std::unordered_set<std::string> failed_prompts, failed_cases;
    for (const auto& round : session.rounds) {
        if (!is_of_suite(*round) || !has_failed(*round)) continue;
        failed_prompts.insert(key_of(*round));
        failed_cases.insert(base::dump_json(round->case_values));
    }
    const OrderedJson* prompts = list_of(session.suite->source, "prompts");
    if (failed_prompts.empty() || !prompts) return std::nullopt;

    const bool is_fresh = session.suite->is_fresh;
    OrderedJson kept = OrderedJson::array();
    std::size_t last = 0;
    for (std::size_t i = 0; i < prompts->size(); ++i) {
        const bool is_failed = failed_prompts.count(prompt_id((*prompts)[i], i)) > 0;
        if (is_failed || !is_fresh) {
            kept.push_back((*prompts)[i]);
            kept.back()["id"] = prompt_id((*prompts)[i], i);  // a place would be another one now
        }
        if (is_failed) last = kept.size();
    }
    if (last == 0) return std::nullopt;
    const OrderedJson* cases = list_of(session.suite->source, "cases");
    // A conversation goes through the prompts case by case: with several cases all of it comes before the last one.
    const bool cuts_end = is_fresh || !cases || cases->size() < 2;
    if (cuts_end) kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(last), kept.end());

    OrderedJson source = session.suite->source;
    source["prompts"] = std::move(kept);
    if (is_fresh && cases) {
        OrderedJson kept_cases = OrderedJson::array();
        for (const OrderedJson& one : *cases)
            if (failed_cases.count(base::dump_json(base::Json(one))) > 0) kept_cases.push_back(one);
        if (!kept_cases.empty()) source["cases"] = std::move(kept_cases);
    }
    static constexpr std::string_view kSuffix = ", failed only";
    if (!session.suite->name.ends_with(kSuffix)) source["name"] = session.suite->name + std::string(kSuffix);
    return source;
}

std::string case_words(const base::Json& case_values) {
    std::string words;
    if (!case_values.is_object()) return words;
    for (const auto& [key, value] : case_values.items()) {
        if (!words.empty()) words += ", ";
        words += key + " " + (value.is_string() ? value.get<std::string>() : base::dump_json(value));
        if (words.size() > 200) return words.substr(0, base::utf8_cut(words, 200)) + "…";
    }
    std::replace(words.begin(), words.end(), '\n', ' ');
    return words;
}

std::string steadiness_words(const session::Steadiness& steadiness, int repeat) {
    if (repeat < 2 || !steadiness.agreement) return {};
    std::string words = "agree " + metrics::percent_text(*steadiness.agreement);
    if (steadiness.first_divergence_char)
        words += fmt::format(", part at character {}", *steadiness.first_divergence_char);
    return words;
}

}  // namespace llmc::gui
