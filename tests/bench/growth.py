"""What an answer costs when the session has many already (P11): suites of any length against a fast server.

  tests/bench/growth.py PROGRAM STREAM_SERVER [ANSWERS …]
"""
from __future__ import annotations

import json, os, shutil, subprocess, sys, tempfile
from dataclasses import dataclass
from pathlib import Path

TOKENS = 60
TEXT_BYTES = 9 * TOKENS  # as stream_server numbers its tokens


@dataclass
class Growth:
    cpu_ms: float  # per answer, start-up taken off
    peak_kib: float


def run(program: Path, url: str, models: list[str], suite: dict, repeat: int, *options: str) -> tuple[float, float]:
    """CPU seconds and peak memory in KiB of one run, which must end well."""
    folder = Path(tempfile.mkdtemp(prefix="llm-compare-growth-"))
    try:
        (folder / "suite.json").write_text(json.dumps({"format": "llm-compare-suite", "version": 1, "name": "growth", **suite}))
        env = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "XDG_STATE_HOME": str(folder / "state")}
        command = [str(program), "run", "--quiet", "--no-progress", "--server", url, "--suite", str(folder / "suite.json"), "--repeat", str(repeat)]
        command += ["--out", str(folder / "reports"), "--format", "json", *options]
        for i, model in enumerate(models):
            command += ["--model", f"{model}=M{i}"]
        process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)  # the server counts few prompt tokens, which is warned of
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"growth: the run ended with status {process.returncode}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def answers(program: Path, servers, count: int) -> Growth:
    """So many answers of two candidates, in contexts of their own."""
    with servers(1, f"bulk-{TOKENS}") as served:
        models = [f"bulk-{TOKENS}", f"bulk-{TOKENS}#0"]
        prompts = {"prompts": [{"id": f"p{i}", "prompt": f"Question {i}?"} for i in range(10)]}
        none, _ = run(program, served.urls[0], models, {"prompts": prompts["prompts"][:1]}, 1)
        cpu, peak = run(program, served.urls[0], models, prompts, count // 20)
        return Growth(1000 * (cpu - none) / count, peak)


def queue(program: Path, servers, count: int) -> Growth:
    """So many prompts of 5 kB, which wait while one candidate answers one after the other."""
    with servers(1, "bulk-1") as served:
        prompts = [{"id": f"p{i}", "prompt": f"{i} " + "word " * 1000} for i in range(count)]
        none, _ = run(program, served.urls[0], ["bulk-1"], {"prompts": prompts[:1]}, 1)
        cpu, peak = run(program, served.urls[0], ["bulk-1"], {"prompts": prompts}, 1, "--order", "listed")
        return Growth(1000 * (cpu - none) / count, peak)


class StreamServer:
    def __init__(self, count: int, *models: str) -> None:
        self.process = subprocess.Popen([sys.argv[2], str(count), *models], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.urls = [self.process.stdout.readline().strip() for _ in range(count)]

    def __enter__(self) -> "StreamServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


if __name__ == "__main__":
    for wanted in map(int, sys.argv[3:] or ("1000", "4000", "16000")):
        found = answers(Path(sys.argv[1]), StreamServer, wanted)
        print(f"{wanted} answers: {found.cpu_ms:.2f} ms of CPU each, peak {found.peak_kib / 1024:.0f} MiB", flush=True)
    for wanted in (300, 2400):
        found = queue(Path(sys.argv[1]), StreamServer, wanted)
        print(f"{wanted} queued prompts: {found.cpu_ms:.2f} ms of CPU each, peak {found.peak_kib / 1024:.0f} MiB", flush=True)
