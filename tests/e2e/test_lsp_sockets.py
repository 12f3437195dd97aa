"""The language server on a port: several editors, and nobody else."""

import asyncio
import json
import re
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench, bench_in
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

HELLO = {"processId": None, "rootUri": None, "capabilities": {}}


@asynccontextmanager
async def listening(folder: Path, kind: str) -> AsyncGenerator[tuple[str, int, asyncio.subprocess.Process]]:
    """The server on a free port."""
    with bench_in(folder) as bench:
        process = await _start(bench, kind)
        try:
            assert process.stderr is not None
            async with asyncio.timeout(20):
                while not (found := re.search(rb"listens on (\S+):(\d+)", await process.stderr.readline())):
                    pass
            yield found[1].decode(), int(found[2]), process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(10):
                await process.wait()


async def _start(bench: Bench, kind: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *bench.argv("serve", f"--{kind}", "127.0.0.1:0"),
        cwd=bench.workspace,
        env=bench.env,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


def message(id_: int, method: str, params: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id_, "method": method, "params": params}).encode()


class TcpClient:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, method: str, params: Any) -> dict[str, Any]:
        body = message(1, method, params)
        self._writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        async with asyncio.timeout(20):
            while True:
                header = await self._reader.readuntil(b"\r\n\r\n")
                reply = json.loads(await self._reader.readexactly(int(header.split()[1])))
                if "method" not in reply:
                    return reply

    async def closed(self) -> bool:
        async with asyncio.timeout(10):
            return await self._reader.read() == b""

    def close(self) -> None:
        self._writer.close()


async def test_each_editor_on_a_port_has_a_server_of_its_own(tmp_path: Path) -> None:
    async with listening(tmp_path, "tcp") as (host, port, process):
        first, second = [TcpClient(*await asyncio.open_connection(host, port)) for _ in range(2)]
        assert "result" in await first.ask("initialize", HELLO)
        assert (await second.ask("shutdown", None))["error"]["code"] == -32002
        assert "result" in await second.ask("initialize", HELLO)
        await first.ask("shutdown", None)
        first.close()
        assert "result" in await second.ask(
            "workspace/executeCommand", {"command": "droid.status", "arguments": []}
        )
        second.close()
        assert process.returncode is None


async def test_a_web_page_cannot_drive_the_server(tmp_path: Path) -> None:
    """A page may send anything to a loopback port, headers first; the body would pass as a message."""
    async with listening(tmp_path, "tcp") as (host, port, _):
        reader, writer = await asyncio.open_connection(host, port)
        body = message(1, "initialize", HELLO)
        writer.write(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        assert await TcpClient(reader, writer).closed()
        writer.close()


async def test_an_editor_speaks_over_a_web_socket(tmp_path: Path) -> None:
    async with listening(tmp_path, "ws") as (host, port, _), connect(f"ws://{host}:{port}") as socket:
        await socket.send("not json")
        assert json.loads(await socket.recv())["error"]["code"] == -32700
        await socket.send(message(1, "initialize", HELLO).decode())
        assert "capabilities" in json.loads(await socket.recv())["result"]
        await socket.send(message(2, "shutdown", None))
        assert json.loads(await socket.recv())["result"] is None


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:3000", "null"])
async def test_a_page_in_a_browser_is_refused_a_web_socket(tmp_path: Path, origin: str) -> None:
    async with listening(tmp_path, "ws") as (host, port, _):
        with pytest.raises(InvalidStatus, match="403"):
            await connect(f"ws://{host}:{port}", origin=origin)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["tcp", "ws"])
async def test_a_signal_ends_a_server_with_editors_connected(tmp_path: Path, kind: str) -> None:
    async with listening(tmp_path, kind) as (host, port, process):
        if kind == "tcp":
            client = TcpClient(*await asyncio.open_connection(host, port))
            await client.ask("initialize", HELLO)
            process.send_signal(signal.SIGTERM)
            assert await client.closed()
            client.close()
        else:
            async with connect(f"ws://{host}:{port}") as socket:
                await socket.send(message(1, "initialize", HELLO).decode())
                await socket.recv()
                process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(10):
                    await socket.wait_closed()
        async with asyncio.timeout(10):
            assert await process.wait() == 0
