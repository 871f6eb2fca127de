#include <fmt/format.h>
#include <zip.h>

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

namespace {

const std::string kTraceLines =
    R"({"step": 1, "specialist": "Router Specialist", "system_prompt": "Route.", "assembled_prompt": "hi", "response_text": "{\"next\": 1}", "tool_calls": [], "latency_ms": 1500, "model_id": "m-7b", "timestamp": "t"}
{"step": 2, "specialist": "project_director", "system_prompt": "Direct.", "assembled_prompt": "do", "response_text": "", "tool_calls": [{"name": "read", "args": {"path": "a"}, "id": "1"}], "latency_ms": 20, "model_id": "m-7b"}
{"step": 3, "specialist": "Router Specialist", "system_prompt": "Route.", "assembled_prompt": "hi", "response_text": "again", "latency_ms": 9, "model_id": "m-9b"}
{"step": 4, "specialist": "end", "system_prompt": "", "assembled_prompt": "x", "model_id": "no_llm_call"}
{"step": 5, "specialist": "Router Specialist", "system_prompt": "Other.", "assembled_prompt": "hi", "response_text": "", "latency_ms": 9, "model_id": "m-9b"}
)";

struct Entry {
    std::string name, bytes;
    int method = ZIP_CM_DEFLATE;
};

std::string archive(const std::vector<Entry>& entries) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(source);
    zip_t* zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    REQUIRE(zip != nullptr);
    for (const Entry& entry : entries) {
        zip_source_t* bytes = zip_source_buffer(zip, entry.bytes.data(), entry.bytes.size(), 0);
        const auto index = zip_file_add(zip, entry.name.c_str(), bytes, ZIP_FL_ENC_UTF_8);
        REQUIRE(index >= 0);
        zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), entry.method, 0);
    }
    REQUIRE(zip_close(zip) == 0);
    REQUIRE(zip_source_open(source) == 0);
    zip_stat_t stat;
    zip_source_stat(source, &stat);
    std::string made(stat.size, '\0');
    REQUIRE(zip_source_read(source, made.data(), made.size()) == static_cast<zip_int64_t>(made.size()));
    zip_source_close(source);
    zip_source_free(source);
    return made;
}

std::string replaced(std::string bytes, std::string_view from, std::string_view to) {
    for (auto at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + to.size()))
        bytes.replace(at, from.size(), to);
    return bytes;
}

}  // namespace

TEST_CASE("traces: a suite for each specialist, a prompt for each distinct pair, with what was answered then") {
    const Import import = imported(kTraceLines, "llm_traces.jsonl");
    CHECK(import.kind == "traces");
    CHECK(import.is_one_per_specialist);
    REQUIRE(import.suites.size() == 2);
    const auto& router = import.suites[0];
    CHECK(router.file_stem == "router_specialist");
    CHECK(router.document["role"] == "Router Specialist");
    REQUIRE(router.document["prompts"].size() == 2);
    CHECK(router.document["prompts"][0]["incumbent"] ==
          json(R"({"model": "m-7b", "text": "{\"next\": 1}", "latency_s": 1.5})"));
    CHECK(router.document["prompts"][0]["messages"][0]["content"] == "Route.");
    CHECK(import.suites[1].document["prompts"][0]["incumbent"]["tool_calls"] ==
          json(R"([{"name": "read", "id": "1", "arguments": "{\"path\":\"a\"}"}])"));
    CHECK(notes(import) == std::vector<std::string>{
                               "line 2, tool_calls: which tools were offered does not stand there: the prompt has none",
                               "line 3: what m-9b answered to the prompt of line 1 once more",
                               "line 4: no model was called there", "step: has no counterpart in a suite (in 3 lines)",
                               "timestamp: has no counterpart in a suite (in 1 line)"});
}

TEST_CASE("traces: an archive is read in memory") {
    for (const int method : {ZIP_CM_DEFLATE, ZIP_CM_STORE}) {
        const Import import =
            imported(archive({{"run/llm_traces.jsonl", kTraceLines, method}, {"run/manifest.json", "{}"}}), "a.zip");
        CHECK(import.suites.size() == 2);
        CHECK(is_noted(import, "run/manifest.json: is not looked at"));
        CHECK(is_noted(import, "run/llm_traces.jsonl, line 4: no model was called there"));
        CHECK(import.notes.front().file == "a.zip");
    }
}

TEST_CASE("traces: archives that are damaged, too large or lead out of themselves are refused") {
    CHECK(refusal(archive({{"manifest.json", "{}"}}), "a.zip") == "a.zip: the archive holds no llm_traces.jsonl");
    const std::string good = archive({{"xx/yy/llm_traces.jsonl", kTraceLines, ZIP_CM_STORE}});
    CHECK(refusal(replaced(good, "xx/yy/", "../yy/"), "a.zip") ==
          "a.zip: ../yy/llm_traces.jsonl: leads out of the archive");
    CHECK(refusal(replaced(good, "xx/yy/", "/x/yy/"), "a.zip") ==
          "a.zip: /x/yy/llm_traces.jsonl: leads out of the archive");
    CHECK(refusal(replaced(good, "xx/yy/", "xx/../"), "a.zip").find("leads out") != std::string::npos);
    CHECK(refusal(replaced(good, "xx/yy/", "C:\\yy/"), "a.zip").find("leads out") != std::string::npos);
    CHECK(refusal(replaced(good, "m-7b", "m-8b"), "a.zip").find("is damaged") != std::string::npos);
    CHECK(refusal(good.substr(0, good.size() / 2), "a.zip").find("is no archive that can be read") !=
          std::string::npos);
    const std::string bomb = archive({{"llm_traces.jsonl", std::string(std::size_t{300} << 20, ' ')}});
    CHECK(bomb.size() < (std::size_t{1} << 20));
    CHECK(refusal(bomb, "a.zip") == "a.zip: llm_traces.jsonl: the archive unpacks to more than 256 MiB");
}

TEST_CASE("traces: names of specialists are made names of files, each its own") {
    const auto line = [](const char* name) {
        return fmt::format(R"({{"specialist": "{}", "assembled_prompt": "a", "model_id": "m", "response_text": "r"}})",
                           name);
    };
    const Import import = imported(fmt::format("{}\n{}\n{}\n", line("../../etc"), line("a b"), line("a/b")));
    REQUIRE(import.suites.size() == 3);
    CHECK(import.suites[0].file_stem == "______etc");
    CHECK(import.suites[1].file_stem == "a_b");
    CHECK(import.suites[2].file_stem == "a_b_2");
    std::string many;
    for (int i = 0; i <= 1000; ++i) many += line(fmt::format("s{}", i).c_str()) + '\n';
    CHECK(refusal(many) == "file: names more than 1000 specialists");
}

TEST_CASE("traces: what an assistant says last in a prompt is told where it is left out") {
    const Import import = imported(
        R"({"specialist": "a", "model_id": "m", "assembled_prompt": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "So"}]})");
    CHECK(is_noted(import, "assembled_prompt: the assistant's last word (\"So\")"));
}
