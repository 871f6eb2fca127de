"""The window as a person uses it: keys and mouse on a display without a screen. What panels draw is tested in tests/gui."""
import json
import re
import signal
import sys
import threading
import time
import unittest

import test_real_models
from journals import JournalTest
from llm_compare import SANITIZED
from servers import HANG, STREAM, OpenAIServer, answer, echo, role, text
from window import Screen, Window, wait_until, why_not

WHY_NOT = why_not()
BAD = (0xE5, 0x67, 0x5B)  # the dark theme's colour of errors
BUSY, AT_REST, HALTED = r"^round .* answers – LLM Compare$", r"^LLM Compare$", r"^halted – LLM Compare$"
ANSWERS = (343, 110, 400, 560)  # of the first candidate, at 1600x900: x, y, width, height
TIMES = {"metrics", "metrics_summary", "server_metrics", "generated_at", "session_id", "started_at", "ended_at"}


def conversations(markdown):
    """A Markdown report without its date and its metrics."""
    return re.sub(r"\*\*Generated:\*\* .*", "", markdown.partition("## Metrics")[0])


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(one) for key, one in value.items() if key not in TIMES}
    return [without_times(one) for one in value] if isinstance(value, list) else value


class WindowTest(JournalTest):
    @classmethod
    def setUpClass(cls):
        if WHY_NOT:
            print(f"SKIPPED: the window's tests: {WHY_NOT}", file=sys.stderr)
            raise unittest.SkipTest(WHY_NOT)

    def screen(self, width=1600, height=900):
        one = Screen(width, height)
        self.addCleanup(one.close)
        return one

    def open(self, *arguments, screen=None, **more):
        return Window(self.home, screen or self.screen(), *arguments, **more)

    def configure(self, *servers, models, **more):
        self.home.config({"servers": [server if isinstance(server, str) else server.url for server in servers], "models": models,
                          "report_folder": str(self.home.out), **more})

    def send(self, window, prompt):
        window.type(prompt)
        window.key("ctrl+Return")

    def reports(self, ending, count=1):
        """Waits for that many report files."""
        files = lambda: sorted(self.home.out.glob(f"llm_compare_*{ending}"))  # noqa: E731
        return wait_until(lambda: len(files()) >= count and files(), f"{count} reports {ending}")

    def assert_runs(self, window):
        window.wait_still()
        self.assertIsNone(window.process.poll(), "the program has ended")

    def assert_ends(self, window, status=0):
        result = window.wait()
        self.assertEqual(result.status, status, result.output)
        return result


class Use(WindowTest):
    def test_what_is_typed_is_sent_as_it_is_and_the_export_is_the_one_of_run(self):
        server = self.use(OpenAIServer("a", "b"))
        self.configure(server, models=["a", {"model_id": "b", "display_name": "Bé", "temperature": 0.2}])
        prompts = ["Hello there, you two!", "Grüße, 世界 🎉\nin two lines"]
        window = self.open()
        self.send(window, prompts[0])
        server.wait_for(lambda: len(server.chats) == 2)
        window.wait_title(AT_REST)
        window.wait_still()
        window.paste(prompts[1])
        window.key("ctrl+Return")
        server.wait_for(lambda: len(server.chats) == 4)
        window.wait_title(AT_REST)
        self.assertEqual({chat.model for chat in server.chats[2:]}, {"a", "b"})
        for chat in server.chats[2:]:
            self.assertEqual(chat.roles, ["system", "user", "assistant", "user"])
            self.assertEqual([m["content"] for m in chat.messages if m["role"] == "user"], prompts)
            self.assertTrue(chat.messages[2]["content"].startswith(chat.model), "the other candidate's answer is in this conversation")
        window.key("ctrl+e")
        (exported,) = self.reports(".md")
        window.key("ctrl+q")
        self.assert_ends(window)

        self.assert_status(self.home.run("--out", self.home.path / "by-run", prompts=prompts), 0)
        (by_run,) = (self.home.path / "by-run").glob("*.md")
        self.assertEqual(conversations(exported.read_text(encoding="utf-8")), conversations(by_run.read_text(encoding="utf-8")))

    def test_what_is_selected_goes_from_program_to_program_by_the_middle_button(self):
        server = self.use(OpenAIServer("a"))
        self.configure(server, models=["a"])
        window = self.open()
        box = window.screen.width // 2, window.screen.height - 75
        window.point(*box)
        window.screen.x.give("Grüße, 世界", lambda: window.screen.xdotool("click", 2), "PRIMARY")
        window.wait_still()
        window.key("ctrl+Return")
        server.wait_for(lambda: len(server.chats) == 1)
        self.assertEqual(server.chats[0].messages[-1]["content"], "Grüße, 世界")
        window.wait_title(AT_REST)
        window.wait_still()
        window.point(window.screen.width * 2 // 3, window.screen.height // 3)
        window.screen.xdotool("click", 1)
        window.key("ctrl+a")
        window.wait_still()
        self.assertIn("Grüße, 世界", window.screen.x.clipboard("PRIMARY"))
        window.key("alt+e")
        window.wait_still()
        for key in ("Down", "Down", "Down"):
            window.key(key)
            window.wait_still()
        window.key("Return")
        window.wait_still()
        self.assertIn("Grüße, 世界", window.screen.x.clipboard())

    def test_a_prompt_file_is_run_as_by_run(self):
        server = self.use(OpenAIServer("a", "b"))
        self.configure(server, models=["a", "b"])
        file = self.home.file("prompts.txt", "one\n\n  zwei, 世界  \nthree\n")
        window = self.open(file)
        window.key("ctrl+Return")
        server.wait_for(lambda: len(server.chats) == 6)
        window.wait_title(AT_REST)
        self.export_and_quit(window)
        by_window = json.loads(self.reports(".json")[0].read_bytes())

        self.assert_status(self.home.run("--out", self.home.path / "by-run", "--prompts", file, prompts=()), 0)
        (by_run,) = (self.home.path / "by-run").glob("*.json")
        self.assertEqual(without_times(by_window), without_times(json.loads(by_run.read_bytes())))

    def export_and_quit(self, window):
        """By the question that quitting asks: the second of its buttons."""
        window.key("ctrl+q")
        self.assert_runs(window)
        window.key("Right")
        window.wait_still()
        window.key("Return")
        self.assert_ends(window)

    def test_dropped_prompts_wait_to_be_run(self):
        server = self.use(OpenAIServer("a"))
        self.configure(server, models=["a"])
        file = self.home.file("ein Ordner/prompts ä.md", "first\nof two lines\n---\nsecond\n")
        window = self.open()
        window.drop(file)
        window.wait_still()
        self.assertEqual(server.chats, [], "a drop must not send anything")
        window.key("ctrl+Return")
        server.wait_for(lambda: len(server.chats) == 2)
        self.assertEqual([chat.messages[-1]["content"] for chat in server.chats], ["first\nof two lines", "second"])

    def test_keys_that_are_tapped_quickly_count(self):
        server = self.use(OpenAIServer("a"))
        self.configure(server, models=["a"])
        window = self.open()
        for index in range(5):
            window.screen.x.give("tapped ", lambda: window.tap("ctrl+v"))
            window.wait_still()
            window.tap("ctrl+Return")
            server.wait_for(lambda: len(server.chats) == index + 1)
            window.wait_title(AT_REST)
            window.wait_still()

    def test_a_failure_halts_writes_reports_and_can_be_retried(self):
        broken = threading.Event()
        server = self.use(OpenAIServer("a", chat=lambda r: echo(r) if broken.is_set() else [STREAM + role("a") + text("half of it", "a")]))
        self.configure(server, models=["a"])
        window = self.open()
        self.send(window, "Hello")
        window.wait_title(HALTED)
        (markdown,), (report,) = self.reports(".md"), self.reports(".json")
        self.assertIn("### Assistant (incomplete: cut_off)", markdown.read_text(encoding="utf-8"))
        self.assertIn("half of it", markdown.read_text(encoding="utf-8"))
        self.assertTrue(json.loads(report.read_bytes())["halted"])
        self.assertIn(BAD, window.wait_still().colours())
        broken.set()
        window.key("ctrl+r")
        window.wait_title(AT_REST)
        self.assertEqual(len(server.chats), 2)

    def test_stop_keeps_what_has_arrived(self):
        server = self.use(OpenAIServer("a", chat=[STREAM + role("a") + text("half of it", "a"), HANG]))
        self.configure(server, models=["a"])
        window = self.open()
        self.send(window, "Hello")
        self.wait_text(window)
        window.key("ctrl+period")
        window.wait_title(AT_REST)
        server.wait_for(lambda: server.chats[0].ended is not None)
        window.key("ctrl+e")
        markdown = self.reports(".md")[0].read_text(encoding="utf-8")
        self.assertIn("### Assistant (incomplete: stopped)\n\nhalf of it", markdown)

    def wait_text(self, window):
        """Until the first answer of the first candidate has text."""
        line = (343, 195, 200, 40)
        window.wait_title(BUSY)
        window.wait_picture(lambda picture: (0xE3, 0xE5, 0xE8) in picture.crop(*line).colours(), "text of the answer")


class Desktop(WindowTest):
    def test_it_is_drawn_at_every_size(self):
        server = self.use(OpenAIServer("a", "b", "c"))
        self.configure(server, models=["a", "b", "c"])
        window = self.open()
        before = window.wait_still()
        for width, height in ((1000, 700), (640, 480), (1600, 900)):
            window.resize(width, height)
            window.wait_picture(lambda p: p.pixel(width - 4, height - 4) != (0, 0, 0), f"a picture up to the corner of {width}x{height}")
            self.assertGreater(len(window.wait_still().crop(0, 0, width, height).colours()), 20)
        configuration = (0, 30, 320, 860)
        self.assertEqual(window.wait_still().crop(*configuration), before.crop(*configuration))
        self.send(window, "Hello")
        server.wait_for(lambda: len(server.chats) == 3)

    def test_a_minimised_window_goes_on_and_shows_it_later(self):
        goes_on = threading.Event()
        server = self.use(OpenAIServer("a", chat=answer("one ", "two", model="a", between=goes_on)))
        self.configure(server, models=["a"])
        window = self.open()
        self.send(window, "Hello")
        window.wait_title(BUSY)
        window.minimise()
        goes_on.set()
        server.wait_for(lambda: server.chats and server.chats[0].ended is not None)
        window.bring_back()
        window.wait_title(AT_REST)
        window.wait_picture(lambda p: (0xE3, 0xE5, 0xE8) in p.crop(*ANSWERS).colours(), "the answer's text")
        window.key("ctrl+e")
        self.assertIn("one two", self.reports(".md")[0].read_text(encoding="utf-8"))

    def test_closed_output_streams_do_not_matter(self):
        server = self.use(OpenAIServer("a"))
        self.configure(server, models=["a"])
        window = self.open(through=["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"])
        self.send(window, "Hello")
        server.wait_for(lambda: len(server.chats) == 1)
        window.wait_title(AT_REST)
        window.key("ctrl+e")
        self.reports(".md")
        window.key("ctrl+q")
        self.assert_ends(window)

    def test_at_rest_it_costs_nothing(self):
        if SANITIZED:
            print("SKIPPED: the cost of rest, where sanitizers have threads of their own", flush=True)
            return
        server = self.use(OpenAIServer("a", "b", "c"))
        self.configure(server, models=["a", "b", "c"])
        window = self.open()
        self.send(window, "Hello")
        server.wait_for(lambda: len(server.chats) == 3)
        window.wait_still()
        self.wait_quiet(window)
        (cpu_before, switches_before), picture = window.cost(), window.picture()
        end = time.monotonic() + 10
        while time.monotonic() < end:  # what is measured is this time
            time.sleep(0.5)
        cpu, switches = window.cost()
        self.assertLess(cpu - cpu_before, 0.1)
        self.assertLess(switches - switches_before, 15)
        self.assertEqual(window.picture(), picture)

    def wait_quiet(self, window):
        """Until the text cursor has stopped blinking: a second in which the program has hardly run."""
        def is_quiet():
            _, before = window.cost()
            time.sleep(1.5)
            return window.cost()[1] - before <= 2
        wait_until(is_quiet, "rest", 30)

    def test_without_a_display_it_says_what_works(self):
        with Screen(640, 480) as gone:
            gone.kill()
            for environment in ({}, {"DISPLAY": ""}, {"DISPLAY": gone.name}, {"DISPLAY": "nonsense"}):
                result = self.home.call(environment=environment)
                self.assert_status(result, 1)
                self.assertIn("llm-compare run", result.stderr)

    def test_a_display_that_goes_away_ends_it_without_a_crash(self):
        server = self.use(OpenAIServer("a", chat=[STREAM + role("a") + text("half of it", "a"), HANG]))
        self.configure(server, models=["a"])
        screen = self.screen()
        window = self.open(screen=screen)
        self.send(window, "Hello")
        server.wait_for(lambda: len(server.chats) == 1)
        screen.kill()
        result = window.wait()
        self.assertEqual(result.status, 1)
        self.assertIn("display is lost", result.stderr)

    def test_a_file_that_is_not_there_is_named(self):
        result = self.home.call("no-such-file.txt", environment={"DISPLAY": self.screen(640, 480).name})
        self.assert_status(result, 1)
        self.assertIn("no-such-file.txt", result.stderr)


class Ending(WindowTest):
    def test_with_nothing_to_lose_it_ends_at_once(self):
        self.configure(models=[])
        for ask in (lambda w: w.key("ctrl+q"), lambda w: w.ask_to_close(), lambda w: w.signal(signal.SIGTERM),
                    lambda w: w.signal(signal.SIGINT)):
            window = self.open()
            ask(window)
            result = self.assert_ends(window)
            self.assertEqual(result.output, "")
        self.assertFalse(self.home.out.exists())

    def test_with_rounds_that_are_nowhere_kept_it_asks(self):
        server = self.use(OpenAIServer("a"))
        self.configure(server, models=["a"])
        window = self.open()
        self.send(window, "Hello")
        server.wait_for(lambda: len(server.chats) == 1)
        window.wait_title(AT_REST)
        before = window.wait_still()
        for ask in (lambda: window.key("ctrl+q"), window.ask_to_close):
            ask()
            corner = (before.width - 300, before.height - 200, 250, 150)
            window.wait_picture(lambda p: p.crop(*corner) != before.crop(*corner), "a question before all else")
            self.assert_runs(window)
            window.key("Escape")
            window.wait_picture(lambda p: p.crop(*ANSWERS) == before.crop(*ANSWERS), "the window as it was")
        self.assertFalse(self.home.out.exists(), "nothing was asked to be written")
        window.key("ctrl+e")
        self.reports(".md")
        window.wait_still()
        window.key("ctrl+q")
        self.assert_ends(window)

    def test_the_system_ends_it_in_the_middle_of_an_answer_and_its_journal_stays(self):
        window = self.stream_half()
        window.signal(signal.SIGTERM)
        result = self.assert_ends(window)
        self.assertEqual(result.files(), [], "what is in a journal needs no reports")
        self.assertEqual(window.remembered["prompts"], [], "the session may be discarded yet, and its prompts with it")
        recovered = self.recover()
        self.assertEqual(recovered.answer("a")["text"], "half of a")
        self.assertEqual([p.name for p in self.state.iterdir()], ["window.json"])

    def test_without_a_journal_the_system_s_end_writes_reports(self):
        window = self.stream_half(journal=False)
        window.signal(signal.SIGTERM)
        result = self.assert_ends(window)
        self.assertEqual({f.suffix for f in result.files()}, {".md", ".json"}, result.files())
        self.assertEqual([f for f in result.files() if not re.fullmatch(r"llm_compare_\d{8}_\d{6}\.(md|json)", f.name)], [])
        first = result.answer("a")
        self.assertEqual((first["state"], first["text"]), ("stopped", "half of a"))
        self.assertIn("### Assistant (incomplete: stopped)\n\nhalf of a", result.markdown)
        self.assertEqual([p.name for p in self.state.iterdir()], ["window.json"], "something half-written stays")
        self.assertEqual(window.remembered["prompts"], ["Hello"])

    def stream_half(self, **config):
        server = self.use(OpenAIServer("a", "b", chat=lambda r: [STREAM + role(r.model) + text(f"half of {r.model}", r.model), HANG]))
        self.configure(server, models=["a", "b"], **config)
        window = self.open()
        self.send(window, "Hello")
        Use.wait_text(self, window)
        return window


class Configuration(WindowTest):
    # At 1600x900, with no server and no model.
    SLIDER, SAVE = (220, 277), (66, 854)

    def change_and_save(self, window):
        window.click(*self.SLIDER)
        window.click(*self.SAVE)
        window.wait_still()

    def test_what_is_set_is_saved_on_request(self):
        window = self.open()
        self.change_and_save(window)
        saved = wait_until(lambda: self.home.config_file.exists() and json.loads(self.home.config_file.read_text()), "config.json")
        self.assertGreater(saved["temperature"], 1)

    def test_a_broken_file_is_told_and_stays_as_it_is(self):
        content = '{"servers": ["http://127.0.0.1:1"], "temprature": 1}\n'
        self.home.config(content)
        window = self.open()
        self.assertIn(BAD, window.picture().colours(), "nothing says that the file is not used")
        self.change_and_save(window)
        self.assert_runs(window)
        window.key("ctrl+q")
        self.assert_ends(window)
        self.assertEqual(self.home.config_file.read_text(), content)

    def test_windows_are_arranged_by_keys_and_stay_so(self):
        server = self.use(OpenAIServer("a", "b", "c", "d"))
        self.configure(server, models=["a", "b", "c", "d"])
        screen = self.screen()
        window = self.open(screen=screen)
        seen = {}
        for name, key in (("columns", "ctrl+shift+1"), ("grid", "ctrl+shift+2"), ("tabs", "ctrl+shift+3")):
            window.key(key)
            seen[name] = window.wait_still().crop(340, 24, 1250, 650)
        self.assertNotEqual(seen["columns"], seen["grid"])
        self.assertNotEqual(seen["grid"], seen["tabs"])
        window.key("ctrl+q")
        self.assert_ends(window)
        self.assertEqual(window.remembered["arrangement"], "tabs")
        again = self.open(screen=screen)
        again.wait_picture(lambda p: p.crop(340, 60, 1250, 600) == seen["tabs"].crop(0, 36, 1250, 600), "the tabs as they were")


class RealModels(WindowTest):
    """The steps of a first use with two real small models, from the configuration to the report."""

    def with_models(self, use):
        process, found = test_real_models.servers()
        if process is None:
            print(f"SKIPPED: {found}", file=sys.stderr)
            self.skipTest(found)
        try:
            return use(found)
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()
            process.stderr.close()

    def test_from_the_configuration_to_the_report_as_by_run(self):
        prompts = self.home.file("prompts.txt", "The password is tiger.\nWhat is the password?\nName three colours.\n")

        def configure(found):
            (first_url, published), (second_url, coarser) = found
            self.configure(first_url, second_url, max_tokens=40, temperature=0, models=[
                {"model_id": published, "seed": 1}, {"model_id": coarser, "display_name": "coarser", "seed": 1}])

        def by_window(found):
            configure(found)
            window = self.open(prompts)
            window.key("ctrl+Return")
            window.wait_title(BUSY)
            window.key("ctrl+shift+3")
            window.key("ctrl+shift+1")
            window.key("ctrl+m")
            window.wait_title(AT_REST, 180)
            window.key("ctrl+e")
            (report,) = self.reports(".md")
            window.wait_still()
            window.key("ctrl+q")
            self.assert_ends(window)
            return report.read_text(encoding="utf-8")

        def by_run(found):
            configure(found)
            result = self.home.run("--out", self.home.path / "by-run", "--prompts", prompts, prompts=(), seconds=180)
            self.assert_status(result, 0)
            (report,) = (self.home.path / "by-run").glob("*.md")
            return report.read_text(encoding="utf-8")

        window, run = self.with_models(by_window), self.with_models(by_run)  # servers of their own: what they remember changes answers
        self.assertEqual(window.count("### Assistant\n"), 6)
        self.assertEqual(conversations(window), conversations(run))


if __name__ == "__main__":
    unittest.main()
