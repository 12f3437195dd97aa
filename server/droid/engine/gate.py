"""The one gate that every tool call passes, on every surface.

The verdict is pure: rules in `safety` look at facts that were gathered beforehand. Where several policies
hold (that of the folder, those of the files that a call names, the one that a turn began under), each step
says what the strictest of them says. A step whose answer needs the world (a hook is a program, a scanner
may read a diff) is a plug in its place; it may also rewrite the input, after which the facts are gathered
anew and the steps before it walk once more.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from droid.domain.decisions import Decision, Step, TraceEntry
from droid.domain.levels import Verdict
from droid.domain.policy import Policy
from droid.safety.facts import CallFacts
from droid.safety.rules import BUILTIN_RULES, SKIPPABLE, risk_of, skips_permissions
from droid.safety.verdicts import Walk, strictest


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A plug's answer; `input` replaces the call's arguments."""

    entry: TraceEntry
    input: Mapping[str, Any] | None = None


class GateStep(Protocol):
    """A step that needs the world."""

    async def judge(self, facts: CallFacts, policies: Sequence[Policy]) -> Ruling: ...


Regather = Callable[[Mapping[str, Any]], Awaitable[CallFacts]]
PoliciesOf = Callable[[CallFacts], Sequence[Policy]]


class Gate:
    """Decides tool calls.

    Args:
        plugs: Steps that replace the built-in rule of their place.
    """

    def __init__(self, plugs: Mapping[Step, GateStep] | None = None) -> None:
        self._plugs = dict(plugs or {})

    async def decide(
        self, facts: CallFacts, policies: PoliciesOf, regather: Regather
    ) -> tuple[Decision, CallFacts]:
        """Walk the steps. Returns the decision and the facts of the input that it holds for.

        Args:
            policies: Those that hold for a call; at least one.
        """
        decision, rewritten = await self._walk(facts, policies(facts))
        if rewritten is None:
            return decision, facts
        facts = await regather(rewritten)
        decision, again = await self._walk(facts, policies(facts))
        if again is not None:
            # Two rewrites could chase each other for ever, and no one has judged the last one.
            walk = Walk()
            for entry in decision.trace:
                walk.add(entry)
            walk.add(
                TraceEntry(
                    step=Step.HOOKS, verdict=Verdict.DENY, rule="the input was rewritten a second time"
                )
            )
            decision = walk.decision(facts.input, decision.risk)
        return decision, facts

    async def _walk(
        self, facts: CallFacts, policies: Sequence[Policy]
    ) -> tuple[Decision, Mapping[str, Any] | None]:
        walk = Walk()
        risk, _ = risk_of(facts)
        skips = all(skips_permissions(facts, policy) for policy in policies)
        skipped = SKIPPABLE if skips else frozenset[Step]()
        for step in Step:
            plug = self._plugs.get(step)
            if plug is None or step in skipped:
                rule = BUILTIN_RULES[step]
                goes_on = walk.add(strictest([rule(facts, policy) for policy in policies]))
            else:
                ruling = await plug.judge(facts, policies)
                goes_on = walk.add(ruling.entry)
                if goes_on and ruling.input is not None and ruling.input != facts.input:
                    return walk.decision(facts.input, risk), ruling.input
            if not goes_on:
                break
        return walk.decision(facts.input, risk), None
