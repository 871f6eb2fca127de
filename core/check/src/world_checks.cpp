// The check of the files at the end.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "base/regex.h"
#include "check_groups.h"
#include "check_members.h"
#include "check_words.h"

namespace llmc::check {

struct FileRules {
    struct Rule {
        bool is_folder = false;
        std::optional<bool> exists;
        std::optional<std::string> equals, contains, pattern;
        std::shared_ptr<const base::Regex> matches;
        bool asks_for_text() const { return equals || contains || matches; }
    };
    std::map<std::string, Rule> rules;  // by path, of a folder without the "/" at its end
    bool is_only = false;               // nothing else may have changed
};

namespace {

using base::FieldReader;
using session::WorldFiles;

FileRules::Rule read_rule(FieldReader& fields, std::string_view path) {
    FileRules::Rule rule{.is_folder = path.ends_with('/')};
    rule.exists = fields.flag("exists");
    rule.equals = fields.text_or_empty("equals");
    rule.contains = fields.text_or_empty("contains");
    if ((rule.pattern = fields.text_or_empty("matches"))) {
        auto regex = base::Regex::compile(*rule.pattern);
        if (regex)
            rule.matches = *std::move(regex);
        else
            fields.fail("matches", regex.error().message);
    }
    fields.finish();
    if (!rule.exists && !rule.asks_for_text())
        fields.fail("exists", "is missing: a file needs one of exists, equals, contains, matches");
    if (rule.exists == false && rule.asks_for_text())
        fields.fail("exists", "can never hold: a file that is not there has no text");
    if (rule.is_folder && rule.asks_for_text()) fields.fail("exists", "is all that can be asked of a folder");
    return rule;
}

// "files", and "only".
void read_files(const MemberPlace& place, Check& check) {
    auto files = std::make_shared<FileRules>();
    check.files = files;
    files->is_only = place.fields.flag("only").value_or(false);
    const base::OrderedJson* object = place.fields.object(place.key);
    if (object == nullptr) return;
    if (object->empty() && !files->is_only) place.fields.fail(place.key, "must not be empty without \"only\"");
    for (const auto& [path, value] : object->items()) {
        const std::string at = fmt::format("{}/{}", place.fields.pointer(place.key), path);
        FieldReader fields(place.file, value, at);
        FileRules::Rule rule = read_rule(fields, path);
        const auto known = session::world_path(path);
        if (!known)
            place.file.fail(at, known.error().message);
        else if (!files->rules.emplace(*known, std::move(rule)).second)
            place.file.fail(at, fmt::format("is the place {} again", *known));
    }
}

bool is_folder(const WorldFiles& world, const std::string& path) {
    const std::string folder = path.ends_with('/') ? path : path + '/';
    const auto at = world.lower_bound(folder);
    return folder == "./" || (at != world.end() && at->first.starts_with(folder));
}

Fault judge_file_text(const FileRules::Rule& rule, std::string_view path, std::string_view text) {
    if (rule.equals && text != *rule.equals)
        return fmt::format("{} must be {}, and is {}", path, in_quotes(*rule.equals), in_quotes(text));
    if (rule.contains && text.find(*rule.contains) == std::string_view::npos)
        return fmt::format("{} does not contain {}, it is {}", path, in_quotes(*rule.contains), in_quotes(text));
    if (rule.matches && !rule.matches->is_in(text))
        return fmt::format("{} does not match {}, it is {}", path, in_quotes(*rule.pattern), in_quotes(text));
    return std::nullopt;
}

Fault judge_file(const FileRules::Rule& rule, const std::string& path, const WorldFiles& world) {
    const std::string shown = in_quotes(rule.is_folder && !path.ends_with('/') ? path + '/' : path);
    const auto file = world.find(path);
    const bool is_file = file != world.end() && file->second, has_folder = is_folder(world, path);
    const bool is_there = has_folder || (is_file && !rule.is_folder);
    if (rule.exists == false)
        return is_there ? Fault(fmt::format("{} is there, and must not be", shown)) : std::nullopt;
    if (!is_there) return fmt::format("{} is not there", shown);
    if (!rule.asks_for_text()) return std::nullopt;
    if (!is_file) return fmt::format("{} is a folder, and must be a file", shown);
    return judge_file_text(rule, shown, *file->second);
}

Fault judge_world(const Check& check, const Subject& subject) {
    const FileRules& files = *check.files;
    if (!subject.world) return "there is no world whose files could be looked at";
    for (const auto& [path, rule] : files.rules)
        if (auto fault = judge_file(rule, path, *subject.world)) return fault;
    if (!files.is_only) return std::nullopt;
    if (!subject.answer.world) return "which files have changed is not known";
    for (const auto& [path, text] : *subject.answer.world) {
        if (path.ends_with('/') || files.rules.contains(path)) continue;
        return fmt::format("{} has {}, and no other file may", in_quotes(path), text ? "changed" : "gone");
    }
    return std::nullopt;
}

constexpr Member kFiles{.key = "files",
                        .kind = MemberKind::json,
                        .is_required = true,
                        .label = "Files",
                        .hint = R"({"./a.txt": {"exists": true, "contains": "…"}})",
                        .example = R"({"./a.txt": {"exists": true}})",
                        .read = read_files};
constexpr Member kOnly{.key = "only",
                       .kind = MemberKind::flag,
                       .label = "no other file has changed",
                       .words = ", no other file has changed",
                       .read = read_with_other};

}  // namespace

std::vector<CheckKind> world_checks() {
    return {{.name = "world", .members = {kFiles, kOnly}, .scope = CheckKind::Scope::answer, .judge = judge_world}};
}

}  // namespace llmc::check
