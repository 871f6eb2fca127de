// What the grid of the Suites window remembers between frames.
//
// Thread contract: main thread; `model` is made in the background and set before a frame.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gui/panels/suite_grid_model.h"

namespace llmc::gui {

struct GridView {
    std::shared_ptr<const GridModel> model;
    GridFilter filter;
    std::set<std::string> opened;  // keys of rows

    std::vector<GridLine> lines;  // as they are drawn, made of these:
    const GridModel* lines_of = nullptr;
    GridFilter lines_filter;
    bool has_opened = false;  // or closed a row since

    // The cell that has the keys.
    std::size_t line = 0, column = 0;
    std::string line_key;  // what it shows, to be found again in other lines
    GridLine line_shows;
    bool takes_keys = false;                                     // in the next frame
    bool scrolls = false;                                        // to it
    std::optional<std::pair<std::size_t, std::size_t>> goes_to;  // line and column, once all of this frame is drawn

    // Columns' names as they are broken for the width.
    std::vector<std::vector<std::string>> names;
    std::vector<std::string> names_of;
    float names_width = 0;

    std::string words;  // of the chosen cell
    std::tuple<std::uint64_t, GridLine, std::size_t> words_of{};

    void reset() { *this = {}; }
    // After the model, a filter or what is opened has changed.
    void follow();
    void move_to(std::size_t to_line, std::size_t to_column);
    const GridLine* chosen_line() const { return line < lines.size() ? &lines[line] : nullptr; }
};

}  // namespace llmc::gui
