"""The environment of a command: the server's own, without its secrets, and with nobody at a terminal.

What is dropped is told by name, or by a password inside a URL. A command that needs such a variable
can be given it in so many words, which the person then sees.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

_SECRET_NAME = re.compile(
    r"""
    ^(ANTHROPIC|OPENAI|AZURE_OPENAI|GEMINI|DROID_ORG)_
    | SECRET | PASSWORD | PASSWD | PASSPHRASE | CREDENTIAL | PRIVATE_?KEY
    | TOKEN$ | _TOKEN_
    | (^|_)(API|ACCESS|AUTH|ENCRYPTION|SIGNING|MASTER)_?KEY(_|$) | _KEY$ | APIKEY
    | PASS$ | (^|_)(PAT|AUTH|COOKIE|COOKIES)$ | _PWD$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PASSWORD_IN_URL = re.compile(r"://[^/?#\s@:]*:[^/?#\s@]+@")
_PROXY_NAME = re.compile(r"^(https?|ftp|all)_proxy$", re.IGNORECASE)

# Of the editor or its helpers, which would take a command for themselves or ask in a window of their own.
_DROPPED = frozenset({"ELECTRON_RUN_AS_NODE", "PWD", "OLDPWD"})

_NOBODY_THERE = {
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "EDITOR": "true",
    "VISUAL": "true",
    "GIT_EDITOR": "true",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "SSH_ASKPASS_REQUIRE": "never",
}


def is_secret(name: str, value: str) -> bool:
    """Whether a variable looks like a credential.

    A proxy's address stays even where it holds a password: without it nothing would reach the network.
    """
    if _SECRET_NAME.search(name):
        return True
    return "@" in value and not _PROXY_NAME.match(name) and _PASSWORD_IN_URL.search(value) is not None


def environment_for(own: Mapping[str, str]) -> dict[str, str]:
    """What commands are given of the server's `own` environment; `PWD` is for each to have its own."""
    kept = {name: value for name, value in own.items() if name not in _DROPPED and not is_secret(name, value)}
    return {**kept, **_NOBODY_THERE}


def with_path_first(env: Mapping[str, str], folder: Path | None) -> Mapping[str, str]:
    """An environment in which programs are looked for in a folder before all others."""
    if folder is None:
        return env
    return {**env, "PATH": f"{folder}{os.pathsep}{env.get('PATH') or os.defpath}"}
