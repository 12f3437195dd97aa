"""One buffer, read, and what it would come to at its place among all levels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.settings.authoring import json_outline, matter_outline
from droid.settings.authoring.outline import Cursor, Item, Outline
from droid.settings.effective import Effective
from droid.settings.factory_file import FactoryFile, Kind, parse_file
from droid.settings.file_layers import environment_layer, normalised
from droid.settings.jsonc import Path, Place
from droid.settings.layers import Layer
from droid.settings.merging import merge
from droid.settings.paths import real
from droid.settings.schema_tree import Node, load
from droid.settings.snapshot import Snapshot

_ENVIRONMENTS = "environments"
_SERVERS = "mcpServers"
_LOCAL = "settings.local.json"
_MODE = "autonomyMode"
_FROM_MODE = frozenset({"autonomyLevel", "interactionMode"})
_SWITCHES = frozenset({"hooksDisabled", "showHookOutput"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What can be named in settings.

    Attributes:
        models: Ids of the models that can be asked.
        tools: Names of the tools; looked up when they are needed.
        droids: The files of droids, by name; likewise.
        variables: Names of the environment's variables that are set; never the values.
    """

    models: tuple[str, ...] = ()
    tools: Callable[[], tuple[str, ...]] = tuple[str, ...]
    droids: Callable[[], Mapping[str, FilePath]] = dict[str, FilePath]
    variables: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a path in a file is about.

    Attributes:
        node: Of the value itself.
        key: The dotted path of the key that carries the rule; empty where the path is above any.
        ruled: That key's node.
        within: The environment that it is for; empty for all.
        below: The steps from that key's value to the value itself.
    """

    node: Node
    key: str = ""
    ruled: Node | None = None
    within: str = ""
    below: Path = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Draft:
    """A buffer.

    Attributes:
        path: The file that it would be saved to, symlinks resolved.
        read: The text as the policy would read it.
        snapshot: The settings of its place, with the file as it is on disk.
        layers: What it says; empty where it is no level of its place, or malformed: then nothing is known
            of what it comes to.
    """

    path: FilePath
    kind: Kind
    text: str
    outline: Outline
    read: FactoryFile
    snapshot: Snapshot
    layers: tuple[Layer, ...]
    known: Known

    @cached_property
    def settings(self) -> Mapping[str, Effective]:
        """What would hold with the buffer saved: for the keys of settings, or those of an `mcp.json`."""
        servers = self.kind is Kind.MCP
        if not self.layers:
            return self.snapshot.servers if servers else self.snapshot.settings
        others = [
            layer
            for layer in self.snapshot.layers
            if (FilePath(str(layer.file)).name == "mcp.json") is servers and not _is_of(layer, self.path)
        ]
        return merge(load("mcp" if servers else "settings"), [*others, *self.layers])

    def cursor(self, offset: int) -> Cursor:
        """What can be written at a place."""
        at = json_outline.cursor_at if self.kind.is_json else matter_outline.cursor_at
        return at(self.text, offset)

    def is_mine(self, layer: Layer) -> bool:
        """Whether a layer is what this buffer says."""
        return isinstance(layer.file, FilePath) and real(layer.file) == self.path

    def item(self, in_file: Path) -> Item | None:
        """What stands for a path of the normalised values: it, or the nearest thing around it."""
        for path in _spellings(self.kind, self.outline, in_file):
            if self.outline.get(path) is not None:
                return self.outline.get(path)
        return self.outline.nearest(in_file)

    def offset(self, place: Place) -> int:
        """The offset of a line and a column."""
        at = 0
        for _ in range(place.line - 1):
            following = self.text.find("\n", at)
            if following < 0:
                return len(self.text)
            at = following + 1
        return min(at + place.column - 1, len(self.text))

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1

    def subject(self, path: Path) -> Subject | None:
        """What a path is about; None where no schema knows it."""
        node = self.kind.schema.at(path)
        if node is None:
            return None
        within = ""
        if self.kind is Kind.SETTINGS and path[:1] == (_ENVIRONMENTS,) and len(path) > 1:
            within, path = str(path[1]), path[2:]
        elif self.kind is Kind.HOOKS and path[:1] != ("hooks",):
            path = ("hooks", *path)
        root = load("mcp") if self.kind is Kind.MCP else load("settings")
        if self.kind not in (Kind.SETTINGS, Kind.HOOKS, Kind.MCP):
            return Subject(node=node)
        for length in range(1, len(path) + 1):
            ruled = root.at(path[:length])
            if ruled is not None and ruled.rule is not None:
                return Subject(node=node, key=ruled.path, ruled=ruled, within=within, below=path[length:])
        return Subject(node=node, within=within)


def draft_of(path: FilePath, kind: Kind, text: str, snapshot: Snapshot, known: Known) -> Draft:
    """Read a buffer.

    Args:
        path: Symlinks resolved.
        snapshot: Of the folder that the `.factory` folder is in.
    """
    read = parse_file(kind, text.encode("utf-8", "surrogatepass"))
    outline = (json_outline if kind.is_json else matter_outline).outline_of(text)
    prototype = _prototype(path, snapshot) if kind.is_json else None
    placed = prototype is not None and read.values is not None
    return Draft(
        path=path,
        kind=kind,
        text=text,
        outline=outline,
        read=read,
        snapshot=snapshot,
        layers=_layers(prototype, kind, read, snapshot) if prototype is not None and placed else (),
        known=known,
    )


def _is_of(layer: Layer, path: FilePath) -> bool:
    # Most have another name, which costs less to compare than where a link leads to.
    return isinstance(layer.file, FilePath) and layer.file.name == path.name and real(layer.file) == path


def _prototype(path: FilePath, snapshot: Snapshot) -> Layer | None:
    """The file's layer with whatever in it; None where the file is no level of its place."""
    for layer in snapshot.layers:
        if not layer.environment and _is_of(layer, path):
            return layer
    for folder in snapshot.folders:
        if path.is_relative_to(real(folder.path)):
            return Layer(
                level=folder.level,
                depth=folder.depth,
                part="local" if path.name == _LOCAL else "base",
                file=path,
                values={},
                lines=lambda _: 1,
                trusted=folder.level is SettingsLevel.USER or snapshot.trust.trusted,
            )
    return None


def _layers(prototype: Layer, kind: Kind, read: FactoryFile, snapshot: Snapshot) -> tuple[Layer, ...]:
    values: Mapping[str, Any] = normalised(kind, read.values or {})
    # Whoever edits a file of a workspace that is trusted reads what it says as if it were trusted still.
    trusted = prototype.trusted or snapshot.trust.trusted
    base = replace(prototype, values=values, lines=read.line, trusted=trusted)
    laid: Any = values.get(_ENVIRONMENTS, {}).get(snapshot.environment.type)
    return (base,) if laid is None else (base, environment_layer(base, laid, snapshot.environment))


def _spellings(kind: Kind, outline: Outline, path: Path) -> list[Path]:
    """How a path of the normalised values may be spelled in the file."""
    found = [path]
    if path and path[-1] in _FROM_MODE:
        found.append((*path[:-1], _MODE))
    if path and path[-1] in _SWITCHES:
        found.append((*path[:-1], "hooks", path[-1]))
    if kind is Kind.HOOKS and len(path) > 2 and path[0] == "hooks" and isinstance(path[2], int):
        # Events may stand in the file itself, and come after those within `hooks`.
        within = outline.get(path[:2])
        index = path[2] - (len(within.children) if within is not None else 0)
        found.append((path[1], index, *path[3:]))
    return found
