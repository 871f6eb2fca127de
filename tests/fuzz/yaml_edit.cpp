// A settings file of another program, whole or damaged, and changes of the kind that a cast makes: refused with the
// reason, or edited so that every other line stays byte for byte and the same changes once more change nothing.
#include "interop/yaml_edit.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "base/utf8.h"
#include "compare/line_diff.h"
#include "interop/cast_export.h"
#include "targets.h"

namespace llmc::fuzz {
namespace {

const std::vector<interop::YamlChange>& cast_changes() {
    static const std::vector<interop::YamlChange> changes = {
        {{"llm_providers", "cast_a"}, {{"type", "local"}, {"parameters", {{"temperature", 0.5}, {"top_k", nullptr}}}}},
        {{"specialist_model_bindings", "router_specialist"}, "cast_a", std::vector<std::string>{"ours", "1 of 2"}},
        {{"llm_providers", "cast_old"}, {}},
    };
    return changes;
}

// The lines of `text` that are not in `edited`, our own comments left out.
std::size_t lines_lost(std::string_view text, std::string_view edited) {
    const std::string diff = compare::unified_diff(text, edited, "a", "b");
    std::size_t lost = 0;
    for (std::size_t begin = 0, number = 0; begin < diff.size(); ++number) {
        const std::size_t end = std::min(diff.find('\n', begin), diff.size());
        const std::string_view line = std::string_view(diff).substr(begin, end - begin);
        begin = end + 1;
        if (number >= 2 && line.starts_with('-') && !base::trim(line.substr(1)).starts_with(interop::kOwnComment))
            ++lost;
    }
    return lost;
}

// A whole cast, as it is exported.
void put_cast_into(std::string_view bytes) {
    static const interop::CastExport cast = [] {
        interop::ExportedRole router{.name = "router_specialist", .cast = {.label = "a", .model = "m"}};
        router.cast.settings.temperature = 0.5;
        router.cast.settings.min_p = 0.1;
        interop::ExportedRole other{.name = "other", .cast = {.label = "old", .model = "n"}, .note = "a note"};
        return interop::CastExport{{router, other}};
    }();
    const interop::ExportFormat& las = *interop::find_export_format("las").value();
    const auto edited = las.edit(bytes, cast);
    if (!edited) return promise(!edited.error().message.empty(), "a refusal says why");
    const auto again = las.edit(edited->text, cast);
    promise(again.ok() && again->text == edited->text, "a second export changes nothing");
}

}  // namespace

void yaml_edit(std::string_view bytes) {
    put_cast_into(bytes);
    // Two values of the provider and the binding are replaced, each on its line, and the last line may get an end.
    constexpr std::size_t kMostChanged = 3 + 1;
    const auto without_removal = std::span(cast_changes()).first(2);
    const auto edited = interop::edit_yaml(bytes, without_removal);
    if (!edited) {
        promise(!edited.error().message.empty() && base::is_valid_utf8(edited.error().message), "a refusal says why");
        return;
    }
    if (bytes.find("top_k") == std::string_view::npos && bytes.find('\\') == std::string_view::npos)  // goes away
        promise(lines_lost(bytes, *edited) <= kMostChanged, "lines that are not meant stay byte for byte");
    promise(bytes.starts_with("\xEF\xBB\xBF") == edited->starts_with("\xEF\xBB\xBF"), "a byte order mark stays");
    const auto again = interop::edit_yaml(*edited, without_removal);
    promise(again.ok() && *again == *edited, "the same changes once more change nothing");
    if (const auto rest = interop::edit_yaml(*edited, cast_changes()); rest.ok()) {
        const auto twice = interop::edit_yaml(*rest, cast_changes());
        promise(twice.ok() && *twice == *rest, "what went away stays away");
    }
}

}  // namespace llmc::fuzz
