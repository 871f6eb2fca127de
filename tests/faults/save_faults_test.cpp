// Everything that saves files, with every system call failing in its turn with every error: the old files or the whole
// new ones are there, the user is told which path and why, nothing half-written is left.
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../base/temp_folder.h"
#include "../report/sample_session.h"
#include "base/file.h"
#include "config/config.h"
#include "report/session_file.h"
#include "report/writer.h"
#include "system_faults.h"

namespace llmc {
namespace {

namespace fs = std::filesystem;
using base::TempFolder;
using Files = std::map<std::string, std::string>;  // by their paths below the folder

const base::WallTime kNow{std::chrono::milliseconds{1'763'820'000'000}};
const base::Json kOldKeys = {{"rack", "sk-old"}}, kNewKeys = {{"rack", "sk-new"}, {"http://a:1", "sk-a"}};

config::Folders folders_in(const fs::path& home) {
    return {home / "config", home / "state", home / "cache", home / "documents"};
}

config::Config config_with(double temperature, const fs::path& home) {
    config::Config config = config::defaults(folders_in(home));
    config.settings.temperature = temperature;
    config.servers.push_back({.url = net::BaseUrl::parse("http://10.0.0.1:1234").value(), .name = "rack"});
    return config;
}

// Something that saves: what is there before, and how it is saved. Gives its error's words, or none.
struct Saver {
    std::string name;
    std::function<void(const fs::path& home)> prepare;
    std::function<Result<void>(const fs::path& home)> save;
};

Result<void> write_reports(const fs::path& home, const std::vector<report::Format>& formats) {
    auto written = report::write_reports(samples::eventful(), formats, home / "reports", kNow);
    return written ? Result<void>{} : written.error();
}

const std::vector<report::Format> kAllFormats = report::all_formats();

const std::vector<Saver> kSavers = {
    {"a new config in a new folder", [](const fs::path&) {},
     [](const fs::path& home) {
         return config::save(config_with(0.9, home), home / "config/config.json", folders_in(home));
     }},
    {"a config over an old one",
     [](const fs::path& home) {
         REQUIRE(config::save(config_with(0.1, home), home / "config.json", folders_in(home)));
     },
     [](const fs::path& home) { return config::save(config_with(0.9, home), home / "config.json", folders_in(home)); }},
    {"new keys", [](const fs::path&) {},
     [](const fs::path& home) { return config::save_keys(home / "keys.json", kNewKeys); }},
    {"keys over old ones", [](const fs::path& home) { REQUIRE(config::save_keys(home / "keys.json", kOldKeys)); },
     [](const fs::path& home) { return config::save_keys(home / "keys.json", kNewKeys); }},
    {"a session over an old one",
     [](const fs::path& home) {
         REQUIRE(base::save_file(home / "s.llmc.json", report::to_session_file(samples::saying("old"))));
     },
     [](const fs::path& home) {
         return base::save_file(home / "s.llmc.json", report::to_session_file(samples::eventful()));
     }},
    {"the reports of a halted session, in a new folder", [](const fs::path&) {},
     [](const fs::path& home) { return write_reports(home, report::usual_formats()); }},
    {"reports in all formats beside others of the same second",
     [](const fs::path& home) { REQUIRE(write_reports(home, kAllFormats)); },
     [](const fs::path& home) { return write_reports(home, kAllFormats); }},
    {"the look whether reports could be written", [](const fs::path&) {},
     [](const fs::path& home) { return base::ensure_writable_folder(home / "reports"); }},
};

Files files_in(const TempFolder& folder) {
    Files files;
    for (const std::string& name : folder.names())
        if (fs::is_regular_file(folder / name)) files[name] = base::content_of(folder / name);
    return files;
}

// A home whose name says nothing: contents that hold paths are the same in all of them.
struct Home {
    TempFolder folder;
    fs::path path() const { return folder.path(); }
};

bool is_temporary(const std::string& name) {
    return name.ends_with(".tmp");
}

struct Counts {
    int injected = 0, old_kept = 0, new_whole = 0, went_on = 0, temporary_left = 0;
};

// One save with one fault. False: the save makes fewer calls than that.
bool check_fault(const Saver& saver, int at, const faults::Fault& fault, Counts& counts) {
    const Home home;
    faults::watch({}, 0, {});
    saver.prepare(home.path());
    const Files before = files_in(home.folder);

    faults::watch(home.path(), at, fault);
    const Result<void> saved = saver.save(home.path());
    const std::vector<std::string> calls = faults::calls();
    const bool has_happened = faults::has_happened();
    CHECK(faults::open_descriptors() == 0);
    faults::watch({}, 0, {});
    if (static_cast<int>(calls.size()) < at) {
        CHECK(saved.ok());
        return false;
    }
    if (!has_happened) return true;
    ++counts.injected;
    const std::string& failed = calls[static_cast<std::size_t>(at) - 1];
    INFO(saver.name << ": " << failed << " (call " << at << ") meets " << fault.name);

    Files after = files_in(home.folder);
    const auto temporary =
        std::find_if(after.begin(), after.end(), [](const auto& file) { return is_temporary(file.first); });
    if (temporary != after.end()) {
        // Only the file that the system refused to remove.
        CHECK(failed == "unlink");
        ++counts.temporary_left;
        after.erase(temporary);
    }
    // What the same save gives here when nothing fails.
    Files whole = before;
    {
        const TempFolder* same = &home.folder;
        for (const std::string& name : same->names())
            if (fs::is_regular_file(*same / name) && !before.contains(name)) fs::remove(*same / name);
        for (const auto& [name, bytes] : before) base::put(*same / name, bytes);
        REQUIRE(saver.save(home.path()));
        whole = files_in(home.folder);
        std::erase_if(whole, [](const auto& file) { return is_temporary(file.first); });
    }
    const bool is_old = after == before, is_new = after == whole;
    CHECK((is_old || is_new));

    if (fault.does_no_harm) {
        CHECK(saved.ok());
        CHECK(is_new);
        ++counts.went_on;
    } else if (saved.ok()) {
        // Where links do not work, names are taken otherwise; cleaning up, and closing what was only read, may fail in
        // silence: nothing is lost by that.
        CHECK((failed == "link" || failed == "unlink" || failed == "close"));
        CHECK(is_new);
        ++counts.went_on;
    } else {
        is_new && !is_old ? ++counts.new_whole : ++counts.old_kept;
        CHECK(saved.error().kind == ErrorKind::io);
        CHECK(saved.error().message.find(home.path().string()) != std::string::npos);
        CHECK(saved.error().message.find(std::strerror(fault.error)) != std::string::npos);
    }
    return true;
}

TEST_CASE("whichever system call of whichever save fails, however, the old or the new files are whole and it is told") {
    Counts all;
    for (const Saver& saver : kSavers) {
        for (const faults::Fault& fault : faults::kFaults) {
            int at = 1;
            while (check_fault(saver, at, fault, all)) ++at;
            CHECK_MESSAGE(at > 3, saver.name);
        }
    }
    MESSAGE("save faults: " << all.injected << " injected, " << all.old_kept << " left the old files, " << all.new_whole
                            << " the whole new ones with an error, " << all.went_on << " did no harm, "
                            << all.temporary_left << " left a temporary file that the system refused to remove");
    CHECK(all.injected > 300);
}

}  // namespace
}  // namespace llmc
