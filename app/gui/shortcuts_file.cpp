#include "gui/shortcuts_file.h"

#include <map>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "base/file.h"

namespace llmc::gui {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMostChords = 3;
constexpr std::uint64_t kMaxFile = 1 << 20;

void read_row(base::FieldReader& keys, std::string_view id, Shortcuts& shortcuts) {
    if (keys.is_null(id)) return shortcuts.change(id, {});
    const auto texts = keys.texts(id);
    if (!texts) return;
    if (texts->size() > kMostChords) return keys.fail(id, "has more than three chords");
    std::vector<ImGuiKeyChord> chords;
    for (const std::string& text : *texts) {
        const ImGuiKeyChord chord = chord_of(text);
        if (chord == 0)
            return keys.fail(id, fmt::format("there is no chord \"{}\": write it as \"Ctrl+Shift+P\"", text));
        if (needs_modifier(chord))
            return keys.fail(id, fmt::format("\"{}\" needs Ctrl or Alt: typing would press it", text));
        chords.push_back(chord);
    }
    shortcuts.change(id, chords);
}

// A chord that two actions have, told at one that the file names.
void refuse_doubles(base::FieldReader& keys, const Shortcuts& shortcuts) {
    std::map<ImGuiKeyChord, const Shortcut*> seen;
    for (const Shortcut& row : shortcuts.all())
        for (const ImGuiKeyChord chord : chords_of(row)) {
            const auto [other, is_new] = seen.emplace(chord, &row);
            if (is_new) continue;
            const bool is_named = keys.find(row.id) != nullptr;
            const Shortcut& named = is_named ? row : *other->second;
            const Shortcut& taken = is_named ? *other->second : row;
            return keys.fail(named.id,
                             fmt::format("{} already does \"{}\" ({})", chord_text(chord), taken.name, taken.id));
        }
}

}  // namespace

std::filesystem::path shortcuts_path(const std::filesystem::path& config_folder) {
    return config_folder / "shortcuts.json";
}

Result<Shortcuts> read_shortcuts(std::string_view text, const std::filesystem::path& path) {
    auto file = base::JsonFile::parse(text, path);
    if (!file) return file.error();
    const Shortcuts usual;
    Shortcuts shortcuts;
    base::FieldReader root(*file, file->root(), "");
    root.integer_within("version", 1, kVersion);
    root.object("keys", [&](base::FieldReader& keys) {
        for (const Shortcut& row : usual.all())
            if (!row.is_built_in) read_row(keys, row.id, shortcuts);
        if (!file->error()) refuse_doubles(keys, shortcuts);
        keys.finish();
    });
    root.finish();
    if (file->error()) return *file->error();
    return shortcuts;
}

Result<Shortcuts> load_shortcuts(const std::filesystem::path& path) {
    const auto text = base::read_file(path, kMaxFile);
    if (text) return read_shortcuts(*text, path);
    if (text.error().kind == ErrorKind::not_found) return Shortcuts();
    return text.error();
}

std::string shortcuts_text(const Shortcuts& shortcuts) {
    base::OrderedJson keys = base::OrderedJson::object();
    for (const Shortcut& row : shortcuts.all()) {
        if (row.is_built_in) continue;
        base::OrderedJson chords = base::OrderedJson::array();
        for (const ImGuiKeyChord chord : chords_of(row)) chords.push_back(chord_text(chord));
        base::OrderedJson& value = keys[std::string(row.id)];
        if (chords.size() > 1)
            value = std::move(chords);
        else if (!chords.empty())
            value = chords.front();
    }
    return base::OrderedJson{{"version", kVersion}, {"keys", std::move(keys)}}.dump(2) + "\n";
}

Result<void> make_shortcuts_file(const std::filesystem::path& path, const Shortcuts& shortcuts) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) return {};
    return base::save_file(path, shortcuts_text(shortcuts));
}

}  // namespace llmc::gui
