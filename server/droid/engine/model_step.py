"""One model request: streamed, retried where that can help.

A conversation that has grown long is compacted before it is sent, and once more where the provider says
that it does not fit all the same.
"""

import asyncio
import contextlib
from collections.abc import Set
from dataclasses import replace
from itertools import count

from droid.domain.errors import PolicyRefused, ProviderError, ProviderErrorKind
from droid.domain.events import AssistantAnswered, TextDelta, ThinkingDelta
from droid.domain.messages import Message, Part, ToolCallPart
from droid.domain.models import (
    ModelFinished,
    ModelProfile,
    ModelRequest,
    ModelText,
    ModelThinking,
    ModelToolCall,
    ToolSpec,
)
from droid.engine.compaction import compact, compact_if_long
from droid.engine.core import SessionCore
from droid.engine.interrupted import keep_partial_answer
from droid.engine.loading import load_tool_calls
from droid.engine.retry import wait_to_retry


def profile_of(core: SessionCore) -> ModelProfile:
    """The session's model, checked against the policy of this moment.

    Raises:
        PolicyRefused: it is not, or no longer, among the models that may be asked.
    """
    policy = core.policy
    profile = policy.models.get(core.state.model)
    if profile is None:
        raise PolicyRefused(policy.why_not(core.state.model))
    return profile


def offered_tools(core: SessionCore) -> tuple[ToolSpec, ...]:
    """The tools that the model is told of; the same tuple content for the whole session."""
    return tuple(t.spec for t in core.ports.tools if t.spec.name not in core.options.unavailable_tools)


async def ask_model(core: SessionCore) -> ModelFinished:
    """Make the request that the conversation asks for now.

    Raises:
        ProviderError: it failed for good; the message says what to check.
        PolicyRefused: the model may not be asked, or a hook did not let the request leave.
    """
    try:
        return await _ask_until_it_answers(core)
    except (ProviderError, asyncio.CancelledError):
        keep_partial_answer(core)
        raise


async def _ask_until_it_answers(core: SessionCore) -> ModelFinished:
    attempt = 1
    compacted = False
    # What is new is shown to hooks before any of it goes anywhere, to who writes a summary too.
    await core.screening.check()
    # Here no call is open: every result of the step before has joined the conversation.
    await compact_if_long(core, profile_of(core), offered_tools(core))
    while True:
        await core.screening.check()  # a summary is new
        profile = profile_of(core)
        try:
            return await _stream(core, profile)
        except ProviderError as error:
            if error.kind is ProviderErrorKind.CONTEXT_OVERFLOW and not compacted:
                compacted = True
                await compact(core, profile)
            else:
                await wait_to_retry(core, error, attempt)
                attempt += 1


async def _stream(core: SessionCore, profile: ModelProfile) -> ModelFinished:
    state, clock = core.state, core.ports.clock
    request = ModelRequest(
        conversation_id=state.conversation_id,
        profile=profile,
        system=state.system,
        tools=offered_tools(core),
        messages=state.messages,
        reasoning_effort=core.options.reasoning_effort or core.settled_policy.reasoning_effort,
    )
    began = clock.monotonic()
    finished: ModelFinished | None = None
    async with contextlib.aclosing(core.ports.provider(profile).stream(request)) as events:
        async for event in events:
            match event:
                case ModelText(text=text):
                    core.emit(TextDelta(text=text))
                case ModelThinking(text=text):
                    core.emit(ThinkingDelta(text=text))
                case ModelToolCall():
                    load_tool_calls()
                case ModelFinished():
                    finished = event
    if finished is None:
        raise ProviderError("the model's answer ended without an end", kind=ProviderErrorKind.RETRY)
    finished = replace(finished, message=with_unique_calls(finished.message, state.call_ids))
    core.emit(AssistantAnswered(message=finished.message, stop_reason=finished.stop_reason))
    core.report_usage(profile, finished.usage, clock.monotonic() - began)
    return finished


def with_unique_calls(message: Message, used: Set[str]) -> Message:
    """Give calls without an id, or with one that is used, ids of their own: results are matched by them."""
    mine = {call.call_id for call in message.tool_calls}
    seen: set[str] = set()
    parts: list[Part] = []
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            if not part.call_id or part.call_id in seen or part.call_id in used:
                name = part.call_id or "call"
                free = (i for n in count(2) if (i := f"{name}_{n}") not in mine and i not in used)
                part = replace(part, call_id=next(free))
                mine.add(part.call_id)
            seen.add(part.call_id)
        parts.append(part)
    return replace(message, parts=tuple(parts)) if tuple(parts) != message.parts else message
