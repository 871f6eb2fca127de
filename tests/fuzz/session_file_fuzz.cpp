// A damaged session or report is refused or read as a session that every exporter can write.
#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"
#include "report/report.h"
#include "report/session_file.h"

using namespace llmc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto session = report::read_session({reinterpret_cast<const char*>(data), size}, "file");
    if (!session.ok()) return 0;
    for (const auto format :
         {report::Format::markdown, report::Format::json, report::Format::html, report::Format::csv})
        if (!base::is_valid_utf8(report::render(format, *session, base::WallTime{}))) std::abort();
    if (!report::read_session(report::to_session_file(*session), "again").ok()) std::abort();
    return 0;
}
