#include "gui/layout_plan.h"

#include <algorithm>
#include <cmath>

namespace llmc::gui {
namespace {

int at_most(float length, float minimum) {
    return std::max(1, static_cast<int>(length / std::max(minimum, 1.0F)));
}

// The number of columns whose cells are nearest to 4:3.
int grid_columns(int count, float width, float height, int most) {
    if (count == 4 && most >= 2) return 2;
    int best = 1;
    float best_distance = 1e9F;
    for (int columns = 1; columns <= std::min(count, most); ++columns) {
        const int rows = (count + columns - 1) / columns;
        const float ratio = (width / static_cast<float>(columns)) / (std::max(height, 1.0F) / static_cast<float>(rows));
        const float distance = std::abs(std::log(ratio / (4.0F / 3.0F)));
        if (distance < best_distance) {
            best_distance = distance;
            best = columns;
        }
    }
    return best;
}

Arrangement suitable(int count, int most_columns) {
    return count == 4 || count >= 6 || count > most_columns ? Arrangement::grid : Arrangement::columns;
}

}  // namespace

float prompt_height(PromptHeight wanted, float given, float whole) {
    const float height = given > 0 ? std::min(given, whole * 0.7F) : std::min(wanted.needed, whole * 0.4F);
    return std::min(std::max(height, wanted.least), whole * 0.7F);
}

LayoutPlan plan_layout(Arrangement arrangement, int count, float width, float height, float min_width,
                       float min_height) {
    LayoutPlan plan;
    if (count <= 0) {
        plan.cells.resize(1);
        return plan;
    }
    const int most_columns = at_most(width, min_width);
    if (arrangement == Arrangement::automatic) arrangement = suitable(count, most_columns);
    switch (arrangement) {
        case Arrangement::automatic:
        case Arrangement::tabs: break;
        case Arrangement::columns: plan.columns = std::min(count, most_columns); break;
        case Arrangement::grid:
            plan.columns = grid_columns(count, width, height, most_columns);
            plan.rows = std::min((count + plan.columns - 1) / plan.columns, at_most(height, min_height));
            break;
    }
    const int cells = std::min(plan.columns * plan.rows, count);
    plan.rows = (cells + plan.columns - 1) / plan.columns;
    plan.cells.resize(static_cast<std::size_t>(cells));
    // Neighbours stay together: the first cells take one more where it does not divide.
    int next = 0;
    for (int cell = 0; cell < cells; ++cell) {
        const int share = count / cells + (cell < count % cells ? 1 : 0);
        for (int i = 0; i < share; ++i) plan.cells[static_cast<std::size_t>(cell)].push_back(next++);
    }
    return plan;
}

}  // namespace llmc::gui
