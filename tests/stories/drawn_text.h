// Every text that Dear ImGui puts on a draw list while a recorder lives: labels, tabs, tooltips, conversations.
//
// Thread contract: main thread; one recorder at a time. The program is linked so that ImDrawList::AddText passes by
// here (tests/CMakeLists.txt).
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace llmc::stories {

class DrawnText {
public:
    DrawnText();
    ~DrawnText();
    DrawnText(const DrawnText&) = delete;
    DrawnText& operator=(const DrawnText&) = delete;

    // The first text that has `word` in it, in upper or lower case; empty for none.
    std::string find(std::string_view word) const;
    const std::set<std::string, std::less<>>& all() const { return texts_; }  // each once, in small letters
    void take(std::string_view text);

private:
    std::set<std::string, std::less<>> texts_;
};

}  // namespace llmc::stories
