#include "base/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/ascii.h"

namespace llmc::base {
namespace {

constexpr std::size_t kMaxName = 96;  // bytes of a name that are compared
constexpr std::size_t kMaxNames = 20'000;

// "qwen2.5-7b-instruct" has the parts qwen2, 5, 7b, instruct.
std::vector<std::string_view> parts_of(std::string_view lower) {
    std::vector<std::string_view> parts;
    for (std::size_t pos = 0; pos < lower.size();) {
        std::size_t end = pos;
        while (end < lower.size() && is_letter_or_digit(lower[end])) ++end;
        if (end > pos) parts.push_back(lower.substr(pos, end - pos));
        pos = end + 1;
    }
    return parts;
}

// 0 … 2: likeness by edits, and the share of parts that both have.
double likeness(std::string_view wanted, const std::vector<std::string_view>& wanted_parts, std::string_view name) {
    const double longest = static_cast<double>(std::max<std::size_t>({wanted.size(), name.size(), 1}));
    const double by_edits = 1 - static_cast<double>(edit_distance(wanted, name)) / longest;
    const auto name_parts = parts_of(name);
    const auto common = std::count_if(wanted_parts.begin(), wanted_parts.end(), [&](std::string_view part) {
        return std::find(name_parts.begin(), name_parts.end(), part) != name_parts.end();
    });
    const double most = static_cast<double>(std::max<std::size_t>({wanted_parts.size(), name_parts.size(), 1}));
    return by_edits + static_cast<double>(common) / most;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

std::vector<std::string> nearest_names(std::string_view wanted, const std::vector<std::string>& names,
                                       std::size_t count) {
    const std::string lower = to_lower(wanted.substr(0, kMaxName));
    const auto parts = parts_of(lower);
    std::vector<std::pair<double, std::size_t>> ranked;
    for (std::size_t i = 0; i < std::min(names.size(), kMaxNames); ++i)
        ranked.emplace_back(-likeness(lower, parts, to_lower(std::string_view(names[i]).substr(0, kMaxName))), i);
    std::sort(ranked.begin(), ranked.end());  // equal ones in the given order
    std::vector<std::string> nearest;
    for (const auto& [score, i] : ranked) {
        if (nearest.size() == count) break;
        if (std::find(nearest.begin(), nearest.end(), names[i]) == nearest.end()) nearest.push_back(names[i]);
    }
    return nearest;
}

}  // namespace llmc::base
