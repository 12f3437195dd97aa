"""The environment of a command: the server's own, without its secrets, and with nobody at a terminal.

What is dropped is told by name, by the forms that tokens have, or by a password inside a URL. A command that
needs such a variable can be given it in so many words, which the person then sees.
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
# A password, or a name that is too long to be one: a token.
_PASSWORD_IN_URL = re.compile(r"://(?:[^/?#\s@:]*:[^/?#\s@]+|[^/?#\s@:]{16,})@")
_TOKEN = re.compile(
    r"""
    (?:
        gh[opusr]_[A-Za-z0-9]{20} | github_pat_\w{20} | glpat-[\w-]{16} | xox[abeoprs]-[\w-]{10}
      | (?:sk|rk)[-_](?:proj-|ant-|live_|test_)?[\w-]{20} | (?:AKIA|ASIA)[A-Z0-9]{16} | AIza[\w-]{30}
      | ya29\.[\w-]{20} | npm_[A-Za-z0-9]{30} | pypi-[\w-]{30} | hf_[A-Za-z0-9]{20} | SG\.[\w-]{16}
      | dop_v1_[0-9a-f]{32} | eyJ[\w-]{10,}\.eyJ[\w-]{8} | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY
      | https://hooks\.slack\.com/
    )
    """,
    re.VERBOSE,
)
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
    if _SECRET_NAME.search(name) or _TOKEN.match(value):
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
