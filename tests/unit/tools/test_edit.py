"""The `Edit` tool."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from tests.fakes.files import MemoryFiles
from tests.unit.tools.workbench import Workbench

from droid.domain.errors import InvalidToolInput, ToolFailed
from droid.domain.files import digest_of
from droid.tools.edit import Edit
from droid.tools.editing import edit
from droid.tools.read import Read
from droid.tools.text import Text

SOURCE = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"


@pytest.fixture
async def read(bench: Workbench) -> Workbench:
    bench.write("a.py", SOURCE)
    await bench.call(Read(), file_path="a.py")
    return bench


async def test_the_one_place_is_changed_and_shown(read: Workbench):
    assert await read.text(Edit(), file_path="a.py", old_str="return 1", new_str="x = 1\n    return x") == (
        snapshot("""\
Edited a.py:
     1→def one():
     2→    x = 1
     3→    return x
     4→
     5→
     6→def two():\
""")
    )
    assert read.bytes_of("a.py") == SOURCE.replace("return 1", "x = 1\n    return x").encode()
    assert await read.text(Edit(), file_path="a.py", old_str="x = 1", new_str="x = 3") != ""
    assert read.ledger == {read.root / "a.py": digest_of(read.bytes_of("a.py"))}


async def test_all_places_are_changed_when_that_is_asked_for(read: Workbench):
    text = await read.text(Edit(), file_path="a.py", old_str="return", new_str="yield\n   ", change_all=True)
    assert text == snapshot("""\
Edited a.py in 2 places (lines 2, 7); the first:
     1→def one():
     2→    yield
     3→    1
     4→
     5→
     6→def two():\
""")
    assert read.bytes_of("a.py") == SOURCE.replace("return", "yield\n   ").encode()


FAILED: dict[str, tuple[dict[str, Any], str]] = {
    "twice": (
        {"old_str": "return", "new_str": "x"},
        (
            "old_str occurs 2 times in a.py (lines 2, 6); "
            "add lines around it until it is unique, or set change_all"
        ),
    ),
    "nowhere": (
        {"old_str": "three", "new_str": "x"},
        "old_str is not in a.py; read the part that you mean and copy it exactly",
    ),
    "indentation": (
        {"old_str": "def two():\n\treturn 2", "new_str": "x"},
        (
            "old_str is not in a.py, but lines 5–6 differ in white space only "
            "(indentation, tabs, blanks at line ends); copy it exactly:\n"
            "     5→def two():\n     6→    return 2"
        ),
    ),
    "a blank at the end": (
        {"old_str": "return  1 ", "new_str": "x"},
        (
            "old_str is not in a.py, but line 2 differs in white space only "
            "(indentation, tabs, blanks at line ends); copy it exactly:\n     2→    return 1"
        ),
    ),
    "line numbers": (
        {"old_str": "     5→def two():\n     6→    return 2", "new_str": "x"},
        (
            "old_str contains the line numbers that Read shows; "
            "leave out each number and the arrow after it, in new_str too"
        ),
    ),
    "a wrong middle": (
        {"old_str": "def two():\n    return 3", "new_str": "x"},
        (
            "old_str is not in a.py: its first line is there (line 5), but what follows differs:\n"
            "     4→\n     5→def two():\n     6→    return 2"
        ),
    ),
    "nothing": (
        {"old_str": "", "new_str": "x"},
        "old_str is empty; give the text to replace, or a line to add after",
    ),
}


@pytest.mark.parametrize("case", list(FAILED))
async def test_an_edit_that_fits_nowhere_says_how_to_do_better(read: Workbench, case: str):
    arguments, wanted = FAILED[case]
    assert await read.text(Edit(), file_path="a.py", **arguments) == f"failed: {wanted}"
    assert read.bytes_of("a.py") == SOURCE.encode()


async def test_overlapping_places_are_two_places(bench: Workbench):
    bench.write("a", "aaa")
    await bench.call(Read(), file_path="a")
    assert "occurs 2 times" in await bench.text(Edit(), file_path="a", old_str="aa", new_str="b")
    await bench.call(Edit(), file_path="a", old_str="aa", new_str="b", change_all=True)
    assert bench.bytes_of("a") == b"ba"


async def test_many_places_are_listed_in_part(bench: Workbench):
    bench.write("a", "x\n" * 50)
    await bench.call(Read(), file_path="a")
    text = await bench.text(Edit(), file_path="a", old_str="x", new_str="y")
    assert "occurs 50 times in a (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …)" in text


def test_an_edit_that_changes_nothing_is_invalid():
    for old, new in (("a", "a"), ("a\r\n", "a\n")):
        with pytest.raises(InvalidToolInput, match="are the same"):
            Edit().validate({"file_path": "a", "old_str": old, "new_str": new})


async def test_a_file_that_was_not_read_is_not_changed(bench: Workbench):
    bench.write("a", "x")
    text = await bench.text(Edit(), file_path="a", old_str="x", new_str="y")
    assert text == "failed: a has not been read in this conversation; read it first"


async def test_a_file_that_changed_since_is_not_changed(read: Workbench):
    read.write("a.py", SOURCE + "# more\n")
    text = await read.text(Edit(), file_path="a.py", old_str="return 1", new_str="x")
    assert text == "failed: a.py changed since it was read; read it again"
    await read.call(Read(), file_path="a.py")
    assert (await read.text(Edit(), file_path="a.py", old_str="return 1", new_str="x")).startswith("Edited")


async def test_what_was_written_under_another_name_is_known(read: Workbench):
    (read.root / "link").symlink_to("a.py")
    assert (await read.text(Edit(), file_path="link", old_str="1", new_str="3")).startswith("Edited")
    assert (read.root / "link").is_symlink()
    assert read.bytes_of("a.py") == SOURCE.replace("1", "3").encode()


WRITTEN: dict[str, tuple[bytes, str, str, bytes]] = {
    "CRLF": (b"a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", b"x\r\ny\r\nz\r\nc\r\n"),
    "CRLF given": (b"a\r\nb\r\n", "a\r\nb", "x\r\ny", b"x\r\ny\r\n"),
    "mixed": (b"a\r\nb\nc\r\n", "b", "x", b"a\r\nx\nc\r\n"),
    "no final newline": (b"a\nb", "b", "c", b"a\nc"),
    "the final newline": (b"a\nb\n", "b\n", "c", b"a\nc\n"),
    "a final newline asked for": (b"a\nb", "b", "b\n", b"a\nb\n"),
    "a mark": (b"\xef\xbb\xbfa", "a", "ü", b"\xef\xbb\xbf\xc3\xbc"),
    "utf-16": ("\ufeffa\r\nb".encode("utf-16-be"), "a\n", "ä\n", "\ufeffä\r\nb".encode("utf-16-be")),
    "windows": (b"gr\xfcn\n", "grün", "blau ä", b"blau \xe4\n"),
    "an empty file": (b"", "", "x\n", b"x\n"),
    "all of it": (b"a\n", "a\n", "", b""),
}


@pytest.mark.parametrize("case", list(WRITTEN))
async def test_what_is_not_edited_stays_byte_for_byte(bench: Workbench, case: str):
    before, old, new, after = WRITTEN[case]
    path = bench.write("a", before, mode=0o754)
    await bench.call(Read(), file_path="a")
    (preview,) = await bench.preview(Edit(), file_path="a", old_str=old, new_str=new)
    assert bench.bytes_of("a") == before
    await bench.call(Edit(), file_path="a", old_str=old, new_str=new)
    assert bench.bytes_of("a") == after == preview.data
    assert path.stat().st_mode & 0o777 == 0o754


async def test_a_character_that_the_encoding_lacks_is_refused(bench: Workbench):
    bench.write("a", b"gr\xfcn")
    await bench.call(Read(), file_path="a")
    assert "cp1252, which has no '→'" in await bench.text(Edit(), file_path="a", old_str="gr", new_str="→")


async def test_binary_is_not_edited(bench: Workbench):
    path = bench.write("a.png", b"\x89PNG\r\n\x1a\n\x00\x00")
    bench.ledger[path] = digest_of(path.read_bytes())
    text = await bench.text(Edit(), file_path="a.png", old_str="PNG", new_str="x")
    assert text == "failed: a.png is binary, and Edit changes text"


async def test_a_large_file_is_edited(bench: Workbench):
    bench.write("a", "line\n" * 300_000 + "last\n")
    await bench.call(Read(), file_path="a")
    text = await bench.text(Edit(), file_path="a", old_str="last", new_str="end")
    assert text.splitlines()[-1] == "300001→end"


async def test_an_open_buffer_is_edited_and_not_the_disk(bench: Workbench):
    path = bench.root / "a"
    files = MemoryFiles({path: b"disk"})
    files.open(path, "typed ü\r\nmore")
    bench.files = files
    await bench.call(Read(), file_path="a")
    await bench.call(Edit(), file_path="a", old_str="typed ü\n", new_str="edited ä\n")
    assert (files.buffers[path].text, files.disk[path]) == ("edited ä\r\nmore", b"disk")
    await bench.call(Edit(), file_path="a", old_str="more", new_str="less")


class Normalising(MemoryFiles):
    """An editor that writes all line ends its own way."""

    async def write(self, changes: Any) -> None:
        await super().write(changes)
        for buffer in self.buffers.values():
            buffer.text = buffer.text.replace("\r\n", "\n").replace("\n", "\r\n")


async def test_an_editors_own_line_ends_do_not_make_the_file_unknown(bench: Workbench):
    path = bench.root / "a"
    files = Normalising({path: b"one\ntwo\n"})
    files.open(path)
    bench.files = files
    await bench.call(Read(), file_path="a")
    await bench.call(Edit(), file_path="a", old_str="one", new_str="1")
    assert files.buffers[path].text == "1\r\ntwo\r\n"
    await bench.call(Edit(), file_path="a", old_str="two", new_str="2")


class Typing(MemoryFiles):
    """An editor whose person types on while the edit arrives."""

    async def write(self, changes: Any) -> None:
        await super().write(changes)
        for buffer in self.buffers.values():
            buffer.text += "typed meanwhile"


async def test_what_was_typed_meanwhile_has_not_been_seen(bench: Workbench):
    path = bench.root / "a"
    files = Typing({path: b"one\ntwo\n"})
    files.open(path)
    bench.files = files
    await bench.call(Read(), file_path="a")
    await bench.call(Edit(), file_path="a", old_str="one", new_str="1")
    text = await bench.text(Edit(), file_path="a", old_str="two", new_str="2")
    assert text == "failed: a changed since it was read; read it again"


async def test_a_write_that_fails_leaves_what_is_known(bench: Workbench):
    path = bench.root / "a"
    files = MemoryFiles({path: b"one"})
    bench.files = files
    await bench.call(Read(), file_path="a")
    files.refused.add(path)
    assert "No space left" in await bench.text(Edit(), file_path="a", old_str="one", new_str="1")
    files.refused.clear()
    await bench.call(Edit(), file_path="a", old_str="one", new_str="1")


def test_the_access_names_the_file_for_reading_and_writing():
    tool = Edit()
    call = tool.validate({"file_path": "/x/y", "old_str": "a", "new_str": "b"})
    assert tool.access(call).reads == tool.access(call).writes == (Path("/x/y"),)
    assert tool.title(call) == "Edit /x/y"


PIECES = st.lists(st.sampled_from(["a", "b", "\n", "\r\n", " ", "é", "→"]), max_size=12).map("".join)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(PIECES, PIECES, PIECES, st.booleans())
def test_an_edit_is_a_replacement_or_a_reason(raw: str, old: str, new: str, everywhere: bool):
    old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    assume(old)
    text = Text(raw=raw)
    try:
        edited = edit(text, old, new, everywhere=everywhere, name="a")
    except ToolFailed:
        assert old not in text.plain or (not everywhere and text.plain.find(old) != text.plain.rfind(old))
        return
    wanted = text.plain.replace(old, new)
    if text.plain.endswith("\n") and wanted and not wanted.endswith("\n"):
        wanted += "\n"
    assert edited.text.plain == wanted
