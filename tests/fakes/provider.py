"""A model that follows a script, in memory: no HTTP, no wire format.

    provider = ScriptedProvider([[*call("Read", file_path="a.py")], [*say("done")]])

A script is a list of turns, one for each request. A turn is a list of steps, played in order:

    a `ModelEvent`      is streamed
    a `ProviderError`   is raised
    a callable          is given the request; what it returns (awaited, where it can be) is a step, a
                        list of steps, or None: to look at a request, to wait, to decide late

A turn whose last step is no `ModelFinished` gets one that fits what was streamed. A request beyond the
script is an `AssertionError`.
"""

import inspect
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from droid.domain.errors import ProviderError
from droid.domain.messages import Message, Part, Role, TextPart, ThinkingPart, ToolCallPart, Usage
from droid.domain.models import (
    ModelEvent,
    ModelFinished,
    ModelRequest,
    ModelText,
    ModelThinking,
    ModelToolCall,
    StopReason,
)

Step = ModelEvent | ProviderError
Answer = Step | Sequence[Step] | None
Callback = Callable[[ModelRequest], Answer | Awaitable[Answer]]
Turn = Sequence[Step | Callback]

USAGE = Usage(input_tokens=100, output_tokens=10)


def say(text: str, *, usage: Usage = USAGE, stop_reason: StopReason = StopReason.END) -> list[Step]:
    """A turn that answers with text."""
    return [ModelText(text=text), _finished([TextPart(text=text)], stop_reason, usage)]


def call(name: str, /, **arguments: Any) -> list[Step]:
    """A turn that asks for one tool."""
    return calls((name, arguments))


def calls(*wanted: tuple[str, Mapping[str, Any] | str], text: str = "", usage: Usage = USAGE) -> list[Step]:
    """A turn that asks for several tools; arguments given as a string are passed on as they are."""
    parts: list[Part] = [TextPart(text=text)] if text else []
    steps: list[Step] = [ModelText(text=text)] if text else []
    for number, (name, arguments) in enumerate(wanted, start=1):
        written = arguments if isinstance(arguments, str) else json.dumps(arguments)
        part = ToolCallPart(call_id=f"call_{number}", name=name, arguments=written)
        parts.append(part)
        steps.append(ModelToolCall(call_id=part.call_id, name=name))
    return [*steps, _finished(parts, StopReason.TOOL_CALLS, usage)]


class ScriptedProvider:
    """Plays its turns, one for each request.

    Attributes:
        requests: What was asked, in order; `messages` is as it was at that moment.
        forgotten: The conversations that were forgotten.
        closed_early: How many streams were left before their end.
    """

    def __init__(self, script: Iterable[Turn] = ()) -> None:
        self.requests: list[ModelRequest] = []
        self.forgotten: list[str] = []
        self.closed_early = 0
        self._turns: list[Turn] = list(script)

    def play(self, *turns: Turn) -> None:
        """Add turns to the script."""
        self._turns.extend(turns)

    @property
    def turns_left(self) -> int:
        return len(self._turns)

    def forget(self, conversation_id: str) -> None:
        self.forgotten.append(conversation_id)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        self.requests.append(_copy(request))
        assert self._turns, f"request {len(self.requests)} is beyond the script"
        turn = self._turns.pop(0)
        streamed: list[ModelEvent] = []
        try:
            for step in turn:
                for event in await _steps(step, request):
                    if isinstance(event, ProviderError):
                        raise event
                    streamed.append(event)
                    yield event
            if not streamed or not isinstance(streamed[-1], ModelFinished):
                yield _end_of(streamed)
        except GeneratorExit:
            if not streamed or not isinstance(streamed[-1], ModelFinished):
                self.closed_early += 1
            raise


async def _steps(step: Step | Callback, request: ModelRequest) -> Sequence[Step]:
    if not callable(step):
        return [step]
    answer = step(request)
    if inspect.isawaitable(answer):
        answer = await answer
    if answer is None:
        return []
    return answer if isinstance(answer, Sequence) else [answer]


def _end_of(streamed: Iterable[ModelEvent]) -> ModelFinished:
    parts: list[Part] = []
    for event in streamed:
        if isinstance(event, ModelThinking):
            parts.append(ThinkingPart(text=event.text))
        elif isinstance(event, ModelText):
            parts.append(TextPart(text=event.text))
        elif isinstance(event, ModelToolCall):
            parts.append(ToolCallPart(call_id=event.call_id, name=event.name, arguments="{}"))
    wants_tools = any(isinstance(part, ToolCallPart) for part in parts)
    return _finished(parts, StopReason.TOOL_CALLS if wants_tools else StopReason.END, USAGE)


def _finished(parts: Sequence[Part], stop_reason: StopReason, usage: Usage) -> ModelFinished:
    message = Message(role=Role.ASSISTANT, parts=tuple(parts))
    return ModelFinished(message=message, stop_reason=stop_reason, usage=usage)


def _copy(request: ModelRequest) -> ModelRequest:
    """The request with the messages of this moment, for callers may go on to append to their list."""
    return ModelRequest(
        conversation_id=request.conversation_id,
        profile=request.profile,
        system=request.system,
        tools=tuple(request.tools),
        messages=tuple(request.messages),
        reasoning_effort=request.reasoning_effort,
    )
