#include <array>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/mutex.h"
#include "gui/platform.h"

extern "C" char** environ;  // NOLINT(readability-redundant-declaration): not every system declares it

namespace llmc::gui {

// Outlives the Desktop in the threads that wait for started programs.
struct Desktop::Reports {
    base::Mutex mutex;
    std::function<void(std::string)> on_failure LLMC_GUARDED_BY(mutex);  // empty after ~Desktop()

    void tell(std::string text) {
        const base::Lock lock(mutex);
        if (on_failure) on_failure(std::move(text));
    }
};

namespace {

constexpr const char* kOpener = "xdg-open";

// Attributes and actions of posix_spawn, freed at the end of the scope.
class Spawning {
public:
    Spawning() {
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawn_file_actions_init(&actions_);
        // Its own session: Ctrl+C in our terminal is not meant for a browser. Signals that we ignore are its own again.
        sigset_t all, none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setflags(
            &attributes_, static_cast<short>(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    ~Spawning() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Spawning(const Spawning&) = delete;
    Spawning& operator=(const Spawning&) = delete;

    // Zero, or the error's number.
    int start(const char* program, std::string argument, pid_t& pid) {
        std::string name = program;
        std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
        return ::posix_spawnp(&pid, program, &actions_, &attributes_, arguments.data(), environ);
    }

private:
    posix_spawnattr_t attributes_{};
    posix_spawn_file_actions_t actions_{};
};

// xdg-open may stay as long as the browser it starts: a thread of its own waits for it, and is not waited for.
template <class Reports>
Result<void> open_with_desktop(const std::string& what, const std::shared_ptr<Reports>& reports) {
    pid_t pid = 0;
    const int error = Spawning().start(kOpener, what, pid);
    if (error == ENOENT) {
        return Error{ErrorKind::not_found, "cannot open " + what + ": this system has no xdg-open (package xdg-utils)"};
    }
    if (error != 0) {
        return Error{ErrorKind::io,
                     "cannot open " + what + ": " + kOpener + ": " + std::generic_category().message(error)};
    }
    std::thread([pid, what, reports] {
        int status = 0;
        while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
            reports->tell("could not open " + what + ": the desktop has no program for it (xdg-open ended with " +
                          std::to_string(WEXITSTATUS(status)) + ")");
        }
    }).detach();
    return {};
}

bool starts_with_scheme(std::string_view url, std::string_view scheme) {
    if (url.size() <= scheme.size()) return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        if (base::to_lower(url[i]) != scheme[i]) return false;
    }
    return true;
}

}  // namespace

Desktop::Desktop(std::function<void(std::string)> on_failure) : reports_(std::make_shared<Reports>()) {
    const base::Lock lock(reports_->mutex);
    reports_->on_failure = std::move(on_failure);
}

Desktop::~Desktop() {
    const base::Lock lock(reports_->mutex);
    reports_->on_failure = nullptr;
}

Result<void> Desktop::open_link(std::string_view url) {
    bool is_known = false;
    for (const std::string_view scheme : {"http://", "https://", "mailto:"})
        is_known |= starts_with_scheme(url, scheme);
    for (const char c : url) is_known &= static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
    if (!is_known) {
        return Error{ErrorKind::usage, "this link is not opened: only http, https and mailto links without blanks are"};
    }
    return open_with_desktop(std::string(url), reports_);
}

Result<void> Desktop::open_path(const std::filesystem::path& path) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    if (error || !std::filesystem::exists(absolute, error)) {
        return Error{ErrorKind::not_found, "there is no " + path.string()};
    }
    return open_with_desktop(absolute.string(), reports_);
}

bool has_program(const char* name) {
    const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody writes the environment
    for (std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin"; !rest.empty();) {
        const auto end = std::min(rest.find(':'), rest.size());
        const std::string candidate = std::string(rest.substr(0, end)) + "/" + name;
        if (end > 0 && ::access(candidate.c_str(), X_OK) == 0) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

}  // namespace llmc::gui
