// The casting sheet: which candidate for which role, with the evidence; picked, exported.
//
// Thread contract: as panel_table.h. The sheet is made off the window's thread (InBackground), again when this session
// has something new to say and none of its rounds runs, and when a source comes or goes.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/casting_export.h"
#include "gui/panels/casting_model.h"

namespace llmc::gui {

// A sheet as it is shown: its words are made once.
struct ShownSheet {
    struct Role {
        std::string reason;                           // short
        std::vector<std::vector<std::string>> lines;  // per contender: its evidence
    };
    decide::CastSheet sheet;
    std::vector<Role> roles;                // beside the sheet's
    std::vector<CastingSource> sources;     // that it was made of
    std::vector<std::string> source_words;  // beside these
    std::string head;
};
ShownSheet shown_sheet(decide::CastSheet sheet, std::vector<CastingSource> sources);

struct CastingView {
    std::vector<CastingSource> added;  // from files
    CastingPicks picks;
    std::set<std::string> of_session;  // roles whose pick is one of this session, and goes with it

    std::shared_ptr<const ShownSheet> shown;  // null: none yet
    EvidenceWatch watch;
    std::string session_id;
    std::uint64_t seen_revision = ~std::uint64_t{0};
    bool wants_sheet = true;
    bool is_making = false, is_writing = false;  // off the window's thread

    std::set<std::string> unfolded;            // roles whose evidence is listed
    std::map<std::string, std::string> notes;  // on picks, while they are written
    CastingExport other_program;
};

void draw_casting(const FrameView& frame, CastingView& view, Commands& commands);

// A session or report from a file, as further evidence. `name`: the file's.
void add_evidence(CastingView& view, std::string name, session::Session session);

// The user's choice for a role; an empty label goes back to the proposal.
void pick_for_role(const FrameView& frame, CastingView& view, const std::string& role, const CastingPick& pick,
                   Commands& commands);

}  // namespace llmc::gui
