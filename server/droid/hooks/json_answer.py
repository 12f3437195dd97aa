"""A hook's JSON answer, field by field. A field of another type or value than is known does not fit:
guessing what was meant would let a mistake in a guard pass for a permission.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from droid.domain.hooks import HookEvent, HookReply, Redaction
from droid.domain.levels import Verdict
from droid.domain.policy import HookRule

_PERMISSIONS = {"allow": Verdict.ALLOW, "deny": Verdict.DENY, "ask": Verdict.ASK}
_DECISIONS = {"block": Verdict.DENY, "approve": Verdict.ALLOW}
_REVERT = "revert"
_STOPPED = "a hook ended the turn"
_KIND = re.compile(r"[A-Za-z0-9_.-]{1,40}")

_T = TypeVar("_T")


class Unfit(Exception):
    """An answer has not the shape that answers have; the message says where."""


def read_object(rule: HookRule, event: HookEvent, answer: Mapping[str, Any]) -> HookReply:
    """What an answer says.

    Raises:
        Unfit: a field is not what it must be.
    """
    inner = cast("Mapping[str, Any]", _field(answer, "hookSpecificOutput", dict) or {})
    verdict, reason, revert = _verdict(event, answer, inner)
    goes_on = _field(answer, "continue", bool)
    stop = None
    if goes_on is False:
        stop = _field(answer, "stopReason", str) or _STOPPED
    hidden = _field(answer, "suppressOutput", bool) or False
    context = _field(inner, "additionalContext", str) or ""
    return HookReply(
        rule=rule,
        event=event,
        verdict=verdict,
        reason=reason,
        revert=revert,
        message=_field(answer, "systemMessage", str) or "",
        context=context.strip(),
        output="" if hidden else reason,
        updated_input=cast("Mapping[str, Any] | None", _field(inner, "updatedInput", dict)),
        updated_output=_field(inner, "updatedOutput", str),
        redactions=tuple(_redactions(inner)),
        stop=stop,
    )


def _verdict(
    event: HookEvent, answer: Mapping[str, Any], inner: Mapping[str, Any]
) -> tuple[Verdict | None, str, bool]:
    """The verdict, its reason, and whether a change is to be undone."""
    permission = _field(inner, "permissionDecision", str)
    decision = _field(answer, "decision", str)
    reason = _field(inner, "permissionDecisionReason", str) or _field(answer, "reason", str) or ""
    reason = reason.strip()
    if permission is not None and permission not in _PERMISSIONS:
        raise Unfit(f"permissionDecision is {permission[:40]!r}, not allow, deny or ask")
    if decision == _REVERT and event is HookEvent.POST_EDIT:
        return None, reason or "a hook wants it so", True
    if decision is not None and decision not in _DECISIONS:
        raise Unfit(f"decision is {decision[:40]!r}, not block or approve")
    given = [_PERMISSIONS[permission]] if permission is not None else []
    given += [_DECISIONS[decision]] if decision is not None else []
    if not given:
        return None, reason, False
    verdict = max(given)
    if verdict is not Verdict.ALLOW:
        reason = reason or "blocked without a reason"
    return verdict, reason, False


def _redactions(inner: Mapping[str, Any]) -> list[Redaction]:
    found: list[Redaction] = []
    for item in cast("list[object]", _field(inner, "redact", list) or []):
        if not isinstance(item, dict):
            raise Unfit("redact holds something that is no object")
        span = cast("dict[str, Any]", item)
        part, start, end = (_field(span, key, int) for key in ("part", "start", "end"))
        if part is None or start is None or end is None or part < 0 or not 0 <= start < end:
            raise Unfit("redact needs part, start and end, with start below end")
        kind = _field(span, "kind", str) or "hook"
        found.append(
            Redaction(part=part, start=start, end=end, kind=kind if _KIND.fullmatch(kind) else "hook")
        )
    return found


def _field(values: Mapping[str, Any], key: str, kind: type[_T]) -> _T | None:
    """A field's value; None where it is absent or null."""
    value = values.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unfit(f"{key} is {type(value).__name__}, not {kind.__name__}")
    return value
