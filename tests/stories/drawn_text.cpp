#include "stories/drawn_text.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include <imgui.h>

namespace {

llmc::stories::DrawnText* recorder = nullptr;

void record(const char* begin, const char* end) {
    if (recorder && begin) recorder->take({begin, end ? static_cast<std::size_t>(end - begin) : std::strlen(begin)});
}

}  // namespace

// What the linker calls in place of ImDrawList's two AddText (--wrap), and what these are called there.
extern "C" {
void __real__ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_(ImDrawList*, const ImVec2&, ImU32, const char*, const char*);
void __real__ZN10ImDrawList7AddTextEP6ImFontfRK6ImVec2jPKcS6_fPK6ImVec4(ImDrawList*, ImFont*, float, const ImVec2&,
                                                                        ImU32, const char*, const char*, float,
                                                                        const ImVec4*);
void __wrap__ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_(ImDrawList* list, const ImVec2& at, ImU32 color, const char* begin,
                                                     const char* end);
void __wrap__ZN10ImDrawList7AddTextEP6ImFontfRK6ImVec2jPKcS6_fPK6ImVec4(ImDrawList* list, ImFont* font, float size,
                                                                        const ImVec2& at, ImU32 color,
                                                                        const char* begin, const char* end, float wrap,
                                                                        const ImVec4* clip);

void __wrap__ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_(ImDrawList* list, const ImVec2& at, ImU32 color, const char* begin,
                                                     const char* end) {
    record(begin, end);
    __real__ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_(list, at, color, begin, end);
}
void __wrap__ZN10ImDrawList7AddTextEP6ImFontfRK6ImVec2jPKcS6_fPK6ImVec4(ImDrawList* list, ImFont* font, float size,
                                                                        const ImVec2& at, ImU32 color,
                                                                        const char* begin, const char* end, float wrap,
                                                                        const ImVec4* clip) {
    record(begin, end);
    __real__ZN10ImDrawList7AddTextEP6ImFontfRK6ImVec2jPKcS6_fPK6ImVec4(list, font, size, at, color, begin, end, wrap,
                                                                       clip);
}
}

namespace llmc::stories {

DrawnText::DrawnText() {
    recorder = this;
}
DrawnText::~DrawnText() {
    recorder = nullptr;
}

void DrawnText::take(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    texts_.insert(std::move(small));
}

std::string DrawnText::find(std::string_view word) const {
    std::string small(word);
    std::ranges::transform(small, small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const std::string& text : texts_)
        if (text.find(small) != std::string::npos) return text;
    return {};
}

}  // namespace llmc::stories
