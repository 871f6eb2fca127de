#include "gui/fuzzy.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/case_folding.h"

namespace llmc::gui {
namespace {

constexpr int kLetter = 1, kInARow = 6, kWordStart = 6, kNone = -1;

using Letters = std::u32string_view;

bool starts_word(Letters text, std::size_t at) {
    if (at == 0) return true;
    const char32_t before = text[at - 1];
    return Letters(U" -_/.:(").find(before) != Letters::npos;
}

// The best score of all ways to find `word` in `name`, letter by letter; kNone where there is none.
int score_of(Letters word, Letters name) {
    std::vector<int> ending(name.size(), kNone), next(name.size(), kNone);  // with the last letter at each place
    for (std::size_t i = 0; i < word.size(); ++i) {
        int best_before = i == 0 ? 0 : kNone;  // of the letters before, ending anywhere left of the one before `at`
        for (std::size_t at = 0; at < name.size(); ++at) {
            if (i > 0 && at > 1) best_before = std::max(best_before, ending[at - 2]);
            next[at] = kNone;
            if (word[i] != name[at]) continue;
            const int own = kLetter + (starts_word(name, at) ? kWordStart : 0);
            if (best_before != kNone) next[at] = best_before + own;
            if (i > 0 && at > 0 && ending[at - 1] != kNone)
                next[at] = std::max(next[at], ending[at - 1] + own + kInARow);
        }
        ending.swap(next);
    }
    return ending.empty() ? kNone : std::ranges::max(ending);
}

}  // namespace

std::optional<int> fuzzy_score(std::string_view query, std::string_view name) {
    const std::u32string wanted = base::folded(query), letters = base::folded(name);
    int sum = 0;
    for (Letters rest = wanted; !rest.empty();) {
        const Letters word = rest.substr(0, rest.find(U' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        if (word.empty()) continue;
        const int score = score_of(word, letters);
        if (score == kNone) return std::nullopt;
        sum += score;
    }
    return sum;
}

}  // namespace llmc::gui
