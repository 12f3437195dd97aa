"""Verbs about settings: explain one, trust a workspace."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.domain.errors import DroidError
from droid.lsp.arguments import Arguments
from droid.lsp.handlers.prompts import ASKED

if TYPE_CHECKING:
    from droid.lsp.documents import Document
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.settings_service import View

_MAX_LINES = 40


class NoSuchSetting(DroidError):
    """Nothing is called so."""


async def explain(ls: "DroidLanguageServer", arguments: Arguments) -> Any:
    """What holds for a key, where it comes from and what did not count; without a key, for all that are set.

    A client that shows nothing of it is told in a message.
    """
    document = _document(ls, arguments)
    key, place = arguments.text("key"), None
    if key is None and document is not None:
        key, place = await _key_at(ls, document, arguments)
    path = document.path if document is not None else None
    policies = await ls.settings.policies(path)
    if place is None:
        inside = path is not None and path.is_relative_to(policies.workspace)
        place = path.parent if path is not None and inside else policies.workspace
    found, lines = await asyncio.to_thread(_explained, policies, place, key)
    if not ls.editor.profile.droid.declared:
        more = len(lines) - _MAX_LINES
        shown = [*lines[:_MAX_LINES], f"… {more} more lines"] if more > 0 else lines
        ls.editor.message("\n".join(shown) or "Droid: no level sets anything")
    return found[0] if key is not None and len(found) == 1 else found


def _explained(policies: Any, place: Path, key: str | None) -> tuple[list[dict[str, Any]], list[str]]:
    from droid.app.settings_view import SettingsView

    view = SettingsView(policies, place)
    found = view.explain(key)
    if key is not None and not found:
        nearest = view.nearest(key)
        meant = f"; did you mean {nearest}?" if nearest is not None else ""
        raise NoSuchSetting(f"droid.settings.explain: there is no setting {key[:100]!r}{meant}")
    return found, view.explain_lines(key)


async def _key_at(
    ls: "DroidLanguageServer", document: "Document", arguments: Arguments
) -> tuple[str | None, Path | None]:
    """The key at a place of a settings file, and the folder that the file holds for."""
    range_ = arguments.range("range")
    if range_ is None and ls.focus.place is not None and ls.focus.place.uri == document.uri:
        range_ = ls.focus.place.range

    def look(view: "View") -> tuple[str | None, Path | None]:
        key = None if range_ is None else view.api.key_at(view.draft, view.text.offset(range_.start))
        return key, view.place

    return await ls.settings.look(document.uri, look) or (None, None)


async def trust(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Ask the person whether to trust a workspace, and show what that would enable."""
    document = _document(ls, arguments)
    path = document.path if document is not None else None
    inside = path is not None and any(path.is_relative_to(folder) for folder in ls.host.folders)
    place = path.parent if path is not None and inside else ls.host.folder_for(None)
    root = await ls.settings.questions.ask_trust(place)
    return {**ASKED, "root": str(root)}


def _document(ls: "DroidLanguageServer", arguments: Arguments) -> "Document | None":
    uri = arguments.text("uri") or (ls.focus.place.uri if ls.focus.place is not None else None)
    return ls.documents.get(uri) if uri is not None else None


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Any]]] = {
    "droid.settings.explain": explain,
    "droid.trust": trust,
}
