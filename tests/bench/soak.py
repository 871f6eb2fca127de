#!/usr/bin/env python3
"""Eight scripted servers that fail at random against batch after batch of `llm-compare run --on-failure continue`.

  python3 tests/bench/soak.py PROGRAM MINUTES [--seed N] [--json]

Every answer of every server begins with a mark of its own, so that each answer in a report is held against what its server logged as sent: complete
answers byte by byte, those that were cut as what had arrived; and every answer that was sent whole has to be in the report as complete. The conversation
that each request brought along is held against the record too, and the event stream against the report. Memory, threads and descriptors are sampled from
/proc while a batch runs. Prints a table, or one JSON line; exit status 0 when all agrees, else 1.
"""
from __future__ import annotations

import argparse, collections, json, os, random, re, statistics, subprocess, sys, tempfile, threading, time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import servers as scripted

SERVERS, PROMPTS, SAMPLE_S, TIMEOUT_S = 8, 150, 0.1, 1
ALLOWED_GROWTH = 4  # descriptors between two moments of a batch: requests come and go
# The program keeps a thread for as many requests as ever ran at once: an answer of each candidate and, every 30 s, the models of each server. Six more are
# its own: main, director, two of the journal, and one or two that resolve a name.
ALLOWED_THREADS = (SERVERS + 2) + SERVERS + 6
SHARED = "shared"  # a model that all servers have
WORDS = ["Paris", "la tour", "κόσμε", "naïve", "中文測試", "👩‍💻 emoji", "`code`", "**bold**", "\n\n- item", "=1+1", "<b>", "é", "\"quoted\"", "\\slash"]
# What a server does to an answer, and how often.
FAULTS = {"none": 40, "chunked": 12, "slow": 6, "no_done": 5, "done_only": 4, "invalid_utf8": 4, "drop": 5, "drop_in_event": 4, "reset": 4, "error_event": 3,
          "bad_chunk_size": 2, "empty": 2, "http_500": 2, "http_400": 1, "html_200": 1, "no_http": 1, "closes_at_once": 1, "rate_limit": 1, "loading": 1, "stall": 1, "pings": 1}
WHOLE = {"none", "chunked", "slow", "no_done", "done_only", "invalid_utf8"}  # these end with a finish reason or [DONE]


class Entry:
    """What one server sent for one request: `sent` is what all events together said that were sent in full."""

    def __init__(self, mark: str, request: scripted.Request, fault: str, full: str) -> None:
        self.mark, self.fault, self.full, self.sent = mark, fault, full, ""
        self.model, self.messages = request.model, request.messages
        self.pieces: list[str] = []  # the events' texts
        self.cut = 0  # how many of them are sent where the fault cuts
        self.has_ended = False  # all of it, and its end, were handed to the system


class Log:
    """All servers' entries. Any thread adds."""

    def __init__(self, seed: int) -> None:
        self.lock, self.entries, self.random = threading.Lock(), {}, random.Random(seed)
        self.asked_again: set[tuple[str, str]] = set()

    def add(self, request: scripted.Request, server: int) -> Entry:
        with self.lock:
            pick = self.random
            key = (request.model, request.messages[-1]["content"])
            fault = "none" if key in self.asked_again else pick.choices(list(FAULTS), list(FAULTS.values()))[0]
            if fault in ("rate_limit", "loading"):
                self.asked_again.add(key)
            mark = f"[{server}.{len(self.entries)}]"
            full = mark + "".join(" " + pick.choice(WORDS) for _ in range(pick.randint(5, 120)))
            entry = self.entries[mark] = Entry(mark, request, fault, full)
            entry.pieces = [mark, *pieces_of(full[len(mark):], pick)]
            entry.cut = pick.randrange(1, len(entry.pieces) + 1)
            return entry


def pieces_of(text: str, pick: random.Random) -> list[str]:
    pieces = []
    while text:
        size = pick.randint(1, 12)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


def play(entry: Entry, connection: scripted.Connection) -> None:
    """Sends the answer as its fault wants it."""
    fault, sock = entry.fault, connection.sock

    def send(piece: str, raw: bytes | None = None) -> None:
        sock.sendall(raw or scripted.text(piece, entry.model))
        entry.sent += piece

    def simple(data: list[bytes]) -> None:
        for part in data:
            sock.sendall(part)

    if fault == "http_500":
        return simple(scripted.reply(500, {"error": {"message": "out of memory", "type": "server_error", "code": 500}}))
    if fault == "http_400":
        return simple(scripted.reply(400, {"error": {"message": "the request exceeds the available context size", "type": "exceed_context_size_error", "code": 400}}))
    if fault == "html_200":
        return simple(scripted.reply(200, "<html><body>Sign in</body></html>", "text/html"))
    if fault == "no_http":
        return simple([b"SSH-2.0-OpenSSH_9.2\r\n"])
    if fault == "closes_at_once":
        return None
    if fault == "rate_limit":
        return simple(scripted.reply(429, {"error": {"message": "slow down"}}, Retry_After="0"))
    if fault == "loading":
        return simple(scripted.reply(503, {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}))
    if fault in ("chunked", "bad_chunk_size"):
        sock.sendall(scripted.head(200, "text/event-stream", Transfer_Encoding="chunked"))
        for number, piece in enumerate(entry.pieces):
            if fault == "bad_chunk_size" and number == entry.cut:
                return simple([b"zz\r\nnonsense\r\n"])
            event = scripted.text(piece, entry.model)
            middle = len(event) // 2
            send(piece, b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (event[:middle], event[middle:])))
        if fault == "bad_chunk_size":
            return simple([b"-5\r\n"])
        last = scripted.finish(model=entry.model) + scripted.DONE
        sock.sendall(f"{len(last):x}\r\n".encode() + last + b"\r\n0\r\n\r\n")
        entry.has_ended = True
        return None

    sock.sendall(scripted.STREAM + scripted.role(entry.model))
    if fault == "empty":
        return simple([scripted.finish(model=entry.model), scripted.DONE])
    cuts = fault in ("drop", "drop_in_event", "reset", "error_event", "stall", "pings")
    for number, piece in enumerate(entry.pieces):
        if cuts and number == entry.cut:
            break
        if fault == "invalid_utf8" and number == 1:
            raw = scripted.text("BAD", entry.model).replace(b"BAD", b"\xff")
            send("\ufffd", raw)
            entry.full = entry.sent + "".join(entry.pieces[number:])
        send(piece)
        if fault == "slow" and number % 10 == 0:
            connection.wait(threading.Event(), 0.01, must_happen=False)
    if fault == "drop_in_event":
        sock.sendall(scripted.text("lost", entry.model)[:-9])
    elif fault == "error_event":
        sock.sendall(scripted.event({"error": {"message": "CUDA error", "type": "server_error"}}))
    elif fault == "reset":
        connection.play([scripted.RESET])
    elif fault == "stall":
        connection.play([scripted.HANG])
    elif fault == "pings":
        for _ in range(200):
            sock.sendall(b": ping\n\n")
            connection.wait(threading.Event(), 0.05, must_happen=False)
    elif fault in WHOLE:
        sock.sendall(b"" if fault == "done_only" else scripted.finish(model=entry.model))
        sock.sendall(b"" if fault == "no_done" else scripted.DONE)
        entry.has_ended = True


def models_of(number: int) -> list[str]:
    return [f"m{number + 1}", SHARED]


class Sampler(threading.Thread):
    """Memory, threads and descriptors of a process, until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.rows, self.over = pid, [], threading.Event()

    def run(self) -> None:
        while not self.over.wait(SAMPLE_S):
            try:
                status = Path(f"/proc/{self.pid}/status").read_text()
                self.rows.append((int(re.search(r"VmRSS:\s+(\d+)", status)[1]), int(re.search(r"Threads:\s+(\d+)", status)[1]), len(os.listdir(f"/proc/{self.pid}/fd"))))
            except (OSError, TypeError):  # it has ended
                return

    def parts(self) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
        """The second quarter and the last one."""
        quarter = max(1, len(self.rows) // 4)
        return self.rows[quarter:2 * quarter] or self.rows, self.rows[-quarter:] or self.rows


def floor(rows: list[tuple[int, int, int]], column: int) -> int:
    """What is there at the calmest moments: a tenth of them had no more."""
    return sorted(row[column] for row in rows)[len(rows) // 10]


class Tally:
    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.states, self.faults = collections.Counter(), collections.Counter()
        self.batches = self.answers = self.text_bytes = self.requests = 0
        self.growth_kib, self.peak_kib, self.most_threads, self.most_files = [], 0, 0, 0
        self.file_growth = 0

    def differs(self, what: str) -> None:
        self.wrong.append(what)


def check_answer(answer: dict, label: str, log: Log, seen: set[str], tally: Tally) -> None:
    """One answer of a report against what its server logged."""
    where = f"{label}, round {answer['round']} ({answer['state']})"
    text, state = answer["text"] or "", answer["state"]
    tally.answers += 1
    tally.states[state] += 1
    tally.text_bytes += len(text.encode())
    mark = re.match(r"\[\d+\.\d+\]", text)
    if not mark:
        # Less than a mark: a beginning of one, or nothing.
        if state == "complete":
            tally.differs(f"{where}: complete with {text[:60]!r}, which nobody sent")
        return
    entry = log.entries.get(mark[0])
    if entry is None:
        return tally.differs(f"{where}: {mark[0]} was never sent")
    if mark[0] in seen:
        tally.differs(f"{where}: {mark[0]} is there twice")
    seen.add(mark[0])
    tally.faults[entry.fault] += 1
    if state == "complete":
        if text != entry.full:
            tally.differs(f"{where}: complete, and not what was sent ({entry.fault}): {len(text)} of {len(entry.full)} characters")
        if entry.fault not in WHOLE:
            tally.differs(f"{where}: shown as complete after {entry.fault}")
    elif not entry.full.startswith(text):
        tally.differs(f"{where}: not a beginning of what was sent ({entry.fault})")
    elif entry.fault in WHOLE:
        tally.differs(f"{where}: was sent whole ({entry.fault})")
    elif entry.fault != "reset" and text != entry.sent:  # a reset may overtake what was sent before it
        tally.differs(f"{where}: {len(entry.sent) - len(text)} characters that arrived are lost ({entry.fault})")


def check_history(conversation: dict, log: Log, tally: Tally) -> None:
    """What each request brought along: the complete turns before it."""
    turns: list[dict] = []
    for answer in conversation["answers"]:
        mark = re.match(r"\[\d+\.\d+\]", answer["text"] or "")
        entry = log.entries.get(mark[0]) if mark else None
        if entry and [m for m in entry.messages if m["role"] != "system"] != [*turns, {"role": "user", "content": answer["prompt"]}]:
            tally.differs(f"{entry.mark}: the request's conversation is not the record's")
        if answer["state"] == "complete":
            turns += [{"role": "user", "content": answer["prompt"]}, {"role": "assistant", "content": answer["text"]}]


def check_events(file: Path, report: dict, tally: Tally) -> None:
    """The event stream says what the report says."""
    texts: dict[tuple[str, int], str] = collections.defaultdict(str)
    ends = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        ends += event["event"] == "end"
        if event["event"] == "text":
            texts[event["candidate"], event["round"]] += event.get("text") or ""
    if ends != 1:
        tally.differs(f"{ends} end events")
    for label, conversation in report["conversations"].items():
        for answer in conversation["answers"]:
            if texts[conversation["candidate"]["id"], answer["round"]] != (answer["text"] or ""):
                tally.differs(f"{label}, round {answer['round']}: the events say something else than the report")


def batch(program: str, home: Path, urls: list[str], log: Log, tally: Tally) -> None:
    number = tally.batches = tally.batches + 1
    folder = home / f"batch-{number}"
    folder.mkdir()
    (folder / "prompts.txt").write_text("".join(f"Batch {number}, prompt {i + 1}: say it.\n" for i in range(PROMPTS)))
    command = [program, "run", "--quiet", "--no-progress", "--on-failure", "continue", "--timeout", str(TIMEOUT_S), "--prompts", folder / "prompts.txt",
               "--out", folder / "reports", "--format", "json", "--events", folder / "events.jsonl"]
    for url in urls:
        command += ["--server", url]
    for i in range(SERVERS):
        command += ["--model", f"m{i + 1}"]
    command += ["--model", f"{SHARED}=first", "--model", f"{SHARED}=second"]
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state"), "LLMC_DISCOVERY_PORTS": ""}
    with (folder / "stderr").open("w") as errors:
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=errors, env=environment, cwd=home)
    sampler = Sampler(process.pid)
    sampler.start()
    try:
        status = process.wait(PROMPTS * 20)
    finally:
        process.kill()
        process.wait()
        sampler.over.set()
        sampler.join()
    reports = list((folder / "reports").glob("*.json"))
    if status not in (0, 3) or len(reports) != 1:
        return tally.differs(f"batch {number}: exit status {status}, {len(reports)} reports: {(folder / 'stderr').read_text()[-300:]}")

    report = json.loads(reports[0].read_text(encoding="utf-8"))
    seen: set[str] = set()
    answers = [answer for conversation in report["conversations"].values() for answer in conversation["answers"]]
    if len(answers) != PROMPTS * (SERVERS + 2):
        tally.differs(f"batch {number}: {len(answers)} answers of {PROMPTS * (SERVERS + 2)}")
    for label, conversation in report["conversations"].items():
        for answer in conversation["answers"]:
            check_answer(answer, label, log, seen, tally)
        check_history(conversation, log, tally)
    check_events(folder / "events.jsonl", report, tally)
    for entry in log.entries.values():
        if entry.has_ended and entry.mark not in seen:
            tally.differs(f"{entry.mark} was sent whole and is not in the report")
    tally.requests += len(log.entries)

    early, late = sampler.parts()
    if early and late:
        tally.growth_kib.append(statistics.median(row[0] for row in late) - statistics.median(row[0] for row in early))
        tally.peak_kib = max(tally.peak_kib, *(row[0] for row in sampler.rows))
        tally.most_threads = max(tally.most_threads, *(row[1] for row in sampler.rows))
        tally.most_files = max(tally.most_files, *(row[2] for row in sampler.rows))
        tally.file_growth = max(tally.file_growth, floor(late, 2) - floor(early, 2))
    for file in folder.rglob("*.json*"):
        file.unlink()


def soak(program: str, minutes: float, seed: int) -> dict:
    tally = Tally()
    end = time.monotonic() + minutes * 60
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="llm-compare-soak-") as name:
        while tally.batches == 0 or time.monotonic() < end:
            log = Log(seed + tally.batches)
            made = [scripted.OpenAIServer(*models_of(i), chat=lambda request, i=i: [lambda connection, entry=log.add(request, i): play(entry, connection)]) for i in range(SERVERS)]
            try:
                batch(program, Path(name), [server.url for server in made], log, tally)
            finally:
                for server in made:
                    server.stop()
                    problems += server.problems
            print(f"batch {tally.batches}: {tally.answers} answers so far, {len(tally.wrong)} wrong", file=sys.stderr, flush=True)
    growth = statistics.median(tally.growth_kib) if tally.growth_kib else 0
    # Half a batch lies between the two samples. Its texts are kept, in pages of their own: that is no leak.
    kept_kib = PROMPTS * (SERVERS + 2) / 2 * 16
    figures = {"minutes": minutes, "seed": seed, "batches": tally.batches, "requests": tally.requests, "answers": tally.answers, "states": dict(tally.states.most_common()),
               "text_mib": round(tally.text_bytes / 2**20, 2), "wrong": len(tally.wrong), "memory_growth_kib_per_answer": round(growth / (PROMPTS * (SERVERS + 2) / 2), 2),
               "peak_mib": round(tally.peak_kib / 1024, 1), "most_threads": tally.most_threads,
               "file_growth": tally.file_growth, "most_files": tally.most_files, "script_problems": len(problems)}
    figures["ok"] = not tally.wrong and not problems and growth <= kept_kib and tally.most_threads <= ALLOWED_THREADS and tally.file_growth <= ALLOWED_GROWTH
    for line in (tally.wrong + problems)[:20]:
        print("WRONG:", line, file=sys.stderr)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("minutes", type=float, metavar="MINUTES")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = soak(str(Path(options.program).resolve()), options.minutes, options.seed)
    if options.json:
        print(json.dumps(figures))
    else:
        goals = {"wrong": "0", "memory_growth_kib_per_answer": "<= 16 (a page each for text, reasoning, numbers, record)", "most_threads": f"<= {ALLOWED_THREADS}, of a thousand answers and more", "file_growth": f"<= {ALLOWED_GROWTH}", "script_problems": "0"}
        for key, value in figures.items():
            print(f"{key.replace('_', ' '):30} {json.dumps(value):>12}  {goals.get(key, '')}")
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
