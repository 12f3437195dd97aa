"""Conversations and ways to look at request bodies, for the tests of the wires."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from droid.domain.messages import (
    ImagePart,
    Message,
    Part,
    Role,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    user_message,
)
from droid.domain.models import ModelProfile, ModelRequest, ToolSpec, Wire
from droid.providers.anthropic import AnthropicWire
from droid.providers.body import BodyCache, Encoder
from droid.providers.chat import ChatWire
from droid.providers.openai import ResponsesWire

WIRES: dict[Wire, Encoder] = {
    Wire.ANTHROPIC: AnthropicWire(),
    Wire.OPENAI: ResponsesWire(),
    Wire.CHAT_COMPLETIONS: ChatWire(),
}
LISTS = {Wire.ANTHROPIC: "messages", Wire.OPENAI: "input", Wire.CHAT_COMPLETIONS: "messages"}
PNG = ImagePart(media_type="image/png", data="iVBORw0KGgo=")
READ = ToolSpec(
    name="Read",
    description="Reads a file.",
    input_schema={"type": "object", "properties": {"file_path": {"type": "string"}}},
    read_only=True,
)
EDIT = replace(READ, name="Edit", description="Changes a file.", read_only=False)


def profile(wire: Wire, **changes: Any) -> ModelProfile:
    plain = ModelProfile(
        id="custom:m", model="m", wire=wire, base_url="http://127.0.0.1:1/v1", api_key="key-123"
    )
    return replace(plain, **changes)


def request(
    wire: Wire,
    messages: Sequence[Message] = (),
    *,
    tools: Sequence[ToolSpec] = (READ, EDIT),
    system: str = "Be brief.",
    effort: str | None = None,
    conversation_id: str = "c-1",
    **changes: Any,
) -> ModelRequest:
    return ModelRequest(
        conversation_id=conversation_id,
        profile=profile(wire, **changes),
        system=system,
        tools=tools,
        messages=messages or (user_message("hi"),),
        reasoning_effort=effort,
    )


def body_of(asked: ModelRequest) -> dict[str, Any]:
    """The body of a request, parsed; every byte of it must be JSON."""
    return json.loads(raw_body_of(asked))


def raw_body_of(asked: ModelRequest) -> bytes:
    return bytes(BodyCache(WIRES[asked.profile.wire]).encode(asked)[0])


def sent(wire: Wire, *messages: Message, **changes: Any) -> list[Any]:
    """The array of messages that a conversation becomes."""
    return body_of(request(wire, messages, tools=(), system="", **changes))[LISTS[wire]]


def answer(*parts: Part) -> Message:
    return Message(role=Role.ASSISTANT, parts=parts)


def said(text: str) -> Message:
    return answer(TextPart(text=text))


def called(call_id: str = "call_1", name: str = "Read", arguments: str = '{"file_path": "a.py"}') -> Message:
    return answer(ToolCallPart(call_id=call_id, name=name, arguments=arguments))


def results(*parts: ToolResultPart) -> Message:
    return Message(role=Role.USER, parts=parts)


def result(call_id: str = "call_1", text: str = "x = 1", **fields: Any) -> ToolResultPart:
    return ToolResultPart(call_id=call_id, text=text, **fields)


def long_conversation(turns: int) -> list[Message]:
    """A prompt, and so many calls with their results."""
    messages = [user_message("begin")]
    for number in range(turns):
        messages.append(called(f"call_{number}"))
        messages.append(results(result(f"call_{number}", f"line {number}\n" * 20)))
    return messages
