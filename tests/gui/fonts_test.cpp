#include "gui/look/fonts.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include <doctest/doctest.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "base/file.h"
#include "base/temp_folder.h"
#include "gui/look/bitmap_emoji.h"
#include "gui/look/system_fonts.h"

namespace llmc::gui {
namespace {

// Dear ImGui without a window, within a frame.
class Frame {
public:
    Fonts fonts;

    explicit Frame(bool from_system) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {800, 600};
        io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
        from_system ? fonts.load() : fonts.load_builtin();
        ImGui::NewFrame();
    }
    ~Frame() {
        ImGui::EndFrame();
        for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) texture->SetStatus(ImTextureStatus_Destroyed);
        ImGui::DestroyContext();
    }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    ImFontGlyph glyph(Face face, char32_t character, float size = 20) {
        ImGui::PushFont(fonts[face], size);
        const ImFontGlyph found = *ImGui::GetFontBaked()->FindGlyph(static_cast<ImWchar>(character));
        ImGui::PopFont();
        return found;
    }
    bool has(Face face, char32_t character) { return glyph(face, character).Codepoint == character; }
};

// The largest alpha of what a glyph has in the atlas.
int strongest_pixel(const ImFontGlyph& glyph) {
    ImTextureData& texture = *ImGui::GetIO().Fonts->TexData;
    const auto at = [](float uv, int size) { return static_cast<int>(uv * static_cast<float>(size) + 0.5F); };
    int strongest = 0;
    for (int y = at(glyph.V0, texture.Height); y < at(glyph.V1, texture.Height); ++y) {
        for (int x = at(glyph.U0, texture.Width); x < at(glyph.U1, texture.Width); ++x) {
            const auto* pixel = static_cast<const unsigned char*>(texture.GetPixelsAt(x, y));
            strongest = std::max<int>(strongest, texture.BytesPerPixel == 4 ? pixel[3] : pixel[0]);
        }
    }
    return strongest;
}

TEST_CASE("every face has a font that shows text, whatever the system has") {
    for (const bool from_system : {true, false}) {
        CAPTURE(from_system);
        Frame frame(from_system);
        for (int face = 0; face < static_cast<int>(Face::count); ++face) {
            CAPTURE(face);
            REQUIRE(frame.fonts[static_cast<Face>(face)]);
            const auto glyph = frame.glyph(static_cast<Face>(face), U'g');
            CHECK(glyph.Visible);
            CHECK(strongest_pixel(glyph) > 0);
        }
        CHECK(!frame.fonts.description().empty());
    }
}

// The system has this font, and no other.
class OnlyFont {
public:
    explicit OnlyFont(const std::filesystem::path& font) {
        std::filesystem::create_directory(folder_ / "fonts");
        std::filesystem::copy_file(font, folder_ / "fonts" / font.filename());
        REQUIRE(base::save_file(folder_ / "fonts.conf", "<fontconfig><dir>" + (folder_ / "fonts").string() +
                                                            "</dir><cachedir>" + (folder_ / "cache").string() +
                                                            "</cachedir></fontconfig>"));
        if (const char* before = std::getenv(kVariable)) before_ = before;
        ::setenv(kVariable, (folder_ / "fonts.conf").c_str(), 1);
    }
    ~OnlyFont() { before_ ? ::setenv(kVariable, before_->c_str(), 1) : ::unsetenv(kVariable); }
    OnlyFont(const OnlyFont&) = delete;
    OnlyFont& operator=(const OnlyFont&) = delete;

private:
    static constexpr const char* kVariable = "FONTCONFIG_FILE";
    base::TempFolder folder_;
    std::optional<std::string> before_;
};

TEST_CASE("what no font shows is said once, with the package that has one") {
    const auto mono = SystemFonts().text({"JetBrains Mono", "monospace"}, Weight::regular, false);
    if (!mono) {
        MESSAGE("no font is installed");
        return;
    }
    const OnlyFont only(mono->path);
    const Frame frame(true);
    const std::string line = "no font for Chinese, Japanese, Korean: fonts-noto-cjk";
    CHECK(std::ranges::count(frame.fonts.missing(), line) == 1);
    CHECK(std::ranges::count(frame.fonts.missing(), "no font for emoji: fonts-noto-color-emoji") == 1);
    CHECK(std::ranges::count(frame.fonts.notes(), line) == 1);
}

TEST_CASE("an emoji is seen, in its colours, at every size") {
    Frame frame(true);
    if (!frame.has(Face::regular, U'\U0001F600')) {
        MESSAGE("SKIPPED: this system has no font for emoji");
        return;
    }
    for (const float size : {9.0F, 15.0F, 40.0F, 200.0F}) {
        CAPTURE(size);
        const auto glyph = frame.glyph(Face::regular, U'\U0001F600', size);
        CHECK(glyph.Visible);
        CHECK(strongest_pixel(glyph) > 200);
        CHECK(glyph.Y1 - glyph.Y0 > size * 0.7F);
        CHECK(glyph.Y1 - glyph.Y0 < size * 1.3F);
        CHECK(glyph.AdvanceX >= glyph.X1 - glyph.X0 - 1);
    }
}

TEST_CASE("Chinese, Japanese and Korean text is seen in every face") {
    if (SystemFonts().cjk(Weight::regular, "").empty()) {
        MESSAGE("SKIPPED: this system has no font for Chinese, Japanese or Korean");
        return;
    }
    Frame frame(true);
    for (int face = 0; face < static_cast<int>(Face::count); ++face) {
        CAPTURE(face);
        const auto glyph = frame.glyph(static_cast<Face>(face), U'\u4e2d');
        CHECK(glyph.Codepoint == U'\u4e2d');
        CHECK(strongest_pixel(glyph) > 0);
    }
}

TEST_CASE("joiners and variation selectors take no room and show nothing") {
    Frame frame(true);
    for (const char32_t character : {U'\u200d', U'\ufe0f', U'\u200b', U'\ufeff'}) {
        CAPTURE(static_cast<unsigned>(character));
        for (const Face face : {Face::regular, Face::mono}) {
            const auto glyph = frame.glyph(face, character);
            CHECK(glyph.Codepoint == character);
            CHECK(glyph.AdvanceX == 0);
            CHECK(!glyph.Visible);
        }
    }
}

TEST_CASE("a file that is no font, or is not there, is an error or nothing, not a crash") {
    const base::TempFolder folder;
    CHECK(MappedFile::open(folder / "missing.ttf").error().kind == ErrorKind::io);
    CHECK(MappedFile::open(folder.path()).error().kind == ErrorKind::io);
    REQUIRE(base::save_file(folder / "empty.ttf", ""));
    CHECK(MappedFile::open(folder / "empty.ttf").error().message.find("empty.ttf") != std::string::npos);
    REQUIRE(base::save_file(folder / "text.ttf", "no font"));
    auto mapped = MappedFile::open(folder / "text.ttf");
    REQUIRE(mapped);
    CHECK(mapped->bytes().size() == 7);

    ImGui::CreateContext();
    ImFontConfig config;
    config.FontData = const_cast<std::byte*>(mapped->bytes().data());
    config.FontDataSize = static_cast<int>(mapped->bytes().size());
    config.FontDataOwnedByAtlas = false;
    config.FontLoader = bitmap_emoji_loader();
    CHECK(ImGui::GetIO().Fonts->AddFont(&config) == nullptr);
    ImGui::DestroyContext();
}

TEST_CASE("the user's language comes first") {
    struct Case {
        const char* locale;
        const char* first;
    };
    for (const auto& [locale, first] : {Case{"ja_JP.UTF-8", "ja"},
                                        {"ko", "ko"},
                                        {"zh_TW.UTF-8", "zh-tw"},
                                        {"zh_HK", "zh-tw"},
                                        {"zh_CN", "zh-cn"},
                                        {"de_DE.UTF-8", "zh-cn"},
                                        {"", "zh-cn"}}) {
        CAPTURE(locale);
        auto order = cjk_order(locale);
        REQUIRE(order.size() == 4);
        CHECK(order.front() == first);
        std::ranges::sort(order);
        CHECK(order == std::vector<std::string>{"ja", "ko", "zh-cn", "zh-tw"});
    }
}

TEST_CASE("scaling averages areas and gives straight colours") {
    const std::array<std::uint8_t, 16> halves{0, 0, 255, 255, 0, 0, 0, 0,
                                              0, 0, 255, 255, 0, 0, 0, 0};  // red, clear; twice
    CHECK(scale_by_area({halves, 2, 2, 8}, 1, 1) == std::vector<std::uint8_t>{255, 0, 0, 128});
    CHECK(scale_by_area({halves, 2, 2, 8}, 2, 1) == std::vector<std::uint8_t>{255, 0, 0, 255, 0, 0, 0, 0});

    std::vector<std::uint8_t> even;
    for (int i = 0; i < 136 * 128; ++i) even.insert(even.end(), {10, 20, 30, 255});
    for (const auto& [width, height] : {std::pair{13, 12}, {1, 1}, {136, 128}, {300, 7}}) {
        const auto scaled = scale_by_area({even, 136, 128, 136 * 4}, width, height);
        REQUIRE(scaled.size() == static_cast<std::size_t>(width * height * 4));
        for (std::size_t i = 0; i < scaled.size(); i += 4) {
            REQUIRE(scaled[i] == 30);
            REQUIRE(scaled[i + 1] == 20);
            REQUIRE(scaled[i + 2] == 10);
            REQUIRE(scaled[i + 3] == 255);
        }
    }
}

}  // namespace
}  // namespace llmc::gui
