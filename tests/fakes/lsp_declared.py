"""Whether a server sent only what a client had declared: every message is held against `initialize`.

    assert not undeclared(params, received, asked)

What LSP lets a server send to anyone (`window/showMessage`, `window/showMessageRequest`, `window/logMessage`)
passes. Neovim takes versioned edits without saying so (its `workspace/applyEdit` recordings show it), and
that is the one exception.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Message = Mapping[str, Any]

_FREE = frozenset(
    {"window/showMessage", "window/showMessageRequest", "window/logMessage", "$/cancelRequest", "$/logTrace"}
)
# A method, and where its capability is.
_NEEDS: Mapping[str, str] = {
    "workspace/applyEdit": "workspace.applyEdit",
    "workspace/configuration": "workspace.configuration",
    "workspace/workspaceFolders": "workspace.workspaceFolders",
    "workspace/codeLens/refresh": "workspace.codeLens.refreshSupport",
    "workspace/inlayHint/refresh": "workspace.inlayHint.refreshSupport",
    "workspace/semanticTokens/refresh": "workspace.semanticTokens.refreshSupport",
    "workspace/inlineValue/refresh": "workspace.inlineValue.refreshSupport",
    "workspace/foldingRange/refresh": "workspace.foldingRange.refreshSupport",
    "workspace/diagnostic/refresh": "workspace.diagnostics.refreshSupport",
    "workspace/textDocumentContent/refresh": "workspace.textDocumentContent",
    "window/showDocument": "window.showDocument.support",
    "window/workDoneProgress/create": "window.workDoneProgress",
    "textDocument/publishDiagnostics": "textDocument.publishDiagnostics",
}
# What a client of Droid's must have asked for, beside `api`.
_DROID: Mapping[str, tuple[str, object]] = {
    "droid/sessionUpdate": ("transcript", "stream"),
    "droid/sessionListChanged": ("sessions", True),
    "droid/status": ("status", True),
    "droid/requestApproval": ("approval", "rich"),
    "droid/requestAnswer": ("approval", "rich"),
    "droid/reviewChanges": ("review", "hunk"),
    "droid/save": ("save", True),
}


class _Client:
    """What was declared."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.capabilities = params["capabilities"]
        self.name = (params.get("clientInfo") or {}).get("name", "")
        options = params.get("initializationOptions") or {}
        experimental = self.capabilities.get("experimental") or {}
        self.droid: Mapping[str, Any] = experimental.get("droid") or options.get("droid") or {}

    def get(self, path: str) -> Any:
        found: Any = self.capabilities
        for key in path.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def has(self, path: str) -> bool:
        found = self.get(path)
        return found is not None and found is not False


def undeclared(
    params: Mapping[str, Any], received: Sequence[Message], asked: Mapping[object, str]
) -> list[str]:
    """What should not have been sent, in words, each once.

    Args:
        params: Of `initialize`, as the client sent them.
        received: Every message of the server.
        asked: The method of each request of the client, by id.
    """
    client = _Client(params)
    tokens = {params.get("workDoneToken")}
    requests: set[object] = set()
    found: list[str] = []
    for message in received:
        method, content = message.get("method"), message.get("params") or {}
        if method is None:
            found += _in_answer(client, asked.get(message.get("id"), ""), message.get("result"))
            continue
        if "id" in message:
            if message["id"] in requests:
                found.append(f"{method}: the id {message['id']!r} a second time")
            requests.add(message["id"])
        if method == "window/workDoneProgress/create":
            tokens.add(content["token"])
        if method == "$/progress":
            if content["token"] not in tokens:
                found.append("$/progress for a token that nobody made")
            continue
        if method == "$/cancelRequest" and content["id"] not in requests:
            found.append("$/cancelRequest of what was never asked")
        found += _of(client, method, content)
    return sorted(set(found))


def _of(client: _Client, method: str, params: Message) -> Iterator[str]:
    if method in _FREE:
        return
    if method.startswith("droid/"):
        key, value = _DROID.get(method, ("", None))
        if not client.droid.get("api") or (key and client.droid.get(key) != value):
            yield method
    elif method in ("client/registerCapability", "client/unregisterCapability"):
        for one in params.get("registrations") or params.get("unregisterations") or ():
            if not client.has(f"{one['method'].replace('/', '.')}.dynamicRegistration"):
                yield f"{method}: {one['method']}"
            yield from _in_watchers(client, one.get("registerOptions") or {})
    elif not (needs := _NEEDS.get(method)) or not client.has(needs):
        yield method
    elif method == "workspace/applyEdit":
        yield from _in_edit(client, params["edit"])
    elif method == "textDocument/publishDiagnostics":
        yield from _in_diagnostics(client, params)


def _in_watchers(client: _Client, options: Message) -> Iterator[str]:
    relative = client.has("workspace.didChangeWatchedFiles.relativePatternSupport")
    for watcher in options.get("watchers") or ():
        if not isinstance(watcher["globPattern"], str) and not relative:
            yield "a relative pattern of files to watch"


def _in_edit(client: _Client, edit: Message) -> Iterator[str]:
    can = "workspace.workspaceEdit"
    if edit.get("changeAnnotations") and not client.has(f"{can}.changeAnnotationSupport"):
        yield "changeAnnotations"
    if "documentChanges" not in edit:
        return
    if not client.has(f"{can}.documentChanges") and client.name != "Neovim":
        yield "documentChanges"
    operations = client.get(f"{can}.resourceOperations") or ()
    for change in edit["documentChanges"]:
        if "kind" in change and change["kind"] not in operations:
            yield f"a file operation: {change['kind']}"
        for one in change.get("edits") or ():
            if "snippet" in one and not client.has(f"{can}.snippetEditSupport"):
                yield "a snippet in an edit"
            if "annotationId" in one and one["annotationId"] not in (edit.get("changeAnnotations") or {}):
                yield "an annotation that is not defined"


def _in_diagnostics(client: _Client, params: Message) -> Iterator[str]:
    can = "textDocument.publishDiagnostics"
    if "version" in params and not client.has(f"{can}.versionSupport"):
        yield "the version of diagnostics"
    tags = client.get(f"{can}.tagSupport.valueSet") or ()
    optional = (
        ("relatedInformation", "relatedInformation"),
        ("codeDescription", "codeDescriptionSupport"),
        ("data", "dataSupport"),
    )
    for one in params["diagnostics"]:
        if set(one.get("tags") or ()) - set(tags):
            yield "a tag of a diagnostic"
        for key, capability in optional:
            if one.get(key) and not client.has(f"{can}.{capability}"):
                yield f"{key} of a diagnostic"


def _in_answer(client: _Client, method: str, result: Any) -> Iterator[str]:
    if not result:
        return
    match method:
        case "initialize":
            offered = client.get("general.positionEncodings") or ("utf-16",)
            if result["capabilities"].get("positionEncoding", "utf-16") not in offered:
                yield "a position encoding"
        case "textDocument/codeAction":
            literals = client.has("textDocument.codeAction.codeActionLiteralSupport")
            resolves = client.has("textDocument.codeAction.resolveSupport")
            if not literals and any("kind" in one or "edit" in one for one in result):
                yield "a code action that is more than a command"
            if not resolves and not all("command" in one or "edit" in one for one in result):
                yield "a code action that must be resolved"
            if any("disabled" in one for one in result) and not client.has(
                "textDocument.codeAction.disabledSupport"
            ):
                yield "a code action that is disabled"
        case "textDocument/hover":
            formats = client.get("textDocument.hover.contentFormat") or ("plaintext",)
            contents = result["contents"]
            if isinstance(contents, Mapping) and contents.get("kind", "plaintext") not in formats:
                yield "the format of a hover"
        case "textDocument/documentSymbol":
            if any("selectionRange" in one for one in result) and not client.has(
                "textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"
            ):
                yield "symbols that lie in each other"
        case "textDocument/completion":
            items = result.get("items", ()) if isinstance(result, Mapping) else result
            snippets = client.has("textDocument.completion.completionItem.snippetSupport")
            if any(one.get("insertTextFormat") == 2 for one in items) and not snippets:
                yield "a snippet in a completion"
        case _:
            pass
