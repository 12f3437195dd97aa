"""The short list of commands that only look.

A command is low risk only when every character of it is known to be harmless to the shell, its program
is on the list, and none of its words reaches out of the workspace or names a secret. Everything else is
high risk: what cannot be vouched for is dangerous.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath

from droid.domain.levels import Risk
from droid.safety.paths import secret_path

MAX_COMMAND_CHARACTERS = 65_536

# No quoting, expansion, globbing, redirection, list or pipe can be written with these.
_PLAIN = re.compile(r"[A-Za-z0-9_@%+:,./ -]+")

# Programs that, with any words made of plain characters, neither write nor run anything.
_LOOKS_ONLY = frozenset(
    {
        "basename", "cat", "cksum", "date", "df", "dirname", "du", "echo", "false",
        "file", "groups", "head", "hostname", "id", "ls", "md5sum", "nproc", "pwd",
        "realpath", "sha256sum", "stat", "tail", "true", "uname", "uptime", "wc", "whoami",
    }
)  # fmt: skip
# Flags by which a listed program changes something after all, or never ends.
_BAD_FLAGS = {
    "date": ("-s", "--set"),
    "file": ("-C", "--compile"),
    "hostname": ("-F", "--file", "-b", "--boot"),
    "tail": ("-f", "-F", "--follow", "--retry"),
}
# `hostname NAME` and `date MMDDhhmm` set the host's name and clock.
_NO_OPERANDS = frozenset({"date", "hostname"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a command could do.

    Attributes:
        programs: The programs that it really runs; None where that cannot be decided.
        operands: Words that may name files which a low-risk command reads.
        reasons: What decided the risk, in words.
    """

    risk: Risk
    programs: tuple[str, ...] | None
    reasons: tuple[str, ...]
    operands: tuple[str, ...] = ()


def classify(command: str, *, cwd: PurePath, home: PurePath) -> Assessment:
    """Rate a command from its text alone; total on any input."""
    text = command.strip(" ")
    if len(text) > MAX_COMMAND_CHARACTERS:
        return _high("the command is too long to be judged")
    if not _PLAIN.fullmatch(text):
        return _high("shell syntax that is not on the read-only list")
    program, *words = text.split()
    if program not in _LOOKS_ONLY:
        return _high(f"{program} is not on the read-only list")
    bad_flags = _BAD_FLAGS.get(program, ())
    for word in words:
        if word.startswith("-") and (word.startswith(bad_flags) or _bundles(word, bad_flags)):
            return _high(f"{program} {word} does more than look", program)
        if program in _NO_OPERANDS and not word.startswith(("-", "+")):
            return _high(f"{program} with an operand does more than look", program)
        path = PurePath(word)
        if path.is_absolute() or ".." in path.parts or "=" in word:
            return _high(f"{word} may lie outside the workspace", program)
        if (why := secret_path(cwd / path, home)) is not None:
            return _high(why, program)
    return Assessment(
        risk=Risk.LOW,
        programs=(program,),
        reasons=(f"{program} only looks",),
        operands=tuple(word for word in words if not word.startswith("-")),
    )


def _bundles(word: str, bad_flags: tuple[str, ...]) -> bool:
    """Whether short flags written together (`-nf`) hold a bad one."""
    if word.startswith("--") or len(word) < 2:
        return False
    return any(flag[1] in word[1:] for flag in bad_flags if len(flag) == 2)


def _high(reason: str, *programs: str) -> Assessment:
    return Assessment(risk=Risk.HIGH, programs=programs or None, reasons=(reason,))
