"""What several hooks say together: deny beats ask beats allow, and nothing is rewritten twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from droid.domain.hooks import HookOutcome, HookReply
from droid.domain.levels import Verdict

_WITHHELD = "[withheld: two hooks replaced this output, and neither may be taken for the other]"


def merge(replies: Sequence[HookReply]) -> HookOutcome:
    """One outcome; of equals the first reply, from the highest level on, speaks first."""
    verdict = max((one.verdict for one in replies if one.verdict is not None), default=None)
    speakers = [one for one in replies if one.verdict is not None and one.verdict is verdict]
    reasons = dict.fromkeys(one.reason for one in speakers if one.reason)
    outcome = HookOutcome(
        replies=tuple(replies),
        verdict=verdict,
        reason="\n".join(reasons),
        deciding=speakers[0] if speakers else None,
        context=tuple(one.context for one in replies if one.context),
        updated_output=_output(replies),
        redactions=tuple(span for one in replies for span in one.redactions),
        revert=any(one.revert for one in replies),
        stop=next((one.stop for one in replies if one.stop is not None), None),
    )
    return _with_input(outcome)


def _with_input(outcome: HookOutcome) -> HookOutcome:
    rewriters = [one for one in outcome.replies if one.updated_input]
    if not rewriters:
        return outcome
    counts = Counter(field for one in rewriters for field in one.updated_input or ())
    twice = sorted(field for field, count in counts.items() if count > 1)
    if twice:
        names = " and ".join(f"`{one.rule.command}`" for one in rewriters)
        reason = f"{names} both rewrite {', '.join(twice)}"
        if outcome.verdict is Verdict.DENY:
            return replace(outcome, reason=f"{outcome.reason}\n{reason}")
        return replace(outcome, verdict=Verdict.DENY, reason=reason, deciding=rewriters[0])
    updated: dict[str, Any] = {}
    for one in rewriters:
        updated |= one.updated_input or {}
    return replace(outcome, updated_input=updated, rewriters=frozenset(one.key for one in rewriters))


def _output(replies: Sequence[HookReply]) -> str | None:
    given = [one.updated_output for one in replies if one.updated_output is not None]
    return _WITHHELD if len(given) > 1 else next(iter(given), None)
