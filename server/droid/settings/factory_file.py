"""One file of a `.factory` folder: what it says, and what is wrong with it and where.

The same reading serves the policy, `settings validate` and the editor. What only its level can tell
(locked from above, not trusted, no effect) is not said here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Any

from droid.settings import front_matter, jsonc
from droid.settings.jsonc import MalformedJson, Path, Place
from droid.settings.schema_tree import Node, SchemaName, load
from droid.settings.validate import Findings, validate

_MAX_ISSUES = 100


class Kind(StrEnum):
    """What a file is; values are the names of the schemas."""

    SETTINGS = "settings"
    HOOKS = "hooks"
    MCP = "mcp"
    DROID = "droid"
    COMMAND = "command"
    SKILL = "skill"

    @property
    def schema(self) -> Node:
        """What such a file may say."""
        return load(_SCHEMAS[self])

    @property
    def is_json(self) -> bool:
        """JSON as a whole; else Markdown with front matter."""
        return self in _JSON


_SCHEMAS: dict[Kind, SchemaName] = {
    Kind.SETTINGS: "settings",
    Kind.HOOKS: "hooks",
    Kind.MCP: "mcp",
    Kind.DROID: "droid",
    Kind.COMMAND: "command",
    Kind.SKILL: "skill",
}
_JSON = frozenset({Kind.SETTINGS, Kind.HOOKS, Kind.MCP})


def kind_of(path: FilePath, folder: FilePath) -> Kind | None:
    """What a path below a `.factory` folder is; None where it is nothing that is read."""
    try:
        parts = path.relative_to(folder).parts
    except ValueError:
        return None
    match parts:
        case ("settings.json" | "settings.local.json",):
            return Kind.SETTINGS
        case ("hooks.json",) | ("hooks", "hooks.json"):
            return Kind.HOOKS
        case ("mcp.json",):
            return Kind.MCP
        case ("droids", name) if name.endswith(".md"):
            return Kind.DROID
        case ("commands", *_, name) if name.endswith(".md"):
            return Kind.COMMAND
        case ("skills", _, "SKILL.md"):
            return Kind.SKILL
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something wrong in a file.

    Attributes:
        code: `syntax`, `schema` or `unknown-key`.
        fatal: It makes the file malformed.
        nearest: The known key that was probably meant.
    """

    code: str
    message: str
    path: Path
    place: Place
    fatal: bool
    nearest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoryFile:
    """A file that was read.

    Attributes:
        values: None where the file is malformed.
        document, matter: Where things stand; None where that much could not be read.
    """

    kind: Kind
    values: Mapping[str, Any] | None
    issues: tuple[Issue, ...] = ()
    document: jsonc.Document | None = None
    matter: front_matter.FrontMatter | None = field(default=None)

    def place(self, path: Path) -> Place:
        """Where a key stands, or the nearest thing around it."""
        if self.document is not None:
            return self.document.key_place(path)
        return self.matter.place(path) if self.matter is not None else Place(line=1, column=1)

    def value_place(self, path: Path) -> Place:
        """Where a value stands, or the nearest thing around it."""
        return self.place(path) if self.document is None else self.document.value_place(path)

    def line(self, path: Path) -> int:
        """The line of a key, from 1."""
        return self.place(path).line


def parse_file(kind: Kind, data: bytes) -> FactoryFile:
    """Read a file's bytes; whatever is wrong is said in `issues`."""
    document: jsonc.Document | None = None
    matter: front_matter.FrontMatter | None = None
    try:
        if kind.is_json:
            document = jsonc.parse(data)
            values: Mapping[str, Any] = document.value
        else:
            matter = front_matter.parse(jsonc.decode(data))
            values = matter.values
    except MalformedJson as error:
        issue = Issue(code="syntax", message=str(error), path=(), place=error.place, fatal=True)
        return FactoryFile(kind=kind, values=None, issues=(issue,))
    read = FactoryFile(kind=kind, values=values, document=document, matter=matter)
    found = validate(kind.schema, values)
    return FactoryFile(
        kind=kind,
        values=None if found.problems else values,
        issues=tuple(_issues(found, read)[:_MAX_ISSUES]),
        document=document,
        matter=matter,
    )


def _issues(found: Findings, read: FactoryFile) -> list[Issue]:
    issues: list[Issue] = []
    for problem in found.problems:
        prefix = f"{jsonc.dotted(problem.path)}: " if problem.path else ""
        issues.append(
            Issue(
                code="schema",
                message=prefix + problem.reason,
                path=problem.path,
                place=read.value_place(problem.path),
                fatal=True,
            )
        )
    for unknown in found.unknown:
        mend = f"did you mean {unknown.nearest}?" if unknown.nearest else "it is ignored"
        issues.append(
            Issue(
                code="unknown-key",
                message=f"unknown key {jsonc.dotted(unknown.path)}; {mend}",
                path=unknown.path,
                place=read.place(unknown.path),
                fatal=False,
                nearest=unknown.nearest,
            )
        )
    return sorted(issues, key=lambda issue: (issue.place.line, issue.place.column))
