// Colour emoji from fonts that have bitmap strikes only (CBDT, as Noto Color Emoji), which Dear ImGui's FreeType loader
// leaves invisible: a font loader that scales a strike to each size; and one for characters that are never seen.
//
// Thread contract: main thread, as Dear ImGui's atlas. No shaping: a flag is two letters, a joined sequence its parts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <imgui.h>

namespace llmc::gui {

// For ImFontConfig::FontLoader.
const ImFontLoader* bitmap_emoji_loader();

// A source without a file: joiners, variation selectors, byte order marks and other format characters have no width and
// no picture, where fonts would show boxes and question marks.
const ImFontLoader* format_character_loader();
// Pairs of first and last, zero-terminated: what format_character_loader() takes, for GlyphExcludeRanges of others.
const ImWchar* format_characters();

// Pixels of premultiplied BGRA.
struct Pixels {
    std::span<const std::uint8_t> bytes;
    int width = 0, height = 0, pitch = 0;
};
// Straight RGBA of `width`×`height`, each pixel the average of the area that it covers.
std::vector<std::uint8_t> scale_by_area(const Pixels& from, int width, int height);

}  // namespace llmc::gui
