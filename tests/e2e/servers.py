"""Scripted model servers on raw sockets: they send exactly the bytes a script says, when it says so, also broken ones.

A route is a script or a function that gets the Request and returns a script. A script is a list of steps:
    bytes            is sent
    float            waits that many seconds (a delay that belongs to the scene, never a wait for something)
    threading.Event  waits until it is set
    RESET            resets the connection (TCP RST)
    HANG             keeps the connection open, silent, until the client closes it or the server stops
    callable         is called with the Connection
A connection is closed after its script. Every server records what it was asked, from when to when, and how many chats ran at once.

Thread contract: a Server serves from threads of its own; its records may be read at any time, their lists only grow.
"""
import contextlib
import json
import socket
import struct
import threading
import time

RESET = object()
HANG = object()
PATIENCE = 20.0  # upper limit of every wait in here


class Request:
    """One request as it arrived; `ended` is None while it is being answered."""

    def __init__(self, method, path, headers, body, raw):
        self.method, self.path, self.headers, self.body, self.raw = method, path, headers, body, raw
        self.began, self.ended = time.monotonic(), None
        self.client_left = None  # when the client closed while a script was still waiting

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def model(self):
        return self.json.get("model")

    @property
    def messages(self):
        return self.json.get("messages")

    @property
    def roles(self):
        return [message["role"] for message in self.messages]


class ClientLeft(Exception):
    """The client closed the connection while its answer was being made."""


class Connection:
    def __init__(self, server, sock, request):
        self.server, self.sock, self.request = server, sock, request

    def play(self, script):
        for step in script:
            if isinstance(step, (bytes, bytearray)):
                self.sock.sendall(step)
            elif isinstance(step, (int, float)):
                self.wait(threading.Event(), step, must_happen=False)
            elif isinstance(step, threading.Event):
                self.wait(step, PATIENCE)
            elif step is RESET:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise ClientLeft
            elif step is HANG:
                self.wait(self.server.stopping, PATIENCE)
            else:
                step(self)

    def wait(self, event, seconds, must_happen=True):
        """Waits for the event while it watches the socket."""
        end = time.monotonic() + seconds
        while not event.is_set() and not self.server.stopping.is_set():
            left = end - time.monotonic()
            if left <= 0:
                if must_happen:
                    self.server.problems.append(f"a script's step did not happen within {seconds} s")
                return
            self.sock.settimeout(min(left, 0.01))
            try:
                if self.sock.recv(65536) == b"":
                    self.request.client_left = time.monotonic()
                    raise ClientLeft
            except TimeoutError:
                pass
            finally:
                self.sock.settimeout(PATIENCE)


def endless(piece):
    """A step that sends `piece` again and again, as fast as the client reads, until it leaves."""
    piece = bytes(piece) * max(1, 65536 // len(piece))

    def send(connection):
        try:
            while not connection.server.stopping.is_set():
                connection.sock.sendall(piece)
        except OSError:
            connection.request.client_left = time.monotonic()
            raise
    return send


def dripping(piece, pause_s):
    """A step that sends `piece` again and again with a pause before each, until the client leaves."""
    def send(connection):
        while not connection.server.stopping.is_set():
            connection.wait(threading.Event(), pause_s, must_happen=False)
            connection.sock.sendall(piece)
    return send


class Server:
    """`routes`: {"METHOD /path": script or function}; what is not there gets `unknown`."""

    def __init__(self, routes=None, unknown=None, host="127.0.0.1", port=0):
        self.routes = dict(routes or {})
        self.unknown = unknown or (lambda request: reply(404, {"error": {"message": "not found", "type": "not_found_error", "code": 404}}))
        self.requests, self.connections, self.problems = [], 0, []
        self.in_flight, self.most_in_flight = 0, 0
        self.changed = threading.Condition()
        self.stopping = threading.Event()
        self._sockets = set()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.socket(family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((host, port))
        self._listener.listen(128)
        self.port = self._listener.getsockname()[1]
        self.address = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        self.url = f"http://{self.address}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # --- what it saw

    @property
    def chats(self):
        return [request for request in list(self.requests) if request.method == "POST" and "chat" in request.path]

    @property
    def posts(self):
        return [request for request in list(self.requests) if request.method == "POST"]

    def bodies(self):
        return [chat.json for chat in self.chats]

    def wait_for(self, condition, seconds=PATIENCE):
        """Blocks until `condition()` holds; looked at whenever a request begins or ends."""
        with self.changed:
            if not self.changed.wait_for(condition, seconds):
                raise AssertionError(f"the server waited {seconds} s in vain; it saw {[r.method + ' ' + r.path for r in self.requests]}")

    # --- serving

    def refuse(self):
        """Nobody listens any more; open connections go on."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def stop(self):
        """Ends at once, as a server whose power fails: nobody listens any more, open connections are closed."""
        self.stopping.set()
        self.refuse()
        for sock in list(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.add(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        request = None
        try:
            sock.settimeout(PATIENCE)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = self._read(sock)
            if request is None:
                return
            is_chat = request.method == "POST" and "chat" in request.path
            with self.changed:
                self.requests.append(request)
                if is_chat:
                    self.in_flight += 1
                    self.most_in_flight = max(self.most_in_flight, self.in_flight)
                self.changed.notify_all()
            try:
                route = self.routes.get(f"{request.method} {request.path}", self.unknown)
                Connection(self, sock, request).play(route(request) if callable(route) else route)
            finally:
                with self.changed:
                    request.ended = time.monotonic()
                    if is_chat:
                        self.in_flight -= 1
                    self.changed.notify_all()
        except (ClientLeft, OSError):
            pass
        except Exception as problem:  # a mistake in a script must not pass as a server's silence
            self.problems.append(f"{type(problem).__name__}: {problem}")
        finally:
            self._sockets.discard(sock)
            if request is not None and request.client_left is None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_WR)
            sock.close()

    @staticmethod
    def _read(sock):
        raw = b""
        while b"\r\n\r\n" not in raw:
            piece = sock.recv(65536)
            if not piece:
                return None
            raw += piece
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, path = lines[0].split(" ")[:2]
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        while len(body) < length:
            piece = sock.recv(65536)
            if not piece:
                return None
            body += piece
            raw += piece
        return Request(method, path, headers, body, raw)


# --- bytes of HTTP ---------------------------------------------------------------------------------------------------------

REASONS = {200: "OK", 204: "No Content", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
           429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


def head(status=200, content_type="application/json", length=None, **headers):
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}", "Connection: close"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def reply(status, body, content_type="application/json", **headers):
    """A whole answer with its length; `body` is bytes, text or something for JSON."""
    if isinstance(body, str) and content_type != "application/json":
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return [head(status, content_type, len(body), **headers) + body]


def chunked(*pieces):
    """Pieces in the chunked framing, each a step of its own, and the last chunk."""
    return [f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces] + [b"0\r\n\r\n"]


# --- OpenAI's stream -------------------------------------------------------------------------------------------------------

STREAM = head(200, "text/event-stream")
DONE = b"data: [DONE]\n\n"


def event(data):
    return b"data: " + (data if isinstance(data, bytes) else json.dumps(data).encode()) + b"\n\n"


def chunk(delta=None, finish=None, model="m", **more):
    return event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model,
                  "choices": [{"index": 0, "delta": delta if delta is not None else {}, "finish_reason": finish}], **more})


def role(model="m"):
    return chunk({"role": "assistant", "content": None}, model=model)


def text(words, model="m"):
    return chunk({"content": words}, model=model)


def reasoning(words, model="m", key="reasoning_content"):
    return chunk({key: words}, model=model)


def tool_call(index, name=None, arguments="", call_id=None, model="m"):
    call = {"index": index, "function": {"arguments": arguments}}
    if name:
        call["function"]["name"] = name
        call["type"] = "function"
    if call_id:
        call["id"] = call_id
    return chunk({"tool_calls": [call]}, model=model)


def finish(reason="stop", model="m"):
    return chunk({}, reason, model=model)


def usage(prompt=10, completion=5, reasoning_tokens=None, model="m"):
    numbers = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    if reasoning_tokens is not None:
        numbers["completion_tokens_details"] = {"reasoning_tokens": reasoning_tokens}
    return event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": [], "usage": numbers})


def answer(*words, model="m", reason="stop", prompt=10, completion=5, between=None, thoughts=(), first=None):
    """The script of one good answer. `between` and `first` are steps before each further word and before the first one."""
    script = [STREAM + role(model)]
    pieces = [reasoning(thought, model) for thought in thoughts] + [text(word, model) for word in words]
    for index, piece in enumerate(pieces):
        step = first if index == 0 else between
        if step is not None:
            script.append(step)
        script.append(piece)
    return script + [finish(reason, model) + usage(prompt, completion, model=model) + DONE]


def echo(request):
    """Says which model heard how many messages, so that mixed-up conversations show."""
    words = f"{request.model} heard {request.messages[-1]['content']!r} after {len(request.messages) - 1}"
    half = len(words) // 2
    return answer(words[:half], words[half:], model=request.model, prompt=10 * len(request.messages))


# --- flavours of servers ---------------------------------------------------------------------------------------------------


def openai_list(*models):
    return {"object": "list", "data": [model if isinstance(model, dict) else {"id": model, "object": "model", "owned_by": "me"} for model in models]}


def in_turn(*scripts):
    """A route that plays these scripts one after the other, the last one again and again. Each is a script or a function."""
    lock, left = threading.Lock(), list(scripts)

    def route(request):
        with lock:
            script = left.pop(0) if len(left) > 1 else left[0]
        return script(request) if callable(script) else script
    return route


def by_model(**routes):
    """A route per model id ('-' and '.' of the id written '_')."""
    def route(request):
        script = routes[request.model.replace("-", "_").replace(".", "_")]
        return script(request) if callable(script) else script
    return route


class OpenAIServer(Server):
    """GET /v1/models and POST /v1/chat/completions, nothing else."""

    def __init__(self, *models, chat=echo, **more):
        super().__init__({"GET /v1/models": reply(200, openai_list(*models)), "POST /v1/chat/completions": chat}, **more)


class LMStudioServer(Server):
    """LM Studio: models with a state under /api/v0/models, 200 with an error for what it does not know, one model in memory.

    `loaded` is the id of the model in memory; a chat with another one takes `load_s` and evicts it.
    """

    def __init__(self, *models, loaded=None, chat=echo, load_s=0.0, quantization="Q4_K_M", context=4096, **more):
        self.models, self.loaded, self.loading, self.loads, self.load_s = list(models), loaded, None, [], load_s
        self.chat, self.quantization, self.context = chat, quantization, context
        self.loading_lock = threading.Lock()
        super().__init__({"GET /api/v0/models": self._v0, "GET /v1/models": lambda _: reply(200, openai_list(*self.models)),
                          "POST /v1/chat/completions": self._chat},
                         unknown=lambda r: reply(200, {"error": f"Unexpected endpoint or method. ({r.method} {r.path})"}), **more)

    def _v0(self, _):
        data = []
        for model in self.models:
            state = "loaded" if model == self.loaded else "loading" if model == self.loading else "not-loaded"
            entry = {"id": model, "object": "model", "type": "llm", "publisher": "me", "arch": "llama", "compatibility_type": "gguf",
                     "quantization": self.quantization, "state": state, "max_context_length": 32768}
            if state == "loaded":
                entry["loaded_context_length"] = self.context
            data.append(entry)
        return reply(200, {"object": "list", "data": data})

    def _chat(self, request):
        def load(connection):
            with self.loading_lock:
                if self.loaded == request.model:
                    return
                self.loads.append(request.model)
                self.loaded, self.loading = None, request.model
                if self.load_s:
                    connection.wait(threading.Event(), self.load_s, must_happen=False)
                self.loaded, self.loading = request.model, None
        script = self.chat(request) if callable(self.chat) else self.chat
        return [load, *script]


class LlamaServer(Server):
    """llama-server with one model: /health, /props, /v1/models with meta; timings instead of LM Studio's states."""

    def __init__(self, model, chat=echo, context=4096, loading=None, **more):
        self.loading = loading  # an Event: until it is set, everything is 503
        busy = {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}

        def when_loaded(route):
            def answer_or_503(request):
                if self.loading is not None and not self.loading.is_set():
                    return reply(503, busy)
                return route(request) if callable(route) else route
            return answer_or_503
        listed = openai_list({"id": model, "object": "model", "owned_by": "llamacpp",
                              "meta": {"n_ctx_train": 32768, "n_params": 135000000, "size": 100000000}})
        super().__init__({"GET /health": when_loaded(reply(200, {"status": "ok"})),
                          "GET /props": when_loaded(reply(200, {"default_generation_settings": {"n_ctx": context}, "total_slots": 1,
                                                                "model_path": f"/models/{model}-Q8_0.gguf"})),
                          "GET /v1/models": reply(200, listed), "GET /models": reply(200, listed),
                          "POST /v1/chat/completions": when_loaded(chat)}, **more)


class OllamaServer(Server):
    """Ollama: /api/tags with quantizations, /api/ps with what is loaded."""

    def __init__(self, *models, loaded=(), chat=echo, **more):
        tags = {"models": [{"name": m, "model": m, "size": 100, "digest": "d", "details": {
            "family": "llama", "parameter_size": "7B", "quantization_level": "Q4_0"}} for m in models]}
        running = {"models": [{"name": m, "model": m, "context_length": 4096, "size_vram": 100,
                               "expires_at": "2030-01-01T00:00:00Z"} for m in loaded]}
        super().__init__({"GET /": reply(200, "Ollama is running", "text/plain"), "GET /api/version": reply(200, {"version": "0.33.0"}),
                          "GET /api/tags": reply(200, tags), "GET /api/ps": reply(200, running),
                          "GET /v1/models": reply(200, openai_list(*models)), "POST /v1/chat/completions": chat}, **more)


def free_port():
    """A port nobody listens on (for a moment at least)."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
