"""A session is what its transcript says: live and replayed it is the same, and it goes on from any point.

The transcript of a rich session is cut after every line, and inside lines, as a kill would leave it; each
time the session must be taken up, and what the model is then given must be a conversation that it accepts.
"""

import shutil
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    QuestionAnswered,
    QuestionAsked,
    Record,
    SessionStarted,
    TextDelta,
    ToolOutputDelta,
    TurnEnded,
    TurnEndReason,
)
from droid.domain.levels import AutonomyLevel
from droid.domain.messages import Message, Role, ToolResultPart
from droid.engine.session import Session
from droid.engine.state import SessionState
from droid.sessions.reader import read_records

DONE = {"text": "done"}
RETRIED = {"text": "half of an answer, and more", "cut": "text"}
OVERFLOW = {"status": 400, "message": "This model's maximum context length is 8192 tokens"}
SUMMARY = {"system": "You are given the record", "text": "They edited a file."}

Step = Mapping[str, Any]


async def edits_runs_and_asks(bench: Workbench) -> None:
    bench.write("a.txt", "one\n")
    bench.write("sub/AGENTS.md", "Use tabs.")
    bench.write("sub/b.txt", "b\n")
    bench.server.play(
        [
            {**calls(call("Read", file_path="a.txt"), call("Read", file_path="sub/b.txt")), "thinking": "hm"},
            calls(call("Edit", file_path="a.txt", old_str="one", new_str="two"), text="Now I edit."),
            RETRIED,
            calls(
                call("Execute", command="mkdir -p new && cd new && echo out"),
                call("TodoWrite", todos=[{"content": "x", "status": "pending"}]),
            ),
            calls(call("AskUser", question="Which?", options=["a", "b"])),
            {"text": "all done"},
        ]
    )
    bench.replies = [Answer.SESSION, Answer.ONCE]
    bench.session.prompt("do it @a.txt")
    asked = await bench.until(QuestionAsked)
    bench.session.answer_question(asked.question.question_id, "a")
    await bench.end()


async def rejects_and_cancels(bench: Workbench) -> None:
    bench.server.play([calls(call("Create", file_path="c", content="c")), DONE])
    bench.replies = [(Answer.INSTRUCT, "not like that")]
    await bench.ask("make c")
    bench.server.play(
        [calls(call("LS", directory_path="."), call("Execute", command="echo slept in; sleep 30"))]
    )
    bench.replies = [Answer.ONCE]
    bench.session.prompt("sleep")
    await bench.until(ToolOutputDelta, lambda event: "slept in" in event.text)
    bench.session.prompt("and listen")
    await bench.session.cancel()
    bench.server.play([{"text": "half an answer", "chunk_chars": 4, "chunk_delay_s": 30}])
    bench.session.prompt("speak")
    await bench.until(TextDelta, lambda event: event.text.startswith("half"))
    await bench.session.cancel()


async def summarises_undoes_and_changes_its_settings(bench: Workbench) -> None:
    bench.session.set_autonomy(AutonomyLevel.HIGH)
    bench.server.play([calls(call("Create", file_path="d", content="d")), OVERFLOW, SUMMARY, DONE])
    await bench.ask("hello " * 5_000)
    await bench.session.undo()
    bench.session.rename("another name")
    bench.server.play([{"status": 401}])
    await bench.ask("again")


STORIES = (edits_runs_and_asks, rejects_and_cancels, summarises_undoes_and_changes_its_settings)


@asynccontextmanager
async def story(tmp_path: Path, **options: Any) -> AsyncGenerator[Workbench]:
    async with workbench(tmp_path, [], autonomy=AutonomyLevel.OFF, **options) as bench:
        for chapter in STORIES:
            await chapter(bench)
        yield bench


def transcript(tmp_path: Path, session: Session) -> Path:
    [path] = (tmp_path / "home" / ".factory" / "sessions").rglob(f"{session.id}.jsonl")
    return path


def projected(records: Sequence[Record]) -> SessionState:
    state = SessionState()
    for record in records:
        state.apply(record)
    return state


def compared(state: SessionState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in SessionState.__dataclass_fields__}


async def test_live_and_replayed_a_session_is_the_same_after_every_event(tmp_path: Path) -> None:
    async with workbench(tmp_path, [], autonomy=AutonomyLevel.OFF) as bench:
        live = bench.session._core.state  # pyright: ignore[reportPrivateUsage]
        path = transcript(tmp_path, bench.session)
        unlike: list[Record] = []

        def compare(record: Record) -> None:
            # Deltas are stored a little later, joined; what an answer replaced is not read again.
            if not record.event.type.endswith("_delta"):
                stored = compared(projected(read_records(path)))
                if stored != compared(live):
                    unlike.append(record)

        bench.session.subscribe(compare)
        for chapter in STORIES:
            await chapter(bench)
        assert unlike == []
        assert len(live.records) > 80
        assert live.partial_text == []


def roles_are_sane(messages: Sequence[Message]) -> bool:
    """Every call has one result, in the very next message, and nothing else has any."""
    owed: list[str] = []
    for message in messages:
        results = [part.call_id for part in message.parts if isinstance(part, ToolResultPart)]
        if results != owed or (results and message.role is not Role.USER):
            return False
        owed = [made.call_id for made in message.tool_calls]
        if owed and message.role is not Role.ASSISTANT:
            return False
    return not owed


def cuts(data: bytes) -> list[int]:
    """After every line, and somewhere inside each."""
    places: list[int] = []
    start = 0
    for line in data.splitlines(keepends=True):
        end = start + len(line)
        places += [start + len(line) // 3, end - 1, end]
        start = end
    return places


async def test_a_session_goes_on_from_wherever_its_transcript_was_cut(tmp_path: Path) -> None:
    async with story(tmp_path) as bench:
        session_id = bench.session.id
        path = transcript(tmp_path, bench.session)
    data = path.read_bytes()
    first_line = data.index(b"\n")
    places = [place for place in cuts(data) if place >= first_line]
    assert len(places) > 200
    work = tmp_path / "work"
    async with workbench(tmp_path, [{"text": "heard", "repeat": True}]) as bench:
        for place in places:
            path.write_bytes(data[:place])
            bench.session = await bench.runtime.resume_session(session_id)
            state = bench.session._core.state  # pyright: ignore[reportPrivateUsage]
            assert roles_are_sane(state.messages), place
            assert state.open_turn is None
            assert questions_are_closed(bench.session.records), place
            turns = state.turns
            assert bench.session.prompt("go on") == f"t{turns + 1}"
            ended = await bench.end()
            assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "heard"), place
            assert roles_are_sane(state.messages), place
            stored = read_records(path)
            await bench.session.close()
            assert [record.seq for record in stored if not record.event.type.endswith("_delta")] == list(
                range(1, state.records[-1].seq + 1)
            ), place
    shutil.rmtree(work)


def questions_are_closed(records: Sequence[Record]) -> bool:
    asked = {r.event.request.approval_id for r in records if isinstance(r.event, ApprovalWanted)}
    asked |= {r.event.question.question_id for r in records if isinstance(r.event, QuestionAsked)}
    for record in records:
        if isinstance(record.event, ApprovalAnswered):
            asked.discard(record.event.approval_id)
        elif isinstance(record.event, QuestionAnswered):
            asked.discard(record.event.question_id)
    return not asked


async def test_a_damaged_line_anywhere_costs_no_more_than_itself(tmp_path: Path) -> None:
    async with story(tmp_path) as bench:
        session_id = bench.session.id
        path = transcript(tmp_path, bench.session)
    lines = path.read_bytes().splitlines(keepends=True)
    async with workbench(tmp_path, [{"text": "heard", "repeat": True}]) as bench:
        for number in range(1, len(lines)):
            path.write_bytes(b"".join([*lines[:number], b"{damaged\n", *lines[number + 1 :]]))
            bench.session = await bench.runtime.resume_session(session_id)
            state = bench.session._core.state  # pyright: ignore[reportPrivateUsage]
            assert roles_are_sane(state.messages), number
            known = {record.turn_id for record in bench.session.records}
            assert bench.session.prompt("go on") not in known, number
            assert (await bench.end()).answer == "heard", number
            assert roles_are_sane(state.messages), number
            await bench.session.close()


async def test_a_fork_in_the_middle_of_a_turn_ends_it_there(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch made")), {"text": "heard", "repeat": True}]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.session.prompt("please")
        await bench.until(ApprovalWanted)
        fork = await bench.runtime.fork_session(bench.session.id)
        [ended] = [r.event for r in fork.records if isinstance(r.event, TurnEnded)]
        assert (ended.reason, "fork" in ended.message) == (TurnEndReason.CANCELLED, True)
        assert questions_are_closed(fork.records)
        [started] = [r.event for r in fork.records if isinstance(r.event, SessionStarted)]
        assert (started.session_id, started.parent) == (fork.id, bench.session.id)
        fork.prompt("go on")
        last = await fork.wait()
        assert last is not None
        assert last.answer == "heard"
        assert bench.session.pending_approvals


async def test_rules_that_only_a_moved_session_would_know_are_told_after_a_resume(tmp_path: Path) -> None:
    async with workbench(tmp_path, [calls(call("Execute", command="mkdir -p sub && cd sub")), DONE]) as bench:
        await bench.ask()
        bench.write("sub/AGENTS.md", "Use tabs.")
        bench.write("sub/a", "a")
        session_id = bench.session.id
    async with workbench(tmp_path, [calls(call("Read", file_path="a")), DONE], resume=session_id) as bench:
        await bench.ask()
        assert "Use tabs." in bench.results[0].text


async def test_a_folder_that_is_gone_is_left_in_so_many_words(tmp_path: Path) -> None:
    async with workbench(tmp_path, [calls(call("Execute", command="mkdir sub && cd sub")), DONE]) as bench:
        await bench.ask()
        session_id = bench.session.id
        (bench.workspace / "sub").rmdir()
    async with workbench(tmp_path, [DONE], resume=session_id) as bench:
        assert bench.session.cwd == bench.workspace
        assert projected(bench.session.records).cwd == bench.workspace
