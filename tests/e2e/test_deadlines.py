"""How long an answer may take, and what is tried again: time limits, loading and busy servers."""
import socket
import threading
import unittest

from servers import HANG, STREAM, LlamaServer, answer, event, in_turn, reasoning, reply, role, text
from shapes import check
from test_states import END, KEPT, START, StateTest


class Deadlines(StateTest):
    def test_silence_ends_by_the_time_limit_and_names_it(self):
        cases = {"before the headers": ([HANG], "", "waiting"), "after the headers": ([STREAM, HANG], "", ("waiting", "streaming")),
                 "after the role": ([STREAM + role(), HANG], "", ("waiting", "streaming")), "within the text": ([START, HANG], KEPT, "streaming")}
        for name, (script, words, phase) in cases.items():
            with self.subTest(name):
                message = self.not_complete(script, "failed", words, "--timeout", "1", phase=phase, kind="timeout")
                self.assertRegex(message, r"\b1(\.0)? s")
                (chat,) = self.server.chats
                self.assertLess(chat.client_left - chat.began, 2.0, "ended within the limit and a second")

    def test_pings_do_not_count_as_progress(self):
        for name, ping in {"comments": b": ping\n\n", "empty data": b"data:\n\n", "role chunks": role(), "empty deltas": text("")}.items():
            with self.subTest(name):
                self.not_complete([START] + [0.2, ping] * 20 + [END], "failed", KEPT, "--timeout", "1", kind="timeout")

    def test_a_slow_model_that_keeps_answering_is_never_cut(self):
        self.complete(answer("a", "b", "c", "d", first=0.5, between=0.5), "abcd", "--timeout", "1")

    def test_reasoning_is_progress(self):
        self.complete([STREAM + reasoning("a")] + [0.5, reasoning("b")] * 3 + [text("c") + END], "c", "--timeout", "1")

    def test_the_total_limit_ends_an_answer_that_goes_on_for_ever(self):
        self.not_complete([START] + [0.1, text(".")] * 100, "failed", self.anything_from(KEPT), kind="timeout", config={"total_timeout_seconds": 1})
        (chat,) = self.server.chats
        self.assertLess(chat.client_left - chat.began, 2.0)

    @staticmethod
    def anything_from(start):
        class Beginning(str):
            def __eq__(self, other):
                return other.startswith(start)
            __hash__ = str.__hash__
        return Beginning(start)

    def test_an_address_that_never_answers_fails_to_connect_in_time(self):
        full = socket.socket()  # its queue is full: connecting hangs
        self.addCleanup(full.close)
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            self.addCleanup(filler.close)
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        self.home.config({"connect_timeout_seconds": 1})
        result = self.home.run(servers=[f"http://127.0.0.1:{port}"], models=["m"], seconds=10)
        self.assert_refused(result, f"127.0.0.1:{port}", status=2)


class TryingAgain(StateTest):
    def test_loading_is_a_state_that_is_waited_for(self):
        busy = reply(503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}})
        self.complete(in_turn(busy, busy, answer("Hi")), "Hi")
        states = [e["state"] for e in self.result.of_kind("state")]
        self.assertIn("loading", states)
        self.assertEqual(len(self.server.chats), 3)
        first, second, third = self.server.chats
        for before, after in ((first, second), (second, third)):
            self.assertTrue(0.7 < after.began - before.began < 2.5, "asked again every second")

    def test_loading_for_ever_ends_by_the_time_limit(self):
        busy = reply(503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}})
        self.not_complete(busy, "failed", "", "--timeout", "2")

    def test_retry_after_is_obeyed_up_to_three_times_with_a_warning(self):
        for status in (429, 503):
            with self.subTest(status):
                again = reply(status, {"error": {"message": "slow down"}}, Retry_After="0")
                got = self.complete(in_turn(again, again, again, answer("Hi")), "Hi")
                self.assertEqual(len(self.server.chats), 4)
                self.assertTrue(got["warnings"])

    def test_retry_after_waits_as_long_as_it_says(self):
        self.complete(in_turn(reply(429, {"error": "busy"}, Retry_After="1"), answer("Hi")), "Hi")
        first, second = self.server.chats
        self.assertTrue(0.9 < second.began - first.began < 3)

    def test_a_busy_server_is_waited_for(self):
        busy = reply(503, {"error": {"message": "server busy, please try again.  maximum pending requests exceeded", "type": "api_error", "code": None}})
        got = self.complete(in_turn(busy, answer("Hi")), "Hi")
        self.assertTrue(got["warnings"])

    def test_the_fourth_refusal_fails(self):
        self.not_complete(reply(429, {"error": {"message": "slow down"}}, Retry_After="0"), "failed", http_status=429)
        self.assertEqual(len(self.server.chats), 4)

    def test_without_retry_after_or_with_one_above_60_s_nothing_is_tried_again(self):
        for headers in ({}, {"Retry_After": "61"}, {"Retry_After": "soon"}, {"Retry_After": "-1"}):
            with self.subTest(str(headers)):
                self.not_complete(reply(429, {"error": {"message": "slow down"}}, **headers), "failed", http_status=429)
                self.assertEqual(len(self.server.chats), 1)

    def test_500_is_never_tried_again(self):
        self.not_complete(reply(500, {"error": "x"}, Retry_After="0"), "failed", http_status=500)
        self.assertEqual(len(self.server.chats), 1)

    def test_nothing_is_tried_again_after_the_first_byte_of_a_200(self):
        self.not_complete([STREAM + event({"error": {"message": "Loading model", "code": 503}})], "failed")
        self.assertEqual(len(self.server.chats), 1)

    def test_stream_options_are_left_out_when_a_server_refuses_them(self):
        def chat(request):
            if "stream_options" in request.json:
                return reply(400, {"error": {"message": "Unknown parameter: 'stream_options'.", "param": "stream_options"}})
            return answer("Hi")
        self.complete(chat, "Hi")
        first, second = self.server.bodies()
        self.assertEqual({**second, "stream_options": first["stream_options"]}, first)

    def test_a_llama_server_that_is_loading_is_waited_for(self):
        loaded = threading.Event()
        server = self.use(LlamaServer("m", chat=answer("Hi"), loading=loaded))
        running = self.home.start_run(servers=[server], models=["m"])
        server.wait_for(lambda: len(server.requests) >= 2)
        loaded.set()
        result = running.wait()
        self.assert_status(result, 0)
        check(self, result)


if __name__ == "__main__":
    unittest.main()
