"""What every report and every stream of events must look like, whatever happened in the session."""
import collections
import re

PHASES = {"resolve", "connect", "send", "waiting", "streaming"}
STATES = {"complete", "stopped", "interrupted", "cut_off", "empty", "failed"}
ORDER = {"queued": 0, "loading": 1, "processing": 1, "streaming": 2}  # final states come after all of these
ISO_MS = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:?\d\d)$")
NUMBER, TEXT, NONE = (int, float), (str,), (type(None),)
METRICS = {
    "time_to_first_token_s": NUMBER + NONE, "time_to_first_output_s": NUMBER + NONE, "inter_token_latency_s": NUMBER + NONE,
    "decode_tokens_per_s": NUMBER + NONE, "end_to_end_latency_s": NUMBER + NONE, "end_to_end_tokens_per_s": NUMBER + NONE,
    "queue_wait_s": NUMBER + NONE, "model_load_s": NUMBER + NONE, "prompt_tokens": (int,) + NONE, "output_tokens": (int,) + NONE,
    "reasoning_tokens": (int,) + NONE, "tokens_estimated": (bool,), "speed_note": TEXT + NONE,
}


def has(test, value, keys, where):
    """`keys`: {name: allowed types}. bool is no number here."""
    test.assertIsInstance(value, dict, where)
    for name, types in keys.items():
        test.assertIn(name, value, f"{where} lacks {name}")
        is_right = isinstance(value[name], types) and (bool in types or not isinstance(value[name], bool))
        test.assertTrue(is_right, f"{where}.{name} is {value[name]!r}")


def check_report(test, report):
    has(test, report, {"generated_at": TEXT, "configuration": (dict,), "halted": (bool,), "halt_reason": TEXT + NONE,
                       "conversations": (dict,), "format": TEXT, "version": (int,)}, "report")
    test.assertEqual((report["format"], report["version"]), ("llm-compare-report", 1))
    test.assertEqual(report["halted"], report["halt_reason"] is not None)
    has(test, report["configuration"], {"models": (list,), "system_prompt": TEXT + NONE, "temperature": NUMBER + NONE, "max_tokens": (int,) + NONE,
                                        "timeout_seconds": NUMBER, "servers": (list,)}, "configuration")
    for label, conversation in report["conversations"].items():
        has(test, conversation, {"messages": (list,), "error": TEXT + NONE + (dict,), "candidate": (dict,), "answers": (list,)}, label)
        has(test, conversation["candidate"], {"id": TEXT, "model_id": TEXT, "display_name": TEXT + NONE}, label)
        for message in conversation["messages"]:
            has(test, message, {"role": TEXT, "content": TEXT}, f"{label}.messages")
        users = [m["content"] for m in conversation["messages"] if m["role"] == "user"]
        is_conversation = report["suite"] is None or report["suite"]["context"] == "continued"
        turns = [a["prompt"] for a in conversation["answers"] if a["state"] == "complete" and is_conversation]
        test.assertEqual(users, turns, "messages are the complete turns of a conversation")
        for answer in conversation["answers"]:
            check_answer(test, answer, f"{label} round {answer.get('round')}")


def check_answer(test, answer, where):
    has(test, answer, {"round": (int,), "prompt": TEXT, "state": TEXT, "finish_reason": TEXT + NONE, "text": TEXT, "reasoning": TEXT,
                       "error": (dict,) + NONE, "server": TEXT + NONE, "reported_model": TEXT + NONE, "warnings": (list,),
                       "metrics": (dict,), "tool_calls": (list,), "checks": (list,) + NONE, "prompt_id": TEXT + NONE, "case": (dict,) + NONE,
                       "repeat": (int,)}, where)
    for call in answer["tool_calls"]:
        has(test, call, {"id": TEXT, "name": TEXT, "arguments": TEXT}, where + ".tool_calls")
    for check in answer["checks"] or []:
        has(test, check, {"type": TEXT, "passed": (bool,), "detail": TEXT + NONE, "at_char": (int,) + NONE}, where + ".checks")
        test.assertTrue(check["passed"] or check["detail"], f"{where}: a failed check says why")
        test.assertFalse(check["passed"] and answer["state"] != "complete", f"{where}: an incomplete answer passes nothing")
    test.assertIn(answer["state"], STATES, where)
    if answer["state"] in ("complete", "stopped", "interrupted"):
        test.assertIsNone(answer["error"], where)
    else:
        has(test, answer["error"], {"phase": TEXT, "status": (int,) + NONE, "message": TEXT, "kind": TEXT}, where + ".error")
        test.assertIn(answer["error"]["phase"], PHASES, where)
        test.assertTrue(answer["error"]["message"].strip(), where)
        test.assertRegex(answer["error"]["kind"], r"^[a-z][a-z_]*$", "a kind is a stable word")
    has(test, answer["metrics"], METRICS, where + ".metrics")
    for name, value in answer["metrics"].items():
        if isinstance(value, (int, float)) and name.endswith(("_s", "_tokens")):
            test.assertGreaterEqual(value, 0, f"{where}.{name}")


def check_events(test, result):
    """The order of things, and that the events tell the same as the report."""
    events = result.events
    test.assertEqual(events[-1]["event"], "end")
    test.assertEqual(events[-1]["exit_status"], result.status)
    test.assertEqual([e["event"] for e in events].count("end"), 1)
    text, thoughts, last_state, rounds = collections.defaultdict(str), collections.defaultdict(str), {}, []
    times = [e["time"] for e in events]
    for time in times:
        test.assertRegex(time, ISO_MS)
    for one in events:
        key = (one.get("label"), one.get("round"))
        kind = one["event"]
        if kind == "session":
            test.assertEqual(rounds, [], "session comes first")
            test.assertTrue(one["candidates"] and one["servers"])
        elif kind == "round":
            rounds.append(one["round"])
        elif kind == "state":
            test.assertIn(one["round"], rounds, "a round is announced before its answers")
            test.assertIsInstance(one["candidate"], str)
            test.assertIn("finish_reason", one)
            test.assertIn("error", one)
            before = last_state.get(key)
            test.assertNotIn(before, STATES, f"{key}: {one['state']} after the end")
            if one["state"] in ORDER and before in ORDER:
                test.assertGreaterEqual(ORDER[one["state"]], ORDER[before], f"{key}: {one['state']} after {before}")
            last_state[key] = one["state"]
        elif kind == "text":
            test.assertEqual(last_state.get(key), "streaming", f"text of {key} arrives while it streams")
            if one.get("anew"):  # what came as text was a thought
                text[key] = thoughts[key] = ""
            text[key] += one.get("text", "")
            thoughts[key] += one.get("reasoning", "")
        elif kind == "report":
            test.assertTrue(all(state in STATES for state in last_state.values()), "reports come after the answers")
    test.assertEqual(rounds, sorted(rounds))
    reports = [f for f in result.files(".json") if f.name.startswith("llm_compare_")]
    if reports:
        for label, conversation in result.report["conversations"].items():
            for answer in conversation["answers"]:
                key = (label, answer["round"])
                test.assertEqual(last_state.get(key), answer["state"], key)
                test.assertEqual(text[key], answer["text"], f"joined text of {key}")
                test.assertEqual(thoughts[key], answer["reasoning"], f"joined reasoning of {key}")
                (final,) = [e for e in result.of_kind("state", label=label, round=answer["round"]) if e["state"] in STATES]
                test.assertEqual(final["finish_reason"], answer["finish_reason"])
                if answer["error"] is None:
                    test.assertIsNone(final["error"])
                else:
                    for part in ("phase", "kind", "status", "message"):
                        test.assertEqual(final["error"][part], answer["error"][part])
        written = sorted(str(f) for f in result.files() if f.name.startswith("llm_compare_"))
        test.assertEqual(sorted(e["path"] for e in result.of_kind("report")), written)


def check(test, result):
    check_report(test, result.report)
    check_events(test, result)
