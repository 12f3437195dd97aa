"""What a hook says by its exit code and on its standard output."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.hooks.rules import ORG, PROJECT, USER, rule

from droid.domain.hooks import HookEvent, HookReply, Redaction
from droid.domain.levels import SettingsLevel, Verdict
from droid.hooks.answers import Ran, not_run, read_answer

ALLOW, ASK, DENY = Verdict.ALLOW, Verdict.ASK, Verdict.DENY
PRE, POST, PROMPT = HookEvent.PRE_TOOL_USE, HookEvent.POST_TOOL_USE, HookEvent.USER_PROMPT_SUBMIT


def answer(
    stdout: str = "",
    stderr: str = "",
    *,
    code: int = 0,
    event: HookEvent = PRE,
    level: SettingsLevel = USER,
    deny_on_error: bool = False,
    **more: Any,
) -> HookReply:
    ran = Ran(exit_code=code, stdout=stdout, stderr=stderr, duration_s=0.5, **more)
    return read_answer(rule(event, level=level, deny_on_error=deny_on_error), event, ran, "c1")


def says(value: object, **more: Any) -> HookReply:
    return answer(json.dumps(value), **more)


def specific(**fields: Any) -> dict[str, Any]:
    return {"hookSpecificOutput": {"hookEventName": "PreToolUse", **fields}}


@pytest.mark.parametrize(
    ("reply", "verdict", "reason"),
    [
        (answer(), None, ""),
        (answer("any text"), None, ""),
        (answer(stderr="no", code=2), DENY, "no"),
        (answer("no", code=2), DENY, "no"),
        (answer('{"reason": "no"}', code=2), DENY, "no"),
        (answer(code=2), DENY, "blocked without a reason"),
        (answer('{"hookSpecificOutput": {"permissionDecision": "allow"}}', "no", code=2), DENY, "no"),
        (answer(stderr="oops", code=1), None, ""),
        (says(specific(permissionDecision="deny", permissionDecisionReason="no")), DENY, "no"),
        (says(specific(permissionDecision="ask", permissionDecisionReason="sure?")), ASK, "sure?"),
        (says(specific(permissionDecision="allow", permissionDecisionReason="docs")), ALLOW, "docs"),
        (says({"decision": "approve", "reason": "docs"}), ALLOW, "docs"),
        (says({"decision": "block", "reason": "no"}), DENY, "no"),
        (says({"decision": "block"}), DENY, "blocked without a reason"),
        (says({"decision": "approve", **specific(permissionDecision="deny")}), DENY, "blocked without a reason"),
        (says({"reason": "of nothing"}), None, "of nothing"),
        (says({"decision": None, "hookSpecificOutput": None}), None, ""),
        (says({}), None, ""),
        (answer('\ufeff  {"decision": "block", "reason": "no"}\n'), DENY, "no"),
    ],
)  # fmt: skip
def test_a_verdict_and_its_reason(reply: HookReply, verdict: Verdict | None, reason: str) -> None:
    assert (reply.verdict, reply.reason) == (verdict, reason)
    assert (reply.call_id, reply.duration_s) == ("c1", 0.5)


FAILURES: dict[str, dict[str, Any]] = {
    "not found": {"code": 127, "stderr": "sh: check: not found"},
    "not runnable": {"code": 126},
    "a signal": {"code": -9},
    "a signal of what it ran": {"code": 137},
    "a time-out": {"code": -15, "timed_out": True},
    "a time-out after an answer": {"code": 0, "timed_out": True, "stdout": '{"decision": "approve"}'},
    "half an object": {"stdout": '{"decision": "app'},
    "two objects": {"stdout": "{}{}"},
    "text after an object": {"stdout": "{} and more"},
    "too long": {"stdout": '{"reason": "aaa', "is_cut": True},
    "long and whole": {"stdout": '{"decision": "approve"}', "is_cut": True},
    "no such permission": {"stdout": json.dumps(specific(permissionDecision="yes"))},
    "no such decision": {"stdout": '{"decision": "approved"}'},
    "a decision of another type": {"stdout": '{"decision": true}'},
    "output of another type": {"stdout": '{"hookSpecificOutput": []}'},
    "continue of another type": {"stdout": '{"continue": "false"}'},
    "input of another type": {"stdout": json.dumps(specific(updatedInput="rm"))},
    "not a number": {"stdout": '{"hookSpecificOutput": {"updatedInput": {"a": NaN}}}'},
    "infinite": {"stdout": '{"hookSpecificOutput": {"updatedInput": {"a": 1e999}}}'},
    "too deep": {"stdout": '{"a": ' + "[" * 100 + "]" * 100 + "}"},
    "far too deep": {"stdout": '{"a": ' + "[" * 100_000},
    "reverting what was not done": {"stdout": '{"decision": "revert"}'},
}  # fmt: skip


@pytest.mark.parametrize("how", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("event", HookEvent)
def test_only_an_organisation_s_hook_fails_closed_and_only_where_something_can_be_kept_from_happening(
    how: dict[str, Any], event: HookEvent
) -> None:
    if event is HookEvent.POST_EDIT and "revert" in how.get("stdout", ""):
        return
    closed = answer(**how, event=event, level=ORG)
    denies = event.value.startswith("Pre") or event is PROMPT
    assert closed.error
    assert (closed.verdict is DENY) is denies
    assert bool(closed.reason) is denies
    for level in (PROJECT, USER):
        open_ = answer(**how, event=event, level=level, deny_on_error=True)
        assert open_.error
        assert (open_.verdict, open_.stop, open_.updated_input, open_.context) == (None, None, None, "")


@pytest.mark.parametrize("level", [ORG, PROJECT, USER])
@pytest.mark.parametrize("event", HookEvent)
def test_a_plain_error_denies_only_where_the_organisation_says_so(
    level: SettingsLevel, event: HookEvent
) -> None:
    assert answer(code=1, stderr="x", level=level, event=event).verdict is None
    asked_for = answer(code=1, stderr="x", level=level, event=event, deny_on_error=True)
    assert (asked_for.verdict is DENY) is (level is ORG and event.fails_closed)
    assert asked_for.error == "failed with exit code 1: x"


@pytest.mark.parametrize("level", [ORG, PROJECT])
def test_a_hook_that_does_not_start_fails_as_others_do(level: SettingsLevel) -> None:
    reply = not_run(rule(level=level), PRE, "cannot start sh: it is not on the PATH", "c1")
    assert reply.error == "cannot start sh: it is not on the PATH"
    assert (reply.verdict, reply.exit_code) == (DENY if level is ORG else None, None)


@pytest.mark.parametrize("event", HookEvent)
def test_plain_output_joins_the_context_of_a_start_and_of_a_prompt_alone(event: HookEvent) -> None:
    reply = answer("  what is known\n", event=event)
    joins = event in (HookEvent.SESSION_START, PROMPT)
    assert reply.context == ("what is known" if joins else "")
    assert reply.output == "what is known"


def test_everything_else_that_an_answer_can_say() -> None:
    reply = says(
        {
            "continue": False,
            "stopReason": "enough",
            "systemMessage": "look",
            "suppressOutput": True,
            "reason": "hidden",
            **specific(additionalContext=" more ", updatedInput={"a": 1}, updatedOutput="other"),
        }
    )
    assert (reply.stop, reply.message, reply.output, reply.context) == ("enough", "look", "", "more")
    assert (reply.updated_input, reply.updated_output) == ({"a": 1}, "other")
    assert says({"continue": False}).stop == "a hook ended the turn"
    assert says({"continue": True, "stopReason": "unused"}).stop is None
    assert says({"decision": "revert"}, event=HookEvent.POST_EDIT).revert


def test_spans_to_redact_and_those_that_are_none() -> None:
    spans = [
        {"part": 0, "start": 1, "end": 3, "kind": "iban"},
        {"part": 2, "start": 0, "end": 1, "kind": "[x]"},
    ]
    reply = says(specific(redact=spans), event=HookEvent.PRE_MODEL_REQUEST)
    assert reply.redactions == (
        Redaction(part=0, start=1, end=3, kind="iban"),
        Redaction(part=2, start=0, end=1, kind="hook"),
    )
    for bad in ({}, {"part": 0, "start": 3, "end": 3}, {"part": -1, "start": 0, "end": 1}, 7, {"part": True, "start": 0, "end": 1}):  # fmt: skip
        assert says(specific(redact=[bad]), event=HookEvent.PRE_MODEL_REQUEST).error


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(
    ["continue", "stopReason", "systemMessage", "decision", "reason", "hookSpecificOutput", "suppressOutput",
     "permissionDecision", "updatedInput", "additionalContext", "redact", "updatedOutput"]
)  # fmt: skip


@given(
    st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON, max_size=3), max_size=4).map(json.dumps)
    | st.text(max_size=20),
    st.sampled_from(HookEvent),
    st.sampled_from([0, 1, 2, 126, -9]),
)
def test_no_answer_is_a_fault_and_what_cannot_be_read_permits_nothing(
    stdout: str, event: HookEvent, code: int
) -> None:
    reply = answer(stdout, event=event, code=code, level=ORG)
    if reply.error:
        assert reply.verdict in (None, DENY)
        assert reply.updated_input is None
    if code:
        assert reply.verdict is not ALLOW
