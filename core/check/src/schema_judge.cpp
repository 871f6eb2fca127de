#include "schema_judge.h"

#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "schema_keywords.h"

namespace llmc::check {
namespace {

constexpr std::size_t kMaxSteps = 20'000'000;
constexpr std::size_t kMaxDepth = 1000;  // schemas within schemas
constexpr std::size_t kMaxPath = 200;    // bytes of a place in a message

}  // namespace

std::optional<std::string> SchemaJudge::misfit() {
    const bool does_fit = fits(tree_.schemas.front());
    if (does_fit && !has_given_up_) return std::nullopt;
    return problem_;
}

bool SchemaJudge::fail(std::string_view what) {
    if (quiet_ > 0 || !problem_.empty()) return false;
    std::string path;
    for (const Step& step : path_) path += step.key != nullptr ? '/' + *step.key : fmt::format("/{}", step.index);
    path = base::for_terminal_line(path);
    if (path.size() > kMaxPath) path = path.substr(0, base::utf8_cut(path, kMaxPath)) + "…";
    problem_ = path.empty() ? std::string(what) : fmt::format("{}: {}", path, what);
    return false;
}

bool SchemaJudge::fits(const Schema& schema) {
    if (has_given_up_) return false;
    if (++steps_ > kMaxSteps || depth_ == kMaxDepth) {
        has_given_up_ = true;
        problem_ = steps_ > kMaxSteps ? "the schema takes too many steps for this answer"
                                      : "the schema leads too deep for this answer";
        return false;
    }
    if (schema.is_false) return fail("nothing may stand here");
    ++depth_;
    resources_.push_back(schema.resource);
    bool result = true;
    if (schema.is_tracking) {
        Seen seen;
        Seen* outer = std::exchange(seen_, &seen);
        result = run(schema);
        seen_ = outer;
        if (result) merge(seen);
    } else {
        result = run(schema);
    }
    resources_.pop_back();
    --depth_;
    return result;
}

bool SchemaJudge::run(const Schema& schema) {
    for (const Rule& rule : schema.rules)
        if (rule.keyword->judge != nullptr && (!rule.keyword->judge(*this, schema, rule) || has_given_up_))
            return false;
    return true;
}

bool SchemaJudge::fits_quietly(const Schema& schema) {
    Seen seen;
    Seen* outer = std::exchange(seen_, seen_ == nullptr ? nullptr : &seen);
    ++quiet_;
    const bool result = fits(schema);
    --quiet_;
    seen_ = outer;
    if (result) merge(seen);
    return result;
}

bool SchemaJudge::fits_part(const Schema& schema, Step step, const base::Json& value) {
    const base::Json* outer = std::exchange(value_, &value);
    Seen* seen = std::exchange(seen_, nullptr);
    path_.push_back(step);
    const bool result = fits(schema);
    path_.pop_back();
    seen_ = seen;
    value_ = outer;
    return result;
}

bool SchemaJudge::fits_member(const Schema& schema, const std::string& key, const base::Json& value) {
    const bool result = fits_part(schema, {.key = &key}, value);
    if (result) see(value);
    return result;
}

bool SchemaJudge::fits_name(const Schema& schema, const std::string& key) {
    const base::Json name = key;
    return fits_part(schema, {.key = &key}, name);
}

bool SchemaJudge::fits_element(const Schema& schema, std::size_t index) {
    const base::Json& element = (*value_)[index];
    const bool result = fits_part(schema, {.index = index}, element);
    if (result) see(element);
    return result;
}

bool SchemaJudge::fits_element_quietly(const Schema& schema, std::size_t index) {
    ++quiet_;
    const bool result = fits_part(schema, {.index = index}, (*value_)[index]);
    --quiet_;
    return result;
}

const Schema* SchemaJudge::dynamic_target(const std::string& anchor) {
    for (const std::size_t resource : resources_) {
        ++steps_;
        const auto found = tree_.anchors[resource].find(anchor);
        if (found != tree_.anchors[resource].end()) return found->second;
    }
    return nullptr;
}

void SchemaJudge::see(const base::Json& part) {
    if (seen_ != nullptr) seen_->insert(&part);
}

void SchemaJudge::merge(const Seen& seen) {
    if (seen_ == nullptr) return;
    steps_ += seen.size();
    seen_->insert(seen.begin(), seen.end());
}

}  // namespace llmc::check
