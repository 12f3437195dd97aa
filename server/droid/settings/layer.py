"""Reads one settings file into a layer of the stack: its values, or what is wrong with it.

A file that is there and cannot be used is never treated as one that is not there: unreadable counts as
malformed, whatever the reason.
"""

import errno
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from droid.domain.levels import SettingsLevel
from droid.domain.policy import Source
from droid.settings import jsonc
from droid.settings.check import Findings, check, known_keys
from droid.settings.schema import Settings

_SHOWN_PROBLEMS = 10
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One settings file.

    Attributes:
        local: It is a `settings.local.json`, the partner of a `settings.json` of the same level.
        trusted: What it loosens counts.
        settings: None where the file is malformed.
        warnings: What is wrong with it, one line each.
    """

    level: SettingsLevel
    file: Path
    local: bool
    trusted: bool
    settings: Settings | None
    document: jsonc.Document | None = None
    warnings: tuple[str, ...] = ()

    def source(self, path: jsonc.Path = ()) -> Source:
        """Where a value of this file stands; the file alone where it could not be read."""
        line = self.document.key_place(path).line if self.document and path else None
        return Source(level=self.level, file=str(self.file), line=line)

    def where(self, path: jsonc.Path) -> str:
        """`file:line:column` of a key."""
        if self.document is None:
            return str(self.file)
        return _where(self.file, self.document.key_place(path))


def read_layer(file: Path, level: SettingsLevel, *, trusted: bool, local: bool = False) -> Layer | None:
    """Read a settings file; None where there is none."""
    try:
        data = _read(file)
        if data is None:
            return None
        document = jsonc.parse(data)
    except OSError as error:
        reason = f"{file}: cannot be read ({error.strerror})"
        return _malformed(level, file, trusted=trusted, local=local, document=None, reasons=[reason])
    except jsonc.MalformedJson as error:
        reason = f"{_where(file, error.place)}: {error}"
        return _malformed(level, file, trusted=trusted, local=local, document=None, reasons=[reason])
    found = Findings()
    settings = check(Settings, document.value, found)
    if settings is None:
        reasons = [
            f"{_where(file, document.value_place(problem.path))}: {_prefix(problem.path)}{problem.reason}"
            for problem in found.problems[:_SHOWN_PROBLEMS]
        ]
        return _malformed(level, file, trusted=trusted, local=local, document=document, reasons=reasons)
    return Layer(
        level=level,
        file=file,
        local=local,
        trusted=trusted,
        settings=settings,
        document=document,
        warnings=tuple(_unknown(file, document, found)),
    )


def _malformed(
    level: SettingsLevel,
    file: Path,
    *,
    trusted: bool,
    local: bool,
    document: jsonc.Document | None,
    reasons: Sequence[str],
) -> Layer:
    return Layer(
        level=level,
        file=file,
        local=local,
        trusted=trusted,
        settings=None,
        document=document,
        warnings=tuple(
            f"{reason}; until this is mended the file is ignored and autonomy is off" for reason in reasons
        ),
    )


def _unknown(file: Path, document: jsonc.Document, found: Findings) -> Iterator[str]:
    for path, section in found.unknown[:_SHOWN_PROBLEMS]:
        key = str(path[-1])
        nearest = _nearest(key, known_keys(section))
        mend = f"did you mean {nearest}?" if nearest else "it is ignored"
        yield f"{_where(file, document.key_place(path))}: unknown key {jsonc.dotted(path)}; {mend}"
    if (more := len(found.unknown) - _SHOWN_PROBLEMS) > 0:
        yield f"{file}: {more} more unknown keys are ignored"


def _nearest(key: str, known: Collection[str]) -> str | None:
    """The known key that somebody who wrote this one meant."""
    # Imported here: most files have no such key.
    from difflib import get_close_matches

    by_folded = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(key[:64].casefold(), by_folded, n=1, cutoff=0.7)
    return by_folded[close[0]] if close else None


def _where(file: Path, place: jsonc.Place) -> str:
    return f"{file}:{place.line}:{place.column}"


def _prefix(path: jsonc.Path) -> str:
    return f"{jsonc.dotted(path)}: " if path else ""


def _read(file: Path) -> bytes | None:
    """The bytes of a regular file, one more than is allowed at most; None where there is no such file."""
    try:
        # Without blocking, since a repository may put a pipe in the place of a file.
        fd = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in _ABSENT and not file.is_symlink():
            return None
        raise
    with os.fdopen(fd, "rb") as opened:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return opened.read(jsonc.MAX_BYTES + 1)
