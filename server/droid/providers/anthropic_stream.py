"""Anthropic Messages: the events of an answer.

Source: https://platform.claude.com/docs/en/build-with-claude/streaming
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

_STOP_REASONS = {
    "end_turn": StopReason.END,
    "stop_sequence": StopReason.END,
    "pause_turn": StopReason.END,
    "tool_use": StopReason.TOOL_CALLS,
    "max_tokens": StopReason.MAX_TOKENS,
    "model_context_window_exceeded": StopReason.MAX_TOKENS,
    "refusal": StopReason.REFUSAL,
}


class _Block:
    """A content block that is being written."""

    __slots__ = ("call_id", "kind", "name", "opaque", "pieces", "whole")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.pieces: list[str] = []
        self.opaque: dict[str, Any] = {}
        self.call_id = ""
        self.name = ""
        self.whole = False  # the arguments came with the block's start


class AnthropicDecoder:
    """Builds one answer from its events."""

    def __init__(self, profile: ModelProfile, prefix: str) -> None:
        self.ended = False
        self._profile = profile
        self._origin = {"wire": Wire.ANTHROPIC.value, "model": profile.model, "prefix": prefix}
        self._deltas = Deltas()
        self._ids = CallIds()
        self._blocks: dict[int, _Block] = {}
        self._stop_reason: StopReason | None = None
        self._usage: dict[str, int] = {}

    def feed(self, events: Iterable[SSEEvent]) -> None:
        for event in events:
            data: Any = from_json(event.data)
            kind = data["type"]
            if kind == "content_block_delta":
                self._delta(self._blocks[data["index"]], data["delta"])
            elif kind == "content_block_start":
                self._start(data["index"], data["content_block"])
            elif kind == "message_start":
                self._count(data["message"].get("usage"))
            elif kind == "message_delta":
                reason = data["delta"].get("stop_reason")
                if reason is not None:
                    self._stop_reason = _STOP_REASONS.get(reason, StopReason.END)
                self._count(data.get("usage"))
            elif kind == "message_stop":
                self.ended = True
            elif kind == "error":
                raise streamed(self._profile, data.get("error"))

    def take(self) -> list[ModelEvent]:
        return self._deltas.take()

    def finish(self) -> ModelFinished | None:
        if self._stop_reason is None:
            return None
        parts = tuple(part for _, block in sorted(self._blocks.items()) for part in self._part(block))
        stop_reason = self._stop_reason
        if stop_reason is StopReason.END and any(isinstance(part, ToolCallPart) for part in parts):
            stop_reason = StopReason.TOOL_CALLS
        return ModelFinished(
            message=Message(role=Role.ASSISTANT, parts=parts),
            stop_reason=stop_reason,
            usage=Usage(
                input_tokens=self._usage.get("input_tokens", 0),
                output_tokens=self._usage.get("output_tokens", 0),
                cache_read_tokens=self._usage.get("cache_read_input_tokens", 0),
                cache_write_tokens=self._usage.get("cache_creation_input_tokens", 0),
            ),
        )

    def _start(self, index: int, content: Any) -> None:
        block = self._blocks[index] = _Block(content["type"])
        if block.kind == "tool_use":
            block.call_id, block.name = self._ids.unique(content.get("id")), content["name"]
            if content.get("input"):  # some gateways send the arguments whole
                block.pieces.append(json.dumps(content["input"], ensure_ascii=False))
                block.whole = True
            self._deltas.call(block.call_id, block.name)
        elif block.kind == "redacted_thinking":
            block.opaque["data"] = content["data"]
        elif block.kind == "text":
            self._text(block, content.get("text"))
        elif block.kind == "thinking":
            self._thinking(block, content.get("thinking"))
            if content.get("signature"):
                block.opaque["signature"] = content["signature"]

    def _delta(self, block: _Block, delta: Any) -> None:
        kind = delta["type"]
        if kind == "text_delta":
            self._text(block, delta["text"])
        elif kind == "input_json_delta":
            if block.whole:
                block.pieces.clear()
                block.whole = False
            block.pieces.append(delta["partial_json"])
        elif kind == "thinking_delta":
            self._thinking(block, delta["thinking"])
        elif kind == "signature_delta":
            block.opaque["signature"] = block.opaque.get("signature", "") + delta["signature"]

    def _text(self, block: _Block, piece: str | None) -> None:
        if piece:
            block.pieces.append(piece)
            self._deltas.text(piece)

    def _thinking(self, block: _Block, piece: str | None) -> None:
        if piece:
            block.pieces.append(piece)
            self._deltas.thinking(piece)

    def _part(self, block: _Block) -> tuple[Part, ...]:
        text = "".join(block.pieces)
        if block.kind == "text":
            return (TextPart(text=text),) if text else ()
        if block.kind == "tool_use":
            return (ToolCallPart(call_id=block.call_id, name=block.name, arguments=text or "{}"),)
        if block.kind in {"thinking", "redacted_thinking"} and (text or block.opaque):
            opaque = {**self._origin, **block.opaque} if block.opaque else {}
            return (ThinkingPart(text=text, opaque=opaque),)
        return ()

    def _count(self, usage: Any) -> None:
        """Counts are cumulative, and some servers repeat them as zeros; null says nothing."""
        counts: dict[str, Any] = usage or {}
        for name, count in counts.items():
            if isinstance(count, int):
                self._usage[name] = max(count, self._usage.get(name, 0))
