#include "seeds.h"

#include <algorithm>

#include "../report/sample_session.h"
#include "base/file.h"
#include "report/report.h"
#include "report/session_file.h"

namespace llmc::fuzz {
namespace {

namespace fs = std::filesystem;
using Seeds = std::vector<std::string>;

constexpr std::size_t kLargest = 40'000;  // bytes; longer recordings are cut: most of a stream is more of the same

// The files below `folder` that end in `extension`, in a lasting order, each behind `prefix`.
Seeds files(const fs::path& folder, std::string_view extension, const std::string& prefix = {}) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == extension) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    Seeds seeds;
    for (const fs::path& path : paths)
        seeds.push_back(prefix + base::read_file(path, 64 << 20).value().substr(0, kLargest));
    return seeds;
}

void add(Seeds& to, const Seeds& more) {
    to.insert(to.end(), more.begin(), more.end());
}

// What stands behind the head of a recorded answer.
Seeds bodies(const fs::path& data) {
    Seeds seeds;
    for (const std::string& answer : files(data, ".http"))
        if (const auto end = answer.find("\r\n\r\n"); end != std::string::npos) seeds.push_back(answer.substr(end + 4));
    return seeds;
}

Seeds of_http(const fs::path& data) {
    Seeds seeds = files(data, ".http", "\x05");
    const std::string head = "\x07HTTP/1.1 ";
    add(seeds, {head + "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
                head + "200 OK\r\nContent-Length: 5\r\n\r\nhello",
                head + "307 Temporary Redirect\r\nLocation: http://elsewhere/%0d%0aX: y\r\nContent-Length: 0\r\n\r\n",
                head + "429 Too Many Requests\r\nRetry-After: 3\r\n\r\n{\"error\": {\"message\": \"slow down\"}}",
                head + "200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b", head + "204 No Content\r\n\r\n",
                head + "100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
                head + "502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html><h1>Bad Gateway</h1></html>"});
    return seeds;
}

Seeds of_config() {
    return {
        R"({"version": 1, "servers": ["http://192.168.1.10:1234", {"url": "https://llm.example.org/v1", "name": "rack",)"
        R"( "api_key_env": "RACK_KEY", "max_concurrent": 4, "ca_file": "ca.pem"}], "models": ["q", {"model_id": "r",)"
        R"( "display_name": "R", "temperature": 0.2, "server": "rack", "top_p": 0.9, "max_tokens": 512, "seed": -7,)"
        R"( "stop": ["END", "\n"], "system_prompt": "", "extra_body": {"top_k": 40, "a": {"b": [1, null, true]}}}],)"
        R"( "temperature": 0.6, "top_p": 0.95, "max_tokens": 4096, "seed": 42, "stop": "STOP", "timeout_seconds": 120,)"
        R"( "connect_timeout_seconds": 5.5, "total_timeout_seconds": 900, "system_prompt": "Terse. \u00e4\ud83d\ude00",)"
        R"( "system_prompt_file": "p.md", "report_folder": "~/R", "order": "rotate", "on_failure": "continue",)"
        R"( "journal": false})",
        "{\n  \"servers\": [\"localhost\", \"[::1]:80\", \"https://h/llm/v1\"]\n}\n",
        R"({"version": 3, "theme": {"name": "dark"}, "servers": [{"url": "http://a:1", "region": "eu"}]})",
        "first prompt\n\n  second \xC3\xA4\n",
        "one\n---\ntwo\n\n-----\nthree",
        "{\"prompt\": \"one\"}\n{\"prompt\": \"two\"}\n"};
}

Seeds of_sessions() {
    const base::WallTime now{std::chrono::milliseconds{1'763'820'000'000}};
    return {report::to_session_file(samples::eventful()),
            report::render(report::format_of("json"), samples::eventful(), now),
            report::to_session_file(samples::saying("It is **Paris**.", "France, so")),
            R"({"format": "llm-compare-session", "version": 1})", R"({"format": "llm-compare-report", "version": 1})"};
}

// As fuzz::journal() takes them: records without checksums, and a file that is none.
Seeds of_journals() {
    const auto record = [](char kind, const std::string& payload) {
        const std::string size{static_cast<char>(payload.size() & 0xff), static_cast<char>(payload.size() >> 8)};
        return kind + size + payload;
    };
    const std::string head = record(1, R"({"format": "llm-compare-session", "version": 1, "id": "x", "settings": {}, )"
                                       R"("candidates": [{"id": "c1", "model_id": "m"}], "halted": false})");
    const std::string queue =
        record(2, R"([{"prompt": "two"}, {"prompt": "three"}])") + record(3, std::string("\1\0\0\0", 4));
    const std::string round =
        record(4, R"({"round": 1, "prompt": "one", "answers": [{"candidate": "c1", "attempt": 1}], "replaced": []})");
    const std::string answer =
        record(5, R"({"candidate": "c1", "round": 1, "attempt": 1, "state": "streaming", "stream": 7})");
    const std::string text = record(6, std::string("\7\0\0\0Paris", 9)) + record(7, std::string("\7\0\0\0hm", 6));
    const std::string zero(1, '\0');
    return {zero + head + queue + round + answer + text, zero + head, zero + round + answer + text,
            "\1LLMCJ\1\r\n" + std::string("\5\0\0\0\1\2\3\4\1hello", 14)};
}

Seeds of_suites() {
    const auto suite = [](const std::string& members, const std::string& checks) {
        return R"({"format": "llm-compare-suite", "version": 1, "name": "n", "role": "r", )" + members +
               R"("prompts": [{"id": "p", "prompt": "Where is {{city}}?", "checks": [)" + checks + "]}]}\x1e";
    };
    const std::string cases = R"("cases": [{"city": "Paris"}, {"city": "O\"slo"}], "repeat": 2, )";
    const std::string tooled =
        cases +
        R"("tools": [{"type": "function", "function": {"name": "look_up"}}, {"type": "function", "function": {"name": "other"}}], )";
    return {
        suite(
            cases,
            R"({"type": "contains", "value": "{{city}}", "ignore_case": true}, {"type": "not_contains", "any": ["a", "b"]})") +
            "It is in Paris.",
        suite(
            cases,
            R"({"type": "regex", "value": "^[A-Z]+$"}, {"type": "not_regex", "value": "(x+x+)+y"}, {"type": "max_words", "value": 2})") +
            "xxxxxxxxxxxxxxxxx y",
        suite(
            cases,
            R"({"type": "json_schema", "allow_fence": true, "stop_on_break": true, "value": {"type": "object", "required": ["a"], "properties": {"a": {"type": "array", "items": {"enum": [1, 2]}}, "b": {"pattern": "^x"}}}})") +
            "```json\n{\"a\": [1, 3], \"b\": \"y\"}\n```",
        suite(
            R"("context": "continued", "tools": [{"type": "function", "function": {"name": "look_up"}}], "tool_results": {"look_up": {"a": 1}}, "cases": [{"city": "Rom"}], )",
            R"({"type": "tool_call", "name": "look_up", "arguments": {"type": "object"}, "count": 1}, {"type": "no_tool_call", "name": "other"}, {"type": "json"}, {"type": "min_chars", "value": 3}, {"type": "finish_reason", "value": "stop"}, {"type": "max_ttft_s", "value": 1})") +
            R"({"city": "Rom"})",
        suite(
            R"("loop": {"max_steps": 5, "done_tool": "DONE", "cycle_repetitions": 2, "history": "one_call_per_message"}, "world": {"files": {"./{{city}}/1.txt": "x", "./b/": null}, "tools": true}, "tools": [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "required": ["q"]}}}, {"type": "function", "function": {"name": "DONE"}}], "tool_results": {"look_up": [{"when": {"q": "{{city}}"}, "result": "a"}, {"nth": 2, "error": "b"}, {"result": "c"}], "DONE": {"_default": "d"}}, "tool_choice": {"name": "look_up"}, "parallel_tool_calls": false, "follow_ups": ["And {{city}}?"], "category": "c", "severity": "warning", "cases": [{"city": "Rom"}, {"city": "a/b"}], )",
            R"({"type": "tool_call", "name": "look_up"})") +
            R"({"q": "Rom"})",
        suite(
            R"("messages": [{"role": "system", "content": "s"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "r"}, {"role": "user", "content": "u"}], "settings": {"temperature": null}, "pass_criteria": "p", "incumbent": {"model": "m", "text": "t", "tool_calls": [{"name": "f", "arguments": ""}], "latency_s": 1.5}, )",
            "") +
            "text",
        suite(
            tooled,
            R"({"type": "calls", "match": "superset", "value": [{"name": "look_up", "mode": "exact", "ignore": ["x"], "arguments": {"q": {"any_of": ["{{city}}", {"all_of": [{"contains": "a"}, {"min_length": 2}, {"not": {"matches": "^z"}}]}]}, "n": {"type": "integer"}}}, {"pattern": "^o"}]}, {"type": "milestones", "value": [{"id": "a", "name": "look_up"}, {"id": "b", "name": "other", "arguments": {"o": [{"equals": {"type": "x"}}]}, "after": ["a"]}]}, {"type": "calls", "rules": "bfcl", "value": [{"look.up": {"q": ["Paris", ""], "d": [{"k": [[1, 2]]}]}}]})") +
            "{\"q\": \"Paris\", \"n\": 1.0}\n{\"o\": [{\"type\": \"x\"}]}\n{\"d\": {\"k\": [1, 2]}}\nno JSON",
        suite(tooled,
              R"({"type": "forbidden_tools", "values": ["other"], "stop_on_break": true}, {"type": "allowed_tools", "values": ["look_up", "{{city}}"]}, {"type": "arguments_valid"}, {"type": "no_cycle"}, {"type": "max_steps", "value": 3, "turn": 2}, {"type": "max_total_s", "value": 9}, {"type": "finishes"}, {"type": "recovers"}, {"type": "contains", "value": "q", "turn": 1}, {"type": "world", "files": {"./{{city}}": {"exists": false}, "a": {"matches": "q"}, "b/": {"exists": true}}, "only": true})") +
            "{\"q\": 1}\n\n\nq\n{}\nlast",
        "{}\x1e"
        "city,country\r\nParis,\"Fr\"\"ance\"\r\n"};
}

// As fuzz::loop() takes them.
Seeds of_loops() {
    const std::string step = "\x1e", part = "\x1f";
    const auto call = [&](char tool, const std::string& arguments) { return part + tool + arguments; };
    const char read = '\x00', write = '\x01', make = '\x02', move = '\x03', list = '\x04', remove = '\x05',
               search = '\x06', look_up = '\x07', done = '\x08', unknown = '\x09';
    const std::string one = R"({"path": "./inbox/1.txt"})";
    return {
        "I look." + part + "hm" + call(list, R"({"path": "."})") + call(read, one) + step + part +
            call(write, R"({"path": "a/b/c", "content": "\u00e4"})") + call(make, R"({"path": "new"})") + step + part +
            call(move, R"({"source": "inbox", "destination": "old/in"})") + call(remove, R"({"path": "a/b/c"})") +
            step + "done" + step + part + call(done, R"({"response": "sorted"})"),
        part + call(search, R"({"q": {"a": [1]}})") + call(search, R"({"q": "aaaaaaaaaaaaaaaaaaaaaaab"})") +
            call(search, "{\"q\": \"cut o") + step + part + call(look_up, R"({"b": "\u00e4", "a": 1.5})") +
            call(look_up, R"({"z": "x"})") + call(look_up, "") + call(unknown, "[]") + step + "final",
        part + call(read, one) + step + part + call(read, one) + step + part + call(read, one) + step + part +
            call(read, one),
        R"(<|tool_call_start|>[read_file(path="a]b(", n=[1,(2)])]<|tool_call_end|>)",
        "<tool_call>\n{\"name\": \"read_file\", \"arguments\": {\"path\": \"x\"}}\n</tool_call>",
        R"([TOOL_CALLS]search[ARGS]{"q": "a"})",
        R"(<|channel|>commentary to=functions.search <|constrain|>json<|message|>{"q":"x"}<|call|>)",
        "<invoke name=\"read_file\"><function=read_file>", "```json\n{\"name\": \"search\", \"arguments\": {}}\n```",
        " " + part + R"({"name": "search", "parameters": {"q": "a"}})",
        // A move into itself, out of the top, onto a file, of the top, under a file.
        part + call(move, R"({"source": "inbox", "destination": "inbox/a"})") +
            call(move, R"({"source": "../a", "destination": "b"})") +
            call(write, R"({"path": "animals/", "content": ""})") +
            call(move, R"({"source": "/", "destination": "x"})") +
            call(write, R"({"path": "inbox/1.txt/x", "content": "y"})") +
            call(write, "{\"path\": \"\\ud83d/\xff\", \"content\": \"\"}")};
}

Seeds of_texts() {
    Seeds seeds = samples::hostile_texts();
    add(seeds,
        {"# Title\n\nText with **bold**, *italic*, `code` and [a link](https://example.org).\n\n- one\n  - two\n\n1. "
         "a\n",
         "| a | b |\n|---|:-:|\n| 1 | 2 |\n\n> quote\n> > deeper\n\n```python\nprint(1)\n```\n\n***\n",
         "\xE4\xB8\xAD\xE6\x96\x87\xE6\xB8\xAC\xE8\xA9\xA6\xE3\x80\x82 \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB "
         "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5 e\xCC\x81"});
    return seeds;
}

Seeds of_exporters() {
    const Seeds texts = of_texts();
    Seeds seeds;
    for (std::size_t first = 0; first < texts.size(); first += 6) {
        std::string joined;
        for (std::size_t i = first; i < std::min(first + 6, texts.size()); ++i) joined += texts[i] + '\x1e';
        seeds.push_back(joined);
    }
    return seeds;
}

Seeds of_settings(const fs::path& data) {
    Seeds seeds = files(data / "las", ".yaml");
    add(seeds, {"llm_providers:\n  cast_a:\n    type: \"x\" # one\n    parameters:\n      temperature: 1\n  cast_old:\n"
                "    # two\n    type: y # three\nspecialist_model_bindings:\n  # llm-compare: old\n  # four\n"
                "  router_specialist: cast_old\n  other: |\n    # text\n",
                "\xEF\xBB\xBF"
                "llm_providers:\r\n  a: &a {type: x}\r\n  b: *a\r\nspecialist_model_bindings:\r\n"
                "  router_specialist: 'b'  # five\r\ndefault_llm_config: a",
                "x: 1", "llm_providers: # none\nspecialist_model_bindings:\n\n# end\n",
                "---\nspecialist_model_bindings:\n    router_specialist:\nq: >-\n  a\n\n  b\n"});
    return seeds;
}

std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8) text += static_cast<char>(value & 0xff);
    return text;
}

std::uint32_t crc32_of(std::string_view text) {
    std::uint32_t crc = ~0U;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

// A ZIP archive with one entry that is not packed.
std::string of_stored_archive(const std::string& name, const std::string& text) {
    const std::string about = little_endian(crc32_of(text), 4) + little_endian(text.size(), 4) +
                              little_endian(text.size(), 4) + little_endian(name.size(), 2) + little_endian(0, 2);
    const std::string version = little_endian(10, 2), none = little_endian(0, 2), date = little_endian(0x21, 2);
    const std::string local = "PK\3\4" + version + none + none + none + date + about + name + text;
    const std::string central = "PK\1\2" + version + version + none + none + none + date + about + none + none + none +
                                little_endian(0, 4) + little_endian(0, 4) + name;
    return local + central + "PK\5\6" + none + none + little_endian(1, 2) + little_endian(1, 2) +
           little_endian(central.size(), 4) + little_endian(local.size(), 4) + none;
}

// A file of each kind that is imported, and an archive with one.
Seeds of_imports() {
    const std::string tools =
        R"("tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}}}])";
    const std::string trace =
        R"({"step": 1, "specialist": "r", "system_prompt": "s", "assembled_prompt": "p", "response_text": "t", "tool_calls": [{"name": "f", "args": {"x": 1}, "id": "1"}], "latency_ms": 12, "model_id": "m"})";
    return {
        R"({"test_suite": "t", "version": "1", "prompts": [{"id": "a", "system": "s", "user": "u", "mode": "react", "max_iterations": 9, "mock_tools": {"f": {"a": "b", "_default": "c"}}, "tool_choice": "required", )" +
            tools +
            R"(, "expected": {"match_mode": "contains", "tool_name": "f", "params": {"x": "a"}, "params_not": {"x": ["b"]}, "params_any": {"x": ["a", 1]}, "params_pattern": {"x": "^a"}, "params_types": {"x": "string"}, "params_structure": {"y": {"type": "object"}}, "params_required": ["x"], "tool_name_not": "g", "response_contains": "t"}}]})",
        R"({"test_suite": "t", "prompts": [{"user": "u", )" + tools +
            R"(, "expected": {"match_mode": "parallel", "tool_calls_count": 2, "tool_calls": [{"tool_name": "f"}, {"tool_name": "h", "params": {"x": {"equals": 1}}}]}}]})",
        R"({"id": "simple_0", "question": [[{"role": "user", "content": "q"}], [{"role": "user", "content": "r"}]], "function": [{"name": "a.b", "parameters": {"type": "dict", "properties": {"x": {"type": "float"}}, "required": ["x"]}}]})"
        "\r\n"
        R"({"id": "simple_0", "ground_truth": [{"a.b": {"x": [1.0, ""], "y": [{"z": ["w"]}]}}]})"
        "\n",
        R"({"id": "r", "question": [{"role": "user", "content": "q"}, {"role": "system", "content": "c"}], "function": [{"name": "f"}], "ground_truth": [{"name": "f", "arguments": {"x": {"y": 1}}}], "ground_truth_exclude": ["f", "v"], "metadata": {"category": "c", "n": 1}})",
        R"({"name": "n", "samples": [{"id": 1, "input": [{"role": "user", "content": [{"type": "text", "text": "i"}]}], "target": {"tool_calls": [{"function": "f", "arguments": {"x": {"enum": [1], "not": 2}, "y": {"pattern": "a", "min_length": 1}}}], "tool_calls_any": ["f", {"function": "g"}], "tool_calls_exclude": ["h"], "tool_calls_first": [{"function": "f"}]}, "metadata": {"system_prompt": "s"}, )" +
            tools + "}]}",
        "description: d\nprompts:\n  - label: l\n    raw: |\n      Say {{x}} and {{ y.z | dump }}\n  - '[{\"role\": "
        "\"user\", \"content\": "
        "\"{{x}}\"}]'\ndefaultTest: &d\n  vars: {y: {z: 1}}\n  assert: [{type: is-json, value: {type: "
        "object}}]\ntests:\n  - <<: *d\n    vars: "
        "{x: [a, b]}\n    assert:\n      - {type: not-contains-all, value: 'a, b'}\n      - {type: llm-rubric, value: "
        "good}\n      - type: regex\n"
        "        value: '^a'\n  - vars: {x: file://x.txt}\nproviders: [p]\n",
        trace + "\n" + trace + "\n",
        R"({"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": {}}}]}, {"role": "tool", "content": "r"}, {"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}], )" +
            tools + "}\n",
        of_stored_archive("llm_traces.jsonl", trace)};
}

}  // namespace

Seeds seeds_of(std::string_view target, const fs::path& data) {
    if (target == "sse_chunks") {
        Seeds seeds = files(data / "recorded", ".sse", "\x01");
        for (const std::string& body : bodies(data)) seeds.push_back('\0' + body);
        return seeds;
    }
    if (target == "http_response") return of_http(data);
    if (target == "server_words") {
        Seeds seeds;
        for (const std::string& body : bodies(data))
            for (const char list : {'\0', '\1', '\2', '\3', '\4', '\5'}) seeds.push_back(list + body);
        return seeds;
    }
    if (target == "config") return of_config();
    if (target == "keys") return {R"({"rack": "sk-0123456789", "http://10.0.0.1:1234": "sk-x"})", "{}", R"({"a": 1})"};
    if (target == "session_file") return of_sessions();
    if (target == "exporters") return of_exporters();
    if (target == "journal") return of_journals();
    if (target == "suite") return of_suites();
    if (target == "loop") return of_loops();
    if (target == "importers") return of_imports();
    if (target == "yaml_edit") return of_settings(data);
    return of_texts();
}

}  // namespace llmc::fuzz
