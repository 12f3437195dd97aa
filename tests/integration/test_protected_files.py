"""Files that settings protect, in whole sessions: what is decided once is looked at again when it is done."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.event_log import MemoryBlobs
from tests.integration.workbench import Workbench, call, calls, workbench
from tests.unit.safety.facts import call_facts

from droid.domain.decisions import Answer
from droid.domain.errors import ToolFailed
from droid.domain.events import ApprovalWanted
from droid.domain.files import FileWrite, digest_of
from droid.domain.levels import AutonomyLevel
from droid.domain.policy import ListEntry, Policy
from droid.engine.guarded_files import GuardedFiles
from droid.engine.strays import CallScope
from droid.safety.facts import CallFacts, PathFact
from droid.tools.files import DiskFiles
from droid.tools.paths import OsPaths

DONE = {"text": "done"}
LISTS = {"protectedFiles": ["*.key", "!read:vault/**"], "protectedBranches": ["main"]}


def told(bench: Workbench) -> str:
    """All that the model was sent."""
    return "".join(result.text for result in bench.results)


async def test_the_entry_that_protects_is_named_with_its_file(tmp_path: Path) -> None:
    script = [calls(call("Create", file_path="a.key", content="x")), DONE]
    async with workbench(tmp_path, script, settings=LISTS) as bench:
        await bench.ask()
        assert bench.verdicts == ["Create deny"]
        assert "protectedFiles (*.key)" in told(bench)
        assert str(tmp_path / "home/.factory/settings.json") in told(bench)
        assert not (bench.workspace / "a.key").exists()


async def test_a_command_changes_no_protected_file_and_pushes_to_no_protected_branch(tmp_path: Path) -> None:
    lines = ["echo x > a.key", "rm -rf keys", "cp plain keys/new.key", "git push origin HEAD:main"]
    script = [calls(*(call("Execute", command=line) for line in lines)), DONE]
    async with workbench(tmp_path, script, settings=LISTS) as bench:
        bench.write("plain", "x")
        kept = bench.write("keys/a.key", "kept")
        await bench.ask()
        assert bench.verdicts == ["Execute deny"] * 4
        assert kept.read_text() == "kept"
        assert "protectedBranches (main)" in told(bench)


async def test_what_may_not_be_read_is_not_found_by_searching(tmp_path: Path) -> None:
    script = [
        calls(
            call("Grep", pattern="hunter", output_mode="content"),
            call("Grep", pattern="hunter", output_mode="count"),
            call("Read", file_path="second"),
            call("Execute", command="cat vault/*"),
        ),
        DONE,
    ]
    async with workbench(tmp_path, script, settings=LISTS) as bench:
        secret = bench.write("vault/x", "hunter2\n")
        bench.write("plain", "hunter and prey\n")
        os.link(secret, bench.workspace / "second")
        await bench.ask()
        assert "hunter2" not in told(bench)
        assert "hunter and prey" in told(bench)
        assert "2 files that may hold secrets" in told(bench)
        assert sorted(bench.verdicts) == ["Execute deny", "Grep allow", "Grep allow", "Read deny"]


async def test_a_folder_protects_what_is_found_in_it(tmp_path: Path) -> None:
    """Its settings hold for what lies there, wherever the session is."""
    script = [calls(call("Grep", pattern="hunter", output_mode="content")), DONE]
    async with workbench(tmp_path, script) as bench:
        subprocess.run(["git", "init", "-q"], cwd=bench.workspace, check=True)
        bench.write("sub/.factory/settings.json", '{"protectedFiles": ["!read:/x"]}')
        bench.write("sub/x", "hunter2\n")
        bench.write("x", "hunter1\n")
        await bench.ask()
        assert "hunter1" in told(bench)
        assert "hunter2" not in told(bench)


async def test_a_prompt_brings_nothing_that_may_not_be_read(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE], settings=LISTS) as bench:
        bench.write("vault/x", "hunter2\n")
        bench.write("plain", "see me\n")
        for line in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -qm x"):
            subprocess.run(["git", *line.split()], cwd=bench.workspace, check=True)
        bench.write("vault/x", "hunter3\n")
        bench.write("plain", "see me changed\n")
        await bench.ask("look at @vault/x and @plain and @diff")
        sent = str(bench.server.requests[-1])
        assert "see me changed" in sent
        assert "hunter" not in sent


async def test_rules_that_may_not_be_read_are_not(tmp_path: Path) -> None:
    settings = {"protectedFiles": ["!read:AGENTS.md"]}
    (tmp_path / "work").mkdir()
    (tmp_path / "work/AGENTS.md").write_text("hunter2")
    async with workbench(tmp_path, [DONE], settings=settings) as bench:
        await bench.ask()
        assert "hunter2" not in str(bench.server.requests[-1])


async def test_an_approval_does_not_outlive_a_protection_that_came_meanwhile(tmp_path: Path) -> None:
    script = [calls(call("Create", file_path="a.txt", content="x")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.session.prompt("please")
        request = (await bench.until(ApprovalWanted)).request
        bench.write(".factory/settings.json", '{"protectedFiles": ["a.txt"]}')
        bench.runtime.policies.engine.changed()
        bench.session.answer(request.approval_id, Answer.ONCE, None)
        await bench.end()
        assert not (bench.workspace / "a.txt").exists()
        assert "protectedFiles" in told(bench)


class Desk:
    """A call that was judged, and files that change afterwards."""

    def __init__(self, root: Path, *names: str) -> None:
        self.root = root / "work"
        self.root.mkdir()
        self.policy = Policy(protected_files=(ListEntry(text="*.key"), ListEntry(text="!read:vault/**")))
        for name in ("plain", "a.key", "vault/x"):
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).write_text(name)
        judged = tuple(PathFact(named=name, real=self.root / name, in_workspace=True) for name in names)
        facts = call_facts(reads=judged, writes=judged, workspace=self.root, cwd=self.root)
        self.files = GuardedFiles(
            DiskFiles(), MemoryBlobs(), OsPaths(), facts, CallScope(), policies_for=self._policies
        )

    def _policies(self, facts: CallFacts) -> tuple[Policy]:
        return (self.policy,)

    async def change(self, name: str) -> None:
        path = self.root / name
        before = digest_of(path.read_bytes()) if path.exists() else None
        await self.files.write([FileWrite(path=path, before=before, data=b"changed")])


def _link_to(target: str) -> Callable[[Path], Any]:
    def swap(path: Path) -> None:
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return swap


def _second_name_of(target: str) -> Callable[[Path], Any]:
    def swap(path: Path) -> None:
        path.unlink(missing_ok=True)
        os.link(path.parent / target, path)

    return swap


@pytest.mark.parametrize("swap", [_link_to("a.key"), _second_name_of("a.key")])
async def test_a_name_that_comes_to_mean_a_protected_file_is_not_written(
    tmp_path: Path, swap: Callable[[Path], Any]
) -> None:
    desk = Desk(tmp_path, "plain")
    swap(desk.root / "plain")
    with pytest.raises(ToolFailed, match="allowed"):
        await desk.change("plain")
    assert (desk.root / "a.key").read_text() == "a.key"


@pytest.mark.parametrize("swap", [_link_to("vault/x"), _second_name_of("vault/x")])
async def test_a_name_that_comes_to_mean_a_file_that_may_not_be_read_is_not_read(
    tmp_path: Path, swap: Callable[[Path], Any]
) -> None:
    desk = Desk(tmp_path, "plain")
    swap(desk.root / "plain")
    with pytest.raises(ToolFailed, match="allowed"):
        await desk.files.read(desk.root / "plain")


async def test_a_folder_that_takes_the_place_of_another_brings_nothing_protected_along(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, "sub/x")
    (desk.root / "sub").symlink_to("vault")
    with pytest.raises(ToolFailed, match="allowed"):
        await desk.change("sub/x")
    with pytest.raises(ToolFailed, match="allowed"):
        await desk.files.read(desk.root / "sub/x")
    assert (desk.root / "vault/x").read_text() == "vault/x"


async def test_a_protection_that_comes_while_a_call_runs_holds_for_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "plain")
    await desk.change("plain")
    desk.policy = Policy(protected_files=(ListEntry(text="!read:plain"),))
    with pytest.raises(ToolFailed, match="any more"):
        await desk.change("plain")
    with pytest.raises(ToolFailed, match="any more"):
        await desk.files.read(desk.root / "plain")


async def test_what_a_person_was_asked_about_may_be_done_and_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ".bashrc", "plain")
    await desk.change(".bashrc")
    assert (desk.root / ".bashrc").read_bytes() == b"changed"
    (desk.root / ".git").mkdir()
    (desk.root / ".git/config").write_text("x")
    (desk.root / "plain").unlink()
    os.link(desk.root / ".git/config", desk.root / "plain")
    with pytest.raises(ToolFailed, match="git's own files"):
        await desk.change("plain")
