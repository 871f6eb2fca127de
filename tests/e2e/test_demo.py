"""`llm-compare demo`: servers to try the program on, also ones that fail in a way of one's choice."""
import re
import signal
import unittest

from llm_compare import E2ETest

# What a run says of demo-fragile under each fault: state, kind of the error, and a part of its message.
FAULTS = {
    "drop": ("cut_off", "cut_off", "closed the connection"),
    "stall": ("failed", "timeout", "no token"),
    "error200": ("failed", "server_error", "crashed"),
    "empty": ("empty", "empty", "without text"),
    "bad-utf8": ("complete", None, ""),
    "overflow": ("failed", "context_limit", "512"),
    "slow-load": ("complete", None, ""),
    "busy": ("complete", None, ""),
    "reset": ("cut_off", "cut_off", "connection"),
    "error-in-stream": ("failed", "server_error", "crashed"),
    "html": ("failed", "protocol", "Log in"),
}


class Faults(E2ETest):
    def start_demo(self, *arguments):
        demo = self.home.start("demo", "--speed", "0", *arguments)
        demo.wait_output("Demo servers are running")
        demo.wait_output("demo-fragile\n")
        self.addCleanup(demo.signal, signal.SIGINT)
        return re.findall(r"http://127\.0\.0\.1:\d+", demo.stdout)

    def test_each_fault_is_named_and_explained(self):
        listed = self.home.call("demo", "--fault", "list")
        self.assert_status(listed, 0)
        rows = dict(re.findall(r"(?m)^(\S+) +(\S.*)$", listed.stdout))
        self.assertEqual(set(rows) - {"none"}, set(FAULTS))
        self.assertIn("--fault", self.home.call("demo", "--help").stdout)

    def test_an_unknown_fault_is_refused_with_the_known_ones(self):
        result = self.home.call("demo", "--fault", "earthquake")
        self.assert_status(result, 1)
        for word in ("--fault", "earthquake", *FAULTS):
            self.assertIn(word, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_one_model_fails_in_this_way_and_the_others_do_not(self):
        for fault, (state, kind, words) in FAULTS.items():
            with self.subTest(fault):
                servers = self.start_demo("--fault", fault)
                result = self.home.run("--on-failure", "continue", "--timeout", "9" if fault == "slow-load" else "2", "--out", self.home.path / fault,
                                       servers=servers, models=["demo-fragile", "demo-thinker"], prompts=["Hello", "Again"])
                self.home.out = self.home.path / fault
                for got in result.answers("demo-fragile"):
                    self.assertEqual((got["state"], got["error"] and got["error"]["kind"]), (state, kind), got["error"])
                    if words:
                        self.assertIn(words, got["error"]["message"])
                self.assertEqual([got["state"] for got in result.answers("demo-thinker")], ["complete"] * 2)
                first = result.answers("demo-fragile")[0]
                if fault == "bad-utf8":
                    self.assertIn("\ufffd", first["text"])
                if fault == "busy":
                    self.assertEqual(len(first["warnings"]), 2)
                if fault == "slow-load":
                    self.assertIn("loading", [e["state"] for e in result.of_kind("state", label="demo-fragile")])
                self.assert_status(result, 0 if state == "complete" else 3)
                self.home.events_file.unlink()


if __name__ == "__main__":
    unittest.main()
