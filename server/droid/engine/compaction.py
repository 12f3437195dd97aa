"""Replaces the older part of a conversation by a summary that the model writes."""

import contextlib

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.events import Compacted
from droid.domain.messages import Message, Role, TextPart, ToolCallPart, ToolResultPart, user_message
from droid.domain.models import ModelFinished, ModelProfile, ModelRequest
from droid.engine.core import SessionCore
from droid.engine.prompts import prompt_text

_CHARACTERS_PER_TOKEN = 4
_KEPT_CHARACTERS = 20_000
_QUOTED_RESULT_CHARACTERS = 2_000


async def compact(core: SessionCore, profile: ModelProfile) -> None:
    """Summarise the conversation; the last messages stay verbatim.

    Raises:
        ProviderError: the summary could not be had, or what is kept alone is too large.
    """
    messages = core.state.messages
    kept_from = _cut(messages)
    older = messages[:kept_from]
    if not older:
        raise ProviderError(
            "the last message alone does not fit the model's window; send less, or use a larger model",
            kind=ProviderErrorKind.REJECTED,
        )
    budget = profile.context_tokens * _CHARACTERS_PER_TOKEN // 2
    request = ModelRequest(
        conversation_id=f"{core.state.session_id}#summary{core.state.conversation}",
        profile=profile,
        system=prompt_text("compaction"),
        tools=(),
        messages=[user_message(_as_text(older, budget))],
    )
    provider = core.ports.provider(profile)
    summary = ""
    try:
        async with contextlib.aclosing(provider.stream(request)) as events:
            async for event in events:
                if isinstance(event, ModelFinished):
                    summary = event.message.text
    finally:
        provider.forget(request.conversation_id)
    opening = user_message(
        f"<summary>\nThe conversation so far was summarised to make room:\n\n{summary}\n</summary>"
    )
    provider.forget(f"{core.state.session_id}#{core.state.conversation}")
    core.emit(Compacted(summary=summary, kept=(opening, *messages[kept_from:])))


def _cut(messages: list[Message]) -> int:
    """Where the verbatim part begins: never between a call and its result; 0 where nothing can go."""
    size = 0
    cut = len(messages)
    for index in range(len(messages) - 1, 0, -1):
        size += sum(_size(part) for part in messages[index].parts)
        if size > _KEPT_CHARACTERS and cut < len(messages):
            break
        # An answer stands on its own only together with the results that follow it.
        if messages[index].role is Role.ASSISTANT or _is_prompt(messages[index]):
            cut = index
    return cut if cut < len(messages) else 0


def _is_prompt(message: Message) -> bool:
    return message.role is Role.USER and not any(isinstance(p, ToolResultPart) for p in message.parts)


def _size(part: object) -> int:
    match part:
        case TextPart(text=text) | ToolResultPart(text=text):
            return len(text)
        case ToolCallPart(arguments=arguments):
            return len(arguments)
        case _:
            return 0


def _as_text(messages: list[Message], budget: int) -> str:
    """The conversation as plain text, its middle left out where it is too long for the window."""
    lines: list[str] = []
    for message in messages:
        for part in message.parts:
            match part:
                case TextPart(text=text):
                    lines.append(f"[{message.role}] {text}")
                case ToolCallPart(name=name, arguments=arguments):
                    lines.append(f"[call] {name} {arguments[:_QUOTED_RESULT_CHARACTERS]}")
                case ToolResultPart(text=text):
                    lines.append(f"[result] {text[:_QUOTED_RESULT_CHARACTERS]}")
                case _:
                    pass
    text = "\n\n".join(lines)
    if len(text) <= budget:
        return text
    half = budget // 2
    return f"{text[:half]}\n\n[… {len(text) - budget} characters left out …]\n\n{text[-half:]}"
