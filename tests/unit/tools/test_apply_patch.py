"""The `ApplyPatch` tool: patches and files."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot
from tests.fakes.files import MemoryFiles
from tests.unit.tools.workbench import Workbench

from droid.domain.errors import InvalidToolInput
from droid.domain.files import digest_of
from droid.tools.apply_patch import ApplyPatch
from droid.tools.edit import Edit
from droid.tools.read import Read


def patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch", ""])


ALL = patch(
    "*** Add File: made/new.txt",
    "+hello",
    "*** Update File: a.py",
    "-one",
    "+1",
    "*** Update File: run.sh",
    "*** Move to: bin/run.sh",
    "-old",
    "+new",
    "*** Delete File: gone",
    "*** Update File: moved.bin",
    "*** Move to: here.bin",
)


@pytest.fixture
def repo(bench: Workbench) -> Workbench:
    bench.write("a.py", "one\r\ntwo\r\n")
    bench.write("run.sh", "old\n", mode=0o755)
    bench.write("gone", "x")
    bench.write("moved.bin", b"\x00\x01")
    return bench


async def test_a_patch_does_all_it_says(repo: Workbench):
    assert await repo.text(ApplyPatch(), input=ALL) == snapshot("""\
Added made/new.txt.
Updated a.py (+1 −1 lines).
Moved run.sh to bin/run.sh (+1 −1 lines).
Deleted gone.
Moved moved.bin to here.bin (+0 −0 lines).\
""")
    assert repo.tree() == {
        "a.py": b"1\r\ntwo\r\n",
        "bin/run.sh": b"new\n",
        "here.bin": b"\x00\x01",
        "made/new.txt": b"hello\n",
    }
    assert (repo.root / "bin/run.sh").stat().st_mode & 0o777 == 0o755
    assert (await repo.text(Edit(), file_path="made/new.txt", old_str="hello", new_str="x")) != ""


async def test_the_preview_is_all_of_it_and_changes_nothing(repo: Workbench):
    before = repo.tree()
    writes = await repo.preview(ApplyPatch(), input=ALL)
    assert repo.tree() == before
    assert [(str(w.path.relative_to(repo.root)), w.data, w.mode) for w in writes] == [
        ("made/new.txt", b"hello\n", None),
        ("a.py", b"1\r\ntwo\r\n", None),
        ("bin/run.sh", b"new\n", 0o755),
        ("run.sh", None, None),
        ("gone", None, None),
        ("here.bin", b"\x00\x01", 0o644),
        ("moved.bin", None, None),
    ]


FAILED: dict[str, tuple[tuple[str, ...], str]] = {
    "a hunk that does not fit": (("*** Update File: a.py", "-three", "+3"), "hunk 1 of a.py does not fit"),
    "a file that is there": (("*** Add File: gone", "+x"), "gone exists already; use `*** Update File`"),
    "a file that is not there": (("*** Update File: b.py", "-x"), "no such file: b.py; did you mean a.py?"),
    "nothing to delete": (("*** Delete File: none",), "no such file: none"),
    "a folder": (("*** Delete File: folder",), "folder is a folder"),
    "a move onto a file": (
        ("*** Update File: gone", "*** Move to: run.sh"),
        "run.sh exists already, so gone cannot be moved there",
    ),
    "a link that goes": (("*** Delete File: link",), "link is a symbolic link"),
    "a link that moves": (("*** Update File: link", "*** Move to: x"), "link is a symbolic link"),
    "one file by two names": (
        ("*** Update File: a.py", "-two", "+2", "*** Update File: link", "-one", "+1"),
        "the patch names one file by two paths",
    ),
    "binary": (("*** Update File: moved.bin", "-x", "+y"), "moved.bin is binary"),
}


@pytest.mark.parametrize("case", list(FAILED))
async def test_one_failure_and_nothing_is_changed(repo: Workbench, case: str):
    repo.write("folder/file", "")
    (repo.root / "link").symlink_to("a.py")
    lines, message = FAILED[case]
    before = repo.tree()
    text = await repo.text(ApplyPatch(), input=patch("*** Add File: first", "+x", *lines))
    assert text.startswith("failed: ")
    assert message in text
    assert repo.tree() == before


async def test_a_disk_that_refuses_the_last_file_takes_all_back(repo: Workbench):
    lines = ("*** Update File: a.py", "-one", "+1", "*** Delete File: gone", "*** Add File: run.sh/x", "+")
    before = repo.tree()
    assert "a part of its path is a file" in await repo.text(ApplyPatch(), input=patch(*lines))
    assert repo.tree() == before


async def test_a_file_that_changed_since_it_was_read_is_left_alone(repo: Workbench):
    await repo.call(Read(), file_path="a.py")
    repo.write("a.py", "one\nthree\n")
    for lines in (("*** Update File: a.py", "-one", "+1"), ("*** Delete File: a.py",)):
        text = await repo.text(ApplyPatch(), input=patch(*lines))
        assert text == "failed: a.py changed since it was read; read it again"


async def test_a_link_is_followed_to_what_it_points_to(repo: Workbench):
    (repo.root / "link").symlink_to("a.py")
    await repo.call(ApplyPatch(), input=patch("*** Update File: link", "-one", "+1"))
    assert (repo.root / "link").is_symlink()
    assert repo.bytes_of("a.py") == b"1\r\ntwo\r\n"


async def test_open_buffers_are_patched_as_they_are(repo: Workbench):
    path, other = repo.root / "a.py", repo.root / "b.py"
    files = MemoryFiles({path: b"disk", other: b"one\n"})
    files.open(path, "one\ntyped\n")
    repo.files = files
    lines = ("*** Update File: a.py", "-one", "+1", "*** Update File: b.py", "-one", "+1")
    await repo.call(ApplyPatch(), input=patch(*lines))
    assert (files.buffers[path].text, files.disk[other]) == ("1\ntyped\n", b"1\n")
    assert repo.ledger == {path: digest_of(b"1\ntyped\n"), other: digest_of(b"1\n")}


def test_the_access_names_every_path():
    tool = ApplyPatch()
    call = tool.validate({"input": ALL})
    assert tool.access(call).writes == tuple(
        map(Path, ["made/new.txt", "a.py", "run.sh", "bin/run.sh", "gone", "moved.bin", "here.bin"])
    )
    assert tool.access(call).reads == tuple(map(Path, ["a.py", "run.sh", "moved.bin"]))
    assert tool.title(call) == (
        "ApplyPatch made/new.txt, a.py, run.sh, bin/run.sh, gone, moved.bin, here.bin"
    )
    assert call.arguments == {"input": ALL}


def test_a_malformed_patch_is_invalid_input():
    with pytest.raises(InvalidToolInput, match=r"^ApplyPatch: a patch begins with the line"):
        ApplyPatch().validate({"input": "x"})
