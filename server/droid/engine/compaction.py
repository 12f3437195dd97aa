"""Replaces the older part of a conversation by a summary that a model writes."""

import contextlib
import logging
from collections.abc import Sequence

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.events import Compacted, Warned
from droid.domain.messages import (
    ImagePart,
    Message,
    Role,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    user_message,
)
from droid.domain.models import ModelFinished, ModelProfile, ModelRequest, ToolSpec
from droid.engine.context_size import message_tokens, text_tokens, tools_tokens
from droid.engine.core import SessionCore
from droid.engine.lifecycle_hooks import compaction_begins, session_begins
from droid.engine.prompts import prompt_text
from droid.engine.retry import MAX_ATTEMPTS, wait_to_retry

logger = logging.getLogger(__name__)

_CHARACTERS_PER_TOKEN = 4
_KEPT_TOKENS = 5_000
_QUOTED_RESULT_CHARACTERS = 2_000
_LEAST_CHARACTERS = 2_000
_ATTEMPTS_IN_ADVANCE = 2
"""There is still room when a conversation is summarised in advance, so nobody waits long for that."""
_GROWTH_SHARE = 10
_LEAST_GROWTH_TOKENS = 1_000


async def compact_if_long(core: SessionCore, profile: ModelProfile, tools: Sequence[ToolSpec]) -> None:
    """Summarise a conversation that has reached its limit; where that fails, it goes on without.

    Neither a summary that made too little room nor a failure is followed by the next at once: the
    conversation must have grown by a share of the limit first.
    """
    limit = core.settled_policy.compaction.limit(profile)
    size = _size(core, tools)
    if size < max(limit, core.compact_from.get(profile.id, 0)) or not _cut(core.state.messages, limit):
        return
    try:
        await compact(core, profile, attempts=_ATTEMPTS_IN_ADVANCE)
    except ProviderError as error:
        logger.info("a conversation could not be summarised", extra={"kind": error.kind})
        core.emit(Warned(message=f"the conversation could not be summarised, and goes on whole: {error}"))
    core.compact_from[profile.id] = _size(core, tools) + max(limit // _GROWTH_SHARE, _LEAST_GROWTH_TOKENS)


async def compact(core: SessionCore, profile: ModelProfile, *, attempts: int = MAX_ATTEMPTS) -> None:
    """Summarise the conversation; the last messages stay verbatim.

    Args:
        attempts: How often the model is asked before a passing failure is one.

    Raises:
        ProviderError: the summary could not be had or makes no room, or what is kept alone is too large.
    """
    messages = core.state.messages
    kept_from = _cut(messages, core.settled_policy.compaction.limit(profile))
    older = messages[:kept_from]
    if not older:
        raise ProviderError(
            "the last message alone does not fit the model's window; send less, or use a larger model",
            kind=ProviderErrorKind.REJECTED,
        )
    await compaction_begins(core, "auto", "")
    summary = await _summary(core, _writer(core, profile), older, attempts)
    begun = await session_begins(core, "compact")
    opening = user_message(
        "\n\n".join(
            [
                f"<summary>\nThe conversation so far was summarised to make room:\n\n{summary}\n</summary>",
                *begun.context,
            ]
        )
    )
    if message_tokens(opening) >= sum(map(message_tokens, older)):
        raise ProviderError(
            "the summary is no shorter than what it would replace", kind=ProviderErrorKind.REJECTED
        )
    core.ports.forget(core.state.conversation_id)
    core.emit(Compacted(summary=summary, kept=(opening, *messages[kept_from:])))
    # The rules that came with results may be gone: they are told again with the next ones.
    core.known_rules = set(core.first_rules)


def _size(core: SessionCore, tools: Sequence[ToolSpec]) -> int:
    size = core.state.size
    if size.counted:
        return size.counted + size.estimated
    return size.estimated + text_tokens(core.state.system) + tools_tokens(tools)


def _writer(core: SessionCore, profile: ModelProfile) -> ModelProfile:
    """The model that writes the summary."""
    policy = core.settled_policy
    wanted = policy.compaction.model
    if wanted is None:
        return profile
    # Chosen when the turn began; it has to be allowed now, too.
    writer = policy.models.get(wanted) if wanted in core.policy.models else None
    if writer is None:
        core.emit(
            Warned(message=f"no model {wanted!r} (compactionModelMode); {profile.id} writes the summary")
        )
    return writer or profile


async def _summary(core: SessionCore, profile: ModelProfile, messages: list[Message], attempts: int) -> str:
    budget = profile.context_tokens * _CHARACTERS_PER_TOKEN // 2
    attempt = 1
    while True:
        try:
            return await _ask_for_summary(core, profile, _as_text(messages, budget))
        except ProviderError as error:
            if error.kind is ProviderErrorKind.CONTEXT_OVERFLOW and budget > _LEAST_CHARACTERS:
                budget //= 2  # some scripts take a token for each character
            elif attempt >= attempts:
                raise
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


def _cut(messages: list[Message], limit: int) -> int:
    """Where the verbatim part begins: never between a call and its result; 0 where nothing can go.

    Args:
        limit: Tokens at which the conversation is summarised: of a small window, less is kept.
    """
    most = min(_KEPT_TOKENS, limit // 4)
    size = 0
    cut = len(messages)
    for index in range(len(messages) - 1, 0, -1):
        size += message_tokens(messages[index])
        if size > most and cut < len(messages):
            break
        # An answer stands on its own only together with the results that follow it.
        if messages[index].role is Role.ASSISTANT or _is_prompt(messages[index]):
            cut = index
    return cut if cut < len(messages) else 0


def _is_prompt(message: Message) -> bool:
    return message.role is Role.USER and not any(isinstance(p, ToolResultPart) for p in message.parts)


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
