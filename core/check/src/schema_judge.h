// One judgement of a value by a compiled schema.
//
// Thread contract: one thread; the schema and the value must outlive it.
// Invariants: after kMaxSteps, or deeper than kMaxDepth, it gives up and says so: neither a schema nor an answer can
// make it hang or overflow the stack.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/json.h"
#include "schema_tree.h"

namespace llmc::check {

class SchemaJudge {
public:
    SchemaJudge(const SchemaTree& tree, const base::Json& value) : tree_(tree), value_(&value) {}

    // The first thing that does not fit; nothing where all does.
    std::optional<std::string> misfit();

    // For the keywords.
    const base::Json& value() const { return *value_; }
    bool fits(const Schema& schema);
    // Without a word about why not; what a schema that does not fit has looked at does not count.
    bool fits_quietly(const Schema& schema);
    bool fits_member(const Schema& schema, const std::string& key, const base::Json& value);
    bool fits_name(const Schema& schema, const std::string& key);
    bool fits_element(const Schema& schema, std::size_t index);
    bool fits_element_quietly(const Schema& schema, std::size_t index);
    // Where a dynamic reference leads from here; null where it is not dynamic here.
    const Schema* dynamic_target(const std::string& anchor);
    // Whether all schemas have to be asked, since unevaluated… needs what each of them looks at.
    bool is_tracking() const { return seen_ != nullptr; }
    bool was_seen(const base::Json& part) const { return seen_ != nullptr && seen_->contains(&part); }
    void see(const base::Json& part);
    bool has_given_up() const { return has_given_up_; }
    void add_steps(std::size_t steps) { steps_ += steps; }
    bool fail(std::string_view what);  // notes the first problem; always false
    bool check(bool holds, std::string_view what) { return holds || fail(what); }
    bool is_quiet() const { return quiet_ > 0; }

private:
    using Seen = std::unordered_set<const base::Json*>;  // members and elements

    struct Step {
        const std::string* key = nullptr;
        std::size_t index = 0;
    };

    bool fits_part(const Schema& schema, Step step, const base::Json& value);
    bool run(const Schema& schema);
    void merge(const Seen& seen);

    const SchemaTree& tree_;
    const base::Json* value_;
    Seen* seen_ = nullptr;  // of value_
    std::vector<Step> path_;
    std::vector<std::size_t> resources_;  // the way to here
    std::string problem_;
    bool has_given_up_ = false;
    int quiet_ = 0;
    std::size_t steps_ = 0, depth_ = 0;
};

}  // namespace llmc::check
