"""The situations of daily use, from the command line to the report."""
import signal
import threading
import unittest

from llm_compare import E2ETest, Home
from servers import HANG, STREAM, OpenAIServer, answer, event, reply, role, text
from shapes import check


class Daily(E2ETest):
    def test_one_server_with_one_model(self):
        server = self.use(OpenAIServer("qwen-7b", chat=answer("Paris", ".", model="qwen-7b")))
        result = self.home.run(servers=[server], models=["qwen-7b"], prompts=["Capital of France?"])
        self.assert_status(result, 0)
        check(self, result)
        self.assertEqual(result.answer("qwen-7b")["text"], "Paris.")
        self.assertEqual(result.conversation("qwen-7b")["messages"],
                         [{"role": "user", "content": "Capital of France?"}, {"role": "assistant", "content": "Paris."}])
        self.assertFalse(result.report["halted"])
        self.assertEqual([f.suffix for f in result.files()], [".json", ".md"], "Markdown and JSON are the default")
        for file in result.files():
            self.assertIn(str(file), result.stdout, "the program says where the reports are")
        self.assertEqual(result.kinds()[0], "session")
        self.assertIn("Paris.", result.markdown)

    def test_one_server_with_several_models_answers_in_turn(self):
        server = self.use(OpenAIServer("a", "b", "c"))
        result = self.home.run(servers=[server], models=["a", "b", "c"], prompts=["1", "2"])
        self.assert_status(result, 0)
        check(self, result)
        self.assertEqual(server.most_in_flight, 1, "one request at a time is the default")
        self.assertEqual(len(server.chats), 6)
        for model in "abc":
            self.assertEqual([a["text"] for a in result.answers(model)], [f"{model} heard '1' after 1", f"{model} heard '2' after 3"])

    def test_several_servers_with_one_model_are_both_used(self):
        meeting = threading.Barrier(2, timeout=10)  # nobody answers before both were asked
        meet = [lambda _: meeting.wait()]
        servers = [self.use(OpenAIServer("m", chat=meet + answer("Hi"))) for _ in range(2)]
        result = self.home.run(servers=servers, models=["m=one", "m=two"])
        self.assert_status(result, 0)
        check(self, result)
        self.assertEqual([len(server.chats) for server in servers], [1, 1])
        self.assertEqual({result.answer("one")["server"], result.answer("two")["server"]}, {server.address for server in servers})

    def test_several_servers_with_several_models_answer_in_parallel(self):
        meeting = threading.Barrier(4, timeout=10)
        servers = [self.use(OpenAIServer(f"m{i}", chat=[lambda _: meeting.wait()] + answer(f"I am {i}", model=f"m{i}"))) for i in range(4)]
        result = self.home.run(servers=servers, models=[f"m{i}" for i in range(4)], prompts=["1", "2", "3"])
        self.assert_status(result, 0)
        check(self, result)
        for i, server in enumerate(servers):
            self.assertEqual({chat.model for chat in server.chats}, {f"m{i}"})
            self.assertEqual([a["text"] for a in result.answers(f"m{i}")], [f"I am {i}"] * 3)

    def test_rounds_are_synchronized(self):
        slow = self.use(OpenAIServer("slow", chat=answer("a", "b", model="slow", between=0.3)))
        fast = self.use(OpenAIServer("fast", chat=answer("a", model="fast")))
        self.assert_status(self.home.run(servers=[slow, fast], models=["slow", "fast"], prompts=["1", "2"]), 0)
        self.assertGreaterEqual(fast.chats[1].began, slow.chats[0].ended - 0.05, "prompt 2 starts when all have finished prompt 1")

    def test_a_server_that_goes_away_in_mid_session_halts_and_nothing_is_lost(self):
        going = self.use(OpenAIServer("b"))
        has_begun = threading.Event()

        def chat(request):
            if len(going.chats) == 1:
                return answer("first of b", model="b")
            return [STREAM + role("b") + text("half of b", "b"), has_begun, lambda connection: going.stop()]
        going.routes["POST /v1/chat/completions"] = chat

        def steady_chat(request):
            if len(steady.chats) == 1:
                return answer("first of a", model="a")
            return [STREAM + role("a") + text("half of a", "a"), lambda _: has_begun.set(), HANG]
        steady = self.use(OpenAIServer("a", chat=steady_chat))
        result = self.home.run(servers=[steady, going], models=["a", "b"], prompts=["1", "2", "3"])
        self.assert_status(result, 3)
        check(self, result)
        report = result.report
        self.assertTrue(report["halted"])
        self.assertIn("b", report["halt_reason"])
        self.assertIn(result.answer("b", 2)["state"], ("failed", "cut_off"))
        self.assertEqual(result.answer("b", 2)["text"], "half of b")
        self.assertEqual(result.answer("a", 2)["state"], "interrupted")
        self.assertEqual(result.answer("a", 2)["text"], "half of a")
        self.assertEqual([a["round"] for a in result.answers("a")], [1, 2], "round 3 never began")
        self.assertEqual(result.answer("a", 1)["text"], "first of a")
        self.assertIn("⚠️ **Session Halted:**", result.markdown)
        self.assertIn("### Assistant (incomplete: interrupted)", result.markdown)
        for words in ("half of a", "half of b", "first of a", "first of b"):
            self.assertIn(words, result.markdown)
        self.assertIn(going.address, result.stderr)
        self.assertEqual(result.kinds().count("halt"), 1)

    def test_a_context_limit_halts_and_names_the_numbers(self):
        def chat(request):
            if len(request.messages) < 5:
                return answer("long answer", model="m")
            return reply(400, {"error": {"code": 400, "message": "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
                                         "type": "exceed_context_size_error", "n_prompt_tokens": 9000, "n_ctx": 4096}})
        server = self.use(OpenAIServer("m", chat=chat))
        result = self.home.run(servers=[server], models=["m"], prompts=["1", "2", "3", "4"])
        self.assert_status(result, 3)
        check(self, result)
        got = result.answer("m", 3)
        self.assertEqual((got["state"], got["error"]["kind"], got["error"]["status"]), ("failed", "context_limit", 400))
        for words in ("9000", "4096"):
            self.assertIn(words, got["error"]["message"])
            self.assertIn(words, result.stderr)
            self.assertIn(words, result.markdown)
        self.assertEqual(len(result.conversation("m")["messages"]), 4)
        self.assertEqual(len(server.chats), 3)

    def test_a_timeout_while_generating_halts_and_keeps_the_text(self):
        server = self.use(OpenAIServer("m", chat=[STREAM + role() + text("It was a dark"), HANG]))
        result = self.home.run("--timeout", "1", servers=[server], models=["m"], prompts=["Go", "on"])
        self.assert_status(result, 3)
        check(self, result)
        got = result.answer("m")
        self.assertEqual((got["state"], got["text"], got["error"]["kind"], got["error"]["phase"]), ("failed", "It was a dark", "timeout", "streaming"))
        self.assertIn("It was a dark", result.markdown)
        self.assertEqual(len(server.chats), 1)

    def test_a_batch_of_twelve_prompts(self):
        server = self.use(OpenAIServer("a", "b"))
        prompts = self.home.file("twelve.txt", "\n".join(f"  Question {i}  \n" for i in range(1, 13)))
        result = self.home.run("--prompts", prompts, servers=[server], models=["a", "b"], prompts=[])
        self.assert_status(result, 0)
        check(self, result)
        for model in "ab":
            self.assertEqual([a["text"] for a in result.answers(model)],
                             [f"{model} heard 'Question {i}' after {2 * i - 1}" for i in range(1, 13)])
        self.assertEqual([e["round"] for e in result.of_kind("round")], list(range(1, 13)))

    def test_a_halted_session_can_be_exported_again_from_its_report(self):
        server = self.use(OpenAIServer("a", "b", chat=lambda r: answer("fine", model="a") if r.model == "a" else
                                       [STREAM + role("b") + text("half", "b") + event({"error": {"message": "engine died"}})]))
        result = self.home.run("--order", "listed", servers=[server], models=["a", "b"])
        self.assert_status(result, 3)
        (report,) = result.files(".json")
        again = self.home.path / "again"
        exported = self.home.call("export", report, "--out", again, "--format", "md,json,html,csv")
        self.assert_status(exported, 0)
        files = {f.suffix: f for f in again.iterdir()}
        self.assertEqual(sorted(files), [".csv", ".html", ".json", ".md"])
        for file in files.values():
            self.assertIn(str(file), exported.stdout)
        import json
        before, after = result.report, json.loads(files[".json"].read_text())
        self.assertEqual(after["conversations"], before["conversations"])
        self.assertEqual((after["halted"], after["halt_reason"], after["configuration"]), (True, before["halt_reason"], before["configuration"]))
        self.assertIn("engine died", files[".md"].read_text())
        self.assertIn("⚠️ **Session Halted:**", files[".md"].read_text())
        self.assertIn("### Assistant (incomplete: failed)", files[".md"].read_text())
        self.assertEqual(len(server.posts), 2, "export asks no server")


class Stopped(E2ETest):
    def test_an_interrupt_while_streaming_keeps_the_text_and_writes_the_reports(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                home = Home()
                self.addCleanup(home.close)
                server = self.use(OpenAIServer("a", "b", chat=[STREAM + role() + text("Once upon"), HANG]))
                running = home.start_run("--events", "-", servers=[server], models=["a", "b"], prompts=["1", "2"])
                running.wait_output("Once upon")
                running.signal(number)
                result = running.wait(10)
                self.assert_status(result, 130)
                got = result.answer("a")
                self.assertEqual((got["state"], got["text"], got["error"]), ("stopped", "Once upon", None))
                self.assertIn("### Assistant (incomplete: stopped)", result.markdown)
                self.assertFalse(result.report["halted"])
                self.assertEqual(len(server.chats), 1, "nothing is sent after the interrupt")

    def test_two_interrupts_end_it_at_once(self):
        server = self.use(OpenAIServer("m", chat=[STREAM + role() + text("Once upon"), HANG]))
        running = self.home.start_run("--events", "-", servers=[server], models=["m"])
        running.wait_output("Once upon")
        running.signal(signal.SIGINT)
        running.signal(signal.SIGINT)
        result = running.wait(10)
        self.assertIn(result.status, (130, -signal.SIGINT))

    def test_an_interrupt_while_a_server_is_asked_for_its_models_ends_it(self):
        server = self.use(OpenAIServer("m"))
        server.routes["GET /v1/models"] = [HANG]
        running = self.home.start_run(servers=[server], models=["m"])
        server.wait_for(lambda: server.requests)
        running.signal(signal.SIGINT)
        result = running.wait(10)
        self.assert_status(result, 130)
        self.assertEqual(server.posts, [])

    def test_an_interrupt_ends_every_kind_of_waiting(self):
        loading = reply(503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}})
        for name, script in {"for the first byte": [HANG], "for a model to load": loading,
                             "for Retry-After": reply(429, {"error": "busy"}, Retry_After="50")}.items():
            with self.subTest(name):
                home = Home()
                self.addCleanup(home.close)
                server = self.use(OpenAIServer("m", chat=script))
                running = home.start_run(servers=[server], models=["m"], prompts=["1", "2"])
                server.wait_for(lambda: server.chats and (server.chats[0].ended or script == [HANG]))
                running.signal(signal.SIGINT)
                result = running.wait(5)
                self.assert_status(result, 130)
                check(self, result)
                self.assertEqual(result.answer("m")["state"], "stopped")

    def test_a_stopped_answer_closes_its_connection_at_once(self):
        server = self.use(OpenAIServer("m", chat=[STREAM + role() + text("Once upon"), HANG]))
        running = self.home.start_run("--events", "-", servers=[server], models=["m"])
        running.wait_output("Once upon")
        running.signal(signal.SIGINT)
        running.wait(10)
        self.assertIsNotNone(server.chats[0].client_left)


if __name__ == "__main__":
    unittest.main()
