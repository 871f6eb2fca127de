// Writes one journal, on threads of its own, so that nobody waits for a disk but those who must.
//
// Thread contract: write() and the destructor by one thread (the director's); a ticket's wait() by any other.
// Invariants: items are written in the order in which they are given; a ticket is done when all of its items are
// synced, or when nothing more can be written: a comparison never stops for its journal. Growing text is written every
// kTextEvery, not synced: what a killed process has written stays, only a power cut may take it. A disk that is busy
// takes a second and more for a sync, so that a second thread does that: texts never wait for it. While nothing grows
// both sleep.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "answer_job.h"
#include "base/locked_file.h"
#include "base/mutex.h"
#include "engine/journal.h"
#include "journal_feed.h"

namespace llmc::engine {

// Goal R7 is 250 ms of lost text at the most; the rest is for a machine that is busy.
inline constexpr std::chrono::milliseconds kTextEvery{80};

class JournalTicket {
public:
    void set_done();
    // Until it is done or the answer is asked to stop.
    void wait(const AnswerControl& control);

private:
    base::Mutex mutex_;
    std::condition_variable_any changed_;
    bool is_done_ LLMC_GUARDED_BY(mutex_) = false;
};

class JournalWriter {
public:
    // `on_error` is called once, from a thread of the writer, with what went wrong first; nothing is written after
    // that.
    JournalWriter(std::filesystem::path path, std::function<void(Error)> on_error);
    // Writes what is left of growing texts; the file stays, unless remove() was called.
    ~JournalWriter();
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;

    // `replaced`: a journal whose session this one now holds, dismissed when the items are synced.
    std::shared_ptr<JournalTicket> write(std::vector<JournalItem> items, OldJournal replaced = {});
    // The file goes when the writer ends.
    void remove() { is_removed_ = true; }

private:
    struct Batch {
        std::vector<JournalItem> items;
        OldJournal replaced;
        std::shared_ptr<JournalTicket> ticket;
    };
    // What is to be done once all that was written until now is on the disk.
    struct Sync {
        OldJournal replaced;
        std::shared_ptr<JournalTicket> ticket;
    };
    struct Growing {
        std::shared_ptr<session::AnswerStream> stream;
        std::size_t text = 0, reasoning = 0, tool_calls = 0;  // bytes that are written
    };

    void write_all(const std::stop_token& stop);
    void sync_all(const std::stop_token& stop);
    void take(JournalItem& item);
    void append_growth(std::uint32_t number, Growing& growing);
    void flush();
    void fail(Error error);

    std::filesystem::path path_;
    std::function<void(Error)> on_error_;
    std::optional<base::LockedFile> file_;      // made before the first Sync
    std::map<std::uint32_t, Growing> growing_;  // this and the next: the writing thread's
    std::string buffer_;
    base::Mutex mutex_;
    std::condition_variable_any changed_, wants_sync_;
    std::vector<Batch> inbox_ LLMC_GUARDED_BY(mutex_);
    std::vector<Sync> unsynced_ LLMC_GUARDED_BY(mutex_);
    std::atomic<bool> has_failed_{false}, is_removed_{false};
    std::jthread writing_, syncing_;
};

// A name that is not taken: "journal_20261122_141800_3f9a….llmcj".
std::filesystem::path new_journal_path(const std::filesystem::path& folder, base::WallTime now);

}  // namespace llmc::engine
