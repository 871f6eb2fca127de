// P8: batches in simulation against the clairvoyant optimum and listed order; prints one JSON line.
#include <fmt/format.h>

#include "engine/schedule_simulation.h"

int main() {
    const auto figures = llmc::test::judge_schedules(1000);
    fmt::print(
        "{{\"name\":\"P8\",\"instances\":{},\"median_over_optimum\":{:.3f},\"p95_over_optimum\":{:.3f},\"geometric_"
        "mean_over_listed\":{:.3f},"
        "\"more_loads_than_listed\":{}}}\n",
        figures.instances, figures.median_over_optimum, figures.p95_over_optimum, figures.geometric_mean_over_listed,
        figures.more_loads_than_listed);
}
