#include "gui/setup.h"

#include <algorithm>

#include <fmt/format.h>

namespace llmc::gui {

Setup::Setup(SetupState state, Needs needs) : state_(std::move(state)), needs_(std::move(needs)) {
    state_.in_force.candidates.clear();  // the engine knows of none yet
    state_.name_rows();
    configure_engine();
}

void Setup::apply(bool is_saved) {
    if (!state_.is_changed()) return;
    if (state_.posted) {
        wants_apply_ = is_saved;
        return;
    }
    const config::Config before = state_.in_force;
    state_.in_force = state_.draft;
    state_.in_force.candidates = before.candidates;
    configure_engine();
    state_.is_saved = false;  // until it is
    if (is_saved && state_.trouble.empty()) store(before);
}

void Setup::store(const config::Config& before) {
    needs_.background.run([this, before, now = state_.draft, path = state_.path, folders = needs_.folders] {
        const auto stored = store_setup(before, now, path, folders);
        return Background::Finish([this, failure = stored ? std::string() : stored.error().message] {
            state_.is_saved = failure.empty();
            if (failure.empty())
                state_.origin = "config.json";
            else
                needs_.notices.complain(failure);
        });
    });
}

void Setup::configure_engine() {
    engine::Configure configure;
    configure.servers = state_.in_force.servers;
    configure.settings = state_.in_force.settings;
    configure.report_folder = state_.in_force.report_folder;
    if (state_.in_force.journal) configure.journal_folder = needs_.folders.state;
    if (state_.draft.candidates == state_.in_force.candidates || state_.posted)
        return needs_.engine.post(std::move(configure));
    std::vector<engine::Command> commands = candidate_commands(state_.in_force.candidates, state_.draft.candidates);
    commands.insert(commands.begin(), std::move(configure));
    commands.emplace_back(engine::Mark{++marks_});
    note_posted(state_, needs_.now().session, marks_);
    needs_.engine.post(std::move(commands));
}

void Setup::follow() {
    follow_candidates(state_, needs_.now());
    if (wants_apply_ && !state_.posted) apply(*std::exchange(wants_apply_, std::nullopt));
}

const engine::Preflight& Setup::check(std::uint64_t revision) {
    const config::Config& draft = state_.draft;
    if (checked_revision_ == revision && draft.candidates == checked_candidates_ && draft.settings == checked_settings_)
        return preflight_;
    checked_candidates_ = draft.candidates;
    checked_settings_ = draft.settings;
    checked_revision_ = revision;
    preflight_ = engine::check_start(needs_.now().servers, checked_candidates_, checked_settings_);
    return preflight_;
}

void Setup::come_from(std::string origin) {
    state_.origin = std::move(origin);
    state_.is_saved = false;
}

// Servers that it names and we do not know are added.
void Setup::take(const session::Session& session, const std::string& origin) {
    config::Config config = state_.in_force;  // its candidates: until the engine says whose the session's are
    config.settings = session.settings;
    for (const session::Server& server : session.servers) {
        if (std::ranges::find(config.servers, server.url, &session::Server::url) != config.servers.end()) continue;
        config.servers.push_back(server);
        if (!server.api_key_env.empty())
            config.servers.back().api_key = config::system_environment()(server.api_key_env).value_or(std::string());
    }
    state_.in_force = state_.draft = std::move(config);
    state_.posted.reset();
    wants_apply_.reset();
    come_from(origin);
    state_.system_prompt_origin = origin;
}

void Setup::take(const suite::Suite& suite) {
    state_.in_force.settings = suite::with_suite(state_.in_force.settings, suite);
    state_.draft.settings = state_.in_force.settings;
    come_from(fmt::format("suite {}", suite.name));
    if (suite.system_prompt) state_.system_prompt_origin = state_.origin;
}

void Setup::discover(std::vector<int> ports) {
    if (std::exchange(state_.is_discovering, true)) return;
    needs_.background.run([this, ports = std::move(ports)] {
        auto found = config::discover(needs_.engine.http(), ports);
        return Background::Finish([this, found = std::move(found)]() mutable {
            state_.is_discovering = false;
            state_.discovered = std::move(found);
        });
    });
}

bool Setup::start_demo_servers(demo::Fault fault) {
    if (demo_) return false;
    auto started = demo::DemoServers::start({.fault = fault});
    if (!started) {
        needs_.notices.toast(started.error().message, true);
        return false;
    }
    demo_.emplace(std::move(started).value());
    state_.runs_demo_servers = true;
    for (std::size_t i = 0; i < demo_->servers().size(); ++i)
        if (auto url = net::BaseUrl::parse(demo_->servers()[i].url))
            state_.draft.servers.push_back({.url = std::move(url).value(), .name = fmt::format("demo-{}", i + 1)});
    if (state_.draft.candidates.empty())
        for (const char* model : {"demo-fast", "demo-thinker", "demo-fragile"}) (void)state_.new_candidate(model);
    state_.origin = "demo servers";
    apply(false);  // gone with the program: not into the file
    return true;
}

void Setup::stop_demo_servers() {
    if (!demo_) return;
    std::erase_if(state_.draft.servers, [this](const session::Server& server) {
        return std::ranges::any_of(demo_->servers(),
                                   [&](const auto& entry) { return session::names_server(entry.url, server); });
    });
    state_.runs_demo_servers = false;
    apply(false);
    needs_.background.run([servers = std::make_shared<demo::DemoServers>(std::move(*demo_))] {
        servers->stop();
        return Background::Finish([] {});
    });
    demo_.reset();
}

}  // namespace llmc::gui
