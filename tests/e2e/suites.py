"""Suites as tests write them, and what a run of one has to look like."""
import json

from journals import JournalTest
from servers import DONE, STREAM, OpenAIServer, answer, finish, role, text, tool_call

CAPITAL = "The capital of Norway is Oslo."
HALF = [STREAM + role() + text("Oslo, wh")]  # an answer that breaks off


def ask(prompt_id, prompt, *checks, **more):
    return {"id": prompt_id, "prompt": prompt, "checks": list(checks), **more}


def suite(*prompts, **more):
    return {"format": "llm-compare-suite", "version": 1, "name": "basics", "role": "planner", **more, "prompts": list(prompts)}


def contains(text, **more):
    return {"type": "contains", "value": text, **more}


def calls(*pairs, model="m"):
    """An answer that calls tools: (name, arguments) each, the arguments as they are to arrive."""
    steps = [STREAM + role(model)]
    steps += [tool_call(index, name, arguments, f"call_{index}", model) for index, (name, arguments) in enumerate(pairs)]
    return steps + [finish("tool_calls", model) + DONE]


def function(name):
    return {"type": "function", "function": {"name": name, "description": "…", "parameters": {"type": "object", "properties": {}}}}


def by_prompt(answers, otherwise=CAPITAL):
    """A chat route: {prompt: text or script}, whatever the model."""
    def route(request):
        said = answers.get(request.messages[-1]["content"], otherwise)
        return answer(said, model=request.model) if isinstance(said, str) else said
    return route


class SuiteTest(JournalTest):
    def serve(self, *models, chat):
        self.server = self.use(OpenAIServer(*(models or ("m",)), chat=chat))
        self.models = models or ("m",)
        return self.server

    def write(self, content, name="suite.json"):
        return self.home.file(name, content if isinstance(content, (bytes, str)) else json.dumps(content, ensure_ascii=False, indent=2))

    def run_suite(self, content, *arguments, status=0, **more):
        """A run of that suite on the server; `models` are all of it unless named."""
        more = {"servers": [self.server], "models": self.models, "prompts": (), **more}
        result = self.run_("--suite", self.write(content), *arguments, **more)
        self.assert_status(result, status)
        return result

    def checks(self, result, label="m", round_number=1):
        return result.answer(label, round_number)["checks"]

    def verdicts(self, result, label="m"):
        """[(prompt's id, [passed of each check])] in the order of the rounds."""
        return [(one["prompt_id"], [check["passed"] for check in one["checks"] or []]) for one in result.answers(label)]

    @property
    def asked(self):
        return [(chat.model, chat.messages[-1]["content"]) for chat in self.server.chats]
