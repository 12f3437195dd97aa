"""A document that follows a session, in an editor that takes its time."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from lsprotocol import types

from droid.domain.events import (
    AssistantAnswered,
    Event,
    Record,
    TextDelta,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
)
from droid.domain.messages import Message, Role, TextPart, user_message
from droid.domain.models import StopReason
from droid.engine.session import Session
from droid.lsp.background import Background
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor
from droid.lsp.live_document import LiveDocument
from droid.lsp.session_text import new_document

URI = "file:///w/talk.droid.md"
EMPTY = new_document("s1", "Title")


class SlowEditor:
    """Takes an edit when it is let: until then the edit is on its way.

    Attributes:
        versioned: It refuses an edit of an older version.
    """

    def __init__(self, documents: Documents, *, versioned: bool) -> None:
        self.documents = documents
        self.versioned = versioned
        self.may = asyncio.Event()
        self.may.set()
        self.asked = 0
        self.report_late: list[types.DidChangeTextDocumentParams] | None = None

    def message(self, text: str, kind: object = None) -> None:
        raise AssertionError(text)

    async def apply_edit(self, document: Document, edits: Sequence[dict[str, Any]], label: str) -> bool:
        version = document.version
        self.asked += 1
        await self.may.wait()
        now = self.documents.get(URI)
        if now is None or (self.versioned and now.version != version):
            return False
        (edit,) = edits
        start, end = (types.Position(**edit["range"][name]) for name in ("start", "end"))
        change = types.TextDocumentContentChangePartial(
            range=types.Range(start=start, end=end), text=edit["newText"]
        )
        identifier = types.VersionedTextDocumentIdentifier(uri=URI, version=now.version + 1)
        report = types.DidChangeTextDocumentParams(text_document=identifier, content_changes=[change])
        if self.report_late is not None:
            self.report_late.append(report)
        else:
            self.documents.change(report)
        return True


def turn(*texts: str) -> list[Record]:
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text="".join(texts)),))
    events: list[Event] = [
        TurnStarted(prompt="Hello", message=user_message("Hello")),
        *(TextDelta(text=text) for text in texts),
        AssistantAnswered(message=message, stop_reason=StopReason.END),
        TurnEnded(reason=TurnEndReason.DONE),
    ]
    return [Record(seq=n, at=0.0, turn_id="t1", event=event) for n, event in enumerate(events)]


class Desk:
    """An editor with one document, and a session that it follows."""

    def __init__(self, *, versioned: bool = True) -> None:
        self.documents = Documents()
        self.editor = SlowEditor(self.documents, versioned=versioned)
        self.background = Background()
        self.records: list[Record] = []
        self.session = SimpleNamespace(
            id="s1", title="Title", workspace=Path("/w"), records=self.records, busy=True
        )

    def open(self, text: str) -> Document:
        version = buffer.version if (buffer := self.documents.get(URI)) else 1
        return self.documents.open(
            types.TextDocumentItem(uri=URI, language_id="markdown", version=version, text=text)
        )

    def follow(self, before: asyncio.Task[None] | None = None) -> LiveDocument:
        live = LiveDocument(
            Path("/w/talk.droid.md"),
            URI,
            cast("Session", self.session),
            ours=False,
            editor=cast("Editor", self.editor),
            documents=self.documents,
            background=self.background,
        )
        live.follow(self.text, (), before)
        return live

    def happens(self, live: LiveDocument, *records: Record) -> None:
        for record in records:
            self.records.append(record)
            live.on_record(record)

    @property
    def text(self) -> str:
        document = self.documents.get(URI)
        assert document is not None
        return document.text

    async def until(self, words: str) -> None:
        assert await self.documents.wait_until(lambda: words in self.text, 20), self.text


async def asked(editor: SlowEditor, count: int) -> None:
    async with asyncio.timeout(20):
        while editor.asked < count:
            await asyncio.sleep(0.01)


async def opened_again(desk: Desk) -> None:
    """The document is opened a second time while text is on its way into it."""
    desk.open(EMPTY)
    live = desk.follow()
    start, delta, *rest = turn("the first answer")
    desk.happens(live, start)
    await desk.until("## Droid · t1")
    desk.editor.may.clear()
    desk.happens(live, delta)
    await asked(desk.editor, 2)
    desk.happens(live, *rest)
    desk.open(desk.text)
    again = desk.follow(live.close())
    await asyncio.sleep(0.3)
    desk.editor.may.set()
    await desk.until("*Done")
    desk.happens(again, *(Record(seq=9, at=0.0, turn_id="t2", event=one.event) for one in turn("more")))
    await desk.until("more")
    assert desk.text.count("the first answer") == 1, desk.text
    assert desk.text.count("## Droid · t1\n") == 1, desk.text
    await desk.background.close(1)


async def test_an_edit_on_its_way_to_a_document_that_is_opened_again_is_not_made_twice() -> None:
    await opened_again(Desk())


async def test_nor_where_the_editor_takes_edits_of_old_versions() -> None:
    await opened_again(Desk(versioned=False))


async def test_an_edit_whose_report_comes_late_is_not_made_twice(monkeypatch: Any) -> None:
    monkeypatch.setattr("droid.lsp.live_document._LAND_S", 0.05)
    desk = Desk()
    desk.open(EMPTY)
    live = desk.follow()
    start, delta, *rest = turn("the first answer")
    desk.happens(live, start)
    await desk.until("## Droid · t1")
    desk.editor.report_late = []
    desk.happens(live, delta)
    await asked(desk.editor, 2)
    await asyncio.sleep(0.1)
    late, desk.editor.report_late = desk.editor.report_late[0], None
    desk.documents.change(late)
    desk.happens(live, *rest)
    await desk.until("*Done")
    assert desk.text.count("the first answer") == 1, desk.text
    await desk.background.close(1)


async def test_a_document_that_shows_everything_is_left_alone() -> None:
    desk = Desk()
    desk.open(EMPTY)
    live = desk.follow()
    desk.happens(live, *turn("the first answer"))
    await desk.until("*Done")
    count = desk.editor.asked
    desk.open(desk.text)
    desk.follow(live.close())
    await asyncio.sleep(0.3)
    assert desk.editor.asked == count
    await desk.background.close(1)
