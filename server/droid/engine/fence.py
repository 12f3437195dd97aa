"""Hands text that carries injection marks to a model as what it is: somebody's words.

The fence cannot be closed from inside: whatever looks like its lines is escaped, and its id is a digest of
what it holds, so no text can hold its own. For the same reason a fenced text is known by itself, and fencing
it again changes nothing.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from droid.domain.untrusted import InjectionMark
from droid.engine.prompts import prompt_text
from droid.safety.hidden_text import shown

_ID_CHARACTERS = 24
_SOURCE_CHARACTERS = 200
_LIKE_A_FENCE = re.compile(r"<(?=[\W_]{0,8}untrusted)", re.IGNORECASE)
_ID = re.compile(r'<untrusted id="([0-9a-f]{24})">\n')


def fenced(text: str, source: str, marks: Iterable[InjectionMark]) -> str:
    """The text within a fence that says where it is from and what it is.

    Args:
        source: In words; what would not fit on the line of a prompt is left out.
    """
    plain = "".join(one if one.isprintable() and one not in "<>`" else " " for one in shown(source))
    plain = " ".join(plain.split())[:_SOURCE_CHARACTERS]
    if _is_fenced(text, plain):
        return text
    why = ", ".join(dict.fromkeys(mark.reason for mark in marks))
    inner = _LIKE_A_FENCE.sub(r"<\\", shown(text))
    return _filled(plain, why, inner)


def _filled(source: str, why: str, inner: str) -> str:
    parts = {"source": source, "why": why, "id": _id(inner), "text": inner}
    return re.sub(r"\{(source|why|id|text)\}", lambda found: parts[found[1]], prompt_text("fence"))


def _is_fenced(text: str, source: str) -> bool:
    """Whether a text is what `fenced` makes, from its first character to its last."""
    match = _ID.search(text)
    if match is None:
        return False
    inner = text[match.end() :].removesuffix(f'\n</untrusted id="{match[1]}">')
    head, _, rest = text[: match.start()].partition(": it ")
    why = rest.partition(". Use it ")[0]
    return bool(head) and _id(inner) == match[1] and _filled(source, why, inner) == text


def _id(inner: str) -> str:
    return sha256(inner.encode(errors="surrogatepass")).hexdigest()[:_ID_CHARACTERS]
