"""Where the changes of all sessions are shown and decided, whichever rung of the ladder the client is on.

A client that declared `review: hunk` is told of every changeset and of how it stands. For any other, changes
are a `.diff` document (`review_documents.py`).
"""

import os
from collections.abc import Sequence
from pathlib import Path

from droid.domain.decisions import Answer
from droid.domain.errors import DroidError
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    ChangesReviewed,
    FilesChanged,
    FilesRestored,
    Record,
    TurnEnded,
    Undone,
)
from droid.engine.changesets import Changeset, Phase, Reviewed
from droid.engine.session import Session
from droid.lsp.annotated_review import PreviewFailed, can_preview, choose
from droid.lsp.background import Background
from droid.lsp.convert import path_of, uri_of
from droid.lsp.documents import Documents
from droid.lsp.editor import Editor, MessageKind
from droid.lsp.markdown_text import one_line
from droid.lsp.negotiation import Review
from droid.lsp.review_documents import ReviewDocuments
from droid.lsp.review_wire import changeset_of
from droid.lsp.session_host import SessionHost
from droid.lsp.throttle import Throttle

_INTERVAL_S = 0.2


class NothingToReview(DroidError):
    """There are no such changes."""


class ReviewDesk:
    """The changesets of one editor."""

    def __init__(
        self, *, editor: Editor, background: Background, documents: Documents, host: SessionHost
    ) -> None:
        self._editor = editor
        self._background = background
        self._documents = documents
        self._host = host
        self.documents = ReviewDocuments(editor=editor, documents=documents, background=background)
        self._previewed: set[str] = set()
        # Changesets that stand otherwise than they were last told of: session and changeset id.
        self._news: dict[str, Session] = {}
        self._throttle = Throttle(self._tell_soon, _INTERVAL_S)

    @property
    def by_hunk(self) -> bool:
        """The client shows changesets itself."""
        return self._editor.profile.review is Review.HUNK

    def uri_of(self, path: Path) -> str:
        """A file as the client names it, where it has it open."""
        document = self._documents.at(path)
        return document.uri if document is not None else uri_of(path)

    @staticmethod
    def path_of(uri: str) -> Path:
        """The file that a client means, symlinks resolved.

        Raises:
            NotAFile: it is none on this machine.
        """
        return Path(os.path.realpath(path_of(uri)))

    # What happens

    def on_record(self, session: Session, record: Record) -> None:
        event = record.event
        match event:
            case ApprovalWanted() | ApprovalAnswered():
                approval_id = (
                    event.request.approval_id if isinstance(event, ApprovalWanted) else event.approval_id
                )
                changeset = session.proposed(approval_id)
                if changeset is not None:
                    self._tell(changeset)
            case FilesChanged() | TurnEnded() if record.turn_id is not None:
                self._changed(session, session.applied_id(record.turn_id))
            case FilesRestored():
                for turn_id in session.changed_since(event.turn_id):
                    self._changed(session, session.applied_id(turn_id))
            case ChangesReviewed() | Undone():
                self._changed(session, session.applied_id(event.turn_id))
            case _:
                pass

    def _changed(self, session: Session, changeset_id: str | None) -> None:
        if changeset_id is not None and (self.by_hunk or self.documents.shows(changeset_id)):
            self._news[changeset_id] = session
            self._throttle.poke()

    def _tell_soon(self) -> None:
        news, self._news = self._news, {}
        self._background.start(self._tell_news(news), "review:tell")

    async def _tell_news(self, news: "dict[str, Session]") -> None:
        for changeset_id, session in news.items():
            if not session.closed:
                self._tell(await session.changeset(changeset_id))

    def _tell(self, changeset: Changeset) -> None:
        if self.by_hunk:
            self._editor.requests.notify("droid/reviewChanges", changeset_of(changeset, self.uri_of))
        self.documents.changed(changeset)

    async def propose(self, session: Session, changeset: Changeset) -> None:
        """Show what nobody has asked about yet: going back to a checkpoint."""
        self._tell(changeset)
        if not self.by_hunk:
            await self.documents.open(session, changeset)

    # What is asked for

    async def show(self, session: Session, changeset: Changeset) -> Path | None:
        """Put a changeset before the person; the `.diff` document that does, in a client without a view.

        Raises:
            DroidError: it cannot be written.
        """
        if self.by_hunk:
            self._tell(changeset)
            return None
        waits = changeset.phase is Phase.PROPOSED and changeset.approval_id is not None
        if (
            waits
            and self._editor.profile.review is Review.ANNOTATED
            and can_preview(changeset, self._documents)
        ):
            self._background.start(self._preview(session, changeset), "review:preview")
            return None
        return await self.documents.open(session, changeset)

    async def _preview(self, session: Session, changeset: Changeset) -> None:
        """Let the person choose in the editor's preview; closing it without a choice is a no."""
        if changeset.changeset_id in self._previewed:
            return  # it is before them already
        self._previewed.add(changeset.changeset_id)
        try:
            chosen = await choose(changeset, self._editor, self._documents)
        except PreviewFailed as error:
            self._editor.message(f"Droid: {error}", MessageKind.WARNING)
            return  # the question stays open
        finally:
            self._previewed.discard(changeset.changeset_id)
        approval_id = changeset.approval_id or ""
        answer = Answer.ONCE if chosen else Answer.REJECT
        if not session.answer(approval_id, answer, None, chosen or None) and chosen:
            self._editor.message(
                "Droid: that came too late: the question was closed, and nothing was written."
            )

    async def session_of(self, changeset_id: str) -> Session:
        """The session that a changeset belongs to.

        Raises:
            NothingToReview: none of this editor.
        """
        known = self._host.known(changeset_id.partition(":")[0])
        if known is None:
            raise NothingToReview("no session of this editor has these changes; resume the session first")
        return await self._host.wake(known)

    async def listed(self, session_id: str | None) -> Sequence[Changeset]:
        """Those of a session that are not closed, the newest last."""
        known = await self._host.find_or_current(session_id)
        if known is None:
            return ()
        return await (await self._host.wake(known)).changesets()

    async def latest(self, session_id: str | None) -> Changeset:
        """The one that is before the person: what is proposed first, then what was changed last.

        Raises:
            NothingToReview: there is none.
        """
        listed = await self.listed(session_id)
        if not listed:
            raise NothingToReview("there are no changes to review")
        return next((one for one in listed if one.phase is Phase.PROPOSED), listed[-1])

    async def decide(
        self, changeset_id: str | None, *, accept: bool, path: Path | None = None, hunk_id: str | None = None
    ) -> Reviewed:
        """Accept or reject one hunk, the hunks of one file, or all; everybody is told how it stands then.

        Raises:
            DroidError: there is no such thing, or nothing could be written, and nothing was changed.
        """
        changeset_id = changeset_id or (await self.latest(None)).changeset_id
        session = await self.session_of(changeset_id)
        reviewed = await session.review(changeset_id, accept=accept, path=path, hunk_id=hunk_id)
        self._tell(reviewed.changeset)
        return reviewed

    def at_cursor(self, *, whole_file: bool) -> tuple[str, Path, str | None]:
        """Changeset, file and hunk that the cursor is on in a `.diff` document, and says so.

        Raises:
            NothingToReview: it is on none.
        """
        uri, line = self.documents.cursor or ("", 0)
        document = self._documents.get(uri)
        found = self.documents.place(document, line) if document is not None else None
        if found is not None and (whole_file or found[1].hunk is not None):
            changeset, place = found
            hunk = place.hunk if not whole_file else None
            where = f" line {hunk.new_first + 1}" if hunk is not None else ""
            self._editor.message(f"Droid: this is about {one_line(place.file.name, 200)}{where}.")
            return changeset.changeset_id, place.file.path, hunk.hunk_id if hunk is not None else None
        raise NothingToReview("say which: put the cursor on a hunk of the `.diff` document, or pass its id")

    async def content(self, changeset_id: str, path: Path, side: str) -> bytes | None:
        """One side of a file; None where there is no file.

        Raises:
            DroidError: it is not part of the changeset.
        """
        changeset = await (await self.session_of(changeset_id)).changeset(changeset_id)
        hunks = changeset.file_at(path).hunks
        return hunks.before if side == "before" else hunks.after
