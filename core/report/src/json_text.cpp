#include "json_text.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/utf8.h"
#include "plain_text.h"

namespace llmc::report {

std::string json_text(const base::OrderedJson& json) {
    const std::string text = base::dump_json(json, 2);
    std::string out;
    out.reserve(text.size() + 1);
    for (std::size_t pos = 0; pos < text.size();) {
        if (static_cast<unsigned char>(text[pos]) < 0x7F) {
            out += text[pos++];
            continue;
        }
        const std::size_t begin = pos;
        const char32_t c = base::next_code_point(text, pos);
        if (acts_on_terminals(c))
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
        else
            out.append(text, begin, pos - begin);
    }
    return out + '\n';
}

}  // namespace llmc::report
