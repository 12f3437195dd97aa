"""What a line must not hold if it is to be judged at all, and whether the parser has seen everything in it.

A parser that skips a substitution without an error would let it run unseen. So every place where one could
begin is counted, and must either lie where the shell looks for none or have been visited.
"""

import re
from collections.abc import Sequence, Set

MAX_COMMAND_BYTES = 65_536
MAX_NODES = 2_000
"""Of a syntax tree: a line with more is no line that a person would write, and takes long to judge."""
_MAX_OPENERS = 2_000
_MAX_PIPES = 1_000
_MAX_WORDS = 10_000
TOO_MUCH = "the command has too many parts to be judged"

# Control characters but tab and line feed, what hides or reorders text, byte-order marks, tags, and the
# private characters that words use for marks of their own.
_HIDDEN = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\ue1ff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SUBSTITUTION = re.compile(rb"`|\$(?:\\\n)*[(\[{]|[<>]\(")
# An index of an array is evaluated wherever the shell computes, also when it comes out of a quoted value.
_INDEX = re.compile(r"\[[^\]]{0,200}?(?:\$\(|`)", re.DOTALL)
_COMPUTES = re.compile(
    r"\(\(|\$\[|\blet\b|\s-[vp]\b|\s-(?:eq|ne|lt|le|gt|ge)\b|\bdeclare\b|\btypeset\b|\[\[|\$\{"
    r"|\w\[[^\]]*\]\+?="
)


def refusal(text: str) -> str | None:
    """Why a text is not even parsed; None where it may be."""
    if len(text) > MAX_COMMAND_BYTES or (not text.isascii() and _size(text) > MAX_COMMAND_BYTES):
        return "the command is too long to be judged"
    if _HIDDEN.search(text):
        return "the command holds control or invisible characters"
    # A here-document may hold code or a table; the parser makes nothing of what is in it.
    holds_document = "<<" in text
    if len(text) > _MAX_OPENERS and (
        sum(map(text.count, "({[`'\"$\\<")) > _MAX_OPENERS + len(text) // (3 if holds_document else 8)
        or text.count("|") > _MAX_PIPES + len(text) // 32
        or (not holds_document and sum(map(text.count, " \n;&=")) > _MAX_WORDS)
    ):
        return TOO_MUCH
    return None


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def unseen(
    data: bytes, visited: Set[int], quiet: list[tuple[int, int]], strings: Sequence[tuple[int, int]] = ()
) -> bool:
    """Whether a substitution may begin somewhere that was neither visited nor is quoted.

    Args:
        visited: Offsets at which a substitution was seen to begin or end.
        quiet: Spans in which the shell looks for none.
        strings: Spans of text in double quotes, where `<(` and `>(` are nothing.
    """
    hits = [
        found.start()
        for found in _SUBSTITUTION.finditer(data)
        if data[found.start()] not in b"<>" or not any(a <= found.start() < b for a, b in strings)
    ]
    if not hits:
        return False
    quiet = sorted(quiet)
    span = 0
    for at in hits:
        while span < len(quiet) and quiet[span][1] <= at:
            span += 1
        if span < len(quiet) and quiet[span][0] <= at:
            continue
        if at not in visited and not _is_escaped(data, at):
            return True
    return False


def _is_escaped(data: bytes, at: int) -> bool:
    count = 0
    while at > count and data[at - count - 1] == 0x5C:
        count += 1
    return count % 2 == 1


def computes_quoted(text: str, quoted: list[str]) -> bool:
    """Whether a quoted text could run when the shell computes with it."""
    return any(_INDEX.search(one) for one in quoted) and _COMPUTES.search(text) is not None
