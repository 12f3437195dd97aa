"""A list that is a document, in an editor that has no view of its own for it.

What can be done about a line comes from the list that the server wrote, never from what the document says
now.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from droid.lsp.documents import Document
from droid.lsp.editor import Editor
from droid.lsp.private_files import write_private

About = Mapping[str, str]
"""The arguments of the verbs for a line: `sessionId`, and what else they need."""


class IndexDocument:
    """The last list of its kind that was shown.

    Args:
        what: What is listed, for messages: `checkpoints`. The file is named after it.
    """

    def __init__(self, editor: Editor, what: str) -> None:
        self._editor = editor
        self._what = what
        self._path: Path | None = None
        self._about: Mapping[int, About] = {}

    async def show(self, workspace: Path, text: str, about: Mapping[int, About]) -> Path | None:
        """Write the list and show it; None where it cannot be written.

        Args:
            about: What stands in a line, from 0.
        """
        try:
            path = await asyncio.to_thread(write_private, workspace, "index", f"{self._what}.md", text)
        except OSError as error:
            self._editor.message(f"The list of {self._what} cannot be written: {error.strerror}")
            return None
        # Before it is shown: an editor asks at once what can be done in it.
        self._path, self._about = path.resolve(), about
        if not await self._editor.show(path):
            self._editor.message(f"The list of {self._what} is in {path}.")
        return path

    def at(self, document: Document, line: int) -> About | None:
        """What stands in a line, from 0; None where that is nothing of this list."""
        return self._about.get(line) if document.path == self._path else None

    def forget(self, session_id: str) -> None:
        """Nothing can be done any more about a session that is gone."""
        self._about = {line: one for line, one in self._about.items() if one["sessionId"] != session_id}

    @property
    def lines(self) -> Sequence[int]:
        return tuple(self._about)
