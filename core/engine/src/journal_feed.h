// What of a session a journal has to be told: the difference to what it was told last.
//
// Thread contract: one thread, the director's.
// Invariant: applied in order to an empty journal, all that update() ever gave is the newest session, but for texts
// that are still growing, which follow() and finish() entrust to the journal's writer. States on the way (loading,
// streaming) are not told: an answer is written when it is sent and when it has ended, a step when it has ended, whole.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "session/session.h"

namespace llmc::engine {

struct JournalItem {
    enum class Kind {
        records,  // `bytes`: to be written as they are
        follow,   // `stream` grows from now on
        finish    // `stream_number` has ended: its rest is to be written now
    };
    Kind kind = Kind::records;
    std::string bytes;
    std::uint32_t stream_number = 0;
    std::shared_ptr<session::AnswerStream> stream;
};

class JournalFeed {
public:
    // Empty: nothing has changed that a journal holds.
    std::vector<JournalItem> update(const session::Session& session);

private:
    struct Told {
        std::uint32_t number = 0;                       // of its stream
        const session::AnswerStream* stream = nullptr;  // told_ holds it
        bool is_final = false;
        std::size_t steps = 0;         // that were told
        std::size_t steps_before = 0;  // when the stream was begun
    };
    using Key = std::tuple<int, session::CandidateId, int>;  // round, candidate, attempt

    void tell_queue(const session::Queue& queue);
    void tell_round(const session::Round& round, const session::Round* old);
    void tell_answer(const session::Round& round, const session::Answer& answer, const session::Round* old);
    void tell_steps(const session::Answer& answer, Told& told);
    std::string& records();

    std::vector<JournalItem> items_;
    session::Session told_;
    bool has_told_ = false;
    std::map<Key, Told> answers_;
    std::uint32_t next_number_ = 1;
};

}  // namespace llmc::engine
