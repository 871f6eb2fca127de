// The fuzz targets without libFuzzer: all seeds, inputs that were findings once (tests/fuzz/findings/TARGET-*), and a
// fixed number of changed seeds, the same ones each time.
//
//   fuzz_replay DATA [--changes N] [TARGET…]        runs; DATA is tests/data
//   fuzz_replay DATA --write-seeds FOLDER           the seeds as files, FOLDER/TARGET/…, for libFuzzer
//   fuzz_replay DATA --run FILE TARGET              one input
//
// Every target runs in a process of its own. Where one crashes, breaks its promise or hangs, the input that did it is
// written to crash-TARGET, and the exit status is 1.
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "mutate.h"
#include "seeds.h"
#include "targets.h"

namespace {

namespace fs = std::filesystem;
using namespace llmc;

struct Target {
    std::string_view name;
    void (*run)(std::string_view bytes);
    int changes;  // runs, so that each target takes about half a second in a release build
};
constexpr Target kTargets[] = {
    {"utf8", fuzz::utf8, 20000},
    {"sse_chunks", fuzz::sse_chunks, 500},
    {"http_response", fuzz::http_response, 1000},
    {"server_words", fuzz::server_words, 5000},
    {"config", fuzz::config, 5000},
    {"keys", fuzz::keys, 500},
    {"session_file", fuzz::session_file, 1000},
    {"markdown", fuzz::markdown, 3000},
    {"exporters", fuzz::exporters, 500},
    {"journal", fuzz::journal, 1000},
    {"suite", fuzz::suite, 1000},
    {"loop", fuzz::loop, 12000},
    {"yaml_edit", fuzz::yaml_edit, 500},
    {"importers", fuzz::importers, 1000},
};

constexpr unsigned kSecondsPerTarget = 240;  // with sanitizers too

struct Options {
    fs::path data, write_seeds, file;
    int changes = -1;
    std::vector<std::string_view> targets;

    bool wants(std::string_view name) const {
        return targets.empty() || std::find(targets.begin(), targets.end(), name) != targets.end();
    }
};

std::string read(const fs::path& path) {
    return base::read_file(path, std::uint64_t{64} << 20).value();
}

// All inputs of a target, in order; `visit` takes each in turn.
template <class Visit>
void for_each_input(const Target& target, const Options& options, Visit visit) {
    const std::vector<std::string> seeds = fuzz::seeds_of(target.name, options.data);
    for (const std::string& seed : seeds) visit(seed);
    const fs::path findings = options.data / ".." / "fuzz" / "findings";
    if (fs::exists(findings))
        for (const auto& entry : fs::directory_iterator(findings))
            if (entry.path().filename().string().starts_with(std::string(target.name) + "-")) visit(read(entry.path()));
    fuzz::Mutator mutator(seeds, 1);
    const int changes = options.changes < 0 ? target.changes : options.changes;
    for (int i = 0; i < changes; ++i) visit(mutator.next());
}

// Runs one target in a child process that counts what it has done where we can see it. Gives whether all went well.
bool replay(const Target& target, const Options& options) {
    void* shared = mmap(nullptr, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return false;
    volatile long& runs = *static_cast<volatile long*>(shared);
    const auto begun = std::chrono::steady_clock::now();
    std::fflush(stdout);  // or the child prints it again
    const pid_t child = fork();
    if (child == 0) {
        alarm(kSecondsPerTarget);
        for_each_input(target, options, [&](const std::string& input) {
            target.run(input);
            runs = runs + 1;
        });
        std::exit(0);
    }
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const auto taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const bool is_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    fmt::print("{:14} {:>8} runs {:>6.2f} s  {}\n", target.name, static_cast<long>(runs), taken,
               is_well               ? "no findings"
               : WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                     : "ended with an error");
    std::fflush(stdout);
    if (!is_well) {
        long number = 0;
        const long failed = runs;
        const std::string name = fmt::format("crash-{}", target.name);
        for_each_input(target, options, [&](const std::string& input) {
            if (number++ == failed && base::save_file(name, input)) fmt::print("  the input is in {}\n", name);
        });
    }
    munmap(shared, sizeof(long));
    return is_well;
}

int write_seeds(const Options& options) {
    for (const Target& target : kTargets) {
        if (!options.wants(target.name)) continue;
        int number = 0;
        for (const std::string& seed : fuzz::seeds_of(target.name, options.data)) {
            const fs::path path = options.write_seeds / target.name / fmt::format("seed-{:03}", number++);
            fs::create_directories(path.parent_path());
            if (!base::save_file(path, seed)) return 1;
        }
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--changes" && has_value)
            options.changes = std::atoi(argv[++i]);
        else if (word == "--write-seeds" && has_value)
            options.write_seeds = argv[++i];
        else if (word == "--run" && has_value)
            options.file = argv[++i];
        else if (options.data.empty())
            options.data = word;
        else
            options.targets.push_back(word);
    }
    for (const std::string_view name : options.targets) {
        const bool is_known =
            std::any_of(std::begin(kTargets), std::end(kTargets), [&](const Target& one) { return one.name == name; });
        if (!is_known) return fmt::print(stderr, "fuzz_replay: there is no target {}\n", name), 2;
    }
    if (!fs::is_directory(options.data))
        return fmt::print(stderr, "fuzz_replay: the first argument is tests/data\n"), 2;
    if (!options.write_seeds.empty()) return write_seeds(options);
    bool is_well = true;
    for (const Target& target : kTargets) {
        if (!options.wants(target.name)) continue;
        if (!options.file.empty())
            target.run(read(options.file));
        else
            is_well = replay(target, options) && is_well;
    }
    return is_well ? 0 : 1;
}
