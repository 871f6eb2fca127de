#include "expected_value.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/utf8.h"
#include "check_words.h"
#include "schema_keywords.h"

namespace llmc::check {
namespace {

using base::Json;
using base::JsonFile;
using base::OrderedJson;

bool fail(Misfit* misfit, std::string what) {
    if (misfit) *misfit = {.at = {}, .what = std::move(what)};
    return false;
}

std::string in_pointer(std::string_view key) {
    std::string part = "/";
    for (const char c : key) part += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return part;
}

// What went wrong deeper down, seen from here.
bool fail_below(Misfit* misfit, std::string_view key) {
    if (misfit) misfit->at = in_pointer(base::for_terminal_line(key.substr(0, base::utf8_cut(key, 80)))) + misfit->at;
    return false;
}

}  // namespace

std::string in_words(const Json& value) {
    if (value.is_string()) return in_quotes(value.get_ref<const std::string&>());
    if (value.empty() && value.is_structured()) return value.is_array() ? "an empty list" : "an empty object";
    if (value.is_array()) return fmt::format("a list of {}", value.size());
    if (value.is_object())
        return fmt::format("an object with {} ({} in all)", in_quotes(value.begin().key()), value.size());
    return base::dump_json(value);
}

// How an operator is read and how it judges.
struct ExpectedValue::Operator {
    const char* name;
    void (*read)(ExpectedValue& self, JsonFile& file, const OrderedJson& operand, const std::string& pointer);
    bool (*fits)(const ExpectedValue& self, const Json& value, bool is_exact, Misfit* misfit);
};

const std::vector<ExpectedValue::Operator>& ExpectedValue::operators() {
    using Self = ExpectedValue;
    using Text = const std::string&;
    const auto read_list = [](Self& self, JsonFile& file, const OrderedJson& operand, Text pointer) {
        if (!operand.is_array())
            return file.fail(pointer, fmt::format("must be a list, and is {}", base::json_type_name(operand)));
        if (operand.empty()) return file.fail(pointer, "must not be empty");
        self.read_parts(file, operand, pointer);
    };
    const auto read_one = [](Self& self, JsonFile& file, const OrderedJson& operand, Text pointer) {
        self.parts_.push_back(read(file, operand, pointer));
    };
    static const std::vector<Operator> all = {
        {"any_of", read_list,
         [](const Self& self, const Json& value, bool is_exact, Misfit* misfit) {
             const auto holds = [&](const Self& part) { return part.fits(value, is_exact); };
             if (std::ranges::any_of(self.parts_, holds)) return true;
             if (self.parts_.size() == 1) return self.parts_.front().fits(value, is_exact, misfit);
             return fail(misfit, fmt::format("must be one of {}, and is {}", self.parts_.size(), in_words(value)));
         }},
        {"all_of", read_list,
         [](const Self& self, const Json& value, bool is_exact, Misfit* misfit) {
             return std::ranges::all_of(self.parts_,
                                        [&](const Self& part) { return part.fits(value, is_exact, misfit); });
         }},
        {"not", read_one,
         [](const Self& self, const Json& value, bool is_exact, Misfit* misfit) {
             if (!self.parts_.front().fits(value, is_exact)) return true;
             return fail(misfit, fmt::format("must not be {}", in_words(value)));
         }},
        {"equals", [](Self& self, JsonFile&, const OrderedJson& operand, Text) { self.value_ = Json(operand); },
         [](const Self& self, const Json& value, bool, Misfit* misfit) {
             if (value == self.value_) return true;
             return fail(misfit, fmt::format("must equal {}, and is {}", in_words(self.value_), in_words(value)));
         }},
        {"matches",
         [](Self& self, JsonFile& file, const OrderedJson& operand, Text pointer) {
             if (!operand.is_string())
                 return file.fail(pointer, fmt::format("must be a text, and is {}", base::json_type_name(operand)));
             auto regex = base::Regex::compile(operand.get_ref<const std::string&>());
             if (!regex) return file.fail(pointer, regex.error().message);
             self.regex_ = *std::move(regex);
             self.value_ = Json(operand);
         },
         [](const Self& self, const Json& value, bool, Misfit* misfit) {
             if (value.is_string() && self.regex_->is_in(value.get_ref<const std::string&>())) return true;
             return fail(misfit, fmt::format("must match {}, and is {}", in_words(self.value_), in_words(value)));
         }},
        {"type",
         [](Self& self, JsonFile& file, const OrderedJson& operand, Text pointer) {
             if (!operand.is_string())
                 return file.fail(pointer, fmt::format("must be a text, and is {}", base::json_type_name(operand)));
             const auto& word = operand.get_ref<const std::string&>();
             if (type_word(word).empty())
                 return file.fail(pointer, fmt::format("\"{}\" is no type; possible are {}",
                                                       base::for_terminal_line(word), fmt::join(kSchemaTypes, ", ")));
             self.value_ = word;
         },
         [](const Self& self, const Json& value, bool, Misfit* misfit) {
             const auto& word = self.value_.get_ref<const std::string&>();
             if (has_type(value, word)) return true;
             return fail(misfit, fmt::format("must be {}, and is {}", type_word(word), in_words(value)));
         }},
        {"contains", read_one,
         [](const Self& self, const Json& value, bool is_exact, Misfit* misfit) {
             return self.fits_contained(value, is_exact, misfit);
         }},
        {"min_length",
         [](Self& self, JsonFile& file, const OrderedJson& operand, Text pointer) {
             const Json number(operand);
             if (!number.is_number() || !has_type(number, "integer") || number < 0 ||
                 number > std::numeric_limits<std::int32_t>::max())
                 return file.fail(pointer, "must be a whole number from 0");
             self.least_ = number.get<std::int64_t>();
         },
         [](const Self& self, const Json& value, bool, Misfit* misfit) {
             if (!value.is_string() && !value.is_array())
                 return fail(misfit, fmt::format("must be a text or a list, and is {}", in_words(value)));
             const std::size_t length =
                 value.is_array() ? value.size() : base::count_code_points(value.get_ref<const std::string&>());
             if (length >= static_cast<std::uint64_t>(self.least_)) return true;
             return fail(misfit, fmt::format("must have a length of at least {}, and has {}", self.least_, length));
         }},
    };
    return all;
}

const ExpectedValue::Operator* ExpectedValue::find_operator(const std::string& name) {
    const auto found = std::ranges::find(operators(), name, &Operator::name);
    return found == operators().end() ? nullptr : &*found;
}

ExpectedValue ExpectedValue::read(JsonFile& file, const OrderedJson& source, const std::string& pointer) {
    ExpectedValue self;
    if (source.is_array()) {
        self.form_ = Form::list;
        self.read_parts(file, source, pointer);
    } else if (source.is_object()) {
        std::size_t known = 0;
        for (const auto& [key, operand] : source.items()) known += find_operator(key) ? 1 : 0;
        if (known == source.size() && known > 1)
            file.fail(pointer,
                      "has several operators in one object: put them into \"all_of\", or into \"equals\" where "
                      "they are a value");
        if (known == 1 && source.size() == 1) {
            self.form_ = Form::by_operator;
            self.operator_ = find_operator(source.begin().key());
            self.operator_->read(self, file, source.begin().value(), pointer + in_pointer(source.begin().key()));
        } else {
            self.read_members(file, source, pointer);
        }
    } else {
        self.value_ = Json(source);
    }
    return self;
}

ExpectedValue ExpectedValue::read_arguments(JsonFile& file, const OrderedJson& source, const std::string& pointer) {
    ExpectedValue self;
    self.read_members(file, source, pointer);
    return self;
}

void ExpectedValue::read_members(JsonFile& file, const OrderedJson& source, const std::string& pointer) {
    form_ = Form::object;
    for (const auto& [key, value] : source.items())
        members_.emplace_back(key, read(file, value, pointer + in_pointer(key)));
}

void ExpectedValue::read_parts(JsonFile& file, const OrderedJson& list, const std::string& pointer) {
    for (std::size_t i = 0; i < list.size(); ++i)
        parts_.push_back(read(file, list[i], fmt::format("{}/{}", pointer, i)));
}

bool ExpectedValue::fits(const Json& value, bool is_exact, Misfit* misfit) const {
    switch (form_) {
        case Form::by_operator: return operator_->fits(*this, value, is_exact, misfit);
        case Form::object: return fits_object(value, is_exact, misfit);
        case Form::list: return fits_list(value, is_exact, misfit);
        case Form::plain: break;
    }
    if (value == value_) return true;
    return fail(misfit, fmt::format("must be {}, and is {}", in_words(value_), in_words(value)));
}

bool ExpectedValue::fits_object(const Json& value, bool is_exact, Misfit* misfit) const {
    if (!value.is_object()) return fail(misfit, fmt::format("must be an object, and is {}", in_words(value)));
    for (const auto& [key, expected] : members_) {
        const auto found = value.find(key);
        if (found == value.end()) return fail(misfit, fmt::format("must have {}", in_quotes(key)));
        if (!expected.fits(*found, is_exact, misfit)) return fail_below(misfit, key);
    }
    if (!is_exact || value.size() == members_.size()) return true;
    for (const auto& [key, other] : value.items())
        if (std::ranges::find(members_, key, [](const auto& m) -> const std::string& { return m.first; }) ==
            members_.end())
            return fail(misfit, fmt::format("must not have {}", in_quotes(key)));
    return true;
}

bool ExpectedValue::fits_list(const Json& value, bool is_exact, Misfit* misfit) const {
    if (!value.is_array() || value.size() != parts_.size())
        return fail(misfit, fmt::format("must be a list of {}, and is {}", parts_.size(), in_words(value)));
    for (std::size_t i = 0; i < parts_.size(); ++i)
        if (!parts_[i].fits(value[i], is_exact, misfit)) return fail_below(misfit, std::to_string(i));
    return true;
}

bool ExpectedValue::fits_contained(const Json& value, bool is_exact, Misfit* misfit) const {
    const ExpectedValue& part = parts_.front();
    if (value.is_array()) {
        if (std::ranges::any_of(value, [&](const Json& one) { return part.fits(one, is_exact); })) return true;
        return fail(misfit, fmt::format("has no such element among {}", value.size()));
    }
    if (value.is_string() && part.form_ == Form::plain && part.value_.is_string()) {
        const auto& text = part.value_.get_ref<const std::string&>();
        if (value.get_ref<const std::string&>().find(text) != std::string::npos) return true;
    }
    return fail(misfit,
                fmt::format("does not contain {}: it is {}",
                            part.form_ == Form::plain ? in_words(part.value_) : "what is expected", in_words(value)));
}

}  // namespace llmc::check
