#include "gui/window_place.h"

#include <algorithm>
#include <cstdint>

namespace llmc::gui {
namespace {

constexpr int kMaxSide = 16384;

std::int64_t overlap(const WindowPlace& place, const WorkArea& area) {
    const auto shared = [](std::int64_t a, std::int64_t a_length, std::int64_t b, std::int64_t b_length) {
        return std::max<std::int64_t>(0, std::min(a + a_length, b + b_length) - std::max(a, b));
    };
    return shared(place.x, place.width, area.x, area.width) * shared(place.y, place.height, area.y, area.height);
}

WindowPlace centred(WindowPlace place, const WorkArea& area) {
    place.x = area.x + (area.width - place.width) / 2;
    place.y = area.y + (area.height - place.height) / 2;
    return place;
}

}  // namespace

WindowPlace clamp_to_monitors(WindowPlace wanted, std::span<const WorkArea> monitors) {
    wanted.width = std::clamp(wanted.width, kMinWindowWidth, kMaxSide);
    wanted.height = std::clamp(wanted.height, kMinWindowHeight, kMaxSide);
    if (monitors.empty()) return wanted;

    const auto best = std::ranges::max_element(monitors, {}, [&](const auto& area) { return overlap(wanted, area); });
    const bool is_seen = overlap(wanted, *best) > 0;
    const WorkArea& area = is_seen ? *best : monitors.front();
    // A monitor smaller than the least size: the window is cut off at its right and bottom edges.
    wanted.width = std::max(std::min(wanted.width, area.width), kMinWindowWidth);
    wanted.height = std::max(std::min(wanted.height, area.height), kMinWindowHeight);
    if (!is_seen) wanted = centred(wanted, area);
    wanted.x = std::max(area.x, std::min(wanted.x, area.x + area.width - wanted.width));
    wanted.y = std::max(area.y, std::min(wanted.y, area.y + area.height - wanted.height));
    return wanted;
}

WindowPlace first_place(std::span<const WorkArea> monitors, float scale) {
    WindowPlace place;
    place.width = static_cast<int>(static_cast<float>(place.width) * scale);
    place.height = static_cast<int>(static_cast<float>(place.height) * scale);
    if (monitors.empty()) return place;
    const WorkArea& area = monitors.front();
    place.width = std::min(place.width, area.width * 9 / 10);
    place.height = std::min(place.height, area.height * 9 / 10);
    return clamp_to_monitors(centred(place, area), monitors);
}

}  // namespace llmc::gui
