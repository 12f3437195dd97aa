"""Finds the commands in settings and macros: `ProxyCommand=nc %h`, `alias.x=!ls`, `shell ls`, `syscmd(ls)`.

Their rows say already that such a setting is dangerous. This only names what would run, so that lists of
what is forbidden can see it.
"""

import re

from droid.safety.commands.languages.findings import Findings

_SETTING = re.compile(r"\s*([\w.*-]+)\s*[=\s]\s*(.*)", re.DOTALL)
_GIT_ALIAS = re.compile(r"alias\..+", re.IGNORECASE)
_GDB = re.compile(r"\s*(?:!|\|\s*[^|]*\||shell\b|she\b|shel\b|make\b|mak\b)\s*(.*)", re.DOTALL)
_M4_COMMAND = re.compile(r"e?syscmd\s*\(\s*`*(.*?)'*\s*\)", re.DOTALL)


def read(code: str, found: Findings, language: str = "setting") -> None:
    """Collect what would run.

    `setting` and `git-setting` are `NAME=COMMAND` or `NAME COMMAND`, `alias` a value that is a command where
    it begins with `!`, `gdb` a line for the debugger, `m4` a text with macros.
    """
    if language == "alias":
        _alias(code, found)
    elif language == "gdb":
        for line in code.split("\n"):
            if match := _GDB.fullmatch(line):
                found.runs(f"make {match[1]}" if line.lstrip().startswith("mak") else match[1])
    elif language == "m4":
        for match in _M4_COMMAND.finditer(code):
            found.high("a macro runs a command")
            found.runs(match[1])
    elif match := _SETTING.fullmatch(code):
        name, value = match.groups()
        if language != "git-setting":
            found.runs(value)
        elif _GIT_ALIAS.fullmatch(name) and not value.startswith("!"):
            found.runs(f"git {value}")
        else:
            found.runs(value.removeprefix("!"))


def _alias(code: str, found: Findings) -> None:
    if code.startswith("!"):
        found.high("a setting that runs a program")
        found.runs(code[1:])
