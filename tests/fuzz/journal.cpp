// A crash journal, whole or damaged: what stands before the damage comes back as a session that every exporter can
// write, in which nothing is still coming.
//
// With an odd first byte the rest is the file as it is. Else it is a list of records (kind, two bytes of length,
// payload) that get their checksums here: damage that a checksum finds is one thing, what a record may hold is another.
#include "engine/journal.h"

#include <string>

#include "../../core/engine/src/journal_format.h"
#include "base/utf8.h"
#include "report/report.h"
#include "report/session_file.h"
#include "targets.h"

namespace llmc::fuzz {
namespace {

std::string with_checksums(std::string_view bytes) {
    std::string file(engine::kJournalMark);
    while (bytes.size() >= 3) {
        const auto kind = static_cast<engine::RecordKind>(bytes[0]);
        const std::size_t size =
            static_cast<unsigned char>(bytes[1]) | static_cast<std::size_t>(static_cast<unsigned char>(bytes[2])) << 8;
        bytes.remove_prefix(3);
        engine::append_record(file, kind, bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    return file;
}

void check(const Result<engine::Recovered>& recovered) {
    if (!recovered) {
        promise(recovered.error().message.starts_with("journal"), "an error names the file");
        return;
    }
    const session::Session& session = recovered->session;
    for (const auto& round : session.rounds)
        for (const session::Answer& answer : round->answers)
            promise(session::is_final(answer.state), "nothing that was recovered is still coming");
    for (const auto format : {report::format_of("md"), report::format_of("json"), report::format_of("html")})
        promise(base::is_valid_utf8(report::render(format, session, base::WallTime{})), "reports are valid UTF-8");
    promise(report::read_session(report::to_session_file(session), "again").ok(), "what came back can be saved");
}

}  // namespace

void journal(std::string_view bytes) {
    if (bytes.empty()) return;
    const bool is_raw = bytes[0] & 1;
    bytes.remove_prefix(1);
    const std::string file = is_raw ? std::string(bytes) : with_checksums(bytes);
    check(engine::read_journal(file, "journal"));
    check(engine::read_journal(std::string_view(file).substr(0, file.size() / 2), "journal"));
}

}  // namespace llmc::fuzz
