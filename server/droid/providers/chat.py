"""Chat Completions, as vLLM, Ollama, llama.cpp, LM Studio, gateways and Azure OpenAI speak it: requests.

The servers agree on less than it seems, so a request holds only what all of them take: plain strings
where there is no image, images of tool results in a user message behind the results, arguments that
are JSON objects (chat templates parse them), roles that alternate. Reasoning goes back only where the
server sent it and only with tool calls, as DeepSeek and its kin want it. A server that refuses a field
is spared it by `extraArgs: {"field": null}`.

Source: https://developers.openai.com/api/reference/resources/chat and
https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
"""

from collections.abc import Sequence
from typing import Any

from droid.domain.messages import (
    ImagePart,
    Message,
    Role,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)
from droid.domain.models import ModelProfile, ModelRequest, Wire
from droid.providers.body import Frame
from droid.providers.catalogue import traits_of
from droid.providers.chat_stream import ChatDecoder
from droid.providers.encoding import (
    EMPTY_ANSWER_TEXT,
    EMPTY_USER_TEXT,
    arguments_object,
    image_refusal,
    joined_text,
    members,
    output_limit,
    to_json,
    tool_name,
)
from droid.providers.urls import bearer_headers, host_of, is_azure, openai_endpoint


class ChatWire:
    """The Chat Completions format."""

    def url(self, profile: ModelProfile) -> str:
        return openai_endpoint(profile.base_url, "chat/completions")

    def headers(self, request: ModelRequest) -> dict[str, str]:
        return bearer_headers(request.profile)

    def frame(self, request: ModelRequest) -> Frame:
        profile = request.profile
        tools = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.input_schema,
                },
            }
            for tool in request.tools
        ]
        given = members({"tools": tools or None}.items())
        fields: dict[str, Any] = {
            "model": profile.model,
            "stream": True,
            "stream_options": {"include_usage": True},
            **_limit(profile),
            "reasoning_effort": _effort(request),
            "prompt_cache_key": request.conversation_id
            if host_of(profile.base_url) == "api.openai.com"
            else None,
            **profile.extra_args,
        }
        head = b"{" + members(fields.items()) + (b"," + given if given else b"") + b',"messages":['
        system = to_json({"role": "system", "content": request.system}) + b"," if request.system else b""
        return Frame(head=head + system, tail=b"]}", identity=given + system)

    def group(self, role: Role, messages: Sequence[Message], profile: ModelProfile, prefix: str) -> bytes:
        items = _user_items(messages, profile) if role is Role.USER else [_answer(messages, profile)]
        return to_json(items)[1:-1]

    def decoder(self, request: ModelRequest, prefix: str) -> ChatDecoder:
        return ChatDecoder(request.profile)


def _limit(profile: ModelProfile) -> dict[str, Any]:
    """The limit on output, by the name that the server knows it by."""
    if "max_tokens" in profile.extra_args or "max_completion_tokens" in profile.extra_args:
        return {}
    vendor = host_of(profile.base_url) == "api.openai.com" or is_azure(profile.base_url)
    # OpenAI's reasoning models refuse the old name, and most other servers know no other.
    return {"max_completion_tokens" if vendor else "max_tokens": output_limit(profile)}


def _effort(request: ModelRequest) -> str | None:
    wanted = request.reasoning_effort
    traits = traits_of(request.profile.model)
    if traits.efforts:
        return traits.effort(wanted)
    return {"off": "none", "dynamic": None}.get(wanted or "", wanted)


def _user_items(messages: Sequence[Message], profile: ModelProfile) -> list[dict[str, Any]]:
    """The results of calls, each a message of its own, then everything else in one user message."""
    results: list[dict[str, Any]] = []
    images: list[ImagePart] = []
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolResultPart):
                results.append({"role": "tool", "tool_call_id": part.call_id, "content": part.text})
                images += part.images
            elif isinstance(part, ImagePart):
                images.append(part)
    notes = [note for image in images if (note := image_refusal(image, profile)) is not None]
    shown = [image for image in images if image_refusal(image, profile) is None]
    text = "\n\n".join(filter(None, (joined_text(messages), *dict.fromkeys(notes))))
    if shown:
        content: str | list[dict[str, Any]] = [{"type": "text", "text": text}] if text else []
        content += [_image(image) for image in shown]
        return [*results, {"role": "user", "content": content}]
    if text or not results:
        return [*results, {"role": "user", "content": text or EMPTY_USER_TEXT}]
    return results


def _answer(messages: Sequence[Message], profile: ModelProfile) -> dict[str, Any]:
    calls = [call for message in messages for call in message.tool_calls]
    text = joined_text(messages)
    if not calls:
        return {"role": "assistant", "content": text or EMPTY_ANSWER_TEXT}
    thinking = [part for message in messages for part in message.parts if isinstance(part, ThinkingPart)]
    return {
        "role": "assistant",
        "content": text or None,
        **_reasoning(thinking, profile),
        "tool_calls": [_call(call) for call in calls],
    }


def _reasoning(thinking: Sequence[ThinkingPart], profile: ModelProfile) -> dict[str, Any]:
    own = [
        part
        for part in thinking
        if part.opaque.get("wire") == Wire.CHAT_COMPLETIONS and part.opaque.get("model") == profile.model
    ]
    return {own[0].opaque["field"]: "".join(part.text for part in own)} if own else {}


def _call(call: ToolCallPart) -> dict[str, Any]:
    arguments = to_json(arguments_object(call.arguments)).decode()
    return {
        "id": call.call_id,
        "type": "function",
        "function": {"name": tool_name(call.name), "arguments": arguments},
    }


def _image(image: ImagePart) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": f"data:{image.media_type};base64,{image.data}"}}
