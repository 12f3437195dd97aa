"""Requests in the Responses format, and what is peculiar to its answers."""

import json
from typing import Any

import pytest
from tests.unit.providers.samples import (
    PNG,
    answer,
    body_of,
    called,
    profile,
    request,
    result,
    results,
    said,
    sent,
)

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.messages import Message, Role, TextPart, ThinkingPart, user_message
from droid.domain.models import ModelFinished, ModelText, ModelThinking, StopReason, Wire
from droid.providers.openai import ResponsesWire
from droid.providers.openai_stream import ResponsesDecoder
from droid.providers.sse import SSEEvent

R = Wire.OPENAI
IMAGE = {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="}


def test_a_request_has_the_fields_of_the_responses_api() -> None:
    schema = {"type": "object", "properties": {"file_path": {"type": "string"}}}
    assert body_of(request(R, max_output_tokens=1000)) == {
        "model": "m",
        "stream": True,
        "store": False,
        "max_output_tokens": 1000,
        "prompt_cache_key": "c-1",
        "instructions": "Be brief.",
        "tools": [
            {
                "type": "function",
                "name": name,
                "description": description,
                "parameters": schema,
                "strict": False,
            }
            for name, description in (("Read", "Reads a file."), ("Edit", "Changes a file."))
        ],
        "input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
    }


def test_what_is_empty_is_left_out() -> None:
    assert not {"tools", "instructions"} & set(body_of(request(R, tools=(), system="")))


@pytest.mark.parametrize(
    ("model", "effort", "budget", "expected"),
    [
        ("gpt-5.2", None, None, {"include": True}),
        ("gpt-5.2", "high", None, {"include": True, "reasoning": {"effort": "high", "summary": "auto"}}),
        ("gpt-5.2", None, 5000, {"include": True, "reasoning": {"summary": "auto"}}),
        ("gpt-5.2", "dynamic", None, {"include": True, "reasoning": {"summary": "auto"}}),
        ("gpt-5.2", "off", None, {"include": True, "reasoning": {"effort": "none"}}),
        ("gpt-5.2", "max", None, {"include": True, "reasoning": {"effort": "xhigh", "summary": "auto"}}),
        ("gpt-5", "none", None, {"include": True, "reasoning": {"effort": "minimal", "summary": "auto"}}),
        ("gpt-6.1-sol", "off", None, {"include": True, "reasoning": {"effort": "low", "summary": "auto"}}),
        (
            "gpt-9-unheard-of",
            "max",
            None,
            {"include": True, "reasoning": {"effort": "max", "summary": "auto"}},
        ),
        (
            "o3-2025-04-16",
            "minimal",
            None,
            {"include": True, "reasoning": {"effort": "low", "summary": "auto"}},
        ),
        ("gpt-4.1", "high", 5000, {}),
        ("gpt-4o-2024-11-20", None, None, {}),
        ("gpt-5.1-chat-latest", "high", None, {}),
        ("qwen3", None, None, {}),
        ("qwen3", "high", None, {"include": True, "reasoning": {"effort": "high", "summary": "auto"}}),
    ],
)
def test_reasoning_is_mentioned_only_to_models_that_reason(
    model: str, effort: str | None, budget: int | None, expected: dict[str, Any]
) -> None:
    body = body_of(request(R, model=model, effort=effort, thinking_tokens=budget))
    given = {key: body[key] for key in ("include", "reasoning") if key in body}
    if "include" in given:
        assert given["include"] == ["reasoning.encrypted_content"]
        given["include"] = True
    assert given == expected


THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            user_message("look", PNG),
            [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "look"}, IMAGE]}],
        ),
        (
            user_message(""),
            [
                {
                    "type": "message",
                    "role": "user",
                    "content": [{"type": "input_text", "text": "(empty message)"}],
                }
            ],
        ),
        (
            results(result("call_1"), result("call_2", "a picture", images=(PNG,))),
            [
                {"type": "function_call_output", "call_id": "call_1", "output": "x = 1"},
                {
                    "type": "function_call_output",
                    "call_id": "call_2",
                    "output": [{"type": "input_text", "text": "a picture"}, IMAGE],
                },
            ],
        ),
        (
            Message(role=Role.USER, parts=(result(), TextPart(text="and now"))),
            [
                {"type": "function_call_output", "call_id": "call_1", "output": "x = 1"},
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "and now"}]},
            ],
        ),
        (
            called(arguments='{"a":'),
            [
                {
                    "type": "function_call",
                    "call_id": "call_1",
                    "name": "Read",
                    "arguments": '{"malformed_arguments":"{\\"a\\":"}',
                }
            ],
        ),
        (
            answer(
                ThinkingPart(text="hm", opaque={"wire": "openai", "model": "m", "item": THOUGHT}),
                ThinkingPart(text="hm", opaque={"wire": "openai", "model": "other", "item": THOUGHT}),
                ThinkingPart(text="hm", opaque={"wire": "anthropic", "model": "m", "signature": "s"}),
                ThinkingPart(text="of a cut-off answer"),
                TextPart(text="so"),
            ),
            [
                THOUGHT,
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "so"}]},
            ],
        ),
        (
            answer(),
            [
                {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "(no answer)"}],
                }
            ],
        ),
    ],
)
def test_a_message_becomes_items(message: Message, expected: list[Any]) -> None:
    assert sent(R, message) == expected


def test_images_that_the_model_cannot_read_become_a_note() -> None:
    output = sent(R, results(result(images=(PNG,))), supports_images=False)[0]["output"]
    assert [item["type"] for item in output] == ["input_text", "input_text"]


def test_long_ids_fit_and_still_belong_together() -> None:
    call, output = sent(R, called("x" * 200), results(result("x" * 200)))
    assert call["call_id"] == output["call_id"]
    assert len(call["call_id"]) <= 64


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/responses"),
        ("https://api.openai.com", "https://api.openai.com/v1/responses"),
        ("https://gateway.example/", "https://gateway.example/responses"),
        (
            "https://r.openai.azure.com/openai?api-version=2026-01-01",
            "https://r.openai.azure.com/openai/responses?api-version=2026-01-01",
        ),
    ],
)
def test_the_endpoint_is_found_below_the_base_url(base_url: str, expected: str) -> None:
    assert ResponsesWire().url(profile(R, base_url=base_url)) == expected


def test_azure_takes_the_key_in_its_own_header() -> None:
    headers = ResponsesWire().headers(request(R, base_url="https://r.openai.azure.com/openai/v1"))
    assert headers == {"api-key": "key-123"}


def decoded(*events: dict[str, Any]) -> ResponsesDecoder:
    decoder = ResponsesDecoder(profile(R))
    decoder.feed(SSEEvent(event["type"], json.dumps(event), "") for event in events)
    return decoder


def added(index: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "response.output_item.added", "output_index": index, "item": item}


def done(index: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "response.output_item.done", "output_index": index, "item": item}


def completed(**response: Any) -> dict[str, Any]:
    return {"type": "response.completed", "response": {"status": "completed", "output": [], **response}}


def text_item(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}


def finished(decoder: ResponsesDecoder) -> ModelFinished:
    event = decoder.finish()
    assert event is not None
    return event


def test_reasoning_comes_back_as_it_must_be_sent_again() -> None:
    summary = [{"type": "summary_text", "text": "one"}, {"type": "summary_text", "text": "two"}]
    item = {**THOUGHT, "summary": summary, "status": "completed", "content": None}
    decoder = decoded(
        added(0, {"type": "reasoning", "id": "rs_1", "summary": []}),
        {"type": "response.reasoning_summary_part.added", "output_index": 0, "summary_index": 0},
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "delta": "one"},
        {"type": "response.reasoning_summary_part.added", "output_index": 0, "summary_index": 1},
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "delta": "two"},
        done(0, item),
        completed(),
    )
    assert decoder.take() == [ModelThinking(text="one\n\ntwo")]
    (part,) = finished(decoder).message.parts
    assert part == ThinkingPart(
        text="one\n\ntwo", opaque={"wire": "openai", "model": "m", "item": {**THOUGHT, "summary": summary}}
    )
    assert sent(R, answer(part)) == [{**THOUGHT, "summary": summary}]


def test_open_reasoning_is_shown_and_not_sent_again() -> None:
    item = {
        "type": "reasoning",
        "id": "rs",
        "summary": [],
        "content": [{"type": "reasoning_text", "text": "hm"}],
    }
    decoder = decoded(done(0, item), completed())
    assert finished(decoder).message.parts == (ThinkingPart(text="hm"),)


@pytest.mark.parametrize(
    "events",
    [
        [done(0, text_item("all at once")), completed()],
        [completed(output=[text_item("all at once")])],
    ],
)
def test_text_without_deltas_is_streamed_when_it_comes(events: list[dict[str, Any]]) -> None:
    decoder = decoded(*events)
    assert decoder.take() == [ModelText(text="all at once")]
    assert finished(decoder).message.text == "all at once"


def test_parts_stand_in_the_order_of_their_index() -> None:
    call = {"type": "function_call", "call_id": "c", "name": "Read", "arguments": "{}"}
    decoder = decoded(done(2, text_item("last")), done(1, call), done(0, text_item("first")), completed())
    assert [part.type for part in finished(decoder).message.parts] == ["text", "tool_call", "text"]
    assert finished(decoder).stop_reason is StopReason.TOOL_CALLS


def test_calls_without_an_id_get_one() -> None:
    call = {"type": "function_call", "name": "Read", "arguments": ""}
    decoder = decoded(added(0, call), done(0, call), done(1, call), completed())
    calls = finished(decoder).message.tool_calls
    assert len({call.call_id for call in calls} - {""}) == 2
    assert [call.arguments for call in calls] == ["{}", "{}"]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({}, StopReason.END),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            StopReason.MAX_TOKENS,
        ),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, StopReason.REFUSAL),
        ({"status": "incomplete", "incomplete_details": None}, StopReason.MAX_TOKENS),
    ],
)
def test_stop_reasons_are_understood(response: dict[str, Any], expected: StopReason) -> None:
    assert finished(decoded(completed(**response))).stop_reason is expected


@pytest.mark.parametrize(
    ("event", "kind", "wait_s"),
    [
        (
            {"type": "response.failed", "response": {"error": {"code": "server_error", "message": "x"}}},
            ProviderErrorKind.RETRY,
            None,
        ),
        ({"type": "response.failed", "response": {"error": None}}, ProviderErrorKind.RETRY, None),
        (
            {
                "type": "response.failed",
                "response": {
                    "error": {
                        "code": "rate_limit_exceeded",
                        "message": "Limit 30000. Please try again in 11.054s.",
                    }
                },
            },
            ProviderErrorKind.RETRY,
            11.054,
        ),
        (
            {
                "type": "response.failed",
                "response": {"error": {"code": "rate_limit_exceeded", "message": "in 28ms"}},
            },
            ProviderErrorKind.RETRY,
            None,
        ),
        (
            {
                "type": "error",
                "error": {
                    "type": "invalid_request_error",
                    "code": "context_length_exceeded",
                    "message": "Your input exceeds the context window of this model.",
                },
            },
            ProviderErrorKind.CONTEXT_OVERFLOW,
            None,
        ),
        (
            {"type": "error", "code": "insufficient_quota", "message": "You exceeded your current quota"},
            ProviderErrorKind.UNAUTHORISED,
            None,
        ),
        ({"type": "error", "code": "invalid_prompt", "message": "no"}, ProviderErrorKind.REJECTED, None),
        ({"type": "error", "code": None, "message": "x", "param": None}, ProviderErrorKind.RETRY, None),
    ],
)
def test_errors_inside_the_stream_have_the_kind_of_their_code(
    event: dict[str, Any], kind: ProviderErrorKind, wait_s: float | None
) -> None:
    with pytest.raises(ProviderError) as caught:
        decoded(event)
    assert (caught.value.kind, caught.value.retry_after_s) == (kind, wait_s)


def test_a_conversation_with_answers_keeps_its_order() -> None:
    items = sent(R, user_message("a"), said("b"), called(), results(result()), user_message("c"))
    assert [item["type"] for item in items] == [
        "message",
        "message",
        "function_call",
        "function_call_output",
        "message",
    ]
