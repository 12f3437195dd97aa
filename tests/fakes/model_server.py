"""A fake model behind real HTTP on the loopback address: three wires, any answer, any misbehaviour.

    async with FakeModelServer([{"text": "done"}]) as server: ...      # in the test's event loop
    with serving([{"text": "done"}]) as server: ...                    # in a thread, for subprocess tests
    python -m tests.fakes.model_server --script FILE --port-file FILE  # a process, for editors

Wires: `/v1/chat/completions`, `/v1/responses`, `/v1/messages`, each also without `/v1`, and under any
prefix. `GET /requests` tells every request so far as `[{"path","headers","body"}]`; `PUT /script`
replaces the script.

A script is a list of steps (or `{"steps": [...]}`), each a JSON object:

which request it answers (the first step that fits and is not used up; all conditions must hold)
    `when`      regex searched in what is new: the messages after the last answer, tool results included
    `prompt`    regex searched in the last message that a person wrote
    `system`    regex searched in the system prompt
    `model`     regex searched in the model's name on the wire
    `repeat`    true: never used up; a number: so many times; default once

what it answers
    `text`, `thinking`, `stop` (`length`, `refusal`)
    `text_bytes`     that much generated text instead of `text`
    `calls`          `[{"name", "arguments": object or raw text, "id"?}]`
    `usage`          `{"input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"}`, or
                     `"measured"`: four bytes of the request to a token
    `delay_s`        before the first byte; `chunk_chars`, `chunk_delay_s`: how the text is cut and paced

how it misbehaves
    `status`         an HTTP error, with `message`, `retry_after`, and `body`/`content_type` to replace
                     the provider's error object; `html: true` sends an error page
    `cut`            `text` or `call`: the connection breaks inside the text or inside a tool call
    `hang`           `headers`, `text` or `call`: nothing more comes from there on
    `garbage`        `events`: not JSON; `bytes`: not text; `http`: not HTTP
    `refuse`         true: closes the connection unanswered

A request that no step fits is answered with status 400 and says so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from tests.fakes.model_wires import encode_anthropic, encode_responses

from droid.demo.chat_wire import Frame, ScriptedAnswer, ScriptedCall, encode_chat
from droid.demo.loopback import HOST, HttpReply, HttpRequest, LoopbackServer
from droid.domain.messages import Usage

Step = Mapping[str, Any]
Script = Sequence[Step]

_KNOWN = frozenset(
    {
        "when",
        "prompt",
        "system",
        "model",
        "repeat",
        "text",
        "thinking",
        "stop",
        "text_bytes",
        "calls",
        "usage",
    }
    | {"delay_s", "chunk_chars", "chunk_delay_s", "status", "message", "retry_after", "body"}
    | {"content_type", "html", "cut", "hang", "garbage", "refuse"}
)
_WIRES: Mapping[str, Callable[..., Iterator[Frame]]] = {
    "/chat/completions": encode_chat,
    "/responses": encode_responses,
    "/messages": encode_anthropic,
}


class FakeModelServer:
    """The server, in the running event loop.

    Attributes:
        requests: Every model request so far: `path`, `headers` (names in lower case), `body` (parsed).
    """

    def __init__(self, script: Script | Mapping[str, Any] = (), *, port: int = 0) -> None:
        self.requests: list[dict[str, Any]] = []
        self._steps: list[Step] = []
        self._uses: list[float] = []
        self._answered = 0
        self._http = LoopbackServer(self._handle, port=port)
        self.play(script)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._http.__aexit__(*details)

    @property
    def port(self) -> int:
        return self._http.port

    @property
    def url(self) -> str:
        """The root, for base URLs that the client extends by `/v1/…`."""
        return f"http://{HOST}:{self.port}"

    @property
    def base_url(self) -> str:
        """The root with `/v1`, as `customModels[].baseUrl` has it for OpenAI's formats."""
        return f"{self.url}/v1"

    def play(self, script: Script | Mapping[str, Any]) -> None:
        """Start over with another script."""
        steps: list[Step] = list(script["steps"] if isinstance(script, Mapping) else script)
        for step in steps:
            if unknown := set(step) - _KNOWN:
                raise ValueError(f"a step has no {', '.join(sorted(unknown))}")
        self._steps = steps
        self._uses = [_uses(step) for step in steps]

    async def _handle(self, request: HttpRequest, reply: HttpReply) -> None:
        path = request.path.partition("?")[0]
        if request.method == "GET" and path.endswith("/requests"):
            await reply.whole(200, json.dumps(self.requests).encode())
        elif request.method == "PUT" and path.endswith("/script"):
            self.play(request.json())
            await reply.whole(200, b"{}")
        elif request.method == "GET" and path.endswith("/models"):
            models = {"object": "list", "data": [{"id": "fake-model", "object": "model"}]}
            await reply.whole(200, json.dumps(models).encode())
        else:
            wire = next((wire for wire in _WIRES if path.endswith(wire)), None)
            if wire is None or request.method != "POST":
                await reply.whole(404, _error(wire, f"no such address: {path}"))
            else:
                await self._answer(wire, request, reply)

    async def _answer(self, wire: str, request: HttpRequest, reply: HttpReply) -> None:
        body = request.json()
        self.requests.append({"path": request.path, "headers": dict(request.headers), "body": body})
        step = self._next(wire, body)
        if step is None:
            told = _new_text(wire, body)[-300:]
            await reply.whole(400, _error(wire, f"the script has no step for this request: {told}"))
            return
        self._answered += 1
        await asyncio.sleep(step.get("delay_s", 0))
        if step.get("refuse"):
            reply.abort()
        elif step.get("hang") == "headers":
            await reply.until_closed()
        elif step.get("garbage") == "http":
            await reply.raw(b"\x00\xff\xfeSSH-2.0-NotHttp\r\n\r\n")
            reply.abort()
        elif "status" in step:
            await _fail(step, wire, reply)
        else:
            await self._stream(step, wire, body, reply)

    def _next(self, wire: str, body: Mapping[str, Any]) -> Step | None:
        for index, step in enumerate(self._steps):
            if self._uses[index] > 0 and _fits(step, wire, body):
                self._uses[index] -= 1
                return step
        return None

    async def _stream(self, step: Step, wire: str, body: Mapping[str, Any], reply: HttpReply) -> None:
        await reply.start(200, content_type="text/event-stream; charset=utf-8")
        answer = _answer_of(step)
        if step.get("usage") == "measured":
            answer = replace(answer, usage=measured(body, answer.text))
        if answer.stop == "refusal" and wire == "/chat/completions":
            answer = replace(answer, stop="content_filter")
        frames = _WIRES[wire](answer, model=str(body.get("model", "fake-model")), number=self._answered)
        last = ""
        for frame in frames:
            if step.get("garbage") and frame.kind != "head":
                junk = b"data: {not json\n\n" if step["garbage"] == "events" else bytes(range(128, 256)) * 4
                await reply.send(junk + b"\n\n")
                break
            # Inside a text or call: its first piece has gone out, its second has not.
            if last and last == step.get("cut"):
                reply.abort()
                return
            if last and last == step.get("hang"):
                await reply.until_closed()
                return
            await reply.send(frame.data)
            last = frame.kind
            if frame.kind == "text" and step.get("chunk_delay_s"):
                await asyncio.sleep(step["chunk_delay_s"])
        await reply.end()


def _uses(step: Step) -> float:
    repeat = step.get("repeat", 1)
    return float("inf") if repeat is True else float(repeat)


def _answer_of(step: Step) -> ScriptedAnswer:
    text = step.get("text", "")
    if wanted := step.get("text_bytes"):
        line = "The quick brown fox jumps over the lazy dog, again and again and again.\n"
        text = (line * (wanted // len(line) + 1))[:wanted]
    calls = [
        ScriptedCall(
            name=call["name"],
            arguments=call["arguments"]
            if isinstance(call["arguments"], str)
            else json.dumps(call["arguments"]),
            call_id=call.get("id", ""),
        )
        for call in step.get("calls", ())
    ]
    usage = step.get("usage")
    return ScriptedAnswer(
        text=text,
        thinking=step.get("thinking", ""),
        calls=calls,
        stop=step.get("stop"),
        chunk_chars=step.get("chunk_chars", 4096 if wanted else 24),
        **({"usage": Usage(**usage)} if usage and usage != "measured" else {}),
    )


def measured(body: Mapping[str, Any], answer: str = "") -> Usage:
    """What a request and its answer take, as a provider would tell."""
    return Usage(input_tokens=len(json.dumps(body)) // 4, output_tokens=len(answer) // 4 + 1)


def _fits(step: Step, wire: str, body: Mapping[str, Any]) -> bool:
    looks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("when", lambda: _new_text(wire, body)),
        ("prompt", lambda: _last_prompt(wire, body)),
        ("system", lambda: _system(wire, body)),
        ("model", lambda: str(body.get("model", ""))),
    )
    return all(re.search(step[key], text(), re.DOTALL) for key, text in looks if key in step)


def _entries(wire: str, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The conversation as `(who, text)`; who is `user`, `assistant`, `tool` or `system`."""
    if wire == "/responses":
        given = body.get("input", [])
        items = [{"role": "user", "content": given}] if isinstance(given, str) else given
        entries: list[tuple[str, str]] = []
        for item in items:
            kind = item.get("type", "message")
            if kind == "function_call_output":
                entries.append(("tool", _text(item.get("output"))))
            elif kind == "message":
                entries.append((item["role"], _text(item.get("content"))))
            else:
                entries.append(("assistant", ""))
        return entries
    if wire == "/messages":
        entries = []
        for message in body.get("messages", []):
            content = message["content"]
            parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
            results = [part for part in parts if part["type"] == "tool_result"]
            others = [part for part in parts if part["type"] != "tool_result"]
            entries += [("tool", _text(part.get("content"))) for part in results]
            if others or not results:
                entries.append((message["role"], _text(others)))
        return entries
    return [(message["role"], _text(message.get("content"))) for message in body.get("messages", [])]


def _text(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in content)


def _new_text(wire: str, body: Mapping[str, Any]) -> str:
    new: list[str] = []
    for who, text in reversed(_entries(wire, body)):
        if who == "assistant":
            break
        if who in {"user", "tool"}:
            new.append(text)
    return "\n".join(reversed(new))


def _last_prompt(wire: str, body: Mapping[str, Any]) -> str:
    return next((text for who, text in reversed(_entries(wire, body)) if who == "user"), "")


def _system(wire: str, body: Mapping[str, Any]) -> str:
    if wire == "/responses":
        return str(body.get("instructions") or "")
    if wire == "/messages":
        return _text(body.get("system"))
    return "\n".join(text for who, text in _entries(wire, body) if who in {"system", "developer"})


async def _fail(step: Step, wire: str, reply: HttpReply) -> None:
    headers = {"Retry-After": str(step["retry_after"])} if "retry_after" in step else {}
    status = int(step["status"])
    if step.get("html"):
        page = f"<html><head><title>{status} Bad Gateway</title></head><body><h1>nginx</h1></body></html>"
        await reply.whole(status, page.encode(), content_type="text/html", headers=headers)
        return
    body = step.get("body")
    data = body.encode() if isinstance(body, str) else None
    data = data if data is not None else _error(wire, step.get("message", f"scripted failure {status}"))
    await reply.whole(
        status, data, content_type=step.get("content_type", "application/json"), headers=headers
    )


def _error(wire: str | None, message: str) -> bytes:
    error = {"type": "scripted_error", "message": message}
    return json.dumps({"type": "error", "error": error} if wire == "/messages" else {"error": error}).encode()


@contextmanager
def serving(script: Script | Mapping[str, Any] = (), *, port: int = 0) -> Generator[FakeModelServer]:
    """The server in a thread of its own, for tests that wait for a subprocess."""
    server = FakeModelServer(script, port=port)
    started = threading.Event()
    failed: list[BaseException] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        async with server:
            started.set()
            await stop.wait()

    def thread() -> None:
        try:
            loop.run_until_complete(run())
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            started.set()
            loop.close()

    worker = threading.Thread(target=thread, name="fake model server")
    worker.start()
    started.wait()
    if failed:
        raise failed[0]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        worker.join()


async def _main(script: Path, port_file: Path | None, port: int) -> None:
    async with FakeModelServer(json.loads(script.read_text()), port=port) as server:
        if port_file is not None:
            unfinished = port_file.with_name(port_file.name + ".part")
            unfinished.write_text(f"{server.port}\n")
            os.replace(unfinished, port_file)  # noqa: PTH105 - says that it is the atomic one
        print(f"fake model, not a real one: {server.base_url}", file=sys.stderr, flush=True)
        await asyncio.Event().wait()


def main() -> int:
    parser = argparse.ArgumentParser(description="A fake model behind real HTTP on the loopback address.")
    parser.add_argument("--script", type=Path, required=True, help="JSON file; see the module's docstring")
    parser.add_argument("--port-file", type=Path, help="where to write the port once it serves")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    options = parser.parse_args()
    try:
        asyncio.run(_main(options.script, options.port_file, options.port))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
