"""Whatever happens to files after a snapshot, restoring gives the same files; and a kill leaves whole ones."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.test_checkpoints import tree

from droid.domain.files import FileWrite, digest_of
from droid.domain.snapshots import WorkspaceSnapshot
from droid.engine.change_chains import chains
from droid.engine.restore import RestorePlan, RestorePorts, carry_out, plan_restore
from droid.engine.snapshot_changes import differences
from droid.sessions.blobs import DiskBlobs
from droid.tools.files import DiskFiles
from droid.tools.paths import OsPaths
from droid.tools.workspace_files import look_at
from droid.tools.workspace_scan import scan

NAMES = ["a", "A", "b.py", "new\nline", "\udcff", "-x", "d"]
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(lambda parts: Path(*parts))


class Looking:
    """The part of the `Workspace` port that a plan needs."""

    async def snapshot(self, root: Path, **_: object) -> WorkspaceSnapshot:
        raise AssertionError("nothing is scanned here")

    async def look(self, path: Path) -> object:
        return look_at(path)


@dataclass(frozen=True)
class Put:
    path: Path
    data: bytes
    mode: int

    def __call__(self, root: Path) -> None:
        target = root / self.path
        if inside(root, target) and not target.is_dir() and not target.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.data)
            target.chmod(self.mode)


@dataclass(frozen=True)
class Link:
    path: Path
    target: str

    def __call__(self, root: Path) -> None:
        link = root / self.path
        if inside(root, link) and not os.path.lexists(link):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(self.target)


@dataclass(frozen=True)
class Remove:
    path: Path

    def __call__(self, root: Path) -> None:
        target = root / self.path
        if not inside(root, target):
            return
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        elif os.path.lexists(target):
            target.unlink()


@dataclass(frozen=True)
class Rename:
    path: Path
    to: Path

    def __call__(self, root: Path) -> None:
        source, target = root / self.path, root / self.to
        if not (inside(root, source) and inside(root, target)) or not os.path.lexists(source):
            return
        if os.path.lexists(target) or target.is_relative_to(source):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)


def inside(root: Path, path: Path) -> bool:
    """No link and no file stands on the way."""
    between = [
        root / Path(*path.relative_to(root).parts[:n]) for n in range(1, len(path.relative_to(root).parts))
    ]
    return not any(one.is_symlink() or (one.exists() and not one.is_dir()) for one in between)


CHANGES: st.SearchStrategy[Callable[[Path], None]] = st.one_of(
    st.builds(Put, PATHS, st.binary(max_size=8), st.sampled_from([0o600, 0o644, 0o755])),
    st.builds(Link, PATHS, st.sampled_from(["a", "..", "/etc/passwd", "nowhere"])),
    st.builds(Remove, PATHS),
    st.builds(Rename, PATHS, PATHS),
)


def looked(root: Path, blobs: DiskBlobs, since: WorkspaceSnapshot | None = None) -> WorkspaceSnapshot:
    listed = frozenset(
        os.path.relpath(os.path.join(folder, name), root)  # noqa: PTH118
        for folder, _, files in os.walk(root)
        for name in files
        if not Path(folder, name).is_symlink()
    )
    return scan(root, listed, {} if since is None else since.entries, blobs, lambda _: False, since=since)


async def restored(root: Path, blobs: DiskBlobs, before: WorkspaceSnapshot) -> RestorePlan:
    found = differences(before, looked(root, blobs, before), blobs, buffers={}, told={})
    assert found.lost == ()
    files = DiskFiles()
    ports = RestorePorts(files=files, blobs=blobs, paths=OsPaths(), workspace=Looking())  # type: ignore[arg-type]
    plan = await plan_restore(chains(found.changes), root, ports)
    await carry_out(plan.writes, files)
    return plan


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, max_size=8), st.lists(CHANGES, max_size=8))
def test_a_restore_gives_back_what_a_snapshot_held(
    tmp_path_factory: object, first: list[Callable[[Path], None]], then: list[Callable[[Path], None]]
) -> None:
    """All but a file where a folder stands now, which is left and named: it may hold what nobody kept."""
    base = Path(os.path.realpath(tmp_path_factory.mktemp("law")))  # type: ignore[attr-defined]
    root, blobs = base / "work", DiskBlobs(base / "store")
    root.mkdir()
    for change in first:
        change(root)
    wanted, before = tree(root), looked(root, blobs)
    for change in then:
        change(root)
    plan = asyncio.run(restored(root, blobs, before))
    named = {os.path.relpath(one.path, root) for one in plan.conflicts}
    now = tree(root)
    for name in wanted.keys() | now.keys():
        assert wanted.get(name) == now.get(name) or name in named
    for name in named:
        assert (root / name).is_dir()
    shutil.rmtree(base)


def test_a_process_that_is_killed_while_it_restores_leaves_every_file_whole(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path)) / "work"
    root.mkdir()
    old, new = b"old\n" * 20_000, b"new\n" * 20_000
    names = [f"f{number}" for number in range(60)]
    program = textwrap.dedent(
        """
        import asyncio, sys
        from pathlib import Path
        from droid.domain.files import FileWrite, digest_of
        from droid.engine.restore import carry_out
        from droid.tools.files import DiskFiles
        root = Path(sys.argv[1])
        old, new = b"old\\n" * 20_000, b"new\\n" * 20_000
        print("ready", flush=True)
        for before, data in ((new, old), (old, new)) * 500:
            writes = [FileWrite(path=path, before=digest_of(before), data=data) for path in sorted(root.glob("f*"))]
            asyncio.run(carry_out(writes, DiskFiles()))
            print("done", flush=True)
        """
    )
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "server")}
    for _ in range(3):
        for name in names:
            (root / name).write_bytes(new)
        with subprocess.Popen(
            [sys.executable, "-c", program, str(root)], stdout=subprocess.PIPE, env=environ
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            assert process.stdout.readline() == b"done\n"
            process.send_signal(signal.SIGKILL)
        assert {digest_of((root / name).read_bytes()) for name in names} <= {digest_of(old), digest_of(new)}


async def test_a_folder_with_more_in_it_is_not_taken_away_for_a_file(tmp_path: Path) -> None:
    root, blobs = Path(os.path.realpath(tmp_path)) / "work", DiskBlobs(tmp_path / "store")
    root.mkdir()
    (root / "a").write_text("a file")
    before = looked(root, blobs)
    (root / "a").unlink()
    (root / "a").mkdir()
    plan = await restored(root, blobs, before)
    assert plan.words(root) == (
        "a has something else in its place: a folder, a pipe, or a file that cannot be read",
    )
    await DiskFiles().write([FileWrite(path=root / "a" / "b", before=None, data=b"mine")])


async def test_names_that_differ_by_case_alone_are_left_where_both_are_one_file(tmp_path: Path) -> None:
    class NoCase(OsPaths):
        def identities(self, places: object) -> dict[tuple[int, int], Path]:
            return {(1, 1): next(iter(places))}  # type: ignore[call-overload]

        def shared(self, path: Path) -> None:
            return None

    root, blobs = Path(os.path.realpath(tmp_path)) / "work", DiskBlobs(tmp_path / "store")
    root.mkdir()
    (root / "a").write_text("a")
    before = looked(root, blobs)
    (root / "a").rename(root / "A")
    found = differences(before, looked(root, blobs, before), blobs, buffers={}, told={})
    ports = RestorePorts(files=DiskFiles(), blobs=blobs, paths=NoCase(), workspace=Looking())  # type: ignore[arg-type]
    plan = await plan_restore(chains(found.changes), root, ports)
    assert plan.writes == []
    assert len(plan.conflicts) == 2
    assert (root / "A").read_text() == "a"
