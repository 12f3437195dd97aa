"""Puts values of the environment where settings name them: `${NAME}` and `${NAME:-default}`."""

import re
from collections.abc import Mapping

from droid.domain.errors import DroidError

_REFERENCE = re.compile(r"\$\{([^}]*)(\}?)")
_INSIDE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-([^$]*))?")


class CannotExpand(DroidError):
    """A reference has no value, or is none; the message never holds a value."""


class NotSet(CannotExpand):
    """A variable is not set, and the reference has no default."""


def expand(text: str, environ: Mapping[str, str]) -> str:
    """Replace every reference; as in a shell, a default counts for an empty variable too.

    Raises:
        CannotExpand: a variable is not set and has no default, or `${` begins something else.
    """

    def value(match: re.Match[str]) -> str:
        inside = _INSIDE.fullmatch(match[1])
        if inside is None or not match[2]:
            raise CannotExpand("has a ${ that is neither ${NAME} nor ${NAME:-default}")
        name, default = inside[1], inside[2]
        if default is not None:
            return environ.get(name) or default
        if name not in environ:
            raise NotSet(f"uses ${{{name}}}, and the environment variable {name} is not set")
        return environ[name]

    return _REFERENCE.sub(value, text)
