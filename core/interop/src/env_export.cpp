// Lines for a shell or a .env file: ROLE_MODEL='…', ROLE_BASE_URL='…/v1'.
#include <fmt/format.h>

#include "export_parts.h"
#include "interop/yaml_edit.h"

namespace llmc::interop {
namespace {

// In a shell's single quotes nothing means anything but the quote itself.
std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

bool is_one_line(std::string_view text) {
    for (const char c : text)
        if ((c >= 0 && c < ' ') || c == 0x7F) return false;
    return true;
}

}  // namespace

ExportText render_env(const CastExport& cast) {
    ExportText out;
    std::vector<std::string> taken;
    for (const ExportedRole& role : cast.roles) {
        for (const std::string& comment : role_comments(role, {})) out.text += own_comment(comment) + '\n';
        const std::string name = unique_name(variable_slug(role.name, "role", "_"), taken);
        if (is_one_line(role.cast.model))
            out.text += fmt::format("{}_MODEL={}\n", name, shell_quoted(role.cast.model));
        else
            out.notes.push_back(
                fmt::format("{}: the model's name has a line break or control character, which no line "
                            "of this kind can hold",
                            role.name));
        if (const std::string url = base_url(role.cast); !url.empty())
            out.text += fmt::format("{}_BASE_URL={}\n", name, shell_quoted(url));
        add_notes(role, {}, out.notes);
    }
    return out;
}

}  // namespace llmc::interop
