"""What is in a crash journal: what is left of a damaged one, and that no key is in it."""
import json
import random
import unittest

from journals import FRAME, MARK, REASONING, WHOLE, KillTest, records, text_in
from servers import DONE, HANG, STREAM, OpenAIServer, finish, reasoning, role, text, tool_call
from test_secrets import KEY, SecretsTest, guarded


class Damage(KillTest):
    def setUp(self):
        super().setUp()
        self.leave_a_journal(models=("a", "b"))
        (path,) = self.journals()
        self.bytes = path.read_bytes()
        path.unlink()
        self.path = path.with_name("journal_20000101_000000_damaged.llmcj")

    def recover_from(self, journal):
        """The session that these bytes give, or None when they were refused, named and left as they were."""
        for path in self.journals():
            path.unlink()
        self.path.write_bytes(journal)
        session = self.home.path / "found.llmc.json"
        session.unlink(missing_ok=True)
        result = self.home.call("recover", "--as", session)
        self.assertIn(result.status, (0, 1), result.output)
        self.said = result.stderr
        if result.status == 1:
            self.assertIn(str(self.path), result.stderr)
            self.assertEqual((self.path.read_bytes(), session.exists()), (journal, False))
            return None
        return json.loads(session.read_bytes())

    def assert_nothing_false(self, session, place):
        for number, round_ in enumerate(session["rounds"]):
            self.assertEqual(round_["prompt"], ("first", "second")[number], place)
            for label, one in zip("ab", round_["answers"]):
                sent = WHOLE + f"said {label}" if number == 0 else WHOLE
                self.assertTrue(sent.startswith(one["text"]), (place, one["text"]))
                self.assertIn(one["state"], ("complete", "interrupted"), place)
                self.assertTrue(one["state"] == "interrupted" or one["text"] == sent, (place, one["text"]))

    def test_a_torn_tail_loses_only_itself(self):
        found = records(self.bytes)
        self.assertEqual(found[0][0], len(MARK))
        starts = [at for at, *_ in found] + [len(self.bytes)]
        known, cuts = 0, {*starts[1:], *(at + 1 for at in starts[:-1]), *(at + FRAME.size for at in starts[:-1]), *(at - 1 for at in starts[1:])}
        for cut in sorted(cuts):
            session = self.recover_from(self.bytes[:cut])
            if cut < starts[1]:
                self.assertIsNone(session, f"cut at {cut}: there is no session yet")
                continue
            self.assert_nothing_false(session, f"cut at {cut}")
            self.assertEqual("no whole record" in self.said, cut not in starts, f"cut at {cut}: {self.said}")
            complete = sum(one["state"] == "complete" for round_ in session["rounds"] for one in round_["answers"])
            self.assertGreaterEqual(complete, known, f"more of the file is less of the session at {cut}")
            known = complete
        self.assertEqual(known, 2)

    def test_a_flipped_byte_never_shows_what_was_not_said(self):
        pick = random.Random(7)
        for at in sorted(pick.sample(range(len(self.bytes)), 60)):
            flipped = bytearray(self.bytes)
            flipped[at] ^= 1 << pick.randrange(8)
            session = self.recover_from(bytes(flipped))
            if session is not None:
                self.assert_nothing_false(session, f"flipped at {at}")
                self.assertTrue(self.said, f"flipped at {at}: nothing was said of it")

    def test_a_damaged_one_is_set_aside_once_it_is_read_and_a_torn_one_is_not(self):
        found = records(self.bytes)
        at = found[len(found) // 2][0]
        for name, place in (("the payload", at + FRAME.size), ("the length, which then ends behind the file", at + 3)):
            with self.subTest(name):
                damaged = bytearray(self.bytes)
                damaged[place] ^= 0x40
                self.assertIsNotNone(self.recover_from(bytes(damaged)))
                kept = self.path.with_name(self.path.name + (".damaged" if name == "the payload" else ".damaged_2"))
                self.assertEqual((self.journals(), kept.read_bytes()), ([], bytes(damaged)))
                self.assertIn(str(kept), self.said)
                self.assertIn("There is no crash journal", self.recover(status=1).stderr)
        for cut in (found[-1][0] + 3, found[-1][0] + FRAME.size, len(self.bytes) - 1):
            with self.subTest(f"cut at {cut}"):
                before = sorted(self.state.iterdir())
                self.assertIsNotNone(self.recover_from(self.bytes[:cut]))
                self.assertIn("no whole record", self.said)
                self.assertEqual(sorted(self.state.iterdir()), before)

    def test_other_files_are_refused_and_stay(self):
        for content in (b"nonsense and more", MARK + b"\xff" * 4096, b"\0" * 4096, self.bytes[1:]):
            with self.subTest(content[:16]):
                self.assertIsNone(self.recover_from(content))

    def test_of_a_program_that_was_killed_before_it_wrote_anything_nothing_is_said(self):
        for content in (b"", MARK[:5], MARK):
            self.path.write_bytes(content)
            self.assertIn("There is no crash journal", self.recover(status=1).stderr)
            self.assertEqual(self.path.read_bytes(), content)

    def test_a_damaged_one_does_not_hide_an_older_one(self):
        self.path.write_bytes(self.bytes)
        damaged = self.path.with_name("journal_20300101_000000_00.llmcj")
        damaged.write_bytes(b"nonsense and more")
        result = self.recover()
        self.assertIn(str(damaged), result.stderr)
        self.assertEqual(result.answer("a")["text"], WHOLE + "said a")
        self.assertEqual(self.journals(), [damaged])


class Secrets(SecretsTest, KillTest):
    def test_a_key_that_is_echoed_is_in_no_journal(self):
        for how in ("environment", "file"):
            with self.subTest(how):
                calls = [STREAM + role("m") + tool_call(0, "f", '{"k": "' + KEY[:9], "c", "m") + tool_call(0, None, KEY[9:] + '"}', model="m")
                         + reasoning("hm " + KEY, "m") + finish("tool_calls", "m") + DONE]
                begun = [STREAM + role("m") + text("your key is " + KEY[:7], "m") + text(KEY[7:] + " indeed, all of it. ", "m"), HANG]
                server = self.use(OpenAIServer("m", chat=guarded(lambda r: calls if len(r.messages) == 2 else begun)))
                environment = self.with_key(server, how)
                running = self.home.start_run(prompts=("Hello", "Again"), environment=environment)
                journal = self.wait_journal(lambda journal: "indeed" in text_in(journal))
                self.assertIn("hm ", text_in(journal, REASONING))
                self.kill(running)
                self.assert_secret()
                self.assertEqual(b"RACK_KEY" in journal, how == "environment", "where the key comes from is known to a resumed run")
                result = self.recover("--format", "md,json,html,csv")
                self.assertIn("indeed", result.answer("m", 2)["text"])
                self.assert_secret(result)


if __name__ == "__main__":
    unittest.main()
