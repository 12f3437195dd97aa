"""The check that nothing is sent which a client had not declared: it lets through and it catches."""

from typing import Any

import pytest
from tests.fakes.lsp_declared import undeclared

ALL: dict[str, Any] = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create"],
            "changeAnnotationSupport": {},
        },
        "codeLens": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
    },
    "window": {"showDocument": {"support": True}, "workDoneProgress": True},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "tagSupport": {"valueSet": [1]}},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {"codeActionLiteralSupport": {}, "resolveSupport": {}, "disabledSupport": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "completion": {"completionItem": {"snippetSupport": True}},
    },
    "general": {"positionEncodings": ["utf-8"]},
    "experimental": {"droid": {"api": 1, "transcript": "stream"}},
}
NOTHING: dict[str, Any] = {"textDocument": {"publishDiagnostics": {}, "codeAction": {"x": 1}}}


def request(method: str, **params: Any) -> dict[str, Any]:
    return {"id": "r1", "method": method, "params": params}


def edit(**what: Any) -> dict[str, Any]:
    return request("workspace/applyEdit", edit=what)


EDITED = {"textDocument": {"uri": "file:///a", "version": 1}, "edits": []}
CREATED = {"kind": "create", "uri": "file:///b"}
WATCH = {"id": "w", "method": "workspace/didChangeWatchedFiles"}
RELATIVE = {**WATCH, "registerOptions": {"watchers": [{"globPattern": {"baseUri": "", "pattern": "*"}}]}}
MADE = {"id": "p", "method": "window/workDoneProgress/create", "params": {"token": "t"}}
SHOWN = {"method": "$/progress", "params": {"token": "t", "value": {"kind": "begin"}}}
DIAGNOSTIC = {"uri": "file:///a", "version": 1, "diagnostics": [{"tags": [1]}]}

# Messages that a client of `ALL` may get, and what of them one of `NOTHING` may not.
MESSAGES: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([{"method": "window/showMessage", "params": {}}], []),
    ([request("window/showMessageRequest", message="")], []),
    ([edit(documentChanges=[EDITED])], ["workspace/applyEdit"]),
    ([edit(documentChanges=[CREATED], changeAnnotations={"a": {}})], ["workspace/applyEdit"]),
    ([request("window/showDocument", uri="")], ["window/showDocument"]),
    ([request("workspace/codeLens/refresh")], ["workspace/codeLens/refresh"]),
    (
        [request("client/registerCapability", registrations=[WATCH])],
        ["client/registerCapability: workspace/didChangeWatchedFiles"],
    ),
    (
        [request("client/registerCapability", registrations=[RELATIVE])],
        [
            "a relative pattern of files to watch",
            "client/registerCapability: workspace/didChangeWatchedFiles",
        ],
    ),
    ([MADE, SHOWN], ["window/workDoneProgress/create"]),
    (
        [{"method": "textDocument/publishDiagnostics", "params": DIAGNOSTIC}],
        ["a tag of a diagnostic", "the version of diagnostics"],
    ),
    ([{"method": "droid/sessionUpdate", "params": {}}], ["droid/sessionUpdate"]),
]
ANSWERS: list[tuple[str, Any, list[str]]] = [
    ("initialize", {"capabilities": {"positionEncoding": "utf-8"}}, ["a position encoding"]),
    ("textDocument/hover", {"contents": {"kind": "markdown", "value": ""}}, ["the format of a hover"]),
    (
        "textDocument/codeAction",
        [{"title": "a", "kind": "quickfix", "disabled": {"reason": ""}}],
        [
            "a code action that is disabled",
            "a code action that is more than a command",
            "a code action that must be resolved",
        ],
    ),
    ("textDocument/documentSymbol", [{"selectionRange": {}}], ["symbols that lie in each other"]),
    ("textDocument/completion", {"items": [{"insertTextFormat": 2}]}, ["a snippet in a completion"]),
    ("textDocument/definition", None, []),
]
# What nobody may be sent.
NEVER: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([SHOWN], ["$/progress for a token that nobody made"]),
    ([{"method": "$/cancelRequest", "params": {"id": "x"}}], ["$/cancelRequest of what was never asked"]),
    ([MADE, MADE], ["window/workDoneProgress/create: the id 'p' a second time"]),
    ([edit(documentChanges=[{"kind": "delete", "uri": ""}])], ["a file operation: delete"]),
    (
        [edit(documentChanges=[{**EDITED, "edits": [{"annotationId": "b"}]}], changeAnnotations={"a": {}})],
        ["an annotation that is not defined"],
    ),
    ([{"method": "droid/status", "params": {}}], ["droid/status"]),
    ([request("workspace/somethingElse")], ["workspace/somethingElse"]),
]


def found(capabilities: dict[str, Any], messages: list[dict[str, Any]], asked: str = "") -> list[str]:
    return undeclared({"capabilities": capabilities}, messages, {7: asked})


@pytest.mark.parametrize(("messages", "caught"), MESSAGES)
def test_a_message_is_for_those_who_declared_it(messages: list[dict[str, Any]], caught: list[str]) -> None:
    assert found(ALL, messages) == []
    assert found(NOTHING, messages) == caught


@pytest.mark.parametrize(("method", "result", "caught"), ANSWERS)
def test_an_answer_holds_what_was_declared(method: str, result: Any, caught: list[str]) -> None:
    assert found(ALL, [{"id": 7, "result": result}], method) == []
    assert found(NOTHING, [{"id": 7, "result": result}], method) == caught


@pytest.mark.parametrize(("messages", "caught"), NEVER)
def test_some_things_are_for_nobody(messages: list[dict[str, Any]], caught: list[str]) -> None:
    assert found(ALL, messages) == caught


def test_neovim_takes_versioned_edits_that_it_does_not_declare() -> None:
    declared = {"workspace": {"applyEdit": True}}
    messages = [edit(documentChanges=[EDITED])]
    assert found(declared, messages) == ["documentChanges"]
    params = {"capabilities": declared, "clientInfo": {"name": "Neovim"}}
    assert undeclared(params, messages, {}) == []
