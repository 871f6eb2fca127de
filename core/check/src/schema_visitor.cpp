#include "schema_visitor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>

#include "base/field_reader.h"
#include "base/utf8.h"
#include "check_words.h"
#include "formats.h"

namespace llmc::check {
namespace {

using base::Json;

constexpr std::size_t kMaxSteps = 20'000'000;
constexpr std::size_t kMaxDepth = 1000;  // schemas within schemas
constexpr std::size_t kMaxPath = 200;    // bytes of a place in a message

bool is_whole(const Json& number) {
    return number.is_number_integer() ||
           (number.is_number() && std::trunc(number.get<double>()) == number.get<double>());
}

bool has_type(const Json& value, valijson::constraints::TypeConstraint::JsonType type) {
    using Type = valijson::constraints::TypeConstraint;
    switch (type) {
        case Type::kAny: return true;
        case Type::kArray: return value.is_array();
        case Type::kBoolean: return value.is_boolean();
        case Type::kInteger: return is_whole(value);
        case Type::kNull: return value.is_null();
        case Type::kNumber: return value.is_number();
        case Type::kObject: return value.is_object();
        case Type::kString: return value.is_string();
    }
    return false;
}

std::string_view type_word(valijson::constraints::TypeConstraint::JsonType type) {
    using Type = valijson::constraints::TypeConstraint;
    switch (type) {
        case Type::kAny: return "anything";
        case Type::kArray: return "a list";
        case Type::kBoolean: return "true or false";
        case Type::kInteger: return "a whole number";
        case Type::kNull: return "null";
        case Type::kNumber: return "a number";
        case Type::kObject: return "an object";
        case Type::kString: return "a text";
    }
    return "";
}

bool is_multiple(double value, double divisor) {
    const double times = value / divisor;
    // 0.3 is a multiple of 0.1 to a reader, though not to a double.
    return std::isfinite(times) && std::abs(times - std::round(times)) <= 1e-9 * std::max(1.0, std::abs(times));
}

}  // namespace

SchemaVisitor::SchemaVisitor(const Json& value, const Patterns& patterns)
    : value_(&value), patterns_(patterns), apply_([this](const valijson::constraints::Constraint& constraint) {
          return !has_given_up_ && constraint.accept(*this);
      }) {}

std::optional<std::string> SchemaVisitor::misfit(const Subschema& schema) {
    const bool does_fit = fits(schema);
    if (does_fit && !has_given_up_) return std::nullopt;
    return problem_;
}

bool SchemaVisitor::fail(std::string_view what) {
    if (quiet_ > 0 || !problem_.empty()) return false;
    std::string path;
    for (const Step& step : path_) path += step.key != nullptr ? '/' + *step.key : fmt::format("/{}", step.index);
    path = base::for_terminal_line(path);
    if (path.size() > kMaxPath) path = path.substr(0, base::utf8_cut(path, kMaxPath)) + "…";
    problem_ = path.empty() ? std::string(what) : fmt::format("{}: {}", path, what);
    return false;
}

template <class Fits>
bool SchemaVisitor::quietly(Fits fits) {
    ++quiet_;
    const bool result = fits();
    --quiet_;
    return result;
}

bool SchemaVisitor::fits(const Subschema& schema) {
    if (has_given_up_) return false;
    if (++steps_ > kMaxSteps || depth_ == kMaxDepth) {
        has_given_up_ = true;
        problem_ = steps_ > kMaxSteps ? "the schema takes too many steps for this answer"
                                      : "the schema leads too deep for this answer";
        return false;
    }
    if (schema.getAlwaysInvalid()) return fail("nothing may stand here");
    ++depth_;
    const bool result = schema.applyStrict(apply_);
    --depth_;
    return result;
}

bool SchemaVisitor::fits_member(const Subschema& schema, const std::string& key, const Json& value) {
    const Json* outer = std::exchange(value_, &value);
    path_.push_back({.key = &key});
    const bool result = fits(schema);
    path_.pop_back();
    value_ = outer;
    return result;
}

bool SchemaVisitor::fits_element(const Subschema& schema, std::size_t index) {
    const Json* outer = std::exchange(value_, &(*value_)[index]);
    path_.push_back({.index = index});
    const bool result = fits(schema);
    path_.pop_back();
    value_ = outer;
    return result;
}

bool SchemaVisitor::visit(const AllOfConstraint& constraint) {
    bool all = true;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) { return all = fits(*schema); });
    return all;
}

bool SchemaVisitor::visit(const AnyOfConstraint& constraint) {
    bool any = false;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
        any = quietly([&] { return fits(*schema); });
        return !any && !has_given_up_;
    });
    return check(any, "fits none of the schemas of anyOf");
}

bool SchemaVisitor::visit(const OneOfConstraint& constraint) {
    int count = 0;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
        count += quietly([&] { return fits(*schema); }) ? 1 : 0;
        return count < 2 && !has_given_up_;
    });
    if (count == 1) return true;
    return fail(count == 0 ? "fits none of the schemas of oneOf" : "fits more than one of the schemas of oneOf");
}

bool SchemaVisitor::visit(const NotConstraint& constraint) {
    return check(!quietly([&] { return fits(*constraint.getSubschema()); }), "fits the schema of not");
}

bool SchemaVisitor::visit(const ConditionalConstraint& constraint) {
    const bool condition = quietly([&] { return fits(*constraint.getIfSubschema()); });
    const Subschema* schema = condition ? constraint.getThenSubschema() : constraint.getElseSubschema();
    return schema == nullptr || fits(*schema);
}

bool SchemaVisitor::visit(const DependenciesConstraint& constraint) {
    if (!value_->is_object()) return true;
    bool all = true;
    constraint.applyToPropertyDependencies([&](const auto& name, const auto& dependencies) {
        if (!value_->contains(name.c_str())) return true;
        for (const auto& dependency : dependencies)
            if (!value_->contains(dependency.c_str()))
                return all = fail(fmt::format("{} is missing, which {} needs", in_quotes(dependency.c_str()),
                                              in_quotes(name.c_str())));
        return true;
    });
    if (!all) return false;
    constraint.applyToSchemaDependencies([&](const auto& name, const Subschema* schema) {
        return all = !value_->contains(name.c_str()) || fits(*schema);
    });
    return all;
}

bool SchemaVisitor::equals(const valijson::adapters::FrozenValue& wanted) const {
    return wanted.equalTo(valijson::adapters::NlohmannJsonAdapter(*value_), true);
}

bool SchemaVisitor::visit(const ConstConstraint& constraint) {
    return check(equals(*constraint.getValue()), "is not the value of const");
}

bool SchemaVisitor::visit(const EnumConstraint& constraint) {
    bool any = false;
    constraint.applyToValues([&](const valijson::adapters::FrozenValue& wanted) {
        ++steps_;
        any = equals(wanted);
        return !any;
    });
    return check(any, "is none of the values of enum");
}

bool SchemaVisitor::visit(const TypeConstraint& constraint) {
    bool any = false;
    std::string wanted;
    constraint.applyToNamedTypes([&](TypeConstraint::JsonType type) {
        any = has_type(*value_, type);
        if (quiet_ == 0) wanted += (wanted.empty() ? "" : " or ") + std::string(type_word(type));
        return !any;
    });
    return any || fail(fmt::format("must be {}, and is {}", wanted, base::json_type_name(*value_)));
}

bool SchemaVisitor::visit(const FormatConstraint& constraint) {
    return !value_->is_string() || fits_format(constraint.getFormat(), value_->get_ref<const std::string&>()) ||
           fail(fmt::format("has not the format {}", in_quotes(constraint.getFormat())));
}

bool SchemaVisitor::matches(const std::string& pattern, const std::string& text) const {
    const auto regex = patterns_.find(pattern);
    return regex != patterns_.end() && regex->second->is_in(text);
}

bool SchemaVisitor::visit(const PatternConstraint& constraint) {
    if (!value_->is_string()) return true;
    std::string pattern;
    constraint.getPattern(pattern);
    return matches(pattern, value_->get_ref<const std::string&>()) ||
           fail(fmt::format("does not match the pattern {}", in_quotes(pattern)));
}

bool SchemaVisitor::visit(const MaximumConstraint& constraint) {
    if (!value_->is_number()) return true;
    const double value = value_->get<double>();
    const bool is_exclusive = constraint.getExclusiveMaximum();
    return (is_exclusive ? value < constraint.getMaximum() : value <= constraint.getMaximum()) ||
           fail(fmt::format("must be {} {}", is_exclusive ? "below" : "at most", constraint.getMaximum()));
}

bool SchemaVisitor::visit(const MinimumConstraint& constraint) {
    if (!value_->is_number()) return true;
    const double value = value_->get<double>();
    const bool is_exclusive = constraint.getExclusiveMinimum();
    return (is_exclusive ? value > constraint.getMinimum() : value >= constraint.getMinimum()) ||
           fail(fmt::format("must be {} {}", is_exclusive ? "above" : "at least", constraint.getMinimum()));
}

bool SchemaVisitor::visit(const MultipleOfDoubleConstraint& constraint) {
    return !value_->is_number() || is_multiple(value_->get<double>(), constraint.getDivisor()) ||
           fail(fmt::format("must be a multiple of {}", constraint.getDivisor()));
}

bool SchemaVisitor::visit(const MultipleOfIntConstraint& constraint) {
    if (!value_->is_number()) return true;
    const std::int64_t divisor = constraint.getDivisor();
    const auto whole = base::get_int(Json{{"value", *value_}}, "value");
    const bool is_one =
        whole ? *whole % divisor == 0 : is_multiple(value_->get<double>(), static_cast<double>(divisor));
    return is_one || fail(fmt::format("must be a multiple of {}", divisor));
}

bool SchemaVisitor::is_within(std::size_t size, std::uint64_t limit, bool is_maximum, std::string_view what) {
    if (is_maximum ? size <= limit : size >= limit) return true;
    return fail(
        fmt::format("has {} {}, and {} {} are allowed", size, what, is_maximum ? "at most" : "at least", limit));
}

bool SchemaVisitor::visit(const MaxItemsConstraint& constraint) {
    return !value_->is_array() || is_within(value_->size(), constraint.getMaxItems(), true, "elements");
}

bool SchemaVisitor::visit(const MinItemsConstraint& constraint) {
    return !value_->is_array() || is_within(value_->size(), constraint.getMinItems(), false, "elements");
}

bool SchemaVisitor::visit(const MaxLengthConstraint& constraint) {
    return !value_->is_string() || is_within(base::count_code_points(value_->get_ref<const std::string&>()),
                                             constraint.getMaxLength(), true, "characters");
}

bool SchemaVisitor::visit(const MinLengthConstraint& constraint) {
    return !value_->is_string() || is_within(base::count_code_points(value_->get_ref<const std::string&>()),
                                             constraint.getMinLength(), false, "characters");
}

bool SchemaVisitor::visit(const MaxPropertiesConstraint& constraint) {
    return !value_->is_object() || is_within(value_->size(), constraint.getMaxProperties(), true, "members");
}

bool SchemaVisitor::visit(const MinPropertiesConstraint& constraint) {
    return !value_->is_object() || is_within(value_->size(), constraint.getMinProperties(), false, "members");
}

// Constraints of other programs; the plain form of a schema has none.
bool SchemaVisitor::visit(const PolyConstraint&) {
    return true;
}

bool SchemaVisitor::visit(const PropertiesConstraint& constraint) {
    if (!value_->is_object()) return true;
    const Json& object = *value_;
    std::vector<bool> is_known(object.size(), false);  // by place in the object
    std::vector<std::string_view> names;               // sorted, as the object's members are
    bool all = true;

    constraint.applyToProperties([&](const auto& name, const Subschema* schema) {
        names.emplace_back(name.c_str());
        const auto member = object.find(name.c_str());
        return member == object.end() || (all = fits_member(*schema, member.key(), member.value()));
    });
    if (!all) return false;
    constraint.applyToPatternProperties([&](const auto& name, const Subschema* schema) {
        const auto pattern = patterns_.find(std::string(name.c_str()));
        std::size_t place = 0;
        for (auto member = object.begin(); member != object.end() && all; ++member, ++place) {
            ++steps_;
            if (pattern == patterns_.end() || !pattern->second->is_in(member.key())) continue;
            is_known[place] = true;
            all = fits_member(*schema, member.key(), member.value());
        }
        return all;
    });

    const Subschema* additional = constraint.getAdditionalPropertiesSubschema();  // null: there may be none
    std::size_t place = 0;
    for (auto member = object.begin(); member != object.end() && all; ++member, ++place) {
        if (is_known[place] || std::binary_search(names.begin(), names.end(), member.key())) continue;
        all = additional != nullptr ? fits_member(*additional, member.key(), member.value())
                                    : fail(fmt::format("the key {} is not allowed", in_quotes(member.key())));
    }
    return all;
}

bool SchemaVisitor::visit(const PropertyNamesConstraint& constraint) {
    if (!value_->is_object()) return true;
    for (auto member = value_->begin(); member != value_->end(); ++member) {
        const Json name = member.key();
        if (!fits_member(*constraint.getSubschema(), member.key(), name)) return false;
    }
    return true;
}

bool SchemaVisitor::visit(const RequiredConstraint& constraint) {
    if (!value_->is_object()) return true;
    bool all = true;
    constraint.applyToRequiredProperties([&](const auto& name) {
        return all = value_->contains(name.c_str()) || fail(fmt::format("{} is missing", in_quotes(name.c_str())));
    });
    return all;
}

bool SchemaVisitor::visit(const SingularItemsConstraint& constraint) {
    if (!value_->is_array()) return true;
    for (std::size_t i = 0; i < value_->size(); ++i)
        if (!fits_element(*constraint.getItemsSubschema(), i)) return false;
    return true;
}

bool SchemaVisitor::visit(const LinearItemsConstraint& constraint) {
    if (!value_->is_array()) return true;
    bool all = true;
    constraint.applyToItemSubschemas([&](unsigned index, const Subschema* schema) {
        return index < value_->size() && (all = fits_element(*schema, index));
    });
    const Subschema* additional = constraint.getAdditionalItemsSubschema();  // null: there may be none
    for (std::size_t i = constraint.getItemSubschemaCount(); all && i < value_->size(); ++i)
        all = additional != nullptr ? fits_element(*additional, i) : fail("has more elements than are allowed");
    return all;
}

bool SchemaVisitor::visit(const ContainsConstraint& constraint) {
    if (!value_->is_array()) return true;
    bool any = false;
    for (std::size_t i = 0; i < value_->size() && !any && !has_given_up_; ++i)
        any = quietly([&] { return fits_element(*constraint.getSubschema(), i); });
    return check(any, "holds no element of the wanted kind");
}

bool SchemaVisitor::visit(const UniqueItemsConstraint&) {
    if (!value_->is_array()) return true;
    std::vector<const Json*> sorted;
    for (const Json& element : *value_) sorted.push_back(&element);
    steps_ += sorted.size();
    const auto is_less = [](const Json* a, const Json* b) { return *a < *b; };
    std::sort(sorted.begin(), sorted.end(), is_less);
    const auto equal = [](const Json* a, const Json* b) { return *a == *b; };
    return check(std::adjacent_find(sorted.begin(), sorted.end(), equal) == sorted.end(),
                 "holds the same element more than once");
}

}  // namespace llmc::check
