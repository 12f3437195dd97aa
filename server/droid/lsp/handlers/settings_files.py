"""What a language server does, for settings files: completion, hints, definitions, symbols, fixes.

For every other document the answer is an empty one, at once. Reading and merging happen in a thread.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types

from droid.lsp.documents import Document

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.settings_service import View

_T = TypeVar("_T")
_TRIGGERS = ['"', "$", "{"]

Json = Mapping[str, Any]


async def _of(ls: "DroidLanguageServer", uri: str, look: "Callable[[View], _T]", otherwise: _T) -> _T:
    found = await ls.settings.look(uri, look)
    return otherwise if found is None else found


def register(ls: "DroidLanguageServer") -> None:
    async def completion(params: types.CompletionParams) -> Json | None:
        def look(view: "View") -> Json | None:
            from droid.lsp.settings_render import completion_item

            found = view.api.completions_at(view.draft, view.text.offset(params.position))
            items = [completion_item(one, view.text, ls.editor.profile) for one in found]
            return {"isIncomplete": False, "items": items}

        return await _of(ls, params.text_document.uri, look, None)

    async def inlay_hint(params: types.InlayHintParams) -> Sequence[Json]:
        def look(view: "View") -> Sequence[Json]:
            from droid.lsp.settings_render import inlay_hint as shown

            found = view.api.hints_of(view.draft)
            wanted = [one for one in found if view.text.touches(params.range, (one.offset, one.offset))]
            return [shown(one, view.text) for one in wanted]

        return await _of(ls, params.text_document.uri, look, ())

    async def definition(params: types.DefinitionParams) -> Sequence[Json]:
        def look(view: "View") -> Sequence[Json]:
            from droid.lsp.settings_render import location

            found = view.api.definition_at(view.draft, view.text.offset(params.position))
            return [location(one) for one in found]

        return await _of(ls, params.text_document.uri, look, ())

    async def symbols(params: types.DocumentSymbolParams) -> Sequence[Json]:
        def look(view: "View") -> Sequence[Json]:
            from droid.lsp.settings_render import symbols as shown

            uri = params.text_document.uri
            return shown(view.api.symbols_of(view.draft), view.text, ls.editor.profile, uri)

        return await _of(ls, params.text_document.uri, look, ())

    ls.rpc.handlers |= {
        types.TEXT_DOCUMENT_COMPLETION: completion,
        types.TEXT_DOCUMENT_INLAY_HINT: inlay_hint,
        types.TEXT_DOCUMENT_DEFINITION: definition,
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: symbols,
    }
    ls.rpc.options[types.TEXT_DOCUMENT_COMPLETION] = types.CompletionOptions(
        trigger_characters=_TRIGGERS, resolve_provider=False
    )
    ls.rpc.options[types.TEXT_DOCUMENT_INLAY_HINT] = types.InlayHintOptions(resolve_provider=False)


async def quick_fixes(ls: "DroidLanguageServer", document: Document, range_: types.Range) -> Sequence[Json]:
    """What mends what is wrong with a settings file in a range."""

    def look(view: "View") -> Sequence[Json]:
        from droid.lsp.settings_render import code_action

        findings = [one for one in view.api.findings_of(view.draft) if view.text.touches(range_, one.span)]
        actions = [
            code_action(fix, document.uri, view.version, view.text, ls.editor.profile)
            for fix in view.api.fixes_for(view.draft, findings)
        ]
        # To trust a workspace mends many findings at once, and is offered once.
        unique = {(action["title"], str(action.get("edit"))): action for action in reversed(actions)}
        return list(reversed(unique.values()))

    return await _of(ls, document.uri, look, ())
