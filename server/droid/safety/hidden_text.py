r"""Characters that carry text which no screen shows: found, and made visible.

Honest text has such characters too: emoji are joined by them, Persian and the scripts of India need them
within words, Arabic and Hebrew set marks of direction. What counts is therefore not a character but its
place: a tag that belongs to no flag, a selector that selects nothing, runs of no width, text turned around.

Source: https://www.unicode.org/reports/tr36/ and https://www.unicode.org/reports/tr51/, and for bidirectional
controls in source code https://trojansource.codes/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from unicodedata import bidirectional

from droid.domain.untrusted import InjectionMark, MarkKind

MAX_MARKS = 20
"""So many are told of one text."""
_TAGS = "\U000e0000-\U000e00ff"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_OVERRIDES = "\u202d\u202e"
_ISOLATES = "\u202a-\u202c\u2066-\u2069"
_MARKS = "\u200e\u200f\u061c"
# Joiners, fillers and others without width. The soft hyphen is not among them: web pages are full of it.
_NO_WIDTH = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065"
    "\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
)
_ANY = re.compile(f"[{_TAGS}{_SELECTORS}{_OVERRIDES}{_ISOLATES}{_MARKS}{_NO_WIDTH}]+")
_TAG_RUN = re.compile(f"[{_TAGS}]+")
_SELECTOR_RUN = re.compile(f"[{_SELECTORS}]+")
_BIDI_RUN = re.compile(f"[{_OVERRIDES}{_ISOLATES}]+")
_EMPTY_RUN = re.compile(f"[{_NO_WIDTH}{_MARKS}]+")
_SPLIT_WORD = re.compile(f"(?:[A-Za-z][{_NO_WIDTH}{_MARKS}]){{3,}}")
_BETWEEN_LETTERS = re.compile(f"(?<=[A-Za-z])[{_NO_WIDTH}{_MARKS}](?=[A-Za-z])")

# How all of the above look in UTF-8.
_FIRST_BYTES = (
    re.compile(rb"\xe2\x80[\x8b-\x8f\xaa-\xae]"),
    re.compile(rb"\xe2\x81[\xa0-\xaf]"),
    re.compile(rb"\xef\xb8[\x80-\x8f]"),
    re.compile(rb"\xef\xbb\xbf|\xef\xbe\xa0|\xef\xbf[\xb0-\xbb]"),
    re.compile(rb"\xf3\xa0"),
    re.compile(rb"\xcd\x8f"),
    re.compile(rb"\xd8\x9c"),
    re.compile(rb"\xe1\x85[\x9f\xa0]|\xe1\x9e[\xb4\xb5]|\xe1\xa0\x8e"),
    re.compile(rb"\xe3\x85\xa4"),
)
_ASCII = bytes(range(128))
_FLAG = "\U0001f3f4"
_FLAG_TAGS = frozenset(
    "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_MANY_TAMED = 8
_MANY = 200
_BETWEEN = "characters without width between letters"
_SHOWN_IN_RUN = 12


@dataclass(frozen=True, slots=True)
class Hidden:
    """A stretch of text with characters that hide something.

    Attributes:
        start, end: Its place; not every character of it need be hidden.
    """

    kind: MarkKind
    start: int
    end: int
    reason: str


def beyond_ascii(data: bytes) -> bytes:
    """What of UTF-8 is not ASCII: little in most texts, so that it costs nothing to look through."""
    return data.translate(None, _ASCII)


def may_hide(beyond: bytes) -> bool:
    """Whether there may be characters that could hide something, by what is not ASCII."""
    return any(pattern.search(beyond) for pattern in _FIRST_BYTES)


def _is_plain(text: str) -> bool:
    return text.isascii() or not may_hide(beyond_ascii(text.encode(errors="surrogatepass")))


def hidden_marks(text: str) -> tuple[InjectionMark, ...]:
    """Where a text hides something, in order, at most `MAX_MARKS`; quick where there is nothing."""
    if _is_plain(text):
        return ()
    told: list[InjectionMark] = []
    line, at = 1, 0
    for one in hidden_in(text)[:MAX_MARKS]:
        line += text.count("\n", at, one.start)
        at = one.start
        told.append(InjectionMark(kind=one.kind, line=line, reason=one.reason))
    return tuple(told)


def shown(text: str) -> str:
    """The text with what it hides written as code points: `⟨U+E0041⟩`. Long runs are counted."""
    if _is_plain(text):
        return text
    pieces: list[str] = []
    at = 0
    for one in hidden_in(text):
        if one.end > at:
            start = max(at, one.start)
            pieces += [text[at:start], _ANY.sub(_code_points, text[start : one.end])]
            at = one.end
    return "".join([*pieces, text[at:]]) if pieces else text


def without_hidden(text: str) -> str:
    """The text as a reader sees it: everything that does not show is gone, honest or not."""
    return _ANY.sub("", text)


def hidden_in(text: str) -> list[Hidden]:
    """The stretches that hide something, by their place; linear in the text."""
    found: list[Hidden] = []
    for one in chain(_in_runs(text), _turned_lines(text), _split_words(text), _scattered(text)):
        found.append(one)
        if len(found) == _MANY:
            # So much is no accident: all of the text is taken for hostile, and looked at no further.
            found.append(Hidden(one.kind, 0, len(text), one.reason))
            break
    return sorted(found, key=lambda one: (one.start, one.end))


def _in_runs(text: str) -> Iterator[Hidden]:
    for run in _ANY.finditer(text):
        # Most stand alone, and alone only tags and selectors can hide something.
        if len(run[0]) > 1 or _SELECTOR_RUN.match(run[0]) or _TAG_RUN.match(run[0]):
            yield from _in_run(text, run)


def _split_words(text: str) -> Iterator[Hidden]:
    for match in _SPLIT_WORD.finditer(text):
        yield Hidden(MarkKind.ZERO_WIDTH, match.start(), match.end(), _BETWEEN)


def _in_run(text: str, run: re.Match[str]) -> Iterator[Hidden]:
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    for match in _TAG_RUN.finditer(run[0]):
        flag = before == _FLAG and match.start() == 0 and match[0] in _FLAG_TAGS
        if not flag:
            yield _hidden(MarkKind.TAGS, run, match, f"{len(match[0])} hidden tag characters")
    for match in _SELECTOR_RUN.finditer(run[0]):
        base = before if match.start() == 0 else run[0][match.start() - 1]
        if len(match[0]) > 1 or not _selects(base, match[0]):
            yield _hidden(MarkKind.VARIATION, run, match, f"{len(match[0])} selectors that select nothing")
    for match in _EMPTY_RUN.finditer(run[0]):
        size = len(match[0])
        if run.start() + match.start() == 0 and match[0][0] == "\ufeff":
            size -= 1  # the mark of byte order that files may begin with
        by_ascii = _is_ascii_word(before) or _is_ascii_word(after)
        if size >= 4 or (size >= 2 and by_ascii):
            yield _hidden(MarkKind.ZERO_WIDTH, run, match, f"{len(match[0])} characters without width")


def _hidden(kind: MarkKind, run: re.Match[str], match: re.Match[str], reason: str) -> Hidden:
    return Hidden(kind, run.start() + match.start(), run.start() + match.end(), reason)


def _selects(base: str, selector: str) -> bool:
    """Whether a single selector has something to select."""
    if selector > "\ufe0f":
        return bool(base) and (0x3400 <= ord(base) <= 0x9FFF or ord(base) >= 0xF900 or base == "\u3007")
    return bool(base) and not base.isspace() and not (base.isascii() and base not in "0123456789#*")


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _turned_lines(text: str) -> Iterator[Hidden]:
    """Lines that are shown in another order, but for those that mix directions and end what they begin."""
    done = -1
    for match in _BIDI_RUN.finditer(text):
        if match.start() < done:
            continue
        start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        done = len(text) if end < 0 else end
        line = text[start:done]
        last = list(_BIDI_RUN.finditer(line))[-1].end() + start
        if "\u202d" in line or "\u202e" in line:
            yield Hidden(MarkKind.BIDI, match.start(), last, "text that is shown in another order")
        elif not _is_honest(line):
            yield Hidden(MarkKind.BIDI, match.start(), last, "controls of direction that no script needs")


def _is_honest(line: str) -> bool:
    """Right-to-left text is there, and each control that begins something is ended."""
    open_ones: list[str] = []
    for character in line:
        if character in "\u202a\u202b":
            open_ones.append("\u202c")
        elif character in "\u2066\u2067\u2068":
            open_ones.append("\u2069")
        elif character in "\u202c\u2069" and (not open_ones or open_ones.pop() != character):
            return False
    return not open_ones and any(bidirectional(one) in ("R", "AL") for one in line)


def _scattered(text: str) -> Iterator[Hidden]:
    """Bits spread over a text: two kinds of characters without width between letters, or odd selectors."""
    spread = list(_BETWEEN_LETTERS.finditer(text))
    if len(spread) >= _MANY_TAMED and len({match[0] for match in spread}) > 1:
        yield Hidden(MarkKind.ZERO_WIDTH, spread[0].start(), spread[-1].end(), _BETWEEN)
    # The first fourteen select among written forms, and are rare; that of emoji is the sixteenth.
    odd = [match for match in _SELECTOR_RUN.finditer(text) if "\ufe00" <= match[0] <= "\ufe0d"]
    if len(odd) >= _MANY_TAMED and len({match[0] for match in odd}) > 2:
        yield Hidden(
            MarkKind.VARIATION, odd[0].start(), odd[-1].end(), "many selectors of rare written forms"
        )


def _code_points(match: re.Match[str]) -> str:
    run = match[0]
    points = "".join(f"⟨U+{ord(one):04X}⟩" for one in run[:_SHOWN_IN_RUN])
    more = len(run) - _SHOWN_IN_RUN
    return f"{points}⟨and {more} more hidden characters⟩" if more > 0 else points
