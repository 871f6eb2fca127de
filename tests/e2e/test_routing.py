"""Which server gets which request, when: pinning, parallel requests, orders, loaded models."""
import threading
import unittest

from llm_compare import E2ETest, Home
from servers import HANG, LlamaServer, LMStudioServer, OllamaServer, OpenAIServer, answer, reply
from shapes import check


class Routing(E2ETest):
    def test_a_pinned_candidate_goes_to_its_server_and_waits_for_it(self):
        one, two = self.use(OpenAIServer("m")), self.use(OpenAIServer("m"))
        self.home.config({"servers": [{"url": one.url, "name": "one"}, {"url": two.url, "name": "rack"}],
                          "models": [{"model_id": "m", "display_name": f"p{i}", "server": "rack"} for i in range(3)]})
        result = self.home.run(prompts=["1", "2"])
        self.assert_status(result, 0)
        check(self, result)
        self.assertEqual((len(one.chats), len(two.chats)), (0, 6))
        self.assertEqual({a["server"] for i in range(3) for a in result.answers(f"p{i}")}, {"rack"}, "server is the server's name")

    def test_a_candidate_pinned_to_a_server_without_its_model_does_not_start(self):
        one, two = self.use(OpenAIServer("m")), self.use(OpenAIServer("n"))
        self.home.config({"servers": [one.url, {"url": two.url, "name": "rack"}], "models": [{"model_id": "m", "server": "rack"}]})
        result = self.home.run()
        self.assert_refused(result, "m", "rack", status=2, servers=[one, two])

    def test_max_concurrent_requests_run_at_once_and_never_more(self):
        for limit in (1, 2, 3):
            with self.subTest(limit):
                home = Home()
                self.addCleanup(home.close)
                meeting = threading.Barrier(limit, timeout=10)  # breaks unless `limit` requests are there at once
                server = self.use(OpenAIServer("m", chat=[lambda _: meeting.wait()] + answer("Hi")))
                home.config({"servers": [{"url": server.url, "max_concurrent": limit}], "models": [{"model_id": "m", "display_name": f"c{i}"} for i in range(2 * limit)]})
                result = home.run()
                self.assert_status(result, 0)
                check(self, result)
                self.assertEqual((server.most_in_flight, len(server.chats)), (limit, 2 * limit))

    def test_a_waiting_candidate_is_queued_and_its_wait_is_no_ttft(self):
        server = self.use(OpenAIServer("m", chat=answer("Hi", "you", between=0.4)))
        result = self.home.run("--order", "listed", servers=[server], models=["m=a", "m=b"])
        check(self, result)
        self.assertEqual([e["state"] for e in result.of_kind("state", label="b")][0], "queued")
        metrics = result.answer("b")["metrics"]
        self.assertGreater(metrics["queue_wait_s"], 0.35)
        self.assertLess(metrics["time_to_first_token_s"], 0.3)

    def test_a_candidate_stays_with_the_server_of_its_last_round(self):
        meeting = threading.Barrier(2, timeout=10)
        servers = [self.use(OpenAIServer("m", chat=[lambda _: meeting.wait()] + answer("Hi"))) for _ in range(2)]
        result = self.home.run(servers=servers, models=["m=a", "m=b"], prompts=["1", "2", "3"])
        self.assert_status(result, 0)
        for label in "ab":
            self.assertEqual(len({a["server"] for a in result.answers(label)}), 1, label)

    def test_a_single_candidate_takes_the_first_listed_server(self):
        servers = [self.use(OpenAIServer("m")) for _ in range(3)]
        self.assert_status(self.home.run(servers=servers, models=["m"]), 0)
        self.assertEqual([len(s.chats) for s in servers], [1, 0, 0])

    def test_a_candidate_takes_the_server_that_has_its_model_loaded(self):
        cold, warm = self.use(LMStudioServer("m", "x", loaded="x")), self.use(LMStudioServer("m", "x", loaded="m"))
        result = self.home.run(servers=[cold, warm], models=["m"])
        self.assert_status(result, 0)
        self.assertEqual((len(cold.chats), len(warm.chats)), (0, 1))

    def test_listed_order_does_not_look_at_loaded_models(self):
        cold, warm = self.use(LMStudioServer("m", "x", loaded="x")), self.use(LMStudioServer("m", "x", loaded="m"))
        self.assert_status(self.home.run("--order", "listed", servers=[cold, warm], models=["m"]), 0)
        self.assertEqual((len(cold.chats), len(warm.chats)), (1, 0))

    def test_a_server_takes_the_candidate_that_no_other_can_take(self):
        both, only_m = self.use(OpenAIServer("m", "n", chat=answer("x", between=None))), self.use(OpenAIServer("m"))
        result = self.home.run(servers=[both, only_m], models=["m", "n"])
        self.assert_status(result, 0)
        self.assertEqual([c.model for c in both.chats], ["n"])
        self.assertEqual([c.model for c in only_m.chats], ["m"])

    def test_the_server_of_another_one_takes_over_when_one_dies_between_rounds(self):
        going, staying = self.use(OpenAIServer("m")), self.use(OpenAIServer("m"))
        going.routes["POST /v1/chat/completions"] = lambda _: [*answer("one"), lambda c: going.stop()]
        result = self.home.run("--on-failure", "continue", servers=[going, staying], models=["m"], prompts=["1", "2", "3", "4"])
        states = [a["state"] for a in result.answers("m")]
        self.assertEqual((states[0], states[-1]), ("complete", "complete"), result.stderr)


class Orders(E2ETest):
    def order(self, name, models, prompts, server):
        result = self.home.run(*(["--order", name] if name else []), servers=[server], models=models, prompts=prompts)
        self.assert_status(result, 0)
        check(self, result)
        return [(c.model, c.messages[-1]["content"]) for c in server.chats]

    def test_swap_aware_loads_each_model_once_per_round_and_starts_with_the_loaded_one(self):
        server = self.use(LMStudioServer("a", "b", loaded="b"))
        seen = self.order(None, ["a=a1", "b=b1", "a=a2", "b=b2"], ["1", "2"], server)
        self.assertEqual([m for m, _ in seen], ["b", "b", "a", "a", "a", "a", "b", "b"])
        self.assertEqual(server.loads, ["a", "b"])

    def test_listed_keeps_the_order_of_the_list(self):
        server = self.use(LMStudioServer("a", "b", loaded="b"))
        seen = self.order("listed", ["a=a1", "b=b1", "a=a2"], ["1", "2"], server)
        self.assertEqual([m for m, _ in seen], ["a", "b", "a"] * 2)

    def test_rotate_starts_each_round_with_another_candidate(self):
        server = self.use(OpenAIServer("a", "b", "c"))
        seen = self.order("rotate", ["a", "b", "c"], ["1", "2", "3", "4"], server)
        self.assertEqual(["".join(m for m, p in seen if p == prompt) for prompt in "1234"], ["abc", "bca", "cab", "abc"])

    def test_by_model_finishes_all_prompts_of_a_model_before_the_next(self):
        server = self.use(LMStudioServer("a", "b", loaded="a"))
        seen = self.order("by-model", ["a", "b"], ["1", "2", "3"], server)
        self.assertEqual(seen, [(m, p) for m in "ab" for p in "123"])
        self.assertEqual(server.loads, ["b"])


class WhatServersTell(E2ETest):
    def test_the_start_says_what_the_servers_tell(self):
        studio = self.use(LMStudioServer("a", loaded="a", quantization="Q5_K_S", context=5555))
        llama = self.use(LlamaServer("b", context=7777))
        ollama = self.use(OllamaServer("c:latest", loaded=["c:latest"]))
        result = self.home.run(servers=[studio, llama, ollama], models=["a", "b", "c:latest"])
        self.assert_status(result, 0)
        check(self, result)
        for words in ("Q5_K_S", "5555", "loaded", "7777", "Q4_0"):
            self.assertIn(words, result.output)
        self.assertEqual(result.answer("a")["served"]["quantization"], "Q5_K_S", "every answer records what its server reported")
        self.assertEqual(result.answer("a")["served"]["context_length"], 5555)

    def test_different_quantizations_of_one_id_are_warned_about(self):
        servers = [self.use(LMStudioServer("m", loaded="m", quantization=q)) for q in ("Q4_K_M", "Q8_0")]
        result = self.home.run(servers=servers, models=["m"])
        self.assert_status(result, 0)
        self.assertIn("Q4_K_M", result.output)
        self.assertIn("Q8_0", result.output)
        self.assertTrue(any("Q8_0" in e.get("text", e.get("message", "")) or "Q8_0" in str(e) for e in result.of_kind("warning")))
        self.assertRegex(result.output.lower(), "pin")

    def test_loading_and_evicting_over_and_over_is_warned_about(self):
        server = self.use(LMStudioServer("a", "b", "c", loaded="a"))
        result = self.home.run(servers=[server], models=["a", "b", "c"], prompts=["1", "2"])
        self.assert_status(result, 0)
        self.assertRegex(result.output.lower(), "load")
        self.assertTrue([e for e in result.of_kind("warning") if "load" in str(e).lower()], result.of_kind("warning"))

    def test_one_model_that_fits_is_not_warned_about(self):
        server = self.use(LMStudioServer("a", "b", loaded="a"))
        result = self.home.run(servers=[server], models=["a"])
        self.assertEqual((result.of_kind("warning"), len(server.chats)), ([], 1))

    def test_a_load_that_is_seen_is_measured_and_taken_off_ttft(self):
        server = self.use(LMStudioServer("a", "b", loaded="b", load_s=2.5, chat=answer("Hi", model="a", first=0.2)))
        result = self.home.run(servers=[server], models=["a"])
        self.assert_status(result, 0)
        check(self, result)
        self.assertIn("loading", [e["state"] for e in result.of_kind("state")])
        metrics = result.answer("a")["metrics"]
        self.assertTrue(1.4 <= metrics["model_load_s"] <= 3.6, metrics["model_load_s"])
        self.assertLess(metrics["time_to_first_token_s"], 1.4)

    def test_a_cold_start_that_cannot_be_seen_is_stamped_and_kept_apart(self):
        server = self.use(OpenAIServer("m", chat=answer("Hi")))
        result = self.home.run(servers=[server], models=["m"], prompts=["1", "2"])
        first, second = [a["metrics"] for a in result.answers("m")]
        self.assertIsNone(first["model_load_s"])
        self.assertIn("cold", str(first))
        self.assertNotIn("cold", str(second))


class Manifests(E2ETest):
    def table(self, *servers, arguments=()):
        command = ["models", *arguments]
        for server in servers:
            command += ["--server", getattr(server, "url", server)]
        return self.home.call(*command)

    def test_the_table_lists_every_model_of_every_server(self):
        studio = self.use(LMStudioServer("a", "b", loaded="a", quantization="Q5_K_S", context=5555))
        plain = self.use(OpenAIServer("c"))
        ollama = self.use(OllamaServer("d:7b"))
        result = self.table(studio, plain, ollama)
        self.assert_status(result, 0)
        lines = result.stdout.splitlines()
        for server, model in ((studio, "a"), (studio, "b"), (plain, "c"), (ollama, "d:7b")):
            self.assertTrue([line for line in lines if server.address in line and model in line.split()], (model, result.stdout))
        self.assertIn("Q5_K_S", result.stdout)
        self.assertIn("5555", result.stdout)
        self.assertRegex(result.stdout, "(?m)^.*\\ba\\b.*loaded")
        self.assertEqual(studio.posts + plain.posts, [])

    def test_json_lists_every_model_with_its_server(self):
        import json
        studio, plain = self.use(LMStudioServer("a", "b", loaded="a")), self.use(OpenAIServer("a"))
        result = self.table(studio, plain, arguments=["--json"])
        self.assert_status(result, 0)
        listed = json.loads(result.stdout)
        models = listed["models"] if isinstance(listed, dict) else listed
        self.assertEqual(sorted((m["id"], m["server"]) for m in models), sorted([("a", studio.address), ("b", studio.address), ("a", plain.address)]))
        self.assertEqual([m["state"].replace(" ", "-") for m in models if m["server"] == studio.address], ["loaded", "not-loaded"])

    def test_embedding_models_are_hidden(self):
        server = self.use(LMStudioServer("a", loaded="a"))
        server.routes["GET /api/v0/models"] = reply(200, {"object": "list", "data": [{"id": "a", "type": "llm", "state": "loaded"},
                                                                                  {"id": "nomic-embed", "type": "embeddings", "state": "loaded"}]})
        server.models.append("nomic-embed")
        result = self.table(server)
        self.assert_status(result, 0)
        self.assertIn(server.address, result.stdout)
        self.assertNotIn("nomic-embed", result.stdout)

    def test_a_dead_server_is_named_beside_the_living(self):
        from servers import free_port
        port, plain = free_port(), self.use(OpenAIServer("c"))
        result = self.table(plain, f"http://127.0.0.1:{port}")
        self.assert_status(result, 0)
        self.assertIn(f"127.0.0.1:{port}", result.output)
        self.assertIn("refused", result.output)
        self.assert_status(self.table(f"http://127.0.0.1:{port}"), 2)

    def test_hostile_manifests_do_no_harm(self):
        bodies = {"not JSON": b"hello", "null": b"null", "empty list": b'{"data": []}', "data null": b'{"data": null}', "ids that are numbers": b'{"data": [{"id": 5}]}',
                  "no ids": b'{"data": [{}]}', "strings": b'{"data": ["m"]}', "deep": b'{"data": ' + b"[" * 100000 + b"]" * 100000 + b"}",
                  "9 MiB": b'{"data": [{"id": "' + b"x" * (9 << 20) + b'"}]}', "error": b'{"error": "Unexpected endpoint or method. (GET /v1/models)"}'}
        for name, body in bodies.items():
            with self.subTest(name):
                server = self.use(OpenAIServer("m"))
                server.routes["GET /v1/models"] = reply(200, body)
                result = self.table(server)
                self.assertIn(result.status, (0, 2), result.stderr)
                self.assertIn(server.address, result.output)
                if name == "9 MiB":
                    self.assertIn("8 MiB", result.output)

    def test_a_manifest_that_never_comes_does_not_hang_the_start(self):
        silent, good = self.use(OpenAIServer("m")), self.use(OpenAIServer("m"))
        silent.routes["GET /v1/models"] = [HANG]
        self.home.config({"connect_timeout_seconds": 1})
        result = self.home.run(servers=[silent, good], models=["m"], seconds=25)
        self.assert_status(result, 0)
        self.assertEqual((len(silent.posts), len(good.posts)), (0, 1))


if __name__ == "__main__":
    unittest.main()
