"""Checks of a suite while answers stream, and suites whose run ended early and goes on."""
import threading
import time
import unittest

from llm_compare import PATIENCE
from servers import DONE, HANG, STREAM, answer, chunk, dripping, finish, in_turn, role, text
from shapes import check, check_report
from suites import CAPITAL, HALF, SuiteTest, ask, calls, contains, function, suite


class Streaming(SuiteTest):
    def test_stop_on_break_closes_the_connection_within_a_second_and_goes_on(self):
        """For every check that a text can break."""
        sent = {}
        breaks = {"not_contains": ({"type": "not_contains", "value": "sorry"}, "I am so", "rry, but"), "not_regex": ({"type": "not_regex", "value": "\\d{3}"}, "about 12", "34 of"),
                  "max_words": ({"type": "max_words", "value": 3}, "one two three", " four"), "max_chars": ({"type": "max_chars", "value": 9}, "123456789", "0"),
                  "json": ({"type": "json"}, '{"a": [1, 2', "}"), "json_schema": ({"type": "json_schema", "value": {"type": "object"}}, "", "Here it is: {}")}

        def chat(request):
            name = request.messages[-1]["content"]
            if name not in breaks:
                return answer(CAPITAL)
            _, before, after = breaks[name]
            return [STREAM + role(), *([text(before), 0.05] if before else []), lambda _: sent.update({name: time.monotonic()}), text(after), dripping(text(" more"), 0.05)]
        self.serve(chat=chat)
        prompts = [ask(name, name, {**one[0], "stop_on_break": True}, contains("o")) for name, one in breaks.items()]
        result = self.run_suite(suite(*prompts, ask("last", "last", contains("Oslo"))), status=4)
        check(self, result)
        self.assertFalse(result.report["halted"])
        self.assertEqual([a["state"] for a in result.answers("m")], ["stopped"] * len(breaks) + ["complete"])
        self.assertEqual(self.verdicts(result)[-1], ("last", [True]))
        for chat, answered in zip(self.server.chats, result.answers("m")[:-1], strict=False):
            name = answered["prompt_id"]
            self.server.wait_for(lambda: chat.ended is not None)
            self.assertLess(chat.ended - sent[name], 1.0, name)
            self.assertTrue(answered["text"].startswith(breaks[name][1] + breaks[name][2]), name)
            first, second = answered["checks"]
            self.assertFalse(first["passed"] or second["passed"], name)
            self.assertIsNotNone(first["at_char"], name)
            self.assertIn("stopped", first["detail"])
            self.assertIn("stopped", second["detail"])

    def test_a_wait_and_a_thought_that_are_too_long_are_stopped(self):
        checks = {"wait": {"type": "max_ttft_s", "value": 0.3}, "thought": {"type": "max_reasoning_tokens", "value": 3}}
        think = chunk({"reasoning_content": " hmm"})
        self.serve(chat=lambda r: {"wait": [STREAM, HANG], "thought": [STREAM + role(), dripping(think, 0.02)]}.get(r.messages[-1]["content"], answer(CAPITAL)))
        prompts = [ask(name, name, {**one, "stop_on_break": True}) for name, one in checks.items()]
        result = self.run_suite(suite(*prompts, ask("last", "last", contains("Oslo"))), status=4, seconds=20)
        check(self, result)
        self.assertEqual([a["state"] for a in result.answers("m")], ["stopped", "stopped", "complete"])
        self.server.wait_for(lambda: self.server.chats[0].ended is not None)
        wait, thought = (a["warnings"][0] for a in result.answers("m")[:2])
        self.assertIn("stopped by its check max_ttft_s: no token came in 0.3", wait)
        self.assertIn("stopped by its check max_reasoning_tokens", thought)

    def test_other_candidates_are_not_stopped_with_it(self):
        self.serve("a", "b", chat=lambda r: answer(CAPITAL, model="a") if r.model == "a" else [STREAM + role("b") + text("no no no", "b"), HANG])
        result = self.run_suite(suite(*(ask(str(i), str(i), {"type": "max_words", "value": 1 if i == 0 else 6, "stop_on_break": True}) for i in range(2))), "--order", "listed",
                                "--timeout", "2", "--on-failure", "continue", status=4)
        self.assertEqual([a["state"] for a in result.answers("a")], ["stopped", "complete"])
        self.assertEqual([a["state"] for a in result.answers("b")], ["stopped", "failed"])

    def test_without_it_a_broken_answer_goes_on_to_its_end(self):
        self.serve(chat=answer("one two", " three", " four", between=0.05))
        result = self.run_suite(suite(ask("x", "Hello", {"type": "max_words", "value": 1}, {"type": "max_words", "value": 9})), status=4)
        self.assertEqual((result.answer("m")["state"], result.answer("m")["text"]), ("complete", "one two three four"))
        self.assertEqual([(one["passed"], one["at_char"]) for one in self.checks(result)], [(False, 4), (True, None)])

    GOOD = '```json\n{"word": "Größe ☃", "list": [1, {"a": null}], "yes": true}\n```'
    # Each of them could be taken for broken while the answer is only half there.
    FITTING = [{"type": "json", "allow_fence": True}, {"type": "json_schema", "allow_fence": True, "value": {"type": "object", "required": ["yes"]}},
               {"type": "not_regex", "value": "(tru|Grö|j|☃)$"}, {"type": "not_contains", "value": "☃☃"},
               {"type": "max_chars", "value": len(GOOD)}, {"type": "max_words", "value": len(GOOD.split())}]

    def test_checks_say_the_same_however_the_text_is_cut(self):
        failing = [{"type": "json"}, {"type": "not_contains", "value": "GRÖßE", "ignore_case": True}, {"type": "not_regex", "value": "\\[1.*null"}, {"type": "max_words", "value": 6},
                   {"type": "max_chars", "value": 20}]
        cuts = len(self.GOOD)

        def chat(request):
            cut = int(request.messages[-1]["content"].split()[1])
            if cut == cuts:  # every sign in a chunk of its own
                return answer(*self.GOOD)
            return answer(self.GOOD[:cut], self.GOOD[cut:], between=0.002) if cut else answer(self.GOOD)
        self.serve(chat=chat)
        fitting = [{**one, "stop_on_break": True} for one in self.FITTING]
        result = self.run_suite(suite(ask("fits", "cut {{at}} fits", *fitting), ask("fails", "cut {{at}} fails", *failing), cases=[{"at": i} for i in range(cuts + 1)]), "--no-progress", status=4)
        check(self, result)
        fits = [a for a in result.answers("m") if a["prompt_id"] == "fits"]
        fails = [a for a in result.answers("m") if a["prompt_id"] == "fails"]
        self.assertEqual({a["state"] for a in fits + fails}, {"complete"})
        self.assertEqual([a["case"] for a in fits if not all(one["passed"] for one in a["checks"])], [])
        self.assertEqual([(one["passed"], one["at_char"]) for one in fails[0]["checks"]], [(False, 0), *((False, self.GOOD.index(one)) for one in ("Größe", "[1", '{"a')), (False, 20)])
        self.assertEqual([a["case"] for a in fails if a["checks"] != fails[0]["checks"]], [])

    def test_and_however_its_bytes_are_cut(self):
        body = chunk({"content": self.GOOD}) + calls(("time", '{"zone": "CET ☃"}'))[1]
        whole = STREAM + role() + body + finish() + DONE
        first = len(STREAM + role())
        offsets = range(first, first + len(body))

        def chat(request):
            at = int(request.messages[-1]["content"])
            return [whole[:at], 0.001, whole[at:]]
        self.serve(chat=chat)
        wanted = {"type": "tool_call", "name": "time", "count": 1, "arguments": {"type": "object", "properties": {"zone": {"const": "CET ☃"}}, "required": ["zone"]}}
        result = self.run_suite(suite(ask("x", "{{at}}", wanted, *({**one, "stop_on_break": True} for one in self.FITTING)), cases=[{"at": i} for i in offsets]), "--no-progress", seconds=60)
        self.assertEqual(result.report["suite"]["results"]["m"]["passed"], len(offsets) * (1 + len(self.FITTING)))


class Crash(SuiteTest):
    CONTENT = suite(*(ask(word, word + " {{n}}", contains("Oslo"), {"type": "not_contains", "value": "Bergen"}) for word in ("first", "second")),
                    cases=[{"n": 1}, {"n": 2}], tools=[function("weather")], settings={"max_tokens": 33})

    def leave_a_journal(self, content, hang_at, *arguments):
        """A run of that suite that was killed at its request `hang_at`."""
        self.sent = threading.Event()
        self.hang = [hang_at]

        def chat(request):
            if len(self.server.chats) in self.hang:
                self.hang.clear()
                return [*HALF, lambda _: self.sent.set(), HANG]
            return answer("Bergen" if request.messages[-1]["content"] == "first 2" else CAPITAL, model=request.model)
        self.serve(chat=chat)
        running = self.home.start_run("--suite", self.write(content), *arguments, servers=[self.server], models=["m"], prompts=())
        self.assertTrue(self.sent.wait(PATIENCE))
        self.wait_journal(lambda journal: b"Oslo, wh" in journal)
        self.kill(running)

    def killed(self, content, hang_at, *arguments):
        """The session that such a run leaves."""
        self.leave_a_journal(content, hang_at, *arguments)
        session = self.home.path / "killed.llmc.json"
        self.recover("--as", session)
        self.home.events_file.unlink()
        self.earlier = len(self.server.chats)
        return session

    def test_a_killed_run_goes_on_with_the_rest_and_its_checks(self):
        session = self.killed(self.CONTENT, 4, "--repeat", "2")
        (self.home.path / "suite.json").unlink()
        result = self.run_("--resume", session, prompts=())
        self.assert_status(result, 4)
        check_report(self, result.report)
        self.assertEqual([prompt for _, prompt in self.asked[self.earlier:]], ["first 2", "second 1", "second 1", "second 2", "second 2"])
        for body in self.server.bodies()[self.earlier:]:
            self.assertEqual((body["tools"], body["max_tokens"], len([m for m in body["messages"] if m["role"] != "system"])), ([function("weather")], 33, 1))
        self.assertEqual([(a["prompt"], a["prompt_id"], a["case"], a["repeat"]) for a in result.answers("m")],
                         [(f"{word} {n}", word, {"n": n}, repeat) for word in ("first", "second") for n in (1, 2) for repeat in (1, 2)])
        self.assertEqual(self.verdicts(result), [("first", [True, True])] * 2 + [("first", [False, False])] * 2 + [("second", [True, True])] * 4)
        one = result.report["suite"]["results"]["m"]
        self.assertEqual((one["passed"], one["total"], result.report["suite"]["repeat"]), (12, 16, 2))
        self.assertEqual([a["state"] for a in result.conversation("m")["replaced"]], ["interrupted"])

    def test_a_conversation_too(self):
        content = suite(*(ask(word, word, contains("Oslo")) for word in ("first", "second", "third")), context="continued", repeat=2)
        session = self.killed(content, 5)
        result = self.run_("--resume", session, prompts=())
        self.assert_status(result, 0)
        check_report(self, result.report)
        self.assertEqual([[m["content"] for m in chat.messages if m["role"] != "system"] for chat in self.server.chats[self.earlier:]],
                         [["first", CAPITAL, "second"], ["first", CAPITAL, "second", CAPITAL, "third"]])
        self.assertEqual(self.verdicts(result), [(word, [True]) for _ in range(2) for word in ("first", "second", "third")])

    def test_reports_of_the_journal_have_what_was_judged(self):
        session = self.killed(self.CONTENT, 3)
        result = self.home.call("export", session, "--out", self.home.out)
        self.assert_status(result, 0)
        self.assertEqual(self.verdicts(result)[:2], [("first", [True, True]), ("first", [False, False])])
        self.assertEqual(result.report["suite"]["name"], "basics")

    def test_what_a_crash_interrupted_fails_its_checks_in_the_recovered_report(self):
        self.leave_a_journal(self.CONTENT, 3)
        result = self.recover()
        self.assertEqual([a["state"] for a in result.answers("m")], ["complete"] * 2 + ["interrupted"] * (len(result.answers("m")) - 2))
        for one in result.answers("m")[2:]:
            self.assertEqual([check["passed"] for check in one["checks"] or []], [False, False], one["prompt"])
            self.assertIn("interrupted", one["checks"][0]["detail"])

    def test_a_halted_suite_is_resumed_from_its_report(self):
        self.serve(chat=in_turn(answer(CAPITAL), HALF, answer(CAPITAL)))
        halted = self.run_suite(suite(*(ask(word, word, contains("Norway")) for word in ("first", "second", "third"))), status=3)
        (report,) = halted.files(".json")
        path = self.home.file("halted.json", report.read_bytes())
        for old in (*self.home.out.glob("*"), self.home.events_file):
            old.unlink()
        result = self.run_("--resume", path, prompts=())
        self.assert_status(result, 0)
        check_report(self, result.report)
        self.assertEqual([prompt for _, prompt in self.asked], ["first", "second", "second", "third"])
        self.assertEqual(self.verdicts(result), [(word, [True]) for word in ("first", "second", "third")])
        self.assertEqual([(a["state"], [one["passed"] for one in a["checks"]]) for a in result.conversation("m")["replaced"]], [("cut_off", [False])])


if __name__ == "__main__":
    unittest.main()
