// What the grid is drawn of. Only for suite_grid*.cpp.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <string_view>

#include "gui/panels/suite_view.h"

namespace llmc::gui {

struct GridSizes {
    float first, cell, line, head, pad;
    GridSizes(const Theme& theme, float room, std::size_t columns);
};

// The state of one run, or of several at once where they differ.
enum class GridMark { none, waits, missing, infrastructure, failed, mixed, passed, answered };
void paint_grid_mark(const FrameView& frame, ImVec2 at, float side, GridMark mark);

// What a cell shows of a line: a mark, a word or figure, and how many attempts stand beside those that count.
struct GridFace {
    GridMark mark = GridMark::none;
    std::string_view word;  // empty: `passed` of `judged`
    int passed = 0, judged = 0, infrastructure = 0, others = 0;
    Role role = Role::weak;
};
GridFace grid_face(const SuiteParts& parts, const GridLine& line, std::size_t column);
void paint_grid_face(const FrameView& frame, ImVec2 min, ImVec2 max, const GridFace& face);

// What a cell says in words, for its tooltip and the line below the grid.
std::string grid_words(const SuiteParts& parts, const GridLine& line, std::size_t column);

// What is done with cells.
void compare_cell(SuiteParts& parts, const GridLine& line, std::size_t column);
void show_cell_checks(SuiteParts& parts, const GridLine& line, std::size_t column);
void run_again(SuiteParts& parts, const GridPart& part);
void open_conversation(SuiteParts& parts, const GridLine& line, std::size_t column);
void run_missing(SuiteParts& parts);
// The menus of a cell, of a row's and of a column's head; to be opened by their ids.
void draw_grid_menu(SuiteParts& parts, const GridPart& part);

void draw_grid_bar(SuiteParts& parts);   // filters, order, what can be run
void draw_grid_foot(SuiteParts& parts);  // what the chosen cell says

}  // namespace llmc::gui
