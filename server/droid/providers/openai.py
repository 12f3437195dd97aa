"""OpenAI Responses: requests.

Nothing is stored at the provider: reasoning comes back encrypted and is sent again with the history, to
the model that wrote it, so that a model keeps its train of thought between tool calls.

Source: https://developers.openai.com/api/docs/guides/reasoning and
https://developers.openai.com/api/reference/resources/responses
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from droid.domain.messages import (
    ImagePart,
    Message,
    Part,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)
from droid.domain.models import ModelProfile, ModelRequest, Wire
from droid.providers.body import Frame
from droid.providers.catalogue import Traits, traits_of
from droid.providers.encoding import (
    EMPTY_ANSWER_TEXT,
    EMPTY_USER_TEXT,
    arguments_object,
    call_id,
    image_refusal,
    members,
    output_limit,
    to_json,
    tool_name,
)
from droid.providers.openai_stream import ResponsesDecoder
from droid.providers.urls import bearer_headers, openai_endpoint

_LONGEST_CACHE_KEY = 64


class ResponsesWire:
    """The Responses format."""

    def url(self, profile: ModelProfile) -> str:
        return openai_endpoint(profile.base_url, "responses")

    def headers(self, request: ModelRequest) -> dict[str, str]:
        return bearer_headers(request.profile)

    def frame(self, request: ModelRequest) -> Frame:
        profile = request.profile
        tools = [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.input_schema,
                # The default would make every property required.
                "strict": False,
            }
            for tool in request.tools
        ]
        given = members({"instructions": request.system or None, "tools": tools or None}.items())
        fields: dict[str, Any] = {
            "model": profile.model,
            "stream": True,
            "store": False,
            "max_output_tokens": output_limit(profile),
            "prompt_cache_key": request.conversation_id[:_LONGEST_CACHE_KEY],
            **_reasoning_fields(request),
            **profile.extra_args,
        }
        head = b"{" + members(fields.items()) + (b"," + given if given else b"") + b',"input":['
        return Frame(head=head, tail=b"]}", identity=given)

    def group(self, role: Role, messages: Sequence[Message], profile: ModelProfile, prefix: str) -> bytes:
        items: list[dict[str, Any]] = []
        for message in messages:
            if role is Role.USER:
                items += _user_items(message, profile)
            else:
                for part in message.parts:
                    items += _answer_items(part, profile)
        if not items:
            kind, text = (
                ("input_text", EMPTY_USER_TEXT) if role is Role.USER else ("output_text", EMPTY_ANSWER_TEXT)
            )
            items.append(_message(role, [{"type": kind, "text": text}]))
        return to_json(items)[1:-1]

    def decoder(self, request: ModelRequest, prefix: str) -> ResponsesDecoder:
        return ResponsesDecoder(request.profile)


def _reasoning_fields(request: ModelRequest) -> dict[str, Any]:
    traits: Traits = traits_of(request.profile.model)
    wished = request.reasoning_effort is not None or request.profile.thinking_tokens is not None
    if not traits.thinks and not (wished and traits.thinking == "budget"):
        return {}  # a model that does not reason refuses the very mention of it
    effort = traits.effort(request.reasoning_effort) if traits.efforts else request.reasoning_effort
    reasoning: dict[str, Any] = {}
    if effort is not None:
        reasoning["effort"] = effort
    if wished and effort != "none":
        # Only where somebody wished for thinking: organisations must be verified to be shown it.
        reasoning["summary"] = "auto"
    return {"include": ["reasoning.encrypted_content"], "reasoning": reasoning or None}


def _user_items(message: Message, profile: ModelProfile) -> Iterator[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, ToolResultPart):
            output: str | list[dict[str, Any]] = part.text
            if part.images:
                text = [{"type": "input_text", "text": part.text}] if part.text else []
                output = [*text, *(_image(image, profile) for image in part.images)]
            yield {"type": "function_call_output", "call_id": call_id(part.call_id), "output": output}
        elif isinstance(part, TextPart):
            if part.text:
                content.append({"type": "input_text", "text": part.text})
        elif isinstance(part, ImagePart):
            content.append(_image(part, profile))
    if content:
        yield _message(Role.USER, content)


def _answer_items(part: Part, profile: ModelProfile) -> Iterator[dict[str, Any]]:
    if isinstance(part, TextPart):
        if part.text:
            yield _message(Role.ASSISTANT, [{"type": "output_text", "text": part.text}])
    elif isinstance(part, ThinkingPart):
        opaque: Mapping[str, Any] = part.opaque
        if opaque.get("wire") == Wire.OPENAI and opaque.get("model") == profile.model:
            yield opaque["item"]
    elif isinstance(part, ToolCallPart):
        yield {
            "type": "function_call",
            "call_id": call_id(part.call_id),
            "name": tool_name(part.name),
            "arguments": to_json(arguments_object(part.arguments)).decode(),
        }


def _message(role: Role, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "message", "role": role.value, "content": content}


def _image(image: ImagePart, profile: ModelProfile) -> dict[str, Any]:
    refusal = image_refusal(image, profile)
    if refusal is not None:
        return {"type": "input_text", "text": refusal}
    return {"type": "input_image", "image_url": f"data:{image.media_type};base64,{image.data}"}
