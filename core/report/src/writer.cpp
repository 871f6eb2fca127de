#include "report/writer.h"

#include <string>

#include "base/file.h"

namespace llmc::report {

Result<std::vector<std::filesystem::path>> write_reports(const session::Session& session,
                                                         const std::vector<Format>& formats,
                                                         const std::filesystem::path& folder, base::WallTime now) {
    std::vector<base::NewFile> files;
    for (const Format format : formats)
        files.push_back({format->extension, {}, [&session, format, now](const base::ByteSink& sink) {
                             format->write(session, now, sink);
                         }});
    return base::save_new_files(folder, "llm_compare_" + base::file_stamp(now), files);
}

}  // namespace llmc::report
