"""The `Create` tool."""

from typing import Any

import pytest
from tests.fakes.files import MemoryFiles
from tests.unit.tools.workbench import Workbench

from droid.domain.files import digest_of
from droid.tools.create import Create
from droid.tools.edit import Edit
from droid.tools.read import Read


async def test_a_new_file_is_made_with_its_folders_and_may_be_edited_at_once(bench: Workbench):
    assert await bench.text(Create(), file_path="a/b.py", content="x = 1\n") == "Created a/b.py (1 line)."
    assert bench.bytes_of("a/b.py") == b"x = 1\n"
    assert (await bench.text(Edit(), file_path="a/b.py", old_str="1", new_str="2")).startswith("Edited")


async def test_a_file_that_was_not_read_is_not_replaced(bench: Workbench):
    bench.write("a", "precious")
    assert await bench.text(Create(), file_path="a", content="x") == (
        "failed: a has not been read in this conversation; read it first, "
        "or change a part of it with Edit (the file exists already)"
    )
    assert bench.bytes_of("a") == b"precious"


async def test_a_file_that_changed_since_it_was_read_is_not_replaced(bench: Workbench):
    bench.write("a", "seen")
    await bench.call(Read(), file_path="a")
    bench.write("a", "somebody else's")
    assert "changed since it was read" in await bench.text(Create(), file_path="a", content="x")
    assert bench.bytes_of("a") == b"somebody else's"


async def test_an_empty_file_has_nothing_to_lose(bench: Workbench):
    bench.write("a", "")
    assert await bench.text(Create(), file_path="a", content="x") == "Replaced the content of a (1 line)."


KEPT: dict[str, tuple[bytes, str, bytes]] = {
    "CRLF": (b"a\r\nb\r\n", "x\ny\n", b"x\r\ny\r\n"),
    "CRLF given": (b"a\r\nb\r\n", "x\r\ny\n", b"x\r\ny\r\n"),
    "LF": (b"a\nb\n", "x\ny", b"x\ny"),
    "LF, CRLF wanted": (b"a\nb\n", "x\r\ny", b"x\r\ny"),
    "a mark": (b"\xef\xbb\xbfa", "x", b"\xef\xbb\xbfx"),
    "a mark given twice": (b"\xef\xbb\xbfa", "\ufeffx", b"\xef\xbb\xbfx"),
    "utf-16": ("\ufeffa".encode("utf-16-le"), "ü", "\ufeffü".encode("utf-16-le")),
    "windows": (b"gr\xfcn", "blä", b"bl\xe4"),
}


@pytest.mark.parametrize("case", list(KEPT))
async def test_a_replaced_file_keeps_its_encoding_line_ends_and_mode(bench: Workbench, case: str):
    old, content, new = KEPT[case]
    path = bench.write("a", old, mode=0o751)
    await bench.call(Read(), file_path="a")
    await bench.call(Create(), file_path="a", content=content)
    assert bench.bytes_of("a") == new
    assert path.stat().st_mode & 0o777 == 0o751


async def test_the_same_content_is_not_written_again(bench: Workbench):
    path = bench.write("a", "x\n")
    await bench.call(Read(), file_path="a")
    before = path.stat().st_mtime_ns
    assert "nothing was written" in await bench.text(Create(), file_path="a", content="x\n")
    assert path.stat().st_mtime_ns == before
    assert await bench.preview(Create(), file_path="a", content="x\n") == ()


async def test_what_cannot_be_a_file_is_said(bench: Workbench):
    bench.write("folder/file")
    assert await bench.text(Create(), file_path="folder", content="") == "failed: folder is a folder"
    assert "a part of its path is a file" in await bench.text(Create(), file_path="folder/file/x", content="")


async def test_the_preview_is_what_will_be_written(bench: Workbench):
    (write,) = await bench.preview(Create(), file_path="a/../b", content="ü")
    assert (write.path, write.before, write.data) == (bench.root / "b", None, "ü".encode())
    assert bench.tree() == {}
    bench.write("c", "old")
    await bench.call(Read(), file_path="c")
    (write,) = await bench.preview(Create(), file_path="c", content="new")
    assert (write.path, write.before, write.data) == (bench.root / "c", digest_of(b"old"), b"new")


async def test_an_open_buffer_is_replaced_and_stays_known(bench: Workbench):
    path = bench.root / "a"
    files = MemoryFiles({path: b"disk"})
    files.open(path, "typed")
    bench.files = files
    assert "has not been read" in await bench.text(Create(), file_path="a", content="new")
    await bench.call(Read(), file_path="a")
    await bench.call(Create(), file_path="a", content="new")
    assert (files.buffers[path].text, files.disk[path]) == ("new", b"disk")
    await bench.call(Create(), file_path="a", content="newer")


@pytest.mark.parametrize("arguments", [{"file_path": "a"}, {"file_path": "a", "content": {"k": 1}}])
def test_the_content_is_a_string(arguments: dict[str, Any]):
    with pytest.raises(Exception, match="`content`"):
        Create().validate(arguments)


def test_the_access_is_the_file():
    tool = Create()
    call = tool.validate({"file_path": "../x\ny", "content": ""})
    assert ([str(path) for path in tool.access(call).writes], tool.access(call).reads) == (["../x\ny"], ())
    assert tool.title(call) == "Create ../x y"
