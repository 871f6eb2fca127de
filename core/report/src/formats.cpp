#include <algorithm>

#include <fmt/format.h>

#include "base/white_space.h"
#include "json_text.h"
#include "report/format.h"
#include "report/report.h"

namespace llmc::report {
namespace {

constexpr FormatRow kFormats[] = {
    {"md", "Markdown", Keeps::words, true, write_markdown},
    {"json", "JSON", Keeps::everything, true, write_json},
    {"html", "HTML", Keeps::words, false,
     [](const session::Session& session, base::WallTime generated_at, const base::ByteSink& sink) {
         sink(to_html(session, generated_at));
     }},
    {"csv", "CSV", Keeps::figures, false,
     [](const session::Session& session, base::WallTime, const base::ByteSink& sink) { sink(to_csv(session)); }},
};

}  // namespace

std::span<const FormatRow> formats() {
    return kFormats;
}

Format format_of(std::string_view extension) {
    for (const FormatRow& row : kFormats)
        if (row.extension == extension) return &row;
    return nullptr;
}

std::vector<Format> all_formats() {
    std::vector<Format> all;
    for (const FormatRow& row : kFormats) all.push_back(&row);
    return all;
}

std::vector<Format> usual_formats() {
    std::vector<Format> usual = all_formats();
    std::erase_if(usual, [](Format format) { return !format->is_usual; });
    return usual;
}

std::string extensions_text(const std::vector<Format>& formats, std::string_view between) {
    std::string text;
    for (const Format format : formats) text += fmt::format("{}{}", text.empty() ? "" : between, format->extension);
    return text;
}

Result<std::vector<Format>> formats_from(std::string_view list) {
    std::vector<Format> formats;
    for (;;) {
        const std::size_t comma = list.find(',');
        const std::string_view word = base::trimmed(list.substr(0, comma));
        const Format format = format_of(word);
        if (format == nullptr)
            return Error{ErrorKind::usage, fmt::format("\"{}\" is no report format; there are {}", word,
                                                       extensions_text(all_formats(), ", "))};
        if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(format);
        if (comma == std::string_view::npos) return formats;
        list.remove_prefix(comma + 1);
    }
}

std::string render(Format format, const session::Session& session, base::WallTime generated_at) {
    std::string text;
    format->write(session, generated_at, [&text](std::string_view piece) { text += piece; });
    return text;
}

}  // namespace llmc::report
