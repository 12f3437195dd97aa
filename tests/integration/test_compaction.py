"""Conversations that grow long are summarised before they stop fitting the model's window."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.model_server import measured
from tests.integration.test_engine_breakage import valid
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.events import (
    Compacted,
    Record,
    RetryScheduled,
    StepStarted,
    ToolFinished,
    TurnEndReason,
    Warned,
)

TOLD = "You are given the record"
SUMMARY = {"system": TOLD, "text": "## Goal\nFind the treasure.", "repeat": True}
DONE = {"text": "done", "usage": "measured"}
WINDOW = 16_000
LIMIT = 9_000
BIG = "gold " * 9_000  # some 11,000 tokens


def of_summaries(bench: Workbench) -> list[Mapping[str, Any]]:
    return [request["body"] for request in bench.server.requests if TOLD in str(request["body"])[:4_000]]


def others(bench: Workbench) -> list[Mapping[str, Any]]:
    return [request["body"] for request in bench.server.requests if TOLD not in str(request["body"])[:4_000]]


def small_window(limit: int | None = LIMIT, **more: Any) -> dict[str, Any]:
    """Settings with a limit; the window stays as large as it is by default."""
    return {**({"compactionTokenLimit": limit} if limit else {}), **more}


async def test_a_conversation_at_its_limit_is_summarised_before_the_next_request(tmp_path: Path) -> None:
    script = [SUMMARY, DONE, {**DONE, "text": "going on"}]
    async with workbench(tmp_path, script, settings=small_window()) as bench:
        await bench.ask(BIG)
        assert not bench.events(Compacted)
        ended = await bench.ask("and now?")
        assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "going on")
        [compacted] = bench.events(Compacted)
        assert compacted.summary == "## Goal\nFind the treasure."
        assert compacted.kept[-1].text.endswith("and now?")
        sent = json.dumps(others(bench)[-1])
        assert "Find the treasure." in sent
        assert "gold gold" not in sent
        kinds = [record.event.type for record in bench.session.records]
        assert kinds.count("compacted") == 1
        assert "gold gold" in str([record.event for record in bench.session.records])
        assert ended.usage.total_tokens > 1_000, "the summary is paid for, and counts"


@pytest.mark.parametrize(
    ("settings", "summaries"),
    [
        ({}, 0),
        ({"compactionTokenLimit": 500_000}, 0),
        ({"compactionTokenLimit": LIMIT}, 1),
        ({"compactionTokenLimit": LIMIT, "compactionTokenLimitPerModel": {"custom:fake": 60_000}}, 0),
        ({"compactionTokenLimitPerModel": {"custom:fake": LIMIT}}, 1),
        ({"compactionTokenLimitPerModel": {"custom:other": LIMIT}}, 0),
    ],
)
async def test_the_settings_say_when(tmp_path: Path, settings: dict[str, Any], summaries: int) -> None:
    script = [SUMMARY, DONE, DONE]
    async with workbench(tmp_path, script, settings=settings) as bench:
        await bench.ask(BIG)
        await bench.ask("and now?")
        assert len(of_summaries(bench)) == summaries


async def test_what_the_provider_counts_is_believed(tmp_path: Path) -> None:
    counted = {"text": "done", "usage": {"input_tokens": 120_000, "output_tokens": 10}}
    async with workbench(tmp_path, [SUMMARY, counted, DONE, DONE]) as bench:
        await bench.ask("look " * 2_000)
        await bench.ask("and now?")
        assert len(bench.events(Compacted)) == 1, "80 % of the default window of 128,000"
        await bench.ask("and now?")
        assert len(bench.events(Compacted)) == 1


async def test_what_joined_since_the_last_answer_is_estimated(tmp_path: Path) -> None:
    """A result of a call counts before any provider has seen it."""
    script = [
        SUMMARY,
        {**calls(call("LS", directory_path=".")), "usage": "measured"},
        {**calls(call("Read", file_path="big")), "usage": "measured"},
        DONE,
    ]
    async with workbench(tmp_path, script, settings=small_window()) as bench:
        bench.write("big", "gold and silver\n" * 2_000)
        assert (await bench.ask("look " * 500)).answer == "done"
        assert len(bench.events(Compacted)) == 1
        assert valid(list(others(bench)[-1]["messages"]))


async def test_a_provider_that_counts_nothing_is_estimated_for(tmp_path: Path) -> None:
    silent = {"text": "done", "usage": {"input_tokens": 0, "output_tokens": 0}}
    async with workbench(tmp_path, [SUMMARY, silent, silent], settings=small_window()) as bench:
        await bench.ask(BIG)
        await bench.ask("and now?")
        assert len(bench.events(Compacted)) == 1


async def test_a_long_session_fits_its_window_all_the_way(tmp_path: Path) -> None:
    """Many steps over many turns: no request is ever too large, none is malformed, and the last results
    are always there, word for word."""
    steps = 60
    script: list[dict[str, Any]] = [SUMMARY]
    for number in range(steps):
        made = calls(
            call("Read", call_id=f"r{number}", file_path="big", offset=1 + number, limit=120),
            call("LS", call_id=f"l{number}", directory_path="."),
            text=f"step {number}",
        )
        script.append({**made, "usage": "measured"})
        if number % 10 == 9:
            script.append({"text": f"turn {number // 10} is done", "usage": "measured"})
    window = {"compactionTokenLimit": int(WINDOW * 0.8)}
    async with workbench(tmp_path, script, settings=window) as bench:
        bench.write("big", "".join(f"line {number} of the treasure map\n" for number in range(400)))
        for turn in range(steps // 10):
            ended = await bench.ask(f"go on with part {turn}")
            assert ended.answer == f"turn {turn} is done"
        made = bench.events(Compacted)
        assert 3 <= len(made) <= steps // 3
        assert not bench.events(Warned)
        for body in others(bench):
            assert measured(body).input_tokens < WINDOW
            assert valid(list(body["messages"]))
        assert len(bench.events(StepStarted)) == steps + steps // 10
        assert f"l{steps - 1}" in json.dumps(others(bench)[-1])
        session_id = bench.session.id
        before = [message.text for message in bench.session._core.state.messages]  # pyright: ignore[reportPrivateUsage]
        size = bench.session._core.state.size  # pyright: ignore[reportPrivateUsage]
    async with workbench(tmp_path, [SUMMARY, DONE], resume=session_id, settings=window) as again:
        core = again.session._core  # pyright: ignore[reportPrivateUsage]
        assert [message.text for message in core.state.messages] == before
        assert core.state.size == size
        assert (await again.ask("where were we?")).answer == "done"
        sent = list(others(again)[-1]["messages"])
        assert "Find the treasure." in json.dumps(sent[:2])
        assert valid(sent)


async def test_a_session_that_ended_at_its_limit_is_summarised_when_it_is_taken_up(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE], settings=small_window()) as bench:
        await bench.ask(BIG)
        session_id = bench.session.id
    async with workbench(tmp_path, [SUMMARY, DONE], resume=session_id, settings=small_window()) as again:
        assert (await again.ask("and now?")).answer == "done"
        assert len(again.events(Compacted)) == 1


@pytest.mark.parametrize(
    "failure",
    [
        {"status": 401},
        {"status": 400, "message": "no such parameter"},
        {"status": 429, "retry_after": 0},
        {"refuse": True},
        {"text": "   "},
        {"text": "gold " * 20_000},
    ],
)
async def test_a_summary_that_cannot_be_had_is_gone_on_without_and_not_asked_for_again_at_once(
    tmp_path: Path, failure: dict[str, Any]
) -> None:
    fails = {"system": TOLD, **failure, "repeat": True}
    script = [fails, DONE, {**calls(call("LS", directory_path=".")), "usage": "measured"}, DONE, DONE]
    async with workbench(tmp_path, script, settings=small_window()) as bench:
        await bench.ask(BIG)
        ended = await bench.ask("and now?")
        assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "done")
        assert (await bench.ask("and then?")).answer == "done"
        assert not bench.events(Compacted)
        [warned] = bench.events(Warned)
        assert "could not be summarised" in warned.message
        assert 1 <= len(of_summaries(bench)) <= 2
        assert "gold gold" in json.dumps(others(bench)[-1])
        assert len(bench.events(RetryScheduled)) <= 1


async def test_it_is_tried_again_when_the_conversation_has_grown(tmp_path: Path) -> None:
    script = [{"system": TOLD, "status": 401}, SUMMARY, DONE, DONE, DONE, DONE]
    async with workbench(tmp_path, script, settings=small_window()) as bench:
        await bench.ask(BIG)
        await bench.ask("and now?")
        assert len(bench.events(Warned)) == 1
        await bench.ask("silver " * 1_000)
        assert len(bench.events(Compacted)) == 1


async def test_a_summary_that_makes_too_little_room_is_not_followed_by_the_next_at_once(
    tmp_path: Path,
) -> None:
    """With a limit that not even the system prompt keeps to, each turn would only be summaries."""
    looks = [
        {**calls(call("LS", call_id=f"c{n}", directory_path="." + "/." * n)), "usage": "measured"}
        for n in range(12)
    ]
    async with workbench(tmp_path, [SUMMARY, *looks, DONE], settings=small_window(1)) as bench:
        bench.write("a", "x")
        assert (await bench.ask("look around " * 40)).answer == "done"
        assert len(of_summaries(bench)) <= 2
        assert len(bench.events(ToolFinished)) == 12


async def test_a_cancel_while_a_summary_is_written_leaves_the_conversation_as_it_was(tmp_path: Path) -> None:
    hangs = {"system": TOLD, "text": "## Goal\nhalf of it", "hang": "text"}
    async with workbench(tmp_path, [hangs, SUMMARY, DONE, DONE], settings=small_window()) as bench:
        await bench.ask(BIG)
        bench.session.prompt("and now?")
        await _until_asked(bench, 1)
        assert await bench.session.cancel()
        ended = await bench.end()
        assert ended.reason is TurnEndReason.CANCELLED
        assert not bench.events(Compacted)
        assert not [record for record in bench.session.records if "half of it" in str(record.event)]
        session_id = bench.session.id
        assert (await bench.ask("go on")).answer == "done"
        assert len(bench.events(Compacted)) == 1
        sent = list(others(bench)[-1]["messages"])
        assert "and now?" in json.dumps(sent)
        assert valid(sent)
    async with workbench(tmp_path, [SUMMARY, DONE], resume=session_id, settings=small_window()) as again:
        assert (await again.ask("and then?")).answer == "done"
        assert not again.events(Compacted)


async def _until_asked(bench: Workbench, number: int) -> None:
    async with asyncio.timeout(20):
        while len(of_summaries(bench)) < number:
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    ("mode", "writer", "warned"),
    [("same", "fake-model", 0), ("custom:writer", "writer-model", 0), ("custom:gone", "fake-model", 1)],
)
async def test_another_model_may_write_the_summary(
    tmp_path: Path, mode: str, writer: str, warned: int
) -> None:
    async with workbench(
        tmp_path, [SUMMARY, DONE, DONE], settings=small_window(compactionModelMode=mode)
    ) as bench:
        settings = tmp_path / "home" / ".factory" / "settings.json"
        given = json.loads(settings.read_text())
        models = given["customModels"]
        models.append({**models[0], "id": "custom:writer", "model": "writer-model"})
        settings.write_text(json.dumps(given))
        bench.runtime.policies.engine.changed()
        await bench.ask(BIG)
        await bench.ask("and now?")
        assert [body["model"] for body in of_summaries(bench)] == [writer]
        assert others(bench)[-1]["model"] == "fake-model"
        assert len(bench.events(Warned)) == warned


async def test_a_model_that_is_blocked_meanwhile_writes_no_summary(tmp_path: Path) -> None:
    async with workbench(
        tmp_path, [SUMMARY, DONE, DONE], settings=small_window(compactionModelMode="custom:writer")
    ) as bench:
        settings = tmp_path / "home" / ".factory" / "settings.json"
        given = json.loads(settings.read_text())
        models = given["customModels"]
        models.append({**models[0], "id": "custom:writer", "model": "writer-model"})
        settings.write_text(json.dumps(given))
        bench.runtime.policies.engine.changed()
        await bench.ask(BIG)

        def forbid(record: Record) -> None:
            if record.event.type == "step_started":
                settings.write_text(json.dumps(given | {"modelPolicy": {"blockedModelIds": ["writer"]}}))
                bench.runtime.policies.engine.changed()

        bench.session.subscribe(forbid)
        await bench.ask("and now?")
        assert [body["model"] for body in of_summaries(bench)] == ["fake-model"]
