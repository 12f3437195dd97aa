"""What builtins of the shell do to the shell itself: the folder that it is in, the variables that it has."""

from collections.abc import Iterator

from droid.safety.commands.words import UNKNOWN, Word

Folders = tuple[Word, ...]
"""Where the shell may be, relative to where the line starts; empty: just there."""

_MOVES = frozenset({"cd", "pushd", "chdir", "popd"})
_PASSED = frozenset({"builtin", "command", "eval", "--"})


def folders_after(
    words: tuple[Word, ...], folders: Folders, old: Folders, home: str
) -> tuple[Folders, Folders]:
    """Where the shell is after a command, and where it was before; a `cd` counts however it is reached."""
    while words and words[0].text in _PASSED:
        words = words[1:]
        if len(words) == 1 and words[0].known and " " in words[0].text:
            words = tuple(_from_home(part, home) for part in words[0].text.split())
    if not words or words[0].text not in _MOVES:
        return folders, old
    operands = [word for word in words[1:] if not word.text.startswith("-") or word.text == "-"]
    if words[0].text == "popd" or not operands or len(operands) > 1:
        target = Word(home) if not operands and words[0].text == "cd" else Word(UNKNOWN)
    else:
        target = operands[0]
    if target.text == "-":
        return old or (Word(UNKNOWN),), folders
    if not target.known or target.glob or target.may_split:
        target = Word(UNKNOWN)
    return tuple(dict.fromkeys(_joined(folder, target) for folder in folders or (Word(""),))), folders


def _from_home(text: str, home: str) -> Word:
    return Word(home + text[1:]) if text == "~" or text.startswith("~/") else Word(text)


def _joined(folder: Word, target: Word) -> Word:
    if not target.known or target.text.startswith("/") or not folder.text:
        return target
    return Word(f"{folder.text}/{target.text}") if folder.known else Word(UNKNOWN)


def set_by(words: tuple[Word, ...]) -> Iterator[tuple[str, Word]]:
    """The variables that a builtin sets to what only the running shell knows."""
    texts = [word.text for word in words]
    match texts:
        case ["builtin" | "command", *_]:
            yield from set_by(words[1:])
        case ["read" | "mapfile" | "readarray" | "getopts", *rest]:
            yield from ((text, Word(UNKNOWN)) for text in rest if text.isidentifier())
        case ["printf" | "wait" | "test" | "[" | "[[", *rest]:
            flags = [index for index, text in enumerate(rest[:-1]) if text in ("-v", "-p")]
            yield from ((rest[index + 1], Word(UNKNOWN)) for index in flags if texts[0] in ("printf", "wait"))
            yield from ((text[2:], Word(UNKNOWN)) for text in rest if text[:2] == "-v" and len(text) > 2)
        case _:
            return


_SETTERS = frozenset(
    {
        "read",
        "mapfile",
        "readarray",
        "getopts",
        "eval",
        "source",
        ".",
        "let",
        "select",
        "unset",
        "shopt",
        "set",
    }
)
_DECLARES = frozenset({"declare", "typeset", "local", "export", "readonly"})


def may_set(words: tuple[Word, ...], *, declares: bool) -> bool:
    """Whether a builtin may give variables other values, in whatever way its name is written.

    Args:
        declares: The parser has seen that it declares variables, so it has told those that are plain.
    """
    while words and words[0].text in ("builtin", "command", "--"):
        words = words[1:]
    if not words:
        return False
    name, rest = words[0].text, words[1:]
    if name in _DECLARES and not declares:
        return any("=" in word.text or not word.known or _refers(word.text) for word in rest)
    if name in _DECLARES:
        return any(_refers(word.text) for word in rest)
    if name == "set":
        return any(not word.text.startswith(("-", "+")) or word.text == "--" for word in rest)
    return name in _SETTERS or (
        name in ("printf", "wait") and any(word.text[:2] in ("-v", "-p") for word in rest)
    )


def _refers(flag: str) -> bool:
    """`declare -n`: another name for a variable."""
    return flag[:1] == "-" and "n" in flag and flag.lstrip("-").isalpha()
