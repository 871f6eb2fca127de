// What the rows of the Configuration panel say, derived from the draft and from what the servers say now.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "gui/look/theme.h"
#include "gui/widgets.h"
#include "session/candidate.h"

namespace llmc::gui {

struct SetupRow {
    Dot dot = Dot::ring;
    std::string id;  // of a server: its address, which moves with it
    std::string title, second, right;
    Role right_role = Role::weak;
    std::string trouble;               // in words, a sentence; empty: none
    std::vector<std::string> nearest;  // models that may be meant; of a candidate that no server has
};

// What is known of a server of the draft; nullptr before it is in force.
const engine::ServerStatus* status_of(const session::Server& server, const std::vector<engine::ServerStatus>& statuses);

SetupRow server_row(const session::Server& server, const engine::ServerStatus* status);
// `label` is the candidate's unique one.
SetupRow candidate_row(const session::Candidate& candidate, const std::string& label,
                       const std::vector<engine::ServerStatus>& statuses);

// "T 0.2 · max 512": what a candidate sets for itself; empty for nothing.
std::string own_words(const session::Overrides& own);

// A model that can be picked: of all servers that have it, embedding models left out.
struct PickableModel {
    std::string id;
    std::string second;  // "Q4_K_M · context 4096 of 32768 · loaded on studio-1"
    bool is_loaded = false;
};
std::vector<PickableModel> pickable_models(const std::vector<engine::ServerStatus>& statuses);

// Whether every word of `filter` is in `text`, ignoring the case of Latin letters.
bool matches(std::string_view text, std::string_view filter);

}  // namespace llmc::gui
