#include "gui/folder.h"

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/temp_folder.h"

namespace llmc::gui {
namespace {

std::vector<std::string> names(const std::vector<FolderEntry>& entries, std::string_view patterns,
                               std::string_view name) {
    std::vector<std::string> found;
    for (const std::size_t i : shown_entries(entries, patterns, name)) found.push_back(entries[i].name);
    return found;
}

using Names = std::vector<std::string>;

TEST_CASE("a folder lists its folders, then its files, by name; a link counts as what it points to") {
    const base::TempFolder folder;
    for (const char* file : {"b.txt", "A.md", "ä.txt", ".hidden"}) REQUIRE(base::save_file(folder / file, "12345"));
    std::filesystem::create_directory(folder / "zoo");
    std::filesystem::create_directory_symlink(folder / "zoo", folder / "link");
    std::filesystem::create_symlink(folder / "nothing", folder / "broken");
    const auto read = read_folder(folder.path());
    REQUIRE_MESSAGE(read, read.error().message);
    Names all;
    for (const FolderEntry& entry : *read) all.push_back(entry.name);
    CHECK(all == Names{"link", "zoo", ".hidden", "A.md", "b.txt", "ä.txt"});
    CHECK(read->at(0).is_folder);
    CHECK(read->at(4).size == 5);
    CHECK(read_folder(folder / "nothing").error().kind == ErrorKind::not_found);
    CHECK(read_folder(folder / "b.txt").error().kind == ErrorKind::not_found);
    CHECK(read_folder(folder / "nothing").error().message.find("nothing") != std::string::npos);
}

TEST_CASE("what is typed is a name in the folder, or a path from it, from home or from the top") {
    CHECK(typed_path("na", "/a/b", "/home/me") == TypedPath{"/a/b", "na"});
    CHECK(typed_path("c/na", "/a/b", "/home/me") == TypedPath{"/a/b/c", "na"});
    CHECK(typed_path("../na", "/a/b", "/home/me") == TypedPath{"/a", "na"});
    CHECK(typed_path("c/", "/a/b", "/home/me") == TypedPath{"/a/b/c", ""});
    CHECK(typed_path("~/x/na", "/a/b", "/home/me") == TypedPath{"/home/me/x", "na"});
    CHECK(typed_path("/", "/a/b", "/home/me") == TypedPath{"/", ""});
    CHECK(typed_path("/etc/na", "/a/b", "/home/me") == TypedPath{"/etc", "na"});
    CHECK(typed_path("../../../../na", "/a/b", "/home/me") == TypedPath{"/", "na"});
}

TEST_CASE("folders and files of the kind are shown, those that begin with what is typed first") {
    const std::vector<FolderEntry> entries{{".git", true},       {"src", true},        {"a.json", false},
                                           {"b.TXT", false},     {"notes.txt", false}, {"Über.txt", false},
                                           {"x-notes.md", false}};
    CHECK(names(entries, "", "") == Names{"src", "a.json", "b.TXT", "notes.txt", "Über.txt", "x-notes.md"});
    CHECK(names(entries, "*.txt *.md", "") == Names{"src", "b.TXT", "notes.txt", "Über.txt", "x-notes.md"});
    CHECK(names(entries, "*.txt *.md", "NOTE") == Names{"notes.txt", "x-notes.md"});
    CHECK(names(entries, "", "ü") == Names{"Über.txt"});
    CHECK(names(entries, "", ".") == Names{".git", "a.json", "b.TXT", "notes.txt", "Über.txt", "x-notes.md"});
}

TEST_CASE("a name is completed by what all that begin with it share") {
    const std::vector<FolderEntry> entries{
        {"report_1.json", false}, {"report_2.json", false}, {"räuber", false}, {"räder", false}};
    const auto complete = [&](std::string_view name) {
        return completed(entries, shown_entries(entries, "", name), name);
    };
    CHECK(complete("rep") == "report_");
    CHECK(complete("report_1") == "report_1.json");
    CHECK(complete("rä") == "rä");
    CHECK(complete("x") == "x");
    CHECK(complete("r") == "r");
}

}  // namespace
}  // namespace llmc::gui
