// Strict reading of a JSON file: every mistake is told with file, key and, where a person wrote the file, line.
//
// Thread contract: one thread.
// Invariants: the first error stays, and reading goes on without effect: the caller asks for it once, at the end. A
// reader knows the keys that it was asked for; finish() refuses all others, or keeps them where the file is of a later
// version or a program's. In a program's file a member that is null counts as absent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace llmc::base {

class JsonFile {
public:
    // Errors: `parse` or `limit`, "PATH:LINE: …"; text that is not UTF-8 too.
    static Result<JsonFile> parse(std::string_view text, const std::filesystem::path& path);
    // What a program wrote, that people only read: without lines.
    static JsonFile of_program(OrderedJson root, std::string_view name);

    const OrderedJson& root() const { return json_.root; }

    // "PATH:LINE: servers[0].url" for "/servers/0/url"; "NAME: servers[0].url" in a program's file.
    std::string place(const std::string& pointer) const;
    // Notes an error at `pointer` ("/servers/0/url"): "PATH:LINE: servers[0].url: WHAT".
    void fail(const std::string& pointer, std::string_view what);
    // The same for a message that names its key.
    void fail_as(const std::string& pointer, std::string_view message);
    const std::optional<Error>& error() const { return error_; }
    // Adds words to the error that was noted, where there is one.
    void add_to_error(std::string_view words);

    // From now on unknown keys are kept and listed instead of refused.
    void keep_unknown_keys() { keeps_unknown_ = true; }
    bool keeps_unknown_keys() const { return keeps_unknown_; }
    bool is_of_program() const { return is_of_program_; }
    std::vector<std::string> kept_keys;  // "servers[0].region"

    // Keys that are refused with words of their own, whatever else holds, where they are not asked for: for what people
    // may put in the wrong place.
    void refuse_keys(bool (*is_refused)(std::string_view key), std::string_view why) {
        is_refused_ = is_refused;
        why_refused_ = why;
    }
    // Those words; nothing for any other key.
    std::optional<std::string_view> why_refused(std::string_view key) const;

private:
    std::string place_of_line(const std::string& pointer) const;

    std::string path_;
    JsonWithLines json_;
    bool is_of_program_ = false;
    std::optional<Error> error_;
    bool keeps_unknown_ = false;
    bool (*is_refused_)(std::string_view key) = nullptr;
    std::string why_refused_;
};

// "null", "an object", "a list", "a text", "a number", "true": what a value is, for messages.
std::string_view json_type_name(const OrderedJson& value);
std::string_view json_type_name(const Json& value);

// "servers[0].url" for "/servers/0/url".
std::string key_name(const std::string& pointer);

enum class Null { refused, is_absent };

// One object of the file.
class FieldReader {
public:
    // A value that is no object is an error, and is read as an empty one. The file must outlive the reader.
    FieldReader(JsonFile& file, const OrderedJson& value, std::string pointer);

    // The member, or null where there is none.
    const OrderedJson* find(std::string_view key);
    bool is_null(std::string_view key);  // it is there, and null

    // The text, empty where it is absent or wrong.
    std::string string(std::string_view key) { return text_or_empty(key, Null::is_absent).value_or(std::string()); }
    // The same; an error where it is absent.
    std::string required_text(std::string_view key);
    std::int64_t required_integer(std::string_view key, std::int64_t lowest, std::int64_t highest);

    // The member's value; nothing where it is absent or wrong.
    std::optional<std::string> text(std::string_view key, Null null = Null::refused);  // not empty
    std::optional<std::string> text_or_empty(std::string_view key, Null null = Null::refused);
    std::optional<double> number(std::string_view key, Null null = Null::refused);
    std::optional<double> number_within(std::string_view key, double lowest, double highest);
    std::optional<std::int64_t> integer(std::string_view key, Null null = Null::refused);  // 3.0 too
    std::optional<std::int64_t> integer_within(std::string_view key, std::int64_t lowest, std::int64_t highest);
    std::optional<bool> flag(std::string_view key);
    std::optional<std::vector<std::string>> texts(std::string_view key,
                                                  Null null = Null::refused);  // one text, or a list
    const OrderedJson* list(std::string_view key);
    const OrderedJson* object(std::string_view key);

    // Calls `read` for an object, for every object of a list, for every member of an object. An absent member is no
    // call.
    void object(std::string_view key, const std::function<void(FieldReader&)>& read);
    void each(std::string_view key, const std::function<void(FieldReader&)>& read);
    void members(std::string_view key, const std::function<void(const std::string& name, FieldReader&)>& read);

    std::string pointer(std::string_view key) const { return pointer_ + '/' + std::string(key); }
    void fail(std::string_view key, std::string_view what) { file_.fail(pointer(key), what); }
    // Passes on the verdict of a function that knows what is allowed; its message names the key.
    void require(std::string_view key, const Result<void>& verdict);

    // All that may be there was asked for. Gives the unknown members that are kept; null for none.
    OrderedJson finish();

private:
    const OrderedJson* find_of_type(std::string_view key, Null null, bool (*is_type)(const OrderedJson&),
                                    std::string_view wanted);

    JsonFile& file_;
    const OrderedJson& object_;
    std::string pointer_;
    std::vector<std::string> known_;
};

}  // namespace llmc::base
