#include "interop/not_taken.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::interop {

std::string words(const NotTaken& note) {
    const std::string at = note.place.empty() ? note.file : fmt::format("{}, {}", note.file, note.place);
    return base::for_terminal_line(fmt::format("not taken over: {}: {}", at, note.what));
}

}  // namespace llmc::interop
