"""Git subcommands that change history or a remote, in any form."""

from pathlib import PurePosixPath

import pytest

from droid.safety.commands.classify import classify
from droid.safety.git_calls import GitCall, git_calls

WORK = PurePosixPath("/work")


def found(command: str) -> tuple[GitCall, ...]:
    return git_calls(classify(command, cwd=WORK, home=PurePosixPath("/home/ada"), workspace=WORK))


@pytest.mark.parametrize(
    ("command", "subcommands"),
    [
        ("git push", ["push"]),
        ("cd x && git -C sub commit -m 'a b' && /usr/bin/git push", ["commit", "push"]),
        ("bash -c 'git push --force'", ["push"]),
        ("env A=1 git reset --hard HEAD~1", ["reset"]),
        ("timeout 5 g\\it pu''sh", ["push"]),
        ("echo x | xargs git push", ["push"]),
        ("""python -c 'import os; os.system("git push")'""", ["push"]),
        ("git branch -d old; git tag v1", ["branch", "tag"]),
        ("git remote add x y", ["remote"]),
        ("git --git-dir=/x/.git rebase main", ["rebase"]),
        ("echo $(git push)", ["push"]),
        ("ls; git log; git status; git fetch; git stash; git checkout -b x", []),
        ("git branch; git tag -l; git remote -v; git push --help", []),
        ("echo git push", []),
    ],
)
def test_every_form_is_found_and_nothing_else(command: str, subcommands: list[str]) -> None:
    assert [one.subcommand for one in found(command)] == subcommands
    assert all(one.is_known for one in found(command))


@pytest.mark.parametrize(
    "command", ["git $x", "$x push", "gi$(true)t push", "git st", "git -c alias.x=push x", "git 'unclosed"]
)
def test_what_cannot_be_told_may_be_any(command: str) -> None:
    assert any(not one.is_known for one in found(command))


@pytest.mark.parametrize(
    ("command", "remote", "branch"),
    [
        ("git push", None, None),
        ("git push origin", "origin", None),
        ("git push origin main", "origin", "main"),
        ("git push -u origin +HEAD:refs/heads/main", "origin", "main"),
        ("git push origin HEAD", "origin", None),
        ('git push "$r" x', "?", "x"),
        ("git commit -m main", None, None),
        ("git send-pack origin main", "origin", "main"),
        ("git push origin 'refs/heads/*:refs/heads/*'", "origin", "*"),
    ],
)
def test_a_named_remote_and_branch(command: str, remote: str | None, branch: str | None) -> None:
    assert [(one.remote, one.branch) for one in found(command)] == [(remote, branch)]


def test_a_push_of_several_branches_is_asked_about_for_each() -> None:
    assert [one.branch for one in found("git push origin topic +HEAD:main :old")] == ["topic", "main", "old"]
    assert [one.branch for one in found("git push --all origin")] == [None, "*"]


@pytest.mark.parametrize(
    "command",
    [
        "git send-pack origin main", "git http-push https://x/y main", "git subtree push --prefix=a origin main",
        "git lfs push origin main", "git svn dcommit", "git p4 submit", "hub push origin main",
    ],
)  # fmt: skip
def test_what_pushes_under_another_name_is_a_push_too(command: str) -> None:
    assert [one.names[-1] for one in found(command)] == ["push"]


@pytest.mark.parametrize("command", ["git lfs ls-files", "git subtree split --prefix=a", "git svn log"])
def test_their_other_deeds_are_none(command: str) -> None:
    assert not any("push" in one.names for one in found(command))


def test_a_program_s_name_is_git_in_any_case() -> None:
    assert [one.subcommand for one in found("GIT push")] == ["push"]


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        ("git push", "."),
        ("cd a && git -C b push", "a/b"),
        ("cd a; cd /b; git push", "/b"),
        ("cd $d; git push", None),
        ("cd; git push", None),
    ],
)
def test_the_folder_that_it_works_in(command: str, folder: str | None) -> None:
    assert [one.folder for one in found(command)] == [folder]
    assert not any(one.elsewhere for one in found(command))
    assert found(f"ssh host '{command}'")[0].elsewhere
