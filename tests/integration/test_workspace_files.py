"""The list of a workspace's files, by the real ripgrep."""

import asyncio
from pathlib import Path

from droid.app.parts import process_runner
from droid.app.workspace_files import WorkspaceFiles


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def tree(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")


async def test_files_are_listed_without_those_that_git_ignores_the_least_deep_first(tmp_path: Path) -> None:
    tree(tmp_path, "src/deep/a.py", "b.py", ".github/ci.yml", ".git/HEAD", "built/c.js", "a line\nend")
    (tmp_path / ".gitignore").write_text("built/\n")
    runner = process_runner()
    files = WorkspaceFiles(runner, tmp_path)
    try:
        listed = await files.known(30)
        assert list(listed.files) == [".gitignore", "a line\nend", "b.py", ".github/ci.yml", "src/deep/a.py"]
        assert list(listed.folders) == [".github", "src", "src/deep"]
    finally:
        await files.aclose()
        await runner.aclose()


async def test_what_is_known_is_told_at_once_while_it_is_listed_anew(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    runner, clock = process_runner(), Clock()
    files = WorkspaceFiles(runner, tmp_path, clock)
    try:
        assert (await files.known(0)).files == ()
        while not (known := await files.known(30)).files:
            pass
        tree(tmp_path, "b.py")
        assert await files.known(30) is known  # not that soon again
        clock.now += 60
        assert await files.known(30) is known
        while (await files.known(30)) is known:
            await asyncio.sleep(0)
        assert list((await files.known(30)).files) == ["a.py", "b.py"]
    finally:
        await files.aclose()
        await runner.aclose()


async def test_closing_ends_a_listing(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    runner = process_runner()
    files = WorkspaceFiles(runner, tmp_path)
    assert (await files.known(0)).files == ()
    await files.aclose()
    await runner.aclose()
