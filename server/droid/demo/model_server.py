"""The scripted demo model: not a real model, only its wire.

It answers each request with the next answer of a script, over real HTTP on the loopback address, in
the Chat Completions streaming format, and needs no key. Which answer comes next is read off the
request (how many answers there are since the last prompt), so a request that is tried again gets the
same answer, and two sessions do not disturb each other.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self, cast

from droid.demo.chat_wire import ScriptedAnswer, encode_chat
from droid.demo.loopback import HOST, HttpReply, HttpRequest, LoopbackServer

MODEL_NAME = "scripted-demo-model"
DISPLAY_NAME = "scripted demo model, not a real model"

_AT_THE_END = ScriptedAnswer(text="The script of the demo model ends here. It is not a real model.")


class ScriptedModelServer:
    """Serves a script: `async with ScriptedModelServer(script) as server: server.base_url`."""

    def __init__(self, script: Sequence[ScriptedAnswer], *, port: int = 0) -> None:
        self._script = tuple(script)
        self._http = LoopbackServer(self._handle, port=port)
        self._answered = 0

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._http.__aexit__(*details)

    @property
    def base_url(self) -> str:
        """What goes into `customModels[].baseUrl`."""
        return f"http://{HOST}:{self._http.port}/v1"

    async def _handle(self, request: HttpRequest, reply: HttpReply) -> None:
        if request.method == "GET" and request.path.endswith("/models"):
            models = {"object": "list", "data": [{"id": MODEL_NAME, "object": "model"}]}
            await reply.whole(200, json.dumps(models).encode())
            return
        if request.method != "POST" or not request.path.endswith("/chat/completions"):
            await reply.whole(404, _error(f"the demo model has no {request.path}"))
            return
        try:
            position = _answers_since_prompt(request.json())
        except ValueError:
            await reply.whole(400, _error("the body is not a chat completion request"))
            return
        answer = self._script[position] if position < len(self._script) else _AT_THE_END
        self._answered += 1
        await reply.start(200, content_type="text/event-stream")
        for frame in encode_chat(answer, model=MODEL_NAME, number=self._answered):
            await reply.send(frame.data)
        await reply.end()


def _answers_since_prompt(body: Any) -> int:
    """How many assistant messages follow the last user message.

    Raises:
        ValueError: the body has no messages.
    """
    messages = cast("Mapping[str, Any]", body).get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list):
        raise ValueError("no messages")
    count = 0
    for message in reversed(cast("list[Mapping[str, Any]]", messages)):
        if message.get("role") == "user":
            break
        count += message.get("role") == "assistant"
    return count


def _error(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error"}}).encode()
