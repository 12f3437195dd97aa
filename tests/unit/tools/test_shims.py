"""What keeps blocked programs from running in scripts; really run, since the shell decides."""

import os
import subprocess
from pathlib import Path

import pytest

from droid.domain.errors import ToolFailed
from droid.sandbox.environment import with_path_first
from droid.tools.shims import shim_folder

SAID = "curl is blocked by org settings (/etc/droid/it's.json:3)"


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    env = dict(with_path_first(os.environ, folder))
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=env, check=False)


def test_nothing_is_made_where_nothing_is_blocked(tmp_path: Path) -> None:
    assert shim_folder(tmp_path / "none", {}) is None
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["curl -s x", "sh -c 'curl x'", "./script", "echo x | xargs curl"])
def test_a_blocked_program_says_so_and_fails(tmp_path: Path, command: str) -> None:
    folder = shim_folder(tmp_path, {"curl": SAID})
    assert folder is not None
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\ncurl y\n")
    script.chmod(0o700)
    result = run(folder, f"cd {tmp_path} && {command}")
    assert result.returncode in (126, 123)  # xargs has a code of its own
    assert result.stderr.strip() == SAID
    assert folder.stat().st_mode & 0o077 == 0


def test_what_a_command_did_to_the_folder_is_undone(tmp_path: Path) -> None:
    folder = shim_folder(tmp_path, {"curl": SAID})
    assert folder is not None
    (folder / "curl").unlink()
    (folder / "curl").symlink_to("/bin/true")
    (folder / "git").write_text("evil")
    (folder / "more").mkdir()
    assert shim_folder(tmp_path, {"curl": SAID}) == folder
    assert [path.name for path in folder.iterdir()] == ["curl"]
    assert run(folder, "curl").returncode == 126
    before = (folder / "curl").stat().st_ino
    shim_folder(tmp_path, {"curl": SAID})
    assert (folder / "curl").stat().st_ino == before


def test_another_blocklist_has_another_folder(tmp_path: Path) -> None:
    one = shim_folder(tmp_path, {"curl": SAID})
    assert one != shim_folder(tmp_path, {"curl": SAID, "wget": "no"})


def test_without_the_folder_nothing_is_run(tmp_path: Path) -> None:
    folder = shim_folder(tmp_path, {"curl": SAID})
    assert folder is not None
    (folder / "curl").unlink()
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ToolFailed, match="not run"):
        shim_folder(tmp_path, {"curl": SAID})
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolFailed, match="not run"):
        shim_folder(tmp_path / "file", {"curl": SAID})
