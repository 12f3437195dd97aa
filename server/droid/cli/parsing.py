"""Argument parsing that answers a mistake in one line, with the mend, and exit code 2."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from droid.headless.exit_codes import ExitCode, UsageError


class Parser(argparse.ArgumentParser):
    """A parser without abbreviations, whose errors are one line."""

    def __init__(self, prog: str, *, description: str, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see `{self.prog} --help`", file=sys.stderr)
        raise SystemExit(int(ExitCode.USAGE))


def pick_action(prog: str, description: str, actions: dict[str, str], argv: Sequence[str]) -> str:
    """The first word of `argv`, which must be one of `actions` (name to help line)."""
    width = max(map(len, actions))
    listed = "\n".join(f"  {name:<{width}}  {line}" for name, line in actions.items())
    parser = Parser(prog, description=description, epilog=f"actions:\n{listed}\n\n`{prog} ACTION --help`")
    parser.add_argument("action", choices=list(actions), metavar="ACTION", help="what to do, see below")
    return parser.parse_args(list(argv[:1])).action


def positive_int(text: str) -> int:
    """A whole number above zero."""
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not above zero")
    return value


def positive_number(text: str) -> float:
    """A number above zero; not infinite, not NaN."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not above zero")
    return value


positive_int.__name__ = "whole number"
positive_number.__name__ = "number"

_UNITS_S = {"s": 1, "m": 60, "h": 3600}


def duration_s(text: str) -> float:
    """Seconds, or a number with `s`, `m` or `h`: `90`, `90s`, `15m`, `1.5h`."""
    unit = _UNITS_S.get(text[-1:])
    number = text[:-1] if unit else text
    try:
        return positive_number(number) * (unit or 1)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 90, 90s, 15m or 2h") from error


def names(text: str) -> tuple[str, ...]:
    """At least one word; separated by commas or spaces.

    An empty variable in a script must not turn "only these" into "all".
    """
    words = tuple(text.replace(",", " ").split())
    if not words:
        raise argparse.ArgumentTypeError("no name is given")
    return words


def word(text: str) -> str:
    """A text that is not blank."""
    if not text.strip():
        raise argparse.ArgumentTypeError("nothing is given")
    return text


_SHA256_DIGITS = 64


def sha256(text: str) -> str:
    """A SHA-256 in hex, made lower case."""
    lowered = text.strip().lower()
    if len(lowered) != _SHA256_DIGITS or not set(lowered) <= set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a SHA-256 of 64 hexadecimal digits")
    return lowered


def folder(text: str) -> Path:
    """A folder that exists, made absolute."""
    path = Path(text).expanduser()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder")
    return path.resolve()


def here() -> Path:
    """The folder that the program was started in.

    Raises:
        UsageError: it has been deleted.
    """
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("this folder has been deleted; go to another one, or say --cwd") from error


def address(text: str) -> tuple[str, int]:
    """`HOST:PORT`, with an IPv6 host in brackets."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:7000")
    return host, int(port)
