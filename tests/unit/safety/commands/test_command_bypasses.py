"""Every known way past the gate of this or another agent that is written in a command, and what resembles one.

The rows are told together: a hole in the table or in the reading of the shell seldom concerns one alone.
"""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from droid.domain.levels import Risk
from droid.domain.policy import ListEntry
from droid.safety.commands.classify import Assessment, classify
from droid.safety.lists import forbidden

DATA = Path(__file__).resolve().parents[3] / "data" / "safety" / "command_bypasses.toml"
FILE: dict[str, Any] = tomllib.loads(DATA.read_text(encoding="utf-8"))
BYPASSES: list[dict[str, Any]] = FILE["bypass"]
HARMLESS: list[dict[str, Any]] = FILE["harmless"]

USUALLY_BLOCKED = ("rm -rf", "sudo", "curl", "wget", "git push", "git reset --hard", "shutdown", "dd", "ssh")
"""Entries that people have. No harmless row runs them, but to ask for their help."""


@cache
def assess(command: str) -> Assessment:
    repo = PurePath("/work/repo")
    return classify(command, cwd=repo, home=PurePath("/home/ada"), workspace=repo)


def is_blocked(command: str, entry: str) -> bool:
    return forbidden([ListEntry(text=entry)], assess(command)) is not None


def bypass_passes(row: dict[str, Any]) -> str | None:
    """How a row gets past; None where it does not."""
    found = assess(row["command"])
    if found.risk < Risk(row["risk"]):
        return f"is {found.risk}: {found.reasons}"
    missing = set(row.get("programs", ())) - set(found.programs or ())
    if missing:
        return f"{sorted(missing)} not found in {found.programs}"
    spared = [entry for entry in row.get("blocked_by", ()) if not is_blocked(row["command"], entry)]
    return f"not blocked by {spared}: runs {found.programs}" if spared else None


def harmless_is_flagged(row: dict[str, Any]) -> str | None:
    """Why a harmless row would be asked about; None where it would not."""
    found = assess(row["command"])
    if found.risk > Risk(row["risk"]):
        return f"is {found.risk}: {found.reasons}"
    others = [entry for entry in USUALLY_BLOCKED if not row["command"].startswith(entry)]
    blocked = [entry for entry in others if is_blocked(row["command"], entry)]
    return f"blocked by {blocked}" if blocked else None


def test_no_bypass_passes() -> None:
    passes = {row["id"]: (row["command"][:200], how) for row in BYPASSES if (how := bypass_passes(row))}
    known = {row["id"] for row in BYPASSES if "open" in row}
    assert {name: how for name, how in passes.items() if name not in known} == {}
    assert known <= passes.keys(), "what holds meanwhile is no longer open"


def test_nothing_harmless_is_flagged() -> None:
    flagged = {row["command"]: why for row in HARMLESS if (why := harmless_is_flagged(row))}
    known = {row["command"] for row in HARMLESS if "open" in row}
    assert {command: why for command, why in flagged.items() if command not in known} == {}
    assert known <= flagged.keys(), "what holds meanwhile is no longer open"


def test_each_row_has_a_name_and_a_source_of_its_own() -> None:
    for key, rows in (("id", BYPASSES), ("command", BYPASSES), ("command", HARMLESS)):
        assert [name for name, count in Counter(row[key] for row in rows).items() if count > 1] == []
    named = {row["source"] for row in (*BYPASSES, *HARMLESS) if "source" in row}
    assert {name for name in named if not name.startswith("CVE-")} == set(FILE["sources"])
