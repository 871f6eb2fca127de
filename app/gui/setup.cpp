#include "gui/setup.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace llmc::gui {
namespace {

constexpr std::chrono::seconds kTestPatience{3};

}  // namespace

Setup::Setup(SetupState state, Needs needs) : state_(std::move(state)), needs_(std::move(needs)) {
    servers_at_start_ = state_.in_force.servers;
    state_.in_force.candidates.clear();  // the engine knows of none yet
    state_.name_rows();
    configure_engine();
}

engine::Command Setup::configuration() const {
    engine::Configure configure;
    configure.servers = state_.in_force.servers;
    configure.settings = state_.in_force.settings;
    configure.report_folder = state_.in_force.report_folder;
    if (state_.in_force.journal) configure.journal_folder = needs_.folders.state;
    return configure;
}

// Adds what makes the engine's candidates those of the draft. While rows are on their way it has to wait: their ids are
// not known.
void Setup::post_candidates(std::vector<engine::Command>& commands) {
    if (state_.posted || state_.draft.candidates == state_.in_force.candidates) return;
    std::ranges::move(candidate_commands(state_.in_force.candidates, state_.draft.candidates),
                      std::back_inserter(commands));
    commands.emplace_back(engine::Mark{++marks_});
    note_posted(state_, needs_.now().session, marks_);
}

void Setup::configure_engine() {
    std::vector<engine::Command> commands{configuration()};
    post_candidates(commands);
    needs_.engine.post(std::move(commands));
}

void Setup::put_in_force() {
    const bool has_rest = state_.changes_rest();
    if (!has_rest && (state_.posted || !state_.changes_candidates())) return;
    const engine::Snapshot& now = needs_.now();
    if (!state_.running && engine::has_open_answers(now)) state_.running = {state_.in_force, now.session.rounds.size()};
    std::vector<engine::Command> commands;
    if (has_rest) {
        std::vector<session::Candidate> who = std::move(state_.in_force.candidates);
        state_.in_force = state_.draft;
        state_.in_force.candidates = std::move(who);
        commands.push_back(configuration());
    }
    post_candidates(commands);
    needs_.engine.post(std::move(commands));
}

void Setup::post(engine::Command command) {
    put_in_force();
    if (held_.empty() && !state_.is_changed())
        needs_.engine.post(std::move(command));
    else
        held_.push_back(std::move(command));
}

void Setup::follow() {
    const engine::Snapshot& now = needs_.now();
    follow_candidates(state_, now);
    const bool is_over = !engine::has_open_answers(now);
    if (state_.running && (is_over || now.session.rounds.size() != state_.running->rounds)) state_.running.reset();
    if (held_.empty() || state_.posted) return;
    put_in_force();
    for (engine::Command& command : std::exchange(held_, {})) needs_.engine.post(std::move(command));
}

void Setup::save() {
    if (!state_.trouble.empty()) return;
    config::Config before;
    before.servers = state_.stored ? state_.stored->servers : servers_at_start_;
    needs_.background.run(
        [this, before, now = state_.to_store(), path = state_.path, folders = needs_.folders]() mutable {
            const auto stored = store_setup(before, now, path, folders);
            return Background::Finish(
                [this, now = std::move(now), failure = stored ? std::string() : stored.error().message]() mutable {
                    if (!failure.empty()) return needs_.notices.complain(failure);
                    state_.stored = std::move(now);
                    state_.origin = "config.json";
                    needs_.notices.toast("Saved as default: " +
                                         config::with_home_as_tilde(state_.path, config::system_environment()));
                });
        });
}

void Setup::test(const session::Server& server) {
    testing_.cancel();
    testing_ = {};
    state_.test = {.server = server, .is_pending = true, .outcome = {.server = server}};
    // Other work waits behind it, and so does the user: without the engine's patience.
    const base::Duration patience =
        std::min<base::Duration>(base::from_seconds(state_.in_force.settings.connect_timeout_s), kTestPatience);
    const net::Deadlines deadlines{.connect = patience, .no_progress = patience, .total = 2 * patience};
    needs_.background.run([this, server, deadlines, cancellation = testing_] {
        openai::ManifestHints hints;
        auto manifest = openai::fetch_manifest(needs_.engine.http(), {server.url, server.api_key, server.ca_file},
                                               deadlines, hints, cancellation);
        engine::ServerStatus outcome{.server = server, .is_asked = true};
        if (hints.url) outcome.server.url = *hints.url;
        if (manifest) {
            outcome.manifest = std::make_shared<const openai::Manifest>(*std::move(manifest));
        } else {
            outcome.error = manifest.error().message;
            outcome.error_kind = manifest.error().kind;
        }
        return Background::Finish([this, server, outcome = std::move(outcome), cancellation]() mutable {
            if (!cancellation.is_cancelled())
                state_.test = {.server = server, .is_pending = false, .outcome = std::move(outcome)};
        });
    });
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
    state_.running.reset();
    state_.origin = state_.system_prompt_origin = origin;
}

void Setup::take(const suite::Suite& suite) {
    state_.in_force.settings = suite::with_suite(state_.in_force.settings, suite);
    state_.draft.settings = state_.in_force.settings;
    state_.origin = fmt::format("suite {}", suite.name);
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
        if (auto url = net::BaseUrl::parse(demo_->servers()[i].url)) {
            state_.demo_urls.push_back(*url);
            state_.draft.servers.push_back({.url = *url, .name = fmt::format("demo-{}", i + 1)});
        }
    if (state_.draft.candidates.empty())
        for (const char* model : {"demo-fast", "demo-thinker", "demo-fragile"}) (void)state_.new_candidate(model);
    state_.origin = "demo servers";
    put_in_force();
    return true;
}

void Setup::stop_demo_servers() {
    if (!demo_) return;
    state_.draft.servers = state_.to_store().servers;
    state_.demo_urls.clear();
    state_.runs_demo_servers = false;
    put_in_force();
    needs_.background.run([servers = std::make_shared<demo::DemoServers>(std::move(*demo_))] {
        servers->stop();
        return Background::Finish([] {});
    });
    demo_.reset();
}

}  // namespace llmc::gui
