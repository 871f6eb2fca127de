#include "base/append_log.h"

#include <atomic>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../core/base/src/reservation.h"
#include "base/utf8.h"

namespace llmc::base {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

AppendLog make_log(std::size_t limit = AppendLog::kDefaultLimit) {
    Result<AppendLog> log = AppendLog::reserve(limit);
    REQUIRE(log.ok());
    return *std::move(log);
}

// Tokens as models write them, from a fixed seed: 1 to 12 bytes, of all lengths of UTF-8.
std::vector<std::string> tokens(std::size_t count) {
    std::mt19937 random(1);
    const char* const pieces[] = {"a", " the", "é", "中", "😀", "\n", "ing", "—"};
    std::vector<std::string> all(count);
    for (std::string& token : all) {
        for (auto i = random() % 3 + 1; i > 0; --i) token += pieces[random() % std::size(pieces)];
    }
    return all;
}

bool is_mapped(const char* address) {
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    unsigned char resident = 0;
    void* start = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(address) / page * page);
    return mincore(start, page, &resident) == 0;
}

TEST_CASE("a log holds what was appended, in order, and its views stay valid") {
    AppendLog log = make_log();
    CHECK(log.size() == 0);
    CHECK(log.view().empty());

    std::string expected;
    std::vector<std::string_view> views;
    for (const std::string& token : tokens(30'000)) {
        REQUIRE(log.append(token));
        expected += token;
        REQUIRE(log.size() == expected.size());
        views.push_back(log.view());
    }
    CHECK((log.view() == expected));
    for (const std::string_view view : views) {
        REQUIRE(view.data() == log.view().data());
    }
    log.seal();
    for (std::size_t i = 0; i < views.size(); i += 1000) CHECK((views[i] == expected.substr(0, views[i].size())));
    CHECK((views.back() == expected));
}

TEST_CASE("pieces of every size around pages and commit steps arrive whole") {
    for (const std::size_t piece : {1u, 4095u, 4096u, 4097u, 65'535u, 65'536u, 65'537u, 300'000u}) {
        CAPTURE(piece);
        AppendLog log = make_log(kMiB);
        std::string expected;
        for (char c = 'a'; expected.size() + piece <= 600'000 && c <= 'z'; ++c) {
            REQUIRE(log.append(std::string(piece, c)));
            expected += std::string(piece, c);
        }
        CHECK((log.view() == expected));
    }
}

TEST_CASE("an append that would pass the limit is refused and changes nothing") {
    for (const std::size_t limit : {std::size_t{1}, std::size_t{10}, std::size_t{4096}, 3 * kMiB + 5}) {
        CAPTURE(limit);
        AppendLog log = make_log(limit);
        CHECK(log.limit() == limit);
        REQUIRE(log.append(std::string(limit - 1, 'x')));

        const Result<void> refused = log.append("yz");
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().kind == ErrorKind::limit);
        CHECK((log.view() == std::string(limit - 1, 'x')));

        REQUIRE(log.append("y"));  // exactly full
        CHECK((log.view() == std::string(limit - 1, 'x') + "y"));
        CHECK(log.append(""));
        CHECK_FALSE(log.append("z").ok());
        CHECK(log.size() == limit);
    }
}

TEST_CASE("the message of a refused append says how much the limit is") {
    AppendLog log = make_log(2 * kMiB);
    CHECK(log.append(std::string(2 * kMiB + 1, 'x')).error().message == "the text is longer than its limit of 2 MiB");
    AppendLog odd = make_log(1001);
    CHECK(odd.append(std::string(1002, 'x')).error().message == "the text is longer than its limit of 1001 bytes");
}

TEST_CASE("a log without room takes nothing but nothing") {
    AppendLog log = make_log(0);
    CHECK(log.append(""));
    CHECK_FALSE(log.append("x").ok());
    log.seal();
    CHECK(log.view().empty());
}

TEST_CASE("a sealed log takes no more text, and keeps what it has") {
    AppendLog log = make_log();
    REQUIRE(log.append("text"));
    log.seal();
    log.seal();
    const Result<void> refused = log.append("x");
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().kind == ErrorKind::limit);
    CHECK(log.view() == "text");
}

TEST_CASE("sealing gives the pages behind the text back to the system") {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    for (const std::size_t size : {std::size_t{1}, page, page + 1, 40 * page}) {
        CAPTURE(size);
        AppendLog log = make_log(4 * kMiB);
        REQUIRE(log.append(std::string(size, 'x')));
        const char* data = log.view().data();
        const std::size_t used = (size + page - 1) / page * page;
        CHECK(is_mapped(data + used));
        log.seal();
        CHECK(is_mapped(data + used - page));
        CHECK_FALSE(is_mapped(data + used));
        CHECK_FALSE(is_mapped(data + 4 * kMiB - page));
        CHECK((log.view() == std::string(size, 'x')));
    }
}

TEST_CASE("sealing an empty log gives everything back") {
    AppendLog log = make_log(4 * kMiB);
    const char* data = log.view().data();
    CHECK(is_mapped(data));
    log.seal();
    CHECK_FALSE(is_mapped(data));
    CHECK(log.view().empty());
}

TEST_CASE("destroying a log gives everything back") {
    const char* data = nullptr;
    {
        AppendLog log = make_log(4 * kMiB);
        REQUIRE(log.append("text"));
        data = log.view().data();
        CHECK(is_mapped(data));
    }
    CHECK_FALSE(is_mapped(data));
}

TEST_CASE("a text from a file is held exactly and sealed") {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, 2 * kMiB}) {
        CAPTURE(size);
        const std::string text(size, 'x');
        Result<AppendLog> log = AppendLog::holding(text);
        REQUIRE(log.ok());
        CHECK((log->view() == text));
        CHECK(log->limit() == size);
        CHECK_FALSE(log->append("y").ok());
    }
}

TEST_CASE("moving a log moves its text; views stay valid, and the old one is empty and sealed") {
    AppendLog first = make_log();
    REQUIRE(first.append("text"));
    const std::string_view view = first.view();

    AppendLog second(std::move(first));
    CHECK(second.view() == "text");
    CHECK(second.view().data() == view.data());
    REQUIRE(second.append("!"));
    CHECK(first.view().empty());  // NOLINT(bugprone-use-after-move)
    CHECK_FALSE(first.append("x").ok());

    AppendLog third = make_log();
    REQUIRE(third.append("other"));
    const char* other = third.view().data();
    third = std::move(second);
    CHECK(third.view() == "text!");
    CHECK(view == "text");
    CHECK_FALSE(is_mapped(other));
}

// As a system does that has less and less address space.
std::size_t system_has = 0;  // bytes
std::vector<std::size_t> asked;
char* stingy_reserve(std::size_t size) {
    asked.push_back(size);
    return size <= system_has ? platform::reserve_memory(size) : nullptr;
}

TEST_CASE("where the system refuses address space, half as much is tried, down to 1 MiB") {
    struct Case {
        std::size_t limit, has, expected, tries;
    };
    const Case cases[] = {
        {32 * kMiB, 64 * kMiB, 32 * kMiB, 1},
        {32 * kMiB, 32 * kMiB, 32 * kMiB, 1},
        {32 * kMiB, 32 * kMiB - 1, 16 * kMiB, 2},
        {32 * kMiB, 5 * kMiB, 4 * kMiB, 4},
        {32 * kMiB, kMiB, kMiB, 6},
        {3 * kMiB, kMiB, kMiB, 3},
        {100, kMiB, 100, 1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.limit);
        CAPTURE(c.has);
        system_has = c.has;
        asked.clear();
        const Reservation got = reserve_address_space(c.limit, stingy_reserve);
        REQUIRE_FALSE(got.is_refused);
        CHECK(got.limit == c.expected);
        CHECK(got.size >= got.limit);
        CHECK(got.size % platform::page_size() == 0);
        CHECK(asked.size() == c.tries);
        platform::release_memory(got.data, got.size);
    }
}

TEST_CASE("where the system refuses even 1 MiB, or the smaller limit, nothing is reserved") {
    for (const std::size_t limit : {32 * kMiB, kMiB + 1, kMiB, std::size_t{100}}) {
        CAPTURE(limit);
        system_has = 0;
        asked.clear();
        const Reservation got = reserve_address_space(limit, stingy_reserve);
        CHECK(got.is_refused);
        CHECK(got.data == nullptr);
        CHECK(asked.back() <= kMiB);
    }
}

TEST_CASE("a limit beyond all address space gives what the system has") {
    const Result<AppendLog> log = AppendLog::reserve(static_cast<std::size_t>(-1));
    REQUIRE(log.ok());
    CHECK(log->limit() >= kMiB);
    CHECK(log->limit() < static_cast<std::size_t>(-1));
}

// The limit of writable memory that a child process sets itself is the system's "no memory".
TEST_CASE("an append for which the system has no memory is refused and changes nothing") {
    std::fflush(nullptr);  // else a sanitizer may write what is buffered once more, at the end of the child
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        Result<AppendLog> log = AppendLog::reserve();
        if (!log || !log->append("kept")) _exit(1);
        static char piece[8 * kMiB];
        const rlimit none{0, 0};
        if (setrlimit(RLIMIT_DATA, &none) != 0) _exit(2);
        const Result<void> refused = log->append({piece, sizeof piece});
        if (refused.ok()) _exit(3);
        if (refused.error().kind != ErrorKind::limit) _exit(4);
        if (log->view() != "kept") _exit(5);
        if (!log->append(" on")) _exit(6);  // in the page that is there
        _exit(log->view() == "kept on" ? 0 : 7);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("readers beside a writer see a growing prefix of whole code points, nothing else") {
    const std::vector<std::string> written = tokens(60'000);
    std::string expected;
    for (const std::string& token : written) expected += token;

    AppendLog log = make_log();
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> readers;
        for (int r = 0; r < 3; ++r) {
            readers.emplace_back([&] {
                std::size_t seen = 0;
                while (seen < expected.size()) {
                    const std::string_view view = log.view();
                    if (view.size() < seen || view.size() > expected.size()) {
                        ++wrong;
                        return;
                    }
                    const std::string_view news = view.substr(seen);
                    if (news != std::string_view(expected).substr(seen, news.size()) || !is_valid_utf8(news)) ++wrong;
                    seen = view.size();
                }
                if (log.view() != expected) ++wrong;
            });
        }
        readers.emplace_back([&] {
            for (const std::string& token : written) {
                if (!log.append(token)) ++wrong;
            }
            log.seal();
        });
    }
    CHECK(wrong == 0);
    CHECK((log.view() == expected));
}

}  // namespace
}  // namespace llmc::base
