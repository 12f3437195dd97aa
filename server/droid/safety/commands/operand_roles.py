"""Which operand is what, and which words are something else than they look like."""

import re
from collections.abc import Iterator, Sequence

from droid.safety.commands.rows import RAW_ROLES, OperandRole, lookup
from droid.safety.commands.words import Word

_BLANK = re.compile(r"\s")


def roles_of(roles: tuple[OperandRole, ...], count: int) -> Iterator[OperandRole | None]:
    """The role of each of so many operands; None behind the last."""
    at = next((index for index, role in enumerate(roles) if role.repeated), None)
    if at is None:
        for index in range(count):
            yield roles[index] if index < len(roles) and roles[index].role not in RAW_ROLES else None
        return
    behind = len(roles) - at - 1
    for index in range(count):
        if index < at:
            yield roles[index]
        elif index >= count - behind:
            yield roles[len(roles) - (count - index)]
        else:
            yield roles[at] if roles[at].role not in RAW_ROLES else None


def joins_otherwise(words: Sequence[Word]) -> bool:
    """Whether words that are joined for a shell would be others there, unlike what the writer may mean.

    `ssh host bash -c 'rm -rf x'` runs `bash -c rm -rf x` there; both readings count.
    """
    first, *others = (word.text for word in words)
    return not _BLANK.search(first) and any(_BLANK.search(text) for text in others)


def is_assignment(word: Word) -> bool:
    """Whether `env` sets a variable by a word: it takes any name, also one that a shell would not."""
    return word.text.find("=") > 0


def behind_git(name: str) -> str | None:
    """The subcommand of git that a program like `git-push` is."""
    git, _, subcommand = name.partition("-")
    if git != "git" or not subcommand:
        return None
    known = lookup("git")
    return subcommand if known is not None and (subcommand,) in known.commands else None
