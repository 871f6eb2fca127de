// Whether two copies of a session have the same judges. Cheap where one was made of the other.
#pragma once

#include <algorithm>
#include <vector>

#include "session/judge.h"

namespace llmc::engine {

inline bool same_judges(const std::vector<session::Judge>& a, const std::vector<session::Judge>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const session::Judge& one, const session::Judge& two) {
        return one.id == two.id && one.model == two.model && one.server == two.server && one.words == two.words &&
               one.display_name == two.display_name && one.verdicts == two.verdicts;
    });
}

}  // namespace llmc::engine
