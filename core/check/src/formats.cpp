#include "formats.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/ascii.h"
#include "regex.h"

namespace llmc::check {
namespace {

constexpr std::size_t kMaxPattern = 4096;  // bytes of an answer's own regular expression

using base::is_digit;
using base::is_letter;

bool is_hex(char c) {
    return base::hex_value(c) >= 0;
}

// Takes what it finds off the beginning of a text.
class Scan {
public:
    explicit Scan(std::string_view text) : rest_(text) {}

    bool is_done() const { return rest_.empty(); }
    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take_any(std::string_view signs) {
        return !rest_.empty() && signs.find(rest_.front()) != std::string_view::npos && take(rest_.front());
    }
    std::string_view take_while(bool (*fits)(char)) {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), fits);
        const auto part = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(part.size());
        return part;
    }
    // A number of exactly `digits` digits within [lowest, highest].
    std::optional<int> take_number(std::size_t digits, int lowest, int highest) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest_.empty() || !is_digit(rest_.front())) return std::nullopt;
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        if (value < lowest || value > highest) return std::nullopt;
        return value;
    }

private:
    std::string_view rest_;
};

bool take_date(Scan& scan) {
    const auto year = scan.take_number(4, 0, 9999);
    if (!year || !scan.take('-')) return false;
    const auto month = scan.take_number(2, 1, 12);
    if (!month || !scan.take('-')) return false;
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
    return scan.take_number(2, 1, *month == 2 && is_leap ? 29 : kDays[*month - 1]).has_value();
}

bool take_time(Scan& scan) {
    if (!scan.take_number(2, 0, 23) || !scan.take(':') || !scan.take_number(2, 0, 59) || !scan.take(':') ||
        !scan.take_number(2, 0, 60))
        return false;
    if (scan.take('.') && scan.take_while(is_digit).empty()) return false;
    if (scan.take_any("Zz")) return true;
    return scan.take_any("+-") && scan.take_number(2, 0, 23) && scan.take(':') && scan.take_number(2, 0, 59);
}

bool is_date(std::string_view text) {
    Scan scan(text);
    return take_date(scan) && scan.is_done();
}

bool is_time(std::string_view text) {
    Scan scan(text);
    return take_time(scan) && scan.is_done();
}

bool is_date_time(std::string_view text) {
    Scan scan(text);
    return take_date(scan) && scan.take_any("Tt") && take_time(scan) && scan.is_done();
}

bool is_ipv4(std::string_view text) {
    Scan scan(text);
    for (int part = 0; part < 4; ++part) {
        if (part > 0 && !scan.take('.')) return false;
        const auto digits = scan.take_while(is_digit);
        if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return false;
        if (digits.size() == 3 && digits > std::string_view("255")) return false;
    }
    return scan.is_done();
}

bool is_ipv6(std::string_view text) {
    int groups = 0;
    bool has_gap = false;
    if (text.starts_with("::")) {
        has_gap = true;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        const auto end = std::min(text.find(':'), text.size());
        const auto group = text.substr(0, end);
        if (group.find('.') != std::string_view::npos) {
            groups += 2;
            if (end != text.size() || !is_ipv4(group)) return false;
            break;
        }
        if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex)) return false;
        if (++groups > 8) return false;
        text.remove_prefix(end);
        if (text.empty()) break;
        text.remove_prefix(1);
        if (text.empty()) return false;
        if (text.front() == ':') {
            if (has_gap) return false;
            has_gap = true;
            text.remove_prefix(1);
        }
    }
    return has_gap ? groups < 8 : groups == 8;
}

bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('.', begin), text.size());
        const auto label = text.substr(begin, end - begin);
        const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
            !std::all_of(label.begin(), label.end(), fits))
            return false;
        begin = end + 1;
    }
    return true;
}

bool is_email(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64) return false;
    const auto local = text.substr(0, at);
    const auto fits = [](char c) {
        return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
               std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != std::string_view::npos;
    };
    return local.front() != '.' && local.back() != '.' && local.find("..") == std::string_view::npos &&
           std::all_of(local.begin(), local.end(), fits) && is_host_name(text.substr(at + 1));
}

bool is_uri_reference(std::string_view text) {
    const auto fits = [](char c) {
        return c > 0x20 && c < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    };
    if (!std::all_of(text.begin(), text.end(), fits)) return false;
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
    return true;
}

bool is_uri(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return false;
    const auto scheme = text.substr(0, colon);
    const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; };
    return std::all_of(scheme.begin(), scheme.end(), fits) && is_uri_reference(text);
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

bool is_json_pointer(std::string_view text) {
    if (!text.empty() && text.front() != '/') return false;
    for (auto at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1))
        if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
    return true;
}

bool is_regex(std::string_view text) {
    return text.size() <= kMaxPattern && Regex::compile(text).ok();
}

constexpr struct {
    std::string_view name;
    bool (*fits)(std::string_view);
} kFormats[] = {
    {"date", is_date},           {"time", is_time},
    {"date-time", is_date_time}, {"email", is_email},
    {"hostname", is_host_name},  {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},           {"uri", is_uri},
    {"uuid", is_uuid},           {"uri-reference", is_uri_reference},
    {"regex", is_regex},         {"json-pointer", is_json_pointer},
};

}  // namespace

bool fits_format(std::string_view format, std::string_view text) {
    for (const auto& known : kFormats)
        if (known.name == format) return known.fits(text);
    return true;
}

}  // namespace llmc::check
