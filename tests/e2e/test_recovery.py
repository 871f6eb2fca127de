"""What a program that is killed leaves, and `recover`: complete answers whole, begun ones as far as they came, every prompt."""
import contextlib
import json
import os
import resource
import signal
import stat
import subprocess
import threading
import time
import unittest

from journals import ANSWER, LOOK_EVERY, ROUND, WHOLE, KillTest, Streams, records, text_in
from llm_compare import PATIENCE, PROGRAM
from servers import DONE, HANG, STREAM, OpenAIServer, answer, echo, finish, role, text, tool_call, usage

ENDED, UNSENT = "The program ended while this answer was coming.", "The program ended before this prompt was sent."


class Kills(KillTest):
    def test_a_kill_loses_no_complete_answer_and_no_prompt(self):
        streams = Streams()
        chat = lambda r: answer("whole ", "too", model="a") if r.model == "a" and len(r.messages) > 2 else streams(r)  # noqa: E731
        prompts = ["first", "zweitens, 世界", "third\nof two lines", "fourth"]
        running = self.start(chat=chat, models=("a", "b", "c"), prompts=prompts)
        self.wait_journal(lambda journal: text_in(journal).count(WHOLE) == 4)  # a, b, c and b again
        self.kill(running)

        result = self.recover()
        report = result.report
        self.assertTrue(report["halted"])
        self.assertIn("The program ended before round 2", report["halt_reason"])
        self.assertEqual([one["prompt"] for one in report["queue"]], prompts[2:])
        for label in "abc":
            first = result.answer(label)
            self.assertEqual((first["state"], first["text"], first["reasoning"], first["warnings"]), ("complete", WHOLE + f"said {label}", "hm, 世 ", []))
            self.assertEqual([one["prompt"] for one in result.answers(label)], prompts[:2])
        self.assertEqual((result.answer("a", 2)["state"], result.answer("a", 2)["text"]), ("complete", "whole too"))
        for label, words, thoughts, why in (("b", WHOLE, "hm, 世 ", ENDED), ("c", "", "", UNSENT)):
            second = result.answer(label, 2)
            self.assertEqual((second["state"], second["text"], second["reasoning"]), ("interrupted", words, thoughts))
            self.assertEqual(second["warnings"], [why])
            self.assertEqual([m["content"] for m in result.conversation(label)["messages"]], ["first", WHOLE + f"said {label}"])
        self.assertIn("### User\n\nzweitens, 世界\n\n### Assistant (incomplete: interrupted)\n\n> ⚠️ " + ENDED, result.markdown)
        self.assertIn("**Session Halted:** The program ended before round 2", result.markdown)
        self.assertEqual(self.journals(), [])
        self.assertEqual(len(self.server.chats), 5, "recovering asks nobody")

    def test_a_kill_at_once_loses_the_end_of_a_text_and_nothing_else(self):
        pieces = [f"piece {i} ☃ " for i in range(200)]
        streams = Streams(pieces=pieces)
        running = self.start(chat=streams, prompts=("first", "second"))
        self.assertTrue(streams.sent.wait(PATIENCE))
        self.kill(running)
        result = self.recover()
        self.assertEqual((result.answer("a")["state"], result.answer("a")["text"]), ("complete", WHOLE + "said a"))
        second = result.answer("a", 2)
        self.assertEqual((second["state"], second["prompt"]), ("interrupted", "second"))
        self.assertTrue("".join(pieces).startswith(second["text"]), second["text"])

    def test_a_kill_before_the_first_token_keeps_the_prompts(self):
        running = self.start(chat=[HANG], prompts=("first", "second"))
        self.server.wait_for(lambda: self.server.chats)
        self.kill(running)
        result = self.recover()
        self.assertEqual((result.answer("a")["prompt"], result.answer("a")["state"], result.answer("a")["text"]), ("first", "interrupted", ""))
        self.assertEqual([one["prompt"] for one in result.report["queue"]], ["second"])

    def test_tool_calls_of_complete_answers_are_there_as_they_came(self):
        arguments = '{"city": "Zürich", "n": 1.50}'
        calls = [STREAM + role("a") + tool_call(0, "weather", arguments[:9], "call_1", "a") + tool_call(0, None, arguments[9:], model="a")
                 + finish("tool_calls", "a") + usage(model="a") + DONE]
        running = self.start(chat=lambda r: calls if len(r.messages) == 2 else [HANG], prompts=("first", "second"))
        self.server.wait_for(lambda: len(self.server.chats) == 2)
        self.kill(running)
        result = self.recover()
        self.assertEqual(result.answer("a")["tool_calls"], [{"id": "call_1", "name": "weather", "arguments": arguments}])
        self.assertEqual(result.answer("a")["finish_reason"], "tool_calls")

    def test_tool_calls_that_were_coming_are_there_as_far_as_they_came(self):
        pieces = [tool_call(0, "weather", '{"city": ', "call_1", "a"), tool_call(0, None, '"Zürich"', model="a"), tool_call(1, "time", "", "call_2", "a")]
        running = self.start(chat=[STREAM + role("a"), *pieces, HANG])
        self.wait_journal(lambda journal: b"call_2" in journal)
        self.kill(running)
        result = self.recover()
        self.assertEqual(result.answer("a")["state"], "interrupted")
        self.assertEqual(result.answer("a")["tool_calls"],
                         [{"id": "call_1", "name": "weather", "arguments": '{"city": "Zürich"'}, {"id": "call_2", "name": "time", "arguments": ""}])

    def test_every_request_is_sent_after_its_prompt_and_all_before_it_are_on_the_disk(self):
        seen = []

        def chat(request):
            found = records(self.journals()[-1].read_bytes())
            prompts = [json.loads(payload)["prompt"] for _, kind, payload in found if kind == ROUND]
            ended = [one["candidate"] for one in (json.loads(payload) for _, kind, payload in found if kind == ANSWER) if one["state"] == "complete"]
            seen.append((request.messages[-1]["content"] in prompts, len(ended) >= 2 * (request.roles.count("user") - 1)))
            return echo(request)
        result = self.start(chat=chat, models=("a", "b"), prompts=("first", "zweitens", "third")).wait()
        self.assert_status(result, 0)
        self.assertEqual(seen, [(True, True)] * 6)

    def test_a_killed_run_is_left_alone_by_the_next_one(self):
        self.leave_a_journal()
        (left,) = self.journals()
        before = left.read_bytes()
        self.assert_status(self.run_("--out", self.home.path / "other", servers=[self.use(OpenAIServer("a"))], models=["a"]), 0)
        self.assertEqual([path.read_bytes() for path in self.journals()], [before])
        self.assertEqual(self.recover().answer("a", 2)["text"], WHOLE)


class Command(KillTest):
    def test_without_a_journal_it_says_so(self):
        for arguments in ((), ("--list",)):
            result = self.home.call("recover", *arguments)
            self.assert_refused(result, "There is no crash journal", self.state)

    def test_the_list_names_what_is_there_and_changes_nothing(self):
        self.leave_a_journal()
        (path,) = self.journals()
        before = path.read_bytes()
        result = self.recover("--list")
        for words in (path, "2 rounds", "2 answers (1 unfinished)", "1 prompt waiting"):
            self.assertIn(str(words), result.stdout)
        self.assertEqual((result.files(), path.read_bytes()), ([], before))

    def test_the_newest_comes_first_and_each_once(self):
        for prompt in ("older", "newer"):
            running = self.start(chat=[HANG], prompts=(prompt,))
            self.server.wait_for(lambda: self.server.chats)
            self.kill(running)
            (path,) = [path for path in self.journals() if "_20000101_" not in path.name]
            if prompt == "older":
                path.rename(path.with_name("journal_20000101_000000_00.llmcj"))
        for prompt in ("newer", "older"):
            out = self.home.path / prompt
            self.recover("--out", out)
            (report,) = out.glob("*.json")
            self.assertEqual(json.loads(report.read_bytes())["conversations"]["a"]["answers"][0]["prompt"], prompt)
        self.recover(status=1)

    def test_as_a_session_it_can_be_exported_like_any(self):
        self.leave_a_journal()
        session = self.home.path / "saved" / "found.llmc.json"
        result = self.recover("--as", session)
        self.assertEqual((result.files(), self.journals()), ([], []))
        self.assertIn(str(session), result.stdout)
        exported = self.home.call("export", session, "--out", self.home.out)
        self.assert_status(exported, 0)
        self.assertEqual((exported.answer("a", 2)["state"], exported.answer("a", 2)["text"]), ("interrupted", WHOLE))

    def test_a_journal_stays_until_something_that_can_be_opened_is_written(self):
        self.leave_a_journal()
        (path,) = self.journals()
        for formats in ("md", "html,csv"):
            result = self.recover("--format", formats)
            self.assertIn(f"The journal stays: {path}", result.stdout)
            self.assertEqual(self.journals(), [path])
        self.assertIn(WHOLE.split("\n")[0], result.markdown)
        blocked = self.home.file("blocked", "somebody's")
        for arguments in (("--format", "xml"), ("--out", blocked), ("--as", blocked / "x.llmc.json")):
            with self.subTest(arguments):
                self.assertTrue(self.recover(*arguments, status=1).stderr)
                self.assertEqual(self.journals(), [path])
        self.recover("--format", "json")
        self.assertEqual(self.journals(), [])

    def test_of_several_at_once_one_recovers_and_the_others_say_why_not(self):
        self.leave_a_journal()
        (path,) = self.journals()
        # The first one waits for a reader before it removes the journal.
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while os.write(writer, b" " * 4096):
                pass
        os.set_blocking(writer, True)
        out = self.home.path / "first"
        first = subprocess.Popen([PROGRAM, "recover", "--out", str(out)], stdout=writer, stderr=subprocess.PIPE, env=self.home.environment())
        self.home._processes.append(first)  # ended with the test
        os.close(writer)
        end = time.monotonic() + PATIENCE
        while len(list(out.glob("llm_compare_*"))) < 2 and time.monotonic() < end:
            time.sleep(LOOK_EVERY)
        self.assertEqual((len(list(out.glob("llm_compare_*"))), self.journals()), (2, [path]))

        second = self.recover(status=1)
        self.assertIn(f"{path} is in use by another program.", second.stderr)
        self.assertEqual(second.files(), [])
        with open(reader, "rb") as pipe:
            self.assertIn(b"report ", pipe.read())
        self.assertEqual((first.stderr.read(), first.wait(PATIENCE), self.journals()), (b"", 0, []))

    def test_a_session_never_takes_the_place_of_a_file(self):
        self.leave_a_journal()
        (path,) = self.journals()
        mine = self.home.file("mine.llmc.json", "somebody's")
        self.assertIn(str(mine), self.recover("--as", mine, status=1).stderr)
        self.assertEqual((mine.read_text(), self.journals()), ("somebody's", [path]))

    def test_options_that_would_be_ignored_are_refused(self):
        self.leave_a_journal()
        session = self.home.path / "found.llmc.json"
        for option, more in (("--out", (self.home.out,)), ("--format", ("html",)), ("--list", ())):
            with self.subTest(option):
                result = self.home.call("recover", "--as", session, option, *more)
                self.assert_refused(result, "--as", option)
                self.assertEqual((session.exists(), len(self.journals())), (False, 1))

    def test_reports_go_to_the_configured_folder_unless_another_is_named(self):
        self.leave_a_journal()
        self.home.config({"report_folder": str(self.home.path / "mine")})
        self.assert_status(self.home.call("recover", "--format", "md"), 0)
        self.assertEqual(len(list((self.home.path / "mine").glob("*.md"))), 1)
        self.home.config("{broken")
        result = self.home.call("recover")
        self.assert_refused(result, self.home.config_file)
        self.assertEqual(len(self.journals()), 1)
        self.recover()

    def test_what_a_running_program_writes_is_not_touched(self):
        first_may, second_may = threading.Event(), threading.Event()
        one = self.start("--out", self.home.path / "one", chat=answer("one ", "two", model="a", between=first_may))
        self.wait_journal()
        for arguments, status in (((), 1), (("--list",), 0)):
            self.assertIn("in use", self.recover(*arguments, status=status).output)
        server = self.use(OpenAIServer("b", chat=answer("drei ", "vier", model="b", between=second_may)))
        two = self.home.start_run("--out", self.home.path / "two", servers=[server], models=["b"])
        self.wait_journal(lambda journal: text_in(journal) == "drei ", count=2)
        self.kill(two)
        recovered = self.recover()
        self.assertEqual((recovered.answer("b")["state"], recovered.answer("b")["text"]), ("interrupted", "drei "))
        self.assertEqual(len(self.journals()), 1)
        first_may.set()
        result = one.wait()
        self.assert_status(result, 0)
        (report,) = (self.home.path / "one").glob("*.json")
        self.assertEqual(json.loads(report.read_bytes())["conversations"]["a"]["answers"][0]["text"], "one two")
        self.assertEqual(self.journals(), [])


class Endings(KillTest):
    def test_there_is_one_while_something_is_nowhere_else_and_none_after(self):
        counts = []

        def chat(request):
            counts.append([stat.S_IMODE(path.stat().st_mode) for path in self.journals()])
            return echo(request)
        old = os.umask(0)
        try:
            running = self.start(chat=chat, prompts=("first", "second"))
        finally:
            os.umask(old)
        self.assert_status(running.wait(), 0)
        self.assertEqual(counts, [[0o600]] * 2)
        self.assertEqual(self.journals(), [])

    def test_how_it_ends_decides_whether_it_stays(self):
        for number, status, stays in ((signal.SIGINT, 130, False), (signal.SIGTERM, 130, True)):
            with self.subTest(number.name):
                streams, out = Streams(last=1), self.home.path / number.name
                running = self.start("--out", out, chat=streams, prompts=("first", "second"))
                self.wait_journal(lambda journal: text_in(journal) == WHOLE)
                running.signal(number)
                self.assert_status(running.wait(), status)
                (report,) = out.glob("*.json")
                written = json.loads(report.read_bytes())["conversations"]["a"]["answers"][0]
                self.assertEqual((written["state"], written["text"]), ("stopped", WHOLE))
                self.assertEqual(len(self.journals()), stays)
        result = self.recover()
        self.assertEqual((result.answer("a")["state"], result.answer("a")["text"]), ("stopped", WHOLE))
        self.assertEqual([one["prompt"] for one in result.report["queue"]], ["second"])

    def test_an_interrupted_run_writes_what_can_be_gone_on_with_whatever_was_asked_for(self):
        running = self.start("--format", "csv", chat=Streams(last=1), prompts=("first", "second"))
        self.wait_journal(lambda journal: text_in(journal) == WHOLE)
        running.signal(signal.SIGINT)
        result = running.wait()
        self.assert_status(result, 130)
        self.assertEqual(sorted(path.suffix for path in result.files()), [".csv", ".json", ".md"])
        self.assertEqual((result.answer("a")["state"], result.answer("a")["text"]), ("stopped", WHOLE))
        self.assertEqual([one["prompt"] for one in result.report["queue"]], ["second"])
        self.assertEqual(self.journals(), [])

    def test_a_halt_removes_it_once_its_reports_are_written(self):
        half = [STREAM + role("a") + text("half of it", "a")]
        result = self.start(chat=half).wait()
        self.assert_status(result, 3)
        self.assertEqual(result.answer("a")["text"], "half of it")
        self.assertEqual(self.journals(), [])

    def test_it_stays_where_the_reports_could_not_be_written(self):
        def block(_):
            for path in self.home.out.glob("*"):
                path.unlink()
            with contextlib.suppress(FileNotFoundError):
                self.home.out.rmdir()
            self.home.out.write_text("somebody's")
        for name, script, status in (("a halt", [STREAM + role("a") + text("half of it", "a"), block], 3),
                                     ("the end", [STREAM + role("a") + text("half of it", "a"), block, finish(model="a") + DONE], 1)):
            with self.subTest(name):
                result = self.start(chat=script).wait()
                self.assert_status(result, status)
                self.assertIn(str(self.home.out), result.stderr)
                self.assertEqual(len(self.journals()), 1)
                self.assertIn("llm-compare recover", result.stderr)
                self.home.out.unlink()
                self.assertEqual(self.recover().answer("a")["text"], "half of it")
                for path in self.home.out.glob("*"):
                    path.unlink()

    def test_nothing_sent_leaves_none(self):
        server = self.use(OpenAIServer("a"))
        self.assert_status(self.run_(servers=[server], models=["missing"]), 2)
        self.assertFalse(self.state.exists() and self.journals())

    def test_the_setting_turns_it_off(self):
        self.home.config({"journal": False})
        running = self.start(chat=(streams := Streams()), prompts=("first", "second"))
        self.assertTrue(streams.sent.wait(PATIENCE))
        self.assertFalse(self.state.exists() and any(self.state.iterdir()))
        self.kill(running)
        self.recover(status=1)


class Trouble(KillTest):
    def assert_goes_on_without(self, result, *words):
        self.assert_status(result, 0)
        self.assertEqual(result.stderr.count("The crash journal fails"), 1, result.stderr)
        for word in words:
            self.assertIn(str(word), result.stderr)
        self.assertEqual(len(result.of_kind("warning")), 1)

    def test_a_folder_that_cannot_be_used_is_told_and_stops_nothing(self):
        for name in ("state", "state/llm-compare"):
            with self.subTest(name):
                blocked = self.home.file(name, "somebody's")
                result = self.start("--out", self.home.path / f"out-of-{blocked.name}", chat=echo, prompts=("first", "second")).wait()
                self.assert_goes_on_without(result, blocked)
                self.assertEqual(len(self.server.chats), 2)
                self.assertEqual(blocked.read_text(), "somebody's")
                self.assertIn("no crash journal", self.recover(status=1).stderr)
                blocked.unlink()
                self.home.events_file.unlink()

    def test_a_folder_that_is_read_only_is_told_and_stops_nothing(self):
        if os.geteuid() == 0:
            print("SKIPPED: a read-only folder, which is none for root", flush=True)
            self.skipTest("root writes everywhere")
        self.state.mkdir(parents=True)
        self.state.chmod(0o500)
        self.addCleanup(self.state.chmod, 0o700)
        self.assert_goes_on_without(self.start(chat=echo).wait(), self.state)

    def test_a_disk_that_fills_up_stops_the_journal_and_nothing_else(self):
        full, goes_on = threading.Event(), threading.Event()

        def fill(_):
            size = self.journals()[0].stat().st_size
            resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size + 5, resource.RLIM_INFINITY))
            full.set()
        second = [STREAM + role("a"), fill, text("more ", "a"), goes_on, text("and more", "a") + finish(model="a") + DONE]
        running = self.start("--events", self.home.file("unused", ""), chat=lambda r: answer("one", model="a") if len(r.messages) == 2 else second,
                             prompts=("first", "second"))
        self.assertTrue(full.wait(PATIENCE))
        running.wait_output("The crash journal fails")
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        torn = self.home.file("torn", self.journals()[0].read_bytes())
        goes_on.set()
        result = running.wait()
        self.assert_status(result, 0)
        self.assertIn("File too large", result.stderr)
        self.assertEqual((result.answer("a")["text"], result.answer("a", 2)["text"]), ("one", "more and more"))
        self.assertEqual(self.journals(), [])

        torn.rename(self.state / "journal_20000101_000000_torn.llmcj")
        for path in self.home.out.iterdir():
            path.unlink()
        recovered = self.recover()
        self.assertEqual((recovered.answer("a")["state"], recovered.answer("a")["text"]), ("complete", "one"))
        self.assertEqual((recovered.answer("a", 2)["state"], recovered.answer("a", 2)["prompt"]), ("interrupted", "second"))


if __name__ == "__main__":
    unittest.main()
