#include "formats.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "base/ascii.h"
#include "base/regex.h"
#include "uri.h"

namespace llmc::check {
namespace {

constexpr std::size_t kMaxPattern = 4096;  // bytes of an answer's own regular expression

using base::is_digit;
using base::is_letter;

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

// A leap second is the last one of a day in UTC.
bool take_time(Scan& scan) {
    const auto hour = scan.take_number(2, 0, 23);
    if (!hour || !scan.take(':')) return false;
    const auto minute = scan.take_number(2, 0, 59);
    if (!minute || !scan.take(':')) return false;
    const auto second = scan.take_number(2, 0, 60);
    if (!second || (scan.take('.') && scan.take_while(is_digit).empty())) return false;
    constexpr int kDay = 24 * 60;  // minutes
    int in_utc = *hour * 60 + *minute;
    if (!scan.take_any("Zz")) {
        const bool is_east = scan.take('+');
        if (!is_east && !scan.take('-')) return false;
        const auto hours = scan.take_number(2, 0, 23);
        if (!hours || !scan.take(':')) return false;
        const auto minutes = scan.take_number(2, 0, 59);
        if (!minutes) return false;
        const int offset = *hours * 60 + *minutes;
        in_utc = (in_utc + (is_east ? kDay - offset : offset)) % kDay;
    }
    return *second < 60 || in_utc == kDay - 1;
}

// Numbers with units in their order, none left out between two: "1Y2M".
bool take_units(Scan& scan, std::string_view units) {
    std::optional<std::size_t> last;
    for (;;) {
        if (scan.take_while(is_digit).empty()) return last.has_value();
        std::size_t unit = last ? *last + 1 : 0;
        while (unit < units.size() && !scan.take(units[unit])) {
            if (last) return false;
            ++unit;
        }
        if (unit == units.size()) return false;
        last = unit;
    }
}

bool is_duration(std::string_view text) {
    Scan scan(text);
    if (!scan.take('P')) return false;
    if (text.ends_with('W')) return !scan.take_while(is_digit).empty() && scan.take('W') && scan.is_done();
    const bool has_date = !scan.take('T');
    if (has_date && !take_units(scan, "YMD")) return false;
    if (has_date && scan.is_done()) return true;
    return (!has_date || scan.take('T')) && take_units(scan, "HMS") && scan.is_done();
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
        if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), base::is_hex_digit))
            return false;
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

bool is_host_sign(char c) {
    return base::is_letter_or_digit(c) || c == '-';
}

bool is_beyond_ascii(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

bool is_host_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-';
}

bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('.', begin), text.size());
        const auto label = text.substr(begin, end - begin);
        if (!is_host_label(label) || !std::all_of(label.begin(), label.end(), is_host_sign)) return false;
        begin = end + 1;
    }
    return true;
}

// The form only: which letters may stand together is the business of IDNA's tables.
bool is_idn_host_name(std::string_view text) {
    std::string ascii(text);
    for (const std::string_view dot : {"\u3002", "\uFF0E", "\uFF61"})
        for (auto at = ascii.find(dot); at != std::string::npos; at = ascii.find(dot, at))
            ascii.replace(at, dot.size(), ".");
    for (std::size_t begin = 0; begin <= ascii.size();) {
        const auto end = std::min(ascii.find('.', begin), ascii.size());
        std::string label = ascii.substr(begin, end - begin);
        const bool is_foreign = std::any_of(label.begin(), label.end(), is_beyond_ascii);
        if (is_foreign && label.size() > 3 && label.compare(2, 2, "--") == 0) return false;
        std::replace_if(label.begin(), label.end(), is_beyond_ascii, 'x');
        // A label's length is that of its ASCII form, which is not known here.
        if (!is_host_label(is_foreign ? std::string_view(label).substr(0, 1) : label) || label.back() == '-' ||
            !std::all_of(label.begin(), label.end(), is_host_sign))
            return false;
        begin = end + 1;
    }
    return true;
}

bool is_local_part(std::string_view text) {
    if (text.empty() || text.size() > 64) return false;
    if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '"' || (text[i] >= 0 && text[i] < ' ')) return false;
            if (text[i] == '\\' && ++i == text.size()) return false;
        }
        return true;
    }
    const auto fits = [](char c) {
        return base::is_letter_or_digit(c) || is_beyond_ascii(c) ||
               std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != std::string_view::npos;
    };
    return text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), fits);
}

bool is_email_at(std::string_view text, bool (*is_host)(std::string_view)) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || !is_local_part(text.substr(0, at))) return false;
    auto host = text.substr(at + 1);
    if (!host.starts_with('[') || !host.ends_with(']')) return is_host(host);
    host = host.substr(1, host.size() - 2);
    constexpr std::string_view kIpv6 = "IPv6:";
    return host.starts_with(kIpv6) ? is_ipv6(host.substr(kIpv6.size())) : is_ipv4(host);
}

bool is_email(std::string_view text) {
    return is_email_at(text, is_host_name);
}

bool is_idn_email(std::string_view text) {
    return is_email_at(text, is_idn_host_name);
}

bool is_port(std::string_view text) {
    return text.empty() || (text.front() == ':' && std::all_of(text.begin() + 1, text.end(), is_digit));
}

// [user@]host[:port]; an address of IPv6 stands in brackets.
bool is_authority(std::string_view text) {
    const auto at = text.find('@');
    const auto user = text.substr(0, at == std::string_view::npos ? 0 : at);
    if (at != std::string_view::npos) text.remove_prefix(at + 1);
    if (user.find_first_of("[]") != std::string_view::npos || text.find('@') != std::string_view::npos) return false;
    if (!text.starts_with('[')) {
        const auto colon = std::min(text.find(':'), text.size());
        return text.find_first_of("[]") == std::string_view::npos && is_port(text.substr(colon));
    }
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    const auto address = text.substr(1, end - 1);
    return (is_ipv6(address) || address.starts_with('v')) && is_port(text.substr(end + 1));
}

bool is_iri_reference(std::string_view text) {
    const auto fits = [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7F &&
               std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    };
    if (!std::all_of(text.begin(), text.end(), fits)) return false;
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (at + 2 >= text.size() || !base::is_hex_digit(text[at + 1]) || !base::is_hex_digit(text[at + 2]))
            return false;
    const auto scheme = scheme_size(text);
    // A colon in the first part of a path would make a scheme of what stands before it.
    if (scheme == 0 && text.substr(0, text.find_first_of("/?#")).find(':') != std::string_view::npos) return false;
    text.remove_prefix(scheme);
    if (text.starts_with("//")) {
        const auto end = std::min(text.find_first_of("/?#", 2), text.size());
        if (!is_authority(text.substr(2, end - 2))) return false;
        text.remove_prefix(end);
    }
    const auto hash = text.find('#');
    return text.find_first_of("[]") == std::string_view::npos &&
           (hash == std::string_view::npos || text.find('#', hash + 1) == std::string_view::npos);
}

bool is_iri(std::string_view text) {
    return scheme_size(text) > 0 && is_iri_reference(text);
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_uri_reference(std::string_view text) {
    return is_ascii(text) && is_iri_reference(text);
}

bool is_uri(std::string_view text) {
    return is_ascii(text) && is_iri(text);
}

// RFC 6570: literals, and expressions of names in braces.
bool is_uri_template(std::string_view text) {
    while (!text.empty()) {
        const auto open = std::min(text.find_first_of("{}"), text.size());
        const auto literal = text.substr(0, open);
        const auto is_wrong = [](char c) {
            return (c >= 0 && c <= 0x20) || c == 0x7F ||
                   std::string_view("\"'<>\\^`|").find(c) != std::string_view::npos;
        };
        if (std::any_of(literal.begin(), literal.end(), is_wrong)) return false;
        text.remove_prefix(open);
        if (text.empty()) return true;
        const auto close = text.find('}');
        if (text.front() == '}' || close == std::string_view::npos) return false;
        auto names = text.substr(1, close - 1);
        if (!names.empty() && std::string_view("+#./;?&=,!@|").find(names.front()) != std::string_view::npos)
            names.remove_prefix(1);
        const auto fits = [](char c) {
            return base::is_letter_or_digit(c) || std::string_view("_.,%:*").find(c) != std::string_view::npos;
        };
        if (names.empty() || !std::all_of(names.begin(), names.end(), fits)) return false;
        text.remove_prefix(close + 1);
    }
    return true;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text[i] != '-' : !base::is_hex_digit(text[i])) return false;
    }
    return true;
}

bool is_json_pointer(std::string_view text) {
    if (!text.empty() && text.front() != '/') return false;
    for (auto at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1))
        if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
    return true;
}

bool is_relative_json_pointer(std::string_view text) {
    Scan scan(text);
    const auto up = scan.take_while(is_digit);
    if (up.empty() || (up.size() > 1 && up.front() == '0')) return false;
    const auto rest = text.substr(up.size());
    return rest == "#" || is_json_pointer(rest);
}

bool is_regex(std::string_view text) {
    return text.size() <= kMaxPattern && base::Regex::compile(text).ok();
}

constexpr struct {
    std::string_view name;
    bool (*fits)(std::string_view);
} kFormats[] = {
    {"date", is_date},
    {"time", is_time},
    {"date-time", is_date_time},
    {"duration", is_duration},
    {"email", is_email},
    {"idn-email", is_idn_email},
    {"hostname", is_host_name},
    {"idn-hostname", is_idn_host_name},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"uri", is_uri},
    {"uri-reference", is_uri_reference},
    {"iri", is_iri},
    {"iri-reference", is_iri_reference},
    {"uri-template", is_uri_template},
    {"uuid", is_uuid},
    {"json-pointer", is_json_pointer},
    {"relative-json-pointer", is_relative_json_pointer},
    {"regex", is_regex},
};

}  // namespace

bool fits_format(std::string_view format, std::string_view text) {
    for (const auto& known : kFormats)
        if (known.name == format) return known.fits(text);
    return true;
}

}  // namespace llmc::check
