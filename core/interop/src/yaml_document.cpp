#include "yaml_document.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "interop/import.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;

constexpr std::string_view kYamlTypes = "tag:yaml.org,2002:";

// A plain scalar by YAML 1.2's core schema.
OrderedJson plain_scalar(const std::string& text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    const char* begin = text.data() + (text.front() == '+' ? 1 : 0);
    const char* const end = text.data() + text.size();
    const char* digits = begin + (begin != end && *begin == '-' ? 1 : 0);
    if (digits == end || !(base::is_digit(*digits) || *digits == '.')) return text;
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(begin, end, whole); read.ec == std::errc() && read.ptr == end) return whole;
    double real = 0;
    if (const auto read = std::from_chars(begin, end, real); read.ec == std::errc() && read.ptr == end) return real;
    return text;
}

class YamlReader final : public YAML::EventHandler {
public:
    explicit YamlReader(std::string_view file) : file_(file) {}

    std::optional<Error> error() const { return error_; }
    OrderedJson take() { return std::move(root_); }
    void fail(ErrorKind kind, int line, std::string_view what) {
        if (error_) return;
        const std::string at = line < 0 ? std::string(file_) : fmt::format("{}:{}", file_, line + 1);
        error_ = Error{kind, base::for_terminal_line(fmt::format("{}: {}", at, what))};
    }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (has_room(mark, {1, 0, 0})) put(mark, nullptr, {1, 0, 0}, anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) return fail(ErrorKind::parse, mark.line, "an alias stands within its own anchor");
        if (has_room(mark, found->second.size)) put(mark, found->second.value, found->second.size, 0);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const Size size{1, value.size(), 0};
        if (!is_allowed(mark, tag) || !has_room(mark, size)) return;
        const bool is_plain = tag != "!" && !tag.ends_with(":str");
        put(mark, is_plain ? plain_scalar(value) : OrderedJson(value), size, anchor, &value);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, OrderedJson::array());
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, OrderedJson::object());
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

private:
    struct Size {
        std::size_t nodes = 0, bytes = 0;
        int depth = 0;  // of levels below
    };
    struct Anchored {
        OrderedJson value;
        Size size;
    };
    struct Open {
        OrderedJson value;
        YAML::anchor_t anchor;
        YAML::Mark mark;
        Size size{1, 0, 0};
        std::optional<std::string> key;
        std::vector<OrderedJson> merged;  // of "<<"
    };

    bool is_allowed(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with(kYamlTypes)) {
            const std::string_view type = std::string_view(tag).substr(std::min(kYamlTypes.size(), tag.size()));
            for (const char* known : {"", "str", "int", "float", "bool", "null", "map", "seq"})
                if (type == known) return true;
        }
        fail(ErrorKind::parse, mark.line, fmt::format("the tag {} makes an object: it is not taken", tag));
        return false;
    }

    // Counts what is added; false where it is too much, or something was wrong before.
    bool has_room(const YAML::Mark& mark, const Size& size) {
        if (error_) return false;
        nodes_ += size.nodes;
        bytes_ += size.bytes;
        need_limits(mark, nodes_, bytes_);
        if (open_.size() + static_cast<std::size_t>(size.depth) > base::kMaxJsonDepth)
            fail(ErrorKind::limit, mark.line, fmt::format("nested deeper than {} levels", base::kMaxJsonDepth));
        return !error_;
    }

    void need_limits(const YAML::Mark& mark, std::size_t nodes, std::size_t bytes) {
        if (nodes > kMaxImportYamlNodes)
            fail(ErrorKind::limit, mark.line, fmt::format("more than {} nodes with the aliases", kMaxImportYamlNodes));
        if (bytes > kMaxImportYaml)
            fail(ErrorKind::limit, mark.line, fmt::format("more than {} MiB with the aliases", kMaxImportYaml >> 20));
    }

    bool has_room_for_member(const OrderedJson& object, const YAML::Mark& mark) {
        if (object.size() >= kMaxImportMembers)
            fail(ErrorKind::limit, mark.line, fmt::format("a mapping has more than {} members", kMaxImportMembers));
        return !error_;
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, OrderedJson empty) {
        if (is_allowed(mark, tag) && has_room(mark, {1, 0, 1}))
            open_.push_back({.value = std::move(empty), .anchor = anchor, .mark = mark});
    }

    void close() {
        if (error_ || open_.empty()) return;
        Open done = std::move(open_.back());
        open_.pop_back();
        for (OrderedJson& merged : done.merged)
            for (const auto& [key, value] : merged.items())
                if (has_room_for_member(done.value, done.mark) && !done.value.contains(key)) done.value[key] = value;
        ++done.size.depth;
        put(done.mark, std::move(done.value), done.size, done.anchor);
    }

    void put(const YAML::Mark& mark, OrderedJson value, const Size& size, YAML::anchor_t anchor,
             const std::string* scalar = nullptr) {
        if (anchor != 0) keep(mark, value, size, anchor);
        if (error_) return;
        if (open_.empty()) {
            root_ = std::move(value);
            return;
        }
        Open& parent = open_.back();
        parent.size.nodes += size.nodes;
        parent.size.bytes += size.bytes;
        parent.size.depth = std::max(parent.size.depth, size.depth);
        if (parent.value.is_array())
            parent.value.push_back(std::move(value));
        else if (!parent.key)
            take_key(parent, mark, value, scalar);
        else
            take_member(parent, std::move(value));
    }

    // Anchors within anchors are copies of copies: they have the same limits.
    void keep(const YAML::Mark& mark, const OrderedJson& value, const Size& size, YAML::anchor_t anchor) {
        kept_nodes_ += size.nodes;
        kept_bytes_ += size.bytes;
        need_limits(mark, kept_nodes_, kept_bytes_);
        if (!error_) anchors_[anchor] = {value, size};
    }

    void take_key(Open& parent, const YAML::Mark& mark, const OrderedJson& value, const std::string* scalar) {
        if (value.is_structured()) return fail(ErrorKind::parse, mark.line, "a key is no text");
        parent.key = scalar ? *scalar : value.is_string() ? value.get<std::string>() : base::dump_json(value);
        if (!has_room_for_member(parent.value, mark)) return;
        if (parent.value.contains(*parent.key))
            fail(ErrorKind::parse, mark.line, fmt::format("the key \"{}\" stands there twice", *parent.key));
    }

    static void take_member(Open& parent, OrderedJson value) {
        const std::string key = *std::exchange(parent.key, std::nullopt);
        if (key != "<<") {
            parent.value[key] = std::move(value);
        } else if (value.is_object()) {
            parent.merged.push_back(std::move(value));
        } else if (value.is_array()) {
            for (OrderedJson& one : value)
                if (one.is_object()) parent.merged.push_back(std::move(one));
        }
    }

    std::string_view file_;
    std::optional<Error> error_;
    OrderedJson root_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t nodes_ = 0, bytes_ = 0;            // with the aliases
    std::size_t kept_nodes_ = 0, kept_bytes_ = 0;  // of what has an anchor
};

}  // namespace

Result<OrderedJson> parse_yaml(std::string_view text, std::string_view file) {
    if (text.size() > kMaxImportYaml)
        return Error{ErrorKind::limit,
                     fmt::format("{}: YAML of more than {} MiB is not read", file, kMaxImportYaml >> 20)};
    YamlReader reader(file);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        parser.HandleNextDocument(reader);
        YamlReader second(file);
        if (!reader.error() && parser.HandleNextDocument(second))
            reader.fail(ErrorKind::parse, -1, "holds several documents: one is read");
    } catch (const YAML::Exception& error) {
        reader.fail(ErrorKind::parse, error.mark.is_null() ? -1 : error.mark.line, error.msg);
    } catch (const std::exception& error) {
        reader.fail(ErrorKind::parse, -1, error.what());
    }
    if (reader.error()) return *reader.error();
    return reader.take();
}

}  // namespace llmc::interop
