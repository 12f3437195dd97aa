"""What a checkpoint keeps of a workspace, what it leaves out, and what it does not read again."""

import os
from pathlib import Path

import pytest
from tests.fakes.event_log import MemoryBlobs

from droid.domain.snapshots import WorkspaceSnapshot
from droid.engine.snapshot_changes import differences
from droid.tools import workspace_scan
from droid.tools.workspace_scan import Limits, scan

LONG_AGO = 1_000_000_000


class Tree:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.blobs = MemoryBlobs()
        self.guarded: set[str] = set()

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    def look(
        self,
        *listed: str,
        known: WorkspaceSnapshot | None = None,
        since: WorkspaceSnapshot | None = None,
        **limits: int,
    ) -> WorkspaceSnapshot:
        entries = known.entries if known is not None else since.entries if since is not None else {}
        return scan(
            self.root,
            frozenset(listed),
            entries,
            self.blobs,
            lambda path: path.relative_to(self.root).as_posix() in self.guarded,
            limits=Limits(**limits),
            since=since,
        )

    def changed(
        self, before: WorkspaceSnapshot, after: WorkspaceSnapshot
    ) -> tuple[list[str], tuple[str, ...]]:
        found = differences(before, after, self.blobs, buffers={}, told={})
        return [os.path.relpath(one.path, self.root) for one in found.changes], found.lost


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(Path(os.path.realpath(tmp_path)))


def test_what_is_as_it_was_is_not_read_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("a", "one")
    tree.write("b", "two")
    monkeypatch.setattr(workspace_scan, "_SETTLED_NS", -(10**18))  # whatever the clock says of these files
    first = tree.look("a", "b")
    tree.write("b", "other")
    read: list[str] = []
    real = workspace_scan.read_at_rest
    monkeypatch.setattr(
        workspace_scan,
        "read_at_rest",
        lambda folder, name, *rest: (read.append(name), real(folder, name, *rest))[1],
    )
    second = tree.look("a", "b", known=first)
    assert read == ["b"]
    assert second.entries["a"] is first.entries["a"]
    assert tree.blobs.contents[second.entries["b"].digest or ""] == b"other"


def test_a_content_that_the_store_has_lost_is_read_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("a", "one")
    monkeypatch.setattr(workspace_scan, "_SETTLED_NS", -(10**18))
    first = tree.look("a")
    tree.blobs.contents.clear()
    second = tree.look("a", known=first)
    assert second.entries["a"] == first.entries["a"]
    assert list(tree.blobs.contents.values()) == [b"one"]


def test_a_file_that_was_just_written_is_not_trusted_to_be_the_same(tree: Tree) -> None:
    tree.write("a", "one")
    assert tree.look("a").entries["a"].stamp is None


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"files": 1}, "b (there are too many files)"),
        ({"file_bytes": 5}, "b (too large)"),
        ({"total_bytes": 7}, "b (all files together are too large)"),
        ({"time_s": -1}, "a, b (reading them would take too long)"),
    ],
)
def test_what_is_over_a_limit_is_named_and_told_when_it_changes(
    tree: Tree, limits: dict[str, int], said: str
) -> None:
    tree.write("a", "small")
    tree.write("b", "larger")
    before = tree.look("a", "b", **limits)
    assert before.left_out == (said,)
    tree.write("b", "other!")
    assert tree.changed(before, tree.look("a", "b", since=before)) == ([], ("b",))


def test_pipes_and_ignored_files_are_outside_and_stay_so(tree: Tree) -> None:
    tree.write("a", "one")
    tree.write("ignored", "x")
    tree.write("build/out", "x")
    os.mkfifo(tree.root / "pipe")
    before = tree.look("a", "pipe")
    assert before.entries.keys() == {"a"}
    assert before.outside == {"ignored", "build", "pipe"}
    tree.write("build/more", "x")
    tree.write("made", "x")
    (tree.root / "a").unlink()
    os.mkfifo(tree.root / "a")
    after = tree.look("a", "made", "ignored", "build/out", "build/more", since=before)
    assert tree.changed(before, after) == (["a", "made"], ())


def test_a_guarded_file_is_neither_copied_nor_missed(tree: Tree) -> None:
    tree.write("a", "one")
    before = tree.look("a")
    tree.guarded = {"a", "key"}
    tree.write("a", "two")
    tree.write("key", "secret")
    after = tree.look("a", "key", since=before)
    assert tree.changed(before, after) == ([], ())
    assert list(tree.blobs.contents.values()) == [b"one"]
    assert after.left_out == ("a, key (settings or their content keep them from being copied)",)


def test_a_folder_that_becomes_a_link_is_not_followed(
    tree: Tree, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "b").write_text("somebody else's")
    tree.write("src/b", "ours")
    before = tree.look("src/b")
    (tree.root / "src/b").unlink()
    (tree.root / "src").rmdir()
    (tree.root / "src").symlink_to(elsewhere)
    after = tree.look("src/b", since=before)
    assert tree.changed(before, after) == (["src", "src/b"], ())
    assert b"somebody else's" not in tree.blobs.contents.values()


def test_what_was_not_all_listed_tells_nothing_of_new_files(tree: Tree) -> None:
    tree.write("a", "one")
    before = scan(tree.root, frozenset(), {}, tree.blobs, lambda _: False, why="it has too many files")
    assert (before.complete, before.left_out) == (
        False,
        ("the files of the workspace: it has too many files",),
    )
    tree.write("b", "x")
    assert tree.changed(before, tree.look("a", "b", since=before)) == ([], ())
