#include "text/entities.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/utf8.h"

namespace llmc::text {
namespace {

// Sorted by name; the full list of HTML has 2125, of which answers use next to none.
constexpr struct {
    std::string_view name;
    char32_t code_point;
} kEntities[] = {
    {"Alpha", 0x391},   {"Beta", 0x392},   {"Delta", 0x394},   {"Gamma", 0x393},  {"Lambda", 0x39B}, {"Omega", 0x3A9},
    {"Phi", 0x3A6},     {"Pi", 0x3A0},     {"Psi", 0x3A8},     {"Sigma", 0x3A3},  {"Theta", 0x398},  {"alpha", 0x3B1},
    {"amp", '&'},       {"apos", '\''},    {"approx", 0x2248}, {"asymp", 0x2248}, {"beta", 0x3B2},   {"bull", 0x2022},
    {"cap", 0x2229},    {"cent", 0xA2},    {"check", 0x2713},  {"copy", 0xA9},    {"cup", 0x222A},   {"darr", 0x2193},
    {"deg", 0xB0},      {"delta", 0x3B4},  {"divide", 0xF7},   {"empty", 0x2205}, {"emsp", 0x2003},  {"ensp", 0x2002},
    {"epsilon", 0x3B5}, {"equiv", 0x2261}, {"eta", 0x3B7},     {"euro", 0x20AC},  {"exist", 0x2203}, {"forall", 0x2200},
    {"frac12", 0xBD},   {"frac14", 0xBC},  {"frac34", 0xBE},   {"gamma", 0x3B3},  {"ge", 0x2265},    {"gt", '>'},
    {"hArr", 0x21D4},   {"harr", 0x2194},  {"hellip", 0x2026}, {"infin", 0x221E}, {"int", 0x222B},   {"isin", 0x2208},
    {"lArr", 0x21D0},   {"lambda", 0x3BB}, {"laquo", 0xAB},    {"larr", 0x2190},  {"ldquo", 0x201C}, {"le", 0x2264},
    {"lsquo", 0x2018},  {"lt", '<'},       {"mdash", 0x2014},  {"micro", 0xB5},   {"middot", 0xB7},  {"minus", 0x2212},
    {"mu", 0x3BC},      {"nabla", 0x2207}, {"nbsp", 0xA0},     {"ndash", 0x2013}, {"ne", 0x2260},    {"not", 0xAC},
    {"notin", 0x2209},  {"omega", 0x3C9},  {"para", 0xB6},     {"part", 0x2202},  {"phi", 0x3C6},    {"pi", 0x3C0},
    {"plusmn", 0xB1},   {"pound", 0xA3},   {"prod", 0x220F},   {"psi", 0x3C8},    {"quot", '"'},     {"rArr", 0x21D2},
    {"radic", 0x221A},  {"raquo", 0xBB},   {"rarr", 0x2192},   {"rdquo", 0x201D}, {"reg", 0xAE},     {"rho", 0x3C1},
    {"rsquo", 0x2019},  {"sect", 0xA7},    {"sigma", 0x3C3},   {"sub", 0x2282},   {"sum", 0x2211},   {"sup", 0x2283},
    {"sup2", 0xB2},     {"sup3", 0xB3},    {"szlig", 0xDF},    {"tau", 0x3C4},    {"theta", 0x3B8},  {"thinsp", 0x2009},
    {"times", 0xD7},    {"trade", 0x2122}, {"uarr", 0x2191},   {"yen", 0xA5},     {"zwj", 0x200D},   {"zwnj", 0x200C},
};

}  // namespace

void add_entity(std::string_view reference, std::string& out) {
    std::string_view name = reference;
    if (name.size() < 3 || name.front() != '&' || name.back() != ';') {
        out += reference;
        return;
    }
    name = name.substr(1, name.size() - 2);
    if (name[0] == '#') {
        const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
        name.remove_prefix(is_hex ? 2 : 1);
        std::uint32_t value = 0;
        std::from_chars(name.data(), name.data() + name.size(), value, is_hex ? 16 : 10);
        const bool is_control = value < 0x20 || (value >= 0x7F && value < 0xA0);
        base::append_code_point(out, is_control ? 0xFFFD : static_cast<char32_t>(value));
        return;
    }
    const auto* it = std::lower_bound(std::begin(kEntities), std::end(kEntities), name,
                                      [](const auto& entity, std::string_view key) { return entity.name < key; });
    if (it != std::end(kEntities) && it->name == name)
        base::append_code_point(out, it->code_point);
    else
        out += reference;
}

}  // namespace llmc::text
