"""The lines of `droid-lsp doctor`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What a check found."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the report.

    Attributes:
        mend: What to do about it; empty when all is well.
        configuration: A failure is one of the settings.
    """

    name: str
    status: Status
    detail: str
    mend: str = ""
    configuration: bool = False

    @property
    def line(self) -> str:
        """In Markdown."""
        mend = f"\n  → {self.mend}" if self.mend else ""
        return f"- {_WORDS[self.status]} **{self.name}**: {self.detail}{mend}"

    def as_object(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)


_WORDS = {Status.OK: "✓", Status.WARN: "⚠", Status.FAIL: "✗"}


def report(checks: Sequence[Check]) -> str:
    """All checks as a Markdown document, what fails first."""
    count = {status: sum(check.status is status for check in checks) for status in Status}
    said = f"{count[Status.FAIL]} of {len(checks)} checks fail" if count[Status.FAIL] else "Nothing fails"
    warn = f", {count[Status.WARN]} to look at" if count[Status.WARN] else ""
    order = (Status.FAIL, Status.WARN, Status.OK)
    lines = [check.line for status in order for check in checks if check.status is status]
    return "\n".join(["# Droid: the installation", "", f"{said}{warn}.", "", *lines, ""])
