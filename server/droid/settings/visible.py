"""Text of a repository as a person is asked about it: what they read must be what will run.

Characters that do not show, or that show other text in another order, are written as their code point
(`⟨U+202E⟩`). Line breaks and tabs stay; what follows them is the caller's to indent.
"""

import re
import unicodedata

# Controls, format characters (bidirectional marks, zero-width, tags), halves of surrogate pairs, private and
# unassigned ones, separators of lines and paragraphs.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks by their category, and blank all the same.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_LONG_BLANK = re.compile(r" {40,}|\n{4,}|\t{10,}")


def visible(text: str) -> str:
    """The text with everything in it that would not show as itself written as a code point.

    Long runs of blanks are counted instead, since they could push what follows out of sight.
    """
    if text.isascii() and text.isprintable() and "    " not in text:
        return text
    return _LONG_BLANK.sub(_counted, "".join(map(_shown, text)))


def _shown(character: str) -> str:
    if character in " \n\t" or (character.isprintable() and not _is_blank(character)):
        return character
    return f"⟨U+{ord(character):04X}⟩"


def _is_blank(character: str) -> bool:
    return (
        character in _BLANK
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
        or unicodedata.category(character) in _HIDDEN
    )


def _counted(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0][0]):04X} ×{len(match[0])}⟩"
