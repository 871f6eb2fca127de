#include "cases_file.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "base/utf8.h"
#include "suite/csv.h"
#include "suite/suite.h"

namespace llmc::suite {

Result<base::OrderedJson> read_cases_file(const std::filesystem::path& path) {
    const auto text = base::read_file(path, kMaxSuiteFile);
    if (!text) return text.error();
    return cases_from_csv(*text, path.string());
}

Result<base::OrderedJson> cases_from_csv(std::string_view text, std::string_view file) {
    const auto fail = [&](int line, std::string_view what) {
        return Error{ErrorKind::parse, fmt::format("{}:{}: {}", file, line, what)};
    };
    const auto rows = parse_csv(text);
    if (!rows) {
        // "line 3: what"
        const std::string_view message = rows.error().message;
        const auto colon = message.find(": ");
        return Error{ErrorKind::parse,
                     fmt::format("{}:{}: {}", file, message.substr(5, colon - 5), message.substr(colon + 2))};
    }
    if (rows->empty()) return fail(1, "needs a header row with the names of the columns");
    const auto& names = rows->front().cells;
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (name->empty()) return fail(1, fmt::format("column {} has no name", name - names.begin() + 1));
        if (std::find(names.begin(), name, *name) != name)
            return fail(1, fmt::format("two columns are called \"{}\"", base::for_terminal_line(*name)));
    }
    const auto columns = [&] {
        std::vector<std::string> shown;
        for (const std::string& name : names) shown.push_back(base::for_terminal_line(name));
        return fmt::format("{}", fmt::join(shown, ", "));
    };
    if (rows->size() == 1) return fail(1, "has no case: nothing stands below the header row");
    base::OrderedJson cases = base::OrderedJson::array();
    for (std::size_t i = 1; i < rows->size(); ++i) {
        const CsvRow& row = (*rows)[i];
        if (row.cells.size() != names.size())
            return fail(row.line, fmt::format("the row has {} {}, and the header has {}: {}", row.cells.size(),
                                              row.cells.size() == 1 ? "cell" : "cells", names.size(), columns()));
        base::OrderedJson values = base::OrderedJson::object();
        for (std::size_t column = 0; column < names.size(); ++column) values[names[column]] = row.cells[column];
        cases.push_back(std::move(values));
    }
    return cases;
}

}  // namespace llmc::suite
