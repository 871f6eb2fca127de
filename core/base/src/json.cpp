#include "base/json.h"

#include <cmath>
#include <iterator>
#include <limits>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"

namespace llmc::base {
namespace {

constexpr std::size_t kMaxWords = 300;                           // bytes of the parser's words in an error
constexpr std::size_t kMaxPointerBytes = std::size_t{64} << 20;  // all JSON pointers of one document together

// The code unit of a \uXXXX at `pos`; -1 when there is none.
int code_unit_at(std::string_view text, std::size_t pos) {
    if (pos + 6 > text.size() || text[pos] != '\\' || text[pos + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t i = pos + 2; i < pos + 6; ++i) {
        const int digit = hex_value(text[i]);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

bool is_high_surrogate(int unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(int unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Writes \ufffd over every \uXXXX that is half a surrogate pair.
void replace_lone_surrogates(std::string& text) {
    for (std::size_t pos = text.find('\\'); pos != std::string::npos; pos = text.find('\\', pos)) {
        const int unit = code_unit_at(text, pos);
        if (is_high_surrogate(unit) && is_low_surrogate(code_unit_at(text, pos + 6))) {
            pos += 12;
        } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
            text.replace(pos + 2, 4, "fffd");
            pos += 6;
        } else {
            pos += 2;  // past the escaped sign, which may be a backslash
        }
    }
}

bool may_hold_surrogates(std::string_view text) {
    return text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos;
}

// The text to parse: `text` itself, or its repaired copy in `storage`.
std::string_view repaired(std::string_view text, std::string& storage) {
    const bool has_surrogates = may_hold_surrogates(text);
    if (!has_surrogates && is_valid_utf8(text)) return text;
    storage = to_valid_utf8(text);
    if (has_surrogates) replace_lone_surrogates(storage);
    return storage;
}

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …" without the parts for programs.
std::string plain_words(std::string_view what) {
    if (const auto end = what.find("] "); end != std::string_view::npos) what.remove_prefix(end + 2);
    if (what.starts_with("parse error"))
        if (const auto end = what.find(": "); end != std::string_view::npos) what.remove_prefix(end + 2);
    std::string words = to_valid_utf8(what);
    if (words.size() > kMaxWords) {
        words.resize(utf8_cut(words, kMaxWords));
        words += "…";
    }
    return words;
}

// Where a LineIterator is. `line` is the line of the last sign that is no white space: the parser reads one sign beyond
// a number, so that the line of the last byte would be wrong where a number ends a line.
struct LinePosition {
    int current = 1;
    int line = 1;
};

class LineIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    LineIterator(const char* at, LinePosition* position) : at_(at), position_(position) {}
    reference operator*() const { return *at_; }
    LineIterator& operator++() {
        if (*at_ == '\n')
            ++position_->current;
        else if (*at_ != ' ' && *at_ != '\t' && *at_ != '\r')
            position_->line = position_->current;
        ++at_;
        return *this;
    }
    LineIterator operator++(int) {
        LineIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const LineIterator& other) const { return at_ == other.at_; }

private:
    const char* at_;
    LinePosition* position_;
};

// Builds a document from the parser's events; notes lines where it is given a place for them, and refuses repeated keys
// then.
template <class J>
class Builder final : public nlohmann::json_sax<J> {
public:
    explicit Builder(int max_depth, const LinePosition* position = nullptr, std::map<std::string, int>* lines = nullptr)
        : max_depth_(max_depth), position_(position), lines_(lines) {}

    J root;
    Error error{ErrorKind::parse, "not JSON"};

    bool null() override { return add(J(nullptr)); }
    bool boolean(bool value) override { return add(J(value)); }
    bool number_integer(typename J::number_integer_t value) override { return add(J(value)); }
    bool number_unsigned(typename J::number_unsigned_t value) override { return add(J(value)); }
    bool number_float(typename J::number_float_t value, const std::string&) override { return add(J(value)); }
    bool string(std::string& value) override { return add(J(std::move(value))); }
    bool binary(typename J::binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(J::object()); }
    bool start_array(std::size_t) override { return open(J::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        Frame& frame = frames_.back();
        if (has_lines()) enter(frame, name);
        if constexpr (std::is_same_v<J, OrderedJson>) {
            // The object is a vector of members: its own look-up is linear, so names are found by an index of our own.
            auto& members = frame.value->template get_ref<typename J::object_t&>();
            const auto [known, is_new] = frame.members.try_emplace(name, members.size());
            if (is_new) {
                members.push_back({name, J()});
            } else if (lines_) {
                return fail(ErrorKind::parse, "the key \"" + for_terminal_line(name) + "\" stands twice in one object");
            }
            slot_ = &members.data()[known->second].second;
        } else {
            slot_ = &(*frame.value)[name];
        }
        return true;
    }

    bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception& exception) override {
        const std::string words = plain_words(exception.what());
        return fail(ErrorKind::parse, position_ ? words : "not JSON at byte " + std::to_string(byte) + ": " + words);
    }

private:
    struct Frame {
        J* value;
        std::size_t path_size;                                 // of the container's own pointer
        std::size_t next = 0;                                  // of an array: the next element's number
        std::unordered_map<std::string, std::size_t> members;  // of an ordered object
    };

    bool fail(ErrorKind kind, const std::string& message) {
        error.kind = kind;
        error.message = position_ ? "line " + std::to_string(position_->line) + ": " + message : message;
        return false;
    }

    bool add(J value) {
        *place() = std::move(value);
        return true;
    }

    bool open(J container) {
        if (static_cast<int>(frames_.size()) >= max_depth_)
            return fail(ErrorKind::limit, "nested deeper than " + std::to_string(max_depth_) + " levels");
        J* value = place();
        *value = std::move(container);
        frames_.push_back({value, path_.size(), 0, {}});
        return true;
    }

    bool close() {
        path_.resize(frames_.back().path_size);
        frames_.pop_back();
        return true;
    }

    // Where the next value belongs.
    J* place() {
        if (frames_.empty()) {
            note_line();
            return &root;
        }
        Frame& frame = frames_.back();
        if (!frame.value->is_array()) return std::exchange(slot_, nullptr);
        if (has_lines()) enter(frame, std::to_string(frame.next++));
        frame.value->push_back(J());
        return &frame.value->back();
    }

    bool has_lines() const { return lines_ && pointer_bytes_ < kMaxPointerBytes; }

    // Moves the pointer to a member or element of `frame`. Long keys above many values would make the pointers larger
    // than the document by far; beyond kMaxPointerBytes no more are noted, and line_of() finds the parent's line.
    void enter(const Frame& frame, std::string_view name) {
        path_.resize(frame.path_size);
        path_ += '/';
        for (const char c : name) {
            if (c == '~')
                path_ += "~0";
            else if (c == '/')
                path_ += "~1";
            else
                path_ += c;
        }
        pointer_bytes_ += path_.size() + 64;
        note_line();
    }

    void note_line() {
        if (lines_) lines_->try_emplace(path_, position_->line);
    }

    int max_depth_;
    const LinePosition* position_;
    std::map<std::string, int>* lines_;
    std::vector<Frame> frames_;
    J* slot_ = nullptr;  // of the key that was read last
    std::string path_;
    std::size_t pointer_bytes_ = 0;
};

template <class J>
Result<J> parse(std::string_view text, int max_depth) {
    std::string storage;
    const std::string_view source = repaired(text, storage);
    Builder<J> builder(max_depth);
    if (!J::sax_parse(source.data(), source.data() + source.size(), &builder)) return builder.error;
    return std::move(builder.root);
}

template <class J>
std::string dump(const J& value, int indent) {
    return value.dump(indent, ' ', false, J::error_handler_t::replace);
}

}  // namespace

Result<Json> parse_json(std::string_view text, int max_depth) {
    return parse<Json>(text, max_depth);
}
Result<OrderedJson> parse_ordered_json(std::string_view text, int max_depth) {
    return parse<OrderedJson>(text, max_depth);
}

Result<JsonWithLines> parse_json_with_lines(std::string_view text, int max_depth) {
    std::string storage;
    const std::string_view source = repaired(text, storage);
    JsonWithLines document;
    LinePosition position;
    Builder<OrderedJson> builder(max_depth, &position, &document.lines);
    const LineIterator first(source.data(), &position);
    const LineIterator last(source.data() + source.size(), &position);
    if (!OrderedJson::sax_parse(first, last, &builder)) return builder.error;
    document.root = std::move(builder.root);
    return document;
}

int JsonWithLines::line_of(const std::string& pointer) const {
    for (std::string at = pointer;;) {
        if (const auto found = lines.find(at); found != lines.end()) return found->second;
        const auto parent = at.rfind('/');
        if (parent == std::string::npos) return 0;
        at.resize(parent);
    }
}

std::string dump_json(const Json& value, int indent) {
    return dump(value, indent);
}
std::string dump_json(const OrderedJson& value, int indent) {
    return dump(value, indent);
}

const Json* find(const Json& object, std::string_view key) {
    if (!object.is_object()) return nullptr;
    const auto member = object.find(key);
    return member == object.end() ? nullptr : &*member;
}

std::optional<std::string> get_string(const Json& object, std::string_view key) {
    const Json* value = find(object, key);
    if (!value || !value->is_string()) return std::nullopt;
    return value->get<std::string>();
}

std::optional<std::int64_t> get_int(const Json& object, std::string_view key) {
    const Json* value = find(object, key);
    if (!value || !value->is_number()) return std::nullopt;
    if (value->is_number_unsigned()) {
        const auto number = value->get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    if (value->is_number_integer()) return value->get<std::int64_t>();
    const double number = value->get<double>();
    constexpr double kTwoTo63 = 9223372036854775808.0;
    if (!(number >= -kTwoTo63 && number < kTwoTo63) || number != std::trunc(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

std::optional<double> get_number(const Json& object, std::string_view key) {
    const Json* value = find(object, key);
    if (!value || !value->is_number()) return std::nullopt;
    return value->get<double>();
}

std::optional<bool> get_bool(const Json& object, std::string_view key) {
    const Json* value = find(object, key);
    if (!value || !value->is_boolean()) return std::nullopt;
    return value->get<bool>();
}

}  // namespace llmc::base
