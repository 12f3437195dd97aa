"""Patches in the `*** Begin Patch` format: text to operations, without looking at any file.

    *** Begin Patch
    *** Add File: a.txt
    +content
    *** Update File: b.py
    *** Move to: c.py
    @@ class C:
    @@     def method(self):
     context
    -old
    +new
    *** End of File
    *** Delete File: d.py
    *** End Patch

Source: https://cookbook.openai.com/examples/gpt4-1_prompting_guide (the V4A format). Tolerated beyond
it: CRLF, a fence or a shell's here-document around the patch, context lines that lost their leading
blank, unified `@@ -1,2 +3,4 @@` headers. A patch that breaks off is refused, not applied in part.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.tools.inputs import path_problem

_BEGIN, _END, _END_OF_FILE = "*** Begin Patch", "*** End Patch", "*** End of File"
_HEADER = re.compile(r"\*\*\* (Add File|Update File|Delete File|Move to):[ \t]*(.*?)[ \t]*")
_UNIFIED = re.compile(r"-\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*")
_NO_NEWLINE = "\\ No newline at end of file"
_MAX_FILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One changed place.

    Attributes:
        anchors: Lines that come before it, the outer ones first.
        lines: ` `, `-` or `+`, and the line.
        at_end: The place is the end of the file.
    """

    anchors: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    at_end: bool = False

    @property
    def old(self) -> list[str]:
        """What the file has there now."""
        return [line for kind, line in self.lines if kind != "+"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFile:
    """A new file."""

    path: Path
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFile:
    """A changed file, moved where `move_to` is given."""

    path: Path
    hunks: tuple[Hunk, ...]
    move_to: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFile:
    """A file that goes."""

    path: Path


Operation = AddFile | UpdateFile | DeleteFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """All of a patch's operations; no path is named twice."""

    operations: tuple[Operation, ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every path that would be created, changed or deleted."""
        paths: list[Path] = []
        for operation in self.operations:
            paths.append(operation.path)
            if isinstance(operation, UpdateFile) and operation.move_to is not None:
                paths.append(operation.move_to)
        return tuple(paths)

    @property
    def updated(self) -> tuple[Path, ...]:
        """The paths whose content decides what is written."""
        return tuple(operation.path for operation in self.operations if isinstance(operation, UpdateFile))


def parse_patch(source: str) -> Patch:
    """Read a patch.

    Raises:
        ToolFailed: it is malformed; the message names the line.
    """
    lines = source.replace("\r\n", "\n").split("\n")
    begin = next((index for index, line in enumerate(lines) if line.strip() == _BEGIN), None)
    if begin is None:
        raise ToolFailed(f"a patch begins with the line `{_BEGIN}`")
    end = next((index for index in range(len(lines) - 1, begin, -1) if lines[index].strip() == _END), None)
    if end is None:
        raise ToolFailed(f"the patch has no line `{_END}`; if it was cut off, send it again, in parts")
    patch = Patch(operations=tuple(islice(_operations(_Lines(lines, begin + 1, end)), _MAX_FILES + 1)))
    if not patch.operations:
        raise ToolFailed("the patch names no file")
    if len(patch.paths) > _MAX_FILES:
        raise ToolFailed(f"the patch names more than {_MAX_FILES} files; send it in parts")
    named: set[str] = set()
    for path in patch.paths:
        name = posixpath.normpath(path.as_posix())
        if name in named:
            raise ToolFailed(f"{path} is named twice; put all its hunks under one header")
        named.add(name)
    return patch


@dataclass(slots=True)
class _Lines:
    """The lines between begin and end, and where we are."""

    all: list[str]
    at: int
    end: int

    @property
    def more(self) -> bool:
        return self.at < self.end

    @property
    def now(self) -> str:
        return self.all[self.at]

    def header(self) -> tuple[str, str] | None:
        """The kind and the path where this line is a header."""
        match = _HEADER.fullmatch(self.now.rstrip()) if self.more else None
        return (match[1], match[2]) if match else None

    def wrong(self, what: str) -> ToolFailed:
        shown = self.now if len(self.now) <= 80 else self.now[:80] + "…"
        return ToolFailed(f"line {self.at + 1} of the patch, `{shown}`: {what}")


def _operations(lines: _Lines) -> Iterator[Operation]:
    while lines.more:
        if not lines.now.strip():
            lines.at += 1
            continue
        header = lines.header()
        if header is None or header[0] == "Move to":
            raise lines.wrong("expected `*** Add File: `, `*** Update File: ` or `*** Delete File: `")
        kind, path = header[0], _path(lines, header[1])
        lines.at += 1
        if kind == "Add File":
            yield AddFile(path=path, content=_content(lines))
        elif kind == "Delete File":
            yield DeleteFile(path=path)
        else:
            yield _update(lines, path)


def _path(lines: _Lines, name: str) -> Path:
    if problem := path_problem(name):
        raise lines.wrong(f"the path {problem}")
    return Path(name)


def _content(lines: _Lines) -> str:
    content: list[str] = []
    blank = 0
    while lines.more and lines.header() is None:
        if lines.now.startswith("+"):
            content += [""] * blank + [lines.now[1:]]
            blank = 0
        elif not lines.now.strip():
            blank += 1  # a line that lost its `+`, or the space before the next header
        else:
            raise lines.wrong("each line of a new file begins with `+`")
        lines.at += 1
    return "".join(f"{line}\n" for line in content)


def _update(lines: _Lines, path: Path) -> UpdateFile:
    move_to: Path | None = None
    if (header := lines.header()) and header[0] == "Move to":
        move_to = _path(lines, header[1])
        lines.at += 1
    hunks: list[Hunk] = []
    while lines.more and lines.header() is None:
        if not lines.now.strip() and not hunks:
            lines.at += 1
            continue
        hunks.append(_hunk(lines))
    if not hunks and move_to is None:
        raise ToolFailed(f"the update of {path} has no hunk")
    return UpdateFile(path=path, hunks=tuple(hunks), move_to=move_to)


@dataclass(slots=True)
class _Draft:
    anchors: list[str] = field(default_factory=list[str])
    lines: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    at_end: bool = False


def _hunk(lines: _Lines) -> Hunk:
    draft = _Draft()
    bare = 0  # blank lines at the end, which may be no context but the space before what follows
    while lines.more and lines.now.startswith("@@"):
        anchor = lines.now[2:].strip()
        if anchor and not _UNIFIED.fullmatch(anchor):
            draft.anchors.append(lines.now[2:].removeprefix(" "))
        lines.at += 1
    while lines.more and lines.header() is None and not lines.now.startswith("@@"):
        line = lines.now
        lines.at += 1
        if line.rstrip() == _END_OF_FILE:
            draft.at_end = True
            break
        if line == _NO_NEWLINE:
            continue
        if line and line[0] not in " +-":
            lines.at -= 1
            raise lines.wrong("a line of a hunk begins with a blank, `-` or `+`")
        bare = 0 if line else bare + 1
        draft.lines.append((line[0], line[1:]) if line else (" ", ""))
    while lines.more and not lines.now.strip() and draft.at_end:
        lines.at += 1
    kept = draft.lines[: len(draft.lines) - bare]
    if all(kind == " " for kind, _ in kept):
        lines.at -= 1
        raise lines.wrong("the hunk before it changes nothing; begin changed lines with `-` and `+`")
    return Hunk(anchors=tuple(draft.anchors), lines=tuple(kept), at_end=draft.at_end)
