"""Starting a program and what it leaves behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRequest:
    """A program to start, with no terminal and nothing on standard input unless given.

    Attributes:
        env: The whole environment; None passes the server's own, without its secrets.
        timeout_s: Wall time after which the whole process tree is ended; None for background jobs.
        label: What a person would call it, for messages.
        path_first: A folder that comes before all others on its `PATH`.
        on_errors: Called with what it writes to standard error, as it arrives; None lets that go where its
            output goes.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] | None = field(default=None, repr=False)
    stdin: bytes = b""
    timeout_s: float | None = None
    label: str = ""
    path_first: Path | None = None
    on_errors: Callable[[bytes], None] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """How a program ended.

    Attributes:
        exit_code: Process status; negative is the signal number, as in `subprocess`.
        timed_out: It was ended because its time was up.
        duration_s: Wall time on the monotonic clock.
    """

    exit_code: int
    timed_out: bool = False
    duration_s: float = 0.0
