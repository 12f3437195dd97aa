"""The gate's step `hooks`: `PreToolUse` for every call, `PreGit` for each git subcommand in it that changes
history or a remote.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.domain.decisions import Step, TraceEntry
from droid.domain.hooks import HookCall, HookEvent, HookOutcome, HookReply
from droid.domain.levels import AutonomyLevel, Risk, Verdict
from droid.domain.policy import HookRule, Policy
from droid.engine.gate import Ruling
from droid.engine.hook_points import HookPoints
from droid.safety.verdicts import strictest

if TYPE_CHECKING:
    from droid.safety.commands.model import Assessment
    from droid.safety.facts import CallFacts

_VERBS = {Verdict.ALLOW: "allows", Verdict.ASK: "asks about", Verdict.DENY: "denies"}
_COMMAND_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class HookStep:
    """A `GateStep`.

    Attributes:
        points: The session's hooks.
        spoken: Hooks that have rewritten this call and are not asked about what they made of it.
        said: What they said.
        within: The highest risk that an `allow` of theirs covers.
    """

    points: HookPoints
    spoken: frozenset[tuple[str, str]] = frozenset()
    said: TraceEntry | None = None
    within: AutonomyLevel = AutonomyLevel.HIGH

    async def judge(self, facts: "CallFacts", policies: Sequence[Policy]) -> Ruling:
        rules = self.points.rules(HookEvent.PRE_TOOL_USE, HookEvent.PRE_GIT, policies=policies)
        rules = [rule for rule in rules if (rule.event, rule.command) not in self.spoken]
        if not rules:
            from droid.safety.rules import BUILTIN_RULES

            nothing = BUILTIN_RULES[Step.HOOKS](facts, policies[0])
            return Ruling(entry=_capped(self.said, self.within, facts) if self.said else nothing)
        outcome = await self.points.run(list(self._calls(facts, rules)), rules)
        if outcome.context:
            self.points.notes.setdefault(facts.call_id, []).extend(outcome.context)
        within = outcome.deciding.rule.within if outcome.deciding is not None else AutonomyLevel.HIGH
        entry = _capped(_entry(outcome), within, facts)
        if self.said is not None:
            entry = _stricter(_capped(self.said, self.within, facts), entry)
        if entry.verdict is Verdict.DENY or outcome.updated_input is None:
            return Ruling(entry=entry)
        return _rewritten(self, facts, outcome, entry)

    def _calls(self, facts: "CallFacts", rules: Sequence[HookRule]) -> list[HookCall]:
        fields: dict[str, Any] = {"tool_name": facts.tool, "tool_input": dict(facts.input)}
        if facts.command is not None:
            from droid.safety.rules import risk_of

            risk, why = risk_of(facts)
            reasons = facts.assessment.reasons if facts.assessment is not None else (why,)
            fields["risk"] = {"level": risk.value, "reasons": list(reasons)}
        events = {rule.event for rule in rules}
        calls: list[HookCall] = []
        if HookEvent.PRE_TOOL_USE in events:
            calls.append(
                self.points.call(
                    HookEvent.PRE_TOOL_USE,
                    subjects=(facts.tool,),
                    fields=fields,
                    **_of(facts, rules),
                )
            )
        if HookEvent.PRE_GIT in events:
            calls += pre_git_calls(self.points, facts.assessment, fields, **_of(facts, rules))
        return calls


def pre_git_calls(
    points: HookPoints, assessment: "Assessment | None", fields: Mapping[str, Any], *, cwd: Path, **more: Any
) -> list[HookCall]:
    """A call of `PreGit` for each git subcommand of a line that changes history or a remote.

    Args:
        fields: What `PreToolUse` is told too.
        cwd: Where the line starts.
        more: Further fields of `HookCall`.
    """
    from droid.safety.git_calls import git_calls

    return [
        points.call(
            HookEvent.PRE_GIT,
            subjects=one.names if one.is_known else (),
            fields={
                **fields,
                "git": {
                    "subcommand": one.subcommand,
                    "args": list(one.args),
                    "branch": one.branch,
                    "remote": one.remote,
                },
            },
            git_folder=None if one.elsewhere or one.folder is None else cwd / one.folder,
            cwd=cwd,
            **more,
        )
        for one in git_calls(assessment)
    ]


def resolved_for(rules: Iterable[HookRule], facts: "CallFacts") -> tuple[tuple[str, ...], ...] | None:
    """What really runs by a call's command, where hooks look at that."""
    if facts.command is None or not any(rule.command_regex for rule in rules):
        return ()
    from droid.safety.command_texts import readings_of

    return readings_of(facts.assessment)


def _of(facts: "CallFacts", rules: Sequence[HookRule]) -> dict[str, Any]:
    """What a call of hooks takes from the facts as it is."""
    return {
        "command": facts.command,
        "resolved": resolved_for(rules, facts),
        "call_id": facts.call_id,
        "cwd": Path(facts.cwd),
        "autonomy": facts.autonomy,
    }


def _rewritten(step: HookStep, facts: "CallFacts", outcome: HookOutcome, entry: TraceEntry) -> Ruling:
    from droid.engine.facts import parsed_arguments

    merged = {**facts.input, **(outcome.updated_input or {})}
    _, problem = parsed_arguments(json.dumps(merged))
    if problem is not None:
        rule = f"a hook made an input of it that cannot be used: {problem}"
        return Ruling(entry=TraceEntry(step=Step.HOOKS, verdict=Verdict.DENY, rule=rule))
    rewriters = [reply for reply in outcome.replies if reply.key in outcome.rewriters]
    sequel = HookStep(
        step.points,
        step.spoken | outcome.rewriters,
        strictest(list(map(_said, rewriters))),
        min(reply.rule.within for reply in rewriters),
    )
    return Ruling(entry=entry, input=merged, sequel=sequel)


def _said(reply: HookReply) -> TraceEntry:
    """What a hook that rewrote said, of its own text."""
    name = reply.rule.command[:_COMMAND_CHARACTERS]
    what = f"{_VERBS[reply.verdict]} it" if reply.verdict is not None else "rewrote it"
    return TraceEntry(
        step=Step.HOOKS,
        verdict=reply.verdict,
        rule=f"the hook `{name}` {what}",
        level=reply.rule.source.level,
        file=reply.rule.source.file,
        matched=reply.reason or None,
    )


def _entry(outcome: HookOutcome) -> TraceEntry:
    if outcome.stop is not None:
        rule = f"a hook ended the turn: {outcome.stop}"
        return TraceEntry(step=Step.HOOKS, verdict=Verdict.DENY, rule=rule)
    reply = outcome.deciding
    if reply is None or outcome.verdict is None:
        rule = "no hook objects" if outcome.replies else "no hook is for this call"
        return TraceEntry(step=Step.HOOKS, verdict=None, rule=rule)
    source = reply.rule.source
    name = reply.rule.command[:_COMMAND_CHARACTERS]
    return TraceEntry(
        step=Step.HOOKS,
        verdict=outcome.verdict,
        rule=f"the hook `{name}` {_VERBS[outcome.verdict]} it",
        level=source.level,
        file=source.file,
        matched=outcome.reason or None,
    )


def _capped(entry: TraceEntry, within: AutonomyLevel, facts: "CallFacts") -> TraceEntry:
    """What a hook says, whose `allow` is none of what is riskier than the levels above its own let run."""
    if entry.verdict is not Verdict.ALLOW or within is AutonomyLevel.HIGH:
        return entry
    from droid.safety.rules import risk_of

    risk, _ = risk_of(facts)
    if within is not AutonomyLevel.OFF and risk <= Risk(within.value):
        return entry
    return replace(
        entry, verdict=None, rule=f"{entry.rule}, but a maxAutonomyLevel of {within} is set above it"
    )


def _stricter(earlier: TraceEntry, entry: TraceEntry) -> TraceEntry:
    """Of what the rewriting hooks and the others say: any verdict beats none, and the strictest counts."""
    if entry.verdict is None:
        return earlier
    return earlier if earlier.verdict is not None and earlier.verdict > entry.verdict else entry
