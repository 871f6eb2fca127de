// One judgement of a value by a schema that valijson has read.
//
// Thread contract: one thread; the schema, its patterns and the value must outlive it.
// Invariants: after kMaxSteps, or deeper than kMaxDepth, it gives up and says so: neither a schema nor an answer can
// make it hang or overflow the stack.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/subschema.hpp>

#include "base/json.h"
#include "regex.h"

namespace llmc::check {

class SchemaVisitor final : public valijson::constraints::ConstraintVisitor {
public:
    using Patterns = std::map<std::string, std::shared_ptr<const Regex>>;

    SchemaVisitor(const base::Json& value, const Patterns& patterns);

    // The first thing that does not fit; nothing where all does.
    std::optional<std::string> misfit(const valijson::Subschema& schema);

    bool visit(const AllOfConstraint& constraint) override;
    bool visit(const AnyOfConstraint& constraint) override;
    bool visit(const ConditionalConstraint& constraint) override;
    bool visit(const ConstConstraint& constraint) override;
    bool visit(const ContainsConstraint& constraint) override;
    bool visit(const DependenciesConstraint& constraint) override;
    bool visit(const EnumConstraint& constraint) override;
    bool visit(const FormatConstraint& constraint) override;
    bool visit(const LinearItemsConstraint& constraint) override;
    bool visit(const MaximumConstraint& constraint) override;
    bool visit(const MaxItemsConstraint& constraint) override;
    bool visit(const MaxLengthConstraint& constraint) override;
    bool visit(const MaxPropertiesConstraint& constraint) override;
    bool visit(const MinimumConstraint& constraint) override;
    bool visit(const MinItemsConstraint& constraint) override;
    bool visit(const MinLengthConstraint& constraint) override;
    bool visit(const MinPropertiesConstraint& constraint) override;
    bool visit(const MultipleOfDoubleConstraint& constraint) override;
    bool visit(const MultipleOfIntConstraint& constraint) override;
    bool visit(const NotConstraint& constraint) override;
    bool visit(const OneOfConstraint& constraint) override;
    bool visit(const PatternConstraint& constraint) override;
    bool visit(const PolyConstraint& constraint) override;
    bool visit(const PropertiesConstraint& constraint) override;
    bool visit(const PropertyNamesConstraint& constraint) override;
    bool visit(const RequiredConstraint& constraint) override;
    bool visit(const SingularItemsConstraint& constraint) override;
    bool visit(const TypeConstraint& constraint) override;
    bool visit(const UniqueItemsConstraint& constraint) override;

private:
    using Subschema = valijson::Subschema;

    // A step into the value: a member or an element.
    struct Step {
        const std::string* key = nullptr;
        std::size_t index = 0;
    };

    bool fits(const Subschema& schema);
    bool fits_member(const Subschema& schema, const std::string& key, const base::Json& value);
    bool fits_element(const Subschema& schema, std::size_t index);
    // The same without a word about why not.
    template <class Fits>
    bool quietly(Fits fits);
    // Notes the first problem; always false.
    bool fail(std::string_view what);
    bool check(bool holds, std::string_view what) { return holds || fail(what); }
    bool is_within(std::size_t size, std::uint64_t limit, bool is_maximum, std::string_view what);
    bool equals(const valijson::adapters::FrozenValue& wanted) const;
    bool matches(const std::string& pattern, const std::string& text) const;

    const base::Json* value_;
    const Patterns& patterns_;
    Subschema::ApplyFunction apply_;
    std::vector<Step> path_;
    std::string problem_;
    bool has_given_up_ = false;
    int quiet_ = 0;
    std::size_t steps_ = 0, depth_ = 0;
};

}  // namespace llmc::check
