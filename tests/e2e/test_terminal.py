"""What is printed: a live display on a terminal, plain lines in a pipe, nothing hostile from servers anywhere."""
import json
import re
import signal
import unicodedata
import unittest

from llm_compare import E2ETest, Home
from servers import DONE, HANG, STREAM, OpenAIServer, Server, answer, event, finish, openai_list, reply, role, text, usage

HOSTILE = "\x1b[31mRED\x1b[2J\x1b]0;owned\x07\u009b1mC1\u009d\x08\x7f\x00\u202eRTL\u202c\u2066iso\u2069\u061c\u200f\rback"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def width(line):
    """Columns of a line on a terminal."""
    return sum(0 if unicodedata.combining(c) or c in "\u200d\ufe0f" else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Live(E2ETest):
    def live(self, *arguments, columns=100, script=None, models=("a", "b=Ein langer Name mit Ümläuten 模型模型模型"), **more):
        script = script or [STREAM + role(), *[step for i in range(40) for step in (0.03, text(f"word{i} "))], finish() + usage(9, 40) + DONE]
        server = self.use(OpenAIServer("a", "b", chat=script))
        self.home.config({"servers": [{"url": server.url, "max_concurrent": 2}]})
        return self.home.run_in_terminal(*arguments, columns=columns, models=list(models), **more)

    def test_a_bar_and_a_line_per_candidate_are_never_wider_than_the_terminal(self):
        for columns in (40, 100):
            with self.subTest(columns):
                self.home = Home()
                self.addCleanup(self.home.close)
                status, pieces = self.live(columns=columns, prompts=["1"])
                screen = b"".join(data for _, data in pieces).decode()
                self.assertEqual(status, 0, screen)
                self.assertRegex(screen, ESCAPE, "it is redrawn")
                redrawn = [data.decode("utf-8", "replace") for _, data in pieces if b"\x1b[" in data]
                self.assertTrue(redrawn)
                live_lines = set()
                for data in redrawn:
                    for line in ESCAPE.sub("", data).replace("\r", "\n").split("\n"):
                        if not line.startswith(("report ", "/", "warning")) and str(self.home.path) not in line:
                            self.assertLessEqual(width(line), columns, repr(line))
                            live_lines.add(line)
                shown = "\n".join(live_lines)
                self.assertRegex(shown, r"(?m)^\W*a\b")
                self.assertIn("Ein langer", shown)
                self.assertRegex(shown, r"\b[01]/1\b|\d+ ?%|[█▉▊▋▌▍▎▏#=]")

    def test_a_speed_is_never_a_bare_tok_per_s(self):
        status, pieces = self.live(prompts=["1"], columns=140)
        screen = b"".join(data for _, data in pieces).decode()
        self.assertEqual(status, 0)
        lines = re.findall(r".*tok/s.*", screen)
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"(?i)decode|end.to.end")

    def test_it_is_redrawn_at_most_ten_times_a_second(self):
        status, pieces = self.live(prompts=["1"])
        self.assertEqual(status, 0)
        end = next(at for at, data in pieces if b"report " in data)  # lines above the display draw it anew
        redraws = [at for at, data in pieces if b"round 1/1" in data and at < end]
        self.assertGreaterEqual(len(redraws), 3)
        for start in redraws:
            self.assertLessEqual(len([at for at in redraws if start <= at < start + 1.0]), 14)

    def test_no_progress_and_quiet_draw_nothing(self):
        for option in ("--no-progress", "--quiet"):
            with self.subTest(option):
                self.home = Home()
                self.addCleanup(self.home.close)
                status, pieces = self.live(option, prompts=["1"], script=answer("Hi"))
                screen = b"".join(data for _, data in pieces)
                self.assertEqual(status, 0)
                self.assertNotIn(b"\x1b", screen)
                if option == "--quiet":
                    self.assertNotRegex(screen.decode(), "word|complete|report")
                self.assertEqual(len(list(self.home.out.iterdir())), 2)

    def test_an_error_is_not_overdrawn(self):
        status, pieces = self.live(prompts=["1"], script=[STREAM + role() + text("x") + event({"error": {"message": "engine exploded"}})])
        screen = b"".join(data for _, data in pieces).decode()
        self.assertEqual(status, 3)
        self.assertIn("engine exploded", screen)
        self.assertIn("halted", screen.lower())
        self.assertIn("llm_compare_", screen)

    def test_a_hundred_candidates_do_not_scroll_the_screen_away(self):
        # One after another: a second in all, so that the display is drawn several times.
        server = self.use(OpenAIServer("m", chat=answer("Hi", first=0.01)))
        status, pieces = self.home.run_in_terminal(servers=[server], models=[f"m=c{i}" for i in range(100)], prompts=["1"], rows=24)
        self.assertEqual(status, 0)
        ups = []
        for _, data in pieces:
            ups += re.findall(rb"\x1b\[\d+A", data)
            for up in re.findall(rb"\x1b\[(\d+)A", data):
                self.assertLess(int(up), 24)
        self.assertTrue(ups)


class HostileText(E2ETest):
    def nothing_hostile(self, words):
        left = ESCAPE.sub("", words).replace("\r\n", "\n")
        left = re.sub(r"(?m)\r", "", left)
        found = CONTROLS.search(left)
        self.assertIsNone(found, f"{found and hex(ord(found[0]))} in {words[max(0, (found or re.match('', '')).start() - 80):][:160]!r}")
        self.assertNotIn("\x1b]", words)
        self.assertNotIn("\x1b[31m", words)
        self.assertNotIn("\x1b[2J", words)

    def servers(self):
        name = "evil" + HOSTILE
        yield "model text", OpenAIServer("m", chat=answer(HOSTILE + "\n" + HOSTILE)), "m"
        yield "error body", OpenAIServer("m", chat=reply(400, {"error": {"message": HOSTILE}})), "m"
        yield "error in the stream", OpenAIServer("m", chat=[STREAM + role() + text("x") + event({"error": {"message": HOSTILE}})]), "m"
        yield "text body", OpenAIServer("m", chat=reply(500, HOSTILE, "text/plain")), "m"
        yield "reported model", OpenAIServer("m", chat=answer("Hi", model=HOSTILE)), "m"
        yield "finish reason", OpenAIServer("m", chat=answer("Hi", reason=HOSTILE)), "m"
        yield "model list", OpenAIServer("m", name, chat=answer("Hi")), "evil"
        yield "redirect", OpenAIServer("m", chat=[b"HTTP/1.1 302 \x1b[31mX\r\nLocation: http://x/\x1b[2J\xc2\x9b\r\nContent-Length: 0\r\n\r\n"]), "m"
        yield "manifest error", Server({"GET /v1/models": reply(500, {"error": HOSTILE})}), "m"
        yield "no HTTP", OpenAIServer("m", chat=[HOSTILE.encode()]), "m"

    def test_no_control_character_of_a_server_reaches_a_terminal_or_a_pipe(self):
        for name, server, model in self.servers():
            with self.subTest(name):
                self.use(server)
                home = Home()
                self.addCleanup(home.close)
                result = home.run(servers=[server], models=[model])
                self.nothing_hostile(result.stderr)
                self.nothing_hostile(result.stdout)
                self.assertIn(result.status, (0, 2, 3), result.stderr)
                self.assertTrue(server.requests)
                status, pieces = home.run_in_terminal(servers=[server], models=[model], columns=90)
                self.assertEqual(status, result.status)
                self.nothing_hostile(b"".join(data for _, data in pieces).decode("utf-8", "replace"))

    def test_no_words_of_a_server_begin_a_line(self):
        evil = "m\nFORGED one\r\nFORGED two\u2028FORGED three\u2029FORGED four"
        error = {"error": {"message": evil, "type": evil, "code": evil}}
        native = {"object": "list", "data": [{"id": "m", "type": "llm", "state": "loaded", "quantization": evil, "compatibility_type": evil}]}
        run = ["run", "--prompt", "Hello", "--out", self.home.out]
        cases = {
            "error body": (OpenAIServer("m", chat=reply(400, error)), [*run, "--model", "m"]),
            "error in the stream": (OpenAIServer("m", chat=[STREAM + role() + text("x") + event(error)]), [*run, "--model", "m"]),
            "reported model": (OpenAIServer("m", chat=answer("Hi", model=evil)), [*run, "--model", "m"]),
            "a label": (OpenAIServer("m", chat=answer("Hi")), [*run, "--model", "m=" + evil]),
            "model": (OpenAIServer(evil, chat=answer("Hi", model=evil)), [*run, "--model", evil]),
            "nearest names": (OpenAIServer(evil), [*run, "--model", "mm"]),
            "models to choose from": (OpenAIServer(evil), run),
            "what servers tell": (Server({"GET /v1/models": reply(200, openai_list("m")), "GET /api/v0/models": reply(200, native),
                                          "POST /v1/chat/completions": answer("Hi")}), [*run, "--model", "m"]),
            "manifest error": (Server({"GET /v1/models": reply(500, error)}), [*run, "--model", "m"]),
            "list": (OpenAIServer(evil), ["models"]),
            "list of none": (Server({"GET /v1/models": reply(500, error)}), ["models"]),
        }
        for name, (server, arguments) in cases.items():
            with self.subTest(name):
                self.use(server)
                result = self.home.call(*arguments, "--server", server.url)
                self.assertIn("FORGED", result.output, "it is told")
                self.assertEqual([line for line in re.split("[\n\u2028\u2029]", result.output) if line.lstrip().startswith("FORGED")], [])

    def test_no_label_begins_a_line_of_a_suite_s_results_and_of_a_cast(self):
        server = self.use(OpenAIServer("m", chat=answer("Hi")))
        suite = {"format": "llm-compare-suite", "version": 1, "name": "n", "role": "r",
                 "prompts": [{"id": "p", "prompt": "Hello", "checks": [{"type": "contains", "value": "Hi"}]}]}
        run = self.home.run("--suite", self.home.file("suite.json", suite), servers=[server], models=["m=x\nFORGED"], prompts=())
        self.assertIn("x FORGED: 1 of 1 checks passed", run.stdout)
        (report,) = run.files(".json")
        self.assertIn("r: x FORGED (proposal)", self.home.call("cast", report, "--out", self.home.path / "cast").stdout)

    def on_a_terminal(self, *arguments):
        status, pieces = self.home.call_in_terminal(*arguments)
        self.assertEqual(status, 0)
        screen = b"".join(data for _, data in pieces).decode()
        self.nothing_hostile(screen)
        return screen

    def test_the_list_of_models_is_clean_as_table_and_as_json(self):
        server = self.use(OpenAIServer("m", "evil" + HOSTILE))
        self.on_a_terminal("models", "--server", server.url)
        listed = json.loads(self.on_a_terminal("models", "--json", "--server", server.url))
        self.assertIn("evil" + HOSTILE, [m["id"] for m in listed["models"]], "nothing is lost in JSON")

    def test_events_on_a_terminal_are_clean_and_lose_nothing(self):
        server = self.use(OpenAIServer("m", chat=answer(HOSTILE)))
        screen = self.on_a_terminal(*self.home.run_arguments(["--events", "-", "--quiet"], [server], ["m"], ["Hello"]))
        lines = [json.loads(line) for line in screen.split("\r\n") if line.startswith("{")]
        self.assertEqual("".join(e.get("text", "") for e in lines if e["event"] == "text"), HOSTILE)


class Pipe(E2ETest):
    def test_plain_lines_without_escape_sequences(self):
        server = self.use(OpenAIServer("a", "b"))
        result = self.home.run(servers=[server], models=["a", "b"], prompts=["1", "2"])
        self.assertNotIn("\x1b", result.output)
        self.assertNotIn("\r", result.output)
        for label in ("a", "b"):
            self.assertRegex(result.stdout, rf"(?m)^.*\b{label}\b.*complete")
        self.assertEqual(result.stderr.strip(), "")

    def test_no_progress_still_names_the_reports(self):
        server = self.use(OpenAIServer("a"))
        result = self.home.run("--no-progress", servers=[server], models=["a"])
        self.assertEqual(len(result.files()), 2)
        for file in result.files():
            self.assertIn(str(file), result.stdout)

    def test_quiet_prints_nothing_when_all_is_well(self):
        server = self.use(OpenAIServer("a"))
        result = self.home.run("--quiet", servers=[server], models=["a"])
        self.assert_status(result, 0)
        self.assertEqual(result.output.strip(), "")
        (report,) = result.files(".json")
        exported = self.home.call("export", report, "--quiet", "--out", self.home.path / "again")
        self.assertEqual((exported.status, exported.output.strip()), (0, ""))

    def test_quiet_still_tells_errors(self):
        server = self.use(OpenAIServer("a", chat=reply(500, {"error": "boom"})))
        result = self.home.run("--quiet", servers=[server], models=["a"])
        self.assert_status(result, 3)
        self.assertEqual(result.stdout.strip(), "")
        for words in ("boom", "a", *map(str, result.files())):
            self.assertIn(words, result.stderr)

    def test_events_on_standard_output_are_nothing_but_events(self):
        server = self.use(OpenAIServer("a", chat=answer("Hi", reason="length")))
        result = self.home.run("--events", "-", servers=[server], models=["a"])
        lines = [json.loads(line) for line in result.stdout.split("\n") if line]
        self.assertEqual((lines[0]["event"], lines[-1]["event"]), ("session", "end"))

    def test_events_come_as_things_happen(self):
        server = self.use(OpenAIServer("a", chat=[STREAM + role() + text("first words"), HANG]))
        running = self.home.start_run("--events", "-", servers=[server], models=["a"])
        running.wait_output("first words")
        self.assertIsNone(server.chats[0].ended)
        running.signal(signal.SIGINT)
        result = running.wait()
        self.assertEqual(json.loads(result.stdout.strip().split("\n")[-1])["event"], "end")

    def test_refusals_end_the_events_too(self):
        server = self.use(OpenAIServer("a"))
        result = self.home.run(servers=[server], models=["nonsense"])
        self.assert_status(result, 2)
        self.assertEqual([(e["event"], e.get("exit_status")) for e in result.events][-1], ("end", 2))

    def test_a_reader_that_goes_away_does_not_kill_the_reports(self):
        server = self.use(OpenAIServer("a", chat=[STREAM + role() + text("x"), 0.2, text("y") + finish() + DONE]))
        running = self.home.start_run(servers=[server], models=["a"], prompts=["1", "2"])
        server.wait_for(lambda: server.chats)
        running.process.stdout.close()
        running._readers[0].join(0.01)
        self.assertIsNotNone(running.process.wait(20))
        self.assertNotEqual(running.process.returncode, -signal.SIGPIPE)
        self.assertEqual(len(list(self.home.out.glob("llm_compare_*.json"))), 1)


class Demo(E2ETest):
    def test_two_servers_are_started_and_can_be_compared(self):
        demo = self.home.start("demo", "--speed", "0")
        demo.wait_output("\n")
        while len(re.findall(r"http://127\.0\.0\.1:\d+", demo.stdout)) < 2:
            demo.wait_output(demo.stdout + "")  # both lines come in one write or two
        addresses = re.findall(r"http://127\.0\.0\.1:\d+", demo.stdout)
        self.assertEqual(len(set(addresses)), 2)
        listed = json.loads(self.home.call("models", "--json", "--server", addresses[0], "--server", addresses[1]).stdout)
        models = sorted({m["id"] for m in listed["models"]})
        self.assertGreaterEqual(len(models), 2)
        result = self.home.run(servers=addresses, models=models, prompts=["Hello", "Again"])
        self.assert_status(result, 0)
        for model in models:
            self.assertEqual([a["state"] for a in result.answers(model)], ["complete"] * 2)
        demo.signal(signal.SIGINT)
        self.assertIn(demo.wait(10).status, (0, 130))


if __name__ == "__main__":
    unittest.main()
