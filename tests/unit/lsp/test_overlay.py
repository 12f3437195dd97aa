"""Open buffers over the disk, under an editor that can be told to misbehave."""

import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileWrite, digest_of
from droid.lsp import overlay
from droid.lsp.background import Background
from droid.lsp.documents import Document, Documents
from droid.lsp.overlay import OverlayFiles
from droid.tools.files import DiskFiles


class FakeEditor:
    """Applies edits to the documents at once, unless `refuse` or `meanwhile` says otherwise."""

    def __init__(self, documents: Documents) -> None:
        self.can_edit = True
        self.claims: Callable[[Document], bool | None] = lambda _: True
        self.takes: Callable[[Document], bool] = lambda _: True
        self.meanwhile: Callable[[Document], None] = lambda _: None
        self.sent: list[tuple[Document, Sequence[dict[str, Any]]]] = []
        self.expected: list[str] = []
        self.delay = asyncio.Event()
        self.delay.set()
        self._documents = documents

    async def apply_edit(
        self, document: Document, edits: Sequence[dict[str, Any]], label: str
    ) -> bool | None:
        self.sent.append((document, edits))
        await self.delay.wait()
        self.meanwhile(document)
        if self.takes(document):
            changes = [
                types.TextDocumentContentChangePartial(range=_range(edit["range"]), text=edit["newText"])
                for edit in reversed(edits)
            ]
            report(self._documents, document, *changes)
        return self.claims(document)

    @contextmanager
    def server_edit(self, document: Document, text_after: str) -> Generator[None]:
        self.expected.append(text_after)
        yield


def _range(value: dict[str, dict[str, int]]) -> types.Range:
    return types.Range(start=types.Position(**value["start"]), end=types.Position(**value["end"]))


def report(documents: Documents, document: Document, *changes: Any) -> None:
    identifier = types.VersionedTextDocumentIdentifier(uri=document.uri, version=document.version + 1)
    documents.change(
        types.DidChangeTextDocumentParams(text_document=identifier, content_changes=list(changes))
    )


def typed(documents: Documents, document: Document, text: str) -> None:
    start = types.Range(types.Position(0, 0), types.Position(0, 0))
    report(documents, document, types.TextDocumentContentChangePartial(range=start, text=text))


class Setting:
    """A folder, an editor, and the port over both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = Documents()
        self.editor = FakeEditor(self.documents)
        self.asked: list[list[Document]] = []
        self.on_save: Callable[[Document], None] = lambda _: None
        self.background = Background()
        self.files = OverlayFiles(DiskFiles(), self.documents, self.editor, self._save_all, self.background)

    async def _save_all(self, documents: Sequence[Document], still_unsaved: object) -> None:
        self.asked.append(list(documents))
        for document in documents:
            self.on_save(document)

    def open(self, name: str, text: str | None = None) -> Document:
        path = self.folder / name
        text = path.read_bytes().decode() if text is None else text
        return self.documents.open(
            types.TextDocumentItem(uri=path.as_uri(), language_id="x", version=1, text=text)
        )

    def change(self, name: str, before: str | None, after: str | None) -> FileWrite:
        return FileWrite(
            path=self.folder / name,
            before=None if before is None else digest_of(before.encode()),
            data=None if after is None else after.encode(),
        )


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setattr(overlay, "_READ_BACK_S", 0.05)
    (tmp_path / "a.txt").write_bytes(b"one\ntwo\n")
    (tmp_path / "b.txt").write_bytes(b"three\n")
    return Setting(tmp_path)


async def test_a_buffer_is_read_and_never_the_disk_beneath_it(setting: Setting) -> None:
    document = setting.open("a.txt", "in the editor")
    snapshot = await setting.files.read(setting.folder / "a.txt")
    assert (snapshot.data, snapshot.version) == (b"in the editor", 1)
    assert snapshot.mode is not None
    setting.documents.close(document.uri)
    snapshot = await setting.files.read(setting.folder / "a.txt")
    assert (snapshot.data, snapshot.is_open) == (b"one\ntwo\n", False)


async def test_an_open_file_is_changed_in_the_editor_alone(setting: Setting) -> None:
    document = setting.open("a.txt")
    await setting.files.write([setting.change("a.txt", "one\ntwo\n", "one\n2\n")])
    assert document.text == "one\n2\n"
    assert (setting.folder / "a.txt").read_text() == "one\ntwo\n"
    ((_, edits),) = setting.editor.sent
    assert [edit["newText"] for edit in edits] == ["2\n"]
    assert setting.editor.expected == ["one\n2\n"]


async def test_open_and_closed_files_change_together(setting: Setting) -> None:
    document = setting.open("a.txt")
    await setting.files.write(
        [
            setting.change("a.txt", "one\ntwo\n", "1\n"),
            setting.change("b.txt", "three\n", "3\n"),
            setting.change("new/c.txt", None, "four\n"),
        ]
    )
    assert document.text == "1\n"
    assert (setting.folder / "b.txt").read_text() == "3\n"
    assert (setting.folder / "new" / "c.txt").read_text() == "four\n"


async def test_a_closed_file_that_is_stale_takes_the_open_one_back(setting: Setting) -> None:
    document = setting.open("a.txt")
    with pytest.raises(StaleFile):
        await setting.files.write(
            [setting.change("a.txt", "one\ntwo\n", "1\n"), setting.change("b.txt", "other\n", "3\n")]
        )
    assert document.text == "one\ntwo\n"
    assert (setting.folder / "b.txt").read_text() == "three\n"


async def test_taking_back_spares_what_was_typed_since(setting: Setting) -> None:
    first, second = setting.open("a.txt"), setting.open("b.txt")
    setting.editor.takes = lambda document: document is first
    setting.editor.meanwhile = lambda document: (
        typed(setting.documents, first, "mine\n") if document is second else None
    )
    with pytest.raises(StaleFile):
        await setting.files.write(
            [setting.change("a.txt", "one\ntwo\n", "1\ntwo\n"), setting.change("b.txt", "three\n", "3\n")]
        )
    assert first.text == "mine\none\ntwo\n"


@pytest.mark.parametrize("before", ["one\n", None])
async def test_a_buffer_that_changed_since_it_was_read_is_refused(
    setting: Setting, before: str | None
) -> None:
    setting.open("a.txt")
    with pytest.raises(StaleFile):
        await setting.files.write([setting.change("a.txt", before, "1\n")])
    assert not setting.editor.sent


async def test_a_file_is_created_in_a_buffer_that_is_empty_and_not_on_disk(setting: Setting) -> None:
    document = setting.open("new.txt", "\n")
    await setting.files.write([setting.change("new.txt", None, "hello\n")])
    assert document.text == "hello\n"
    assert not (setting.folder / "new.txt").exists()


@pytest.mark.parametrize(("claim", "takes"), [(False, False), (True, False), (None, False)])
async def test_an_edit_that_was_not_made_is_stale(setting: Setting, claim: bool | None, takes: bool) -> None:
    document = setting.open("a.txt")
    setting.editor.claims = lambda _: claim
    setting.editor.takes = lambda _: takes
    with pytest.raises(StaleFile, match="read it again"):
        await setting.files.write([setting.change("a.txt", "one\ntwo\n", "1\n")])
    assert document.text == "one\ntwo\n"


@pytest.mark.parametrize("claim", [False, None])
async def test_an_edit_that_was_made_counts_whatever_the_editor_claims(
    setting: Setting, claim: bool | None
) -> None:
    document = setting.open("a.txt")
    setting.editor.claims = lambda _: claim
    await setting.files.write([setting.change("a.txt", "one\ntwo\n", "1\n")])
    assert document.text == "1\n"


async def test_an_edit_applied_to_another_text_is_put_back(setting: Setting) -> None:
    """LSP4IJ looks at no version: the edit lands a line off, over the person's text."""
    document = setting.open("a.txt")
    lines = iter(["mine\n"])
    setting.editor.meanwhile = lambda doc: typed(setting.documents, doc, next(lines, ""))
    with pytest.raises(StaleFile):
        await setting.files.write([setting.change("a.txt", "one\ntwo\n", "one\n2\n")])
    assert document.text == "mine\none\ntwo\n"


async def test_a_cancelled_edit_is_taken_back_when_it_arrives(setting: Setting) -> None:
    document = setting.open("a.txt")
    setting.editor.delay.clear()
    writing = asyncio.create_task(setting.files.write([setting.change("a.txt", "one\ntwo\n", "1\n")]))
    await asyncio.sleep(0.01)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(writing, 0.1)
    setting.editor.delay.set()
    assert await setting.documents.wait_until(lambda: document.version >= 3, 1)
    assert document.text == "one\ntwo\n"


async def test_line_ends_of_the_buffer_are_kept(setting: Setting) -> None:
    document = setting.open("a.txt", "one\r\ntwo\r\n")
    await setting.files.write([setting.change("a.txt", "one\r\ntwo\r\n", "one\n2\nthree\n")])
    assert document.text == "one\r\n2\r\nthree\r\n"


async def test_bytes_that_are_no_text_do_not_go_into_a_buffer(setting: Setting) -> None:
    setting.open("new.bin", "")
    change = FileWrite(path=setting.folder / "new.bin", before=None, data=b"\xff\xfe")
    with pytest.raises(ToolFailed, match="not text"):
        await setting.files.write([change])


async def test_an_open_file_is_deleted_on_disk_unless_work_would_be_lost(setting: Setting) -> None:
    document = setting.open("a.txt")
    await setting.files.write([setting.change("a.txt", "one\ntwo\n", None)])
    assert not (setting.folder / "a.txt").exists()
    document = setting.open("b.txt")
    typed(setting.documents, document, "unsaved")
    with pytest.raises(ToolFailed, match="unsaved"):
        await setting.files.write([setting.change("b.txt", "unsavedthree\n", None)])
    assert (setting.folder / "b.txt").exists()


async def test_an_editor_that_cannot_edit_gets_the_disk_changed_where_nothing_is_lost(
    setting: Setting,
) -> None:
    setting.editor.can_edit = False
    document = setting.open("a.txt")
    await setting.files.write([setting.change("a.txt", "one\ntwo\n", "1\n")])
    assert (setting.folder / "a.txt").read_text() == "1\n"
    typed(setting.documents, document, "unsaved")
    with pytest.raises(ToolFailed, match="unsaved"):
        await setting.files.write([setting.change("a.txt", "unsavedone\ntwo\n", "1\n")])


@pytest.mark.parametrize(
    ("disk", "buffer", "unsaved"),
    [
        (b"one\n", "one\n", False),
        (b"one\r\n", "one\n", False),
        (b"\xef\xbb\xbfone\n", "one\n", False),
        (b"one", "one\n", False),
        (b"one\n", "two\n", True),
        (b"\xff\n", "ÿ\n", True),
        (None, "", False),
        (None, "x", True),
    ],
)
async def test_a_buffer_is_unsaved_where_it_holds_what_the_disk_does_not(
    setting: Setting, disk: bytes | None, buffer: str, unsaved: bool
) -> None:
    path = setting.folder / "c.txt"
    if disk is not None:
        path.write_bytes(disk)
    setting.open("c.txt", buffer)
    assert bool(await setting.files.unsaved([path])) is unsaved


async def test_saving_asks_once_and_looks_again(setting: Setting) -> None:
    first, second = setting.open("a.txt"), setting.open("b.txt")
    typed(setting.documents, first, "x")
    typed(setting.documents, second, "y")
    setting.on_save = lambda one: setting.documents.was_saved(one.uri) if one is first else None
    paths = [setting.folder / "a.txt", setting.folder / "b.txt"]
    assert list(await setting.files.save(paths)) == [paths[1]]
    assert setting.asked == [[first, second]]
    assert await setting.files.save([setting.folder / "none.txt"]) == ()
