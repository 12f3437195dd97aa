"""Who can have written the system-managed file. Facts come from a table, so that nobody has to be root."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from droid.settings.org_system import image_mark, system_folder, tampering

FOLDER, FILE, LINK = stat.S_IFDIR, stat.S_IFREG, stat.S_IFLNK


class Facts:
    """What `lstat` says: root's alone, but for what a row changes."""

    def __init__(self, changed: Mapping[Path, tuple[int, int]]) -> None:
        self.changed = dict(changed)
        self.asked: list[Path] = []

    def __call__(self, path: Path) -> os.stat_result:
        self.asked.append(path)
        real = os.lstat(path)
        uid, mode = self.changed.get(path, (0, 0o644 if stat.S_ISREG(real.st_mode) else 0o755))
        kind = stat.S_IFMT(real.st_mode)
        return os.stat_result((kind | mode, 1, 1, 1, uid, 0, 0, 0, 0, 0))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "etc" / "factory" / "settings.json"
    found.parent.mkdir(parents=True)
    found.write_text("{}")
    return found


def test_what_only_root_can_change_is_resistant(file: Path) -> None:
    facts = Facts({})
    assert tampering(file, facts) is None
    assert facts.asked == [*reversed(file.parents), file]


@pytest.mark.parametrize(
    ("uid", "mode", "reason"),
    [
        (1000, 0o644, "does not belong to root"),
        (65534, 0o644, "does not belong to root"),
        (0, 0o664, "can be written by others"),
        (0, 0o646, "can be written by others"),
        (0, 0o1777, "can be written by others"),
    ],
)
def test_what_somebody_else_can_change_on_the_way_is_not(
    file: Path, uid: int, mode: int, reason: str
) -> None:
    for step in (file, file.parent, file.parent.parent, Path("/")):
        told = tampering(file, Facts({step: (uid, mode)}))
        assert told == f"{step} {reason}" + (" than root" if "written" in reason else "")


def test_links_are_followed_and_what_they_pass_counts(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    real = file.rename(elsewhere / "real.json")
    file.symlink_to("../../elsewhere/real.json")
    assert tampering(file, Facts({})) is None
    assert tampering(file, Facts({file: (0, 0o777)})) is None, "the mode of a link means nothing"
    for step in (file, real, elsewhere):
        assert tampering(file, Facts({step: (1000, 0o755)})) == f"{step} does not belong to root"


def test_a_folder_that_is_a_link_is_followed_too(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "settings.json").write_text("{}")
    (tmp_path / "factory").symlink_to(real)
    path = tmp_path / "factory" / "settings.json"
    assert tampering(path, Facts({})) is None
    assert tampering(path, Facts({real: (1000, 0o755)})) == f"{real} does not belong to root"


def test_what_cannot_be_looked_at_is_not_resistant(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert "too many symbolic links" in str(tampering(loop / "settings.json", Facts({})))
    assert "No such file" in str(tampering(tmp_path / "missing", Facts({})))


def test_the_real_facts_are_those_of_this_machine(file: Path) -> None:
    assert tampering(file) == tampering(file, os.lstat)
    file.parent.chmod(0o777)
    assert tampering(file) is not None
    assert tampering(Path("/etc/passwd")) is None


def test_the_place_follows_the_platform_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FACTORY_HOME", "HOME", "XDG_CONFIG_DIRS", "DROID_SYSTEM_FILE", "DROID_ORG_SYSTEM"):
        monkeypatch.setenv(name, "/tmp/mine")
    assert system_folder("linux") == Path("/etc/factory")
    assert system_folder("darwin") == Path("/Library/Application Support/Factory")
    assert str(system_folder("win32")) == "C:\\Program Files\\Factory"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("DROID_ENVIRONMENT_TYPE=sandbox\n", "sandbox"),
        ('# this image\nA=b\nexport DROID_ENVIRONMENT_TYPE="ci"\n', "ci"),
        ("DROID_ENVIRONMENT_TYPE\n", ""),
        ("XDROID_ENVIRONMENT_TYPE=ci\n", ""),
        ("", ""),
        ("\0", ""),
        ("DROID_ENVIRONMENT_TYPE=ci\n" + "#" * (2 << 20), ""),
    ],
)
def test_a_mark_counts_where_only_an_administrator_can_have_made_it(
    tmp_path: Path, text: str, mark: str
) -> None:
    assert image_mark(tmp_path, lambda _: None) == ""
    (tmp_path / "environment").write_text(text)
    assert image_mark(tmp_path, lambda _: None) == mark
    assert image_mark(tmp_path, lambda _: "somebody can change it") == ""
