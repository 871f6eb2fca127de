"""Servers that mean harm: each ends in a state that is what happened, at a limit with a name, in little memory and in time."""
import datetime
import json
import unittest

from llm_compare import SANITIZED, E2ETest, Home
from servers import (DONE, HANG, RESET, STREAM, OpenAIServer, Server, answer, chunk, chunked, dripping, endless, event, finish, head,
                     openai_list, reasoning, reply, role, text, tool_call, usage)
from shapes import check
from test_states import END, KEPT, START, StateTest

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = head(200, "text/event-stream", Transfer_Encoding="chunked")
JSON_HEAD = head(200, "application/json")
GZIP_BOMB = bytes.fromhex("1f8b0800000000000003") + b"\xec\xc1\x01\x0d\x00\x00\x00\xc2\xa0\xf7\x4f\x6d\x0f\x07\x14"


def big_event(start, piece, end, mib=15):
    """An event of `mib` MiB within the limit of 16: `piece` again and again between `start` and `end`."""
    return b"data: " + start + piece * ((mib << 20) // len(piece)) + end + b"\n\n"


def seconds_of(result, label="m"):
    """From the answer's first state to its last, by the events."""
    times = [datetime.datetime.fromisoformat(e["time"]) for e in result.of_kind("state", label=label)]
    return (times[-1] - times[0]).total_seconds()


class HostileTest(StateTest):
    def bounded(self, script, state="failed", words=None, kind=None, limit=None, said="", timeout=2, **more):
        """One answer: its state and text; the error's kind and words; memory; ended within the limit of `timeout` s and one more."""
        got = self.outcome(script, "--timeout", str(timeout), **more)
        self.assertEqual(got["state"], state, got["error"])
        if words is not None:
            self.assertEqual(got["text"], words)
        if kind is not None:
            self.assertIn(got["error"]["kind"], (kind,) if isinstance(kind, str) else kind, got["error"])
        for part in (limit, said):
            if part:
                self.assertIn(part, got["error"]["message"])
        self.assert_peak(self.result)
        if not SANITIZED:
            self.assertLess(seconds_of(self.result), timeout + 1)
        return got


class Endless(HostileTest):
    def test_what_never_ends_is_ended_by_a_limit_with_a_name(self):
        cases = {
            "a line": ([START, endless(b"x")], KEPT, "a line of the stream is longer than 16 MiB"),
            "a comment": ([START, b": ", endless(b"x")], KEPT, "a line of the stream is longer than 16 MiB"),
            "an event of many lines": ([START, endless(b"data: [" + b"x" * 1000 + b"\n")], KEPT, "16 MiB"),
            "a header line": ([OK + b"X: ", endless(b"x")], "", "8 KiB"),
            "headers": ([OK, endless(b"X-Header: some value\r\n")], "", "1 MiB"),
            "interim answers": ([endless(b"HTTP/1.1 100 Continue\r\n\r\n")], "", "1 MiB"),
            "a chunk's size": ([CHUNKED, endless(b"0")], "", "1 MiB"),
            "a chunk's extension": ([CHUNKED + b"1;", endless(b"x")], "", "1 MiB"),
            "a page": ([head(200, "text/html") + b"<html>", endless(b"<p>log in</p>")], "", "16 MiB"),
            "JSON": ([JSON_HEAD + b'{"choices": [', endless(b'{"index": 0}, ')], "", "16 MiB"),
            "tool calls": ([STREAM, endless(b"".join(tool_call(i, "f", "x" * 5000, f"c{i}") for i in range(20)))], "", "8 MiB"),
        }
        for name, (script, words, limit) in cases.items():
            with self.subTest(name):
                self.bounded(script, words=words, kind="limit", limit=limit, timeout=10)

    def test_endless_text_and_reasoning_end_at_32_mib_and_are_kept_up_to_there(self):
        for name, piece in {"text": text("y" * 4000), "reasoning": reasoning("y" * 4000), "control characters": text("\x01" * 4000), "tags": text("<" * 4000)}.items():
            with self.subTest(name):
                got = self.bounded([STREAM, endless(piece)], kind="limit", limit="32 MiB", timeout=20, seconds=60)
                kept = got["reasoning" if name == "reasoning" else "text"]
                self.assertTrue((32 << 20) - 4000 <= len(kept.encode()) <= 32 << 20, len(kept))

    def test_endless_signs_of_life_without_a_token_end_by_the_time_limit(self):
        cases = {"comments": b": ping\n\n", "empty lines": b"\n", "empty data": b"data:\n\n", "role chunks": role(), "empty deltas": text(""),
                 "unknown fields": b"x: y\nid: 7\nretry: 5\n\n", "events without a choice": event({"choices": []}), "usage": usage(),
                 "other choices": event({"choices": [{"index": 1, "delta": {"content": "NO"}}]}), "rubbish": b"data: rubbish\n\n"}
        for name, piece in cases.items():
            with self.subTest(name):
                self.bounded([START, endless(piece)], words=KEPT, kind="timeout", said="2 s")

    def test_an_endless_error_body_is_read_up_to_1_mib(self):
        for name, piece in {"text": b"all wrong ", "JSON": b'{"error": {"message": "all wrong"}}, '}.items():
            with self.subTest(name):
                got = self.bounded([head(500, "application/json") + b"[", endless(piece)], timeout=10)
                self.assertEqual(got["error"]["status"], 500)
                self.assertLess(len(got["error"]["message"]), 5000)

    def test_what_follows_the_end_of_an_answer_changes_nothing(self):
        for name, tail in {"comments": endless(b": x\n\n"), "a line": endless(b"x"), "tokens": endless(text("more ")), "a second answer": STREAM + START}.items():
            with self.subTest(name):
                self.bounded([START + END, tail], state="complete", words=KEPT)

    def test_a_finish_reason_gives_a_few_seconds_only(self):
        got = self.outcome([START + finish(), endless(b": x\n\n")], seconds=20)
        self.assertEqual((got["state"], got["text"]), ("complete", KEPT))


class Slow(HostileTest):
    def test_bytes_that_drip_are_no_progress(self):
        cases = {"status line": ([dripping(b"H", 0.2)], ""), "header": ([OK + b"X: ", dripping(b"x", 0.2)], ""), "headers": ([OK, dripping(b"X: y\r\n", 0.2)], ""),
                 "chunk size": ([CHUNKED, dripping(b"0", 0.2)], ""), "comment": ([START, b":", dripping(b"x", 0.2)], KEPT),
                 "event": ([START, b"data: {", dripping(b" ", 0.2)], KEPT), "error body": ([head(500, "text/plain"), dripping(b"x", 0.2)], "")}
        for name, (script, words) in cases.items():
            with self.subTest(name):
                self.bounded(script, words=words, timeout=1, kind=("timeout", "protocol", "http"))

    def test_a_page_that_drips_as_an_answer_ends_by_the_time_limit(self):
        self.bounded([head(200, "text/html") + b"<html>", dripping(b"x", 0.1)], words="", timeout=1, kind=("timeout", "protocol"))


class Framing(HostileTest):
    def test_chunk_sizes_that_lie_cost_the_rest_of_the_answer_only(self):
        good = chunked(START[len(STREAM):])[0]
        cases = {"negative": b"-1\r\nx\r\n", "huge": b"ffffffffffffffff\r\nx\r\n", "larger than 64 bits": b"fffffffffffffffffff\r\nx\r\n", "just below 2^63": b"7fffffffffffffff\r\nx\r\n",
                 "no number": b"xyz\r\nboo\r\n", "empty": b"\r\n\r\n", "too short": b"2\r\nabcdef\r\n", "hexadecimal prefix": b"0x5\r\nabcde\r\n", "blank before": b" 5\r\nabcde\r\n", "NUL": b"\x00\r\n"}
        for name, lie in cases.items():
            with self.subTest(name):
                got = self.bounded([CHUNKED, good, lie], state=self.any_of("cut_off", "failed"), words=KEPT, timeout=5)
                self.assertEqual(got["error"]["phase"], "streaming")

    @staticmethod
    def any_of(*states):
        class OneOf(str):
            def __eq__(self, other):
                return other in states
            __hash__ = str.__hash__
        return OneOf("/".join(states))

    def test_lengths_that_lie_are_noticed(self):
        for name, length in {"negative": "-5", "huge": str(2**64 + 5), "two": "10\r\nContent-Length: 20", "no number": "many", "with a sign": "+5", "list": "5, 5"}.items():
            with self.subTest(name):
                self.bounded([OK + f"Content-Type: text/event-stream\r\nContent-Length: {length}\r\n\r\n".encode() + START[len(STREAM):] + END], kind="protocol", said="Content-Length")

    def test_a_length_that_is_too_long_or_too_short_is_cut_off(self):
        body = START[len(STREAM):] + END
        self.bounded([head(200, "text/event-stream", 10**12) + START[len(STREAM):]], state="cut_off", words=KEPT)
        self.bounded([head(200, "text/event-stream", len(START) - len(STREAM)) + body], state="cut_off", words=KEPT)

    def test_a_compressed_answer_that_was_not_asked_for_is_refused(self):
        for name in ("gzip", "br", "deflate", "zstd", "gzip, gzip"):
            with self.subTest(name):
                self.bounded([head(200, "text/event-stream", Content_Encoding=name), endless(GZIP_BOMB)], kind="protocol", said="Content-Encoding")
        with self.subTest("as transfer encoding"):
            self.bounded([head(200, "text/event-stream", Transfer_Encoding="gzip, chunked"), endless(GZIP_BOMB)], kind="protocol", said="Transfer-Encoding")
        with self.subTest("without saying so"):
            self.bounded([head(200, "text/event-stream"), endless(GZIP_BOMB)], kind=("limit", "protocol", "timeout"))

    def test_resets_in_every_phase_are_told_and_keep_what_came(self):
        cases = {"at once": ([RESET], "waiting", ""), "in the status line": ([b"HTTP/1.1 2", 0.1, RESET], "waiting", ""), "in the headers": ([OK + b"X: ", 0.1, RESET], "waiting", ""),
                 "after the headers": ([STREAM, 0.1, RESET], "streaming", ""), "after the role": ([STREAM + role(), 0.1, RESET], "streaming", ""),
                 "in a chunk's size": ([CHUNKED, chunked(START[len(STREAM):])[0], b"5", 0.1, RESET], "streaming", KEPT),
                 "in an event": ([START + b'data: {"choices"', 0.1, RESET], "streaming", KEPT), "in a character": ([START + text("é")[:-20], 0.1, RESET], "streaming", KEPT)}
        for name, (script, phase, words) in cases.items():
            with self.subTest(name):
                got = self.bounded(script, state=self.any_of("cut_off", "failed"), words=words, kind=("connection", "cut_off"))
                self.assertEqual(got["error"]["phase"], phase)

    def test_a_server_that_answers_before_it_was_asked_or_twice_is_believed_once(self):
        whole = reply(200, {"choices": [{"index": 0, "message": {"role": "assistant", "content": "One"}, "finish_reason": "stop"}]})[0]
        got = self.bounded([whole + whole.replace(b"One", b"Two")], state="complete", words="One")
        self.assertEqual(got["warnings"], [])
        self.bounded([head(200, "text/event-stream", len(START + END) - len(STREAM)) + START[len(STREAM):] + END + STREAM + text("Two") + END], state="complete", words=KEPT)
        self.assertEqual(len(self.server.chats), 1)


class Content(HostileTest):
    def test_nul_and_invalid_utf8_are_text_like_any_other(self):
        raw = b'data: {"choices":[{"index":0,"delta":{"content":"a%sb"}}]}\n\n'
        cases = {"escaped NUL": (rb"\u0000", "a\x00b"), "invalid UTF-8": (b"\xff\xfe", "a\ufffd\ufffdb"), "overlong": (b"\xc0\x80", "a\ufffd\ufffdb"), "surrogate in UTF-8": (b"\xed\xa0\x80", "a\ufffd\ufffd\ufffdb"),
                 "beyond Unicode": (b"\xf4\x90\x80\x80", "a\ufffd\ufffd\ufffd\ufffdb"), "cut": (b"\xe2\x82", "a\ufffdb")}
        for name, (bytes_, words) in cases.items():
            with self.subTest(name):
                self.bounded([STREAM + raw % bytes_ + END], state="complete", words=words)

    def test_a_raw_nul_in_json_is_no_json_and_never_lost_silently(self):
        got = self.outcome([START + raw_content(b"a\x00b") + END])
        self.assertTrue(got["state"] != "complete" or got["warnings"] or "\x00" in got["text"], got)

    def test_deep_json_is_a_limit_everywhere(self):
        deep = b"[" * 100_000 + b"]" * 100_000
        open_ = b'{"a":' * 100_000
        for name, script in {"in the stream": [START + event(b'{"choices":[],"x":' + deep + b"}")], "as the answer": reply(200, deep), "never closed": [START + event(open_) + END]}.items():
            with self.subTest(name):
                got = self.outcome(script)
                self.assertTrue(got["state"] == "failed" or got["warnings"], got)
                if got["state"] == "failed":
                    self.assertIn("64", got["error"]["message"])
        with self.subTest("as an error"):
            self.bounded(reply(500, b'{"error":' + deep + b"}"), kind="http")

    def test_one_event_of_many_small_values_takes_little_memory(self):
        cases = {
            "objects beside the choices": big_event(b'{"choices":[{"index":0,"delta":{"content":"a"}}],"x":[0', b",{}", b"]}"),
            "objects without choices": big_event(b'{"x":[0', b",{}", b"]}"), "keys without choices": big_event(b'{"x":0', b',"":0', b"}"),
            "an error of many objects": big_event(b'{"error":[0', b",{}", b"]}"), "a list": big_event(b"[0", b",[]", b"]"),
            "choices": big_event(b'{"choices":[{"index":0,"delta":{"content":"a"}}', b",{}", b"]}"),
            "brackets in the arguments": big_event(b'{"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"name":"f","arguments":{"x":[0', b",[]", b"]}}}]}}]}"),
        }
        for name, data in cases.items():
            with self.subTest(name):
                self.outcome([START, data, END])
                self.assert_peak(self.result)
        parts = {"parts of the text": big_event(b'{"choices":[{"index":0,"delta":{"content":[""', b',""', b"]}}]}"),
                 "thoughts": big_event(b'{"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{}', b',{"text":""}', b"]}]}}]}"),
                 "tool calls": big_event(b'{"choices":[{"index":0,"delta":{"tool_calls":[{}', b",{}", b"]}}]}")}
        for name, data in parts.items():
            with self.subTest(name):
                self.bounded([START, data, END], words=KEPT, kind="limit", limit="10 000 parts", timeout=10)

    def test_a_whole_answer_of_many_small_values_takes_little_memory(self):
        for name, (start, piece, end) in {"a list": (b"[0", b",{}", b"]"), "an error": (b'{"error":[0', b",{}", b"]}"), "tool calls": (b'{"choices":[{"message":{"tool_calls":[{}', b",{}", b"]}}]}"),
                                          "a page": (b"<html>", b"<a>", b"</html>")}.items():
            with self.subTest(name):
                self.outcome([JSON_HEAD + start, piece * ((15 << 20) // len(piece)), end])
                self.assert_peak(self.result)

    def test_pages_with_status_200_are_no_answers(self):
        for name, body in {"a login page": b"<!doctype html><title>Log in</title><form>", "a page within SSE": b"data: <html><body>Log in</body></html>\n\n", "plain words": b"It works!"}.items():
            with self.subTest(name):
                got = self.outcome([head(200, "text/event-stream" if b"data" in body else "text/html", len(body)) + body])
                self.assertIn(got["state"], ("failed", "cut_off"))
                self.assertEqual(got["text"], "")

    def test_a_redirect_that_says_nothing_or_rubbish_is_reported(self):
        for name, location in {"none": None, "control characters": "http://x/%0d%0aSet-Cookie:a", "very long": "http://x/" + "y" * 7000, "a script": "javascript:alert(1)", "itself": "/v1/chat/completions"}.items():
            with self.subTest(name):
                headers = {} if location is None else {"Location": location}
                got = self.bounded([head(307, None, 0, **headers)], kind="http", said="redirect")
                self.assertEqual(len(self.server.chats), 1)
                self.assertNotIn("\r", got["error"]["message"])


def raw_content(bytes_):
    return b'data: {"choices":[{"index":0,"delta":{"content":"' + bytes_ + b'"}}]}\n\n'


class Manifests(E2ETest):
    def refused(self, script, *words, seconds=40, **more):
        """A server whose list of models is `script` cannot be used: named, nothing sent, in little memory."""
        home = self.home = Home()
        self.addCleanup(home.close)
        server = self.use(Server({"GET /v1/models": script, **more}))
        result = home.run(servers=[server], models=["m"], seconds=seconds)
        self.assert_refused(result, server.address, *words, status=2, servers=[server])
        self.assert_peak(result)
        return result

    def test_a_list_of_models_has_limits_too(self):
        cases = {
            "an endless list": ([JSON_HEAD + b'{"data": [', endless(b'{"id": "m"}, ')], "8 MiB"), "an endless page": ([head(200, "text/html"), endless(b"<p>")], "8 MiB"),
            "an endless header": ([OK + b"X: ", endless(b"x")], "8 KiB"), "headers": ([OK, endless(b"X: y\r\n")], "1 MiB"),
            "compressed": ([head(200, "application/json", Content_Encoding="gzip"), endless(GZIP_BOMB)], "Content-Encoding"),
            "a redirect": ([head(302, None, 0, Location="http://127.0.0.1:9/x")], "302"), "deep": (reply(200, b"[" * 200_000 + b"]" * 200_000), "64 levels"),
            "many objects": ([JSON_HEAD + b'{"x": [0', b",{}" * (2 << 20), b"]}"], "300 000 values"), "many empty models": ([JSON_HEAD + b'{"data": [0', b",{}" * (2 << 20), b"]}"], "300 000 values"),
            "many keys": ([JSON_HEAD + b'{"data": [{"id": "x"', b',"":0' * (3 << 19), b"}]}"], "300 000 values"),
            "a page": (reply(200, b"<html>Log in</html>", "text/html"), ""), "nothing": (reply(200, b""), ""), "not HTTP": ([b"SSH-2.0-OpenSSH_9\r\n\r\n"], "HTTP"), "reset": ([RESET], "closed"),
        }
        for name, (script, words) in cases.items():
            with self.subTest(name):
                self.refused(script, words)

    def test_native_lists_that_mean_harm_do_not_take_the_models_away(self):
        for name, script in {"endless": [JSON_HEAD, endless(b"[")], "many objects": [JSON_HEAD + b'{"data": [0', b",{}" * (2 << 20), b"]}"], "deep": reply(200, b"[" * 200_000), "silent": [HANG],
                             "compressed": [head(200, "application/json", Content_Encoding="gzip"), endless(GZIP_BOMB)], "reset": [RESET]}.items():
            with self.subTest(name):
                home = self.home = Home()
                self.addCleanup(home.close)
                server = self.use(Server({"GET /v1/models": reply(200, openai_list("m")), "POST /v1/chat/completions": answer("Hi")}, unknown=lambda _, script=script: script))
                result = home.run(servers=[server], models=["m"])
                self.assert_status(result, 0)
                self.assert_peak(result)

    def test_very_many_and_very_long_names_are_only_names(self):
        server = self.use(OpenAIServer("m", *[f"model-{i}" for i in range(20_000)], "x" * (1 << 20), chat=answer("Hi")))
        result = self.home.run(servers=[server], models=["m"])
        self.assert_status(result, 0)
        self.assert_peak(result)
        wrong = self.home.run(servers=[server], models=["model"])
        self.assert_status(wrong, 2)
        self.assertLess(len(wrong.stderr), 20_000)


class TwoServers(E2ETest):
    def test_one_of_two_servers_for_a_model_may_fail_and_the_other_goes_on(self):
        good = self.use(OpenAIServer("m", chat=answer("good")))
        bad = self.use(OpenAIServer("m", chat=[START, RESET]))
        result = self.home.run("--on-failure", "continue", servers=[good, bad], models=["m=a", "m=b"], prompts=["1", "2"])
        check(self, result)
        self.assert_status(result, 3)
        for label in ("a", "b"):
            for got in result.answers(label):
                if got["server"] == good.address:
                    self.assertEqual((got["state"], got["text"]), ("complete", "good"))
                else:
                    self.assertEqual((got["server"], got["text"]), (bad.address, KEPT))
                    self.assertNotEqual(got["state"], "complete")
        self.assertEqual(len(good.chats) + len(bad.chats), 4, "every prompt was asked once")

    def test_an_answer_never_holds_words_of_another_server(self):
        servers = [self.use(OpenAIServer("m", chat=[STREAM + role()] + [text(f"{name}{i} ") for i in range(200)] + [finish() + DONE])) for name in "AB"]
        result = self.home.run(servers=servers, models=["m=a", "m=b"])
        self.assert_status(result, 0)
        found = {result.answer(label)["server"]: result.answer(label)["text"] for label in ("a", "b")}
        self.assertEqual(found, {server.address: "".join(f"{name}{i} " for i in range(200)) for server, name in zip(servers, "AB")})

    def test_a_good_answer_is_whole_beside_hostile_servers(self):
        words = [f"word{i} " for i in range(40)]
        good = self.use(OpenAIServer("good", chat=answer(*words, model="good", between=0.02, completion=40)))
        scripts = {"line": [START, endless(b"x")], "comments": [START, endless(b": x\n\n")], "headers": [OK, endless(b"X: y\r\n")], "text": [STREAM, endless(text("y" * 4000))],
                   "silent": [HANG], "reset": [START, RESET], "page": [head(200, "text/html"), endless(b"<p>")]}
        bad = [self.use(OpenAIServer(name, chat=script)) for name, script in scripts.items()]
        result = self.home.run("--on-failure", "continue", "--timeout", "3", servers=[good, *bad], models=["good", *scripts], seconds=60)
        check(self, result)
        self.assert_status(result, 3)
        got = result.answer("good")
        self.assertEqual((got["state"], got["text"]), ("complete", "".join(words)))
        for label in scripts:
            self.assertNotEqual(result.answer(label)["state"], "complete", label)
        self.assertTrue(json.dumps(result.report))


if __name__ == "__main__":
    unittest.main()
