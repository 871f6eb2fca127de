#include "cli/columns.h"

#include <algorithm>

#include "base/utf8.h"

namespace llmc::cli {

std::vector<std::string> in_columns(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], base::terminal_width(base::for_terminal_line(row[i])));
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string cell = base::for_terminal_line(row[i]);
            line += cell + std::string(widths[i] - base::terminal_width(cell) + 2, ' ');
        }
        while (!line.empty() && line.back() == ' ') line.pop_back();
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace llmc::cli
