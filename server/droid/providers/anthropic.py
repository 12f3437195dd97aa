"""Anthropic Messages: requests.

Cache points stand on the tools, on the system prompt, and on the conversation where the last request
and this one end; four are allowed. Thinking goes back unaltered, signature and all, to the model that
wrote it. Newer models refuse thinking whose conversation has changed before it, as compaction and a
rewind do, so each thinking part carries the digest of what it was an answer to, and is left out where
that no longer holds.

Source: https://platform.claude.com/docs/en/api/messages and
https://platform.claude.com/docs/en/build-with-claude/preserved-thinking
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

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
from droid.providers.anthropic_stream import AnthropicDecoder
from droid.providers.body import CacheMark, Frame
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
from droid.providers.urls import endpoint, host_of

_CACHE = {"type": "ephemeral"}
_MARK = CacheMark(text=b',"cache_control":{"type":"ephemeral"}', depth=3)  # before `}]}`
_INTERLEAVED = "interleaved-thinking-2025-05-14"
_BUDGETS = {"minimal": 2_048, "low": 4_096, "medium": 10_000, "high": 24_000, "xhigh": 32_000, "max": 48_000}
_SMALLEST_BUDGET = 1_024


class AnthropicWire:
    """The Messages format."""

    def url(self, profile: ModelProfile) -> str:
        path = urlsplit(profile.base_url).path.rstrip("/")
        return endpoint(profile.base_url, "messages" if path.endswith("/v1") else "v1/messages")

    def headers(self, request: ModelRequest) -> dict[str, str]:
        profile = request.profile
        headers = {"anthropic-version": "2023-06-01"}
        if profile.api_key:
            headers["x-api-key"] = profile.api_key
        extra = {name.lower(): value for name, value in profile.extra_headers.items()}
        # Models that think by budget think between tool calls only where this asks for it.
        budgeted = "budget_tokens" in thinking_fields(request).get("thinking", ())
        if budgeted and host_of(profile.base_url) == "api.anthropic.com":
            beta = extra.get("anthropic-beta")
            extra["anthropic-beta"] = f"{beta},{_INTERLEAVED}" if beta else _INTERLEAVED
        return headers | extra

    def frame(self, request: ModelRequest) -> Frame:
        profile = request.profile
        tools: list[dict[str, Any]] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.input_schema}
            for tool in request.tools
        ]
        if tools:
            tools[-1] = {**tools[-1], "cache_control": _CACHE}
        system = (
            [{"type": "text", "text": request.system, "cache_control": _CACHE}]
            if request.system.strip()
            else None
        )
        given = members({"tools": tools or None, "system": system}.items())
        fields: dict[str, Any] = {
            "model": profile.model,
            "max_tokens": output_limit(profile),
            "stream": True,
            **thinking_fields(request),
            **profile.extra_args,
        }
        head = b"{" + members(fields.items()) + (b"," + given if given else b"") + b',"messages":['
        return Frame(head=head, tail=b"]}", identity=given, mark=_MARK)

    def group(self, role: Role, messages: Sequence[Message], profile: ModelProfile, prefix: str) -> bytes:
        parts = [part for message in messages for part in message.parts]
        if role is Role.USER:
            # The results of calls come first, or the request is refused.
            parts.sort(key=lambda part: not isinstance(part, ToolResultPart))
            blocks = [block for part in parts for block in _user_blocks(part, profile)]
        else:
            blocks = [block for part in parts for block in _answer_blocks(part, profile, prefix)]
        if not blocks:
            text = EMPTY_USER_TEXT if role is Role.USER else EMPTY_ANSWER_TEXT
            blocks = [{"type": "text", "text": text}]
        return to_json({"role": role.value, "content": blocks})

    def decoder(self, request: ModelRequest, prefix: str) -> AnthropicDecoder:
        return AnthropicDecoder(request.profile, prefix)


def thinking_fields(request: ModelRequest) -> dict[str, Any]:
    """The members of a request that say whether and how much the model should think."""
    profile = request.profile
    traits = traits_of(profile.model)
    wanted = request.reasoning_effort
    off = wanted in {"off", "none"} or (wanted is None and profile.thinking_tokens is None)
    if traits.thinking == "none":
        return {}
    if traits.thinking == "budget":
        budget = None if off else _budget(profile, wanted)
        return {} if budget is None else {"thinking": {"type": "enabled", "budget_tokens": budget}}
    if off and wanted is not None and traits.thinking == "default":
        return {"thinking": {"type": "disabled"}}
    if off and not traits.thinks:
        return {}
    effort = traits.effort(wanted)
    return {
        "thinking": _adaptive(traits),
        "output_config": {"effort": effort} if effort is not None else None,
    }


def _adaptive(traits: Traits) -> dict[str, Any]:
    # Without `display` these models send thinking without its text, and some say there what they do.
    return {"type": "adaptive", "display": "summarized"} if traits.hides_thinking else {"type": "adaptive"}


def _budget(profile: ModelProfile, wanted: str | None) -> int | None:
    """A number of thinking tokens that leaves room for an answer; None where there is no room."""
    budget = profile.thinking_tokens or _BUDGETS.get(wanted or "", _BUDGETS["medium"])
    limit = output_limit(profile)
    budget = min(budget, limit - max(limit // 4, 256))
    return budget if budget >= _SMALLEST_BUDGET else None


def _user_blocks(part: Part, profile: ModelProfile) -> Iterator[dict[str, Any]]:
    if isinstance(part, TextPart):
        if part.text.strip():
            yield {"type": "text", "text": part.text}
    elif isinstance(part, ImagePart):
        yield _image(part, profile)
    elif isinstance(part, ToolResultPart):
        content: str | list[dict[str, Any]] = part.text
        if part.images:
            text = [{"type": "text", "text": part.text}] if part.text.strip() else []
            content = [*text, *(_image(image, profile) for image in part.images)]
        block = {"type": "tool_result", "tool_use_id": call_id(part.call_id), "content": content}
        yield {**block, "is_error": True} if part.is_error else block


def _answer_blocks(part: Part, profile: ModelProfile, prefix: str) -> Iterator[dict[str, Any]]:
    if isinstance(part, TextPart):
        if part.text.strip():
            yield {"type": "text", "text": part.text}
    elif isinstance(part, ThinkingPart):
        yield from _thinking(part, profile, prefix)
    elif isinstance(part, ToolCallPart):
        yield {
            "type": "tool_use",
            "id": call_id(part.call_id),
            "name": tool_name(part.name),
            "input": arguments_object(part.arguments),
        }


def _thinking(part: ThinkingPart, profile: ModelProfile, prefix: str) -> Iterator[dict[str, Any]]:
    opaque: Mapping[str, Any] = part.opaque
    if opaque.get("wire") != Wire.ANTHROPIC or opaque.get("model") != profile.model:
        return
    if traits_of(profile.model).bound_thinking and opaque.get("prefix") != prefix:
        return
    if "data" in opaque:
        yield {"type": "redacted_thinking", "data": opaque["data"]}
    elif opaque.get("signature"):
        yield {"type": "thinking", "thinking": part.text, "signature": opaque["signature"]}


def _image(image: ImagePart, profile: ModelProfile) -> dict[str, Any]:
    refusal = image_refusal(image, profile)
    if refusal is not None:
        return {"type": "text", "text": refusal}
    source = {"type": "base64", "media_type": image.media_type, "data": image.data}
    return {"type": "image", "source": source}
