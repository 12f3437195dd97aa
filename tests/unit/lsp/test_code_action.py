"""Code actions and lenses of a server that has not been asked for anything yet."""

import asyncio
import json
from typing import Any

import pytest

from droid.lsp.language_server import DroidLanguageServer
from droid.lsp.transport import deliver

URI = "file:///w/a.py"
LITERALS = {
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}
}
DIAGNOSTIC = {
    "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 3}},
    "message": "undefined name\n'f'",
    "severity": 1,
    "source": "lint",
    "code": "F821",
    "data": {"x": 1},
}


class Editor:
    """The server with its replies caught."""

    backlog_bytes = 0

    def __init__(self, text: str, capabilities: dict[str, Any] = LITERALS) -> None:
        self.sent: list[dict[str, Any]] = []
        self.server = DroidLanguageServer()
        self.server.rpc.outbox = self
        self._tell(
            {"id": 0, "method": "initialize", "params": {"processId": None, "capabilities": capabilities}}
        )
        item = {"uri": URI, "languageId": "python", "version": 1, "text": text}
        self._tell({"method": "textDocument/didOpen", "params": {"textDocument": item}})

    def put(self, body: bytes) -> None:
        self.sent.append(json.loads(body))

    def _tell(self, message: dict[str, Any]) -> None:
        deliver(self.server.rpc, json.dumps({"jsonrpc": "2.0", **message}).encode())

    async def ask(self, method: str, params: dict[str, Any]) -> Any:
        self._tell(
            {"id": len(self.sent), "method": method, "params": {"textDocument": {"uri": URI}, **params}}
        )
        number = len(self.sent)
        while len(self.sent) == number:
            await asyncio.sleep(0)
        return self.sent[-1]["result"]

    async def actions(self, *ends: int, **context: Any) -> list[dict[str, Any]]:
        start, end = ({"line": ends[i], "character": ends[i + 1]} for i in (0, 2))
        return await self.ask(
            "textDocument/codeAction",
            {"range": {"start": start, "end": end}, "context": {"diagnostics": [], **context}},
        )


async def test_every_action_carries_its_command_literally() -> None:
    """eglot's code actions fail where any needs to be resolved."""
    editor = Editor("def f():\n    return 1\n")
    actions = await editor.actions(0, 0, 1, 4, diagnostics=[DIAGNOSTIC])
    assert len({action["title"] for action in actions}) == len(actions)
    for action in actions:
        assert "\n" not in action["title"]
        (arguments,) = action["command"]["arguments"]
        assert action["command"]["command"] in editor.server.rpc.commands
        assert isinstance(arguments, dict)


async def test_a_selection_and_a_diagnostic_go_along() -> None:
    editor = Editor("def f():\n    return 1\n")
    actions = await editor.actions(0, 4, 1, 4, diagnostics=[DIAGNOSTIC])
    fix = next(one for one in actions if one["title"].startswith("Droid: fix: undefined"))
    assert fix["kind"] == "quickfix"
    (arguments,) = fix["command"]["arguments"]
    assert arguments["range"]["start"] == {"line": 0, "character": 4}
    assert arguments["diagnostics"][0]["message"] == DIAGNOSTIC["message"]


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, {"quickfix", "refactor.rewrite.droid", "source.droid"}),
        ([], {"quickfix", "refactor.rewrite.droid", "source.droid"}),
        ([""], {"quickfix", "refactor.rewrite.droid", "source.droid"}),
        (["quickfix"], {"quickfix"}),
        (["refactor"], {"refactor.rewrite.droid"}),
        (["refactor.rewrite"], {"refactor.rewrite.droid"}),
        (["source.droid", "quickfix"], {"source.droid", "quickfix"}),
        (["source.organizeImports"], set()),
        (["refactor.rew"], set()),
    ],
)
async def test_only_the_kinds_that_were_asked_for(only: list[str] | None, kinds: set[str]) -> None:
    editor = Editor("def f():\n    return 1\n")
    context = {"diagnostics": [DIAGNOSTIC], **({} if only is None else {"only": only})}
    actions = await editor.actions(0, 0, 1, 4, **context)
    assert {action["kind"] for action in actions} == kinds


async def test_a_client_without_literals_gets_commands() -> None:
    editor = Editor("def f():\n    return 1\n", capabilities={})
    actions = await editor.actions(0, 0, 1, 4)
    assert all(isinstance(action["command"], str) for action in actions)
    assert any(action["command"] == "droid.explain" for action in actions)


async def test_a_cursor_that_rests_lights_no_bulb() -> None:
    editor = Editor("def f():\n    return 1\n")
    unasked = await editor.actions(0, 0, 0, 0, triggerKind=2)
    assert {action["kind"] for action in unasked} == {"source.droid"}
    asked = await editor.actions(0, 0, 0, 0, triggerKind=1)
    assert "refactor.rewrite.droid" in {action["kind"] for action in asked}


async def test_a_comment_can_be_run_from_each_of_its_lines() -> None:
    editor = Editor("x = 1\n# droid: one\n# and two\ny = 2\n")
    for line, found in ((0, False), (1, True), (2, True), (3, False)):
        actions = await editor.actions(line, 0, line, 0, triggerKind=2)
        runs = [one for one in actions if one["command"]["command"] == "droid.comment.run"]
        assert bool(runs) is found, line
    (lens,) = await editor.ask("textDocument/codeLens", {})
    assert lens["range"]["start"]["line"] == 1
    assert lens["command"]["arguments"] == [{"uri": URI, "line": 2}]


async def test_what_is_not_open_has_no_actions() -> None:
    editor = Editor("")
    assert await editor.ask("textDocument/codeLens", {"textDocument": {"uri": "file:///w/other.py"}}) == []


async def test_code_actions_do_not_put_the_text_together() -> None:
    """Ten thousand lines must cost a selection's work, not a document's."""
    editor = Editor("line\n" * 10_000)
    document = editor.server.documents.get(URI)
    assert document is not None
    document.lines[0] = "line\n"
    document._text = None
    await editor.actions(5000, 0, 5001, 0)
    assert document._text is None
