// The fonts of the window, from the system's.
//
// Thread contract: main thread; load() between frames. Invariant: every Face has a font, whatever the system has (at
// worst Dear ImGui's own); files are mapped, not read, and stay mapped as long as Fonts lives, which must outlive the
// ImGui context.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <imgui.h>

namespace llmc::gui {

enum class Face { regular, semibold, italic, semibold_italic, mono, mono_bold, count };

class Fonts {
public:
    Fonts();
    ~Fonts();
    Fonts(const Fonts&) = delete;
    Fonts& operator=(const Fonts&) = delete;

    // Adds all faces to the current context's atlas, each a chain: Latin/Greek/Cyrillic, CJK, emoji, symbols.
    void load();
    // Only Dear ImGui's built-in font for all faces: for tests and benchmarks that must not depend on the machine.
    void load_builtin();

    ImFont* operator[](Face face) const;
    // What could not be loaded, in words, for the log.
    const std::vector<std::string>& notes() const;
    // What no font shows and which package has one, said in the notes too: "no font for Chinese: fonts-noto-cjk".
    const std::vector<std::string>& missing() const;
    // "Inter, Noto Sans CJK SC, Noto Color Emoji": for About.
    std::string description() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace llmc::gui
