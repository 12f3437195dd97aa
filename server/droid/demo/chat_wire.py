"""A scripted answer in the Chat Completions streaming format.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from droid.domain.messages import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedCall:
    """A tool call to stream; `arguments` is JSON text, or text that only looks like it."""

    name: str
    arguments: str
    call_id: str = ""


def call(name: str, **arguments: Any) -> ScriptedCall:
    """A call whose arguments are well formed."""
    return ScriptedCall(name=name, arguments=json.dumps(arguments))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedAnswer:
    """One answer of a scripted model.

    Attributes:
        chunk_chars: How much text one event carries.
        stop: The reason to report; None: `tool_calls` where there are calls, else `stop`.
    """

    text: str = ""
    thinking: str = ""
    calls: Sequence[ScriptedCall] = ()
    usage: Usage = field(default_factory=lambda: Usage(input_tokens=1000, output_tokens=50))
    chunk_chars: int = 24
    stop: str | None = None

    def text_chunks(self) -> Iterator[str]:
        """The text in pieces of `chunk_chars`."""
        size = max(1, self.chunk_chars)
        for start in range(0, len(self.text), size):
            yield self.text[start : start + size]


def encode_event(data: Mapping[str, Any], event: str | None = None) -> bytes:
    """One server-sent event."""
    name = f"event: {event}\n" if event else ""
    return f"{name}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One event of a stream; `kind` is `head`, `thinking`, `text`, `call` or `tail`."""

    kind: str
    data: bytes


def encode_chat(answer: ScriptedAnswer, *, model: str, number: int) -> Iterator[Frame]:
    """The events of one answer; `number` makes its ids unique."""
    base = {"id": f"chatcmpl-{number}", "object": "chat.completion.chunk", "created": 0, "model": model}

    def frame(kind: str, delta: Mapping[str, Any], finish: str | None = None) -> Frame:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return Frame(kind=kind, data=encode_event({**base, "choices": [choice]}))

    yield frame("head", {"role": "assistant", "content": ""})
    if answer.thinking:
        yield frame("thinking", {"reasoning_content": answer.thinking})
    for chunk in answer.text_chunks():
        yield frame("text", {"content": chunk})
    for index, wanted in enumerate(answer.calls):
        half = len(wanted.arguments) // 2
        opening = {
            "index": index,
            "id": wanted.call_id or f"call_{number}_{index}",
            "type": "function",
            "function": {"name": wanted.name, "arguments": wanted.arguments[:half]},
        }
        yield frame("call", {"tool_calls": [opening]})
        rest = {"index": index, "function": {"arguments": wanted.arguments[half:]}}
        yield frame("call", {"tool_calls": [rest]})
    yield frame("tail", {}, answer.stop or ("tool_calls" if answer.calls else "stop"))
    usage = answer.usage
    prompt = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    told = {
        "prompt_tokens": prompt,
        "completion_tokens": usage.output_tokens,
        "total_tokens": prompt + usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cache_read_tokens},
    }
    yield Frame(kind="tail", data=encode_event({**base, "choices": [], "usage": told}))
    yield Frame(kind="tail", data=b"data: [DONE]\n\n")
