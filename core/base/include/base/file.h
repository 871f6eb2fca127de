// The one place that reads and writes files: whole, or not at all.
//
// Thread contract: any thread; two savers of one path leave one of the two contents whole.
// Invariant of every save: a reader sees the old file or the whole new one, also after a power cut: temporary file in
// the same folder, fsync, rename, fsync of the folder. On an error the temporary file is removed and the old file is
// untouched; only where the last step fails, the sync of the folder, the new file is in its place and the error says
// so. Errors name the path and the system's reason in words: "cannot write /x/y: No space left on device".
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace llmc::base {

enum class FileMode { normal, owner_only };  // 0666 less the umask; 0600

// Reads a whole regular file. Errors: `not_found`, `io` (a folder, a pipe or device, no permission), `limit` above
// `max_bytes`, also where the file grows while it is read.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

// Replaces or makes `path`. Missing folders are made. A symbolic link stays one: the file it points to is replaced. A
// file that is replaced keeps its permissions with FileMode::normal. Errors: `io`; also where `path` is there and not a
// regular file.
Result<void> save_file(const std::filesystem::path& path, std::string_view bytes, FileMode mode = FileMode::normal);

using ByteSink = std::function<void(std::string_view bytes)>;
struct NewFile {
    std::string extension;  // without the dot
    std::string_view bytes;
    // In place of `bytes`: hands the content to the sink piece by piece, so that it need not be in memory as a whole.
    std::function<void(const ByteSink& sink)> write_to;
};
// Writes new files that belong together under the first free name of STEM.EXT, STEM_2.EXT, STEM_3.EXT …; gives the
// paths. All get the same suffix (STEM_2.md and STEM_2.json), or none is left; their extensions differ. Missing folders
// are made. Never replaces a file; several programs may do so in one folder at the same moment: the name is taken by
// link(), which fails where the name exists. On file systems without links an empty file takes the name for a moment.
// Errors: `io`.
Result<std::vector<std::filesystem::path>> save_new_files(const std::filesystem::path& folder, std::string_view stem,
                                                          const std::vector<NewFile>& files);

// Makes `folder` and its parents and shows that a file can be made in it. Errors: `io`.
Result<void> ensure_writable_folder(const std::filesystem::path& folder);

// An append-only file, for event streams. "-" is standard output. Errors: `io`.
class OutputFile {
public:
    static Result<OutputFile> open(const std::filesystem::path& path);
    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&& other) noexcept;
    ~OutputFile();
    Result<void> write(std::string_view bytes);  // all of it, at once

private:
    explicit OutputFile(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
    int fd_ = -1;
    std::string name_;
};

}  // namespace llmc::base
