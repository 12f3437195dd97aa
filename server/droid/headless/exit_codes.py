"""Exit codes: how a run went, for scripts."""

from enum import IntEnum
from typing import TYPE_CHECKING

from droid.domain.errors import (
    DroidError,
    PolicyRefused,
    ProviderError,
    SessionNotFound,
    SettingsError,
)

if TYPE_CHECKING:
    from droid.domain.events import TurnEndReason


class ExitCode(IntEnum):
    """What the program's exit status means."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    POLICY = 3
    PROVIDER = 4
    BUDGET = 5
    CONFIGURATION = 6
    INTERRUPTED = 130


class UsageError(DroidError):
    """The command line asks for something that cannot be: the message says what and how to mend it."""


# By the values of `TurnEndReason`: importing the events costs more than a wrong flag's answer may.
_BY_REASON = {
    "done": ExitCode.DONE,
    "cancelled": ExitCode.INTERRUPTED,
    "budget": ExitCode.BUDGET,
    "provider": ExitCode.PROVIDER,
    "policy": ExitCode.POLICY,
    "loop": ExitCode.FAILED,
    "error": ExitCode.FAILED,
}

_BY_ERROR: tuple[tuple[type[DroidError], ExitCode], ...] = (
    (UsageError, ExitCode.USAGE),
    (SessionNotFound, ExitCode.USAGE),
    (SettingsError, ExitCode.CONFIGURATION),
    (PolicyRefused, ExitCode.POLICY),
    (ProviderError, ExitCode.PROVIDER),
    (DroidError, ExitCode.FAILED),
)


def exit_code_of_turn(reason: "TurnEndReason") -> ExitCode:
    """The code for the way a turn ended."""
    return _BY_REASON[reason]


def exit_code_of(error: BaseException) -> ExitCode | None:
    """The code for an error that a person is meant to read; None for a bug."""
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), None)
