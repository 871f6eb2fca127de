// Text from models, servers and users made safe to stand in a document: nothing in it can move a cursor, reorder a line
// or start a new one unseen.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

#include "base/number_text.h"

namespace llmc::report {

// The text with every control character made visible: C0 (but tab and line feed) and DEL as their pictures (␛), C1 and
// what reorders a text (embeddings, overrides, isolates) as "[U+202E]". The marks U+200E, U+200F and U+061C, which
// Hebrew and Arabic are written with, stay. All kinds of line breaks (CR LF, CR, U+2028, U+2029) become line feeds;
// ill-formed UTF-8 becomes U+FFFD.
std::string clean(std::string_view text);

// The same on one line: runs of tabs and line breaks become one blank; no blanks at either end.
std::string one_line(std::string_view text);

// DEL, C1 and all bidi controls, marks too.
bool acts_on_terminals(char32_t code_point);

// The lines of a clean text, one after the other; at least one. No list of them is made: a text may be all line breaks.
class Lines {
public:
    class Iterator {
    public:
        Iterator() = default;
        explicit Iterator(std::string_view text)
            : rest_(text), line_(text.substr(0, text.find('\n'))), is_end_(false) {}
        std::string_view operator*() const { return line_; }
        Iterator& operator++() {
            if (line_.size() == rest_.size()) {
                is_end_ = true;
            } else {
                rest_.remove_prefix(line_.size() + 1);
                line_ = rest_.substr(0, rest_.find('\n'));
            }
            return *this;
        }
        bool operator!=(const Iterator& other) const { return is_end_ != other.is_end_; }

    private:
        std::string_view rest_, line_;
        bool is_end_ = true;
    };

    explicit Lines(std::string_view text) : text_(text) {}
    Iterator begin() const { return Iterator(text_); }
    Iterator end() const { return {}; }

private:
    std::string_view text_;
};
inline Lines lines_of(std::string_view text) {
    return Lines(text);
}

using base::plain_number;

// A setting as people read it: empty ones are not sent.
inline std::string number_or_servers_own(const auto& setting) {
    return setting ? plain_number(static_cast<double>(*setting)) : "the server's own";
}
using base::tidy;

}  // namespace llmc::report
