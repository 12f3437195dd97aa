"""Real paths, as the operating system resolves them."""

import os
from pathlib import Path


class OsPaths:
    """Implements the `PathResolver` port."""

    def real(self, path: Path) -> Path:
        """Absolute, symlinks and `..` resolved as far as the path exists.

        A path that cannot be resolved (a loop, a NUL) comes back absolute and unresolved: no file can be
        opened under it, so nothing is lost by judging its name.
        """
        try:
            return Path(os.path.realpath(path))
        except (OSError, ValueError):
            return Path(os.path.abspath(str(path).replace("\0", "\\0")))  # noqa: PTH100  resolve() raises too
