"""The server lives on whatever a client sends, and goes when the client goes."""

import asyncio
import json
import os
import re
import signal
import time
from pathlib import Path

import pytest
from tests.e2e.harness import alive, until
from tests.e2e.lsp_bench import editor_in, execute
from tests.fakes.lsp_client import NEVER, LspClient, LspError

INITIALIZE = {"processId": None, "rootUri": None, "capabilities": {}}


async def still_answers(client: LspClient) -> None:
    assert "busy" in await client.command("droid.status")


MALFORMED: list[tuple[bytes, int]] = [
    (b"not json", -32700),
    (b"\xff\xfe\x00", -32700),
    (b"[" * 100_000, -32700),
    (b'"text"', -32600),
    (b"[]", -32600),
    (b'[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]', -32600),
    (b'{"jsonrpc":"2.0","id":null,"method":"shutdown"}', -32600),
    (b'{"jsonrpc":"2.0","id":{"a":1},"method":"shutdown"}', -32600),
    (b'{"jsonrpc":"2.0","id":77,"method":5}', -32600),
    (b'{"jsonrpc":"2.0","id":77,"method":"no/such"}', -32601),
    (b'{"jsonrpc":"2.0","id":77,"method":"textDocument/codeAction","params":{"range":5}}', -32602),
    (b'{"jsonrpc":"2.0","id":77,"method":"textDocument/codeAction"}', -32602),
    (b'{"jsonrpc":"2.0","id":77,"method":"textDocument/codeAction","params":[]}', -32602),
    (b'{"jsonrpc":"2.0","id":77,"method":"workspace/executeCommand","params":{"command":"x"}}', -32602),
    (
        b'{"id":77,"method":"workspace/executeCommand","params":{"command":"droid.ask","arguments":[{"a":1}]}}',
        -32602,
    ),
    (
        b'{"id":77,"method":"workspace/executeCommand","params":{"command":"droid.ask","arguments":[7]}}',
        -32602,
    ),
    (b'{"jsonrpc":"2.0","id":77,"method":"droid/prompt","params":{"prompt":{}}}', -32602),
    (b'{"jsonrpc":"2.0","id":77,"method":"initialize","params":{"capabilities":{}}}', -32600),
]
DROPPED = [
    b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":5}}',
    b'{"jsonrpc":"2.0","method":"textDocument/didOpen"}',
    b'{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///x"}}}',
    b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"droid-1"}}',
    b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{}}}',
    b'{"jsonrpc":"2.0","method":"window/workDoneProgress/cancel","params":{"token":"nobody"}}',
    b'{"jsonrpc":"2.0","id":"droid-1","result":{"title":"Approve once"}}',
    b'{"jsonrpc":"2.0","id":["droid-1"],"result":1}',
    b'{"jsonrpc":"2.0","result":1}',
    b'{"jsonrpc":"2.0","id":"droid-1","error":"no object"}',
    b"{}",
]


async def test_a_malformed_message_gets_an_error_and_the_server_lives_on(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, _):
        for body, code in MALFORMED:
            client.received.clear()
            client.send_raw(body)
            reply = await client.until(lambda: next((one for one in client.received if "error" in one), None))
            assert reply["error"]["code"] == code, body[:80]
            await still_answers(client)


async def test_a_misshaped_notification_or_reply_is_dropped(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, _):
        for body in DROPPED:
            client.received.clear()
            client.send_raw(body)
            await still_answers(client)
            assert not [one for one in client.received if "error" in one], body


async def test_requests_before_initialize_and_after_shutdown_are_refused(tmp_path: Path) -> None:
    async with editor_in(tmp_path, initialize=False) as (client, _):
        with pytest.raises(LspError) as early:
            await client.command("droid.status")
        assert early.value.code == -32002
        await client.initialize()
        await client.request("shutdown", None)
        with pytest.raises(LspError) as late:
            await client.command("droid.status")
        assert late.value.code == -32600
        client.notify("exit", None)
        assert await client.process.wait() == 0


async def test_exit_without_shutdown_is_told_by_the_exit_code(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, _):
        client.notify("exit", None)
        assert await client.process.wait() == 1


async def test_capabilities_that_nobody_has_heard_of_do_not_keep_an_editor_out(tmp_path: Path) -> None:
    odd = {
        "general": {"positionEncodings": ["utf-8"]},
        "workspace": {"workspaceEdit": {"failureHandling": "try harder"}, "applyEdit": "yes"},
        "textDocument": {"codeAction": 5},
        "experimental": {"droid": {"api": "one"}},
    }
    async with editor_in(tmp_path, initialize=False) as (client, _):
        result = await client.initialize(capabilities=odd)
        assert result["capabilities"]["positionEncoding"] == "utf-8"
        await still_answers(client)


async def test_rubbish_between_messages_is_skipped(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, _):
        client.send_bytes(b"Welcome to my shell!\n\n")
        client.send_bytes(b"Content-Length: -5\r\n\r\n")
        client.send_bytes(b"Content-Type: x\r\ncontent-length:2\r\n\r\n{}")
        await still_answers(client)


async def test_a_message_cut_into_single_bytes_is_one_message(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, _):
        body = json.dumps({"jsonrpc": "2.0", "id": 900, "method": "no/such"}).encode()
        for byte in b"Content-Length: %d\r\n\r\n%s" % (len(body), body):
            client.send_bytes(bytes([byte]))
            await asyncio.sleep(0)
        await client.until(lambda: any(one.get("id") == 900 for one in client.received))


async def test_a_message_that_is_too_large_is_skipped_and_said_so(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, _):
        size = 65 * 1024 * 1024
        client.send_bytes(b"Content-Length: %d\r\n\r\n" % size)
        piece = b" " * (1 << 20)
        for _ in range(65):
            client.send_bytes(piece)
            await client.process.stdin.drain()  # type: ignore[union-attr]
        reply = await client.until(lambda: next((m for m in client.received if "error" in m), None))
        assert "too large" in reply["error"]["message"]
        await still_answers(client)


async def test_a_large_document_is_taken(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, bench):
        text = "x = 1\n" * 2_000_000
        client.open(bench.workspace / "big.py", text)
        await still_answers(client)


async def test_ten_thousand_changes_at_once_leave_the_server_quick(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, bench):
        path = bench.workspace / "a.py"
        client.open(path, "".join(f"value_{i} = {i}\n" for i in range(10_000)))
        began = time.monotonic()
        client.type(path, 40_000, "abcdefghij" * 1000)
        place = {"line": 3000, "character": 0}
        actions = await client.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": path.as_uri()},
                "range": {"start": place, "end": place},
                "context": {"diagnostics": []},
            },
        )
        assert actions
        assert time.monotonic() - began < 20
        await still_answers(client)


async def test_the_server_ends_with_its_input(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, _):
        client.hang_up()
        async with asyncio.timeout(3):
            assert await client.process.wait() == 1


async def test_the_server_ends_with_its_output(tmp_path: Path) -> None:
    """A client that closes its end of our output is gone, whatever its other end says."""
    async with editor_in(tmp_path) as (client, _):
        client._reading.cancel()
        client.process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
        for _ in range(3):
            client.notify("initialized", {})
            client.send({"id": 9, "method": "no/such"})
        async with asyncio.timeout(3):
            await client.process.wait()


async def test_a_client_that_never_reads_does_not_stop_the_server(tmp_path: Path) -> None:
    """Answers wait in a queue; what is sent meanwhile is still taken, and the end of input still seen."""
    async with editor_in(tmp_path) as (client, _):
        client._reading.cancel()
        for number in range(20_000):
            client.send({"id": f"n{number}", "method": "no/such"})
        client.hang_up()
        async with asyncio.timeout(10):
            await client.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_server_and_what_it_started(tmp_path: Path, number: int) -> None:
    async with editor_in(
        tmp_path, execute("sleep 4242.5"), settings={"sessionDefaultSettings": {"autonomyLevel": "high"}}
    ) as (client, _):
        await client.command("droid.ask", {"prompt": "wait"})
        await asyncio.to_thread(until, lambda: alive("sleep 4242.5"))
        os.kill(client.process.pid, number)
        async with asyncio.timeout(5):
            await client.process.wait()
        await asyncio.to_thread(until, lambda: not alive("sleep 4242.5"), 5)


async def test_shutdown_with_a_request_in_flight_is_answered(tmp_path: Path) -> None:
    async with editor_in(tmp_path, {"hang": "headers"}) as (client, bench):
        await client.command("droid.ask", {"prompt": "hang"})
        await asyncio.to_thread(until, lambda: bench.server.requests)
        slow = asyncio.create_task(client.ask("droid/session/list", None))
        asking = asyncio.create_task(client.ask("droid/session/new", {}))
        await client.request("shutdown", None, timeout_s=4)
        client.notify("exit", None)
        assert await client.process.wait() == 0
        await asyncio.gather(slow, asking, return_exceptions=True)
        assert bench.events()[-1]["type"] == "turn_ended"


@pytest.mark.parametrize("end", ["killed", "shutdown", "hung up"])
async def test_a_client_that_goes_in_the_middle_of_a_question_allows_nothing(
    tmp_path: Path, end: str
) -> None:
    async with editor_in(tmp_path, execute("touch made")) as (client, bench):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "make it"})
        await client.question("touch made")
        if end == "shutdown":
            await client.request("shutdown", None, timeout_s=4)
            client.notify("exit", None)
        elif end == "hung up":
            client.hang_up()
        else:
            client.process._transport.get_pipe_transport(0).abort()  # type: ignore[attr-defined]
        async with asyncio.timeout(4):
            await client.process.wait()
        assert not (bench.workspace / "made").exists()
        kinds = [event["type"] for event in bench.events()]
        assert kinds[-1] == "turn_ended"
        assert "tool_started" not in kinds


async def test_the_log_holds_nothing_of_documents_or_prompts(tmp_path: Path) -> None:
    async with editor_in(tmp_path, {"status": 400, "message": "no"}) as (client, bench):
        client.open(bench.workspace / "a.txt", "a very private line\n")
        client.send_raw(b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":"a very private line"}')
        client.send_raw(b'{"a very private line"')
        await client.command("droid.ask", {"prompt": "a very private line"})
        await client.turn_ended()
    log = (tmp_path / "server.log").read_text()
    assert not re.search("private", log), log
