// Which font files the system has for what the window shows, and reading them by mapping.
//
// Thread contract: plain functions and values; one SystemFonts by one thread at a time. Invariant: a mapped file costs
// memory only for the pages that are used; a MappedFile's bytes stay where they are as long as they are mapped.
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace llmc::gui {

struct FontFile {
    std::filesystem::path path;
    int index = 0;                            // of the face within a collection, as FreeType counts
    std::string family;                       // in English
    bool is_bold = false, is_italic = false;  // what the face is, which may be less than what was asked for
    char32_t sample = U'a';                   // a character that it has, and that it was found for
};

enum class Weight { regular, semibold, bold };

// The questions to fontconfig, whose configuration is read when this is made (some milliseconds).
class SystemFonts {
public:
    SystemFonts();
    ~SystemFonts();
    SystemFonts(const SystemFonts&) = delete;
    SystemFonts& operator=(const SystemFonts&) = delete;

    // The first of `families` that is installed, or what the system uses in its place; the face closest to `weight` and
    // `is_italic`. Nothing where the system has no font at all.
    std::optional<FontFile> text(std::initializer_list<const char*> families, Weight weight, bool is_italic) const;
    // For Chinese, Japanese and Korean: the font of the locale's language first (one character looks different in
    // each), then what it lacks. As few as cover all.
    std::vector<FontFile> cjk(Weight weight, std::string_view locale) const;
    // In the order in which they should be tried: coloured, then monochrome.
    std::vector<FontFile> emoji() const;
    // What shows arrows, mathematics, box drawing and other scripts, as few as cover all of it.
    std::vector<FontFile> symbols() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// "ja_JP.UTF-8": LC_ALL, else LC_CTYPE, else LANG of the environment.
std::string locale_name();
// The languages in fontconfig's names, in the order in which their fonts are used: "ja" first for "ja_JP.UTF-8".
std::vector<std::string> cjk_order(std::string_view locale);

class MappedFile {
public:
    // Errors: `io` with the system's reason; an empty file is one.
    static Result<MappedFile> open(const std::filesystem::path& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();
    std::span<const std::byte> bytes() const { return bytes_; }

private:
    explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::span<const std::byte> bytes_;
};

}  // namespace llmc::gui
