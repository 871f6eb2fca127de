"""Wrong usage and configuration: refused with a sentence that names what and where; nothing is sent, nothing overwritten."""
import json
import os
import unittest

from llm_compare import E2ETest, Home
from servers import Server, OpenAIServer, answer, free_port, reply
from shapes import check


class InputTest(E2ETest):
    def setUp(self):
        super().setUp()
        self.server = self.use(OpenAIServer("qwen2.5-7b-instruct-q4_k_m", "m"))

    def refused(self, *arguments, words=(), status=1, **more):
        more = {"servers": [self.server], "models": ["m"], **more}
        result = self.home.run(*arguments, **more)
        self.assert_refused(result, *words, status=status, servers=[self.server])
        self.assertTrue(result.stderr.strip(), "it says why")
        return result


class CommandLine(InputTest):
    def test_unknown_options_and_commands_are_named(self):
        for arguments in (["run", "--nonsense"], ["nonsense.xyz"], ["models", "--prompt", "x"], ["run", "--server"], ["export"], ["--nonsense"]):
            with self.subTest(" ".join(arguments)):
                result = self.home.call(*arguments, seconds=10)
                self.assert_status(result, 1)
                self.assertIn(arguments[-1].lstrip("-") if arguments != ["export"] else "SESSION", result.stderr)

    def test_help_and_version_go_to_standard_output(self):
        result = self.home.call("--help")
        self.assert_status(result, 0)
        for command in ("run", "models", "export", "demo"):
            self.assertIn(command, result.stdout)
        result = self.home.call("run", "--help")
        self.assert_status(result, 0)
        for option in ("--config", "--server", "--model", "--prompt", "--prompts", "--on-failure", "--system-prompt", "--temperature", "--max-tokens",
                       "--timeout", "--order", "--top-p", "--top-k", "--min-p", "--repeat-penalty", "--presence-penalty", "--frequency-penalty",
                       "--reasoning-effort", "--seed", "--stop", "--connect-timeout", "--total-timeout", "--out", "--format", "--events", "--no-progress", "--quiet"):
            self.assertIn(option, result.stdout)
        result = self.home.call("--version")
        self.assert_status(result, 0)
        self.assertRegex(result.stdout, r"\d+\.\d+\.\d+")

    def test_values_out_of_range_are_named(self):
        cases = [("--temperature", "2.1"), ("--temperature", "-0.1"), ("--temperature", "warm"), ("--temperature", "nan"), ("--temperature", ""),
                 ("--max-tokens", "0"), ("--max-tokens", "1000001"), ("--max-tokens", "many"), ("--max-tokens", "1.5"),
                 ("--timeout", "0"), ("--timeout", "86401"), ("--timeout", "-1"), ("--timeout", "0.5"), ("--order", "random"), ("--on-failure", "ignore"),
                 ("--top-k", "-2"), ("--top-k", "1.5"), ("--min-p", "1.1"), ("--repeat-penalty", "2.1"), ("--presence-penalty", "-2.1"),
                 ("--frequency-penalty", "2.1"), ("--reasoning-effort", "much"), ("--seed", "x"), ("--total-timeout", "0"),
                 ("--format", "pdf"), ("--format", "md,pdf"), ("--format", "")]
        for option, value in cases:
            with self.subTest(f"{option} {value}"):
                self.server, self.home = self.use(OpenAIServer("m")), Home()
                self.addCleanup(self.home.close)
                self.refused(*([f"{option}={value}"] if value else [option, value]), words=[option])

    def test_values_at_the_ends_of_their_ranges_are_taken(self):
        for option, value, key in (("--temperature", "0", "temperature"), ("--temperature", "2", "temperature"),
                                   ("--max-tokens", "1", "max_tokens"), ("--max-tokens", "1000000", "max_tokens")):
            with self.subTest(f"{option} {value}"):
                home = Home()
                self.addCleanup(home.close)
                self.assert_status(home.run(option, value, servers=[self.server], models=["m"]), 0)
                self.assertEqual(self.server.bodies()[-1][key], float(value))

    def test_a_run_without_a_prompt_is_refused(self):
        self.refused(prompts=[], words=["prompt"])

    def test_an_empty_prompt_is_refused(self):
        for prompt in ("", "  \n "):
            with self.subTest(repr(prompt)):
                self.refused(prompts=[prompt], words=["prompt"])

    def test_a_prompt_that_is_not_utf8_is_refused(self):
        self.refused(prompts=[], *["--prompt", b"\xff\xfe".decode("utf-8", "surrogateescape")], words=["--prompt", "UTF-8"])

    def test_a_bad_server_address_is_named(self):
        for address in ("ftp://x", "http://", "http://host:99999", "http://host:0", "http://ho st", "http://a b:1", ""):
            with self.subTest(repr(address)):
                self.refused(servers=[address], words=["--server"])

    def test_an_empty_model_is_refused(self):
        for model in ("", "=Label"):
            with self.subTest(repr(model)):
                self.refused(models=[model], words=["--model"])

    def test_reports_that_cannot_be_written_are_refused_before_anything_is_sent(self):
        blocker = self.home.file("blocker", "a file")
        for folder in (blocker, blocker / "below"):
            with self.subTest(folder.name):
                self.refused("--out", folder, words=[str(folder)])
        self.assertEqual(blocker.read_text(), "a file")

    def test_a_read_only_report_folder_is_refused(self):
        if os.geteuid() == 0:
            print("SKIPPED: root may write everywhere")
            self.skipTest("root may write everywhere")
        folder = self.home.path / "locked"
        folder.mkdir(mode=0o500)
        self.refused("--out", folder, words=[str(folder)])

    def test_events_that_cannot_be_written_are_refused(self):
        self.refused("--events", self.home.path / "no" / "such" / "folder" / "e.jsonl", words=["--events"])

    def test_events_never_go_into_a_file_that_the_run_reads(self):
        (report,) = self.home.run(servers=[self.server], models=["m"]).files(".json")
        session = self.home.file("s.llmc.json", report.read_bytes())
        suite = {"format": "llm-compare-suite", "version": 1, "name": "n", "role": "r", "prompts": [{"id": "p", "prompt": "Hi", "checks": []}]}
        inputs = {"--resume": session, "--config": self.home.file("c.json", "{}"), "--suite": self.home.file("suite.json", suite),
                  "--prompts": self.home.file("p.txt", "Hi\n"), "--system-prompt": self.home.file("s.md", "Be brief.")}
        link = self.home.path / "link"
        for option, file in inputs.items():
            before, sent = file.read_bytes(), len(self.server.chats)
            link.unlink(missing_ok=True)
            link.symlink_to(file)
            for events in (file, link):
                with self.subTest(option, events=events.name):
                    prompts = ["More"] if option != "--suite" else []
                    result = self.home.run(option, file, "--events", events, servers=[self.server], models=["m"], prompts=prompts)
                    self.assert_status(result, 1)
                    for words in ("--events", option, str(events)):
                        self.assertIn(words, result.stderr)
                    self.assertEqual((file.read_bytes(), len(self.server.chats)), (before, sent))
        config = self.home.config("{}")
        self.assert_status(self.home.run("--events", config, servers=[self.server], models=["m"]), 1)
        self.assertEqual(config.read_text(), "{}")

    def test_a_number_that_is_too_long_is_named_as_it_was_given(self):
        for value in ("99999999999999999999", "-99999999999999999999"):
            self.refused(f"--max-tokens={value}", words=["--max-tokens", value, "out of range"])

    def test_a_file_that_is_not_there_is_named(self):
        for option in ("--prompts", "--system-prompt", "--config"):
            with self.subTest(option):
                self.refused(option, "/no/such/file.txt", words=["/no/such/file.txt"])

    def test_a_file_that_is_a_folder_is_named(self):
        folder = self.home.path / "folder.txt"
        folder.mkdir()
        for option in ("--prompts", "--system-prompt", "--config"):
            with self.subTest(option):
                self.refused(option, folder, words=[str(folder)])


class PromptFiles(InputTest):
    def prompts_of(self, name, content):
        home = Home()
        self.addCleanup(home.close)
        result = home.run("--prompts", home.file(name, content), servers=[self.server], models=["m"], prompts=[])
        self.assert_status(result, 0)
        check(self, result)
        return [a["prompt"] for a in result.answers("m")]

    def test_each_kind_of_file(self):
        cases = {
            "a.txt": ("one\n\n   \n  two \n\tthree\t\n", ["one", "two", "three"]),
            "crlf.txt": ("one\r\ntwo\r\n", ["one", "two"]),
            "bom.txt": (b"\xef\xbb\xbfone\ntwo", ["one", "two"]),
            "b.md": ("# One\n\nmore\n\n---\n\ntwo\n-----\n\n---\nthree -- not --- a line\n--\nstill three\n",
                     ["# One\n\nmore", "two", "three -- not --- a line\n--\nstill three"]),
            "crlf.md": ("one\r\n---\r\ntwo\r\n", ["one", "two"]),
            "c.jsonl": ('{"prompt": "one\\ntwo"}\n\n{"prompt": "Grüße \\ud83d\\ude42"}\n', ["one\ntwo", "Grüße 🙂"]),
            "D.TXT": ("one", ["one"]),
        }
        for name, (content, prompts) in cases.items():
            with self.subTest(name):
                self.assertEqual(self.prompts_of(name, content), prompts)

    def test_prompts_of_the_command_line_and_of_a_file_both_run(self):
        file = self.home.file("p.txt", "from the file")
        result = self.home.run("--prompts", file, servers=[self.server], models=["m"], prompts=["typed"])
        self.assert_status(result, 0)
        self.assertEqual(sorted(a["prompt"] for a in result.answers("m")), ["from the file", "typed"])

    def test_what_cannot_be_read_is_refused(self):
        cases = {
            "latin1.txt": (b"gr\xfc\xdfe\n", ["UTF-8"]), "utf16.txt": ("hello".encode("utf-16"), ["UTF-8"]), "bad.md": (b"\xc3\x28", ["UTF-8"]),
            "bad.jsonl": (b'{"prompt": "\xff"}\n', ["UTF-8"]), "empty.txt": (b"", ["no prompt"]), "blank.txt": (b"\n  \n\t\n", ["no prompt"]),
            "lines.md": (b"---\n\n----\n", ["no prompt"]), "empty.jsonl": (b"\n", ["no prompt"]),
            "huge.txt": (b"x" * ((16 << 20) + 1), ["16 MiB"]), "broken.jsonl": (b'{"prompt": "a"}\n{"prompt": \n', ["2"]),
            "keyless.jsonl": (b'{"prompt": "a"}\n{"text": "b"}\n', ["2", "prompt"]), "number.jsonl": (b'{"prompt": 7}\n', ["1", "prompt"]),
            "list.jsonl": (b'["a"]\n', ["1"]), "strange.doc": (b"one", [".doc"]), "nothing": (b"one", [".txt"]),
        }
        for name, (content, words) in cases.items():
            with self.subTest(name):
                file = self.home.file(name, content)
                result = self.refused("--prompts", file, prompts=[], words=[file])
                for word in words:
                    self.assertIn(word.lower(), result.stderr.lower())

    def test_a_file_of_exactly_16_mib_is_taken(self):
        server = self.use(OpenAIServer("m", chat=answer("ok")))
        file = self.home.file("big.txt", b"x" * (16 << 20))
        self.assert_status(self.home.run("--prompts", file, "--format", "csv", servers=[server], models=["m"], prompts=[]), 0)
        self.assertEqual(len(server.chats[0].messages[-1]["content"]), 16 << 20)


class ConfigFile(InputTest):
    def test_mistakes_name_file_line_and_key_and_leave_the_file_alone(self):
        cases = {
            "unknown key": ('{\n  "servers": [],\n  "temperatur": 0.5\n}', "3", "temperatur"),
            "unknown key of a server": ('{\n  "servers": [\n    {"url": "http://x",\n     "nmae": "y"}]\n}', "4", "nmae"),
            "unknown key of a model": ('{\n  "models": [{"model_id": "m", "temprature": 1}]\n}', "2", "temprature"),
            "wrong type": ('{\n\n  "temperature": "hot"\n}', "3", "temperature"),
            "number for a list": ('{"servers": 5}', "1", "servers"),
            "true for a number": ('{\n"max_tokens": true}', "2", "max_tokens"),
            "fraction for a whole number": ('{\n"max_tokens": 10.5}', "2", "max_tokens"),
            "too small": ('{\n"timeout_seconds": 0}', "2", "timeout_seconds"),
            "too large": ('{\n"temperature": 2.5}', "2", "temperature"),
            "too many tokens": ('{\n"max_tokens": 1000001}', "2", "max_tokens"),
            "unknown order": ('{\n"order": "random"}', "2", "order"),
            "unknown on_failure": ('{\n"on_failure": "explode"}', "2", "on_failure"),
            "model without id": ('{\n"models": [{"display_name": "x"}]}', "2", "model_id"),
            "server without url": ('{\n"servers": [{"name": "x"}]}', "2", "url"),
            "extra_body sets model": ('{\n"models": [{"model_id": "m", "extra_body": {"model": "x"}}]}', "2", "extra_body"),
            "extra_body sets messages": ('{\n"models": [{"model_id": "m",\n "extra_body": {"messages": []}}]}', "3", "messages"),
            "extra_body sets stream": ('{\n"models": [{"model_id": "m", "extra_body": {"stream": false}}]}', "2", "stream"),
            "max_concurrent 0": ('{\n"servers": [{"url": "http://x", "max_concurrent": 0}]}', "2", "max_concurrent"),
            "cut off": ('{\n  "servers": [', "2", ""), "no JSON": ("hello", "1", ""), "empty": ("", "1", ""), "a list": ("[]", "1", ""),
            "trailing text": ('{}\n}', "2", ""), "twice the same key": ('{"temperature": 1,\n"temperature": 0}', "2", "temperature"),
            "not UTF-8": (b'{"system_prompt":\n "\xff"}', "2", ""), "null for a number": ('{\n"timeout_seconds": null}', "2", "timeout_seconds"),
            "unknown server of a model": ('{\n"models": [{"model_id": "m", "server": "rack"}]}', "", "rack"),
        }
        for name, (content, line, key) in cases.items():
            with self.subTest(name):
                file = self.home.config(content)
                before = file.read_bytes()
                result = self.refused(words=[key])
                self.assertEqual(file.read_bytes(), before)
                if name != "unknown server of a model":
                    self.assertRegex(result.stderr, rf"{file}.{{0,3}}(:|line ){line}\b")

    def test_a_key_s_variable_that_is_empty_is_not_called_unset(self):
        self.home.config({"servers": [{"url": self.server.url, "name": "rack", "api_key_env": "RACK_KEY"}], "models": ["m"]})
        for environment, words in (({"RACK_KEY": ""}, "RACK_KEY is empty"), ({}, "RACK_KEY is not set")):
            result = self.home.run("--quiet", environment=environment)
            self.assert_status(result, 0)
            self.assertIn(words, result.stderr)

    def test_another_config_file_can_be_named(self):
        self.home.config({"temperature": 1.5})
        file = self.home.file("other.json", {"servers": [self.server.url], "models": ["m"], "temperature": 0.25})
        result = self.home.run("--config", file)
        self.assert_status(result, 0)
        self.assertEqual(self.server.bodies()[0]["temperature"], 0.25)

    def test_every_documented_key_is_read(self):
        self.home.config({
            "version": 1, "servers": [self.server.url, {"url": self.server.url.replace("127.0.0.1", "localhost"), "name": "rack", "api_key_env": "RACK_KEY",
                                                        "max_concurrent": 4}],
            "models": ["m", {"model_id": "m", "display_name": "M two", "temperature": 0.2, "server": "rack", "top_p": 0.9, "max_tokens": 7, "seed": 3,
                             "stop": ["END"], "system_prompt": "Be brief.", "extra_body": {"top_k": 5}}],
            "temperature": 0.7, "top_p": 1, "top_k": 40, "min_p": 0.05, "repeat_penalty": 1.1, "presence_penalty": 0, "frequency_penalty": 0,
            "reasoning_effort": "low", "max_tokens": 99, "timeout_seconds": 300, "connect_timeout_seconds": 10, "total_timeout_seconds": None,
            "system_prompt": "You are kind.", "system_prompt_file": None, "report_folder": str(self.home.out), "order": "listed",
            "on_failure": "continue", "journal": True})
        result = self.home.call("run", "--prompt", "Hi", "--events", self.home.events_file, environment={"RACK_KEY": "sk-0123456789abcdef"})
        self.assert_status(result, 0)
        check(self, result)
        self.assertEqual(list(result.report["conversations"]), ["m", "M two"])

    def test_reports_go_to_the_usual_folder_without_out_and_config(self):
        result = self.home.call("run", "--server", self.server.url, "--model", "m", "--prompt", "Hi")
        self.assert_status(result, 0)
        folder = self.home.path / "Documents" / "LLM Compare"
        self.assertEqual(sorted(f.suffix for f in folder.iterdir()), [".json", ".md"])

    def test_a_config_folder_falls_back_to_home(self):
        self.home.file(".config/llm-compare/config.json", '{"oops": 1}')
        result = self.home.call(*self.home.run_arguments([], [self.server], ["m"], ["Hi"]), environment={"XDG_CONFIG_HOME": ""})
        self.assert_refused(result, ".config/llm-compare/config.json", "oops", servers=[self.server])

    def test_unknown_keys_of_a_later_version_are_kept_quiet(self):
        self.home.config({"version": 99, "servers": [self.server.url], "models": ["m"], "hologram": True})
        result = self.home.run()
        self.assert_status(result, 0)
        self.assertEqual(len(self.server.chats), 1)

    def test_the_system_prompt_comes_from_option_file_key_or_default(self):
        def heard(*arguments, config=None, beside=None):
            home = Home()
            self.addCleanup(home.close)
            if config is not None:
                home.config(config)
            if beside is not None:
                home.file("config/llm-compare/system_prompt.txt", beside)
            home.file("option.md", "From the option.\n")
            home.file("key.txt", "From the key's file.\n")
            arguments = [str(home.path / a) if a.endswith(".md") else a for a in arguments]
            if config and "system_prompt_file" in config:
                home.config({**config, "system_prompt_file": str(home.path / config["system_prompt_file"])})
            self.assert_status(home.run(*arguments, servers=[self.server], models=["m"]), 0)
            return self.server.chats[-1].messages[0]["content"].strip()
        self.assertEqual(heard(), "You are a helpful assistant.")
        self.assertEqual(heard(beside="From beside."), "From beside.")
        self.assertEqual(heard(config={"system_prompt": "From the config."}), "From the config.")
        self.assertEqual(heard(config={"system_prompt_file": "key.txt"}), "From the key's file.")
        self.assertEqual(heard("--system-prompt", "option.md", config={"system_prompt": "From the config."}, beside="x"), "From the option.")

    def test_a_system_prompt_file_that_is_not_utf8_is_refused(self):
        file = self.home.file("s.txt", b"\xff\xff")
        self.refused("--system-prompt", file, words=[file, "UTF-8"])


class ServersAndModels(InputTest):
    def test_an_unknown_model_is_reported_with_the_nearest_names(self):
        result = self.refused(models=["qwen2.5-7b-instruct-q4"], status=2, words=["qwen2.5-7b-instruct-q4", "qwen2.5-7b-instruct-q4_k_m"])
        self.assertNotIn("Traceback", result.stderr)

    def test_one_unknown_model_among_known_ones_stops_the_start(self):
        self.refused(models=["m", "nonsense"], status=2, words=["nonsense"])

    def test_no_server_reachable(self):
        port = free_port()
        result = self.refused(servers=[f"http://127.0.0.1:{port}"], status=2, words=[f"127.0.0.1:{port}"])
        self.assertIn("refused", result.stderr)

    def test_no_server_configured_and_none_found(self):
        self.refused(servers=[], status=2, words=["server"])

    def test_without_a_model_it_lists_what_there_is(self):
        self.refused(models=[], status=1, words=["qwen2.5-7b-instruct-q4_k_m", "--model"])

    def test_servers_are_discovered_when_none_is_named(self):
        result = self.home.run(models=["m"], environment={"LLMC_DISCOVERY_PORTS": str(self.server.port)})
        self.assert_status(result, 0)
        self.assertEqual(len(self.server.chats), 1)

    def test_one_dead_server_beside_a_good_one_does_not_matter(self):
        result = self.home.run(servers=[f"http://127.0.0.1:{free_port()}", self.server], models=["m"])
        self.assert_status(result, 0)
        check(self, result)

    def test_an_unknown_host_is_named_as_such(self):
        result = self.refused(servers=["http://no-such-host.invalid:1234"], status=2, words=["no-such-host.invalid"])
        self.assertRegex(result.stderr.lower(), "resol|found|unknown")

    def test_a_server_that_does_not_speak_the_api_is_no_server(self):
        web = self.use(Server(unknown=lambda _: reply(200, b"<html>hello</html>", "text/html")))
        result = self.home.run(servers=[web], models=["m"])
        self.assert_refused(result, web.address, status=2, servers=[web])

    def test_an_address_works_bare_with_slash_and_with_v1(self):
        for tail in ("", "/", "/v1", "/v1/"):
            for scheme in ("http://", ""):
                with self.subTest(scheme + tail):
                    home = Home()
                    self.addCleanup(home.close)
                    seen = len(self.server.chats)
                    self.assert_status(home.run(servers=[scheme + self.server.address + tail], models=["m"]), 0)
                    self.assertEqual(len(self.server.chats), seen + 1)

    def test_an_ipv6_address_works(self):
        try:
            server = self.use(OpenAIServer("m", host="::1"))
        except OSError as problem:
            self.skipTest(str(problem))
        result = self.home.run(servers=[server], models=["m"])
        self.assert_status(result, 0)
        self.assertEqual(result.answer("m")["server"], server.address)

    def test_localhost_is_found_although_it_listens_on_one_family_only(self):
        self.assert_status(self.home.run(servers=[f"http://localhost:{self.server.port}"], models=["m"]), 0)
        self.assertEqual(len(self.server.chats), 1)

    def test_embedding_models_are_no_candidates_by_accident(self):
        server = self.use(Server({"GET /api/v0/models": reply(200, {"object": "list", "data": [
            {"id": "chat", "type": "llm", "state": "loaded"}, {"id": "embedder", "type": "embeddings", "state": "not-loaded"}]}),
            "GET /v1/models": reply(200, {"object": "list", "data": [{"id": "chat"}, {"id": "embedder"}]})}))
        result = self.home.call("run", "--server", server.url, "--prompt", "x", "--out", self.home.out)
        self.assertIn("chat", result.stderr)
        self.assertNotIn("embedder", result.stderr)

    def test_no_proxy_is_used_for_loopback(self):
        proxy = self.use(Server())
        environment = {name: proxy.url for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY")}
        for address in (self.server.url, f"http://localhost:{self.server.port}"):
            with self.subTest(address):
                home = Home()
                self.addCleanup(home.close)
                self.assert_status(home.run(servers=[address], models=["m"], environment=environment), 0)
        self.assertEqual((len(self.server.chats), proxy.requests), (2, []))

    def test_an_unusable_state_folder_does_not_stop_a_comparison(self):
        self.home.file("state", "a file where a folder should be")
        result = self.home.run(servers=[self.server], models=["m"])
        self.assert_status(result, 0)
        check(self, result)


class Export(InputTest):
    def test_what_is_no_session_is_refused_and_nothing_is_written(self):
        cases = {"missing.json": (None, "missing.json"), "empty.json": (b"", "empty.json"), "text.json": (b"hello", "text.json"),
                 "other.json": (b'{"format": "something-else", "version": 1}', "other.json"), "plain.json": (b'{"a": 1}', "plain.json"),
                 "later.json": (b'{"format": "llm-compare-report", "version": 99}', "later.json"), "list.json": (b"[]", "list.json"),
                 "binary.llmc.json": (b"\x00\xff" * 50, "binary.llmc.json")}
        for name, (content, word) in cases.items():
            with self.subTest(name):
                file = self.home.path / name
                if content is not None:
                    file.write_bytes(content)
                result = self.home.call("export", file, "--out", self.home.out)
                self.assert_refused(result, word)
                if content is not None:
                    self.assertEqual(file.read_bytes(), content)

    def test_a_truncated_report_is_refused(self):
        whole = self.home.run(servers=[self.server], models=["m"])
        (report,) = whole.files(".json")
        data = report.read_bytes()
        for length in (1, len(data) // 3, len(data) - 3):
            with self.subTest(length):
                cut = self.home.file("cut.json", data[:length])
                result = self.home.call("export", cut, "--out", self.home.path / "again")
                self.assert_status(result, 1)
                self.assertIn("cut.json", result.stderr)
                self.assertFalse((self.home.path / "again").exists() and list((self.home.path / "again").iterdir()))

    def test_hostile_values_do_not_crash_it(self):
        whole = self.home.run(servers=[self.server], models=["m"]).report
        for name, change in {"answers null": lambda r: r["conversations"]["m"].update(answers=None),
                             "metrics text": lambda r: r["conversations"]["m"]["answers"][0].update(metrics="fast"),
                             "round huge": lambda r: r["conversations"]["m"]["answers"][0].update(round=10**18),
                             "state unknown": lambda r: r["conversations"]["m"]["answers"][0].update(state="dancing"),
                             "text number": lambda r: r["conversations"]["m"]["answers"][0].update(text=5),
                             "no configuration": lambda r: r.pop("configuration"),
                             "label a path": lambda r: r["conversations"].update({"../../x": r["conversations"].pop("m")})}.items():
            with self.subTest(name):
                report = json.loads(json.dumps(whole))
                change(report)
                result = self.home.call("export", self.home.file("odd.json", report), "--out", self.home.path / "odd")
                self.assertIn(result.status, (0, 1), result.stderr)
                if result.status == 1:
                    self.assertIn("odd.json", result.stderr)

    def test_unknown_formats_are_refused(self):
        (report,) = self.home.run(servers=[self.server], models=["m"]).files(".json")
        result = self.home.call("export", report, "--format", "pdf", "--out", self.home.path / "again")
        self.assert_status(result, 1)
        self.assertIn("pdf", result.stderr)


if __name__ == "__main__":
    unittest.main()
