// Checks of texts that have to be JSON.
#include <fmt/format.h>

#include "check/json_schema.h"
#include "check_groups.h"
#include "check_members.h"
#include "json_text.h"
#include "text_watch.h"

namespace llmc::check {
namespace {

constexpr Member kAllowFence{.key = "allow_fence",
                             .kind = MemberKind::flag,
                             .label = "one code fence around it is allowed",
                             .words = ", a code fence is allowed",
                             .read = read_allow_fence};
constexpr Member kSchema{.key = "value",
                         .kind = MemberKind::schema,
                         .is_required = true,
                         .label = "Schema",
                         .hint = R"({"type": "object"})",
                         .example = R"({"type": "object"})",
                         .read = read_schema};

class JsonWatch final : public TextWatch {
public:
    explicit JsonWatch(const Check& check) : TextWatch(check), json_(check.allow_fence) {}

    Broken update(std::string_view text) override {
        json_.update(text);
        return verdict(text);
    }

    Broken finish(std::string_view text) override {
        json_.finish();
        return verdict(text);
    }

private:
    Broken verdict(std::string_view text) const {
        if (!json_.is_broken()) return std::nullopt;
        const std::size_t at = base::count_code_points(text.substr(0, json_.broken_at()));
        return broken(fmt::format("is not JSON at character {}: {}", at, json_.why()), at);
    }

    JsonText json_;
};

// Of a text that is JSON.
Fault judge_schema(const Check& check, const Subject& subject) {
    JsonText json(check.allow_fence);
    json.update(subject.text);
    json.finish();
    const auto value = base::parse_json(json.json(subject.text));
    if (!value) return "is not JSON: " + value.error().message;
    auto misfit = check.schema->misfit(*value);
    if (misfit) return "does not fit the schema: " + *misfit;
    return std::nullopt;
}

}  // namespace

std::vector<CheckKind> json_checks() {
    return {
        {.name = "json", .members = {kAllowFence, kTurn}, .watch = make<JsonWatch>, .judges_output = true},
        {.name = "json_schema",
         .members = {kSchema, kAllowFence, kTurn},
         .judge = judge_schema,
         .watch = make<JsonWatch>,
         .judges_output = true},
    };
}

}  // namespace llmc::check
