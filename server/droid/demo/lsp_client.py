"""An editor's side of the Language Server Protocol, as small as the demonstration needs.

It starts the server as an editor does, speaks JSON-RPC over its standard streams, and leaves the way the
protocol wants it: `shutdown`, `exit`, and only then, if need be, by force.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

_LEAVE_S = 5.0
_METHOD_NOT_FOUND = -32601

OnNotification = Callable[[str, Any], None]
OnRequest = Callable[[str, Any], Awaitable[Any]]


class ServerGone(Exception):
    """The server ended, or does not speak the protocol; the message holds its last words."""


class RequestRefused(Exception):
    """The server answered with an error, which is the message."""


class NotHandled(Exception):
    """The client does not know this request of the server."""


class LspClient:
    """One server process and the conversation with it.

    Attributes:
        stderr: Where the server's log goes.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, on_notification: OnNotification, on_request: OnRequest
    ) -> None:
        self._process = process
        self._on_notification = on_notification
        self._on_request = on_request
        self._replies: dict[int, asyncio.Future[Any]] = {}
        self._last_id = 0
        self._answering: set[asyncio.Task[None]] = set()
        self._reading = asyncio.create_task(self._read(), name="lsp client reader")

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        log: Path,
        on_notification: OnNotification,
        on_request: OnRequest,
    ) -> "LspClient":
        """Start a server; its standard error goes to the file `log`."""
        with log.open("ab") as stderr:
            process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=cwd,
                env=env,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                limit=1 << 24,
            )
        return cls(process, on_notification, on_request)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def request(self, method: str, params: Any, *, timeout_s: float = 30.0) -> Any:
        """Ask and wait for the answer.

        Raises:
            RequestRefused: the answer is an error.
            ServerGone: it ended, or did not answer in time.
        """
        self._last_id += 1
        number = self._last_id
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        try:
            if self._reading.done():
                raise ServerGone("the server has ended")
            await self._send({"id": number, "method": method, "params": params})
            async with asyncio.timeout(timeout_s):
                return await reply
        except TimeoutError as error:
            raise ServerGone(f"{method} was not answered within {timeout_s:g} s") from error
        finally:
            del self._replies[number]

    async def notify(self, method: str, params: Any) -> None:
        """Tell, with no answer."""
        await self._send({"method": method, "params": params})

    async def close(self) -> int:
        """Leave; returns the server's exit code. After a server that does not leave, its death."""
        try:
            await self.request("shutdown", None, timeout_s=_LEAVE_S)
            await self.notify("exit", None)
            async with asyncio.timeout(_LEAVE_S):
                await self._process.wait()
        except (ServerGone, RequestRefused, TimeoutError):
            logger.debug("the server did not leave by itself")
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
            for task in (self._reading, *self._answering):
                task.cancel()
            await asyncio.gather(self._reading, *self._answering, return_exceptions=True)
        return self._process.returncode or 0

    async def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode()
        stdin = self._process.stdin
        try:
            if stdin is None or stdin.is_closing():
                raise ConnectionError
            stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await stdin.drain()
        except ConnectionError as error:
            raise ServerGone("the server has ended") from error

    async def _read(self) -> None:
        try:
            while (message := await self._next_message()) is not None:
                self._take(message)
            reason = "the server has ended"
        except (ValueError, asyncio.IncompleteReadError):
            reason = "the server wrote something that is not the protocol"
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(ServerGone(reason))

    async def _next_message(self) -> Any:
        stdout = self._process.stdout
        if stdout is None:
            return None
        length = 0
        while line := (await stdout.readline()).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(await stdout.readexactly(length)) if length else None

    def _take(self, message: Any) -> None:
        if "method" not in message:
            reply = self._replies.get(message.get("id"))
            if reply is None or reply.done():
                return
            if "error" in message:
                reply.set_exception(RequestRefused(str(message["error"].get("message"))))
            else:
                reply.set_result(message.get("result"))
        elif "id" in message:
            task = asyncio.create_task(self._answer(message), name=f"lsp client {message['method']}")
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        else:
            self._on_notification(message["method"], message.get("params"))

    async def _answer(self, message: Any) -> None:
        try:
            answer: dict[str, Any] = {
                "result": await self._on_request(message["method"], message.get("params"))
            }
        except NotHandled:
            answer = {"error": {"code": _METHOD_NOT_FOUND, "message": f"no {message['method']} here"}}
        try:
            await self._send({"id": message["id"], **answer})
        except ServerGone:
            logger.debug("the server ended before it was answered")
