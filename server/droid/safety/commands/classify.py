"""The short list of commands that only look.

A command is low risk only when every character of it is known to be harmless to the shell, its program
is on the list, and none of its words reaches out of the workspace or names a secret. Everything else is
high risk: what cannot be vouched for is dangerous.
"""

import re
from dataclasses import dataclass, replace
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
# A value written onto its flag (`-f.env`) may name a file, so flags are letters and digits alone.
_FLAG = re.compile(r"--?[A-Za-z0-9-]*")
# Flags by which a listed program changes something after all, shows a file as its own input or complaint,
# or never ends.
_BAD_FLAGS = {
    "date": ("-s", "--set", "-f", "--file"),
    "du": ("-X", "--exclude-from", "--files0-from"),
    "file": ("-C", "--compile", "-f", "--files-from", "-m", "--magic-file"),
    "hostname": ("-F", "--file", "-b", "--boot"),
    "tail": ("-f", "-F", "--follow", "--retry"),
    "wc": ("--files0-from",),
}
# `hostname NAME` and `date MMDDhhmm` set the host's name and clock.
_NO_OPERANDS = frozenset({"date", "hostname"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a command could do.

    Attributes:
        programs: The programs that it really runs; None where that cannot be decided.
        operands: Words that may name files which a listed program reads.
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
        if word.startswith("-") and not _FLAG.fullmatch(word):
            return _high(f"{word} may name a file", program)
        if word.startswith("-") and any(_means(word, flag) for flag in bad_flags):
            return _high(f"{program} {word} does more than look", program)
        if program in _NO_OPERANDS and not word.startswith(("-", "+")):
            return _high(f"{program} with an operand does more than look", program)
        path = PurePath(word)
        if path.is_absolute() or ".." in path.parts or "=" in word:
            return _high(f"{word} may lie outside the workspace", program)
        if (why := secret_path(cwd / path, home)) is not None:
            # Told on, so that the gate refuses it as it refuses the same to a tool that reads.
            return replace(_high(why, program), operands=(word,))
    return Assessment(
        risk=Risk.LOW,
        programs=(program,),
        reasons=(f"{program} only looks",),
        operands=tuple(word for word in words if not word.startswith("-")),
    )


def _means(word: str, flag: str) -> bool:
    """Whether a word may be read as a flag: bundled (`-nf`), shortened (`--fol`), or with a value."""
    if flag.startswith("--"):
        return word.startswith(flag) or (len(word) > 2 and flag.startswith(word))
    return not word.startswith("--") and flag[1] in word[1:]


def _high(reason: str, *programs: str) -> Assessment:
    return Assessment(risk=Risk.HIGH, programs=programs or None, reasons=(reason,))
