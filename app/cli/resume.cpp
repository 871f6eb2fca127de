#include "cli/resume.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "report/session_file.h"

namespace llmc::cli {
namespace {

// Keys stand in no file of a session: they come from the configured server of the same address, else from the
// environment variable that the session names.
std::vector<session::Server> with_keys(std::vector<session::Server> servers,
                                       const std::vector<session::Server>& configured) {
    for (session::Server& server : servers) {
        const auto known = std::find_if(configured.begin(), configured.end(),
                                        [&](const session::Server& one) { return one.url == server.url; });
        if (known != configured.end()) {
            server.api_key = known->api_key;
            if (server.ca_file.empty()) server.ca_file = known->ca_file;
        } else if (const char* key = server.api_key_env.empty() ? nullptr : std::getenv(server.api_key_env.c_str())) {
            server.api_key = key;
        }
    }
    return servers;
}

std::vector<session::Candidate> candidates_of(const session::Session& session,
                                              const std::vector<session::Candidate>& named) {
    std::vector<session::Candidate> candidates;
    const auto is_taken = [&](const session::Candidate& one) {
        return std::any_of(candidates.begin(), candidates.end(), [&](const auto& other) { return other.id == one.id; });
    };
    if (named.empty()) {
        for (const session::Candidate& one : session.candidates)
            if (!one.is_removed) candidates.push_back(one);
        return candidates;
    }
    for (const session::Candidate& wanted : named) {
        const auto known = std::find_if(session.candidates.begin(), session.candidates.end(), [&](const auto& one) {
            return one.model_id == wanted.model_id &&
                   (wanted.display_name.empty() || one.display_name == wanted.display_name) && !is_taken(one);
        });
        candidates.push_back(known == session.candidates.end() ? wanted : *known);
        candidates.back().is_removed = candidates.back().is_skipped = false;
    }
    return candidates;
}

// Without those that begin the list and that the session has already, sent or waiting. A list that does not begin with
// all that was sent is another list.
std::vector<std::string> new_ones(std::vector<std::string> prompts, const session::Session& session) {
    std::vector<std::string> known;
    for (const auto& round : session.rounds) known.push_back(round->prompt);
    for (const auto& waiting : session.queue) known.push_back(waiting->prompt);
    const auto first_new = std::mismatch(prompts.begin(), prompts.end(), known.begin(), known.end()).first;
    if (first_new - prompts.begin() >= static_cast<std::ptrdiff_t>(session.rounds.size()))
        prompts.erase(prompts.begin(), first_new);
    return prompts;
}

}  // namespace

std::vector<engine::Command> candidate_changes(const std::vector<session::Candidate>& before,
                                               const std::vector<session::Candidate>& wanted) {
    const auto with_id = [](const auto& list, const session::CandidateId& id) {
        return id.empty() ? list.end() : std::ranges::find(list, id, &session::Candidate::id);
    };
    std::vector<engine::Command> changes;
    for (const session::Candidate& one : before)
        if (!one.is_removed && with_id(wanted, one.id) == wanted.end())
            changes.emplace_back(engine::RemoveCandidate{one.id});
    for (const session::Candidate& one : wanted) {
        const auto known = with_id(before, one.id);
        if (known == before.end())
            changes.emplace_back(engine::AddCandidate{one, {}});
        else if (known->is_removed)
            changes.emplace_back(engine::ChangeCandidate{one, {}});
    }
    return changes;
}

Result<session::Session> resume_session(const Options& options, Setup& setup) {
    auto session = report::load_session(*options.resume);
    if (!session) return Error{session.error().kind, "--resume: " + session.error().message};

    engine::Configure& configure = setup.configure;
    setup.candidates =
        candidates_of(*session, options.models.empty() ? std::vector<session::Candidate>() : setup.candidates);
    if (options.servers.empty() && !session->servers.empty())
        configure.servers = with_keys(session->servers, configure.servers);
    session::Settings settings = session->settings;
    take_settings(options, settings);
    if (options.system_prompt_file) settings.system_prompt = configure.settings.system_prompt;
    configure.settings = settings;
    for (const std::string& prompt : new_ones(std::exchange(setup.prompts, {}), *session))
        session->queue.push_back(std::make_shared<session::QueuedPrompt>(session::QueuedPrompt{.prompt = prompt}));

    const auto goes_on = [&](const session::Answer& answer) {
        return answer.state != session::AnswerState::complete &&
               std::any_of(setup.candidates.begin(), setup.candidates.end(),
                           [&](const auto& one) { return one.id == answer.candidate; });
    };
    const bool has_open_answers = std::any_of(session->rounds.begin(), session->rounds.end(), [&](const auto& round) {
        return std::any_of(round->answers.begin(), round->answers.end(), goes_on);
    });
    if (!has_open_answers && session->queue.empty())
        return Error{ErrorKind::usage,
                     fmt::format("--resume: nothing is left to do in {}: every answer is complete and no prompt waits. "
                                 "Give one with --prompt TEXT or --prompts FILE.",
                                 options.resume->string())};
    return session;
}

}  // namespace llmc::cli
