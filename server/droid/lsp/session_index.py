"""The list of sessions as a document: each has a line."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.lsp.documents import Document
from droid.lsp.editor import Editor
from droid.lsp.index_document import IndexDocument
from droid.lsp.markdown_text import one_line
from droid.lsp.transcript_blocks import cost

if TYPE_CHECKING:
    from droid.app.parts import SessionSummary

_VERBS: Mapping[str, str] = {
    "Resume": "droid.session.resume",
    "Fork": "droid.session.fork",
    "Export": "droid.session.export",
    "Delete": "droid.session.delete",
}


class SessionIndex:
    """The last list that was shown."""

    def __init__(self, editor: Editor) -> None:
        self._document = IndexDocument(editor, "sessions")

    async def show(self, workspace: Path, summaries: "Sequence[SessionSummary]") -> Path | None:
        """Write the list and show it; None where it cannot be written."""
        text, ids = index_of(summaries)
        return await self._document.show(
            workspace, text, {line: {"sessionId": id_} for line, id_ in ids.items()}
        )

    def buttons(self, document: Document, line: int) -> list[tuple[str, str, Mapping[str, str]]]:
        """What can be done about the session in a line, from 0."""
        if (arguments := self._document.at(document, line)) is None:
            return []
        return [(title, verb, arguments) for title, verb in _VERBS.items()]

    def on_delete(self, session_id: str, folder: Path) -> None:
        """Nothing can be done any more about a session that was deleted."""
        self._document.forget(session_id)

    @property
    def lines(self) -> Sequence[int]:
        return self._document.lines


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
