"""List entries that are regular expressions: `re:^make [a-z]+$`.

Python's engine can take for ever on some expressions, and both sides of a match may be somebody else's: a
repository writes the entry, a model the command. So an expression that repeats what already repeats, in a
way that can be read more than once, is not run, and neither is one on a text that is too long for it.
What cannot be run fails closed: of what is forbidden it matches everything, of what is allowed nothing.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

PREFIX = "re:"
_MAX_PATTERN = 500
# By the number of parts that repeat without end: how long a text may be so that a match stays quick.
_MAX_TEXT = (65_536, 4_096, 1_024, 400, 160, 80)
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
_QUANTIFIER = re.compile(r"[*+?]|\{\d*,?\d*\}")
_GROUP_START = re.compile(r"\(\?(?:P<\w+>|[:=!>]|<[=!]|[aiLmsux-]+:)?")
_LITERAL = re.compile(r"(?:\\[^\w\s]|[\w./:=@%,-]|\\-)+")
_MAX_PROBES = 24


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled entry.

    Attributes:
        problem: Why it cannot be run; None where it can.
        needs: Texts without which nothing matches.
        probes: What a piece that is not known might be, taken from the expression itself.
    """

    pattern: re.Pattern[str] | None
    problem: str | None
    max_text: int = 0
    needs: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()

    def finds(self, text: str) -> bool:
        """Whether it matches somewhere in the text; where that cannot be told, it does."""
        if self.pattern is None:
            return True
        if not all(need in text for need in self.needs):
            return False
        return len(text) > self.max_text or self.pattern.search(text) is not None

    def is_all_of(self, text: str) -> bool:
        """Whether the text as a whole matches; where that cannot be told, it does not."""
        if self.pattern is None or len(text) > self.max_text:
            return False
        return self.pattern.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """Compile what stands behind `re:`."""
    if len(source) > _MAX_PATTERN:
        return Expression(None, f"it is longer than {_MAX_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a later Python may read in another way
            pattern = re.compile(source, re.DOTALL)
    except (re.error, RecursionError, OverflowError) as error:
        return Expression(None, f"it is no regular expression ({str(error)[:80]})")
    atoms = tuple(_atoms(source))
    if re.search(r"\\[1-9]|\(\?P=", source):
        return Expression(None, "it refers back to a group, which may take for ever")
    if _may_explode(source):
        return Expression(None, "it repeats what already repeats, which may take for ever")
    unbounded = sum(1 for _, quantifier in atoms if _UNBOUNDED.fullmatch(quantifier))
    if unbounded >= len(_MAX_TEXT):
        return Expression(None, f"it has more than {len(_MAX_TEXT) - 1} parts that repeat without end")
    found = (re.sub(r"\\(.)", r"\1", literal) for literal in _LITERAL.findall(source))
    probes = tuple(dict.fromkeys(text for text in found if text))[:_MAX_PROBES]
    needs = () if pattern.flags & (re.IGNORECASE | re.VERBOSE) else tuple(_needed(atoms))
    return Expression(pattern, None, _MAX_TEXT[unbounded], needs, probes)


def _needed(atoms: Sequence[tuple[str, str]]) -> list[str]:
    """The runs of plain characters outside all groups and choices."""
    depth, run, found = 0, "", list[str]()
    for atom, quantifier in (*atoms, ("$", "")):
        depth += atom.startswith("(") - (atom == ")")
        if atom == "|" and depth == 0:
            return []
        char = atom.removeprefix("\\")
        is_plain = len(char) == 1 and (not char.isalnum() if atom[0] == "\\" else atom not in ".^$()[]{}")
        if depth == 0 and is_plain and not quantifier:
            run += char
        elif run:
            found.append(run)
            run = ""
    return found


def _atoms(source: str) -> Iterator[tuple[str, str]]:
    """Each smallest part with its quantifier; groups are told by their brackets."""
    at = 0
    while at < len(source):
        size = _atom_size(source, at)
        atom, at = source[at : at + size], at + size
        quantifier = _QUANTIFIER.match(source, at) if atom not in ("(", "|", "^", "$") else None
        if quantifier is None:
            yield atom, ""
            continue
        at = quantifier.end()
        if source[at : at + 1] in ("?", "+"):
            at += 1
        yield atom, quantifier[0]


def _atom_size(source: str, at: int) -> int:
    char = source[at]
    if char == "\\":
        return 2
    if char == "(":
        return len(found[0]) if (found := _GROUP_START.match(source, at)) else 1
    if char != "[":
        return 1
    end = at + 1
    if source[end : end + 1] == "^":
        end += 1
    if source[end : end + 1] == "]":
        end += 1
    while end < len(source) and source[end] != "]":
        end += 2 if source[end] == "\\" else 1
    return end + 1 - at


@dataclass(slots=True)
class _Group:
    """A group that is being read: its first part, and those in it that repeat without end."""

    first: str = ""
    first_repeats: bool = False
    repeats: list[str] | None = None
    branches: bool = False


def _may_explode(source: str) -> bool:
    """Whether a group that repeats without end holds a part that does, so that their ends are ambiguous.

    `( [a-z]+)*` is not: each round begins with a space, and the part in it can take none.
    """
    stack = [_Group()]
    for atom, quantifier in _atoms(source):
        unbounded = bool(quantifier) and _UNBOUNDED.fullmatch(quantifier) is not None
        if atom.startswith("("):
            stack.append(_Group())
            continue
        if atom == ")" and len(stack) > 1:
            group = stack.pop()
            repeats = group.repeats or []
            if unbounded and (group.branches or repeats) and not _parts_clearly(group):
                return True
            outer = stack[-1]
            outer.repeats = [*(outer.repeats or []), *repeats, *([")"] if unbounded else [])]
            outer.first, outer.first_repeats = outer.first or ")", True
            continue
        group = stack[-1]
        if atom == "|":
            group.branches = True
        elif not group.first:
            group.first, group.first_repeats = atom, bool(quantifier)
        if unbounded:
            group.repeats = [*(group.repeats or []), atom]
    return False


def _parts_clearly(group: _Group) -> bool:
    """Whether every round of a group begins with a character that nothing repeated in it can take."""
    if group.branches or group.first_repeats or group.first in ("", ".", ")", "^", "$"):
        return False
    if group.first.startswith("["):
        return False
    begins = {r"\s": " ", r"\t": "\t", r"\n": "\n"}.get(group.first, group.first.removeprefix("\\"))
    if len(begins) != 1 or (group.first.startswith("\\") and begins.isalnum()):
        return False
    tried = [" ", "\t", "\n"] if group.first == r"\s" else [begins]
    for part in group.repeats or []:
        if part == ")" or any(re.fullmatch(part, char, re.DOTALL) for char in tried):
            return False
    return True
