"""What a tool is handed of its session while it runs."""

from collections.abc import Sequence

from droid.domain.events import ToolOutputDelta
from droid.domain.ports import Files, ToolContext
from droid.engine.core import SessionCore


def tool_context(core: SessionCore, call_id: str, files: Files) -> ToolContext:
    """The context of one call; `files` are guarded."""

    async def ask(text: str, options: Sequence[str]) -> str | None:
        return await core.ask_person(call_id, text, options)

    profile = core.ports.policy().models.get(core.state.model)
    return ToolContext(
        session_id=core.state.session_id,
        call_id=call_id,
        workspace=core.state.workspace,
        cwd=core.state.cwd,
        files=files,
        processes=core.ports.processes,
        ledger=core.ledger,
        jobs=core.jobs,
        artifacts=core.ports.artifacts,
        emit=lambda text: core.emit(ToolOutputDelta(call_id=call_id, text=text)),
        ask=ask,
        supports_images=profile.supports_images if profile else True,
        why_secret=core.context_files.secrets_now(),
    )
