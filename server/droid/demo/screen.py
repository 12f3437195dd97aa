"""How the demonstration looks: colour on a terminal, plain lines in a pipe."""

import os
import shutil
import sys
from collections.abc import Mapping
from typing import TextIO

_STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "bold green": "1;32",
    "bold red": "1;31",
    "bold cyan": "1;36",
    "bold yellow": "1;33",
}
_WIDEST = 100


class Screen:
    """Prints lines; nothing that a program or a model wrote can steer the terminal."""

    def __init__(self, stream: TextIO | None = None, env: Mapping[str, str] | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        env = os.environ if env is None else env
        self._terminal = self._stream.isatty()
        self._colour = self._terminal and not env.get("NO_COLOR") and env.get("TERM") != "dumb"
        columns = shutil.get_terminal_size((80, 24)).columns if self._terminal else 80
        self.width = max(40, min(columns, _WIDEST))

    def style(self, text: str, style: str) -> str:
        """The text in a colour, where colours are welcome."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self._colour and text else text

    def line(self, *pieces: str | tuple[str, str]) -> None:
        """Print pieces side by side; a pair is `(text, style)`."""
        shown = "".join(
            clean(piece) if isinstance(piece, str) else self.style(clean(piece[0]), piece[1])
            for piece in pieces
        )
        print(shown, file=self._stream, flush=True)

    def heading(self, title: str) -> None:
        """Print a rule with a title in it."""
        self.line()
        self.line((f"── {title} ", "bold"), ("─" * max(3, self.width - len(title) - 4), "dim"))
        self.line()

    def fact(self, name: str, value: str, style: str | None = None) -> None:
        """Print a name and its value in two columns."""
        self.line((f"{name:<11}", "dim"), (value, style) if style else value)

    def paragraph(self, text: str, *, indent: str = "  ", style: str | None = None) -> None:
        """Print text, wrapped to the width."""
        for row in self.wrapped(text, indent=len(indent)):
            self.line(indent, (row, style) if style else row)

    def wrapped(self, text: str, *, indent: int) -> list[str]:
        """The rows of a text that is printed that many columns from the left."""
        import textwrap

        width = max(20, self.width - indent)
        return [
            row
            for part in text.splitlines()
            for row in textwrap.wrap(part, width, break_on_hyphens=False) or [""]
        ]

    def cut(self, text: str, *, indent: int) -> str:
        """One line of a program's output, cut to what fits where somebody watches."""
        width = self.width - indent
        shown = clean(text)
        return f"{shown[: width - 1]}…" if self._terminal and len(shown) > width else shown

    def diff(self, diff: str, *, indent: str = "    ") -> None:
        """Print a unified diff."""
        for row in diff.splitlines():
            if row.startswith(("---", "+++", "@@")):
                self.line(indent, (row, "dim"))
            else:
                style = {"+": "green", "-": "red"}.get(row[:1])
                self.line(indent, (row, style) if style else row)


def clean(text: str) -> str:
    """The text on one line, without what steers a terminal."""
    return "".join(c if c.isprintable() else " " for c in text.replace("\t", "    "))
