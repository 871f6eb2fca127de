#include "suite/csv.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text_file.h"
#include "base/utf8.h"

namespace llmc::suite {
namespace {

Error at_line(int line, std::string_view what) {
    return {ErrorKind::parse, fmt::format("line {}: {}", line, what)};
}

// What separates the cells of a text whose first row is this header.
char separator_of(std::string_view text) {
    bool is_quoted = false;
    std::size_t commas = 0, semicolons = 0, tabs = 0;
    for (const char c : text) {
        if (c == '"') is_quoted = !is_quoted;
        if (is_quoted) continue;
        if (c == '\n') break;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
    }
    if (commas > 0 || semicolons + tabs == 0) return ',';
    return tabs > semicolons ? '\t' : ';';
}

class CsvReader {
public:
    explicit CsvReader(std::string_view text) : text_(text), separator_(separator_of(text)) {
        // Excel's own line.
        if (text.size() > 5 && text.starts_with("sep=") && (text[5] == '\n' || text.substr(5, 2) == "\r\n")) {
            separator_ = text[4];
            pos_ = text.find('\n') + 1;
            line_ = 2;
        }
        ends_[0] = separator_;
    }

    Result<std::vector<CsvRow>> rows() {
        std::vector<CsvRow> rows;
        while (pos_ < text_.size()) {
            CsvRow row{.line = line_};
            for (bool has_more = true; has_more;) {
                std::string cell;
                if (const auto read = text_[pos_ < text_.size() ? pos_ : 0] == '"' && pos_ < text_.size() ? quoted(cell)
                                                                                                          : plain(cell);
                    !read)
                    return read.error();
                row.cells.push_back(std::move(cell));
                const auto more = take_separator();
                if (!more) return more.error();
                has_more = *more;
            }
            rows.push_back(std::move(row));
        }
        return rows;
    }

private:
    Result<void> plain(std::string& cell) {
        const auto end = std::min(text_.find_first_of(std::string_view(ends_, sizeof ends_), pos_), text_.size());
        cell = text_.substr(pos_, end - pos_);
        pos_ = end;
        if (pos_ < text_.size() && text_[pos_] == '"')
            return at_line(line_, "a quote inside a cell that does not begin with one");
        return {};
    }

    Result<void> quoted(std::string& cell) {
        const int opened = line_;
        for (++pos_;;) {
            const auto quote = text_.find('"', pos_);
            if (quote == std::string_view::npos) return at_line(opened, "a quote opens here and is never closed");
            const auto part = text_.substr(pos_, quote - pos_);
            line_ += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
            cell += part;
            pos_ = quote + 1;
            if (pos_ == text_.size() || text_[pos_] != '"') return {};
            cell += '"';
            ++pos_;
        }
    }

    // Behind a cell: true for a separator, which is taken; false at the end of the line, which is taken too.
    Result<bool> take_separator() {
        if (pos_ == text_.size()) return false;
        if (text_[pos_] == separator_) {
            ++pos_;
            return true;
        }
        if (text_[pos_] == '\r') {
            if (pos_ + 1 == text_.size() || text_[pos_ + 1] != '\n')
                return at_line(line_, "a carriage return without a line feed");
            ++pos_;
        }
        if (text_[pos_] != '\n') return at_line(line_, "text behind the closing quote of a cell");
        ++pos_;
        ++line_;
        return false;
    }

    std::string_view text_;
    char separator_;
    char ends_[4] = {',', '\r', '\n', '"'};  // what a cell without quotes ends with
    std::size_t pos_ = 0;
    int line_ = 1;
};

}  // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text) {
    if (const auto wide = base::wide_encoding_of(text); !wide.empty())
        return at_line(1, fmt::format("{}, not UTF-8; save it as UTF-8", wide));
    text = base::without_byte_order_mark(text);
    if (const auto bad = base::find_invalid_utf8(text); bad != std::string_view::npos) {
        const auto before = text.substr(0, bad);
        return at_line(1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')), "not UTF-8");
    }
    return CsvReader(text).rows();
}

}  // namespace llmc::suite
