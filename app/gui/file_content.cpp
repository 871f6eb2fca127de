#include "gui/file_content.h"

#include <cstdint>
#include <optional>

#include "base/ascii.h"
#include "base/json.h"
#include "decide/cast.h"
#include "interop/import.h"
#include "interop/results.h"
#include "report/session_file.h"
#include "suite/suite.h"

namespace llmc::gui {
namespace {

// Ends the reading at the "format" of the outermost object.
class FormatReader : public nlohmann::json_sax<base::Json> {
public:
    std::optional<std::string> format;
    bool has_prompt = false;  // a text, in the outermost object
    bool is_broken = false;

    bool key(string_t& name) override {
        if (depth_ == 1) key_ = name;
        return true;
    }
    bool string(string_t& text) override {
        if (depth_ != 1 || is_list_) return true;
        has_prompt = has_prompt || key_ == "prompt";
        if (key_ != "format") return true;
        format = text;
        return false;
    }
    bool start_object(std::size_t) override { return begin(false); }
    bool start_array(std::size_t) override { return begin(true); }
    bool end_object() override { return --depth_ > 0; }
    bool end_array() override { return --depth_ > 0; }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        is_broken = true;
        return false;
    }

private:
    bool begin(bool is_list) {
        if (++depth_ == 1) is_list_ = is_list;
        return depth_ <= base::kMaxJsonDepth;
    }

    int depth_ = 0;
    bool is_list_ = false;
    std::string key_;
};

// Leaves other programs' files as what they are for us.
FileContent own_content(std::string_view bytes, const std::string& named) {
    const FileContent by_name = named == ".json"    ? FileContent::other_json
                                : named == ".jsonl" ? FileContent::prompts
                                                    : FileContent::text;
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
    const std::size_t start = bytes.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return by_name;
    bytes.remove_prefix(start);
    if (bytes.starts_with("format: ") && bytes.substr(8).starts_with(decide::kCastFormat)) return FileContent::cast;
    if (bytes.front() != '{' && bytes.front() != '[') return by_name;
    FormatReader reader;
    nlohmann::json::sax_parse(bytes, &reader, nlohmann::json::input_format_t::json, false);
    if (reader.format == report::kSessionFormat) return FileContent::session;
    if (reader.format == report::kReportFormat) return FileContent::report;
    if (reader.format == suite::kSuiteFormat) return FileContent::suite;
    if (reader.format == decide::kCastFormat) return FileContent::cast;
    if (reader.has_prompt && !reader.format) return FileContent::prompts;
    return reader.is_broken ? by_name : FileContent::other_json;
}

}  // namespace

FileContent content_of(std::string_view bytes, const std::filesystem::path& path) {
    const std::string named = base::to_lower(path.extension().string());
    const FileContent own = own_content(bytes, named);
    // Any text would be YAML, and prompts are texts.
    const bool may_be_other =
        own == FileContent::other_json ||
        (own == FileContent::text && (named == ".yaml" || named == ".yml" || bytes.starts_with("PK\x03\x04")));
    if (own == FileContent::other_json && interop::is_results(bytes)) return FileContent::results;
    return may_be_other && interop::is_known_kind(bytes) ? FileContent::other_program : own;
}

std::string prompt_extension(FileContent content, const std::filesystem::path& path) {
    if (content == FileContent::prompts) return ".jsonl";
    const std::string named = base::to_lower(path.extension().string());
    return named == ".md" || named == ".markdown" ? ".md" : ".txt";
}

}  // namespace llmc::gui
