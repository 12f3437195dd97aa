"""`PostEdit` and `PostToolUse`: what hooks make of a call that succeeded, before the model sees its result.

They see the disk, so what was changed in open buffers is saved for them first, where that can be done. What
they change of the same files is recorded as the call's own, so that it is undone with it.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from droid.domain.errors import ToolFailed
from droid.domain.files import FileChange
from droid.domain.hooks import HookEvent, HookOutcome
from droid.domain.policy import Policy
from droid.domain.tools import ToolResult
from droid.engine.core import SessionCore
from droid.engine.facts import CheckedCall
from droid.engine.file_changes import change_of, display_name
from droid.engine.guarded_files import GuardedFiles
from droid.engine.hook_step import resolved_for
from droid.engine.undo import take_back

logger = logging.getLogger(__name__)


async def after_call(
    core: SessionCore, call: CheckedCall, result: ToolResult, files: GuardedFiles
) -> ToolResult:
    """The result as the model is to see it.

    Args:
        files: Of the call; changes that hooks make are added to theirs.
    """
    notes = core.hooks.notes.pop(call.part.call_id, [])
    if result.is_error:
        return _with_notes(result, notes)
    events = (HookEvent.POST_EDIT, HookEvent.POST_TOOL_USE)
    policies = core.policies_for(call.facts)
    if not core.hooks.rules(*events, policies=policies):
        return _with_notes(result, notes)
    changes = tuple(files.changes)
    if changes:
        await _save(core, changes)
        reverted = await _post_edit(core, call, result, files, notes, policies)
        if reverted is not None:
            return reverted
    result = await _post_tool_use(core, call, result, notes, policies)
    if changes:
        notes += await _what_hooks_changed(core, changes, files)
    return _with_notes(result, notes)


async def _post_edit(
    core: SessionCore,
    call: CheckedCall,
    result: ToolResult,
    files: GuardedFiles,
    notes: list[str],
    policies: Sequence[Policy],
) -> ToolResult | None:
    """Adds what hooks say to the notes; the result that replaces the call's where they undo it."""
    rules = core.hooks.rules(HookEvent.POST_EDIT, policies=policies)
    if not rules:
        return None
    changes = tuple(files.changes)
    named = {display_name(Path(one.path), core.state.workspace): one for one in changes}
    outcome = await core.hooks.run(
        [
            core.hooks.call(
                HookEvent.POST_EDIT,
                subjects=tuple(named),
                call_id=call.part.call_id,
                fields={
                    **_tool_fields(call),
                    "files": list(dict.fromkeys(one.path for one in changes)),
                    "diff": "".join(one.diff for one in changes),
                },
            )
        ],
        rules,
    )
    if not outcome.revert:
        notes += _said(outcome, HookEvent.POST_EDIT)
        return None
    reasons = [one.reason for one in outcome.replies if one.revert and one.reason]
    why = "\n".join(reasons) or "a hook wants it so"
    await _what_hooks_changed(core, changes, files)
    try:
        taken_back, conflicts = await take_back(files.changes, core.state.workspace, core.ports)
    except ToolFailed as error:
        return ToolResult(
            text=f"{result.text}\n\nA hook wants this undone ({why}), but: {error}", is_error=True
        )
    files.changes += taken_back
    for change in changes:
        core.ledger.pop(Path(change.path), None)
    left = f"\nLeft as it is, since somebody else changed it: {', '.join(conflicts)}" if conflicts else ""
    return ToolResult(text=f"A hook undid this change: {why}{left}", is_error=True)


async def _post_tool_use(
    core: SessionCore, call: CheckedCall, result: ToolResult, notes: list[str], policies: Sequence[Policy]
) -> ToolResult:
    rules = core.hooks.rules(HookEvent.POST_TOOL_USE, policies=policies)
    if not rules:
        return result
    response: dict[str, Any] = {"success": True, "output": result.text}
    if result.exit_code is not None:
        response["exitCode"] = result.exit_code
    if call.facts.writes:
        response["filePath"] = str(call.facts.writes[0].real)
    outcome = await core.hooks.run(
        [
            core.hooks.call(
                HookEvent.POST_TOOL_USE,
                subjects=(call.part.name,),
                command=call.facts.command,
                resolved=resolved_for(rules, call.facts),
                call_id=call.part.call_id,
                fields={**_tool_fields(call), "tool_response": response},
            )
        ],
        rules,
    )
    notes += _said(outcome, HookEvent.POST_TOOL_USE)
    if outcome.updated_output is None:
        return result
    return replace(result, text=outcome.updated_output, images=(), full_output=None)


async def _save(core: SessionCore, changes: Sequence[FileChange]) -> None:
    paths = sorted({Path(one.path) for one in changes if one.in_editor})
    if not paths:
        return
    if (unsaved := await core.ports.files.unsaved(paths)) and (left := await core.ports.files.save(unsaved)):
        names = ", ".join(display_name(path, core.state.workspace) for path in left)
        core.hooks.tell(HookEvent.POST_EDIT, f"{names} could not be saved, so hooks see the disk without it")


async def _what_hooks_changed(
    core: SessionCore, changes: Sequence[FileChange], files: GuardedFiles
) -> list[str]:
    """Record what hooks have made of the files that the call changed; returns what the model must know."""
    last = {change.path: change for change in changes}
    names: list[str] = []
    for path, change in last.items():
        if change.after is None:
            continue
        try:
            now = await core.ports.files.read(Path(path))
            before = core.ports.blobs.get(change.after)
        except (OSError, KeyError):
            continue
        if now.digest == change.after:
            continue
        core.ports.blobs.put(now.data)
        name = display_name(Path(path), core.state.workspace)
        files.changes.append(
            await change_of(Path(path), before, now.data, name=name, in_editor=now.is_open, mode=now.mode)
        )
        names.append(name)
    return [f"A hook changed {', '.join(names)}; read it again before you change it."] if names else []


def _tool_fields(call: CheckedCall) -> dict[str, Any]:
    return {"tool_name": call.part.name, "tool_input": dict(call.facts.input)}


def _said(outcome: HookOutcome, event: HookEvent) -> list[str]:
    """What the model is told."""
    said = list(outcome.context)
    if outcome.blocked and outcome.reason:
        said.insert(0, outcome.reason)
    return [f"[{event} hook] {text}" for text in said]


def _with_notes(result: ToolResult, notes: Sequence[str]) -> ToolResult:
    return replace(result, text="\n\n".join([result.text, *notes])) if notes else result
