// The words in an answer that is no JSON.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace llmc::openai {

// The first line with words in it, without HTML tags, scripts and styles where `is_html`; valid UTF-8, trimmed, may be
// empty.
std::string first_line(std::string_view body, bool is_html);

bool looks_like_html(std::string_view content_type, std::string_view body);

}  // namespace llmc::openai
