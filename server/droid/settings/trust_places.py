"""Where a name in a command leads: component by component, so that every link on the way is known."""

# Paths are texts here: a `Path` for each of thousands takes longer than the look at it.
# ruff: noqa: PTH115

import os
import stat
from dataclasses import dataclass, field

_MAX_LINKS = 40
_ENTRY_FILES = ("__main__.py", "index.js", "index.ts", "index.mjs", "index.cjs")


@dataclass(slots=True)
class Found:
    """What a name leads to; all paths are relative to the root.

    Attributes:
        files: Real paths: the file itself, or, of a folder, what running the folder would run.
        links: Texts of the links on the way.
        absent: Where the way ended.
    """

    files: list[str] = field(default_factory=list[str])
    links: dict[str, bytes] = field(default_factory=dict[str, bytes])
    absent: list[str] = field(default_factory=list[str])


class Places:
    """Looks names up below one root; the root is a real path."""

    def __init__(self, root: str) -> None:
        self._root = root

    def find(self, name: str, base: str) -> Found:
        """Look a name up from a folder.

        Args:
            base: Relative to the root; empty is the root itself.
        """
        found = Found()
        if name.startswith("/"):
            inside = self._inside(name)
            if inside is not None:
                self._go(inside, "", found)
        else:
            self._go(name, base, found)
        return found

    def _inside(self, absolute: str) -> str | None:
        """An absolute path relative to the root; also where it comes there by another way."""
        for path in (absolute, os.path.realpath(absolute)):
            if path.startswith(f"{self._root}/"):
                return path[len(self._root) + 1 :]
        return None

    def _go(self, name: str, base: str, found: Found) -> None:
        here = base.split("/") if base else []
        ahead = name.split("/")[::-1]
        hops = 0
        while ahead:
            step = ahead.pop()
            if step in ("", "."):
                continue
            if step == "..":
                if here:
                    here.pop()
                    continue
                # Out of the root, and perhaps in again: `../shop/check.sh`.
                inside = self._inside(os.path.realpath("/".join((self._root, "..", *ahead[::-1]))))
                if inside is None:
                    return
                here, ahead = [], inside.split("/")[::-1]
                continue
            relative = "/".join((*here, step))
            path = f"{self._root}/{relative}"
            try:
                status = os.lstat(path)
                text = os.readlink(path) if stat.S_ISLNK(status.st_mode) else None
            except OSError:
                found.absent.append(relative)
                return
            if text is None:
                here.append(step)
                continue
            found.links[relative] = os.fsencode(text)
            hops += 1
            if hops > _MAX_LINKS:
                return
            if text.startswith("/"):
                inside = self._inside(text)
                if inside is None:
                    return  # the machine's own file, as if its path stood in the command
                here = []
                text = inside
            ahead.extend(text.split("/")[::-1])
        self._arrive("/".join(here), found)

    def _arrive(self, relative: str, found: Found) -> None:
        try:
            mode = os.lstat(f"{self._root}/{relative}").st_mode
        except OSError:
            found.absent.append(relative)
            return
        if not stat.S_ISDIR(mode):
            found.files.append(relative)
        elif relative:
            for name in _ENTRY_FILES:
                self._enter(f"{relative}/{name}", found)

    def _enter(self, relative: str, found: Found) -> None:
        try:
            mode = os.lstat(f"{self._root}/{relative}").st_mode
        except OSError:
            found.absent.append(relative)
            return
        if stat.S_ISREG(mode):
            found.files.append(relative)
