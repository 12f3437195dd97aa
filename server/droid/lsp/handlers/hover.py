"""`textDocument/hover`: settings files, and commands wherever shell stands."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from droid.lsp.text_map import TextMap

if TYPE_CHECKING:
    from droid.app.command_view import Explained
    from droid.lsp.documents import Document
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.settings_service import View

Json = Mapping[str, Any]


def register(ls: "DroidLanguageServer") -> None:
    async def hover(params: types.HoverParams) -> Json | None:
        def look(view: "View") -> Json | None:
            from droid.lsp.settings_render import hover as shown

            found = view.api.hover_at(view.draft, view.text.offset(params.position))
            return None if found is None else shown(found, view.text, ls.editor.profile)

        uri = params.text_document.uri
        command = await _command(ls, uri, params.position)
        return command if command is not None else await ls.settings.look(uri, look)

    ls.rpc.handlers[types.TEXT_DOCUMENT_HOVER] = hover


async def _command(ls: "DroidLanguageServer", uri: str, position: types.Position) -> Json | None:
    """What a command in a document does and what the gate would say; None where there is no command."""
    document = ls.documents.get(uri)
    if document is None or document.path is None:
        return None
    text = TextMap(document.text, document.encoding)
    found = await explained(ls, document, text.offset(position))
    if found is None:
        return None
    from droid.lsp.command_hover import contents_of

    contents = contents_of(found, markdown=ls.editor.profile.markdown_hover)
    return {"contents": contents, "range": text.range(found.span)}


async def explained(ls: "DroidLanguageServer", document: "Document", offset: int) -> "Explained | None":
    """The command at an offset of a document, judged by the settings of its folder."""
    path, text, language = document.path, document.text, document.language_id
    if path is None:
        return None
    from droid.safety.shell_regions import region_at

    # Most places of most documents hold no shell: they cost no look at settings.
    if await asyncio.to_thread(region_at, path, language, text, offset) is None:
        return None
    policies = await ls.settings.policies(path)

    def look() -> "Explained | None":
        from droid.app.command_view import explain_at

        return asyncio.run(explain_at(policies, path, language, text, offset))

    return await asyncio.to_thread(look)
