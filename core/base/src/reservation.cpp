#include "reservation.h"

#include <algorithm>
#include <limits>

namespace llmc::base {

Reservation reserve_address_space(std::size_t limit, char* (*reserve)(std::size_t)) {
    if (limit == 0) return {};
    const std::size_t page = platform::page_size();
    for (;;) {
        if (limit <= std::numeric_limits<std::size_t>::max() - page) {
            const std::size_t size = (limit + page - 1) / page * page;
            if (char* data = reserve(size)) return {data, size, limit, false};
        }
        if (limit <= kSmallestReservation) return {nullptr, 0, 0, true};
        limit = std::max(limit / 2, kSmallestReservation);
    }
}

}  // namespace llmc::base
