// Repair gives valid UTF-8, whole or in parts, and text for terminals holds no control characters.
#include "base/utf8.h"

#include <string>

#include "targets.h"

namespace llmc::fuzz {

void utf8(std::string_view bytes) {
    const std::string whole = base::to_valid_utf8(bytes);
    promise(base::is_valid_utf8(whole), "repaired text is valid UTF-8");
    std::string parts;
    base::Utf8Repair repair;
    const std::size_t step = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes[0]) % 7;
    for (std::size_t at = 0; at < bytes.size(); at += step) repair.feed(bytes.substr(at, step), parts);
    repair.finish(parts);
    promise(parts == whole, "repair in parts gives what it gives at once");
    const std::string shown = base::for_terminal(bytes);
    promise(base::is_valid_utf8(shown), "text for terminals is valid UTF-8");
    for (const char c : shown)
        promise(static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n', "no C0 reaches a terminal");
    promise(shown.find('\x7f') == std::string::npos, "no DEL reaches a terminal");
    for (const std::string_view acts : {"\xC2\x80", "\xC2\x9B", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xD8\x9C"})
        promise(shown.find(acts) == std::string::npos, "no C1 and no bidi control reaches a terminal");
}

}  // namespace llmc::fuzz
