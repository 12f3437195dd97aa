"""Files of ours in somebody else's repository."""

import stat
from pathlib import Path

import pytest

from droid.lsp.private_files import local_folder, remove_quietly, write_new, write_private


def test_the_folder_keeps_itself_out_of_git(tmp_path: Path) -> None:
    folder = local_folder(tmp_path)
    assert (folder / ".gitignore").read_text() == "*\n"
    (folder / ".gitignore").write_text("mine")
    local_folder(tmp_path)
    assert (folder / ".gitignore").read_text() == "mine"


def test_a_document_is_for_the_person_alone_and_replaces_the_last(tmp_path: Path) -> None:
    for text in ("one", "two\ud800"):
        path = write_private(tmp_path, "approvals", "a.md", text)
    assert path == tmp_path.resolve() / ".factory" / "local" / "approvals" / "a.md"
    assert path.read_text() == "two?"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    remove_quietly(path)
    remove_quietly(path)
    assert not path.exists()


@pytest.mark.parametrize("link", [".factory", ".factory/local", ".factory/local/approvals"])
def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path, link: str) -> None:
    workspace, outside = tmp_path / "work", tmp_path / "outside"
    outside.mkdir()
    (workspace / link).parent.mkdir(parents=True)
    (workspace / link).symlink_to(outside)
    if link != ".factory/local/approvals":
        with pytest.raises(OSError, match="leads out"):
            local_folder(workspace)
    path = write_private(workspace, "approvals", "a.md", "text")
    assert not list(outside.rglob("*"))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_link_at_the_file_itself_is_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target"
    folder = local_folder(tmp_path)
    (folder / "approvals").mkdir()
    (folder / "approvals" / "a.md").symlink_to(target)
    write_private(tmp_path, "approvals", "a.md", "text")
    (folder / "b.md").symlink_to(target)
    with pytest.raises(FileExistsError):
        write_new(folder / "b.md", "text")
    assert not target.exists()


def test_an_ignore_file_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (tmp_path / ".factory" / "local").mkdir(parents=True)
    (tmp_path / ".factory" / "local" / ".gitignore").symlink_to(target)
    local_folder(tmp_path)
    assert not target.exists()
