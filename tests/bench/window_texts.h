// The texts that answers in benchmarks of the window consist of: what models write, and what is hardest to lay out.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace llmc::bench {

enum class TextKind { markdown, list, code, no_blanks, cjk };
std::span<const TextKind> text_kinds();
std::string_view text_name(TextKind kind);  // "one open list"

// At least `bytes` of it, the same every time; a list and a code fence are never closed.
std::string make_text(TextKind kind, std::size_t bytes);

// The length of a token of about five bytes at the start of `rest`: whole code points.
std::size_t token_size(std::string_view rest);

}  // namespace llmc::bench
