"""`llm-compare cast`: a casting sheet from reports and sessions."""
import itertools
import json
import unittest

from llm_compare import E2ETest
from servers import OpenAIServer, answer


def answer_of(round_number, checks="", **more):
    """An answer as a report has it; "+" and "-" are checks that passed and failed."""
    found = [{"type": "contains", "passed": c == "+", "detail": None if c == "+" else "not there", "at_char": None} for c in checks]
    return {"round": round_number, "prompt": "Plan it.", "prompt_id": "plan", "state": "complete", "finish_reason": "stop", "text": f"answer {round_number}",
            "server": "rack", "checks": found or None, **more}


def report(role, answers, suite="basics", **more):
    """A report whose candidates are called by their labels; `answers` maps a label to its answers."""
    return {"format": "llm-compare-report", "version": 1, "configuration": {"models": [], "servers": []},
            "conversations": {label: {"candidate": {"id": f"c{i}", "model_id": f"{label}-model", "display_name": label}, "messages": [], "answers": list(given)}
                              for i, (label, given) in enumerate(answers.items(), 1)},
            "suite": {"name": suite, "role": role, "repeat": 1, "results": {}} if suite else None, **more}


def rounds(checks, **more):
    """One answer per word of `checks`."""
    return [answer_of(i, word, **more) for i, word in enumerate(checks.split(), 1)]


class Cast(E2ETest):
    def cast(self, *arguments, reports=()):
        paths = [self.home.file(f"r{i}.json", one) for i, one in enumerate(reports)]
        return self.home.call("cast", *paths, "--out", self.home.out, *arguments)

    def sheet(self, result):
        (file,) = [f for f in result.files(".json") if f.name.startswith("llm_compare_cast_")]
        return json.loads(file.read_bytes().decode("utf-8"))

    def assert_nothing_cast(self, result, *words):
        self.assert_status(result, 1)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertEqual(result.files(), [], "something was written")

    def test_the_best_is_proposed_and_both_files_say_the_same(self):
        speed = {"metrics": {"time_to_first_token_s": 0.25, "decode_tokens_per_s": 40, "model_state": "warm"}}
        result = self.cast(reports=[report("planner", {"a": rounds("+- ++", **speed), "b": rounds("-- -+")})])
        self.assert_status(result, 0)
        sheet = self.sheet(result)
        self.assertEqual((sheet["format"], sheet["version"]), ("llm-compare-cast", 1))
        self.assertRegex(sheet["generated_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
        role = sheet["roles"]["planner"]
        self.assertEqual((role["candidate"], role["model"], role["server"], role["picked_by"]), ("a", "a-model", "rack", "proposal"))
        self.assertEqual((role["evidence"]["passed"], role["evidence"]["total"], role["evidence"]["pass_rate"]), (3, 4, 0.75))
        self.assertAlmostEqual(role["evidence"]["low"], 0.3006, 3)
        self.assertAlmostEqual(role["evidence"]["high"], 0.9544, 3)
        self.assertEqual((role["evidence"]["time_to_first_token_s"], role["evidence"]["decode_tokens_per_s"]), (0.25, 40))
        self.assertIsNone(role["evidence"]["votes"])
        self.assertIsNone(role["evidence"]["ratings"])
        self.assertEqual([r["candidate"] for r in role["runners_up"]], ["b"])
        self.assertIn("equal within the intervals", result.stdout)
        (yaml,) = result.files(".yaml")
        text = yaml.read_text(encoding="utf-8")
        self.assertIn("format: llm-compare-cast\n", text)
        self.assertIn("    candidate: a\n", text)
        self.assertIn("      pass_rate: 0.75\n", text)
        self.assertEqual([f.stem for f in result.files()], [yaml.stem] * 2)
        for file in result.files():
            self.assertIn(f"cast {file}", result.stdout)

    def test_reports_of_one_role_add_up_whatever_their_order(self):
        names = [self.home.file(f"{n}.json", one) for n, one in (
            ("x", report("planner", {"a": rounds("+++"), "b": rounds("++-")})),
            ("y", report("planner", {"b": rounds("+++"), "a": rounds("---")})),
            ("z", report("", {"a": rounds("+")}, suite="critic-basics")),
            ("w", report("", {"a": rounds("", ratings={"stars": 1})}, suite="")))]
        sheets = []
        for number, order in enumerate(itertools.permutations(names)):
            out = self.home.out / str(number)
            result = self.home.call("cast", *order, "--out", out, "--format", "json")
            self.assert_status(result, 0)
            (file,) = out.iterdir()
            sheets.append(json.loads(file.read_text(encoding="utf-8")))
            self.assertIn("w.json: no suite", result.stdout)
        for sheet in sheets:
            del sheet["generated_at"]
            self.assertEqual(sheet, sheets[0])
        roles = sheets[0]["roles"]
        self.assertEqual(sorted(roles), ["critic-basics", "planner"], "a suite without a role counts under its name")
        self.assertEqual((roles["planner"]["candidate"], roles["planner"]["evidence"]["passed"], roles["planner"]["evidence"]["total"]), ("b", 5, 6))
        self.assertEqual(roles["planner"]["runners_up"][0]["evidence"]["total"], 6)
        self.assertEqual(sheets[0]["without_role"], ["w.json"])

    def test_a_pick_beats_the_proposal(self):
        result = self.cast("--pick", "planner=b", "--format", "yaml,json", reports=[report("planner", {"a": rounds("+"), "b": rounds("-"), "c": rounds("-")})])
        self.assert_status(result, 0)
        role = self.sheet(result)["roles"]["planner"]
        self.assertEqual((role["candidate"], role["picked_by"]), ("b", "user"))
        self.assertEqual([r["candidate"] for r in role["runners_up"]], ["a", "c"])
        self.assertIn("planner: b (your pick)", result.stdout)

    def test_an_unknown_role_or_label_is_refused_and_nothing_is_written(self):
        reports = [report("planner", {"a": rounds("+"), "b": rounds("-")})]
        self.assert_nothing_cast(self.cast("--pick", "critic=a", reports=reports), "critic", "planner")
        self.assert_nothing_cast(self.cast("--pick", "planner=z", reports=reports), '"z"', "a and b")
        self.assert_nothing_cast(self.cast("--pick", "planner", reports=reports), "ROLE=LABEL")
        self.assert_nothing_cast(self.cast("--pick", "planner=a", "--pick", "planner=b", reports=reports), "picked twice")
        self.assert_nothing_cast(self.cast("--format", "md", reports=reports), "--format", "json and yaml")
        self.assert_nothing_cast(self.cast("--format", "", reports=reports), "empty")
        self.assert_nothing_cast(self.cast())

    def test_a_file_that_is_no_report_of_ours_is_refused_with_its_name_and_place(self):
        good = report("planner", {"a": rounds("+")})
        broken = report("planner", {"a": [answer_of(1) | {"checks": [{"type": "contains", "passed": "yes"}]}]})
        for bad, *words in (({"format": "llm-compare-suite", "version": 1}, "format"), ({"version": 1}, "format"), (good | {"format": "other"}, "format"),
                            (good | {"version": 2}, "version", "later"), (json.dumps(good)[:-20], "r1.json"), (broken, "checks[0].passed"),
                            ("{}", "r1.json"), ("", "r1.json"), (b"\xff\xfe", "r1.json"), ([], "r1.json")):
            with self.subTest(str(bad)[:60]):
                self.assert_nothing_cast(self.cast(reports=[good, bad]), "r1.json", *words)
        self.assert_nothing_cast(self.cast(self.home.path / "nowhere.json", reports=[good]), "nowhere.json")
        self.assert_nothing_cast(self.cast(self.home.path, reports=[good]), str(self.home.path))

    def test_words_that_yaml_reads_as_something_else_are_quoted(self):
        result = self.cast(reports=[report("no", {"on": rounds("+"), "1.0": rounds("-"), "evil: \u202e\x1b[31m": rounds("-")})])
        self.assert_status(result, 0)
        (yaml,) = result.files(".yaml")
        text = yaml.read_text(encoding="utf-8")
        for line in ('  "no":\n', '    candidate: "on"\n', 'candidate: "1.0"\n'):
            self.assertIn(line, text)
        for file in result.files():
            self.assertNotRegex(file.read_text(encoding="utf-8"), "[\u202e\x1b]")
        self.assertNotRegex(result.stdout, "[\u202e\x1b]")
        self.assertIn("evil: \u202e\x1b[31m", [r["candidate"] for r in self.sheet(result)["roles"]["no"]["runners_up"]])

    def test_votes_and_ratings_are_evidence(self):
        both = {"a": rounds("+", ratings={"thumbs": 1, "stars": 2, "note": "short"}), "b": rounds("+")}
        votes = [{"round": 1, "a": "a", "b": "b", "winner": w} for w in ("b", "b", "tie", "both_bad")]
        result = self.cast(reports=[report("planner", both, votes=votes)])
        self.assert_status(result, 0)
        role = self.sheet(result)["roles"]["planner"]
        self.assertEqual(role["candidate"], "b", "votes decide between equal pass rates")
        for key, value in (("wins", 2), ("losses", 0), ("ties", 1), ("both_bad", 1)):
            self.assertEqual(role["evidence"]["votes"][key], value)
        self.assertGreater(role["evidence"]["votes"]["score"], 0)
        self.assertEqual(role["runners_up"][0]["evidence"]["ratings"], {"thumbs_up": 1, "thumbs_down": 0, "starred": 1, "mean_stars": 2.0, "notes": ["short"]})
        self.assertIn("votes", role["proposal"]["reason"])

    def test_a_report_that_the_program_wrote_is_cast_and_goes_to_the_report_folder(self):
        server = self.use(OpenAIServer("m", chat=lambda request: answer("Hi")))
        ran = self.home.run(servers=[server], models=["m=first"])
        self.assert_status(ran, 0)
        (path,) = ran.files(".json")
        made = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual((made["suite"], made["votes"], made["casting"]), (None, None, None))
        made["suite"] = {"name": "greetings", "role": "greeter", "repeat": 1, "results": {}}
        made["conversations"]["first"]["answers"][0]["checks"] = [{"type": "contains", "passed": True, "detail": None, "at_char": None}]
        folder = self.home.path / "elsewhere"
        self.home.config({"report_folder": str(folder)})
        result = self.home.call("cast", self.home.file("made.json", made), "--quiet")
        self.assert_status(result, 0)
        self.assertEqual(result.output, "")
        self.assertEqual(sorted(f.suffix for f in folder.iterdir()), [".json", ".yaml"])
        (file,) = folder.glob("llm_compare_cast_*.json")
        role = json.loads(file.read_text(encoding="utf-8"))["roles"]["greeter"]
        self.assertEqual((role["candidate"], role["model"]), ("first", "m"))
        self.assertEqual(role["settings"]["temperature"], 0.7)
        self.assertEqual(role["settings"]["max_tokens"], 2048)

    def test_a_sheet_of_nothing_but_reports_without_a_suite_has_no_roles_and_says_why(self):
        result = self.cast(reports=[report("", {"a": rounds("")}, suite="")])
        self.assert_status(result, 0)
        self.assertEqual(self.sheet(result)["roles"], {})
        self.assertIn("r0.json: no suite", result.stdout)


if __name__ == "__main__":
    unittest.main()
