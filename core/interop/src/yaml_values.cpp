#include "yaml_values.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "decide/cast.h"
#include "interop/yaml_edit.h"

namespace llmc::interop {

using base::OrderedJson;

namespace {

YamlTree scalar_tree(std::string tag, std::string text) {
    YamlTree tree;
    tree.kind = YamlTree::Kind::scalar;
    tree.tag = std::move(tag);
    tree.text = std::move(text);
    return tree;
}

bool is_plain_sign(char32_t c, std::string_view sign) {
    const bool is_noncharacter = (c & 0xFFFEU) == 0xFFFEU || (c >= 0xFDD0 && c <= 0xFDEF);
    return c >= 0x20 && c != 0x2028 && c != 0x2029 && c != 0xFEFF && !is_noncharacter &&
           !base::for_terminal(sign).empty();
}

}  // namespace

std::string yaml_key(std::string_view text) {
    std::string plain = decide::to_yaml(OrderedJson(text));
    plain.pop_back();
    return plain.starts_with('"') ? yaml_text(text) : plain;
}

std::string yaml_token(const OrderedJson& value) {
    if (value.is_string()) return yaml_text(value.get_ref<const std::string&>());
    if (value.is_array()) {
        std::string list = "[";
        for (const OrderedJson& item : value) list += (list.size() > 1 ? ", " : "") + yaml_token(item);
        return list + ']';
    }
    std::string token = decide::to_yaml(value);  // a number or a truth
    token.pop_back();
    return token;
}

YamlTree key_tree(std::string_view key) {
    return scalar_tree(yaml_key(key).starts_with('"') ? "!" : "?", std::string(key));
}

YamlTree tree_of(const OrderedJson& value) {
    if (value.is_string()) return scalar_tree("!", value.get<std::string>());
    if (value.is_primitive()) return scalar_tree("?", yaml_token(value));
    YamlTree tree;
    tree.kind = value.is_array() ? YamlTree::Kind::sequence : YamlTree::Kind::mapping;
    tree.tag = "?";
    if (value.is_array())
        for (const OrderedJson& item : value) tree.items.push_back(tree_of(item));
    else
        for (const auto& [name, member] : value.items())
            if (!member.is_null()) tree.members.push_back({key_tree(name), tree_of(member)});
    return tree;
}

bool is_read_as(const YamlTree& tree, const OrderedJson& value) {
    if (value.is_null()) return false;
    if (value.is_object()) {
        for (const auto& [name, member] : value.items()) {
            const YamlTree* found = tree.find(name);
            if (member.is_null() ? found != nullptr : !found || !is_read_as(*found, member)) return false;
        }
        return tree.is_mapping();
    }
    if (value.is_array())
        return tree.kind == YamlTree::Kind::sequence && tree.items.size() == value.size() &&
               std::equal(tree.items.begin(), tree.items.end(), value.begin(), is_read_as);
    if (tree.kind != YamlTree::Kind::scalar) return false;
    if (value.is_string())
        return tree.text == value.get_ref<const std::string&>() &&
               (tree.tag == "!" || (tree.tag == "?" && !yaml_key(tree.text).starts_with('"')));
    if (tree.tag != "?") return false;
    if (value.is_boolean()) return tree.text == yaml_token(value);
    const auto number = base::parse_json(tree.text);
    return number && number->is_number() && number->get<double>() == value.get<double>();
}

std::string own_comment(std::string_view text) {
    std::string comment(kOwnComment);
    comment += ' ';
    const std::string line = base::for_terminal_line(text);
    for (std::size_t pos = 0; pos < line.size();) {
        const std::size_t begin = pos;
        const char32_t c = base::next_code_point(line, pos);
        const std::string_view sign = std::string_view(line).substr(begin, pos - begin);
        comment += is_plain_sign(c, sign) ? sign : " ";
    }
    return std::string(base::trim_end(comment));
}

std::string yaml_text(std::string_view text) {
    std::string out = "\"";
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t begin = pos;
        const char32_t c = base::next_code_point(text, pos);
        const std::string_view sign = text.substr(begin, pos - begin);
        if (c == '"' || c == '\\')
            out += fmt::format("\\{}", static_cast<char>(c));
        else if (is_plain_sign(c, sign))
            out += sign;
        else
            out += c <= 0xFFFF ? fmt::format("\\u{:04x}", static_cast<unsigned>(c))
                               : fmt::format("\\U{:08x}", static_cast<unsigned>(c));
    }
    return out + '"';
}

}  // namespace llmc::interop
