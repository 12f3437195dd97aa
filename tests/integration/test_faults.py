"""What goes wrong: the model, the disk, a tool, a listener. Each is told in one clear line; nothing ends
the program, and nothing happens that could not be written down."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.errors import LogWriteFailed
from droid.domain.events import (
    AssistantAnswered,
    Compacted,
    Event,
    Record,
    RetryScheduled,
    ToolFinished,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
    UsageReported,
)
from droid.domain.ports import EventLog

DONE = {"text": "done"}


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"status": 429, "retry_after": 0}, "429"),
        ({"status": 500}, "500"),
        ({"status": 503, "html": True}, "503"),
        ({"refuse": True}, "connection"),
        ({"calls": [call("Create", file_path="a", content="x" * 400)], "cut": "call"}, "broke"),
        ({"text": "half a sentence and more", "cut": "text"}, "broke"),
        ({"text": "x", "garbage": "http"}, "HTTP"),
    ],
)
async def test_a_passing_failure_is_tried_again_and_told(
    tmp_path: Path, step: dict[str, Any], told: str
) -> None:
    async with workbench(tmp_path, [step, DONE]) as bench:
        ended = await bench.ask()
        assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "done")
        [retry] = bench.events(RetryScheduled)
        assert told.lower() in retry.reason.lower()
        assert "\n" not in retry.reason
        assert list(bench.workspace.iterdir()) == []


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"status": 401}, "key"),
        ({"status": 403}, "403"),
        ({"status": 404}, "model"),
        ({"status": 400, "message": "no such parameter"}, "no such parameter"),
        ({"status": 429, "retry_after": 3600}, "3600"),
    ],
)
async def test_a_lasting_failure_ends_the_turn_in_one_line_and_the_session_goes_on(
    tmp_path: Path, step: dict[str, Any], told: str
) -> None:
    async with workbench(tmp_path, [step, DONE]) as bench:
        ended = await bench.ask()
        assert ended.reason is TurnEndReason.PROVIDER
        assert told.lower() in ended.message.lower()
        assert "\n" not in ended.message
        assert "not-a-key" not in ended.message
        assert (await bench.ask("again")).answer == "done"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"name": "Read", "arguments": '{"file_path": "a'}, "JSON"),
        ({"name": "Read", "arguments": "[1]"}, "object"),
        ({"name": "Read", "arguments": "{}"}, "file_path"),
        ({"name": "Read", "arguments": '{"file_path": [7]}'}, "file_path"),
        ({"name": "Reed", "arguments": "{}"}, "no such tool"),
        ({"name": "rm -rf /", "arguments": ""}, "no such tool"),
        ({"name": "Read", "arguments": '{"file_path": "missing.txt"}'}, "missing.txt"),
        ({"name": "Read", "arguments": '{"file_path": "a\\u0000b"}'}, ""),
        ({"name": "Edit", "arguments": '{"file_path": "a", "old_str": "x", "new_str": "y"}'}, "a"),
        ({"name": "Execute", "arguments": '{"command": "exit 7"}'}, "7"),
        ({"name": "Execute", "arguments": '{"command": "no-such-program-here"}'}, "127"),
        ({"name": "Create", "arguments": '{"file_path": "../../../../proc/x", "content": ""}'}, ""),
    ],
)
async def test_a_bad_call_is_a_result_for_the_model(tmp_path: Path, made: dict[str, Any], told: str) -> None:
    async with workbench(tmp_path, [{"calls": [made]}, DONE], interactive=False, stop_on_ask=False) as bench:
        ended = await bench.ask()
        assert ended.answer == "done"
        assert bench.results[0].is_error
        assert told in bench.results[0].text


async def test_a_megabyte_of_text_is_an_answer(tmp_path: Path) -> None:
    async with workbench(tmp_path, [{"text_bytes": 1_000_000}]) as bench:
        ended = await bench.ask()
        assert len(ended.answer) == 1_000_000
        assert bench.text == ended.answer


async def test_a_conversation_that_does_not_fit_is_summarised_once(tmp_path: Path) -> None:
    overflow = {"status": 400, "message": "This model's maximum context length is 8192 tokens"}
    script = [
        DONE,
        overflow,
        {"system": "You are given the record", "text": "They said hello."},
        {"text": "going on"},
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask("hello " * 5_000)
        ended = await bench.ask("and now?")
        assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "going on")
        [compacted] = bench.events(Compacted)
        assert compacted.summary == "They said hello."
        assert compacted.kept[-1].text.endswith("and now?")
        sent = bench.server.requests[-1]["body"]["messages"]
        assert "They said hello." in sent[1]["content"]
        assert "hello hello" not in str(sent)


async def test_a_conversation_that_still_does_not_fit_ends_the_turn(tmp_path: Path) -> None:
    overflow = {"status": 400, "message": "maximum context length exceeded", "repeat": True}
    async with workbench(tmp_path, [DONE, overflow]) as bench:
        await bench.ask("hello " * 5_000)
        ended = await bench.ask("and now?")
        assert ended.reason is TurnEndReason.PROVIDER


async def test_what_was_said_before_a_lasting_failure_is_kept_once(tmp_path: Path) -> None:
    stop = {"text": "half an answer, then a refusal", "garbage": "events"}
    async with workbench(tmp_path, [stop, {"status": 401}, {"text": "second"}]) as bench:
        await bench.ask()
        assert (await bench.ask("again")).answer == "second"
        assert bench.session.records[-1].event.type == "turn_ended"
        said = [e.message.text for e in bench.events(AssistantAnswered)]
        assert said[-1] == "second"


async def test_a_failing_listener_does_not_end_the_turn(tmp_path: Path) -> None:
    def fails(record: Record) -> None:
        raise RuntimeError("the surface is broken")

    async with workbench(tmp_path, [DONE]) as bench:
        bench.session.subscribe(fails)
        assert (await bench.ask()).reason is TurnEndReason.DONE


class FullDisk:
    """A log whose disk is full from a given event on."""

    def __init__(self, log: EventLog, fills_at: type[Event]) -> None:
        self._log, self._fills_at, self._full = log, fills_at, False
        self.path = getattr(log, "path", None)

    def append(self, record: Record) -> None:
        self._full = self._full or isinstance(record.event, self._fills_at)
        if self._full:
            raise LogWriteFailed("the transcript cannot be written: no space left on device")
        self._log.append(record)

    async def sync(self) -> None:
        await self._log.sync()

    def close(self) -> None:
        self._log.close()


def full_disk_at(event: type[Event]) -> Callable[[EventLog], EventLog]:
    return lambda log: FullDisk(log, event)


async def ended_with_full_disk(bench: Workbench) -> TurnEnded:
    ended = await bench.ask()
    assert ended.reason is TurnEndReason.ERROR
    assert "no space left" in ended.message
    return ended


async def test_what_cannot_be_written_down_is_not_run(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch made")), DONE]
    async with workbench(tmp_path, script, wrap_log=full_disk_at(ToolStarted)) as bench:
        await ended_with_full_disk(bench)
        assert list(bench.workspace.iterdir()) == []


@pytest.mark.parametrize("event", [UsageReported, ToolFinished, TurnEnded])
async def test_a_disk_that_fills_up_ends_the_turn_wherever_it_is(tmp_path: Path, event: type[Event]) -> None:
    script = [calls(call("Execute", command="touch made"), call("LS", directory_path=".")), DONE]
    async with workbench(tmp_path, script, wrap_log=full_disk_at(event)) as bench:
        bench.session.prompt("please")
        async with asyncio.timeout(20):
            ended = await bench.session.wait()
        assert ended is not None
        expected = TurnEndReason.DONE if event is TurnEnded else TurnEndReason.ERROR
        assert ended.reason is expected


async def test_a_cancel_at_any_moment_leaves_a_session_that_goes_on(tmp_path: Path) -> None:
    script: list[dict[str, Any]] = [
        dict(calls(call("Execute", command="echo a; sleep 0.02; echo b"), call("LS", directory_path="."))),
        {"text": "words " * 20, "chunk_chars": 10, "chunk_delay_s": 0.002},
    ]
    async with workbench(tmp_path, []) as bench:
        for number in range(25):
            bench.server.play([*script, {"text": "fine"}])
            bench.session.prompt("please")
            await asyncio.sleep(0.006 * number)
            await bench.session.cancel()
            bench.server.play([{"text": "fine"}])
            ended = await bench.ask("go on")
            assert ended.answer == "fine", number
        messages = bench.server.requests[-1]["body"]["messages"]
        owed: set[str] = set()
        for message in messages:
            owed -= {message.get("tool_call_id", "")}
            if message["role"] == "assistant":
                assert not owed
                owed = {made["id"] for made in message.get("tool_calls") or ()}
        assert not owed
