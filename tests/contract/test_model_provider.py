"""What every model provider keeps: three wires over real HTTP, and the scripted one in memory."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.provider import ScriptedProvider, Turn
from tests.fakes.replay import Answer, ReplayServer, broken, failing, hanging, stream

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.messages import (
    Message,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    Usage,
    user_message,
)
from droid.domain.models import (
    ModelEvent,
    ModelFinished,
    ModelProfile,
    ModelRequest,
    ModelText,
    ModelThinking,
    ModelToolCall,
    StopReason,
    ToolSpec,
    Wire,
)
from droid.domain.ports import ModelProvider
from droid.providers.factory import Providers

STREAMS = Path(__file__).parents[1] / "data" / "streams"
FOLDERS = {"anthropic": Wire.ANTHROPIC, "openai": Wire.OPENAI, "chat": Wire.CHAT_COMPLETIONS}
PLAIN = ModelProfile(id="custom:m", model="m", wire=Wire.CHAT_COMPLETIONS, base_url="http://127.0.0.1:9")
READ = ToolSpec(name="Read", description="Reads.", input_schema={"type": "object"}, read_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an answer says, whichever way it came."""

    text: str = ""
    thinking: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    stop_reason: StopReason
    usage: Usage


ANSWERS = {
    "text": Expected(
        text="Hello, wörld 🌍 – “quoted”\ndone.",
        stop_reason=StopReason.END,
        usage=Usage(input_tokens=25, output_tokens=15, cache_read_tokens=34000, cache_write_tokens=1200),
    ),
    "tools": Expected(
        text="I read both.",
        thinking="Two files are named; read both.",
        calls=(("Read", '{"file_path": "a.py"}'), ("TodoRead", "{}")),
        stop_reason=StopReason.TOOL_CALLS,
        usage=Usage(input_tokens=472, output_tokens=89),
    ),
    "max_tokens": Expected(
        calls=(("Create", '{"file_path": "b.py", "content": "impo'),),
        stop_reason=StopReason.MAX_TOKENS,
        usage=Usage(input_tokens=10, output_tokens=20),
    ),
    "refusal": Expected(
        text="I cannot help with that.",
        stop_reason=StopReason.REFUSAL,
        usage=Usage(input_tokens=10, output_tokens=7),
    ),
}

# What may go wrong, and what the engine may do about it.
FAILURES = {
    "error": ProviderErrorKind.RETRY,  # inside the stream, after some text
    "broken": ProviderErrorKind.RETRY,  # the connection, after some text
    "early end": ProviderErrorKind.RETRY,
    "401": ProviderErrorKind.UNAUTHORISED,
    "403": ProviderErrorKind.UNAUTHORISED,
    "400": ProviderErrorKind.REJECTED,
    "404": ProviderErrorKind.REJECTED,
    "408": ProviderErrorKind.RETRY,
    "409": ProviderErrorKind.RETRY,
    "413": ProviderErrorKind.CONTEXT_OVERFLOW,
    "429": ProviderErrorKind.RETRY,
    "500": ProviderErrorKind.RETRY,
    "503": ProviderErrorKind.RETRY,
    "529": ProviderErrorKind.RETRY,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A provider that will answer as it is told, and the profile to ask it with."""

    provider: ModelProvider
    profile: ModelProfile
    prepare: Callable[..., None]
    """Told scenarios by name, each for one request."""
    gone: Callable[[], Awaitable[object]]
    """Returns when the other side has seen that the client left."""

    def ask(self, *messages: Message, conversation_id: str = "c") -> AsyncGenerator[ModelEvent, None]:
        return self.provider.stream(
            ModelRequest(
                conversation_id=conversation_id,
                profile=self.profile,
                system="Be brief.",
                tools=(READ,),
                messages=messages or (user_message("hi"),),
            )
        )

    async def answer(self, *messages: Message) -> list[ModelEvent]:
        return [event async for event in self.ask(*messages)]


@pytest.fixture(params=[*FOLDERS, "scripted"])
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    if request.param == "scripted":
        yield _scripted()
        return
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(ReplayServer())
        providers = await stack.enter_async_context(contextlib.aclosing(Providers(environ={})))
        wire = FOLDERS[request.param]
        profile = ModelProfile(
            id="custom:m", model="m", wire=wire, base_url=f"{server.url}/v1", api_key="sk-0123456789"
        )

        def prepare(*scenarios: str) -> None:
            server.answers.extend(_http_answer(request.param, name) for name in scenarios)

        yield Subject(providers.for_profile(profile), profile, prepare, server.gone.wait)


def _http_answer(folder: str, name: str) -> Answer:
    def data(stream_name: str) -> bytes:
        return (STREAMS / folder / f"{stream_name}.sse").read_bytes()

    if name.isdigit():
        return failing(int(name), {"error": {"type": "x", "message": "no"}})
    if name == "hang":
        return hanging(_first_text(data("text")))
    if name == "broken":
        return broken(_first_text(data("text")))
    if name == "early end":
        return stream(_first_text(data("text")))
    return stream(data(name))


def _first_text(data: bytes) -> bytes:
    """The beginning of a stream, up to its first piece of text."""
    end = data.index(b"\n\n", data.index(b"Hello")) + 2
    return data[:end]


def _scripted() -> Subject:
    provider = ScriptedProvider()
    never = asyncio.Event()

    async def hang(_: ModelRequest) -> None:
        await never.wait()

    async def gone() -> None:
        assert provider.closed_early or provider.requests

    def prepare(*scenarios: str) -> None:
        provider.play(*(_turn(name) for name in scenarios))

    def _turn(name: str) -> Turn:
        text = ModelText(text="Let me")
        if name == "hang":
            return [text, hang]
        if name in FAILURES:
            error = ProviderError("custom:m: no", kind=FAILURES[name])
            return [error] if name.isdigit() else [text, error]
        return _events(ANSWERS[name])

    return Subject(provider, PLAIN, prepare, gone)


def _events(expected: Expected) -> Turn:
    parts = [
        *([ThinkingPart(text=expected.thinking)] if expected.thinking else []),
        *([TextPart(text=expected.text)] if expected.text else []),
        *(
            ToolCallPart(call_id=f"call_{index}", name=name, arguments=arguments)
            for index, (name, arguments) in enumerate(expected.calls)
        ),
    ]
    deltas: list[ModelEvent] = []
    for part in parts:
        if isinstance(part, ThinkingPart):
            deltas.append(ModelThinking(text=part.text))
        elif isinstance(part, TextPart):
            deltas += [ModelText(text=part.text[:5]), ModelText(text=part.text[5:])]
        else:
            deltas.append(ModelToolCall(call_id=part.call_id, name=part.name))
    message = Message(role=Role.ASSISTANT, parts=tuple(parts))
    return [
        *deltas,
        ModelFinished(message=message, stop_reason=expected.stop_reason, usage=expected.usage),
    ]


def _finished(events: Sequence[ModelEvent]) -> ModelFinished:
    last = events[-1]
    assert isinstance(last, ModelFinished)
    return last


@pytest.mark.parametrize("scenario", ANSWERS)
async def test_an_answer_says_the_same_whichever_way_it_came(subject: Subject, scenario: str) -> None:
    subject.prepare(scenario)
    finished = _finished(await subject.answer())
    message, expected = finished.message, ANSWERS[scenario]
    thinking = "".join(part.text for part in message.parts if isinstance(part, ThinkingPart))
    calls = tuple((call.name, call.arguments) for call in message.tool_calls)
    assert message.role is Role.ASSISTANT
    assert (
        Expected(
            text=message.text,
            thinking=thinking,
            calls=calls,
            stop_reason=finished.stop_reason,
            usage=finished.usage,
        )
        == expected
    )


@pytest.mark.parametrize("scenario", ANSWERS)
async def test_what_is_streamed_is_what_the_message_holds(subject: Subject, scenario: str) -> None:
    subject.prepare(scenario)
    events = await subject.answer()
    finished = _finished(events)
    assert [event for event in events if isinstance(event, ModelFinished)] == [finished]
    assert "".join(e.text for e in events if isinstance(e, ModelText)) == finished.message.text
    thinking = "".join(e.text for e in events if isinstance(e, ModelThinking))
    assert thinking == "".join(p.text for p in finished.message.parts if isinstance(p, ThinkingPart))
    announced = [(e.call_id, e.name) for e in events if isinstance(e, ModelToolCall)]
    assert announced == [(call.call_id, call.name) for call in finished.message.tool_calls]
    assert all(event.text for event in events if isinstance(event, ModelText | ModelThinking))


async def test_call_ids_are_there_and_differ(subject: Subject) -> None:
    subject.prepare("tools")
    ids = [call.call_id for call in _finished(await subject.answer()).message.tool_calls]
    assert all(ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("scenario", FAILURES)
async def test_failures_have_the_kind_that_the_engine_acts_on(subject: Subject, scenario: str) -> None:
    subject.prepare(scenario)
    with pytest.raises(ProviderError) as caught:
        await subject.answer()
    error = caught.value
    assert error.kind is FAILURES[scenario]
    assert "\n" not in str(error)
    assert subject.profile.id in str(error)
    assert "sk-0123456789" not in repr(error) + str(error)


@pytest.mark.parametrize("scenario", ["error", "broken", "early end"])
async def test_what_came_before_a_failure_is_passed_on(subject: Subject, scenario: str) -> None:
    subject.prepare(scenario)
    seen: list[ModelEvent] = []
    try:
        async for event in subject.ask():
            seen.append(event)  # noqa: PERF401 - a comprehension would lose it with the error
    except ProviderError:
        pass
    else:
        pytest.fail("nothing was raised")
    assert seen
    assert isinstance(seen[0], ModelText)


async def test_a_failure_leaves_the_provider_usable(subject: Subject) -> None:
    subject.prepare("429", "error", "text")
    for _ in range(2):
        with pytest.raises(ProviderError):
            await subject.answer()
    assert _finished(await subject.answer()).message.text == ANSWERS["text"].text


async def test_leaving_early_ends_the_request_at_once(subject: Subject) -> None:
    subject.prepare("hang", "text")
    events = subject.ask()
    await anext(events)
    started = time.monotonic()
    await events.aclose()
    assert time.monotonic() - started < 3  # the server would hold it for ever
    async with asyncio.timeout(5):
        await subject.gone()
    assert _finished(await subject.answer()).message.text == ANSWERS["text"].text


async def test_a_cancel_in_mid_stream_ends_at_once(subject: Subject) -> None:
    subject.prepare("hang", "text")
    reached = asyncio.Event()

    async def consume() -> None:
        async with contextlib.aclosing(subject.ask()) as events:
            async for _ in events:
                reached.set()

    task = asyncio.create_task(consume())
    async with asyncio.timeout(5):
        await reached.wait()
    await asyncio.sleep(0)  # into the wait for more
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 3  # the server would hold it for ever
    async with asyncio.timeout(5):
        await subject.gone()
    assert _finished(await subject.answer()).message.text == ANSWERS["text"].text


async def test_a_conversation_goes_on_with_what_the_model_said(subject: Subject) -> None:
    subject.prepare("tools", "text")
    prompt = user_message("read a.py")
    answer = _finished(await subject.answer(prompt)).message
    results = Message(
        role=Role.USER,
        parts=tuple(ToolResultPart(call_id=call.call_id, text="x = 1") for call in answer.tool_calls),
    )
    assert _finished(await subject.answer(prompt, answer, results)).message.text == ANSWERS["text"].text


async def test_conversations_run_side_by_side(subject: Subject) -> None:
    subject.prepare(*["text"] * 8)

    async def one(number: int) -> str:
        events = [event async for event in subject.ask(conversation_id=f"c{number}")]
        return _finished(events).message.text

    texts = await asyncio.gather(*(one(number) for number in range(8)))
    assert set(texts) == {ANSWERS["text"].text}


async def test_a_conversation_can_be_forgotten_whether_it_is_known_or_not(subject: Subject) -> None:
    subject.prepare("text", "text")
    subject.provider.forget("never seen")
    await subject.answer()
    subject.provider.forget("c")
    assert _finished(await subject.answer()).message.text == ANSWERS["text"].text
