"""What the operating system says of paths."""

import os
from pathlib import Path

from droid.tools.paths import OsPaths

PATHS = OsPaths()


def made(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def expanded(root: Path, pattern: str, *, widely: bool = False, limit: int = 100) -> list[str] | None:
    found = PATHS.expand(root / pattern, limit, widely=widely)
    return None if found is None else sorted(path.relative_to(root).as_posix() for path in found)


def test_the_names_that_a_path_takes(tmp_path: Path) -> None:
    made(tmp_path, "real/file")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "absolute").symlink_to(tmp_path / "folder")
    (tmp_path / "one").symlink_to("absolute/../folder/file")
    assert PATHS.ways(tmp_path / "real/file") == []
    assert PATHS.ways(tmp_path / "folder/file") == [tmp_path / "real/file"]
    ways = PATHS.ways(tmp_path / "one")
    assert tmp_path / "folder/file" in ways
    assert ways[-1] == tmp_path / "real/file"


def test_links_without_end_have_names_with_one(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert 0 < len(PATHS.ways(tmp_path / "a")) < 100


def test_a_glob_stands_for_what_is_there(tmp_path: Path) -> None:
    made(tmp_path, "a.py", "B.PY", ".env", "sub/a.py", "sub/.hidden/a.py")
    assert expanded(tmp_path, "*.py") == ["B.PY", "a.py"]
    assert expanded(tmp_path, ".e*") == [".env"]
    assert expanded(tmp_path, "*/a.py") == ["sub/a.py"]
    assert expanded(tmp_path, "sub/../.e*") == ["sub/../.env"]
    assert expanded(tmp_path, "[.]env") == [".env"]
    assert expanded(tmp_path, "x*") == []
    assert expanded(tmp_path, "*", widely=True) == [".env", "B.PY", "a.py", "sub"]
    assert expanded(tmp_path, "**/a.py", widely=True) == ["a.py", "sub/.hidden/a.py", "sub/a.py"]
    assert expanded(tmp_path, "*", limit=2) is None


def test_what_a_folder_holds_is_told_from_the_nearest_on(tmp_path: Path) -> None:
    made(tmp_path, "deep/er/file", "near")
    (tmp_path / "link").symlink_to("deep")
    found, complete = PATHS.below(tmp_path, 10)
    names = [path.relative_to(tmp_path).as_posix() for path in found]
    assert complete
    assert sorted(names[:3]) == ["deep", "link", "near"]
    assert names[3:] == ["deep/er", "deep/er/file"]
    assert PATHS.below(tmp_path, 2) == (found[:2], False)
    assert PATHS.below(tmp_path / "nothing", 2) == ([], True)


def test_files_with_several_names_are_found(tmp_path: Path) -> None:
    made(tmp_path, "one", "alone")
    (tmp_path / "sub").mkdir()
    os.link(tmp_path / "one", tmp_path / "sub/two")
    identity = PATHS.shared(tmp_path / "one")
    assert identity is not None
    found = PATHS.linked_files(tmp_path, 100)
    assert {key: sorted(names) for key, names in found.items()} == {
        identity: [tmp_path / "one", tmp_path / "sub/two"]
    }
    assert PATHS.linked_files(tmp_path, 0) == {}
