// The lines of a YAML file and what of YAML can be told from one line alone.
//
// Thread contract: plain values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::interop {

class YamlLines {
public:
    explicit YamlLines(const std::string& text);  // which must outlive it

    std::size_t count() const { return starts_.size() - 1; }
    std::size_t at(std::size_t pos) const;                               // the line of a byte, from 0
    std::size_t begin(std::size_t line) const { return starts_[line]; }  // of count(): the text's end
    std::string_view whole(std::size_t line) const;                      // with its line end
    std::string_view content(std::size_t line) const;                    // without
    bool is_blank(std::size_t line) const;
    bool is_comment(std::size_t line) const;  // nothing but a comment
    bool is_content(std::size_t line) const { return !is_blank(line) && !is_comment(line); }
    std::size_t indentation(std::size_t line) const;    // blanks before the first other sign
    std::string_view line_end(std::size_t line) const;  // "\n" or "\r\n"; where it has none, the one before's

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;  // and the text's end
};

// Where the token that begins at `pos` of a line's content ends; npos where it does not end there or is none that can
// be replaced as a whole: a block text, a mapping in braces, an anchor, an alias, a tag.
std::size_t yaml_token_end(std::string_view line, std::size_t pos);
// Whether from `pos` on there are blanks and at most a comment.
bool is_rest_of_line(std::string_view line, std::size_t pos);
// Where a comment behind content begins; npos without one.
std::size_t yaml_comment_begin(std::string_view line);

}  // namespace llmc::interop
