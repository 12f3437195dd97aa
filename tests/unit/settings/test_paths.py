import errno
import os
from pathlib import Path

import pytest

from droid.settings.paths import factory_home, project_root, real


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"HOME": "/home/dev"}, Path("/home/dev/.factory")),
        ({"HOME": "/home/dev", "FACTORY_HOME": ""}, Path("/home/dev/.factory")),
        ({"HOME": "/home/dev", "FACTORY_HOME": "/srv/factory"}, Path("/srv/factory")),
        ({"FACTORY_HOME": "elsewhere"}, Path.cwd() / "elsewhere"),
        ({}, Path.home() / ".factory"),
    ],
)
def test_the_users_folder_is_where_the_environment_says(environ: dict[str, str], expected: Path) -> None:
    assert factory_home(environ) == expected


def test_the_nearest_git_root_is_the_project(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "vendor" / "lib" / "src"
    inner.mkdir(parents=True)
    assert project_root(inner) == inner, "with no git root the workspace is the project"
    (tmp_path / "repo" / ".git").mkdir()
    assert project_root(inner) == tmp_path / "repo"
    assert project_root(tmp_path / "repo") == tmp_path / "repo"
    (tmp_path / "repo" / "vendor" / "lib" / ".git").write_text("gitdir: ../../.git/modules/lib")
    assert project_root(inner) == tmp_path / "repo" / "vendor" / "lib", "a submodule has a file"


def test_a_symlinked_workspace_belongs_to_the_project_that_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "src").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "repo" / "src")
    assert project_root(tmp_path / "link") == tmp_path / "repo"


def test_a_workspace_that_is_not_there_or_a_loop_is_its_own_project(tmp_path: Path) -> None:
    assert project_root(tmp_path / "absent") == tmp_path / "absent"
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert project_root(tmp_path / "a").parent == tmp_path


@pytest.mark.parametrize("times", [1, 100])
def test_a_link_that_is_replaced_while_it_is_followed_raises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    place = Path(os.path.realpath(tmp_path))
    (place / "link").symlink_to("target")
    failures, readlink = [OSError(errno.EINVAL, "Invalid argument")] * times, os.readlink

    def raced(path: str) -> str:
        if failures:
            raise failures.pop()
        return readlink(path)

    monkeypatch.setattr(os, "readlink", raced)
    assert real(place / "link") == place / ("target" if times == 1 else "link")
