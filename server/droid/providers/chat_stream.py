"""Chat Completions: the chunks of an answer.

Tolerant where servers differ: reasoning under two names, calls without an index or an id, names sent
again with every chunk, arguments as an object, usage in any chunk or none, an end without `[DONE]`.
"""

import json
from collections.abc import Iterable
from typing import Any

from droid.domain.messages import Message, Part, Role, TextPart, ThinkingPart, ToolCallPart, Usage
from droid.domain.models import ModelEvent, ModelFinished, ModelProfile, StopReason, Wire
from droid.providers.deltas import Deltas
from droid.providers.encoding import from_json
from droid.providers.errors import streamed
from droid.providers.ids import CallIds
from droid.providers.sse import SSEEvent

_REASONING_FIELDS = ("reasoning_content", "reasoning")


class _Call:
    """A tool call that is being written."""

    __slots__ = ("announced", "arguments", "call_id", "name", "sent_id")

    def __init__(self, sent_id: str | None) -> None:
        self.sent_id = sent_id
        self.call_id = ""
        self.name = ""
        self.arguments: list[str] = []
        self.announced = False


class ChatDecoder:
    """Builds one answer from its chunks."""

    def __init__(self, profile: ModelProfile) -> None:
        self.ended = False
        self._profile = profile
        self._deltas = Deltas()
        self._ids = CallIds()
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._thinking_field = ""
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._finish_reason: str | None = None
        self._refused = False
        self._usage: Any = None

    def feed(self, events: Iterable[SSEEvent]) -> None:
        text, deltas = self._text, self._deltas
        for event in events:
            if event.data == "[DONE]":
                self.ended = True
                break
            data: Any = from_json(event.data)
            if data.get("error") or event.event == "error":
                raise streamed(self._profile, data.get("error") or data)
            if data.get("usage"):
                self._usage = data["usage"]
            for choice in data.get("choices") or ():
                delta: dict[str, Any] = choice.get("delta") or {}
                content = delta.get("content")
                if content:
                    if not isinstance(content, str):
                        content = self._pieces(content)
                    text.append(content)
                    deltas.text(content)
                if len(delta) > 1 or not content:
                    self._rest(delta)
                if choice.get("finish_reason"):
                    self._finish_reason = choice["finish_reason"]
                break  # one answer was asked for

    def take(self) -> list[ModelEvent]:
        return self._deltas.take()

    def finish(self) -> ModelFinished | None:
        if self._finish_reason is None and not self.ended:
            return None
        if self._finish_reason == "error":
            return None
        parts: list[Part] = []
        if self._thinking:
            opaque = {
                "wire": Wire.CHAT_COMPLETIONS.value,
                "model": self._profile.model,
                "field": self._thinking_field,
            }
            parts.append(ThinkingPart(text="".join(self._thinking), opaque=opaque))
        if self._text:
            parts.append(TextPart(text="".join(self._text)))
        parts += (
            ToolCallPart(call_id=call.call_id, name=call.name, arguments="".join(call.arguments) or "{}")
            for call in self._calls
            if call.announced
        )
        return ModelFinished(
            message=Message(role=Role.ASSISTANT, parts=tuple(parts)),
            stop_reason=self._stop_reason(),
            usage=_usage(self._usage or {}),
        )

    def _rest(self, delta: Any) -> None:
        for field in _REASONING_FIELDS:
            piece = delta.get(field)
            if piece and isinstance(piece, str):
                self._thinking_field = self._thinking_field or field
                self._think(piece)
                break  # some servers send the same under both names
        if delta.get("refusal"):
            self._refused = True
            self._text.append(delta["refusal"])
            self._deltas.text(delta["refusal"])
        for piece in delta.get("tool_calls") or ():
            self._call(piece)

    def _think(self, piece: str) -> None:
        if piece:
            self._thinking.append(piece)
            self._deltas.thinking(piece)

    def _pieces(self, content: Any) -> str:
        """The text of content in parts, which Mistral sends where it thinks."""
        texts: list[str] = []
        for piece in content:
            if piece.get("type") == "thinking":
                self._thinking_field = self._thinking_field or _REASONING_FIELDS[0]
                self._think("".join(inner.get("text", "") for inner in piece["thinking"]))
            else:
                texts.append(piece.get("text", ""))
        return "".join(texts)

    def _call(self, piece: Any) -> None:
        function: dict[str, Any] = piece.get("function") or {}
        call = self._slot(piece.get("index"), piece.get("id"), function.get("name"))
        name = function.get("name")
        if name and name != call.name:
            call.name += name
        if call.name and not call.announced:
            call.announced = True
            call.call_id = self._ids.unique(call.sent_id)
            self._deltas.call(call.call_id, call.name)
        arguments = function.get("arguments")
        if arguments:
            call.arguments.append(arguments if isinstance(arguments, str) else json.dumps(arguments))

    def _slot(self, index: int | None, sent_id: str | None, name: str | None) -> _Call:
        """The call that a piece belongs to."""
        known = self._by_index.get(index) if index is not None else (self._calls[-1] if self._calls else None)
        if known is not None and sent_id and known.sent_id and sent_id != known.sent_id and name:
            known = None  # another call under the same index, or under none
        if known is not None and index is None and name and not sent_id and known.arguments:
            known = None  # neither index nor id: a name after arguments begins a call
        if known is None:
            known = _Call(sent_id)
            self._calls.append(known)
            if index is not None:
                self._by_index[index] = known
        return known

    def _stop_reason(self) -> StopReason:
        if self._finish_reason == "length":
            return StopReason.MAX_TOKENS
        if self._finish_reason == "content_filter" or self._refused:
            return StopReason.REFUSAL
        if any(call.announced for call in self._calls):
            return StopReason.TOOL_CALLS
        return StopReason.END


def _usage(usage: dict[str, Any]) -> Usage:
    prompt, completion = usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0
    details: dict[str, Any] = usage.get("prompt_tokens_details") or {}
    cached = details.get("cached_tokens") or usage.get("prompt_cache_hit_tokens") or 0
    written = details.get("cache_write_tokens") or 0
    # Some servers leave reasoning out of `completion_tokens`, but not out of the total.
    output = max(completion, (usage.get("total_tokens") or 0) - prompt)
    return Usage(
        input_tokens=max(prompt - cached - written, 0),
        output_tokens=output,
        cache_read_tokens=cached,
        cache_write_tokens=written,
    )
