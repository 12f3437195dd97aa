"""Hooks of a session without programs: what is asked when, and what nobody waits for."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.fakes.hooks import NoHooks, ScriptedHooks
from tests.fakes.policies import FixedPolicies
from tests.unit.engine.cores import new_core, new_ports
from tests.unit.hooks.rules import ORG, rule
from tests.unit.safety.facts import call_facts

from droid.domain.decisions import Step, TraceEntry
from droid.domain.events import HookRan, Warned
from droid.domain.hooks import HookCall, HookEvent, HookOutcome, HookReply
from droid.domain.levels import Verdict
from droid.domain.policy import Policy
from droid.engine.core import SessionCore
from droid.engine.gate import Gate, Ruling
from droid.engine.hook_step import HookStep
from droid.engine.lifecycle_hooks import IDLE_S, notify, watch_idle
from droid.safety.facts import CallFacts

NOTIFICATION, PRE = HookEvent.NOTIFICATION, HookEvent.PRE_TOOL_USE


@dataclass
class StoppedClock:
    """Time that stands still until it is moved."""

    waits: list[float] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        return 1.0

    def monotonic(self) -> float:
        return 1.0

    async def sleep(self, delay_s: float) -> None:
        self.waits.append(delay_s)
        await self.moved.wait()


def core_with(hooks: ScriptedHooks, *policies: Policy, **ports: Any) -> SessionCore:
    source = FixedPolicies(policies[0])
    source.all_of = lambda cwd, paths: policies  # type: ignore[method-assign]
    return new_core(ports=new_ports(hooks=hooks, policies=source, **ports))


def with_hooks(*rules: Any) -> Policy:
    return Policy(hooks=rules)


async def test_without_hooks_nothing_is_asked_and_nothing_runs_beside() -> None:
    core = new_core(ports=new_ports(hooks=NoHooks()))
    for event in HookEvent:
        assert await core.hooks.ask(event) == HookOutcome()
    notify(core, "x")
    watch_idle(core)
    assert not core.hooks.busy
    facts = call_facts()
    ruling = await HookStep(core.hooks).judge(facts, [Policy()])
    assert (ruling.entry.verdict, ruling.entry.rule) == (None, "no hook is configured")


async def test_hooks_of_all_policies_that_hold_are_asked_each_once() -> None:
    hooks = ScriptedHooks()
    one, both, other = rule(command="one"), rule(command="both"), rule(command="other", level=ORG)
    core = core_with(hooks, with_hooks(one, both), with_hooks(both, other))
    await core.hooks.ask(PRE)
    assert hooks.rules == [[one, both, other]]


async def test_what_hooks_said_is_an_event_and_what_is_for_the_person_a_warning() -> None:
    said = rule(NOTIFICATION, "say")
    reply = HookReply(rule=said, event=NOTIFICATION, message="look", error="broke", exit_code=1)
    core = core_with(ScriptedHooks(lambda _: HookOutcome(replies=(reply,))), with_hooks(said))
    await core.hooks.ask(NOTIFICATION)
    events = [record.event for record in core.state.records]
    ran = next(event for event in events if isinstance(event, HookRan))
    assert (ran.event, ran.command, ran.file, ran.error) == ("Notification", "say", said.source.file, "broke")
    assert [event.message for event in events if isinstance(event, Warned)] == [
        "Notification hook: look",
        "Notification hook: `say` broke",
    ]


async def test_a_minute_without_a_prompt_is_told_once_and_a_turn_before_that_ends_the_wait() -> None:
    hooks, clock = ScriptedHooks(), StoppedClock()
    core = core_with(hooks, with_hooks(rule(NOTIFICATION)), clock=clock)
    watch_idle(core)
    await asyncio.sleep(0)
    assert (clock.waits, core.hooks.busy) == ([IDLE_S], True)
    core.hooks.new_turn()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (core.hooks.busy, hooks.calls) == (False, [])
    watch_idle(core)
    clock.moved.set()
    while core.hooks.busy:
        await asyncio.sleep(0)
    assert [call.fields["message"] for call in hooks.calls] == ["Droid is waiting for your input"]


async def test_what_nobody_waits_for_ends_with_the_session() -> None:
    core = core_with(ScriptedHooks(), with_hooks(rule(NOTIFICATION)), clock=StoppedClock())
    watch_idle(core)
    await asyncio.sleep(0)
    await core.hooks.close()
    assert not core.hooks.busy


def rewriting(**fields: Any) -> HookOutcome:
    reply = HookReply(rule=rule(command="rewrite"), event=PRE, updated_input=fields, verdict=Verdict.ALLOW)
    return HookOutcome(
        replies=(reply,),
        verdict=Verdict.ALLOW,
        deciding=reply,
        updated_input=fields,
        rewriters=frozenset({reply.key}),
    )


@pytest.mark.parametrize(
    ("other", "verdict"),
    [(None, Verdict.ALLOW), (Verdict.ALLOW, Verdict.ALLOW), (Verdict.ASK, Verdict.ASK), (Verdict.DENY, Verdict.DENY)],
)  # fmt: skip
async def test_the_hook_that_rewrote_keeps_its_word_and_the_others_judge_what_it_made(
    other: Verdict | None, verdict: Verdict
) -> None:
    asked = rule(command="other")

    def answer(call: HookCall) -> HookOutcome:
        if call.fields["tool_input"] == {"command": "a"}:
            return rewriting(command="b")
        reply = HookReply(rule=asked, event=PRE, verdict=other)
        return HookOutcome(replies=(reply,), verdict=other, deciding=None if other is None else reply)

    hooks = ScriptedHooks(answer)
    policy = with_hooks(rule(command="rewrite"), asked)
    core = core_with(hooks, policy)

    async def regather(arguments: Any) -> CallFacts:
        return call_facts("Execute", input=arguments, access_is_complete=True)

    gate = Gate({Step.HOOKS: HookStep(core.hooks)})
    first = call_facts("Execute", input={"command": "a"}, access_is_complete=True)
    decision, facts = await gate.decide(first, lambda _: [policy], regather)
    assert facts.input == {"command": "b"}
    assert next(entry for entry in decision.trace if entry.step is Step.HOOKS).verdict is verdict
    assert [[one.command for one in rules] for rules in hooks.rules] == [["rewrite", "other"], ["other"]]


class Plug:
    """A step that rewrites to the inputs given, one after the other."""

    def __init__(self, step: Step, *inputs: Any) -> None:
        self.step, self.inputs = step, list(inputs)

    async def judge(self, facts: CallFacts, policies: Any) -> Ruling:
        entry = TraceEntry(step=self.step, verdict=None, rule="looked")
        return Ruling(entry=entry, input=self.inputs.pop(0) if self.inputs else None)


async def test_each_step_may_rewrite_once() -> None:
    async def regather(arguments: Any) -> CallFacts:
        return call_facts(input=arguments)

    async def decide(*plugs: Plug) -> tuple[Verdict, Any]:
        gate = Gate({plug.step: plug for plug in plugs})
        decision, facts = await gate.decide(call_facts(), lambda _: [Policy()], regather)
        return decision.verdict, facts.input

    shield, hooks = Plug(Step.SHIELD, {"a": 1}), Plug(Step.HOOKS, {"a": 2})
    assert await decide(shield, hooks) == (Verdict.ALLOW, {"a": 2})
    assert (await decide(Plug(Step.SHIELD, {"a": 1}, {"a": 3}), Plug(Step.HOOKS)))[0] is Verdict.DENY
    assert (await decide(Plug(Step.SHIELD), Plug(Step.HOOKS, {"a": 1}, {"a": 3})))[0] is Verdict.DENY


async def test_a_step_that_has_spoken_of_this_input_is_not_asked_again() -> None:
    said = TraceEntry(step=Step.HOOKS, verdict=Verdict.DENY, rule="no")
    plug = Plug(Step.HOOKS, {"a": 1})

    async def regather(arguments: Any) -> CallFacts:
        raise AssertionError

    decision, _ = await Gate({Step.HOOKS: plug}).decide(
        call_facts(), lambda _: [Policy()], regather, said={Step.HOOKS: said}
    )
    assert (decision.verdict, len(plug.inputs)) == (Verdict.DENY, 1)
