#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "demo/listener.h"

namespace llmc::demo {
namespace {

constexpr std::size_t kMaxHead = std::size_t{1} << 20;
constexpr std::size_t kMaxBody = std::size_t{64} << 20;

std::string_view take_line(std::string_view& text) {
    const auto end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    return line;
}

bool parse_head(std::string_view head, RawRequest& request) {
    const std::string_view line = take_line(head);
    const auto first = line.find(' ');
    const auto second = line.find(' ', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos || !line.substr(second + 1).starts_with("HTTP/1.")) return false;
    request.method = line.substr(0, first);
    request.path = line.substr(first + 1, second - first - 1);
    while (!head.empty()) {
        const std::string_view field = take_line(head);
        const auto colon = field.find(':');
        if (colon == std::string_view::npos) return false;
        request.headers.emplace_back(base::to_lower(field.substr(0, colon)),
                                     base::trim(field.substr(colon + 1), " \t"));
    }
    return true;
}

}  // namespace

std::string RawRequest::header(std::string_view lower_case_name) const {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& field) { return field.first == lower_case_name; });
    return found == headers.end() ? std::string() : found->second;
}

std::optional<RawRequest> read_request(Connection& connection) {
    std::string bytes;
    auto end = std::string::npos;
    while (end == std::string::npos) {
        if (bytes.size() > kMaxHead) return std::nullopt;
        const std::string more = connection.receive(16384);
        if (more.empty()) return std::nullopt;
        const std::size_t from = bytes.size() < 3 ? 0 : bytes.size() - 3;
        bytes += more;
        end = bytes.find("\r\n\r\n", from);
    }
    RawRequest request;
    if (!parse_head(std::string_view(bytes).substr(0, end + 2), request)) return std::nullopt;
    request.body = bytes.substr(end + 4);

    const std::string length_text = request.header("content-length");
    std::size_t length = 0;
    std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    if (length > kMaxBody) return std::nullopt;
    while (request.body.size() < length) {
        const std::string more = connection.receive(length - request.body.size());
        if (more.empty()) return std::nullopt;
        request.body += more;
    }
    return request;
}

}  // namespace llmc::demo
