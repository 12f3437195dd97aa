"""What commands print, where that can be told from their words: `echo cm0g | base64 -d`."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence

from droid.safety.commands.model import SimpleCommand
from droid.safety.commands.words import Word

_MAX_CHARACTERS = 65_536
_SETS = re.compile(r"[A-Za-z0-9 ./_-]{1,200}")
_RANGE = re.compile(r"([A-Za-z0-9])-([A-Za-z0-9])")


def output_of(commands: Sequence[SimpleCommand]) -> Word | None:
    """The text that comes out of a pipe; None where it is not known."""
    if not commands:
        return None
    first, *filters = commands
    text = _printed(first)
    for one in filters:
        if text is None:
            return None
        text = _filtered(one, text)
    return None if text is None or len(text) > _MAX_CHARACTERS else Word(text)


def _printed(command: SimpleCommand) -> str | None:
    if _goes_elsewhere(command) or not all(word.known and not word.glob for word in command.words):
        return None
    words = [word.text for word in command.words]
    match words:
        case ["echo", *rest]:
            if rest and rest[0] in ("-e", "-ne", "-en"):
                return None
            return " ".join(rest[1:] if rest and rest[0] == "-n" else rest) + "\n"
        case ["printf", text] if "%" not in text and "\\" not in text:
            return text
        case ["printf", "%s" | "%s\\n", text]:
            return text + "\n"
        case _ if command.stdin_text is not None and command.stdin_text.known:
            return _filtered(command, command.stdin_text.text)
        case _:
            return None


def _filtered(command: SimpleCommand, text: str) -> str | None:
    if _goes_elsewhere(command) or not all(word.known and not word.glob for word in command.words):
        return None
    match [word.text for word in command.words]:
        case ["base64" | "gbase64", "-d" | "-D" | "--decode"]:
            return _decoded(lambda: base64.b64decode("".join(text.split()), validate=True))
        case ["base32", "-d" | "--decode"]:
            return _decoded(lambda: base64.b32decode("".join(text.split())))
        case ["xxd", "-r", "-p"] | ["xxd", "-p", "-r"] | ["xxd", "-rp" | "-pr"]:
            return _decoded(lambda: bytes.fromhex("".join(text.split())))
        case ["rev"]:
            return "\n".join(line[::-1] for line in text.split("\n"))
        case ["tac"]:
            return "".join(reversed(text.splitlines(keepends=True)))
        case ["tr", old, new] if _SETS.fullmatch(old) and _SETS.fullmatch(new):
            return _translated(text, old, new)
        case ["cat"] | ["cat", "-"] | ["tee"]:
            return text
        case _:
            return None


def _goes_elsewhere(command: SimpleCommand) -> bool:
    """Whether files take part; what is thrown away (`2>/dev/null`) is not told from what is passed on."""
    return any(one.target.text != "/dev/null" for one in command.redirects)


def _translated(text: str, old: str, new: str) -> str | None:
    """What `tr` makes of a text; None where its sets are no plain letters and ranges."""
    before, after = (_RANGE.sub(_spelled, one) for one in (old, new))
    if "-" in before + after or not len(before) == len(after) == len(set(before)):
        return None
    return text.translate(str.maketrans(before, after))


def _spelled(found: re.Match[str]) -> str:
    return "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1)))


def _decoded(decode: Callable[[], bytes]) -> str | None:
    try:
        return decode().decode()
    except (binascii.Error, ValueError):
        return None
