"""What the trust of a git root covers, as one number that changes with any of it.

Covered are all files below every `.factory` of the root (but `.factory/local`, which is ours), and the files
of the repository that hooks, servers and executable commands name. Symbolic links count by their text, and
by what they lead to where that is in the repository.

The number is made of bytes that were read, and what each file had is kept: whoever uses a file compares what
they read with that, so nothing counts that was not part of the number, however the tree changes meanwhile.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from droid.settings.trust_files import FileEntry
from droid.settings.trust_names import names_of
from droid.settings.trust_places import Places

_HEADER = b"droid trust 1\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedContent:
    """What a root holds that trusting it would let loosen or run.

    Attributes:
        root: The git root, real.
        sha256: Of everything covered; empty where it cannot be trusted.
        problems: Why it cannot, each naming its file.
        files: By path relative to the root, as spelled, also through links.
        links: Their texts, by path.
        folders: The `.factory` folders.
        named: Paths among `files` that are covered since a command names them.
    """

    root: Path
    sha256: str
    problems: tuple[str, ...]
    files: Mapping[str, FileEntry]
    links: Mapping[str, bytes]
    folders: tuple[str, ...]
    named: tuple[str, ...]

    def matches(self, path: Path, data: bytes) -> bool:
        """Whether a file's bytes are those that the number was made of.

        Args:
            path: As it is spelled below `root`; no link is resolved.
        """
        entry = self.files.get(self._relative(path)) if self.sha256 else None
        return entry is not None and entry.digest == hashlib.sha256(data).digest()

    def uncovered(self, command: str, cwd: Path) -> tuple[str, ...]:
        """Files of the repository that a command names from a folder, and that are not covered.

        Raises:
            TooMuchToName: the command is too long to be looked through.
        """
        places = Places(str(self.root))
        covered = {entry.real for entry in self.files.values()}
        base = self._relative(cwd)
        found = {
            file
            for name in names_of(command)
            for file in places.find(name, base).files
            if file not in covered
        }
        return tuple(sorted(found))

    def _relative(self, path: Path) -> str:
        try:
            relative = path.relative_to(self.root).as_posix()
        except ValueError:
            return ""
        return "" if relative == "." else relative


def number_of(files: Mapping[str, FileEntry], links: Mapping[str, bytes]) -> str:
    """SHA-256 over all of it, sorted by path; lengths go first, so that no two contents read alike."""
    rows = [
        (os.fsencode(path), b"f", entry.executable, entry.size, entry.digest) for path, entry in files.items()
    ]
    rows += [
        (os.fsencode(path), b"l", False, len(text), hashlib.sha256(text).digest())
        for path, text in links.items()
    ]
    number = hashlib.sha256(_HEADER)
    for path, kind, executable, size, digest in sorted(rows):
        number.update(kind + (b"x" if executable else b"-"))
        number.update(len(path).to_bytes(8, "big") + path + size.to_bytes(8, "big") + digest)
    return number.hexdigest()
