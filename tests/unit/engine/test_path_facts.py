"""Where the paths of a line lead, on real files, and how far anybody looks."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.unit.safety.facts import call_facts

from droid.domain.levels import Verdict
from droid.domain.policy import ListEntry, Policy
from droid.engine import path_facts
from droid.engine.path_facts import PathFacts
from droid.safety.commands.classify import classify
from droid.safety.facts import CallFacts
from droid.safety.files_step import judge_files
from droid.tools.paths import OsPaths

KEYS = Policy(protected_files=(ListEntry(text="*.key"), ListEntry(text="!read:vault/**")))


class CountingPaths(OsPaths):
    """Counts how often a path is resolved."""

    def __init__(self) -> None:
        self.resolved = 0

    def real(self, path: Path) -> Path:
        self.resolved += 1
        return super().real(path)


class Ground:
    def __init__(self, root: Path) -> None:
        self.work, self.home = root / "work", root / "home"
        self.work.mkdir()
        self.home.mkdir()
        self.paths = CountingPaths()

    def make(self, *names: str) -> None:
        for name in names:
            (self.work / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work / name).touch()

    def facts(self, line: str, policies: Sequence[Policy] = (Policy(),)) -> CallFacts:
        where = {"workspace": self.work, "home": self.home}
        found = PathFacts(self.paths, cwd=self.work, factory_home=self.home / ".factory", **where)
        assessment = classify(line, cwd=self.work, home=self.home, workspace=self.work)
        reads, writes = found.of_command(assessment, line)
        facts = call_facts(
            "Execute",
            command=line,
            assessment=assessment,
            reads=tuple(reads),
            writes=tuple(writes),
            cwd=self.work,
            factory_home=self.home / ".factory",
            unchecked=found.unchecked,
            **where,
        )
        return found.completed(facts, policies)

    def verdict(self, line: str, policy: Policy = KEYS) -> Verdict | None:
        return judge_files(self.facts(line, (policy,)), policy).verdict


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def test_a_line_that_touches_nothing_asks_the_file_system_nothing(ground: Ground) -> None:
    ground.facts("echo hello && pwd")
    assert ground.paths.resolved == 0


def test_of_many_files_of_a_glob_few_are_resolved_and_all_are_judged(ground: Ground) -> None:
    ground.make(*(f"many/f{number}" for number in range(120)))
    assert ground.verdict("rm many/*") is None
    assert ground.paths.resolved < 20
    ground.make("many/x.key")
    assert ground.verdict("rm many/*") is Verdict.DENY
    assert ground.verdict("cat many/*") is None
    ground.make("many/.env")
    assert ground.verdict("cat many/* many/.e*") is Verdict.DENY


def test_many_files_outside_the_workspace_are_no_less_outside(ground: Ground) -> None:
    for number in range(60):
        (ground.home / f"f{number}").touch()
    assert ground.verdict(f"rm {ground.home}/*", Policy()) is Verdict.ASK


def test_a_link_among_many_files_is_followed(ground: Ground) -> None:
    ground.make("a.key", *(f"many/f{number}" for number in range(60)))
    (ground.work / "many/f1").unlink()
    (ground.work / "many/f1").symlink_to("../a.key")
    assert ground.verdict("touch many/*") is Verdict.DENY


def test_beyond_what_can_be_looked_at_a_person_is_asked(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(path_facts, "_MAX_EXPANDED", 100)
    ground.make(*(f"many/f{number}" for number in range(101)))
    assert ground.verdict("cat many/*") is Verdict.ASK
    assert ground.facts("cat many/*").unchecked
    assert ground.facts("cat " + " ".join(f"a{number}" for number in range(201))).unchecked
    assert not ground.facts("cat " + " ".join(f"a{number}" for number in range(199))).unchecked
    assert ground.facts("cat " + "a/" * 5_000).unchecked


def test_a_large_folder_is_asked_about_only_where_something_is_protected(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(path_facts, "MAX_LOOKED_AT", 50)
    ground.make(*(f"big/{number % 10}/f{number}" for number in range(51)))
    assert ground.verdict("rm -rf big", Policy()) is None
    assert ground.verdict("rm -rf big") is Verdict.ASK


def test_what_goes_with_a_folder_is_named(ground: Ground) -> None:
    ground.make("keep/deep/x.key", "keep/plain")
    assert judge_files(facts := ground.facts("rm -r keep", (KEYS,)), KEYS).matched == str(
        ground.work / "keep/deep/x.key"
    )
    assert facts.writes[0].holds == (ground.work / "keep/deep/x.key",)
    assert ground.facts("cat keep/plain", (KEYS,)).reads[0].holds == ()


def test_names_of_a_file_are_told_only_where_something_is_protected(ground: Ground) -> None:
    ground.make("vault/x")
    os.link(ground.work / "vault/x", ground.work / "second")
    assert ground.facts("cat second").reads[0].names == ()
    assert ground.work / "vault/x" in ground.facts("cat second", (KEYS,)).reads[0].names


def test_find_with_a_name_touches_files_of_that_name(ground: Ground) -> None:
    ground.make("a.key", "b.pyc")
    assert ground.verdict("find . -name '*.pyc' -delete") is None
    assert ground.verdict("find . -name '*.key' -delete") is Verdict.ASK
    assert ground.verdict("find . -name '*.pyc' -o -name x -delete") is Verdict.ASK
    assert ground.verdict("find . ! -name '*.pyc' -delete") is Verdict.ASK


@pytest.mark.parametrize(
    "line",
    ["ln -s vault v && cat v/x", "ln -s . v && cat v/vault/x", "mkdir d; ln -s ../vault d/v; head d/v/x",
     "ln -s $PWD/vault v; cat v/x", "cp -s vault/x y; cat y"],
)  # fmt: skip
def test_a_line_cannot_go_through_a_link_that_it_makes(ground: Ground, line: str) -> None:
    ground.make("vault/x")
    assert ground.verdict(line) in (Verdict.DENY, Verdict.ASK)
