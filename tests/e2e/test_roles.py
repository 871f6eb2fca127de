"""The suites for the roles of an agent framework (assets/suites/roles), played by the demo models and by some that are wrong."""
import html
import json
import re
import signal
import statistics
import unittest
from pathlib import Path

from llm_compare import E2ETest
from servers import DONE, STREAM, OpenAIServer, answer, finish, role, tool_call

ROOT = Path(__file__).resolve().parents[2]
ROLES, STEPS = ROOT / "assets" / "suites" / "roles", ROOT / "assets" / "demo" / "roles.json"
NAMES = {"router", "triage-planner", "systems-architect", "file-director", "exit-reviewer", "web-builder", "summariser", "injection-resistant-reader",
         "tool-judge"}
LOOPS = {"file-director", "exit-reviewer", "injection-resistant-reader"}
DEMO = ["roles-good", "roles-breaks", "roles-leaks", "roles-cycles"]
REPEATS, RIGHT_STEPS, CYCLE = 5, 8, 3
CHATTY = ("Certainly! As a helpful assistant I have thought about it for a while, and I am glad to say that everything works as expected. "
          "<img src=\"https://example.org/smile.png\"> " + "Please let me know whether there is anything else that I could do for you today. " * 5)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def suite(name):
    return read(ROLES / f"{name}.json")


def right_steps():
    return {one["prompt"]: one["steps"] for one in read(STEPS)}


def played(model, steps):
    """What the model's script makes of the right steps: (whether each of its steps has only valid calls, how it ends)."""
    if model == "roles-leaks":
        return [True], "leaked_call"
    if model == "roles-cycles":
        return [True] * CYCLE, "cycle"
    if model == "roles-breaks" and len(steps) > RIGHT_STEPS + 1:
        # The garbled path of the ninth step is a text, as the tool wants one; then the same call without arguments comes three times.
        return [True] * (RIGHT_STEPS + 1) + [False] * CYCLE, "cycle"
    return [True] * len(steps), "final"


def decay(runs):
    longest = max(len(run) for run in runs)
    return [(k + 1, sum(len(run) > k for run in runs), sum(len(run) > k and run[k] for run in runs)) for k in range(longest)]


def tables(text):
    """The rows of all tables of a Markdown or HTML report, as lists of cells."""
    if "<table" in text:
        rows = re.findall(r"(?s)<tr[^>]*>(.*?)</tr>", text)
        return [[html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in re.findall(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def calls_of(step):
    return [(name, json.dumps(arguments)) for call in step for name, arguments in call.items()]


class WrongModel:
    """Answers to the prompts of a suite that are wrong in a way of their own."""

    def __init__(self, suite, steps):
        self.prompts = {one["prompt"]: one for one in suite["prompts"]}
        ordered = list(self.prompts)
        self.steps, self.next = steps, dict(zip(ordered, ordered[1:] + ordered[:1]))

    def hasty(self, request, prompt, step):
        """Says at once that all is done."""
        return self.steps[prompt][-1]

    def careless(self, request, prompt, step):
        """Calls a tool without arguments, and gives up."""
        tools = request.json.get("tools")
        return [(tools[-1]["function"]["name"], "")] if tools and step == 0 else "Done."

    def obedient(self, request, prompt, step):
        """Does what a page tells it to."""
        checks = self.prompts[prompt]["checks"]
        forbidden = [name for check in checks if check["type"] == "forbidden_tools" for name in check["values"]]
        words = [check["value"] for check in checks if check["type"] == "not_contains"]
        return [(forbidden[0], "{}")] if forbidden and step == 0 else " ".join(words) or CHATTY

    def mixed_up(self, request, prompt, step):
        """Answers another prompt."""
        return self.steps[self.next[prompt]][-1]

    def chatty(self, request, prompt, step):
        return CHATTY

    def __call__(self, request):
        last = max(i for i, message in enumerate(request.messages) if message["role"] == "user")
        step = sum(message["role"] == "assistant" for message in request.messages[last:])
        said = getattr(self, request.model)(request, request.messages[last]["content"], step)
        if isinstance(said, str):
            return answer(said, model=request.model)
        calls = said if isinstance(said[0], tuple) else calls_of(said)
        events = [tool_call(i, name, arguments, f"call_{i}", request.model) for i, (name, arguments) in enumerate(calls)]
        return [STREAM + role(request.model), *events, finish("tool_calls", request.model) + DONE]


# Where one answer is all there is, nobody can be hasty.
WRONG, WRONG_IN_LOOPS = ["mixed_up", "chatty"], ["hasty", "careless", "obedient", "mixed_up", "chatty"]


class Roles(E2ETest):
    def start_demo(self):
        demo = self.home.start("demo", "--speed", "0")
        demo.wait_output("demo-fragile\n")
        self.addCleanup(demo.signal, signal.SIGINT)
        return next(line.split()[0] for line in demo.stdout.splitlines() if "roles-good" in line)

    def run_role(self, name, *arguments, servers, models, status):
        for old in self.home.out.glob("*"):
            old.unlink()
        result = self.run_("--suite", ROLES / f"{name}.json", *arguments, servers=servers, models=models, prompts=())
        self.assert_status(result, status)
        return result

    def test_they_are_there_with_a_description_and_the_right_steps_of_every_prompt(self):
        self.assertEqual({path.stem for path in ROLES.glob("*.json")}, NAMES)
        steps = right_steps()
        prompts = [prompt["prompt"] for name in NAMES for prompt in suite(name)["prompts"]]
        self.assertEqual((len(prompts), set(prompts)), (len(steps), set(steps)))
        for name in NAMES:
            content = suite(name)
            self.assertIn("7B", content["description"], name)
            self.assertTrue(content["role"] and all(prompt["checks"] for prompt in content["prompts"]), name)
        self.assertEqual(len(suite("router")["prompts"]), 12)
        lengths = [len(steps[prompt["prompt"]]) for prompt in suite("file-director")["prompts"]]
        self.assertEqual((len(lengths), min(lengths), max(lengths)), (8, 5, 25))

    def test_right_answers_pass_every_check(self):
        server = self.start_demo()
        for name in sorted(NAMES):
            with self.subTest(name):
                result = self.run_role(name, servers=[server], models=["roles-good"], status=0)
                one = result.report["suite"]["results"]["roles-good"]
                self.assertEqual((one["passed"], one["total"]), (sum(len(prompt["checks"]) for prompt in suite(name)["prompts"]),) * 2)

    def test_every_check_is_failed_by_a_wrong_answer(self):
        demo, steps = self.start_demo(), right_steps()
        for name in sorted(NAMES):
            with self.subTest(name):
                content = suite(name)
                wrong = self.use(OpenAIServer(*WRONG_IN_LOOPS, chat=WrongModel(content, steps)))
                models = WRONG_IN_LOOPS + ["roles-leaks", "roles-cycles"] if name in LOOPS else WRONG
                result = self.run_role(name, servers=[wrong, demo], models=models, status=4)
                fooled = [(label, one["prompt_id"]) for label in models for one in result.answers(label) if all(check["passed"] for check in one["checks"])]
                self.assertEqual(fooled, [], "wrong answers that pass")
                failed = {(one["prompt_id"], index) for label in models for one in result.answers(label)
                          for index, check in enumerate(one["checks"]) if not check["passed"]}
                never = [(prompt["id"], check["type"]) for prompt in content["prompts"] for index, check in enumerate(prompt["checks"])
                         if (prompt["id"], index) not in failed]
                self.assertEqual(never, [], "checks that nothing fails")

    def test_the_figures_of_a_loop_are_those_of_the_script(self):
        steps = right_steps()
        prompts = [(prompt["id"], steps[prompt["prompt"]]) for prompt in suite("file-director")["prompts"]]
        result = self.run_role("file-director", "--repeat", str(REPEATS), "--format", "json,md,html,csv", servers=[self.start_demo()], models=DEMO,
                               status=4)
        header, *rows = result.rows
        at = {name: header.index(name) for name in ("label", "prompt_id", "steps", "ended_by")}
        told = {ending: tables(result.read(ending)) for ending in (".md", ".html")}
        for model in DEMO:
            with self.subTest(model):
                by_prompt = {id: played(model, right) for id, right in prompts}
                runs = [by_prompt[id] for id, _ in prompts for _ in range(REPEATS)]
                valid = [run for run, _ in runs]
                words = [word for _, word in runs]
                first = [next((k + 1 for k, is_valid in enumerate(run) if not is_valid), None) for run in valid]
                loop = result.report["suite"]["results"][model]["loop"]

                self.assertEqual(loop["ended_by"], {word: words.count(word) for word in set(words)})
                self.assertEqual(loop["first_invalid_step"], first)
                self.assertEqual([(one["step"], one["reached"], one["valid"]) for one in loop["decay"]], decay(valid))
                for id, _ in prompts:
                    self.assertEqual([(one["step"], one["reached"], one["valid"]) for one in loop["decay_by_prompt"][id]],
                                     decay([by_prompt[id][0]] * REPEATS), id)
                    tokens = [one["context_tokens"] for one in loop["decay_by_prompt"][id]]
                    self.assertEqual(tokens, sorted(set(tokens)), "the history grows with every step")
                self.assertEqual(loop["steps_median"], statistics.median(len(run) for run in valid))

                answers = result.answers(model)
                self.assertEqual([(len(one["steps"]), one["ended_by"], one["state"]) for one in answers],
                                 [(len(run), word, "complete") for run, word in runs])
                self.assertEqual([[all(call["valid"] for call in step["tool_calls"]) for step in one["steps"]] for one in answers], valid)
                self.assertEqual([(row[at["prompt_id"]], int(row[at["steps"]]), row[at["ended_by"]]) for row in rows if row[at["label"]] == model],
                                 [(id, *(lambda run, word: (len(run), word))(*by_prompt[id])) for id, _ in prompts for _ in range(REPEATS)])

                for ending, found in told.items():
                    (ends,) = [row for row in found if row[0] == model and any(re.search(r"final \d|cycle \d|leaked_call \d", cell) for cell in row)]
                    for word in set(words):
                        self.assertIn(f"{word} {words.count(word)}", ends[1], ending)
                    self.assertEqual([int(cell) if cell.isdigit() else None for cell in ends[2].split()], first, ending)
                    (titles,) = [row for row in found if row[0] == "Valid at step"]
                    told_decay = [row[titles.index(model)].split(" (")[0] for row in found if len(row) == len(titles) and row[0].isdigit()
                                  and " of " in " ".join(row)]
                    wanted = [f"{good} of {reached}" for _, reached, good in decay(valid)]
                    self.assertEqual(told_decay[:len(wanted)], wanted, ending)


if __name__ == "__main__":
    unittest.main()
