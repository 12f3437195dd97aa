"""Takes the tool calls of one model answer through the gate and runs them.

Calls that only read run side by side; a call that changes something waits for those before it and runs
alone. Whatever happens, each call ends with one result, since the model is owed one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from droid.domain.decisions import Decision, Step
from droid.domain.errors import ToolFailed
from droid.domain.events import DecisionMade, ToolProposed
from droid.domain.levels import Verdict
from droid.domain.messages import ToolCallPart
from droid.domain.tools import ToolResult
from droid.engine.approval_requests import settle
from droid.engine.assessments import LONG_CHARACTERS, prepare
from droid.engine.core import SessionCore
from droid.engine.facts import CheckedCall, Gathered, gather, parsed_arguments
from droid.engine.taint_facts import with_destinations
from droid.engine.tool_runs import finish, run_call
from droid.safety.facts import CallFacts
from droid.safety.shown_lines import on_one_line

_TITLE_CHARACTERS = 300
_MAX_AT_ONCE = 16
"""Of thousands, the beginnings alone would keep the loop from everything else for seconds."""
_NEEDED_PERSON = "an earlier call needed a person"


@dataclass(slots=True)
class StepOutcome:
    """What a step's calls came to.

    Attributes:
        results: `(tool, arguments, result text)` in the order of the calls.
        needs_person: Why the turn must end: a call needed a person and there is none.
    """

    results: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    needs_person: str | None = None


class ToolCallRunner:
    """Runs calls for one session."""

    def __init__(self, core: SessionCore) -> None:
        self._core = core

    async def run(self, calls: Sequence[ToolCallPart]) -> StepOutcome:
        """Run the calls of one answer; returns when each has its result."""
        outcome = StepOutcome()
        texts: dict[int, str] = {}
        for group in self._groups(calls):
            self._core.check_cancelled()
            if outcome.needs_person is not None or self._core.hooks.stop is not None:
                why = "a hook ended the turn" if outcome.needs_person is None else _NEEDED_PERSON
                for index in group:
                    texts[index] = self._not_run(calls[index], why)
                continue
            texts |= await self._side_by_side(calls, group, outcome)
        outcome.results = [(c.name, c.arguments, texts[i]) for i, c in enumerate(calls)]
        return outcome

    async def _side_by_side(
        self, calls: Sequence[ToolCallPart], group: list[int], outcome: StepOutcome
    ) -> dict[int, str]:
        room = asyncio.Semaphore(_MAX_AT_ONCE)

        async def one(call: ToolCallPart) -> str:
            async with room:
                return await self._one(call, outcome)

        try:
            async with asyncio.TaskGroup() as tasks:
                running = {
                    index: tasks.create_task(one(calls[index]), name=f"tool:{calls[index].call_id}")
                    for index in group
                }
        except BaseExceptionGroup as failures:
            # The loop above knows single errors; the first one tells what went wrong.
            raise failures.exceptions[0] from failures
        return {index: task.result() for index, task in running.items()}

    def _groups(self, calls: Sequence[ToolCallPart]) -> list[list[int]]:
        groups: list[list[int]] = []
        together = False
        for index, call in enumerate(calls):
            tool = self._core.tools.get(call.name)
            reads = tool is not None and tool.spec.only_looks
            if reads and together:
                groups[-1].append(index)
            else:
                groups.append([index])
            together = reads
        return groups

    def _not_run(self, call: ToolCallPart, why: str) -> str:
        self._propose(call, call.name)
        return self._refuse(call, f"Not run: {why}.")

    async def _one(self, call: ToolCallPart, outcome: StepOutcome) -> str:
        arguments, invalid = parsed_arguments(call.arguments)
        await self._prepare(call, arguments, invalid)
        gathered = self._gather(call, arguments, invalid)
        self._propose(call, gathered.title)
        decision, gathered = await self._decide(call, gathered)
        self._decided(call, decision)
        checked = gathered.checked(call, self._core.tools)
        if checked is None or decision.verdict is Verdict.DENY:
            return self._refuse(call, f"Denied: {decision.reason}.")
        if decision.verdict is Verdict.ALLOW:
            return await run_call(self._core, checked)
        return await self._with_a_person(checked, decision, outcome)

    async def _with_a_person(self, call: CheckedCall, decision: Decision, outcome: StepOutcome) -> str:
        async def judge_again() -> tuple[Decision, CallFacts]:
            facts = self._gather(call.part, call.facts.input, None).facts
            # Hooks have spoken of this very input; a program that is asked twice may do things twice.
            said = {entry.step: entry for entry in decision.trace if entry.step is Step.HOOKS}
            return await self._core.gate.decide(facts, self._core.policies_for, _no_rewrite, said=said)

        try:
            settled = await settle(self._core, call, decision, judge_again)
        except asyncio.CancelledError:
            self._refuse(call.part, "Cancelled before it was approved; it was not run.")
            raise
        except ToolFailed as error:
            # The change could not even be prepared, so there is nothing to approve.
            return self._refuse(call.part, str(error))
        self._decided(call.part, settled.decision)
        outcome.needs_person = outcome.needs_person or settled.needs_person
        if settled.decision.verdict is not Verdict.ALLOW:
            return self._refuse(call.part, settled.told)
        return await run_call(self._core, call, settled.approved, settled.part)

    async def _prepare(self, call: ToolCallPart, arguments: Mapping[str, Any], invalid: str | None) -> None:
        """Look at a long command before the facts are gathered, which must not take long."""
        core, tool = self._core, self._core.tools.get(call.name)
        if tool is None or invalid is not None or len(call.arguments) <= LONG_CHARACTERS:
            return
        try:
            command = tool.access(tool.validate(arguments)).command
        except Exception:
            # What is wrong with them is told where the facts are gathered.
            return
        real = core.ports.paths.real
        await prepare(command, real(core.state.cwd), real(core.ports.home), real(core.state.workspace))

    def _gather(self, call: ToolCallPart, arguments: Mapping[str, Any], invalid: str | None) -> Gathered:
        core = self._core
        tool = core.tools.get(call.name)
        unavailable = core.options.unavailable_tools.get(call.name)
        if tool is None:
            unavailable = f"there is no such tool; the tools are {', '.join(core.tools)}"
        gathered = gather(
            core.ports,
            core.options,
            call_id=call.call_id,
            name=call.name,
            tool=tool,
            arguments=arguments,
            invalid=invalid,
            unavailable=unavailable,
            cwd=core.state.cwd,
            workspace=core.state.workspace,
            autonomy=core.state.autonomy,
            policies_for=core.policies_for,
        )
        return with_destinations(core, gathered)

    async def _decide(self, call: ToolCallPart, gathered: Gathered) -> tuple[Decision, Gathered]:
        async def regather(arguments: Mapping[str, Any]) -> CallFacts:
            nonlocal gathered
            gathered = self._gather(call, arguments, None)
            return gathered.facts

        core = self._core
        decision, _ = await core.gate.decide(gathered.facts, core.policies_for, regather)
        return decision, gathered

    def _propose(self, call: ToolCallPart, title: str) -> None:
        # A tool's own titles are one line already; a name may be anything that a model can write.
        line = on_one_line(title)
        self._core.emit(
            ToolProposed(
                call_id=call.call_id,
                tool=call.name,
                arguments=call.arguments,
                title=line[:_TITLE_CHARACTERS],
            )
        )

    def _decided(self, call: ToolCallPart, decision: Decision) -> None:
        self._core.emit(DecisionMade(call_id=call.call_id, tool=call.name, decision=decision))

    def _refuse(self, call: ToolCallPart, text: str) -> str:
        return finish(self._core, call, ToolResult(text=text, is_error=True))


async def _no_rewrite(arguments: Mapping[str, Any]) -> CallFacts:
    raise ToolFailed("the call was rewritten after it had been approved")
