"""`run --resume`: what failed is tried again, what is complete is not sent again, the rest of the batch goes on, and the record holds all of it."""
import json
import re
import shlex
import signal
import threading
import unittest

from journals import JournalTest, text_in
from llm_compare import PATIENCE
from servers import HANG, STREAM, OpenAIServer, answer, echo, in_turn, reply, role, text
from test_secrets import KEY, guarded

PROMPTS = ["first", "zweitens, 世界", "third\nof two lines"]
SYSTEM = "You are a helpful assistant."


def said(model, prompt, before=1):
    """What echo() makes a model say."""
    return f"{model} heard {prompt!r} after {before}"


def half(model, words="half of it"):
    """An answer that breaks off."""
    return [STREAM + role(model) + text(words, model)]


class ResumeTest(JournalTest):
    def serve(self, *models, chat):
        self.server = self.use(OpenAIServer(*models, chat=chat))
        return self.server

    def halted(self, *arguments, models=("a", "b", "c"), prompts=PROMPTS, fails=("b", "first"), status=3, environment=None):
        """A run whose answer `fails` breaks off once; gives its JSON report, in a file of its own. The server then works."""
        self.failing = [fails]

        def chat(request):
            key = (request.model, request.messages[-1]["content"])
            if key in self.failing:
                self.failing.remove(key)
                return half(request.model)
            return echo(request)
        self.serve(*set(models), chat=chat)
        result = self.run_("--order", "listed", *arguments, servers=[self.server], models=models, prompts=prompts, environment=environment)
        self.assert_status(result, status)
        return self.taken(result)

    def taken(self, result, name="halted.json"):
        (report,) = result.files(".json")
        path = self.home.file(name, report.read_bytes())
        self.clear()
        return path

    def clear(self):
        for path in (*self.home.out.glob("*"), self.home.events_file):
            path.unlink(missing_ok=True)
        self.earlier = len(self.server.chats)

    def resume(self, path, *arguments, status=0, environment=None, prompts=()):
        before = path.read_bytes()
        result = self.run_("--resume", path, *arguments, prompts=prompts, environment=environment)
        self.assert_status(result, status)
        self.assertEqual(path.read_bytes(), before, "the file that is resumed stays as it is")
        self.assertEqual(self.journals(), [])
        return result

    @property
    def sent(self):
        """(model, prompt) of every request since the resume."""
        return [(chat.model, chat.messages[-1]["content"]) for chat in self.server.chats[self.earlier:]]

    def states(self, result, label):
        return [one["state"] for one in result.answers(label)]


class Refused(ResumeTest):
    def test_a_server_that_refuses_the_second_time_halts_the_session_again(self):
        self.steady = self.use(OpenAIServer("a"))
        self.serve("b", chat=lambda _: half("b"))
        result = self.run_("--order", "listed", servers=[self.steady, self.server], models=["a", "b"], prompts=PROMPTS)
        self.assert_status(result, 3)
        halted = self.taken(result)

        def last_question(_):  # of those about its models: then it is gone
            self.server.refuse()
            return reply(404, {})
        self.server.routes["GET /api/tags"] = last_question
        again = self.resume(halted, status=3)
        self.assertRegex(again.stderr, "refuse[sd] the connection")
        self.assertTrue(again.report["halted"])
        self.assertRegex(again.report["halt_reason"], "refuse[sd] the connection")
        self.assertEqual((again.answer("b")["state"], again.answer("b")["attempt"]), ("failed", 2))
        self.assertEqual([(one["state"], one["text"]) for one in again.conversation("b")["replaced"]], [("cut_off", "half of it")])
        for label in "ab":
            self.assertLessEqual(set(self.states(again, label)), {"complete", "interrupted", "failed"}, "nothing is left waiting")
        self.assertEqual(len(again.report["queue"]), 2)

        # Now it is not even there to be asked: nothing starts, and the session stays as it is.
        halted = self.taken(again, "halted again.json")
        refused = self.home.run("--resume", halted, prompts=())
        self.assert_status(refused, 2)
        self.assertRegex(refused.stderr, "refuse[sd] the connection")
        self.assertEqual(list(self.home.out.glob("*")), [])


class Batch(ResumeTest):
    def check_whole(self, result, replaced):
        """Everything was said in the end; `replaced`: of each label, (state, text) of what was tried again."""
        self.assertFalse(result.report["halted"])
        self.assertEqual(result.report["queue"], [])
        for label in "abc":
            self.assertEqual([one["text"] for one in result.answers(label)], [said(label, PROMPTS[i], 2 * i + 1) for i in range(3)])
            self.assertEqual(self.states(result, label), ["complete"] * 3)
            self.assertEqual([(one["state"], one["text"]) for one in result.conversation(label)["replaced"]], replaced.get(label, []))
        self.assertEqual(result.answer("b")["attempt"], 2)
        for chat in self.server.chats[self.earlier:]:
            number = PROMPTS.index(chat.messages[-1]["content"])
            self.assertEqual([m["content"] for m in chat.messages],
                             [SYSTEM, *(words for i in range(number) for words in (PROMPTS[i], said(chat.model, PROMPTS[i], 2 * i + 1))), PROMPTS[number]])

    def test_after_a_halt_only_what_is_missing_is_sent(self):
        report = self.halted()
        result = self.resume(report)
        self.assertEqual(self.sent, [("b", "first"), ("c", "first"), *((model, prompt) for prompt in PROMPTS[1:] for model in "abc")])
        self.check_whole(result, {"b": [("cut_off", "half of it")]})
        self.assertIn("half of it", result.markdown)

    def test_after_a_crash_too(self):
        stops = threading.Event()
        self.serve("a", "b", "c", chat=lambda r: echo(r) if r.model != "b" or stops.is_set() else [*half("b"), HANG])
        running = self.home.start_run("--order", "listed", servers=[self.server], models=["a", "b", "c"], prompts=PROMPTS)
        self.wait_journal(lambda journal: "half of it" in text_in(journal))
        self.kill(running)
        stops.set()
        session = self.home.path / "killed.llmc.json"
        self.recover("--as", session)
        self.clear()
        result = self.resume(session)
        self.assertEqual(self.sent[:3], [("b", "first"), ("c", "first"), ("a", PROMPTS[1])])
        self.check_whole(result, {"b": [("interrupted", "half of it")]})

    def test_after_being_stopped_too(self):
        stops = threading.Event()
        self.serve("a", "b", "c", chat=lambda r: echo(r) if r.model != "b" or stops.is_set() else [*half("b"), HANG])
        running = self.home.start_run("--order", "listed", servers=[self.server], models=["a", "b", "c"], prompts=PROMPTS)
        self.wait_journal(lambda journal: "half of it" in text_in(journal))
        running.signal(signal.SIGINT)
        result = running.wait()
        self.assert_status(result, 130)
        stops.set()
        result = self.resume(self.taken(result))
        self.assertEqual(self.sent[:3], [("b", "first"), ("c", "first"), ("a", PROMPTS[1])])
        self.check_whole(result, {"b": [("stopped", "half of it")]})

    def test_a_halt_says_how_to_go_on_in_words_that_a_shell_takes(self):
        self.serve("a", chat=in_turn(half("a"), echo))
        halted = self.run_("--out", self.home.path / "it's mine", "--quiet", servers=[self.server], models=["a"], prompts=PROMPTS)
        self.assert_status(halted, 3)
        (command,) = re.findall(r"(?m)^To go on: llm-compare (.*)$", halted.stderr)
        self.assertEqual(shlex.split(command)[:2], ["run", "--resume"])
        self.clear()
        result = self.home.call(*shlex.split(command), "--out", self.home.out)
        self.assert_status(result, 0)
        self.assertEqual(self.states(result, "a"), ["complete"] * 3)
        self.assertNotIn("To go on", result.output)

    def test_it_may_halt_again_and_again(self):
        report = self.halted()
        self.failing.append(("b", "first"))
        result = self.resume(report, status=3)
        self.assertTrue(result.report["halted"])
        self.assertEqual(self.sent, [("b", "first")])
        again = self.taken(result, "again.json")
        self.failing.append(("a", PROMPTS[2]))
        result = self.resume(again, status=3)
        self.assertEqual([one["attempt"] for one in result.conversation("b")["replaced"]], [1, 2])
        third = self.taken(result, "third.json")
        result = self.resume(third)
        self.assertEqual(self.sent, [("a", PROMPTS[2]), ("b", PROMPTS[2]), ("c", PROMPTS[2])])
        self.assertEqual([(one["round"], one["state"]) for one in result.conversation("a")["replaced"]], [(3, "cut_off")])
        self.assertEqual(result.answer("b")["attempt"], 3)

    def test_a_failure_that_halted_nothing_is_tried_again_in_its_round(self):
        report = self.halted("--on-failure", "continue")
        result = self.resume(report)
        self.assertEqual(self.sent, [("b", "first")])
        self.assertEqual([m["role"] for m in self.server.chats[-1].messages], ["system", "user"])
        self.assertEqual(self.states(result, "b"), ["complete"] * 3)

    def test_of_two_candidates_with_one_model_the_one_that_failed_is_tried_again(self):
        self.serve("a", chat=in_turn(answer("one", model="a"), half("a"), answer("three", model="a")))
        result = self.run_("--order", "listed", servers=[self.server], models=["a=left", "a=right"])
        self.assert_status(result, 3)
        result = self.resume(self.taken(result))
        self.assertEqual(len(self.sent), 1)
        self.assertEqual((result.answer("left")["text"], result.answer("right")["text"]), ("one", "three"))


class Options(ResumeTest):
    def test_a_candidate_is_skipped_by_naming_the_others(self):
        report = self.halted()
        result = self.resume(report, "--model", "a", "--model", "c")
        self.assertEqual(self.sent, [("c", "first"), *((model, prompt) for prompt in PROMPTS[1:] for model in "ac")])
        self.assertEqual(self.states(result, "b"), ["cut_off"])
        self.assertEqual(result.answer("b")["text"], "half of it")
        self.assertEqual(self.states(result, "a"), ["complete"] * 3)

    def test_the_session_s_settings_hold_unless_the_command_line_says_otherwise(self):
        report = self.halted("--temperature", "0.25", "--max-tokens", "77")
        self.home.config({"temperature": 1.9, "max_tokens": 5, "system_prompt": "Another one."})
        result = self.resume(report, "--temperature", "0.5")
        for chat in self.server.chats[self.earlier:]:
            self.assertEqual((chat.json["temperature"], chat.json["max_tokens"], chat.messages[0]["content"]), (0.5, 77, SYSTEM))
        self.assertEqual([one["settings"]["temperature"] for one in result.answers("a")], [0.25, 0.5, 0.5])

    def test_the_same_list_of_prompts_again_sends_what_was_not_sent(self):
        report = self.halted(fails=("b", PROMPTS[1]))
        result = self.resume(report, "--prompts", self.home.file("list.jsonl", "\n".join(json.dumps({"prompt": one}) for one in [*PROMPTS, "fourth"])))
        self.assertEqual(self.sent, [("b", PROMPTS[1]), ("c", PROMPTS[1]), *((model, prompt) for prompt in (PROMPTS[2], "fourth") for model in "abc")])
        self.assertEqual(self.states(result, "c"), ["complete"] * 4)

    def test_further_prompts_follow_those_that_waited(self):
        report = self.halted()
        result = self.resume(report, prompts=["one more", "and another"])
        self.assertEqual(self.sent, [("b", "first"), ("c", "first"), *((model, prompt) for prompt in (*PROMPTS[1:], "one more", "and another") for model in "abc")])
        self.assertEqual(self.states(result, "b"), ["complete"] * 5)

    def test_a_further_prompt_goes_on_with_the_conversation(self):
        self.serve("a", chat=echo)
        report = self.taken(self.run_(servers=[self.server], models=["a"], prompts=["first"]))
        result = self.resume(report, prompts=["second"])
        self.assertEqual(self.sent, [("a", "second")])
        self.assertEqual([m["content"] for m in self.server.chats[-1].messages], [SYSTEM, "first", said("a", "first"), "second"])
        self.assertEqual(self.states(result, "a"), ["complete"] * 2)

    def test_the_key_comes_from_where_the_session_says_or_from_the_configuration(self):
        self.serve("a", chat=guarded(in_turn([*half("a"), HANG], answer("whole", model="a"))))
        self.home.config({"servers": [{"url": self.server.url, "name": "rack", "api_key_env": "RACK_KEY"}], "models": ["a"]})
        running = self.home.start_run(environment={"RACK_KEY": KEY})
        self.wait_journal(lambda journal: "half of it" in text_in(journal))
        self.kill(running)
        session = self.home.path / "killed.llmc.json"
        self.recover("--as", session)
        self.assertNotIn(KEY, session.read_text())

        self.home.config_file.unlink()
        result = self.resume(session, status=3)
        self.assertEqual(result.answer("a")["error"]["status"], 401)
        self.clear()
        self.assertEqual(self.resume(session, environment={"RACK_KEY": KEY}).answer("a")["text"], "whole")
        self.clear()
        self.home.config({"servers": [{"url": self.server.url, "name": "other"}]})
        self.home.file("config/llm-compare/keys.json", {"other": KEY}).chmod(0o600)
        self.assertEqual(self.resume(session).answer("a")["text"], "whole")

    def test_another_server_takes_the_place_of_one_that_is_gone(self):
        report = self.halted(models=("a",), fails=("a", "first"))
        self.server.stop()
        gone = self.run_("--resume", report, prompts=())
        self.assert_refused(gone, self.server.address, status=2)
        other = self.serve("a", chat=echo)
        self.clear()
        result = self.resume(report, "--server", other.url)
        self.assertEqual(self.states(result, "a"), ["complete"] * 3)
        self.assertEqual({one["server"] for one in result.answers("a")}, {other.address})


class Refusals(ResumeTest):
    def test_with_nothing_left_to_do_it_says_so(self):
        self.serve("a", chat=echo)
        report = self.taken(self.run_(servers=[self.server], models=["a"]))
        for arguments in ((), ("--prompts", self.home.file("same.txt", "Hello\n"))):
            self.assert_refused(self.resume(report, *arguments, status=1), "nothing is left to do", report)
        self.assertEqual(self.sent, [])

    def test_a_file_that_cannot_be_read_is_named_and_nothing_is_sent(self):
        report = self.halted()
        whole = report.read_bytes()
        for name, content in (("empty", b""), ("torn", whole[:len(whole) // 2]), ("prompts", b"Hello\n"), ("other format", b'{"format": "llm-compare-cast"}'),
                              ("later", whole.replace(b'"version": 1', b'"version": 99'))):
            with self.subTest(name):
                self.assertNotEqual(content, whole)
                path = self.home.file("damaged.json", content)
                self.assert_refused(self.resume(path, status=1), path)
        self.assert_refused(self.run_("--resume", self.home.path / "missing.json", prompts=()), self.home.path / "missing.json")
        self.assertEqual(self.sent, [])


class Crash(ResumeTest):
    def test_a_resumed_run_that_is_killed_leaves_the_whole_session(self):
        report = self.halted(models=("a", "b"))
        begun = threading.Event()
        self.server.routes["POST /v1/chat/completions"] = lambda r: (
            [STREAM + role("a") + text("begun ☃", "a"), lambda _: begun.set(), HANG] if (r.model, r.messages[-1]["content"]) == ("a", PROMPTS[2]) else echo(r))
        running = self.home.start_run("--resume", report, prompts=())
        self.assertTrue(begun.wait(PATIENCE))
        self.wait_journal(lambda journal: "begun ☃" in text_in(journal))
        self.kill(running)
        result = self.recover()
        self.assertEqual([(one["state"], one["text"]) for one in result.answers("a")],
                         [("complete", said("a", "first")), ("complete", said("a", PROMPTS[1], 3)), ("interrupted", "begun ☃")])
        self.assertEqual(self.states(result, "b"), ["complete", "complete", "interrupted"])
        self.assertEqual([(one["state"], one["text"], one["attempt"]) for one in result.conversation("b")["replaced"]], [("cut_off", "half of it", 1)])
        self.assertEqual(result.answer("b")["attempt"], 2)

        self.server.routes["POST /v1/chat/completions"] = echo
        result = self.resume(self.taken(result, "killed.json"))
        self.assertEqual(self.sent, [("a", PROMPTS[2]), ("b", PROMPTS[2])])
        self.assertEqual(self.states(result, "a"), ["complete"] * 3)
        self.assertEqual([one["text"] for one in result.conversation("b")["replaced"]], ["half of it"])
        self.assertEqual([one["text"] for one in result.conversation("a")["replaced"]], ["begun ☃"])


if __name__ == "__main__":
    unittest.main()
