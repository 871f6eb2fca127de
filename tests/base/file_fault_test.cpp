// Every system call of a save fails in its turn: the old file or the new one is whole, the error names path and reason,
// nothing is left behind.
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "../../core/base/src/file_internal.h"
#include "temp_folder.h"

namespace llmc::base {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
using platform::FileStatus;

// The system's calls, but number `fail_at` (from 1) fails with `fault`, without being made.
class FaultyOps final : public FileOps {
public:
    int fail_at = 0;
    std::errc fault = std::errc::io_error;
    bool can_link = true;
    std::size_t largest_write = SIZE_MAX;  // more is written in part
    std::function<void()> before_each = [] {};

    mutable Names calls;
    mutable int open_files = 0;

    SystemError open_to_read(const Path& path, int& fd) const override {
        return opened(call("open_to_read", [&] { return FileOps::open_to_read(path, fd); }));
    }
    SystemError create_new(const Path& path, unsigned mode, int& fd) const override {
        return opened(call("create_new", [&] { return FileOps::create_new(path, mode, fd); }));
    }
    SystemError status(int fd, FileStatus& status) const override {
        return call("status", [&] { return FileOps::status(fd, status); });
    }
    SystemError set_mode(int fd, unsigned mode) const override {
        return call("set_mode", [&] { return FileOps::set_mode(fd, mode); });
    }
    SystemError read(int fd, char* into, std::size_t size, std::size_t& got) const override {
        return call("read", [&] { return FileOps::read(fd, into, size, got); });
    }
    SystemError write(int fd, std::string_view bytes, std::size_t& written) const override {
        return call("write", [&] {
            if (largest_write == 0) return SystemError();  // nothing taken, no reason given
            return FileOps::write(fd, bytes.substr(0, largest_write), written);
        });
    }
    SystemError sync(int fd) const override {
        return call("sync", [&] { return FileOps::sync(fd); });
    }
    SystemError close(int fd) const override {
        --open_files;
        const SystemError closed = FileOps::close(fd);  // gone, also when it fails
        return call("close", [&] { return closed; });
    }
    SystemError sync_folder(const Path& folder) const override {
        return call("sync_folder", [&] { return FileOps::sync_folder(folder); });
    }
    SystemError make_folder(const Path& folder) const override {
        return call("make_folder", [&] { return FileOps::make_folder(folder); });
    }
    SystemError rename(const Path& from, const Path& to) const override {
        return call("rename", [&] { return FileOps::rename(from, to); });
    }
    SystemError link(const Path& from, const Path& to) const override {
        return call("link", [&] {
            return can_link ? FileOps::link(from, to) : std::make_error_code(std::errc::operation_not_permitted);
        });
    }
    SystemError remove(const Path& path) const override {
        return call("remove", [&] { return FileOps::remove(path); });
    }

private:
    template <class Call>
    SystemError call(const char* name, Call make) const {
        before_each();
        calls.emplace_back(name);
        if (static_cast<int>(calls.size()) == fail_at) return std::make_error_code(fault);
        return make();
    }

    SystemError opened(SystemError error) const {
        open_files += !error;
        return error;
    }
};

constexpr std::errc kQuotaExceeded{EDQUOT};  // std::errc has no name for it
constexpr std::errc kFaults[] = {
    std::errc::io_error,           std::errc::no_space_on_device, kQuotaExceeded,
    std::errc::file_too_large,     std::errc::permission_denied,  std::errc::read_only_file_system,
    std::errc::too_many_files_open};

std::string reason(std::errc fault) {
    return std::make_error_code(fault).message();
}

const std::string kOld(3000, 'o');
const std::string kNew(5000, 'n');

TEST_CASE("a save makes exactly the calls that make it safe, in their order") {
    const TempFolder folder;
    FaultyOps ops;
    REQUIRE(save_file(ops, folder / "new/file", kNew, FileMode::normal));
    CHECK(ops.calls ==
          Names{"make_folder", "sync_folder", "create_new", "write", "sync", "close", "rename", "sync_folder"});
    ops.calls.clear();
    REQUIRE(save_file(ops, folder / "new/file", kNew, FileMode::normal));
    CHECK(ops.calls == Names{"create_new", "set_mode", "write", "sync", "close", "rename", "sync_folder"});
}

TEST_CASE("new files take their names by links, and the sync of the folder comes after all changes in it") {
    const TempFolder folder;
    put(folder / "report.md", "somebody's");
    FaultyOps ops;
    REQUIRE(save_new_files(ops, folder.path(), "report", {{"md", kNew}}).ok());
    CHECK(ops.calls == Names{"create_new", "write", "sync", "close", "link", "link", "remove", "sync_folder"});
}

TEST_CASE("while a secret file is replaced, nobody else may read the new content at any moment") {
    const TempFolder folder;
    put(folder / "keys", kOld);
    fs::permissions(folder / "keys", fs::perms::owner_read | fs::perms::owner_write);
    for (const FileMode mode : {FileMode::normal, FileMode::owner_only}) {
        FaultyOps ops;
        std::size_t looks = 0;
        ops.before_each = [&] {
            for (const auto& entry : fs::directory_iterator(folder.path())) {
                CHECK((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms());
                ++looks;
            }
        };
        REQUIRE(save_file(ops, folder / "keys", kNew, mode));
        CHECK(looks > 6);
    }
}

TEST_CASE("whichever call of a save fails, the old or the new file is whole and the error says which path and why") {
    for (const bool exists : {true, false}) {
        for (const std::errc fault : kFaults) {
            for (int fail_at = 1;; ++fail_at) {
                const TempFolder folder;
                const fs::path path = folder / "file";
                if (exists) put(path, kOld);
                FaultyOps ops;
                ops.fail_at = fail_at;
                ops.fault = fault;
                ops.largest_write = 1999;
                const Result<void> saved = save_file(ops, path, kNew, FileMode::normal);
                CHECK(ops.open_files == 0);
                if (fail_at > static_cast<int>(ops.calls.size())) {
                    CHECK(saved.ok());
                    CHECK(content_of(path) == kNew);
                    break;
                }
                const std::string failed = ops.calls[static_cast<std::size_t>(fail_at) - 1];
                CAPTURE(exists);
                CAPTURE(failed);
                REQUIRE_FALSE(saved.ok());
                CHECK(saved.error().kind == ErrorKind::io);
                if (failed == "sync_folder") {
                    CHECK(content_of(path) == kNew);
                    CHECK(saved.error().message ==
                          path.string() + " was written, but a power cut may still undo it: " + reason(fault));
                } else {
                    CHECK(saved.error().message == "cannot write " + path.string() + ": " + reason(fault));
                    if (exists) CHECK(content_of(path) == kOld);
                }
                CHECK(folder.names() == (exists || failed == "sync_folder" ? Names{"file"} : Names{}));
            }
        }
    }
}

TEST_CASE("at every moment of a save, the file is the old or the whole new one, and synced before it takes its name") {
    const TempFolder folder;
    const fs::path path = folder / "file";
    put(path, kOld);
    FaultyOps ops;
    ops.largest_write = 100;
    bool is_new = false;
    ops.before_each = [&] {
        const std::string now = content_of(path);
        REQUIRE((now == kOld || now == kNew));
        REQUIRE((!is_new || now == kNew));
        if (now == kNew && !is_new) {
            is_new = true;
            CHECK(Names(ops.calls.end() - 3, ops.calls.end()) == Names{"sync", "close", "rename"});
        }
    };
    REQUIRE(save_file(ops, path, kNew, FileMode::normal));
    CHECK(is_new);
    CHECK(ops.calls.size() > 50);
}

TEST_CASE("a signal at any call does no harm") {
    for (int fail_at = 1;; ++fail_at) {
        const TempFolder folder;
        put(folder / "file", kOld);
        FaultyOps ops;
        ops.fail_at = fail_at;
        ops.fault = std::errc::interrupted;
        REQUIRE(ensure_writable_folder(ops, folder / "sub"));
        REQUIRE(save_file(ops, folder / "file", kNew, FileMode::normal));
        REQUIRE(save_new_files(ops, folder.path(), "report", {{"md", kNew}, {"json", kOld}}).ok());
        const Result<std::string> read = read_file(ops, folder / "file", 10'000);
        REQUIRE(read.ok());
        CHECK(*read == kNew);
        CHECK(ops.open_files == 0);
        CHECK(folder.names() == Names{"file", "report.json", "report.md", "sub"});
        if (fail_at > static_cast<int>(ops.calls.size())) break;
    }
}

TEST_CASE("writes in parts of any size give the whole file") {
    for (const std::size_t part : {1u, 7u, 4096u, 4999u, 5000u}) {
        CAPTURE(part);
        const TempFolder folder;
        FaultyOps ops;
        ops.largest_write = part;
        REQUIRE(save_file(ops, folder / "file", kNew, FileMode::owner_only));
        CHECK(content_of(folder / "file") == kNew);
    }
}

TEST_CASE("a system that takes no bytes and gives no reason ends the save with an error") {
    const TempFolder folder;
    put(folder / "file", kOld);
    FaultyOps ops;
    ops.largest_write = 0;
    CHECK_FALSE(save_file(ops, folder / "file", kNew, FileMode::normal).ok());
    CHECK(content_of(folder / "file") == kOld);
    CHECK(folder.names() == Names{"file"});
}

TEST_CASE("whichever call of saving new files fails, all are there and whole, or none, and old ones are untouched") {
    for (const bool can_link : {true, false}) {
        for (const std::errc fault : kFaults) {
            for (int fail_at = 1;; ++fail_at) {
                const TempFolder folder;
                put(folder / "report.json", "somebody's");
                const Names none = {"report.json"};
                const Names all = {"report.json", "report_2.json", "report_2.md"};
                FaultyOps ops;
                ops.can_link = can_link;
                ops.fail_at = fail_at;
                ops.fault = fault;
                const auto saved = save_new_files(ops, folder.path(), "report", {{"md", kNew}, {"json", kOld}});
                CHECK(ops.open_files == 0);
                CHECK(content_of(folder / "report.json") == "somebody's");

                const bool is_through = fail_at > static_cast<int>(ops.calls.size());
                const std::string failed = is_through ? "" : ops.calls[static_cast<std::size_t>(fail_at) - 1];
                CAPTURE(can_link);
                CAPTURE(failed);
                if (is_through) REQUIRE(saved.ok());
                if (!saved) {
                    CHECK(saved.error().kind == ErrorKind::io);
                    CHECK(saved.error().message.find((folder / "report").string()) != std::string::npos);
                    CHECK(saved.error().message.ends_with(": " + reason(fault)));
                }
                if (saved.ok() || failed == "sync_folder") {
                    CHECK(content_of(folder / "report_2.md") == kNew);
                    CHECK(content_of(folder / "report_2.json") == kOld);
                    // A temporary file that the system does not let us remove stays.
                    if (failed != "remove") CHECK(folder.names() == all);
                } else {
                    CHECK(folder.names() == none);
                }
                if (is_through) break;
            }
        }
    }
}

TEST_CASE("where links do not work, new files still get names of their own") {
    const TempFolder folder;
    FaultyOps ops;
    ops.can_link = false;
    for (const char* expected : {"report.md", "report_2.md", "report_3.md"}) {
        const auto saved = save_new_files(ops, folder.path(), "report", {{"md", expected}});
        REQUIRE(saved.ok());
        CHECK(saved->front() == folder / expected);
        CHECK(content_of(folder / expected) == expected);
    }
    CHECK(folder.names() == Names{"report.md", "report_2.md", "report_3.md"});
}

TEST_CASE("whichever call of making a folder fails, the error names it") {
    for (int fail_at = 1;; ++fail_at) {
        const TempFolder folder;
        FaultyOps ops;
        ops.fail_at = fail_at;
        const Result<void> ready = ensure_writable_folder(ops, folder / "a/b");
        CHECK(ops.open_files == 0);
        if (fail_at > static_cast<int>(ops.calls.size())) {
            CHECK(ready.ok());
            CHECK(folder.names() == Names{"a", "a/b"});
            break;
        }
        CAPTURE(ops.calls[static_cast<std::size_t>(fail_at) - 1]);
        if (ops.calls[static_cast<std::size_t>(fail_at) - 1] == "remove") continue;
        REQUIRE_FALSE(ready.ok());
        CHECK(ready.error().message ==
              "cannot write into the folder " + (folder / "a/b").string() + ": Input/output error");
    }
}

TEST_CASE("whichever call of reading fails, the error names path and reason") {
    const TempFolder folder;
    put(folder / "file", kOld);
    for (int fail_at = 1;; ++fail_at) {
        FaultyOps ops;
        ops.fail_at = fail_at;
        const Result<std::string> read = read_file(ops, folder / "file", 10'000);
        CHECK(ops.open_files == 0);
        if (fail_at > static_cast<int>(ops.calls.size())) break;
        const std::string failed = ops.calls[static_cast<std::size_t>(fail_at) - 1];
        CAPTURE(failed);
        if (failed == "close") {
            CHECK(read.ok());
            continue;
        }
        REQUIRE_FALSE(read.ok());
        CHECK(read.error() ==
              Error{ErrorKind::io, "cannot read " + (folder / "file").string() + ": Input/output error"});
    }
}

// A file whose size the system does not tell, or that grows after its size was asked for.
class GrowingOps final : public FileOps {
public:
    explicit GrowingOps(std::size_t all) : left_(all) {}
    SystemError status(int fd, FileStatus& status) const override {
        const SystemError error = FileOps::status(fd, status);
        status.size = 0;
        return error;
    }
    SystemError read(int, char* into, std::size_t size, std::size_t& got) const override {
        got = std::min({size, left_, std::size_t{1000}});
        std::fill_n(into, got, 'g');
        left_ -= got;
        return {};
    }

private:
    mutable std::size_t left_;
};

TEST_CASE("a file that grows while it is read is read whole, up to the limit") {
    const TempFolder folder;
    put(folder / "file", "");
    for (const std::size_t size : {0u, 1u, 2u, 999u, 200'000u}) {
        CAPTURE(size);
        const Result<std::string> read = read_file(GrowingOps(size), folder / "file", 200'000);
        REQUIRE(read.ok());
        CHECK(*read == std::string(size, 'g'));
        CHECK(read_file(GrowingOps(size), folder / "file", UINT64_MAX).ok());
    }
    const Result<std::string> endless = read_file(GrowingOps(SIZE_MAX), folder / "file", 200'000);
    REQUIRE_FALSE(endless.ok());
    CHECK(endless.error().kind == ErrorKind::limit);
    CHECK(read_file(GrowingOps(200'001), folder / "file", 200'000).error().kind == ErrorKind::limit);
}

}  // namespace
}  // namespace llmc::base
