"""The table of programs: every row says what its own examples say, and the generated modules follow it."""

from pathlib import PurePath
from typing import Any

import pytest
from generate.command_table import declarations, modules

from droid.safety.commands.classify import classify
from droid.safety.commands.rows import known_programs

DECLARED = list(declarations())
LEAST_PROGRAMS = 250


def assess(command: str) -> Any:
    return classify(command, cwd=PurePath("/work/repo"), home=PurePath("/home/ada"))


def test_the_generated_modules_are_up_to_date() -> None:
    for path, text in modules().items():
        assert path.exists(), f"{path} is missing: make generate"
        assert path.read_text(encoding="utf-8") == text, f"{path} is out of date: make generate"


def test_the_table_is_large() -> None:
    assert len(DECLARED) >= LEAST_PROGRAMS
    assert len(known_programs()) >= LEAST_PROGRAMS


@pytest.mark.parametrize(
    ("name", "declared"), [(name, declared) for _, name, declared in DECLARED], ids=lambda one: str(one)[:20]
)
def test_a_program_is_rated_as_its_examples_say(name: str, declared: dict[str, Any]) -> None:
    """Of each row: commands that it matches with their risk, and such in which its program does not run."""
    assert len(declared.get("examples", ())) >= 2, f"{name}: at least two examples"
    assert declared.get("near"), f"{name}: at least one command in which it does not run"
    names = {name, *declared.get("names", ())}
    for example in declared["examples"]:
        risk, _, command = example.partition(" ")
        found = assess(command)
        assert found.risk == risk, f"{command!r} is {found.risk}: {'; '.join(found.reasons)}"
    for command in declared["near"]:
        assert not names & set(assess(command).programs or ()), f"{command!r} runs {name}"
