"""Writes what follows from the models of `schemas`: JSON Schemas and the reference page.

`python -m droid.settings.generate` writes them; a test makes them anew and compares.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from droid.settings.reference import Area, reference
from droid.settings.schema_tree import GENERATED, Node, SchemaName, build
from droid.settings.schemas.common import Section
from droid.settings.schemas.front_matter import Command, Droid, Skill
from droid.settings.schemas.hooks import HooksFile
from droid.settings.schemas.mcp import McpFile
from droid.settings.schemas.settings import AREAS, Settings

MODELS: dict[SchemaName, type[Section]] = {
    "settings": Settings,
    "hooks": HooksFile,
    "mcp": McpFile,
    "droid": Droid,
    "command": Command,
    "skill": Skill,
}
PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


def schema(name: SchemaName) -> dict[str, Any]:
    """The JSON Schema of one kind of file."""
    model = MODELS[name]
    made = model.model_json_schema(by_alias=True)
    title, description = _words(model)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:droid-lsp:schema:{name}",
        "title": title,
        "description": description,
        **_based(made),
    }


def outputs() -> dict[Path, str]:
    """Every generated file with its text."""
    schemas: dict[SchemaName, dict[str, Any]] = {}
    for name in MODELS:
        schemas[name] = schema(name)
    texts = {
        GENERATED / f"{name}.json": json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        for name, made in schemas.items()
    }
    nodes: dict[SchemaName, Node] = {name: build(made) for name, made in schemas.items()}
    return {**texts, PAGE: reference(_areas(nodes))}


def main() -> None:
    """Write them all."""
    GENERATED.mkdir(exist_ok=True)
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")


def _areas(nodes: Mapping[SchemaName, Node]) -> Iterator[Area]:
    settings = nodes["settings"]
    for area in AREAS:
        title, intro = _words(area)
        keys = [str(field.alias) for field in area.model_fields.values()]
        yield Area(title=title, intro=intro, node=settings, keys=keys)
    for name, node in nodes.items():
        if name != "settings":
            title, intro = _words(MODELS[name])
            within = node.properties["hooks"].properties if name == "hooks" else ()
            keys = [key for key in node.properties if key not in within]
            yield Area(title=title, intro=intro, node=node, keys=keys)


def _words(model: type[Section]) -> tuple[str, str]:
    """The first line of a model's docstring, and the rest on one line."""
    title, _, rest = (model.__doc__ or "").strip().partition("\n")
    return title, " ".join(rest.split())


def _based(made: dict[str, Any]) -> dict[str, Any]:
    """The schema's own part, with what it shares with a definition said only there."""
    rest = {key: made[key] for key in made if key not in ("title", "description")}
    for name, definition in made.get("$defs", {}).items():
        shared = definition.get("properties", {})
        if len(shared) > 1 and all(made["properties"].get(key) == member for key, member in shared.items()):
            own = {key: member for key, member in made["properties"].items() if key not in shared}
            return {**rest, "allOf": [{"$ref": f"#/$defs/{name}"}], "properties": own}
    return rest


if __name__ == "__main__":
    main()
