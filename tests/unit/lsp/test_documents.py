"""Buffers in step with the editor's, whatever it does to them."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from droid.lsp.convert import ENCODINGS, split_lines, units_of
from droid.lsp.documents import Document, Documents, Edit

TEXT = st.text(st.sampled_from("ab😀é\n\n\r\x0c\u2028"), max_size=25)
URI = "file:///x/a.py"


def document(text: str, encoding: str = "utf-16") -> Document:
    return Document(URI, text, version=1, language_id="python", encoding=encoding)


def range_of(*ends: int) -> types.Range:
    return types.Range(start=types.Position(*ends[:2]), end=types.Position(*ends[2:]))


def opened(documents: Documents, text: str, uri: str = URI, version: int = 1) -> Document:
    return documents.open(types.TextDocumentItem(uri=uri, language_id="python", version=version, text=text))


def change(documents: Documents, version: int, *edits: tuple[types.Range | None, str]) -> None:
    changes = [
        types.TextDocumentContentChangePartial(range=range_, text=text)
        if range_ is not None
        else types.TextDocumentContentChangeWholeDocument(text=text)
        for range_, text in edits
    ]
    identifier = types.VersionedTextDocumentIdentifier(uri=URI, version=version)
    documents.change(types.DidChangeTextDocumentParams(text_document=identifier, content_changes=changes))


@given(TEXT, TEXT, st.data(), st.sampled_from(ENCODINGS))
def test_a_change_does_to_a_buffer_what_it_does_to_its_text(
    text: str, inserted: str, data: st.DataObject, encoding: str
) -> None:
    """Offsets in plain text are the model; lines are what is kept."""
    buffer = document(text, encoding)
    lines = split_lines(text)
    places: list[tuple[int, int, int]] = []
    offset = 0
    for number, line in enumerate(lines):
        places += [(number, index, offset + index) for index in range(len(line.rstrip("\r\n")) + 1)]
        offset += len(line)
    first, last = sorted((data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))))
    edit = buffer.change(
        range_of(
            first[0],
            units_of(lines[first[0]], first[1], encoding),
            last[0],
            units_of(lines[last[0]], last[1], encoding),
        ),
        inserted,
    )
    assert buffer.text == text[: first[2]] + inserted + text[last[2] :]
    assert buffer.lines == split_lines(buffer.text)
    assert edit == Edit(start=first[:2], end=last[:2], removed=text[first[2] : last[2]], text=inserted)


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((0, 99, 0, 99), "one!\ntwo\n"),
        ((99, 0, 99, 0), "one\ntwo\n!"),
        ((2, 0, 2, 0), "one\ntwo\n!"),
        ((1, 0, 99, 99), "one\n!"),
        ((1, 2, 0, 0), "one\ntw!o\n"),
        ((0, 0, 0, 0), "!one\ntwo\n"),
    ],
)
def test_places_outside_the_text_mean_its_nearest_end(ends: tuple[int, ...], text: str) -> None:
    buffer = document("one\ntwo\n")
    buffer.change(range_of(*ends), "!")
    assert buffer.text == text


def test_a_form_feed_does_not_end_a_line() -> None:
    """pygls' own documents put every edit below one in the wrong place."""
    buffer = document("a\x0cb\u2028c\nd\n")
    buffer.change(range_of(1, 0, 1, 1), "D")
    assert buffer.text == "a\x0cb\u2028c\nD\n"


def test_a_keystroke_in_a_large_document_does_not_copy_it() -> None:
    buffer = document("line\n" * 10_000)
    before = buffer.lines[9_000]
    buffer.change(range_of(5_000, 0, 5_000, 0), "x")
    assert buffer.lines[9_000] is before
    assert buffer._text is None


def test_changes_of_one_notification_are_applied_in_order() -> None:
    documents = Documents()
    buffer = opened(documents, "one\n")
    change(documents, 5, (range_of(0, 0, 0, 3), "two"), (range_of(0, 3, 0, 3), "!"), (None, "three"))
    assert (buffer.text, buffer.version, buffer.saved) == ("three", 5, False)


def test_what_is_not_open_is_not_changed() -> None:
    documents = Documents()
    change(documents, 2, (None, "x"))
    assert documents.get(URI) is None


def test_a_second_opening_replaces_the_first() -> None:
    documents = Documents()
    opened(documents, "one")
    opened(documents, "two", version=0)
    assert [one.text for one in documents] == ["two"]


def test_a_document_is_found_however_its_uri_is_escaped() -> None:
    documents = Documents()
    buffer = opened(documents, "", uri="file:///x/%28a%29.py")
    assert documents.get("file:///x/(a).py") is buffer


def test_a_document_is_found_by_its_real_path(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "real.py").write_text("x")
    (tmp_path / "link.py").symlink_to(tmp_path / "real.py")
    documents = Documents()
    buffer = opened(documents, "x", uri=(tmp_path / "link.py").as_uri())
    assert documents.at(tmp_path / "real.py") is buffer
    assert documents.at(tmp_path / "other.py") is None
    documents.close(buffer.uri)
    assert documents.at(tmp_path / "real.py") is None


async def test_a_condition_is_looked_at_after_every_single_change() -> None:
    """An edit of ours and a keystroke may arrive in one notification; the text between is what counts."""
    documents = Documents()
    buffer = opened(documents, "one")
    seen = asyncio.create_task(documents.wait_until(lambda: buffer.text == "two", 5))
    await asyncio.sleep(0)
    change(documents, 2, (None, "two"), (None, "two!"))
    assert await seen


async def test_a_condition_that_never_holds_times_out() -> None:
    documents = Documents()
    assert not await documents.wait_until(lambda: False, 0.01)
    assert not documents._waiters
