// The official test suite of JSON Schema (tests/data/json-schema). Its format.json is left out: it takes formats for
// annotations, and here they are assertions.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;

namespace {

struct Counts {
    int right = 0, wrong = 0, refused = 0;
    std::vector<std::string> refusals;
};

base::OrderedJson read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto json = base::parse_ordered_json(text, 500);
    REQUIRE_MESSAGE(json.ok(), path);
    return *json;
}

// Only the later drafts' tests name their draft.
base::OrderedJson with_draft(base::OrderedJson schema, const std::string& draft) {
    if (draft == "draft7" && schema.is_object() && !schema.contains("$schema"))
        schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    return schema;
}

void judge_file(const std::filesystem::path& path, const std::string& draft, bool is_whole, Counts& counts) {
    for (const auto& group : read(path)) {
        const std::string name = path.filename().string() + ": " + group["description"].get<std::string>();
        const auto check = parse_check({{"type", "json_schema"}, {"value", with_draft(group["schema"], draft)}});
        if (!check) {
            counts.refused += static_cast<int>(group["tests"].size());
            counts.refusals.push_back(name + ": " + check.error().message);
            continue;
        }
        for (const auto& test : group["tests"]) {
            const auto result = result_of(*check, answer_of(base::dump_json(test["data"])));
            const bool is_right = result.passed == test["valid"].get<bool>();
            ++(is_right ? counts.right : counts.wrong);
            if (is_whole) CHECK_MESSAGE(is_right, name << ": " << test["description"] << ": " << result.detail);
        }
    }
}

// Not where contents are looked into, patterns are ECMAScript's or IDNA's tables are needed.
bool is_whole(const std::string& path) {
    for (const char* other : {"content.json", "ecmascript-regex.json", "idn-hostname.json"})
        if (path.ends_with(other) && path.find("optional") != std::string::npos) return false;
    return true;
}

Counts judge_folder(const std::filesystem::path& data, const std::string& draft, const std::string& part) {
    Counts counts;
    for (const auto& entry : std::filesystem::directory_iterator(data / draft / part)) {
        const std::string path = entry.path().string();
        if (entry.is_regular_file() && !path.ends_with("/format.json"))
            judge_file(entry.path(), draft, is_whole(path), counts);
    }
    return counts;
}

}  // namespace

TEST_CASE("the official test suite of JSON Schema: nothing is judged wrongly, only other documents are refused") {
    const std::filesystem::path data = std::filesystem::path(std::getenv("LLMC_TEST_DATA")) / "json-schema";
    for (const char* draft : {"draft7", "draft2019-09", "draft2020-12"}) {
        for (const char* part : {"", "optional", "optional/format"}) {
            const Counts counts = judge_folder(data, draft, part);
            const std::string name = std::string(draft) + '/' + part;
            MESSAGE(name << ": right " << counts.right << ", wrong " << counts.wrong << ", refused " << counts.refused);
            for (const auto& refusal : counts.refusals) {
                const bool needs_other = refusal.find("never fetched") != std::string::npos;
                CHECK_MESSAGE((needs_other || refusal.starts_with("ecmascript-regex.json")), refusal);
            }
        }
    }
}
