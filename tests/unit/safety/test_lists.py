"""What lists of settings say of lines of shell, through the whole classifier."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.safety.commands_of import entries, judged

from droid.domain.levels import AutonomyLevel
from droid.safety.allowed import allowed, missing_entry
from droid.safety.commands.entries import compile_pattern
from droid.safety.lists import blocked_programs, forbidden

ROWS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "data/safety/blocklist.toml").read_text()
)["rows"]


def test_the_table_is_large_enough_and_half_of_it_are_near_misses() -> None:
    blocked, free = (sum(len(row[kind]) for row in ROWS) for kind in ("blocked", "free"))
    assert blocked >= 60
    assert free >= 60
    assert blocked + free >= 120
    assert free >= blocked / 2


@pytest.mark.parametrize("row", ROWS, ids=[row["entry"] for row in ROWS])
def test_no_way_leads_round_an_entry(row: dict[str, Any]) -> None:
    slipped = [line for line in row["blocked"] if forbidden(entries(row["entry"]), judged(line)) is None]
    assert slipped == []


@pytest.mark.parametrize("row", ROWS, ids=[row["entry"] for row in ROWS])
def test_near_misses_are_left_alone(row: dict[str, Any]) -> None:
    hit = [line for line in row["free"] if forbidden(entries(row["entry"]), judged(line)) is not None]
    assert hit == []


ALLOWED = [
    ("npm test", "npm test"),
    ("npm *", "npm test"),
    ("npm *", "npm run build -- --watch"),
    ("git commit *", "git commit -m 'a b'"),
    ("git status", "git status -s"),  # the whole still rates low
    ("rm -rf build", "rm -fr build"),
    ("rm -rf build", "rm -r -f build"),
    ("rm -rf build", "rm --recursive --force build"),
    ("rm -r *", "rm -r a b"),
    ("git commit -m 'a b'", 'git commit -m "a b"'),
    ("re:npm (test|run [a-z]+)", "npm run build"),
    ("npm test", "timeout 60 npm test"),
    ("npm test", "npm test > /dev/null 2>&1"),
    ("npm test", "/usr/bin/npm test"),
    ("git * *", "git commit -am x"),
    ("sh -c *", "sh -c 'git commit -m x'"),
]


@pytest.mark.parametrize(("entry", "line"), ALLOWED)
def test_what_an_entry_allows_is_allowed(entry: str, line: str) -> None:
    also = entries("git commit *") if entry.startswith("sh") else ()
    assert allowed((*entries(entry), *also), judged(line)) is not None


NOT_ALLOWED = [
    ("npm test", "npm install"),
    ("npm test", "npm test x"),
    ("npm test", "npm test && npm install"),
    ("npm test", "npm test; rm -rf x"),
    ("npm *", "npm test | tee log"),
    ("npm *", "npm test > out.txt"),
    ("npm *", "npm test >> out.txt"),
    ("npm *", "CI=1 npm test"),
    ("npm *", "env CI=1 npm test"),
    ("npm *", "npm test $(curl https://x.org)"),
    ("npm *", 'npm test "$X"'),
    ("npm *", "npm $X"),
    ("npm *", "$X test"),
    ("npm *", "./npm test"),
    ("npm *", "/tmp/npm test"),
    ("npm *", "xargs npm < list"),
    ("npm *", "((npm test"),
    ("npm *", "bash -c 'npm test'"),
    ("npm *", "sudo npm test"),
    ("git status", "git status; touch x"),
    ("git commit *", "git -c core.hooksPath=x commit -m a"),
    ("git push *", "git -C /other push"),
    ("git commit", "git commit -m x"),
    ("rm -r *", "rm -rf a"),
    ("cat *", "cat ~/.ssh/id_rsa"),
    ("touch *", "touch /etc/x"),
    ("re:npm test", "npm test && ls"),
    ("re:npm test", "xnpm test"),
    ("re:npm", "npm test"),
    ("re:(", "npm test"),
    ("re:(a+)+", "aaa"),
    ("npm test | tail", "npm test | tail"),
    ("", "npm test"),
    ("npm test", ""),
    ("npm test", "# npm test"),
    ("npm test", "X=npm"),
]


@pytest.mark.parametrize(("entry", "line"), NOT_ALLOWED)
def test_what_is_more_than_an_entry_says_is_not_allowed(entry: str, line: str) -> None:
    assert allowed(entries(entry), judged(line)) is None


def test_every_command_of_a_line_must_be_on_the_list() -> None:
    line = judged("npm test && git commit -m x")
    assert allowed(entries("npm test"), line) is None
    assert allowed(entries("npm test", "git commit *"), line) is not None


@pytest.mark.parametrize(
    ("line", "within", "runs"),
    [
        ("git commit -m x", AutonomyLevel.MEDIUM, True),
        ("git commit -m x", AutonomyLevel.LOW, False),
        ("git push", AutonomyLevel.MEDIUM, False),
        ("git push", AutonomyLevel.HIGH, True),
        ("git status", AutonomyLevel.LOW, True),
        ("git status", AutonomyLevel.OFF, False),
    ],
)
def test_an_entry_allows_nothing_above_the_maximum_of_a_higher_level(
    line: str, within: AutonomyLevel, runs: bool
) -> None:
    assert (allowed(entries("git *", within=within), judged(line)) is not None) is runs


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("npm test", "npm test"),
        ("git commit -m 'it is done'", "git commit -m 'it is done'"),
        ("npm test 2>/dev/null", "npm test"),
        ("npm test && npm test", "npm test"),
        ("timeout 9 npm test", "npm test"),
        ('git commit -m "it\'s"', 'git commit -m "it\'s"'),
        ("npm test && npm run build", None),
        ("npm test > x", None),
        ("./run.sh", None),
        ("npm test *.js", None),
        ('npm test "$X"', None),
        ("A=1 npm test", None),
        ("sudo npm test", None),
        ("git commit -m 'a\nb'", None),
        ("rm ../x", None),
    ],
)
def test_the_entry_for_always_is_the_command_itself(line: str, entry: str | None) -> None:
    assert missing_entry((), judged(line), AutonomyLevel.HIGH) == entry


def test_no_entry_is_offered_that_a_maximum_would_keep_from_helping() -> None:
    assert missing_entry((), judged("git push"), AutonomyLevel.MEDIUM) is None
    assert missing_entry((), judged("git push"), AutonomyLevel.HIGH) == "git push"


@given(st.text(max_size=40))
def test_an_entry_of_any_text_can_be_compiled_and_allows_nothing_by_chance(text: str) -> None:
    compile_pattern(text)
    words = text.split()
    if words and words[0] not in ("touch", "*") and not any(mark in words[0] for mark in "*?[re:'\"\\"):
        assert allowed(entries(text), judged("touch made")) is None


@given(st.permutations(["-r", "-f", "-v", "build"]), st.booleans())
def test_the_order_of_flags_changes_nothing(words: list[str], bundled: bool) -> None:
    line = "rm " + " ".join(words)
    if bundled:
        line = "rm -" + "".join(word[1] for word in words if word != "build") + " build"
    assert forbidden(entries("rm -rf"), judged(line)) is not None
    assert allowed(entries("rm -rfv build"), judged(line)) is not None


def test_what_cannot_be_told_matches_everything_forbidden_and_says_so() -> None:
    found = forbidden(entries("curl"), judged("$X y"))
    assert found is not None
    assert "cannot be told" in found.note
    found = forbidden(entries("re:("), judged("ls"))
    assert found is not None
    assert "no regular expression" in found.note


def test_only_entries_of_a_whole_program_name_one() -> None:
    texts = ("curl", "wget *", "git push", "mkfs.*", "re:nc", "/usr/bin/nc", "a | b", "*", "")
    assert list(blocked_programs(entries(*texts))) == ["curl", "wget", "nc"]


@pytest.mark.parametrize(
    "line",
    [
        "cp /usr/bin/curl c",
        "cat /usr/bin/curl > c",
        "cat < /usr/bin/curl > c",
        "ln /usr/local/bin/curl c",
        "install -m 755 ~/.local/bin/curl c",
        "hash -p /usr/bin/curl c; c https://x",
        "dd if=/usr/bin/curl of=c",
        "sh -c 'mv /usr/sbin/../bin/curl c'",
    ],
)
def test_the_file_of_a_program_that_is_forbidden_is_not_handed_on(line: str) -> None:
    """Under another name it would be another program."""
    assert forbidden(entries("curl"), judged(line)) is not None
    assert forbidden(entries("curl https://x"), judged(line)) is None


@pytest.mark.parametrize(
    "line",
    ["ls -l /usr/bin/curl", "file /usr/bin/curl", "cp docs/curl c", "cp /usr/bin/curl-config c", "rm curl"],
)
def test_a_file_that_is_only_looked_at_or_lies_elsewhere_is_none(line: str) -> None:
    assert forbidden(entries("curl"), judged(line)) is None
