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
    if (target == "yaml_edit") return of_settings(data);
    return of_texts();
}

}  // namespace llmc::fuzz
