"""Writes what the parser misreads in a way that it reads right, without moving anything.

`time` before a compound command, a command that is braces (`{rm,-rf,x}`), and `3<>file` are plain to a shell.
Only text before which nothing is quoted is touched, so no string and no other language's code is changed. The
exception is the first line of a here-document: a blank before its first expansion, which hides that from the
parser, becomes a mark that words turn into a blank again.
"""

import re

from droid.safety.commands.expansion import MARKED_BLANK

_START = r"(?:^|[;&|({\n]|\b(?:then|do|else)\s)[ \t]*"
_TIME = re.compile(rf"({_START})(time(?:[ \t]+-p)?)(?=[ \t]*\(|[ \t]+(?:if|for|while|until|case|\[\[)\s)")
_BRACES = re.compile(rf"({_START})\{{([\w./:~*-]+(?:,[\w./:~*=-]+)+)\}}(?=$|[\s;&|)])")
_READ_WRITE = re.compile(r"([ \t;&|(]\d)<>(?=[ \t]*[\w./$~])")
_HIDDEN = re.compile(r"(<<-?[ \t]*[A-Za-z_]\w*\b[^\n]{0,200}\n\s{0,200}?)[ \t](?=\$[({])")
_QUOTES = re.compile(r"['\"\\`#]|<<")


def repaired(text: str) -> str:
    """The text with the same length, and the same meaning to a shell."""
    if "time" in text:
        text = _TIME.sub(lambda found: _unless_quoted(found, found[1] + " " * len(found[2])), text)
    if "{" in text and "," in text:
        text = _BRACES.sub(
            lambda found: _unless_quoted(found, f"{found[1]} {found[2].replace(',', ' ')} "), text
        )
    if "<>" in text:
        text = _READ_WRITE.sub(lambda found: _unless_quoted(found, f"{found[1]}>>"), text)
    if "<<" in text:
        text = _HIDDEN.sub(rf"\1{MARKED_BLANK}", text)
    return text


def _unless_quoted(found: re.Match[str], instead: str) -> str:
    return found[0] if _QUOTES.search(found.string, 0, found.start()) else instead
