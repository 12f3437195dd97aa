"""Everything that shows sessions to the person.

Imported, with the engine's types, when it is first needed.
"""

from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AutonomySet,
    ChangesReviewed,
    FilesRestored,
    ModelSet,
    QuestionAnswered,
    QuestionAsked,
    Record,
    Rewound,
    SessionRenamed,
    TurnEnded,
    TurnStarted,
    Undone,
)
from droid.engine.session import Session
from droid.lsp.background import Background
from droid.lsp.checkpoint_index import CheckpointIndex
from droid.lsp.documents import Documents
from droid.lsp.editor import Editor
from droid.lsp.progress import ProgressBoard
from droid.lsp.questions import Questions
from droid.lsp.resting import described
from droid.lsp.review_desk import ReviewDesk
from droid.lsp.saving import Saving
from droid.lsp.session_host import SessionHost
from droid.lsp.session_index import SessionIndex
from droid.lsp.session_updates import SessionUpdates
from droid.lsp.throttle import Throttle
from droid.lsp.transcripts import Transcripts

_REFRESH_S = 0.25
# After these a lens or an action may be due that was not, or the other way round.
_CHANGES_BUTTONS = (
    TurnStarted, TurnEnded, ApprovalWanted, ApprovalAnswered, QuestionAsked, QuestionAnswered, Undone,
    ChangesReviewed, FilesRestored, Rewound,
)  # fmt: skip


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
        self._host = host
        self.questions = Questions(editor, background)
        self.saving = Saving(
            editor=editor, questions=self.questions, documents=documents, background=background
        )
        self.progress = ProgressBoard(editor, background)
        self.updates = SessionUpdates(editor)
        self.transcripts = Transcripts(editor=editor, background=background, documents=documents, host=host)
        self.index = SessionIndex(editor)
        self.checkpoints = CheckpointIndex(editor)
        self.reviews = ReviewDesk(editor=editor, background=background, documents=documents, host=host)
        self.questions.reviews = self.reviews
        self.questions.open_document = self.transcripts.open
        self.transcripts.saves = lambda: [(wait.id, wait.names) for wait in self.saving.waits]
        self._refresh = Throttle(self._refresh_lenses, _REFRESH_S)
        self.questions.on_change = self._refresh.poke
        self.transcripts.on_change = self._refresh.poke
        self.saving.on_change = self._refresh.poke
        self.reviews.documents.on_change = self._refresh.poke
        host.sinks += [
            self.reviews.on_record,
            self.questions.on_record,
            self.progress.on_record,
            self.updates.on_record,
            self.transcripts.on_record,
            self._on_record,
        ]
        host.in_use += [self._asks, self.transcripts.is_behind]
        host.on_delete += [
            self.updates.on_delete,
            self.transcripts.on_delete,
            self.index.on_delete,
            self.checkpoints.on_delete,
        ]
        host.on_rest.append(self.transcripts.on_rest)
        host.on_wake.append(self.transcripts.on_wake)

    def _asks(self, session: Session) -> bool:
        return bool(self.questions.pending_for(session))

    def _on_record(self, session: Session, record: Record) -> None:
        if isinstance(record.event, _CHANGES_BUTTONS):
            self._refresh.poke()
        if isinstance(record.event, SessionRenamed):
            self._host.on_list()
        if isinstance(record.event, ModelSet | AutonomySet) and self._editor.profile.droid.declared:
            self._editor.requests.notify("droid/configChanged", described(session))

    def _refresh_lenses(self) -> None:
        if self._editor.profile.refresh_lenses:
            self._background.start(self._editor.refresh_lenses(), "lenses:refresh")
