"""The verb that completes what is written after `@` in a prompt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from droid.lsp.arguments import Arguments
from droid.lsp.editor_context import is_code
from droid.lsp.handlers.sessions import folder_of_focus

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer

_WAIT_S = 0.3
"""For the first list of files; who types on asks again anyway."""


async def find(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """What a prompt can name that fits what was typed, the likeliest first."""
    known = await ls.host.find_or_current(arguments.text("sessionId"), folder_of_focus(ls))
    folder = ls.host.folder_of(known) if known is not None else folder_of_focus(ls)
    runtime = await ls.host.runtime(folder)
    listed = await runtime.files.known(_WAIT_S)
    paths = [one.path for one in ls.documents if is_code(one) and one.path is not None]
    root = runtime.workspace
    cwd = known.cwd if known is not None else root
    query = arguments.text("query") or ""

    def search() -> list[dict[str, str]]:
        from droid.app.mention_search import search as search_

        found = search_(query, listed, root=root, cwd=cwd, open_paths=list(reversed(paths)))
        return [
            {"insert": one.insert, "label": one.label, "detail": one.detail, "kind": one.kind}
            for one in found
        ]

    return {"items": await asyncio.to_thread(search)}


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Mapping[str, Any]]]] = {
    "droid.mentions": find,
}
