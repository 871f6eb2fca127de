#include "suite/output.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::suite {
namespace {

using base::OrderedJson;

constexpr const char* kDefinitions = "$defs";
constexpr int kMostDeep = 200;

std::string too_large() {
    return fmt::format("is larger than {} KiB with all that it refers to", kMaxSentSchema >> 10);
}

bool is_definitions(std::string_view key) {
    return key == kDefinitions || key == "definitions";
}

// Members whose values are data, not schemas.
bool holds_data(std::string_view key) {
    return key == "const" || key == "enum" || key == "default" || key == "examples";
}

// Writes a schema without references to its own parts.
class Inliner {
public:
    explicit Inliner(const OrderedJson& root) : root_(root) {}

    Result<OrderedJson> run() {
        walked_.emplace(&root_, Walk::open);
        find_circles(root_);
        OrderedJson made = written(root_);
        for (const Circle& one : circles_)
            if (one.schema != &root_) made[kDefinitions][one.name] = written(*one.schema);
        if (error_) return *std::move(error_);
        return made;
    }

private:
    // A part that contains itself, directly or by way of others.
    struct Circle {
        const OrderedJson* schema;
        std::string name;
    };
    enum class Walk { open, closed };

    // How deep the walk is: references lead deeper than JSON can.
    class Deeper {
    public:
        explicit Deeper(Inliner& inliner) : depth_(inliner.depth_) {
            if (++depth_ > kMostDeep) inliner.fail(fmt::format("nests deeper than {}", kMostDeep), ErrorKind::limit);
        }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        ~Deeper() { --depth_; }

    private:
        int& depth_;
    };

    void fail(std::string what, ErrorKind kind = ErrorKind::parse) {
        if (!error_) error_ = Error{kind, std::move(what)};
    }

    void add_size(std::size_t bytes) {
        size_ += bytes;
        if (size_ > 2 * kMaxSentSchema) fail(too_large(), ErrorKind::limit);
    }

    // The value that a reference means, and the last word of it; null, and an error, where there is none.
    const OrderedJson* target(const OrderedJson& reference, std::string* name = nullptr) {
        const std::string text = reference.is_string() ? reference.get<std::string>() : base::dump_json(reference);
        const OrderedJson* found = &root_;
        if (text != "#" && !text.starts_with("#/")) found = nullptr;
        for (std::size_t begin = 2; found && begin <= text.size() && text != "#";) {
            const std::size_t end = std::min(text.find('/', begin), text.size());
            const std::string key = unescaped(std::string_view(text).substr(begin, end - begin));
            found = member(*found, key);
            if (name) *name = key;
            begin = end + 1;
        }
        if (!found) fail(fmt::format("\"$ref\": {} leads to nothing in it", base::for_terminal_line(text)));
        return found;
    }

    static std::string unescaped(std::string_view token) {
        std::string key;
        for (std::size_t i = 0; i < token.size(); ++i) {
            const bool is_escape = token[i] == '~' && i + 1 < token.size();
            key += !is_escape ? token[i] : token[++i] == '0' ? '~' : '/';
        }
        return key;
    }

    static const OrderedJson* member(const OrderedJson& value, const std::string& key) {
        if (value.is_object()) {
            const auto found = value.find(key);
            return found == value.end() ? nullptr : &*found;
        }
        std::size_t index = 0;
        const auto read = std::from_chars(key.data(), key.data() + key.size(), index);
        const bool is_index = read.ec == std::errc{} && read.ptr == key.data() + key.size();
        return value.is_array() && is_index && index < value.size() ? &value[index] : nullptr;
    }

    // Every reference that leads back to where the walk is.
    void find_circles(const OrderedJson& value) {
        const Deeper deeper(*this);
        if (error_) return;
        if (value.is_array())
            for (const OrderedJson& one : value) find_circles(one);
        if (!value.is_object()) return;
        for (const auto& [key, one] : value.items())
            if (key != "$ref" && !holds_data(key)) find_circles(one);
        const auto reference = value.find("$ref");
        if (reference == value.end()) return;
        std::string name;
        const OrderedJson* meant = target(*reference, &name);
        if (!meant) return;
        const auto [known, is_new] = walked_.emplace(meant, Walk::open);
        if (!is_new && known->second == Walk::open && !circle(meant)) add_circle(meant, std::move(name));
        if (!is_new) return;
        find_circles(*meant);
        walked_[meant] = Walk::closed;
    }

    const Circle* circle(const OrderedJson* meant) const {
        const auto found = std::ranges::find(circles_, meant, &Circle::schema);
        return found == circles_.end() ? nullptr : &*found;
    }

    void add_circle(const OrderedJson* meant, std::string name) {
        const auto is_taken = [this](const std::string& one) {
            return std::ranges::find(circles_, one, &Circle::name) != circles_.end();
        };
        std::string own = name;
        for (int number = 2; is_taken(own); ++number) own = fmt::format("{}_{}", name, number);
        circles_.push_back({meant, std::move(own)});
    }

    OrderedJson written(const OrderedJson& value) {
        const Deeper deeper(*this);
        if (error_) return {};
        if (value.is_array()) {
            OrderedJson list = OrderedJson::array();
            for (const OrderedJson& one : value) list.push_back(written(one));
            add_size(2 + list.size());
            return list;
        }
        if (!value.is_object()) return data(value);
        OrderedJson made = OrderedJson::object();
        for (const auto& [key, one] : value.items()) {
            if (key == "$schema" || key == "$ref" || (&value == &root_ && is_definitions(key))) continue;
            made[key] = holds_data(key) ? data(one) : written(one);
            add_size(key.size() + 4);
        }
        add_size(2);
        if (const auto reference = value.find("$ref"); reference != value.end()) add_target(*reference, made);
        return made;
    }

    // What stands beside the reference holds, too: a description, say.
    void add_target(const OrderedJson& reference, OrderedJson& made) {
        const OrderedJson* meant = target(reference);
        if (!meant) return;
        if (const Circle* round = circle(meant)) {
            made["$ref"] = meant == &root_ ? "#" : fmt::format("#/{}/{}", kDefinitions, escaped(round->name));
            return;
        }
        OrderedJson all = written(*meant);
        if (!all.is_object()) {  // true or false: a schema for anything, or for nothing
            if (made.empty()) made = std::move(all);
            return;
        }
        for (const auto& [key, one] : made.items()) all[key] = one;
        made = std::move(all);
    }

    static std::string escaped(std::string_view key) {
        std::string token;
        for (const char c : key) token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return token;
    }

    OrderedJson data(const OrderedJson& value) {
        add_size(base::dump_json(value).size());
        return value;
    }

    const OrderedJson& root_;
    std::map<const OrderedJson*, Walk> walked_;  // what references mean
    std::vector<Circle> circles_;
    std::size_t size_ = 0;  // of what has been written, about
    int depth_ = 0;
    std::optional<Error> error_;
};

}  // namespace

Result<OrderedJson> sent_schema(const OrderedJson& schema) {
    auto made = Inliner(schema).run();
    if (made && base::dump_json(*made).size() > kMaxSentSchema) return Error{ErrorKind::limit, too_large()};
    return made;
}

}  // namespace llmc::suite
