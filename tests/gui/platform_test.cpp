#include "gui/platform.h"

#include <cstdlib>
#include <filesystem>
#include <semaphore>
#include <string>

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/temp_folder.h"
#include "gui/file_dialog.h"

namespace llmc::gui {
namespace {

// $PATH with programs of the test's own only.
class OwnPath {
public:
    OwnPath() : before_(std::getenv("PATH") ? std::getenv("PATH") : "") { ::setenv("PATH", folder_.path().c_str(), 1); }
    ~OwnPath() { ::setenv("PATH", before_.c_str(), 1); }
    OwnPath(const OwnPath&) = delete;
    OwnPath& operator=(const OwnPath&) = delete;

    void add(const char* name, const std::string& script) {
        REQUIRE(base::save_file(folder_ / name, "#!/bin/sh\n" + script));
        std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
    }
    std::filesystem::path folder() const { return folder_.path(); }

private:
    base::TempFolder folder_;
    std::string before_;
};

TEST_CASE("only links of the web and mail addresses are opened") {
    const OwnPath path;  // without xdg-open: whatever passes is `not_found`
    Desktop desktop([](const std::string&) {});
    for (const char* url : {"file:///etc/passwd", "javascript:alert(1)", "-h", "", "http:", "https://", "ftp://x/y",
                            "https://a b", "https://a\nb", "/usr/bin/true"}) {
        CAPTURE(url);
        CHECK(desktop.open_link(url).error().kind == ErrorKind::usage);
    }
    for (const char* url : {"https://example.org/?a=1&b=;'\"$(x)", "HTTP://example.org", "mailto:a@example.org"}) {
        CAPTURE(url);
        CHECK(desktop.open_link(url).error().kind == ErrorKind::not_found);
    }
}

TEST_CASE("a folder is given to the desktop as one argument, whatever its name") {
    OwnPath path;
    std::binary_semaphore done{0};
    std::string words;
    Desktop desktop([&](std::string text) {
        words = std::move(text);
        done.release();
    });
    const auto folder = path.folder() / "a 'b' $(c);&";
    std::filesystem::create_directory(folder);
    path.add("xdg-open", "printf '%s|%s' \"$#\" \"$1\" > \"" + (path.folder() / "seen").string() + "\"\nexit 3\n");
    REQUIRE(desktop.open_path(folder));
    done.acquire();
    CHECK(base::read_file(path.folder() / "seen", 1000).value() == "1|" + folder.string());
    CHECK(words.find("xdg-open ended with 3") != std::string::npos);
}

TEST_CASE("a folder that is not there is said in words") {
    Desktop desktop([](const std::string&) {});
    CHECK(desktop.open_path("/no/such/folder").error().message == "there is no /no/such/folder");
}

TEST_CASE("without a program for dialogs there are none, and one is not opened") {
    const OwnPath path;
    CHECK(!FileDialog::is_available());
    FileDialog dialog([] {});
    CHECK(!dialog.open({}));
    CHECK(!dialog.is_open());
}

TEST_CASE("what is chosen in a dialog is there after the wake, once") {
    OwnPath path;
    ::setenv("PATH", (path.folder().string() + ":/usr/bin:/bin").c_str(), 1);
    path.add("zenity", "echo '/some where/file one.md'\n");
    std::binary_semaphore woken{0};
    FileDialog dialog([&] { woken.release(); });
    REQUIRE(FileDialog::is_available());
    REQUIRE(dialog.open({FileDialog::Purpose::open, "Open prompts", "/tmp", {{"Prompts", "*.txt *.md"}}}));
    CHECK(!dialog.open({}));
    woken.acquire();
    CHECK(!dialog.is_open());
    CHECK(dialog.take() == std::vector<std::filesystem::path>{"/some where/file one.md"});
    CHECK(!dialog.take());
}

TEST_CASE("a dialog that is still open is closed with the program") {
    OwnPath path;
    ::setenv("PATH", (path.folder().string() + ":/usr/bin:/bin").c_str(), 1);
    path.add("zenity", "exec sleep 60\n");
    FileDialog dialog([] {});
    REQUIRE(dialog.open({}));
    CHECK(dialog.is_open());
}

}  // namespace
}  // namespace llmc::gui
