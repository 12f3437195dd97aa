"""Globs as they are compared: without case, in time that grows with the text, never with its square root.

A glob that is malformed matches more rather than less: what cannot be read in it stands for anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from droid.safety.names import fold_text, short_form

ONE, MANY = "??", "**"
"""Tokens for one character and for any number of them; of one letter are literals, others are classes."""
ANY_NAME = "\ue000"
"""Stands for a name, or a piece of one, that is not known; no command and no settings file can hold it."""
_POSIX = re.compile(r"\[[:.=].*?[:.=]\]")

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern for one name, or for a whole text."""

    tokens: Tokens
    regex: "re.Pattern[str]"

    def matches(self, folded: str) -> bool:
        """Whether it matches a text that is folded already."""
        return self.regex.fullmatch(folded) is not None

    def overlaps(self, other: "Glob") -> bool:
        """Whether some text matches both."""
        return _overlap(self.tokens, other.tokens)


def name_glob(text: str) -> Glob:
    """The glob of one name of a path."""
    tokens = _trimmed(list(_tokens(text)))
    expression = _expression(tokens)
    if all(len(token) == 1 for token in tokens) and (short := short_form("".join(tokens))):
        stem, extension = map(re.escape, short)
        expression = rf"{expression}|{stem}~[0-9]+{rf'[.]{extension}' if extension else ''}"
    return Glob(tokens, re.compile(expression, re.DOTALL | re.IGNORECASE))


@lru_cache(maxsize=1024)
def text_glob(text: str) -> Glob:
    """The glob of a text in which a slash is a character like others."""
    tokens = _merged(list(_tokens(text)))
    return Glob(tokens, re.compile(_expression(tokens), re.DOTALL | re.IGNORECASE))


def is_glob(text: str) -> bool:
    """Whether a text has a character that means something in a glob."""
    return any(char in text for char in "*?[")


def _tokens(text: str) -> Iterator[str]:
    """The tokens of a glob; literal text is folded in one piece."""
    literal: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "\\" and at < len(text):
            literal.append(text[at])
            at += 1
            continue
        if char not in "*?[\\":
            literal.append(char)
            continue
        yield from fold_text("".join(literal))
        literal.clear()
        if char == "[":
            token, at = _class(text, at)
            yield token
        else:
            yield ONE if char == "?" else MANY
    yield from fold_text("".join(literal))


def _class(text: str, at: int) -> tuple[str, int]:
    """The token for `[…]`, and where it ends; without its end, it is everything that follows."""
    start = at + 1 if text[at : at + 1] in ("!", "^") else at
    negated = start > at
    end = start
    while True:
        end = text.find("]", end + 1 if end == start else end)
        if end < 0:
            return MANY, len(text)
        if text.rfind("[:", start, end) > text.rfind(":]", start, end):
            end += 1
            continue
        break
    inside = text[start:end]
    if _POSIX.search(inside) or "[:" in inside:
        return ONE, end + 1
    escaped = re.sub(r"([\\\[\]&~|^])", r"\\\1", re.sub(r"\\(.)", r"\1", inside))
    # A letter that folds to several could not be matched by a class: leave those to stand for anything.
    folded = "".join(low if len(low := fold_text(char)) == 1 else "" for char in escaped)
    if len(folded) != len(escaped):
        return MANY, end + 1
    token = f"[{'^' if negated else ''}{folded}]"
    try:
        re.compile(token)
    except re.error:
        return MANY, end + 1
    return token, end + 1


def _trimmed(tokens: list[str]) -> Tokens:
    """As names are folded: nothing behind a colon, no dots and spaces at the end."""
    if ":" in tokens[1:]:
        del tokens[tokens.index(":", 1) :]
    kept = len(tokens)
    while kept > 1 and tokens[kept - 1] in ". ":
        kept -= 1
    if all(token in (".", " ") for token in tokens[:kept]):
        kept = len(tokens)
    return _merged(tokens[:kept])


def _merged(tokens: list[str]) -> Tokens:
    return tuple(
        token for index, token in enumerate(tokens) if token != MANY or tokens[index - 1 : index] != [MANY]
    )


def _expression(tokens: Tokens) -> str:
    """A regular expression that never goes back over more than one star."""
    pieces: list[list[str]] = [[]]
    for token in tokens:
        if token == MANY:
            pieces.append([])
        else:
            pieces[-1].append("." if token == ONE else re.escape(token) if len(token) == 1 else token)
    first, *middle = map("".join, pieces)
    if not middle:
        return first
    *middle, last = middle
    return first + "".join(f"(?>.*?{piece})" for piece in middle) + f".*{last}"


def _overlap(ours: Tokens, theirs: Tokens) -> bool:
    seen: set[tuple[int, int]] = set()
    todo = [(0, 0)]
    while todo:
        place = todo.pop()
        if place in seen:
            continue
        seen.add(place)
        one, other = place
        if one == len(ours) and other == len(theirs):
            return True
        a = ours[one] if one < len(ours) else ""
        b = theirs[other] if other < len(theirs) else ""
        if a == MANY:
            todo.append((one + 1, other))
            if b:
                todo.append((one, other + 1))
        if b == MANY:
            todo.append((one, other + 1))
            if a:
                todo.append((one + 1, other))
        if a and b and MANY not in (a, b) and _fits(a, b):
            todo.append((one + 1, other + 1))
    return False


def _fits(one: str, other: str) -> bool:
    if ONE in (one, other):
        return True
    if len(one) == 1 and len(other) == 1:
        return one == other
    if len(one) > 1 and len(other) > 1:
        return True
    expression, char = (one, other) if len(one) > 1 else (other, one)
    return re.fullmatch(expression, char, re.DOTALL | re.IGNORECASE) is not None
