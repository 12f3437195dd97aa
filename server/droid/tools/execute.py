"""`Execute`: a shell command."""

import asyncio
import logging
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from droid.domain.errors import InvalidToolInput, ToolFailed
from droid.domain.ports import ToolContext
from droid.domain.processes import ProcessRequest, ProcessResult
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools import background
from droid.tools.base import BaseTool, one_line
from droid.tools.command_output import CommandOutput
from droid.tools.inputs import Arg
from droid.tools.shell import find_shell, read_folder
from droid.tools.shims import shim_folder

logger = logging.getLogger(__name__)

DEFAULT_TIMEOUT_S = 120
MAX_TIMEOUT_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteInput:
    """Arguments of `Execute`."""

    command: Annotated[str, Arg("The bash command.")]
    timeout: Annotated[
        float | None,
        Arg(
            f"Seconds until it is ended; {DEFAULT_TIMEOUT_S} if left out, at most {MAX_TIMEOUT_S}.", minimum=1
        ),
    ] = None
    run_in_background: Annotated[
        bool, Arg("Return a task id at once; for servers and anything that runs longer.")
    ] = False


class Execute(BaseTool[ExecuteInput]):
    """See the module."""

    name = "Execute"
    read_only = False
    access_is_complete = True
    input_type = ExecuteInput

    def check(self, wanted: ExecuteInput) -> ExecuteInput:
        if not wanted.command.strip():
            raise InvalidToolInput(f"{self.name}: `command` is empty")
        if "\0" in wanted.command:
            raise InvalidToolInput(f"{self.name}: `command` has a NUL character")
        return wanted

    def access(self, call: ToolInput) -> ToolAccess:
        wanted: ExecuteInput = call.value
        return ToolAccess(command=wanted.command)

    def title(self, call: ToolInput) -> str:
        wanted: ExecuteInput = call.value
        first, *more = wanted.command.strip().splitlines()
        return one_line(f"{self.name} {first}{' …' if more else ''}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: ExecuteInput = call.value
        folder, notes = _starting_folder(context)
        shims = await asyncio.to_thread(shim_folder, context.artifacts, context.blocked)
        if wanted.run_in_background:
            return await self._start(wanted, context, folder, notes, shims)
        shell = find_shell()
        timeout_s = wanted.timeout or DEFAULT_TIMEOUT_S
        if timeout_s > MAX_TIMEOUT_S:
            notes.append(f"[the time-out of {timeout_s:g} s was lowered to the longest, {MAX_TIMEOUT_S} s]")
            timeout_s = MAX_TIMEOUT_S
        folder_file = _private_file(context, ".folder")
        request = ProcessRequest(
            argv=shell.argv(wanted.command, folder_file),
            cwd=folder,
            timeout_s=timeout_s,
            label=one_line(wanted.command, 60),
            path_first=shims,
        )
        output = CommandOutput(_file(context, ".txt"), context.emit)
        try:
            result = await context.processes.run(request, output.feed)
        finally:
            output.finish()
            new_folder = read_folder(folder_file) if folder_file is not None else None
        cwd = _ending_folder(context, folder, new_folder, notes)
        notes += [shell.note] if shell.note else []
        notes += _ending(result, timeout_s)
        return ToolResult(
            text=_text(output.text(), notes),
            is_error=result.exit_code != 0 or result.timed_out,
            full_output=output.full_output,
            cwd=cwd,
            exit_code=result.exit_code,
        )

    async def _start(
        self,
        wanted: ExecuteInput,
        context: ToolContext,
        folder: Path,
        notes: list[str],
        shims: Path | None,
    ) -> ToolResult:
        background.check_room(context.jobs)
        shell = find_shell()
        output = CommandOutput(_file(context, ".txt"))
        request = ProcessRequest(
            argv=shell.argv(wanted.command),
            cwd=folder,
            timeout_s=wanted.timeout,
            label=one_line(wanted.command, 60),
            path_first=shims,
        )
        process = await context.processes.start(request, output.feed)
        job = background.BackgroundJob(process, wanted.command, output)
        task_id = background.add(context.jobs, job)
        text = f"Started in the background as {task_id}. TaskOutput shows what it writes, TaskStop ends it."
        notes += [shell.note] if shell.note else []
        cwd = str(folder) if folder != context.cwd else None
        return ToolResult(text=_text(text, notes), cwd=cwd)


def _starting_folder(context: ToolContext) -> tuple[Path, list[str]]:
    """Where to run, and what to say about it."""
    if context.cwd.is_dir():
        return context.cwd, []
    if not context.workspace.is_dir():
        raise ToolFailed(f"the workspace {context.workspace} does not exist any more")
    return context.workspace, [f"[{context.cwd} does not exist any more: run in {context.workspace}]"]


def _ending_folder(
    context: ToolContext, started_in: Path, ended_in: Path | None, notes: list[str]
) -> str | None:
    """The session's folder from now on, if it is another than before."""
    now = ended_in or started_in
    if not now.is_dir():
        notes.append(f"[{now} does not exist any more: the working folder is {context.workspace}]")
        now = context.workspace
    elif now != started_in:
        try:
            if now.samefile(started_in):
                now = started_in
        except OSError:
            pass  # the folder that it started in is gone
    if now == context.cwd:
        return None
    if now == ended_in != started_in:
        notes.append(f"[the working folder is now {now}]")
    return str(now)


def _ending(result: ProcessResult, timeout_s: float) -> list[str]:
    if result.timed_out:
        longer = f"set `timeout` (at most {MAX_TIMEOUT_S}) or " if timeout_s < MAX_TIMEOUT_S else ""
        mend = f"if it needs longer, {longer}use `run_in_background`"
        return [f"[timed out after {timeout_s:g} s and was ended, with everything that it started; {mend}]"]
    if result.exit_code < 0:
        try:
            name = f" ({signal.Signals(-result.exit_code).name})"
        except ValueError:
            name = ""
        return [f"[killed by signal {-result.exit_code}{name}]"]
    return [f"[exit code {result.exit_code}]"] if result.exit_code else []


def _text(output: str, notes: list[str]) -> str:
    if not output.strip():
        return "\n".join(["(no output)", *notes])
    return "\n\n".join([output.rstrip("\n"), "\n".join(notes)]) if notes else output.rstrip("\n")


def _file(context: ToolContext, suffix: str) -> Path:
    """A name for a call's own file; call ids come from outside."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", context.call_id)[:80] or "call"
    return context.artifacts / f"{name}{suffix}"


def _private_file(context: ToolContext, suffix: str) -> Path | None:
    """A file that a command can be told to write to; None where there is no room for one."""
    path = _file(context, suffix)
    try:
        context.artifacts.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("a command's folder cannot be followed", extra={"errno": error.errno})
        return None
    return path
