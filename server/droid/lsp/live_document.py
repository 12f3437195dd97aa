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
from pathlib import Path
from typing import Any

from droid.domain.events import Record
from droid.engine.session import Session
from droid.lsp.background import Background
from droid.lsp.convert import units_of
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor
from droid.lsp.misplaced_edits import put_back, reported_edits
from droid.lsp.session_document import SessionDocument
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
            return plan.document.turn(self.piece.turn_id or "t") is not None
        was, now = _content(before, self.piece.turn_id), _content(plan.document, self.piece.turn_id)
        return now != was and now.endswith(_bare(self.piece.text.split("\n")))


def _content(document: SessionDocument, turn_id: str | None) -> str:
    if turn_id is None:
        first = document.sections[0].line if document.sections else len(document.lines)
        return _bare(document.lines[:first])
    section = document.turn(turn_id)
    return "" if section is None else _bare(document.lines[section.line + 1 : section.end_line])


def _bare(lines: Sequence[str]) -> str:
    """Lines without what an editor may take off or put on: blanks at their ends, blank lines around them."""
    return "\n".join(line.rstrip() for line in lines).strip("\n")


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
        self._asks_person = False
        self._closed = False

    @property
    def buffer(self) -> Document | None:
        return self._documents.get(self.uri)

    def follow(self, text: str, deltas: Sequence[Record]) -> None:
        """Begin with what the document holds; turns that it does not know, or not to their end, are added.

        Args:
            deltas: What came after the last stored record.
        """
        document = AppendPlan(text).document
        pieces: dict[str | None, list[Piece]] = {}
        for record in (*self.session.records, *deltas):
            if (piece := self._renderer.feed(record)) is not None:
                pieces.setdefault(piece.turn_id, []).append(piece)
        for turn_id, of_turn in pieces.items():
            if turn_id is None:
                continue
            section = document.turn(turn_id)
            if section is None:
                for piece in of_turn:
                    self._want(_Wanted(piece=piece))
                continue
            whole = "".join(piece.text for piece in of_turn)
            missing = _missing(whole, _content(document, turn_id))
            if missing:
                self._want(_Wanted(piece=Piece(turn_id=turn_id, text=missing)))
        self.step(lambda plan: plan.session(self.session.id))

    def on_record(self, record: Record) -> None:
        piece = self._renderer.feed(record)
        if piece is not None:
            self._want(_Wanted(piece=piece))

    def step(self, step: Step) -> None:
        """Make some other change; `step` plans it, and says None once there is nothing to do."""
        self._want(_Wanted(step=step))

    def close(self) -> None:
        """Another takes over, and brings the document up to date from the session's records."""
        self._closed = True
        self._wanted.clear()

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
        attempts = 0
        while self._wanted:
            buffer = self.buffer
            if buffer is None:
                if not await self._write_to_disk():
                    self._wanted.clear()
                continue
            if self._asks_person and self.session.busy and len(self._wanted) < 1000:
                await asyncio.sleep(_AGAIN_S)
                continue
            wanted = self._wanted[0]
            if await self._write_one(buffer, wanted):
                if self._wanted and self._wanted[0] is wanted:
                    self._wanted.popleft()
                attempts = 0
                await asyncio.sleep(max(_INTERVAL_S, len(buffer.text) * _INTERVAL_S_PER_CHARACTER))
                continue
            attempts += 1
            if attempts >= _ATTEMPTS:
                logger.warning("the editor does not take edits of a session document")
                self._editor.message(f"Droid cannot write into {self.path.name}; close it and open it again.")
                self._wanted.clear()
                return
            await asyncio.sleep(_AGAIN_S)

    async def _write_one(self, buffer: Document, wanted: _Wanted) -> bool:
        """One edit; True when what was wanted stands in the buffer."""
        text, version = buffer.text, buffer.version
        plan = AppendPlan(text)
        edit = wanted.edit(plan)
        if edit is None:
            return True
        began = asyncio.get_running_loop().time()
        sent = [_lsp_edit(buffer, edit)]
        with reported_edits(self._documents, buffer) as reported:
            claim = await self._editor.apply_edit(buffer, sent, "Droid")
            self._asks_person = asyncio.get_running_loop().time() - began > _ASKS_S
            landed = await self._documents.wait_until(
                lambda: buffer.version > version and wanted.landed(plan.document, buffer.text),
                0 if claim is False else _LAND_S,
            )
        if not landed:
            await put_back(self._editor, self._documents, buffer, reported, sent)
        return landed

    async def _write_to_disk(self) -> bool:
        """Bring the file up to date while nobody has it open; False where it is not ours to write."""
        if not self._ours:
            return False
        await asyncio.sleep(_DISK_INTERVAL_S if self.session.busy else 0)
        wanted = list(self._wanted)
        self._wanted.clear()
        try:
            await asyncio.to_thread(_append_on_disk, self.path, wanted)
        except OSError as error:
            logger.warning("a session document cannot be written: %s", error.strerror)
            self._ours = False
            return False
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


def _lsp_edit(buffer: Document, edit: Edit) -> dict[str, Any]:
    def position(line: int, character: int) -> dict[str, int]:
        return {"line": line, "character": units_of(buffer.lines[line], character, buffer.encoding)}

    return {
        "range": {
            "start": position(edit.start_line, edit.start_character),
            "end": position(edit.end_line, edit.end_character),
        },
        "newText": edit.text,
    }


def _missing(whole: str, held: str) -> str:
    """What of a turn's text a document does not hold yet; nothing where the person has changed it."""
    plain = _bare(whole.split("\n"))
    if not plain.startswith(held):
        return ""
    # The text of a section that holds nothing yet must not end up on its heading's own line.
    return f"\n\n{plain}" if plain and not held else plain[len(held) :]
