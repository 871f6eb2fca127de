"""API keys: where they come from, whom they are sent to, and that they come out nowhere, whatever a server echoes."""
import json
import signal
import unittest
from pathlib import Path

from llm_compare import E2ETest, Home
from servers import (DONE, HANG, STREAM, OpenAIServer, Server, answer, event, finish, head, openai_list, reasoning, reply, role, text,
                     tool_call, usage)

KEY = "sk-canary-7hQ2xVb9LmN4pRt6"
OTHER = "tok_other/KEY+8841=zzYw"
ALL = ("--format", "md,json,html,csv")


def guarded(script, key=KEY):
    """A route that answers only who shows the key."""
    def route(request):
        if request.headers.get("authorization") != f"Bearer {key}":
            return reply(401, {"error": {"message": "no key", "code": "invalid_api_key"}})
        return script(request) if callable(script) else script
    return route


class SecretsTest(E2ETest):
    def with_key(self, server, how, key=KEY):
        """A home that knows the server's key; `how` says from where. Gives the environment of the run."""
        self.home = Home()
        self.addCleanup(self.home.close)
        if how == "environment":
            self.home.config({"servers": [{"url": server.url, "name": "rack", "api_key_env": "RACK_KEY"}], "models": ["m"]})
            return {"RACK_KEY": key}
        self.home.config({"servers": [{"url": server.url, "name": "rack"}], "models": ["m"]})
        self.home.file("config/llm-compare/keys.json", {"rack": key}).chmod(0o600)
        return {}

    def everywhere(self, result=None):
        """Whatever the program has written, by name: files of the home but keys.json, and what it printed."""
        found = {str(path.relative_to(self.home.path)): path.read_bytes() for path in self.home.path.glob("**/*")
                 if path.is_file() and path.name != "keys.json"}
        found |= {f"name of {name}": name.encode() for name in list(found)}
        if result:
            found |= {"standard output": result.stdout.encode("utf-8", "replace"), "standard error": result.stderr.encode("utf-8", "replace")}
        return found

    def assert_secret(self, result=None, parts=(KEY,)):
        for place, bytes_ in self.everywhere(result).items():
            for part in parts:
                for form in {part, json.dumps(part)[1:-1], part.replace("/", "\\/"), part.replace("+", "&#43;")}:
                    self.assertNotIn(form.encode(), bytes_, f"in {place}")


class Echoes(SecretsTest):
    # What a server can say with a key in it; and whether it is an error, where a beginning of the key is too much already.
    ANSWERS = {
        "text": answer("your key is ", KEY, " indeed"),
        "text in two chunks": answer("your key is " + KEY[:11], KEY[11:] + " indeed"),
        "text letter by letter": answer(*("your key is " + KEY)),
        "twice, glued together": answer(KEY + KEY[:4], KEY[4:] + KEY),
        "text that ends with it": answer("the key: ", KEY),
        "reasoning": [STREAM + role() + reasoning("hm " + KEY[:5]) + reasoning(KEY[5:]) + text("x") + finish() + usage() + DONE],
        "inline thinking": [STREAM + role() + text("<think>" + KEY + "</think>") + text("x") + finish() + DONE],
        "tool call": [STREAM + role() + tool_call(0, "f_" + KEY, '{"key": "' + KEY + '"}', KEY) + finish("tool_calls") + DONE],
        "tool call in two chunks": [STREAM + role() + tool_call(0, "f", '{"key": "' + KEY[:9], "c") + tool_call(0, None, KEY[9:] + '"}') + finish("tool_calls") + DONE],
        "escaped in JSON": [STREAM + role() + b'data: {"choices":[{"index":0,"delta":{"content":"' + "".join(f"\\u{ord(c):04x}" for c in KEY).encode() + b'"}}]}\n\n' + finish() + DONE],
        "model": answer("x", model=KEY), "finish reason": answer("x", reason=KEY), "a refusal": [STREAM + event({"choices": [{"index": 0, "delta": {"refusal": "not with " + KEY}}]}) + finish() + DONE],
        "text, then cut off": [STREAM + role() + text("your key is " + KEY)],
    }
    ERRORS = {
        "401": reply(401, {"error": {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}}),
        "its beginning": reply(401, {"error": {"message": f"Malformed LM Studio API token provided: {KEY[:10]}****"}}),
        "400 as text": reply(400, f"bad request by {KEY}", "text/plain"), "page": reply(502, f"<title>{KEY}</title>", "text/html"),
        "within JSON within text": reply(500, {"error": "upstream said " + json.dumps({"error": {"message": KEY}})}), "type and code": reply(400, {"error": {"message": "x", "type": KEY, "code": KEY}}),
        "beyond what is shown": reply(500, "x" * 1990 + KEY, "text/plain"), "across what is shown": reply(500, {"error": "x" * 1985 + KEY}),
        "in the stream": [STREAM + role() + text("x") + event({"error": {"message": "key " + KEY}})], "error event": [STREAM + b"event: error\n" + event({"message": KEY})],
        "error line": [STREAM + b'error: {"message": "' + KEY.encode() + b'"}\n\n'], "200": reply(200, {"error": KEY}), "no OpenAI answer": reply(200, {"your_key": KEY}),
        "headers": [head(500, f"text/{KEY}", 0, Server=KEY, X_Key=KEY)], "encoding": [head(200, "text/event-stream", Content_Encoding=KEY)],
        "transfer encoding": [head(200, "text/event-stream", Transfer_Encoding=KEY)], "length": [b"HTTP/1.1 200 OK\r\nContent-Length: " + KEY.encode() + b"\r\n\r\n"],
        "redirect": [head(307, None, 0, Location=f"http://127.0.0.1:9/?key={KEY}")], "status line": [f"HTTP/1.1 500 {KEY}\r\nContent-Length: 0\r\n\r\n".encode()],
        "busy": reply(429, {"error": {"message": KEY}}), "context": reply(400, {"error": {"message": f"{KEY}: maximum context length is 10 tokens", "code": "context_length_exceeded"}}),
    }

    def run_with(self, script, how):
        server = self.use(OpenAIServer("m", chat=guarded(script)))
        environment = self.with_key(server, how)
        result = self.home.run(*ALL, prompts=["Hello", "Again"], environment=environment)
        self.assertTrue(server.chats, "it was asked")
        self.assertEqual({chat.headers["authorization"] for chat in server.chats}, {f"Bearer {KEY}"}, "with the key")
        return result

    def test_a_key_in_an_answer_is_blacked_out_however_it_is_cut(self):
        for name, script in self.ANSWERS.items():
            with self.subTest(name):
                result = self.run_with(script, "environment")
                self.assertIn(result.status, (0, 3))
                self.assert_secret(result)
                if name.startswith("text"):
                    self.assertIn("[key]", result.answers("m")[0]["text"], "its place is shown")

    def test_a_key_in_an_error_is_blacked_out_and_so_is_its_beginning(self):
        for name, script in self.ERRORS.items():
            with self.subTest(name):
                result = self.run_with(script, "keys.json")
                self.assert_status(result, 3)
                self.assert_secret(result, (KEY, KEY[:8]))

    def test_a_key_in_the_list_of_models_is_blacked_out(self):
        listed = openai_list("m", KEY, f"org/{KEY}:latest", {"id": "x", "meta": {"n_params": KEY}})
        native = {"object": "list", "data": [{"id": "m", "type": "llm", "state": "loaded", "quantization": KEY, "compatibility_type": KEY}]}
        refused = reply(403, {"error": {"message": f"key {KEY} may not list"}})
        for name, routes in {"names": {"GET /v1/models": reply(200, listed)}, "native": {"GET /v1/models": reply(200, openai_list("m")), "GET /api/v0/models": reply(200, native)},
                             "refusal": {"GET /v1/models": refused}, "redirect": {"GET /v1/models": [head(302, None, 0, Location=KEY)]}}.items():
            with self.subTest(name):
                server = self.use(Server({"POST /v1/chat/completions": answer("x"), **routes}))
                environment = self.with_key(server, "environment")
                for arguments in (["models"], ["models", "--json"], ["run", "--prompt", "x", "--model", "sk-canar", "--out", self.home.out], ["run", "--prompt", "x", "--out", self.home.out]):
                    self.assert_secret(self.home.call(*arguments, environment=environment), (KEY,))
                    self.assertTrue(all(r.headers.get("authorization") == f"Bearer {KEY}" for r in server.requests))

    def test_a_short_key_is_blacked_out_where_it_stands_alone(self):
        server = self.use(OpenAIServer("m", chat=reply(401, {"error": "bad key: s3cr3t! (asked by rack)"})))
        environment = self.with_key(server, "environment", key="s3cr3t!")
        result = self.home.run(environment=environment)
        self.assert_status(result, 3)
        self.assert_secret(result, ("s3cr3t!",))

    def test_a_report_that_is_exported_again_has_no_key_either(self):
        self.run_with(self.ANSWERS["text"], "keys.json")
        (report,) = self.home.out.glob("*.json")
        again = self.home.call("export", report, *ALL, "--out", self.home.path / "again")
        self.assert_status(again, 0)
        self.assert_secret(again)


class Running(SecretsTest):
    def test_a_key_is_in_no_argument_and_in_no_file_while_it_runs_and_after_a_kill(self):
        for how in ("environment", "keys.json"):
            with self.subTest(how):
                server = self.use(OpenAIServer("m", chat=guarded([STREAM + role() + text("a" * 5000 + KEY[:9]), 0.1, text(KEY[9:] + "b"), reasoning(KEY), 0.5, text("end"), HANG])))
                environment = self.with_key(server, how)
                running = self.home.start_run("--events", "-", environment=environment)
                running.wait_output('"end"')
                for name in ("cmdline", "comm"):
                    self.assertNotIn(KEY.encode(), Path(f"/proc/{running.process.pid}/{name}").read_bytes())
                self.assert_secret()
                running.signal(signal.SIGKILL)
                result = running.wait()
                self.assertEqual(result.status, -signal.SIGKILL)
                self.assert_secret(result)
                again = self.home.call("recover", "--out", self.home.out, environment=environment)
                self.assert_secret(again)

    def test_a_key_is_in_no_dump_of_a_usage_error(self):
        server = self.use(OpenAIServer("m"))
        environment = self.with_key(server, "environment")
        for arguments in (["run", "--order", "x"], ["run"], ["run", "--prompt", "x", "--model", "nonsense"], ["run", "--prompt", "x", "--server", "nowhere://x"], ["models", "--nonsense"]):
            self.assert_secret(self.home.call(*arguments, environment=environment))


class Sent(SecretsTest):
    def test_each_key_goes_to_its_own_server_only(self):
        first = self.use(OpenAIServer("a", "m", chat=guarded(answer("x", model="a"), KEY)))
        second = self.use(OpenAIServer("b", "m", chat=guarded(answer("x", model="b"), OTHER)))
        third = self.use(OpenAIServer("c", "m", chat=answer("x", model="c")))
        self.home.config({"servers": [{"url": first.url, "name": "one", "api_key_env": "ONE"}, {"url": second.url, "name": "two"}, third.url],
                          "models": ["a", "b", "c", {"model_id": "m", "display_name": "m1"}, {"model_id": "m", "display_name": "m2"}]})
        self.home.file("config/llm-compare/keys.json", {"two": OTHER}).chmod(0o600)
        result = self.home.run(*ALL, "--on-failure", "continue", prompts=["1", "2"], environment={"ONE": KEY})
        self.assert_status(result, 0)
        for server, own in ((first, KEY), (second, OTHER), (third, None)):
            self.assertTrue(server.chats)
            for request in server.requests:
                self.assertEqual(request.headers.get("authorization"), own and f"Bearer {own}")
                for key in {KEY, OTHER} - {own}:
                    self.assertNotIn(key.encode(), request.raw)
                if own:
                    self.assertEqual(request.raw.count(own.encode()), 1, "in its header and nowhere else")
        self.assert_secret(result, (KEY, OTHER))

    def test_a_redirect_takes_no_key_with_it(self):
        target = self.use(OpenAIServer("m"))
        server = self.use(OpenAIServer("m", chat=[head(307, None, 0, Location=target.url + "/v1/chat/completions")]))
        lists = self.use(Server({"GET /v1/models": [head(307, None, 0, Location=target.url + "/v1/models")]}))
        for one, status in ((server, 3), (lists, 2)):
            environment = self.with_key(one, "keys.json")
            self.assert_status(self.home.run(environment=environment), status)
        self.assertEqual((target.requests, target.connections), ([], 0))

    def test_a_server_that_is_named_on_the_command_line_gets_the_key_that_is_kept_for_it(self):
        server, other = self.use(OpenAIServer("m", chat=guarded(answer("x")))), self.use(OpenAIServer("n", chat=answer("x", model="n")))
        self.home.file("config/llm-compare/keys.json", {server.url: KEY}).chmod(0o600)
        result = self.home.run(servers=[server, other], models=["m", "n"])
        self.assert_status(result, 0)
        self.assertTrue(all("authorization" not in request.headers for request in other.requests))
        self.assert_secret(result)

    def test_a_file_of_keys_that_others_may_read_is_refused(self):
        server = self.use(OpenAIServer("m"))
        self.home.file("config/llm-compare/keys.json", {server.url: KEY}).chmod(0o644)
        result = self.home.run(servers=[server], models=["m"])
        self.assert_refused(result, "keys.json", servers=[server])
        self.assertEqual(server.requests, [])
        self.assert_secret(result)

    def test_a_key_in_the_config_is_refused_without_repeating_it(self):
        self.home.config({"servers": [{"url": "http://127.0.0.1:9", "api_key": KEY}], "models": ["m"]})
        result = self.home.run()
        self.assert_refused(result, "api_key", "config.json")
        self.assertNotIn(KEY, result.output)

    def test_a_key_in_an_address_is_refused_without_repeating_it(self):
        result = self.home.run(servers=[f"http://user:{KEY}@127.0.0.1:9"], models=["m"])
        self.assert_refused(result, "--server")
        self.assertNotIn(KEY, result.output)

    def test_a_key_over_plain_http_to_another_machine_is_warned_about(self):
        good = self.use(OpenAIServer("m", chat=answer("x")))
        addresses = {"http://192.0.2.1:9": True, "https://192.0.2.1:9": False, "http://127.0.0.1:9": False, "http://localhost:9": False}
        for address, is_warned in addresses.items():
            for key in (KEY, ""):
                with self.subTest(address, key=key):
                    self.home.config({"connect_timeout_seconds": 1, "servers": [{"url": address, "name": "rack", "api_key_env": "K"}, good.url], "models": ["m"]})
                    for arguments in (["models"], ["run", "--prompt", "x", "--out", self.home.out]):
                        result = self.home.call(*arguments, environment={"K": key} if key else {})
                        self.assert_status(result, 0)
                        self.assertEqual("plain http" in result.stderr, is_warned and bool(key), result.stderr)
                        self.assertNotIn(KEY, result.output)


if __name__ == "__main__":
    unittest.main()
