// Casts as other programs read them: one table, a row for each format.
//
// Thread contract: plain values and pure functions, but for write_export(), which blocks on the disk.
// What a target does not know is not written but named, in a comment and in `notes`. Comments have no dates and no
// control characters, each is one line: the same cast gives the same bytes. Keys are never in anything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "decide/cast.h"
#include "openai/manifest.h"
#include "probe/probe.h"
#include "session/session.h"

namespace llmc::interop {

// A candidate of a role: what a program needs to ask it.
struct ExportedModel {
    std::string label, model;
    std::optional<session::Server> server;       // none: the sessions do not tell where it answered, or its address
    session::AnswerSettings settings;            // as of its last answer
    std::optional<std::int64_t> context_length;  // in force when it answered; after the preflight: now
    std::string evidence;                        // in words
    // What a probe says of it, as in decide::Contender.
    std::optional<std::string> request_form;
    std::optional<bool> skip_schema_enforcement;
};

// What the role asks of a model, from the answers that are its evidence.
struct RoleNeeds {
    std::optional<std::int64_t> context_tokens;  // prompt + output of a request: what 95 % need at most
    std::int64_t requests = 0;                   // of those that have a time limit by their suite
    std::int64_t requests_over_time = 0;
    double time_limit_s = 0;  // the shortest of them
    bool uses_tools = false;
};

struct ExportedRole {
    std::string name;
    ExportedModel cast;
    std::vector<ExportedModel> runners_up;  // best first
    std::string picked_by;                  // "proposal", "your pick"
    std::string reason;                     // for the proposal
    std::string note;
    RoleNeeds needs;
    std::vector<std::string> findings;  // of the preflight
};

struct CastExport {
    std::vector<ExportedRole> roles;
};

// Fills in what probes say of the contenders, each at the server where most of its answers came from.
void take_probes(decide::CastSheet& sheet, std::span<const decide::CastSource> sources,
                 std::span<const session::Server> configured, std::span<const probe::Probe> probes);

// `configured`: where a session does not tell a server's address; and the names of the variables with their keys.
CastExport export_of(const decide::CastSheet& sheet, std::span<const decide::CastSource> sources,
                     std::span<const session::Server> configured);

// Each server of the cast once, for asking what it has.
std::vector<session::Server> servers_of(const CastExport& cast);
// What a server says now.
struct ServerState {
    session::Server server;
    std::shared_ptr<const openai::Manifest> manifest;  // null: it cannot be reached
    std::string error;                                 // why, in words that go on from its label
};
// Fills in findings and context lengths. They refuse nothing.
void look_at_servers(CastExport& cast, std::span<const ServerState> servers);

struct ExportText {
    std::string text;                // of the file
    std::string environment;         // of the .env file beside it; empty: none
    std::vector<std::string> notes;  // for people: what was not taken over, findings
};

struct ExportFormat {
    std::string_view name;       // "las"
    std::string_view title;      // for forms
    std::string_view extension;  // of its file
    ExportText (*render)(const CastExport&) = nullptr;
    // The text of an existing file with the cast in it, all else byte for byte; none where that is not done. Errors:
    // `parse`, `limit`: why it was refused, in words that go on from the file's name.
    Result<ExportText> (*edit)(std::string_view text, const CastExport&) = nullptr;
};
std::span<const ExportFormat> export_formats();
// Errors: `usage` naming the unknown word and what there is.
Result<const ExportFormat*> find_export_format(std::string_view name);

struct ExportOrder {
    const ExportFormat* format = nullptr;
    std::filesystem::path folder;               // for new files
    std::optional<std::filesystem::path> into;  // the file to be edited
    bool is_dry_run = false;                    // nothing is written
};
struct ExportDone {
    std::string difference;  // as `diff -u` has it: of the file that was edited, or of nothing to the new one
    std::string environment;
    std::vector<std::string> notes;
    std::vector<std::filesystem::path> written;
    std::optional<std::filesystem::path> old_file;  // what was edited, as it was: FILE.bak, .bak2 …
};
// New files are llm_compare_cast_YYYYMMDD_HHMMSS_FORMAT.EXT, with `.env` for the environment; an edited file is kept as
// FILE.bak before. A file that the edit does not change is not touched. Errors: `usage` where there is no role, or the
// format edits no files; `parse`, `limit` naming the file that cannot be edited; `io`. Nothing is written then.
Result<ExportDone> write_export(const CastExport& cast, const ExportOrder& order, base::WallTime now);

}  // namespace llmc::interop
