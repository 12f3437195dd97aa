"""A repository is read from its files, whatever somebody has put there."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from droid.safety.git_facts import GitFacts
from droid.tools.git_folder import read_repository

HASH = "0" * 40 + "\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    git = tmp_path / "work" / ".git"
    (git / "refs/heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/feature/a\n")
    (git / "refs/heads/main").write_text(HASH)
    return tmp_path


def read(
    root: Path, folder: str = "work", git_dir: Path | None = None, environ: Mapping[str, str] | None = None
) -> GitFacts:
    without_system = {"GIT_CONFIG_SYSTEM": str(root / "none"), **(environ or {})}
    return read_repository(root / folder, git_dir, without_system, root / "home")


def test_the_branch_that_is_checked_out(root: Path) -> None:
    assert read(root).branch == "feature/a"
    assert read(root).complete
    (root / "work/deep/er").mkdir(parents=True)
    assert read(root, "work/deep/er").branch == "feature/a"
    assert read(root, "work/deep/er").place == read(root).place == str(root / "work/.git")
    (root / "work/.git/HEAD").write_text(HASH)
    assert read(root).branch is None
    assert read(root).complete


def test_a_head_may_be_a_link_of_the_file_system(root: Path) -> None:
    head = root / "work/.git/HEAD"
    head.unlink()
    head.symlink_to("refs/heads/main")
    assert read(root).branch == "main"


@pytest.mark.parametrize("folder", ["home", "not/there"])
def test_where_no_repository_is_yet_one_may_be_made(root: Path, folder: str) -> None:
    facts = read(root, folder)
    assert (facts.branch, facts.complete) == (None, False)


def test_a_worktree_has_a_branch_of_its_own_and_shares_the_configuration(root: Path) -> None:
    own = root / "work/.git/worktrees/w"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/main\n")
    (own / "commondir").write_text("../..\n")
    (root / "work/.git/config").write_text("[push]\n\tdefault = matching\n")
    (root / "tree").mkdir()
    (root / "tree/.git").write_text(f"gitdir: {own}\n")
    facts = read(root, "tree")
    assert facts.branch == "main"
    assert facts.place != read(root).place
    assert ("push.default", "matching") in facts.settings


def test_a_bare_repository_and_one_that_is_named(root: Path) -> None:
    bare = root / "bare"
    for name in ("objects", "refs"):
        (bare / name).mkdir(parents=True)
    (bare / "HEAD").write_text("ref: refs/heads/main\n")
    assert read(root, "bare").branch == "main"
    assert read(root, "work", bare).branch == "main"


def test_every_configuration_file_is_read_in_the_order_of_git(root: Path) -> None:
    (root / "home/.config/git").mkdir(parents=True)
    (root / "home/.config/git/config").write_text("[a]\nb = 1\n")
    (root / "home/.gitconfig").write_text("[a]\nb = 2\n[include]\npath = more\n[a]\nb = 4\n")
    (root / "home/more").write_text("[a]\nb = 3\n")
    (root / "work/.git/config").write_text('[a]\nb = 5\n[branch "X.y"]\nMerge = refs/heads/main\n')
    (root / "work/.git/config.worktree").write_text("[a]\nb = 6\n")
    given = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "A.B", "GIT_CONFIG_VALUE_0": "7"}
    facts = read(root, environ=given)
    assert [value for key, value in facts.settings if key == "a.b"] == list("1234567")
    assert ("branch.X.y.merge", "refs/heads/main") in facts.settings
    assert facts.complete
    assert [
        v
        for k, v in read(root, environ={"GIT_CONFIG_GLOBAL": str(root / "home/more")}).settings
        if k == "a.b"
    ] == list("356")


def test_what_holds_only_under_a_condition_leaves_a_doubt_where_it_decides(root: Path) -> None:
    config, more = root / "work/.git/config", root / "work/.git/more"
    config.write_text('[includeIf "gitdir:/x"]\n\tpath = more\n')
    more.write_text("[user]\n\tname = x\n")
    assert read(root).complete
    more.write_text("[push]\n\tdefault = simple\n")
    assert not read(root).complete


def test_what_cannot_be_read_leaves_a_doubt(root: Path) -> None:
    config = root / "work/.git/config"
    config.mkdir()
    assert not read(root).complete
    config.rmdir()
    os.mkfifo(config)
    assert not read(root).complete
    config.unlink()
    config.write_text("#" * 1024 * 1025)
    assert not read(root).complete


def test_files_that_include_each_other_come_to_an_end(root: Path) -> None:
    (root / "work/.git/config").write_text("[include]\npath = config\n")
    assert not read(root).complete


def test_a_repository_of_another_kind_leaves_a_doubt(root: Path) -> None:
    (root / "work/.git/HEAD").write_text("ref: refs/heads/.invalid\n")
    facts = read(root)
    assert (facts.branch, facts.complete) == (None, False)
    (root / "work/.git/HEAD").unlink()
    assert not read(root).complete


def test_branches_and_those_that_are_links(root: Path) -> None:
    heads = root / "work/.git/refs/heads"
    (heads / "alias").write_text("ref: refs/heads/main\n")
    (heads / "old").symlink_to("main")
    (root / "work/.git/refs/remotes/origin").mkdir(parents=True)
    (root / "work/.git/refs/remotes/origin/theirs").write_text(HASH)
    (root / "work/.git/packed-refs").write_text(
        f"# pack-refs with: peeled\n{'0' * 40} refs/heads/packed\n{'0' * 40} refs/remotes/origin/far\n"
    )
    facts = read(root)
    assert sorted(facts.links) == [("alias", "main"), ("old", "main")]
    assert facts.branches == {"main", "alias", "old", "theirs", "packed", "far"}


def test_the_branch_that_a_rebase_began_on(root: Path) -> None:
    folder = root / "work/.git/rebase-merge"
    folder.mkdir()
    (folder / "head-name").write_text("refs/heads/main\n")
    assert read(root).rebasing == "main"
