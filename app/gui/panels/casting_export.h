// The cast for another program: which, into which file, what would change there, what to look at first; and the writing.
//
// Thread contract: as panel_table.h. Difference and findings are made off the window's thread (InBackground), again when
// the sheet, the choice, the file's name or what servers have is another.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "decide/cast.h"
#include "gui/commands.h"
#include "gui/frame_view.h"
#include "openai/manifest.h"

namespace llmc::gui {

struct CastingView;
struct ShownSheet;

struct CastingExport {
    int choice = 0;    // 0: none; from 1: of interop::export_formats()
    std::string file;  // to be edited; empty: a new one

    // What a preview was made of.
    struct Wanted {
        std::shared_ptr<const ShownSheet> sheet;
        int choice = 0;
        std::string file;
        std::vector<std::shared_ptr<const openai::Manifest>> manifests;  // of the servers, in their order
        int writes = 0;                                                  // the file is another after each
        bool operator==(const Wanted&) const = default;
    };
    struct Preview {
        std::vector<std::string> lines;  // of the difference
        std::vector<std::string> notes;
        std::string environment;  // of the .env file
        std::string error;        // why the file cannot be edited
    };
    Wanted made_of;
    std::shared_ptr<const Preview> preview;  // null: none yet
    int writes = 0;
    bool is_making = false, is_writing = false;
};

// Fills in what was found out by probes and kept, if it can be read. Blocks on the disk: for jobs in the background.
void add_probes(decide::CastSheet& sheet, std::span<const decide::CastSource> sources,
                std::span<const session::Server> configured);

void draw_casting_export(const FrameView& frame, CastingView& view, Commands& commands);

}  // namespace llmc::gui
