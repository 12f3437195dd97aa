"""Runs the tool calls of one model answer.

Calls that only read run side by side; a call that changes something waits for those before it and runs
alone. Whatever happens, each call ends with one result, since the model is owed one.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from droid.domain.decisions import Answer, ApprovalRequest, Decision, Step, TraceEntry
from droid.domain.errors import LogWriteFailed, ToolFailed
from droid.domain.events import (
    CwdChanged,
    DecisionMade,
    FilesChanged,
    GrantAdded,
    TodosChanged,
    ToolFinished,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
)
from droid.domain.levels import SettingsLevel, Verdict
from droid.domain.messages import ToolCallPart
from droid.domain.ports import Tool, ToolContext
from droid.domain.tools import ToolInput, ToolResult
from droid.engine.agents_md import nested_rules
from droid.engine.core import SessionCore
from droid.engine.diffs import diff_of
from droid.engine.facts import Gathered, gather, parsed_arguments
from droid.engine.guarded_files import GuardedFiles, display_name
from droid.safety.facts import CallFacts
from droid.safety.grants import covers, described, grants_for

logger = logging.getLogger(__name__)

_SUBJECT_CHARACTERS = 20_000


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
            if outcome.needs_person is not None:
                for index in group:
                    texts[index] = self._not_run(calls[index])
                continue
            texts |= await self._side_by_side(calls, group, outcome)
        outcome.results = [(c.name, c.arguments, texts[i]) for i, c in enumerate(calls)]
        return outcome

    async def _side_by_side(
        self, calls: Sequence[ToolCallPart], group: list[int], outcome: StepOutcome
    ) -> dict[int, str]:
        try:
            async with asyncio.TaskGroup() as tasks:
                running = {
                    index: tasks.create_task(
                        self._one(calls[index], outcome), name=f"tool:{calls[index].call_id}"
                    )
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
            reads = tool is not None and tool.spec.read_only
            if reads and together:
                groups[-1].append(index)
            else:
                groups.append([index])
            together = reads
        return groups

    def _not_run(self, call: ToolCallPart) -> str:
        self._core.emit(
            ToolProposed(call_id=call.call_id, tool=call.name, arguments=call.arguments, title=call.name)
        )
        return self._finish(call, ToolResult(text="Not run: an earlier call needed a person.", is_error=True))

    async def _one(self, call: ToolCallPart, outcome: StepOutcome) -> str:
        core = self._core
        tool = core.tools.get(call.name)
        arguments, invalid = parsed_arguments(call.arguments)
        gathered = self._gather(call, tool, arguments, invalid)
        title = tool.title(gathered.input) if tool and gathered.input else call.name
        core.emit(
            ToolProposed(call_id=call.call_id, tool=call.name, arguments=call.arguments, title=title[:300])
        )
        decision, gathered = await self._decide(call, tool, gathered)
        core.emit(DecisionMade(call_id=call.call_id, tool=call.name, decision=decision))
        rejection: str | None = None
        if decision.verdict is Verdict.ASK and tool is not None and gathered.input is not None:
            try:
                decision, rejection = await self._ask(call, tool, gathered, decision, outcome)
            except asyncio.CancelledError:
                self._finish(call, ToolResult(text="Cancelled by the person.", is_error=True))
                raise
            except ToolFailed as error:
                # The change could not even be prepared, so there is nothing to approve.
                return self._finish(call, ToolResult(text=str(error), is_error=True))
            core.emit(DecisionMade(call_id=call.call_id, tool=call.name, decision=decision))
        if decision.verdict is not Verdict.ALLOW or tool is None or gathered.input is None:
            text = rejection or f"Denied: {decision.reason}."
            return self._finish(call, ToolResult(text=text, is_error=True))
        return await self._run(call, tool, gathered.input, gathered.facts)

    def _gather(
        self, call: ToolCallPart, tool: Tool | None, arguments: Mapping[str, Any], invalid: str | None
    ) -> Gathered:
        core = self._core
        unavailable = core.options.unavailable_tools.get(call.name)
        if tool is None:
            unavailable = f"there is no such tool; the tools are {', '.join(core.tools)}"
        return gather(
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
        )

    async def _decide(
        self, call: ToolCallPart, tool: Tool | None, gathered: Gathered
    ) -> tuple[Decision, Gathered]:
        async def regather(arguments: Mapping[str, Any]) -> CallFacts:
            nonlocal gathered
            gathered = self._gather(call, tool, arguments, None)
            return gathered.facts

        gate = self._core.ports.gate
        decision, _ = await gate.decide(gathered.facts, self._core.ports.policy(), regather)
        return decision, gathered

    async def _ask(
        self, call: ToolCallPart, tool: Tool, gathered: Gathered, decision: Decision, outcome: StepOutcome
    ) -> tuple[Decision, str | None]:
        """Turn an ask into an allow or a deny; returns it with what the model is told of a deny."""
        core, facts = self._core, gathered.facts
        if core.options.dry_run:
            return _answered(decision, Verdict.ALLOW, "a dry run changes nothing"), None
        if covers(core.state.grants, facts):
            return _answered(decision, Verdict.ALLOW, "allowed for this session by the person"), None
        if not core.options.interactive:
            reason = f"{decision.reason}; nobody can be asked here"
            if core.options.stop_on_ask:
                outcome.needs_person = f"{call.name} needs a person: {decision.reason}"
            return _answered(decision, Verdict.DENY, "nobody can be asked"), f"Denied: {reason}."
        request = await self._request(call, tool, gathered, decision)
        answer, instruction = await core.approvals.ask(request)
        if answer is Answer.SESSION:
            for granted_tool, key in sorted(grants_for(facts)):
                core.emit(GrantAdded(tool=granted_tool, key=key))
        if answer in (Answer.ONCE, Answer.SESSION):
            # The person took their time: judge the world as it is now.
            again, _ = await core.ports.gate.decide(
                self._gather(call, tool, facts.input, None).facts, core.ports.policy(), _no_rewrite
            )
            if again.verdict is Verdict.DENY:
                return again, None
            return _answered(decision, Verdict.ALLOW, "approved by the person"), None
        denied = _answered(decision, Verdict.DENY, "rejected by the person")
        if instruction:
            return denied, f"The person rejected this call and says: {instruction}"
        return denied, "The person rejected this call. Do not try the same another way; ask what they want."

    async def _request(
        self, call: ToolCallPart, tool: Tool, gathered: Gathered, decision: Decision
    ) -> ApprovalRequest:
        core, facts = self._core, gathered.facts
        diff = await self._preview(call, tool, gathered.input, facts) if gathered.input else ""
        grant = described(facts)
        options = (Answer.ONCE, Answer.SESSION, Answer.REJECT, Answer.INSTRUCT)
        core.asked += 1
        return ApprovalRequest(
            approval_id=f"{core.state.session_id}:{core.turn_id}.{core.asked}",
            call_id=call.call_id,
            tool=call.name,
            subject=_subject(facts, core.state.workspace),
            cwd=str(core.state.cwd),
            risk=decision.risk,
            reason=decision.reason,
            options=options if grant else tuple(o for o in options if o is not Answer.SESSION),
            session_grant=grant,
            diff=diff or None,
        )

    async def _preview(self, call: ToolCallPart, tool: Tool, call_input: ToolInput, facts: CallFacts) -> str:
        """The diff of what a call would change; empty where that cannot be told beforehand."""
        if not facts.writes:
            return ""
        files = GuardedFiles(
            self._core.ports.files, self._core.ports.blobs, self._core.ports.paths, facts, read_only=True
        )
        context = self._context(call, files)
        diffs: list[str] = []
        for change in await tool.preview(call_input, context):
            try:
                before: bytes | None = (await files.read(change.path)).data
            except FileNotFoundError:
                before = None
            name = display_name(change.path, self._core.state.workspace)
            diffs.append((await asyncio.to_thread(diff_of, name, before, change.data)).text)
        return "".join(diffs)

    async def _run(self, call: ToolCallPart, tool: Tool, call_input: ToolInput, facts: CallFacts) -> str:
        core = self._core
        clock = core.ports.clock
        if core.options.dry_run and not tool.spec.read_only:
            return await self._dry_run(call, tool, call_input, facts)
        files = GuardedFiles(core.ports.files, core.ports.blobs, core.ports.paths, facts)
        # On disk before anything starts: an action without its record must not happen.
        core.emit(ToolStarted(call_id=call.call_id, tool=call.name))
        began = clock.monotonic()
        try:
            if facts.command is not None:
                await self._save_changed_buffers()
            result = await tool.run(call_input, self._context(call, files))
            result = replace(result, text=result.text + await nested_rules(core, facts))
        except asyncio.CancelledError:
            self._report_changes(call, files)
            interrupted = ToolResult(text="Cancelled by the person before it finished.", is_error=True)
            self._finish(call, interrupted, clock.monotonic() - began)
            raise
        except LogWriteFailed:
            raise
        except ToolFailed as error:
            result = ToolResult(text=str(error), is_error=True)
        except OSError as error:
            result = ToolResult(text=f"{call.name} failed: {error}", is_error=True)
        except Exception as error:
            # A bug in one tool is that call's failure, told to both sides, never the turn's end.
            logger.exception("tool %s failed", call.name)
            result = ToolResult(text=f"{call.name} failed inside: {type(error).__name__}", is_error=True)
        self._report_changes(call, files)
        if result.cwd is not None and Path(result.cwd) != core.state.cwd:
            core.emit(CwdChanged(cwd=result.cwd))
        if result.todos is not None:
            core.emit(TodosChanged(todos=result.todos))
        return self._finish(call, result, clock.monotonic() - began)

    async def _dry_run(self, call: ToolCallPart, tool: Tool, call_input: ToolInput, facts: CallFacts) -> str:
        if facts.command is not None:
            text = "Dry run: the command was not run."
        else:
            try:
                diff = await self._preview(call, tool, call_input, facts)
            except ToolFailed as error:
                return self._finish(call, ToolResult(text=str(error), is_error=True))
            text = f"Dry run: nothing was changed.\n{diff}"
        return self._finish(call, ToolResult(text=text))

    async def _save_changed_buffers(self) -> None:
        """A command sees the disk, so what the agent changed in open buffers must be there."""
        core = self._core
        changed = {Path(c.path) for changes in core.state.changes.values() for c in changes if c.in_editor}
        if not changed:
            return
        unsaved = await core.ports.files.unsaved(sorted(changed))
        if unsaved and (left := await core.ports.files.save(unsaved)):
            names = ", ".join(display_name(path, core.state.workspace) for path in left)
            raise ToolFailed(
                f"not run: {names} has changes in the editor that are not saved, so the command would "
                "not see them; ask the person to save"
            )

    def _context(self, call: ToolCallPart, files: GuardedFiles) -> ToolContext:
        core = self._core

        async def ask(text: str, options: Sequence[str]) -> str | None:
            return await core.ask_person(call.call_id, text, options)

        profile = core.ports.policy().models.get(core.state.model)
        return ToolContext(
            session_id=core.state.session_id,
            call_id=call.call_id,
            workspace=core.state.workspace,
            cwd=core.state.cwd,
            files=files,
            processes=core.ports.processes,
            ledger=core.ledger,
            jobs=core.jobs,
            artifacts=core.ports.artifacts,
            emit=lambda text: core.emit(ToolOutputDelta(call_id=call.call_id, text=text)),
            ask=ask,
            supports_images=profile.supports_images if profile else True,
        )

    def _report_changes(self, call: ToolCallPart, files: GuardedFiles) -> None:
        if files.changes:
            self._core.emit(FilesChanged(call_id=call.call_id, changes=tuple(files.changes)))

    def _finish(self, call: ToolCallPart, result: ToolResult, duration_s: float = 0.0) -> str:
        self._core.emit(
            ToolFinished(call_id=call.call_id, tool=call.name, result=result, duration_s=duration_s)
        )
        return result.text


async def _no_rewrite(arguments: Mapping[str, Any]) -> CallFacts:
    raise ToolFailed("the call was rewritten after it had been approved")


def _answered(decision: Decision, verdict: Verdict, rule: str) -> Decision:
    """The decision with the person's answer at the end of its trace."""
    asked = decision.deciding
    step = asked.step if asked else Step.AUTONOMY
    entry = TraceEntry(step=step, verdict=verdict, rule=rule, level=SettingsLevel.RUNTIME)
    return replace(decision, verdict=verdict, trace=(*decision.trace, entry))


def _subject(facts: CallFacts, workspace: Path) -> str:
    """Exactly what a person is asked about: the command, or every file."""
    if facts.command is not None:
        return facts.command
    if facts.writes:
        return "\n".join(display_name(Path(path.real), workspace) for path in facts.writes)
    return json.dumps(facts.input, ensure_ascii=False, indent=2)[:_SUBJECT_CHARACTERS]
