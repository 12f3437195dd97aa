"""Buffers among the settings of a made-up place: an organisation, a repository, a person."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.settings import jsonc
from droid.settings.authoring.draft import Draft, Known, draft_of
from droid.settings.engine import SettingsEngine
from droid.settings.factory_file import Kind
from droid.settings.layers import Layer
from droid.settings.org_level import NoOrg, OrgLevel
from droid.settings.trust_scan import TrustScanner

ORG_FILE = Path("/etc/factory/settings.json")


class Place:
    """A repository below a folder, and the home of who works in it."""

    def __init__(self, folder: Path, org: str = "{}", variables: tuple[str, ...] = ()) -> None:
        self.home = folder / "home" / ".factory"
        self.root = folder / "shop"
        for made in (self.home, self.root / ".git", self.root / ".factory"):
            made.mkdir(parents=True)
        document = jsonc.parse(org.encode())
        layer = Layer(
            level=SettingsLevel.ORG,
            file=ORG_FILE,
            values=document.value,
            lines=lambda path: document.key_place(path).line,
            trusted=True,
        )
        self.engine = SettingsEngine(home=self.home, environ={}, org=NoOrg(OrgLevel(layers=(layer,))))
        self.known = Known(
            models=("custom:house", "sonnet"),
            tools=lambda: ("Read", "Edit", "Execute"),
            droids=lambda: {"reviewer": self.root / ".factory" / "droids" / "r.md"},
            variables=frozenset(variables),
        )

    def write(self, value: Mapping[str, Any] | str, name: str, folder: Path | None = None) -> Path:
        path = (self.root / ".factory" if folder is None else folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    def trust(self) -> None:
        content = TrustScanner(self.root, self.home).scan()
        self.engine.store.trust(self.root, content.sha256, surface="test")

    def draft(
        self, text: str, kind: Kind = Kind.SETTINGS, name: str = "", folder: Path | None = None
    ) -> Draft:
        path = (self.root / ".factory" if folder is None else folder) / (name or _NAMES[kind])
        self.engine.changed()
        return draft_of(path, kind, text, self.engine.snapshot(self.root), self.known)


_NAMES = {
    Kind.SETTINGS: "settings.json",
    Kind.HOOKS: "hooks.json",
    Kind.MCP: "mcp.json",
    Kind.DROID: "droids/x.md",
    Kind.COMMAND: "commands/x.md",
    Kind.SKILL: "skills/x/SKILL.md",
}


def marked(text: str) -> tuple[str, int]:
    """A text without the `|` in it, and where that was."""
    offset = text.index("|")
    return text[:offset] + text[offset + 1 :], offset
