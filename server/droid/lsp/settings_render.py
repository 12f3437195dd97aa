"""What there is to say of settings files, as LSP says it and as this client can show it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.lsp.convert import uri_of
from droid.lsp.markdown_text import code_span, one_line, visible
from droid.lsp.negotiation import ClientProfile
from droid.lsp.text_map import TextMap

if TYPE_CHECKING:
    from droid.app.settings_files import Completion, Finding, Fix, Hint, Hover, Row, Symbol, Target

Json = Mapping[str, Any]

SOURCE = "droid"
_UNNECESSARY = 1
# CompletionItemKind and SymbolKind, those that every client knows.
_ITEM_KINDS = {"key": 10, "value": 12, "name": 18, "variable": 6}
_SYMBOL_KINDS = {"object": 2, "array": 18, "text": 15, "word": 16, "missing": 13}
_BOOLEAN = 17
_WORD = 400


def diagnostic(finding: "Finding", text: TextMap, profile: ClientProfile) -> Json:
    """A finding; what it says by a tag alone, its message says too."""
    shown: dict[str, Any] = {
        "range": text.range(finding.span),
        "severity": int(finding.severity),
        "code": finding.code,
        "source": SOURCE,
        "message": visible(finding.message),
    }
    if finding.unnecessary and profile.unnecessary_tag:
        shown["tags"] = [_UNNECESSARY]
    related = finding.related
    if related is not None and profile.related_information and related.file.startswith("/"):
        place = {"line": max(0, related.line - 1), "character": 0}
        location = {"uri": uri_of(Path(related.file)), "range": {"start": place, "end": place}}
        shown["relatedInformation"] = [{"location": location, "message": related.message}]
    return shown


def completion_item(one: "Completion", text: TextMap, profile: ClientProfile) -> Json:
    """A completion that a client without snippets and without resolving can take."""
    item: dict[str, Any] = {
        "label": one.label,
        "kind": _ITEM_KINDS[one.sort],
        "filterText": one.filter,
        "sortText": f"{one.rank + 1:05d}",
        "insertTextFormat": 1,
        "textEdit": {"range": text.range(one.span), "newText": one.insert},
    }
    if one.detail:
        item["detail"] = one.detail
    if one.description:
        is_markdown = profile.markdown_completion
        item["documentation"] = (
            {"kind": "markdown", "value": one.description}
            if is_markdown
            else one.description.replace("`", "")
        )
    if one.comma_at is not None:
        item["additionalTextEdits"] = [{"range": text.range((one.comma_at, one.comma_at)), "newText": ","}]
    return item


def hover(one: "Hover", text: TextMap, profile: ClientProfile) -> Json:
    """A hover, as Markdown where the client shows that."""
    if profile.markdown_hover:
        contents = {"kind": "markdown", "value": _markdown(one)}
    else:
        contents = {"kind": "plaintext", "value": _plain(one)}
    return {"contents": contents, "range": text.range(one.span)}


def _markdown(one: "Hover") -> str:
    head = f"**{code_span(one.title, _WORD)}**" + (f" — {_escaped(one.type)}" if one.type else "")
    # Descriptions are ours; everything else in here may be a repository's.
    parts = [head, one.description, "\n".join(f"- {_row(row)}" for row in one.rows)]
    return "\n\n".join(filter(None, parts))


def _row(row: "Row") -> str:
    value = code_span(row.code, _WORD) if row.code else ""
    joint = " — " if row.code and row.text else ""
    return f"**{row.label}:** {value}{joint}{_escaped(row.text)}"


def _escaped(text: str) -> str:
    line = one_line(text, 2 * _WORD)
    return "".join(f"\\{one}" if one in "\\`*_[]<>|" else one for one in line)


def _plain(one: "Hover") -> str:
    lines = [f"{one.title}: {one.type}" if one.type else one.title, one.description.replace("`", "")]
    for row in one.rows:
        said = " — ".join(filter(None, (row.code, row.text)))
        lines.append(f"{row.label}: {said}")
    return visible("\n".join(filter(None, lines)))


def inlay_hint(one: "Hint", text: TextMap) -> Json:
    """A note behind a value."""
    return {
        "position": text.position(one.offset),
        "label": one_line(one.text, 120),
        "tooltip": one.tooltip,
        "paddingLeft": True,
    }


def location(target: "Target") -> Json:
    """The start of a line."""
    place = {"line": max(0, target.line - 1), "character": 0}
    return {"uri": uri_of(target.file), "range": {"start": place, "end": place}}


def symbols(found: "Sequence[Symbol]", text: TextMap, profile: ClientProfile, uri: str) -> list[Json]:
    """The tree, or for a client that wants none, the list of it."""
    if profile.symbol_tree:
        return [_symbol(one, text) for one in found]
    rows: list[Json] = []
    waiting = [(one, "") for one in reversed(found)]
    while waiting:
        one, container = waiting.pop()
        rows.append(
            {
                "name": one.name,
                "kind": _kind(one),
                "location": {"uri": uri, "range": text.range(one.span)},
                **({"containerName": container} if container else {}),
            }
        )
        waiting += [(child, one.name) for child in reversed(one.children)]
    return rows


def _symbol(one: "Symbol", text: TextMap) -> Json:
    return {
        "name": one.name,
        **({"detail": one.detail} if one.detail else {}),
        "kind": _kind(one),
        "range": text.range(one.span),
        "selectionRange": text.range(one.name_span),
        "children": [_symbol(child, text) for child in one.children],
    }


def _kind(one: "Symbol") -> int:
    return _BOOLEAN if one.detail in ("true", "false") else _SYMBOL_KINDS[one.shape]


def code_action(fix: "Fix", uri: str, version: int, text: TextMap, profile: ClientProfile) -> Json:
    """A quick fix with its edit or its command."""
    shown: dict[str, Any] = {
        "title": fix.title,
        "kind": "quickfix",
        "diagnostics": [diagnostic(fix.finding, text, profile)],
        **({"isPreferred": True} if fix.preferred else {}),
    }
    if fix.command:
        arguments = [{"uri": uri}]
        shown["command"] = {"title": fix.title, "command": fix.command, "arguments": arguments}
    if fix.edits:
        edits = [{"range": text.range(span), "newText": new} for span, new in fix.edits]
        if profile.versioned_edits:
            identifier = {"uri": uri, "version": version}
            shown["edit"] = {"documentChanges": [{"textDocument": identifier, "edits": edits}]}
        else:
            shown["edit"] = {"changes": {uri: edits}}
    return shown
