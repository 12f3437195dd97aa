"""Scripted answers in the streaming formats of OpenAI Responses and Anthropic Messages.

Sources: https://platform.openai.com/docs/api-reference/responses-streaming and
https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from droid.demo.chat_wire import Frame, ScriptedAnswer, encode_event

_RESPONSES_STOP = {
    "length": "max_output_tokens",
    "refusal": "content_filter",
    "content_filter": "content_filter",
}
_ANTHROPIC_STOP = {"length": "max_tokens", "refusal": "refusal", "stop": "end_turn"}


def encode_responses(answer: ScriptedAnswer, *, model: str, number: int) -> Iterator[Frame]:
    """The events of one answer of `POST /v1/responses`."""
    sequence = 0

    def frame(kind: str, event: str, **fields: Any) -> Frame:
        nonlocal sequence
        sequence += 1
        return Frame(
            kind=kind, data=encode_event({"type": event, "sequence_number": sequence, **fields}, event)
        )

    response: dict[str, Any] = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 0,
        "status": "in_progress",
        "model": model,
        "output": [],
        "usage": None,
        "error": None,
        "incomplete_details": None,
    }
    yield frame("head", "response.created", response=response)
    yield frame("head", "response.in_progress", response=response)
    output: list[Mapping[str, Any]] = []
    if answer.thinking:
        started: dict[str, Any] = {"id": f"rs_{number}", "type": "reasoning", "summary": []}
        done = {
            **started,
            "summary": [{"type": "summary_text", "text": answer.thinking}],
            "encrypted_content": f"opaque-{number}",
        }
        yield frame("thinking", "response.output_item.added", output_index=0, item=started)
        yield frame(
            "thinking",
            "response.reasoning_summary_text.delta",
            item_id=started["id"],
            output_index=0,
            summary_index=0,
            delta=answer.thinking,
        )
        yield frame("thinking", "response.output_item.done", output_index=0, item=done)
        output.append(done)
    if answer.text:
        at = len(output)
        item = {"id": f"msg_{number}", "type": "message", "status": "in_progress", "role": "assistant"}
        where = {"item_id": item["id"], "output_index": at, "content_index": 0}
        empty: dict[str, Any] = {"type": "output_text", "text": "", "annotations": []}
        yield frame("head", "response.output_item.added", output_index=at, item={**item, "content": []})
        yield frame("head", "response.content_part.added", part=empty, **where)
        for chunk in answer.text_chunks():
            yield frame("text", "response.output_text.delta", delta=chunk, logprobs=[], **where)
        part: dict[str, Any] = {**empty, "text": answer.text}
        finished: dict[str, Any] = {**item, "status": "completed", "content": [part]}
        yield frame("text", "response.output_text.done", text=answer.text, logprobs=[], **where)
        yield frame("text", "response.content_part.done", part=part, **where)
        yield frame("text", "response.output_item.done", output_index=at, item=finished)
        output.append(finished)
    for index, wanted in enumerate(answer.calls):
        at = len(output)
        call = {
            "id": f"fc_{number}_{index}",
            "type": "function_call",
            "status": "in_progress",
            "call_id": wanted.call_id or f"call_{number}_{index}",
            "name": wanted.name,
            "arguments": "",
        }
        half = len(wanted.arguments) // 2
        where = {"item_id": call["id"], "output_index": at}
        yield frame("head", "response.output_item.added", output_index=at, item=call)
        for piece in (wanted.arguments[:half], wanted.arguments[half:]):
            yield frame("call", "response.function_call_arguments.delta", delta=piece, **where)
        yield frame("call", "response.function_call_arguments.done", arguments=wanted.arguments, **where)
        done = {**call, "status": "completed", "arguments": wanted.arguments}
        yield frame("call", "response.output_item.done", output_index=at, item=done)
        output.append(done)
    usage = answer.usage
    told = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    reason = _RESPONSES_STOP.get(answer.stop or "")
    status = "incomplete" if reason else "completed"
    final = {
        **response,
        "status": status,
        "output": output,
        "incomplete_details": {"reason": reason} if reason else None,
        "usage": {
            "input_tokens": told,
            "input_tokens_details": {"cached_tokens": usage.cache_read_tokens},
            "output_tokens": usage.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": told + usage.output_tokens,
        },
    }
    yield frame("tail", f"response.{status}", response=final)


def encode_anthropic(answer: ScriptedAnswer, *, model: str, number: int) -> Iterator[Frame]:
    """The events of one answer of `POST /v1/messages`."""

    def frame(kind: str, event: str, **fields: Any) -> Frame:
        return Frame(kind=kind, data=encode_event({"type": event, **fields}, event))

    usage = answer.usage
    message: dict[str, Any] = {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": 1,
            "cache_creation_input_tokens": usage.cache_write_tokens,
            "cache_read_input_tokens": usage.cache_read_tokens,
        },
    }
    yield frame("head", "message_start", message=message)
    yield frame("head", "ping")
    index = 0
    if answer.thinking:
        block: dict[str, Any] = {"type": "thinking", "thinking": "", "signature": ""}
        yield frame("thinking", "content_block_start", index=index, content_block=block)
        for delta in (
            {"type": "thinking_delta", "thinking": answer.thinking},
            {"type": "signature_delta", "signature": f"signature-{number}"},
        ):
            yield frame("thinking", "content_block_delta", index=index, delta=delta)
        yield frame("thinking", "content_block_stop", index=index)
        index += 1
    if answer.text:
        yield frame("head", "content_block_start", index=index, content_block={"type": "text", "text": ""})
        for chunk in answer.text_chunks():
            yield frame(
                "text", "content_block_delta", index=index, delta={"type": "text_delta", "text": chunk}
            )
        yield frame("text", "content_block_stop", index=index)
        index += 1
    for number_of_call, wanted in enumerate(answer.calls):
        block = {
            "type": "tool_use",
            "id": wanted.call_id or f"toolu_{number}_{number_of_call}",
            "name": wanted.name,
            "input": {},
        }
        half = len(wanted.arguments) // 2
        yield frame("head", "content_block_start", index=index, content_block=block)
        for piece in (wanted.arguments[:half], wanted.arguments[half:]):
            delta = {"type": "input_json_delta", "partial_json": piece}
            yield frame("call", "content_block_delta", index=index, delta=delta)
        yield frame("call", "content_block_stop", index=index)
        index += 1
    stop = _ANTHROPIC_STOP.get(answer.stop or "", "tool_use" if answer.calls else "end_turn")
    yield frame(
        "tail",
        "message_delta",
        delta={"stop_reason": stop, "stop_sequence": None},
        usage={"output_tokens": usage.output_tokens},
    )
    yield frame("tail", "message_stop")
