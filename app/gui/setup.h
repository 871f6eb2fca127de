// The configuration at work: applied to the engine, stored in its file, followed as the engine's candidates change;
// servers that are found or that play a part for show.
//
// Thread contract: main thread, between frames. Invariant: what the user edits stays until it is applied or reverted,
// whatever the engine says meanwhile.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "demo/demo_servers.h"
#include "gui/background.h"
#include "gui/notices.h"
#include "gui/setup_state.h"

namespace llmc::gui {

class Setup {
public:
    struct Needs {
        engine::Engine& engine;
        Background& background;
        Notices& notices;
        std::function<const engine::Snapshot&()> now;  // as the window has it
        config::Folders folders;
    };
    Setup(SetupState state, Needs needs);

    SetupState& state() { return state_; }
    const SetupState& state() const { return state_; }
    const config::Config& in_force() const { return state_.in_force; }

    void apply(bool is_saved);
    void follow();  // a new snapshot
    // The draft against what servers say now; `revision` as FrameView's.
    const engine::Preflight& check(std::uint64_t revision);

    // A session's or a suite's choices hold from now on; the file of the configuration stays as it is.
    void take(const session::Session& session, const std::string& origin);
    void take(const suite::Suite& suite);
    void configure_engine();  // by the draft's candidates and what is in force else

    void discover(std::vector<int> ports);
    bool start_demo_servers(demo::Fault fault);
    void stop_demo_servers();

private:
    void store(const config::Config& before);
    void come_from(std::string origin);

    SetupState state_;
    Needs needs_;
    std::uint64_t marks_ = 0;
    std::optional<bool> wants_apply_;  // as soon as the engine has shown what was posted; whether it is saved
    std::optional<demo::DemoServers> demo_;

    engine::Preflight preflight_;
    std::uint64_t checked_revision_ = ~std::uint64_t{0};
    std::vector<session::Candidate> checked_candidates_;  // what preflight_ is about
    session::Settings checked_settings_;
};

}  // namespace llmc::gui
