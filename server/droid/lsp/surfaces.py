"""Everything that shows sessions to the person.

Imported, with the engine's types, when it is first needed.
"""

import asyncio
from collections.abc import Callable

from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    QuestionAnswered,
    QuestionAsked,
    Record,
    SessionRenamed,
    TurnEnded,
    TurnStarted,
    Undone,
)
from droid.engine.session import Session
from droid.lsp.background import Background
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor
from droid.lsp.progress import ProgressBoard
from droid.lsp.questions import Questions
from droid.lsp.session_host import SessionHost
from droid.lsp.session_index import SessionIndex
from droid.lsp.session_updates import SessionUpdates
from droid.lsp.throttle import Throttle
from droid.lsp.transcripts import Transcripts

_REFRESH_S = 0.25
# After these a lens or an action may be due that was not, or the other way round.
_CHANGES_BUTTONS = (
    TurnStarted, TurnEnded, ApprovalWanted, ApprovalAnswered, QuestionAsked, QuestionAnswered, Undone,
)  # fmt: skip
_KEEP_WAITING = "Do not continue"
_CONTINUE = "Saved, continue"


class Surfaces:
    """The ways in which one editor is shown what happens."""

    def __init__(
        self,
        *,
        editor: Editor,
        background: Background,
        documents: Documents,
        host: SessionHost,
    ) -> None:
        self._editor = editor
        self._background = background
        self._documents = documents
        self._host = host
        self.questions = Questions(editor, background)
        self.progress = ProgressBoard(editor, background)
        self.updates = SessionUpdates(editor)
        self.transcripts = Transcripts(editor=editor, background=background, documents=documents, host=host)
        self.index = SessionIndex(editor)
        self.questions.open_document = self.transcripts.open
        self._refresh = Throttle(self._refresh_lenses, _REFRESH_S)
        self.questions.on_change = self._refresh.poke
        self.transcripts.on_change = self._refresh.poke
        host.sinks += [
            self.questions.on_record,
            self.progress.on_record,
            self.updates.on_record,
            self.transcripts.on_record,
            self._on_record,
        ]
        host.in_use += [self._asks, self.transcripts.is_behind]
        host.on_rest.append(self.transcripts.on_rest)
        host.on_wake.append(self.transcripts.on_wake)

    def _asks(self, session: Session) -> bool:
        return bool(self.questions.pending_for(session))

    def _on_record(self, session: Session, record: Record) -> None:
        if isinstance(record.event, _CHANGES_BUTTONS):
            self._refresh.poke()
        if isinstance(record.event, SessionRenamed):
            self._host.on_list()

    def _refresh_lenses(self) -> None:
        if self._editor.profile.refresh_lenses:
            self._background.start(self._editor.refresh_lenses(), "lenses:refresh")

    async def save(self, documents: list[Document]) -> None:
        """Bring buffers to disk: by the client where it can, else by asking the person, once."""
        if await self._editor.save(documents):
            await self._documents.wait_until(lambda: all(one.saved for one in documents), 2.0)
            return
        names = "\n".join(str(one.path or one.uri) for one in documents)
        text = (
            f"Droid is about to run a command, and these files are not saved:\n\n{names}\n\n"
            "Save them, then continue."
        )
        saved = asyncio.Event()
        watch = self._background.start(self._when_saved(documents, saved.set), "save:watch")
        try:
            await self.questions.confirm(text, [_KEEP_WAITING, _CONTINUE], until=saved)
        finally:
            watch.cancel()

    async def _when_saved(self, documents: list[Document], then: Callable[[], None]) -> None:
        if await self._documents.wait_until(lambda: all(one.saved for one in documents), None):
            then()
