// Words that stand in the messages of failures, for those who name the kind of a failure by them.
#pragma once

#include <string_view>

namespace llmc::net {

inline constexpr std::string_view kRefusedWords = "refused the connection";
inline constexpr std::string_view kNoTokenWords = "sent no token for ";  // then "6 s"
inline constexpr std::string_view kTotalLimitWords = "within the total limit of ";

}  // namespace llmc::net
