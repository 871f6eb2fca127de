"""Suites whose prompts are answered in a loop: what is sent step by step, what is kept, what a crash and bad files leave."""
import json
import os
import random
import threading
import unittest

from servers import DONE, HANG, STREAM, answer, finish, role, text, tool_call, usage
from shapes import check_report
from suites import SuiteTest, ask, suite

LOOK_UP = {"type": "function", "function": {"name": "look_up", "parameters": {
    "type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}}}
LOOP = {"tools": [LOOK_UP], "loop": {"max_steps": 8}, "tool_results": {"look_up": [{"when": {"q": "bad"}, "error": "rate limited"}, {"result": "42"}]}}


def call(*arguments, words="", prompt=10, ids=None):
    """A step that calls look_up once per `arguments`, each in two fragments."""
    steps = [STREAM + role() + (text(words) if words else b"")]
    for index, one in enumerate(arguments):
        half = len(one) // 2
        steps.append(tool_call(index, "look_up", one[:half], ids[index] if ids else f"call_{index}") + tool_call(index, None, one[half:]))
    return [*steps, finish("tool_calls") + usage(prompt, 5) + DONE]


def by_step(*scripts):
    """A chat route: the script of each step, told by the assistant's messages since the user spoke; the last one stays."""
    def route(request):
        roles = request.roles
        said = roles[len(roles) - roles[::-1].index("user"):].count("assistant")
        script = scripts[min(said, len(scripts) - 1)]
        return script(request) if callable(script) else script
    return route


class Steps(SuiteTest):
    def loop(self, *scripts, checks=(), status=0, more=None, **top):
        self.serve(chat=by_step(*scripts))
        return self.run_suite(suite(ask("sort", "Go.", *checks, **(more or {})), **{**LOOP, **top}), "--format", "md,json,html,csv", status=status)

    def test_each_step_is_sent_with_what_the_tools_said(self):
        result = self.loop(call('{"q": "a"}', words="I look."), call('{"q": "bad"}', '{"q": "c"}', prompt=20), answer("done", prompt=30),
                           checks=[{"type": "contains", "value": "done"}, {"type": "calls", "value": [{"name": "look_up", "arguments": {"q": "a"}}]},
                                   {"type": "arguments_valid"}, {"type": "finishes"}, {"type": "recovers"}], status=4)
        check_report(self, result.report)
        bodies = [chat.json for chat in self.server.chats]
        self.assertEqual([[m["role"] for m in body["messages"]] for body in bodies], [
            ["system", "user"], ["system", "user", "assistant", "tool"], ["system", "user", "assistant", "tool", "assistant", "tool", "tool"]])
        self.assertEqual(bodies[1]["messages"][2]["content"], "I look.")
        self.assertEqual(bodies[2]["messages"][5]["content"], "Error: rate limited")
        self.assertTrue(all(body["tools"] for body in bodies))
        one = result.answer("m")
        self.assertEqual((one["state"], one["ended_by"], one["text"], len(one["tool_calls"])), ("complete", "final", "done", 3))
        self.assertEqual([(s["index"], s["turn"], s["state"], len(s["tool_calls"])) for s in one["steps"]],
                         [(1, 1, "complete", 1), (2, 1, "complete", 2), (3, 1, "complete", 0)])
        self.assertEqual(one["steps"][1]["tool_calls"][0], {"id": "call_0", "name": "look_up", "arguments": '{"q": "bad"}',
                                                            "result": "Error: rate limited", "is_error": True, "valid": True})
        self.assertEqual((one["metrics"]["steps"], one["metrics"]["prompt_tokens"], one["metrics"]["output_tokens"]), (3, 60, 15))
        self.assertGreaterEqual(one["metrics"]["task_time_s"], one["metrics"]["model_time_s"])
        self.assertEqual([c["passed"] for c in one["checks"]], [True, True, True, True, False])  # nothing came after the error
        loop = result.report["suite"]["results"]["m"]["loop"]
        self.assertEqual((loop["ended_by"], loop["first_invalid_step"], loop["steps_median"]), ({"final": 1}, [None], 3))
        self.assertEqual([(d["step"], d["reached"], d["valid"], d["context_tokens"]) for d in loop["decay"]], [(1, 1, 1, 10), (2, 1, 1, 20), (3, 1, 1, 30)])
        self.assertEqual([(e["index"], e["turn"], len(e["calls"])) for e in result.of_kind("step")], [(1, 1, 1), (2, 1, 2), (3, 1, 0)])
        for document in (result.markdown, result.html):
            self.assertIn("rate limited", document)
            self.assertIn("final", document)
        header, row = result.rows[0], result.rows[1]
        self.assertEqual((row[header.index("steps")], row[header.index("ended_by")]), ("3", "final"))

    def test_an_invalid_step_is_told_and_sent_back_as_an_empty_object(self):
        result = self.loop(call('{"q": "a"}'), call('{"q": '), answer("done"))
        self.assertEqual(self.server.chats[2].messages[4]["tool_calls"][0]["function"]["arguments"], "{}")
        self.assertEqual(result.answer("m")["steps"][1]["tool_calls"][0]["arguments"], '{"q": ')
        self.assertEqual(result.report["suite"]["results"]["m"]["loop"]["first_invalid_step"], [2])

    def test_a_model_that_repeats_itself(self):
        result = self.loop(call('{"q": "a"}'))
        self.assertEqual((result.answer("m")["ended_by"], len(result.answer("m")["steps"])), ("cycle", 3))

    def test_a_model_that_never_stops(self):
        numbers = iter(range(100))
        result = self.loop(lambda _: call(json.dumps({"q": str(next(numbers))})))
        self.assertEqual((result.answer("m")["ended_by"], len(result.answer("m")["steps"])), ("max_steps", 8))

    def test_a_check_stops_a_loop(self):
        result = self.loop(call('{"q": "a"}'), call('{"x": 1}'), answer("done"),
                           checks=[{"type": "arguments_valid", "stop_on_break": True}], status=4)
        self.assertEqual((result.answer("m")["state"], len(self.server.chats)), ("stopped", 2))

    def test_nothing_to_say_to_a_result_ends_a_loop_and_is_no_failure(self):
        nothing = [STREAM + role() + finish() + usage(20, 1) + DONE]
        one = self.loop(call('{"q": "a"}'), nothing, checks=[{"type": "finishes"}]).answer("m")
        self.assertEqual((one["state"], one["ended_by"], one["error"], len(one["steps"])), ("complete", "final", None, 2))
        self.assertIn("step 2 has no text and no call", one["warnings"])

    def test_a_model_that_says_nothing_before_it_was_told_anything_has_failed(self):
        one = self.loop([STREAM + role() + finish() + usage(20, 1) + DONE], status=3).answer("m")
        self.assertEqual((one["state"], one["ended_by"]), ("empty", None))

    def test_an_answer_without_a_loop_has_no_steps(self):
        self.serve(chat=answer("hi"))
        one = self.run_suite(suite(ask("1", "x"))).answer("m")
        self.assertEqual((one["steps"], one["ended_by"], one["world"], one["resumed_at"]), ([], None, None, None))

    def test_a_step_that_breaks_off_halts_and_resume_goes_on_after_the_whole_ones(self):
        first = by_step(call('{"q": "a"}'), call('{"q": "b"}'), [STREAM + role() + text("ha")])
        again = by_step(answer("x"), answer("y"), answer("done"))
        chats = []
        self.serve(chat=lambda request: (first if len(chats) < 3 else again)(chats.append(1) or request))
        result = self.run_suite(suite(ask("sort", "Go."), **LOOP), "--format", "json", status=3)
        one = result.answer("m")
        self.assertEqual((one["state"], one["ended_by"], [s["state"] for s in one["steps"]]), ("cut_off", None, ["complete", "complete", "cut_off"]))
        self.assertEqual(one["steps"][2]["text"], "ha")
        (file,) = result.files(".json")
        report = self.home.file("halted.json", file.read_bytes())
        file.unlink()
        result = self.run_("--resume", report, "--format", "json", prompts=())
        self.assert_status(result, 0)
        one = result.answer("m")
        self.assertEqual((one["state"], one["resumed_at"], len(one["steps"]), one["text"]), ("complete", 3, 3, "done"))
        self.assertEqual((one["metrics"]["task_time_s"], len(result.conversation("m")["replaced"][0]["steps"])), (None, 3))
        self.assertEqual(self.server.chats[-1].roles, ["system", "user", "assistant", "tool", "assistant", "tool"])

    def test_bad_suites_send_nothing(self):
        for top, key in (({"loop": {"max_steps": 0}}, "max_steps"), ({"loop": {"steps": 3}}, "steps"),
                         ({"world": {"files": {"../x": "1"}}}, "world"), ({"context": "continued"}, "loop"),
                         ({"tool_results": {"look_up": [{"result": "1"}, {"nth": 2, "result": "2"}]}}, "tool_results")):
            with self.subTest(key=key):
                self.serve(chat=answer("no"))
                result = self.run_suite(suite(ask("1", "x"), **{**LOOP, **top}), status=1)
                self.assertIn(key, result.stderr)
                self.assertRegex(result.stderr, r"suite\.json:\d+")
                self.assertEqual(self.server.chats, [])


class Kills(SuiteTest):
    def test_a_kill_in_a_loop_loses_no_whole_step_and_gives_no_result_twice(self):
        for steps in (1, 2, 5):
            with self.subTest(steps=steps):
                numbers = iter(range(100))
                scripts = [lambda _: call(json.dumps({"q": f"q{next(numbers)}"}), words="so")] * steps
                self.serve(chat=by_step(*scripts, [STREAM + role() + text("half a word"), HANG]))
                content = suite(ask("1", "Go."), **LOOP)
                running = self.home.start_run("--suite", self.write(content), servers=[self.server], models=("m",), prompts=())
                self.wait_journal(lambda journal: b"half a word" in journal)
                self.kill(running)
                one = self.recover().answer("m")
                self.assertEqual((one["state"], len(one["steps"])), ("interrupted", steps + 1))
                self.assertEqual([s["tool_calls"][0]["result"] for s in one["steps"][:-1]], ["42"] * steps)
                self.assertEqual((one["steps"][-1]["text"], one["steps"][-1]["state"]), ("half a word", "interrupted"))
                for file in self.home.out.glob("*"):
                    file.unlink()
                for journal in self.journals():
                    journal.unlink()

    def test_a_kill_at_any_moment(self):
        """What was sent had been kept: a step whose result went to the server is whole after the crash."""
        for number in range(int(os.environ.get("LLMC_KILLS", "12"))):
            said, pick, here = {}, random.Random(number), threading.Event()
            last, piece = pick.randrange(8), pick.randrange(6)  # where it is killed, while what follows is sent

            def chat(request):
                step = request.roles.count("assistant")
                said[step] = [m["content"] for m in request.messages if m["role"] == "tool"]
                pieces = [STREAM + role(), *(text(f"w{step}.{i} ") for i in range(4)),
                          tool_call(0, "look_up", json.dumps({"q": f"q{step}"}), "c"), finish("tool_calls") + DONE]
                if step == last:
                    pieces.insert(piece + 1, lambda _: here.set())
                return pieces
            self.serve(chat=chat)
            running = self.home.start_run("--suite", self.write(suite(ask("1", "Go."), **{**LOOP, "loop": {"max_steps": 200}})), servers=[self.server],
                                          models=("m",), prompts=())
            self.assertTrue(here.wait(20))
            self.kill(running)
            self.server.stop()
            with self.subTest(number=number):
                one = self.recover().answer("m")
                whole = [step for step in one["steps"] if step["state"] == "complete"]
                self.assertGreaterEqual(len(whole), max(said, default=0))
                self.assertEqual([step["tool_calls"][0]["result"] for step in whole], ["42"] * len(whole))
                self.assertEqual([step["text"] for step in whole], ["".join(f"w{k}.{i} " for i in range(4)) for k in range(len(whole))])
                self.assertEqual(len(one.get("tool_calls", [])), sum(len(step["tool_calls"]) for step in one["steps"]))
            for file in (*self.home.out.glob("*"), *self.journals()):
                file.unlink()


if __name__ == "__main__":
    unittest.main()
