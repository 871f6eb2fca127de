#include "output_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "check/json_schema.h"
#include "said.h"

namespace llmc::suite {
namespace {

using base::FieldReader;
using base::OrderedJson;

constexpr const char* kUsualName = "answer";
constexpr std::size_t kLongestName = 64;  // of a function, at OpenAI

bool is_function_name(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName &&
           std::ranges::all_of(name, [](char c) { return base::is_letter_or_digit(c) || c == '_' || c == '-'; });
}

}  // namespace

OrderedJson read_output(FieldReader& prompt) {
    const OrderedJson* output = prompt.object("output");
    if (output == nullptr) return nullptr;
    prompt.object("output", [](FieldReader& fields) {
        if (fields.object("schema") == nullptr) fields.fail("schema", "needs a JSON Schema, as an object");
        fields.text("name");
        fields.finish();
    });
    return *output;
}

Result<std::optional<Output>> filled_output(const OrderedJson& output, Filler& filler) {
    if (output.is_null()) return std::optional<Output>();
    Output made{.name = kUsualName, .schema = {}};
    if (const auto name = output.find("name"); name != output.end() && name->is_string())
        made.name = filler.fill(name->get_ref<const std::string&>());
    if (!is_function_name(made.name))
        return Error{ErrorKind::parse, fmt::format("\"name\": \"{}\" is no name of a function: up to {} letters, "
                                                   "digits, \"_\" and \"-\"",
                                                   base::for_terminal_line(made.name), kLongestName)};
    const OrderedJson schema = filler.fill(output["schema"], true);
    check::SchemaFault fault;
    if (!check::JsonSchema::compile(base::Json(schema), fault))
        return Error{ErrorKind::parse, fmt::format("\"schema\"{}: {}", fault.pointer, fault.what)};
    auto sent = sent_schema(schema);
    if (!sent) return Error{sent.error().kind, "\"schema\": " + sent.error().message};
    made.schema = *std::move(sent);
    return std::optional(std::move(made));
}

std::size_t check_output(base::JsonFile& file, const OrderedJson& output, Filler& filler, const std::string& pointer) {
    if (output.is_null() || file.error()) return 0;
    const auto made = filled_output(output, filler);
    need_values(file, filler, pointer);
    if (!made) file.fail(pointer, made.error().message);
    return made && *made ? base::dump_json((*made)->schema).size() : 0;
}

}  // namespace llmc::suite
