"""Replaces the older part of a conversation by a summary that the model writes."""

import contextlib

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.events import Compacted
from droid.domain.messages import (
    ImagePart,
    Message,
    Role,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    user_message,
)
from droid.domain.models import ModelFinished, ModelProfile, ModelRequest
from droid.engine.core import SessionCore
from droid.engine.prompts import prompt_text
from droid.engine.retry import wait_to_retry

_CHARACTERS_PER_TOKEN = 4
_KEPT_CHARACTERS = 20_000
_QUOTED_RESULT_CHARACTERS = 2_000
_IMAGE_CHARACTERS = 6_000
_LEAST_CHARACTERS = 2_000


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
    summary = await _summary(core, profile, older)
    opening = user_message(
        f"<summary>\nThe conversation so far was summarised to make room:\n\n{summary}\n</summary>"
    )
    core.ports.forget(core.state.conversation_id)
    core.emit(Compacted(summary=summary, kept=(opening, *messages[kept_from:])))
    # The rules that came with results may be gone: they are told again with the next ones.
    core.known_rules = set(core.first_rules)


async def _summary(core: SessionCore, profile: ModelProfile, messages: list[Message]) -> str:
    budget = profile.context_tokens * _CHARACTERS_PER_TOKEN // 2
    attempt = 1
    while True:
        try:
            return await _ask_for_summary(core, profile, _as_text(messages, budget))
        except ProviderError as error:
            if error.kind is ProviderErrorKind.CONTEXT_OVERFLOW and budget > _LEAST_CHARACTERS:
                budget //= 2  # some scripts take a token for each character
            else:
                await wait_to_retry(core, error, attempt)
                attempt += 1


async def _ask_for_summary(core: SessionCore, profile: ModelProfile, text: str) -> str:
    request = ModelRequest(
        conversation_id=f"{core.state.session_id}#summary{core.state.conversation}",
        profile=profile,
        system=prompt_text("compaction"),
        tools=(),
        messages=[user_message(text)],
    )
    began = core.ports.clock.monotonic()
    summary = ""
    try:
        async with contextlib.aclosing(core.ports.provider(profile).stream(request)) as events:
            async for event in events:
                if isinstance(event, ModelFinished):
                    summary = event.message.text
                    core.report_usage(profile, event.usage, core.ports.clock.monotonic() - began)
    finally:
        core.ports.forget(request.conversation_id)
    if not summary.strip():
        raise ProviderError("the model wrote no summary", kind=ProviderErrorKind.RETRY)
    return summary


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
        case TextPart(text=text):
            return len(text)
        case ToolResultPart(text=text, images=images):
            return len(text) + _IMAGE_CHARACTERS * len(images)
        case ImagePart():
            return _IMAGE_CHARACTERS
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
                case ImagePart():
                    lines.append(f"[{message.role}] (an image)")
                case _:
                    pass
    text = "\n\n".join(lines)
    if len(text) <= budget:
        return text
    half = budget // 2
    return f"{text[:half]}\n\n[… {len(text) - budget} characters left out …]\n\n{text[-half:]}"
