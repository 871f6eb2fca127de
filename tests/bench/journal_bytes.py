#!/usr/bin/env python3
"""How many bytes the crash journal takes for a byte of text: three answers at a steady pace.

  python3 tests/bench/journal_bytes.py PROGRAM [--seconds N]

Measured as the journal's size when all answers are being streamed (after a second) and at the end of the time, against the text that was sent in between:
the file only grows, so that its growth is what was written. Prints one JSON line: at 50 tokens a second "bytes_per_byte", at 5 "bytes_per_s_per_answer".
"""
from __future__ import annotations

import argparse, json, sys, threading, time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import llm_compare
import servers as scripted

MODELS = ("a", "b", "c")
WORDS = [" the", " model", " an", "swer", ",", " token", "s", " and", " a", " journal", ".", " it"]  # as tokenizers cut English: 3.6 characters


class Stream:
    """An answer without end at `rate` tokens a second."""

    def __init__(self, rate: float) -> None:
        self.rate, self.sent, self.lock = rate, 0, threading.Lock()

    def __call__(self, request: scripted.Request) -> list:
        def play(connection: scripted.Connection) -> None:
            connection.sock.sendall(scripted.STREAM + scripted.role(request.model))
            begun, number = time.monotonic(), 0
            while not connection.server.stopping.is_set():
                time.sleep(max(0.0, begun + number / self.rate - time.monotonic()))
                words = WORDS[number % len(WORDS)]
                connection.sock.sendall(scripted.text(words, request.model))
                number += 1
                with self.lock:
                    self.sent += len(words)
        return [play]


def measure(rate: float, seconds: float) -> tuple[float, float]:
    """(bytes of the journal, bytes of text), each per second and answer."""
    home, stream = llm_compare.Home(), Stream(rate)
    listening = [scripted.OpenAIServer(model, chat=stream) for model in MODELS]
    try:
        running = home.start_run("--no-progress", servers=listening, models=MODELS)
        for server in listening:
            server.wait_for(lambda: server.chats)
        time.sleep(1)
        (journal,) = (home.path / "state/llm-compare").glob("journal_*.llmcj")

        def look() -> tuple[float, int, int]:
            return time.monotonic(), journal.stat().st_size, stream.sent
        began, size_before, sent_before = look()
        time.sleep(seconds)
        ended, size, sent = look()
        running.process.kill()
        running.wait()
    finally:
        for server in listening:
            server.stop()
        home.close()
    answers_s = (ended - began) * len(MODELS)
    return (size - size_before) / answers_s, (sent - sent_before) / answers_s


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    llm_compare.PROGRAM = str(options.program.resolve())
    fast, text = measure(50, options.seconds)
    slow, _ = measure(5, options.seconds)
    print(json.dumps({"seconds": options.seconds, "bytes_per_byte": round(fast / text, 2), "bytes_per_s_per_answer": round(slow, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
