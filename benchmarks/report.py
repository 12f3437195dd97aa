"""The table that a benchmark ends with: what was measured, beside what, and whether it is good enough.

Absolute times differ from machine to machine, so most targets are ratios between two programs that
took turns in one run. Nothing is written to disk: a number is true of the machine that printed it.
"""

import math
import os
import platform
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured quantity.

    Attributes:
        ours: The median, in `unit`.
        peer: The same of `beside`; None where the target is absolute.
        target: An upper bound of `ours ÷ peer`, or of `ours`; a lower bound where `at_least`.
    """

    name: str
    unit: str
    ours: float
    target: float
    beside: str = ""
    peer: float | None = None
    at_least: bool = False

    @property
    def value(self) -> float:
        """What is compared with the target."""
        if self.peer is None:
            return self.ours
        return self.ours / self.peer if self.peer else math.nan

    @property
    def passed(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target


def median(values: Iterable[float]) -> float:
    found = list(values)
    return statistics.median(found) if found else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all stay below; nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))] if ranked else math.nan


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def show(title: str, rows: Sequence[Row]) -> bool:
    """Print the table; True where every row passed."""
    cells = [["", "ours", "beside", "", "ratio", "target", ""]]
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        unit = "" if row.peer is not None else f" {row.unit}"
        cells.append(
            [
                row.name,
                f"{_number(row.ours)} {row.unit}",
                row.beside,
                "" if row.peer is None else f"{_number(row.peer)} {row.unit}",
                "" if row.peer is None else _number(row.value),
                f"{sign} {_number(row.target)}{'×' if row.peer is not None else unit}",
                "pass" if row.passed else "FAIL",
            ]
        )
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    print(f"\n{title}")
    for line in cells:
        print("  " + "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    passed = sum(row.passed for row in rows)
    print(f"  {passed} of {len(rows)} targets met", flush=True)
    return passed == len(rows)


def machine() -> str:
    """What the numbers were measured on, in one line."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {sys.version.split()[0]}, load {load}"
    )
