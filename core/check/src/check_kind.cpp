#include "check/check_kind.h"

#include <algorithm>
#include <iterator>

#include "check_groups.h"

namespace llmc::check {
namespace {

std::vector<CheckKind> all_groups() {
    std::vector<CheckKind> all;
    for (auto* group : {text_checks, json_checks, tool_call_checks, size_checks, figure_checks, call_list_checks,
                        trajectory_checks, world_checks}) {
        std::vector<CheckKind> kinds = group();
        std::ranges::move(kinds, std::back_inserter(all));
    }
    return all;
}

}  // namespace

const Member* CheckKind::find(std::string_view key) const {
    const auto holds = [&](const Member& member) {
        return key == member.key || (member.kind == MemberKind::texts && (key == "values" || key == "any"));
    };
    const auto found = std::ranges::find_if(members, holds);
    return found == members.end() ? nullptr : &*found;
}

const std::vector<CheckKind>& check_kinds() {
    static const std::vector<CheckKind> kinds = all_groups();
    return kinds;
}

const CheckKind* find_check_kind(std::string_view name) {
    const auto found = std::ranges::find(check_kinds(), name, &CheckKind::name);
    return found == check_kinds().end() ? nullptr : &*found;
}

const Member* find_member(const base::OrderedJson& check, std::string_view key) {
    if (!check.is_object() || !check.contains("type") || !check["type"].is_string()) return nullptr;
    const CheckKind* kind = find_check_kind(check["type"].get_ref<const std::string&>());
    return kind ? kind->find(key) : nullptr;
}

}  // namespace llmc::check
