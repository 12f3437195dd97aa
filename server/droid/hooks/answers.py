"""Reads what a hook answers by its exit code and on its standard output.

A hook that fails lets the call go on, but for the organisation's own at a point where something could still
be prevented: there, one that cannot be heard denies. Source: https://docs.factory.ai/reference/hooks-reference
"""

import json
from dataclasses import dataclass, replace
from typing import Any, NoReturn, cast

from droid.domain.hooks import HookEvent, HookReply
from droid.domain.json_values import json_problem
from droid.domain.levels import SettingsLevel, Verdict
from droid.domain.policy import HookRule
from droid.hooks.json_answer import Unfit, read_object

_BLOCKS = 2
_NOT_RUNNABLE = {126: "cannot be run (exit 126)", 127: "was not found (exit 127)"}
_SIGNAL_BASE = 128
_MAX_SIGNAL = 64
_TOLD_CHARACTERS = 4_000
_STDOUT_IS_CONTEXT = frozenset({HookEvent.SESSION_START, HookEvent.USER_PROMPT_SUBMIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a hook's run left behind.

    Attributes:
        exit_code: Negative is the signal number.
        stdout, stderr: Bounded; what was cut is said at their end.
        is_cut: There was more on standard output.
    """

    exit_code: int
    timed_out: bool = False
    duration_s: float = 0.0
    stdout: str = ""
    stderr: str = ""
    is_cut: bool = False


def read_answer(rule: HookRule, event: HookEvent, ran: Ran, call_id: str | None = None) -> HookReply:
    """What a hook that has ended says."""
    reply = _reading(rule, event, ran)
    return _placed(reply, ran, call_id)


def not_run(rule: HookRule, event: HookEvent, why: str, call_id: str | None = None) -> HookReply:
    """The answer of a hook that could not be started, or must not be."""
    return _placed(_failed(rule, event, why), None, call_id)


def _reading(rule: HookRule, event: HookEvent, ran: Ran) -> HookReply:
    if ran.timed_out:
        return _failed(rule, event, f"did not answer within {rule.timeout_s:g} s and was ended")
    code = ran.exit_code
    if code < 0 or _SIGNAL_BASE < code <= _SIGNAL_BASE + _MAX_SIGNAL:
        number = -code if code < 0 else code - _SIGNAL_BASE
        return _failed(rule, event, f"was ended by signal {number}", ran.stderr)
    if code in _NOT_RUNNABLE:
        return _failed(rule, event, _NOT_RUNNABLE[code], ran.stderr)
    if code == _BLOCKS:
        reason = ran.stderr.strip() or _plain_reason(ran.stdout) or "blocked without a reason"
        return HookReply(rule=rule, event=event, verdict=Verdict.DENY, reason=reason)
    if code:
        return _failed(rule, event, f"failed with exit code {code}", ran.stderr, plainly=True)
    text = ran.stdout.strip().removeprefix("\ufeff").lstrip()
    if not text.startswith("{"):
        context = ran.stdout.strip() if event in _STDOUT_IS_CONTEXT else ""
        return HookReply(rule=rule, event=event, context=context, output=ran.stdout.strip())
    if ran.is_cut:
        return _failed(rule, event, "wrote more JSON than is read")
    try:
        return read_object(rule, event, _object(text))
    except Unfit as error:
        return _failed(rule, event, f"answered JSON that cannot be read: {error}")


def _failed(
    rule: HookRule, event: HookEvent, what: str, said: str = "", *, plainly: bool = False
) -> HookReply:
    """A hook that went wrong; `plainly` is a mere exit code, which public examples use for "not mine"."""
    told = f"{what}: {said.strip()[:_TOLD_CHARACTERS]}" if said.strip() else what
    denies = rule.source.level is SettingsLevel.ORG and event.fails_closed
    if plainly and not rule.deny_on_error:
        denies = False
    return HookReply(
        rule=rule,
        event=event,
        error=told,
        verdict=Verdict.DENY if denies else None,
        reason=f"it {told}" if denies else "",
    )


def _placed(reply: HookReply, ran: Ran | None, call_id: str | None) -> HookReply:
    code = None if ran is None or ran.timed_out else ran.exit_code
    return replace(reply, call_id=call_id, exit_code=code, duration_s=0.0 if ran is None else ran.duration_s)


def _object(text: str) -> dict[str, Any]:
    """The object that a text is.

    Raises:
        Unfit: it is none, or holds what JSON does not know or nobody could store.
    """
    try:
        value: object = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unfit(str(error)[:200]) from error
    if not isinstance(value, dict):
        raise Unfit("not an object")
    answer = cast("dict[str, Any]", value)
    if (problem := json_problem(answer)) is not None:
        raise Unfit(problem)
    return answer


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"JSON knows no {name}")


def _plain_reason(stdout: str) -> str:
    """The reason of a hook that blocks by its exit code and says why on standard output."""
    text = stdout.strip()
    if not text.startswith("{"):
        return text
    try:
        answer = _object(text)
    except Unfit:
        return ""
    inner = answer.get("hookSpecificOutput")
    given = cast("dict[str, Any]", inner).get("permissionDecisionReason") if isinstance(inner, dict) else None
    reason = given or answer.get("reason")
    return reason.strip() if isinstance(reason, str) else ""
