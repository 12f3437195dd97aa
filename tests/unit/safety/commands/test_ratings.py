"""How well commands are rated that the table of programs was not written for.

Single rows are held too, but the shares are what counts: a rating that is too low lets something through, one
that is too high makes people answer questions until they stop reading them.
"""

import tomllib
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from droid.domain.levels import Risk
from droid.safety.commands.classify import Assessment, classify

DATA = Path(__file__).resolve().parents[3] / "data" / "safety" / "ratings.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["rating"]


@cache
def assess(command: str) -> Assessment:
    repo = PurePath("/work/repo")
    return classify(command, cwd=repo, home=PurePath("/home/ada"), workspace=repo)


def expected(row: dict[str, Any]) -> set[Risk]:
    """The ratings that are right for a row."""
    expect = row["expect"]
    return {Risk(one) for one in ([expect] if isinstance(expect, str) else expect)}


def misses_programs(row: dict[str, Any]) -> set[str]:
    return set(row.get("programs", ())) - set(assess(row["command"]).programs or ())


def is_wrong(row: dict[str, Any]) -> str | None:
    """What is wrong with what is said of a row; None where nothing is."""
    found = assess(row["command"])
    if found.risk not in expected(row):
        return f"is {found.risk}, not {row['expect']}: {found.reasons}"
    missing = misses_programs(row)
    return f"{sorted(missing)} not found in {found.programs}" if missing else None


def share(rows: list[dict[str, Any]], *, of: list[dict[str, Any]]) -> float:
    return len(rows) / len(of)


def test_nothing_dangerous_is_rated_low_and_next_to_nothing_below_high() -> None:
    dangerous = [row for row in ROWS if row["expect"] == "high"]
    below = [row for row in dangerous if assess(row["command"]).risk < Risk.HIGH]
    assert [row["id"] for row in below if assess(row["command"]).risk is Risk.LOW] == []
    assert share(below, of=dangerous) <= 0.01, [row["id"] for row in below]


def test_few_harmless_commands_are_asked_about() -> None:
    harmless = [row for row in ROWS if row["expect"] == "low"]
    above = [row for row in harmless if assess(row["command"]).risk > Risk.LOW]
    assert share(above, of=harmless) <= 0.05, [row["id"] for row in above]


def test_most_ratings_and_programs_are_exactly_right() -> None:
    exact = [row for row in ROWS if assess(row["command"]).risk in expected(row)]
    decidable = [row for row in ROWS if "programs" in row]
    found = [row for row in decidable if not misses_programs(row)]
    assert share(exact, of=ROWS) >= 0.95
    assert share(found, of=decidable) >= 0.98


def test_each_row_holds_that_is_not_open() -> None:
    wrong = {row["id"]: (row["command"][:200], why) for row in ROWS if (why := is_wrong(row))}
    still_open = {row["id"] for row in ROWS if "open" in row}
    assert {name: why for name, why in wrong.items() if name not in still_open} == {}
    assert still_open - set(wrong) == set(), "these hold by now: take `open` away"


def test_no_command_stands_twice() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) == len({row["command"] for row in ROWS})
