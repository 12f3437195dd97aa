"""One model request: streamed, retried where that can help, compacted once where it does not fit."""

import asyncio
import contextlib
from dataclasses import replace

from droid.domain.errors import PolicyRefused, ProviderError, ProviderErrorKind
from droid.domain.events import AssistantAnswered, RetryScheduled, TextDelta, ThinkingDelta, UsageReported
from droid.domain.messages import Message, Part, Role, TextPart, ToolCallPart
from droid.domain.models import (
    ModelFinished,
    ModelProfile,
    ModelRequest,
    ModelText,
    ModelThinking,
    ModelToolCall,
    ToolSpec,
)
from droid.engine.compaction import compact
from droid.engine.core import SessionCore
from droid.engine.retry import MAX_ATTEMPTS, retry_delay_s


def profile_of(core: SessionCore) -> ModelProfile:
    """The session's model, checked against the policy of this moment.

    Raises:
        PolicyRefused: it is not, or no longer, among the models that may be asked.
    """
    models = core.ports.policy().models
    profile = models.get(core.state.model)
    if profile is None:
        known = ", ".join(sorted(models)) or "none: add one to customModels in ~/.factory/settings.json"
        raise PolicyRefused(f"no model {core.state.model or 'is set'!r}; configured are {known}")
    return profile


def offered_tools(core: SessionCore) -> tuple[ToolSpec, ...]:
    """The tools that the model is told of; the same tuple content for the whole session."""
    return tuple(t.spec for t in core.ports.tools if t.spec.name not in core.options.unavailable_tools)


async def ask_model(core: SessionCore) -> ModelFinished:
    """Make the request that the conversation asks for now.

    Raises:
        ProviderError: it failed for good; the message says what to check.
        PolicyRefused: the model may not be asked.
    """
    attempt = 1
    compacted = False
    while True:
        profile = profile_of(core)
        try:
            return await _stream(core, profile)
        except ProviderError as error:
            if error.kind is ProviderErrorKind.CONTEXT_OVERFLOW and not compacted:
                compacted = True
                await compact(core, profile)
                continue
            delay_s = retry_delay_s(error, attempt)
            if delay_s is None:
                _keep_partial(core)
                if error.kind is ProviderErrorKind.RETRY:
                    raise _given_up(error, attempt) from error
                raise
            core.emit(RetryScheduled(attempt=attempt, delay_s=delay_s, reason=str(error)))
            core.state.partial_text.clear()
            await core.ports.clock.sleep(delay_s)
            attempt += 1


async def _stream(core: SessionCore, profile: ModelProfile) -> ModelFinished:
    state, clock = core.state, core.ports.clock
    request = ModelRequest(
        conversation_id=f"{state.session_id}#{state.conversation}",
        profile=profile,
        system=state.system,
        tools=offered_tools(core),
        messages=state.messages,
        reasoning_effort=core.options.reasoning_effort or core.ports.policy().reasoning_effort,
    )
    began = clock.monotonic()
    finished: ModelFinished | None = None
    try:
        stream = core.ports.provider(profile).stream(request)
        async with contextlib.aclosing(stream) as events:
            async for event in events:
                match event:
                    case ModelText(text=text):
                        core.emit(TextDelta(text=text))
                    case ModelThinking(text=text):
                        core.emit(ThinkingDelta(text=text))
                    case ModelToolCall():
                        pass
                    case ModelFinished():
                        finished = event
    except asyncio.CancelledError:
        _keep_partial(core)
        raise
    if finished is None:
        raise ProviderError("the model's answer ended without an end", kind=ProviderErrorKind.RETRY)
    finished = replace(finished, message=_with_unique_calls(finished.message))
    core.emit(AssistantAnswered(message=finished.message, stop_reason=finished.stop_reason))
    cost = profile.price.cost_usd(finished.usage) if profile.price else None
    core.emit(
        UsageReported(
            model=profile.id, usage=finished.usage, cost_usd=cost, duration_s=clock.monotonic() - began
        )
    )
    return finished


def _given_up(error: ProviderError, attempts: int) -> ProviderError:
    """The same error, saying why it is not tried again."""
    if attempts < MAX_ATTEMPTS:
        why = f"it asks to wait {error.retry_after_s:g} s, which is too long to sit through"
    else:
        why = f"gave up after {attempts} attempts"
    return ProviderError(f"{error} ({why})", kind=error.kind, status=error.status)


def _with_unique_calls(message: Message) -> Message:
    """Give calls that share an id, or have none, ids of their own: results are matched by them."""
    seen: set[str] = set()
    parts: list[Part] = []
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            if not part.call_id or part.call_id in seen:
                part = replace(part, call_id=f"{part.call_id or 'call'}_{len(seen) + 1}")
            seen.add(part.call_id)
        parts.append(part)
    return replace(message, parts=tuple(parts)) if tuple(parts) != message.parts else message


def _keep_partial(core: SessionCore) -> None:
    """What the person has read stays in the conversation; calls that were half written do not."""
    text = "".join(core.state.partial_text)
    if text:
        message = Message(role=Role.ASSISTANT, parts=(TextPart(text=text),))
        core.emit(AssistantAnswered(message=message, stop_reason=None))
