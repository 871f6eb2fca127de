"""`llm-compare import`: files of other programs as suites, from the command line to a run."""
import io
import json
import unittest
import zipfile

from llm_compare import E2ETest
from servers import OpenAIServer, answer
from suites import SuiteTest, calls


def tool(name, required=(), **properties):
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": properties, "required": list(required)}}}


TEXT, NUMBER = {"type": "string"}, {"type": "number"}
WEATHER = tool("get_weather", ["city"], city=TEXT, days={"type": "integer"})
PAY = tool("pay", ["to", "amount"], to=TEXT, amount=NUMBER, urgent={"type": "boolean"})
TICKET = tool("file_ticket", ["team", "priority"], team=TEXT, priority={"type": "string", "enum": ["low", "high"]})
EVENT = tool("make_event", ["title", "time"], title=TEXT, time={"type": "object"})
ASK = tool("ask_user", ["question"], question=TEXT)

# (id, tools, expected, what is right, what is wrong in one argument); a text is an answer without a call.
PRIX = [
    ("exact", [WEATHER], {"match_mode": "exact", "tool_name": "get_weather", "params": {"city": "Oslo"}},
     [("get_weather", {"city": "Oslo"})], [("get_weather", {"city": "Bergen"})]),
    ("contains", [WEATHER], {"match_mode": "contains", "tool_name": "get_weather", "params": {"city": "Oslo"}},
     [("get_weather", {"city": "Oslo, Norway"})], [("get_weather", {"city": "Norway"})]),
    ("exclusion", [PAY, ASK], {"match_mode": "exclusion", "tool_name_not": "pay", "tool_name_any": ["ask_user", "wait"]},
     [("ask_user", {"question": "Sure?"})], [("ask_user", {"question": 7})]),
    ("exclusion of a value", [TICKET], {"match_mode": "exclusion", "tool_name": "file_ticket", "params_not": {"team": "sales"}, "params_any": {"team": ["it", "sales"]}},
     [("file_ticket", {"team": "it", "priority": "low"})], [("file_ticket", {"team": "sales", "priority": "low"})]),
    ("enum", [TICKET], {"match_mode": "exact_with_enum", "tool_name": "file_ticket", "params": {"team": "it"}, "params_enum_valid": {"priority": ["low", "high"]}},
     [("file_ticket", {"team": "it", "priority": "high"})], [("file_ticket", {"team": "it", "priority": "urgent"})]),
    ("valid choice", [TICKET], {"match_mode": "valid_choice", "tool_name": "file_ticket", "params_enum_valid": {"team": ["it", "hr"]}, "params_required": ["team", "priority"]},
     [("file_ticket", {"team": "hr", "priority": "low"})], [("file_ticket", {"team": "hr"})]),
    ("structure", [EVENT], {"match_mode": "structure", "tool_name": "make_event", "params_structure": {"title": "string", "time": {"start": "string", "minutes": "integer"}}},
     [("make_event", {"title": "Q4", "time": {"start": "15:00", "minutes": 60}})], [("make_event", {"title": "Q4", "time": {"start": "15:00", "minutes": "60"}})]),
    ("required", [PAY], {"match_mode": "required_present", "tool_name": "pay", "params_required": ["to", "amount"], "params_types": {"amount": "number"}},
     [("pay", {"to": "Bob", "amount": 500})], [("pay", {"to": "Bob", "amount": "500"})]),
    ("type", [PAY], {"match_mode": "type_strict", "tool_name": "pay", "params": {"amount": 500}, "params_types": {"amount": "number"}},
     [("pay", {"to": "Bob", "amount": 500.0})], [("pay", {"to": "Bob", "amount": "five hundred"})]),
    ("pattern", [PAY], {"match_mode": "exact_with_pattern", "tool_name": "pay", "params": {"urgent": True}, "params_pattern": {"to": "^acc-\\d+$"}},
     [("pay", {"to": "acc-12", "amount": 1, "urgent": True})], [("pay", {"to": "acc-x", "amount": 1, "urgent": True})]),
    ("text", [WEATHER], {"match_mode": "text_only", "no_tool_call": True, "response_type": "text", "response_contains": "4"}, "It is 4.", "It is five."),
    ("parallel", [WEATHER], {"match_mode": "parallel", "tool_calls_count": 2, "tool_calls": [{"tool_name": "get_weather", "params": {"city": c}} for c in ("Oslo", "Rome")]},
     [("get_weather", {"city": "Rome"}), ("get_weather", {"city": "Oslo"})], [("get_weather", {"city": "Oslo"}), ("get_weather", {"city": "Roma"})]),
    ("first step", [WEATHER, ASK], {"match_mode": "first_step", "tool_name": "get_weather", "params": {"city": "Oslo"}},
     [("get_weather", {"city": "Oslo"}), ("ask_user", {"question": "More?"})], [("get_weather", {"city": "oslo"}), ("ask_user", {"question": "More?"})]),
    ("no arguments", [PAY, ASK], {"match_mode": "exact", "tool_name": "ask_user"},
     [("ask_user", {"question": "Which file?"})], [("ask_user", {"text": "Which file?"})]),
]


def prix_file():
    prompts = [{"id": one[0], "name": one[0].title(), "system": f"S {one[0]}", "user": one[0], "tools": one[1], "expected": one[2]} for one in PRIX]
    return {"test_suite": "competence", "version": "1.0", "prompts": prompts}


def playing(which):
    """A chat route that answers every prompt as PRIX says."""
    def route(request):
        (said,) = [one[which] for one in PRIX if one[0] == request.messages[-1]["content"]]
        return answer(said) if isinstance(said, str) else calls(*((name, json.dumps(arguments)) for name, arguments in said))
    return route


class ImportTest(E2ETest):
    def import_(self, *arguments, status=0):
        result = self.home.call("import", *arguments)
        self.assert_status(result, status)
        return result

    def suite(self, name):
        return json.loads((self.home.path / name).read_text(encoding="utf-8"))

    def not_taken(self, result):
        start = "not taken over: "
        return [line.removeprefix(start) for line in result.stderr.splitlines() if line.startswith(start)]


class CommandLine(ImportTest):
    def test_a_suite_is_written_to_the_current_folder_and_every_thing_left_out_is_told(self):
        self.home.file("in/competence.json", {**prix_file(), "prompts": prix_file()["prompts"][:1]})
        result = self.import_("in/competence.json")
        self.assertEqual(self.not_taken(result), ['in/competence.json, prompts[0].name: has no counterpart in a suite ("Exact")',
                                                  'in/competence.json, version: has no counterpart in a suite ("1.0")'])
        self.assertEqual(result.stdout, "suite competence.suite.json (prompt-prix: 1 prompt, 1 check)\n")
        suite = self.suite("competence.suite.json")
        self.assertEqual((suite["format"], suite["name"], suite["system_prompt"]), ("llm-compare-suite", "competence", "S exact"))
        self.assertNotIn("role", suite)

    def test_as_and_role(self):
        self.home.file("p.json", prix_file())
        self.import_("p.json", "--as", "made/here/router.json", "--role", "router")
        self.assertEqual(self.suite("made/here/router.json")["role"], "router")
        self.assertFalse((self.home.path / "p.suite.json").exists())
        self.import_("p.json", "--as", "made/here")
        self.assertTrue((self.home.path / "made/here/p.suite.json").exists())

    def test_strict_writes_nothing_where_something_is_left_out(self):
        self.home.file("p.json", prix_file())
        result = self.import_("p.json", "--strict", status=1)
        self.assertEqual(len(self.not_taken(result)), len(PRIX) + 1)
        self.assertIn("nothing is written", result.stderr)
        self.assertFalse((self.home.path / "p.suite.json").exists())
        self.home.file("chat.jsonl", '{"messages": [{"role": "user", "content": "q"}]}\n')
        self.import_("chat.jsonl", "--strict")

    def test_a_file_that_is_there_is_replaced_by_force_only(self):
        self.home.file("p.json", prix_file())
        self.home.file("p.suite.json", "mine")
        result = self.import_("p.json", status=1)
        self.assertIn("p.suite.json is there already", result.stderr)
        self.assertEqual((self.home.path / "p.suite.json").read_text(), "mine")
        self.import_("p.json", "--force")
        self.assertEqual(self.suite("p.suite.json")["name"], "competence")

    def test_files_that_cannot_be_taken_are_named_and_nothing_is_written(self):
        bad = {"unknown.json": '{"a": 1}', "settings.yaml": "llm_providers:\n  x: {type: local}\n", "empty.json": "", "broken.jsonl": '{"messages": []}\n{"mess',
               "twice.json": '{"prompts": [],\n "prompts": []}', "tab.yaml": "prompts: [a]\ntests:\n\t- vars: {}\n", "tag.yaml": "prompts: !!python/name:os.system x\n",
               "bomb.yaml": "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9)),
               "latin.json": '{"messages": "\xe9"}'.encode("latin-1"), "wide.json": '{"messages": []}'.encode("utf-16")}
        for name, content in bad.items():
            with self.subTest(name):
                self.home.file(name, content)
                result = self.import_(name, status=1)
                self.assertTrue(result.stderr.startswith(name + ":"), result.stderr)
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertEqual(list(self.home.path.glob("**/*.suite.json")), [])
        self.assertIn("twice.json:2: the key", self.import_("twice.json", status=1).stderr)
        self.assertIn("tab.yaml:3: ", self.import_("tab.yaml", status=1).stderr)

    def test_a_file_of_a_gibibyte_is_refused_before_it_is_read(self):
        path = self.home.file("large.jsonl", "")
        with path.open("r+b") as file:
            file.truncate(1 << 30)
        result = self.import_("large.jsonl", status=1)
        self.assertIn("large.jsonl", result.stderr)
        self.assert_peak(result, 64)

    def test_wrong_usage(self):
        for arguments in ((), ("nowhere.json",), (".",), ("--as", "x")):
            with self.subTest(arguments):
                self.import_(*arguments, status=1)


class Back(ImportTest):
    def test_a_suite_is_written_for_another_program_and_never_over_a_file(self):
        suite = {"format": "llm-compare-suite", "name": "n", "repeat": 2, "prompts": [{"id": "a", "prompt": "q", "checks": [{"type": "contains", "value": "x"}]}]}
        self.home.file("n.suite.json", suite)
        for name in ("n.promptfoo.yaml", "n_2.promptfoo.yaml"):
            result = self.home.call("export", "n.suite.json", "--as", "promptfoo")
            self.assert_status(result, 0)
            self.assertEqual(result.stdout, f"promptfoo {name}\n")
            self.assertEqual(self.not_taken(result), ["n.suite.json, repeat: has no counterpart there (2)"])
        self.import_("n.promptfoo.yaml", "--strict", "--as", "back.json")
        self.assertEqual(self.suite("back.json")["prompts"], suite["prompts"])
        self.assert_status(self.home.call("export", "n.suite.json", "--as", "chat", "--out", "o"), 0)
        self.assertEqual(json.loads((self.home.path / "o/n.chat.jsonl").read_text()), {"messages": [{"role": "user", "content": "q"}]})
        self.assert_status(self.home.call("export", "n.suite.json", "--as", "excel"), 1)
        self.assert_status(self.home.call("export", "n.suite.json", "--as", "chat", "--format", "md"), 1)


class Run(SuiteTest):
    """What prompt-prix expects, imported and run: right answers pass, answers that are wrong in one argument fail."""

    def run_imported(self, which, status):
        self.home.file("p.json", prix_file())
        self.assert_status(self.home.call("import", "p.json", "--force"), 0)
        self.serve(chat=playing(which))
        result = self.run_("--suite", "p.suite.json", servers=[self.server], models=["m"], prompts=())
        self.assert_status(result, status)
        return {a["prompt_id"]: [c["passed"] for c in a["checks"]] for a in result.answers("m")}

    def test_right_answers_pass_all_checks(self):
        verdicts = self.run_imported(3, 0)
        self.assertEqual(list(verdicts), [one[0] for one in PRIX])
        self.assertTrue(all(all(passed) and passed for passed in verdicts.values()), verdicts)

    def test_answers_that_are_wrong_in_one_argument_fail_every_prompt(self):
        verdicts = self.run_imported(4, 4)
        self.assertEqual([name for name, passed in verdicts.items() if all(passed)], [])
        self.assertEqual(len(verdicts), len(PRIX))

    def test_system_texts_and_tools_are_sent_as_the_file_has_them(self):
        self.run_imported(3, 0)
        first = self.server.chats[0].json
        self.assertEqual([m["role"] for m in first["messages"]], ["system", "user"])
        self.assertEqual(first["messages"][0]["content"], "S exact")
        self.assertEqual(first["tools"], [WEATHER])


class Kinds(ImportTest):
    def test_bfcl_questions_and_answers_in_two_files(self):
        question = {"id": "simple_7", "question": [[{"role": "user", "content": "Area?"}]],
                    "function": [{"name": "geo.area", "description": "", "parameters": {"type": "dict", "properties": {"base": {"type": "float"}}, "required": ["base"]}}]}
        self.home.file("q.json", json.dumps(question) + "\r\n")
        self.home.file("a.json", json.dumps({"id": "simple_7", "ground_truth": [{"geo.area": {"base": [10]}}]}))
        result = self.import_("q.json", "a.json", "--as", "b.json")
        self.assertEqual(self.not_taken(result), [])
        (prompt,) = self.suite("b.json")["prompts"]
        self.assertEqual(prompt["checks"], [{"type": "calls", "value": [{"geo.area": {"base": [10]}}], "rules": "bfcl"}])
        self.assertEqual(prompt["tools"][0]["function"]["parameters"]["properties"]["base"], {"type": "number"})

    def test_inspect_samples(self):
        self.home.file("i.json", {"name": "n", "samples": [{"id": "s", "input": "q", "target": {"tool_calls": [{"function": "pay", "arguments": {"amount": {"value": 5, "type": "number"}}}]},
                                                            "tools": [PAY], "metadata": {"system_prompt": "sys", "severity": "warning", "author": "x"}}]})
        result = self.import_("i.json")
        self.assertEqual(self.not_taken(result), ['i.json, samples[0].metadata.author: has no counterpart in a suite ("x")'])
        (prompt,) = self.suite("i.suite.json")["prompts"]
        self.assertEqual(prompt["checks"][0]["value"], [{"name": "pay", "arguments": {"amount": {"all_of": [{"equals": 5}, {"type": "number"}]}}}])

    def test_promptfoo_with_files_beside_it(self):
        self.home.file("foo/prompt.txt", "Name {{what}}.")
        self.home.file("outside.txt", "secret")
        self.home.file("foo/c.yaml", "prompts: [file://prompt.txt, file://../outside.txt]\nproviders: [x]\ntests:\n- vars: {what: a bird}\n"
                                     "  assert: [{type: icontains, value: bird}, {type: javascript, value: 'true'}]\n")
        result = self.import_("foo/c.yaml")
        self.assertEqual(len(self.not_taken(result)), 3)
        self.assertIn("outside.txt lies outside the folder", result.stderr)
        (prompt,) = self.suite("c.suite.json")["prompts"]
        self.assertEqual((prompt["prompt"], prompt["checks"]), ("Name a bird.", [{"type": "contains", "value": "bird", "ignore_case": True}]))

    def trace(self, **more):
        return {"step": 1, "specialist": "Router Specialist", "system_prompt": "Route.", "assembled_prompt": "hi", "response_text": "chat", "tool_calls": [],
                "latency_ms": 1200, "model_id": "m-7b", **more}

    def archive(self, entries, name="run.zip"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for entry, content in entries.items():
                made.writestr(entry, content)
        return self.home.file(name, file.getvalue())

    def test_an_archive_of_traces_gives_a_suite_for_each_specialist(self):
        lines = [self.trace(), self.trace(specialist="end", assembled_prompt="bye")]
        self.archive({"llm_traces.jsonl": "".join(json.dumps(line) + "\n" for line in lines), "manifest.json": "{}"})
        self.import_("run.zip", "--as", "suites")
        self.assertEqual(sorted(p.name for p in (self.home.path / "suites").iterdir()), ["end.suite.json", "router_specialist.suite.json"])
        suite = self.suite("suites/router_specialist.suite.json")
        self.assertEqual(suite["prompts"][0]["incumbent"], {"model": "m-7b", "text": "chat", "latency_s": 1.2})
        self.assertEqual(suite["role"], "Router Specialist")
        # One of them is there: none is written.
        (self.home.path / "suites/end.suite.json").unlink()
        self.import_("run.zip", "--as", "suites", status=1)
        self.assertFalse((self.home.path / "suites/end.suite.json").exists())

    def test_archives_that_lead_out_or_are_bombs_are_refused(self):
        self.archive({"../llm_traces.jsonl": json.dumps(self.trace())}, "out.zip")
        self.archive({"llm_traces.jsonl": b" " * (300 << 20)}, "bomb.zip")
        self.archive({"other.txt": "x"}, "other.zip")
        for name, words in {"out.zip": "leads out of the archive", "bomb.zip": "unpacks to more than 256 MiB", "other.zip": "holds no llm_traces.jsonl"}.items():
            with self.subTest(name):
                result = self.import_(name, status=1)
                self.assertIn(words, result.stderr)
                self.assert_peak(result, 64)
        self.assertEqual(list(self.home.path.glob("**/*.suite.json")), [])

    def test_conversations_can_be_run(self):
        self.home.file("chat.jsonl", "\ufeff" + json.dumps({"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},
                                                                        {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}) + "\r\n")
        self.import_("chat.jsonl")
        (prompt,) = self.suite("chat.suite.json")["prompts"]
        self.assertEqual((prompt["prompt"], prompt["expected_response"], len(prompt["messages"])), ("c", "d", 3))
        server = self.use(OpenAIServer("m", chat=answer("e")))
        result = self.run_("--suite", "chat.suite.json", servers=[server], models=["m"], prompts=())
        self.assert_status(result, 0)
        self.assertEqual([m["content"] for m in server.chats[0].messages], ["s", "a", "b", "c"])


if __name__ == "__main__":
    unittest.main()
