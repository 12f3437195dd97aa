"""Injection marks: where text from elsewhere addresses the agent, or hides what it says.

A mark proves nothing, and text without one may still mean harm. It is a reason to show a person where to
look, to hand the text to the model as somebody's words, and to be careful with what leaves the machine.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from droid.domain.untrusted import InjectionMark, MarkKind
from droid.safety.addressing import PHRASES, TURN_LINE, TURN_REASON, Phrase
from droid.safety.hidden_text import MAX_MARKS, beyond_ascii, hidden_marks, may_hide, without_hidden

_AFTER = 200
"""Bytes behind an anchor that an expression may look at."""
_ASSISTANT = re.compile(rb"assistant[*_]{0,3}\s?:")

# Letters of other alphabets that look like ours, and full-width ones: `іgnоrе` reads as it sounds.
_LOOKALIKES = str.maketrans(
    "авеікмнорстухѕјһԁАВЕІКМНОРСТУХЅЈοανιρε", "abeikmhopctyxsjhdABEIKMHOPCTYXSJoavipe"
)
_MIXED = re.compile(r"[a-zA-Z][\u0370-\u052f]|[\u0370-\u052f][a-zA-Z]")
_GREEK_OR_CYRILLIC = re.compile(rb"[\xcd-\xd4]")
_WIDE = re.compile(rb"\xef\xbc[\xa1-\xba]|\xef\xbd[\x81-\x9c]|\xf0\x9d[\x90-\x9f]")


_Anchors = Mapping[bytes, Sequence[Phrase]]


def _by_anchor() -> dict[bytes, list[Phrase]]:
    anchors: dict[bytes, list[Phrase]] = {}
    for phrase in PHRASES:
        anchors.setdefault(phrase.anchor, []).append(phrase)
    return anchors


_ANCHORS = {anchor: rows for anchor, rows in _by_anchor().items() if anchor.isascii()}
_ANCHORS_BEYOND = {anchor: rows for anchor, rows in _by_anchor().items() if not anchor.isascii()}


def marks(text: str) -> tuple[InjectionMark, ...]:
    """The marks of a text, by line; at most `MAX_MARKS`, one for each line and reason.

    Linear in the text, and quick where there is nothing to find.
    """
    data = text.encode(errors="surrogatepass")
    found: set[InjectionMark] = set()
    if len(data) > len(text):
        beyond = beyond_ascii(data)
        if may_hide(beyond):
            found.update(hidden_marks(text))
        data = _as_read(text, data, beyond)
        if any(anchor in beyond for anchor in _ANCHORS_BEYOND):
            _look(data, _ANCHORS_BEYOND, found)
    plain = data.lower()
    _look(plain, _ANCHORS, found)
    _turns(plain, found)
    return tuple(sorted(found, key=lambda mark: (mark.line, mark.kind, mark.reason))[:MAX_MARKS])


def _look(data: bytes, anchors: _Anchors, found: set[InjectionMark]) -> None:
    """Add what is said around the anchors."""
    for anchor, phrases in anchors.items():
        places = _places(data, anchor)
        for phrase in phrases if places else ():
            for match in _said(phrase, data, places):
                if len(found) >= MAX_MARKS:
                    return
                found.add(_mark(data, match.start() + _leading(match[0]), phrase.kind, phrase.reason))


def _places(data: bytes, anchor: bytes) -> list[int]:
    places: list[int] = []
    at = data.find(anchor)
    while at >= 0:
        places.append(at)
        at = data.find(anchor, at + len(anchor))
    return places


def _said(phrase: Phrase, data: bytes, places: list[int]) -> Iterator[re.Match[bytes]]:
    """Where a row matches; what is looked at for several places is looked at once."""
    after = len(phrase.anchor) + _AFTER
    if not phrase.before:
        for at in places:
            match = phrase.pattern.match(data, at, at + after)
            if match is not None:
                yield match
        return
    for start, end in _joined([(max(0, at - phrase.before), at + after) for at in places]):
        if not phrase.near or any(data.find(word, start, end) >= 0 for word in phrase.near):
            yield from phrase.pattern.finditer(data, start, end)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap made one."""
    joined = spans[:1]
    for start, end in spans[1:]:
        if start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _mark(data: bytes, at: int, kind: MarkKind, reason: str) -> InjectionMark:
    return InjectionMark(kind=kind, line=data.count(b"\n", 0, at) + 1, reason=reason)


def _leading(found: bytes) -> int:
    """How much of a match is white space before its first word."""
    return len(found) - len(found.lstrip())


def _as_read(text: str, data: bytes, beyond: bytes) -> bytes:
    """The text as a reader takes it: nothing hidden, letters that look alike made one. Lines stay."""
    seen = without_hidden(text) if may_hide(beyond) else text
    if _WIDE.search(beyond):
        seen = unicodedata.normalize("NFKC", seen)
    if _GREEK_OR_CYRILLIC.search(beyond) and _MIXED.search(seen):
        seen = seen.translate(_LOOKALIKES)
    return data if seen is text else seen.encode(errors="surrogatepass")


def _turns(data: bytes, found: set[InjectionMark]) -> None:
    """Add the lines that speak for an assistant, where others speak for somebody else."""
    at = data.find(b"assistant")
    while at >= 0 and _ASSISTANT.match(data, at) is None:
        at = data.find(b"assistant", at + 1)
    if at < 0:
        return
    lines = [(match.start(1), match[1]) for match in TURN_LINE.finditer(data)]
    if len({role for _, role in lines}) > 1:
        spoken = [place for place, role in lines if role == b"assistant"]
        found.update(_mark(data, place, MarkKind.TURN, TURN_REASON) for place in spoken[:MAX_MARKS])
