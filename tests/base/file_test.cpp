#include "base/file.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "temp_folder.h"

namespace llmc::base {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

constexpr std::uint64_t kOneMiB = 1 << 20;

unsigned mode_of(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions()) & 07777;
}

class Umask {
public:
    explicit Umask(mode_t mask) : old_(umask(mask)) {}
    ~Umask() { umask(old_); }

private:
    mode_t old_;
};

// "cannot read PATH: …"
void check_error(const Error& error, ErrorKind kind, const std::string& doing, const fs::path& path,
                 const std::string& reason) {
    CHECK(error.kind == kind);
    CHECK(error.message == "cannot " + doing + " " + path.string() + ": " + reason);
}

TEST_CASE("a file is read whole") {
    const TempFolder folder;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{1'000'001}}) {
        CAPTURE(size);
        std::string bytes(size, 'x');
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 % 256);
        put(folder / "file", bytes);
        const Result<std::string> read = read_file(folder / "file", 2 * kOneMiB);
        REQUIRE(read.ok());
        CHECK((*read == bytes));
        CHECK(read_file(folder / "file", size).ok());
        CHECK(read_file(folder / "file", UINT64_MAX).ok());
    }
}

TEST_CASE("a file that is larger than allowed is refused") {
    const TempFolder folder;
    put(folder / "file", std::string(kOneMiB + 1, 'x'));
    check_error(read_file(folder / "file", kOneMiB).error(), ErrorKind::limit, "read", folder / "file",
                "it is larger than 1 MiB");
    check_error(read_file(folder / "file", 1000).error(), ErrorKind::limit, "read", folder / "file",
                "it is larger than 1000 bytes");
    CHECK(read_file(folder / "file", 0).error().kind == ErrorKind::limit);
}

TEST_CASE("what cannot be read is named with the reason") {
    const TempFolder folder;
    put(folder / "file", "x");
    fs::create_directory(folder / "folder");
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    fs::create_symlink("nowhere", folder / "dangling");
    fs::create_symlink("loop", folder / "loop");

    const auto error = [&](const fs::path& path) { return read_file(path, kOneMiB).error(); };
    check_error(error(folder / "no"), ErrorKind::not_found, "read", folder / "no", "No such file or directory");
    check_error(error(folder / "dangling"), ErrorKind::not_found, "read", folder / "dangling",
                "No such file or directory");
    check_error(error(folder / "folder"), ErrorKind::io, "read", folder / "folder", "Is a directory");
    check_error(error(folder / "file/x"), ErrorKind::io, "read", folder / "file/x", "Not a directory");
    check_error(error(folder / "loop"), ErrorKind::io, "read", folder / "loop", "Too many levels of symbolic links");
    check_error(error(folder / "pipe"), ErrorKind::io, "read", folder / "pipe", "it is not a regular file");
    check_error(error("/dev/null"), ErrorKind::io, "read", "/dev/null", "it is not a regular file");
    CHECK(error("").kind == ErrorKind::not_found);
}

TEST_CASE("a file that its owner may not read is refused") {
    if (geteuid() == 0) return;  // root may read everything
    const TempFolder folder;
    put(folder / "file", "x");
    fs::permissions(folder / "file", fs::perms::none);
    check_error(read_file(folder / "file", kOneMiB).error(), ErrorKind::io, "read", folder / "file",
                "Permission denied");
}

TEST_CASE("a path that is not UTF-8 is shown with replacement characters") {
    CHECK(read_file("/no\xFFwhere", 1).error().message == "cannot read /no\uFFFDwhere: No such file or directory");
}

TEST_CASE("a save makes the file and the folders to it") {
    const TempFolder folder;
    for (const char* name : {"file", "a/b/c/file", "a/b/../d/file", "./e//file"}) {
        CAPTURE(name);
        REQUIRE(save_file(folder / name, "bytes"));
        CHECK(content_of(folder / name) == "bytes");
    }
    CHECK(folder.names() == Names{"a", "a/b", "a/b/c", "a/b/c/file", "a/d", "a/d/file", "e", "e/file", "file"});
}

TEST_CASE("a save replaces the file, whatever its size was") {
    const TempFolder folder;
    for (const std::size_t size : {std::size_t{100}, std::size_t{0}, std::size_t{1'000'000}, std::size_t{1}}) {
        REQUIRE(save_file(folder / "file", std::string(size, 'y')));
        CHECK((content_of(folder / "file") == std::string(size, 'y')));
    }
    CHECK(folder.names() == Names{"file"});
}

TEST_CASE("a save by a bare name goes into the current folder") {
    const TempFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    const bool saved = save_file("file", "bytes").ok();
    fs::current_path(before);
    CHECK(saved);
    CHECK(folder.names() == Names{"file"});
}

TEST_CASE("a name may be as long as the file system allows") {
    const TempFolder folder;
    const std::string name(255, 'n');
    CHECK(save_file(folder / name, "bytes"));
    CHECK(content_of(folder / name) == "bytes");
}

TEST_CASE("a new file has the mode that the umask leaves, or is for its owner only") {
    const TempFolder folder;
    const Umask mask(022);
    REQUIRE(save_file(folder / "normal", "x"));
    CHECK(mode_of(folder / "normal") == 0644);
    REQUIRE(save_file(folder / "secret", "x", FileMode::owner_only));
    CHECK(mode_of(folder / "secret") == 0600);
}

TEST_CASE("a replaced file keeps its mode, unless it is to be for its owner only") {
    const TempFolder folder;
    const Umask mask(077);
    for (const unsigned mode : {0600u, 0640u, 0666u, 0755u}) {
        CAPTURE(mode);
        put(folder / "file", "old");
        fs::permissions(folder / "file", static_cast<fs::perms>(mode));
        REQUIRE(save_file(folder / "file", "new"));
        CHECK(mode_of(folder / "file") == mode);
        REQUIRE(save_file(folder / "file", "newer", FileMode::owner_only));
        CHECK(mode_of(folder / "file") == 0600);
    }
}

TEST_CASE("a save goes through symbolic links and leaves them as they are") {
    const TempFolder folder;
    fs::create_directories(folder / "real");
    put(folder / "real/file", "old");
    fs::create_symlink("real/file", folder / "relative");
    fs::create_symlink(folder / "relative", folder / "absolute");
    fs::create_symlink("real/new", folder / "dangling");
    fs::create_directory_symlink("real", folder / "by-folder");

    REQUIRE(save_file(folder / "absolute", "1"));
    CHECK(content_of(folder / "real/file") == "1");
    REQUIRE(save_file(folder / "dangling", "2"));
    CHECK(content_of(folder / "real/new") == "2");
    REQUIRE(save_file(folder / "by-folder/file", "3"));
    CHECK(content_of(folder / "real/file") == "3");

    for (const char* link : {"relative", "absolute", "dangling", "by-folder"}) CHECK(fs::is_symlink(folder / link));
    CHECK(folder.names() == Names{"absolute", "by-folder", "dangling", "real", "real/file", "real/new", "relative"});
}

TEST_CASE("what cannot be written is named with the reason, and nothing is left behind") {
    const TempFolder folder;
    put(folder / "file", "old");
    fs::create_directory(folder / "folder");
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    fs::create_symlink("loop", folder / "loop");
    const Names before = folder.names();

    struct Case {
        fs::path path;
        const char* reason;
    };
    const Case cases[] = {
        {folder / "folder", "Is a directory"},
        {folder / "folder/", "Is a directory"},
        {folder / "file/x", "Not a directory"},
        {folder / "file/x/y", "Not a directory"},
        {folder / "pipe", "it is not a regular file"},
        {"/dev/null", "it is not a regular file"},
        {folder / "loop", "Too many levels of symbolic links"},
        {folder / std::string(256, 'n'), "File name too long"},
        {"/proc/no/such", "No such file or directory"},
        {"", "No such file or directory"},
    };
    for (const Case& c : cases) {
        check_error(save_file(c.path, "new").error(), ErrorKind::io, "write", c.path, c.reason);
    }
    CHECK(folder.names() == before);
    CHECK(content_of(folder / "file") == "old");
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a path longer than any system takes is refused without harm") {
    std::string deep;
    for (int i = 0; i < 200'000; ++i) deep += "/a";
    CHECK_FALSE(save_file(deep, "x").ok());
    CHECK_FALSE(ensure_writable_folder(deep).ok());
    CHECK_FALSE(read_file(deep, 1).ok());
}

TEST_CASE("savers and readers of one path at once: a reader sees one of the contents whole") {
    const TempFolder folder;
    const fs::path path = folder / "file";
    constexpr std::size_t kSize = 100'000;
    REQUIRE(save_file(path, std::string(kSize, 'a')));
    std::atomic<int> wrong = 0, still_saving = 2;
    {
        std::vector<std::jthread> threads;
        for (const char c : {'b', 'c'}) {
            threads.emplace_back([&, c] {
                for (int i = 0; i < 30; ++i) wrong += !save_file(path, std::string(kSize, c)).ok();
                --still_saving;
            });
        }
        threads.emplace_back([&] {
            while (still_saving > 0) {
                const Result<std::string> read = read_file(path, kOneMiB);
                wrong +=
                    !read.ok() || read->size() != kSize || read->find_first_not_of(read->front()) != std::string::npos;
            }
        });
    }
    CHECK(wrong == 0);
    CHECK(folder.names() == Names{"file"});
}

TEST_CASE("a writable folder is made and left empty; one that is not is named") {
    const TempFolder folder;
    CHECK(ensure_writable_folder(folder / "a/b"));
    CHECK(ensure_writable_folder(folder / "a/b/"));
    CHECK(folder.names() == Names{"a", "a/b"});

    put(folder / "file", "x");
    check_error(ensure_writable_folder(folder / "file").error(), ErrorKind::io, "write into the folder",
                folder / "file", "Not a directory");
    CHECK(ensure_writable_folder("/proc/no").error().kind == ErrorKind::io);
    CHECK(ensure_writable_folder("/proc").error().message.starts_with("cannot write into the folder /proc: "));
}

TEST_CASE("a folder that may not be written into is named") {
    if (geteuid() == 0) return;  // root may write everywhere
    const TempFolder folder;
    fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
    check_error(ensure_writable_folder(folder.path()).error(), ErrorKind::io, "write into the folder", folder.path(),
                "Permission denied");
    check_error(save_file(folder / "file", "x").error(), ErrorKind::io, "write", folder / "file", "Permission denied");
    fs::permissions(folder.path(), fs::perms::owner_all);
}

}  // namespace
}  // namespace llmc::base
