"""Reads the text of a git configuration file as git does.

Source: https://git-scm.com/docs/git-config#_syntax
"""

import re
from collections.abc import Iterator

_SECTION = re.compile(r'\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\\n]|\\.)*)")?\s*\]')
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*(=?)[ \t]*")
_UNESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"'}


def config_entries(text: str) -> Iterator[tuple[str, str]]:
    """Key and value of each line that sets something; what git would not accept ends it.

    Keys are as git compares them: `branch.Main.merge`, with only what stands in the middle as it is.
    """
    section, at = "", 0
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif character in "#;":
            at = _line_end(text, at)
        elif character == "[":
            match = _SECTION.match(text, at)
            if match is None:
                return
            below = match[2] and _UNESCAPED.sub(r"\1", match[2])
            section = match[1].lower() if below is None else f"{match[1].lower()}.{below}"
            at = match.end()
        else:
            match = _KEY.match(text, at)
            if match is None:
                return
            value, at = _value(text, match.end()) if match[2] else ("true", _line_end(text, match.end()))
            yield f"{section}.{match[1].lower()}", value


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _value(text: str, at: int) -> tuple[str, int]:
    """A value up to the end of its line: quotes, escapes, comments, and lines that go on."""
    pieces: list[str] = []
    quoted = False
    kept = 0
    while at < len(text) and text[at] != "\n":
        character = text[at]
        at += 1
        if character == "\\" and at < len(text):
            escaped = text[at]
            at += 1
            if escaped != "\n":
                pieces.append(_ESCAPES.get(escaped, escaped))
                kept = len(pieces)
        elif character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            at = _line_end(text, at)
        else:
            pieces.append(character)
            if quoted or not character.isspace():
                kept = len(pieces)
    return "".join(pieces[:kept]), at
