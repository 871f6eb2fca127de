"""What the window offers after a crash: to recover what was lost, to discard it, or neither."""
import threading
import unittest

from journals import text_in
from servers import HANG, STREAM, OpenAIServer, echo, role, text
from test_window import AT_REST, HALTED, WindowTest, conversations
from window import Screen, wait_until


class Recovery(WindowTest):
    RECOVER, DISCARD, LATER = (593, 428), (663, 428), (724, 428)  # at 1600x900, with one session

    def killed(self, screen):
        """A window that was killed in its second round, b's answer half there; its server works then."""
        self.works = threading.Event()
        chat = lambda r: echo(r) if self.works.is_set() or len(r.messages) == 2 else [STREAM + role(r.model) + text("half, ☃", r.model), HANG]  # noqa: E731
        self.server = self.use(OpenAIServer("a", "b", chat=chat))
        self.configure(self.server, models=["a", "b"])
        window = self.open(screen=screen)
        self.send(window, "Hello")
        self.server.wait_for(lambda: len(self.server.chats) == 2)
        window.wait_title(AT_REST)
        window.wait_still()
        self.send(window, "Again")
        self.wait_journal(lambda journal: "half, ☃" in text_in(journal))
        self.kill(window)
        self.works.set()

    def offered(self, screen):
        """The window of the next start, with its question."""
        before = screen.picture()
        window = self.open(screen=screen)
        window.wait_picture(lambda p: p != before, "the window")
        window.wait_still()
        return window

    def test_recover_brings_back_what_had_arrived_and_goes_on(self):
        screen = self.screen()
        self.killed(screen)
        (journal,) = self.journals()
        kept = self.home.file("kept", journal.read_bytes())
        window = self.offered(screen)
        self.assertEqual(self.journals(), [journal], "an offer changes nothing")
        window.click(*self.RECOVER)
        window.wait_title(HALTED)
        wait_until(lambda: self.journals() and self.journals() != [journal], "a journal of its own")
        window.key("ctrl+e")
        (exported,) = self.reports(".md")
        wait_until(lambda: not self.journals(), "the end of the journal, now that there is a report")
        kept.rename(self.state / journal.name)
        self.recover("--out", self.home.path / "by-recover")
        (by_recover,) = (self.home.path / "by-recover").glob("*.md")
        self.assertEqual(conversations(exported.read_text(encoding="utf-8")), conversations(by_recover.read_text(encoding="utf-8")))
        self.assertIn("half, ☃", conversations(exported.read_text(encoding="utf-8")))

        earlier = len(self.server.chats)
        window.key("ctrl+r")
        window.wait_title(AT_REST)
        self.assertEqual([chat.messages[-1]["content"] for chat in self.server.chats[earlier:]], ["Again", "Again"])
        window.wait_still()
        window.key("ctrl+e")
        self.reports(".md", 2)
        window.key("ctrl+q")
        self.assert_ends(window)
        self.assertEqual(self.journals(), [])

    def test_a_damaged_journal_comes_back_as_far_as_it_can_be_read_and_is_kept(self):
        screen = self.screen()
        self.killed(screen)
        (journal,) = self.journals()
        damaged = bytearray(journal.read_bytes())
        damaged[damaged.rindex(b"half, ")] ^= 1
        journal.write_bytes(damaged)
        window = self.offered(screen)
        window.key("Return")
        window.wait_title(HALTED)
        aside = journal.with_name(journal.name + ".damaged")
        wait_until(aside.exists, "the damaged journal set aside")
        self.assertEqual(aside.read_bytes(), damaged)
        window.key("ctrl+e")
        (exported,) = self.reports(".md")
        text = exported.read_text(encoding="utf-8")
        self.assertIn("Again", text)
        self.assertNotIn("half, ", text)
        wait_until(lambda: not self.journals(), "the end of the journal, now that there is a report")
        window.key("ctrl+q")
        self.assert_ends(window)
        self.assertEqual(aside.read_bytes(), damaged)

    def test_discard_removes_it_and_later_keeps_it(self):
        screen = self.screen()
        self.killed(screen)
        for choose in (lambda w: w.click(*self.LATER), lambda w: w.key("Escape")):
            window = self.offered(screen)
            choose(window)
            window.wait_still()
            window.key("ctrl+q")
            self.assert_ends(window)
            self.assertEqual(len(self.journals()), 1)
        window = self.offered(screen)
        window.click(*self.DISCARD)
        wait_until(lambda: not self.journals(), "the end of the journal")
        window.wait_still()
        window.key("ctrl+q")
        self.assert_ends(window)
        self.assertFalse(self.home.out.exists())

    def test_a_journal_of_a_window_that_runs_is_not_offered(self):
        screen = self.screen()
        self.killed(screen)
        (journal,) = self.journals()
        window = self.offered(screen)
        window.click(*self.RECOVER)
        wait_until(lambda: self.journals() and self.journals() != [journal], "a journal of its own")
        with Screen() as other_screen:
            other = self.open(screen=other_screen)
            other.wait_still()
            other.key("ctrl+q")
            self.assert_ends(other)
        self.assertIn("in use", self.recover("--list").output)
        self.assert_runs(window)


if __name__ == "__main__":
    unittest.main()
