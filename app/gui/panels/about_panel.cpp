#include "gui/panels/about_panel.h"

#include "gui/widgets.h"

#ifndef LLMC_VERSION
#define LLMC_VERSION ""
#endif

namespace llmc::gui {
namespace {

struct Library {
    const char *name, *what, *licence;
};

constexpr Library kLibraries[] = {
    {"Dear ImGui", "the window's contents", "MIT"},
    {"ImPlot", "plots", "MIT"},
    {"GLFW", "window, keys, mouse", "zlib"},
    {"glad", "OpenGL", "MIT, Apache-2.0"},
    {"FreeType", "glyphs", "FTL"},
    {"fontconfig", "the system's fonts", "MIT"},
    {"portable-file-dialogs", "file dialogs", "WTFPL"},
    {"MD4C", "Markdown", "MIT"},
    {"cpp-httplib", "HTTP", "MIT"},
    {"OpenSSL", "TLS", "Apache-2.0"},
    {"simdjson", "JSON of streams", "Apache-2.0, MIT"},
    {"JSON for Modern C++", "JSON of files", "MIT"},
    {"{fmt}", "text formatting", "MIT"},
    {"CLI11", "command line", "BSD-3-Clause"},
};

void fact(const FrameView& frame, const char* name, std::string_view value) {
    if (value.empty()) return;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    draw_text(frame, name, {.size = frame.theme.text.quiet, .role = Role::weak});
    ImGui::TableNextColumn();
    draw_text_wrapped(frame, value, {.size = frame.theme.text.quiet});
}

}  // namespace

void draw_about(const FrameView& frame, Commands& commands) {
    (void)commands;
    const Theme& theme = frame.theme;
    ImGui::Dummy({0, theme.px(2)});
    draw_text(frame, "LLM Compare " LLMC_VERSION, {.face = Face::semibold, .size = theme.text.prose});
    draw_text_wrapped(frame,
                      "Sends the same prompts to several language models on OpenAI-compatible servers and shows their "
                      "answers beside each other, with the figures measured. Free software under the MIT licence.",
                      {.size = theme.text.row});
    ImGui::Dummy({0, theme.px(2)});
    if (ImGui::BeginTable("facts", 2)) {
        ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthFixed, theme.px(80));
        ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
        fact(frame, "Fonts", frame.fonts.description());
        for (const std::string& line : frame.fonts.missing()) fact(frame, "Missing", line);
        fact(frame, "Drawn by", frame.renderer);
        fact(frame, "Text",
             "Latin, Greek, Cyrillic, CJK and emoji are shown, as far as there are fonts. Arabic, Hebrew and Indic "
             "scripts are not shaped.");
        ImGui::EndTable();
    }
    section_heading(frame, "Libraries");
    if (ImGui::BeginTable("libraries", 3, ImGuiTableFlags_BordersInnerH)) {
        for (const Library& library : kLibraries) {
            ImGui::TableNextRow();
            for (const char* cell : {library.name, library.what, library.licence}) {
                ImGui::TableNextColumn();
                draw_text_wrapped(frame, cell,
                                  {.size = theme.text.quiet, .role = cell == library.name ? Role::text : Role::weak});
            }
        }
        ImGui::EndTable();
    }
}

}  // namespace llmc::gui
