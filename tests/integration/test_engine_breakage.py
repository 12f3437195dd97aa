"""Attempts to break a session: prompts, steers, cancels and undos that cross, tools and models that misbehave."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.errors import LogWriteFailed, PolicyRefused, ToolFailed
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    Compacted,
    FilesChanged,
    QuestionAsked,
    Record,
    SessionRenamed,
    Steered,
    TextDelta,
    ToolFinished,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    UsageReported,
)
from droid.domain.levels import AutonomyLevel, Verdict
from droid.domain.messages import ImagePart
from droid.domain.ports import EventLog, ToolContext
from droid.domain.tools import ToolInput, ToolResult
from droid.engine.budget import Budgets

DONE = {"text": "done"}
Run = Callable[[ToolInput, ToolContext], Awaitable[ToolResult]]


def turn_ids(bench: Workbench) -> list[str | None]:
    return [record.turn_id for record in bench.records if isinstance(record.event, TurnStarted)]


def sent(bench: Workbench) -> str:
    return json.dumps(bench.server.requests)


class Stand:
    """A tool that stands in for another of the same name."""

    def __init__(self, bench: Workbench, name: str, **instead: Any) -> None:
        tools = bench.session._core.tools  # pyright: ignore[reportPrivateUsage]
        real = tools[name]
        self.spec = real.spec
        for method in ("validate", "access", "title", "preview", "run"):
            setattr(self, method, instead.get(method, getattr(real, method)))
        tools[name] = self  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]


# Prompts, steers and cancels


async def test_a_prompt_during_a_cancel_starts_the_next_turn(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="sleep 30")), {"prompt": "second", "text": "heard"}]
    async with workbench(tmp_path, script) as bench:
        bench.session.prompt("first")
        await bench.until(ToolStarted)
        cancelling = asyncio.create_task(bench.session.cancel())
        await asyncio.sleep(0)
        assert bench.session.prompt("second") == "t2"
        assert bench.session.prompt("third, at once") == "t2"
        await cancelling
        assert (await bench.end()).answer == "heard"
        assert turn_ids(bench) == ["t1", "t2"]
        assert [event.prompt for event in bench.events(Steered)] == ["third, at once"]


async def test_what_was_said_before_a_cancel_is_heard_with_the_next_prompt(tmp_path: Path) -> None:
    async with workbench(tmp_path, [calls(call("Execute", command="sleep 30")), DONE]) as bench:
        bench.session.prompt("first")
        await bench.until(ToolStarted)
        bench.session.prompt("remember xyzzy")
        await bench.session.cancel()
        assert bench.session.turn_id is None
        await bench.ask("go on")
        assert "xyzzy" in sent(bench)
        roles = [message["role"] for message in bench.server.requests[-1]["body"]["messages"]]
        assert roles == ["system", "user", "assistant", "tool", "user"]


@pytest.mark.parametrize("steps", range(6))
async def test_a_prompt_is_kept_however_soon_it_is_cancelled(tmp_path: Path, steps: int) -> None:
    async with workbench(tmp_path, [DONE, DONE]) as bench:
        bench.session.prompt("first @diff")
        for _ in range(steps):
            await asyncio.sleep(0)
        assert await bench.session.cancel()
        assert (await bench.end()).reason is TurnEndReason.CANCELLED
        await bench.ask("second")
        assert turn_ids(bench) == ["t1", "t2"]
        assert "first" in sent(bench)


async def test_a_prompt_at_the_very_end_of_a_turn_starts_the_next(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE, {"prompt": "more", "text": "more"}]) as bench:
        said: list[str] = []

        def go_on(record: Record) -> None:
            if isinstance(record.event, TurnEnded) and not said:
                said.append(bench.session.prompt("more"))

        bench.session.subscribe(go_on)
        bench.session.prompt("first")
        assert (await bench.end()).answer == "more"
        assert said == ["t2"]


@pytest.mark.parametrize("event", [TextDelta, AssistantAnswered, UsageReported, ToolStarted, ToolFinished])
async def test_a_message_is_heard_once_whenever_it_comes(tmp_path: Path, event: type) -> None:
    script = [calls(call("LS", directory_path="."), text="look"), {**DONE, "repeat": True}]
    async with workbench(tmp_path, script) as bench:
        said: list[str] = []

        def say(record: Record) -> None:
            if isinstance(record.event, event) and not said:
                said.append(bench.session.prompt("remember xyzzy"))

        bench.session.subscribe(say)
        await bench.ask()
        last = json.dumps(bench.server.requests[-1]["body"]["messages"])
        assert (last.count("xyzzy"), len(bench.events(Steered))) == (1, 1)


async def test_two_cancels_leave_nothing_running(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="echo on; trap '' TERM; sleep 300 & wait")), DONE]
    async with workbench(tmp_path, script) as bench:
        bench.session.prompt("first")
        await bench.until(ToolOutputDelta, lambda event: "on" in event.text)
        assert all(await asyncio.gather(bench.session.cancel(), bench.session.cancel()))
        assert len(bench.events(TurnEnded)) == 1
        assert (await bench.ask("go on")).answer == "done"


async def test_listeners_hear_events_in_order_even_when_one_makes_another_happen(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE]) as bench:
        heard: list[int] = []

        def rename(record: Record) -> None:
            if isinstance(record.event, TurnStarted):
                bench.session.rename("a name")

        bench.session.subscribe(rename)
        bench.session.subscribe(lambda record: heard.append(record.seq))
        await bench.ask()
        assert heard == sorted(heard)
        assert bench.events(SessionRenamed)


# Approvals


async def test_an_approval_that_is_answered_while_cancelling_allows_nothing(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch made")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.session.prompt("please")
        wanted = await bench.until(ApprovalWanted)
        cancelling = asyncio.create_task(bench.session.cancel())
        await asyncio.sleep(0)
        bench.session.answer(wanted.request.approval_id, Answer.ONCE)
        await cancelling
        assert (await bench.end()).reason is TurnEndReason.CANCELLED
        assert not (bench.workspace / "made").exists()


async def test_closing_withdraws_an_approval_and_the_session_can_be_taken_up_again(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch made")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.session.prompt("please")
        wanted = await bench.until(ApprovalWanted)
        await bench.session.close()
        assert not bench.session.answer(wanted.request.approval_id, Answer.ONCE)
        with pytest.raises(PolicyRefused, match="closed"):
            bench.session.prompt("again")
        again = await bench.runtime.resume_session(bench.session.id)
        assert again is not bench.session
        again.prompt("again")
        ended = await again.wait()
        assert ended is not None
        assert ended.answer == "done"


class AsksAboutReads:
    """A plugged step of the gate that wants a person for everything."""

    async def judge(self, facts: Any, policy: Any) -> Any:
        from droid.domain.decisions import Step, TraceEntry
        from droid.engine.gate import Ruling

        return Ruling(entry=TraceEntry(step=Step.HOOKS, verdict=Verdict.ASK, rule="says the test"))


def plug(bench: Workbench) -> None:
    from droid.domain.decisions import Step

    core = bench.session._core  # pyright: ignore[reportPrivateUsage]
    core.gate = core.gate.plus(Step.HOOKS, AsksAboutReads())


async def test_calls_side_by_side_are_asked_about_one_after_the_other(tmp_path: Path) -> None:
    script = [calls(*(call("LS", directory_path=name) for name in (".", "a", "b"))), DONE]
    async with workbench(tmp_path, script) as bench:
        for name in ("a", "b"):
            (bench.workspace / name).mkdir()
        plug(bench)
        bench.replies = [Answer.ONCE, Answer.REJECT, Answer.ONCE]
        await bench.ask()
        kinds = [r.event for r in bench.records if isinstance(r.event, ApprovalWanted | ApprovalAnswered)]
        assert [type(event) for event in kinds] == [ApprovalWanted, ApprovalAnswered] * 3
        assert [result.is_error for result in bench.results].count(True) == 1


async def test_a_cancel_puts_no_further_question(tmp_path: Path) -> None:
    script = [calls(*(call("LS", directory_path=name) for name in (".", "..", "/"))), DONE]
    async with workbench(tmp_path, script) as bench:
        plug(bench)
        bench.session.prompt("please")
        await bench.until(ApprovalWanted)
        async with asyncio.timeout(10):
            while len(bench.session.pending_approvals) < 3:
                await asyncio.sleep(0)
        await bench.session.cancel()
        assert len(bench.events(ApprovalWanted)) == len(bench.events(ApprovalAnswered)) == 1
        assert len(bench.results) == 3


async def test_a_dry_run_lifts_no_question_about_a_call_that_it_runs(tmp_path: Path) -> None:
    script = [calls(call("Read", file_path="a")), DONE]
    async with workbench(tmp_path, script, dry_run=True, interactive=False, stop_on_ask=False) as bench:
        bench.write("a", "hunter2")
        plug(bench)
        await bench.ask()
        assert "hunter2" not in sent(bench)


async def test_a_grant_for_a_command_holds_in_its_folder_only(tmp_path: Path) -> None:
    script = [
        calls(call("Execute", command="touch made")),
        calls(call("Execute", command="mkdir sub; cd sub")),
        calls(call("Execute", command="touch made")),
        DONE,
    ]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [Answer.SESSION, Answer.ONCE, Answer.REJECT]
        await bench.ask()
        assert not (bench.workspace / "sub/made").exists()


PATCH = "*** Begin Patch\n*** Update File: a\n@@\n-one\n+two\n*** End Patch"


async def test_only_the_change_that_was_shown_is_made(tmp_path: Path) -> None:
    script = [calls(call("ApplyPatch", input=PATCH)), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write("a", "x\none\n")
        bench.session.prompt("please")
        wanted = await bench.until(ApprovalWanted)
        path.write_text("new\nx\none\n")
        bench.session.answer(wanted.request.approval_id, Answer.ONCE)
        await bench.end()
        assert path.read_text() == "new\nx\none\n"
        assert "approved" in bench.results[0].text


@pytest.mark.parametrize("parent", [False, True])
async def test_a_link_that_appears_while_a_person_thinks_is_not_followed(
    tmp_path: Path, parent: bool
) -> None:
    script = [calls(call("Create", file_path="sub/a", content="x")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        outside = tmp_path / "outside"
        outside.mkdir()
        (bench.workspace / "sub").mkdir()
        bench.session.prompt("please")
        wanted = await bench.until(ApprovalWanted)
        if parent:
            (bench.workspace / "sub").rmdir()
            (bench.workspace / "sub").symlink_to(outside)
        else:
            (bench.workspace / "sub" / "a").symlink_to(outside / "a")
        bench.session.answer(wanted.request.approval_id, Answer.ONCE)
        await bench.end()
        assert bench.results[0].is_error
        assert list(outside.iterdir()) == []


async def test_links_made_by_an_earlier_call_of_the_same_answer_are_seen(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    script = [
        calls(
            call("Execute", command="sh links.sh"),  # nothing of it shows in the command
            call("Create", file_path="way/a", content="x"),
            call("Create", file_path="hooks/pre-commit", content="x"),
        ),
        DONE,
    ]
    async with workbench(tmp_path, script, interactive=False, stop_on_ask=False) as bench:
        bench.write("links.sh", f"ln -s {outside} way; ln -s .git/hooks hooks; mkdir -p .git/hooks\n")
        await bench.ask()
        assert [result.is_error for result in bench.results] == [False, True, True]
        assert list(outside.iterdir()) == []


async def test_a_workspace_that_is_a_link_is_where_it_leads(tmp_path: Path) -> None:
    real = tmp_path / "somewhere" / "else"
    real.mkdir(parents=True)
    (tmp_path / "work").symlink_to(real)
    script = [
        calls(call("Create", file_path="a", content="x"), call("Create", file_path="../b", content="x")),
        calls(call("Create", file_path=str(tmp_path / "work" / "c"), content="x")),
        DONE,
    ]
    async with workbench(
        tmp_path, script, autonomy=AutonomyLevel.LOW, interactive=False, stop_on_ask=False
    ) as bench:
        await bench.ask()
        assert bench.verdicts == ["Create allow", "Create ask", "Create deny", "Create allow"]
        assert sorted(path.name for path in real.iterdir()) == ["a", "c"]
        assert not (tmp_path / "b").exists()


# Undo


async def test_no_turn_begins_during_an_undo_and_no_undo_during_a_turn(tmp_path: Path) -> None:
    script = [calls(call("Create", file_path="a", content="x")), DONE, {**DONE, "delay_s": 0.2}]
    async with workbench(tmp_path, script) as bench:
        await bench.ask()
        undoing = asyncio.create_task(bench.session.undo())
        await asyncio.sleep(0)
        with pytest.raises(PolicyRefused, match="undone"):
            bench.session.prompt("now")
        with pytest.raises(ToolFailed, match="undone"):
            await bench.session.undo()
        assert await bench.session.cancel() is False
        await undoing
        bench.session.prompt("now")
        with pytest.raises(ToolFailed, match="running"):
            await bench.session.undo()
        await bench.end()


async def test_an_undo_does_not_write_through_a_link(tmp_path: Path) -> None:
    script = [
        calls(call("Read", file_path="a")),
        calls(call("Edit", file_path="a", old_str="one", new_str="two")),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        path = bench.write("a", "one\n")
        await bench.ask()
        outside = tmp_path / "outside"
        outside.write_text("two\n")
        path.unlink()
        path.symlink_to(outside)
        with pytest.raises(ToolFailed, match="left as it is"):
            await bench.session.undo()
        assert outside.read_text() == "two\n"


async def test_a_change_that_a_cancel_came_too_late_for_can_be_undone(tmp_path: Path) -> None:
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        script = [calls(call("Create", file_path="a", content="x\n" * 300_000)), DONE]
        async with workbench(folder, script) as bench:
            bench.session.prompt("please")
            await bench.until(ToolStarted)
            await asyncio.sleep(number * 0.005)
            await bench.session.cancel()
            assert (bench.workspace / "a").exists() == bool(bench.events(FilesChanged)), number


# Tools that misbehave


async def raises_cancelled(call: ToolInput, context: ToolContext) -> ToolResult:
    raise asyncio.CancelledError


async def raises_group(call: ToolInput, context: ToolContext) -> ToolResult:
    raise BaseExceptionGroup("several", [ValueError("one"), asyncio.CancelledError()])


async def times_out(call: ToolInput, context: ToolContext) -> ToolResult:
    raise TimeoutError


async def recurses(call: ToolInput, context: ToolContext) -> ToolResult:
    return await recurses(call, context)


@pytest.mark.parametrize("run", [raises_cancelled, raises_group, times_out, recurses])
async def test_a_tool_that_fails_in_any_way_fails_alone(tmp_path: Path, run: Run) -> None:
    script = [calls(call("LS", directory_path="."), call("Read", file_path="a")), DONE]
    async with workbench(tmp_path, script) as bench:
        bench.write("a", "content")
        Stand(bench, "LS", run=run)
        assert (await bench.ask()).answer == "done"
        assert sorted(result.is_error for result in bench.results) == [False, True]


@pytest.mark.parametrize("method", ["validate", "access", "title"])
async def test_a_tool_that_cannot_read_its_arguments_fails_alone(tmp_path: Path, method: str) -> None:
    def fails(_: object) -> Any:
        raise IndexError("a bug")

    async with workbench(tmp_path, [calls(call("LS", directory_path=".")), DONE]) as bench:
        Stand(bench, "LS", **{method: fails})
        assert (await bench.ask()).answer == "done"
        assert bench.verdicts == ["LS deny"]


async def test_a_tool_whose_preview_fails_is_not_asked_about(tmp_path: Path) -> None:
    async def fails(call: ToolInput, context: ToolContext) -> Any:
        raise PermissionError("no")

    script = [calls(call("Create", file_path="a", content="x")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        Stand(bench, "Create", preview=fails)
        assert (await bench.ask()).answer == "done"
        assert bench.results[0].is_error
        assert not bench.events(ApprovalWanted)


async def test_a_tool_that_swallows_a_cancel_cannot_carry_the_turn_on(tmp_path: Path) -> None:
    async def swallows(call: ToolInput, context: ToolContext) -> ToolResult:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass
        return ToolResult(text="finished all the same")

    async with workbench(tmp_path, [calls(call("LS", directory_path=".")), DONE]) as bench:
        Stand(bench, "LS", run=swallows)
        bench.session.prompt("please")
        await bench.until(ToolStarted)
        await bench.session.cancel()
        assert (await bench.end()).reason is TurnEndReason.CANCELLED
        assert [result.text for result in bench.results] == ["finished all the same"]
        assert len(bench.server.requests) == 1
        assert (await bench.ask()).answer == "done"


async def test_the_time_limit_is_not_blamed_on_the_person(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="sleep 30")), DONE]
    async with workbench(tmp_path, script, budgets=Budgets(time_limit_s=0.5)) as bench:
        assert (await bench.ask()).reason is TurnEndReason.BUDGET
        assert "person" not in bench.results[0].text


# Models that misbehave


@pytest.mark.parametrize(
    "arguments",
    [
        r'{"directory_path": "\ud800"}',
        r'{"\ud800": 1}',
        '{"directory_path": NaN}',
        '{"directory_path": 1e999}',
        '{"directory_path": [-Infinity]}',
        '{"directory_path": ' + "[" * 60 + "]" * 60 + "}",
        '{"directory_path": ' + "[" * 991 + "]" * 991 + "}",
        '{"directory_path": ' + "[" * 993 + "]" * 993 + "}",
        '{"directory_path": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"directory_path": ' + "[" * 100_000,
        "9" * 10_000,
        '{"directory_path": ' + "9" * 10_000 + "}",
    ],
)  # fmt: skip
async def test_arguments_that_are_hard_to_bear_are_a_result_for_the_model(
    tmp_path: Path, arguments: str
) -> None:
    bad = {"name": "LS", "arguments": arguments}
    strange = {"name": "L\ud800S\x1b[2J\nx", "arguments": "{}", "id": "\ud800\n"}
    async with workbench(tmp_path, [{"calls": [bad, strange]}, DONE]) as bench:
        assert (await bench.ask()).answer == "done"
        assert [result.is_error for result in bench.results] == [True, True]
        assert all(event.title.isprintable() for event in bench.events(ToolProposed))
        session_id = bench.session.id

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    [path] = tmp_path.rglob(f"{session_id}.jsonl")
    for line in path.read_bytes().splitlines():
        json.loads(line, parse_constant=refuse)
    async with workbench(tmp_path, [DONE], resume=session_id) as bench:
        assert (await bench.ask()).answer == "done"
        assert len([r for r in bench.session.records if isinstance(r.event, ToolFinished)]) == 2


async def test_of_a_key_that_is_given_twice_one_value_is_judged_shown_and_used(tmp_path: Path) -> None:
    twice = '{"command": "touch harmless", "command": "touch harmful"}'
    script = [{"calls": [{"name": "Execute", "arguments": twice}]}, DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [Answer.ONCE]
        await bench.ask()
        [wanted] = bench.events(ApprovalWanted)
        [made] = bench.workspace.iterdir()
        assert wanted.request.subject == f"touch {made.name}"


async def test_an_id_that_comes_again_in_a_later_answer_is_made_another(tmp_path: Path) -> None:
    script = [calls(call("LS", call_id="same", directory_path=".")) for _ in range(2)]
    async with workbench(tmp_path, [*script, DONE]) as bench:
        await bench.ask()
        ids = [event.call_id for event in bench.events(ToolFinished)]
        assert ids == ["same", "same_2"]


async def test_what_a_failed_answer_said_is_not_said_again_by_the_next(tmp_path: Path) -> None:
    script = [{"text": "lost words " * 9, "cut": "text"}, {"status": 401}]
    async with workbench(tmp_path, script) as bench:
        await bench.ask("one")
        bench.server.play([{"text": "new words", "chunk_chars": 4, "chunk_delay_s": 30}])
        bench.session.prompt("two")
        await bench.until(TextDelta, lambda event: event.text.startswith("new"))
        await bench.session.cancel()
        assert bench.events(AssistantAnswered)[-1].message.text.startswith("new")


async def test_a_retry_shows_an_answer_once(tmp_path: Path) -> None:
    script = [{"text": "half of it and more", "cut": "text"}, {"text": "all of it"}]
    async with workbench(tmp_path, script) as bench:
        ended = await bench.ask()
        assert ended.answer == "all of it"
        assert [event.message.text for event in bench.events(AssistantAnswered)] == ["all of it"]


async def test_requests_that_fail_count_against_no_budget_of_requests(tmp_path: Path) -> None:
    script = [{"status": 500}, {"status": 500}, calls(call("LS", directory_path=".")), DONE]
    async with workbench(tmp_path, script, budgets=Budgets(max_turns=2)) as bench:
        ended = await bench.ask()
        assert (ended.reason, ended.steps) == (TurnEndReason.DONE, 2)


async def test_a_loop_of_several_calls_is_noticed(tmp_path: Path) -> None:
    same = {**calls(call("LS", directory_path="."), call("Read", file_path="no")), "repeat": True}
    async with workbench(tmp_path, [same]) as bench:
        bench.session.prompt("please")
        asked = await bench.until(QuestionAsked)
        bench.session.answer_question(asked.question.question_id, "Stop")
        ended = await bench.end()
        assert (ended.reason, ended.steps) == (TurnEndReason.LOOP, 3)


# Compaction

OVERFLOW = {"status": 400, "message": "This model's maximum context length is 8192 tokens"}
SUMMARY = {"system": "You are given the record", "text": "They said hello."}


def valid(messages: list[dict[str, Any]]) -> bool:
    """Every call is answered once, before anything else is said."""
    owed: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in owed:
                return False
            owed.remove(message["tool_call_id"])
        elif owed:
            return False
        owed |= {made["id"] for made in message.get("tool_calls") or ()}
    return not owed


async def test_a_turn_goes_on_after_a_compaction_among_its_calls(tmp_path: Path) -> None:
    script = [
        calls(call("Read", call_id="c1", file_path="long")),
        calls(call("LS", call_id="c2", directory_path="."), call("LS", call_id="c3", directory_path=".")),
        OVERFLOW,
        SUMMARY,
        {"text": "going on"},
    ]
    async with workbench(tmp_path, script) as bench:
        bench.write("long", "hello\n" * 1_900)
        assert (await bench.ask("look")).answer == "going on"
        messages = bench.server.requests[-1]["body"]["messages"]
        assert valid(messages)
        assert "They said hello." in json.dumps(messages)


async def test_images_make_room_too(tmp_path: Path) -> None:
    image = ImagePart(media_type="image/png", data="iVBORw0KGgo=" * 10)
    script = [DONE, DONE, OVERFLOW, SUMMARY, {"text": "going on"}]
    async with workbench(tmp_path, script) as bench:
        await bench.ask("old", images=[image] * 5)
        await bench.ask("newer")
        assert (await bench.ask("now")).answer == "going on"
        assert "image_url" not in json.dumps(bench.server.requests[-1]["body"]["messages"])


async def test_a_summary_is_tried_again_is_counted_and_is_never_empty(tmp_path: Path) -> None:
    usage = {"input_tokens": 1_000, "output_tokens": 100}
    script = [
        {**DONE, "usage": usage},
        OVERFLOW,
        {**SUMMARY, "status": 429, "retry_after": 0},
        {**SUMMARY, "text": ""},
        {**SUMMARY, "usage": usage},
        {"text": "going on", "usage": usage},
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask("hello " * 5_000)
        ended = await bench.ask("and now?")
        assert (ended.answer, bench.events(Compacted)[0].summary) == ("going on", "They said hello.")
        assert ended.usage.input_tokens >= 2_000
        assert bench.session.usage.input_tokens >= 3_000


async def test_what_is_to_be_summarised_is_cut_until_it_fits(tmp_path: Path) -> None:
    script = [
        DONE,
        OVERFLOW,
        {**SUMMARY, **OVERFLOW},
        {**SUMMARY, **OVERFLOW},
        SUMMARY,
        {"text": "going on"},
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask("hello " * 200_000)
        assert (await bench.ask("and now?")).answer == "going on"
        asked = [r["body"]["messages"] for r in bench.server.requests if "given the record" in str(r)[:9_000]]
        sizes = [len(json.dumps(messages)) for messages in asked]
        assert sizes == sorted(sizes, reverse=True)


# What prompts and folders bring along


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    workspace = tmp_path / "work"
    (workspace / "sub").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    os.mkfifo(workspace / "pipe")
    os.mkfifo(workspace / "AGENTS.md")
    os.mkfifo(workspace / "sub" / "AGENTS.md")
    with (workspace / "huge").open("wb") as huge:
        huge.truncate(1 << 40)
    (workspace / "loop").symlink_to("loop")
    (workspace / ".env").write_text("TOKEN=hunter2")
    (workspace / "link").symlink_to(".env")
    (workspace / "sub" / "a").write_text("content")
    return workspace


@pytest.mark.parametrize(
    "mention",
    [
        "@pipe", "@huge", "@loop", "@/dev/zero", "@/dev/stdin", "@/proc/self/environ", "@/proc/self/mem", "@~nobody_x/a",
        "@" + "a" * 300, "@" + "a/" * 3_000, "@.:" + "9" * 5_000, "@sub/a:0", "@sub/a:5-2", "@sub/a:1-999999999", "@link",
        "@.env", "@./sub/../.env", "@..", "@/", "@sub", "@\x00", "@sub/a/b", "@\ud800", "@~/.ssh", "@:1", "@diff",
    ],
)  # fmt: skip
async def test_no_mention_stops_a_prompt(hostile: Path, tmp_path: Path, mention: str) -> None:
    async with workbench(tmp_path, [DONE]) as bench:
        ended = await bench.ask(f"look at {mention} please")
        assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "done")
        assert "hunter2" not in sent(bench)
        assert "FACTORY_HOME" not in sent(bench)


async def test_rules_that_cannot_be_read_take_no_result_away(hostile: Path, tmp_path: Path) -> None:
    async with workbench(tmp_path, [calls(call("Read", file_path="sub/a")), DONE]) as bench:
        await bench.ask()
        assert "content" in bench.results[0].text


async def test_a_search_shows_no_secrets_however_its_folder_is_named(tmp_path: Path) -> None:
    look = [
        call("Grep", pattern="hunter2", path=path, output_mode="content", glob_pattern=".*")
        for path in ("../home", "../home/.factory", "way", str(tmp_path))
    ]
    async with workbench(tmp_path, [calls(*look), DONE]) as bench:
        home = tmp_path / "home"
        (bench.workspace / "way").symlink_to(home)
        for name in (".npmrc", ".azure/token", ".factory/mcp.json", ".netrc"):
            (home / name).parent.mkdir(exist_ok=True)
            (home / name).write_text("hunter2\n")
        await bench.ask()
        assert "hunter2" not in "".join(result.text for result in bench.results)


async def test_rules_that_link_to_a_secret_are_not_told(tmp_path: Path) -> None:
    (tmp_path / "work" / "sub").mkdir(parents=True)
    (tmp_path / "work" / ".env").write_text("TOKEN=hunter2")
    (tmp_path / "work" / "AGENTS.md").symlink_to(".env")
    (tmp_path / "work" / "sub" / "AGENTS.md").symlink_to("../.env")
    (tmp_path / "work" / "sub" / "a").write_text("content")
    async with workbench(tmp_path, [calls(call("Read", file_path="sub/a")), DONE]) as bench:
        await bench.ask()
        assert "hunter2" not in sent(bench)


# The runtime


async def test_a_session_that_cannot_be_taken_up_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from droid.sessions.log import SessionLog

    async with workbench(tmp_path, [DONE]) as bench:
        await bench.ask()
        session_id = bench.session.id

    def full(log: SessionLog, record: Record) -> None:
        raise LogWriteFailed("no space left on device")

    async with workbench(tmp_path, [DONE]) as bench:
        with monkeypatch.context() as patched:
            patched.setattr(SessionLog, "append", full)
            for take_up in (bench.runtime.resume_session, bench.runtime.fork_session):
                with pytest.raises(LogWriteFailed, match="no space"):
                    await take_up(session_id)
        await bench.runtime.resume_session(session_id)


async def test_two_who_take_a_session_up_at_once_share_it(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE]) as bench:
        await bench.ask()
        session_id = bench.session.id
    async with workbench(tmp_path, [DONE]) as bench:
        resume = bench.runtime.resume_session
        first, second = await asyncio.gather(resume(session_id), resume(session_id))
        assert first is second


class FailsToClose:
    def __init__(self, log: EventLog) -> None:
        self._log = log

    def append(self, record: Record) -> None:
        self._log.append(record)

    async def sync(self) -> None:
        await self._log.sync()

    def close(self) -> None:
        self._log.close()
        raise LogWriteFailed("no space left on device")


async def test_a_log_that_fails_to_close_keeps_nothing_else_open(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="sleep 300", run_in_background=True)), DONE]
    bench_of_a_full_disk = workbench(tmp_path, script, wrap_log=FailsToClose)
    bench = await bench_of_a_full_disk.__aenter__()
    await bench.ask()
    [job] = bench.session._core.jobs.values()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(LogWriteFailed):
        await bench_of_a_full_disk.__aexit__(None, None, None)
    assert job.finished is not None
    async with workbench(tmp_path, [DONE], resume=bench.session.id) as again:
        assert (await again.ask()).answer == "done"


async def test_a_long_session_keeps_no_more_than_was_said(tmp_path: Path) -> None:
    step = calls(call("Execute", command="for i in 1 2 3; do echo $i; sleep 0.01; done"), text="look")
    async with workbench(tmp_path, [{**step, "thinking": "hm"}, {**DONE, "thinking": "hm"}]) as bench:
        await bench.ask()
        assert bench.events(ToolOutputDelta)
        assert not [r for r in bench.session.records if r.event.type.endswith("_delta")]
        state = bench.session._core.state  # pyright: ignore[reportPrivateUsage]
        assert (state.partial_text, state.open_calls) == ([], {})
