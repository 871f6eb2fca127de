// A file under a name that nobody else uses, in the folder of the file it is going to be.
//
// Thread contract: one thread.
// Invariants: removed at the end of its life, unless it was moved to its name; the name is random and taken with
// O_EXCL, so that programs never share one. It is short and does not depend on the final name, which may be as long as
// the file system allows.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/file.h"
#include "platform/file_ops.h"

namespace llmc::base {

class TemporaryFile {
public:
    TemporaryFile(const platform::FileOps& ops, std::filesystem::path folder);
    TemporaryFile(TemporaryFile&& other) noexcept;
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile();

    // Makes the file with `mode` less the umask, writes `bytes`, syncs and closes. `exact_mode` is set whatever the
    // umask is.
    std::error_code write(std::string_view bytes, unsigned mode, std::optional<unsigned> exact_mode = {});
    // The same for content that comes in pieces.
    std::error_code write(const std::function<void(const ByteSink& sink)>& write_to, unsigned mode);

    std::error_code move_to(const std::filesystem::path& target);        // replaces `target`
    std::error_code link_to(const std::filesystem::path& target) const;  // `file_exists` where `target` exists

private:
    std::error_code create(unsigned mode, int& fd);
    std::error_code finish(int fd, std::error_code error);

    const platform::FileOps& ops_;
    std::filesystem::path folder_;
    std::filesystem::path path_;  // empty when there is nothing to remove
};

}  // namespace llmc::base
