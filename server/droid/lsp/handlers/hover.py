"""`textDocument/hover`: settings files, and commands wherever shell stands."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from droid.lsp.markdown_prose import prose_line
from droid.lsp.markdown_text import code_block, code_span, one_line
from droid.lsp.text_map import TextMap

if TYPE_CHECKING:
    from droid.app.command_view import Explained
    from droid.domain.decisions import Decision
    from droid.lsp.documents import Document
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.settings_service import View

Json = Mapping[str, Any]

_COMMAND_CHARACTERS = 400
_VERDICTS = {"allow": "runs without asking", "ask": "asks first", "deny": "is denied"}


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
    markdown = ls.editor.profile.markdown_hover
    contents = (
        {"kind": "markdown", "value": _markdown(found)}
        if markdown
        else {"kind": "plaintext", "value": _plain(found)}
    )
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


def why(decision: "Decision") -> str:
    """What the gate would do, and the rule that decides it, in one line."""
    return f"{_VERDICTS[decision.verdict.value]}: {decision.reason}"


def _markdown(found: "Explained") -> str:
    parts = [
        f"**{found.risk.value.capitalize()} risk**" + _programs(found, code=True),
        code_block(one_line(found.command, _COMMAND_CHARACTERS), "sh"),
        "\n".join(f"- {prose_line(reason)}" for reason in found.reasons),
        "\n".join(
            f"- {risk}: {code_span(words, 100)} — {prose_line(why_)}" for words, risk, why_ in found.parts
        ),
        f"**The whole line is {found.line[0]} risk:** {prose_line(found.line[1])}" if found.line else "",
        f"**Gate:** {prose_line(why(found.decision))}",
    ]
    return "\n\n".join(filter(None, parts))


def _programs(found: "Explained", *, code: bool) -> str:
    if found.programs is None:
        return " · what runs cannot be told"
    names = [code_span(name, 60) if code else name for name in found.programs[:20]]
    return f" · runs {', '.join(names)}" if names else ""


def _plain(found: "Explained") -> str:
    lines = [
        f"{found.risk.value.capitalize()} risk{_programs(found, code=False)}",
        *(f"- {one_line(reason, 300)}" for reason in found.reasons),
        *(f"- {risk}: {one_line(words, 100)}: {one_line(why_, 200)}" for words, risk, why_ in found.parts),
        *([f"The whole line is {found.line[0]} risk: {one_line(found.line[1], 300)}"] if found.line else []),
        f"Gate: {one_line(why(found.decision), 400)}",
    ]
    return "\n".join(lines)
