#include <set>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "base/file.h"
#include "temp_folder.h"

namespace llmc::base {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

Result<fs::path> save_new_file(const fs::path& folder, std::string_view stem, std::string_view extension,
                               std::string_view bytes) {
    auto paths = save_new_files(folder, stem, {{std::string(extension), bytes, {}}});
    if (!paths) return paths.error();
    return paths->front();
}

TEST_CASE("new files get the first free name, and none is replaced") {
    const TempFolder folder;
    for (const char* expected : {"report.md", "report_2.md", "report_3.md"}) {
        const Result<fs::path> saved = save_new_file(folder.path(), "report", "md", expected);
        REQUIRE(saved.ok());
        CHECK(*saved == folder / expected);
    }
    fs::remove(folder / "report_2.md");
    CHECK(*save_new_file(folder.path(), "report", "md", "again") == folder / "report_2.md");
    CHECK(content_of(folder / "report.md") == "report.md");
    CHECK(content_of(folder / "report_2.md") == "again");
    CHECK(folder.names() == Names{"report.md", "report_2.md", "report_3.md"});
}

TEST_CASE("a name is taken whatever has it: a folder, a link to nowhere") {
    const TempFolder folder;
    fs::create_directory(folder / "report.md");
    fs::create_symlink("nowhere", folder / "report_2.md");
    CHECK(*save_new_file(folder.path(), "report", "md", "x") == folder / "report_3.md");
    CHECK(folder.names() == Names{"report.md", "report_2.md", "report_3.md"});
}

TEST_CASE("a missing folder is made for new files") {
    const TempFolder folder;
    CHECK(save_new_file(folder / "a/b", "report", "md", "x").ok());
    CHECK(content_of(folder / "a/b/report.md") == "x");
}

TEST_CASE("files that belong together get the same suffix") {
    const TempFolder folder;
    put(folder / "report.json", "somebody's");
    put(folder / "report_2.md", "somebody's");

    const auto saved = save_new_files(folder.path(), "report", {{"md", "M"}, {"json", "J"}, {"html", "H"}});
    REQUIRE(saved.ok());
    CHECK(*saved == std::vector<fs::path>{folder / "report_3.md", folder / "report_3.json", folder / "report_3.html"});
    CHECK(content_of(folder / "report_3.md") == "M");
    CHECK(content_of(folder / "report_3.json") == "J");
    CHECK(content_of(folder / "report_3.html") == "H");
    CHECK(folder.names() == Names{"report.json", "report_2.md", "report_3.html", "report_3.json", "report_3.md"});
}

TEST_CASE("no files are no error") {
    const TempFolder folder;
    const auto saved = save_new_files(folder.path(), "report", {});
    REQUIRE(saved.ok());
    CHECK(saved->empty());
    CHECK(folder.names().empty());
}

TEST_CASE("where new files cannot be written, path and reason are named and nothing is left") {
    const TempFolder folder;
    put(folder / "file", "x");
    const Error in_file = save_new_file(folder / "file", "report", "md", "x").error();
    CHECK(in_file.kind == ErrorKind::io);
    CHECK(in_file.message == "cannot write into the folder " + (folder / "file").string() + ": Not a directory");

    const std::string stem(253, 'n');
    const Error too_long = save_new_file(folder.path(), stem, "md", "x").error();
    CHECK(too_long.message == "cannot write " + (folder / (stem + ".md")).string() + ": File name too long");
    CHECK(folder.names() == Names{"file"});
}

TEST_CASE("many savers at once in one folder never get the same name, and every file is whole") {
    const TempFolder folder;
    constexpr int kThreads = 8, kEach = 6;
    std::vector<std::vector<std::vector<fs::path>>> saved(kThreads);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                const std::string bytes(50'000, static_cast<char>('a' + t));
                for (int i = 0; i < kEach; ++i) {
                    // In both orders, so that two may hold one name each that the other wants.
                    std::vector<NewFile> files = {{"md", bytes}, {"json", bytes}};
                    if (t % 2) std::swap(files[0], files[1]);
                    auto paths = save_new_files(folder.path(), "report", files);
                    if (paths) saved[static_cast<std::size_t>(t)].push_back(*std::move(paths));
                }
            });
        }
    }
    std::set<fs::path> all;
    for (int t = 0; t < kThreads; ++t) {
        const auto& of_thread = saved[static_cast<std::size_t>(t)];
        CHECK(of_thread.size() == kEach);
        for (const auto& paths : of_thread) {
            REQUIRE(paths.size() == 2);
            CHECK(paths[0].stem() == paths[1].stem());
            for (const fs::path& path : paths) {
                CHECK(all.insert(path).second);
                CHECK((content_of(path) == std::string(50'000, static_cast<char>('a' + t))));
            }
        }
    }
    CHECK(folder.names().size() == all.size());
}

}  // namespace
}  // namespace llmc::base
