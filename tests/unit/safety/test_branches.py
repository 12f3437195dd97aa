"""Protected branches, in every way in which git lets somebody name one."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.levels import Verdict
from droid.domain.policy import ListEntry, Policy
from droid.safety.branches import git_places, judge_branches
from droid.safety.commands.classify import classify
from droid.safety.git_facts import GitFacts

POLICY = Policy(protected_branches=(ListEntry(text="main"), ListEntry(text="release/*")))
ON_MAIN = GitFacts(place="/r/.git", branch="main", branches=frozenset({"main", "fix", "v1"}))
ON_FIX = GitFacts(place="/r/.git", branch="fix", branches=frozenset({"main", "fix", "v1"}))
FOLLOWS_MAIN = (("branch.fix.merge", "refs/heads/main"), ("branch.fix.remote", "origin"))


def facts(branch: str | None = "fix", *settings: tuple[str, str], **more: object) -> GitFacts:
    return GitFacts(
        place="/r/.git",
        branch=branch,
        branches=frozenset({"main", "fix", "v1"}),
        settings=settings,
        **more,  # type: ignore[arg-type]
    )


def judge(line: str, known: GitFacts | None = ON_FIX, policy: Policy = POLICY) -> Verdict | None:
    where = PurePosixPath("/r")
    assessment = classify(line, cwd=where, home=PurePosixPath("/home/ada"), workspace=where)
    found = dict.fromkeys(git_places(assessment), known) if known is not None else {}
    said = judge_branches(assessment, policy, found, line)
    return said[0] if said is not None else None


DENIED = """
git -c core.editor='git push origin main;' commit
git push origin main
git push origin HEAD:main
git push origin +main
git push origin :main
git push origin --delete main
git push --delete origin main
git push -d origin main
git push --del origin main
git push -fd origin main
git push origin refs/heads/main
git push origin heads/main
git push origin fix:heads/main
git push origin main~0:main
git push origin main^{}:refs/heads/main
git push origin 'fix^{/a: b}:main'
git push --all
git push --all origin
git push --branches
git push --mirror
git push --mir origin
git push origin 'refs/heads/*:refs/heads/*'
git push origin +refs/heads/*
git push origin refs/*:refs/*
git push origin :
git push origin +:
git push origin MAIN
git push origin fix:Main
git push git@example.org:o/r.git main
git push https://example.org/o/r HEAD:main
git push . HEAD:main
git push -o ci.skip origin main
git push --push-option=x origin main
git push --repo=origin origin main
git push --force-with-lease origin main
git push --force-with-lease=main:abc origin fix main
git push -f -u origin main
git push origin fix main
git push origin tag v1 main
git push origin release/2
git push origin release/2/1
git -C sub push origin main
git -C sub -c a.b=c push origin main
git --git-dir=.git push origin main
git --no-pager push origin main
cd sub && git push origin main
(git push origin main)
if true; then git push origin main; fi
sh -c 'git push origin main'
bash -c "git push origin 'main'"
env A=b git push origin main
g=main; git push origin $g
git push origin m"ai"n
/usr/bin/git push origin main
git-push origin main
xargs git push origin main
git send-pack origin HEAD:main
git send-pack origin
git subtree push --prefix=x origin main
git branch -D main
git branch -d main
git branch --delete --force main
git branch -df main
git branch -m main other
git branch -M fix main
git branch -f main HEAD~1
git branch --force main v1
git branch -C fix main
git checkout -B main
git checkout -Bmain origin/fix
git switch -C main v1
git switch --force-create main
git worktree add -B main ../x
git update-ref refs/heads/main HEAD
git update-ref -d refs/heads/main
git symbolic-ref refs/heads/main refs/heads/fix
git symbolic-ref -d refs/heads/main
git fetch origin fix:main
git fetch . +fix:refs/heads/main
git fetch origin 'refs/heads/*:refs/heads/*'
git -c remote.origin.fetch=+refs/heads/x:refs/heads/main fetch origin
git pull origin fix:main
git rebase fix main
git rebase --onto v1 fix main
git switch main && git push
git switch main; git push
git for-each-repo --config=x push origin main
git checkout main && git push origin HEAD
git checkout main && git reset --hard v1
git -C . switch main && git push
git switch -c x && git switch main && git push
git symbolic-ref HEAD refs/heads/main && git push
git branch -u origin/main && git -c push.default=upstream push
git config push.default matching && git push
git config alias.p 'push origin main' && git p
git -c alias.p='push origin main' p
git -c alias.p=push p origin main
git -c alias.q='!x' -c alias.p='push origin main' p
GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.p GIT_CONFIG_VALUE_0='push origin main' git p
git -c push.default=matching push
git -c remote.origin.push=HEAD:main push
git -c remote.origin.mirror=true push
gh api -X DELETE repos/o/r/git/refs/heads/main
gh api --method=PATCH /repos/o/r/git/refs/heads/main -f sha=abc -F force=true
gh api repos/o/r/git/refs/heads/main -f sha=abc
gh api -X DELETE repos/o/r/git/refs/heads/release%2F2
gh api -X DELETE repos/o/r/branches/main/protection
gh api repos/o/r/merges -f base=main -f head=fix
gh repo sync o/r --branch main --force
glab api -X DELETE projects/1/repository/branches/main
curl -X DELETE https://api.github.com/repos/o/r/git/refs/heads/main
curl -d '{"sha":"x"}' https://api.github.com/repos/o/r/git/refs/heads/main
""".strip().splitlines()

ALLOWED = """
git push origin fix
git -c core.pager=cat -c core.editor=true commit
git push -u origin HEAD
git push
git push origin
git push origin @
git push origin main:fix
git push origin refs/tags/main
git push origin tag main
git push --tags
git push --dry-run origin main
git push origin HEAD:refs/for/main
git push origin 'refs/heads/feature/*:refs/heads/feature/*'
git push origin feature/main
git push origin mainly
git push origin "feature/$x"
git fetch origin main
git fetch origin main:refs/remotes/origin/main
git fetch
git pull origin main
git pull
git branch -d fix
git branch -D -r origin/main
git branch main2
git branch
git branch -m fix better
git checkout main
git checkout -- main
git checkout -b topic main
git switch main
git switch -c topic
git reset --hard main
git reset HEAD~1
git rebase main
git rebase origin/main
git rebase --abort
git merge main
git log main..fix
git diff main
git commit -m main
git commit --amend --no-edit
git tag main
git stash
git update-ref refs/tags/main HEAD
git symbolic-ref HEAD
git worktree add ../x main
echo git push origin main
grep 'git push origin main' notes
git switch -c topic && git push
git switch -c topic && git commit -m x && git push -u origin HEAD
gh api repos/o/r/git/refs/heads/main
gh pr merge 5
gh pr create --base main
curl https://api.github.com/repos/o/r/git/refs/heads/main
ls
""".strip().splitlines()

ASKED = """
git push origin "$b"
git push origin HEAD:"$b"
git push $args
git push origin fix $more
git "$sub" origin main2
git unknown-thing
git switch "$b" && git push
git checkout - && git push
git -c alias.p='!f' p
git config alias.p "$x" && git p
git -C "$d" push
git -C "$d" switch main; git push origin HEAD:x; git push
git filter-branch -- --all
git fast-import
git for-each-repo --config=x push
git push origin mai?
git push origin HEAD:ma[i]n
git -c include.path=x push
git remote add --mirror=push m ../x && git push m
git branch -D "$b"
git update-ref --stdin
GIT_CONFIG_GLOBAL=x git push
git push origin HEAD:HEAD
gh pr checkout 5 && git push
gh api graphql -f query='mutation { deleteRef(input: {refId: "x"}) { clientMutationId } }'
gh api -X PUT repos/o/r/contents/a -f message=x
$cmd push origin fix
ssh host git push
""".strip().splitlines()


@pytest.mark.parametrize("line", DENIED)
def test_a_protected_branch_is_out_of_reach(line: str) -> None:
    assert judge(line) is Verdict.DENY


@pytest.mark.parametrize("line", ALLOWED)
def test_other_branches_are_not_in_the_way(line: str) -> None:
    assert judge(line) is None


@pytest.mark.parametrize("line", ASKED)
def test_what_cannot_be_told_is_asked_about(line: str) -> None:
    assert judge(line) is Verdict.ASK


@pytest.mark.parametrize("line", [*DENIED, *ASKED])
def test_without_protected_branches_nothing_is_in_the_way(line: str) -> None:
    assert judge(line, policy=Policy()) is None


@pytest.mark.parametrize(
    "line",
    [
        "git push", "git push origin", "git push origin HEAD", "git push origin @", "git push origin @{u}",
        "git push origin HEAD~0", "git reset --hard", "git reset --soft v1", "git reset v1", "git reset HEAD~1",
        "git reset --keep HEAD", "git rebase fix", "git rebase -i HEAD~3", "git rebase --root", "git branch -m other",
        "git update-ref HEAD v1", "git filter-branch", "git push -u origin", "git -c push.default=current push",
        "git push --force", "git push -f origin HEAD", "cd . && git push", "git commit -m x && git push",
        "git switch fix; git reset --hard",
    ],
)  # fmt: skip
def test_what_hangs_on_the_branch_is_denied_while_on_a_protected_one(line: str) -> None:
    assert judge(line, ON_MAIN) in (Verdict.DENY, Verdict.ASK)
    if ";" not in line:
        assert judge(line, ON_MAIN) is Verdict.DENY
    assert judge(line, ON_FIX) is None or "filter" in line


@pytest.mark.parametrize(
    "line",
    [
        "git reset", "git reset HEAD", "git reset -q HEAD a.py", "git reset -- a.py", "git reset v1 -- a.py",
        "git reset -p", "git commit -m x", "git merge fix", "git cherry-pick v1", "git pull", "git status",
        "git push origin fix", "git push origin main:fix", "git switch -c topic && git push", "git branch topic",
        "git switch fix && git push", "git -c push.default=nothing push", "git push --tags",
    ],
)  # fmt: skip
def test_what_leaves_the_branch_where_it_is_may_be_done_on_it(line: str) -> None:
    assert judge(line, ON_MAIN) is None


@pytest.mark.parametrize(
    "line",
    [
        "git switch fix; git push", "git switch fix || git push", "git switch fix\ngit push", "git reset a.py",
        "! git switch fix && git push", "git switch fix & git push", "git checkout a.py && git push",
        "sh -c 'git switch fix'; git push", "git switch fix; git push; git push",
    ],
)  # fmt: skip
def test_a_switch_that_may_not_have_worked_leaves_a_doubt(line: str) -> None:
    assert judge(line, ON_MAIN) is Verdict.ASK


def test_a_plain_push_follows_the_configuration() -> None:
    assert judge("git push", facts("fix", *FOLLOWS_MAIN)) is None
    for mode in ("upstream", "tracking"):
        assert judge("git push", facts("fix", *FOLLOWS_MAIN, ("push.default", mode))) is Verdict.DENY
    assert judge("git push", facts("fix", ("push.default", "matching"))) is Verdict.DENY
    assert judge("git push", facts("fix", ("push.default", "matching"), ("push.default", "current"))) is None
    assert judge("git push", facts("main", ("push.default", "nothing"))) is None
    assert judge("git push", facts("fix", ("push.default", "new"))) is Verdict.ASK
    assert judge("git push", facts("fix", ("remote.origin.push", "HEAD:refs/heads/main"))) is Verdict.DENY
    assert judge("git push other", facts("fix", ("remote.origin.push", "HEAD:refs/heads/main"))) is None
    assert judge("git push", facts("fix", ("remote.x.mirror", "true"))) is Verdict.DENY
    assert judge("git push", facts("fix", complete=False)) is Verdict.ASK
    assert judge("git push", None) is Verdict.ASK
    assert judge("git push", facts(None)) is None


def test_aliases_are_looked_up() -> None:
    assert judge("git p", facts("fix", ("alias.p", "push origin main"))) is Verdict.DENY
    assert judge("git P", facts("fix", ("alias.p", "push origin main"))) is Verdict.DENY
    assert judge("git p fix", facts("fix", ("alias.p", "push origin"))) is None
    assert (
        judge("git a", facts("fix", ("alias.a", "b"), ("alias.b", "-c x.y=z push origin main")))
        is Verdict.DENY
    )
    assert judge("git a", facts("fix", ("alias.a", "b"), ("alias.b", "a"))) is Verdict.ASK
    assert judge("git p", facts("fix", ("alias.p", "!git push origin main"))) is Verdict.ASK
    assert judge("git st", facts("fix", ("alias.st", "status"))) is None
    assert judge("git push origin fix", facts("fix", ("alias.push", "push origin main"))) is None


def test_a_rebase_that_goes_on_rewrites_the_branch_that_it_began_on() -> None:
    halfway = facts(None, rebasing="main")
    assert judge("git rebase --continue", halfway) is Verdict.DENY
    assert judge("git rebase --abort", halfway) is None
    assert judge("git rebase --continue", facts(None, rebasing="fix")) is None


def test_a_branch_may_be_a_link_to_a_protected_one() -> None:
    linked = facts("alias", links=(("alias", "main"),))
    assert judge("git reset --hard v1", linked) is Verdict.DENY
    assert judge("git branch -f alias v1", linked) is Verdict.DENY


def test_references_on_standard_input_are_read() -> None:
    assert judge("git update-ref --stdin <<< 'delete refs/heads/main'") is Verdict.DENY
    assert judge("git update-ref --stdin <<< 'delete refs/heads/fix'") is None


@pytest.mark.parametrize(
    "entry", ["main", "MAIN", "refs/heads/main", "heads/main", "m*", "ma[hi]n", "!main", "ma[in"]
)
def test_an_entry_is_a_glob_of_branches(entry: str) -> None:
    assert (
        judge("git push origin main", policy=Policy(protected_branches=(ListEntry(text=entry),)))
        is Verdict.DENY
    )


def test_an_entry_may_name_a_remote() -> None:
    policy = Policy(protected_branches=(ListEntry(text="origin/main"),))
    assert judge("git push origin main", policy=policy) is Verdict.DENY
    assert judge("git push fork main", policy=policy) is None


_WORDS = st.sampled_from(
    [
        "git",
        "push",
        "origin",
        "main",
        "HEAD:main",
        "-d",
        "--all",
        "$x",
        "-C",
        "&&",
        ";",
        "reset",
        "branch",
        "-",
    ]
)


@given(st.lists(_WORDS).map(" ".join))
def test_any_line_is_judged(line: str) -> None:
    judge(line)
    judge(line, None)
