"""`llm-compare report`: what results can carry, alone and against a baseline; other programs' results."""
import json
import unittest

from llm_compare import E2ETest


def answer_of(number, outcome, **more):
    """'1' passed, '0' failed, 'x' no connection."""
    failed = outcome == "x"
    error = {"phase": "connect", "status": 0, "message": "rack refuses the connection", "kind": "connection"} if failed else None
    check = {"type": "contains", "passed": outcome == "1", "detail": None if outcome == "1" else "not there", "at_char": None}
    return {"round": number, "prompt": f"prompt {number}", "prompt_id": f"p{number}", "state": "failed" if failed else "complete", "error": error,
            "finish_reason": None if failed else "stop", "text": "", "server": "rack", "checks": [check], **more}


def report(**runs):
    return {"format": "llm-compare-report", "version": 1, "configuration": {"models": [], "servers": []},
            "conversations": {label: {"candidate": {"id": label, "model_id": label}, "messages": [], "answers": [answer_of(i, o) for i, o in enumerate(given, 1)]}
                              for label, given in runs.items()},
            "suite": {"name": "basics", "role": "clerk", "repeat": 1, "results": {}}}


def results(outcomes, tests=None):
    """prompt-prix's; `outcomes` maps a model to a status per test."""
    count = len(next(iter(outcomes.values())))
    words = {"1": ("completed", "fine", None), "0": ("semantic_failure", "no", None), "x": ("error", "", "Connection refused")}
    return {"tests": tests or [f"t{i}" for i in range(1, count + 1)], "models": list(outcomes),
            "results": [{"test_id": f"t{i}", "model_id": model, "status": words[o][0], "response": words[o][1], "latency_ms": 900, "error": words[o][2]}
                        for model, given in outcomes.items() for i, o in enumerate(given, 1)]}


class Report(E2ETest):
    def report(self, document, *arguments, baseline=None):
        if baseline is not None:
            arguments += ("--baseline", self.home.file("before.json", baseline))
        return self.home.call("report", self.home.file("now.json", document), *arguments)

    def decision(self, *arguments, **more):
        result = self.report(*arguments, "--format", "json", **more)
        return result, json.loads(result.stdout)

    def test_six_of_six_differing_prompts_decide(self):
        result, decision = self.decision(report(qwen="111111111", mistral="000000111"))
        self.assert_status(result, 0)
        self.assertEqual(decision["groups"], [["qwen"], ["mistral"]])
        (pair,) = decision["pairs"]
        self.assertEqual((pair["a"], pair["b"], pair["prompts"], pair["a_better"], pair["b_better"], pair["decision"]), ("qwen", "mistral", 9, 6, 0, "a"))
        self.assertAlmostEqual(pair["p"], 0.03125)
        self.assertGreater(pair["low"], 0)
        self.assertEqual(decision["prompts_that_separate_nobody"], 3)
        self.assertEqual(decision["pass_k"], {"qwen": [1.0], "mistral": [3 / 9]})
        self.assertEqual((decision["saturated"], decision["looks"], decision["baseline"]), (False, 0, None))
        text = self.report(report(qwen="111111111", mistral="000000111"))
        self.assertIn("mistral is worse than qwen: 6 of 6 differing prompts, p 0.031", text.stdout)

    def test_gaps_stand_apart(self):
        _, decision = self.decision(report(a="11x", b="10x"))
        self.assertEqual(decision["infrastructure"], {"a": 1, "b": 1})
        self.assertEqual(decision["pairs"][0]["prompts"], 2)

    def test_exported_reports_hold_the_same_decision(self):
        source = self.home.file("r.json", report(a="111111", b="000000"))
        self.assert_status(self.home.call("export", source, "--out", self.home.out, "--format", "json,md"), 0)
        (path,) = self.home.out.glob("*.json")
        _, decision = self.decision(report(a="111111", b="000000"))
        self.assertEqual(json.loads(path.read_text())["suite"]["decision"], decision)
        (text,) = self.home.out.glob("*.md")
        self.assertIn("**Verdict:** b is worse than a", text.read_text())

    def test_a_significant_regression_is_exit_4(self):
        result, decision = self.decision(report(a="00000000"), baseline=report(a="11111111"))
        self.assert_status(result, 4)
        label = decision["baseline"]["labels"]["a"]
        self.assertEqual(len(label["regressions"]), 8)
        self.assertEqual(label["regressions"][0], {"id": "p1", "case": None})
        self.assertAlmostEqual(label["p_adjusted"], 2 / 256)
        text = self.report(report(a="00000000"), baseline=report(a="11111111"))
        self.assert_status(text, 4)
        self.assertIn("a: 8 worse, 0 better, 0 the same", text.stdout)

    def test_what_chance_may_do_is_exit_0(self):
        result, decision = self.decision(report(a="00000111"), baseline=report(a="11111111"))
        self.assert_status(result, 0)
        self.assertEqual(len(decision["baseline"]["labels"]["a"]["regressions"]), 5)

    def test_bad_input_is_named(self):
        chat = report(a="1")
        chat["suite"] = None
        for document, arguments, words in ((chat, (), "no results of a suite"), (report(a="1"), ("--format", "yaml"), "--format"),
                                           (report(a="1"), ("--baseline", "/nowhere.json"), "/nowhere.json")):
            result = self.report(document, *arguments)
            self.assert_status(result, 1)
            self.assertIn(words, result.stderr)
        result = self.report(report(a="1"), baseline=report(b="1"))
        self.assert_status(result, 1)
        self.assertIn("no candidate of one label in common", result.stderr)

    def test_results_of_prompt_prix(self):
        result, decision = self.decision(results({"a": "1111111x", "b": "0000000x"}))
        self.assert_status(result, 0)
        self.assertIn("known by name only", result.stderr)
        self.assertEqual(decision["groups"], [["a"], ["b"]])
        self.assertEqual(decision["infrastructure"], {"a": 1, "b": 1})
        tests = [{"id": f"t{i}", "user": "Say no.", "expected": {"match_mode": "text_only", "response_contains": "no"}} for i in range(1, 9)]
        _, decision = self.decision(results({"a": "1111111x", "b": "0000000x"}, tests))
        self.assertEqual(decision["groups"], [["b"], ["a"]], "the checks are judged again")

    def test_results_of_prompt_prix_become_a_report(self):
        source = self.home.file("battery.json", results({"a": "111", "b": "110"}))
        out = self.home.out / "battery.report.json"
        self.assert_status(self.home.call("import", source, "--as", out), 0)
        document = json.loads(out.read_text())
        self.assertEqual(document["format"], "llm-compare-report")
        self.assertEqual(document["suite"]["results"]["b"]["passed"], 2)
        self.assertEqual(document["suite"]["decision"]["prompts_that_separate_nobody"], 2)
        self.assert_status(self.home.call("import", source, "--as", out), 1)


if __name__ == "__main__":
    unittest.main()
