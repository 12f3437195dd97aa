"""Draws `demo.svg`: what `droid-lsp demo` really prints on a terminal, as a picture for the read-me."""

import fcntl
import os
import pty
import re
import struct
import sys
import termios
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

COLUMNS = 106
CELL = 12.2
"""Width of a character in the picture's units."""
FIRST, LAST = "Execute python3", "All tests pass"


def record(program: str) -> str:
    """What the demonstration writes to a terminal, colours included."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS=str(COLUMNS))
        os.execv(program, [program, "demo"])  # noqa: S606
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    output = b""
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:  # the other end is closed
            piece = b""
        if not piece:
            break
        output += piece
    os.waitpid(child, 0)
    return output.decode().replace("\r\n", "\n")


def interesting(text: Text) -> list[Text]:
    """From the first command that is asked about to the agent's last words."""
    lines = list(text.split("\n", allow_blank=True))
    first = next(number for number, line in enumerate(lines) if FIRST in line.plain)
    last = next(number for number, line in enumerate(lines) if LAST in line.plain)
    return lines[first : last + 2]


def draw(lines: list[Text]) -> str:
    # A folder of one run means nothing to a reader, and the picture loads no fonts from anywhere.
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    for line in lines:
        line.plain = re.sub(r"/tmp/droid-demo-\w+", "~/demo", line.plain)  # noqa: S108
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)
    form = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    form = form.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")
    form = re.sub(r"<!-- Generated with Rich.*?-->\s*", "", form)
    drawn = console.export_svg(title="make demo", code_format=form, unique_id="demo")
    return re.sub(r'x="([\d.]+)"( y="[\d.]+") textLength="([\d.]+)"([^>]*)>([^<]*)<', _without_margins, drawn)


def _without_margins(piece: re.Match[str]) -> str:
    """Not every viewer keeps the spaces at the ends of a piece of text, so its place says them instead."""
    x, y, length, rest, text = piece.groups()
    space = "&#160;"
    bare = re.sub(f"^({space})+|({space})+$", "", text)
    before = len(re.match(f"({space})*", text)[0]) // len(space)
    after = (len(text) - len(bare)) // len(space) - before
    x, length = float(x) + before * CELL, float(length) - (before + after) * CELL
    return f'x="{x:.1f}"{y} textLength="{length:.1f}"{rest}>{bare}<'


def main() -> None:
    here = Path(__file__).parent
    program = Path(sys.executable).with_name("droid-lsp")
    text = Text.from_ansi(record(str(program)))
    (here / "demo.svg").write_text(draw(interesting(text)), encoding="utf-8")


if __name__ == "__main__":
    main()
