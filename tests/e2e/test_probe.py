"""`probe`: a word for each request form of a model, told by servers that do each thing wrong."""
import json
import unittest

from servers import OpenAIServer, answer, reply
from test_demo import DemoTest

FORMS = ("native", "tool", "schema", "prompt")
EXPECTED = {
    "good": ("works", "works", "works", "works"),
    "reasoning": ("in reasoning", "works", "in reasoning", "in reasoning"),
    "suppressed": ("thinking suppressed",) * 4,
    "ignores": ("ignored",) * 4,
    "leaks": ("leaked call", "leaked call", "works", "works"),
    "empty": ("empty", "empty", "empty", "works"),
    "refuses": ("refused", "refused", "refused", "works"),
}


class Probe(DemoTest):
    def probe(self, url, *models, status=0, as_json=True):
        arguments = ["probe", "--server", url]
        for model in models:
            arguments += ["--model", model]
        result = self.home.call(*arguments, *(["--json"] if as_json else []))
        self.assert_status(result, status)
        return result

    def kept(self):
        return json.loads((self.home.path / "state" / "llm-compare" / "probes.json").read_text(encoding="utf-8"))["probes"]

    def test_every_word_on_the_demo_servers(self):
        url = self.start_demo()[1]
        result = self.probe(url, *(f"forms-{name}" for name in EXPECTED))
        probes = json.loads(result.stdout)["probes"]
        self.assertEqual([one["model"] for one in probes], [f"forms-{name}" for name in EXPECTED])
        for one, (name, words) in zip(probes, EXPECTED.items()):
            self.assertEqual(tuple(one["forms"][form]["verdict"] for form in FORMS), words, name)
            self.assertEqual((one["server"], one["quantization"]), (url, None))
            for form in FORMS:
                verdict = one["forms"][form]
                self.assertEqual(verdict["detail"] is None, verdict["verdict"] == "works")
                self.assertGreaterEqual(verdict["seconds"], 0)
                self.assertIn(verdict["verdict"], [request["verdict"] for request in verdict["requests"]])
        self.assertIn("'response_format' and 'tools' are not supported by this model", probes[-1]["forms"]["native"]["detail"])
        self.assertEqual(len(probes[0]["forms"]["native"]["requests"]), 8)
        self.assertEqual(self.kept(), probes)
        self.probe(url, "forms-good")
        self.assertEqual([one["model"] for one in self.kept()][-1], "forms-good")
        self.assertEqual(len(self.kept()), len(EXPECTED))
        table = self.probe(url, "forms-leaks", as_json=False).stdout
        self.assertIn("Best form of forms-leaks: schema", table)

    def test_what_is_not_there(self):
        server = self.use(OpenAIServer("m", chat=answer("Hello.")))
        result = self.probe(server.url, "n", status=2)
        self.assertIn('No server has the model "n".', result.stderr)
        self.assertEqual((json.loads(result.stdout), server.chats), ({"probes": []}, []))
        self.assertFalse((self.home.path / "state" / "llm-compare" / "probes.json").exists())
        self.assertIn("No model is chosen", self.probe(server.url, status=1).stderr)

    def test_a_server_that_fails(self):
        def chat(request):
            return reply(500, {"error": {"message": "out of memory"}}) if "response_format" in request.json else answer("Hello.")
        server = self.use(OpenAIServer("m", chat=chat))
        forms = json.loads(self.probe(server.url, "m", status=3).stdout)["probes"][0]["forms"]
        self.assertEqual(forms["native"]["verdict"], "fails")
        self.assertIn("out of memory", forms["native"]["detail"])
        self.assertEqual(len(server.chats), 20)

    def test_what_is_a_candidates_own_changes_no_request(self):
        server = self.use(OpenAIServer("m", chat=answer("Hello.")))
        self.home.config({"temperature": 1.5, "system_prompt": "Speak Latin.", "models": [{"model_id": "m", "request_form": "prompt", "max_tokens": 3}]})
        self.probe(server.url)
        bodies = [chat.json for chat in server.chats]
        self.assertEqual({(body["temperature"], body["max_tokens"]) for body in bodies}, {(0, 2048)})
        self.assertTrue(any("response_format" in body for body in bodies))
        self.assertFalse(any("Latin" in json.dumps(body) for body in bodies))


if __name__ == "__main__":
    unittest.main()
