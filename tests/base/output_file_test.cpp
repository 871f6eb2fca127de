#include <array>
#include <cstdio>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "temp_folder.h"

namespace llmc::base {
namespace {

OutputFile open(const std::filesystem::path& path) {
    Result<OutputFile> file = OutputFile::open(path);
    REQUIRE(file.ok());
    return *std::move(file);
}

TEST_CASE("an output file grows at its end, and what is written is there at once") {
    const TempFolder folder;
    put(folder / "events", "before\n");
    OutputFile first = open(folder / "events");
    OutputFile second = open(folder / "events");
    CHECK(first.write("1\n"));
    CHECK(second.write("2\n"));
    CHECK(first.write("3\n"));
    CHECK(first.write(""));
    CHECK(content_of(folder / "events") == "before\n1\n2\n3\n");
}

TEST_CASE("an output file can be moved") {
    const TempFolder folder;
    OutputFile file = open(folder / "a");
    OutputFile moved(std::move(file));
    CHECK(moved.write("x"));
    moved = open(folder / "b");
    CHECK(moved.write("y"));
    CHECK_FALSE(file.write("z").ok());  // NOLINT(bugprone-use-after-move)
    CHECK(content_of(folder / "a") == "x");
    CHECK(content_of(folder / "b") == "y");
}

TEST_CASE("an output file that cannot be opened or written is named with the reason") {
    const TempFolder folder;
    const auto missing = OutputFile::open(folder / "no/events");
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error() ==
          Error{ErrorKind::io, "cannot write " + (folder / "no/events").string() + ": No such file or directory"});
    OutputFile full = open("/dev/full");
    CHECK(full.write("x").error() == Error{ErrorKind::io, "cannot write /dev/full: No space left on device"});
}

// What a child process writes by "-" when `fd` is its standard output.
int write_in_child(int fd, std::string_view bytes) {
    std::fflush(nullptr);  // else a sanitizer may write what is buffered once more, at the end of the child
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        dup2(fd, STDOUT_FILENO);
        Result<OutputFile> out = OutputFile::open("-");
        if (!out) _exit(2);
        _exit(out->write(bytes).ok() ? 0 : 1);
    }
    return child;
}

int exit_status_of(int child) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("a dash is standard output, written whole even where it is a non-blocking pipe") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    const std::string bytes(1'000'000, 'x');  // far more than a pipe holds
    const int child = write_in_child(ends[1], bytes);
    close(ends[1]);

    std::string got;
    std::array<char, 65'536> part;
    for (ssize_t n; (n = read(ends[0], part.data(), part.size())) > 0;) got.append(part.data(), static_cast<size_t>(n));
    close(ends[0]);
    CHECK((got == bytes));
    CHECK(exit_status_of(child) == 0);
}

TEST_CASE("a reader that went away is an error") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    close(ends[0]);
    const int child = write_in_child(ends[1], "x");
    close(ends[1]);
    CHECK(exit_status_of(child) == 1);
}

TEST_CASE("closing a dash leaves standard output open") {
    { const OutputFile out = open("-"); }
    CHECK(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
}

}  // namespace
}  // namespace llmc::base
