"""Where the person is: LSP does not say, so it is what they last opened, changed or asked about.

Editors ask for code actions whenever the cursor rests, with the selection and the diagnostics that they
show there; commands that come without arguments mean that place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from droid.lsp.convert import whole_lines
from droid.lsp.documents import Document, Documents, Edit

if TYPE_CHECKING:
    from droid.domain.context import EditorContext, EditorDiagnostic

SESSION_DOCUMENT = ".droid.md"
"""How the names of session documents end."""

_SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}
_MAX_DIAGNOSTICS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a buffer.

    Attributes:
        range: None where only the document is known.
        diagnostics: What the editor shows there, as it sent them.
    """

    uri: str
    range: types.Range | None = None
    diagnostics: Sequence[types.Diagnostic] = ()

    @property
    def selects(self) -> bool:
        return self.range is not None and self.range.start != self.range.end


class EditorFocus:
    """Follows the person through the buffers."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._place: Place | None = None

    @property
    def place(self) -> Place | None:
        """The last place in a file that is still open; a session document is not one."""
        if self._place is not None and self._documents.get(self._place.uri) is None:
            self._place = None
        return self._place

    def opened(self, document: Document) -> None:
        if is_code(document):
            self._place = Place(uri=document.uri)

    def changed(self, document: Document, edit: Edit) -> None:
        if is_code(document):
            position = types.Position(line=edit.start[0], character=0)
            self._place = Place(uri=document.uri, range=types.Range(start=position, end=position))

    def looked(
        self, document: Document, range_: types.Range, diagnostics: Sequence[types.Diagnostic]
    ) -> None:
        if is_code(document):
            self._place = Place(uri=document.uri, range=range_, diagnostics=diagnostics[:_MAX_DIAGNOSTICS])

    def context(self, place: Place | None) -> "EditorContext":
        """What the agent is told of the editor, with a place to be about."""
        from droid.domain.context import EditorContext, Selection

        document = self._documents.get(place.uri) if place is not None else None
        active = document.path if document is not None else None
        files = [one for one in self._documents if is_code(one) and one.path is not None]
        open_paths = list(dict.fromkeys(path for one in reversed(files) if (path := one.path) is not None))
        if active in open_paths:
            open_paths.remove(active)
        selection, line = None, None
        if document is not None and place is not None and place.range is not None and active is not None:
            first, last = whole_lines(place.range)
            line = first
            if place.selects:
                text = document.text_in(place.range)
                selection = Selection(path=active, start_line=first, end_line=last, text=text)
        return EditorContext(
            active=active,
            active_line=line,
            selection=selection,
            diagnostics=_diagnostics(active, place.diagnostics) if active and place is not None else (),
            open_paths=tuple([active, *open_paths] if active else open_paths),
            unsaved=tuple(path for one in files if one.saved is False and (path := one.path) is not None),
        )


def is_code(document: Document) -> bool:
    """Whether a buffer is something to work on, and not one of our own documents."""
    path = document.path
    return path is not None and not is_session_document(document) and not _is_ours(path)


def is_session_document(document: Document) -> bool:
    """Whether a buffer is a conversation."""
    return document.path is not None and document.path.name.endswith(SESSION_DOCUMENT)


def _is_ours(path: Path) -> bool:
    return (".factory", "local") in zip(path.parts, path.parts[1:], strict=False)


def _diagnostics(path: Path, shown: Sequence[types.Diagnostic]) -> "tuple[EditorDiagnostic, ...]":
    from droid.domain.context import EditorDiagnostic

    return tuple(
        EditorDiagnostic(
            path=path,
            line=one.range.start.line + 1,
            severity=_SEVERITIES.get(int(one.severity or 1), "error"),
            message=one.message,
            source=one.source or "",
        )
        for one in shown
    )


def position_json(position: types.Position) -> Mapping[str, Any]:
    return {"line": position.line, "character": position.character}


def range_json(range_: types.Range) -> Mapping[str, Any]:
    """A range as it goes into the arguments of a command."""
    return {"start": position_json(range_.start), "end": position_json(range_.end)}
