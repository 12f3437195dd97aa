"""One session document while its session is live: what happens is appended, wherever the person types.

Text goes out in one edit at a time, ten times a second at most, each planned from the buffer as it is
then. An edit that the editor did not take, because the person typed in between, is planned anew; nothing
that was not seen to arrive is forgotten. A document that is not open is kept on disk, where it is ours.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from droid.domain.events import Record
from droid.engine.session import Session
from droid.lsp.background import Background
from droid.lsp.catching_up import bare, catch_up, content_of, turns_of
from droid.lsp.convert import units_of
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor
from droid.lsp.misplaced_edits import put_back, reported_edits
from droid.lsp.session_document import SessionDocument, Speaker
from droid.lsp.session_edits import AppendPlan, Edit, apply
from droid.lsp.transcript_markdown import Piece, Renderer

logger = logging.getLogger(__name__)

_INTERVAL_S = 0.1
# Reading a document takes as long as it is: a very long one is written to less often, not for longer.
_INTERVAL_S_PER_CHARACTER = 5e-7
_DISK_INTERVAL_S = 1.0
_LAND_S = 3.0
_AGAIN_S = 0.2
_ATTEMPTS = 10
# Slower than this, the editor is asking the person about each edit.
_ASKS_S = 1.5

Step = Callable[[AppendPlan], Edit | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Something that must come to stand in the document: a piece, or a step that says None once it does."""

    piece: Piece | None = None
    step: Step | None = None

    def edit(self, plan: AppendPlan) -> Edit | None:
        if self.piece is not None:
            return plan.piece(self.piece)
        return self.step(plan) if self.step is not None else None

    def landed(self, before: SessionDocument, text: str) -> bool:
        """Whether it stands there now, told by the section it belongs to and not by the whole text."""
        plan = AppendPlan(text)
        if self.piece is None:
            return self.edit(plan) is None
        if self.piece.prompt is not None:
            turn_id = self.piece.turn_id or "t"
            return _headings(plan.document, turn_id) > _headings(before, turn_id)
        was, now = content_of(before, self.piece.turn_id), content_of(plan.document, self.piece.turn_id)
        return now != was and now.endswith(bare(self.piece.text.split("\n")))


def _headings(document: SessionDocument, turn_id: str) -> int:
    return sum(one.speaker is Speaker.DROID and one.turn_id == turn_id for one in document.sections)


class LiveDocument:
    """A document that follows a session.

    Args:
        ours: The file may be written while it is not open.
    """

    def __init__(
        self,
        path: Path,
        uri: str,
        session: Session,
        *,
        ours: bool,
        editor: Editor,
        documents: Documents,
        background: Background,
    ) -> None:
        self.path = path
        self.uri = uri
        self.session = session
        self._ours = ours
        self._editor = editor
        self._documents = documents
        self._background = background
        self._renderer = Renderer(str(session.workspace))
        self._wanted: deque[_Wanted] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._before: asyncio.Task[None] | None = None
        self._is_writing = False
        self._asks_person = False
        self._closed = False

    @property
    def buffer(self) -> Document | None:
        return self._documents.get(self.uri)

    def follow(self, text: str, deltas: Sequence[Record], before: asyncio.Task[None] | None = None) -> None:
        """Begin with what the document holds; turns that it does not show, or not to their end, are added.

        Args:
            deltas: What came after the last stored record.
            before: What still writes into the same document; it is waited for.
        """
        self._before = before
        records = (*self.session.records, *deltas)
        turns = turns_of(piece for record in records if (piece := self._renderer.feed(record)) is not None)
        order = {turn.turn_id: place for place, turn in enumerate(turns)}
        self._head()
        plan = AppendPlan(text)
        for turn in turns:
            # What is missing is told anew when it is written: an edit may be on its way to this text.
            if before is not None or catch_up(plan, turn, order) is not None:
                self.step(partial(catch_up, turn=turn, order=order))
        self.step(lambda plan: plan.session(self.session.id))

    def go_on(self, after: int) -> None:
        """Begin with the events of a session behind the one of this number; it was told of those before."""
        for record in self.session.records:
            if record.seq <= after:
                self._renderer.feed(record)
            else:
                self.on_record(record)

    @property
    def is_behind(self) -> bool:
        """Something is still to be written into it."""
        return self._pump is not None and not self._pump.done()

    def on_record(self, record: Record) -> None:
        piece = self._renderer.feed(record)
        if piece is None:
            return
        if piece.prompt is not None:
            self._head()
        self._want(_Wanted(piece=piece))

    def _head(self) -> None:
        """Words that stand under no heading are the person's, and get theirs before anything is added."""
        self.step(lambda plan: plan.head(self.session.id, self.session.title))

    def step(self, step: Step) -> None:
        """Make some other change; `step` plans it, and says None once there is nothing to do."""
        self._want(_Wanted(step=step))

    def close(self) -> asyncio.Task[None] | None:
        """Another takes over, and brings the document up to date from the session's records.

        Returns what still writes, which the other must let end first.
        """
        self._closed = True
        self._wanted.clear()
        if self._pump is None or self._pump.done():
            return None
        if self._is_writing:
            return self._pump
        self._pump.cancel()
        return self._before

    def _want(self, wanted: _Wanted) -> None:
        if self._closed:
            return
        piece = wanted.piece
        # The first one may be on its way; those behind it are joined.
        last = self._wanted[-1].piece if len(self._wanted) > 1 else None
        if (
            last is not None
            and piece is not None
            and last.prompt is None
            and piece.prompt is None
            and last.turn_id == piece.turn_id
        ):
            joined = Piece(turn_id=last.turn_id, text=last.text + piece.text)
            self._wanted[-1] = _Wanted(piece=joined)
        else:
            self._wanted.append(wanted)
        if self._pump is None or self._pump.done():
            self._pump = self._background.start(self._write_all(), "session-document")

    async def _write_all(self) -> None:
        if self._before is not None:
            await asyncio.wait({self._before})
            self._before = None
        attempts = 0
        first_try: SessionDocument | None = None
        while self._wanted:
            buffer = self.buffer
            if buffer is None:
                if not await self._write_to_disk():
                    self._wanted.clear()
                continue
            if self._asks_person and self.session.busy and len(self._wanted) < 1000:
                await asyncio.sleep(_AGAIN_S)
                continue
            wanted, plan = self._wanted[0], AppendPlan(buffer.text)
            # An edit that was given up may have arrived since.
            if first_try is not None and wanted.landed(first_try, buffer.text):
                self._wanted.popleft()
                attempts, first_try = 0, None
                continue
            edit = wanted.edit(plan)
            if edit is None:
                self._drop_what_stands(plan)
                attempts, first_try = 0, None
                continue
            first_try = first_try or plan.document
            if await self._write_one(buffer, plan, wanted, edit):
                if self._wanted and self._wanted[0] is wanted:
                    self._wanted.popleft()
                attempts, first_try = 0, None
                await asyncio.sleep(max(_INTERVAL_S, len(buffer.text) * _INTERVAL_S_PER_CHARACTER))
                continue
            attempts += 1
            if attempts >= _ATTEMPTS:
                logger.warning("the editor does not take edits of a session document")
                self._editor.message(f"Droid cannot write into {self.path.name}; close it and open it again.")
                self._wanted.clear()
                return
            await asyncio.sleep(_AGAIN_S)

    def _drop_what_stands(self, plan: AppendPlan) -> None:
        """Forget what stands in the document already: a long one is read once for many turns."""
        while self._wanted and self._wanted[0].edit(plan) is None:
            self._wanted.popleft()

    async def _write_one(self, buffer: Document, plan: AppendPlan, wanted: _Wanted, edit: Edit) -> bool:
        """One edit, planned from the buffer as it is; True when what was wanted stands in the buffer."""
        version = buffer.version
        began = asyncio.get_running_loop().time()
        sent = [lsp_edit(buffer, edit)]
        self._is_writing = True
        try:
            with reported_edits(self._documents, buffer) as reported:
                claim = await self._editor.apply_edit(buffer, sent, "Droid")
                self._asks_person = asyncio.get_running_loop().time() - began > _ASKS_S
                landed = await self._documents.wait_until(
                    lambda: buffer.version > version and wanted.landed(plan.document, buffer.text),
                    0 if claim is False else _LAND_S,
                )
            if not landed:
                await put_back(self._editor, self._documents, buffer, reported, sent)
        finally:
            self._is_writing = False
        return landed

    async def _write_to_disk(self) -> bool:
        """Bring the file up to date while nobody has it open; False where it is not ours to write."""
        if not self._ours:
            return False
        await asyncio.sleep(_DISK_INTERVAL_S if self.session.busy else 0)
        if self.buffer is not None:
            return True
        wanted = list(self._wanted)
        self._wanted.clear()
        self._is_writing = True
        try:
            await asyncio.to_thread(_append_on_disk, self.path, wanted)
        except OSError as error:
            logger.warning("a session document cannot be written: %s", error.strerror)
            self._ours = False
            return False
        finally:
            self._is_writing = False
        return True


def _append_on_disk(path: Path, wanted: list[_Wanted]) -> None:
    text = path.read_text(encoding="utf-8")
    for one in wanted:
        if (edit := one.edit(AppendPlan(text))) is not None:
            text = apply(text, edit)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="")
    part.chmod(0o600)
    part.replace(path)


def lsp_edit(buffer: Document, edit: Edit) -> dict[str, Any]:
    """A planned edit in the units of the client."""

    def position(line: int, character: int) -> dict[str, int]:
        return {"line": line, "character": units_of(buffer.lines[line], character, buffer.encoding)}

    return {
        "range": {
            "start": position(edit.start_line, edit.start_character),
            "end": position(edit.end_line, edit.end_character),
        },
        "newText": edit.text,
    }
