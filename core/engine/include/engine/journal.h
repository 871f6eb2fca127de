// The crash journal as it is found again: what a program that ended without a word has left of its session.
//
// Thread contract: functions that block on the disk; any thread.
// A journal is one file in the state folder, "journal_YYYYMMDD_HHMMSS_….llmcj", 0600. It is there exactly while its
// session holds something that is in no report and no saved file; the program that writes it holds its lock.
// Invariant: a damaged or torn file gives all that stands before the damage; what came back is never shown as more than
// it was: an answer that was still coming is `interrupted`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/locked_file.h"
#include "base/result.h"
#include "session/session.h"

namespace llmc::engine {

struct FoundJournal {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    bool is_in_use = false;  // by a program that runs
};

// Those in `folder` in which something is written, newest first; none where the folder cannot be read.
std::vector<FoundJournal> find_journals(const std::filesystem::path& folder);

struct Recovered {
    session::Session session;  // halted where something of it was still to come
    std::string damage;        // what could not be read, in words; empty: nothing
    bool is_torn = false;  // the damage is the last record alone, cut short: what a kill leaves, nothing else is lost
};

// Errors: `io`, `not_found`, `limit` (over 1 GiB), `parse` where nothing of a session can be read. The file is left
// as it is.
Result<Recovered> read_journal(const std::filesystem::path& path);
// The same, of its bytes; `name` is for messages.
Result<Recovered> read_journal(std::string_view bytes, std::string_view name);

// Errors: `io`; also where another program holds it.
Result<void> remove_journal(const std::filesystem::path& path);

// A journal whose session was taken up; an empty path: none.
struct OldJournal {
    std::filesystem::path path;
    bool is_damaged = false;  // by more than a torn end
};
// What becomes of it once its session is held elsewhere: it is removed, one that is damaged is set aside.
void dismiss_journal(const OldJournal& old);

// Keeps a damaged journal for who can make more of it: renamed to NAME.damaged in its folder (NAME.damaged_2 … where
// that is taken) and offered no more. Gives the new path. Errors: `io`; also where another program holds it.
Result<std::filesystem::path> set_aside_journal(const std::filesystem::path& path);
// The same of a journal that the caller holds.
Result<std::filesystem::path> set_aside_journal(const base::LockedFile& held);

}  // namespace llmc::engine
