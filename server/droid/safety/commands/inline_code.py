"""Rates code that stands in a command: `python -c '…'`, `awk '…'`, `psql -c '…'`.

Each language has its reader in `languages/`; it is loaded when a command needs it.
"""

import importlib

from droid.domain.levels import Risk
from droid.safety.commands.languages.findings import CodeEffects, Findings, Unreadable
from droid.safety.commands.words import UNKNOWN, Word

__all__ = ["LANGUAGES", "MAX_CODE_CHARACTERS", "CodeEffects", "effects_of_code"]

MAX_CODE_CHARACTERS = 8_192
"""A longer program is no one-liner, takes long to judge, and is better read by a person."""

LANGUAGES = {
    "alias": "settings",
    "awk": "awk",
    "ed": "ed",
    "ex": "ed",
    "gdb": "settings",
    "git-setting": "settings",
    "javascript": "javascript",
    "jq": "jq",
    "lua": "lua",
    "m4": "settings",
    "perl": "perl",
    "php": "php",
    "python": "python",
    "redis": "redis",
    "ruby": "ruby",
    "sed": "sed",
    "setting": "settings",
    "sql": "sql",
    "sql-server": "sql",
}
"""The module of each language. `sql` is for a database in a file, `sql-server` for a live one."""

# An unknown piece of these is nearly always a value; in the others it may be code that does anything.
_HOLES_ARE_MEDIUM = frozenset({"alias", "awk", "jq", "sed", "sql", "sql-server"})
_RUNS_NOTHING = frozenset({"alias", "jq", "sql", "sql-server", "redis"})


def effects_of_code(language: str, code: Word) -> CodeEffects:
    """Tell what code would do; total on any language and any text."""
    module = LANGUAGES.get(language)
    if module is None:
        return _high(f"{language} code cannot be judged")
    if len(code.text) > MAX_CODE_CHARACTERS:
        return _high("the code is too long to be judged")
    found = Findings()
    if not code.text.strip(UNKNOWN + " ") and not code.known and language not in _RUNS_NOTHING:
        found.cannot_tell(f"it is not known what the {language} code is")
    elif not code.known:
        if language in _HOLES_ARE_MEDIUM:
            found.medium("a piece of the code is not known")
        else:
            found.high("a piece of the code is not known")
    reader = importlib.import_module(f"droid.safety.commands.languages.{module}")
    try:
        reader.read(code.text, found, language)
    except Unreadable as error:
        found.high(f"{language} code that cannot be followed: {error}")
    except (RecursionError, MemoryError):
        found.high(f"{language} code that is nested too deeply")
    return found.effects()


def _high(reason: str) -> CodeEffects:
    return CodeEffects(risk=Risk.HIGH, reason=reason)
