// The configuration at work: brought into force as it is edited, stored in its file on request, followed as the
// engine's candidates change; servers that are found, tested, or that play a part for show.
//
// Thread contract: main thread, between frames; test() asks in the background. Invariants: an edit is in force before
// anything that is asked of the engine after it; what the user edits stays, whatever the engine says meanwhile.
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
    ~Setup() { testing_.cancel(); }
    Setup(const Setup&) = delete;
    Setup& operator=(const Setup&) = delete;

    SetupState& state() { return state_; }
    const SetupState& state() const { return state_; }
    const config::Config& in_force() const { return state_.in_force; }

    void put_in_force();  // what was edited, if anything was
    // After all that was edited before it.
    void post(engine::Command command);
    void save();    // into config.json
    void follow();  // a new snapshot
    void test(const session::Server& server);
    void end() { testing_.cancel(); }  // nothing is waited for any more
    // The draft against what servers say now; `revision` as FrameView's.
    const engine::Preflight& check(std::uint64_t revision);

    // A session's or a suite's choices hold from now on; the file of the configuration stays as it is.
    void take(const session::Session& session, const std::string& origin);
    void take(const suite::Suite& suite);
    void configure_engine();  // by what is in force and the draft's candidates, also where nothing was edited

    void discover(std::vector<int> ports);
    bool start_demo_servers(demo::Fault fault);
    void stop_demo_servers();

private:
    engine::Command configuration() const;
    void post_candidates(std::vector<engine::Command>& commands);

    SetupState state_;
    Needs needs_;
    std::uint64_t marks_ = 0;
    std::vector<session::Server> servers_at_start_;
    // Asked for after an edit of rows whose ids are not known yet: it waits with that edit.
    std::vector<engine::Command> held_;
    net::Cancellation testing_;
    std::optional<demo::DemoServers> demo_;

    engine::Preflight preflight_;
    std::uint64_t checked_revision_ = ~std::uint64_t{0};
    std::vector<session::Candidate> checked_candidates_;  // what preflight_ is about
    session::Settings checked_settings_;
};

}  // namespace llmc::gui
