// The session file (.llmc.json): everything, to be opened again and continued; and reports read back as far as they go.
//
// Thread contract: pure functions, but for load_session(), which blocks on the disk.
// Invariants: read(write(s)) = s but for what only lives while a session runs; unknown members survive at every level
// that has an `unknown`; a damaged file is refused whole, with its place, and nothing is changed. A later "version" is
// refused. What read_session() gives is well formed: rounds from 1 without gaps, candidates with ids of their own, at
// most one answer per candidate and round, settings in range, valid UTF-8, every answer ended (one that was still
// coming is `interrupted`, with a warning).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "session/session.h"

namespace llmc::report {

inline constexpr std::string_view kSessionFormat = "llm-compare-session";
inline constexpr std::string_view kReportFormat = "llm-compare-report";

// The largest file that is read; for base::read_file().
inline constexpr std::size_t kMaxSessionFileBytes = std::size_t{1} << 30;

std::string to_session_file(const session::Session& session);

// The parts of a session file, for the crash journal, which writes each when it changes: `head` with a "queue" and
// "rounds" (a round's head with "answers" and "replaced") is the document that read_session() takes.
base::OrderedJson session_head_json(const session::Session& session);
base::OrderedJson queue_json(const session::Queue& queue);
base::OrderedJson round_head_json(const session::Round& round);
base::OrderedJson session_answer_json(const session::Answer& answer, const session::Round& round);
base::OrderedJson step_json(const session::Step& step, int round);  // an element of an answer's "steps"

// Takes a session file or a report's JSON ("a report JSON opens too, read only what it has"). `name` is for messages.
// Errors: `parse`, `limit`.
Result<session::Session> read_session(std::string_view text, std::string_view name);
// The same from a file. Errors: also `not_found`, `io`.
Result<session::Session> load_session(const std::filesystem::path& path);

}  // namespace llmc::report
