#!/usr/bin/env python3
"""`kill -9` at random moments of `llm-compare run`, then `recover`: what of it is lost.

  python3 tests/bench/kill9.py PROGRAM [--kills N] [--seed N] [--parallel N]

Three servers log when they sent what: 100 tokens a second each, with reasoning and characters of several bytes. The truth is their log. Prints one JSON line:
  kills             runs that were killed
  recovered         of them: those of which the next start recovered a session (or nothing had been sent)
  complete_lost     answers whose end was sent 250 ms before the kill, or after which another round had begun, that are not complete and byte-identical
  prompts_lost      prompts, sent or waiting, that are not there
  wrong             answers whose text is not what was sent, or a beginning of it
  longest_lost_ms   the longest time between the sending of the first byte that is not there (of text, or of an answer's end) and the kill, without
                    the time in which this machine ran nobody: a process beside that wants to run every 5 ms tells when it could not
  by_the_clock_ms   the same with that time
  p50_lost_ms       the median of all kills
  while_streaming   kills while an answer had begun and not ended
Exit status 0 when nothing is lost but at most the last 250 ms of text, else 1.
"""
from __future__ import annotations

import argparse, concurrent.futures, json, random, statistics, subprocess, sys, threading, time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import llm_compare
import servers as scripted

MODELS, ROUNDS, TOKEN_S, ALLOWED_S = ("a", "b", "c"), 4, 0.01, 0.25
WORDS = ["Paris", " la", " tour", " κόσμε", " naïve", " 中文測試", " 👩‍💻", " `code`", "\n\n- item", " <b>", ' "quoted"', " \\slash"]


class Stalls:
    """When this machine ran nobody: gaps in the life of a process that sleeps 5 ms at a time. Any thread asks."""

    PROCESS = """
import time
last = shown = time.monotonic()
while True:
    time.sleep(0.005)
    now = time.monotonic()
    if now - last > 0.03 or now - shown > 0.1:
        print(last + 0.005, now, flush=True)
        shown = now
    last = now
"""

    def __init__(self) -> None:
        self.gaps: list[tuple[float, float]] = []
        self.known, self.changed = 0.0, threading.Condition()
        self.process = subprocess.Popen([sys.executable, "-c", self.PROCESS], stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            began, ended = map(float, line.split())
            with self.changed:
                if ended - began > 0.025:
                    self.gaps.append((began, ended))
                self.known = ended
                self.changed.notify_all()

    def between(self, began: float, ended: float) -> float:
        with self.changed:
            if not self.changed.wait_for(lambda: self.known > ended, llm_compare.PATIENCE):
                raise RuntimeError("the process that watches the machine has ended")
            return sum(max(0.0, min(ended, to) - max(began, since)) for since, to in self.gaps)


class Entry:
    """What a server sent for one request, and when it began to send each piece."""

    def __init__(self, request: scripted.Request, pick: random.Random) -> None:
        self.model, self.messages, self.prompt = request.model, request.messages, request.messages[-1]["content"]
        thoughts = pick.randint(1, 12) if pick.random() < 0.3 else 0
        self.pieces = [("reasoning" if i < thoughts else "text", pick.choice(WORDS)) for i in range(pick.randint(15, 60))]
        self.times: list[float] = []  # of as many pieces as were begun to send
        self.end: float | None = None

    def sent(self, part: str) -> str:
        return "".join(words for kind, words in self.pieces[:len(self.times)] if kind == part)

    def play(self, connection: scripted.Connection) -> None:
        connection.sock.sendall(scripted.STREAM + scripted.role(self.model))
        begun = time.monotonic()
        for number, (kind, words) in enumerate(self.pieces):
            time.sleep(max(0.0, begun + number * TOKEN_S - time.monotonic()))
            event = scripted.reasoning(words, self.model) if kind == "reasoning" else scripted.text(words, self.model)
            self.times.append(time.monotonic())
            connection.sock.sendall(event)
        self.end = time.monotonic()
        connection.sock.sendall(scripted.finish(model=self.model) + scripted.usage(model=self.model) + scripted.DONE)

    def first_lost(self, answer: dict) -> float | None:
        """When the first byte was sent that `answer` has not; None: it has all. Raises ValueError where it has something else."""
        for part in ("reasoning", "text"):
            if not self.sent(part).startswith(answer.get(part) or ""):
                raise ValueError(part)
        left = {part: len(answer.get(part) or "") for part in ("reasoning", "text")}
        for (kind, words), at in zip(self.pieces, list(self.times)):
            if left[kind] < len(words):
                return at
            left[kind] -= len(words)
        return self.end if answer["state"] != "complete" else None


class Trial:
    def __init__(self, seed: int, stalls: Stalls) -> None:
        self.stalls = stalls
        self.pick = random.Random(seed)
        self.lock, self.entries, self.asked = threading.Lock(), [], threading.Event()
        self.kills = self.recovered = self.complete_lost = self.prompts_lost = self.wrong = self.while_streaming = 0
        self.lost_s = self.by_the_clock_s = 0.0
        self.notes: list[str] = []

    def chat(self, request: scripted.Request) -> list:
        with self.lock:
            entry = Entry(request, self.pick)
            self.entries.append(entry)
        self.asked.set()
        return [entry.play]

    def run(self) -> "Trial":
        while not self.kills:  # a run may end before its time has come
            self.entries, home = [], llm_compare.Home()
            self.asked.clear()
            listening = [scripted.OpenAIServer(model, chat=self.chat) for model in MODELS]
            try:
                self.once(home, listening)
            finally:
                for server in listening:
                    server.stop()
                home.close()
        return self

    def once(self, home: llm_compare.Home, listening: list[scripted.OpenAIServer]) -> None:
        prompts = [f"prompt {i} {self.pick.random()} ☃" for i in range(ROUNDS)]
        running = home.start_run("--no-progress", servers=listening, models=MODELS, prompts=prompts)
        if self.pick.random() < 0.95:
            self.asked.wait(llm_compare.PATIENCE)
            time.sleep(self.pick.uniform(0, 1.4))
        else:
            time.sleep(self.pick.uniform(0, 0.1))  # while it starts
        killed = time.monotonic()
        running.process.kill()
        if running.wait().status != -9:
            return
        for server in listening:
            server.stop()
        with self.lock:
            entries = list(self.entries)
        self.kills = 1
        self.while_streaming = any(one.times and one.times[0] <= killed and (one.end is None or one.end > killed) for one in entries)
        recovered = home.path / "recovered.llmc.json"
        result = home.call("recover", "--as", recovered)
        reports = result.files(".json")
        if result.status == 0:
            rounds = json.loads(recovered.read_bytes())
            waiting, rounds = [one["prompt"] for one in rounds["queue"]], rounds["rounds"]
        elif reports:  # it was at its end: all was in a report
            report = json.loads(reports[0].read_bytes())
            labels = list(report["conversations"])
            waiting = []
            rounds = [{"prompt": prompts[i], "answers": [report["conversations"][label]["answers"][i] for label in labels]} for i in range(ROUNDS)]
        else:
            self.recovered = not entries and result.status == 1
            if not self.recovered:
                self.prompts_lost = len(prompts)
                self.notes.append(f"recover: {result.status} {result.output}")
            return
        self.recovered = 1
        self.compare(entries, prompts, rounds, waiting, killed)

    def compare(self, entries: list[Entry], prompts: list[str], rounds: list[dict], waiting: list[str], killed: float) -> None:
        there = [one["prompt"] for one in rounds] + waiting
        self.prompts_lost = sum(prompt not in there for prompt in prompts)
        if there != prompts:
            self.notes.append(f"prompts {there} for {prompts}")
        newest = max((prompts.index(one.prompt) for one in entries), default=0)
        for entry in entries:
            number = prompts.index(entry.prompt)
            answers = rounds[number]["answers"] if number < len(rounds) else []
            if len(answers) != len(MODELS):
                self.complete_lost += entry.end is not None
                continue
            answer = answers[MODELS.index(entry.model)]
            has_ended = entry.end is not None and (self.time(entry.end, killed) > ALLOWED_S or number < newest)
            try:
                lost = entry.first_lost(answer)
            except ValueError as part:
                self.wrong += 1
                self.complete_lost += has_ended
                self.notes.append(f"{part} is {answer[str(part)]!r} for {entry.sent(str(part))!r}")
                continue
            if has_ended and lost is not None:
                self.complete_lost += 1
                self.notes.append(f"{answer['state']} of round {number + 1}, ended {killed - entry.end:.3f} s before")
            if answer["state"] not in ("complete", "interrupted") or (answer["state"] == "complete" and lost is not None):
                self.wrong += 1
                self.notes.append(f"a state {answer['state']}, lost at {lost}")
            if lost is not None:
                self.by_the_clock_s = max(self.by_the_clock_s, killed - lost)
                self.lost_s = max(self.lost_s, spent := self.time(lost, killed))
                if spent > ALLOWED_S:
                    self.notes.append(f"{1e3 * spent:.0f} ms lost of round {number + 1}, {entry.model}")

    def time(self, began: float, ended: float) -> float:
        """Between the two, as far as the machine ran."""
        return max(0.0, ended - began - self.stalls.between(began, ended))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parallel", type=int, default=2)
    options = parser.parse_args()
    llm_compare.PROGRAM = str(options.program.resolve())
    stalls = Stalls()
    try:
        with concurrent.futures.ThreadPoolExecutor(options.parallel) as pool:
            trials = list(pool.map(lambda i: Trial(1_000_000 * options.seed + i, stalls).run(), range(options.kills)))
    finally:
        stalls.process.kill()
    for number, trial in enumerate(trials):
        for note in trial.notes:
            print(f"kill {number}: {note}", file=sys.stderr)
    total = {name: sum(int(getattr(trial, name)) for trial in trials)
             for name in ("kills", "recovered", "complete_lost", "prompts_lost", "wrong", "while_streaming")}
    longest = max(trial.lost_s for trial in trials)
    times = {"longest_lost_ms": longest, "by_the_clock_ms": max(trial.by_the_clock_s for trial in trials),
             "p50_lost_ms": statistics.median(trial.lost_s for trial in trials)}
    print(json.dumps({**total, **{name: round(1e3 * seconds, 1) for name, seconds in times.items()}}))
    is_kept = total["recovered"] == total["kills"] and not (total["complete_lost"] or total["prompts_lost"] or total["wrong"]) and longest <= ALLOWED_S
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
