"""`llm-compare cast --as`: casts as other programs read them."""
import difflib
import re
import stat
import unittest
from pathlib import Path

from llm_compare import E2ETest
from servers import LMStudioServer
from test_cast import report, rounds

SETTINGS = Path(__file__).parent.parent / "data" / "las" / "user_settings.yaml"


class CastExport(E2ETest):
    def reports(self, servers=("http://127.0.0.1:9",), **more):
        """Three roles, of which two have the same candidate."""
        own = {"settings": {"temperature": 0.2, "max_tokens": 512, "min_p": 0.05, "top_k": 64}}
        configuration = {"configuration": {"models": [], "servers": list(servers), "server_names": ["rack"]}}
        return [report("router_specialist", {"a": rounds("++ ++", **own, **more), "b": rounds("-- +-")}, **configuration),
                report("triage_architect", {"a": rounds("++", **own, **more), "b": rounds("--")}, **configuration),
                report("project_director", {"a": rounds("--", **own), "b": rounds("++")}, **configuration)]

    def cast(self, *arguments, reports=None, environment=None):
        paths = [self.home.file(f"r{i}.json", one) for i, one in enumerate(reports or self.reports())]
        return self.home.call("cast", *paths, "--out", self.home.out, *arguments, environment=environment)

    def settings(self, text=None):
        return self.home.file("user_settings.yaml", text if text is not None else SETTINGS.read_bytes())

    def lines_lost(self, before, after):
        return [line[2:] for line in difflib.ndiff(before.splitlines(True), after.splitlines(True)) if line.startswith("- ")]

    def test_settings_are_edited_and_every_other_line_stays_byte_for_byte(self):
        file = self.settings()
        before = file.read_bytes().decode("utf-8")
        result = self.cast("--as", "las", "--into", file)
        self.assert_status(result, 0)
        after = file.read_bytes().decode("utf-8")
        self.assertEqual(self.lines_lost(before, after), ['  router_specialist: "local_router"\n', '  triage_architect: "local_router"\n'])
        for line in ("  cast_a:\n", '    api_identifier: "a-model"\n', '    server: "rack"\n', "      temperature: 0.2\n", "      top_k: 64\n",
                     '  router_specialist: "cast_a"\n', '  triage_architect: "cast_a"\n', '  project_director: "cast_b"\n'):
            self.assertIn(line, after)
        self.assertNotIn("min_p", re.sub("#.*", "", after))
        self.assertIn("# llm-compare: not taken over: min_p 0.05", after)
        self.assertIn("router_specialist: not taken over: min_p 0.05", result.stderr)
        self.assertIn("rack (http://127.0.0.1:9)", result.stderr, "a server that is not there is a finding")
        self.assertIn('-  router_specialist: "local_router"\n', result.stdout)
        self.assertIn('+  router_specialist: "cast_a"\n', result.stdout)
        kept = file.with_name("user_settings.yaml.bak")
        self.assertEqual(kept.read_bytes().decode("utf-8"), before)
        (env,) = result.files()
        self.assertRegex(env.name, r"^llm_compare_cast_\d{8}_\d{6}_las\.env$")
        self.assertIn('LOCAL_INFERENCE_SERVERS="rack=http://127.0.0.1:9/v1"\n', env.read_text())
        for own in re.findall(".*llm-compare:.*", after):
            self.assertRegex(own, "^  # llm-compare: ")
            self.assertNotRegex(own, r"\d{4}-\d\d-\d\d")

    def test_a_second_export_changes_nothing_and_a_third_that_does_keeps_both_old_files(self):
        file = self.settings()
        self.assert_status(self.cast("--as", "las", "--into", file), 0)
        first = file.read_bytes()
        again = self.cast("--as", "las", "--into", file)
        self.assert_status(again, 0)
        self.assertEqual(file.read_bytes(), first)
        self.assertIn("not changed", again.stdout)
        self.assertFalse(file.with_name(file.name + ".bak2").exists())
        file.chmod(0o600)
        self.assert_status(self.cast("--as", "las", "--into", file, "--pick", "router_specialist=b"), 0)
        self.assertEqual(file.with_name(file.name + ".bak2").read_bytes(), first)
        self.assertEqual(file.with_name(file.name + ".bak").read_bytes(), SETTINGS.read_bytes())
        for one in (file, file.with_name(file.name + ".bak2")):
            self.assertEqual(stat.S_IMODE(one.stat().st_mode), 0o600)
        self.assertIn('  router_specialist: "cast_b', file.read_text())

    def test_a_dry_run_prints_the_difference_and_writes_nothing(self):
        file = self.settings()
        result = self.cast("--as", "las", "--into", file, "--dry-run")
        self.assert_status(result, 0)
        self.assertIn(f"--- {file}\n", result.stdout)
        self.assertIn('+  router_specialist: "cast_a"\n', result.stdout)
        self.assertIn("LOCAL_INFERENCE_SERVERS=", result.stdout)
        for name in ("litellm", "env", "las"):
            self.assert_status(self.cast("--as", name, "--dry-run"), 0)
        self.assertEqual(result.files(), [])
        self.assertEqual(file.read_bytes(), SETTINGS.read_bytes())
        self.assertEqual([p.name for p in file.parent.glob("user_settings*")], [file.name])

    def test_what_cannot_be_edited_is_refused_with_the_reason_and_stays_as_it_is(self):
        for text, *words in ((b"llm_providers: {a: {type: local}}\n", "line 1", "braces"), (b"llm_providers: &x\n  a: 1\nb: *x\n", "line 1", "anchor"),
                             (b"llm_providers:\n\ta: 1\n", "line 2"), (b"a: 1\n---\nb: 2\n", "several documents"), (b"a: \xff\n", "not UTF-8"),
                             (b"llm_providers:\n  a: 1\nllm_providers:\n  b: 1\n", "line 3", "twice"), (b"- a\n", "no mapping"),
                             (b"specialist_model_bindings: none\n", "no mapping"), (b"#" * (1 << 20) + b"\n", "user_settings.yaml")):
            with self.subTest(text[:40]):
                file = self.settings(text)
                result = self.cast("--as", "las", "--into", file)
                self.assert_status(result, 1)
                for word in ("user_settings.yaml", *words):
                    self.assertIn(word, result.stderr)
                self.assertEqual(file.read_bytes(), text)
                self.assertEqual(result.files(), [])
                self.assertEqual([p.name for p in file.parent.glob("user_settings*")], [file.name])

    def test_line_ends_a_mark_and_a_missing_last_line_end_stay(self):
        text = b"\xef\xbb\xbf# mine\r\nllm_providers:\r\n  x: {type: local, api_identifier: m}\r\ndefault_llm_config: x # last"
        file = self.settings(text)
        self.assert_status(self.cast("--as", "las", "--into", file), 0)
        after = file.read_bytes()
        self.assertTrue(after.startswith(text[:text.index(b"default")]))
        self.assertIn(b"\r\ndefault_llm_config: x # last\r\nspecialist_model_bindings:\r\n", after)
        self.assertFalse(after.endswith(b"\n"))
        self.assertEqual(after.count(b"\n"), after.count(b"\r\n"))

    def test_every_format_is_written_to_a_file_of_its_own(self):
        for name, endings, words in (("las", [".env", ".yaml"], 'default_llm_config: "cast_a"'), ("litellm", [".yaml"], 'model: "openai/a-model"'),
                                     ("env", [".env"], "ROUTER_SPECIALIST_MODEL='a-model'\nROUTER_SPECIALIST_BASE_URL='http://127.0.0.1:9/v1'\n")):
            with self.subTest(name):
                result = self.cast("--as", name)
                self.assert_status(result, 0)
                files = [file for file in result.files() if f"_{name}." in file.name]
                self.assertEqual([f.suffix for f in files], endings)
                for file in files:
                    self.assertRegex(file.name, rf"^llm_compare_cast_\d{{8}}_\d{{6}}_{name}\.")
                self.assertIn(words, files[-1].read_text())

    def test_wrong_usage_is_named_and_nothing_is_written(self):
        file = self.settings()
        for arguments, *words in ((("--as", "yaml"), "yaml", "las, litellm and env"), (("--into", file), "--as"), (("--dry-run",), "--as"),
                                  (("--as", "las", "--format", "json"), "--format"), (("--as", "env", "--into", file), "env"),
                                  (("--as", "las", "--into", self.home.path / "nowhere.yaml"), "nowhere.yaml"), (("--as", "las", "--into", self.home.path), str(self.home.path))):
            with self.subTest(arguments):
                result = self.cast(*arguments)
                self.assert_status(result, 1)
                for word in words:
                    self.assertIn(word, result.stderr)
                self.assertEqual(result.files(), [])
        result = self.cast("--as", "las", reports=[report("", {"a": rounds("")}, suite="")])
        self.assert_status(result, 1)
        self.assertIn("no role", result.stderr)
        self.assertEqual(file.read_bytes(), SETTINGS.read_bytes())

    def test_servers_are_asked_what_they_have_now_and_keys_never_appear(self):
        server = self.use(LMStudioServer("a-model", loaded="a-model", context=1000))
        self.home.config({"servers": [{"url": server.url, "name": "rack", "api_key_env": "RACK_KEY"}]})
        tokens = {"metrics": {"prompt_tokens": 900, "output_tokens": 300, "end_to_end_latency_s": 1.5}}
        result = self.cast("--as", "litellm", reports=self.reports([server.url], **tokens), environment={"RACK_KEY": "sk-very-secret"})
        self.assert_status(result, 0)
        self.assertIn("rack has a-model with a context of 1000 tokens, and the role needs 1200", result.stderr)
        self.assertIn("project_director: attention: rack does not have b-model", result.stderr)
        (file,) = result.files()
        text = file.read_text()
        self.assertIn("# llm-compare: attention: rack does not have b-model", text)
        self.assertIn('api_key: "os.environ/RACK_KEY"', text)
        self.assertNotIn("sk-very-secret", text + result.output)

    def test_answers_are_held_against_the_time_limit_of_their_suite(self):
        def timed(role, seconds, **suite):
            made = report(role, {"a": rounds("+ + +", metrics={"end_to_end_latency_s": seconds})})
            made["suite"]["source"] = {"format": "llm-compare-suite", "version": 1, "name": "n", "prompts": [{"id": "plan", "prompt": "Plan it."}], **suite}
            return made
        limit = {"settings": {"total_timeout_seconds": 120}}
        result = self.cast("--as", "env", reports=[timed("slow", 130, **limit), timed("fast", 20, **limit), timed("free", 130)])
        self.assert_status(result, 0)
        self.assertIn("slow: attention: 3 of 3 requests took longer than the suite's 120 s", result.stderr)
        self.assertNotIn("fast: attention: 3", result.stderr)
        self.assertNotIn("free: attention: 3", result.stderr)
        self.assertIn("the address of its server is not known", result.stderr)
        self.assertNotIn("_BASE_URL", result.read(".env"))


if __name__ == "__main__":
    unittest.main()
