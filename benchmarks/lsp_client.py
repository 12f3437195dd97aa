"""A language client that measures: it stamps each answer on arrival, and shows nothing."""

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

CAPABILITIES: dict[str, Any] = {
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True},
        "workspaceFolders": True,
        "executeCommand": {},
    },
    "textDocument": {
        "synchronization": {},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor", "source"]}}
        },
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}, "showMessage": {}},
    "general": {"positionEncodings": ["utf-16"]},
}


class Client:
    """One server on stdio, from its start to its end.

    Attributes:
        started: `time.perf_counter()` just before the process was started.
        on_message: Called on the reading thread with each notification or request of the server and
            the time of its arrival.
    """

    def __init__(
        self, command: Sequence[str], *, workspace: Path, env: Mapping[str, str], errors: Path
    ) -> None:
        self._workspace = workspace
        self._waiting: dict[int, queue.SimpleQueue[tuple[float, dict[str, Any]]]] = {}
        self._sent = 0
        self._writing = threading.Lock()
        self.on_message: Callable[[float, dict[str, Any]], None] = lambda _at, _message: None
        with errors.open("ab") as stderr:
            self.started = time.perf_counter()
            self.process = subprocess.Popen(
                command, cwd=workspace, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=stderr, bufsize=0,
            )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()

    def initialize(self) -> float:
        """The handshake; returns milliseconds from the start of the process to the answer."""
        uri = self._workspace.as_uri()
        at, reply = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": self._workspace.name}],
                "capabilities": CAPABILITIES,
            },
        )
        assert "result" in reply, reply
        self.notify("initialized", {})
        return (at - self.started) * 1e3

    def request(self, method: str, params: object, *, timeout_s: float = 60) -> tuple[float, dict[str, Any]]:
        """Ask and wait; returns the time of arrival and the reply."""
        with self._writing:
            self._sent += 1
            number = self._sent
        waiting = self._waiting[number] = queue.SimpleQueue()
        self._send({"id": number, "method": method, "params": params})
        return waiting.get(timeout=timeout_s)

    def command(self, name: str, argument: object = None) -> Any:
        """Run one of the server's commands.

        Raises:
            RuntimeError: the server answered with an error.
        """
        arguments = [] if argument is None else [argument]
        _at, reply = self.request("workspace/executeCommand", {"command": name, "arguments": arguments})
        if "error" in reply:
            raise RuntimeError(f"{name}: {reply['error']}")
        return reply["result"]

    def notify(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def open(self, path: Path, text: str, *, language: str = "python") -> None:
        document = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def close(self) -> None:
        """Shut the server down; kills it when it does not go."""
        with contextlib.suppress(queue.Empty, OSError, subprocess.TimeoutExpired):
            self.request("shutdown", None, timeout_s=5)
            self.notify("exit", None)
            self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        with self._writing:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def _read(self) -> None:
        assert self.process.stdout is not None
        stream = os.fdopen(os.dup(self.process.stdout.fileno()), "rb", 1 << 16)
        with stream:
            while True:
                length = 0
                while (line := stream.readline()) not in (b"\r\n", b""):
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                if not line:
                    return
                body = stream.read(length)
                at = time.perf_counter()
                self._take(at, json.loads(body))

    def _take(self, at: float, message: dict[str, Any]) -> None:
        if "method" not in message:
            waiting = self._waiting.pop(message["id"], None)
            if waiting is not None:
                waiting.put((at, message))
            return
        self.on_message(at, message)
        if "id" in message:
            self._send({"id": message["id"], "result": _answer(message)})


def _answer(message: Mapping[str, Any]) -> object:
    """What an editor that agrees to everything would say; questions are answered by their first choice."""
    params = message.get("params") or {}
    match message["method"]:
        case "workspace/configuration":
            return [None] * len(params.get("items", []))
        case "workspace/applyEdit":
            return {"applied": True}
        case "window/showDocument":
            return {"success": True}
        case "window/showMessageRequest":
            return (params.get("actions") or [None])[0]
        case _:
            return None
