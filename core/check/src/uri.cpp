#include "uri.h"

#include <algorithm>

#include "base/ascii.h"

namespace llmc::check {
namespace {

std::string without_dots(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const auto end = std::min(path.find('/', 1), path.size());
        const auto part = path.substr(0, end);
        path.remove_prefix(end);
        if (part == "/." || part == "/..") {
            if (part == "/..") out.resize(std::min(out.rfind('/'), out.size()));
            if (path.empty()) out += '/';
        } else {
            out += part;
        }
    }
    return out;
}

}  // namespace

std::size_t scheme_size(std::string_view uri) {
    if (uri.empty() || !base::is_letter(uri.front())) return 0;
    const auto is_part = [](char c) { return base::is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; };
    const auto end = std::find_if_not(uri.begin(), uri.end(), is_part);
    return end != uri.end() && *end == ':' ? static_cast<std::size_t>(end - uri.begin()) + 1 : 0;
}

std::string resolved_uri(std::string_view base, std::string_view reference) {
    if (reference.empty()) return std::string(base);
    if (base.empty() || scheme_size(reference) > 0) return std::string(reference);
    const std::size_t scheme = scheme_size(base);
    if (reference.starts_with("//")) return std::string(base.substr(0, scheme)) + std::string(reference);
    base = base.substr(0, base.find('?'));
    if (reference.front() == '?') return std::string(base) + std::string(reference);
    const bool has_authority = base.substr(scheme).starts_with("//");
    const auto path = has_authority ? std::min(base.find('/', scheme + 2), base.size()) : scheme;
    const auto query = std::min(reference.find('?'), reference.size());
    std::string merged(reference.substr(0, query));
    if (reference.front() != '/') {
        const auto slash = base.rfind('/');
        const bool is_in_path = slash != std::string_view::npos && slash >= path;
        merged = (is_in_path ? std::string(base.substr(path, slash + 1 - path)) : has_authority ? "/" : "") + merged;
    }
    return std::string(base.substr(0, path)) + without_dots(merged) + std::string(reference.substr(query));
}

}  // namespace llmc::check
