#include "json_text.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/utf8.h"
#include "plain_text.h"

namespace llmc::report {
namespace {

class JsonWriter {
public:
    JsonWriter(const MakeValue& make, const base::ByteSink& sink) : make_(make), sink_(sink) {}

    void value(const base::OrderedJson& json, std::size_t depth) {
        if (json.is_string()) {
            string(json.get_ref<const std::string&>());
        } else if (json.is_structured() && !json.empty()) {
            container(json, depth);
        } else if (json.is_binary()) {  // no JSON text has such a value
            value(make_(json.get_binary().subtype()), depth);
        } else {
            out_ += base::dump_json(json);
        }
    }

    void finish() {
        out_ += '\n';
        sink_(out_);
    }

private:
    void container(const base::OrderedJson& json, std::size_t depth) {
        const bool is_object = json.is_object();
        out_ += is_object ? '{' : '[';
        bool is_first = true;
        for (const auto& member : json.items()) {
            if (!is_first) out_ += ',';
            is_first = false;
            new_line(depth + 1);
            if (is_object) {
                string(member.key());
                out_ += ": ";
            }
            value(member.value(), depth + 1);
        }
        new_line(depth);
        out_ += is_object ? '}' : ']';
    }

    void new_line(std::size_t depth) {
        out_ += '\n';
        out_.append(2 * depth, ' ');
    }

    void string(std::string_view text) {
        out_ += '"';
        for (std::size_t pos = 0; pos < text.size();) {
            const auto byte = static_cast<unsigned char>(text[pos]);
            if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\') {
                out_ += text[pos++];
            } else {
                special(base::next_code_point(text, pos));
            }
            if (out_.size() >= kPiece) {
                sink_(out_);
                out_.clear();
            }
        }
        out_ += '"';
    }

    void special(char32_t c) {
        switch (c) {
            case '"': out_ += "\\\""; return;
            case '\\': out_ += "\\\\"; return;
            case '\b': out_ += "\\b"; return;
            case '\f': out_ += "\\f"; return;
            case '\n': out_ += "\\n"; return;
            case '\r': out_ += "\\r"; return;
            case '\t': out_ += "\\t"; return;
            default: break;
        }
        if (c < 0x20 || acts_on_terminals(c))
            fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<std::uint32_t>(c));
        else
            base::append_code_point(out_, c);
    }

    static constexpr std::size_t kPiece = std::size_t{64} << 10;
    const MakeValue& make_;
    const base::ByteSink& sink_;
    std::string out_;
};

}  // namespace

base::OrderedJson made_later(std::uint64_t number) {
    return base::OrderedJson::binary({}, number);
}

void write_json_text(const base::OrderedJson& json, const MakeValue& make, const base::ByteSink& sink) {
    JsonWriter writer(make, sink);
    writer.value(json, 0);
    writer.finish();
}

void write_json_text(const base::OrderedJson& json, const base::ByteSink& sink) {
    write_json_text(
        json, [](std::uint64_t) { return base::OrderedJson(); }, sink);
}

std::string json_text(const base::OrderedJson& json) {
    std::string text;
    write_json_text(json, [&text](std::string_view piece) { text += piece; });
    return text;
}

}  // namespace llmc::report
