"""What the rules of a row and the reading of its words make of a command, on programs made up for it."""

import shlex

import pytest

from droid.domain.levels import Risk
from droid.safety.commands import effects
from droid.safety.commands.effects import effects_of
from droid.safety.commands.model import InnerKind, SimpleCommand
from droid.safety.commands.rows import Program, program_from
from droid.safety.commands.words import Word

PROGRAM = program_from(
    "p",
    {
        "risk": "high",
        "commands": {
            "set": {
                "risk": "low",
                "flags": {"-g, --global": "flag", "-x": "value", "--": "medium: names files"},
                "rules": [
                    {"operand": "key", "at": 0, "least": 2, "risk": "medium"},
                    {"operand": "*", "with": "--global --all", "risk": "high"},
                    {"operand": "*", "with": "-g -x=Y*", "risk": "high"},
                    {"operand": ["a", "b"], "without": "-g", "risk": "high"},
                ],
                "help": ["--help"],
            },
            "run": {
                "risk": "high",
                "operands": "words",
                "rules": [
                    {"operand": "*", "at": 0, "risk": "medium"},
                    {"operand": "known", "at": 0, "risk": "low"},
                ],
            },
            "run it": "low",
            "each": {"risk": "low", "operands": "code:shell..."},
        },
    },
)


@pytest.fixture(autouse=True)
def only_that_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(name: str) -> Program | None:
        return PROGRAM if name == "p" else None

    monkeypatch.setattr(effects, "lookup", lookup)


def told(line: str) -> effects.Effects:
    return effects_of(SimpleCommand(words=tuple(map(Word, shlex.split(line)))))


@pytest.mark.parametrize(
    ("line", "risk"),
    [
        ("p set key", Risk.LOW),
        ("p set key value", Risk.MEDIUM),
        ("p set other value", Risk.LOW),
        ("p set --global other", Risk.LOW),
        ("p set --global --all other", Risk.HIGH),
        ("p set -g -x n other", Risk.LOW),
        ("p set -g -x yes other", Risk.HIGH),
        ("p set a", Risk.HIGH),
        ("p set b", Risk.HIGH),
        ("p set -g a", Risk.LOW),
        ("p set -- other", Risk.MEDIUM),
        ("p set --help", Risk.LOW),
        ("p set -- --help", Risk.MEDIUM),
        ("p run known", Risk.MEDIUM),
        ("p run another", Risk.HIGH),
        ("p run -- known", Risk.MEDIUM),
        ("p run it", Risk.LOW),
    ],
)
def test_a_rule_holds_where_its_operands_and_flags_are_given(line: str, risk: Risk) -> None:
    assert told(line).risk is risk


def test_an_inner_command_begins_where_a_longer_subcommand_does_not() -> None:
    (inner,) = told("p run rm -rf x").inner
    assert [word.text for word in inner.words] == ["rm", "-rf", "x"]


def test_each_word_may_be_a_command_of_its_own() -> None:
    inner = told("p each 'ls a' 'rm -rf b'").inner
    assert [(one.kind, one.text.text) for one in inner] == [
        (InnerKind.SHELL, "ls a"),
        (InnerKind.SHELL, "rm -rf b"),
    ]
