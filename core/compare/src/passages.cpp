#include "passages.h"

#include "words.h"

namespace llmc::compare {
namespace {

// The run of ` or ~ that opens a line, three or more; empty for none.
std::string_view fence_of(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || (line[begin] != '`' && line[begin] != '~')) return {};
    std::size_t end = line.find_first_not_of(line[begin], begin);
    if (end == std::string_view::npos) end = line.size();
    return end - begin >= 3 ? line.substr(begin, end - begin) : std::string_view{};
}

bool is_empty_line(std::string_view line) {
    for (const char c : line)
        if (!is_blank(c)) return false;
    return true;
}

bool closes(std::string_view line, std::string_view fence) {
    const std::string_view run = fence_of(line);
    if (run.size() < fence.size() || run.empty() || run[0] != fence[0]) return false;
    const auto behind = static_cast<std::size_t>(run.data() + run.size() - line.data());
    return is_empty_line(line.substr(behind));
}

}  // namespace

std::vector<Passage> passages_of(std::string_view text) {
    std::vector<Passage> passages;
    std::string_view fence;    // of the code block we are in
    bool is_open = false;      // the next line goes on with the last passage
    bool has_content = false;  // the last passage has more than empty lines
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = text.find('\n', begin);
        end = end == std::string_view::npos ? text.size() : end + 1;
        const std::string_view line = text.substr(begin, end - begin);
        if (!fence.empty()) {
            if (closes(line, fence)) {
                fence = {};
                is_open = false;
            }
        } else if (is_empty_line(line)) {
            if (passages.empty()) passages.push_back({.begin = begin});
            is_open = !has_content;
        } else {
            fence = fence_of(line);
            if (passages.empty() || !is_open || (!fence.empty() && has_content)) passages.push_back({.begin = begin});
            if (!fence.empty()) passages.back().kind = Passage::Kind::code;
            is_open = has_content = true;
        }
        passages.back().end = end;
        begin = end;
    }
    return passages;
}

}  // namespace llmc::compare
