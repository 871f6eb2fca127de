#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "json_text.h"
#include "report/report.h"

namespace llmc::report {
namespace {

constexpr std::array<std::pair<Format, std::string_view>, 4> kFormats{
    {{Format::markdown, "md"}, {Format::json, "json"}, {Format::html, "html"}, {Format::csv, "csv"}}};

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

std::string_view extension(Format format) {
    for (const auto& [entry, name] : kFormats)
        if (entry == format) return name;
    return "";
}

Result<std::vector<Format>> formats_from(std::string_view list) {
    std::vector<Format> formats;
    for (;;) {
        const std::size_t comma = list.find(',');
        const std::string_view word = trimmed(list.substr(0, comma));
        const auto known =
            std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& entry) { return entry.second == word; });
        if (known == kFormats.end())
            return Error{ErrorKind::usage,
                         fmt::format("\"{}\" is no report format; there are md, json, html and csv", word)};
        if (std::find(formats.begin(), formats.end(), known->first) == formats.end()) formats.push_back(known->first);
        if (comma == std::string_view::npos) return formats;
        list.remove_prefix(comma + 1);
    }
}

std::string render(Format format, const session::Session& session, base::WallTime generated_at) {
    std::string text;
    render_to([&text](std::string_view piece) { text += piece; }, format, session, generated_at);
    return text;
}

void render_to(const base::ByteSink& sink, Format format, const session::Session& session,
               base::WallTime generated_at) {
    switch (format) {
        case Format::markdown: return write_markdown(session, generated_at, sink);
        case Format::json: return write_json_text(to_json(session, generated_at), sink);
        case Format::html: return sink(to_html(session, generated_at));
        case Format::csv: return sink(to_csv(session));
    }
}

}  // namespace llmc::report
