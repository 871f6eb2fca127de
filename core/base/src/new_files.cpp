// Saving under the first free name.
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "file_internal.h"
#include "temporary_file.h"

namespace llmc::base {

namespace fs = std::filesystem;

namespace {

// A name that this save has taken. It is given back at the end unless kept.
class TakenName {
public:
    TakenName(const FileOps& ops, fs::path path) : ops_(ops), path_(std::move(path)) {}
    TakenName(TakenName&& other) noexcept
        : ops_(other.ops_),
          path_(std::move(other.path_)),
          needs_move_(other.needs_move_),
          is_ours_(std::exchange(other.is_ours_, false)) {}
    TakenName& operator=(TakenName&&) = delete;
    ~TakenName() {
        if (is_ours_) uninterrupted([&] { return ops_.remove(path_); });
    }

    // `file_exists` when the name is not free. By a link, the name appears together with the whole content. Where links
    // do not work (FAT, some network file systems), an empty file takes the name, and finish() moves the content over
    // it.
    std::error_code take(const TemporaryFile& content) {
        std::error_code error = content.link_to(path_);
        if (error && error != std::errc::file_exists) {
            int fd = -1;
            error = uninterrupted([&] { return ops_.create_new(path_, 0666, fd); });
            if (!error) ops_.close(fd);
            needs_move_ = true;
        }
        is_ours_ = !error;
        return error;
    }

    std::error_code finish(TemporaryFile& content) { return needs_move_ ? content.move_to(path_) : std::error_code(); }

    fs::path keep() {
        is_ours_ = false;
        return path_;
    }

    const fs::path& path() const { return path_; }

private:
    const FileOps& ops_;
    fs::path path_;
    bool needs_move_ = false;
    bool is_ours_ = false;
};

fs::path numbered(const fs::path& folder, std::string_view stem, unsigned number, std::string_view extension) {
    return folder /
           (number == 1 ? fmt::format("{}.{}", stem, extension) : fmt::format("{}_{}.{}", stem, number, extension));
}

}  // namespace

Result<std::vector<fs::path>> save_new_files(const FileOps& ops, const fs::path& folder, std::string_view stem,
                                             const std::vector<NewFile>& files) {
    if (const auto error = make_folders(ops, folder)) return file_error("write into the folder", folder, error);
    if (files.empty()) return std::vector<fs::path>();

    std::vector<TemporaryFile> contents;
    for (const NewFile& file : files) {
        TemporaryFile& content = contents.emplace_back(ops, folder);
        const auto error = file.write_to ? content.write(file.write_to, 0666) : content.write(file.bytes, 0666);
        if (error) return file_error("write", numbered(folder, stem, 1, file.extension), error);
    }

    constexpr unsigned kMaxNumber = 100'000;
    for (unsigned number = 1; number <= kMaxNumber; ++number) {
        std::vector<TakenName> names;
        std::error_code error;
        for (std::size_t i = 0; i < files.size() && !error; ++i) {
            error = names.emplace_back(ops, numbered(folder, stem, number, files[i].extension)).take(contents[i]);
        }
        if (error == std::errc::file_exists) continue;
        for (std::size_t i = 0; i < files.size() && !error; ++i) error = names[i].finish(contents[i]);
        if (error) return file_error("write", numbered(folder, stem, number, files.front().extension), error);

        std::vector<fs::path> paths;
        for (TakenName& name : names) paths.push_back(name.keep());
        contents.clear();
        if ((error = uninterrupted([&] { return ops.sync_folder(folder); }))) return sync_error(paths.front(), error);
        return paths;
    }
    return file_error("write", numbered(folder, stem, 1, files.front().extension), "all numbered names are taken");
}

Result<std::vector<fs::path>> save_new_files(const fs::path& folder, std::string_view stem,
                                             const std::vector<NewFile>& files) {
    return save_new_files(FileOps(), folder, stem, files);
}

}  // namespace llmc::base
