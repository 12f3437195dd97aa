"""What pygls does otherwise than an editor needs: each put right here, and each still so in pygls itself.

A test named `…_still_…` failing after an upgrade is good news: its entry in `pygls_workarounds` can go.
"""

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.io_ import run_async
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from droid.lsp.language_server import DroidLanguageServer
from droid.lsp.transport import deliver

Message = dict[str, Any]
INITIALIZE: Message = {"id": 0, "method": "initialize", "params": {"processId": None, "capabilities": {}}}


class Sent:
    """An outbox and a pygls writer in one: what the server sent."""

    backlog_bytes = 0

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def put(self, body: bytes) -> None:
        self.messages.append(json.loads(body))

    def write(self, data: bytes) -> None:
        self.messages.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None: ...


def ours() -> tuple[Sent, Callable[[Message], None], DroidLanguageServer]:
    sent, server = Sent(), DroidLanguageServer()
    server.rpc.outbox = sent

    def send(message: Message) -> None:
        deliver(server.rpc, json.dumps({"jsonrpc": "2.0", **message}).encode())

    send(INITIALIZE)
    return sent, send, server


def theirs() -> tuple[Sent, Callable[[Message], None], LanguageServer]:
    sent, server = Sent(), LanguageServer("pygls", "1")
    protocol = server.protocol
    protocol.set_writer(sent)

    def send(message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message})
        protocol.handle_message(json.loads(body, object_hook=protocol.structure_message))

    return sent, send, server


def reply_to(sent: Sent, id_: object) -> Message:
    return next(one for one in sent.messages if one.get("id") == id_ and "method" not in one)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


# shutdown


async def test_shutdown_with_requests_in_flight_is_answered() -> None:
    sent, send, server = ours()

    async def slow(_: object) -> None:
        await asyncio.sleep(60)

    server.rpc.handlers |= {"x/slow": slow, "x/slower": slow}
    send({"id": 1, "method": "x/slow"})
    send({"id": 2, "method": "x/slower"})
    await settle()
    send({"id": 3, "method": "shutdown"})
    await asyncio.sleep(0.05)
    assert reply_to(sent, 3)["result"] is None
    assert {reply_to(sent, id_)["error"]["code"] for id_ in (1, 2)} == {-32800}


async def test_pygls_still_fails_to_shut_down_with_a_command_in_flight() -> None:
    sent, send, server = theirs()
    send(INITIALIZE)

    @server.command("slow")
    async def slow(*_: object) -> None:
        await asyncio.sleep(60)

    await settle()
    send({"id": 1, "method": "workspace/executeCommand", "params": {"command": "slow"}})
    await settle()
    send({"id": 2, "method": "shutdown", "params": None})
    await settle()
    assert "changed size during iteration" in reply_to(sent, 2)["error"]["message"]


# replies


@pytest.mark.parametrize(
    "reply",
    [{"result": {"applied": "perhaps"}}, {"result": [1]}, {"error": "no"}, {"error": {"code": {}}}, {}],
)
async def test_a_misshaped_reply_ends_the_wait(reply: Message) -> None:
    sent, send, server = ours()
    asking = asyncio.create_task(server.client.ask("workspace/applyEdit", {}, timeout_s=5))
    await settle()
    send({"id": sent.messages[-1]["id"], **reply})
    await asyncio.wait_for(asking, 0.5)


async def test_pygls_still_waits_for_ever_after_a_misshaped_reply() -> None:
    sent, send, server = theirs()
    params = types.ApplyWorkspaceEditParams(edit=types.WorkspaceEdit())
    asking = asyncio.ensure_future(server.workspace_apply_edit_async(params))
    await settle()
    with pytest.raises(JsonRpcException):
        send({"id": sent.messages[-1]["id"], "result": [1]})
    await settle()
    assert not asking.done()
    asking.cancel()


async def test_a_reply_to_a_withdrawn_question_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    sent, send, server = ours()
    asking = asyncio.create_task(server.client.ask("window/showMessageRequest", {}, timeout_s=None))
    await settle()
    id_ = sent.messages[-1]["id"]
    asking.cancel()
    await settle()
    send({"id": id_, "result": {"title": "Yes"}})
    assert not caplog.records


async def test_pygls_still_fails_on_a_reply_to_a_withdrawn_question() -> None:
    sent, send, server = theirs()
    asking = asyncio.ensure_future(server.protocol.send_request_async("x/ask"))
    await settle()
    id_ = sent.messages[-1]["id"]
    asking.cancel()
    await settle()
    with pytest.raises(Exception, match=r"CANCELLED|invalid state"):
        send({"id": id_, "result": 1})


async def test_a_reply_with_the_id_of_a_running_request_does_not_end_it() -> None:
    sent, send, server = ours()
    go = asyncio.Event()

    async def slow(_: object) -> str:
        await go.wait()
        return "done"

    server.rpc.handlers["x/slow"] = slow
    send({"id": "same", "method": "x/slow"})
    await settle()
    send({"id": "same", "result": "forged"})
    go.set()
    await settle()
    assert reply_to(sent, "same")["result"] == "done"


# exit


async def test_exit_only_says_that_the_client_leaves() -> None:
    _, send, server = ours()
    send({"method": "exit"})
    assert server.left.is_set()


async def test_pygls_still_ends_the_process_on_exit() -> None:
    _, send, server = theirs()
    server.protocol.writer = None
    with pytest.raises(SystemExit):
        send({"method": "exit", "params": None})


# reading


async def test_a_nested_object_is_no_message() -> None:
    sent, send, server = ours()
    seen: list[Any] = []

    async def take(params: Any) -> None:
        seen.append(params)

    server.rpc.handlers["x/take"] = take
    inner = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": 5}
    send({"id": 1, "method": "x/take", "params": inner})
    await settle()
    assert seen == [inner]
    assert reply_to(sent, 1)["result"] is None


async def test_pygls_still_takes_a_nested_object_for_a_message() -> None:
    _, send, _ = theirs()
    inner = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": 5}
    with pytest.raises(JsonRpcException):
        send({"id": 1, "method": "x/take", "params": inner})


async def test_pygls_still_leaves_a_message_of_wrong_types_unanswered() -> None:
    sent, _, server = theirs()
    reader = asyncio.StreamReader()
    body = b'{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":[]}'
    reader.feed_data(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    reader.feed_eof()
    await run_async(threading.Event(), reader, server.protocol, error_handler=server.report_server_error)
    assert not [one for one in sent.messages if one.get("id") == 7]


# notifications


async def test_a_keystroke_leaves_nothing_behind() -> None:
    _, send, server = ours()
    item = {"uri": "file:///x/a.py", "languageId": "python", "version": 1, "text": ""}
    send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    for version in range(2, 50):
        identifier = {"uri": "file:///x/a.py", "version": version}
        changes = [{"text": "x" * version}]
        params = {"textDocument": identifier, "contentChanges": changes}
        send({"method": "textDocument/didChange", "params": params})
    await settle()
    assert not server.rpc._notifications
    assert not server.rpc._requests


async def test_pygls_still_keeps_something_of_every_keystroke() -> None:
    _, send, server = theirs()
    send(INITIALIZE)
    item = {"uri": "file:///x/a.py", "languageId": "python", "version": 1, "text": ""}
    send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    before = len(server.protocol._request_futures)
    for version in range(2, 50):
        identifier = {"uri": "file:///x/a.py", "version": version}
        params = {"textDocument": identifier, "contentChanges": [{"text": "x"}]}
        send({"method": "textDocument/didChange", "params": params})
    await settle()
    assert len(server.protocol._request_futures) >= before + 48


# documents


def test_pygls_still_ends_lines_where_the_protocol_does_not() -> None:
    """Ours: `test_documents.test_a_form_feed_does_not_end_a_line`."""
    document = TextDocument("file:///x/a.py", "a\x0cb\u2028c\nd\n", version=1)
    place = types.Range(types.Position(1, 0), types.Position(1, 1))
    document.apply_change(types.TextDocumentContentChangePartial(range=place, text="D"))
    assert document.source != "a\x0cb\u2028c\nD\n"


# logging


async def test_no_content_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    _, send, _ = ours()
    send({"method": "textDocument/didOpen", "params": {"textDocument": "private words"}})
    send({"id": 1, "method": "textDocument/codeAction", "params": {"textDocument": "private words"}})
    await settle()
    assert "private" not in caplog.text


async def test_pygls_still_logs_what_it_sends(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("pygls")
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        caplog.set_level(logging.INFO)
        _, _, server = theirs()
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, "private words"))
        assert "private words" in caplog.text
    finally:
        logger.setLevel(level)


# ids and errors


async def test_a_handler_that_fails_is_answered_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    sent, send, server = ours()

    async def broken(_: object) -> None:
        raise ZeroDivisionError("a private number")

    server.rpc.handlers["x/broken"] = broken
    send({"id": 1, "method": "x/broken"})
    await settle()
    assert reply_to(sent, 1)["error"]["code"] == -32603
    assert "private" not in reply_to(sent, 1)["error"]["message"]
    assert len(caplog.records) == 1


async def test_a_result_that_has_no_json_form_is_an_error() -> None:
    sent, send, server = ours()

    async def odd(_: object) -> object:
        return {"path": object()}

    server.rpc.handlers["x/odd"] = odd
    send({"id": 1, "method": "x/odd"})
    await settle()
    assert reply_to(sent, 1)["error"]["code"] == -32603


async def test_a_request_can_be_cancelled() -> None:
    sent, send, server = ours()

    async def slow(_: object) -> None:
        await asyncio.sleep(60)

    server.rpc.handlers["x/slow"] = slow
    send({"id": "a", "method": "x/slow"})
    await settle()
    send({"method": "$/cancelRequest", "params": {"id": "a"}})
    await settle()
    assert reply_to(sent, "a")["error"]["code"] == -32800


async def test_the_same_id_twice_at_once_is_refused() -> None:
    sent, send, server = ours()

    async def slow(_: object) -> None:
        await asyncio.sleep(0.05)

    server.rpc.handlers["x/slow"] = slow
    send({"id": 5, "method": "x/slow"})
    send({"id": 5, "method": "x/slow"})
    await asyncio.sleep(0.1)
    replies = [one for one in sent.messages if one.get("id") == 5]
    assert [("error" in one) for one in replies] == [True, False]
