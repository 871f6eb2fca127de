"""`run --suite`: prompts with checks, from the file to the exit status and the report."""
import json
import math
import signal
import unittest

from servers import DONE, HANG, STREAM, LMStudioServer, answer, finish, role, tool_call
from shapes import check
from suites import CAPITAL, HALF, SuiteTest, ask, by_prompt, calls, contains, function, suite

OSLO = ask("oslo", "Capital of Norway?", contains("oslo", ignore_case=True), {"type": "max_words", "value": 10})


class Status(SuiteTest):
    def test_0_when_all_checks_pass(self):
        self.serve(chat=answer(CAPITAL))
        result = self.run_suite(suite(OSLO))
        check(self, result)
        self.assertIn("m: 2 of 2 checks passed", result.stdout)
        self.assertEqual(self.verdicts(result), [("oslo", [True, True])])

    def test_quiet_prints_nothing_then(self):
        self.serve(chat=answer(CAPITAL))
        self.assertEqual(self.run_suite(suite(OSLO), "--quiet").output, "")

    def test_4_when_one_check_of_one_candidate_fails(self):
        self.serve("a", "b", chat=lambda r: answer(CAPITAL if r.model == "a" else "Bergen", model=r.model))
        result = self.run_suite(suite(OSLO), status=4)
        check(self, result)
        self.assertFalse(result.report["halted"])
        self.assertEqual((self.verdicts(result, "a"), self.verdicts(result, "b")), ([("oslo", [True, True])], [("oslo", [False, True])]))
        self.assertEqual(result.of_kind("end")[0]["exit_status"], 4)
        for words in ("a: 2 of 2 checks passed", "b: 1 of 2 checks passed"):
            self.assertIn(words, result.stdout)

    def test_3_when_an_answer_halts_it_whatever_the_checks_say(self):
        self.serve(chat=by_prompt({"first": "wrong", "second": HALF}))
        prompts = [ask(word, word, contains("Oslo")) for word in ("first", "second", "third")]
        result = self.run_suite(suite(*prompts), status=3)
        check(self, result)
        self.assertTrue(result.report["halted"])
        self.assertEqual(self.asked, [("m", "first"), ("m", "second")])
        self.assertEqual(self.verdicts(result)[:2], [("first", [False]), ("second", [False])])
        self.assertIn("cut_off", self.checks(result, round_number=2)[0]["detail"])

    def test_4_when_a_failed_answer_halts_nothing_and_fails_its_checks(self):
        self.serve(chat=by_prompt({"second": HALF}))
        prompts = [ask(word, word, contains("Oslo")) for word in ("first", "second", "third")]
        result = self.run_suite(suite(*prompts), "--on-failure", "continue", status=4)
        check(self, result)
        self.assertFalse(result.report["halted"])
        self.assertEqual(self.verdicts(result), [("first", [True]), ("second", [False]), ("third", [True])])
        self.assertEqual(result.report["suite"]["results"]["m"]["total"], 3)

    def test_3_when_the_failed_answer_had_no_checks(self):
        self.serve(chat=by_prompt({"second": HALF}))
        result = self.run_suite(suite(ask("1", "first", contains("Oslo")), ask("2", "second")), "--on-failure", "continue", status=3)
        check(self, result)
        self.assertEqual(self.verdicts(result), [("1", [True]), ("2", [])])

    def test_130_when_it_is_interrupted(self):
        self.serve(chat=by_prompt({"second": [*HALF, HANG]}))
        path = self.write(suite(*(ask(word, word, contains("Oslo")) for word in ("first", "second", "third"))))
        running = self.home.start_run("--suite", path, servers=[self.server], models=["m"], prompts=())
        self.server.wait_for(lambda: len(self.server.chats) == 2)
        running.signal(signal.SIGINT)
        result = running.wait()
        self.assert_status(result, 130)
        check(self, result)
        self.assertEqual(self.verdicts(result)[:2], [("first", [True]), ("second", [False])])
        self.assertIn("stopped", self.checks(result, round_number=2)[0]["detail"])


def wilson(passed, total, z=1.959963984540054):
    rate, part = passed / total, z * z / total
    middle, half = rate + part / 2, z * math.sqrt(rate * (1 - rate) / total + part / total / 4)
    return (middle - half) / (1 + part), (middle + half) / (1 + part)


class Report(SuiteTest):
    def test_each_prompt_case_and_repeat_is_a_round_that_says_what_it_is(self):
        self.serve(chat=lambda r: answer(f"Yes: {r.messages[-1]['content']}"))
        cases = [{"city": "Oslo", "people": 700000}, {"city": "Tromsø \"N\"", "people": 78000}]
        prompts = [ask("size", "{{city}} has {{people}}?", contains("{{city}} has {{people}}")), ask("name", "Is it {{city}}?", contains("Yes"))]
        result = self.run_suite(suite(*prompts, cases=cases, repeat=2))
        check(self, result)
        wanted = [(prompt_id, case, repeat, prompt.replace("{{city}}", case["city"]).replace("{{people}}", str(case["people"])))
                  for prompt_id, prompt in (("size", "{{city}} has {{people}}?"), ("name", "Is it {{city}}?")) for case in cases for repeat in (1, 2)]
        self.assertEqual([(a["prompt_id"], a["case"], a["repeat"], a["prompt"]) for a in result.answers("m")], wanted)
        self.assertEqual([a["round"] for a in result.answers("m")], list(range(1, 9)))
        self.assertEqual([prompt for _, prompt in self.asked], [one[3] for one in wanted])
        self.assertEqual(result.conversation("m")["messages"], [], "every prompt had a context of its own")

    def test_without_cases_and_repeats_they_are_null_and_one(self):
        self.serve(chat=answer(CAPITAL))
        result = self.run_suite(suite({"prompt": "Hello"}))
        got = result.answer("m")
        self.assertEqual((got["prompt_id"], got["case"], got["repeat"]), ("1", None, 1))
        self.assertFalse(got["checks"])

    def test_checks_stand_in_the_suite_s_order_with_places_in_code_points(self):
        words = "☃☃ Grüße, 👩‍💻: [1, 2 nine"
        #        0123456789...
        self.serve(chat=answer(words[:9], words[9:]))
        found = [({"type": "not_contains", "value": "grÜSSE,", "ignore_case": True}, True, None),
                 ({"type": "not_contains", "value": "GRÜßE", "ignore_case": True}, False, words.index("Grüße")),
                 ({"type": "not_regex", "value": "n[a-z]+e"}, False, words.index("nine")),
                 ({"type": "max_chars", "value": 7}, False, 7),
                 ({"type": "max_words", "value": 3}, False, words.index("[1")),
                 ({"type": "json"}, False, 0),
                 ({"type": "min_words", "value": 99}, False, None),
                 ({"type": "regex", "value": "☃+ Gr.ße"}, True, None),
                 ({"type": "finish_reason", "value": "stop"}, True, None),
                 ({"type": "no_tool_call"}, True, None)]
        result = self.run_suite(suite(ask("x", "Hello", *(one[0] for one in found))), status=4)
        check(self, result)
        for got, (wanted, passed, at_char) in zip(self.checks(result), found, strict=True):
            self.assertEqual((got["type"], got["passed"], got["at_char"]), (wanted["type"], passed, at_char), wanted)
            self.assertEqual(set(got), {"type", "passed", "detail", "at_char"})

    def test_results_are_counted_per_label_with_wilson_s_interval_and_steadiness(self):
        said = {"first": ["Oslo it is", "Oslo it is", "Oslo is it"], "second": ["Bergen", "Bergen", "Bergen"]}
        self.serve("a", "b", chat=lambda r: answer("Oslo", model="b") if r.model == "b" else answer(said[r.messages[-1]["content"]].pop(), model="a"))
        result = self.run_suite(suite(*(ask(word, word, contains("Oslo"), {"type": "min_chars", "value": 4}) for word in said), repeat=3), status=4)
        check(self, result)
        got = result.report["suite"]
        self.assertEqual((got["name"], got["role"], got["repeat"], list(got["results"])), ("basics", "planner", 3, ["a", "b"]))
        self.assertEqual(set(got["results"]["a"]), {"passed", "total", "pass_rate", "low", "high", "steadiness", "loop", "categories"})
        for label, passed, agreement, parts_at in (("a", 9, (2 / 3 + 1) / 2, len("Oslo i")), ("b", 12, 1, None)):
            one = got["results"][label]
            self.assertEqual((one["passed"], one["total"]), (passed, 12))
            for key, figure in zip(("pass_rate", "low", "high"), (passed / 12, *wilson(passed, 12)), strict=True):
                self.assertAlmostEqual(one[key], figure, 6, key)
            self.assertAlmostEqual(one["steadiness"]["agreement"], agreement, 9)
            self.assertEqual(one["steadiness"]["first_divergence_char"], parts_at)

    def test_tool_calls_are_told_as_they_arrived_in_the_order_of_their_index(self):
        arguments = '{"city" : "Osl\\u006f",\n "days": 1.0}'
        pieces = [STREAM + role(), tool_call(1, "time", "{", "call_b"), tool_call(0, "weather", arguments[:5], "call_a"), tool_call(1, None, "}"),
                  *(tool_call(0, None, one) for one in arguments[5:]), finish("tool_calls") + DONE]
        self.serve(chat=pieces)
        wanted = {"type": "tool_call", "name": "weather", "arguments": {"type": "object", "properties": {"city": {"const": "Oslo"}, "days": {"const": 1}}}}
        result = self.run_suite(suite(ask("x", "Weather?", wanted, {"type": "tool_call", "count": 2}, {"type": "no_tool_call", "name": "tim"})))
        check(self, result)
        self.assertEqual(result.answer("m")["tool_calls"], [{"id": "call_a", "name": "weather", "arguments": arguments}, {"id": "call_b", "name": "time", "arguments": "{}"}])
        self.assertIn("weather", result.markdown)

    def test_all_four_formats_tell_of_the_checks(self):
        self.serve("a", "b", chat=lambda r: answer(CAPITAL if r.model == "a" else "Bergen | <b>", model=r.model))
        result = self.run_suite(suite(OSLO), "--format", "md,json,html,csv", status=4)
        self.assertIn("\n## Checks\n", result.markdown)
        self.assertLess(result.markdown.index("## Model: b"), result.markdown.index("\n## Checks\n"))
        for words in ("basics", "planner", "oslo", "50"):
            self.assertIn(words, result.markdown[result.markdown.index("\n## Checks\n"):] + result.markdown[:400])
        self.assertIn("Checks", result.html)
        head, *rows = result.rows
        columns = [head.index(name) for name in ("checks_passed", "checks_total", "failed_checks")]
        self.assertEqual([[row[at] for at in columns[:2]] for row in rows], [["2", "2"], ["1", "2"]])
        self.assertEqual(rows[0][columns[2]], "")
        self.assertIn("contains", rows[1][columns[2]])


class Requests(SuiteTest):
    def test_fresh_prompts_know_nothing_of_each_other(self):
        self.serve(chat=answer(CAPITAL))
        self.run_suite(suite(*(ask(word, word) for word in ("first", "second")), repeat=2, system_prompt="Be short."))
        self.assertEqual([[(m["role"], m["content"]) for m in chat.messages] for chat in self.server.chats],
                         [[("system", "Be short."), ("user", word)] for word in ("first", "second") for _ in range(2)])

    def test_continued_prompts_are_one_conversation_per_repeat(self):
        self.serve(chat=lambda r: answer(f"answer {len(self.server.chats)}"))
        result = self.run_suite(suite(*(ask(word, word) for word in ("first", "second")), repeat=2, context="continued", system_prompt=""))
        check(self, result)
        self.assertEqual([[m["content"] for m in chat.messages if m["role"] != "system"] for chat in self.server.chats],
                         [["first"], ["first", "answer 1", "second"], ["first"], ["first", "answer 3", "second"]])
        self.assertEqual([m["content"] for m in result.conversation("m")["messages"]],
                         ["first", "answer 1", "second", "answer 2", "first", "answer 3", "second", "answer 4"])

    def test_a_tool_s_result_comes_from_the_suite_into_the_conversation(self):
        self.serve(chat=by_prompt({"first": calls(("weather", '{"city":"Oslo"}'), ("time", "{}"), ("unknown", "{}"))}))
        results = {"weather": {"sky": "clear, −3 °C"}, "time": "noon"}
        result = self.run_suite(suite(ask("1", "first", {"type": "tool_call", "count": 3}), ask("2", "second", contains("Oslo")), context="continued",
                                      tools=[function("weather")], tool_results=results))
        check(self, result)
        messages = [m for m in self.server.chats[1].messages if m["role"] != "system"]
        self.assertEqual([m["role"] for m in messages], ["user", "assistant", "tool", "tool", "tool", "user"])
        self.assertEqual([c["function"] for c in messages[1]["tool_calls"]],
                         [{"name": "weather", "arguments": '{"city":"Oslo"}'}, {"name": "time", "arguments": "{}"}, {"name": "unknown", "arguments": "{}"}])
        self.assertEqual([m["tool_call_id"] for m in messages[2:5]], ["call_0", "call_1", "call_2"])
        self.assertEqual([json.loads(messages[2]["content"]), messages[3]["content"], messages[4]["content"]], [results["weather"], "noon", "{}"])

    def test_tools_and_response_format_are_sent_and_a_prompt_s_tools_replace_the_suite_s(self):
        shape = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object", "properties": {"{{key}}": {"const": "{{value}}"}}}}}
        self.serve(chat=answer(CAPITAL))
        self.run_suite(suite(ask("1", "first"), ask("2", "second", tools=[function("b")], response_format=shape), ask("3", "third", tools=[]),
                             tools=[function("a")], cases=[{"key": "ci\"ty", "value": 7}]))
        first, second, third = self.server.bodies()
        self.assertEqual((first["tools"], second["tools"], third.get("tools", [])), ([function("a")], [function("b")], []))
        self.assertNotIn("response_format", first)
        self.assertEqual(second["response_format"]["json_schema"]["schema"]["properties"], {"ci\"ty": {"const": 7}})

    def test_without_tools_no_key_of_theirs_is_sent(self):
        self.serve(chat=answer(CAPITAL))
        self.run_suite(suite(OSLO))
        for key in ("tools", "tool_choice", "response_format"):
            self.assertNotIn(key, self.server.bodies()[0])

    def test_a_fresh_suite_loads_each_model_once(self):
        server = self.use(LMStudioServer("a", "b", "c", chat=lambda r: answer(CAPITAL, model=r.model)))
        self.server, self.models = server, ("a", "b", "c")
        prompts = [ask(str(i), f"prompt {i}", contains("Oslo")) for i in range(3)]
        result = self.run_suite(suite(*prompts, repeat=2))
        check(self, result)
        self.assertEqual(server.loads, ["a", "b", "c"])
        self.assertEqual([model for model, _ in self.asked], ["a"] * 6 + ["b"] * 6 + ["c"] * 6)

    def test_the_command_line_s_order_beats_that(self):
        self.serve("a", "b", chat=lambda r: answer(CAPITAL, model=r.model))
        self.run_suite(suite(*(ask(str(i), str(i)) for i in range(2))), "--order", "listed")
        self.assertEqual(self.asked, [("a", "0"), ("b", "0"), ("a", "1"), ("b", "1")])

    def test_a_continued_suite_keeps_its_rounds_together(self):
        self.serve("a", "b", chat=lambda r: answer(CAPITAL, model=r.model))
        self.run_suite(suite(*(ask(str(i), str(i)) for i in range(3)), context="continued"))
        self.assertEqual([prompt for _, prompt in self.asked], ["0", "0", "1", "1", "2", "2"])

    def test_the_command_line_s_repeat_beats_the_suite_s(self):
        self.serve(chat=answer(CAPITAL))
        result = self.run_suite(suite(OSLO, repeat=5), "--repeat", "2")
        self.assertEqual(len(self.server.chats), 2)
        self.assertEqual((result.report["suite"]["repeat"], [a["repeat"] for a in result.answers("m")]), (2, [1, 2]))

    def test_settings_of_the_candidate_beat_the_command_line_s_these_the_suite_s_these_the_configuration_s(self):
        self.serve("m", "n", chat=lambda r: answer(CAPITAL, model=r.model))
        self.home.config({"servers": [self.server.url], "temperature": 0.9, "max_tokens": 99, "timeout_seconds": 77, "system_prompt": "configured",
                          "models": ["m", {"model_id": "n", "temperature": 0.3, "seed": 8, "system_prompt": "its own"}]})
        own = {"temperature": 0.1, "max_tokens": 11, "seed": 5, "top_p": 0.5, "stop": ["END"]}
        content = suite(OSLO, settings=own, system_prompt="the suite's")
        result = self.run_suite(content, "--max-tokens", "55", servers=(), models=())
        m, n = sorted(self.server.bodies(), key=lambda body: body["model"])
        self.assertEqual([m[key] for key in ("temperature", "max_tokens", "seed", "top_p", "stop")], [0.1, 55, 5, 0.5, ["END"]])
        self.assertEqual([n[key] for key in ("temperature", "max_tokens", "seed", "top_p", "stop")], [0.3, 55, 8, 0.5, ["END"]])
        self.assertEqual([body["messages"][0]["content"] for body in (m, n)], ["the suite's", "its own"])
        self.assertEqual(result.answer("n")["settings"]["temperature"], 0.3)
        self.assertEqual(result.report["configuration"]["timeout_seconds"], 77)

        self.home.file("prompt.txt", "the command line's")
        for old in self.home.out.glob("*"):
            old.unlink()
        self.run_suite(content, "--system-prompt", self.home.path / "prompt.txt", "--temperature", "0.7", servers=(), models=())
        m, n = sorted(self.server.bodies()[2:], key=lambda body: body["model"])
        self.assertEqual([(body["messages"][0]["content"], body["temperature"]) for body in (m, n)], [("the command line's", 0.7), ("its own", 0.3)])


if __name__ == "__main__":
    unittest.main()
