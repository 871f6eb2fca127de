// A world for the director without threads, network or disk: what it asks for is kept, and answered when the test says
// so.
#pragma once

#include <algorithm>
#include <map>
#include <random>

#include "director.h"

namespace llmc::test {

inline session::Server server(const std::string& url, int max_concurrent = 1) {
    session::Server made{.url = net::BaseUrl::parse(url).value()};
    made.max_concurrent = max_concurrent;
    return made;
}

inline session::Candidate candidate(const std::string& model, const std::string& label = {},
                                    const std::string& pinned = {}) {
    return {.model_id = model, .display_name = label, .server = pinned};
}

inline openai::Manifest manifest(const std::vector<std::string>& ids) {
    openai::Manifest made;
    for (const std::string& id : ids) made.models.push_back({.id = id});
    return made;
}

class FakeWorld final : public engine::DirectorEffects {
public:
    FakeWorld() : clock(std::make_shared<base::ManualClock>()), director(*this, clock) {}

    // Configures servers that have all the models, and answers their manifests.
    void begin(std::vector<session::Server> servers, std::vector<session::Candidate> candidates,
               session::Settings settings = {}) {
        std::vector<std::string> ids;
        for (const auto& one : candidates) ids.push_back(one.model_id);
        set_up(std::move(servers), std::move(candidates), settings);
        answer_manifests(manifest(ids));
    }
    // The same, but the servers have not answered yet.
    void set_up(std::vector<session::Server> servers, std::vector<session::Candidate> candidates,
                session::Settings settings = {}) {
        configure(std::move(servers), settings);
        for (auto& one : candidates) command(engine::AddCandidate{std::move(one), {}});
    }
    void configure(std::vector<session::Server> servers, session::Settings settings = {}) {
        command(engine::Configure{std::move(servers), settings, "reports"});
    }
    void send(std::vector<std::string> prompts) { director.handle(engine::Command{engine::Send{std::move(prompts)}}); }
    void command(engine::Command command) { director.handle(std::move(command)); }

    void answer_manifests(const Result<openai::Manifest>& with) {
        for (auto& query : std::exchange(manifest_queries, {}))
            director.handle(engine::ManifestReply{.server_key = query.server_key, .manifest = with});
    }
    void answer_manifest(int index, const Result<openai::Manifest>& with) {
        auto query = manifest_queries.at(static_cast<std::size_t>(index));
        manifest_queries.erase(manifest_queries.begin() + index);
        director.handle(engine::ManifestReply{.server_key = query.server_key, .manifest = with});
    }

    // Ends the job at `index` of those running.
    void end(std::size_t index, session::AnswerState state, const std::string& text = "answer") {
        const engine::AnswerJob job = take(index);
        director.handle(engine::AnswerUpdate{job.key, session::AnswerState::processing, {}});
        if (!text.empty()) {
            (void)job.stream->append_text(text);
            director.handle(engine::AnswerUpdate{job.key, session::AnswerState::streaming, {}});
        }
        job.stream->seal();
        engine::AnswerEnd ended{.key = job.key, .state = state};
        if (state == session::AnswerState::complete) ended.finish_reason = "stop";
        if (session::is_failure(state))
            ended.failure = session::Failure{net::Phase::streaming, 200, ErrorKind::cut_off, "it broke."};
        director.handle(std::move(ended));
    }
    // A complete request that brought calls: {id, name, arguments} each.
    void call(std::size_t index, std::vector<openai::ToolCall> calls, const std::string& text = {}) {
        const engine::AnswerJob job = take(index);
        director.handle(engine::AnswerUpdate{job.key, session::AnswerState::processing, {}});
        if (!text.empty()) (void)job.stream->append_text(text);
        job.stream->seal();
        engine::AnswerEnd ended{.key = job.key, .state = session::AnswerState::complete};
        ended.finish_reason = "tool_calls";
        ended.metrics.output_tokens = 10;
        ended.tool_calls = std::move(calls);
        director.handle(std::move(ended));
    }
    void complete(std::size_t index, const std::string& text = "answer") {
        end(index, session::AnswerState::complete, text);
    }

    // Ends every job that was asked to stop, as workers do.
    void obey_stops() {
        for (std::size_t i = 0; i < jobs.size();) {
            const auto reason = jobs[i].control->stop_reason();
            if (reason == engine::StopReason::none)
                ++i;
            else
                end(i,
                    reason == engine::StopReason::interrupted ? session::AnswerState::interrupted
                                                              : session::AnswerState::stopped,
                    "part");
        }
    }

    engine::AnswerJob take(std::size_t index) {
        engine::AnswerJob job = jobs.at(index);
        jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(index));
        return job;
    }

    std::size_t count(engine::Event::Kind kind) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [kind](const auto& event) { return event.kind == kind; }));
    }
    engine::Snapshot now() const { return director.snapshot(); }
    std::vector<std::string> queue() const {
        std::vector<std::string> prompts;
        for (const auto& one : now().session.queue) prompts.push_back(one->prompt);
        return prompts;
    }
    const session::Answer& answer(int round, const std::string& candidate) {
        last_ = director.snapshot();
        return *last_.session.rounds.at(static_cast<std::size_t>(round - 1))->find(candidate);
    }

    // DirectorEffects
    void start_answer(engine::AnswerJob job) override { jobs.push_back(std::move(job)); }
    void ask_manifest(engine::ManifestQuery query) override { manifest_queries.push_back(std::move(query)); }
    void ask_load_state(engine::LoadStateQuery query) override { load_queries.push_back(std::move(query)); }
    void change_load(engine::LoadQuery query) override { load_changes.push_back(std::move(query)); }
    void emit(engine::Event event) override { events.push_back(std::move(event)); }
    Result<std::vector<std::filesystem::path>> write_reports(const session::Session& session,
                                                             const std::vector<report::Format>& formats,
                                                             const std::filesystem::path& folder) override {
        for (const auto format : formats)
            if (const auto error = format_errors.find(format); error != format_errors.end()) return error->second;
        written.push_back(session);
        std::vector<std::filesystem::path> paths;
        for (const auto format : formats) paths.push_back(folder / (std::string("r.") + format->extension));
        return paths;
    }
    Result<void> save_session(const session::Session& session, const std::filesystem::path& path) override {
        if (save_error) return *save_error;
        written.push_back(session);
        saved.push_back(path);
        return {};
    }

    std::shared_ptr<base::ManualClock> clock;
    std::vector<engine::AnswerJob> jobs;  // running, in the order in which they were sent
    std::vector<engine::ManifestQuery> manifest_queries;
    std::vector<engine::LoadStateQuery> load_queries;
    std::vector<engine::LoadQuery> load_changes;
    std::vector<engine::Event> events;
    std::vector<session::Session> written;
    std::vector<std::filesystem::path> saved;
    std::optional<Error> save_error;
    std::map<report::Format, Error> format_errors;
    engine::Director director;

private:
    engine::Snapshot last_;
};

}  // namespace llmc::test
