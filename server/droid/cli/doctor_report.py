"""The lines of `droid-lsp doctor`."""

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

    def as_object(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)
