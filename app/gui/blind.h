// Blind mode: whose answer is whose stays hidden until it is revealed. What is drawn comes from a masked snapshot.
//
// Thread contract: main thread. mask() and pull() between frames.
// In a masked snapshot candidates are slots: they keep the ids of the session's candidates, so that windows stay where
// they are, and are called A, B, C …; whose answer stands in a slot is drawn by lot for each round. Servers, models,
// settings of one's own, speeds and times are left out; names in texts are blacked out (name_mask.h), also while they
// stream. What was rated and voted before would be remembered: it stays, but is not shown until something else is said.
// Commands that panels make of it name slots: translate() makes the session's candidates of them.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "gui/frame_view.h"
#include "gui/name_mask.h"

namespace llmc::gui {

class Blind {
public:
    bool is_on() const { return is_on_; }
    // From now on, also for what was said before. `seed` decides the lots.
    void begin(const engine::Snapshot& now, const std::deque<LogEntry>& log, std::uint64_t seed);
    void end();  // everything is revealed

    // Valid until the next call.
    const engine::Snapshot& mask(const engine::Snapshot& now);
    // Takes over the text that has arrived.
    void pull();
    void translate(engine::Command& command);

    std::string hide(std::string_view text) const { return names_(text); }
    void note(const LogEntry& entry);
    const std::deque<LogEntry>& log() const { return log_; }

    // Whose answer stands in a slot; for tests.
    session::CandidateId behind(int round, const session::CandidateId& slot) const;

private:
    // The text of an answer as it is shown, beside the one it is made of.
    struct Stream {
        std::shared_ptr<session::AnswerStream> real, masked;
        MaskedText text, reasoning;
        bool is_final = false;
    };
    struct MaskedRound {
        std::shared_ptr<const session::Round> real, masked;
    };

    void note_earlier(const session::Session& session);
    session::Rating shown_rating(const session::Answer& answer) const;
    void merge_earlier(engine::Rate& rate);
    void learn_names(const engine::Snapshot& now);
    void draw_lots(const session::Round& round);
    void find_rounds_of_slots(const engine::Snapshot& now, engine::Snapshot& shown) const;
    session::CandidateId slot_of(int round, const session::CandidateId& candidate) const;
    std::shared_ptr<const session::Round> masked_round(const session::Round& round);
    session::Answer masked_answer(const session::Answer& answer);
    std::shared_ptr<const session::Step> masked_step(const std::shared_ptr<const session::Step>& step);
    std::shared_ptr<session::AnswerStream> masked_stream(const session::Answer& answer);
    void feed(Stream& stream) const;

    bool is_on_ = false;
    std::mt19937_64 random_;
    NameMask names_;
    std::set<std::string> known_names_;
    engine::Snapshot shown_;
    std::string session_id_;
    std::vector<session::CandidateId> slots_;
    std::vector<MaskedRound> rounds_;
    std::map<int, std::vector<session::CandidateId>> lots_;   // per round the candidates, in the order of the slots
    std::map<const session::AnswerStream*, Stream> streams_;  // by the real one
    struct MaskedStep {
        std::shared_ptr<const session::Step> real, masked;
    };
    std::map<const session::Step*, MaskedStep> steps_;  // likewise
    // Of before, as far as nothing else was said since.
    std::map<std::pair<int, session::CandidateId>, session::Rating> earlier_ratings_;
    std::map<int, std::vector<session::Vote>> earlier_votes_;
    session::Settings settings_;  // of the session
    std::deque<LogEntry> log_;
};

}  // namespace llmc::gui
