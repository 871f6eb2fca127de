"""A small X client: what a window manager, a file manager and a clipboard do to a window. Xlib by ctypes, no package needed.

Thread contract: one thread per Client.
"""
import contextlib
import ctypes
import ctypes.util
import select
import time

PATIENCE = 15.0
CLIENT_MESSAGE, SELECTION_REQUEST, SELECTION_NOTIFY = 33, 30, 31  # kinds of events
ANY_TYPE, ATOM_TYPE, REPLACE, CURRENT_TIME = 0, 4, 0, 0

Id = ctypes.c_ulong


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", Id), ("message_type", Id), ("format", ctypes.c_int), ("data", ctypes.c_long * 5)]


class SelectionRequest(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("owner", Id), ("requestor", Id), ("selection", Id), ("target", Id), ("property", Id), ("time", Id)]


class SelectionNotify(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("requestor", Id), ("selection", Id), ("target", Id), ("property", Id), ("time", Id)]


class Event(ctypes.Union):
    _fields_ = [("type", ctypes.c_int), ("client", ClientMessage), ("request", SelectionRequest), ("notify", SelectionNotify),
                ("pad", ctypes.c_long * 24)]


ErrorHandler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


@ErrorHandler
def _ignore(_display, _error):  # a window that is gone by now; Xlib's own handler would end the process
    return 0


def load():
    """Xlib, or None where the machine has none."""
    name = ctypes.util.find_library("X11")
    if name is None:
        return None
    xlib = ctypes.CDLL(name)
    pointer, integer, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    for function, result, arguments in (
            ("XOpenDisplay", pointer, [text]), ("XCloseDisplay", integer, [pointer]), ("XDefaultRootWindow", Id, [pointer]),
            ("XInternAtom", Id, [pointer, text, integer]), ("XConnectionNumber", integer, [pointer]),
            ("XCreateSimpleWindow", Id, [pointer, Id, integer, integer, *[ctypes.c_uint] * 3, Id, Id]),
            ("XSendEvent", integer, [pointer, Id, integer, ctypes.c_long, pointer]), ("XFlush", integer, [pointer]),
            ("XPending", integer, [pointer]), ("XNextEvent", integer, [pointer, pointer]),
            ("XSetSelectionOwner", integer, [pointer, Id, Id, Id]), ("XGetSelectionOwner", Id, [pointer, Id]),
            ("XConvertSelection", integer, [pointer, Id, Id, Id, Id, Id]),
            ("XChangeProperty", integer, [pointer, Id, Id, Id, integer, integer, pointer, integer]),
            ("XGetWindowProperty", integer, [pointer, Id, Id, ctypes.c_long, ctypes.c_long, integer, Id, *[pointer] * 5]),
            ("XFree", integer, [pointer]), ("XMapWindow", integer, [pointer, Id]), ("XUnmapWindow", integer, [pointer, Id]),
            ("XSetErrorHandler", pointer, [ErrorHandler]), ("XSync", integer, [pointer, integer])):
        getattr(xlib, function).restype, getattr(xlib, function).argtypes = result, arguments
    xlib.XSetErrorHandler(_ignore)
    return xlib


class Client:
    def __init__(self, display):
        self._x = load()
        self._display = self._x.XOpenDisplay(display.encode())
        if not self._display:
            raise OSError(f"no connection to display {display}")
        self._window = self._x.XCreateSimpleWindow(self._display, self._x.XDefaultRootWindow(self._display), 0, 0, 1, 1, 0, 0, 0)

    def close(self):
        if self._display:
            self._x.XCloseDisplay(self._display)
            self._display = None

    def _atom(self, name):
        return self._x.XInternAtom(self._display, name.encode(), 0)

    # --- properties

    def read(self, window, name):
        """A property's bytes (b"" where there is none)."""
        kind, form, count, rest = Id(), ctypes.c_int(), Id(), Id()
        data = ctypes.POINTER(ctypes.c_ubyte)()
        self._x.XGetWindowProperty(self._display, window, self._atom(name), 0, 1 << 22, 0, ANY_TYPE, *[
            ctypes.byref(one) for one in (kind, form, count, rest, data)])
        if not data:
            return b""
        size = count.value * (ctypes.sizeof(ctypes.c_long) if form.value == 32 else form.value // 8)
        found = ctypes.string_at(data, size)
        self._x.XFree(data)
        return found

    def title(self, window):
        return self.read(window, "_NET_WM_NAME").decode("utf-8")

    def _write(self, window, name, kind, values):
        if isinstance(values, bytes):
            self._x.XChangeProperty(self._display, window, name, kind, 8, REPLACE, values, len(values))
        else:
            longs = (ctypes.c_long * len(values))(*values)
            self._x.XChangeProperty(self._display, window, name, kind, 32, REPLACE, ctypes.cast(longs, ctypes.c_void_p), len(values))
        self._x.XFlush(self._display)

    # --- what a window manager does

    def _send(self, window, name, *data):
        event = Event()
        event.client = ClientMessage(CLIENT_MESSAGE, 0, 1, self._display, window, self._atom(name), 32,
                                     (ctypes.c_long * 5)(*(tuple(data) + (0,) * (5 - len(data)))))
        self._x.XSendEvent(self._display, window, 0, 0, ctypes.byref(event))
        self._x.XFlush(self._display)

    def ask_to_close(self, window):
        """A click on the window's cross."""
        self._send(window, "WM_PROTOCOLS", self._atom("WM_DELETE_WINDOW"), CURRENT_TIME)

    def minimise(self, window):
        self._x.XUnmapWindow(self._display, window)
        self._write(window, self._atom("WM_STATE"), self._atom("WM_STATE"), (3, 0))  # IconicState

    def bring_back(self, window):
        self._x.XMapWindow(self._display, window)
        self._write(window, self._atom("WM_STATE"), self._atom("WM_STATE"), (1, 0))  # NormalState

    # --- selections

    def _events(self, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            while self._x.XPending(self._display):
                event = Event()
                self._x.XNextEvent(self._display, ctypes.byref(event))
                yield event
            select.select([self._x.XConnectionNumber(self._display)], [], [], min(left, 0.2))

    def _answer(self, request, kind, data):
        """Hands `data` to who asks for a selection of ours; whether it was for that kind."""
        is_known = request.target == self._atom(kind)
        given = request.property or request.target
        if is_known:
            self._write(request.requestor, given, request.target, data)
        elif request.target == self._atom("TARGETS"):
            self._write(request.requestor, given, ATOM_TYPE, (self._atom(kind),))
        else:
            given = 0
        event = Event()
        event.notify = SelectionNotify(SELECTION_NOTIFY, 0, 1, self._display, request.requestor, request.selection, request.target, given,
                                       request.time)
        self._x.XSendEvent(self._display, request.requestor, 0, 0, ctypes.byref(event))
        self._x.XFlush(self._display)
        return is_known

    def give(self, text, ask, selection="CLIPBOARD"):
        """Puts `text` on the clipboard, calls `ask`, and serves it until it was fetched."""
        self._x.XSetSelectionOwner(self._display, self._atom(selection), self._window, CURRENT_TIME)
        self._x.XSync(self._display, 0)
        ask()
        for event in self._events():
            if event.type == SELECTION_REQUEST and self._answer(event.request, "UTF8_STRING", text.encode()):
                return
        raise AssertionError("nobody fetched the clipboard")

    def clipboard(self, selection="CLIPBOARD"):
        """What is on the clipboard; None where there is nothing."""
        self._x.XConvertSelection(self._display, self._atom(selection), self._atom("UTF8_STRING"), self._atom("LLMC_TEST"), self._window,
                                  CURRENT_TIME)
        for event in self._events():
            if event.type == SELECTION_NOTIFY:
                return self.read(self._window, "LLMC_TEST").decode("utf-8") if event.notify.property else None
        raise AssertionError("the clipboard's owner did not answer")

    def drop(self, window, paths, x, y):
        """Drops files on a window, as a file manager does (XDND 5)."""
        uris = self._atom("text/uri-list")
        self._x.XSetSelectionOwner(self._display, self._atom("XdndSelection"), self._window, CURRENT_TIME)
        self._send(window, "XdndEnter", self._window, 5 << 24, uris)
        self._send(window, "XdndPosition", self._window, 0, (x << 16) | y, CURRENT_TIME, self._atom("XdndActionCopy"))
        listed = "".join(path.as_uri() + "\r\n" for path in paths).encode()
        for event in self._events():
            if event.type == SELECTION_REQUEST:
                self._answer(event.request, "text/uri-list", listed)
            elif event.type == CLIENT_MESSAGE and event.client.message_type == self._atom("XdndStatus"):
                assert event.client.data[1] & 1, "the window does not take files"
                self._send(window, "XdndDrop", self._window, 0, CURRENT_TIME)
            elif event.type == CLIENT_MESSAGE and event.client.message_type == self._atom("XdndFinished"):
                return
        raise AssertionError("the window never said that it took the files")


@contextlib.contextmanager
def client(display):
    one = Client(display)
    try:
        yield one
    finally:
        one.close()
