"""Man page and completions, printed by the program from the table of its options."""
import re
import shutil
import subprocess
import unittest

from llm_compare import E2ETest

COMMANDS = ("run", "models", "export", "report", "recover", "cast", "import", "probe", "doctor", "demo")


class Documents(E2ETest):
    def document(self, kind):
        result = self.home.call("document", kind)
        self.assert_status(result, 0)
        return result.stdout

    def options(self, *command):
        """Those that the help names."""
        result = self.home.call(*command, "--help")
        self.assert_status(result, 0)
        return set(re.findall(r"^ +(?:-h,)?(--[a-z-]+)", result.stdout, re.MULTILINE))

    def test_the_man_page_has_every_command_and_option(self):
        page = self.document("man")
        self.assertTrue(page.startswith(".TH LLM"))
        plain = page.replace("\\-", "-")
        for command in COMMANDS:
            section = plain.split(f"\n.SS {command}\n")[1].split("\n.S")[0]
            for option in self.options(command):
                self.assertIn(f"\n.B {option}", section, command)
        for option in self.options():
            self.assertIn(f"\n.B {option}", plain.split("\n.SH COMMANDS")[0])
        self.assertNotIn(".SS document", plain)
        for status in (0, 1, 2, 3, 4, 130):
            self.assertIn(f"\n.TP\n.B {status}\n", plain)

    def complete(self, *words):
        script = self.home.file("completions.bash", self.document("bash"))
        line = " ".join(f"'{word}'" for word in words)
        run = subprocess.run(["bash", "-c", f'source "$1"; COMP_WORDS=(llm-compare {line}); COMP_CWORD={len(words)}; _llm_compare; printf "%s\\n" "${{COMPREPLY[@]}}"',
                              "bash", script], capture_output=True, text=True, timeout=20, check=True, cwd=self.home.path)
        self.assertEqual(run.stderr, "")
        return run.stdout.split("\n")[:-1]

    def test_bash_completes_commands_options_files_and_folders(self):
        self.assertEqual(self.complete("rep"), ["report"])
        self.assertEqual(self.complete("run", "--prom"), ["--prompt", "--prompts"])
        self.assertEqual(self.complete("--server", "x", "cast", "--dry"), ["--dry-run"])
        (self.home.path / "suites").mkdir()
        self.home.file("suite.json", "{}")
        self.assertEqual(self.complete("run", "--out", "sui"), ["suites"])
        self.assertEqual(sorted(self.complete("run", "--suite", "sui")), ["suite.json", "suites"])
        self.assertEqual(self.complete("run", "--temperature", "0"), [""])

    def test_each_shell_reads_its_own(self):
        for kind in ("zsh", "fish"):
            text = self.document(kind)
            for command in COMMANDS:
                self.assertIn(command, text)
            self.assertIn("dry-run", text)
            if not shutil.which(kind):
                print(f"SKIPPED: {kind} is not here to read its completions")
                continue
            subprocess.run([kind, "-n", self.home.file(kind, text)], timeout=20, check=True)

    def test_it_is_not_in_the_help_and_knows_its_kinds(self):
        self.assertNotIn("document", self.home.call("--help").stdout)
        self.assert_status(self.home.call("document", "tex"), 1)


if __name__ == "__main__":
    unittest.main()
