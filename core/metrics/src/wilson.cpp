#include "metrics/wilson.h"

#include <algorithm>
#include <cmath>

namespace llmc::metrics {

Interval wilson_95(std::int64_t passed, std::int64_t total) {
    if (total <= 0) return {};
    passed = std::clamp<std::int64_t>(passed, 0, total);
    const auto n = static_cast<double>(total);
    const double share = static_cast<double>(passed) / n;
    const double z2 = kZ95 * kZ95;
    const double centre = share + z2 / (2 * n);
    const double spread = kZ95 * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    const double scale = 1 + z2 / n;
    // The ends are exact in the formula, not in floating point.
    return {passed == 0 ? 0 : std::clamp((centre - spread) / scale, 0.0, share),
            passed == total ? 1 : std::clamp((centre + spread) / scale, share, 1.0)};
}

}  // namespace llmc::metrics
