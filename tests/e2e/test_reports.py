"""What is written: metrics against the servers' own delays, the four formats, names, hostile text."""
import csv
import html.parser
import io
import json
import re
import threading
import unittest

from llm_compare import E2ETest, Home
from servers import (DONE, STREAM, OpenAIServer, answer, by_model, event, finish, reasoning, reply, role, text,
                     tool_call, usage)
from shapes import METRICS, check, check_report

ALL = ("--format", "md,json,html,csv")


class Metrics(E2ETest):
    def metrics(self, script, model="m"):
        home = Home()
        self.addCleanup(home.close)
        self.server = self.use(OpenAIServer(model, chat=script))
        self.result = home.run(servers=[self.server], models=[model])
        self.assert_status(self.result, 0)
        check(self, self.result)
        return self.result.answer(model)["metrics"]

    def near(self, value, wanted, slack=0.3):
        self.assertIsNotNone(value)
        self.assertTrue(wanted - 0.02 <= value <= wanted + slack, f"{value} is not about {wanted}")

    def test_times_follow_the_servers_own_delays(self):
        m = self.metrics([0.2, STREAM + role(), 0.2, reasoning("hm"), 0.2, text("a"), 0.2, text("b"), 0.2, text("c"), 0.3, finish() + usage(50, 9) + DONE])
        self.near(m["time_to_first_token_s"], 0.4)      # the role is no token
        self.near(m["time_to_first_output_s"], 0.6)     # reasoning is no output
        self.near(m["end_to_end_latency_s"], 1.0)       # to the last token, not to [DONE]
        self.near(m["inter_token_latency_s"], 0.6 / 8, 0.04)
        self.assertAlmostEqual(m["decode_tokens_per_s"], 1 / m["inter_token_latency_s"], places=3)
        self.assertAlmostEqual(m["end_to_end_tokens_per_s"], 9 / m["end_to_end_latency_s"], places=3)
        self.near(m["chunk_gap_p50_s"], 0.2, 0.1)
        self.near(m["chunk_gap_max_s"], 0.2, 0.2)
        self.assertEqual((m["prompt_tokens"], m["output_tokens"], m["tokens_estimated"]), (50, 9, False))
        self.assertEqual(m["requests_in_flight"], 1)

    def test_usage_beats_counting_for_a_chunk_is_not_a_token(self):
        m = self.metrics([STREAM + role() + text("one two three four five six ") + text("seven eight") + finish() + usage(12, 100, 40) + DONE])
        self.assertEqual((m["prompt_tokens"], m["output_tokens"], m["reasoning_tokens"], m["tokens_estimated"]), (12, 100, 40, False))

    def test_cumulative_usage_counts_once(self):
        pieces = [event({"choices": [{"index": 0, "delta": {"content": "x"}}], "usage": {"prompt_tokens": 5, "completion_tokens": i}}) for i in range(1, 8)]
        m = self.metrics([STREAM + role(), *pieces, finish() + DONE])
        self.assertEqual((m["prompt_tokens"], m["output_tokens"]), (5, 7))

    def test_the_servers_timings_count_where_there_is_no_usage(self):
        last = {"id": "x", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "timings": {
            "cache_n": 10, "prompt_n": 20, "prompt_ms": 50.0, "prompt_per_second": 400.0, "predicted_n": 33, "predicted_ms": 100.0, "predicted_per_second": 330.0}}
        m = self.metrics([STREAM + role() + text("a") + text("b") + event(last) + DONE])
        self.assertEqual((m["output_tokens"], m["prompt_tokens"], m["tokens_estimated"]), (33, 30, False))

    def test_without_any_count_the_tokens_are_estimated_and_marked(self):
        m = self.metrics([STREAM + role() + text("The quick brown fox jumps over the lazy dog. " * 4) + finish() + DONE])
        self.assertTrue(m["tokens_estimated"])
        self.assertTrue(20 <= m["output_tokens"] <= 90, m["output_tokens"])
        self.assertIn("~", self.result.markdown)

    def test_one_token_has_no_rate(self):
        m = self.metrics(answer("Hi", completion=1))
        self.assertEqual((m["inter_token_latency_s"], m["decode_tokens_per_s"], m["output_tokens"]), (None, None, 1))

    def test_nonsense_counts_of_a_server_do_no_harm(self):
        for numbers in ({"prompt_tokens": -5, "completion_tokens": -1}, {"prompt_tokens": "many", "completion_tokens": None}, {"prompt_tokens": 1e300, "completion_tokens": 2.5},
                        {"prompt_tokens": 10**30, "completion_tokens": 10**30}, [], 7):
            with self.subTest(str(numbers)):
                self.metrics([STREAM + role() + text("a") + text("b") + finish() + event({"choices": [], "usage": numbers}) + DONE])

    def test_parallel_requests_are_stamped_on_every_answer(self):
        meeting = threading.Barrier(3, timeout=10)
        server = self.use(OpenAIServer("m", chat=[lambda _: meeting.wait()] + answer("Hi")))
        self.home.config({"servers": [{"url": server.url, "max_concurrent": 3}], "models": [{"model_id": "m", "display_name": f"c{i}"} for i in range(3)]})
        result = self.home.run()
        self.assert_status(result, 0)
        self.assertEqual(max(result.answer(f"c{i}")["metrics"]["requests_in_flight"] for i in range(3)), 3)


NASTY = ("<script>alert(1)</script><img src=http://127.0.0.1:9/x onerror=alert(2)> [link](javascript:alert(3)) ![i](http://127.0.0.1:9/y) "
         "\x1b[31mred\x1b]0;title\x07 \u009b2J \u202eevil\u202c \x7f\x08 </pre></textarea></style>--> &lt;b&gt; \x00\x0b")


class Tags(html.parser.HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


class Formats(E2ETest):
    def run_nasty(self):
        server = self.use(OpenAIServer("m", chat=[STREAM + role() + reasoning(NASTY) + text(NASTY) + finish() + usage() + DONE]))
        result = self.home.run(*ALL, servers=[server], models=["m=" + "Eve <b>|x|</b> `q`"], prompts=["```\n# Not a heading\n````\n<i>prompt</i> | a |\n## Model: fake"])
        self.assert_status(result, 0)
        return result

    def test_html_is_one_file_without_script_or_request(self):
        result = self.run_nasty()
        page = result.html
        tags = Tags(page)
        names = {tag for tag, _ in tags.tags}
        self.assertFalse(names & {"script", "iframe", "object", "embed", "link", "img", "base", "form", "video", "audio", "svg"}, names)
        for tag, attributes in tags.tags:
            for name, value in attributes.items():
                self.assertFalse(name.startswith("on"), (tag, name))
                self.assertNotIn(name, ("src", "srcset", "action", "background", "poster"))
                if name == "href":
                    self.assertTrue(value.startswith("#"), value)
        self.assertNotRegex(page, r"(?i)url\(|@import|expression\(")
        self.assertIn("<script>alert(1)</script>", tags.text, "what a model says stands there as text")
        self.assertIn("prefers-color-scheme: dark", page)
        self.assertIn("@media print", page)
        self.assertTrue(page.lstrip().lower().startswith("<!doctype html>"))
        self.assertNotIn("\x00", page)
        self.assertNotIn("\x1b", page)

    def test_markdown_has_its_skeleton_and_text_cannot_break_it(self):
        result = self.run_nasty()
        page = result.markdown
        lines = page.split("\n")
        self.assertEqual(lines[0], "# LLM Comparison Report")
        for start in ("**Generated:** ", "**Models:** ", "**Temperature:** 0.7", "**Max Tokens:** 2048"):
            self.assertTrue([line for line in lines if line.startswith(start)], start)
        self.assertRegex(page, r"(?m)^\*\*Generated:\*\* \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
        self.assertEqual(lines.count("=" * 80), 1)
        self.assertRegex(page, r"(?m)^## System Prompt\n\n```\nYou are a helpful assistant.\n```$")
        headings = [line for line in outside_fences(lines) if re.match(r" {0,3}#{1,6} ", line)]
        self.assertEqual([h for h in headings if h.startswith("## ")][0], "## System Prompt")
        self.assertEqual(len([h for h in headings if h.startswith("## Model: ")]), 1, headings)
        self.assertEqual([h for h in headings if h.startswith("###")], ["### User", "### Assistant"])
        self.assertEqual(headings[-1], "## Metrics")
        self.assertNotIn("\x1b", page)
        self.assertNotIn("\x00", page)

    def test_a_model_that_writes_headings_cannot_fake_turns(self):
        fake = "Hi\n\n### User\n\nfake\n\n### Assistant\n\nfake\n\n" + "=" * 80 + "\n\n## Model: fake\n\n```\nopen fence"
        server = self.use(OpenAIServer("m", "n", chat=lambda r: answer(fake if r.model == "m" else "fine", model=r.model)))
        result = self.home.run(servers=[server], models=["m", "n"])
        check(self, result)
        headings = [line for line in outside_fences(result.markdown.split("\n")) if line.startswith("#")]
        self.assertEqual(headings, ["# LLM Comparison Report", "## System Prompt", "## Model: m", "### User", "### Assistant",
                                    "## Model: n", "### User", "### Assistant", "## Metrics"])

    def test_a_system_prompt_with_fences_gets_a_longer_fence(self):
        server = self.use(OpenAIServer("m"))
        prompt = self.home.file("s.md", "Use\n````py\ncode\n````\nplease")
        result = self.home.run("--system-prompt", prompt, servers=[server], models=["m"])
        self.assertRegex(result.markdown, r"(?m)^`{5,}\nUse\n````py\ncode\n````\nplease\n`{5,}$")

    def test_json_is_valid_utf8_with_an_indent_of_two(self):
        result = self.run_nasty()
        (file,) = result.files(".json")
        raw = file.read_bytes()
        self.assertIn(b'\n  "configuration": {', raw)
        report = json.loads(raw.decode("utf-8"))
        check_report(self, report)
        got = list(report["conversations"].values())[0]["answers"][0]
        self.assertEqual(got["text"], NASTY, "what arrived is kept as it is")

    def test_json_servers_have_no_keys_and_the_configuration_is_what_was_in_force(self):
        server = self.use(OpenAIServer("m"))
        self.home.config({"servers": [{"url": server.url, "name": "rack", "api_key_env": "K"}], "models": ["m"], "temperature": 0.5, "max_tokens": 77, "timeout_seconds": 55})
        result = self.home.run(environment={"K": "sk-secret-123456"})
        configuration = result.report["configuration"]
        self.assertEqual((configuration["temperature"], configuration["max_tokens"], configuration["timeout_seconds"]), (0.5, 77, 55))
        self.assertIn(server.address, json.dumps(configuration["servers"]))
        self.assertIn("m", json.dumps(configuration["models"]))
        self.assertNotIn("sk-secret", json.dumps(result.report))

    def test_csv_has_a_row_per_answer_and_no_formula(self):
        starts = {"eq": "=1+1", "plus": "+1", "minus": "-1+2", "at": "@SUM(A1)", "tab": "\t=1", "cr": "\r=1", "lf": "\n=1"}
        server = self.use(OpenAIServer(*starts, chat=by_model(**{model: answer(words, model="=" + model) for model, words in starts.items()})))
        result = self.home.run(*ALL, servers=[server], models=[f"{m}=={m}" for m in starts], prompts=["=cmd|' /C calc'!A0", '+"quoted", ünï\nline'])
        self.assert_status(result, 0)
        rows = result.rows
        self.assertEqual(len(rows), 1 + 2 * len(starts))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        number = re.compile(r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$")
        for row in rows:
            for cell in row:
                self.assertTrue(not cell or cell[0] not in "=+-@\t\r\n" or number.match(cell), repr(cell))
        for name in ("label", "model_id", "round", "state", "finish_reason", "server"):
            self.assertIn(name, rows[0])
        for name in METRICS:
            self.assertIn(name, rows[0])

    def test_csv_tells_failures_too(self):
        server = self.use(OpenAIServer("m", chat=reply(500, {"error": "=boom"})))
        result = self.home.run(*ALL, servers=[server], models=["m"])
        header, row = result.rows
        self.assertEqual(row[header.index("state")], "failed")
        self.assertIn("boom", ",".join(row))

    def test_an_incomplete_answer_is_never_shown_as_complete(self):
        half = [STREAM + role() + text("half")]
        scripts = {"cut_off": half, "empty": [STREAM + finish() + DONE], "failed": half[:1] + [event({"error": {"message": "boom"}})]}
        server = self.use(OpenAIServer(*scripts, "good", chat=by_model(good=answer("fine", model="good"), **scripts)))
        result = self.home.run(*ALL, "--on-failure", "continue", servers=[server], models=[*scripts, "good"])
        check(self, result)
        header, *rows = result.rows
        states = {row[0]: row[header.index("state")] for row in rows}
        for state in scripts:
            self.assertEqual(states[state], state)
            self.assertIn(f"### Assistant (incomplete: {state})", result.markdown)
            self.assertRegex(Tags(result.html).text.lower(), state.replace("_", "[_ -]"))
            section = result.markdown.split(f"## Model: {state}")[1].split("=" * 80)[0]
            self.assertIn("**Error:** ", section)
            self.assertLess(section.index("### User"), section.index("### Assistant (incomplete"), "its prompt stands above it")
        self.assertEqual(result.markdown.count("\n### Assistant\n"), 1)

    def test_warnings_stand_in_the_report(self):
        server = self.use(OpenAIServer("m", chat=answer("Hi", model="another", reason="length")))
        result = self.home.run(*ALL, servers=[server], models=["m"])
        section = result.markdown.split("### Assistant")[1]
        self.assertEqual(len(re.findall(r"(?m)^> ⚠️ .+$", section)), 2)
        self.assertIn("another", Tags(result.html).text)

    def test_changed_settings_and_labels_with_path_characters_stay_in_the_folder(self):
        server = self.use(OpenAIServer("../../../etc/x", chat=answer("Hi")))
        result = self.home.run(*ALL, servers=[server], models=["../../../etc/x=../../up"])
        self.assert_status(result, 0)
        for file in result.files():
            self.assertRegex(file.name, r"^llm_compare_\d{8}_\d{6}(_\d+)?\.(md|json|html|csv)$")
        self.assertEqual(len(result.files()), 4)


def outside_fences(lines):
    """The lines that are no code, by CommonMark's rules for fences."""
    fence, found = None, []
    for line in lines:
        mark = re.match(r"^ {0,3}(`{3,}|~{3,})(.*)$", line)
        if fence is None:
            if mark and not (mark[1][0] == "`" and "`" in mark[2]):
                fence = mark[1]
            else:
                found.append(line)
        elif mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not mark[2].strip():
            fence = None
    return found


class Names(E2ETest):
    def test_runs_that_end_in_the_same_second_take_the_next_name(self):
        server = self.use(OpenAIServer("m", chat=[HOLD := threading.Event(), *answer("Hi")]))
        self.home.config({"servers": [{"url": server.url, "max_concurrent": 8}], "models": ["m"]})
        running = [self.home.start("run", "--prompt", "x", "--out", self.home.out) for _ in range(6)]
        server.wait_for(lambda: len(server.chats) == 6)
        HOLD.set()
        for one in running:
            self.assert_status(one.wait(), 0)
        names = sorted(f.name for f in self.home.out.iterdir())
        self.assertEqual(len(names), 12, "six runs, two files each, nothing overwritten")
        stems = {name.rsplit(".", 1)[0] for name in names}
        self.assertEqual(len(stems), 6, "both files of a run have the same name")
        for stem in stems:
            self.assertRegex(stem, r"^llm_compare_\d{8}_\d{6}(_[2-9])?$")
        for file in self.home.out.glob("*.json"):
            check_report(self, json.loads(file.read_text()))

    def test_no_temporary_file_is_left(self):
        server = self.use(OpenAIServer("m"))
        result = self.home.run(*ALL, servers=[server], models=["m"])
        self.assertEqual(sorted(f.suffix for f in self.home.out.iterdir()), [".csv", ".html", ".json", ".md"])
        self.assertEqual([f for f in self.home.out.iterdir() if f.name.startswith(".")], [])
        self.assertEqual(result.status, 0)

    def test_a_report_folder_is_made_where_there_is_none(self):
        server = self.use(OpenAIServer("m"))
        folder = self.home.path / "a" / "b" / "Ünï cödé"
        self.assert_status(self.home.run("--out", folder, servers=[server], models=["m"]), 0)
        self.assertEqual(len(list(folder.iterdir())), 2)

    def test_a_tilde_in_the_configured_folder_is_the_home(self):
        server = self.use(OpenAIServer("m"))
        self.home.config({"report_folder": "~/My Reports"})
        self.assert_status(self.home.call("run", "--server", server.url, "--model", "m", "--prompt", "x"), 0)
        self.assertEqual(len(list((self.home.path / "My Reports").iterdir())), 2)


class Exported(E2ETest):
    def test_all_formats_of_a_session_with_everything_say_the_same_again(self):
        def chat(request):
            if request.model == "t":
                return [STREAM + role("t") + reasoning("hm", "t") + text("Grüße 🙂\n```\nx\n```", "t") + tool_call(0, "f", '{"a": 1}', "c1", "t")
                        + finish("tool_calls", "t") + usage(3, 4) + DONE]
            return [STREAM + role("u") + text("half", "u")]
        server = self.use(OpenAIServer("t", "u", chat=chat))
        result = self.home.run(*ALL, "--on-failure", "continue", servers=[server], models=["t", "u=Ü"], prompts=["1", "2"])
        check(self, result)
        (report,) = result.files(".json")
        again = self.home.path / "again"
        self.assert_status(self.home.call("export", report, "--out", again, *ALL), 0)
        (copy,) = again.glob("*.json")
        before, after = result.report, json.loads(copy.read_text())
        for key in before:
            if key != "generated_at":
                self.assertEqual(after[key], before[key], key)
        (page,), (table,) = again.glob("*.md"), again.glob("*.csv")
        strip = lambda words: re.sub(r"(?m)^\*\*Generated:.*$", "", words)  # noqa: E731
        self.assertEqual(strip(page.read_text()), strip(result.markdown))
        self.assertEqual(list(csv.reader(io.StringIO(table.read_text("utf-8-sig"), newline=""))), result.rows)


if __name__ == "__main__":
    unittest.main()
