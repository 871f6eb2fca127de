// A damaged session or report is refused, or read as a session that every exporter can write and that is read again as
// the same.
#include "report/session_file.h"

#include <string>

#include "base/utf8.h"
#include "report/report.h"
#include "targets.h"

namespace llmc::fuzz {

void session_file(std::string_view bytes) {
    const auto session = report::read_session(bytes, "file");
    if (!session) {
        promise(session.error().message.starts_with("file"), "an error names the file");
        return;
    }
    for (const auto format :
         {report::format_of("md"), report::format_of("json"), report::format_of("html"), report::format_of("csv")})
        promise(base::is_valid_utf8(report::render(format, *session, base::WallTime{})), "reports are valid UTF-8");
    const std::string text = report::to_session_file(*session);
    const auto again = report::read_session(text, "again");
    promise(again.ok(), "what is written can be read");
    promise(report::to_session_file(*again) == text, "a session that is read again is the same");
}

}  // namespace llmc::fuzz
