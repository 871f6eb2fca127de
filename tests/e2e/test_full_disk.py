"""Reports on a disk that is full: nothing half-written stays, the user is told which path and why, what was there is untouched."""
import json
import os
import shutil
import subprocess
import unittest

import servers
from llm_compare import PROGRAM, E2ETest, Result

LONG = "Of many words. " * 8000  # 120 KB; both reports hold it

# Runs a command on a small file system of its own, and keeps a copy of what is on it at the end.
ON_SMALL_DISK = """
mount -t tmpfs -o size=$1 none "$2" || exit 99
shift; disk=$1; copy=$2; shift 2
printf "somebody's" > "$disk/old.txt"
"$@"; status=$?
cp -a "$disk/." "$copy"
exit $status
"""


def small_disk_command():
    """What gives a mount namespace of one's own here; None where the system allows it to nobody like us."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        if shutil.which("unshare") and subprocess.run([*command, "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True).returncode == 0:
            return command
    return None


def talker(words=LONG):
    return servers.OpenAIServer("a", chat=lambda request: servers.answer(*[words[i:i + 4000] for i in range(0, len(words), 4000)], model="a"))


class FullDisk(E2ETest):
    def on_small_disk(self, size, arguments):
        prefix = small_disk_command()
        if prefix is None:
            print("SKIPPED: no file system of its own can be mounted here", flush=True)
            self.skipTest("no mount namespace")
        disk, self.copy = self.home.path / "disk", self.home.path / "copy"
        disk.mkdir()
        self.copy.mkdir()
        return self.ended([*prefix, "sh", "-c", ON_SMALL_DISK, "sh", size, str(disk), str(self.copy), PROGRAM, *map(str, arguments(disk))])

    def ended(self, command, stdout=subprocess.PIPE):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=self.home.path, env=self.home.environment(), timeout=60)
        return Result(done.returncode, done.stdout, done.stderr, self.home)

    def left_on_disk(self):
        return sorted(path.name for path in self.copy.rglob("*") if path.is_file())

    def test_reports_that_do_not_fit_are_told_and_those_that_do_are_there(self):
        server = self.use(talker())
        # 96 KiB: neither fits; 192 KiB: one of them does.
        for size, there in (("96k", []), ("192k", [".md"])):
            with self.subTest(size):
                result = self.on_small_disk(size, lambda disk: self.home.run_arguments(["--out", disk / "reports"], [server], ["a"], ["Hello"]))
                self.assert_status(result, 1)
                self.assertIn("No space left on device", result.stderr)
                self.assertIn(f"{self.home.path}/disk/reports/llm_compare_", result.stderr)
                self.assertEqual([name[name.rindex("."):] for name in self.left_on_disk() if name != "old.txt"], there)
                self.assertEqual(result.stdout.count("report "), len(there))
                for report in self.copy.rglob("*.md"):
                    self.assertIn(LONG.strip(), report.read_text())
                self.assertEqual((self.copy / "old.txt").read_text(), "somebody's")
                self.assertIn("stays in the crash journal", result.stderr)
                shutil.rmtree(self.copy)
                (self.home.path / "disk").rmdir()

    def test_a_halt_on_a_full_disk_names_the_failure_and_the_disk(self):
        broken = [*servers.answer(*[LONG[i:i + 4000] for i in range(0, len(LONG), 4000)], model="a")[:-1], servers.RESET]
        server = self.use(servers.OpenAIServer("a", chat=broken))
        result = self.on_small_disk("96k", lambda disk: self.home.run_arguments(["--out", disk], [server], ["a"], ["Hello"]))
        self.assert_status(result, 3)
        self.assertIn("Model a", result.stderr)
        self.assertIn("No space left on device", result.stderr)
        self.assertEqual(self.left_on_disk(), ["old.txt"])

    def test_an_export_to_a_full_disk_leaves_session_and_disk_as_they_were(self):
        server = self.use(talker())
        self.assert_status(self.run_(servers=[server], models=["a"]), 0)
        (report,) = self.home.out.glob("*.json")
        before = report.read_bytes()
        result = self.on_small_disk("128k", lambda disk: ["export", report, "--out", disk, "--format", "md,json,html,csv"])
        self.assert_status(result, 1)
        self.assertIn("No space left on device", result.stderr)
        self.assertEqual(self.left_on_disk(), ["old.txt"])
        self.assertEqual(report.read_bytes(), before)

    def test_events_on_a_full_disk_do_not_end_the_session(self):
        server = self.use(talker())
        result = self.on_small_disk("64k", lambda disk: self.home.run_arguments(["--events", disk / "events.jsonl"], [server], ["a"], ["Hello"]))
        self.assert_status(result, 0)
        self.assertIn("No space left on device", result.stderr)
        self.assertIn("goes on without events", result.stderr)
        self.assertEqual(result.answer("a")["text"], LONG)

    def test_a_limit_on_the_size_of_files_is_an_error_and_not_the_end(self):
        server = self.use(talker())
        command = ["prlimit", "--fsize=65536", PROGRAM, *map(str, self.home.run_arguments([], [server], ["a"], ["Hello"]))]
        result = self.ended(command)
        self.assert_status(result, 1)
        self.assertIn("File too large", result.stderr)
        self.assertIn(str(self.home.out), result.stderr)
        self.assertEqual([path.name for path in self.home.out.iterdir()], [])

    def test_what_cannot_be_printed_is_told_and_is_no_success(self):
        server = self.use(servers.OpenAIServer("a"))
        run = self.home.run_arguments([], [server], ["a"], ["Hello"])
        for arguments in (["--help"], ["--version"], ["models", "--server", server.url], ["models", "--json", "--server", server.url],
                          ["demo", "--fault", "list"], run):
            with self.subTest(arguments[:2]):
                with open("/dev/full", "wb") as full:
                    result = self.ended([PROGRAM, *map(str, arguments)], full)
                self.assert_status(result, 1)
                self.assertEqual(result.stderr, "cannot write to standard output: No space left on device\n")
        self.assertEqual(len(self.home.run("--quiet", servers=[server], models=["a"]).files(".json")), 2, "the reports are written")

    def test_a_reader_that_has_enough_is_no_failure(self):
        server = self.use(servers.OpenAIServer("a"))
        for arguments in (["--help"], ["models", "--json", "--server", server.url]):
            with self.subTest(arguments[0]):
                reader, writer = os.pipe()
                os.close(reader)
                with open(writer, "wb") as nobody:
                    result = self.ended([PROGRAM, *arguments], nobody)
                self.assertEqual((result.status, result.stderr), (0, ""))

    def test_after_a_full_disk_the_same_run_writes_whole_reports(self):
        server = self.use(talker())
        self.ended(["prlimit", "--fsize=65536", PROGRAM, *map(str, self.home.run_arguments([], [server], ["a"], ["Hello"]))])
        result = self.run_(servers=[server], models=["a"])
        self.assert_status(result, 0)
        (report,) = self.home.out.glob("*.json")
        self.assertEqual(json.loads(report.read_text())["conversations"]["a"]["answers"][0]["text"], LONG)


if __name__ == "__main__":
    unittest.main()
