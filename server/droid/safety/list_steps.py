"""The steps `blocklist`, `denylist` and `allowlist` of the gate."""

from droid.domain.decisions import Step, TraceEntry
from droid.domain.levels import Risk, Verdict
from droid.domain.policy import ListEntry, Policy, Source
from droid.safety.allowed import allowed
from droid.safety.commands.model import Assessment
from droid.safety.destructive import destructive
from droid.safety.facts import CallFacts
from droid.safety.lists import Match, forbidden

_NO_COMMAND = "no command is run"
_NOT_JUDGED = Assessment(risk=Risk.HIGH, programs=None, reasons=(), undecidable="the command was not judged")


def blocklist(facts: CallFacts, policy: Policy) -> TraceEntry:
    """Deny what may never run: no approval, no level, no flag and no hook lifts it."""
    if facts.command is None or not policy.command_blocklist:
        return _quiet(Step.BLOCKLIST, facts, "no entry is configured")
    match = forbidden(policy.command_blocklist, _assessment(facts))
    if match is None:
        return _quiet(Step.BLOCKLIST, facts, "no entry matches")
    return _told(Step.BLOCKLIST, Verdict.DENY, match, "is blocked")


def denylist(facts: CallFacts, policy: Policy) -> TraceEntry:
    """Ask at every level: for what settings name, and for what destroys whatever they say."""
    if facts.command is None:
        return _quiet(Step.DENYLIST, facts, "")
    assessment = _assessment(facts)
    match = forbidden(policy.command_denylist, assessment)
    if match is not None:
        return _told(Step.DENYLIST, Verdict.ASK, match, "is on the denylist")
    branches = [entry.text for entry in policy.protected_branches]
    found = destructive(assessment, facts.command, home=facts.home, branches=branches)
    if found is None:
        return _quiet(Step.DENYLIST, facts, "no entry matches")
    why, matched = found
    return TraceEntry(
        step=Step.DENYLIST, verdict=Verdict.ASK, rule=f"{why}, which needs a person", matched=matched
    )


def allowlist(facts: CallFacts, policy: Policy) -> TraceEntry:
    """Spare the question of `autonomy` where settings allow every command of the line."""
    if facts.command is None or not policy.command_allowlist:
        return _quiet(Step.ALLOWLIST, facts, "no entry is configured")
    match = allowed(policy.command_allowlist, _assessment(facts))
    if match is None:
        return _quiet(Step.ALLOWLIST, facts, "no entry allows all of it")
    return _told(Step.ALLOWLIST, Verdict.ALLOW, match, "is allowed")


def _assessment(facts: CallFacts) -> Assessment:
    return facts.assessment or _NOT_JUDGED


def _quiet(step: Step, facts: CallFacts, rule: str) -> TraceEntry:
    return TraceEntry(step=step, verdict=None, rule=_NO_COMMAND if facts.command is None else rule)


def _told(step: Step, verdict: Verdict, match: Match, what: str) -> TraceEntry:
    note = f", and {match.note}" if match.note else ""
    return TraceEntry(
        step=step,
        verdict=verdict,
        rule=f"`{_short(match.entry)}` {what}{note}",
        level=match.entry.source.level,
        file=place_of(match.entry.source),
        matched=match.matched or None,
    )


def place_of(source: Source) -> str | None:
    """The file that a rule stands in, with its line."""
    if source.file is None or source.line is None:
        return source.file
    return f"{source.file}:{source.line}"


def _short(entry: ListEntry) -> str:
    text = "".join(char if char.isprintable() else " " for char in entry.text)
    return text if len(text) <= 100 else text[:99] + "…"
