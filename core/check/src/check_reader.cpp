#include "check/check_reader.h"

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/utf8.h"
#include "check_members.h"

namespace llmc::check {
namespace {

std::string nearest_kind(const std::string& name) {
    std::vector<std::string> names;
    for (const CheckKind& kind : check_kinds()) names.emplace_back(kind.name);
    return base::nearest_names(name, names, 1).front();
}

}  // namespace

Check read_check(base::JsonFile& file, const base::OrderedJson& value, const std::string& pointer) {
    Check check;
    base::FieldReader fields(file, value, pointer);
    const auto name = fields.text("type");
    if (!name) {
        file.fail(pointer, "needs a \"type\"");
        return check;
    }
    check.kind = find_check_kind(*name);
    if (check.kind == nullptr) {
        fields.fail("type", fmt::format("there is no check \"{}\"; did you mean \"{}\"?",
                                        base::for_terminal_line(*name), nearest_kind(*name)));
        return check;
    }
    check.stop_on_break = fields.flag("stop_on_break").value_or(false);
    for (const Member& member : check.kind->members) {
        if (member.is_required && fields.find(member.key) == nullptr)
            file.fail(pointer, fmt::format("needs a \"{}\"", member.key));
        member.read({file, fields, pointer, member.key}, check);
    }
    fields.finish();
    return check;
}

Result<Check> parse_check(const base::OrderedJson& check) {
    auto file = base::JsonFile::parse(base::dump_json(check, 2), "check");
    if (!file) return file.error();
    Check result = read_check(*file, file->root(), "");
    if (file->error()) return *file->error();
    return result;
}

}  // namespace llmc::check
