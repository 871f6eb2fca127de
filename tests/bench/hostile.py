"""What hostile servers can do to a good one (goals R3 and R4): `python3 tests/bench/hostile.py PROGRAM [PAIRS [SECONDS]]` prints one line of JSON.

A good server sends 50 tokens a second, alone and beside 31 servers that flood, drip, lie and stay silent, in PAIRS pairs (5) of
answers of SECONDS (10). Then a header line of 400 MB, and 100 000 headers of 4 KB. The servers are other processes than this one.
"""
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
sys.dont_write_bytecode = True
from servers import (HANG, RESET, STREAM, OpenAIServer, answer, chunked, dripping, endless, event, head, openai_list, reply, role, text)  # noqa: E402

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = head(200, "text/event-stream", Transfer_Encoding="chunked")
TOKENS_PER_S = 50


def words(seconds):
    return [f"word{i} " for i in range(int(TOKENS_PER_S * seconds))]


def hostile_scripts():
    """31 of them: a third ends at a limit, the others go on until the time limit."""
    start = STREAM + role() + text("Half ")
    floods = {"comments": b": ping\n\n", "empty lines": b"\n", "empty deltas": text(""), "role chunks": role(), "rubbish": b"data: {rubbish\n\n", "unknown fields": b"id: 7\nretry: 5\n\n"}
    scripts = [[start, endless(piece)] for piece in floods.values()]
    scripts += [[start, dripping(piece, 0.01)] for piece in (b": x\n\n", b"x", b"\n", b"data: {")]
    scripts += [[OK + b"X: ", dripping(b"x", 0.01)], [OK, dripping(b"X: y\r\n", 0.01)], [dripping(b"H", 0.1)], [CHUNKED, dripping(b"0", 0.01)]]
    scripts += [[HANG], [STREAM, HANG], [start, HANG], [start, 1.0, RESET]]
    scripts += [[start, endless(b"x")], [OK + b"X: ", endless(b"x")], [OK, endless(b"X: y\r\n")], [STREAM, endless(text("y" * 4000))], [CHUNKED, endless(b"0")],
                [head(200, "text/html"), endless(b"<p>")], [head(500), endless(b"x")], [head(200, "text/event-stream", Content_Encoding="gzip"), endless(b"\x1f\x8b" * 9)],
                [start, event(b"[" * 100_000)], [start, b"data: ", endless(b"[0,{}],")], [CHUNKED, chunked(start[len(STREAM):])[0], b"-1\r\n"], [start, RESET], reply(200, b"<html>")]
    assert len(scripts) == 31
    return scripts


def header_line(connection):
    piece = b"x" * (1 << 20)
    connection.sock.sendall(OK + b"X: ")
    for _ in range(400):
        connection.sock.sendall(piece)
    connection.sock.sendall(b"\r\n\r\n")


def headers(connection):
    connection.sock.sendall(OK)
    line = b"X: " + b"x" * 4000 + b"\r\n"
    for _ in range(100_000):
        connection.sock.sendall(line)
    connection.sock.sendall(b"\r\n")


def serve(kind, seconds):
    """Servers of one kind, their addresses on a line, until standard input ends."""
    if kind == "good":
        servers = [OpenAIServer("good", chat=answer(*words(seconds), model="good", between=1 / TOKENS_PER_S, completion=len(words(seconds))))]
    elif kind == "hostile":
        servers = [OpenAIServer(f"bad{i}", chat=script) for i, script in enumerate(hostile_scripts())]
    else:
        servers = [OpenAIServer("m", chat=[header_line]), OpenAIServer("m", chat=[headers])]
        for server in servers:
            server.routes["GET /v1/models"] = reply(200, openai_list("m"))
    print(*[server.url for server in servers], flush=True)
    sys.stdin.read()


class Servers:
    """A process that serves; `urls` are its addresses."""

    def __init__(self, kind, seconds):
        self.process = subprocess.Popen([sys.executable, __file__, "--serve", kind, str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.urls = self.process.stdout.readline().split()

    def __enter__(self):
        return self.urls

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def run(urls, models, seconds, *arguments):
    from llm_compare import Home  # reads LLMC_PROGRAM
    home = Home()
    try:
        result = home.run("--on-failure", "continue", "--timeout", str(seconds + 3), "--format", "json", *arguments, servers=urls, models=models, seconds=seconds + 60)
        return result, result.report
    finally:
        home.close()


def measure(pairs, seconds):
    bad = [f"bad{i}" for i in range(31)]
    expected, identical, alone, beside, peaks, unfinished = "".join(words(seconds)), True, [], [], [], 0
    for _ in range(pairs):
        for gaps, models in ((alone, ["good"]), (beside, ["good", *bad])):
            with Servers("good", seconds) as good, Servers("hostile", seconds) as hostile:
                result, report = run(good + (hostile if len(models) > 1 else []), models, seconds)
            (got,) = report["conversations"]["good"]["answers"]
            identical = identical and (got["state"], got["text"]) == ("complete", expected)
            gaps.append(1000 * got["metrics"]["chunk_gap_p99_s"])
            if len(models) > 1:
                peaks.append(result.peak_mib)
                unfinished += sum(a["state"] == "complete" for label in bad for a in report["conversations"][label]["answers"])
    figures = {"hostile_servers": len(bad), "pairs": pairs, "identical": identical, "hostile_taken_for_complete": unfinished,
               "gap_p99_alone_ms": round(statistics.median(alone), 2), "gap_p99_beside_ms": round(statistics.median(beside), 2),
               "gap_p99_ratio": round(statistics.median(b / a for a, b in zip(alone, beside)), 3), "peak_mib": round(max(peaks), 1)}
    with Servers("headers", seconds) as (line, many):
        for name, url in (("header_line_400_mb", line), ("headers_100000", many)):
            result, report = run([url], ["m"], seconds)
            (got,) = report["conversations"]["m"]["answers"]
            figures[name] = {"peak_mib": round(result.peak_mib, 1), "state": got["state"], "kind": got["error"]["kind"], "message": got["error"]["message"]}
    median_allowed = statistics.median(1.25 * a + 10 - b for a, b in zip(alone, beside))
    figures["ok"] = (identical and unfinished == 0 and median_allowed >= 0 and figures["peak_mib"] <= 256
                     and all(figures[n]["peak_mib"] <= 256 and figures[n]["kind"] == "limit" for n in ("header_line_400_mb", "headers_100000")))
    return figures


def main():
    if sys.argv[1:2] == ["--serve"]:
        return serve(sys.argv[2], float(sys.argv[3]))
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    os.environ["LLMC_PROGRAM"] = str(Path(sys.argv[1]).resolve())
    figures = measure(int(sys.argv[2]) if len(sys.argv) > 2 else 5, float(sys.argv[3]) if len(sys.argv) > 3 else 10.0)
    print(json.dumps(figures))
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
