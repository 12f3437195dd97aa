"""A session that is closed for want of use and taken up again is the same one, for the model too."""

import asyncio
from pathlib import Path

import pytest
from tests.integration.test_faults import full_disk_at
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.app.options import RuntimeOptions
from droid.app.runtime import Runtime
from droid.domain.errors import PolicyRefused, SessionLocked, SessionNotFound
from droid.domain.events import ApprovalWanted, SessionResumed, TextDelta, TurnEnded
from droid.domain.levels import AutonomyLevel
from droid.sessions.log import SessionLog

DONE = {"text": "done"}
READ = calls(call("Read", file_path="a.txt"))
EDIT = calls(call("Edit", file_path="a.txt", old_str="one", new_str="two"))


async def rest_and_resume(bench: Workbench) -> None:
    assert bench.session.can_rest
    session_id = bench.session.id
    await bench.runtime.rest_session(bench.session)
    assert session_id not in bench.runtime.sessions
    bench.session = await bench.runtime.resume_session(session_id)
    bench.session.subscribe(bench.records.append)


async def other_runtime(tmp_path: Path) -> Runtime:
    environ = {"FACTORY_HOME": str(tmp_path / "home" / ".factory"), "HOME": str(tmp_path / "home")}
    return await Runtime.open(RuntimeOptions(workspace=tmp_path / "work", surface="exec"), environ=environ)


async def test_it_holds_the_same_records_and_says_the_same_to_the_model(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, EDIT, DONE, DONE]) as bench:
        bench.write("a.txt", "one\n")
        await bench.ask()
        before, undoable = list(bench.session.records), bench.session.undoable_turn
        said = bench.server.requests[-1]["body"]["messages"]
        await rest_and_resume(bench)
        assert [r for r in bench.session.records if not isinstance(r.event, SessionResumed)] == before
        assert bench.session.undoable_turn == undoable == "t1"
        await bench.ask("more")
        assert bench.server.requests[-1]["body"]["messages"][: len(said)] == said
        assert bench.session.records[-1].turn_id == "t2"


async def test_a_closed_session_can_be_written_by_others_and_by_nobody_here(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE]) as bench:
        session = bench.session
        await bench.ask()
        path = next(tmp_path.rglob(f"{session.id}.jsonl"))
        with pytest.raises(SessionLocked):
            SessionLog.open(path)
        await bench.runtime.rest_session(session)
        SessionLog.open(path).close()
        with pytest.raises(PolicyRefused, match="take it up again"):
            session.prompt("too late")


async def test_a_file_that_was_read_before_can_be_changed(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, DONE, EDIT, DONE]) as bench:
        file = bench.write("a.txt", "one\n")
        await bench.ask()
        await rest_and_resume(bench)
        await bench.ask()
        assert file.read_text() == "two\n"


async def test_what_it_knew_is_dropped_where_somebody_else_went_on(tmp_path: Path) -> None:
    """What the model has seen of a file is not known any more, so it must look again."""
    async with workbench(tmp_path, [READ, DONE, DONE, EDIT, DONE]) as bench:
        file = bench.write("a.txt", "one\n")
        await bench.ask()
        session_id = bench.session.id
        await bench.runtime.rest_session(bench.session)
        other = await other_runtime(tmp_path)
        elsewhere = await other.resume_session(session_id)
        elsewhere.prompt("go on")
        await elsewhere.wait()
        await other.aclose()
        bench.session = await bench.runtime.resume_session(session_id)
        bench.session.subscribe(bench.records.append)
        await bench.ask()
        assert file.read_text() == "one\n"
        assert "has not been read" in bench.results[-1].text


async def test_an_ended_background_task_still_tells_its_output(tmp_path: Path) -> None:
    script = [
        calls(call("Execute", command="echo out", run_in_background=True)),
        calls(call("TaskOutput", task_id="task-1", block=True)),
        DONE,
        calls(call("TaskOutput", task_id="task-1")),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask()
        await rest_and_resume(bench)
        await bench.ask()
        assert "task-1 has ended with exit code 0" in bench.results[-1].text


async def test_a_session_with_something_under_way_cannot_rest(tmp_path: Path) -> None:
    script = [
        calls(call("Execute", command="touch made")),
        calls(call("Execute", command="sleep 60", run_in_background=True)),
        DONE,
    ]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.session.prompt("please")
        wanted = await bench.until(ApprovalWanted)
        assert not bench.session.can_rest
        bench.session.answer(wanted.request.approval_id, wanted.request.options[0])
        await bench.until(ApprovalWanted, lambda event: event is not wanted)
        bench.session.set_autonomy(AutonomyLevel.HIGH)
        second = bench.events(ApprovalWanted)[-1].request
        bench.session.answer(second.approval_id, second.options[0])
        await bench.end()
        assert not bench.session.busy
        assert not bench.session.can_rest  # its task runs


async def test_what_could_not_be_stored_is_not_thrown_away(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE], wrap_log=full_disk_at(TurnEnded)) as bench:
        await bench.ask()
        assert isinstance(bench.session.records[-1].event, TurnEnded)
        assert not bench.session.can_rest


async def test_who_wants_it_while_it_is_being_closed_gets_it_open(tmp_path: Path) -> None:
    async with workbench(tmp_path, [{"text": "x" * 50_000}, DONE]) as bench:
        await bench.ask()
        old = bench.session
        closing = asyncio.create_task(bench.runtime.rest_session(old))
        await asyncio.sleep(0)
        bench.session = await bench.runtime.resume_session(old.id)
        await closing
        assert bench.session is not old
        assert not bench.session.closed
        bench.session.prompt("go on")
        await bench.session.wait()
        assert not any(isinstance(record.event, TextDelta) for record in bench.session.records)


async def test_a_beginning_that_fits_several_sessions_is_refused_whether_they_are_open_or_not(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path, [DONE]) as bench:
        runtime, first = bench.runtime, bench.session.id
        second = (await runtime.create_session()).id
        same = next(n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a != b)
        assert (await runtime.resume_session(first)) is bench.session
        assert (await runtime.resume_session(first[: same + 1])) is bench.session
        for _ in range(3):  # both open, one open, none open
            with pytest.raises(SessionNotFound, match=r"is the beginning of 2 sessions: .*type more of it"):
                await runtime.resume_session(first[:same])
            if runtime.sessions:
                await runtime.rest_session(next(iter(runtime.sessions.values())))
        for none in ("", "nosuch", "../" + first):
            with pytest.raises(SessionNotFound):
                await runtime.resume_session(none)
