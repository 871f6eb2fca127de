#include <doctest/doctest.h>

#include "schedule_simulation.h"

using namespace llmc;

TEST_CASE(
    "swap-aware batches come close to what a clairvoyant would reach, and load no more than listed ones on one "
    "server") {
    const test::ScheduleFigures figures = test::judge_schedules(1000);
    MESSAGE("median ", figures.median_over_optimum, ", p95 ", figures.p95_over_optimum, " of the optimum; ",
            figures.geometric_mean_over_listed, " of listed");
    CHECK(figures.median_over_optimum <= 1.05);
    CHECK(figures.p95_over_optimum <= 1.5);
    CHECK(figures.geometric_mean_over_listed <= 1.0);
    CHECK(figures.more_loads_than_listed == 0);
}

TEST_CASE("no order beats the optimum of the simulation") {
    std::mt19937 random(3);
    for (int i = 0; i < 300; ++i) {
        const auto batch = test::make_instance(random);
        const double least = test::optimum(batch);
        for (const auto order : {session::Order::swap_aware, session::Order::listed, session::Order::rotate})
            CHECK(test::simulate(batch, order).makespan_s >= least * (1 - 1e-9));
    }
}
