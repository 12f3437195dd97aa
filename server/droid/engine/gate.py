"""The one gate that every tool call passes, on every surface.

The verdict is pure: rules in `safety` look at facts that were gathered beforehand. Where several policies
hold (that of the folder, those of the files that a call names, the one that a turn began under), each step
says what the strictest of them says. A step whose answer needs the world (a hook is a program, a scanner
may read a diff) is a plug in its place; it may also rewrite the input, after which the facts are gathered
anew and the steps before it walk once more.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from droid.domain.decisions import Decision, Step, TraceEntry
from droid.domain.levels import Verdict
from droid.domain.policy import Policy
from droid.safety.verdicts import Walk, strictest

if TYPE_CHECKING:
    from droid.safety.facts import CallFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A plug's answer.

    Attributes:
        input: Replaces the call's arguments.
        sequel: Judges in the plug's place what it has rewritten; None lets the plug do so itself.
    """

    entry: TraceEntry
    input: Mapping[str, Any] | None = None
    sequel: "GateStep | None" = None


class GateStep(Protocol):
    """A step that needs the world."""

    async def judge(self, facts: "CallFacts", policies: Sequence[Policy]) -> Ruling: ...


Regather = Callable[[Mapping[str, Any]], Awaitable["CallFacts"]]
PoliciesOf = Callable[["CallFacts"], Sequence[Policy]]


class Gate:
    """Decides tool calls.

    Args:
        plugs: Steps that replace the built-in rule of their place.
    """

    def __init__(self, plugs: Mapping[Step, GateStep] | None = None) -> None:
        self._plugs = dict(plugs or {})

    def plus(self, step: Step, plug: GateStep) -> "Gate":
        """The same gate with one more plug."""
        return Gate({**self._plugs, step: plug})

    async def decide(
        self,
        facts: "CallFacts",
        policies: PoliciesOf,
        regather: Regather,
        *,
        said: Mapping[Step, TraceEntry] | None = None,
    ) -> tuple[Decision, "CallFacts"]:
        """Walk the steps. Returns the decision and the facts of the input that it holds for.

        Args:
            policies: Those that hold for a call; at least one.
            said: What steps have said of this very input before, and are not asked again.
        """
        plugs = {**self._plugs, **{step: _Said(entry) for step, entry in (said or {}).items()}}
        rewritten = set[Step]()
        while True:
            decision, ruling = await self._walk(facts, policies(facts), plugs)
            if ruling is None or ruling.input is None:
                return decision, facts
            step = ruling.entry.step
            if step in rewritten:
                # Two rewrites could chase each other for ever, and no one has judged the last one.
                return _denied(decision, step), facts
            rewritten.add(step)
            if ruling.sequel is not None:
                plugs[step] = ruling.sequel
            facts = await regather(ruling.input)

    async def _walk(
        self, facts: "CallFacts", policies: Sequence[Policy], plugs: Mapping[Step, GateStep]
    ) -> tuple[Decision, Ruling | None]:
        """The decision, and the ruling that rewrites the input, after which it is none."""
        # The rules know shell and git: a session begins without them.
        from droid.safety.rules import BUILTIN_RULES, SKIPPABLE, risk_of, skips_permissions

        walk = Walk()
        risk, _ = risk_of(facts)
        skips = all(skips_permissions(facts, policy) for policy in policies)
        skipped = SKIPPABLE if skips else frozenset[Step]()
        for step in Step:
            plug = plugs.get(step)
            if plug is None or step in skipped:
                rule = BUILTIN_RULES[step]
                goes_on = walk.add(strictest([rule(facts, policy) for policy in policies]))
            else:
                ruling = await plug.judge(facts, policies)
                goes_on = walk.add(ruling.entry)
                if goes_on and ruling.input is not None and ruling.input != facts.input:
                    return walk.decision(facts.input, risk), ruling
            if not goes_on:
                break
        return walk.decision(facts.input, risk), None


@dataclass(frozen=True, slots=True)
class _Said:
    """A step that keeps to what it said before."""

    entry: TraceEntry

    async def judge(self, facts: "CallFacts", policies: Sequence[Policy]) -> Ruling:
        return Ruling(entry=self.entry)


def _denied(decision: Decision, step: Step) -> Decision:
    walk = Walk()
    for entry in decision.trace:
        walk.add(entry)
    rule = "the input was rewritten a second time"
    walk.add(TraceEntry(step=step, verdict=Verdict.DENY, rule=rule))
    return walk.decision(decision.input, decision.risk)
