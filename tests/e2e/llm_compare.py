"""Runs the program under test in a home folder of its own and reads what it says and writes.

The program's path comes from LLMC_PROGRAM. Nothing outside the temporary home is read or written: HOME and the XDG folders
point into it, and no server is looked for on the usual ports (LLMC_DISCOVERY_PORTS is empty).
"""
import contextlib
import csv
import fcntl
import io
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest
from pathlib import Path

PROGRAM = os.environ.get("LLMC_PROGRAM", "llm-compare")
# Sanitizers multiply memory and time: figures that are promised for the release build say nothing there.
SANITIZED = any(os.environ.get(name) for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"))

SLOWNESS = 5.0 if SANITIZED else 1.0
PATIENCE = 30.0  # no run of these tests takes longer, times SLOWNESS

FINAL = {"complete", "stopped", "interrupted", "cut_off", "empty", "failed"}


class Result:
    """How a run ended: exit status, what it printed, its events, the reports it wrote, and the most memory it had."""

    def __init__(self, status, stdout, stderr, home, peak_mib=None):
        self.status, self.stdout, self.stderr, self.home, self.peak_mib = status, stdout, stderr, home, peak_mib

    @property
    def output(self):
        return self.stdout + self.stderr

    @property
    def events(self):
        file = self.home.events_file
        return [json.loads(line) for line in file.read_bytes().decode("utf-8").split("\n") if line] if file.exists() else []

    def kinds(self):
        return [one["event"] for one in self.events]

    def of_kind(self, kind, **fields):
        return [one for one in self.events if one["event"] == kind and all(one.get(k) == v for k, v in fields.items())]

    def files(self, ending=""):
        return sorted(p for p in self.home.out.glob("**/*" + ending) if p.is_file()) if self.home.out.is_dir() else []

    @property
    def report(self):
        """The only JSON report."""
        (file,) = self.files(".json")
        return json.loads(file.read_bytes().decode("utf-8"))

    def read(self, ending):
        (file,) = self.files(ending)
        return file.read_bytes().decode("utf-8")

    @property
    def markdown(self):
        return self.read(".md")

    @property
    def html(self):
        return self.read(".html")

    @property
    def rows(self):
        return list(csv.reader(io.StringIO(self.read(".csv").removeprefix("\ufeff"), newline="")))

    def conversation(self, label):
        return self.report["conversations"][label]

    def answers(self, label):
        return self.conversation(label)["answers"]

    def answer(self, label, round_number=1):
        (one,) = [a for a in self.answers(label) if a["round"] == round_number]
        return one


class Running:
    """A run that has not ended. Its output is collected by threads; wait_* block until the output says so."""

    def __init__(self, home, process):
        self.home, self.process = home, process
        self._text = {"stdout": "", "stderr": ""}
        self._changed = threading.Condition()
        self._readers = [threading.Thread(target=self._read, args=(name,), daemon=True) for name in self._text]
        for reader in self._readers:
            reader.start()

    def _read(self, name):
        stream = getattr(self.process, name)
        while data := os.read(stream.fileno(), 65536):
            with self._changed:
                self._text[name] += data.decode("utf-8", "surrogateescape")
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    @property
    def stdout(self):
        return self._text["stdout"]

    @property
    def stderr(self):
        return self._text["stderr"]

    def wait_output(self, words, seconds=PATIENCE):
        with self._changed:
            if not self._changed.wait_for(lambda: words in self.stdout + self.stderr, seconds * SLOWNESS):
                raise AssertionError(f"{words!r} was never printed; stdout: {self.stdout!r} stderr: {self.stderr!r}")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=PATIENCE):
        peak_mib = self._watch(seconds)
        if peak_mib is None:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the program did not end within {seconds} s; stdout: {self.stdout!r} stderr: {self.stderr!r}")
        for reader in self._readers:
            reader.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()
        return Result(self.process.returncode, self.stdout, self.stderr, self.home, peak_mib)

    def _watch(self, seconds):
        """Waits for the end: the most memory the process had in MiB, as of 10 ms before; None when it has not ended."""
        peak_kib, end = 0, time.monotonic() + seconds * SLOWNESS
        while self.process.poll() is None:
            with contextlib.suppress(OSError):
                found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
                peak_kib = int(found[1]) if found else peak_kib
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.01)
            if time.monotonic() > end and self.process.poll() is None:
                return None
        return peak_kib / 1024


class Home:
    """A temporary home: `out` is where reports go unless a test says otherwise."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="llmc-e2e-"))
        self.out = self.path / "reports"
        self.events_file = self.path / "events.jsonl"
        self.config_file = self.path / "config" / "llm-compare" / "config.json"
        self._processes = []

    def close(self):
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    with contextlib.suppress(OSError):
                        stream.close()
        shutil.rmtree(self.path, ignore_errors=True)

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")}
        return {**kept, "HOME": str(self.path), "XDG_CONFIG_HOME": str(self.path / "config"), "XDG_STATE_HOME": str(self.path / "state"),
                "XDG_DATA_HOME": str(self.path / "data"), "XDG_CACHE_HOME": str(self.path / "cache"), "LLMC_DISCOVERY_PORTS": "",
                "TERM": "xterm-256color", **{k: str(v) for k, v in more.items()}}

    def file(self, name, content):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    def config(self, content):
        return self.file("config/llm-compare/config.json", content)

    def start(self, *arguments, environment=None):
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=self.path, env=self.environment(**(environment or {})))
        self._processes.append(process)
        return Running(self, process)

    def call(self, *arguments, environment=None, seconds=PATIENCE):
        """Any command line, as it is."""
        return self.start(*arguments, environment=environment).wait(seconds)

    def run_arguments(self, arguments, servers, models, prompts):
        found = ["run"]
        for server in servers:
            found += ["--server", getattr(server, "url", server)]
        for model in models:
            found += ["--model", model]
        for prompt in prompts:
            found += ["--prompt", prompt]
        found += arguments
        if "--out" not in arguments:
            found += ["--out", self.out]
        if "--events" not in arguments:
            found += ["--events", self.events_file]
        return found

    def run(self, *arguments, servers=(), models=(), prompts=("Hello",), environment=None, seconds=PATIENCE):
        """`llm-compare run` with reports in `out` and events in `events_file`."""
        return self.call(*self.run_arguments(list(arguments), servers, models, prompts), environment=environment, seconds=seconds)

    def start_run(self, *arguments, servers=(), models=(), prompts=("Hello",), environment=None):
        return self.start(*self.run_arguments(list(arguments), servers, models, prompts), environment=environment)

    def run_in_terminal(self, *arguments, servers=(), models=(), prompts=("Hello",), **more):
        return self.call_in_terminal(*self.run_arguments(list(arguments), servers, models, prompts), **more)

    def call_in_terminal(self, *arguments, columns=80, rows=24, seconds=PATIENCE):
        """Any command line under a pseudo-terminal: (exit status, [(time, bytes)] as they were written)."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=slave, stdout=slave, stderr=slave, cwd=self.path,
                                   env=self.environment(), start_new_session=True)
        self._processes.append(process)
        os.close(slave)
        pieces, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([master], [], [], 0.5)[0]:
                continue
            try:
                data = os.read(master, 65536)
            except OSError:  # the other side is closed
                break
            if not data:
                break
            pieces.append((time.monotonic(), data))
        os.close(master)
        return process.wait(5), pieces


class E2ETest(unittest.TestCase):
    """A test with a home; servers given to use() stop with the test, and their scripts must have worked."""

    maxDiff = 2000

    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.close)

    def use(self, server):
        self.addCleanup(lambda: self.assertEqual(server.problems, [], "a server's script went wrong"))
        self.addCleanup(server.stop)
        return server

    def run_(self, *arguments, **more):
        return self.home.run(*arguments, **more)

    def assert_status(self, result, status):
        self.assertEqual(result.status, status, f"stdout: {result.stdout}\nstderr: {result.stderr}")

    def assert_peak(self, result, mib=256):
        """Its memory was never above `mib`; not looked at under sanitizers, and said so."""
        if SANITIZED:
            print("SKIPPED: peak memory, which sanitizers multiply", flush=True)
            return
        self.assertLessEqual(result.peak_mib, mib, "MiB at most")

    def assert_refused(self, result, *words, status=1, servers=()):
        """Ended with `status`, named all `words` on stderr, sent no prompt and wrote no report."""
        self.assert_status(result, status)
        for word in words:
            self.assertIn(str(word), result.stderr)
        for server in servers:
            self.assertEqual(len(server.posts), 0, "something was sent")
        self.assertEqual([f for f in result.files() if f.name.startswith("llm_compare_")], [])
