"""Paths that no file can have, asked of every tool that takes one."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from tests.unit.tools.workbench import Workbench

from droid.domain.ports import Tool
from droid.tools.apply_patch import ApplyPatch
from droid.tools.create import Create
from droid.tools.edit import Edit
from droid.tools.glob import Glob
from droid.tools.grep import Grep
from droid.tools.locate import shown
from droid.tools.ls import Ls
from droid.tools.read import Read

IMPOSSIBLE = ["x" * 300, "a/" * 3000 + "b", "loop/x", "file/x", "/proc/self/mem/x", "/dev/null"]
ODD = [*IMPOSSIBLE, "/", ".", "..", "/proc/self/mem", "\n", "-", "loop", "pipe"]


def patch(*lines: str) -> dict[str, Any]:
    return {"input": "\n".join(["*** Begin Patch", *lines, "*** End Patch"])}


@pytest.mark.parametrize("path", IMPOSSIBLE, ids=[repr(path)[:20] for path in IMPOSSIBLE])
async def test_where_no_file_can_be_none_is_written(bench: Workbench, path: str):
    bench.write("file", "x\n")
    (bench.root / "loop").symlink_to("loop")
    calls: list[tuple[Tool, dict[str, Any]]] = [
        (Create(), {"file_path": path, "content": "x"}),
        (ApplyPatch(), patch(f"*** Add File: {path}", "+x")),
        (ApplyPatch(), patch("*** Update File: file", f"*** Move to: {path}", "-x", "+y")),
        (ApplyPatch(), patch(f"*** Delete File: {path}")),
        (Edit(), {"file_path": path, "old_str": "a", "new_str": "b"}),
    ]
    for tool, arguments in calls:
        assert (await bench.text(tool, **arguments)).startswith("failed: ")
    assert bench.tree() == {"file": b"x\n"}


@pytest.mark.parametrize("path", ODD, ids=[repr(path)[:20] for path in ODD])
async def test_whatever_is_looked_at_there_is_an_answer_in_words(bench: Workbench, path: str):
    """A failure in words is an answer; any other error would end the turn, and a pipe must not wait."""
    bench.write("file", "x\n")
    (bench.root / "loop").symlink_to("loop")
    os.mkfifo(bench.root / "pipe")
    calls: list[tuple[Tool, dict[str, Any]]] = [
        (Read(), {"file_path": path}),
        (Ls(), {"directory_path": path}),
    ]
    if path not in ("/", ".."):
        calls += [(Grep(), {"pattern": "a", "path": path}), (Glob(), {"patterns": ["*"], "folder": path})]
    for tool, arguments in calls:
        async with asyncio.timeout(20):
            assert await bench.text(tool, **arguments)


def test_paths_are_shown_as_they_are_reached_from_the_sessions_folder(bench: Workbench):
    bench.cwd = bench.root / "src"
    assert shown(bench.context, bench.root / "src" / "a" / "b.py") == "a/b.py"
    assert shown(bench.context, bench.root / "x") == str(bench.root / "x")
    assert shown(bench.context, Path("../x")) == "../x"
