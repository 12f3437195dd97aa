"""Requests in the Chat Completions format, and the ways in which servers differ in answering."""

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
from droid.domain.messages import Message, Role, TextPart, ThinkingPart, ToolCallPart, Usage, user_message
from droid.domain.models import ModelFinished, StopReason, Wire
from droid.providers.chat import ChatWire
from droid.providers.chat_stream import ChatDecoder
from droid.providers.sse import SSEEvent

C = Wire.CHAT_COMPLETIONS
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}


def test_a_request_has_what_every_server_takes() -> None:
    schema = {"type": "object", "properties": {"file_path": {"type": "string"}}}
    assert body_of(request(C, max_output_tokens=1000)) == {
        "model": "m",
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 1000,
        "tools": [
            {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}
            for name, description in (("Read", "Reads a file."), ("Edit", "Changes a file."))
        ],
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}],
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"max_tokens": 9}),
        ({"base_url": "https://api.openai.com/v1"}, {"max_completion_tokens": 9}),
        ({"base_url": "https://r.openai.azure.com/openai/v1"}, {"max_completion_tokens": 9}),
        ({"extra_args": {"max_completion_tokens": 5}}, {"max_completion_tokens": 5}),
        ({"extra_args": {"max_tokens": None}}, {}),
    ],
)
def test_the_limit_goes_by_the_name_that_the_server_knows(
    changes: dict[str, Any], expected: dict[str, int]
) -> None:
    body = body_of(request(C, max_output_tokens=9, **changes))
    assert {key: body[key] for key in ("max_tokens", "max_completion_tokens") if key in body} == expected


@pytest.mark.parametrize(
    ("model", "effort", "expected"),
    [
        ("qwen3", None, None),
        ("qwen3", "high", "high"),
        ("qwen3", "off", "none"),
        ("qwen3", "dynamic", None),
        ("gpt-5.1", "max", "high"),
        ("gpt-4o", "high", "high"),
    ],
)
def test_effort_is_passed_on_as_the_server_may_know_it(
    model: str, effort: str | None, expected: str | None
) -> None:
    assert body_of(request(C, model=model, effort=effort)).get("reasoning_effort") == expected


def test_the_cache_key_is_sent_to_its_inventor_only() -> None:
    assert "prompt_cache_key" not in body_of(request(C))
    assert body_of(request(C, base_url="https://api.openai.com/v1"))["prompt_cache_key"] == "c-1"


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([user_message("hi")], [{"role": "user", "content": "hi"}]),
        ([user_message("")], [{"role": "user", "content": "(empty message)"}]),
        ([user_message("one"), user_message("two")], [{"role": "user", "content": "one\n\ntwo"}]),
        (
            [Message(role=Role.USER, parts=(TextPart(text="one "), TextPart(text="text")))],
            [{"role": "user", "content": "one text"}],
        ),
        (
            [user_message("look", PNG)],
            [{"role": "user", "content": [{"type": "text", "text": "look"}, IMAGE]}],
        ),
        ([said("so"), said("and so")], [{"role": "assistant", "content": "so\n\nand so"}]),
        ([answer()], [{"role": "assistant", "content": "(no answer)"}]),
        (
            [results(result("a"), result("b", "y"))],
            [
                {"role": "tool", "tool_call_id": "a", "content": "x = 1"},
                {"role": "tool", "tool_call_id": "b", "content": "y"},
            ],
        ),
        (
            [results(result("a", images=(PNG,)), result("b"))],
            [
                {"role": "tool", "tool_call_id": "a", "content": "x = 1"},
                {"role": "tool", "tool_call_id": "b", "content": "x = 1"},
                {"role": "user", "content": [IMAGE]},
            ],
        ),
        (
            [results(result("a")), user_message("by the way")],
            [
                {"role": "tool", "tool_call_id": "a", "content": "x = 1"},
                {"role": "user", "content": "by the way"},
            ],
        ),
        (
            [called(arguments='{"a":')],
            [
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {
                                "name": "Read",
                                "arguments": '{"malformed_arguments":"{\\"a\\":"}',
                            },
                        }
                    ],
                }
            ],
        ),
    ],
)
def test_a_conversation_becomes_messages(messages: list[Message], expected: list[Any]) -> None:
    assert sent(C, *messages) == expected


def test_images_that_the_model_cannot_read_become_one_note() -> None:
    note = "[an image (image/png) was left out: this model does not read images]"
    assert sent(C, user_message("x", PNG, PNG), supports_images=False) == [
        {"role": "user", "content": f"x\n\n{note}"}
    ]


def thought(text: str, **opaque: str) -> ThinkingPart:
    return ThinkingPart(
        text=text, opaque={"wire": C.value, "model": "m", "field": "reasoning_content", **opaque}
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([thought("hm"), thought(" so")], {"reasoning_content": "hm so"}),
        ([thought("hm", field="reasoning")], {"reasoning": "hm"}),
        ([thought("hm", model="other")], {}),
        ([ThinkingPart(text="of a cut-off answer")], {}),
    ],
)
def test_reasoning_goes_back_with_tool_calls_under_the_name_it_came_by(
    parts: list[ThinkingPart], expected: dict[str, str]
) -> None:
    call = ToolCallPart(call_id="c", name="Read", arguments="{}")
    (message,) = sent(C, answer(*parts, call))
    assert {key: value for key, value in message.items() if key.startswith("reasoning")} == expected
    (message,) = sent(C, answer(*parts, TextPart(text="so")))
    assert message == {"role": "assistant", "content": "so"}


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://127.0.0.1:8080/v1/chat/completions", "http://127.0.0.1:8080/v1/chat/completions"),
        (
            "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
            "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
        ),
    ],
)
def test_the_endpoint_is_found_below_the_base_url(base_url: str, expected: str) -> None:
    assert ChatWire().url(profile(C, base_url=base_url)) == expected


def chunk(delta: dict[str, Any] | None = None, reason: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}], **fields}


def decoded(*chunks: dict[str, Any] | str) -> ChatDecoder:
    decoder = ChatDecoder(profile(C))
    decoder.feed(SSEEvent("message", c if isinstance(c, str) else json.dumps(c), "") for c in chunks)
    return decoder


def finished(*chunks: dict[str, Any] | str) -> ModelFinished:
    event = decoded(*chunks).finish()
    assert event is not None
    return event


def tool(**fields: Any) -> dict[str, Any]:
    return chunk({"tool_calls": [fields]})


def pieces(*calls: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and arguments of the calls that pieces make up."""
    message = finished(*(tool(**call) for call in calls), chunk({}, "tool_calls")).message
    assert len({call.call_id for call in message.tool_calls} - {""}) == len(message.tool_calls)
    return [(call.name, call.arguments) for call in message.tool_calls]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        # as OpenAI does it
        (
            [
                {"index": 0, "id": "a", "function": {"name": "Read", "arguments": ""}},
                {"index": 0, "function": {"arguments": '{"a"'}},
                {"index": 1, "id": "b", "function": {"name": "Edit", "arguments": "{}"}},
                {"index": 0, "function": {"arguments": ":1}"}},
            ],
            [("Read", '{"a":1}'), ("Edit", "{}")],
        ),
        # without an id
        ([{"index": 0, "function": {"name": "Read", "arguments": "{}"}}], [("Read", "{}")]),
        # without an index, whole calls one after another
        (
            [
                {"id": "a", "function": {"name": "Read", "arguments": "{}"}},
                {"id": "b", "function": {"name": "Read", "arguments": '{"x":1}'}},
            ],
            [("Read", "{}"), ("Read", '{"x":1}')],
        ),
        # with neither
        (
            [
                {"function": {"name": "Read", "arguments": "{}"}},
                {"function": {"name": "Edit", "arguments": "{}"}},
            ],
            [("Read", "{}"), ("Edit", "{}")],
        ),
        # all under index 0, told apart by ids
        (
            [
                {"index": 0, "id": "a", "function": {"name": "Read", "arguments": "{}"}},
                {"index": 0, "id": "b", "function": {"name": "Edit", "arguments": "{}"}},
            ],
            [("Read", "{}"), ("Edit", "{}")],
        ),
        # the same id twice
        (
            [
                {"index": 0, "id": "a", "function": {"name": "Read", "arguments": "{}"}},
                {"index": 1, "id": "a", "function": {"name": "Edit", "arguments": "{}"}},
            ],
            [("Read", "{}"), ("Edit", "{}")],
        ),
        # id and name again with every piece
        (
            [
                {"index": 0, "id": "a", "function": {"name": "Read", "arguments": '{"a"'}},
                {"index": 0, "id": "a", "function": {"name": "Read", "arguments": ":1}"}},
            ],
            [("Read", '{"a":1}')],
        ),
        # an id that changes with every piece, which has no name
        (
            [
                {"index": 0, "id": "a", "function": {"name": "Read", "arguments": '{"a"'}},
                {"index": 0, "id": "b", "function": {"name": None, "arguments": ":1}"}},
            ],
            [("Read", '{"a":1}')],
        ),
        # arguments as an object, or none
        (
            [{"index": 0, "id": "a", "function": {"name": "Read", "arguments": {"a": 1}}}],
            [("Read", '{"a": 1}')],
        ),
        ([{"index": 0, "id": "a", "function": {"name": "Read", "arguments": None}}], [("Read", "{}")]),
        # the id first, the name later
        (
            [{"index": 0, "id": "a"}, {"index": 0, "function": {"name": "Read", "arguments": "{}"}}],
            [("Read", "{}")],
        ),
        # nothing that could be called
        ([{"index": 0, "id": "a", "function": {"name": "", "arguments": "{}"}}], []),
    ],
)
def test_calls_are_put_together_however_a_server_cuts_them(
    calls: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    assert pieces(*calls) == expected


@pytest.mark.parametrize(
    "deltas",
    [
        [{"reasoning_content": "hm "}, {"reasoning_content": "so"}],
        [{"reasoning": "hm "}, {"reasoning": "so", "content": ""}],
        [{"reasoning": "hm ", "reasoning_content": "hm "}, {"reasoning": "so", "reasoning_content": "so"}],
        [{"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm so"}]}]}],
    ],
)
def test_reasoning_has_many_names(deltas: list[dict[str, Any]]) -> None:
    message = finished(*map(chunk, deltas), chunk({"content": "yes"}), chunk({}, "stop")).message
    assert [(part.type, getattr(part, "text", "")) for part in message.parts] == [
        ("thinking", "hm so"),
        ("text", "yes"),
    ]


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([chunk({"content": "x"}), chunk({}, "stop"), "[DONE]"], StopReason.END),
        ([chunk({"content": "x"}, "stop")], StopReason.END),
        ([chunk({"content": "x"}), "[DONE]"], StopReason.END),
        ([chunk({"content": "x"}, "length")], StopReason.MAX_TOKENS),
        ([chunk({"content": "x"}, "content_filter")], StopReason.REFUSAL),
        ([chunk({"content": "x"}, "tool_calls")], StopReason.END),
        ([tool(index=0, id="a", function={"name": "Read"}), chunk({}, "stop")], StopReason.TOOL_CALLS),
        ([chunk(None, "stop")], StopReason.END),
        ([chunk({"content": "x"}, "eos")], StopReason.END),
    ],
)
def test_ends_are_understood(chunks: list[dict[str, Any] | str], expected: StopReason) -> None:
    assert finished(*chunks).stop_reason is expected


@pytest.mark.parametrize(
    "chunks",
    [
        [],
        [chunk({"content": "x"})],
        [{"choices": [], "prompt_filter_results": []}, chunk({"content": "x"})],
        [chunk({"content": "x"}, "error"), "[DONE]"],
    ],
)
def test_an_answer_without_an_end_is_not_whole(chunks: list[dict[str, Any] | str]) -> None:
    assert decoded(*chunks).finish() is None


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
            Usage(input_tokens=10, output_tokens=5),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 8}},
            Usage(input_tokens=2, output_tokens=5, cache_read_tokens=8),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 8},
            Usage(input_tokens=2, output_tokens=5, cache_read_tokens=8),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 40},
            Usage(input_tokens=10, output_tokens=30),
        ),
        ({"prompt_tokens": None, "prompt_tokens_details": None}, Usage()),
        (None, Usage()),
    ],
)
def test_usage_is_counted_once(usage: dict[str, Any] | None, expected: Usage) -> None:
    assert finished(chunk({"content": "x"}, "stop", usage=usage)).usage == expected
    early = finished(chunk({"content": "x"}, usage=usage), chunk({}, "stop", usage=None))
    assert early.usage == expected


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"error": {"message": "x"}}, ProviderErrorKind.RETRY),
        ({"error": "x"}, ProviderErrorKind.RETRY),
        ({"error": {"message": "x", "code": 400, "type": "BadRequestError"}}, ProviderErrorKind.REJECTED),
        ({"error": {"message": "x", "code": "429"}}, ProviderErrorKind.RETRY),
        ({"error": {"message": "x", "code": 401}}, ProviderErrorKind.UNAUTHORISED),
        (
            {
                "error": {
                    "message": "This model's maximum context length is 4096 tokens. However, you requested 5000",
                    "code": 400,
                }
            },
            ProviderErrorKind.CONTEXT_OVERFLOW,
        ),
    ],
)
def test_errors_inside_the_stream_have_a_kind(data: dict[str, Any], kind: ProviderErrorKind) -> None:
    with pytest.raises(ProviderError) as caught:
        decoded(data)
    assert caught.value.kind is kind
