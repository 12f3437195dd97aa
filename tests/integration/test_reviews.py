"""Changes, hunk by hunk: chosen before they are written, and taken back after."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.errors import ToolFailed
from droid.domain.events import ApprovalAnswered, ApprovalWanted, ChangesReviewed, FilesChanged
from droid.domain.levels import AutonomyLevel
from droid.engine.changesets import Changeset, HunkState, NotInChangeset, Phase
from droid.engine.proposals import Proposals

DONE = {"text": "Done."}
NAME = "a.txt"


def text(*changed: str, until: int = 40) -> str:
    """Lines, some of them in other words."""
    lines = [next((one for one in changed if one.endswith(f" {n}")), f"line {n}") for n in range(until)]
    return "\n".join(lines) + "\n"


def edit(before: str, after: str, name: str = NAME) -> dict[str, object]:
    return call("Edit", file_path=name, old_str=before, new_str=after)


def patch(*changed: int, more: str = "") -> dict[str, object]:
    """Changes of some lines of the one file, in one call."""
    hunks = "".join(f"@@\n line {n - 1}\n-line {n}\n+new {n}\n line {n + 1}\n" for n in changed)
    return call("ApplyPatch", input=f"*** Begin Patch\n*** Update File: {NAME}\n{hunks}{more}*** End Patch\n")


READ = calls(call("Read", file_path=NAME))


async def proposed(bench: Workbench) -> Changeset:
    """The changes that the open question is about."""
    bench.session.prompt("please")
    asked = await bench.until(ApprovalWanted)
    changeset = bench.session.proposed(asked.request.approval_id)
    assert changeset is not None
    assert changeset.phase is Phase.PROPOSED
    return changeset


def hunk_ids(changeset: Changeset) -> list[str]:
    return [hunk.hunk_id for file in changeset.files for hunk in file.hunks.hunks]


def states(changeset: Changeset) -> list[str]:
    return [str(file.state_of(hunk)) for file in changeset.files for hunk in file.hunks.hunks]


async def test_only_accepted_hunks_are_written_and_the_model_is_told_of_the_others(tmp_path: Path) -> None:
    script = [READ, calls(patch(5, 20, 35)), calls(edit("line 20", "other 20")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        first, second, third = hunk_ids(changeset)
        await bench.session.review(changeset.changeset_id, accept=True, hunk_id=first)
        await bench.session.review(changeset.changeset_id, accept=False, hunk_id=second)
        assert path.read_text() == text(), "nothing is written while an answer is owed"
        bench.replies = [Answer.ONCE]
        await bench.session.review(changeset.changeset_id, accept=True, hunk_id=third)
        await bench.end()

        assert path.read_text() == text("new 5", "other 20", "new 35")
        told = bench.results[1].text
        assert "2 of 3 hunks are written" in told
        assert "-line 20\n+new 20" in told
        assert "new 5" not in told
        answered = bench.events(ApprovalAnswered)[0]
        assert (answered.answer, answered.accepted_hunks) == (Answer.ONCE, (first, third))
        (change,) = bench.events(FilesChanged)[0].changes
        assert (change.added_lines, change.removed_lines) == (2, 2), "what was really written"
        assert not bench.results[2].is_error, "the model need not read again what it was told"
        undone = await bench.session.undo()
        assert path.read_text() == text()
        assert not undone.conflicts


async def test_an_answer_may_name_the_hunks_that_it_allows(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        approval_id = changeset.approval_id or ""
        first, second = hunk_ids(changeset)
        for answer, accepted in (
            (Answer.ONCE, ["of another changeset"]),
            (Answer.ONCE, [first, "of another changeset"]),
            (Answer.ONCE, []),
            (Answer.REJECT, [first]),
        ):
            assert not bench.session.answer(approval_id, answer, None, accepted)
        assert bench.session.answer(approval_id, Answer.ONCE, None, [second])
        assert not bench.session.answer(approval_id, Answer.ONCE, None, [first]), "an answer is taken once"
        await bench.end()
        assert path.read_text() == text("new 20")
        with pytest.raises(NotInChangeset):
            await bench.session.review(changeset.changeset_id, accept=True, hunk_id=first)
        closed = await bench.session.changeset(changeset.changeset_id)
        assert (closed.phase, states(closed)) == (Phase.CLOSED, ["rejected", "accepted"])


async def test_approving_after_some_hunks_were_rejected_writes_the_others(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        await bench.session.review(changeset.changeset_id, accept=False, hunk_id=hunk_ids(changeset)[0])
        assert bench.session.answer(changeset.approval_id or "", Answer.ONCE)
        await bench.end()
        assert path.read_text() == text("new 20")


@pytest.mark.parametrize("accept", [True, False])
async def test_deciding_all_of_it_answers_the_question(tmp_path: Path, accept: bool) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        await bench.session.review(changeset.changeset_id, accept=accept)
        await bench.end()
        assert path.read_text() == (text("new 5", "new 20") if accept else text())
        answered = bench.events(ApprovalAnswered)[0]
        assert answered.answer is (Answer.ONCE if accept else Answer.REJECT)
        assert answered.accepted_hunks is None


async def test_accepting_all_of_it_leaves_what_was_typed_elsewhere(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        path.write_text("typed\n" + text("mine 30"))
        await bench.session.review(changeset.changeset_id, accept=True)
        await bench.end()
        assert path.read_text() == "typed\n" + text("new 5", "new 20", "mine 30")
        assert "read it again" in bench.results[1].text
        assert bench.events(ApprovalAnswered)[0].accepted_hunks is None


async def test_what_is_approved_as_it_was_shown_is_written_so_or_not_at_all(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        path.write_text("typed\n" + text())
        assert bench.session.answer(changeset.approval_id or "", Answer.ONCE)
        await bench.end()
        assert path.read_text() == "typed\n" + text()
        assert bench.results[1].is_error


async def test_files_that_come_and_go_are_one_hunk_each(tmp_path: Path) -> None:
    more = "*** Add File: new.txt\n+hello\n*** Delete File: old.txt\n"
    async with workbench(
        tmp_path, [READ, calls(patch(5, more=more)), DONE], autonomy=AutonomyLevel.OFF
    ) as bench:
        bench.write(NAME, text())
        old = bench.write("old.txt", "x\n")
        changeset = await proposed(bench)
        assert [(file.name, len(file.hunks.hunks)) for file in changeset.files] == [
            (NAME, 1),
            ("new.txt", 1),
            ("old.txt", 1),
        ]
        await bench.session.review(changeset.changeset_id, accept=False, path=old)
        await bench.session.review(changeset.changeset_id, accept=False, path=bench.workspace / NAME)
        await bench.session.review(changeset.changeset_id, accept=True, path=bench.workspace / "new.txt")
        await bench.end()
        assert (bench.workspace / "new.txt").read_text() == "hello\n"
        assert old.read_text() == "x\n"
        assert (bench.workspace / NAME).read_text() == text()


async def test_a_hunk_that_the_person_typed_over_is_refused_and_the_others_are_written(
    tmp_path: Path,
) -> None:
    async with workbench(
        tmp_path, [READ, calls(patch(5, 20)), calls(edit("line 30", "x")), DONE], autonomy=AutonomyLevel.OFF
    ) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        first, second = hunk_ids(changeset)
        path.write_text(text("mine 5"))
        said = await bench.session.review(changeset.changeset_id, accept=True)
        assert [(one.name, one.hunk_id) for one in said.refused] == [(NAME, first)]
        assert "changed there since this was proposed" in said.refused[0].why
        assert states(said.changeset) == ["stale", "accepted"]
        assert path.read_text() == text("mine 5"), "a refused hunk is no answer"
        await bench.session.review(changeset.changeset_id, accept=False, hunk_id=first)
        await bench.end()
        assert path.read_text() == text("mine 5", "new 20"), "nothing of either side is lost"
        assert "read" in bench.results[2].text, "what the person typed, the model has not seen"
        assert second


async def test_what_is_typed_over_between_the_answer_and_the_write_is_told(tmp_path: Path) -> None:
    async with workbench(
        tmp_path, [READ, calls(patch(5, 20, 35)), DONE], autonomy=AutonomyLevel.OFF
    ) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        first, second, third = hunk_ids(changeset)
        await bench.session.review(changeset.changeset_id, accept=True, hunk_id=first)
        await bench.session.review(changeset.changeset_id, accept=True, hunk_id=second)
        path.write_text(text("mine 5"))
        await bench.session.review(changeset.changeset_id, accept=False, hunk_id=third)
        await bench.end()
        assert path.read_text() == text("mine 5", "new 20")
        told = bench.results[1].text
        assert "1 of 3 hunks is written" in told
        assert "Accepted, but the file changed there" in told
        assert states(await bench.session.changeset(changeset.changeset_id)) == [
            "stale",
            "accepted",
            "rejected",
        ]


async def test_a_link_that_takes_the_place_of_a_file_is_not_written_through(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        target = tmp_path / "elsewhere.txt"
        target.write_text(text())
        changeset = await proposed(bench)
        path.unlink()
        path.symlink_to(target)
        assert bench.session.answer(changeset.approval_id or "", Answer.ONCE, None, hunk_ids(changeset)[:1])
        await bench.end()
        assert target.read_text() == text()
        assert bench.results[1].is_error


async def test_hunks_of_changes_that_are_forgotten_meanwhile_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)

        def forgotten(*_: object) -> None:
            return None

        monkeypatch.setattr(Proposals, "of_approval", forgotten)
        assert bench.session.answer(changeset.approval_id or "", Answer.ONCE, None, hunk_ids(changeset)[:1])
        await bench.end()
        assert path.read_text() == text(), "a part that cannot be told apart any more is not all of it"


async def test_no_text_makes_two_hunks_of_one_id(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        bench.write(NAME, text())
        changeset = await proposed(bench)
        assert all(len(one) * 4 >= 128 for one in hunk_ids(changeset)), "fewer bits can be made to collide"


async def test_changes_of_a_withdrawn_question_take_no_answer(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write(NAME, text())
        changeset = await proposed(bench)
        await bench.session.cancel()
        with pytest.raises(NotInChangeset):
            await bench.session.review(changeset.changeset_id, accept=True)
        assert path.read_text() == text()
        assert (await bench.session.changeset(changeset.changeset_id)).phase is Phase.CLOSED


# After they were made


async def applied(bench: Workbench) -> Changeset:
    (changeset,) = await bench.session.changesets()
    assert changeset.phase is Phase.APPLIED
    return changeset


async def test_what_a_turn_changed_is_taken_back_by_hunk_by_file_and_all(tmp_path: Path) -> None:
    script = [READ, calls(patch(5, 20, 35)), calls(call("Create", file_path="b.txt", content="b\n")), DONE]
    async with workbench(tmp_path, script) as bench:
        path = bench.write(NAME, text())
        await bench.ask()
        changeset = await applied(bench)
        assert len(hunk_ids(changeset)) == 4
        said = await bench.session.review(
            changeset.changeset_id, accept=False, hunk_id=hunk_ids(changeset)[1]
        )
        assert path.read_text() == text("new 5", "new 35")
        assert states(said.changeset) == ["pending", "rejected", "pending", "pending"]
        await bench.session.review(changeset.changeset_id, accept=False, path=bench.workspace / "b.txt")
        assert not (bench.workspace / "b.txt").exists()
        last = await bench.session.review(changeset.changeset_id, accept=False)
        assert path.read_text() == text()
        assert last.changeset.phase is Phase.CLOSED
        assert await bench.session.changesets() == []
        assert len(bench.events(ChangesReviewed)) == 3


async def test_what_was_accepted_was_looked_at_and_can_still_be_taken_back(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE]) as bench:
        path = bench.write(NAME, text())
        await bench.ask()
        changeset = await applied(bench)
        said = await bench.session.review(changeset.changeset_id, accept=True)
        assert said.changeset.phase is Phase.CLOSED
        assert path.read_text() == text("new 5", "new 20")
        await bench.session.review(changeset.changeset_id, accept=False, hunk_id=hunk_ids(changeset)[0])
        assert path.read_text() == text("new 20")


async def test_it_is_taken_back_after_the_session_was_taken_up_again(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE]) as bench:
        path = bench.write(NAME, text())
        await bench.ask()
        session_id = bench.session.id
        changeset = await applied(bench)
        first, second = hunk_ids(changeset)
        await bench.session.review(changeset.changeset_id, accept=False, hunk_id=first)
    async with workbench(tmp_path, [DONE], resume=session_id) as again:
        changeset = await applied(again)
        assert (hunk_ids(changeset), states(changeset)) == ([first, second], ["rejected", "pending"])
        await again.session.review(changeset.changeset_id, accept=False, hunk_id=second)
        assert path.read_text() == text()


async def test_what_was_typed_since_stays_and_what_was_typed_over_is_left_alone(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE]) as bench:
        path = bench.write(NAME, text())
        await bench.ask()
        changeset = await applied(bench)
        path.write_text("typed\n" + text("mine 5", "new 20"))
        assert states(await bench.session.changeset(changeset.changeset_id)) == ["stale", "pending"]
        said = await bench.session.review(changeset.changeset_id, accept=False)
        assert [one.hunk_id for one in said.refused] == hunk_ids(changeset)[:1]
        assert path.read_text() == "typed\n" + text("mine 5")
        with pytest.raises(ToolFailed, match="somebody else"):
            await bench.session.undo()
        assert path.read_text() == "typed\n" + text("mine 5"), "undo does not take back what others did"


async def test_an_undone_turn_has_nothing_left_to_review(tmp_path: Path) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5, 20)), DONE]) as bench:
        path = bench.write(NAME, text())
        await bench.ask()
        changeset = await applied(bench)
        await bench.session.review(changeset.changeset_id, accept=False, hunk_id=hunk_ids(changeset)[0])
        await bench.session.undo()
        assert path.read_text() == text()
        assert await bench.session.changesets() == []
        with pytest.raises(ToolFailed, match="undone"):
            await bench.session.review(changeset.changeset_id, accept=False)


@pytest.mark.parametrize(
    "named",
    [("other:t1:applied", None), ("{session}:t9:applied", None), (None, "0123456789ab")],
    ids=["another session's", "no such turn", "no such hunk"],
)
async def test_what_is_not_of_the_changeset_is_refused(tmp_path: Path, named: Sequence[str | None]) -> None:
    async with workbench(tmp_path, [READ, calls(patch(5)), DONE]) as bench:
        path = bench.write(NAME, text())
        await bench.ask()
        changeset = await applied(bench)
        changeset_id = (named[0] or changeset.changeset_id).format(session=bench.session.id)
        with pytest.raises(NotInChangeset):
            await bench.session.review(changeset_id, accept=False, hunk_id=named[1])
        with pytest.raises(NotInChangeset):
            await bench.session.review(changeset.changeset_id, accept=False, path=Path("/etc/passwd"))
        assert path.read_text() == text("new 5")


async def test_two_calls_of_one_turn_are_one_changeset_without_what_was_typed_between(tmp_path: Path) -> None:
    script = [READ, calls(patch(5)), READ, calls(edit("line 30", "new 30")), DONE]
    async with workbench(tmp_path, script) as bench:
        path = bench.write(NAME, text())

        def typing(record: object) -> None:
            if len(bench.events(FilesChanged)) == 1 and "typed" not in path.read_text():
                path.write_text("typed\n" + path.read_text())

        bench.session.subscribe(typing)
        await bench.ask()
        assert path.read_text() == "typed\n" + text("new 5", "new 30")
        changeset = await applied(bench)
        assert len(hunk_ids(changeset)) == 2
        await bench.session.review(changeset.changeset_id, accept=False)
        assert path.read_text() == "typed\n" + text()
        assert HunkState.STALE not in states(await bench.session.changeset(changeset.changeset_id))
