"""`textDocument/codeLens`: buttons on `droid:` comments and in session documents."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from droid.lsp.comments import summary
from droid.lsp.editor_context import is_code, is_session_document
from droid.lsp.plain_text import without_icons

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer


def register(ls: "DroidLanguageServer") -> None:
    async def code_lens(params: types.CodeLensParams) -> list[dict[str, Any]]:
        found = await lenses(params)
        if ls.editor.profile.draws_icons:
            for one in found:
                one["command"]["title"] = without_icons(one["command"]["title"])
        return found

    async def lenses(params: types.CodeLensParams) -> list[dict[str, Any]]:
        document = ls.documents.get(params.text_document.uri)
        if document is None:
            return []
        if is_session_document(document):
            surfaces = await ls.surfaces()
            return [
                _lens(one.line, one.title, one.verb, {**one.arguments, "uri": document.uri})
                for one in surfaces.transcripts.lenses(document)
            ]
        if ls.shown is not None and ls.shown.reviews.documents.rendering_of(document) is not None:
            return [
                _lens(one.line, one.title, one.verb, one.arguments)
                for one in ls.shown.reviews.documents.lenses(document)
            ]
        if ls.shown is not None and not is_code(document):
            return [
                _lens(line, title, command, arguments)
                for index in (ls.shown.index, ls.shown.checkpoints)
                for line in index.lines
                for title, command, arguments in index.buttons(document, line)
            ]
        return [
            _lens(
                comment.start_line,
                f"▶ Run: {summary(comment)}",
                "droid.comment.run",
                {"uri": document.uri, "line": comment.start_line + 1},
            )
            for comment in ls.comments.comments_in(document)
        ]

    ls.rpc.handlers[types.TEXT_DOCUMENT_CODE_LENS] = code_lens
    ls.rpc.options[types.TEXT_DOCUMENT_CODE_LENS] = types.CodeLensOptions(resolve_provider=False)


def _lens(line: int, title: str, command: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    place = {"line": line, "character": 0}
    return {
        "range": {"start": place, "end": place},
        "command": {"title": title, "command": command, "arguments": [arguments]},
    }
