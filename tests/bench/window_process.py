"""What the real window costs as a process, on a display of its own (Xvfb, software OpenGL): P3 (at rest) and P5 (its start).

Used by tools/bench; build folder and home are given. Needs Linux (/proc) and Xvfb.
"""
from __future__ import annotations

import contextlib, json, os, shutil, signal, statistics, subprocess, tempfile, time
from pathlib import Path
from typing import Iterator


@contextlib.contextmanager
def display() -> Iterator[dict[str, str]]:
    """The environment of a new display and an empty home."""
    home = Path(tempfile.mkdtemp(prefix="llm-compare-bench-"))
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
                              pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as number:
        screen = number.readline().strip()
    env = {**os.environ, "DISPLAY": f":{screen}", "LIBGL_ALWAYS_SOFTWARE": "1", "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
           "XDG_STATE_HOME": str(home / "state"), "LLMC_DISCOVERY_PORTS": "1"}
    env.pop("WAYLAND_DISPLAY", None)
    try:
        yield env
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


def threads(process: int) -> dict[str, tuple[str, int, float]]:
    """Of each thread: its name, how often it was switched to, its CPU time in seconds."""
    found = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            lines = (task / "status").read_text().splitlines()
            switches = sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
            cpu_ns = int((task / "schedstat").read_text().split()[0])
            found[task.name] = ((task / "comm").read_text().strip(), switches, cpu_ns / 1e9)
    return found


def idle(build: Path, url: str, model: str, seconds: float) -> dict[str, float]:
    """P3: the program with a server and a candidate, left alone; measured once the text cursor has stopped blinking."""
    with display() as env:
        config = Path(env["XDG_CONFIG_HOME"]) / "llm-compare/config.json"
        config.parent.mkdir(parents=True)
        config.write_text(json.dumps({"version": 1, "servers": [{"url": url}], "models": [{"model_id": model}]}))
        program = subprocess.Popen([build / "llm-compare"], env=env)
        try:
            time.sleep(15)  # the cursor blinks for ten seconds
            before = threads(program.pid)
            time.sleep(seconds)
            after = threads(program.pid)
            if program.poll() is not None:
                raise RuntimeError("the window has ended")
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait()
    # A thread that came has all its switches in this time; what one that went had is in none.
    by_name: dict[str, int] = {}
    cpu = 0.0
    for number, (name, switches, cpu_s) in after.items():
        _, had, used = before.get(number, (name, 0, 0.0))
        by_name[name] = by_name.get(name, 0) + switches - had
        cpu += cpu_s - used
    # A frame is drawn by the driver's threads: where none of them woke, none was.
    drawing = sum(count for name, count in by_name.items() if name.startswith("llvmpipe"))
    return {"seconds": seconds, "switches": sum(by_name.values()), "drawing_switches": drawing, "cpu_s": cpu,
            "has_driver_threads": any(name.startswith("llvmpipe") for name, *_ in after.values()), "by_name": by_name}


def start(build: Path, session: Path, runs: int) -> dict[str, float]:
    """P5: first picture and peak memory of the program with a session of four candidates, against a window that only clears."""
    bench = build / "tests/bench"

    def watch(*command: object) -> dict[str, float]:
        with display() as env:
            done = subprocess.run([bench / "window_watch", "2", *map(str, command)], env=env, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    bare, empty, four = [], [], []
    for _ in range(runs):  # interleaved
        bare.append(watch(bench / "window_bare"))
        empty.append(watch(build / "llm-compare"))
        four.append(watch(build / "llm-compare", session))
    of = lambda all_of, key: statistics.median(one[key] for one in all_of)
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / "llm-compare"
        subprocess.run(["strip", "-o", stripped, build / "llm-compare"], check=True)
        size = stripped.stat().st_size
    return {"first_frame_s": of(empty, "first_frame_s"), "bare_first_frame_s": of(bare, "first_frame_s"), "peak_mib": of(four, "peak_mib"),
            "bare_peak_mib": of(bare, "peak_mib"), "stripped_mb": size / 1e6}
