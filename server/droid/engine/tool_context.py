"""What a tool is handed of its session while it runs; all of it stops working when its call is over."""

from collections.abc import Callable, Mapping, Sequence

from droid.domain.errors import ToolFailed
from droid.domain.events import ToolOutputDelta
from droid.domain.ports import Files, ProcessRunner, RunningProcess, ToolContext
from droid.domain.processes import ProcessRequest, ProcessResult
from droid.engine.core import SessionCore
from droid.engine.strays import CallScope
from droid.safety.list_steps import place_of
from droid.safety.lists import blocked_programs

_OnOutput = Callable[[bytes], None]


class _ScopedRunner:
    """Implements the `ProcessRunner` port for one call."""

    def __init__(self, processes: ProcessRunner, scope: CallScope) -> None:
        self._processes = processes
        self._scope = scope

    async def run(self, request: ProcessRequest, on_output: _OnOutput | None = None) -> ProcessResult:
        self._scope.check()
        return await self._processes.run(request, on_output)

    async def start(self, request: ProcessRequest, on_output: _OnOutput | None = None) -> RunningProcess:
        self._scope.check()
        process = await self._processes.start(request, on_output)
        try:
            self._scope.check()
        except ToolFailed:
            await process.stop()
            raise
        return process


def tool_context(core: SessionCore, call_id: str, files: Files, scope: CallScope) -> ToolContext:
    """The context of one call; `files` are guarded."""

    def emit(text: str) -> None:
        if not scope.over:
            core.emit(ToolOutputDelta(call_id=call_id, text=text))

    async def ask(text: str, options: Sequence[str]) -> str | None:
        return None if scope.over else await core.ask_person(call_id, text, options)

    profile = core.policy.models.get(core.state.model)
    return ToolContext(
        session_id=core.state.session_id,
        call_id=call_id,
        workspace=core.state.workspace,
        cwd=core.state.cwd,
        files=files,
        processes=_ScopedRunner(core.ports.processes, scope),
        ledger=core.ledger,
        jobs=core.jobs,
        artifacts=core.ports.artifacts,
        emit=emit,
        ask=ask,
        supports_images=profile.supports_images if profile else True,
        why_secret=core.context_files.secrets_now(),
        blocked=_blocked(core),
    )


def _blocked(core: SessionCore) -> Mapping[str, str]:
    """What each program says that is blocked altogether in the session's folder."""
    entries = [entry for policy in core.policies_of() for entry in policy.command_blocklist]
    return {
        name: f"{name} is blocked by {entry.source.level} settings ({place_of(entry.source)})"
        for name, entry in blocked_programs(entries).items()
    }
