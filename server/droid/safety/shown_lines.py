"""Text of others on one line, where people read it: in titles, labels and reasons.

What does not show there is written as its code point, `⟨U+202E⟩`: a line that hides a part of a command must
not look like one that has no such part.
"""

import re

# Joiners within words and emoji of other scripts have their use; a line of prose is easier to read without.
_JOINING = re.compile("(?<=[^\x00-\x7f\u200c\u200d])[\u200c\u200d](?=[^\x00-\x7f\u200c\u200d])")
# Of no width, though they count as printable; a selector may follow what it selects a form of.
_EMPTY = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0100-\U000e01ef]"
    "|(?<![^\x00-\x7f\ufe00-\ufe0f])[\ufe00-\ufe0f]"
)


def on_one_line(text: str) -> str:
    """The text with single spaces for white space and control characters, all else visible."""
    line = _EMPTY.sub(lambda match: _code_point(match[0]), _JOINING.sub(" ", text))
    return " ".join("".join(map(_visible, line)).split())


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace() or ord(character) < 0xA0:
        return " "
    return _code_point(character)


def _code_point(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"
