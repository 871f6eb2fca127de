"""What is sent: every candidate's own history, the settings in force, keys only where they belong."""
import json
import unittest
from pathlib import Path

from llm_compare import E2ETest, Home
from servers import (DONE, HANG, STREAM, OpenAIServer, answer, by_model, chunk, echo, event, finish, in_turn, reasoning,
                     reply, role, text, tool_call)
from shapes import check
from suites import ask, suite


def history(request):
    """The conversation without the system prompt."""
    return [(m["role"], m["content"]) for m in request.messages if m["role"] != "system"]


class Histories(E2ETest):
    def test_every_candidate_has_its_own_history(self):
        servers = [self.use(OpenAIServer("a", "b")), self.use(OpenAIServer("b"))]
        result = self.home.run(servers=servers, models=["a", "b=b1", "b=b2"], prompts=["1", "2", "3"])
        self.assert_status(result, 0)
        check(self, result)
        for label, model in (("a", "a"), ("b1", "b"), ("b2", "b")):
            self.assertEqual([m["content"] for m in result.conversation(label)["messages"]],
                             ["1", f"{model} heard '1' after 1", "2", f"{model} heard '2' after 3", "3", f"{model} heard '3' after 5"])

    def test_the_same_model_twice_never_mixes(self):
        number = iter(range(100))

        def chat(request):
            return answer(f"{history(request)} #{next(number)}")
        server = self.use(OpenAIServer("m", chat=chat))
        result = self.home.run(servers=[server], models=["m", "m", "m=third"], prompts=["1", "2"])
        self.assert_status(result, 0)
        check(self, result)
        self.assertEqual(list(result.report["conversations"]), ["m", "m (2)", "third"])
        self.assertEqual(len({c["candidate"]["id"] for c in result.report["conversations"].values()}), 3)
        for label in ("m", "m (2)", "third"):
            first, second = [a["text"] for a in result.answers(label)]
            self.assertIn(repr(first), second, "the second request carries this candidate's first answer")

    def test_labels_stay_unique_when_they_are_equal_on_purpose(self):
        server = self.use(OpenAIServer("m", "n"))
        result = self.home.run(servers=[server], models=["m=X", "n=X", "m=X (2)", "n"])
        self.assert_status(result, 0)
        labels = list(result.report["conversations"])
        self.assertEqual(len(set(labels)), 4)
        self.assertEqual(labels[:2] + labels[3:], ["X", labels[1], "n"])
        self.assertIn("X (2)", labels)

    def test_failed_turns_are_left_out_of_the_history_with_continue(self):
        half = [STREAM + role() + text("half of it")]
        scripts = {"cut_off": half, "failed": half[:1] + [event({"error": {"message": "boom"}})], "empty": [STREAM + finish() + DONE]}
        for state, script in scripts.items():
            with self.subTest(state):
                home = Home()
                self.addCleanup(home.close)
                server = self.use(OpenAIServer("m", chat=in_turn(answer("one"), script, answer("three"))))
                result = home.run("--on-failure", "continue", servers=[server], models=["m"], prompts=["1", "2", "3"])
                self.assert_status(result, 3)
                check(self, result)
                self.assertEqual([a["state"] for a in result.answers("m")], ["complete", state, "complete"])
                self.assertFalse(result.report["halted"])
                self.assertEqual(history(server.chats[2]), [("user", "1"), ("assistant", "one"), ("user", "3")])
                self.assertIn(f"### Assistant (incomplete: {state})", result.markdown)
                self.assertNotIn("Session Halted", result.markdown)
                self.assertEqual(result.of_kind("halt"), [])

    def test_with_continue_the_others_go_on(self):
        server = self.use(OpenAIServer("good", "bad", chat=by_model(good=echo, bad=reply(500, {"error": "boom"}))))
        result = self.home.run("--on-failure", "continue", servers=[server], models=["bad", "good"], prompts=["1", "2"])
        self.assert_status(result, 3)
        check(self, result)
        self.assertEqual([a["state"] for a in result.answers("good")], ["complete"] * 2)
        self.assertEqual([a["state"] for a in result.answers("bad")], ["failed"] * 2)
        self.assertEqual([history(c) for c in server.chats if c.model == "bad"], [[("user", "1")], [("user", "2")]])

    def test_reasoning_never_goes_back_to_the_model(self):
        cases = {"apart": [STREAM + role() + reasoning("SECRET") + text("Answer") + finish() + DONE],
                 "inline": [STREAM + role() + text("<think>\nSECRET\n</think>\n\nAns") + text("wer") + finish() + DONE],
                 "inline in pieces": [STREAM + role(), *[text(c) for c in "<think>SECRET</think>Answer"], finish() + DONE]}
        for name, script in cases.items():
            with self.subTest(name):
                home = Home()
                self.addCleanup(home.close)
                server = self.use(OpenAIServer("m", chat=script))
                result = home.run(servers=[server], models=["m"], prompts=["1", "2"])
                check(self, result)
                self.assertNotIn(b"SECRET", server.chats[1].raw)
                self.assertEqual([(r, c.strip()) for r, c in history(server.chats[1])], [("user", "1"), ("assistant", "Answer"), ("user", "2")])
                self.assertIn("SECRET", result.answer("m", 1)["reasoning"])
                self.assertNotIn("SECRET", json.dumps(result.conversation("m")["messages"]))

    def test_a_tool_call_turn_is_followed_by_one_tool_message_per_call(self):
        calls = [STREAM + role() + tool_call(0, "weather", '{"city":"Paris"}', "call_a") + tool_call(1, "time", "{}", "call_b") + finish("tool_calls") + DONE]
        server = self.use(OpenAIServer("m", chat=in_turn(calls, answer("Sunny"))))
        result = self.home.run(servers=[server], models=["m"], prompts=["1", "2"])
        self.assert_status(result, 0)
        messages = [m for m in server.chats[1].messages if m["role"] != "system"]
        self.assertEqual([m["role"] for m in messages], ["user", "assistant", "tool", "tool", "user"])
        self.assertEqual([(c["id"], c["type"], c["function"]) for c in messages[1]["tool_calls"]],
                         [("call_a", "function", {"name": "weather", "arguments": '{"city":"Paris"}'}), ("call_b", "function", {"name": "time", "arguments": "{}"})])
        self.assertEqual([(m["tool_call_id"], m["content"]) for m in messages[2:4]], [("call_a", "{}"), ("call_b", "{}")])

    def test_the_text_of_a_turn_goes_back_unchanged(self):
        words = "  Grüße 🙂\n\n```py\nx = '\\n'\n```\n\u2028 \"q\" \t end  "
        server = self.use(OpenAIServer("m", chat=answer(words)))
        self.assert_status(self.home.run(servers=[server], models=["m"], prompts=["ä\n\"b\" \\", "2"]), 0)
        self.assertEqual(history(server.chats[1]), [("user", "ä\n\"b\" \\"), ("assistant", words), ("user", "2")])


class Settings(E2ETest):
    def body(self, *arguments, config=None, models=("m",), prompts=("Hello",)):
        home = Home()
        self.addCleanup(home.close)
        if config is not None:
            home.config(config)
        server = self.use(OpenAIServer("m"))
        self.result = home.run(*arguments, servers=[server], models=models, prompts=prompts)
        self.assert_status(self.result, 0)
        check(self, self.result)
        return server.bodies()[0]

    def test_defaults(self):
        body = self.body()
        self.assertEqual(body, {"model": "m", "messages": [{"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hello"}],
                                "stream": True, "stream_options": {"include_usage": True}, "temperature": 0.7, "max_tokens": 2048})

    def test_the_candidates_own_beat_the_command_line_and_these_the_config(self):
        config = {"temperature": 0.1, "max_tokens": 11, "models": [{"model_id": "m", "temperature": 0.3}]}
        self.assertEqual(self.body(config=config)["temperature"], 0.1, "--model replaces the config's list")
        self.assertEqual(self.body(config=config, models=())["temperature"], 0.3)
        body = self.body("--temperature", "0.2", "--max-tokens", "22", config=config, models=())
        self.assertEqual((body["temperature"], body["max_tokens"]), (0.3, 22))
        answered = self.result.answer("m")
        self.assertEqual((answered["settings"]["temperature"], answered["settings"]["max_tokens"]), (0.3, 22), "every answer records what it was sent with")
        body = self.body("--temperature", "0.2", config=config)
        self.assertEqual((body["temperature"], body["max_tokens"]), (0.2, 11))
        self.assertEqual((self.result.report["configuration"]["temperature"], self.result.report["configuration"]["max_tokens"]), (0.2, 11))

    def test_a_candidates_own_settings_are_all_sent(self):
        body = self.body(config={"models": [{"model_id": "m", "temperature": 0, "top_p": 0.5, "max_tokens": 7, "seed": 42, "stop": ["END", "\n\n"],
                                             "system_prompt": "Be brief.", "extra_body": {"top_k": 5, "chat_template_kwargs": {"enable_thinking": False}}}]},
                         models=())
        self.assertEqual(body, {"model": "m", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}], "stream": True,
                                "stream_options": {"include_usage": True}, "temperature": 0, "top_p": 0.5, "max_tokens": 7, "seed": 42, "stop": ["END", "\n\n"],
                                "top_k": 5, "chat_template_kwargs": {"enable_thinking": False}})
        own = self.result.conversation("m")["candidate"]
        self.assertEqual((own["temperature"], own["top_p"], own["max_tokens"], own["seed"], own["stop"], own["system_prompt"]),
                         (0, 0.5, 7, 42, ["END", "\n\n"], "Be brief."))
        self.assertEqual(own["extra_body"], {"top_k": 5, "chat_template_kwargs": {"enable_thinking": False}})

    SIX = {"top_k": 40, "min_p": 0.05, "repeat_penalty": 1.1, "presence_penalty": -0.5, "frequency_penalty": 0.5, "reasoning_effort": "low"}

    def suite_with(self, settings):
        return self.home.file("suite.json", suite(ask("1", "Hello"), settings=settings))

    def test_settings_are_sent_from_the_config_the_command_line_a_suite_and_a_candidate(self):
        options = [f"--{key.replace('_', '-')}={value}" for key, value in self.SIX.items()]
        with_suite = self.suite_with(self.SIX)
        for name, arguments, config, models, prompts in (
                ("config", (), self.SIX, ("m",), ("Hello",)), ("command line", options, {key: None for key in self.SIX}, ("m",), ("Hello",)),
                ("suite", ("--suite", with_suite), {"top_k": 1, "reasoning_effort": "high"}, ("m",), ()),
                ("candidate", ("--top-k", "2"), {"min_p": 0.5, "models": [{"model_id": "m", **self.SIX}]}, (), ("Hello",))):
            with self.subTest(name):
                body = self.body(*arguments, config=config, models=models, prompts=prompts)
                self.assertEqual({key: body.get(key) for key in self.SIX}, self.SIX)
                answered = self.result.answer("m")["settings"]
                self.assertEqual({key: answered[key] for key in self.SIX}, self.SIX)

    def test_null_leaves_a_setting_to_the_server(self):
        body = self.body(config={**self.SIX, "models": [{"model_id": "m", **{key: None for key in self.SIX}, "temperature": None}]}, models=())
        self.assertEqual([key for key in (*self.SIX, "temperature") if key in body], [])
        self.assertEqual(self.result.conversation("m")["candidate"]["not_sent"], ["temperature", *self.SIX])
        self.assertEqual(self.result.report["configuration"]["top_k"], 40)
        body = self.body("--suite", self.suite_with({"temperature": None, "top_k": None}), config={"top_k": 3}, prompts=())
        self.assertEqual([key for key in ("temperature", "top_k") if key in body], [])

    def test_extra_body_wins_over_the_settings(self):
        body = self.body(config={"models": [{"model_id": "m", "extra_body": {"max_tokens": None, "max_completion_tokens": 50, "temperature": 1.5}}]}, models=())
        self.assertEqual((body.get("max_tokens"), body["max_completion_tokens"], body["temperature"]), (None, 50, 1.5))

    def test_large_numbers_of_extra_body_stay_exact(self):
        body = self.body(config='{"models": [{"model_id": "m", "seed": 9007199254740993, "extra_body": {"big": 12345678901234567890, "small": 0.1}}]}', models=())
        self.assertEqual((body["seed"], body["big"], body["small"]), (9007199254740993, 12345678901234567890, 0.1))

    def test_an_empty_system_prompt_sends_none(self):
        body = self.body(config={"models": [{"model_id": "m", "system_prompt": ""}]}, models=())
        self.assertEqual([m["role"] for m in body["messages"]], ["user"])

    def test_the_headers_are_plain(self):
        server = self.use(OpenAIServer("m"))
        self.assert_status(self.home.run(servers=[server], models=["m"]), 0)
        headers = server.chats[0].headers
        self.assertEqual(headers["host"], server.address)
        self.assertTrue(headers["content-type"].startswith("application/json"))
        for request in server.requests:
            self.assertNotIn("authorization", request.headers, "no key, no header")
        for name in ("expect", "x-conversation-id", "cookie"):
            self.assertNotIn(name, headers)


KEY = "sk-canary-7f3a9c51e2d84b06"


class Keys(E2ETest):
    def nowhere(self, home, *texts, key=KEY):
        """The key, and any beginning of it of eight characters or more, is in none of the files and texts."""
        for path in home.path.rglob("*"):
            if path.is_file() and path.name != "config.json":
                self.assertNotIn(key[:8], path.read_bytes().decode("utf-8", "replace"), path)
            self.assertNotIn(key[:8], path.name)
        for words in texts:
            self.assertNotIn(key[:8], words)

    def config(self, home, *servers, **more):
        home.config({"servers": list(servers), "models": ["m"], **more})

    def test_a_key_goes_to_its_server_only(self):
        mine, other = self.use(OpenAIServer("m")), self.use(OpenAIServer("n"))
        self.home.config({"servers": [{"url": mine.url, "api_key_env": "MY_KEY"}, other.url], "models": ["m", "n"]})
        result = self.home.run("--format", "md,json,html,csv", environment={"MY_KEY": KEY})
        self.assert_status(result, 0)
        self.assertTrue(mine.requests and other.requests)
        for request in mine.requests:
            self.assertEqual(request.headers.get("authorization"), f"Bearer {KEY}", request.path)
        for request in other.requests:
            self.assertNotIn(KEY.encode(), request.raw)
        self.nowhere(self.home, result.output)

    def test_an_echoed_key_is_blacked_out_everywhere(self):
        cases = {
            "401 whole": reply(401, {"error": {"message": f"Malformed LM Studio API token provided: {KEY}", "code": "invalid_api_key"}}),
            "401 beginning": reply(401, {"error": {"message": f"Malformed LM Studio API token provided: {KEY[:10]}****", "code": "invalid_api_key"}}),
            "401 text": reply(401, f"bad key {KEY}", "text/plain"),
            "error in the stream": [STREAM + role() + text("Hi") + event({"error": {"message": f"key {KEY[:12]} expired"}})],
            "redirect": [b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/?key=" + KEY.encode() + b"\r\nContent-Length: 0\r\n\r\n"],
            "status line": [f"HTTP/1.1 400 {KEY}\r\nContent-Length: 0\r\n\r\n".encode()],
            "cut by the message's length": reply(400, {"error": "x" * 487 + KEY}),
            "long": reply(400, {"error": ("y" * 97 + KEY) * 60}),
            "model name": [STREAM + chunk({"content": "Hi"}, model=f"model-{KEY}") + finish() + DONE],
            "answer in pieces": answer("Your key is " + KEY[:5], KEY[5:14], KEY[14:] + "!"),
            "reasoning in pieces": [STREAM + role(), *[reasoning(c) for c in "key " + KEY], text("ok") + finish() + DONE],
            "tool call": [STREAM + role() + tool_call(0, "f", json.dumps({"k": KEY}), "c1") + finish("tool_calls") + DONE],
            "finish reason": [STREAM + role() + text("Hi") + finish(KEY) + DONE],
            "not HTTP": [KEY.encode() + b"\r\n\r\n"],
        }
        for name, script in cases.items():
            with self.subTest(name):
                home = Home()
                self.addCleanup(home.close)
                server = self.use(OpenAIServer("m", chat=script))
                self.config(home, {"url": server.url, "api_key_env": "MY_KEY"})
                result = home.run("--format", "md,json,html,csv", "--on-failure", "continue", prompts=["1", "2"], environment={"MY_KEY": KEY})
                self.assertIn(result.status, (0, 3), result.stderr)
                check(self, result)
                for path in home.path.rglob("*"):
                    if path.is_file() and path.name != "config.json":
                        self.assertNotIn(KEY, path.read_bytes().decode("utf-8", "replace"), path)
                if not name.startswith(("answer", "reasoning", "tool")):
                    self.nowhere(home, result.output)
                self.assertNotIn(KEY, result.output)
                if name.startswith("answer"):
                    got = result.answer("m")["text"]
                    self.assertTrue(got.startswith("Your key is ") and got.endswith("!"), got)

    def test_a_manifest_that_echoes_the_key_does_not_show_it(self):
        server = self.use(OpenAIServer("m"))
        server.routes["GET /v1/models"] = reply(401, {"error": {"message": f"Incorrect API key provided: {KEY}. You can find yours at …"}})
        self.config(self.home, {"url": server.url, "api_key_env": "MY_KEY"})
        for arguments in (["run", "--prompt", "x", "--out", self.home.out], ["models"], ["models", "--json"]):
            with self.subTest(arguments[0]):
                result = self.home.call(*arguments, environment={"MY_KEY": KEY})
                self.assertEqual(result.status, 2, result.output)
                self.assertRegex(result.output, "401|key")
                self.nowhere(self.home, result.output)

    def test_the_key_is_not_in_the_arguments_and_not_in_the_state_while_it_runs(self):
        server = self.use(OpenAIServer("m", chat=[STREAM + role() + text("Hi"), HANG]))
        self.config(self.home, {"url": server.url, "api_key_env": "MY_KEY"})
        running = self.home.start_run("--events", "-", environment={"MY_KEY": KEY})
        running.wait_output("Hi")
        self.assertNotIn(KEY, Path(f"/proc/{running.process.pid}/cmdline").read_text())
        self.nowhere(self.home)
        running.signal(2)
        self.nowhere(self.home, running.wait().output)

    def test_a_key_that_is_missing_in_the_environment_is_named(self):
        server = self.use(OpenAIServer("m"))
        self.config(self.home, {"url": server.url, "api_key_env": "MY_KEY"})
        result = self.home.run()
        self.assertIn("MY_KEY", result.stderr)

    def test_a_key_that_breaks_a_header_is_refused(self):
        server = self.use(OpenAIServer("m"))
        self.config(self.home, {"url": server.url, "api_key_env": "MY_KEY"})
        result = self.home.run(environment={"MY_KEY": KEY + "\r\nX-Injected: yes"})
        for request in server.requests:
            self.assertNotIn("x-injected", request.headers)
        self.assertIn(result.status, (1, 2))
        self.assertRegex(result.stderr, "MY_KEY|Authorization")
        self.nowhere(self.home, result.output)

    def test_user_and_password_in_an_address_are_never_shown(self):
        server = self.use(OpenAIServer("m"))
        result = self.home.run("--format", "md,json,html,csv", servers=[f"http://user:{KEY}@{server.address}"], models=["m"])
        self.assertTrue(server.chats if result.status == 0 else "--server" in result.stderr, result.output)
        self.nowhere(self.home, result.output)

    def test_keys_in_the_query_of_an_address_are_not_in_the_report(self):
        server = self.use(OpenAIServer("m"))
        result = self.home.run("--format", "md,json,html,csv", servers=[f"{server.url}/v1?key={KEY}"], models=["m"])
        self.assertTrue(server.chats if result.status == 0 else "--server" in result.stderr, result.output)
        self.nowhere(self.home, result.output)

    def test_a_key_as_a_value_of_the_config_does_not_belong_there(self):
        server = self.use(OpenAIServer("m"))
        self.config(self.home, {"url": server.url, "api_key": KEY})
        result = self.home.run()
        self.assert_refused(result, "api_key", servers=[server])
        self.nowhere(self.home, result.output)


if __name__ == "__main__":
    unittest.main()
