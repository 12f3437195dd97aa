"""Runs one call that may run, and tells what came of it.

A tool's failure is a result for the model, never an exception out of the loop: only a cancel, and a
transcript that cannot be written, end more than the call.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from droid.domain.errors import LogWriteFailed, ToolFailed
from droid.domain.events import CwdChanged, FilesChanged, TodosChanged, ToolFinished, ToolStarted
from droid.domain.files import FileWrite
from droid.domain.messages import ToolCallPart
from droid.domain.ports import RunningProcess
from droid.domain.tools import ToolResult
from droid.engine.after_call import after_call
from droid.engine.agents_md import nested_rules
from droid.engine.approval_requests import preview
from droid.engine.command_checkpoint import CommandCheckpoint
from droid.engine.core import SessionCore, is_being_cancelled
from droid.engine.facts import CheckedCall
from droid.engine.file_changes import display_name
from droid.engine.guarded_files import GuardedFiles
from droid.engine.partial_writes import AcceptedPart, write_part
from droid.engine.result_text import as_data, text_will_enter
from droid.engine.strays import CallScope
from droid.engine.tool_context import tool_context

logger = logging.getLogger(__name__)

_INTERRUPTED = ToolResult(text="Cancelled before it finished; look at what it left behind.", is_error=True)


async def run_call(
    core: SessionCore,
    call: CheckedCall,
    approved: Sequence[FileWrite] | None = None,
    part: AcceptedPart | None = None,
) -> str:
    """Run it; returns the text that the model is given.

    Args:
        approved: The only file changes that it may make; None where nobody was shown any.
        part: The hunks of its changes that alone are written; None: all.
    """
    if core.options.dry_run and not call.tool.spec.only_looks:
        return finish(core, call.part, await _dry_run(core, call))
    clock, turn_id = core.ports.clock, core.turn_id
    run = _Run(core, call, approved, part)
    changes, jobs = not call.tool.spec.only_looks, dict(core.jobs)
    text_will_enter(core, call)
    # On disk before anything starts: an action without its record must not happen.
    core.emit(ToolStarted(call_id=call.part.call_id, tool=call.part.name))
    began = clock.monotonic()

    def ended_late() -> None:
        run.tell_late(turn_id)
        run.compare_late(turn_id)
        if changes:
            _call_ended(core, jobs)

    if changes:
        core.ports.policies.call_began()
    try:
        await core.strays.run(run.work(), run.scope, name=f"tool {call.part.name}", ended_late=ended_late)
    finally:
        if changes and not run.scope.left:
            _call_ended(core, jobs)
        # Where a cancel came in between, what was done by then is told all the same.
        run.tell()
        if not run.scope.left:
            run.compare_late(turn_id)
        finish(core, call.part, run.result, clock.monotonic() - began)
    return run.result.text


def _call_ended(core: SessionCore, before: Mapping[str, RunningProcess]) -> None:
    """A call is over for policy files once what it has started in the background is, too."""
    started = [job for name, job in core.jobs.items() if before.get(name) is not job]
    core.strays.after(started, core.ports.policies.call_ended)


def finish(core: SessionCore, call: ToolCallPart, result: ToolResult, duration_s: float = 0.0) -> str:
    """Tell that a call has its result; returns the result's text."""
    core.emit(ToolFinished(call_id=call.call_id, tool=call.name, result=result, duration_s=duration_s))
    return result.text


class _Run:
    """One run of a tool, and what has come of it so far."""

    def __init__(
        self,
        core: SessionCore,
        call: CheckedCall,
        approved: Sequence[FileWrite] | None,
        part: AcceptedPart | None,
    ) -> None:
        ports = core.ports
        self._part = part
        self.scope = CallScope()
        self.result = _INTERRUPTED
        self._core = core
        self._call = call
        self._told = 0
        self._checkpoint: CommandCheckpoint | None = None
        self._files = GuardedFiles(
            ports.files,
            ports.blobs,
            ports.paths,
            call.facts,
            self.scope,
            approved=approved,
            policies_for=core.policies_for,
        )

    async def work(self) -> None:
        """Run the tool. What came too late for its call changes nothing any more."""
        result = await self._result()
        if self.scope.over:
            return
        if self._checkpoint is not None:
            await self._checkpoint.tell()
        self.result = result = as_data(self._core, self._call, result)
        result = await after_call(self._core, self._call, result, self._files)
        self.result = replace(result, text=result.text + await nested_rules(self._core, self._call.facts))

    async def _result(self) -> ToolResult:
        core, call = self._core, self._call
        name = call.part.name
        try:
            if call.facts.command is not None:
                await _save_changed_buffers(core)
                await core.strays.settled()
                self._checkpoint = await CommandCheckpoint.take(core, call)
            if self._part is not None:
                return await write_part(core, self._part, self._files)
            return await call.tool.run(
                call.input, tool_context(core, call.part.call_id, self._files, self.scope)
            )
        except LogWriteFailed:
            raise
        except ToolFailed as error:
            return ToolResult(text=str(error), is_error=True)
        except OSError as error:
            return ToolResult(text=f"{name} failed: {error}", is_error=True)
        except (Exception, BaseExceptionGroup, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and is_being_cancelled():
                raise
            # A bug in one tool is that call's failure, told to both sides, never the turn's end. A cancel
            # that nobody asked for is such a bug: a tool waited for something that was cancelled.
            logger.exception("tool %s failed", name)
            return ToolResult(text=f"{name} failed inside: {type(error).__name__}", is_error=True)

    def tell(self) -> None:
        """Tell what the run has changed."""
        core, result = self._core, self.result
        self._tell_changes(None)
        if result.cwd is not None and Path(result.cwd) != core.state.cwd:
            core.emit(CwdChanged(cwd=result.cwd))
        if result.todos is not None:
            core.emit(TodosChanged(todos=result.todos))

    def compare_late(self, turn_id: str | None) -> None:
        """Tell of what a command changed that was cut off: a cancel does not wait for that."""
        if self._checkpoint is not None and not self._checkpoint.is_told:
            self._core.strays.beside(self._checkpoint.tell_late(turn_id), name="compare the workspace")

    def tell_late(self, turn_id: str | None) -> None:
        """Tell of a write that was on its way when the turn ended without it, so that it can be undone."""
        try:
            self._tell_changes(turn_id)
        except LogWriteFailed as error:
            logger.warning("a late file change is not in the transcript: %s", error)

    def _tell_changes(self, turn_id: str | None) -> None:
        changes = tuple(self._files.changes[self._told :])
        if changes:
            self._told += len(changes)
            self._core.emit(FilesChanged(call_id=self._call.part.call_id, changes=changes), turn_id=turn_id)


async def _dry_run(core: SessionCore, call: CheckedCall) -> ToolResult:
    if call.facts.command is not None:
        return ToolResult(text="Dry run: the command was not run.")
    try:
        shown = await preview(core, call)
    except ToolFailed as error:
        return ToolResult(text=str(error), is_error=True)
    return ToolResult(text=f"Dry run: nothing was changed.\n{shown.diff}")


async def _save_changed_buffers(core: SessionCore) -> None:
    """A command sees the disk, so what the agent changed in open buffers must be there."""
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
