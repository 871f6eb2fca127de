// What the parts of the Configuration panel share; private to its files.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <string>
#include <vector>

#include "gui/panels/configuration_fields.h"
#include "gui/panels/configuration_panel.h"
#include "gui/panels/configuration_rows.h"

namespace llmc::gui {

struct ConfigurationView::State {
    FieldTexts texts;
    std::filesystem::path file_shown;  // config.json, and how it is written
    std::string file_words;

    // Servers
    int open_server = -1;                          // index in the draft; -1: none
    std::optional<session::Server> server_before;  // as it was when its editor was opened
    bool shows_key = false;
    bool adds_servers = false, focuses_adding = false;
    std::string new_servers, new_servers_error;

    // Candidates
    session::CandidateId open_candidate;                 // empty: none
    std::optional<session::Candidate> candidate_before;  // as it was when its editor was opened
    bool wants_picker = false;
    std::string filter;
    bool focuses_filter = false, scrolls_to_picked = false;
    int picked = 0;  // in the list of models
    std::optional<std::int64_t> load_context;

    // Another row's editor, or none.
    void open_server_at(int index) {
        open_server = index;
        server_before.reset();
        shows_key = false;
    }
    void open_candidate_of(session::CandidateId id) {
        open_candidate = std::move(id);
        candidate_before.reset();
    }

    ImGuiID active_field = 0;  // in the last frame; 0: none
    bool had_focus = false;  // in the last frame: Dear ImGui takes it away with the Escape that Cancel is asked for by
    bool shows_advanced = false, shows_all_notes = false;

    // Derived from the draft and the snapshot; made again when one of them changes.
    std::uint64_t revision = 0;
    bool is_derived = false;
    std::vector<session::Server> servers;
    std::vector<session::Candidate> candidates;
    std::vector<SetupRow> server_rows, candidate_rows;
    std::vector<PickableModel> models;
    std::string report_folder;
    std::filesystem::path report_folder_of;
};

// What a section says at its heading while the round that runs was sent with something else.
inline constexpr const char* kFromNextRound = "from the next round";

// Everything a part needs, for one frame.
struct ConfigurationParts {
    const FrameView& frame;
    ConfigurationView::State& view;
    SetupState& setup;
    Commands& commands;
};

void draw_servers(ConfigurationParts& parts);
void draw_server_editor(ConfigurationParts& parts, std::size_t index);
void draw_candidates(ConfigurationParts& parts);
void draw_candidate_editor(ConfigurationParts& parts, std::size_t index);
void draw_model_picker(ConfigurationParts& parts);  // a popup, "models"
void draw_settings(ConfigurationParts& parts);
void draw_system_prompt(ConfigurationParts& parts);
void draw_configuration_footer(ConfigurationParts& parts);
// Whether Escape takes back what an editor has changed: not the one that ends the edit of a field.
bool wants_to_cancel(const ConfigurationView::State& view);
float dot_inset(const FrameView& frame);  // from a dot's left edge to the words beside it
float configuration_footer_height(const ConfigurationParts& parts);

// Load now and Unload of `model` on one server.
void draw_load_line(ConfigurationParts& parts, const engine::ServerStatus& status, const openai::ModelInfo& model,
                    std::string_view name);

}  // namespace llmc::gui
