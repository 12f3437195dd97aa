"""The table of programs: every row says what its own examples say, and the generated modules follow it."""

import re
from pathlib import Path, PurePath
from typing import Any

import pytest
from generate import command_table
from generate.command_table import PROGRAM_KEYS, RULE_KEYS, BadDeclaration, declarations, modules

from droid.safety.commands.classify import classify
from droid.safety.commands.inline_code import LANGUAGES
from droid.safety.commands.rows import MARKS, ROLES, known_programs

ROOT = Path(__file__).resolve().parents[4]
DECLARED = list(declarations())


def assess(command: str) -> Any:
    return classify(command, cwd=PurePath("/work/repo"), home=PurePath("/home/ada"))


def test_the_generated_modules_are_up_to_date() -> None:
    for path, text in modules().items():
        assert path.exists(), f"{path} is missing: make generate"
        assert path.read_text(encoding="utf-8") == text, f"{path} is out of date: make generate"


def test_the_table_is_as_large_as_is_said_of_it() -> None:
    said = re.search(r"more than ([0-9,]+)\s+programs", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert said is not None
    assert len(known_programs()) > int(said[1].replace(",", ""))


def test_all_that_a_declaration_can_say_is_explained() -> None:
    page = (ROOT / "docs/command-rules.md").read_text(encoding="utf-8")
    _, example, rest = page.split("```")
    told = {word for text in re.findall(r"`[^`]+`", rest) for word in re.findall(r"[\w-]+", text)}
    told |= set(re.findall(r"^(\w+) = ", example, re.MULTILINE))
    assert not {*PROGRAM_KEYS, *RULE_KEYS, *ROLES, *MARKS, *LANGUAGES} - told


@pytest.mark.parametrize(
    "declared",
    [
        {"risk": "low", "stdin-always": True},
        {"risk": "low", "commands": {"x": {"risk": "low", "local": True}}},
        {"risk": "low", "rules": [{"operand": "x", "risk": "high", "whit": "-f"}]},
        {"risk": "low", "flags": {"-f": "writes"}},
        {"risk": "lwo"},
    ],
)
def test_what_is_misspelt_is_refused(declared: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_table, "declarations", lambda: [("family", "program", declared)])
    with pytest.raises(BadDeclaration, match=r"family\.toml: program"):
        modules()


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
