"""The suites that come with the program: good answers in several wordings pass every check, and typical bad ones fail visibly."""
import csv
import json
import unittest
from pathlib import Path

from llm_compare import E2ETest
from servers import DONE, STREAM, OpenAIServer, answer, finish, role, tool_call

ROOT = Path(__file__).resolve().parents[2]
SUITES, ANSWERS = ROOT / "assets" / "suites", ROOT / "tests" / "data" / "suites"
NAMES = {"planner", "structured-extraction", "tool-use", "critic", "summariser", "coder"}
WORDINGS = ["first wording", "second wording", "third wording"]


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cases_of(suite):
    if "cases_file" not in suite:
        return suite.get("cases", [{}])
    with (SUITES / suite["cases_file"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def filled(value, case):
    """A text, or what calls of tools there are, with a case's values."""
    if isinstance(value, dict):
        return {"tool_calls": [{key: filled(text, case) for key, text in call.items()} for call in value["tool_calls"]]}
    for name, one in case.items():
        value = value.replace("{{" + name + "}}", one if isinstance(one, str) else json.dumps(one))
    return value


def script(said, model):
    if isinstance(said, str):
        half = len(said) // 2
        return answer(said[:half], said[half:], model=model)
    steps = [STREAM + role(model)]
    for index, call in enumerate(said["tool_calls"]):
        half = len(call["arguments"]) // 2
        steps += [tool_call(index, call["name"], call["arguments"][:half], f"call_{index}", model), tool_call(index, None, call["arguments"][half:], model=model)]
    return steps + [finish("tool_calls", model) + DONE]


class ExampleSuites(E2ETest):
    def run_suite(self, name, candidates):
        """`candidates`: {model: function of (answers, prompt id) that gives what it says}."""
        suite, answers, said = read(SUITES / f"{name}.json"), read(ANSWERS / f"{name}.json"), {}
        for case in cases_of(suite):
            for prompt in suite["prompts"]:
                said[filled(prompt["prompt"], case)] = (prompt["id"], case)

        def chat(request):
            prompt_id, case = said[request.messages[-1]["content"]]
            return script(filled(candidates[request.model](answers, prompt_id), case), request.model)
        server = self.use(OpenAIServer(*candidates, chat=chat))
        for old in self.home.out.glob("*"):
            old.unlink()
        result = self.run_("--suite", SUITES / f"{name}.json", servers=[server], models=candidates, prompts=())
        self.assertEqual(len(server.chats), len(said) * len(candidates))
        return result

    def failures(self, result):
        return [(label, one["prompt_id"], one["case"], check["type"], check["detail"]) for label, conversation in result.report["conversations"].items()
                for one in conversation["answers"] for check in one["checks"] if not check["passed"]]

    def test_they_are_there_with_ten_prompts_each_and_a_role(self):
        self.assertEqual({path.stem for path in SUITES.glob("*.json")}, NAMES)
        for name in NAMES:
            suite, answers = read(SUITES / f"{name}.json"), read(ANSWERS / f"{name}.json")
            ids = [prompt["id"] for prompt in suite["prompts"]]
            self.assertEqual(len(set(ids)), 10, name)
            self.assertTrue(suite["role"] and suite["system_prompt"] and all(prompt["checks"] for prompt in suite["prompts"]), name)
            self.assertEqual(suite["settings"]["temperature"], 0, name)
            self.assertEqual((list(answers["good"]), list(answers["bad"])), (ids, ids), name)

    def test_good_answers_pass_every_check_in_any_wording(self):
        for name in sorted(NAMES):
            with self.subTest(name):
                result = self.run_suite(name, {word: lambda answers, id, i=i: answers["good"][id][min(i, len(answers["good"][id]) - 1)]
                                               for i, word in enumerate(WORDINGS)})
                self.assertEqual(self.failures(result), [])
                self.assert_status(result, 0)
                for label, one in result.report["suite"]["results"].items():
                    self.assertEqual((one["passed"], one["pass_rate"]), (one["total"], 1), label)

    def test_typical_bad_answers_fail_at_least_half_of_the_checks_and_every_prompt(self):
        for name in sorted(NAMES):
            with self.subTest(name):
                result = self.run_suite(name, {"bad": lambda answers, id: answers["bad"][id]})
                self.assert_status(result, 4)
                self.assertLessEqual(result.report["suite"]["results"]["bad"]["pass_rate"], 0.5)
                fooled = [one["prompt_id"] for one in result.answers("bad") if all(check["passed"] for check in one["checks"])]
                self.assertEqual(fooled, [], "bad answers that pass")


if __name__ == "__main__":
    unittest.main()
