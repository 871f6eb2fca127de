#include "agent/world.h"

#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace llmc;
using namespace llmc::agent;

namespace {

session::WorldFiles files_with(std::initializer_list<std::pair<std::string, const char*>> entries) {
    session::WorldFiles files;
    for (const auto& [path, text] : entries)
        files[path] = text == nullptr ? nullptr : std::make_shared<const std::string>(text);
    return files;
}

session::WorldFiles zoo() {
    return files_with(
        {{"./inbox/1.txt", "zebra"}, {"./inbox/2.txt", "oak"}, {"./animals/", nullptr}, {"./note", "hi"}});
}

std::string files_as_text(const World& world) {
    std::string text;
    for (const auto& [path, content] : world.files()) text += path + (content ? "=" + *content : "") + " ";
    return text;
}

}  // namespace

TEST_CASE("the world's tools answer in the words of the filesystem server") {
    const struct {
        const char *tool, *arguments, *says;
        bool is_error;
    } cases[] = {
        {"list_directory", R"({"path": "."})", "[DIR] animals\n[DIR] inbox\n[FILE] note", false},
        {"list_directory", R"({"path": "/inbox/"})", "[FILE] 1.txt\n[FILE] 2.txt", false},
        {"list_directory", R"({"path": "animals"})", "", false},
        {"list_directory", R"({"path": "none"})", "ENOENT: no such file or directory, scandir 'none'", true},
        {"list_directory", R"({"path": "note"})", "ENOTDIR: not a directory, scandir 'note'", true},
        {"list_directory", R"({"path": "note/x"})", "ENOTDIR: not a directory, scandir 'note/x'", true},
        {"read_file", R"({"path": "a/../inbox//1.txt"})", "zebra", false},
        {"read_file", R"({"path": "/inbox/3.txt"})", "ENOENT: no such file or directory, open '/inbox/3.txt'", true},
        {"read_file", R"({"path": "inbox"})", "EISDIR: illegal operation on a directory, read", true},
        {"read_file", R"({"path": "../x"})", "EACCES: path outside allowed directories: ../x", true},
        {"read_file", R"({"path": "note/"})", "ENOTDIR: not a directory, open 'note/'", true},
        {"read_file", R"({"path": 3})", "Error: Invalid arguments for read_file: path must be a text", true},
        {"read_file", "{}", "Error: Invalid arguments for read_file: path must be a text", true},
        {"write_file", R"({"path": "x", "content": "", "more": 1})", "Successfully wrote to x", false},
        {"write_file", R"({"path": "x"})", "Error: Invalid arguments for write_file: content must be a text", true},
        {"write_file", R"({"path": "inbox", "content": "a"})", "EISDIR: illegal operation on a directory, open 'inbox'",
         true},
        {"write_file", R"({"path": "new/", "content": "a"})", "EISDIR: illegal operation on a directory, open 'new/'",
         true},
        {"write_file", R"({"path": "note/x", "content": "a"})", "ENOTDIR: not a directory, open 'note/x'", true},
        {"create_directory", R"({"path": "a/b/c"})", "Successfully created directory a/b/c", false},
        {"create_directory", R"({"path": "inbox"})", "Successfully created directory inbox", false},
        {"create_directory", R"({"path": "note"})", "EEXIST: file already exists, mkdir 'note'", true},
        {"move_file", R"({"source": "note", "destination": "a/b"})", "Successfully moved note to a/b", false},
        {"move_file", R"({"source": "no", "destination": "b"})",
         "ENOENT: no such file or directory, rename 'no' -> 'b'", true},
        {"move_file", R"({"source": "note", "destination": "inbox/1.txt"})",
         "EEXIST: file already exists, rename 'note' -> 'inbox/1.txt'", true},
        {"move_file", R"({"source": "note", "destination": "inbox/"})",
         "EISDIR: illegal operation on a directory, rename 'note' -> 'inbox/'", true},
        {"move_file", R"({"source": "inbox", "destination": "inbox/a/b"})",
         "EINVAL: invalid argument, rename 'inbox' -> 'inbox/a/b'", true},
        {"move_file", R"({"source": ".", "destination": "x"})", "EINVAL: invalid argument, rename '.' -> 'x'", true},
        {"move_file", R"({"source": "note"})", "Error: Invalid arguments for move_file: destination must be a text",
         true},
        {"delete_file", R"({"path": "note"})", "Successfully deleted note", false},
        {"delete_file", R"({"path": "animals"})", "Successfully deleted animals", false},
        {"delete_file", R"({"path": "inbox"})", "ENOTEMPTY: directory not empty, rmdir 'inbox'", true},
        {"delete_file", R"({"path": "/"})", "ENOTEMPTY: directory not empty, rmdir '/'", true},
        {"delete_file", R"({"path": "x"})", "ENOENT: no such file or directory, unlink 'x'", true},
    };
    for (const auto& c : cases) {
        World world(zoo());
        const std::string before = files_as_text(world);
        const ToolSays says = world.call(c.tool, base::parse_json(c.arguments).value());
        CAPTURE(c.tool);
        CAPTURE(c.arguments);
        CHECK(says.text == c.says);
        CHECK(says.is_error == c.is_error);
        CHECK((!c.is_error || files_as_text(world) == before));
    }
    CHECK(World::has_tool("move_file"));
    CHECK(!World::has_tool("run_command"));
}

TEST_CASE("a folder is moved with what is in it, and changes are those of files") {
    World world(zoo());
    const auto call = [&](const char* tool, const base::Json& arguments) {
        const ToolSays says = world.call(tool, arguments);
        CHECK_MESSAGE(!says.is_error, says.text);
    };
    call("write_file", {{"path", "inbox/deep/3"}, {"content", "x"}});
    call("move_file", {{"source", "inbox"}, {"destination", "old/in"}});
    CHECK(files_as_text(world) ==
          "./animals/ ./note=hi ./old/ ./old/in/ ./old/in/1.txt=zebra ./old/in/2.txt=oak ./old/in/deep/ "
          "./old/in/deep/3=x ");
    call("write_file", {{"path", "note"}, {"content", "other"}});
    call("write_file", {{"path", "note"}, {"content", "hi"}});
    call("create_directory", {{"path", "empty"}});
    auto changes = world.changes();
    REQUIRE(changes.size() == 5);
    CHECK(changes["./inbox/1.txt"] == nullptr);
    CHECK(*changes["./old/in/1.txt"] == "zebra");
    CHECK(*changes["./old/in/deep/3"] == "x");
    call("move_file", {{"source", "old/in"}, {"destination", "inbox"}});
    call("delete_file", {{"path", "inbox/deep/3"}});
    CHECK(world.changes().empty());
    // In the place of a file a folder.
    call("delete_file", {{"path", "note"}});
    call("create_directory", {{"path", "note"}});
    CHECK(world.changes().size() == 1);
    CHECK(world.changes().begin()->second == nullptr);
}

TEST_CASE("names beside a folder's own do not fall into it") {
    World world(files_with({{"./a/x", "1"}, {"./a-b", "2"}, {"./a0", "3"}, {"./ab/y", "4"}, {"./a.txt", "5"}}));
    CHECK(world.call("list_directory", {{"path", "./"}}).text ==
          "[DIR] a\n[DIR] ab\n[FILE] a-b\n[FILE] a.txt\n[FILE] a0");
    CHECK(world.call("list_directory", {{"path", "a"}}).text == "[FILE] x");
    CHECK(!world.call("move_file", {{"source", "a"}, {"destination", "b"}}).is_error);
    CHECK(files_as_text(world) == "./a-b=2 ./a.txt=5 ./a0=3 ./ab/ ./ab/y=4 ./b/ ./b/x=1 ");
}

TEST_CASE("a world does not grow without end, by texts, long paths or moves") {
    World world(zoo());
    const std::string text(std::size_t{20} << 20, 'x');
    CHECK(!world.call("write_file", {{"path", "a"}, {"content", text}}).is_error);
    CHECK(!world.call("write_file", {{"path", "b"}, {"content", text}}).is_error);
    CHECK(!world.call("write_file", {{"path", "c"}, {"content", text}}).is_error);
    CHECK(world.call("write_file", {{"path", "d/e"}, {"content", text}}).text ==
          "ENOSPC: no space left on device, open 'd/e'");
    CHECK(!world.call("delete_file", {{"path", "a"}}).is_error);
    CHECK(!world.call("write_file", {{"path", "d/e"}, {"content", text}}).is_error);

    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "d/";
    CHECK(world.call("create_directory", {{"path", deep}}).text.starts_with("ENAMETOOLONG: name too long, mkdir 'd/"));
    CHECK(world.call("write_file", {{"path", std::string(5000, 'n')}, {"content", ""}}).is_error);
    // Neither does a move make what could not be written.
    const std::string half = deep.substr(0, 100);
    CHECK(!world.call("create_directory", {{"path", half}}).is_error);
    CHECK(world.call("move_file", {{"source", "d"}, {"destination", "z/" + half}}).is_error);
}

TEST_CASE("a world of 10 000 files takes thousands of calls") {
    session::WorldFiles files;
    for (int i = 0; i < 10'000; ++i)
        files[fmt::format("./f{}/n{}.txt", i % 100, i)] = std::make_shared<const std::string>("text");
    World world(files);
    for (int i = 0; i < 5'000; ++i) {
        world.call("list_directory", {{"path", "."}});
        world.call("move_file",
                   {{"source", fmt::format("f{}/n{}.txt", i % 100, i)}, {"destination", fmt::format("s/{}", i)}});
        world.call("read_file", {{"path", fmt::format("s/{}", i)}});
    }
    CHECK(world.changes().size() == 10'000);
}

// Against a tree of maps, as one would write it down at once.
TEST_CASE("random calls leave the world that a plain tree would be") {
    std::mt19937 random(7);
    const auto path = [&] {
        std::string text;
        const int parts = 1 + static_cast<int>(random() % 3);
        for (int i = 0; i < parts; ++i)
            text += (i == 0 ? "" : "/") + std::string(1, static_cast<char>('a' + random() % 3));
        return text;
    };
    for (int round = 0; round < 200; ++round) {
        World world(files_with({{"./a/b", "1"}, {"./c/", nullptr}}));
        for (int i = 0; i < 40; ++i) {
            const char* tools[] = {"write_file", "create_directory", "move_file", "delete_file"};
            const std::string one = path(), other = path();
            world.call(tools[random() % 4], {{"path", one}, {"content", one}, {"source", one}, {"destination", other}});
            for (const auto& [key, text] : world.files()) {
                // Every folder on the way is there, and no file is one.
                for (auto slash = key.find('/', 2); slash != std::string::npos; slash = key.find('/', slash + 1)) {
                    REQUIRE(world.files().contains(key.substr(0, slash + 1)));
                    REQUIRE(!world.files().contains(key.substr(0, slash)));
                }
                REQUIRE((text != nullptr) == !key.ends_with('/'));
            }
        }
        // Changes laid over the beginning are the files at the end.
        std::map<std::string, std::string> expected{{"./a/b", "1"}}, now;
        for (const auto& [key, text] : world.changes()) {
            if (text)
                expected[key] = *text;
            else
                expected.erase(key);
        }
        for (const auto& [key, text] : world.files())
            if (text) now[key] = *text;
        CHECK(expected == now);
    }
}
