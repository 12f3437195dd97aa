"""Decodes words: quotes, escapes, braces, tildes, variables whose value is known.

Pieces are first put together with marks for what was quoted, so that braces, globs and spaces that a
quote protects are told from those that mean something; `finish` takes the marks away.
"""

import re
from collections.abc import Iterator

from droid.safety.commands.words import UNKNOWN, Word

MAX_WORDS = 256
_MAX_BRACES = 32
_SPLIT = "\ue100"
"""Where an unquoted value falls apart into several words."""
_MAY_SPLIT = "\ue101"
"""An unquoted piece that is not known: it may be several words, or none."""
MARKED_BLANK = "\ue1ff"
"""A blank that the parser must not take for one."""
_SPECIALS = "*?[]{},~\\.$"
_QUOTED_SPECIALS = {ord(char): chr(0xE000 + ord(char)) for char in _SPECIALS}
_UNQUOTED_AGAIN = {0xE000 + ord(char): char for char in _SPECIALS} | {ord(MARKED_BLANK): " "}
_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_IN_DOUBLE_QUOTES = re.compile(r"\\([\\$`\"\n])")
_ANSI = re.compile(
    r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c(.)|(.))", re.DOTALL
)
_ANSI_LETTERS = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_RANGE = re.compile(r"(-?\d{1,6}|[A-Za-z])\.\.(-?\d{1,6}|[A-Za-z])(?:\.\.(-?\d{1,6}))?")
_SPACES = re.compile(r"[ \t\n]+")


def quoted(text: str) -> str:
    """A piece whose characters mean themselves."""
    return text.translate(_QUOTED_SPECIALS)


def bare(text: str) -> str:
    """An unquoted piece of the source: backslashes taken away, what they protect marked."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "" if found[1] == "\n" else quoted(found[1]), text)


def in_double_quotes(text: str) -> str:
    """A piece of a `"…"`."""
    if "\\" in text:
        text = _IN_DOUBLE_QUOTES.sub(lambda found: "" if found[1] == "\n" else found[1], text)
    return quoted(text)


def ansi_c(text: str) -> str:
    """The inside of a `$'…'`."""

    def one(found: re.Match[str]) -> str:
        for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
            if found[group] is not None:
                code = int(found[group], base)
                # Beyond Unicode, or half of a pair: whatever the shell makes of it, it is not known here.
                return chr(code) if 0 < code < 0xD800 or 0xE200 < code < 0x110000 else UNKNOWN
        if found[5] is not None:
            return UNKNOWN
        return _ANSI_LETTERS.get(found[6], found[6] if found[6] in "\\'\"?" else f"\\{found[6]}")

    return quoted(_ANSI.sub(one, text))


def unknown(*, is_quoted: bool) -> str:
    """A piece that only the running shell knows."""
    return UNKNOWN if is_quoted else UNKNOWN + _MAY_SPLIT


def value(text: str, *, is_quoted: bool) -> str:
    """The known value of a variable."""
    if is_quoted:
        return quoted(text)
    return _SPACES.sub(_SPLIT, text)


def separator() -> str:
    """What `$IFS` is: a place where words part."""
    return _SPLIT


def finish(marked: str, home: str) -> tuple[Word, ...]:
    """The words that a marked text makes: one, or several by braces and values that fall apart."""
    texts = [marked]
    if "{" in marked:
        texts = _braces(marked)
    words: list[Word] = []
    for text in texts:
        if _SPLIT in text:
            words += (_word(part, home) for part in text.split(_SPLIT) if part)
        else:
            words.append(_word(text, home))
    if len(words) > MAX_WORDS:
        return (*words[:MAX_WORDS], Word(UNKNOWN, may_split=True))
    return tuple(words)


def _word(text: str, home: str) -> Word:
    may_split = _MAY_SPLIT in text
    if may_split:
        text = text.replace(_MAY_SPLIT, "")
    if text.startswith("~"):
        text = _home(text, home)
    glob = "*" in text or "?" in text or "[" in text
    return Word(text.translate(_UNQUOTED_AGAIN), glob, may_split)


def _home(text: str, home: str) -> str:
    name, slash, rest = text[1:].partition("/")
    folder = quoted(home) if not name else UNKNOWN  # another person's, or a folder that was visited
    return f"{folder}{slash}{rest}"


def _braces(text: str) -> list[str]:
    """Expand `{a,b}` and `{1..3}`, the innermost first; too many are one word that is not known."""
    if text.count("{") > _MAX_BRACES:
        return [UNKNOWN + _MAY_SPLIT]
    done: list[str] = []
    todo = [text]
    steps = 0
    while todo:
        one = todo.pop()
        steps += 1
        if steps > 4 * MAX_WORDS or len(done) > MAX_WORDS:
            return [UNKNOWN + _MAY_SPLIT]
        span = _first_braces(one)
        if span is None:
            done.append(one)
            continue
        start, end = span
        todo += [f"{one[:start]}{part}{one[end + 1 :]}" for part in reversed(_parts(one[start + 1 : end]))]
    return done


def _first_braces(text: str) -> tuple[int, int] | None:
    """The first pair of braces that expands: it has a comma of its own, or is a range."""
    open_at: list[int] = []
    commas: list[bool] = []
    best: tuple[int, int] | None = None
    for index, char in enumerate(text):
        if char == "{" and text[index - 1 : index] != "$":
            open_at.append(index)
            commas.append(False)
        elif char == "," and open_at:
            commas[-1] = True
        elif char == "}" and open_at:
            start, has_comma = open_at.pop(), commas.pop()
            if (has_comma or _RANGE.fullmatch(text[start + 1 : index])) and (best is None or start < best[0]):
                best = (start, index)
    return best


def _parts(inside: str) -> list[str]:
    found = _RANGE.fullmatch(inside)
    if found is not None:
        return list(_range(found[1], found[2], found[3]))
    parts, depth, start = list[str](), 0, 0
    for index, char in enumerate(inside):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            parts.append(inside[start:index])
            start = index + 1
    return [*parts, inside[start:]]


def _range(first: str, last: str, step: str | None) -> Iterator[str]:
    letters = first.isalpha()
    if letters is not last.isalpha():
        yield UNKNOWN
        return
    low, high = (ord(first), ord(last)) if letters else (int(first), int(last))
    size = abs(int(step)) if step else 1
    if size == 0 or abs(high - low) // size > MAX_WORDS:
        yield UNKNOWN
        return
    for number in range(low, high + (1 if high >= low else -1), size if high >= low else -size):
        yield chr(number) if letters else str(number)
