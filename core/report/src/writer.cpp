#include "report/writer.h"

#include <string>

#include "base/file.h"

namespace llmc::report {

Result<std::vector<std::filesystem::path>> write_reports(const session::Session& session,
                                                         const std::vector<Format>& formats,
                                                         const std::filesystem::path& folder, base::WallTime now) {
    std::vector<std::string> texts;
    std::vector<base::NewFile> files;
    texts.reserve(formats.size());  // the files point into it
    for (const Format format : formats) {
        texts.push_back(render(format, session, now));
        files.push_back({std::string(extension(format)), texts.back()});
    }
    return base::save_new_files(folder, "llm_compare_" + base::file_stamp(now), files);
}

}  // namespace llmc::report
