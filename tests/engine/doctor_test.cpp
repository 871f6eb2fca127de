#include "engine/doctor.h"

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/temp_folder.h"
#include "fake_world.h"
#include "probe/store.h"

using namespace llmc;
using namespace llmc::test;
using engine::Diagnosis;
using engine::ServerStatus;
using Health = Diagnosis::Health;

namespace {

class Patient {
public:
    Patient() {
        at.folders = {.config = folder / "config",
                      .state = folder / "state",
                      .cache = folder / "cache",
                      .documents = folder / "documents"};
        at.config_file = at.folders.config / "config.json";
        at.environment = [](const std::string&) { return std::nullopt; };
        at.display = "X11 (:0)";
    }
    std::vector<Diagnosis> of(const char* area, const std::vector<ServerStatus>& servers = {}) const {
        std::vector<Diagnosis> found = engine::diagnose(at, servers);
        std::erase_if(found, [&](const Diagnosis& one) { return one.area != area; });
        return found;
    }

    base::TempFolder folder;
    engine::Surroundings at;
};

ServerStatus at_port_1() {
    ServerStatus status{.key = 1, .server = server("http://127.0.0.1:1")};
    status.server.name = "rack";
    status.is_asked = true;
    return status;
}

ServerStatus failed(ErrorKind kind, const std::string& words) {
    ServerStatus status = at_port_1();
    status.error_kind = kind;
    status.error = words;
    return status;
}

}  // namespace

TEST_CASE("the doctor has an advice for every server that cannot be used") {
    const Patient patient;
    for (const ErrorKind kind : {ErrorKind::auth, ErrorKind::resolve, ErrorKind::tls, ErrorKind::timeout,
                                 ErrorKind::connection, ErrorKind::protocol}) {
        const auto found = patient.of("servers", {failed(kind, "does not work")});
        REQUIRE(found.size() == 1);
        CHECK(found[0].health == Health::problem);
        CHECK(found[0].what == "rack (http://127.0.0.1:1) does not work.");
        CHECK_FALSE(found[0].advice.empty());
    }
    const auto key = patient.of("servers", {failed(ErrorKind::auth, "refused the key")});
    CHECK(key[0].advice.find("API key") != std::string::npos);
}

TEST_CASE("a server that has not answered yet, or loads its model, is no problem") {
    const Patient patient;
    ServerStatus status = at_port_1();
    status.is_asked = false;
    auto found = patient.of("servers", {status});
    REQUIRE(found.size() == 1);
    CHECK(found[0].health == Health::note);
    CHECK(found[0].what == "rack has not answered yet.");

    status = failed(ErrorKind::http, "is loading its model");
    status.is_loading = true;
    found = patient.of("servers", {status});
    REQUIRE(found.size() == 1);
    CHECK(found[0].health == Health::note);
    CHECK_FALSE(engine::has_problem(found));
}

TEST_CASE("what was probed of a server's models is told") {
    const Patient patient;
    probe::Probe probe{
        .server = "http://127.0.0.1:1", .model = "m", .quantization = {}, .server_version = {}, .forms = {}};
    probe.forms[0].requests = {{.id = "enum", .verdict = probe::Verdict::ignored, .detail = "prose", .seconds = 1}};
    REQUIRE(base::ensure_writable_folder(patient.at.folders.state));
    REQUIRE(probe::keep_probes(patient.at.folders.state / probe::kProbesFile, {probe}));
    ServerStatus status = at_port_1();
    status.manifest = std::make_shared<const openai::Manifest>(manifest({"m", "n"}));
    const auto found = patient.of("servers", {status});
    REQUIRE(found.size() == 2);
    CHECK(found[0].what == "rack (http://127.0.0.1:1) is OpenAI-compatible: lists 2 models.");
    CHECK(found[1].what == "m at rack (http://127.0.0.1:1): the form native ignored.");
}

TEST_CASE("a folder that is not there is fine only where it can be made") {
    Patient patient;
    CHECK_FALSE(engine::has_problem(patient.of("folders")));
    REQUIRE(base::save_file(patient.folder / "taken", "a file"));
    patient.at.folders.state = patient.folder / "taken" / "below" / "state";
    const auto found = patient.of("folders");
    CHECK(engine::has_problem(found));
    CHECK(patient.folder.names() == std::vector<std::string>{"taken"});  // and looking makes none
}

TEST_CASE("every diagnosis is a line, and its advice the next") {
    const std::vector<Diagnosis> found{{Health::problem, "folders", "It is full.", "Tidy up."},
                                       {Health::fine, "versions", "1.", ""}};
    CHECK(engine::lines(found) == std::vector<std::string>{"problem  folders        It is full.",
                                                           "                        -> Tidy up.",
                                                           "fine     versions       1."});
    CHECK(engine::to_json(found).dump() ==
          R"([{"health":"problem","area":"folders","what":"It is full.","advice":"Tidy up."},)"
          R"({"health":"fine","area":"versions","what":"1.","advice":null}])");
}
