#include "gui/look/system_fonts.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fontconfig/fontconfig.h>

namespace llmc::gui {
namespace {

template <auto destroy>
struct Destroy {
    template <class T>
    void operator()(T* object) const {
        destroy(object);
    }
};
using Pattern = std::unique_ptr<FcPattern, Destroy<FcPatternDestroy>>;
using CharSet = std::unique_ptr<FcCharSet, Destroy<FcCharSetDestroy>>;
using LangSet = std::unique_ptr<FcLangSet, Destroy<FcLangSetDestroy>>;

const FcChar8* as_fc(const char* text) {
    return reinterpret_cast<const FcChar8*>(text);
}

int fc_weight(Weight weight) {
    switch (weight) {
        case Weight::regular: return FC_WEIGHT_REGULAR;
        case Weight::semibold: return FC_WEIGHT_DEMIBOLD;
        case Weight::bold: return FC_WEIGHT_BOLD;
    }
    return FC_WEIGHT_REGULAR;
}

// A collection of fonts for one purpose, one character for each part of it.
constexpr std::array<FcChar32, 15> kSymbols{
    0x2192,   // →
    0x2200,   // ∀
    0x2500,   // ─
    0x2588,   // █
    0x25CF,   // ●
    0x2714,   // ✔
    0x2A7D,   // ⩽
    0x1D465,  // 𝑥
    0x0531,   // Armenian
    0x05D0,   // Hebrew
    0x0627,   // Arabic
    0x0905,   // Devanagari
    0x0E01,   // Thai
    0x10D0,   // Georgian
    0x1D11E,  // 𝄞
};
constexpr FcChar32 kEmoji = 0x1F600;

struct CjkLanguage {
    std::string_view name;
    FcChar32 sample;  // a character that is this language's own
};
constexpr std::array<CjkLanguage, 4> kCjk{{{"zh-cn", 0x8FD9}, {"zh-tw", 0x9019}, {"ja", 0x3042}, {"ko", 0xD55C}}};

bool covers(const FcPattern* font, FcChar32 character) {
    FcCharSet* set = nullptr;
    return FcPatternGetCharSet(font, FC_CHARSET, 0, &set) == FcResultMatch && FcCharSetHasChar(set, character);
}

std::optional<FontFile> file_of(const FcPattern* font, char32_t sample) {
    FcChar8* path = nullptr;
    if (FcPatternGetString(font, FC_FILE, 0, &path) != FcResultMatch) return std::nullopt;
    FontFile file;
    file.sample = sample;
    file.path = reinterpret_cast<const char*>(path);
    FcPatternGetInteger(font, FC_INDEX, 0, &file.index);
    int weight = 0, slant = 0;
    FcPatternGetInteger(font, FC_WEIGHT, 0, &weight);
    FcPatternGetInteger(font, FC_SLANT, 0, &slant);
    file.is_bold = weight >= FC_WEIGHT_DEMIBOLD;
    file.is_italic = slant != FC_SLANT_ROMAN;
    FcChar8* family = nullptr;
    for (int i = 0; FcPatternGetString(font, FC_FAMILY, i, &family) == FcResultMatch; ++i) {
        FcChar8* language = nullptr;
        const bool is_english = FcPatternGetString(font, FC_FAMILYLANG, i, &language) == FcResultMatch &&
                                std::string_view(reinterpret_cast<const char*>(language)) == "en";
        if (i == 0 || is_english) file.family = reinterpret_cast<const char*>(family);
        if (is_english) break;
    }
    return file;
}

void add_new(std::vector<FontFile>& files, std::optional<FontFile> file) {
    const auto is_same = [&](const FontFile& known) { return known.path == file->path && known.index == file->index; };
    if (file && std::ranges::none_of(files, is_same)) files.push_back(std::move(*file));
}

}  // namespace

struct SystemFonts::Impl {
    FcConfig* config = FcInitLoadConfigAndFonts();

    // The best font for `pattern`, which has outlines unless it is for emoji.
    Pattern match(FcPattern* pattern) const {
        if (!config) return nullptr;
        FcConfigSubstitute(config, pattern, FcMatchPattern);
        FcDefaultSubstitute(pattern);
        FcResult result{};
        return Pattern(FcFontMatch(config, pattern, &result));
    }

    // The best font of `family` that has `character`; `language` may be empty.
    Pattern match_character(const char* family, FcChar32 character, Weight weight, std::string_view language) const {
        const Pattern pattern(FcPatternCreate());
        FcPatternAddString(pattern.get(), FC_FAMILY, as_fc(family));
        FcPatternAddInteger(pattern.get(), FC_WEIGHT, fc_weight(weight));
        FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
        FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
        FcPatternAddBool(pattern.get(), FC_VARIABLE, FcFalse);
        const CharSet set(FcCharSetCreate());
        FcCharSetAddChar(set.get(), character);
        FcPatternAddCharSet(pattern.get(), FC_CHARSET, set.get());
        if (!language.empty()) {
            const LangSet languages(FcLangSetCreate());
            FcLangSetAdd(languages.get(), as_fc(std::string(language).c_str()));
            FcPatternAddLangSet(pattern.get(), FC_LANG, languages.get());
        }
        Pattern font = match(pattern.get());
        return font && covers(font.get(), character) ? std::move(font) : nullptr;
    }
};

SystemFonts::SystemFonts() : impl_(std::make_unique<Impl>()) {}

SystemFonts::~SystemFonts() {
    if (impl_->config) FcConfigDestroy(impl_->config);
}

std::optional<FontFile> SystemFonts::text(std::initializer_list<const char*> families, Weight weight,
                                          bool is_italic) const {
    const Pattern pattern(FcPatternCreate());
    for (const char* family : families) FcPatternAddString(pattern.get(), FC_FAMILY, as_fc(family));
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, fc_weight(weight));
    FcPatternAddInteger(pattern.get(), FC_SLANT, is_italic ? FC_SLANT_ITALIC : FC_SLANT_ROMAN);
    FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
    FcPatternAddBool(pattern.get(), FC_VARIABLE, FcFalse);  // a variable font's named weights are faces of their own
    const Pattern font = impl_->match(pattern.get());
    return font && covers(font.get(), 'a') ? file_of(font.get(), U'a') : std::nullopt;
}

std::vector<FontFile> SystemFonts::cjk(Weight weight, std::string_view locale) const {
    std::vector<FontFile> files;
    std::vector<Pattern> chosen;
    for (const auto& language : cjk_order(locale)) {
        const FcChar32 sample = std::ranges::find(kCjk, language, &CjkLanguage::name)->sample;
        if (std::ranges::any_of(chosen, [&](const auto& font) { return covers(font.get(), sample); })) continue;
        auto font = impl_->match_character("sans-serif", sample, weight, language);
        if (!font) continue;
        add_new(files, file_of(font.get(), sample));
        chosen.push_back(std::move(font));
    }
    return files;
}

std::vector<FontFile> SystemFonts::emoji() const {
    std::vector<FontFile> files;
    for (const FcBool is_colour : {FcTrue, FcFalse}) {
        const Pattern pattern(FcPatternCreate());
        FcPatternAddString(pattern.get(), FC_FAMILY, as_fc(is_colour ? "emoji" : "Noto Emoji"));
        if (!is_colour) FcPatternAddString(pattern.get(), FC_FAMILY, as_fc("Symbola"));
        FcPatternAddBool(pattern.get(), FC_COLOR, is_colour);
        const CharSet set(FcCharSetCreate());
        FcCharSetAddChar(set.get(), kEmoji);
        FcPatternAddCharSet(pattern.get(), FC_CHARSET, set.get());
        const Pattern font = impl_->match(pattern.get());
        if (font && covers(font.get(), kEmoji)) add_new(files, file_of(font.get(), kEmoji));
    }
    return files;
}

std::vector<FontFile> SystemFonts::symbols() const {
    std::vector<FontFile> files;
    std::vector<Pattern> chosen;
    for (const FcChar32 sample : kSymbols) {
        if (std::ranges::any_of(chosen, [&](const auto& font) { return covers(font.get(), sample); })) continue;
        auto font = impl_->match_character("sans-serif", sample, Weight::regular, {});
        if (!font) continue;
        add_new(files, file_of(font.get(), sample));
        chosen.push_back(std::move(font));
    }
    return files;
}

std::string locale_name() {
    for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (const char* value = std::getenv(variable); value && *value) return value;
    }
    return {};
}

std::vector<std::string> cjk_order(std::string_view locale) {
    const auto starts = [&](std::string_view prefix) { return locale.substr(0, prefix.size()) == prefix; };
    std::string_view own;
    if (starts("ja")) own = "ja";
    if (starts("ko")) own = "ko";
    if (starts("zh")) own = "zh-cn";
    for (const std::string_view traditional : {"zh_TW", "zh_HK", "zh_MO", "zh_Hant"}) {
        if (starts(traditional)) own = "zh-tw";
    }
    std::vector<std::string> order;
    if (!own.empty()) order.emplace_back(own);
    for (const auto& language : kCjk) {
        if (language.name != own) order.emplace_back(language.name);
    }
    return order;
}

}  // namespace llmc::gui
