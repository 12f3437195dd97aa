"""Requests in the Messages format, and what is peculiar to its answers."""

import json
from typing import Any

import pytest
from tests.unit.providers.samples import (
    PNG,
    READ,
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

from droid.domain.messages import (
    ImagePart,
    Message,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    Usage,
    user_message,
)
from droid.domain.models import StopReason, Wire
from droid.providers.anthropic import AnthropicWire
from droid.providers.anthropic_stream import AnthropicDecoder
from droid.providers.body import BodyCache
from droid.providers.sse import SSEEvent

A = Wire.ANTHROPIC
CACHE = {"cache_control": {"type": "ephemeral"}}


def test_a_request_has_the_fields_of_the_messages_api() -> None:
    body = body_of(request(A, extra_args={"temperature": 0.5}, max_output_tokens=1000))
    schema = {"type": "object", "properties": {"file_path": {"type": "string"}}}
    assert body == {
        "model": "m",
        "max_tokens": 1000,
        "stream": True,
        "temperature": 0.5,
        "tools": [
            {"name": "Read", "description": "Reads a file.", "input_schema": schema},
            {"name": "Edit", "description": "Changes a file.", "input_schema": schema, **CACHE},
        ],
        "system": [{"type": "text", "text": "Be brief.", **CACHE}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi", **CACHE}]}],
    }


def test_what_is_empty_is_left_out() -> None:
    body = body_of(request(A, tools=(), system=" "))
    assert not {"tools", "system"} & set(body)


def blocks(*messages: Message, **changes: Any) -> list[Any]:
    """The content of the last message, cache marks aside."""
    content = sent(A, *messages, **changes)[-1]["content"]
    return [{key: value for key, value in block.items() if key != "cache_control"} for block in content]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (user_message("hi"), [{"type": "text", "text": "hi"}]),
        (user_message(" \n"), [{"type": "text", "text": "(empty message)"}]),
        (answer(), [{"type": "text", "text": "(no answer)"}]),
        (
            user_message("look", PNG),
            [
                {"type": "text", "text": "look"},
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="},
                },
            ],
        ),
        (
            results(result("call_1", "x = 1"), result("call_2", "no such file", is_error=True)),
            [
                {"type": "tool_result", "tool_use_id": "call_1", "content": "x = 1"},
                {"type": "tool_result", "tool_use_id": "call_2", "content": "no such file", "is_error": True},
            ],
        ),
        (
            results(result("call_1", "a picture", images=(PNG,))),
            [
                {
                    "type": "tool_result",
                    "tool_use_id": "call_1",
                    "content": [
                        {"type": "text", "text": "a picture"},
                        {
                            "type": "image",
                            "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="},
                        },
                    ],
                }
            ],
        ),
        (
            Message(role=Role.USER, parts=(TextPart(text="and"), result("functions.Read:0"))),
            [
                {"type": "tool_result", "tool_use_id": "functions_Read_0", "content": "x = 1"},
                {"type": "text", "text": "and"},
            ],
        ),
        (
            answer(TextPart(text="I read."), ToolCallPart(call_id="c", name="Read", arguments='{"a": "ü"}')),
            [
                {"type": "text", "text": "I read."},
                {"type": "tool_use", "id": "c", "name": "Read", "input": {"a": "ü"}},
            ],
        ),
        (
            called(arguments='{"a": '),
            [
                {
                    "type": "tool_use",
                    "id": "call_1",
                    "name": "Read",
                    "input": {"malformed_arguments": '{"a": '},
                }
            ],
        ),
        (called(arguments=""), [{"type": "tool_use", "id": "call_1", "name": "Read", "input": {}}]),
    ],
)
def test_a_message_becomes_blocks(message: Message, expected: list[Any]) -> None:
    assert blocks(message) == expected


def test_images_that_the_model_cannot_read_become_a_note() -> None:
    note = "[an image (image/png) was left out: this model does not read images]"
    assert blocks(user_message("x", PNG), supports_images=False)[1] == {"type": "text", "text": note}
    shown = blocks(results(result(images=(PNG,))), supports_images=False)[0]["content"]
    assert shown == [{"type": "text", "text": "x = 1"}, {"type": "text", "text": note}]
    svg = ImagePart(media_type="image/svg+xml", data="eA==")
    assert "image/svg+xml" in blocks(user_message("x", svg))[1]["text"]


def test_messages_of_one_role_are_merged() -> None:
    messages = sent(
        A, user_message("one"), user_message("two"), said("three"), said("four"), user_message("five")
    )
    assert [(m["role"], [b["text"] for b in m["content"]]) for m in messages] == [
        ("user", ["one", "two"]),
        ("assistant", ["three", "four"]),
        ("user", ["five"]),
    ]


def thought(text: str = "hm", **opaque: Any) -> ThinkingPart:
    return ThinkingPart(text=text, opaque={"wire": "anthropic", "model": "m", **opaque})


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (thought(signature="sig"), [{"type": "thinking", "thinking": "hm", "signature": "sig"}]),
        (thought("", signature="sig"), [{"type": "thinking", "thinking": "", "signature": "sig"}]),
        (thought("", data="enc"), [{"type": "redacted_thinking", "data": "enc"}]),
        (thought(), []),
        (thought(model="another", signature="sig"), []),
        (thought(wire="openai", item={}), []),
        (ThinkingPart(text="of a cut-off answer"), []),
    ],
)
def test_thinking_goes_back_unaltered_to_the_model_that_wrote_it(
    part: ThinkingPart, expected: list[Any]
) -> None:
    given = blocks(user_message("hi"), answer(part, TextPart(text="so")))
    assert given == [*expected, {"type": "text", "text": "so"}]


def test_thinking_whose_conversation_has_changed_is_left_out_where_models_refuse_it() -> None:
    """Models with preserved thinking answer 400 to it, after every compaction and rewind."""

    def kept(model: str, first: str) -> bool:
        bodies = BodyCache(AnthropicWire())
        prompt = user_message("hi")
        _, prefix = bodies.encode(request(A, [prompt], model=model))
        part = ThinkingPart(
            text="", opaque={"wire": "anthropic", "model": model, "prefix": prefix, "signature": "s"}
        )
        history = [user_message(first), answer(part, TextPart(text="so")), user_message("go on")]
        return b'"signature"' in bytes(BodyCache(AnthropicWire()).encode(request(A, history, model=model))[0])

    assert kept("claude-opus-5-5", "hi")
    assert not kept("claude-opus-5-5", "a summary")
    assert kept("claude-opus-4-6", "hi")
    assert kept("claude-opus-4-6", "a summary")


@pytest.mark.parametrize(
    ("model", "effort", "budget", "expected"),
    [
        ("claude-3-5-haiku-20241022", "high", 9000, {}),
        ("claude-sonnet-4-5", None, None, {}),
        ("claude-sonnet-4-5", "off", 5000, {}),
        ("claude-sonnet-4-5", None, 5000, {"thinking": {"type": "enabled", "budget_tokens": 5000}}),
        ("claude-sonnet-4-5", "low", None, {"thinking": {"type": "enabled", "budget_tokens": 4096}}),
        ("claude-sonnet-4-5", "dynamic", None, {"thinking": {"type": "enabled", "budget_tokens": 10000}}),
        ("claude-sonnet-4-5", None, 90000, {"thinking": {"type": "enabled", "budget_tokens": 24000}}),
        ("glm-4.6", None, 5000, {"thinking": {"type": "enabled", "budget_tokens": 5000}}),
        ("claude-opus-4-6", None, None, {}),
        ("claude-opus-4-6", None, 5000, {"thinking": {"type": "adaptive"}}),
        (
            "claude-opus-4-6",
            "xhigh",
            None,
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}},
        ),
        ("claude-opus-4-7", "none", None, {}),
        (
            "claude-opus-4-7",
            "xhigh",
            None,
            {"thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "xhigh"}},
        ),
        ("claude-opus-5", None, None, {"thinking": {"type": "adaptive", "display": "summarized"}}),
        ("claude-opus-5", "off", None, {"thinking": {"type": "disabled"}}),
        (
            "claude-opus-5-5",
            "none",
            None,
            {"thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "low"}},
        ),
        ("claude-opus-5-5", None, None, {"thinking": {"type": "adaptive", "display": "summarized"}}),
        (
            "anthropic/claude-opus-4.6",
            "max",
            None,
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}},
        ),
    ],
)
def test_thinking_is_asked_for_as_the_model_knows_it(
    model: str, effort: str | None, budget: int | None, expected: dict[str, Any]
) -> None:
    body = body_of(request(A, model=model, effort=effort, thinking_tokens=budget, max_output_tokens=32_000))
    assert {key: body[key] for key in ("thinking", "output_config") if key in body} == expected


def test_there_is_no_thinking_where_there_is_no_room_for_it() -> None:
    assert "thinking" not in body_of(
        request(A, model="claude-sonnet-4-5", thinking_tokens=5000, max_output_tokens=1000)
    )


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
        ("https://api.anthropic.com/", "https://api.anthropic.com/v1/messages"),
        ("https://gateway.example/anthropic/v1", "https://gateway.example/anthropic/v1/messages"),
        ("https://gateway.example/v1/messages", "https://gateway.example/v1/messages"),
        ("https://gateway.example/llm?tenant=1", "https://gateway.example/llm/v1/messages?tenant=1"),
    ],
)
def test_the_endpoint_is_found_below_the_base_url(base_url: str, expected: str) -> None:
    assert AnthropicWire().url(profile(A, base_url=base_url)) == expected


def test_models_that_think_by_budget_are_let_think_between_calls() -> None:
    def beta(**changes: Any) -> str | None:
        plain = {
            "base_url": "https://api.anthropic.com",
            "model": "claude-sonnet-4-5",
            "thinking_tokens": 2000,
        }
        return AnthropicWire().headers(request(A, **{**plain, **changes})).get("anthropic-beta")

    assert beta() == "interleaved-thinking-2025-05-14"
    assert beta(extra_headers={"Anthropic-Beta": "x-1"}) == "x-1,interleaved-thinking-2025-05-14"
    assert beta(thinking_tokens=None) is None
    assert beta(model="claude-opus-5-5") is None
    assert beta(base_url="https://gateway.example") is None


def decoded(*events: dict[str, Any]) -> AnthropicDecoder:
    decoder = AnthropicDecoder(profile(A), "prefix-1")
    decoder.feed(SSEEvent(event["type"], json.dumps(event), "") for event in events)
    return decoder


def block(index: int, content: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_start", "index": index, "content_block": content},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def stopped(reason: str = "end_turn", **usage: int | None) -> dict[str, Any]:
    return {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}


def test_thinking_keeps_what_must_go_back() -> None:
    decoder = decoded(
        *block(
            0,
            {"type": "thinking", "thinking": "", "signature": ""},
            {"type": "thinking_delta", "thinking": "hm"},
            {"type": "signature_delta", "signature": "si"},
            {"type": "signature_delta", "signature": "g"},
        ),
        *block(1, {"type": "redacted_thinking", "data": "enc"}),
        *block(
            2,
            {"type": "thinking", "thinking": "", "signature": ""},
            {"type": "signature_delta", "signature": "s2"},
        ),
        stopped(),
    )
    origin = {"wire": "anthropic", "model": "m", "prefix": "prefix-1"}
    finished = decoder.finish()
    assert finished is not None
    assert finished.message.parts == (
        ThinkingPart(text="hm", opaque={**origin, "signature": "sig"}),
        ThinkingPart(text="", opaque={**origin, "data": "enc"}),
        ThinkingPart(text="", opaque={**origin, "signature": "s2"}),
    )
    parts = finished.message.parts
    assert blocks(user_message("hi"), answer(*parts)) == [
        {"type": "thinking", "thinking": "hm", "signature": "sig"},
        {"type": "redacted_thinking", "data": "enc"},
        {"type": "thinking", "thinking": "", "signature": "s2"},
    ]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("end_turn", StopReason.END),
        ("stop_sequence", StopReason.END),
        ("pause_turn", StopReason.END),
        ("tool_use", StopReason.TOOL_CALLS),
        ("max_tokens", StopReason.MAX_TOKENS),
        ("model_context_window_exceeded", StopReason.MAX_TOKENS),
        ("refusal", StopReason.REFUSAL),
        ("something new", StopReason.END),
    ],
)
def test_stop_reasons_are_understood(reason: str, expected: StopReason) -> None:
    finished = decoded(stopped(reason)).finish()
    assert finished is not None
    assert finished.stop_reason is expected


def test_what_is_not_known_is_passed_over() -> None:
    decoder = decoded(
        {"type": "ping"},
        {"type": "something_new", "x": 1},
        *block(
            0,
            {"type": "server_tool_use", "id": "x", "name": "web"},
            {"type": "input_json_delta", "partial_json": "{"},
        ),
        *block(1, {"type": "text", "text": "whole "}, {"type": "citations_delta", "citation": {}}),
        stopped(),
    )
    finished = decoder.finish()
    assert finished is not None
    assert finished.message.parts == (TextPart(text="whole "),)


def test_arguments_may_come_whole_with_the_start_of_a_call() -> None:
    whole = {"type": "tool_use", "id": "a", "name": "Read", "input": {"file_path": "a"}}
    delta = {"type": "input_json_delta", "partial_json": '{"file_path": "b"}'}
    finished = decoded(*block(0, whole), *block(1, {**whole, "id": "b"}, delta), stopped("tool_use")).finish()
    assert finished is not None
    assert [call.arguments for call in finished.message.tool_calls] == [
        '{"file_path": "a"}',
        '{"file_path": "b"}',
    ]


def test_calls_without_an_id_or_with_a_taken_one_get_their_own() -> None:
    call = {"type": "tool_use", "name": "Read", "input": {}}
    finished = decoded(
        *block(0, {**call, "id": "a"}), *block(1, {**call, "id": "a"}), *block(2, call), stopped("tool_use")
    ).finish()
    assert finished is not None
    ids = [call.call_id for call in finished.message.tool_calls]
    assert ids[0] == "a"
    assert len(set(ids)) == 3


def test_counts_that_come_again_as_zero_or_null_are_not_lost() -> None:
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 5, "output_tokens": 1}}}
    finished = decoded(start, stopped(input_tokens=0, output_tokens=9, cache_read_input_tokens=None)).finish()
    assert finished is not None
    assert finished.usage == Usage(input_tokens=5, output_tokens=9)


def test_schemas_are_sent_as_they_are() -> None:
    tools = body_of(request(A, tools=(READ,)))["tools"]
    assert tools[0]["input_schema"] == READ.input_schema
