"""`-o text`: the answer on standard output, the rest on standard error."""

from typing import TYPE_CHECKING

from droid.domain.events import InjectionFlagged, Record
from droid.headless.exit_codes import ExitCode
from droid.headless.sink import Sink

if TYPE_CHECKING:
    from droid.headless.progress import Progress
    from droid.headless.summary import Summary


class TextOutput:
    """Prints the answer at the end; `progress` is there where standard error is a terminal."""

    def __init__(self, out: Sink, err: Sink, progress: "Progress | None") -> None:
        self._out = out
        self._err = err
        self._progress = progress

    def event(self, record: Record) -> None:
        if self._progress is not None:
            self._progress.event(record)
        elif isinstance(record.event, InjectionFlagged):
            self.warn("".join(one if one.isprintable() else " " for one in record.event.message))

    def warn(self, message: str) -> None:
        self._err.write_line(f"warning: {message}")

    def finish(self, summary: "Summary") -> None:
        if summary.answer and (summary.code is ExitCode.DONE or summary.answer != summary.message):
            self._out.write_line(summary.answer)
        for denial in summary.denials if self._progress is None else ():
            self._err.write_line(f"denied: {denial.title}: {denial.reason}")
        if self._progress is not None:
            self._progress.finish(summary)
