"""A command's output on its three ways: to the model, to the person who watches, to a file.

The model gets the beginning and the end, which is where errors are; the person sees it as it comes, at
a pace that an editor can follow; the file has all of it, and exists only where the model's part is cut.
"""

import asyncio
import logging
from collections.abc import Callable
from itertools import count
from pathlib import Path

from droid.tools.console import Screen

logger = logging.getLogger(__name__)

MODEL_CHARS = 30_000
MAX_FILE_BYTES = 50_000_000
SHOW_EVERY_S = 0.05
SHOWN_AT_ONCE_CHARS = 8_000
SHOWN_CHARS = 1_000_000


class HeadAndTail:
    """The beginning and the end of a text.

    Attributes:
        chars: Length of the whole.
    """

    def __init__(self, limit_chars: int = MODEL_CHARS) -> None:
        self.chars = 0
        self._half = limit_chars // 2
        self._head = ""
        self._tail = ""

    def append(self, text: str) -> None:
        self.chars += len(text)
        room = self._half - len(self._head)
        if room:
            self._head += text[:room]
            text = text[room:]
        self._tail += text[-self._half :] if len(text) > self._half else text
        if len(self._tail) > 4 * self._half:
            self._tail = self._tail[-self._half :]

    @property
    def is_cut(self) -> bool:
        return self.chars > 2 * self._half

    @property
    def whole(self) -> str:
        """The text, as long as it is not cut."""
        return self._head + self._tail

    def cut(self, where_the_rest_is: str) -> str:
        """The text, with a note in place of what is missing."""
        if not self.is_cut:
            return self.whole
        head, tail = self._head, self._tail[-self._half :]
        # At line ends, where there are any near: half a line misleads.
        head = head[: head.rfind("\n", len(head) * 3 // 4) + 1] or head
        start = tail.find("\n", 0, len(tail) // 4) + 1
        tail = tail[start:]
        missing = self.chars - len(head) - len(tail)
        return f"{head.rstrip()}\n\n[… {missing:,} characters are cut here; {where_the_rest_is} …]\n\n{tail}"


class CommandOutput:
    """Takes what a command writes.

    Attributes:
        full_output: The file that has everything, once there is one.
    """

    def __init__(self, path: Path, show: Callable[[str], None] | None = None) -> None:
        self.full_output: str | None = None
        self._path = path
        self._screen = Screen()
        self._all = HeadAndTail()
        self._new = HeadAndTail()
        self._live = _Live(show, self._screen) if show is not None else None
        self._file_bytes = 0
        self._file_note = ""

    def feed(self, data: bytes) -> None:
        self._add(self._screen.feed(data))
        if self._live is not None:
            self._live.schedule()

    def finish(self) -> None:
        """No more will come."""
        self._add(self._screen.finish())
        if self._live is not None:
            self._live.finish()

    def text(self) -> str:
        """All of it, for the model."""
        return self._all.cut(self._where())

    def take_new(self) -> str:
        """For the model, what it has not been given yet, and the line that is being written."""
        new, self._new = self._new, HeadAndTail()
        return new.cut(self._where()) + self._screen.line

    def _add(self, text: str) -> None:
        if not text:
            return
        before = self._all.whole if not self._all.is_cut else ""
        self._all.append(text)
        self._new.append(text)
        if self._all.is_cut:
            self._write(before + text)
        if self._live is not None:
            self._live.lines(text)

    def _write(self, text: str) -> None:
        """Add to the file. It is not held open: a task in the background may never be asked about again."""
        if self._file_note:
            return
        data = text.encode()
        room = MAX_FILE_BYTES - self._file_bytes
        try:
            if self.full_output is None:
                self._create()
            with self._path.open("ab", buffering=0) as file:
                view = memoryview(data)[:room]
                while view:
                    view = view[file.write(view) :]
        except OSError as error:
            logger.warning("a command's output could not be kept", extra={"errno": error.errno})
            self._file_note = f"the rest could not be kept: {error.strerror}"
            return
        self._file_bytes += len(data)
        if len(data) > room:
            self._file_note = f"its first {MAX_FILE_BYTES // 1_000_000} MB are in {self._path}"

    def _create(self) -> None:
        """Make a new file; model providers give one call id to several calls."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stem = self._path.stem
        for number in count(2):
            try:
                self._path.touch(mode=0o600, exist_ok=False)
            except FileExistsError:
                self._path = self._path.with_stem(f"{stem}-{number}")
            else:
                self.full_output = str(self._path)
                return

    def _where(self) -> str:
        return self._file_note or f"the whole output is in {self._path}"


class _Live:
    """Shows output as it comes: in pieces, a few times a second, and not without end."""

    def __init__(self, show: Callable[[str], None], screen: Screen) -> None:
        self._show = show
        self._screen = screen
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = ""
        self._skipped = 0
        self._shown = 0
        self._shown_line = ""

    def lines(self, text: str) -> None:
        """Complete lines, the first of which may be shown in part already."""
        if self._shown_line:
            same = text.startswith(self._shown_line)
            text = text[len(self._shown_line) :] if same else f"\n{text}"
            self._shown_line = ""
        self._waiting += text
        surplus = len(self._waiting) - SHOWN_AT_ONCE_CHARS
        if surplus > 0:
            self._skipped += surplus
            self._waiting = self._waiting[surplus:]
        self.schedule()

    def schedule(self) -> None:
        """Show soon what there is, the line that is being written included."""
        if self._timer is None:
            self._timer = self._loop.call_later(SHOW_EVERY_S, self._flush)

    def finish(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._flush()

    def _flush(self) -> None:
        self._timer = None
        text = f"[… {self._skipped:,} characters are not shown …]\n" if self._skipped else ""
        text += self._waiting
        line = self._screen.line[:SHOWN_AT_ONCE_CHARS]
        if line.startswith(self._shown_line):
            text += line[len(self._shown_line) :]
            self._shown_line = line
        self._waiting, self._skipped = "", 0
        if not text or self._shown > SHOWN_CHARS:
            return
        self._shown += len(text)
        if self._shown > SHOWN_CHARS:
            text += "\n[… more comes, and is not shown while the command runs …]\n"
        self._show(text)
