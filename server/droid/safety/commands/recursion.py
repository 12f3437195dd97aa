"""Which commands read all that lies below the folders that they are given."""

import re

from droid.safety.commands.model import Effects, SimpleCommand, Touch

_READS_BELOW = frozenset(
    {
        "7z", "7za", "ack", "ag", "bsdtar", "cp", "cpio", "ditto", "egrep", "fgrep", "gcp", "ggrep", "grep",
        "gtar", "rg", "rgrep", "rsync", "scp", "star", "tar", "ug", "ugrep", "zgrep", "zip",
    }
)  # fmt: skip
_RECURSES = re.compile(
    r"-[A-Za-z]*[rRa][A-Za-z]*|--(?:recursive|archive|dereference-recursive|directories=recurse)|recurse"
)
_ALWAYS_RECURSES = frozenset(
    {"rg", "ag", "ack", "rgrep", "tar", "gtar", "bsdtar", "star", "7z", "7za", "ditto", "cpio"}
)
_LEAVES_OUT_HIDDEN = frozenset({"rg", "ag"})
_TAKES_HIDDEN = re.compile(r"-[A-Za-z]*[.uU][A-Za-z]*|--(?:hidden|unrestricted)")
_SEARCHES = re.compile(r"-[A-Za-z]*[rR][A-Za-z]*|--(?:dereference-)?recursive")
_SEARCHERS = frozenset({"grep", "egrep", "fgrep", "ggrep", "rgrep"})
_PATTERN_FLAGS = frozenset({"--include", "-g", "--glob"})


def recurses(command: SimpleCommand) -> bool:
    """Whether a command goes down into folders."""
    return command.program in _ALWAYS_RECURSES or any(
        _RECURSES.fullmatch(word.text) for word in command.words[1:]
    )


def reads_below(command: SimpleCommand) -> bool:
    """Whether it reads all that lies below what it reads."""
    if command.program == "git":
        return {"grep", "--no-index"} <= {word.text for word in command.words}
    return command.program in _READS_BELOW and recurses(command)


def leaves_out_hidden(command: SimpleCommand) -> bool:
    """Whether it passes by what begins with a dot."""
    return command.program in _LEAVES_OUT_HIDDEN and not any(
        _TAKES_HIDDEN.fullmatch(word.text) for word in command.words[1:]
    )


def searches_here(command: SimpleCommand, effects: Effects) -> bool:
    """Whether it searches all of the folder that it runs in, since it names no other."""
    if any(touched.how is Touch.READ for touched in effects.touched):
        return False
    if command.program == "git":
        return reads_below(command)
    return command.program in _SEARCHERS and any(_SEARCHES.fullmatch(word.text) for word in command.words)


def only_names(effects: Effects) -> str:
    """The one glob that all names match which it reads; empty where that cannot be told."""
    globs = [value for flag, value in effects.options if flag in _PATTERN_FLAGS]
    return globs[0].text if len(globs) == 1 and globs[0].known else ""
