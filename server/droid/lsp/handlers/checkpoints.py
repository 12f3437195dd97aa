"""Verbs about checkpoints: list them, and go back to one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException

from droid.domain.errors import DroidError
from droid.lsp.arguments import Arguments
from droid.lsp.convert import shortened
from droid.lsp.protocol_review import Checkpoint, CheckpointList, RestoreResult
from droid.lsp.pygls_workarounds import INVALID_PARAMS

if TYPE_CHECKING:
    from droid.engine.rewinding import Rewinding
    from droid.engine.session import Session
    from droid.lsp.language_server import DroidLanguageServer

_NAMED = 3
_PROMPT_CHARACTERS = 200


class NothingToGoBackTo(DroidError):
    """There is no session, so there are no checkpoints."""


async def list_(ls: "DroidLanguageServer", arguments: Arguments) -> CheckpointList:
    """The moments that a session can go back to; an editor without a view for them gets a document."""
    session = await _session(ls, arguments)
    checkpoints = await session.checkpoints()
    if not ls.editor.profile.droid.sessions:
        surfaces = await ls.surfaces()
        await surfaces.checkpoints.show(session.workspace, session.id, checkpoints)
    return CheckpointList(
        sessionId=session.id,
        checkpoints=[
            Checkpoint(
                turnId=one.turn_id,
                prompt=one.prompt,
                startedAt=one.started_at,
                paths=list(one.paths),
                workspace=one.workspace,
                leftOut=list(one.left_out),
            )
            for one in checkpoints
        ],
    )


async def restore(ls: "DroidLanguageServer", arguments: Arguments) -> "RestoreResult | CheckpointList":
    """Go back to before a turn; files are proposed first, and shown where the client does not do that itself.

    From a palette, without a turn, an editor that knows nothing of Droid gets the list to choose from.
    """
    from droid.engine.rewinding import RewindPart

    what = arguments.text("what") or RewindPart.BOTH
    if what not in set(RewindPart):
        said = f"droid.checkpoint.restore: `what` is files, conversation or both, not {shortened(what, 20)!r}"
        raise JsonRpcException(said, INVALID_PARAMS)
    turn_id = arguments.text("turnId")
    if turn_id is None and not ls.editor.profile.droid.declared:
        return await list_(ls, arguments)
    session = await _session(ls, arguments)
    rewinding = await session.rewind(turn_id, RewindPart(what))
    surfaces = await ls.surfaces()
    from droid.lsp.review_wire import changeset_of

    desk, changeset = surfaces.reviews, rewinding.changeset
    if changeset is not None:
        await desk.propose(session, changeset)
    _say(ls, rewinding)
    return RestoreResult(
        sessionId=session.id,
        turnId=rewinding.turn_id,
        changeset=changeset_of(changeset, desk.uri_of) if changeset is not None else None,
        prompt=rewinding.prompt,
        done=rewinding.done,
    )


def _say(ls: "DroidLanguageServer", rewinding: "Rewinding") -> None:
    """Tell a person what a client with a view of its own shows from the answer."""
    lines: list[str] = []
    if rewinding.conflicts:
        shown = "; ".join(rewinding.conflicts[:_NAMED])
        more = len(rewinding.conflicts) - _NAMED
        lines.append(f"These stay as they are: {shown}{f'; and {more} more' if more > 0 else ''}.")
    if not ls.editor.profile.droid.declared:
        if rewinding.changeset is not None:
            lines.insert(0, "Nothing is changed yet: accept in the document what is to be restored.")
        elif rewinding.prompt is not None:
            said = shortened(" ".join(rewinding.prompt.split()), _PROMPT_CHARACTERS)
            lines.append(f"The conversation goes on from before {rewinding.turn_id}. You had said: {said}")
        else:
            lines.append("No file has to be changed.")
    if lines:
        ls.editor.message(f"Droid: {' '.join(lines)}")


async def _session(ls: "DroidLanguageServer", arguments: Arguments) -> "Session":
    known = await ls.host.find_or_current(arguments.text("sessionId"))
    if known is None:
        raise NothingToGoBackTo(
            "no session is open here, so there are no checkpoints; resume a session first"
        )
    return await ls.host.wake(known)


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Any]]] = {
    "droid.checkpoint.list": list_,
    "droid.checkpoint.restore": restore,
}
