"""The list of checkpoints as a document: each turn has a line."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.lsp.documents import Document
from droid.lsp.editor import Editor
from droid.lsp.index_document import IndexDocument
from droid.lsp.markdown_text import one_line

if TYPE_CHECKING:
    from droid.engine.checkpoints import Checkpoint

RESTORE = "droid.checkpoint.restore"
WAYS: Mapping[str, str] = {
    "files": "Restore files",
    "conversation": "Rewind conversation",
    "both": "Both",
}
_NAMED_PATHS = 3


class CheckpointIndex:
    """The last list that was shown."""

    def __init__(self, editor: Editor) -> None:
        self._document = IndexDocument(editor, "checkpoints")

    async def show(
        self, workspace: Path, session_id: str, checkpoints: "Sequence[Checkpoint]"
    ) -> Path | None:
        """Write the list and show it; None where it cannot be written."""
        text, turns = checkpoints_text(session_id, checkpoints)
        about = {line: {"sessionId": session_id, "turnId": turn_id} for line, turn_id in turns.items()}
        return await self._document.show(workspace, text, about)

    def buttons(self, document: Document, line: int) -> list[tuple[str, str, Mapping[str, str]]]:
        """What can be done about the turn in a line, from 0: title, verb, arguments."""
        about = self._document.at(document, line)
        return ways(about["sessionId"], about["turnId"]) if about is not None else []

    def on_delete(self, session_id: str, folder: Path) -> None:
        """Nothing can be done any more about a session that was deleted."""
        self._document.forget(session_id)

    @property
    def lines(self) -> Sequence[int]:
        return self._document.lines


def ways(session_id: str, turn_id: str) -> list[tuple[str, str, Mapping[str, str]]]:
    """The ways to go back to before a turn: title, verb, arguments."""
    about = {"sessionId": session_id, "turnId": turn_id}
    return [(title, RESTORE, {**about, "what": what}) for what, title in WAYS.items()]


def checkpoints_text(session_id: str, checkpoints: "Sequence[Checkpoint]") -> tuple[str, dict[int, str]]:
    """The document, and the turn in each of its lines, from 0; the newest turn comes first."""
    lines = [
        "# Checkpoints",
        "",
        f"Session `{session_id}`. Each line goes back to before its turn: files, the conversation, or both.",
        "",
    ]
    turns: dict[int, str] = {}
    for one in reversed(checkpoints):
        turns[len(lines)] = one.turn_id
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.started_at))
        title = one_line(one.prompt, 80) or "untitled"
        lines.append(f"- {when} · {one.turn_id} · {title} · {_files(one.paths)}")
        lines += [f"  - {one_line(line, 300)}" for line in one.left_out]
    if not turns:
        lines.append("There are none yet: they begin with the first turn.")
    return "\n".join(lines) + "\n", turns


def _files(paths: Sequence[str]) -> str:
    if not paths:
        return "no files"
    names = ", ".join(f"`{one_line(path, 60)}`" for path in paths[:_NAMED_PATHS])
    more = len(paths) - _NAMED_PATHS
    return names + (f" and {more} more" if more > 0 else "")
