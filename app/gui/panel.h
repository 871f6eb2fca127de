// The name of a window of the program.
//
// Thread contract: constants.
#pragma once

#include <compare>
#include <string_view>

namespace llmc::gui {

// By its name in window.json, which never changes; all else about it is its row (panel_table.h). Those that other parts
// ask for are named here.
struct Panel {
    std::string_view id;  // of a string that lives as long as the program
    auto operator<=>(const Panel&) const = default;

    static const Panel configuration, prompt, answers, metrics, report_preview, log, shortcuts, about, compare, votes,
        suite, loop, casting, judges, doctor;
};

inline constexpr Panel Panel::configuration{"configuration"};
inline constexpr Panel Panel::prompt{"prompt"};
inline constexpr Panel Panel::answers{"answers"};
inline constexpr Panel Panel::metrics{"metrics"};
inline constexpr Panel Panel::report_preview{"report_preview"};
inline constexpr Panel Panel::log{"log"};
inline constexpr Panel Panel::shortcuts{"shortcuts"};
inline constexpr Panel Panel::about{"about"};
inline constexpr Panel Panel::compare{"compare"};
inline constexpr Panel Panel::votes{"votes"};
inline constexpr Panel Panel::suite{"suite"};
inline constexpr Panel Panel::loop{"loop"};
inline constexpr Panel Panel::casting{"casting"};
inline constexpr Panel Panel::judges{"judges"};
inline constexpr Panel Panel::doctor{"doctor"};

}  // namespace llmc::gui
