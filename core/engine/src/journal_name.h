// How journals are called.
#pragma once

#include <string_view>

namespace llmc::engine {

inline constexpr std::string_view kJournalPrefix = "journal_";
inline constexpr std::string_view kJournalSuffix = ".llmcj";

}  // namespace llmc::engine
