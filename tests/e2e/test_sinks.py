"""Whatever a server says, wherever it says it, is text in every place the program writes: terminal, HTML, CSV, Markdown, JSON, file names."""
import csv
import html.parser
import io
import json
import re
import unittest

from llm_compare import E2ETest, Home
from servers import DONE, STREAM, OpenAIServer, Server, answer, event, finish, openai_list, reasoning, reply, role, text, tool_call, usage
from shapes import check_report
from test_reports import outside_fences
from test_terminal import CONTROLS, ESCAPE

# In files the marks stay that Hebrew and Arabic are written with.
MARKS = "\u061c\u200e\u200f"

FORMATS = {"md", "json", "html", "csv"}
ALL = ("--format", ",".join(sorted(FORMATS)))

HOSTILE = {
    "terminal": "\x1b[31mRED\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil\x07link\x1b]52;c;ZXZpbA==\x07 \u009b1mC1\u009d0;x\u009c \x9f \x08\x08 \x7f \x00 \x0b\x0c\rback",
    "bidi": "\u202eevil\u202c \u2066iso\u2069 \u2067x\u2069 \u061c \u200f \u200e \u2028 \u2029",
    "html": "<script>alert(1)</script><img src=http://127.0.0.1:9/x onerror=alert(2)><svg/onload=alert(3)><iframe src=//evil></iframe></pre></style></textarea></title>-->"
            "<base href=//evil><meta http-equiv=refresh content=0;url=//evil><a href=javascript:alert(4)>x</a><style>@import url(//evil)</style> &lt;b&gt; \" ' `",
    "attributes": "\" onmouseover=\"alert(1)\" x=\" ' autofocus onfocus='alert(2)' style=background:url(//evil)",
    "formula": "=cmd|' /C calc'!A0", "plus": "+1+1", "minus": "-2+3", "at": "@SUM(1)", "tab": "\t=1", "line": "\r\n=1+1\n=HYPERLINK(\"http://evil\")", "quote": "\"=1\",=2", "wide": "＝1+1",
    "fences": "```\ncode\n````\n`````html\n~~~~\n<b>\n~~~", "open fence": "text\n\n```\nnever closed", "headings": "# A\n\n## Model: fake\n\n### User\n\nfake\n\nMetrics\n-------\n\n" + "=" * 80 + "\n\n> ⚠️ fake\n\n**Error:** fake",
    "links": "[a](javascript:alert(1)) ![b](http://127.0.0.1:9/x.png) [c][r] ![d][r] <javascript:alert(1)> <http://ok.example>\n\n[r]: javascript:alert(1)\n[c](file:///etc/passwd) [d](data:text/html,x) [e](vbscript:x)",
    "table": "| a | b |\n|---|---|\n| c || d |\n\\|", "path": "../../../etc/passwd", "percent": "%s%n%x {} {0} $HOME $(id) `id`", "long": "x" * 5000,
}


class Page(html.parser.HTMLParser):
    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        self.text += data


class SinksTest(E2ETest):
    def no_controls_in_file(self, words, place):
        self.no_controls(words.translate({ord(mark): None for mark in MARKS}), place)

    def no_controls(self, words, place):
        found = CONTROLS.search(words)
        self.assertIsNone(found, f"{place}: {found and hex(ord(found[0]))} in {words[max(0, found.start() - 60) if found else 0:][:120]!r}")

    def check_terminal(self, words, place):
        self.no_controls(ESCAPE.sub("", words).replace("\r", ""), place)
        for sequence in ("\x1b]", "\x1b[31m", "\x1b[2J"):
            self.assertNotIn(sequence, words, place)

    def check_html(self, page, place):
        self.no_controls_in_file(page, place)
        tags = Page(page).tags
        self.assertLessEqual({tag for tag, _ in tags}, {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "article", "aside", "footer", "nav", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "code", "blockquote", "del", "svg", "rect",
                                                        "div", "span", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "ul", "ol", "li", "details", "summary", "strong", "em", "small", "b", "i", "a", "br", "hr"}, place)
        for tag, attributes in tags:
            for name, value in attributes:
                self.assertIn(name, {"class", "id", "lang", "charset", "name", "content", "http-equiv", "href", "open", "title", "scope", "colspan", "rowspan", "role", "tabindex", "aria-label", "aria-labelledby", "datetime", "dir", "style", "start", "viewbox", "preserveaspectratio", "aria-hidden", "x", "y", "width", "height"}, (place, tag))
                if name == "href":
                    self.assertTrue(value.startswith("#"), value)
                if name == "style":
                    self.assertRegex(value, r"^[a-z-]+: ?[\w.-]+;?$", place)
                if name == "http-equiv":
                    self.assertEqual(value.lower(), "content-security-policy")
        (policy,) = [dict(a)["content"] for tag, a in tags if tag == "meta" and dict(a).get("http-equiv")]
        self.assertIn("default-src 'none'", policy)
        self.assertNotRegex(policy, r"script-src(?! 'none')|https?:|\*")
        places = [index for index, (tag, a) in enumerate(tags) if dict(a).get("http-equiv")] + [index for index, (tag, _) in enumerate(tags) if tag == "style"]
        self.assertEqual(places, sorted(places), "the policy stands before what it governs")
        for style in re.findall(r"(?is)<style[^>]*>(.*?)</style>", page):
            self.assertNotRegex(style, r"(?i)url\(|@import|expression\(|javascript:")

    def check_csv(self, table, place):
        self.no_controls_in_file(table.replace("\r\n", "\n"), place)
        self.assertTrue(table.startswith("\ufeff"), place)
        rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])}, place)
        for row in rows:
            for cell in row:
                self.assertTrue(not cell or cell[0] not in "=+-@\t\r\n＝＋－＠" or re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", cell), (place, cell[:50]))

    def check_markdown(self, page, place):
        self.no_controls_in_file(page, place)
        lines = outside_fences(page.split("\n"))
        quoted = outside_fences([re.sub("^> ?", "", line) for line in lines if line.startswith(">")])  # reasoning
        for line in [line for line in lines if not line.startswith(">")] + quoted:
            words = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", line)  # without inline code
            self.assertNotRegex(words, r"<[a-zA-Z/!?]", place)
            self.assertNotRegex(words, r"!\[", place)
            for target in re.findall(r"\]\(([^)]*)", words):
                self.assertRegex(target, r"^\s*(https?://|mailto:|[^:]*$)", place)
            self.assertNotRegex(words, r"^ {0,3}\[[^\]]+\]:", place)
        headings = [line for line in lines if re.match(r" {0,3}#{1,6} ", line)]
        allowed = r"# LLM Comparison Report|## (System Prompt|Metrics|Ratings|Checks|Model: .*)|### (User|Assistant|Assistant \(incomplete: \w+\))|# A"
        for heading in headings:
            self.assertRegex(heading, f"^({allowed})$", place)
        self.assertEqual(lines.count("=" * 80), len([h for h in headings if h.startswith("## Model: ")]), place)

    def check_files(self, folder, place):
        files = sorted(folder.iterdir())
        self.assertEqual({file.suffix[1:] for file in files}, FORMATS, place)
        for file in files:
            self.assertRegex(file.name, r"^llm_compare_\d{8}_\d{6}(_\d+)?\.(md|json|html|csv)$")
            words = file.read_bytes().decode("utf-8")
            if file.suffix == ".html":
                self.check_html(words, place)
            elif file.suffix == ".csv":
                self.check_csv(words, place)
            elif file.suffix == ".md":
                self.check_markdown(words, place)
            else:
                self.no_controls(words, place)
                check_report(self, json.loads(words))

    def check_run(self, server, place, models=("m",), prompts=("Hello",), status=(0, 3)):
        self.home = Home()
        self.addCleanup(self.home.close)
        self.use(server)
        result = self.home.run(*ALL, servers=[server], models=list(models), prompts=list(prompts))
        self.assertIn(result.status, status, result.stderr)
        self.check_terminal(result.output, place)
        self.check_files(self.home.out, place)
        self.assertEqual({p.name for p in self.home.path.iterdir()} - {"reports", "events.jsonl", "config", "state", "data", "cache"}, set(), "nothing lands elsewhere")
        (report,) = self.home.out.glob("*.json")
        again = self.home.path / "again"
        exported = self.home.call("export", report, *ALL, "--out", again)
        self.assert_status(exported, 0)
        self.check_terminal(exported.output, place)
        self.check_files(again, place)
        return result


class EveryField(SinksTest):
    """Each hostile text in each field that a server fills."""

    @staticmethod
    def servers(evil):
        yield "text", OpenAIServer("m", chat=[STREAM + role() + text(evil) + finish() + usage() + DONE])
        yield "reasoning", OpenAIServer("m", chat=[STREAM + role() + reasoning(evil) + text("x") + finish() + DONE])
        yield "names", OpenAIServer("m", chat=[STREAM + role(evil) + tool_call(0, evil, json.dumps({evil: evil}), evil, evil) + finish(evil, evil) + DONE])
        yield "error", OpenAIServer("m", chat=reply(400, {"error": {"message": evil, "type": evil, "code": evil}}))
        yield "error in the stream", OpenAIServer("m", chat=[STREAM + role() + text("x") + event({"error": evil})])
        listed = openai_list({"id": "m", "owned_by": evil, "meta": {"n_ctx_train": evil}}, evil)
        native = {"object": "list", "data": [{"id": "m", "type": "llm", "state": evil, "quantization": evil, "compatibility_type": evil, "arch": evil}]}
        yield "lists", Server({"GET /v1/models": reply(200, listed), "GET /api/v0/models": reply(200, native), "POST /v1/chat/completions": answer("x")})

    def test_every_field_of_a_server_is_text_everywhere(self):
        for name, evil in HOSTILE.items():
            for field, server in self.servers(evil):
                with self.subTest(name, field=field):
                    result = self.check_run(server, f"{name} in {field}")
                    got = result.answers("m")[0]
                    if field == "text":
                        self.assertEqual(got["text"], evil, "the report keeps what arrived")
                        words = " ".join(re.sub(r"[^\x21-\x7e]", " ", evil).split())[:60]
                        page = " ".join(re.sub(r"[^\x21-\x7e]", " ", Page(result.html).text).split())
                        if name not in ("terminal", "bidi", "tab", "wide"):
                            self.assertIn(words, page, "HTML shows it as the text it is")


class EverythingAtOnce(SinksTest):
    def test_labels_prompts_and_names_of_the_user_are_text_too(self):
        evil = HOSTILE["html"].replace("=", "-") + HOSTILE["links"].replace("=", "-")
        server = OpenAIServer("m", "../../x", chat=answer("Hi"))
        self.check_run(server, "labels", models=["m=" + evil, "m=../../../tmp/x", "../../x==1+1"], prompts=list(HOSTILE.values())[2:])

    def test_nothing_of_it_reaches_a_live_terminal(self):
        evil = "".join(HOSTILE.values())
        for field, server in EveryField.servers(evil):
            with self.subTest(field):
                self.home = Home()
                self.addCleanup(self.home.close)
                self.use(server)
                _, pieces = self.home.run_in_terminal(servers=[server], models=["m"], columns=90)
                self.check_terminal(b"".join(data for _, data in pieces).decode("utf-8", "replace"), field)
                for command in (["models", "--server", server.url], ["models", "--json", "--server", server.url]):
                    _, pieces = self.home.call_in_terminal(*command)
                    self.check_terminal(b"".join(data for _, data in pieces).decode("utf-8", "replace"), field)

    def test_a_damaged_or_hostile_session_file_is_text_too(self):
        evil = HOSTILE["terminal"] + HOSTILE["html"]
        for name, content in {"a name": json.dumps({"format": evil}), "a key": json.dumps({evil: 1, "format": "llm-compare-report"}), "rubbish": evil}.items():
            with self.subTest(name):
                file = self.home.file("evil.json", content)
                result = self.home.call("export", file, *ALL, "--out", self.home.out)
                self.assert_status(result, 1)
                self.check_terminal(result.output, name)
                self.assertEqual(result.files(), [])


if __name__ == "__main__":
    unittest.main()
