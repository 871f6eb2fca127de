"""Drives the program's window as a person does: a display of its own (Xvfb), keys and mouse by xdotool, pictures from the display's memory.

Nothing here sleeps for a fixed time: what is waited for is a condition with a limit. A picture is what the display shows, read
without asking anybody. The rest a desktop does to a window (closing it, dropping files, clipboard) is in x11.py.

Thread contract: one thread per Screen and its windows.
"""
import contextlib
import json
import mmap
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

import x11
from llm_compare import PROGRAM, SANITIZED, Running

PATIENCE = 80.0 if SANITIZED else 20.0
LOOK_EVERY = 0.02


def why_not():
    """Why there can be no window here; "" where there can."""
    lacking = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if lacking:
        return f"{' and '.join(lacking)} not installed (tools/setup brings it)"
    return "" if x11.load() else "libX11 is not installed"


def wait_until(condition, what, seconds=PATIENCE):
    """Looks until the condition holds; gives what it gave. `what` says in words what never happened."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what() if callable(what) else what} did not happen within {seconds} s")
        time.sleep(LOOK_EVERY)
    return found


class Picture:
    """Pixels, top to bottom: four bytes each (blue, green, red, unused)."""

    def __init__(self, width, height, rows):
        self.width, self.height, self._rows = width, height, rows

    def pixel(self, x, y):
        blue, green, red, _ = self._rows[y][4 * x:4 * x + 4]
        return red, green, blue

    def crop(self, x, y, width, height):
        return Picture(width, height, [row[4 * x:4 * (x + width)] for row in self._rows[y:y + height]])

    def __eq__(self, other):
        return isinstance(other, Picture) and self._rows == other._rows

    def colours(self):
        """The different colours, (red, green, blue) each."""
        found = {row[4 * x:4 * x + 3] for row in self._rows for x in range(self.width)}
        return {(red, green, blue) for blue, green, red in found}

    def save(self, path):
        """As PNG."""
        raw = bytearray()
        for row in self._rows:
            line = bytearray(3 * self.width)
            line[0::3], line[1::3], line[2::3] = row[2::4], row[1::4], row[0::4]
            raw += b"\0" + line

        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(raw), 6))
                               + chunk(b"IEND", b""))


class Screen:
    """A display without a screen and without a window manager."""

    def __init__(self, width=1600, height=900):
        self.width, self.height = width, height
        self._folder = tempfile.mkdtemp(prefix="llmc-screen-")
        reads, writes = os.pipe()
        self._log = open(Path(self._folder) / "log", "wb")
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writes), "-screen", "0", f"{width}x{height}x24",
             "-fbdir", self._folder, "-nocursor", "-nolisten", "tcp", "-noreset"],
            pass_fds=[writes], stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        os.close(writes)
        with os.fdopen(reads) as number:
            line = number.readline().strip()  # when it is ready, or has ended
        if not line:
            said = (Path(self._folder) / "log").read_text(errors="replace")
            self.close()
            raise AssertionError(f"Xvfb did not start: {said}")
        self.name = f":{line}"
        with open(Path(self._folder) / "Xvfb_screen0", "rb") as file:
            self._memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        fields = struct.unpack(">25I", self._memory[:100])  # XWD's header
        self._line_bytes, self._pixels = fields[12], fields[0] + 12 * fields[19]
        self.x = x11.Client(self.name)

    def close(self):
        self.kill()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def kill(self):
        """As a display that goes away."""
        with contextlib.suppress(AttributeError):  # it did not start
            self.x.close()  # Xlib ends a process that loses its display
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def picture(self):
        rows, at = [], self._pixels
        for _ in range(self.height):
            rows.append(self._memory[at:at + 4 * self.width])
            at += self._line_bytes
        return Picture(self.width, self.height, rows)

    def xdotool(self, *arguments):
        done = subprocess.run(["xdotool", *map(str, arguments)], env={**os.environ, "DISPLAY": self.name}, capture_output=True, text=True,
                              timeout=PATIENCE)
        return done.stdout.strip()


class Window(Running):
    """The program with its window. `home` is a Home; `place` and what else is remembered go into window.json before the start.

    `through` is a command that starts the program, its arguments follow.
    """

    def __init__(self, home, screen, *arguments, place=None, remembered=None, environment=None, through=()):
        self.screen = screen
        state = {"version": 1, "window": dict(zip(("x", "y", "width", "height"), place or (0, 0, screen.width, screen.height))),
                 **(remembered or {})}
        self.state_file = home.path / "state" / "llm-compare" / "window.json"
        if not self.state_file.exists():
            home.file("state/llm-compare/window.json", state)
        environment = home.environment(DISPLAY=screen.name, LANG="C.UTF-8", LIBGL_ALWAYS_SOFTWARE="1", **(environment or {}))
        process = subprocess.Popen([*through, PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, cwd=home.path, env=environment)
        home._processes.append(process)
        super().__init__(home, process)
        self.id = int(wait_until(self._find, lambda: f"a window (the program said {self.output!r})"))
        screen.xdotool("windowfocus", "--sync", self.id)  # a window manager would
        self.wait_picture(lambda picture: picture.pixel(picture.width // 2, picture.height // 2) != (0, 0, 0), "the first frame")
        self.wait_still()

    def _find(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode} before it had a window: {self.output!r}")
        found = self.screen.xdotool("search", "--onlyvisible", "--class", "llm-compare").split()
        return found[0] if found else None

    @property
    def output(self):
        return self.stdout + self.stderr

    @property
    def title(self):
        return self.screen.x.title(self.id)

    def wait_title(self, pattern, seconds=PATIENCE):
        return wait_until(lambda: re.search(pattern, self.title), lambda: f"a title like {pattern!r} (it is {self.title!r})", seconds)

    # --- what is seen

    def picture(self):
        return self.screen.picture()

    def wait_picture(self, condition, what, seconds=PATIENCE):
        return wait_until(lambda: condition(self.picture()), what, seconds)

    def wait_still(self, still_s=0.25, seconds=PATIENCE):
        """Until the picture stays the same for `still_s`."""
        end, since, last = time.monotonic() + seconds, time.monotonic(), self.picture()
        while time.monotonic() - since < still_s:
            if time.monotonic() > end:
                raise AssertionError(f"the picture kept changing for {seconds} s")
            time.sleep(LOOK_EVERY)
            now = self.picture()
            if now != last:
                since, last = time.monotonic(), now
        return last

    # --- what a person does

    def key(self, *keys):
        """Keys as xdotool names them: "ctrl+Return"."""
        self.screen.xdotool("key", "--delay", "150", *keys)

    def tap(self, *keys):
        """As key(), each held for some milliseconds only."""
        self.screen.xdotool("key", *keys)

    def type(self, text):
        """Characters of the keyboard; paste() for all others."""
        self.screen.xdotool("type", "--delay", "8", text)

    def paste(self, text):
        self.screen.x.give(text, lambda: self.key("ctrl+v"))

    def point(self, x, y):
        self.screen.xdotool("mousemove", x, y)
        self.wait_still(0.1)

    def click(self, x, y, button=1):
        self.point(x, y)
        self.screen.xdotool("mousedown", button)
        self.wait_still(0.06)
        self.screen.xdotool("mouseup", button)
        self.wait_still(0.1)

    def scroll(self, x, y, steps):
        """Down, or up for a negative number."""
        self.point(x, y)
        self.screen.xdotool("click", "--repeat", abs(steps), "--delay", 20, 5 if steps > 0 else 4)

    def drop(self, *paths):
        self.screen.x.drop(self.id, paths, self.screen.width // 2, self.screen.height // 2)

    def ask_to_close(self):
        self.screen.x.ask_to_close(self.id)

    def minimise(self):
        self.screen.x.minimise(self.id)

    def bring_back(self):
        self.screen.x.bring_back(self.id)
        self.screen.xdotool("windowfocus", self.id)

    def resize(self, width, height):
        self.screen.xdotool("windowsize", self.id, width, height)
        wait_until(lambda: self.size() == (width, height), f"the size {width}x{height}")

    def size(self):
        values = dict(line.split("=") for line in self.screen.xdotool("getwindowgeometry", "--shell", self.id).splitlines() if "=" in line)
        return int(values["WIDTH"]), int(values["HEIGHT"])

    # --- what it costs

    def cost(self):
        """(processor seconds, voluntary context switches of all threads) until now."""
        folder = Path("/proc") / str(self.process.pid)
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        switches = 0
        for task in folder.glob("task/*/status"):
            with contextlib.suppress(OSError):
                switches += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", task.read_text(), re.M)[1])
        return seconds, switches

    @property
    def remembered(self):
        return json.loads(self.state_file.read_text(encoding="utf-8"))
