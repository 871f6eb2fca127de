"""Suites that are wrong, and the command line around them: refused before anything is sent, with file, line and key."""
import json
import unittest

from llm_compare import E2ETest
from servers import OpenAIServer, answer
from suites import CAPITAL, ask, contains, suite


def with_check(check):
    return suite(ask("x", "Hello", contains("a"), check))


SCHEMA_AT = "prompts[0].checks[1].value"
# What is wrong: (name, suite, the key as it is told, a piece of the line where it stands, further words)
WRONG = [
    ("unknown key", suite(ask("x", "Hello"), colour="red"), "colour", '"colour"', []),
    ("unknown key of a prompt", suite(ask("x", "Hello", chekcs=[])), "prompts[0].chekcs", '"chekcs"', []),
    ("unknown key of a check", with_check({"type": "contains", "value": "a", "ignorecase": True}), "prompts[0].checks[1].ignorecase", '"ignorecase"', []),
    ("key of another check", with_check({"type": "json", "ignore_case": True}), "prompts[0].checks[1].ignore_case", '"ignore_case"', []),
    ("unknown check", with_check({"type": "max_word", "value": 1}), "prompts[0].checks[1].type", '"max_word"', ["max_word", "max_words"]),
    ("check without a type", with_check({"value": "a"}), "prompts[0].checks[1]", "", ["type"]),
    ("check without a value", with_check({"type": "regex"}), "prompts[0].checks[1]", "", ["value"]),
    ("two kinds of values", with_check({"type": "contains", "value": "a", "any": ["b"]}), "prompts[0].checks[1]", "", ["any"]),
    ("wrong type of a value", with_check({"type": "max_words", "value": "many"}), SCHEMA_AT, '"many"', []),
    ("limit below nothing", with_check({"type": "max_chars", "value": -1}), SCHEMA_AT, "-1", []),
    ("count that is no whole number", with_check({"type": "tool_call", "count": 1.5}), "prompts[0].checks[1].count", '"count"', []),
    ("unknown context", suite(ask("x", "Hello"), context="new"), "context", '"new"', ["fresh", "continued"]),
    ("unknown setting", suite(ask("x", "Hello"), settings={"temprature": 1}), "settings.temprature", '"temprature"', []),
    ("setting out of range", suite(ask("x", "Hello"), settings={"temperature": 3}), "settings.temperature", '"temperature"', []),
    ("bad regular expression", with_check({"type": "regex", "value": "(a"}), SCHEMA_AT, '"(a"', []),
    ("regular expression that RE2 has not", with_check({"type": "not_regex", "value": "a(?=b)"}), SCHEMA_AT, '"a(?=b)"', []),
    ("bad schema", with_check({"type": "json_schema", "value": {"type": "objekt"}}), SCHEMA_AT, '"objekt"', []),
    ("bad pattern in a schema", with_check({"type": "json_schema", "value": {"properties": {"a": {"pattern": "["}}}}), SCHEMA_AT, '"["', []),
    ("schema that refers to an address", with_check({"type": "json_schema", "value": {"$ref": "http://example.org/s.json"}}), SCHEMA_AT, '"$ref"', ["http://example.org/s.json"]),
    ("bad schema of arguments", with_check({"type": "tool_call", "arguments": {"required": "a"}}), "prompts[0].checks[1].arguments", '"required"', []),
    ("missing case value", suite(ask("x", "In {{city}} and {{land}}"), cases=[{"city": "Oslo", "land": "Norway"}, {"city": "Rome"}]), "prompts[0].prompt", '"prompt"', ["land"]),
    ("missing case value in a check", suite(ask("x", "In {{city}}", contains("{{land}}")), cases=[{"city": "Oslo"}]), "prompts[0].checks[0]", "", ["land"]),
    ("bad regular expression in one case", suite(ask("x", "Hello", {"type": "regex", "value": "{{p}}"}), cases=[{"p": "a"}, {"p": "("}]), "prompts[0].checks[0].value", '"{{p}}"', []),
    ("case that is none", suite(ask("x", "Hello"), cases=["Oslo"]), "cases[0]", '"Oslo"', []),
    ("no cases", suite(ask("x", "Hello"), cases=[]), "cases", '"cases"', []),
    ("repeat 0", suite(ask("x", "Hello"), repeat=0), "repeat", '"repeat"', ["0"]),
    ("repeat that is no number", suite(ask("x", "Hello"), repeat="3"), "repeat", '"repeat"', []),
    ("no prompts", suite(), "prompts", '"prompts"', []),
    ("prompts missing", {key: value for key, value in suite().items() if key != "prompts"}, "prompts", "", []),
    ("prompt without a text", suite(ask("x", "")), "prompts[0]", "", ["prompt"]),
    ("two prompts of one id", suite(ask("x", "a"), ask("x", "b")), "prompts[1].id", "", ["x"]),
    ("later version", suite(ask("x", "Hello"), version=2), "version", '"version"', ["2"]),
    ("other format", suite(ask("x", "Hello"), format="llm-compare-report"), "format", '"format"', ["llm-compare-suite"]),
    ("format missing", {"prompts": [{"prompt": "Hello"}]}, "format", "", []),
    ("tools that are no list", suite(ask("x", "Hello"), tools={}), "tools", '"tools"', []),
    ("cases and a file of them", suite(ask("x", "Hello"), cases=[{"a": 1}], cases_file="a.csv"), "cases_file", '"cases_file"', []),
    ("file of cases that is not there", suite(ask("x", "Hello"), cases_file="missing.csv"), "cases_file", '"cases_file"', ["missing.csv"]),
    ("file of cases elsewhere", suite(ask("x", "Hello"), cases_file="../a.csv"), "cases_file", '"cases_file"', []),
]
GOOD = suite(ask("x", "Hello {{name}}", contains("{{name}}")), cases_file="cases.csv")
WRONG_CASES = [("too few cells", b"name,age\nAda,36\nBob\n", 3), ("too many cells", b"name\nAda\nBob,7\n", 3), ("open quotes", b'name\nAda\n"Bob\n\n', 3),
               ("text behind quotes", b'name\n"Ada"x\n', 2), ("not UTF-8", b"name\nAda\nB\xffb\n", None), ("empty", b"", None), ("no row", b"name\n", None),
               ("column twice", b"name,name\na,b\n", 1), ("missing column", b"nome\nAda\n", None)]


class SuiteInput(E2ETest):
    def setUp(self):
        super().setUp()
        self.server = self.use(OpenAIServer("m", chat=answer(CAPITAL)))

    def refused(self, path, *words, arguments=()):
        result = self.run_("--suite", path, *arguments, servers=[self.server], models=["m"], prompts=())
        self.assert_refused(result, *words, servers=[self.server])
        self.assertNotIn("\x1b", result.output)
        self.assertFalse(self.home.out.exists(), "nothing is written")
        self.assertEqual(list((self.home.path / "state").glob("**/*.llmcj")), [])
        return result

    def test_a_wrong_suite_is_refused_with_file_line_and_key(self):
        for name, content, key, piece, words in WRONG:
            with self.subTest(name):
                lines = json.dumps(content, indent=2).split("\n")
                path = self.home.file("wrong.json", "\n".join(lines))
                (line, *_) = [number for number, one in enumerate(lines, 1) if piece in one] if piece else [None]
                self.refused(path, f"{path}:{line}: " if line else f"{path}:", key, *words)

    def test_what_is_no_json_or_no_text_is_refused_with_its_line(self):
        whole = json.dumps(suite(ask("x", "Hello")), indent=2).encode()
        for name, content, line in (("cut off", whole[:-20], None), ("comma missing", whole.replace(b'"version": 1,', b'"version": 1'), 4), ("not UTF-8", whole.replace(b"Hello", b"Hell\xf6"), None),
                                    ("empty", b"", None), ("a list", b"[]", None), ("too deep", b"[" * 5000 + b"]" * 5000, None),
                                    ("a key twice", whole.replace(b'"version": 1,', b'"version": 1,\n  "version": 1,'), None)):
            with self.subTest(name):
                path = self.home.file("wrong.json", content)
                self.refused(path, f"{path}:{line}:" if line else path)

    def test_wrong_cases_are_refused_with_their_line(self):
        path = self.home.file("suite.json", GOOD)
        for name, content, line in WRONG_CASES:
            with self.subTest(name):
                cases = self.home.file("cases.csv", content)
                self.refused(path, f"{cases}:{line}:" if line else "", "cases" if name != "missing column" else "name")

    def test_cases_of_a_file_are_taken_as_they_stand(self):
        """RFC 4180 with and without a BOM: quotes, commas and line breaks in cells, cells that are empty or begin with blanks."""
        said = []
        self.server.routes["POST /v1/chat/completions"] = lambda r: (said.append(r.messages[-1]["content"]), answer("It is " + r.messages[-1]["content"]))[1]
        path = self.home.file("suite.json", suite(ask("x", "<{{name}}|{{age}}>", contains("<{{name}}|{{age}}>")), cases_file="data/cases.csv"))
        wanted = [("Ada", "36"), ('say "hi", Bob', ""), ("two\nlines", " 7 "), ("{{age}}", "ü")]
        for content in ('name,age\r\nAda,36\r\n"say ""hi"", Bob",\r\n"two\nlines", 7 \r\n{{age}},ü\r\n', '\ufeffname,age\nAda,36\n"say ""hi"", Bob",\n"two\nlines", 7 \n{{age}},ü'):
            said.clear()
            for old in self.home.out.glob("*"):
                old.unlink()
            self.home.file("data/cases.csv", content.encode())
            result = self.run_("--suite", path, servers=[self.server], models=["m"], prompts=())
            self.assert_status(result, 0)
            self.assertEqual(said, [f"<{name}|{age}>" for name, age in wanted])
            self.assertEqual([a["case"] for a in result.answers("m")], [{"name": name, "age": age} for name, age in wanted])

    def test_values_never_break_the_json_around_them(self):
        case = {"text": 'a "b" \\ {{other}}', "other": "never", "number": 3}
        self.server.routes["POST /v1/chat/completions"] = answer(json.dumps({"t": case["text"], "n": 3}))
        schema = {"required": ["t", "n"], "properties": {"t": {"const": "{{text}}"}, "n": {"const": "{{number}}"}}}
        path = self.home.file("suite.json", suite(ask("x", "{{text}}", {"type": "json_schema", "value": schema}), cases=[case]))
        result = self.run_("--suite", path, servers=[self.server], models=["m"], prompts=())
        self.assert_status(result, 0)
        self.assertEqual(self.server.chats[0].messages[-1]["content"], case["text"])

    def test_prompts_with_a_json_file_is_a_suite(self):
        path = self.home.file("suite.json", suite(ask("x", "Hello", contains("Bergen"))))
        result = self.run_("--prompts", path, "--repeat", "2", servers=[self.server], models=["m"], prompts=())
        self.assert_status(result, 4)
        self.assertEqual((result.report["suite"]["name"], len(result.answers("m"))), ("basics", 2))

    def test_a_suite_stands_alone(self):
        path = self.home.file("suite.json", suite(ask("x", "Hello")))
        prompts = self.home.file("prompts.txt", "Hello\n")
        for more in (("--prompt", "Hello"), ("--prompts", prompts), ("--prompts", path), ("--resume", path)):
            with self.subTest(more[0]):
                self.refused(path, "--suite", arguments=more)

    def test_repeats_are_counted_from_1_and_only_with_a_suite(self):
        path = self.home.file("suite.json", suite(ask("x", "Hello")))
        for number in ("0", "-1", "x", "1.5", "100001", "99999999999999999999"):
            with self.subTest(number):
                self.refused(path, "--repeat", arguments=("--repeat", number))
        result = self.run_("--repeat", "2", servers=[self.server], models=["m"])
        self.assert_refused(result, "--repeat", "--suite", servers=[self.server])

    def test_a_suite_that_cannot_be_read_is_named(self):
        for path in (self.home.path / "missing.json", self.home.path):
            self.refused(path, "--suite", path)


if __name__ == "__main__":
    unittest.main()
