// Compares by passages what compare_model.h offers: for three and more texts, and for whole paragraphs.
//
// Thread contract: pure functions. What they give has no stops at the ends yet.
#pragma once

#include "gui/panels/compare_model.h"

namespace llmc::gui {

Comparison compare_passages(std::span<const std::string_view> texts, CompareMode mode);

// [begin, end) without blanks at its ends; empty, at `begin`, where nothing is left.
text::SourceRange trimmed_range(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace llmc::gui
