"""Request forms: what a suite's "output" and tools look like in each, and that the same two things are read from all of them."""
import json
import unittest

from llm_compare import Home
from servers import DONE, STREAM, answer, finish, reasoning, role, text, tool_call
from suites import SuiteTest, ask, function, suite

SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["steps"],
          "properties": {"steps": {"type": "array", "items": {"$ref": "#/$defs/step"}}}, "$defs": {"step": {"type": "string"}}}
SENT = {"type": "object", "required": ["steps"], "properties": {"steps": {"type": "array", "items": {"type": "string"}}}}
PLAN = '{"steps": ["look"]}'
LOOK_UP = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}}}
JSON_CHECKS = [{"type": "json"}, {"type": "json_schema", "value": SCHEMA}]
FORMS = ("native", "tool", "schema", "prompt")


def in_form(form, model="m"):
    return {"models": [{"model_id": model, "request_form": form}]}


class Forms(SuiteTest):
    def ask_in(self, form, chat, prompt, status=0, **more):
        self.serve(chat=chat)
        self.home = Home()
        self.addCleanup(self.home.close)
        self.home.config(in_form(form))
        return self.run_suite(suite(prompt, **more), "--format", "md,json,html,csv", models=(), status=status)

    def plan(self, form, chat, **more):
        return self.ask_in(form, chat, ask("plan", "Plan it.", *JSON_CHECKS, output={"schema": SCHEMA, "name": "plan"}), **more)

    def test_a_schema_is_asked_for_and_read_in_every_form(self):
        as_call = [STREAM + role() + tool_call(0, "plan", PLAN, "call_0"), finish("tool_calls") + DONE]
        for form in FORMS:
            with self.subTest(form):
                result = self.plan(form, as_call if form == "tool" else answer(f"```json\n{PLAN}\n```"))
                body = self.server.chats[0].json
                native = {"type": "json_schema", "json_schema": {"name": "plan", "strict": True, "schema": SENT}}
                self.assertEqual(body.get("response_format"), native if form in ("native", "schema") else None)
                tool = [{"type": "function", "function": {"name": "plan", "parameters": SENT}}]
                self.assertEqual((body.get("tools"), body.get("tool_choice")), (tool, "required") if form == "tool" else (None, None))
                self.assertEqual(json.dumps(SENT, separators=(",", ":"), sort_keys=True) in
                                 json.dumps(json.loads(body["messages"][0]["content"].rsplit("\n", 1)[-1]) if form == "prompt" else None,
                                            separators=(",", ":"), sort_keys=True), form == "prompt")
                self.assertNotIn("request_form", body)
                one = result.answer("m")
                self.assertEqual((one["state"], one["output"], one["form"]), ("complete", json.loads(PLAN), {"name": form, "words": 1}))
                self.assertEqual([c["passed"] for c in one["checks"]], [True, True])
                self.assertEqual((one["text"], one["tool_calls"]), (PLAN, []) if form == "tool" else (f"```json\n{PLAN}\n```", []))
                self.assertEqual(one["settings"]["request_form"], form)
                self.assertEqual("Request form" in result.markdown, form != "native")

    def test_an_answer_in_the_reasoning_is_taken_and_told(self):
        result = self.plan("native", [STREAM + role() + reasoning("Let me see.\n") + reasoning(PLAN), finish() + DONE])
        one = result.answer("m")
        self.assertEqual((one["output"], one["text"]), (json.loads(PLAN), ""))
        self.assertIn("answer in reasoning", one["warnings"])
        self.assertEqual([c["passed"] for c in one["checks"]], [True, True])

    def test_what_is_no_json_fails_and_stays_as_it_came(self):
        broken = [STREAM + role() + tool_call(0, "plan", '{"steps": ', "call_0"), finish("tool_calls") + DONE]
        for form, chat in (("native", answer("I would look first.")), ("tool", broken), ("prompt", answer(PLAN[:-1]))):
            with self.subTest(form):
                one = self.plan(form, chat, status=4).answer("m")
                self.assertIsNone(one["output"])
                self.assertEqual([c["passed"] for c in one["checks"]], [False, False])
                self.assertEqual(len(one["tool_calls"]), 1 if form == "tool" else 0)

    def loop(self, form, *texts, **more):
        def chat(request):
            said = request.roles.count("assistant")
            return answer(texts[min(said, len(texts) - 1)])
        prompt = ask("sort", "Go.", {"type": "calls", "value": [{"name": "look_up", "arguments": {"q": "a"}}]}, {"type": "finishes"})
        return self.ask_in(form, chat, prompt, tools=[LOOK_UP], loop={"max_steps": 5}, tool_results={"look_up": "42"}, **more)

    def test_a_loop_whose_calls_are_text(self):
        call = {"schema": '{"reasoning": "r", "actions": [{"tool_name": "look_up", "q": "a"}]}',
                "prompt": '{"tool_calls": [{"name": "look_up", "arguments": {"q": "a"}}]}'}
        end = {"schema": '{"reasoning": "r", "actions": [], "final_response": "It is 42."}', "prompt": "It is 42."}
        for form, first in call.items():
            with self.subTest(form):
                result = self.loop(form, first, end[form])
                bodies = [chat.json for chat in self.server.chats]
                self.assertEqual(len(bodies), 2)
                for body in bodies:
                    self.assertEqual([key for key in ("tools", "tool_choice", "parallel_tool_calls") if key in body], [])
                    self.assertEqual("response_format" in body, form == "schema")
                said = bodies[1]["messages"]
                self.assertEqual([m["role"] for m in said], ["system", "user", "assistant", "user"])
                self.assertEqual((said[2]["content"], said[3]["content"]), (first, "Result of look_up: 42"))
                one = result.answer("m")
                self.assertEqual((one["ended_by"], len(one["steps"]), one["text"]), ("final", 2, end[form]))
                step = one["steps"][0]["tool_calls"][0]
                self.assertEqual((step["name"], json.loads(step["arguments"]), step["result"], step["valid"]), ("look_up", {"q": "a"}, "42", True))
                self.assertEqual([c["passed"] for c in one["checks"]], [True, True])

    def test_output_beside_tools_is_native_only(self):
        prompt = ask("both", "Go.", output={"schema": SCHEMA}, tools=[function("f")])
        self.serve(chat=answer(PLAN))
        self.home.config(in_form("prompt"))
        result = self.run_suite(suite(prompt), models=(), status=1)
        self.assertIn('m has the request form prompt, and the prompt "both" has "output" beside tools', result.stderr)
        self.assertEqual(self.server.chats, [])
        self.assertEqual(self.ask_in("native", answer(PLAN), prompt).answer("m")["output"], json.loads(PLAN))

    def test_a_suite_that_is_done_refuses_no_later_prompt(self):
        prompt = ask("both", "Go.", output={"schema": SCHEMA}, tools=[function("f")])
        self.serve(chat=answer(PLAN))
        report = self.run_suite(suite(prompt)).report
        report["conversations"]["m"]["candidate"]["request_form"] = "prompt"  # changed since
        result = self.run_("--resume", self.home.file("later.json", report), "--out", self.home.path / "later", servers=[self.server], models=(), prompts=("Hello",))
        self.assert_status(result, 0)
        self.assertEqual([chat.messages[-1]["content"] for chat in self.server.chats], ["Go.", "Hello"])

    def test_bad_output_is_a_bad_suite(self):
        for more, word in (({"output": {"schema": SCHEMA}, "response_format": {"type": "json_object"}}, "output"),
                           ({"output": {"schema": {"type": 3}}}, "schema"), ({"output": {"schema": {"$ref": "#/x"}}}, "not there"),
                           ({"output": {"schema": {"description": "x" * 300000}}}, "256 KiB"), ({"output": {}}, "schema")):
            self.serve(chat=answer(PLAN))
            result = self.run_suite(suite(ask("p", "Go.", **more)), status=1)
            self.assertIn(word, result.stderr)
            self.assertIn("suite.json:", result.stderr)
            self.assertEqual(self.server.chats, [])


if __name__ == "__main__":
    unittest.main()
