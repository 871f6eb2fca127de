#include "import_document.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text_file.h"
#include "base/utf8.h"
#include "base/white_space.h"
#include "yaml_document.h"
#include "zip_entries.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;

constexpr std::string_view kTraces = "llm_traces.jsonl";

// "FILE:LINE: what" of an error that says "line N: what", N counted from `line`.
Error at_line(const Error& error, const std::string& file, std::size_t line) {
    std::string_view what = error.message;
    std::size_t within = 1;
    if (what.starts_with("line ")) {
        const auto colon = what.find(": ");
        within = static_cast<std::size_t>(std::atoi(std::string(what.substr(5, 12)).c_str()));
        if (colon != std::string_view::npos) what.remove_prefix(colon + 2);
    }
    return {error.kind, base::for_terminal_line(fmt::format("{}:{}: {}", file, line + within - 1, what))};
}

// "archive.zip" or "archive.zip: run/llm_traces.jsonl".
std::string file_words(const Place& place) {
    return place.path.empty() ? place.file : fmt::format("{}: {}", place.file, place.path);
}

std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

Result<Document> parse_lines(std::string_view text, const Place& place) {
    Document document{.file = place.file};
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = base::trim(next_line(text));
        if (line.empty()) continue;
        auto json = base::parse_json_with_lines(line);
        if (!json) return at_line(json.error(), file_words(place), number);
        const Place at = place.path.empty() ? Place{place.file, fmt::format("line {}", number)}
                                            : Place{place.file, fmt::format("{}, line {}", place.path, number)};
        document.records.push_back({at, std::move(json->root)});
    }
    return document;
}

Result<Document> whole_document(OrderedJson root, const Place& place) {
    Document document{.file = place.file};
    if (!root.is_array()) {
        document.is_whole = root.is_object();
        document.records.push_back({place, std::move(root)});
        return document;
    }
    if (root.empty()) return Error{ErrorKind::parse, fmt::format("{}: an empty list is no test", file_words(place))};
    for (std::size_t i = 0; i < root.size(); ++i) document.records.push_back({place[i], std::move(root[i])});
    return document;
}

// JSON takes up to a hundred times its bytes in memory where it is all signs.
Result<void> check_signs(std::string_view text, const Place& place) {
    const auto is_sign = [](char c) { return c == ',' || c == ':' || c == '[' || c == '{'; };
    if (static_cast<std::size_t>(std::ranges::count_if(text, is_sign)) <= kMaxImportSigns) return {};
    return Error{ErrorKind::limit, fmt::format("{}: holds more than {} values", file_words(place), kMaxImportSigns)};
}

// The first object that has too many members; null where there is none.
const OrderedJson* too_large_object(const OrderedJson& value) {
    if (!value.is_structured()) return nullptr;
    if (value.is_object() && value.size() > kMaxImportMembers) return &value;
    for (const OrderedJson& one : value)
        if (const OrderedJson* found = too_large_object(one)) return found;
    return nullptr;
}

// Whether the first line that is not blank is a JSON object of its own, and another one follows.
bool has_lines_of_json(std::string_view text) {
    std::string_view line;
    while (!text.empty() && line.empty()) line = base::trim(next_line(text));
    return line.starts_with('{') && line.ends_with('}') && base::trim_start(text).starts_with('{') &&
           base::parse_ordered_json(line).ok();
}

Result<Document> parse_text(std::string_view bytes, const Place& place) {
    if (auto ok = base::check_utf8(bytes, file_words(place)); !ok) return ok.error();
    const std::string_view text = base::without_byte_order_mark(bytes);
    if (base::shows_nothing(text)) return Error{ErrorKind::parse, fmt::format("{}: is empty", file_words(place))};
    if (auto ok = check_signs(text, place); !ok) return ok.error();
    const bool looks_like_json = base::trim_start(text).find_first_of("{[") == 0;
    if (looks_like_json && has_lines_of_json(text)) return parse_lines(text, place);
    if (looks_like_json && text.size() > kMaxWholeFile)
        return Error{ErrorKind::limit, fmt::format("{}: a document of more than {} MiB is not read", file_words(place),
                                                   kMaxWholeFile >> 20)};
    if (looks_like_json) {
        auto json = base::parse_json_with_lines(text);
        if (json) return whole_document(std::move(json->root), place);
        // YAML may begin with a brace too.
        auto yaml = parse_yaml(text, file_words(place));
        if (!yaml || !yaml->is_structured()) return at_line(json.error(), file_words(place), 1);
        return whole_document(*std::move(yaml), place);
    }
    auto yaml = parse_yaml(text, file_words(place));
    if (!yaml) return yaml.error();
    return whole_document(*std::move(yaml), place);
}

}  // namespace

Result<Document> parse_document(std::string_view bytes, const Place& place) {
    auto document = parse_text(bytes, place);
    if (!document) return document;
    for (const Record& record : document->records)
        if (const OrderedJson* object = too_large_object(record.value))
            return Error{ErrorKind::limit, base::for_terminal_line(fmt::format(
                                               "{}: an object has more than {} members: \"{}\" and others",
                                               file_words(record.place), kMaxImportMembers, object->begin().key()))};
    return document;
}

std::optional<OrderedJson> json_in(const std::string& text) {
    auto parsed = base::parse_ordered_json(text);
    if (!parsed || too_large_object(*parsed) != nullptr) return std::nullopt;
    return *std::move(parsed);
}

Result<Document> parse_beginning(std::string_view bytes) {
    std::string_view text = base::trim_start(base::without_byte_order_mark(bytes));
    return parse_document(has_lines_of_json(text) ? next_line(text) : text, {});
}

Result<std::vector<Document>> documents_of(const SourceFile& file, Notes& notes) {
    std::vector<Document> documents;
    if (!is_zip(file.bytes)) {
        auto document = parse_document(file.bytes, {file.name, {}});
        if (!document) return document.error();
        documents.push_back(*std::move(document));
        return documents;
    }
    auto entries = zip_entries(file.bytes, file.name, kTraces);
    if (!entries) return entries.error();
    for (ZipEntry& entry : *entries) {
        const Place place{file.name, entry.name};
        if (!entry.is_wanted) {
            notes.add(place, "is not looked at: only the traces of an archive are");
            continue;
        }
        auto document = parse_document(entry.bytes, place);
        if (!document) return document.error();
        documents.push_back(*std::move(document));
        entry.bytes.clear();
    }
    if (documents.empty())
        return Error{ErrorKind::parse, fmt::format("{}: the archive holds no {}", file.name, kTraces)};
    return documents;
}

}  // namespace llmc::interop
