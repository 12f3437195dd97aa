"""Where the person is, as far as an editor lets one know."""

from pathlib import Path

import pytest
from lsprotocol import types

from droid.lsp.documents import Document, Documents
from droid.lsp.editor_context import EditorFocus, Place, is_code

CODE = "def f():\n    return 1\n"


def range_of(*ends: int) -> types.Range:
    return types.Range(start=types.Position(*ends[:2]), end=types.Position(*ends[2:]))


@pytest.fixture
def documents() -> Documents:
    return Documents()


@pytest.fixture
def focus(documents: Documents) -> EditorFocus:
    return EditorFocus(documents)


def open_(documents: Documents, name: str) -> Document:
    uri = name if ":" in name else f"file:///w/{name}"
    return documents.open(types.TextDocumentItem(uri=uri, language_id="x", version=1, text=CODE))


def test_nothing_is_open(focus: EditorFocus) -> None:
    context = focus.context(focus.place)
    assert (context.active, context.open_paths) == (None, ())


def test_the_place_is_what_was_looked_at_last(documents: Documents, focus: EditorFocus) -> None:
    first, second = open_(documents, "a.py"), open_(documents, "b.py")
    focus.opened(first)
    focus.opened(second)
    shown = types.Diagnostic(
        range=range_of(1, 4, 1, 10), message="odd", severity=types.DiagnosticSeverity.Warning, source="lint"
    )
    focus.looked(first, range_of(0, 0, 1, 12), [shown])
    context = focus.context(focus.place)
    assert context.active == Path("/w/a.py")
    assert context.open_paths == (Path("/w/a.py"), Path("/w/b.py"))
    assert context.selection is not None
    assert (context.selection.start_line, context.selection.end_line) == (1, 2)
    assert context.selection.text == "def f():\n    return 1"
    (diagnostic,) = context.diagnostics
    assert (diagnostic.line, diagnostic.severity, diagnostic.source) == (2, "warning", "lint")


def test_typing_moves_the_place_and_makes_the_buffer_unsaved(
    documents: Documents, focus: EditorFocus
) -> None:
    document = open_(documents, "a.py")
    focus.looked(document, range_of(0, 0, 1, 12), [])
    focus.changed(document, document.change(range_of(1, 0, 1, 0), "x"))
    context = focus.context(focus.place)
    assert (context.selection, context.active_line) == (None, 2)
    assert context.unsaved == (Path("/w/a.py"),)


def test_a_closed_document_is_no_place(documents: Documents, focus: EditorFocus) -> None:
    document = open_(documents, "a.py")
    focus.opened(document)
    documents.close(document.uri)
    assert focus.place is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.py", True),
        ("talk.droid.md", False),
        (".factory/local/index/sessions.md", False),
        (".factory/settings.json", True),
        ("local/a.md", True),
        ("untitled:Untitled-1", False),
        ("git:/w/a.py", False),
    ],
)
def test_our_own_documents_are_not_what_the_person_works_on(
    documents: Documents, focus: EditorFocus, name: str, code: bool
) -> None:
    document = open_(documents, name)
    assert is_code(document) is code
    focus.opened(document)
    assert (focus.place is not None) is code


def test_a_place_that_was_named_is_taken_as_it_is(documents: Documents, focus: EditorFocus) -> None:
    open_(documents, "a.py")
    context = focus.context(Place(uri="file:///w/a.py", range=range_of(99, 0, 120, 5)))
    assert context.active_line == 100
    assert context.selection is not None
    assert context.selection.text == ""
    assert focus.context(Place(uri="file:///w/unknown.py")).active is None
