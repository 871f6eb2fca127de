#include "expected_call.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "check_words.h"

namespace llmc::check {
namespace {

using base::Json;
using base::OrderedJson;

}  // namespace

std::vector<std::string> read_names(base::JsonFile& file, base::FieldReader& fields, std::string_view key) {
    std::vector<std::string> names;
    const OrderedJson* list = fields.list(key);
    if (list == nullptr) return names;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const OrderedJson& name = (*list)[i];
        const std::string at = fmt::format("{}/{}", fields.pointer(key), i);
        if (!name.is_string())
            file.fail(at, fmt::format("must be a text, and is {}", base::json_type_name(name)));
        else if (name.get_ref<const std::string&>().empty())
            file.fail(at, "must not be empty");
        else if (std::ranges::find(names, name.get_ref<const std::string&>()) != names.end())
            file.fail(at, "stands there twice");
        else
            names.push_back(name.get<std::string>());
    }
    return names;
}

ExpectedCall ExpectedCall::read(base::JsonFile& file, base::FieldReader& fields, const OrderedJson& source) {
    ExpectedCall expected;
    const auto name = fields.text("name"), pattern = fields.text("pattern");
    if (name.has_value() == pattern.has_value()) {
        const char* key = name ? "pattern" : "name";
        fields.fail(key, name ? "stands beside \"name\": only one of them may be given"
                              : "is missing: a call has a \"name\" or a \"pattern\"");
    }
    expected.name_ = name.value_or("");
    if (pattern) {
        auto regex = base::Regex::compile(*pattern);
        if (regex)
            expected.pattern_ = *std::move(regex);
        else
            fields.fail("pattern", regex.error().message);
    }
    expected.ignored_ = read_names(file, fields, "ignore");
    if (const OrderedJson* given = fields.object("arguments")) {
        OrderedJson arguments = *given;
        for (const std::string& key : expected.ignored_) arguments.erase(key);
        expected.arguments_ = ExpectedValue::read_arguments(file, arguments, fields.pointer("arguments"));
    }
    const std::string mode = fields.text("mode").value_or("partial");
    expected.is_exact_ = mode == "exact";
    if (mode != "exact" && mode != "partial")
        fields.fail("mode",
                    fmt::format("\"{}\" is unknown; possible are partial, exact", base::for_terminal_line(mode)));

    openai::ToolCall shown{.name = name ? *name : "/" + pattern.value_or("") + "/"};
    if (source.is_object() && source.contains("arguments")) shown.arguments = base::dump_json(source["arguments"]);
    expected.words_ = call_words(shown);
    return expected;
}

bool ExpectedCall::fits_name(const std::string& name) const {
    return pattern_ ? pattern_->is_in(name) : name == name_;
}

bool ExpectedCall::fits(const MadeCall& call, std::string* why) const {
    if (!fits_name(call.call->name)) {
        if (why) *why = "it is a call of " + in_quotes(call.call->name);
        return false;
    }
    if (!arguments_) return true;
    if (!call.object) {
        if (why) *why = "its arguments are no JSON object";
        return false;
    }
    Misfit misfit;
    Misfit* asked = why ? &misfit : nullptr;
    const bool is_fit = ignored_.empty() ? arguments_->fits(*call.object, is_exact_, asked) : [&] {
        Json rest = *call.object;
        for (const std::string& key : ignored_) rest.erase(key);
        return arguments_->fits(rest, is_exact_, asked);
    }();
    if (!is_fit && why) *why = fmt::format("argument{} {}", misfit.at.empty() ? "s:" : "", misfit.words());
    return is_fit;
}

std::string why_none(const ExpectedCall& expected, const std::vector<MadeCall>& calls, std::size_t from) {
    for (std::size_t i = from; i < calls.size(); ++i) {
        std::string why;
        if (expected.fits_name(calls[i].call->name) && !expected.fits(calls[i], &why))
            return fmt::format("{}: {}", calls[i].words(), why);
    }
    return names_in_words(calls);
}

}  // namespace llmc::check
