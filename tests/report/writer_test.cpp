#include "report/writer.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/ids.h"
#include "report/report.h"
#include "sample_session.h"

using namespace llmc;
using samples::kNow;
namespace fs = std::filesystem;
using report::Format;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("llmc_report_" + base::random_id());
    ~Folder() { fs::remove_all(path); }
};

}  // namespace

TEST_CASE("reports are written under one name, and the next ones under the next") {
    const Folder folder;
    const session::Session session = samples::eventful();
    const std::string stem = "llm_compare_" + base::file_stamp(kNow);
    for (const char* suffix : {"", "_2", "_3"}) {
        const auto paths = report::write_reports(session, {report::format_of("md"), report::format_of("json")},
                                                 folder.path / "new", kNow);
        REQUIRE(paths);
        REQUIRE(paths->size() == 2);
        CHECK((*paths)[0] == folder.path / "new" / (stem + suffix + ".md"));
        CHECK((*paths)[1] == folder.path / "new" / (stem + suffix + ".json"));
        CHECK(*base::read_file((*paths)[0], 1 << 20) == report::render(report::format_of("md"), session, kNow));
        CHECK(*base::read_file((*paths)[1], 1 << 20) == report::render(report::format_of("json"), session, kNow));
    }
}

TEST_CASE("a folder that cannot be is an error that names it") {
    const Folder folder;
    fs::create_directories(folder.path);
    REQUIRE(base::save_file(folder.path / "file", "x"));
    const auto paths =
        report::write_reports(samples::eventful(), {report::format_of("csv")}, folder.path / "file", kNow);
    REQUIRE_FALSE(paths);
    CHECK(paths.error().kind == ErrorKind::io);
    CHECK(paths.error().message.find((folder.path / "file").string()) != std::string::npos);
}

TEST_CASE("a list of formats is taken in order, each once") {
    CHECK(*report::formats_from("md,json") == std::vector{report::format_of("md"), report::format_of("json")});
    CHECK(*report::formats_from(" csv , html,csv") == std::vector{report::format_of("csv"), report::format_of("html")});
    for (const char* wrong : {"", "md,", "pdf", "md json", "MD"}) {
        CAPTURE(wrong);
        const auto formats = report::formats_from(wrong);
        REQUIRE_FALSE(formats);
        CHECK(formats.error().kind == ErrorKind::usage);
    }
    CHECK(report::formats_from("md,pdf").error().message.find("\"pdf\"") != std::string::npos);
    for (const Format format : report::all_formats())
        CHECK(*report::formats_from(format->extension) == std::vector{format});
}

TEST_CASE("the usual formats are Markdown and JSON, and only figures lack what was said") {
    CHECK(report::extensions_text(report::usual_formats(), ",") == "md,json");
    CHECK(report::extensions_text(report::all_formats(), ", ") == "md, json, html, csv");
    CHECK(report::format_of("md")->keeps == report::Keeps::words);
    CHECK(report::format_of("json")->keeps == report::Keeps::everything);
    CHECK(report::format_of("html")->keeps == report::Keeps::words);
    CHECK(report::format_of("csv")->keeps == report::Keeps::figures);
    CHECK(report::format_of("pdf") == nullptr);
}
