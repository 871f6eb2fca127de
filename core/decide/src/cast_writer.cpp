#include "decide/cast_writer.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"

namespace llmc::decide {
namespace {

// JSON itself escapes C0 only; DEL, C1 and bidi controls are written as escapes here.
std::string harmless(std::string_view json) {
    std::string out;
    for (std::size_t pos = 0; pos < json.size();) {
        const std::size_t begin = pos;
        const char32_t c = base::next_code_point(json, pos);
        const std::string_view sign = json.substr(begin, pos - begin);
        if (c >= 0x7F && base::for_terminal(sign).empty())
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
        else
            out += sign;
    }
    return out;
}

}  // namespace

Result<std::vector<CastFormat>> cast_formats_from(std::string_view list) {
    std::vector<CastFormat> formats;
    for (;;) {
        const std::size_t comma = list.find(',');
        const std::string_view word = base::trim(list.substr(0, comma));
        if (word != "json" && word != "yaml")
            return Error{ErrorKind::usage, fmt::format("\"{}\" is no format; there are json and yaml", word)};
        const CastFormat format = word == "json" ? CastFormat::json : CastFormat::yaml;
        if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(format);
        if (comma == std::string_view::npos) return formats;
        list.remove_prefix(comma + 1);
    }
}

std::string render_cast(CastFormat format, const CastSheet& sheet, base::WallTime generated_at) {
    if (format == CastFormat::yaml) return cast_to_yaml(sheet, generated_at);
    return harmless(base::dump_json(cast_to_json(sheet, generated_at), 2)) + '\n';
}

Result<std::vector<std::filesystem::path>> write_cast(const CastSheet& sheet, const std::vector<CastFormat>& formats,
                                                      const std::filesystem::path& folder, base::WallTime now) {
    std::vector<std::string> texts;
    texts.reserve(formats.size());  // the files point into it
    std::vector<base::NewFile> files;
    for (const CastFormat format : formats) {
        texts.push_back(render_cast(format, sheet, now));
        files.push_back({.extension = format == CastFormat::json ? "json" : "yaml", .bytes = texts.back()});
    }
    return base::save_new_files(folder, "llm_compare_cast_" + base::file_stamp(now), files);
}

}  // namespace llmc::decide
