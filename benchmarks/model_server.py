"""A scripted model that answers far faster than what is measured.

Chat Completions over real HTTP. Each client gets a base URL of its own, `/run/<id>/v1`, so that one
server tells the runs apart; the script of a run says how many tool calls to ask for, of which kind,
and how much text to stream. Every request is stamped with the system-wide monotonic clock, so that
times can be compared with those of other processes.

    POST /run/<id>   the script, as JSON: see `Script`
    GET  /run/<id>   what was asked, oldest first: `[{"arrived_ns", "first_ns", "ended_ns", "bytes"}]`
"""

import argparse
import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

WORD = " tok"


@dataclass(slots=True, kw_only=True)
class Script:
    """What the model does in one run.

    Attributes:
        turns: Requests that are answered with a tool call; the next one is answered with text.
        tool: `shell` or `read`; the agent's own tool of that kind is found in its request.
        argument: The command or path; `{turn}` counts from 1.
        words: Streamed as text in the first answer, before the tool call.
        words_per_s: The pace of that; 0 sends ten at a time as fast as they are taken.
    """

    turns: int = 0
    tool: str = "shell"
    argument: str = "true"
    words: int = 0
    words_per_s: float = 0.0
    asked: list[dict[str, int]] = field(default_factory=list)


_TOOL = {"shell": re.compile(r"bash|shell|exec", re.IGNORECASE), "read": re.compile(r"^read", re.IGNORECASE)}
_ARGUMENT = {"shell": re.compile(r"^(command|cmd)$"), "read": re.compile(r"^(file_?path|path)$")}
_SCRIPTS = web.AppKey("scripts", dict[str, Script])


def _call(script: Script, tools: list[dict[str, Any]], turn: int) -> tuple[str, str]:
    """Name and arguments for the first tool of the wanted kind."""
    for tool in tools:
        function = tool["function"]
        if not _TOOL[script.tool].search(function["name"]):
            continue
        for name in function["parameters"].get("properties", {}):
            if _ARGUMENT[script.tool].search(name):
                return function["name"], json.dumps({name: script.argument.replace("{turn}", str(turn))})
    raise web.HTTPBadRequest(text=f"the agent offers no {script.tool} tool")


def _event(payload: object) -> bytes:
    return b"data: " + json.dumps(payload, separators=(",", ":")).encode() + b"\n\n"


def _chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    return _event(
        {
            "id": "answer",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "bench",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
    )


def _usage() -> bytes:
    usage = {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}
    return _event(
        {
            "id": "answer",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "bench",
            "choices": [],
            "usage": usage,
        }
    )


async def _stream_words(reply: web.StreamResponse, script: Script) -> None:
    word = _chunk({"content": WORD})
    if not script.words_per_s:
        for start in range(0, script.words, 10):
            await reply.write(word * min(10, script.words - start))
        return
    began = time.monotonic()
    for sent in range(1, script.words + 1):
        await reply.write(word)
        await asyncio.sleep(max(0.0, began + sent / script.words_per_s - time.monotonic()))


async def answer(request: web.Request) -> web.StreamResponse:
    arrived = time.monotonic_ns()
    script = request.app[_SCRIPTS][request.match_info["run"]]
    raw = await request.read()
    body = json.loads(raw)
    turn = len(script.asked) + 1
    stamp = {"arrived_ns": arrived, "bytes": len(raw), "first_ns": 0, "ended_ns": 0}
    script.asked.append(stamp)
    if turn <= script.turns:
        name, arguments = _call(script, body.get("tools", []), turn)
        function = {"name": name, "arguments": ""}
        half = len(arguments) // 2
        tail = _chunk(
            {"tool_calls": [{"index": 0, "id": f"call_{turn}", "type": "function", "function": function}]}
        )
        for piece in (arguments[:half], arguments[half:]):
            tail += _chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        tail += _chunk({}, "tool_calls")
    else:
        tail = _chunk({"content": "done"}) + _chunk({}, "stop")
    reply = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await reply.prepare(request)
    stamp["first_ns"] = time.monotonic_ns()
    try:
        await reply.write(_chunk({"role": "assistant", "content": ""}))
        if turn == 1:
            await _stream_words(reply, script)
        await reply.write(tail + _usage() + b"data: [DONE]\n\n")
        stamp["ended_ns"] = time.monotonic_ns()
        await reply.write_eof()
    except ConnectionError:  # the client cancelled
        stamp["ended_ns"] = time.monotonic_ns()
    return reply


async def put_script(request: web.Request) -> web.Response:
    request.app[_SCRIPTS][request.match_info["run"]] = Script(**await request.json())
    return web.json_response({})


async def get_asked(request: web.Request) -> web.Response:
    return web.json_response(request.app[_SCRIPTS][request.match_info["run"]].asked)


def application() -> web.Application:
    app = web.Application(client_max_size=1 << 30)
    app[_SCRIPTS] = {}
    app.router.add_post("/run/{run}", put_script)
    app.router.add_get("/run/{run}", get_asked)
    app.router.add_post("/run/{run}/v1/chat/completions", answer)
    return app


async def _serve() -> None:
    runner = web.AppRunner(application(), access_log=None, keepalive_timeout=300)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(_serve())
