// The director's part about servers: manifests, load states, loading and unloading.
#include <algorithm>

#include <fmt/format.h>

#include "director.h"

namespace llmc::engine {

using session::AnswerState;
using Direction = openai::LoadChange::Direction;

void Director::on(RefreshManifests&) {
    refresh(true);
}

void Director::on(LoadModel& command) {
    change_load(
        command.server_key,
        {.model = std::move(command.model), .direction = Direction::load, .context_length = command.context_length});
}

void Director::on(UnloadModel& command) {
    change_load(command.server_key,
                {.model = std::move(command.model), .direction = Direction::unload, .context_length = {}});
}

void Director::change_load(int server_key, openai::LoadChange change) {
    const int index = board_.index_of(server_key);
    if (index < 0) return refuse("The server is not configured any more.");
    const ServerStatus& status = board_.statuses()[static_cast<std::size_t>(index)];
    const std::string name = status.server.label();
    const bool loads = change.direction == Direction::load;
    if (!status.is_reachable()) return refuse(fmt::format("{} {}.", name, status.error));
    change.dialect = status.manifest->dialect;
    if (!status.manifest->can_load())
        return refuse(fmt::format("{} is {}, which has no way to load and unload models on request.", name,
                                  status.manifest->kind_name()));
    if (change.context_length && !status.manifest->can_set_context())
        return refuse(fmt::format("{} is {}, which takes the context length from its own settings only.", name,
                                  status.manifest->kind_name()));
    if (!status.busy_with.empty()) return refuse(fmt::format("{} is {} already.", name, status.busy_with));
    const openai::ModelInfo* model = status.manifest->find(change.model);
    if (!model) return refuse(fmt::format("{} does not have the model {}.", name, change.model));
    if (loads && model->state == openai::LoadState::loaded)
        return refuse(
            fmt::format("{} has {} loaded already. Unload it first to load it in another way.", name, change.model));
    const bool answers = std::any_of(lanes_.begin(), lanes_.end(), [&](const auto& entry) {
        const Lane& lane = entry.second;
        return lane.running && lane.running->server_key == server_key &&
               lane.pending.front().who->model_id == change.model;
    });
    if (!loads && answers)
        return refuse(fmt::format("{} is answering on {}. Stop it first, or wait.", change.model, name));
    board_.set_busy(server_key, fmt::format("{} {}", loads ? "loading" : "unloading", change.model));
    effects_.change_load({server_key,
                          status.server,
                          std::move(change),
                          {.connect = base::from_seconds(session_.settings.connect_timeout_s),
                           .no_progress = base::from_seconds(session_.settings.timeout_s),
                           .total = {}}});
}

void Director::on(LoadReply& reply) {
    const int index = board_.index_of(reply.server_key);
    if (index < 0) return;
    board_.set_busy(reply.server_key, {});
    const std::string name = board_.statuses()[static_cast<std::size_t>(index)].server.label();
    const bool loads = reply.change.direction == Direction::load;
    const char* verb = loads ? "loaded" : "unloaded";
    Event ended = event(reply.outcome.ok() ? Event::Kind::server : Event::Kind::error);
    ended.server = name;
    if (reply.outcome.ok()) {
        ended.text = fmt::format("{} has {} {}", name, verb, reply.change.model);
    } else {
        std::string words = reply.outcome.error().message;
        while (words.ends_with('.')) words.pop_back();
        ended.text = (*redactor_)(fmt::format("{} {}. {} was not {}.", name, words, reply.change.model, verb));
    }
    effects_.emit(std::move(ended));
    board_.make_due(reply.server_key);
    refresh(false);
}

void Director::on(ManifestReply& reply) {
    const std::string change = board_.take(reply, clock_->now(), clock_->wall());
    refresh(false);  // the reply may have been older than what it is asked for
    if (change.empty()) return;
    Event changed = event(Event::Kind::server);
    const int index = board_.index_of(reply.server_key);
    if (index >= 0) changed.server = board_.statuses()[static_cast<std::size_t>(index)].server.label();
    changed.text = (*redactor_)(change);
    effects_.emit(std::move(changed));
}

void Director::on(LoadStateReply& reply) {
    Lane* lane = find_running(reply.key);
    // One from before a Clear may have the key of an answer of the next session.
    if (!lane || reply.asked_at < lane->running->sent) return;
    Running* running = &*lane->running;
    running->is_load_query_out = false;
    if (!running->has_token && running->next_load_query) take_load_state(reply, *running);
    judge_wait(*running);
}

void Director::take_load_state(const LoadStateReply& reply, Running& running) {
    const AnswerState state = round(reply.key.round).find(reply.key.candidate)->state;
    switch (reply.state) {
        case openai::LoadState::unknown:
            running.next_load_query.reset();  // the server does not say after all
            return;
        case openai::LoadState::loaded:
            if (running.last_seen_unloaded) {
                running.control->set_model_load(reply.asked_at - running.sent);
                running.control->set_warmth(metrics::ModelWarmth::loaded);
            } else {
                running.control->set_warmth(metrics::ModelWarmth::warm);
            }
            running.next_load_query.reset();
            if (board_.note_answering(reply.server_key, reply.model)) refresh(false);
            if (state == AnswerState::loading) set_state(edit(reply.key), AnswerState::processing);
            return;
        case openai::LoadState::loading:
        case openai::LoadState::not_loaded:
            running.last_seen_unloaded = reply.asked_at;
            running.next_load_query = clock_->now() + std::chrono::seconds{1};
            if (state == AnswerState::processing) set_state(edit(reply.key), AnswerState::loading);
            return;
    }
}

// A load was seen, its end was not: it ended after the last look, at most a second before the first token.
void Director::note_unseen_load_end(Running& running) const {
    if (!running.last_seen_unloaded || running.control->model_load()) return;
    const base::Duration load = *running.last_seen_unloaded - running.sent;
    if (load < std::chrono::milliseconds{500}) return;  // one look just after the request says too little
    running.control->set_model_load(load);
    running.control->set_warmth(metrics::ModelWarmth::loaded);
}

void Director::refresh(bool all) {
    for (ManifestQuery& query : board_.due(clock_->now(), all,
                                           {.connect = base::from_seconds(session_.settings.connect_timeout_s),
                                           .start = base::from_seconds(session_.settings.timeout_s)}))
        effects_.ask_manifest(std::move(query));
}

void Director::query_load_states() {
    const base::TimePoint now = clock_->now();
    for (auto& [id, lane] : lanes_) {
        if (!lane.running) continue;
        Running& running = *lane.running;
        if (running.has_token || running.is_load_query_out || !running.next_load_query ||
            *running.next_load_query > now)
            continue;
        const int index = board_.index_of(running.server_key);
        if (index < 0) {
            running.next_load_query.reset();  // the server was removed
            continue;
        }
        running.is_load_query_out = true;
        effects_.ask_load_state({running.key, running.server_key,
                                 board_.statuses()[static_cast<std::size_t>(index)].server,
                                 board_.hints(running.server_key), lane.pending.front().who->model_id});
    }
}

}  // namespace llmc::engine
