"""What commands change is kept before, told after, and can be gone back to."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from tests.integration.workbench import Step, Workbench, call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.errors import ToolFailed
from droid.domain.events import CheckpointTaken, FilesChanged, FilesRestored, Rewound, Warned
from droid.engine.rewinding import Rewinding, RewindPart

DONE = {"text": "Done."}


def script(*commands: str) -> list[Step]:
    """A turn for each command."""
    steps: list[Step] = []
    for number, command in enumerate(commands):
        steps += [calls(call("Execute", command=command, call_id=f"c{number}")), DONE]
    return steps


def tree(root: Path) -> dict[str, tuple[str, bytes, int]]:
    """Every file and link below a folder: its kind, content and mode."""
    found: dict[str, tuple[str, bytes, int]] = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder, name)
            key = os.fsdecode(os.fsencode(path.relative_to(root)))
            if path.is_symlink():
                found[key] = ("link", os.fsencode(path.readlink()), 0)
            elif path.is_file():
                found[key] = ("file", path.read_bytes(), path.stat().st_mode & 0o777)
    return found


async def accept(bench: Workbench, rewinding: Rewinding) -> None:
    """Accept all of what is proposed, and wait until it is written."""
    assert rewinding.changeset is not None
    await bench.session.review(rewinding.changeset.changeset_id, accept=True)
    await bench.until(FilesRestored)
    await settled(bench)


async def settled(bench: Workbench) -> None:
    await bench.session._core.strays.settled()  # pyright: ignore[reportPrivateUsage]


def changed(bench: Workbench) -> list[tuple[str, bool, bool]]:
    """Name, whether it was there, whether it is there, of all that was told."""
    return [
        (Path(one.path).name, one.before is not None, one.after is not None)
        for event in bench.events(FilesChanged)
        for one in event.changes
    ]


async def test_what_a_command_changed_is_told_and_undone(tmp_path: Path) -> None:
    command = "echo two > a; rm b; mkdir -p src; echo new > src/c; chmod +x d; ln -s a l; ln -sfn b m"
    async with workbench(tmp_path, script(command)) as bench:
        bench.write("a", "one\n")
        bench.write("b", "b\n")
        bench.write("d", "d\n").chmod(0o644)
        (bench.workspace / "m").symlink_to("a")
        before = tree(bench.workspace)
        await bench.ask()
        assert changed(bench) == [
            ("a", True, True), ("b", True, False), ("d", True, True),
            ("l", False, True), ("m", True, True), ("c", False, True),
        ]  # fmt: skip
        [taken] = bench.events(CheckpointTaken)
        assert (taken.call_id, taken.files, taken.left_out, taken.complete) == ("c0", 4, (), True)
        assert bench.events(FilesChanged)[0].changes[0].diff.endswith("-one\n+two\n")
        undone = await bench.session.undo()
        assert (undone.turn_id, undone.conflicts) == ("t1", ())
        assert tree(bench.workspace) == before


@pytest.mark.parametrize("command", ["cat a", "ls -la", "git status"])
async def test_a_command_that_only_looks_needs_no_checkpoint(tmp_path: Path, command: str) -> None:
    async with workbench(tmp_path, script(command)) as bench:
        bench.write("a", "one\n")
        await bench.ask()
        assert not bench.events(CheckpointTaken)


async def test_ignored_files_are_none_of_it_even_when_they_are_no_longer_ignored(tmp_path: Path) -> None:
    command = "rm .gitignore; echo more >> build/out; echo new > build/new; echo x > seen; rm cache.pyc"
    async with workbench(tmp_path, script(command)) as bench:
        bench.write(".gitignore", "build/\n*.pyc\nseen\n")
        bench.write("build/out", "built\n")
        bench.write("cache.pyc", "cached")
        await bench.ask()
        # What was ignored may have been there: it is neither given back nor taken away. `seen` was not there.
        assert changed(bench) == [(".gitignore", True, False), ("seen", False, True)]
        await bench.session.undo()
        assert (bench.workspace / "build/out").read_text() == "built\nmore\n"
        assert (bench.workspace / "build/new").exists()
        assert not (bench.workspace / "seen").exists()


async def test_a_rewind_takes_commands_and_edits_of_all_later_turns_back(tmp_path: Path) -> None:
    steps = [
        *script("echo 1 >> a"),
        calls(call("Create", file_path="made", content="x\n", call_id="k1")),
        DONE,
        *script("echo 2 >> a; echo y >> made; rm b"),
    ]
    async with workbench(tmp_path, steps) as bench:
        bench.write("a", "0\n")
        bench.write("b", "b\n")
        await bench.ask("first")
        after_first = tree(bench.workspace)
        await bench.ask("second")
        await bench.ask("third")
        [first, second, third] = await bench.session.checkpoints()
        assert [one.prompt for one in (first, second, third)] == ["first", "second", "third"]
        assert [one.paths for one in (first, second, third)] == [
            ("a", "made", "b"), ("made", "a", "b"), ("a", "b", "made"),
        ]  # fmt: skip
        assert all(one.workspace and not one.left_out for one in (first, second, third))
        rewinding = await bench.session.rewind("t2", RewindPart.BOTH)
        assert rewinding.changeset is not None
        assert not rewinding.done
        assert rewinding.prompt == "second"
        assert {file.name for file in rewinding.changeset.files} == {"a", "b", "made"}
        assert tree(bench.workspace) != after_first
        await accept(bench, rewinding)
        assert tree(bench.workspace) == after_first
        assert [event.turn_id for event in bench.events(Rewound)] == ["t2"]
        assert [one.turn_id for one in await bench.session.checkpoints()] == ["t1"]
        assert bench.session.undoable_turn == "t1"


async def test_a_turn_after_a_rewind_has_an_id_of_its_own_and_the_model_hears_nothing_of_the_others(
    tmp_path: Path,
) -> None:
    answers = [{"text": "one"}, {"text": "two"}, {"text": "three"}, {"text": "four"}]
    async with workbench(tmp_path, answers) as bench:
        await bench.ask("first")
        await bench.ask("second")
        await bench.ask("third")
        rewinding = await bench.session.rewind("t2", RewindPart.CONVERSATION)
        assert (rewinding.done, rewinding.prompt, rewinding.changeset) == (True, "second", None)
        usage = bench.session.usage
        assert bench.session.prompt("fourth") == "t4"
        await bench.end()
        assert bench.session.usage.output_tokens >= usage.output_tokens
        said = str(bench.server.requests[-1])
        assert "first" in said
        assert "fourth" in said
        assert "second" not in said
        assert "third" not in said
        session_id = bench.session.id
    async with workbench(tmp_path, [{"text": "five"}, {"text": "six"}], resume=session_id) as again:
        assert [one.prompt for one in await again.session.checkpoints()] == ["first", "fourth"]
        assert again.session.prompt("fifth") == "t5"
        await again.end()
        assert "third" not in str(again.server.requests[-1])
        fork = await again.runtime.fork_session(session_id)
        assert [one.turn_id for one in await fork.checkpoints()] == ["t1", "t4", "t5"]


async def test_what_somebody_else_changed_since_is_a_conflict_and_stays(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("echo 1 >> a; echo 1 >> b")) as bench:
        bench.write("a", "0\n")
        bench.write("b", "0\n")
        await bench.ask()
        bench.write("a", "mine\n")
        rewinding = await bench.session.rewind("t1", RewindPart.FILES)
        assert rewinding.conflicts == ("a was changed since by somebody else",)
        await accept(bench, rewinding)
        assert (bench.workspace / "a").read_text() == "mine\n"
        assert (bench.workspace / "b").read_text() == "0\n"
        assert not bench.events(Rewound)


async def test_what_somebody_else_changed_in_between_is_not_taken_back_either(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("echo 1 >> a", "echo 2 >> a")) as bench:
        bench.write("a", "0\n")
        await bench.ask()
        bench.write("a", "0\n1\nmine\n")
        await bench.ask()
        rewinding = await bench.session.rewind("t1", RewindPart.FILES)
        assert rewinding.conflicts == ("a was changed in between by somebody else",)
        assert rewinding.done
        assert (bench.workspace / "a").read_text() == "0\n1\nmine\n2\n"
        rewinding = await bench.session.rewind("t2", RewindPart.FILES)
        await accept(bench, rewinding)
        assert (bench.workspace / "a").read_text() == "0\n1\nmine\n"


async def test_a_lost_content_is_said_and_the_rest_goes_back(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("echo 1 >> a; echo 1 >> b")) as bench:
        bench.write("a", "only a\n")
        bench.write("b", "only b\n")
        await bench.ask()
        digest = next(one.before for one in bench.events(FilesChanged)[0].changes if one.path.endswith("/a"))
        assert digest is not None
        (tmp_path / "home/.factory/checkpoints" / digest[:2] / digest[2:]).write_bytes(b"damaged")
        with pytest.raises(ToolFailed, match="no longer in the checkpoint store, or is damaged"):
            await bench.session.undo()
        rewinding = await bench.session.rewind(None, RewindPart.FILES)
        [line] = rewinding.conflicts
        assert line.startswith("a cannot go back: its old content is no longer in the checkpoint store")
        await accept(bench, rewinding)
        assert (bench.workspace / "b").read_text() == "only b\n"


async def test_nothing_goes_back_while_a_turn_runs(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("touch x; sleep 30")) as bench:
        bench.session.prompt("please")
        await bench.until(CheckpointTaken)
        with pytest.raises(ToolFailed, match="a turn is running"):
            await bench.session.rewind("t1", RewindPart.CONVERSATION)
        await bench.session.cancel()


async def test_what_a_cancelled_command_changed_is_told_all_the_same(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("echo 1 > a; touch started; sleep 30")) as bench:
        bench.session.prompt("please")
        async with asyncio.timeout(20):
            while not (bench.workspace / "started").exists():
                await asyncio.sleep(0.01)
        await bench.session.cancel()
        await bench.until(FilesChanged)
        assert changed(bench) == [("a", False, True), ("started", False, True)]
        [record] = [record for record in bench.records if isinstance(record.event, FilesChanged)]
        assert record.turn_id == "t1"
        await bench.session.undo()
        assert tree(bench.workspace) == {}


async def test_a_store_that_takes_nothing_is_said_before_the_command_and_the_session_goes_on(
    tmp_path: Path,
) -> None:
    """As on a full disk."""
    async with workbench(tmp_path, script("echo two > a", "echo three > a")) as bench:
        bench.write("a", "one\n")
        store = tmp_path / "home/.factory/checkpoints"
        shutil.rmtree(store, ignore_errors=True)
        store.write_text("in the way")
        await bench.ask()
        before, after = (event.message for event in bench.events(Warned))
        assert before.startswith("not in the checkpoint before this command: the files of the workspace")
        assert after == "a command changed what no checkpoint holds, so it cannot be taken back: a"
        assert not bench.events(FilesChanged)
        assert (bench.workspace / "a").read_text() == "two\n"
        store.unlink()
        await bench.ask("again")
        await bench.session.undo()
        assert (bench.workspace / "a").read_text() == "two\n"


async def test_a_secret_is_not_copied_and_that_is_said(tmp_path: Path) -> None:
    settings = {"protectedFiles": ["locked/"], "sandbox": {"filesystem": {"denyRead": ["./hidden"]}}}
    async with workbench(tmp_path, script("echo x > other"), settings=settings) as bench:
        for name in ("hidden", "locked/a", ".env"):
            bench.write(name, f"secret of {name}")
        await bench.ask()
        [taken] = bench.events(CheckpointTaken)
        [line] = taken.left_out
        assert sorted(line.partition(" (")[0].split(", ")) == [".env", "hidden", "locked/a"]
        assert "keep them from being copied" in line
        assert any(line in event.message for event in bench.events(Warned))
        store = tmp_path / "home/.factory/checkpoints"
        assert not any(b"secret of" in path.read_bytes() for path in store.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "command",
    [
        "mv a A",
        "mv src lib",
        "rm -r src; ln -s /etc src",
        "rm -r src; echo file > src",
        "rm a; mkfifo pipe; ln -s nowhere a",
        "rm src/b; ln -s ../a src/b; echo x > $'src/new\\nline'",
        "mkfifo p; rm a; rm -r src/deep",
        "printf '\\377' > $'\\377'; chmod 600 a; chmod 755 src/b; echo x >> src/b",
    ],
)
async def test_whatever_a_command_does_to_names_and_links_goes_back(tmp_path: Path, command: str) -> None:
    async with workbench(tmp_path, script(command)) as bench:
        bench.write("a", "a\n")
        bench.write("src/b", "b\n")
        bench.write("src/deep/c", "c\n")
        (bench.workspace / "src/link").symlink_to("b")
        before = tree(bench.workspace)
        bench.replies = [Answer.ONCE]
        await bench.ask()
        assert tree(bench.workspace) != before
        rewinding = await bench.session.rewind("t1", RewindPart.FILES)
        assert rewinding.conflicts == ()
        await accept(bench, rewinding)
        assert tree(bench.workspace) == before
        assert not [event for event in bench.events(Warned) if "not restored" in event.message]


async def test_what_is_rejected_stays(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("echo 1 >> a; echo 1 >> b")) as bench:
        bench.write("a", "0\n")
        bench.write("b", "0\n")
        await bench.ask()
        rewinding = await bench.session.rewind("t1", RewindPart.BOTH)
        assert rewinding.changeset is not None
        session, changeset_id = bench.session, rewinding.changeset.changeset_id
        await session.review(changeset_id, accept=False, path=bench.workspace / "a")
        await session.review(changeset_id, accept=True, path=bench.workspace / "b")
        await bench.until(Rewound)
        assert (bench.workspace / "a").read_text() == "0\n1\n"
        assert (bench.workspace / "b").read_text() == "0\n"


async def test_a_new_turn_withdraws_what_was_proposed(tmp_path: Path) -> None:
    async with workbench(tmp_path, [*script("echo 1 > a"), DONE]) as bench:
        await bench.ask()
        rewinding = await bench.session.rewind("t1", RewindPart.FILES)
        assert rewinding.changeset is not None
        await bench.ask()
        with pytest.raises(ToolFailed):
            await bench.session.review(rewinding.changeset.changeset_id, accept=True)
        assert (bench.workspace / "a").exists()


async def test_a_file_that_is_too_large_to_be_kept_leaves_the_others_of_its_turn_reviewable(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path, script("echo 1 >> a; head -c 9000000 /dev/zero > big")) as bench:
        bench.write("a", "0\n")
        bench.write("big", "small\n")
        await bench.ask()
        [changeset] = await bench.session.changesets()
        assert [file.name for file in changeset.files] == ["a"]
        assert changeset.title.endswith("a; not kept, so not to be reviewed: big")
        said = await bench.session.review(changeset.changeset_id, accept=False)
        assert not said.refused
        assert (bench.workspace / "a").read_text() == "0\n"
        assert (bench.workspace / "big").stat().st_size == 9_000_000


async def test_a_turn_of_which_nothing_is_kept_says_so(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("head -c 9000000 /dev/zero > big")) as bench:
        bench.write("big", "small\n")
        await bench.ask()
        assert await bench.session.changesets() == []
        with pytest.raises(ToolFailed, match="not, or no longer, in the checkpoint store"):
            await bench.session.changeset(bench.session.applied_id("t1") or "")


@pytest.mark.parametrize("what", ["file", "folder"])
async def test_a_link_that_takes_a_place_before_it_is_accepted_is_not_written_through(
    tmp_path: Path, what: str
) -> None:
    async with workbench(tmp_path, script("echo 1 >> d/a")) as bench:
        bench.write("d/a", "0\n")
        await bench.ask()
        rewinding = await bench.session.rewind("t1", RewindPart.FILES)
        assert rewinding.changeset is not None
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "a").write_text("0\n1\n")
        (bench.workspace / "d/a").unlink()
        if what == "file":
            (bench.workspace / "d/a").symlink_to(elsewhere / "a")
        else:
            (bench.workspace / "d").rmdir()
            (bench.workspace / "d").symlink_to(elsewhere)
        await bench.session.review(rewinding.changeset.changeset_id, accept=True)
        await settled(bench)
        assert (elsewhere / "a").read_text() == "0\n1\n"


async def test_what_is_typed_before_it_is_accepted_is_not_written_over(tmp_path: Path) -> None:
    async with workbench(tmp_path, script("rm a; echo 1 >> b")) as bench:
        bench.write("a", "0\n")
        bench.write("b", "0\n")
        await bench.ask()
        rewinding = await bench.session.rewind("t1", RewindPart.FILES)
        assert rewinding.changeset is not None
        bench.write("a", "theirs\n")
        await bench.session.review(rewinding.changeset.changeset_id, accept=True)
        await settled(bench)
        assert (bench.workspace / "a").read_text() == "theirs\n"
