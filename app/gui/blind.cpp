#include "gui/blind.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace llmc::gui {
namespace {

constexpr std::size_t kMaxLog = 5000;

std::string letter(std::size_t index) {
    const char name = static_cast<char>('A' + index % 26);
    return index < 26 ? std::string(1, name) : fmt::format("{}{}", name, index / 26 + 1);
}

// What is left of the numbers: how much was said, not how fast.
metrics::AnswerMetrics masked_metrics(const metrics::AnswerMetrics& metrics) {
    metrics::AnswerMetrics left;
    left.output_tokens = metrics.output_tokens;
    left.tokens_estimated = metrics.tokens_estimated;
    return left;
}

}  // namespace

void Blind::begin(const engine::Snapshot& now, const std::deque<LogEntry>& log, std::uint64_t seed) {
    end();
    is_on_ = true;
    random_.seed(seed);
    learn_names(now);
    for (const LogEntry& entry : log) note(entry);
}

void Blind::end() {
    *this = Blind();
}

void Blind::note(const LogEntry& entry) {
    log_.push_back(entry);
    log_.back().server.clear();
    log_.back().label.clear();
    log_.back().text = hide(entry.text);
    if (log_.size() > kMaxLog) log_.pop_front();
}

void Blind::learn_names(const engine::Snapshot& now) {
    const session::Session& session = now.session;
    std::set<std::string> names = known_names_;  // who had one keeps it
    const auto add_model = [&names](const std::string& id) {
        for (std::string& name : names_of_model(id)) names.insert(std::move(name));
    };
    for (const session::Candidate& candidate : session.candidates) {
        add_model(candidate.model_id);
        names.insert(candidate.name());
    }
    const auto add_server = [&names](const session::Server& server) {
        names.insert(server.label());
        names.insert(server.url.host_port());
    };
    for (const session::Server& server : session.servers) add_server(server);
    for (const engine::ServerStatus& server : now.servers) add_server(server.server);
    for (std::string& label : session::unique_labels(session.candidates)) names.insert(std::move(label));
    // Of rounds that are new: the others have been asked.
    for (std::size_t i = 0; i < session.rounds.size(); ++i) {
        if (i < rounds_.size() && rounds_[i].real == session.rounds[i]) continue;
        for (const auto* answers : {&session.rounds[i]->answers, &session.rounds[i]->replaced})
            for (const session::Answer& answer : *answers)
                if (!answer.reported_model.empty()) add_model(answer.reported_model);
    }
    if (names.size() == known_names_.size()) return;
    names_ = NameMask({names.begin(), names.end()});
    known_names_ = std::move(names);
}

const engine::Snapshot& Blind::mask(const engine::Snapshot& now) {
    const session::Session& session = now.session;
    if (session.id != session_id_) {
        session_id_ = session.id;
        rounds_.clear();
        lots_.clear();
        streams_.clear();
        steps_.clear();
        note_earlier(session);
    }
    learn_names(now);
    // Each step of an answer had its own.
    std::erase_if(streams_, [](const auto& one) { return one.second.real.use_count() == 1; });
    settings_ = session.settings;

    slots_.clear();
    engine::Snapshot shown;
    session::Session& masked = shown.session;
    masked.id = session.id + "/blind";
    masked.created_at = session.created_at;
    masked.settings = session.settings;
    for (std::size_t i = 0; i < session.candidates.size(); ++i) {
        slots_.push_back(session.candidates[i].id);
        session::Candidate slot;
        slot.id = slots_.back();
        slot.model_id = slot.display_name = letter(i);
        masked.candidates.push_back(slot);
        shown.labels.push_back(slot.display_name);
    }
    rounds_.resize(session.rounds.size());
    for (std::size_t i = 0; i < session.rounds.size(); ++i) {
        if (rounds_[i].real != session.rounds[i]) {
            draw_lots(*session.rounds[i]);
            rounds_[i] = {session.rounds[i], masked_round(*session.rounds[i])};
        }
        masked.rounds.push_back(rounds_[i].masked);
    }
    masked.is_halted = session.is_halted;
    masked.halt_reason = hide(session.halt_reason);
    if (const session::Answer* failed = session::first_failure(session))
        masked.halted_by = {failed->round, slot_of(failed->round, failed->candidate)};
    masked.queue = session.queue;
    masked.suite = session.suite;
    shown.activity = now.activity;
    shown.rounds_done = now.rounds_done;
    shown.rounds_total = now.rounds_total;
    shown.answers_done = now.answers_done;
    shown.answers_total = now.answers_total;
    shown.round_now = now.round_now;
    shown.retries_from = now.retries_from;
    find_rounds_of_slots(now, shown);
    std::ranges::copy_if(now.preflight.findings, std::back_inserter(shown.preflight.findings),
                         [](const auto& one) { return one.weight == engine::Finding::Weight::error; });
    shown.preflight.rewrite([this](std::string_view text) { return hide(text); });
    shown.reports = now.reports;
    shown.is_kept = now.is_kept;
    shown.stops_after_round = now.stops_after_round;
    shown_ = std::move(shown);
    return shown_;
}

// Where slots are: another one stands for a candidate in every round.
void Blind::find_rounds_of_slots(const engine::Snapshot& now, engine::Snapshot& shown) const {
    int first = now.round_now;  // that may be open
    for (const int round : now.rounds_of)
        if (round > 0) first = std::min(first, round);
    for (const session::CandidateId& slot : slots_) {
        int found = 0;
        for (auto round = static_cast<int>(rounds_.size()); round >= 1 && (round >= first || found == 0); --round) {
            const session::Answer* answer = rounds_[static_cast<std::size_t>(round - 1)].masked->find(slot);
            if (answer && (found == 0 || !session::is_final(answer->state))) found = round;
        }
        shown.rounds_of.push_back(found);
    }
}

// Each candidate of a round gets a slot; who has one keeps it.
void Blind::draw_lots(const session::Round& round) {
    std::vector<session::CandidateId>& lots = lots_[round.number];
    std::vector<session::CandidateId> others;
    for (const session::Answer& answer : round.answers)
        if (std::ranges::find(lots, answer.candidate) == lots.end()) others.push_back(answer.candidate);
    std::ranges::shuffle(others, random_);
    lots.insert(lots.end(), others.begin(), others.end());
}

session::CandidateId Blind::slot_of(int round, const session::CandidateId& candidate) const {
    const auto lots = lots_.find(round);
    if (lots == lots_.end()) return {};
    const auto at = static_cast<std::size_t>(std::ranges::find(lots->second, candidate) - lots->second.begin());
    return at < lots->second.size() && at < slots_.size() ? slots_[at] : session::CandidateId();
}

session::CandidateId Blind::behind(int round, const session::CandidateId& slot) const {
    const auto lots = lots_.find(round);
    if (lots == lots_.end()) return {};
    const auto at = static_cast<std::size_t>(std::ranges::find(slots_, slot) - slots_.begin());
    return at < lots->second.size() ? lots->second[at] : session::CandidateId();
}

std::shared_ptr<const session::Round> Blind::masked_round(const session::Round& round) {
    auto masked = std::make_shared<session::Round>();
    masked->number = round.number;
    masked->prompt = round.prompt;
    masked->prompt_id = round.prompt_id;
    masked->case_values = round.case_values;
    masked->repeat = round.repeat;
    masked->category = round.category;
    masked->severity = round.severity;
    for (const session::CandidateId& slot : slots_)
        if (const session::Answer* answer = round.find(behind(round.number, slot)))
            masked->answers.push_back(masked_answer(*answer));
    for (const session::Answer& earlier : round.replaced)
        if (!slot_of(round.number, earlier.candidate).empty()) masked->replaced.push_back(masked_answer(earlier));
    const auto earlier = earlier_votes_.find(round.number);
    for (const session::Vote& vote : round.votes)
        if (earlier == earlier_votes_.end() || std::ranges::find(earlier->second, vote) == earlier->second.end())
            masked->votes.push_back({slot_of(round.number, vote.a), slot_of(round.number, vote.b), vote.winner});
    return masked;
}

session::Answer Blind::masked_answer(const session::Answer& answer) {
    session::Answer masked;
    masked.candidate = slot_of(answer.round, answer.candidate);
    masked.round = answer.round;
    masked.attempt = answer.attempt;
    masked.history_from = answer.history_from;
    masked.state = answer.state;
    masked.finish_reason = answer.finish_reason;
    for (const std::string& warning : answer.warnings) masked.warnings.push_back(hide(warning));
    masked.failure = answer.failure;
    if (masked.failure) masked.failure->message = hide(masked.failure->message);
    masked.metrics = masked_metrics(answer.metrics);
    masked.tool_calls = answer.tool_calls;
    for (openai::ToolCall& call : masked.tool_calls) call.arguments = hide(call.arguments);
    for (const auto& step : answer.steps) masked.steps.push_back(masked_step(step));
    masked.step_now = answer.step_now;
    masked.ended_by = answer.ended_by;
    masked.resumed_at = answer.resumed_at;
    masked.settings = session::in_force(settings_, {});
    masked.rating = shown_rating(answer);
    masked.checks = answer.checks;
    for (session::CheckResult& check : masked.checks) check.detail = hide(check.detail);
    masked.stream = masked_stream(answer);
    return masked;
}

// Of steps that have ended: masked once.
std::shared_ptr<const session::Step> Blind::masked_step(const std::shared_ptr<const session::Step>& step) {
    auto& [real, masked] = steps_[step.get()];
    if (masked) return masked;
    auto made = std::make_shared<session::Step>(*step);
    made->metrics = masked_metrics(step->metrics);
    made->text = hide(step->text);
    made->reasoning = hide(step->reasoning);
    for (session::StepCall& one : made->calls) {
        one.call.arguments = hide(one.call.arguments);
        if (one.result) one.result = hide(*one.result);
    }
    real = step;
    masked = std::move(made);
    return masked;
}

std::shared_ptr<session::AnswerStream> Blind::masked_stream(const session::Answer& answer) {
    Stream& stream = streams_[answer.stream.get()];
    stream.real = answer.stream;
    stream.is_final = session::is_final(answer.state);
    if (!stream.masked) {
        // A mask can be longer than the name below it.
        auto made = session::AnswerStream::make(3 * base::AppendLog::kDefaultLimit);
        if (!made) made = session::AnswerStream::make();
        if (!made) made = session::AnswerStream::holding({}, {});
        if (made) stream.masked = std::move(made).value();
    }
    if (stream.masked) feed(stream);
    return stream.masked ? stream.masked : answer.stream;
}

void Blind::feed(Stream& stream) const {
    const auto take = [&](std::string_view text, MaskedText& progress, auto append) {
        if (progress.taken() == text.size()) return;
        std::string shown;
        progress.feed(names_, text, stream.is_final, shown);
        if (!shown.empty()) (void)append(shown);  // a text beyond all limits ends where it ends
    };
    take(stream.real->text(), stream.text, [&](const std::string& part) { return stream.masked->append_text(part); });
    take(stream.real->reasoning(), stream.reasoning,
         [&](const std::string& part) { return stream.masked->append_reasoning(part); });
    if (stream.is_final) return stream.masked->seal();
    const session::AnswerLive& live = stream.real->live();
    stream.masked->publish({.phase = live.phase, .metrics = masked_metrics(live.metrics)});
}

void Blind::pull() {
    for (auto& [real, stream] : streams_)
        if (!stream.is_final && stream.masked) feed(stream);
}

void Blind::note_earlier(const session::Session& session) {
    earlier_ratings_.clear();
    earlier_votes_.clear();
    for (const auto& round : session.rounds) {
        if (!round->votes.empty()) earlier_votes_[round->number] = round->votes;
        for (const session::Answer& answer : round->answers)
            if (!answer.rating.is_empty()) earlier_ratings_[{round->number, answer.candidate}] = answer.rating;
    }
}

session::Rating Blind::shown_rating(const session::Answer& answer) const {
    session::Rating shown = answer.rating;
    const auto earlier = earlier_ratings_.find({answer.round, answer.candidate});
    if (earlier == earlier_ratings_.end()) return shown;
    if (earlier->second.thumbs) shown.thumbs.reset();
    if (earlier->second.stars) shown.stars.reset();
    if (!earlier->second.note.empty()) shown.note.clear();
    return shown;
}

// What is not shown is not taken back by what is said now; what is said now takes its place.
void Blind::merge_earlier(engine::Rate& rate) {
    const auto found = earlier_ratings_.find({rate.round, rate.candidate});
    if (found == earlier_ratings_.end()) return;
    session::Rating &earlier = found->second, &now = rate.rating;
    const auto merge = [](auto& before, auto& after) {
        if (after) before.reset();
        if (before) after = before;
    };
    merge(earlier.thumbs, now.thumbs);
    merge(earlier.stars, now.stars);
    if (!now.note.empty()) earlier.note.clear();
    if (!earlier.note.empty()) now.note = earlier.note;
}

void Blind::translate(engine::Command& command) {
    if (auto* rate = std::get_if<engine::Rate>(&command)) {
        rate->candidate = behind(rate->round, rate->candidate);
        merge_earlier(*rate);
    } else if (auto* give = std::get_if<engine::GiveVote>(&command)) {
        give->vote.a = behind(give->round, give->vote.a);
        give->vote.b = behind(give->round, give->vote.b);
        const session::Vote& vote = give->vote;
        std::erase_if(earlier_votes_[give->round], [&](const session::Vote& one) {
            return (one.a == vote.a && one.b == vote.b) || (one.a == vote.b && one.b == vote.a);
        });
    } else if (auto* retry = std::get_if<engine::RetryAnswer>(&command)) {
        retry->candidate = behind(retry->round, retry->candidate);
    } else if (auto* again = std::get_if<engine::RunAgain>(&command)) {
        for (session::AnswerPlace& place : again->places) place.candidate = behind(place.round, place.candidate);
    } else if (auto* missing = std::get_if<engine::RunMissing>(&command)) {
        for (session::AnswerPlace& place : missing->places) place.candidate = behind(place.round, place.candidate);
    } else if (auto* skip = std::get_if<engine::SkipCandidate>(&command)) {
        skip->candidate = behind(skip->round, skip->candidate);
    } else if (auto* forget = std::get_if<engine::ForgetOldest>(&command)) {
        forget->candidate = behind(forget->round, forget->candidate);
    }
}

}  // namespace llmc::gui
