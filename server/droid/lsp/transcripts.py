"""Session documents (`*.droid.md`): which are open, whose they are, what can be done in them.

Buttons come from what the server knows. The document lends them a line and holds the draft.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from droid.domain.decisions import ApprovalRequest, Question
from droid.domain.errors import DroidError
from droid.domain.events import (
    Record,
    SessionRenamed,
    TextDelta,
    ThinkingDelta,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
)
from droid.engine.applied_changes import applied_id
from droid.engine.session import Session
from droid.lsp.activity import ending_of
from droid.lsp.background import Background
from droid.lsp.convert import uri_of
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor, MessageKind
from droid.lsp.editor_context import SESSION_DOCUMENT
from droid.lsp.live_document import LiveDocument, lsp_edit
from droid.lsp.markdown_text import one_line
from droid.lsp.negotiation import Transcript
from droid.lsp.private_files import local_folder, remove_quietly, write_new
from droid.lsp.resting import RestingSession
from droid.lsp.session_document import (
    DocumentState,
    Lens,
    SessionDocument,
    actions,
    lenses,
    parse,
    ways_back,
)
from droid.lsp.session_edits import AppendPlan
from droid.lsp.session_headings import YOU_HEADING
from droid.lsp.session_host import SessionHost
from droid.lsp.transcript_markdown import render_document

logger = logging.getLogger(__name__)

_BEGIN_S = 3.0


class NothingToSend(DroidError):
    """The person has not written anything yet."""


class Transcripts:
    """The session documents of one editor.

    Attributes:
        on_change: Called when a document's buttons may have changed.
        saves: What waits for files to be saved: an id, and the names of the files.
    """

    def __init__(
        self, *, editor: Editor, background: Background, documents: Documents, host: SessionHost
    ) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.saves: Callable[[], Sequence[tuple[str, str]]] = lambda: ()
        self._editor = editor
        self._background = background
        self._documents = documents
        self._host = host
        self._live: dict[str, list[LiveDocument]] = {}
        # Path and URI of those whose session rests.
        self._resting: dict[str, list[tuple[Path, str]]] = {}
        self._shown: set[str] = set()
        # Deltas are not stored: a document that is opened while text streams needs those so far.
        self._deltas: dict[str, list[Record]] = {}

    # Documents come and go

    async def opened(self, document: Document) -> None:
        """A session document was opened; it follows its session from now on, if that is known here."""
        session_id = parse(document.text).session_id
        try:
            known = await self._host.find(session_id) if session_id else None
            session = await self._host.wake(known) if known is not None else None
        except DroidError as error:
            logger.info("a session document does not follow its session: %s", error)
            return
        if session is None or document.path is None or self._documents.get(document.uri) is not document:
            return
        self._follow(session, document.path, document.uri, document.text)

    def _follow(self, session: Session, path: Path, uri: str, text: str) -> None:
        live = self._live.setdefault(session.id, [])
        before = None
        for old in [one for one in live if one.path == path]:
            before = old.close() or before
            live.remove(old)
        one = self._document(session, path, uri)
        live.append(one)
        one.follow(text, self._deltas.get(session.id, ()), before)

    def _document(self, session: Session, path: Path, uri: str) -> LiveDocument:
        return LiveDocument(
            path,
            uri,
            session,
            ours=".factory" in path.parts,
            editor=self._editor,
            documents=self._documents,
            background=self._background,
        )

    def is_behind(self, session: Session) -> bool:
        """A document of the session does not show all of it yet."""
        return any(live.is_behind for live in self._live.get(session.id, ()))

    def on_rest(self, resting: RestingSession) -> None:
        """A session is being closed; its documents go on when it is taken up again."""
        documents = self._live.pop(resting.id, [])
        for one in documents:
            one.close()
        if documents:
            self._resting[resting.id] = [(one.path, one.uri) for one in documents]

    def on_wake(self, session: Session, resting: RestingSession) -> None:
        for path, uri in self._resting.pop(session.id, ()):
            one = self._document(session, path, uri)
            self._live.setdefault(session.id, []).append(one)
            one.go_on(resting.seq)
            if session.title != resting.title:
                self._retitle(one, session.title)

    def on_delete(self, session_id: str, folder: Path) -> None:
        """A session was deleted: its document goes too, unless the person has it open."""
        live = self._live.pop(session_id, [])
        for one in live:
            one.close()
        self._resting.pop(session_id, None)
        self._deltas.pop(session_id, None)
        self._shown.discard(session_id)
        path = _document_path(folder, session_id)
        if not any(document.path == path for document in self._documents):
            remove_quietly(path)

    def _retitle(self, live: LiveDocument, title: str) -> None:
        live.step(lambda plan: plan.title(plan.document.title, title))

    def on_record(self, session: Session, record: Record) -> None:
        event = record.event
        if isinstance(event, TextDelta | ThinkingDelta):
            self._deltas.setdefault(session.id, []).append(record)
        else:
            self._deltas.pop(session.id, None)
        if isinstance(event, TurnStarted):
            self._show_once(session)
        for live in self._live.get(session.id, ()):
            live.on_record(record)
            if isinstance(event, SessionRenamed):
                self._retitle(live, event.title)
        if isinstance(event, TurnEnded) and self._editor.profile.droid.transcript is Transcript.FILE:
            self._tell_end(session, event)

    def _tell_end(self, session: Session, event: TurnEnded) -> None:
        """A turn that failed is never silent; an editor that cannot be made to show a file is told where
        the answer stands.
        """
        failed = event.reason not in (TurnEndReason.DONE, TurnEndReason.CANCELLED)
        kind = MessageKind.WARNING if failed else MessageKind.INFO
        if not self._editor.profile.show_document:
            answer = one_line(event.answer, 200)
            where = self._path(session)
            self._editor.message(f"Droid: {ending_of(event)}. {answer} (all of it: {where})", kind)
        elif failed:
            self._editor.message(f"Droid: {ending_of(event)}", kind)

    # Opening

    def _show_once(self, session: Session) -> None:
        """The first turn of a session opens its document, where the editor has no view of its own for it."""
        if session.id in self._shown or self._editor.profile.droid.transcript is Transcript.STREAM:
            return
        self._shown.add(session.id)
        if any(live.buffer is not None for live in self._live.get(session.id, ())):
            return
        self._background.start(self.open(session), "session-document:open")

    async def open(self, session: Session) -> Path | None:
        """Show a session's document, made if need be; None where it cannot be written."""
        self._shown.add(session.id)
        for live in self._live.get(session.id, ()):
            if live.buffer is not None:
                await self._editor.show(live.path, line=max(1, len(live.buffer.lines) - 1))
                return live.path
        try:
            path = self._path(session)
            local_folder(session.workspace)
            if not path.exists():
                text = render_document(session.records, session_id=session.id, title=session.title)
                write_new(path, text)
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            logger.warning("a session document cannot be written: %s", error.strerror)
            self._editor.message(f"The session document cannot be written: {error.strerror}")
            return None
        self._follow(session, path, uri_of(path), text)
        await self._editor.show(path, line=len(text.splitlines()) or 1)
        return path

    def _path(self, session: Session) -> Path:
        return _document_path(session.workspace, session.id)

    # What can be done in one

    def state(self, document: SessionDocument) -> DocumentState:
        """All that a document's buttons come from."""
        session = self._host.known(document.session_id) if document.session_id else None
        if session is None:
            return DocumentState(session_id=document.session_id)
        approvals: tuple[ApprovalRequest, ...] = session.pending_approvals
        questions: tuple[Question, ...] = session.pending_questions
        open_one = approvals[0].approval_id if approvals else None
        changeset = (
            session.proposed(open_one)
            if open_one is not None and not isinstance(session, RestingSession)
            else None
        )
        undoable = session.undoable_turn
        return DocumentState(
            session_id=session.id,
            turn_id=session.turn_id,
            saves=tuple(self.saves()) if session.turn_id is not None else (),
            approvals=approvals,
            questions=questions,
            undo_turn_id=undoable,
            proposed_id=changeset.changeset_id if changeset is not None else None,
            applied_id=applied_id(session.id, undoable) if undoable is not None else None,
            rewindable=() if isinstance(session, RestingSession) else session.rewindable_turns,
        )

    def lenses(self, document: Document) -> Sequence[Lens]:
        parsed = parse(document.text)
        return lenses(parsed, self.state(parsed))

    def actions(self, document: Document) -> Sequence[Lens]:
        parsed = parse(document.text)
        return actions(parsed, self.state(parsed))

    def turn_at(self, document: Document, line: int) -> tuple[str, str] | None:
        """Session and turn of a line, from 0, where it can be gone back to before that turn."""
        parsed = parse(document.text)
        state = self.state(parsed)
        turn_id = ways_back(parsed, state, line)
        return (state.session_id, turn_id) if turn_id is not None and state.session_id is not None else None

    def draft(self, document: Document) -> str:
        """What the person has written and not sent.

        Raises:
            NothingToSend: nothing.
        """
        parsed = parse(document.text)
        if parsed.draft is not None and not parsed.draft.is_empty:
            return parsed.draft.text
        where = "under the last “## You”" if parsed.sections else "in this document"
        raise NothingToSend(f"there is nothing {where}: write there first, then Send")

    async def begin(self, document: Document) -> None:
        """Give a document a place to write, where it has none.

        Raises:
            NothingToSend: it has one, or the editor did not take the edit.
        """
        edit = AppendPlan(document.text).begin()
        if edit is None:
            raise NothingToSend("there is a place to write in this document already; write there, then Send")
        version = document.version
        claim = await self._editor.apply_edit(document, [lsp_edit(document, edit)], "Droid")
        wait_s = 0 if claim is False else _BEGIN_S
        if not await self._documents.wait_until(lambda: document.version > version, wait_s):
            raise NothingToSend(f"the editor did not change the document; write “{YOU_HEADING}” yourself")

    async def session_of(self, document: Document) -> Session:
        """The session of a document, taken up or begun if need be; the document follows it.

        Raises:
            DroidError: it cannot be taken up or begun.
        """
        session_id = parse(document.text).session_id
        folder = self._host.folder_for(document.path)
        if session_id is None:
            session = await self._host.create(folder)
        else:
            session = await self._host.session(folder, session_id)
        self._shown.add(session.id)
        if document.path is not None and not any(
            live.uri == document.uri for live in self._live.get(session.id, ())
        ):
            self._follow(session, document.path, document.uri, document.text)
        return session

    def take_draft(self, document: Document, session: Session, text: str) -> None:
        """Take out of a document what was sent into a running turn."""
        for live in self._live.get(session.id, ()):
            if live.uri == document.uri:
                live.step(lambda plan: plan.clear_draft(text))


def _document_path(workspace: Path, session_id: str) -> Path:
    return workspace / ".factory" / "local" / f"{session_id}{SESSION_DOCUMENT}"
