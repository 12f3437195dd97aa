"""Builds the facts of a call for tests."""

from pathlib import PurePath
from typing import Any

from droid.domain.levels import AutonomyLevel
from droid.safety.facts import CallFacts, PathFact

WORKSPACE = PurePath("/home/ada/project")
HOME = PurePath("/home/ada")


def path_fact(name: str, real: str | None = None) -> PathFact:
    where = PurePath(real) if real else WORKSPACE / name
    return PathFact(named=name, real=where, in_workspace=where.is_relative_to(WORKSPACE))


def call_facts(tool: str = "Read", **changes: Any) -> CallFacts:
    values: dict[str, Any] = {
        "call_id": "c1",
        "tool": tool,
        "input": {},
        "invalid": None,
        "unavailable": None,
        "reads": (),
        "writes": (),
        "command": None,
        "cwd": WORKSPACE,
        "workspace": WORKSPACE,
        "home": HOME,
        "factory_home": HOME / ".factory",
        "autonomy": AutonomyLevel.OFF,
        "access_is_complete": True,
    }
    return CallFacts(**(values | changes))
