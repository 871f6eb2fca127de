"""The crash journal as a test sees it: the file while the program writes it, its records, and ends of the program that nobody chose."""
import signal
import struct
import threading
import time
import zlib

from llm_compare import PATIENCE, E2ETest
from servers import HANG, STREAM, OpenAIServer, answer, reasoning, role, text

LOOK_EVERY = 0.005
MARK = b"LLMCJ\x01\r\n"
HEAD, QUEUE, QUEUE_TAKEN, ROUND, ANSWER, TEXT, REASONING = range(1, 8)  # kinds of records
FRAME = struct.Struct("<IIB")  # size of the payload, checksum, kind

PIECES = ["Grüße, ", "世界 ", "👩‍💻 ", "e\u0301 ", "`code`\n\n", "<b>&amp; ", '"quoted" \\ ', "\u200f\u0007end"]
WHOLE = "".join(PIECES)


def records(journal):
    """[(offset, kind, payload)] of a journal's bytes; what is not whole at the end, or not there yet, is left out. A wrong checksum is an error."""
    assert journal.startswith(MARK) or not journal, journal[:16]
    found, at = [], len(MARK)
    while at + FRAME.size <= len(journal):
        size, checksum, kind = FRAME.unpack_from(journal, at)
        payload = journal[at + FRAME.size:at + FRAME.size + size]
        if len(payload) < size:
            break
        assert zlib.crc32(struct.pack("<IB", size, kind) + payload) == checksum, f"the record at {at}"
        found.append((at, kind, payload))
        at += FRAME.size + size
    return found


def text_in(journal, kind=TEXT):
    """All streams' texts of a journal's bytes, one after the other as they were written."""
    return b"".join(payload[4:] for _, found, payload in records(journal) if found == kind).decode("utf-8")


class JournalTest(E2ETest):
    @property
    def state(self):
        return self.home.path / "state" / "llm-compare"

    def journals(self):
        """Paths, oldest first."""
        return sorted(self.state.glob("journal_*.llmcj"))

    def wait_journal(self, condition=lambda journal: True, count=1):
        """Until there are `count` journals and what one of them holds is as wanted; gives its bytes."""
        end = time.monotonic() + PATIENCE
        while True:
            found = self.journals()
            for journal in (path.read_bytes() for path in found if len(found) == count):
                if condition(journal):
                    return journal
            if time.monotonic() > end:
                raise AssertionError(f"no journal became as wanted; there are {found}")
            time.sleep(LOOK_EVERY)

    def kill(self, running):
        running.signal(signal.SIGKILL)
        self.assertEqual(running.wait().status, -signal.SIGKILL)

    def recover(self, *arguments, environment=None, status=0):
        """`recover` with reports in `out`."""
        if "--out" not in arguments and "--as" not in arguments:
            arguments = (*arguments, "--out", self.home.out)
        result = self.home.call("recover", *arguments, environment=environment)
        self.assert_status(result, status)
        return result


class Streams:
    """A chat route: complete answers in the rounds before `last`, then `pieces` and silence. `sent` is set when they are out."""

    def __init__(self, last=2, pieces=PIECES, thoughts=("hm, ", "世 ")):
        self.last, self.pieces, self.thoughts, self.sent = last, pieces, thoughts, threading.Event()

    def __call__(self, request):
        if request.roles.count("user") < self.last:
            return answer(*PIECES, f"said {request.model}", model=request.model, thoughts=self.thoughts)
        return [STREAM + role(request.model), *(reasoning(one, request.model) for one in self.thoughts),
                *(text(one, request.model) for one in self.pieces), lambda _: self.sent.set(), HANG]


class KillTest(JournalTest):
    def start(self, *arguments, chat, models=("a",), prompts=("first",), environment=None):
        self.server = self.use(OpenAIServer(*models, chat=chat))
        return self.home.start_run("--order", "listed", *arguments, servers=[self.server], models=models, prompts=prompts, environment=environment)

    def leave_a_journal(self, prompts=("first", "second", "third"), models=("a",), **more):
        """A run that was killed in its second round, when all that was sent is in its journal."""
        running = self.start(chat=Streams(), prompts=prompts, models=models, **more)
        self.wait_journal(lambda journal: text_in(journal).count(WHOLE) == len(models) + 1)
        self.kill(running)
