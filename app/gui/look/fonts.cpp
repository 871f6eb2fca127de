#include "gui/look/fonts.h"

#include <algorithm>
#include <array>
#include <map>

#include <ft2build.h>
#include FT_FREETYPE_H

#include <imgui_freetype.h>

#include "gui/look/bitmap_emoji.h"
#include "gui/look/system_fonts.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kFaces = static_cast<std::size_t>(Face::count);

struct FaceWish {
    bool is_mono = false;
    Weight weight = Weight::regular;
    bool is_italic = false;
};
constexpr std::array<FaceWish, kFaces> kWishes{{
    {false, Weight::regular, false},
    {false, Weight::semibold, false},
    {false, Weight::regular, true},
    {false, Weight::semibold, true},
    {true, Weight::regular, false},
    {true, Weight::bold, false},
}};

// What answers are written in, one character for each.
struct Script {
    char32_t sample;
    const char *name, *package;
};
constexpr std::array<Script, 7> kScripts{{
    {0x8FD9, "Chinese", "fonts-noto-cjk"},
    {0x3042, "Japanese", "fonts-noto-cjk"},
    {0xD55C, "Korean", "fonts-noto-cjk"},
    {0x1F600, "emoji", "fonts-noto-color-emoji"},
    {0x2192, "arrows", "fonts-dejavu-core"},
    {0x2200, "mathematics", "fonts-dejavu-core"},
    {0x2500, "lines and boxes", "fonts-dejavu-core"},
}};

std::vector<std::string> missing_in(const ImFont& font) {
    std::vector<std::string> lines;
    const char* package = nullptr;
    for (const Script& script : kScripts) {
        if (const_cast<ImFont&>(font).IsGlyphInFont(static_cast<ImWchar>(script.sample))) continue;
        if (package && std::string_view(package) == script.package) {
            std::string& line = lines.back();
            line.insert(line.rfind(": "), std::string(", ") + script.name);
        } else {
            lines.push_back(std::string("no font for ") + script.name + ": " + script.package);
        }
        package = script.package;
    }
    return lines;
}

// What a font file can do, asked before Dear ImGui gets it.
struct Probe {
    bool is_usable = false;
    bool has_only_bitmaps = false;
    float line_per_em = 1;  // height of a line at an em of 1
};

class Prober {
public:
    Prober() {
        if (FT_Init_FreeType(&library_) != 0) library_ = nullptr;
    }
    ~Prober() {
        if (library_) FT_Done_FreeType(library_);
    }
    Prober(const Prober&) = delete;
    Prober& operator=(const Prober&) = delete;

    // Its sample must be drawn with some pixels: colour fonts in formats that FreeType does not draw (COLRv1, SVG) load
    // without an error and show nothing.
    Probe probe(const FontFile& file, std::span<const std::byte> bytes) const {
        Probe found;
        FT_Face face = nullptr;
        if (!library_ || FT_New_Memory_Face(library_, reinterpret_cast<const FT_Byte*>(bytes.data()),
                                            static_cast<FT_Long>(bytes.size()), file.index, &face) != 0) {
            return found;
        }
        found.has_only_bitmaps = !FT_IS_SCALABLE(face) && FT_HAS_FIXED_SIZES(face);
        if (face->units_per_EM > 0) {
            found.line_per_em =
                static_cast<float>(face->ascender - face->descender) / static_cast<float>(face->units_per_EM);
        }
        const bool has_size =
            found.has_only_bitmaps ? FT_Select_Size(face, 0) == 0 : FT_Set_Pixel_Sizes(face, 0, 16) == 0;
        const FT_UInt glyph = FT_Get_Char_Index(face, file.sample);
        found.is_usable = has_size && glyph != 0 && FT_Load_Glyph(face, glyph, FT_LOAD_COLOR) == 0 &&
                          FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) == 0 && face->glyph->bitmap.rows > 0;
        FT_Done_Face(face);
        return found;
    }

private:
    FT_Library library_ = nullptr;
};

}  // namespace

struct Fonts::Impl {
    std::array<ImFont*, kFaces> faces{};
    std::map<std::filesystem::path, MappedFile> files;
    std::vector<std::string> notes;
    std::vector<std::string> missing;
    std::vector<std::string> families;  // that are used, each once

    void add_family(const std::string& family) {
        if (std::ranges::find(families, family) == families.end()) families.push_back(family);
    }
    void note(std::string text) {
        if (std::ranges::find(notes, text) == notes.end()) notes.push_back(std::move(text));
    }

    const MappedFile* mapped(const FontFile& file) {
        if (const auto known = files.find(file.path); known != files.end()) return &known->second;
        auto opened = MappedFile::open(file.path);
        if (!opened) {
            note("The font " + file.family + " is not used: " + opened.error().message + ".");
            return nullptr;
        }
        return &files.emplace(file.path, std::move(*opened)).first->second;
    }

    struct Part {
        ImFont* into = nullptr;  // merged into that; else a new font
        unsigned int flags = 0;
        float same_em_as = 0;  // line_per_em of the first font of the chain: same sizes of characters, not of lines
    };
    // Adds one file to a chain; the font, or nothing where it cannot be used (then it is in the notes).
    ImFont* add(const Prober& prober, const FontFile& file, const Part& part, float* line_per_em = nullptr) {
        const MappedFile* bytes = mapped(file);
        if (!bytes) return nullptr;
        const Probe probe = prober.probe(file, bytes->bytes());
        if (!probe.is_usable) {
            note("The font " + file.family + " (" + file.path.string() + ") is not used: it cannot be drawn.");
            return nullptr;
        }
        ImFontConfig config;
        config.FontData = const_cast<std::byte*>(bytes->bytes().data());
        config.FontDataSize = static_cast<int>(bytes->bytes().size());
        config.FontDataOwnedByAtlas = false;
        config.FontNo = static_cast<ImU32>(file.index);
        config.FontLoaderFlags = part.flags;
        config.MergeMode = part.into != nullptr;
        config.DstFont = part.into;
        config.GlyphExcludeRanges = format_characters();
        if (probe.has_only_bitmaps) {
            config.FontLoader = bitmap_emoji_loader();
        } else if (part.same_em_as > 0) {
            config.ExtraSizeScale = probe.line_per_em / part.same_em_as;
        }
        ImFont* font = ImGui::GetIO().Fonts->AddFont(&config);
        if (!font) {
            note("The font " + file.family + " (" + file.path.string() + ") is not used: it cannot be read.");
            return nullptr;
        }
        add_family(file.family);
        if (line_per_em) *line_per_em = probe.line_per_em;
        return font;
    }
};

Fonts::Fonts() : impl_(std::make_unique<Impl>()) {}
Fonts::~Fonts() = default;

void Fonts::load() {
    constexpr unsigned int kHinting = ImGuiFreeTypeLoaderFlags_LightHinting;
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    if (!atlas.Fonts.empty()) atlas.ClearFonts();
    atlas.TexMinWidth = atlas.TexMinHeight =
        1024;  // otherwise it is made anew several times while the first text is drawn

    const SystemFonts system;
    const Prober prober;
    const std::string locale = locale_name();
    const auto cjk_regular = system.cjk(Weight::regular, locale), cjk_bold = system.cjk(Weight::bold, locale);
    const auto emoji = system.emoji();
    const auto symbols = system.symbols();

    for (std::size_t i = 0; i < kFaces; ++i) {
        const FaceWish& wish = kWishes[i];
        const auto file = wish.is_mono ? system.text({"JetBrains Mono", "monospace"}, wish.weight, wish.is_italic)
                                       : system.text({"Inter", "sans-serif"}, wish.weight, wish.is_italic);
        Impl::Part first{.flags = kHinting};
        if (file && wish.weight != Weight::regular && !file->is_bold) first.flags |= ImGuiFreeTypeLoaderFlags_Bold;
        if (file && wish.is_italic && !file->is_italic) first.flags |= ImGuiFreeTypeLoaderFlags_Oblique;
        float line_per_em = 0;
        ImFont* font = file ? impl_->add(prober, *file, first, &line_per_em) : nullptr;
        if (!font) {
            font = atlas.AddFontDefaultVector();
            impl_->add_family("built-in");
            impl_->note(wish.is_mono ? "The system has no monospaced font: the built-in one is used."
                                     : "The system has no font for text: the built-in one is used.");
        }
        impl_->faces[i] = font;

        ImFontConfig invisible;
        invisible.MergeMode = true;
        invisible.DstFont = font;
        invisible.FontLoader = format_character_loader();
        atlas.AddFont(&invisible);

        const bool is_bold = wish.weight != Weight::regular;
        for (const auto& part : is_bold && !cjk_bold.empty() ? cjk_bold : cjk_regular) {
            const bool lacks_weight = is_bold && !part.is_bold;
            impl_->add(prober, part,
                       {.into = font,
                        .flags = kHinting | (lacks_weight ? unsigned{ImGuiFreeTypeLoaderFlags_Bold} : 0U),
                        .same_em_as = line_per_em});
        }
        for (const auto& part : emoji) {
            const Impl::Part shown{.into = font, .flags = kHinting | ImGuiFreeTypeLoaderFlags_LoadColor};
            if (impl_->add(prober, part, shown)) break;
        }
        for (const auto& part : symbols) {
            if (file && part.path == file->path && part.index == file->index) continue;
            impl_->add(prober, part, {.into = font, .flags = kHinting, .same_em_as = line_per_em});
        }
    }
    ImGui::GetIO().FontDefault = impl_->faces[0];
    impl_->missing = missing_in(*impl_->faces[0]);
    for (const std::string& line : impl_->missing) impl_->note(line);
}

void Fonts::load_builtin() {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    if (!atlas.Fonts.empty()) atlas.ClearFonts();
    impl_->faces.fill(atlas.AddFontDefaultVector());
    impl_->families = {"built-in"};
    ImGui::GetIO().FontDefault = impl_->faces[0];
}

ImFont* Fonts::operator[](Face face) const {
    return impl_->faces[static_cast<std::size_t>(face)];
}

const std::vector<std::string>& Fonts::notes() const {
    return impl_->notes;
}

const std::vector<std::string>& Fonts::missing() const {
    return impl_->missing;
}

std::string Fonts::description() const {
    std::string text;
    for (const auto& family : impl_->families) text += (text.empty() ? "" : ", ") + family;
    return text;
}

}  // namespace llmc::gui
