// JSON values as YAML that every reader takes for the same values.
//
// A string stands without quotes only where nothing in it means anything to YAML 1.1 or 1.2: it begins with a letter,
// has letters, digits and a few signs, and is no word that either version reads as something else (no, on, null, …).
// Numbers have a dot where they have an exponent: without one, YAML 1.1 takes them for strings.
#include <algorithm>
#include <array>
#include <cctype>

#include <yaml-cpp/yaml.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "decide/cast.h"

namespace llmc::decide {
namespace {

using base::OrderedJson;

bool is_word_of_yaml(std::string_view text) {
    static constexpr std::array<std::string_view, 14> kWords{
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf", "infinity", "undefined"};
    return std::find(kWords.begin(), kWords.end(), base::to_lower(text)) != kWords.end();
}

bool is_plain(std::string_view text) {
    if (text.empty() || !base::is_letter(text.front()) || text.back() == ' ' || is_word_of_yaml(text)) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return base::is_letter_or_digit(c) || std::string_view(" _-./()+").find(c) != std::string_view::npos;
    });
}

// What may not stand in YAML as it is, or would act on a terminal: DEL, C1, line breaks of other kinds, bidi controls,
// byte order marks.
bool needs_escapes(std::string_view text) {
    if (base::for_terminal(text).size() != text.size()) return true;
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = base::next_code_point(text, pos);
        if (c == 0x2028 || c == 0x2029 || c == 0xFEFF) return true;
    }
    return false;
}

void write_text(YAML::Emitter& out, const std::string& text) {
    if (is_plain(text)) {
        out << text;
        return;
    }
    out << YAML::DoubleQuoted;
    if (needs_escapes(text)) out << YAML::EscapeNonAscii;
    out << text;
}

std::string number_text(const OrderedJson& number) {
    std::string text = base::dump_json(number);
    const std::size_t exponent = text.find('e');
    if (exponent != std::string::npos && text.find('.') == std::string::npos) text.insert(exponent, ".0");
    return text;
}

void write(YAML::Emitter& out, const OrderedJson& json) {
    if (json.is_object()) {
        if (json.empty()) out << YAML::Flow;
        out << YAML::BeginMap;
        for (const auto& [name, value] : json.items()) {
            out << YAML::Key;
            write_text(out, name);
            out << YAML::Value;
            write(out, value);
        }
        out << YAML::EndMap;
    } else if (json.is_array()) {
        if (json.empty()) out << YAML::Flow;
        out << YAML::BeginSeq;
        for (const OrderedJson& value : json) write(out, value);
        out << YAML::EndSeq;
    } else if (const auto* text = json.get_ptr<const std::string*>()) {
        write_text(out, *text);
    } else if (json.is_boolean()) {
        out << (json.get<bool>() ? "true" : "false");
    } else if (json.is_number()) {
        out << number_text(json);
    } else {
        out << YAML::Null;
    }
}

}  // namespace

std::string to_yaml(const OrderedJson& json) {
    YAML::Emitter out;
    out.SetIndent(2);
    out.SetNullFormat(YAML::LowerNull);
    write(out, json);
    return std::string(out.c_str(), out.size()) + '\n';
}

}  // namespace llmc::decide
