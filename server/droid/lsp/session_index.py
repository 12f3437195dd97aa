"""The list of sessions as a document, for editors that have no view of their own for it.

Each session has a line; what can be done about it comes from the list that the server wrote, never from
what the document says now.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.lsp.documents import Document
from droid.lsp.editor import Editor
from droid.lsp.markdown_text import one_line
from droid.lsp.private_files import write_private
from droid.lsp.transcript_blocks import cost

if TYPE_CHECKING:
    from droid.app.parts import SessionSummary

NAME = "sessions.md"
_VERBS: Mapping[str, str] = {
    "Resume": "droid.session.resume",
    "Fork": "droid.session.fork",
    "Export": "droid.session.export",
    "Delete": "droid.session.delete",
}


class SessionIndex:
    """The last list that was shown."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._path: Path | None = None
        self._ids: Mapping[int, str] = {}

    async def show(self, workspace: Path, summaries: "Sequence[SessionSummary]") -> Path | None:
        """Write the list and show it; None where it cannot be written."""
        text, ids = index_of(summaries)
        try:
            path = await asyncio.to_thread(write_private, workspace, "index", NAME, text)
        except OSError as error:
            self._editor.message(f"The list of sessions cannot be written: {error.strerror}")
            return None
        self._path, self._ids = path.resolve(), ids
        if not await self._editor.show(path):
            self._editor.message(f"The list of sessions is in {path}.")
        return path

    def buttons(self, document: Document, line: int) -> list[tuple[str, str, Mapping[str, str]]]:
        """What can be done about the session in a line, from 0."""
        if document.path != self._path or line not in self._ids:
            return []
        arguments = {"sessionId": self._ids[line]}
        return [(title, verb, arguments) for title, verb in _VERBS.items()]

    def on_delete(self, session_id: str, folder: Path) -> None:
        """Nothing can be done any more about a session that was deleted."""
        self._ids = {line: id_ for line, id_ in self._ids.items() if id_ != session_id}

    @property
    def lines(self) -> Sequence[int]:
        return tuple(self._ids)


def index_of(summaries: "Sequence[SessionSummary]") -> tuple[str, dict[int, str]]:
    """The document, and the session in each of its lines, from 0."""
    lines = ["# Sessions", "", "Each line has its buttons: resume, fork, export, delete.", ""]
    ids: dict[int, str] = {}
    for one in summaries:
        ids[len(lines)] = one.id
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.updated_at))
        spent = f", {cost(one.cost_usd)}" if one.cost_usd is not None else ""
        title = one_line(one.title, 80) or "untitled"
        lines.append(f"- {when} · {title} · {one.turns} turns{spent} · {one.model} · `{one.id}`")
    if not ids:
        lines.append("There are none in this workspace yet.")
    return "\n".join(lines) + "\n", ids
