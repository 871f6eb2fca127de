"""Two real small models, as tools/demo-models brings them: what a person sees who tries the program for the first time."""
import subprocess
import sys
import unittest
from pathlib import Path

from llm_compare import E2ETest
from shapes import check

DEMO_MODELS = Path(__file__).resolve().parents[2] / "tools" / "demo-models"


def servers():
    """The demo models' servers as a child process, and their (address, model) pairs; or why there are none."""
    if subprocess.run([sys.executable, DEMO_MODELS, "setup", "--check"], capture_output=True).returncode != 0:
        made = subprocess.run([sys.executable, DEMO_MODELS, "setup"], capture_output=True, text=True)
        if made.returncode != 0:
            return None, (made.stderr.strip().splitlines() or ["setup failed"])[-1]
    process = subprocess.Popen([sys.executable, DEMO_MODELS, "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    found = []
    for line in process.stdout:
        if not line.strip():
            return process, found
        found.append(tuple(line.split()))
    return None, process.stderr.read().strip() or "the servers did not start"


class RealModels(E2ETest):
    @classmethod
    def setUpClass(cls):
        cls.process, cls.found = servers()
        if cls.process is None:
            print(f"SKIPPED: {cls.found}", file=sys.stderr)
            raise unittest.SkipTest(cls.found)

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait(20)
        cls.process.stdout.close()
        cls.process.stderr.close()

    def test_three_candidates_remember_the_conversation(self):
        (first_url, published), (second_url, coarser) = self.found
        self.home.config({"servers": [first_url, second_url], "max_tokens": 48, "models": [
            {"model_id": published, "temperature": 0, "seed": 1}, {"model_id": published, "display_name": "warmer", "temperature": 0.9, "seed": 1},
            {"model_id": coarser, "temperature": 0, "seed": 1}]})
        result = self.home.run("--format", "md,json,html,csv", prompts=["The password is tiger.", "What is the password?"], seconds=240)
        self.assert_status(result, 0)
        check(self, result)
        self.assertEqual(list(result.report["conversations"]), [published, "warmer", coarser])
        for label in (published, "warmer", coarser):
            first, second = result.answers(label)
            told, heard = first["metrics"]["prompt_tokens"], second["metrics"]["prompt_tokens"]
            self.assertGreaterEqual(heard, told + first["metrics"]["output_tokens"], "the second prompt carries the first turn")
            self.assertTrue(first["text"].strip() and second["text"].strip())
            self.assertEqual((first["state"], second["state"]), ("complete", "complete"))
            self.assertGreater(second["metrics"]["decode_tokens_per_s"], 0)
            self.assertFalse(second["metrics"]["tokens_estimated"])
        self.assertEqual(result.answer("warmer")["settings"]["temperature"], 0.9)
        self.assertEqual(result.answer(coarser)["server"], second_url.removeprefix("http://"))

    def test_a_context_limit_of_a_real_server_is_recognised(self):
        url, model = self.found[0]
        result = self.home.run(servers=[url], models=[model], prompts=["word " * 4000], seconds=120)
        self.assert_status(result, 3)
        check(self, result)
        error = result.answer(model)["error"]
        self.assertEqual(error["kind"], "context_limit")
        self.assertIn("2048", error["message"])


if __name__ == "__main__":
    unittest.main()
