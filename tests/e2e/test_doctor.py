"""`doctor`: what may be wrong on this machine, with what to do, and no secret in it."""
import json
import unittest

from journals import ROUND, JournalTest, records
from servers import HANG, STREAM, OpenAIServer, Server, answer, reply

KEY = "sk-canary-0123456789"


class Doctor(JournalTest):
    def doctor(self, *arguments, status, environment=None):
        result = self.home.call("doctor", "--json", *arguments, environment=environment)
        self.assert_status(result, status)
        found = json.loads(result.stdout)["diagnoses"]
        self.assertEqual([tuple(one) for one in found], [("health", "area", "what", "advice")] * len(found))
        text = self.home.call("doctor", *arguments, environment=environment)
        self.assert_status(text, status)
        for one in found:
            self.assertIn(one["what"], text.stdout)
        return found

    def of(self, found, area, health):
        return [one["what"] for one in found if one["area"] == area and one["health"] == health]

    def test_a_sound_machine(self):
        server = self.use(OpenAIServer("a", chat=answer("Hi.")))
        self.home.config({"version": 1, "servers": [{"name": "rack", "url": server.url}]})
        found = self.doctor(status=0)
        self.assertEqual([one for one in found if one["health"] == "problem"], [])
        (line,) = self.of(found, "servers", "fine")
        self.assertIn(f"rack ({server.url}", line)
        self.assertIn("lists 1 model", line)
        self.assertTrue(self.of(found, "versions", "fine")[0].startswith("llm-compare "))

    def test_a_server_that_is_down_and_none_at_all(self):
        self.home.config({"version": 1, "servers": [{"name": "rack", "url": "http://127.0.0.1:9"}]})
        (line,) = self.of(self.doctor(status=1), "servers", "problem")
        self.assertIn("rack", line)
        self.home.config({"version": 1})
        self.assertEqual(self.of(self.doctor(status=1), "servers", "problem"),
                         ["No server is configured, and none was found on this machine."])

    def test_a_config_and_keys_that_cannot_be_used(self):
        server = self.use(OpenAIServer("a", chat=answer("Hi.")))
        self.home.config('{"version": 1, "servers": 5}')
        (line,) = self.of(self.doctor(status=1), "configuration", "problem")
        self.assertIn("config.json:1", line)
        self.home.config({"version": 1, "servers": [{"name": "rack", "url": server.url}]})
        keys = self.home.file("config/llm-compare/keys.json", {"rack": KEY})
        keys.chmod(0o644)
        found = self.doctor(status=1)
        self.assertTrue(any("chmod 600" in line for line in self.of(found, "configuration", "problem")))
        self.assertNotIn(KEY, json.dumps(found))
        keys.chmod(0o600)
        self.assertNotIn(KEY, json.dumps(self.doctor(status=0)))

    def test_a_password_in_an_address_is_not_repeated(self):
        self.home.config({"version": 1, "servers": [{"name": "rack", "url": "http://me:hunter2-hunter2@127.0.0.1:9"}]})
        found = self.doctor(status=1)
        self.assertTrue(self.of(found, "configuration", "problem"))
        self.assertNotIn("hunter2", json.dumps(found))

    def test_a_key_that_is_refused(self):
        server = self.use(Server({"GET /v1/models": reply(401, {"error": {"message": f"bad key {KEY}"}})}))
        self.home.config({"version": 1, "servers": [{"name": "rack", "url": server.url, "api_key_env": "RACK_KEY"}]})
        found = self.doctor(status=1, environment={"RACK_KEY": KEY})
        self.assertIn("rack", self.of(found, "servers", "problem")[0])
        self.assertNotIn(KEY, json.dumps(found))

    def test_a_state_folder_that_cannot_be_made(self):
        server = self.use(OpenAIServer("a", chat=answer("Hi.")))
        self.home.file("state/llm-compare", "a file")
        found = self.doctor("--server", server.url, status=1)
        self.assertTrue(any("state/llm-compare" in line for line in self.of(found, "folders", "problem")))

    def test_a_folder_that_cannot_be_written(self):
        server = self.use(OpenAIServer("a", chat=answer("Hi.")))
        self.home.config({"version": 1, "servers": [{"url": server.url}], "report_folder": str(self.home.file("taken", "a file"))})
        (line,) = self.of(self.doctor(status=1), "folders", "problem")
        self.assertIn("taken (reports)", line)

    def test_a_journal_that_was_left(self):
        server = self.use(OpenAIServer("a", chat=[STREAM, HANG]))
        running = self.home.start_run(servers=[server], models=["a"])
        self.wait_journal(lambda journal: any(kind == ROUND for _, kind, _ in records(journal)))
        running.process.kill()
        running.process.wait()
        (line,) = self.of(self.doctor("--server", server.url, status=0), "journals", "note")
        self.assertIn(f"{self.journals()[0]} was left by a program that ended early", line)

    def test_without_a_display(self):
        server = self.use(OpenAIServer("a", chat=answer("Hi.")))
        found = self.doctor("--server", server.url, status=0)
        self.assertEqual(self.of(found, "desktop", "note")[0], "No display was found: the window cannot open.")


if __name__ == "__main__":
    unittest.main()
