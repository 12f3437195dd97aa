"""The verb that deletes a session, for good: a client that does not ask the person itself has it asked."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.lsp.arguments import Arguments
from droid.lsp.handlers.prompts import ASKED
from droid.lsp.handlers.sessions import folder_of_focus, pick_session

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer

_KEEP = "Keep it"
_DELETE = "Delete it"


async def delete(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Delete a stored session; without one, the person picks."""
    folder = folder_of_focus(ls)
    session_id = arguments.text("sessionId")
    if session_id is None:
        return await pick_session(
            ls, folder, "Which session is to be deleted?", lambda picked: _confirm(ls, folder, picked)
        )
    if ls.editor.profile.droid.declared:
        return {"sessionId": await ls.host.delete(folder, session_id), "deleted": True}
    ls.later(_confirm(ls, folder, session_id), "session:delete")
    return ASKED


async def _confirm(ls: "DroidLanguageServer", folder: Path, session_id: str) -> None:
    questions = (await ls.surfaces()).questions
    text = f"Delete the session {session_id} with all that is kept of it? It cannot be brought back."
    if await questions.confirm(text, [_KEEP, _DELETE]) == _DELETE:
        deleted = await ls.host.delete(folder, session_id)
        ls.editor.message(f"The session {deleted} is deleted.")


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Mapping[str, Any]]]] = {
    "droid.session.delete": delete,
}
