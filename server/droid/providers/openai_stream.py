"""OpenAI Responses: the events of an answer.

Source: https://developers.openai.com/api/reference/resources/responses/streaming-events
"""

from collections.abc import Iterable
from typing import Any

from droid.domain.messages import Message, Part, Role, TextPart, ThinkingPart, ToolCallPart, Usage
from droid.domain.models import ModelEvent, ModelFinished, ModelProfile, StopReason, Wire
from droid.providers.deltas import Deltas
from droid.providers.encoding import from_json
from droid.providers.errors import streamed
from droid.providers.ids import CallIds
from droid.providers.sse import SSEEvent

_THINKING_DELTAS = frozenset({"response.reasoning_summary_text.delta", "response.reasoning_text.delta"})
_KEPT_OF_REASONING = ("type", "id", "summary", "encrypted_content")


class ResponsesDecoder:
    """Builds one answer from its events."""

    def __init__(self, profile: ModelProfile) -> None:
        self.ended = False
        self._profile = profile
        self._deltas = Deltas()
        self._ids = CallIds()
        self._calls: dict[int, str] = {}  # id of the call at an output index
        self._texts: dict[int, list[str]] = {}  # what was streamed at an output index
        self._thoughts: dict[int, list[str]] = {}
        self._parts: dict[int, Part] = {}
        self._response: Any = None
        self._refused = False

    def feed(self, events: Iterable[SSEEvent]) -> None:
        for event in events:
            if event.data == "[DONE]":  # some gateways add it
                continue
            data: Any = from_json(event.data)
            kind = data.get("type", event.event)
            if kind == "response.output_text.delta":
                self._text(data["output_index"], data["delta"])
            elif kind == "response.refusal.delta":
                self._refused = True
                self._text(data["output_index"], data["delta"])
            elif kind in _THINKING_DELTAS:
                self._thinking(data["output_index"], data["delta"])
            elif kind == "response.reasoning_summary_part.added":
                if self._thoughts.get(data["output_index"]):
                    self._thinking(data["output_index"], "\n\n")
            elif kind == "response.output_item.added":
                self._added(data["output_index"], data["item"])
            elif kind == "response.output_item.done":
                self._done(data["output_index"], data["item"])
            elif kind in {"response.completed", "response.incomplete"}:
                self._complete(data["response"])
            elif kind == "response.failed":
                raise streamed(self._profile, data["response"].get("error"))
            elif kind == "error":
                raise streamed(self._profile, data.get("error") or data)

    def take(self) -> list[ModelEvent]:
        return self._deltas.take()

    def finish(self) -> ModelFinished | None:
        if self._response is None:
            return None
        parts = tuple(part for _, part in sorted(self._parts.items()))
        return ModelFinished(
            message=Message(role=Role.ASSISTANT, parts=parts),
            stop_reason=self._stop_reason(parts),
            usage=_usage(self._response.get("usage") or {}),
        )

    def _added(self, index: int, item: Any) -> None:
        if item["type"] == "function_call":
            self._call(index, item)

    def _done(self, index: int, item: Any) -> None:
        kind = item["type"]
        if kind == "message":
            text = "".join(content.get("text") or content.get("refusal") or "" for content in item["content"])
            self._refused = self._refused or any(content["type"] == "refusal" for content in item["content"])
            if text and not self._texts.get(index):
                self._text(index, text)
            streamed_text = "".join(self._texts.get(index, ()))
            if streamed_text:
                self._parts[index] = TextPart(text=streamed_text)
        elif kind == "function_call":
            call_id = self._call(index, item)
            self._parts[index] = ToolCallPart(
                call_id=call_id, name=item["name"], arguments=item.get("arguments") or "{}"
            )
        elif kind == "reasoning":
            self._parts[index] = self._reasoning(index, item)

    def _call(self, index: int, item: Any) -> str:
        if index not in self._calls:
            self._calls[index] = self._ids.unique(item.get("call_id") or item.get("id"))
            self._deltas.call(self._calls[index], item["name"])
        return self._calls[index]

    def _reasoning(self, index: int, item: Any) -> ThinkingPart:
        if not self._thoughts.get(index):
            shown = item.get("summary") or item.get("content") or ()
            self._thinking(index, "\n\n".join(piece.get("text", "") for piece in shown))
        opaque: dict[str, Any] = {}
        if item.get("encrypted_content"):
            kept = {name: item[name] for name in _KEPT_OF_REASONING if name in item}
            opaque = {
                "wire": Wire.OPENAI.value,
                "model": self._profile.model,
                "item": {"summary": [], **kept},
            }
        return ThinkingPart(text="".join(self._thoughts.get(index, ())), opaque=opaque)

    def _text(self, index: int, piece: str) -> None:
        if piece:
            self._texts.setdefault(index, []).append(piece)
            self._deltas.text(piece)

    def _thinking(self, index: int, piece: str) -> None:
        if piece:
            self._thoughts.setdefault(index, []).append(piece)
            self._deltas.thinking(piece)

    def _complete(self, response: Any) -> None:
        for index, item in enumerate(response.get("output") or ()):
            if index not in self._parts:  # some gateways send no `done` for each item
                self._done(index, item)
        self._response = response
        self.ended = True

    def _stop_reason(self, parts: tuple[Part, ...]) -> StopReason:
        details: dict[str, Any] = self._response.get("incomplete_details") or {}
        cut = details.get("reason")
        if cut == "content_filter" or self._refused:
            return StopReason.REFUSAL
        if cut is not None or self._response.get("status") == "incomplete":
            return StopReason.MAX_TOKENS
        if any(isinstance(part, ToolCallPart) for part in parts):
            return StopReason.TOOL_CALLS
        return StopReason.END


def _usage(usage: dict[str, Any]) -> Usage:
    details: dict[str, Any] = usage.get("input_tokens_details") or {}
    cached, written = details.get("cached_tokens") or 0, details.get("cache_write_tokens") or 0
    return Usage(
        input_tokens=max((usage.get("input_tokens") or 0) - cached - written, 0),
        output_tokens=usage.get("output_tokens") or 0,
        cache_read_tokens=cached,
        cache_write_tokens=written,
    )
