"""The list of checkpoints as a document, for editors that have no view of their own for it.

Each turn has a line; what can be done about it comes from the list that the server wrote, never from what the
document says now.
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

if TYPE_CHECKING:
    from droid.engine.checkpoints import Checkpoint

NAME = "checkpoints.md"
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
        self._editor = editor
        self._path: Path | None = None
        self._session_id = ""
        self._turns: Mapping[int, str] = {}

    async def show(
        self, workspace: Path, session_id: str, checkpoints: "Sequence[Checkpoint]"
    ) -> Path | None:
        """Write the list and show it; None where it cannot be written."""
        text, turns = checkpoints_text(session_id, checkpoints)
        try:
            path = await asyncio.to_thread(write_private, workspace, "index", NAME, text)
        except OSError as error:
            self._editor.message(f"The list of checkpoints cannot be written: {error.strerror}")
            return None
        self._path, self._session_id, self._turns = path.resolve(), session_id, turns
        if not await self._editor.show(path):
            self._editor.message(f"The list of checkpoints is in {path}.")
        return path

    def buttons(self, document: Document, line: int) -> list[tuple[str, str, Mapping[str, str]]]:
        """What can be done about the turn in a line, from 0: title, verb, arguments."""
        if document.path != self._path or line not in self._turns:
            return []
        return ways(self._session_id, self._turns[line])

    @property
    def lines(self) -> Sequence[int]:
        return tuple(self._turns)


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
