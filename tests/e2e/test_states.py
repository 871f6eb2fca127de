"""How an answer can end: each state of an answer, with its error in the report and in the events."""
import json
import unittest

from llm_compare import E2ETest, Home
from servers import (DONE, HANG, RESET, STREAM, OpenAIServer, answer, chunk, chunked, event, finish, head,
                     in_turn, openai_list, reasoning, reply, role, text, tool_call, usage)
from shapes import check

START = STREAM + role() + text("Half a ") + text("sentence")
KEPT = "Half a sentence"
END = finish() + DONE


class StateTest(E2ETest):
    def outcome(self, chat, *arguments, status=None, config=None, prompts=("Hello",), seconds=30):
        """The answer of one candidate to one prompt, after everything that must always hold was looked at."""
        home = Home()
        self.addCleanup(home.close)
        self.server = self.use(OpenAIServer("m", chat=chat))
        if config is not None:
            home.config(config)
        result = home.run(*arguments, servers=[self.server], models=["m"], prompts=prompts, seconds=seconds)
        self.result = result
        check(self, result)
        got = result.answer("m")
        good = got["state"] == "complete"
        self.assert_status(result, status if status is not None else 0 if good else 3)
        self.assertEqual(result.report["halted"], not good)
        if not good:
            (halt,) = result.of_kind("halt")
            self.assertIn("m", halt["reason"])
            self.assertIn(got["error"]["message"], result.stderr, "errors go to stderr")
            for file in result.files():
                self.assertIn(str(file), result.stderr, "a halt names the files written")
            self.assertIn(self.server.address, got["error"]["message"], "a failure names the server")
            self.assertEqual(got["server"], self.server.address)
            self.assertIn(f"### Assistant (incomplete: {got['state']})", result.markdown)
            self.assertEqual(result.conversation("m")["messages"], [])
        return got

    def complete(self, chat, words, *arguments, finish_reason="stop", **more):
        got = self.outcome(chat, *arguments, **more)
        self.assertEqual((got["state"], got["text"], got["finish_reason"]), ("complete", words, finish_reason), got["error"])
        return got

    def not_complete(self, chat, state, words="", *arguments, phase=None, kind=None, http_status="any", **more):
        got = self.outcome(chat, *arguments, **more)
        self.assertEqual((got["state"], got["text"]), (state, words), got["error"])
        for name, wanted in (("phase", phase), ("kind", kind)):
            if wanted:
                self.assertIn(got["error"][name], (wanted,) if isinstance(wanted, str) else wanted, got["error"])
        if http_status != "any":
            self.assertEqual(got["error"]["status"], http_status)
        return got["error"]["message"]


class Complete(StateTest):
    def test_an_answer_with_a_finish_reason_is_complete(self):
        got = self.complete(answer("Hello ", "you"), "Hello you")
        self.assertEqual(got["warnings"], [])

    def test_length_is_complete_with_a_warning(self):
        got = self.complete(answer("Hello", reason="length"), "Hello", finish_reason="length")
        self.assertRegex(" ".join(got["warnings"]), "length|max_tokens|Max Tokens|token limit|limit")
        self.assertRegex(self.result.markdown, r"(?m)^> ⚠️ .+$")
        self.assertTrue(self.result.of_kind("warning", label="m", round=1))

    def test_content_filter_and_unknown_reasons_are_kept_as_they_are(self):
        for reason in ("content_filter", "eosFound"):
            with self.subTest(reason):
                self.complete(answer("Hello", reason=reason), "Hello", finish_reason=reason)

    def test_done_after_text_without_a_finish_reason_is_complete_with_a_warning(self):
        got = self.complete([START + DONE], KEPT, finish_reason=None)
        self.assertIn("no finish reason", " ".join(got["warnings"]))

    def test_done_after_a_tool_call_without_a_finish_reason_is_complete(self):
        got = self.complete([STREAM + role() + tool_call(0, "f", "{}", "c1") + DONE], "", finish_reason=None)
        self.assertIn("no finish reason", " ".join(got["warnings"]))

    def test_what_happens_after_the_finish_reason_changes_nothing(self):
        for name, tail in {"closed without [DONE]": [], "reset": [0.05, RESET], "[DONE] without blank line": [b"data: [DONE]"],
                           "held open after [DONE]": [usage() + DONE, HANG], "held open without [DONE]": [HANG],
                           "rubbish": [b"data: {\n\n"]}.items():
            with self.subTest(name):
                self.complete([START + finish(), *tail], KEPT)

    def test_a_tool_call_is_an_answer(self):
        got = self.complete([STREAM + role() + tool_call(0, "weather", "", "c1") + tool_call(0, None, '{"city": ')
                             + tool_call(1, "time", "{}", "c2") + tool_call(0, None, '"Paris"}') + finish("tool_calls") + DONE],
                            "", finish_reason="tool_calls")
        self.assertEqual(got["tool_calls"], [{"id": "c1", "name": "weather", "arguments": '{"city": "Paris"}'},
                                             {"id": "c2", "name": "time", "arguments": "{}"}])

    def test_reasoning_alone_is_an_answer_under_both_of_its_names(self):
        for key in ("reasoning_content", "reasoning"):
            with self.subTest(key):
                got = self.complete([STREAM + role() + reasoning("I think", key=key) + END], "")
                self.assertEqual(got["reasoning"], "I think")

    def test_reasoning_sent_under_both_names_counts_once(self):
        got = self.complete([STREAM + chunk({"reasoning": "hm", "reasoning_content": "hm"}) + text("yes") + END], "yes")
        self.assertEqual(got["reasoning"], "hm")

    def test_inline_thinking_is_kept_apart_from_the_text(self):
        got = self.complete([STREAM + role() + text("<thi") + text("nk>secret thoughts</thi") + text("nk>\n\nThe answer") + END], "The answer")
        self.assertEqual(got["reasoning"].strip(), "secret thoughts")

    def test_a_lone_closing_tag_turns_what_was_shown_into_reasoning(self):
        for name, pause in {"at once": [], "after it was shown": [0.4]}.items():
            with self.subTest(name):
                script = [STREAM + role() + text("secret plan. "), *pause, text("More of it.\n</th"), *pause, text("ink>\n\nThe answer") + END]
                got = self.complete(script, "The answer", prompts=("Hello", "Again"))
                self.assertEqual(got["reasoning"].strip(), "secret plan. More of it.")
                self.assertNotIn("secret", json.dumps(self.server.chats[-1].json["messages"]))
                told_anew = [one for one in self.result.of_kind("text") if one.get("anew")]
                self.assertEqual(len(told_anew), 2 if pause else len(told_anew))

    def test_a_whole_json_answer_is_accepted_although_a_stream_was_asked_for(self):
        self.complete(reply(200, {"id": "x", "object": "chat.completion", "model": "m", "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "All at once"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}}), "All at once")

    def test_streams_as_servers_send_them(self):
        good = STREAM + role() + text("Grüße 🙂") + text(" an alle") + finish() + usage() + DONE
        words = "Grüße 🙂 an alle"
        body = good[len(STREAM):]
        raw = role().replace(b"\\", b"\\") + b'data: {"choices":[{"index":0,"delta":{"content":"' + "Grüße 🙂".encode() + b'"}}]}\n\n'
        cases = {
            "whole": [good],
            "byte by byte": [STREAM] + [body[i:i + 1] for i in range(len(body))],
            "characters split in bytes": [STREAM] + [(raw + text(" an alle") + END)[i:i + 3] for i in range(0, len(raw) + 400, 3)],
            "chunked, one byte each": [head(200, "text/event-stream", Transfer_Encoding="chunked")] + chunked(*[body[i:i + 1] for i in range(len(body))]),
            "with a length": [head(200, "text/event-stream", len(body)) + body],
            "CRLF": [STREAM + body.replace(b"\n", b"\r\n")],
            "CR": [STREAM + body.replace(b"\n", b"\r")],
            "BOM": [STREAM + b"\xef\xbb\xbf" + body],
            "no space after the colon": [STREAM + body.replace(b"data: ", b"data:")],
            "comments, pings, empty data, retry and ids between": [STREAM + body.replace(b"data: ", b": ping\n\ndata:\n\nretry: 5\n\nid: 7\n\n: x\ndata: ")],
            "Content-Type with parameters": [head(200, "text/event-stream; charset=utf-8") + body],
            "no Content-Type": [head(200, None) + body],
            "Azure: first choices empty": [STREAM + event({"choices": [], "prompt_filter_results": []}) + body],
            "choices missing, null, delta missing, null, content null": [STREAM + event({"model": "m"}) + event({"choices": None}) + event(
                {"choices": [{"index": 0}]}) + event({"choices": [{"index": 0, "delta": None}]}) + chunk({"content": None}) + body],
            "usage null in every chunk": [STREAM + body.replace(b'"model": "m"', b'"usage": null, "model": "m"')],
            "another choice": [STREAM + event({"choices": [{"index": 1, "delta": {"content": "NO"}}]}) + body],
            "content as parts": [STREAM + role() + chunk({"content": [{"type": "text", "text": words}]}) + END],
        }
        for name, script in cases.items():
            with self.subTest(name):
                self.complete(script, words)

    def test_line_separators_in_the_text_are_text(self):
        words = "a\u2028b\u2029c\u0085d"
        self.complete([STREAM + b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": words}}]}, ensure_ascii=False).encode()
                       + b"\n\n" + END], words)

    def test_surrogates_split_over_two_chunks_are_one_character(self):
        pieces = [b'data: {"choices":[{"index":0,"delta":{"content":"a' + half + b'"}}]}\n\n' for half in (b"\\ud83d",)]
        pieces += [b'data: {"choices":[{"index":0,"delta":{"content":"\\ude00b"}}]}\n\n']
        got = self.outcome([STREAM + b"".join(pieces) + END])
        self.assertIn(got["text"], ("a\U0001F600b", "a\ufffd\ufffdb"))

    def test_lone_surrogates_and_invalid_utf8_become_replacement_characters(self):
        for name, raw in {"lone surrogate": b"\\ud83d", "invalid UTF-8": b"\xff"}.items():
            with self.subTest(name):
                got = self.outcome([STREAM + b'data: {"choices":[{"index":0,"delta":{"content":"a' + raw + b'b"}}]}\n\n' + text("c") + END])
                self.assertEqual((got["state"], got["text"]), ("complete", "a\ufffdbc"))

    def test_another_model_than_asked_for_is_warned_about(self):
        got = self.complete(answer("Hi", model="other-model"), "Hi")
        self.assertEqual(got["reported_model"], "other-model")
        self.assertIn("other-model", " ".join(got["warnings"]))
        self.assertIn("other-model", self.result.markdown)

    def test_a_prompt_count_far_too_small_is_warned_about(self):
        server = self.use(OpenAIServer("m", chat=in_turn(answer("word " * 400, prompt=900, completion=400), answer("Yes", prompt=12))))
        result = self.home.run(servers=[server], models=["m"], prompts=["long " * 800, "long " * 800])
        check(self, result)
        self.assertEqual(result.answer("m", 1)["warnings"], [])
        self.assertRegex(" ".join(result.answer("m", 2)["warnings"]).lower(), "dropped|history|shorter|truncat")


class NotComplete(StateTest):
    def test_a_stream_that_just_ends_is_cut_off(self):
        cases = {"closed": [START], "half an event": [START + text(" more")[:-20]], "empty chunk, as Ollama loses errors": [START + chunk({"content": ""})],
                 "within a chunk": [head(200, "text/event-stream", Transfer_Encoding="chunked"), chunked(START[len(STREAM):])[0], b"50\r\ndata: {"],
                 "before the promised length": [head(200, "text/event-stream", 5000) + START[len(STREAM):]]}
        for name, script in cases.items():
            with self.subTest(name):
                self.not_complete(script, "cut_off", KEPT, phase="streaming")

    def test_a_stream_without_any_text_that_just_ends_is_cut_off(self):
        for name, script in {"role only": [STREAM + role()], "nothing at all": [STREAM]}.items():
            with self.subTest(name):
                self.not_complete(script, "cut_off")

    def test_a_reset_in_the_text_keeps_the_text(self):
        got = self.outcome([START, 0.1, RESET])
        self.assertIn(got["state"], ("cut_off", "failed"))
        self.assertEqual((got["text"], got["error"]["phase"]), (KEPT, "streaming"))

    def test_broken_chunked_framing_keeps_the_text(self):
        got = self.outcome([head(200, "text/event-stream", Transfer_Encoding="chunked"), chunked(START[len(STREAM):])[0], b"ZZZ\r\nboo\r\n"])
        self.assertIn(got["state"], ("cut_off", "failed"))
        self.assertEqual((got["text"], got["error"]["phase"]), (KEPT, "streaming"))

    def test_an_end_without_text_is_empty(self):
        for name, script in {"no deltas": [STREAM + DONE], "finish reason": [STREAM + role() + finish() + DONE],
                             "length": [STREAM + role() + finish("length") + DONE], "empty deltas": [STREAM + text("") + text("") + END]}.items():
            with self.subTest(name):
                self.not_complete(script, "empty")

    def test_an_error_status_is_named_with_the_servers_own_words(self):
        cases = {
            "string": (400, {"error": "Model reloaded"}, "Model reloaded"),
            "object with a number": (400, {"error": {"code": 400, "message": "bad temperature", "type": "invalid_request_error"}}, "bad temperature"),
            "object with a word": (404, {"error": {"code": "model_not_found", "message": "no such model"}}, "no such model"),
            "code null": (404, {"error": {"message": "model 'x' not found", "type": "not_found_error", "param": None, "code": None}}, "model 'x' not found"),
            "flat": (400, {"object": "error", "message": "flat words", "code": 400}, "flat words"),
            "FastAPI": (422, {"detail": "Unprocessable words"}, "Unprocessable words"),
            "message only": (500, {"message": "lonely words"}, "lonely words"),
            "text": (500, b"plain words", "plain words"),
            "HTML": (502, b"<html><head><title>502: Gateway broke</title></head><body><h1>Gateway broke</h1></body></html>", "Gateway broke"),
            "empty": (500, b"", "500"),
        }
        for name, (status, body, words) in cases.items():
            with self.subTest(name):
                kind = "text/html" if name == "HTML" else "text/plain" if name == "text" else "application/json"
                message = self.not_complete(reply(status, body, kind), "failed", phase="waiting", http_status=status)
                self.assertIn(words, message)
                self.assertIn(str(status), message)
                self.assertEqual(len(self.server.chats), 1, "nothing is tried again")

    def test_an_http_status_that_is_no_success_is_of_kind_http(self):
        for status in (401, 404, 429, 500, 503):
            with self.subTest(status):
                self.not_complete(reply(status, {"error": "boom"}), "failed", kind="http", http_status=status)

    def test_an_error_with_status_200_is_an_error(self):
        for body in ({"error": "Unexpected endpoint or method. (POST /v1/chat/completions)"}, {"error": {"message": "said in 200", "code": 1}}):
            with self.subTest(str(body)):
                message = self.not_complete(reply(200, body), "failed", kind=("server_error", "http"))
                self.assertRegex(message, "Unexpected endpoint|said in 200")

    def test_errors_in_the_stream_keep_the_text(self):
        cases = {
            "error object, then [DONE]": event({"error": {"message": "engine died", "code": 500}}) + DONE,
            "error string": event({"error": "engine died"}) + DONE,
            "flat error": event({"object": "error", "message": "engine died", "code": 400}) + DONE,
            "event: error": b"event: error\n" + event({"error": {"message": "engine died"}, "message": "engine died"}),
            "event: error without error": b"event: error\n" + event({"message": "engine died"}) + DONE,
            "error: line": b'error: {"code":500,"message":"engine died","type":"server_error"}\n\n' + DONE,
            "OpenRouter": event({"error": {"code": "server_error", "message": "engine died"}, "provider": "p",
                                 "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]}) + DONE,
        }
        for name, tail in cases.items():
            with self.subTest(name):
                message = self.not_complete([START + tail], "failed", KEPT, phase="streaming", kind="server_error")
                self.assertIn("engine died", message)

    def test_the_finish_reason_error_is_an_error(self):
        self.not_complete([START + finish("error") + DONE], "failed", KEPT, phase="streaming")

    def test_what_is_not_an_openai_answer_fails_as_such(self):
        cases = {"HTML": reply(200, b"<html><body>Log in</body></html>", "text/html"), "a JSON list": reply(200, b"[1,2]"),
                 "JSON without choices": reply(200, {"hello": 1}), "204": [head(204, None)], "not HTTP": [b"SSH-2.0-OpenSSH_9\r\n\r\n"]}
        for name, script in cases.items():
            with self.subTest(name):
                self.not_complete(script, "failed", kind="protocol")

    def test_a_body_without_anything_in_it_is_no_answer(self):
        for name, script in {"empty": reply(200, b""), "events of something else": [STREAM + b"data: hello\n\ndata: world\n\n"]}.items():
            with self.subTest(name):
                self.assertIn(self.outcome(script)["state"], ("failed", "cut_off"))

    def test_a_broken_event_among_good_ones_fails_the_answer(self):
        broken = b'data: {"choices":[{"index":0,"delta":{"content":" broken\n\n'
        for name, script in {"before more": START + broken + text(" end") + END, "before [DONE]": START + broken + DONE,
                             "[DONE] with more": START + b"data: [DONE]x\n\n"}.items():
            with self.subTest(name):
                self.not_complete([script], "failed", KEPT, phase="streaming", kind="protocol")

    def test_streams_of_other_interfaces_are_told_as_what_they_are(self):
        started = event({"type": "message_start", "message": {"role": "assistant", "content": []}})
        for name, script in {"an Anthropic messages stream": b"event: message_start\n" + started,
                             "an OpenAI Responses stream": event({"type": "response.created", "response": {}}),
                             "UTF-16": (role() + text("hi") + END).decode().encode("utf-16-le")}.items():
            with self.subTest(name):
                self.assertIn(name, self.not_complete([STREAM + script], "failed", kind="protocol"))

    def test_events_that_only_say_something_are_progress(self):
        for progress in ({"message": "Processing prompt"}, {"detail": "queued"}, {"status": "loading", "progress": 0.5}):
            with self.subTest(progress):
                self.complete([STREAM + event(progress) + role() + text("Half a ") + event(progress) + text("sentence") + END], KEPT)
        self.assertIn("out of memory", self.not_complete([START + event({"detail": "out of memory"})], "cut_off", KEPT))

    def test_a_redirect_is_reported_with_its_target_and_not_followed(self):
        target = self.use(OpenAIServer("m"))
        for status in (301, 302, 307, 308):
            with self.subTest(status):
                message = self.not_complete([head(status, None, 0, Location=target.url + "/v1/chat/completions")], "failed", http_status=status)
                self.assertIn(target.url, message)
                self.assertEqual(target.requests, [])

    def test_a_connection_lost_before_the_first_byte_fails_while_waiting(self):
        for name, script in {"closed": [], "reset": [0.05, RESET]}.items():
            with self.subTest(name):
                self.not_complete(script, "failed", phase="waiting", kind="connection", http_status=None)
                self.assertEqual(len(self.server.chats), 1, "a prompt is not sent again behind the user's back")

    def test_a_server_that_is_gone_when_the_prompt_is_sent_fails_to_connect(self):
        server = self.use(OpenAIServer("m"))
        server.routes["POST /v1/chat/completions"] = lambda _: [*answer("One"), lambda connection: server.stop()]
        result = self.home.run(servers=[server], models=["m"], prompts=["1", "2"])
        check(self, result)
        self.assert_status(result, 3)
        got = result.answer("m", 2)
        self.assertEqual((got["state"], got["error"]["phase"], got["error"]["kind"]), ("failed", "connect", "connection"))
        self.assertEqual(result.answer("m", 1)["state"], "complete")

    def test_limits_are_named(self):
        huge = b'data: {"choices":[{"index":0,"delta":{"content":"' + b"x" * (17 << 20) + b'"}}]}\n\n'
        deep = event(b'{"choices":[{"index":0,"delta":{"content":"hi"}}],"x":' + b"[" * 100 + b"]" * 100 + b"}")
        many = chunk({"content": "y" * (1 << 20)})
        cases = {"one event of 17 MiB": ([START + huge + END], "16 MiB"), "JSON 100 deep": ([START + deep + END], "64"),
                 "33 MiB of text": ([STREAM] + [many] * 33 + [END], "32 MiB"),
                 "headers of 2 MiB": ([b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"h" * 1000 + b"\r\n") * 2000 + b"\r\n"], "1 MiB"),
                 "one header of 2 MiB": ([b"HTTP/1.1 200 OK\r\nX: " + b"h" * (2 << 20) + b"\r\n\r\n"], "8 KiB")}  # cpp-httplib takes lines up to 8 KiB
        for name, (script, words) in cases.items():
            with self.subTest(name):
                got = self.outcome(script)
                self.assertEqual(got["state"], "failed")
                self.assertEqual(got["error"]["kind"], "limit", got["error"])
                self.assertIn(words, got["error"]["message"])

    def test_a_header_of_100_kib_is_within_the_limit(self):
        self.complete([head(200, "text/event-stream", **{f"X_Trace_{i}": "h" * 1000 for i in range(100)}) + START[len(STREAM):] + END], KEPT)


class ContextLimit(StateTest):
    def test_every_way_of_saying_it_is_recognised_with_its_numbers(self):
        keep = ("Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 "
                "tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input")
        lms = "Input does not fit in context length. The input has 31430 tokens, but the context length only supports 30000 tokens."
        inner = '{"error":{"code":400,"message":"request exceeds","type":"exceed_context_size_error","n_prompt_tokens":9732,"n_ctx":4096}}'
        cases = {
            "LM Studio, keep first": (reply(400, {"error": keep}), "5000", "4096"),
            "LM Studio, n_keep": (reply(400, {"error": "The number of tokens to keep from the initial prompt is greater than the context length "
                                                       "(n_keep: 13055>= n_ctx: 4096). Try to load…"}), "13055", "4096"),
            "LM Studio, event: error": ([STREAM + b"event: error\n" + event({"error": {"message": lms}, "message": lms})], "31430", "30000"),
            "LM Studio 1.1, engine": (reply(400, {"error": f"Engine protocol predict request returned 400: {inner}"}), "9732", "4096"),
            "LM Studio MLX": ([STREAM + event({"error": "Context size has been exceeded"})], "", ""),
            "llama-server": (reply(400, {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 13392, "n_ctx": 8192,
                                                   "message": "request (13392 tokens) exceeds the available context size (8192 tokens), try increasing it"}}),
                             "13392", "8192"),
            "llama-server in the stream": ([STREAM + event({"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 13392,
                                                                      "n_ctx": 8192, "message": "request exceeds"}})], "13392", "8192"),
            "llama-server, old": ([STREAM + b'error: {"code":500,"message":"the request exceeds the available context size","type":'
                                            b'"exceed_context_size_error","n_prompt_tokens":300,"n_ctx":256}\n\n' + DONE], "300", "256"),
            "OpenAI": (reply(400, {"error": {"message": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. "
                                                        "Please reduce the length of the messages.", "type": "invalid_request_error",
                                             "param": "messages", "code": "context_length_exceeded"}}), "9001", "8192"),
            "vLLM": (reply(400, {"error": {"message": "You passed 9001 input tokens and requested 100 output tokens. However, the model's context length is "
                                                      "only 8192 tokens.", "type": "BadRequestError", "param": None, "code": 400}}), "9001", "8192"),
        }
        for name, (script, asked, allowed) in cases.items():
            with self.subTest(name):
                message = self.not_complete(script, "failed", kind="context_limit")
                self.assertIn(asked, message)
                self.assertIn(allowed, message)
                self.assertEqual(len(self.server.chats), 1)


class Unreachable(E2ETest):
    def test_a_model_that_vanishes_from_every_manifest_fails_to_connect(self):
        server = self.use(OpenAIServer("m"))

        def chat(request):
            server.routes["GET /v1/models"] = reply(200, openai_list("other"))
            return [STREAM + event({"error": {"message": "model 'm' not found", "code": 404}})] if len(server.chats) > 1 else answer("One")
        server.routes["POST /v1/chat/completions"] = chat
        result = self.home.run("--on-failure", "continue", servers=[server], models=["m"], prompts=["1", "2", "3"])
        check(self, result)
        self.assertEqual([a["state"] for a in result.answers("m")][0], "complete")
        self.assert_status(result, 3)


if __name__ == "__main__":
    unittest.main()
