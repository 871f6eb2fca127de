#include "time_text.h"

namespace llmc::report {

std::optional<base::WallTime> utc_ms_from(std::string_view text) {
    constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.dddZ";
    if (text.size() != kShape.size()) return std::nullopt;
    int fields[7] = {};  // year, month, day, hour, minute, second, millisecond
    std::size_t field = 0;
    for (std::size_t i = 0; i < kShape.size(); ++i) {
        if (kShape[i] != 'd') {
            if (text[i] != kShape[i]) return std::nullopt;
            ++field;
        } else if (text[i] < '0' || text[i] > '9') {
            return std::nullopt;
        } else {
            fields[field] = fields[field] * 10 + (text[i] - '0');
        }
    }
    using namespace std::chrono;
    const year_month_day date{year{fields[0]}, month{static_cast<unsigned>(fields[1])},
                              day{static_cast<unsigned>(fields[2])}};
    if (!date.ok() || fields[3] > 23 || fields[4] > 59 || fields[5] > 59) return std::nullopt;
    return sys_days{date} + hours{fields[3]} + minutes{fields[4]} + seconds{fields[5]} + milliseconds{fields[6]};
}

}  // namespace llmc::report
