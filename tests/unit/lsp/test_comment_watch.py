"""Following comments lazily says the same as following every keystroke."""

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from droid.lsp.comment_provenance import CommentProvenance
from droid.lsp.comment_watch import CommentWatch
from droid.lsp.comments import find_comments
from droid.lsp.documents import Document

PIECES = st.sampled_from(
    ["# ", "droid", ":", " do", " it", "\n", "x = 1\n", "# droid: all of it\n", "d", "é😀", "\r\n"]
)
CHANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8), PIECES), max_size=14)


@given(st.sampled_from(["", "x = 1\n", "# droid: was here\n", "# droid"]), CHANGES, st.booleans())
def test_lazily_is_the_same_as_always(text: str, changes: list[tuple[int, int, str]], expects: bool) -> None:
    document = Document("file:///x/a.py", text, version=1, language_id="python", encoding="utf-32")
    watch, always = CommentWatch(), CommentProvenance()
    watch.opened(document)
    always.opened(document.uri, document.text, "python")
    for number, (offset, length, piece) in enumerate(changes):
        if expects and number == len(changes) // 2:
            after = document.text + "# droid: by the agent\n"
            watch.expect(document, after)
            always.expect_server_edit(document.uri, after)
        old = document.text
        start, end = min(offset, len(old)), min(offset + length, len(old))
        edit = document.change(types.Range(start=_position(old, start), end=_position(old, end)), piece)
        watch.changed(document, edit)
        always.changed(document.uri, document.text)
        if expects and number == len(changes) // 2:
            watch.done(document)
            always.server_edit_done(document.uri)
        found = find_comments(document.text, "python")
        seen = watch.comments_in(document)
        assert [one.instruction for one in seen] == [one.instruction for one in found]
        for comment in found:
            assert watch.is_trusted(document, comment) == always.is_trusted(document.uri, comment)


def _position(text: str, offset: int) -> types.Position:
    before = text[:offset]
    return types.Position(line=before.count("\n"), character=offset - (before.rfind("\n") + 1))


def test_a_document_without_a_marker_is_not_followed() -> None:
    document = Document("file:///x/a.py", "x = 1\n", version=1, language_id="python", encoding="utf-16")
    watch = CommentWatch()
    watch.opened(document)
    edit = document.change(types.Range(types.Position(0, 0), types.Position(0, 0)), "y")
    watch.changed(document, edit)
    assert document._text is None, "its text was not put together"
    assert watch.comments_in(document) == ()
