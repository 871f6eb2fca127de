"""`llm-compare demo`: servers to try the program on, also ones that fail in a way of one's choice."""
import json
import re
import signal
import unittest

from llm_compare import E2ETest
from suites import ask, suite

# What a run says of demo-fragile under each fault: state, kind of the error, and a part of its message.
FAULTS = {
    "drop": ("cut_off", "cut_off", "closed the connection"),
    "stall": ("failed", "timeout", "no token"),
    "error200": ("failed", "server_error", "crashed"),
    "empty": ("empty", "empty", "without text"),
    "bad-utf8": ("complete", None, ""),
    "overflow": ("failed", "context_limit", "512"),
    "slow-load": ("complete", None, ""),
    "busy": ("complete", None, ""),
    "reset": ("cut_off", "cut_off", "connection"),
    "error-in-stream": ("failed", "server_error", "crashed"),
    "html": ("failed", "protocol", "Log in"),
}


FORMS = ["good", "reasoning", "suppressed", "ignores", "leaks", "empty", "refuses"]
SCHEMA = {"type": "object", "required": ["colour", "on"], "properties": {"on": {"type": "boolean"}, "colour": {"enum": ["red", "blue"]}}}
FITS = {"colour": "red", "on": True}
LOOK_UP = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}}
SHOW = {"type": "function", "function": {"name": "show", "parameters": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}}}


class DemoTest(E2ETest):
    def start_demo(self, *arguments):
        demo = self.home.start("demo", "--speed", "0", *arguments)
        demo.wait_output("Demo servers are running")
        demo.wait_output("demo-fragile\n")
        self.addCleanup(demo.signal, signal.SIGINT)
        return re.findall(r"http://127\.0\.0\.1:\d+", demo.stdout)


class Faults(DemoTest):
    def test_each_fault_is_named_and_explained(self):
        listed = self.home.call("demo", "--fault", "list")
        self.assert_status(listed, 0)
        rows = dict(re.findall(r"(?m)^(\S+) +(\S.*)$", listed.stdout))
        self.assertEqual(set(rows) - {"none"}, set(FAULTS))
        self.assertIn("--fault", self.home.call("demo", "--help").stdout)

    def test_an_unknown_fault_is_refused_with_the_known_ones(self):
        result = self.home.call("demo", "--fault", "earthquake")
        self.assert_status(result, 1)
        for word in ("--fault", "earthquake", *FAULTS):
            self.assertIn(word, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_one_model_fails_in_this_way_and_the_others_do_not(self):
        for fault, (state, kind, words) in FAULTS.items():
            with self.subTest(fault):
                servers = self.start_demo("--fault", fault)
                result = self.home.run("--on-failure", "continue", "--timeout", "9" if fault == "slow-load" else "2", "--out", self.home.path / fault,
                                       servers=servers, models=["demo-fragile", "demo-thinker"], prompts=["Hello", "Again"])
                self.home.out = self.home.path / fault
                for got in result.answers("demo-fragile"):
                    self.assertEqual((got["state"], got["error"] and got["error"]["kind"]), (state, kind), got["error"])
                    if words:
                        self.assertIn(words, got["error"]["message"])
                self.assertEqual([got["state"] for got in result.answers("demo-thinker")], ["complete"] * 2)
                first = result.answers("demo-fragile")[0]
                if fault == "bad-utf8":
                    self.assertIn("\ufffd", first["text"])
                if fault == "busy":
                    self.assertEqual(len(first["warnings"]), 2)
                if fault == "slow-load":
                    self.assertIn("loading", [e["state"] for e in result.of_kind("state", label="demo-fragile")])
                self.assert_status(result, 0 if state == "complete" else 3)
                self.home.events_file.unlink()


class Forms(DemoTest):
    PROMPTS = [ask("plain", "Is the lamp on?", {"type": "contains", "value": "lamp"}),
               ask("schema", "Is the lamp on?", {"type": "json_schema", "value": SCHEMA}, output={"name": "lamp", "schema": SCHEMA}),
               ask("tool", "Is the lamp on?", {"type": "tool_call", "name": "look_up"}, tools=[LOOK_UP], tool_choice="required"),
               ask("none", "Is the lamp on?", {"type": "no_tool_call"}, {"type": "contains", "value": "lamp"}, tools=[LOOK_UP], tool_choice="none"),
               ask("chain", "Is the lamp on?", {"type": "contains", "value": "It is shown."}, {"type": "finishes"}, tools=[LOOK_UP, SHOW],
                   loop={"max_steps": 5}, tool_results={"look_up": "It is off.", "show": "It is shown."})]

    def answers_in(self, form):
        """{name: {id of the prompt: its answer}}"""
        self.home.out = self.home.path / form
        result = self.run_("--suite", self.home.file("suite.json", json.dumps(suite(*self.PROMPTS))), "--on-failure", "continue", "--request-form", form,
                           servers=self.start_demo()[1:], models=[f"forms-{name}" for name in FORMS], prompts=())
        self.home.events_file.unlink()
        return {name: {one["prompt_id"]: one for one in result.answers(f"forms-{name}")} for name in FORMS}

    def assert_passed(self, got, **right):
        """The prompts whose checks passed, in one word; all of them for models that are not named."""
        for name, answers in got.items():
            passed = [prompt["id"] for prompt in self.PROMPTS if all(check["passed"] for check in answers[prompt["id"]]["checks"] or [{"passed": False}])]
            self.assertEqual(" ".join(passed), right.get(name, "plain schema tool none chain"), name)

    def test_each_answers_as_its_name_says(self):
        got = self.answers_in("native")
        self.assert_passed(got, ignores="plain none", leaks="plain schema none", empty="plain", refuses="plain")
        good = got["good"]
        self.assertEqual(json.loads(good["schema"]["text"]), FITS)
        self.assertEqual([json.loads(step["tool_calls"][0]["arguments"]) for step in good["chain"]["steps"][:2]], [{"name": "lamp"}, {"text": "It is off."}])
        self.assertEqual((got["reasoning"]["schema"]["text"], json.loads(got["reasoning"]["schema"]["reasoning"])), ("", FITS))
        self.assertEqual([bool(one["reasoning"]) for one in got["suppressed"].values()], [True, False, False, False, False])
        self.assertTrue(all(one["reasoning"] for one in good.values()))
        self.assertIn("<tool_call>", got["leaks"]["tool"]["text"])
        self.assertEqual(got["empty"]["schema"]["state"], "empty")
        self.assertIn("not supported by this model", got["refuses"]["tool"]["error"]["message"])

    def test_they_understand_every_form(self):
        self.assert_passed(self.answers_in("tool"), ignores="plain none", leaks="plain none", empty="plain", refuses="plain")
        got = self.answers_in("prompt")
        self.assert_passed(got, ignores="plain none")
        got_by_schema = self.answers_in("schema")
        del got_by_schema["reasoning"]  # its last words stand in the reasoning too, where no check of a text looks
        self.assert_passed(got_by_schema, ignores="plain none", empty="plain none", refuses="plain none")
        for answers in (got, got_by_schema):
            self.assertEqual([bool(one["reasoning"]) for one in answers["suppressed"].values()], [True, False, False, True, False])
        for key in ("schema", "tool", "chain"):
            self.assertIn("answer in reasoning", got["reasoning"][key]["warnings"])


if __name__ == "__main__":
    unittest.main()
