"""Variables of the environment that hold credentials, and commands that print them."""

import re
from functools import lru_cache

from droid.safety.commands.handed_on import behind_wrappers
from droid.safety.commands.model import Effects, SimpleCommand, Touch

_CREDENTIAL = r"TOKEN|SECRET|PASSW|PASSPHRASE|PASS$|API_?KEY|_KEY|CREDENTIAL|PRIVATE"
_IS_CREDENTIAL = re.compile(_CREDENTIAL)
_USED = re.compile(r"\$(?:([A-Z][A-Z0-9_]+)|\{!?([A-Z][A-Z0-9_]+)(?=\}|:?[-?=]|:[0-9 ]|[%#/^,@]))")
_SET = re.compile(
    r"""(?<![\w$])(?:([A-Z][A-Z0-9_]+)\+?=(?!["']?\$\{?[A-Z])|for\s+([A-Z][A-Z0-9_]+)\b|read\s[^;|&\n]{0,80}?([A-Z][A-Z0-9_]+)\b)"""
)
_LEAVES = frozenset({Touch.FETCH, Touch.HOST, Touch.SEND})
_PRINTERS = frozenset({"echo", "printf", "print", "gecho", "cat"})
_ENVIRONMENT = frozenset({"env", "genv", "printenv", "export", "set", "declare", "typeset"})
_FILTERS = frozenset(
    {"grep", "egrep", "fgrep", "ggrep", "zgrep", "rg", "ag", "ack", "awk", "gawk", "mawk", "sed", "perl"}
)
_LOOKS_FOR = re.compile(
    r"token|secret|passw|\bpass\b|key|cred|private|auth|(?:aws|github|gh|openai|anthropic)_?$", re.IGNORECASE
)
_LEAVES_OUT = re.compile(r"-[A-Za-z]*[vcq][A-Za-z]*")
_SHOWS_NOTHING = frozenset({"-v", "--invert-match", "-c", "--count", "-q", "--quiet", "--silent"})


def shows_secret_variables(command: SimpleCommand, effects: Effects, line: str) -> str | None:
    """Why a command prints a credential that the environment holds; None where it does not."""
    if command.program in _PRINTERS:
        return _handed_out(command, line, "prints")
    if any(touched.how in _LEAVES for touched in effects.touched):
        return _handed_out(command, line, "sends out")
    if command.program in _FILTERS and command.stdin_from:
        return _filtered(command, effects)
    return None


def _handed_out(command: SimpleCommand, line: str, how: str) -> str | None:
    """`echo $GITHUB_TOKEN`."""
    words = (*command.words[1:], *([command.stdin_text] if command.stdin_text is not None else ()))
    if all(word.known for word in words):
        return None
    start, end = command.span
    text = line[start:end] if end > start and command.stdin_text is None else line
    own = _set_in(line)
    for found in _USED.finditer(text):
        name = found[1] or found[2]
        if _IS_CREDENTIAL.search(name) and name not in own:
            return f"{how} {name[:40]}, which holds a credential"
    return None


@lru_cache(maxsize=64)
def _set_in(line: str) -> frozenset[str]:
    """The variables that a line sets itself."""
    return frozenset(name for found in _SET.findall(line) for name in found)


def _filtered(command: SimpleCommand, effects: Effects) -> str | None:
    """`env | grep -i token`."""
    first, *others = map(behind_wrappers, command.stdin_from)
    cuts = any(one.program == "cut" for one in others)
    if cuts or first.program not in _ENVIRONMENT or len(first.words) > 2:
        return None
    if _SHOWS_NOTHING.intersection(effects.flags) or any(
        _LEAVES_OUT.fullmatch(word.text) for word in command.words[1:]
    ):
        return None
    if any(_LOOKS_FOR.search(word.text) for word in command.words[1:]):
        return "looks for credentials in the environment"
    return None
