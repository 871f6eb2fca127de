#include "json_pointer.h"

#include <algorithm>

#include "base/ascii.h"

namespace llmc::check {
namespace {

using base::hex_value;

std::string unescaped(std::string_view part) {
    std::string key;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const bool is_code = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
        key += !is_code ? part[i] : part[i + 1] == '0' ? '~' : '/';
        if (is_code) ++i;
    }
    return key;
}

}  // namespace

std::string escaped(std::string_view key) {
    std::string text;
    for (const char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_code =
            text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
        decoded += is_code ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
        if (is_code) i += 2;
    }
    return decoded;
}

const base::Json* at_pointer(const base::Json& root, std::string_view pointer) {
    const base::Json* at = &root;
    while (!pointer.empty()) {
        if (pointer.front() != '/') return nullptr;
        pointer.remove_prefix(1);
        const auto end = std::min(pointer.find('/'), pointer.size());
        const std::string key = unescaped(pointer.substr(0, end));
        pointer.remove_prefix(end);
        if (at->is_object()) {
            at = base::find(*at, key);
        } else if (at->is_array() && !key.empty() && key.size() < 9 &&
                   key.find_first_not_of("0123456789") == std::string::npos) {
            const std::size_t index = std::stoul(key);
            at = index < at->size() ? &(*at)[index] : nullptr;
        } else {
            return nullptr;
        }
        if (at == nullptr) return nullptr;
    }
    return at;
}

}  // namespace llmc::check
