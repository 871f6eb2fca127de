#include "journal_feed.h"

#include <algorithm>

#include "base/json.h"
#include "journal_format.h"
#include "report/session_file.h"

namespace llmc::engine {

using session::Answer;
using session::Round;
using session::Session;

namespace {

bool has_same_head(const Session& a, const Session& b) {
    return a.id == b.id && a.created_at == b.created_at && a.settings == b.settings && a.candidates == b.candidates &&
           a.servers == b.servers && a.changes.size() == b.changes.size() && a.is_halted == b.is_halted &&
           a.halt_reason == b.halt_reason && a.suite == b.suite && a.casting == b.casting && a.looks == b.looks &&
           a.judges == b.judges && a.unknown == b.unknown;
}

bool has_same_answers(const std::vector<Answer>& a, const std::vector<Answer>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Answer& one, const Answer& other) {
        return one.candidate == other.candidate && one.attempt == other.attempt;
    });
}

// What may change after an answer has ended.
bool is_same_record(const Answer& a, const Answer& b) {
    return a.state == b.state && a.rating == b.rating && a.checks == b.checks && a.warnings == b.warnings;
}

const Answer* find_in(const Round* round, const Answer& like) {
    if (!round) return nullptr;
    for (const auto* answers : {&round->answers, &round->replaced})
        for (const Answer& one : *answers)
            if (one.candidate == like.candidate && one.attempt == like.attempt) return &one;
    return nullptr;
}

base::OrderedJson keys_json(const std::vector<Answer>& answers) {
    base::OrderedJson keys = base::OrderedJson::array();
    for (const Answer& answer : answers)
        keys.push_back(base::OrderedJson{{"candidate", answer.candidate}, {"attempt", answer.attempt}});
    return keys;
}

}  // namespace

std::vector<JournalItem> JournalFeed::update(const Session& session) {
    items_.clear();
    if (!has_told_ || !has_same_head(told_, session))
        append_record(records(), RecordKind::head, base::dump_json(report::session_head_json(session)));
    tell_queue(session.queue);
    session.rounds.changes_from(told_.rounds, [&](std::size_t i) {
        tell_round(*session.rounds[i], i < told_.rounds.size() ? told_.rounds[i].get() : nullptr);
    });
    told_ = session;
    has_told_ = true;
    return std::exchange(items_, {});
}

void JournalFeed::tell_queue(const session::Queue& queue) {
    const session::Queue& old = told_.queue;
    if (old == queue) return;
    if (old.size() > queue.size() && queue.is_rest_of(old))
        append_record(records(), RecordKind::queue_taken,
                      number_payload(static_cast<std::uint32_t>(old.size() - queue.size())));
    else
        append_record(records(), RecordKind::queue, base::dump_json(report::queue_json(queue)));
}

void JournalFeed::tell_round(const Round& round, const Round* old) {
    for (const Answer& answer : round.replaced) tell_answer(round, answer, old);
    if (!old || !has_same_answers(old->answers, round.answers) || !has_same_answers(old->replaced, round.replaced) ||
        old->votes != round.votes) {
        base::OrderedJson json = report::round_head_json(round);
        json["answers"] = keys_json(round.answers);
        json["replaced"] = keys_json(round.replaced);
        append_record(records(), RecordKind::round, base::dump_json(json));
    }
    for (const Answer& answer : round.answers) tell_answer(round, answer, old);
}

void JournalFeed::tell_answer(const Round& round, const Answer& answer, const Round* old) {
    const bool is_final = session::is_final(answer.state);
    const bool is_sent = answer.started_at || is_final;
    if (!is_sent && answer.steps.empty()) return;
    Told& told = answers_[{round.number, answer.candidate, answer.attempt}];
    tell_steps(answer, told);
    if (!is_sent) return;
    const bool is_new = told.stream != answer.stream.get();
    const Answer* before = find_in(old, answer);
    if (!is_new && (!is_final || (before && told.is_final && is_same_record(*before, answer)))) return;
    const bool was_replaced = is_new && told.stream && !told.is_final;
    const bool was_growing = !is_new && !told.is_final;
    if (is_new) {
        if (was_replaced) items_.push_back({JournalItem::Kind::finish, {}, told.number, {}});
        told.number = next_number_++;
        told.stream = answer.stream.get();
        told.steps_before = answer.steps.size();
        items_.push_back({JournalItem::Kind::follow, {}, told.number, answer.stream});
    }
    if (is_final && (is_new || was_growing)) items_.push_back({JournalItem::Kind::finish, {}, told.number, {}});
    told.is_final = is_final;
    Answer head = answer;
    head.steps.clear();
    if (!is_final) head.tool_calls.clear();  // of whole steps: their records have them
    base::OrderedJson json = report::session_answer_json(head, round);
    for (const char* key : {"text", "reasoning", "steps"}) json.erase(key);
    if (answer.step_now.index > 0) json["steps_before"] = told.steps_before;
    json["stream"] = told.number;
    append_record(records(), RecordKind::answer, base::dump_json(json));
}

void JournalFeed::tell_steps(const Answer& answer, Told& told) {
    for (; told.steps < answer.steps.size(); ++told.steps) {
        base::OrderedJson json = report::step_json(*answer.steps[told.steps], answer.round);
        json["round"] = answer.round;
        json["candidate"] = answer.candidate;
        json["attempt"] = answer.attempt;
        append_record(records(), RecordKind::step, base::dump_json(json));
    }
}

std::string& JournalFeed::records() {
    if (items_.empty() || items_.back().kind != JournalItem::Kind::records) items_.push_back({});
    return items_.back().bytes;
}

}  // namespace llmc::engine
