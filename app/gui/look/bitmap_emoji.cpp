#include "gui/look/bitmap_emoji.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <ft2build.h>
#include FT_FREETYPE_H

#include <imgui_internal.h>

namespace llmc::gui {
namespace {

constexpr float kFixed = 64;  // FreeType's 26.6 numbers

// One per font source, in ImFontConfig::FontLoaderData.
struct Source {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    int strike = -1;  // that is selected

    ~Source() {
        if (face) FT_Done_Face(face);
        if (library) FT_Done_FreeType(library);
    }
};

Source& source_of(const ImFontConfig* config) {
    return *static_cast<Source*>(config->FontLoaderData);
}

bool init_source(ImFontAtlas*, ImFontConfig* config) {
    auto source = std::make_unique<Source>();
    if (FT_Init_FreeType(&source->library) != 0) return false;
    if (FT_New_Memory_Face(source->library, static_cast<const FT_Byte*>(config->FontData), config->FontDataSize,
                           static_cast<FT_Long>(config->FontNo), &source->face) != 0) {
        return false;
    }
    if (FT_Select_Charmap(source->face, FT_ENCODING_UNICODE) != 0 || source->face->num_fixed_sizes == 0) return false;
    config->FontLoaderData = source.release();
    return true;
}

void destroy_source(ImFontAtlas*, ImFontConfig* config) {
    delete static_cast<Source*>(config->FontLoaderData);  // which is null where init_source() failed
    config->FontLoaderData = nullptr;
}

int glyph_index(ImFontAtlas*, ImFontConfig* config, ImWchar character) {
    return static_cast<int>(FT_Get_Char_Index(source_of(config).face, character));
}

// The smallest strike that need not be enlarged to `pixels` of height, else the largest.
int best_strike(FT_Face face, float pixels) {
    int best = 0;
    const auto height = [&](int i) { return static_cast<float>(face->available_sizes[i].y_ppem) / kFixed; };
    for (int i = 1; i < face->num_fixed_sizes; ++i) {
        const bool is_enough = height(i) >= pixels;
        if (is_enough != (height(best) >= pixels) ? is_enough : (height(i) < height(best)) == is_enough) best = i;
    }
    return best;
}

// Sizes as imgui_freetype takes them: the height of a line of text is the font's size.
float wanted_height(const ImFontConfig* config, const ImFontBaked* baked) {
    float size = baked->Size * config->ExtraSizeScale;
    const float reference = baked->OwnerFont->Sources[0]->SizePixels;
    if (config->MergeMode && config->SizePixels != 0.0F && reference != 0.0F) size *= config->SizePixels / reference;
    return size * config->RasterizerDensity * baked->RasterizerDensity;
}

bool put_into_atlas(ImFontAtlas* atlas, ImFontConfig* config, ImFontBaked* baked, const FT_GlyphSlot slot, float scale,
                    float density, ImFontGlyph& glyph) {
    const FT_Bitmap& bitmap = slot->bitmap;
    if (bitmap.pixel_mode != FT_PIXEL_MODE_BGRA || bitmap.pitch <= 0) return false;
    const auto length = static_cast<std::size_t>(bitmap.pitch) * bitmap.rows;
    const int from_width = static_cast<int>(bitmap.width), from_height = static_cast<int>(bitmap.rows);
    const int width = std::max(1, static_cast<int>(std::lround(static_cast<float>(from_width) * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(static_cast<float>(from_height) * scale)));
    const auto pixels = scale_by_area({{bitmap.buffer, length}, from_width, from_height, bitmap.pitch}, width, height);

    const ImFontAtlasRectId id = ImFontAtlasPackAddRect(atlas, width, height);
    if (id == ImFontAtlasRectId_Invalid) return false;
    ImTextureRect* place = ImFontAtlasPackGetRect(atlas, id);
    const float left = std::round(static_cast<float>(slot->bitmap_left) * scale);
    const float top = std::round(static_cast<float>(-slot->bitmap_top) * scale);
    glyph.X0 = left / density;
    glyph.Y0 = top / density + baked->Ascent;
    glyph.X1 = (left + static_cast<float>(width)) / density;
    glyph.Y1 = (top + static_cast<float>(height)) / density + baked->Ascent;
    glyph.Visible = true;
    glyph.Colored = true;
    glyph.PackId = id;
    ImFontAtlasBakedSetFontGlyphBitmap(atlas, baked, config, &glyph, place, pixels.data(), ImTextureFormat_RGBA32,
                                       width * 4);
    return true;
}

bool load_glyph(ImFontAtlas* atlas, ImFontConfig* config, ImFontBaked* baked, void*, int index, ImFontGlyph* glyph,
                float* advance_only) {
    Source& source = source_of(config);
    const float wanted = wanted_height(config, baked);
    const int strike = best_strike(source.face, wanted);
    if (strike != source.strike && FT_Select_Size(source.face, strike) != 0) return false;
    source.strike = strike;
    if (FT_Load_Glyph(source.face, static_cast<FT_UInt>(index), FT_LOAD_COLOR) != 0) return false;

    const FT_Size_Metrics& metrics = source.face->size->metrics;
    float line = static_cast<float>(metrics.ascender - metrics.descender) / kFixed;
    if (line <= 0) line = metrics.y_ppem;
    const float scale = wanted / line, density = config->RasterizerDensity * baked->RasterizerDensity;
    const float advance = std::round(static_cast<float>(source.face->glyph->advance.x) / kFixed * scale) / density;
    if (advance_only) {
        *advance_only = advance;
        return true;
    }
    glyph->AdvanceX = advance;
    if (source.face->glyph->bitmap.rows == 0 || source.face->glyph->bitmap.width == 0) return true;  // a blank
    return put_into_atlas(atlas, config, baked, source.face->glyph, scale, density, *glyph);
}

constexpr std::array<ImWchar, 15> kFormatCharacters{0x200B, 0x200F, 0x202A, 0x202E, 0x2060,  0x2064,  0x2066, 0x2069,
                                                    0xFE00, 0xFE0F, 0xFEFF, 0xFEFF, 0xE0001, 0xE01EF, 0};

int format_index(ImFontAtlas*, ImFontConfig*, ImWchar character) {
    for (std::size_t i = 0; kFormatCharacters[i] != 0; i += 2) {
        if (character >= kFormatCharacters[i] && character <= kFormatCharacters[i + 1]) return 1;
    }
    return 0;
}

bool load_nothing(ImFontAtlas*, ImFontConfig*, ImFontBaked*, void*, int, ImFontGlyph* glyph, float* advance_only) {
    if (advance_only) *advance_only = 0;
    if (glyph) glyph->AdvanceX = 0;
    return true;
}

ImFontLoader make_emoji_loader() {
    ImFontLoader loader;
    loader.Name = "bitmap emoji";
    loader.FontSrcInit = init_source;
    loader.FontSrcDestroy = destroy_source;
    loader.FontSrcGetGlyphIndexFromCodepoint = glyph_index;
    loader.FontBakedLoadGlyph = load_glyph;
    return loader;
}

ImFontLoader make_format_loader() {
    ImFontLoader loader;
    loader.Name = "format characters";
    loader.FontSrcGetGlyphIndexFromCodepoint = format_index;
    loader.FontBakedLoadGlyph = load_nothing;
    return loader;
}

}  // namespace

const ImFontLoader* bitmap_emoji_loader() {
    static const ImFontLoader loader = make_emoji_loader();
    return &loader;
}

const ImFontLoader* format_character_loader() {
    static const ImFontLoader loader = make_format_loader();
    return &loader;
}

const ImWchar* format_characters() {
    return kFormatCharacters.data();
}

std::vector<std::uint8_t> scale_by_area(const Pixels& from, int width, int height) {
    std::vector<std::uint8_t> to(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    const double x_step = static_cast<double>(from.width) / width, y_step = static_cast<double>(from.height) / height;
    std::size_t out = 0;
    for (int y = 0; y < height; ++y) {
        const double top = y * y_step, bottom = top + y_step;
        const int last_row = std::min(from.height, static_cast<int>(std::ceil(bottom)));
        for (int x = 0; x < width; ++x) {
            const double left = x * x_step, right = left + x_step;
            const int last_column = std::min(from.width, static_cast<int>(std::ceil(right)));
            std::array<double, 4> sum{};
            double area = 0;
            for (int row = static_cast<int>(top); row < last_row; ++row) {
                const double share_y = std::min<double>(bottom, row + 1) - std::max<double>(top, row);
                for (int column = static_cast<int>(left); column < last_column; ++column) {
                    const double share =
                        share_y * (std::min<double>(right, column + 1) - std::max<double>(left, column));
                    const auto* pixel = from.bytes.data() +
                                        static_cast<std::size_t>(row) * static_cast<std::size_t>(from.pitch) +
                                        static_cast<std::size_t>(column) * 4;
                    for (std::size_t c = 0; c < 4; ++c) sum[c] += share * pixel[c];
                    area += share;
                }
            }
            // Premultiplied sums divided by the alpha's sum are the straight colour.
            const auto straight = [&](std::size_t c) {
                return sum[3] <= 0
                           ? std::uint8_t{0}
                           : static_cast<std::uint8_t>(std::clamp(std::lround(255 * sum[c] / sum[3]), 0L, 255L));
            };
            to[out++] = straight(2);
            to[out++] = straight(1);
            to[out++] = straight(0);
            to[out++] = area <= 0 ? std::uint8_t{0}
                                  : static_cast<std::uint8_t>(std::clamp(std::lround(sum[3] / area), 0L, 255L));
        }
    }
    return to;
}

}  // namespace llmc::gui
