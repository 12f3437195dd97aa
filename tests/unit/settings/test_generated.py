"""What is generated is what the models say now, and the models say something of every key."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from droid.settings import generate
from droid.settings.rules import Merge
from droid.settings.schema_tree import SCHEMA_NAMES, Node, SchemaName, build, load
from droid.settings.validate import Findings, validate

ALL = [load(name) for name in SCHEMA_NAMES]


def nodes(node: Node) -> Iterator[Node]:
    """Every node of a file once; what an environment may hold is what the file itself may hold."""
    yield node
    below = [child for child in node.properties.values() if not child.path.startswith("environments.")]
    for inner in (node.items, node.values, *node.alternatives, *below):
        if inner is not None:
            yield from nodes(inner)


EVERY = [node for root in ALL for node in nodes(root)]
CHOICES = {one for node in EVERY for one in node.alternatives}


@pytest.mark.parametrize("path", generate.outputs(), ids=lambda path: path.name)
def test_generated_files_are_those_of_the_models(path: Path) -> None:
    """Where this fails: `make generate`, and commit what it changes."""
    assert path.read_text(encoding="utf-8") == generate.outputs()[path]


def test_no_other_file_stands_among_the_generated_ones() -> None:
    assert {path.name for path in generate.GENERATED.iterdir()} == {f"{name}.json" for name in SCHEMA_NAMES}


def test_main_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "GENERATED", tmp_path / "generated")
    monkeypatch.setattr(generate, "PAGE", tmp_path / "settings.md")
    generate.main()
    assert {path.name for path in tmp_path.rglob("*.*")} == {
        "settings.md", *(f"{name}.json" for name in SCHEMA_NAMES)}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_editors_can_use_the_schemas(name: SchemaName) -> None:
    text = (generate.GENERATED / f"{name}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(name)
    assert schema["title"]
    assert schema["description"]
    # Unknown keys are warnings, and completion stops where nothing more is allowed.
    assert '"additionalProperties": false' not in text
    assert set(re.findall(r'"\$ref": "#/\$defs/(\w+)"', text)) == set(schema.get("$defs", {}))
    assert "null" not in re.sub(r'"examples": \[.*?\]', "", text, flags=re.DOTALL)


def test_every_key_says_what_it_is_for() -> None:
    for node in EVERY:
        if node.name and not node.name.endswith(("[]", "*")) and node not in CHOICES:
            assert len(node.description) > 10, node.path
            assert node.description.endswith("."), node.path
            assert "\n" not in node.description, node.path


def test_examples_and_defaults_are_values_that_the_key_takes() -> None:
    for node in EVERY:
        for value in (*node.examples, *(() if node.default is None else (node.default,))):
            assert validate(node, value) == Findings(), node.path
        assert node.default == (node.rule.default if node.rule else None), node.path


def ruled(node: Node, above: bool = False) -> Iterator[tuple[Node, bool]]:
    """Every value of `settings.json` with whether a rule stands at or above it."""
    here = above or node.rule is not None
    if not node.properties or here:
        yield node, here
    else:
        for child in node.properties.values():
            if child.name != "environments":
                yield from ruled(child, here)


def test_every_key_of_settings_has_a_rule() -> None:
    assert [node.path for node, has_rule in ruled(load("settings")) if not has_rule] == []


RULED = [node for node in EVERY if node.rule is not None]


@pytest.mark.parametrize("node", RULED, ids=lambda node: node.path)
def test_a_rule_fits_the_values_of_its_key(node: Node) -> None:
    rule = node.rule
    assert rule is not None
    assert set(rule.levels) <= {"org", "project", "folder", "user"}
    if rule.merge is Merge.STRICTEST:
        assert bool(rule.safest) is not bool(rule.bound)
        if rule.bound:
            assert set(node.kinds) <= {"integer", "number"}
        elif node.kinds == ("boolean",):
            assert set(rule.safest) == {True, False}
        elif not rule.spread:
            assert set(rule.safest) | {"inherit"} == set(node.enum) | {"inherit"}
        else:
            scalars, maps = node.alternatives
            assert set(rule.safest) == set(scalars.enum)
            assert tuple(maps.properties) == rule.spread
            assert all(child.enum == scalars.enum for child in maps.properties.values())
            assert set(rule.default) == set(rule.spread)
    else:
        assert not rule.safest
        assert not rule.bound
        assert not rule.spread
    lists = node.kinds == ("array",) or any(one.kinds == ("array",) for one in node.alternatives)
    if rule.merge in (Merge.UNION, Merge.UNION_IF_TRUSTED, Merge.NARROW):
        assert lists
    if rule.key:
        assert node.items is not None
        assert rule.key in node.items.properties
    if rule.off and rule.off[0]:
        assert node.values is not None
        assert rule.off[0] in node.values.properties


def test_what_expands_or_is_secret_is_what_the_reference_names() -> None:
    expanding = {node.path for node in EVERY if node.rule is not None and node.rule.expands}
    secret = {node.path for node in EVERY if node.rule is not None and node.rule.secret}
    assert expanding - secret == {
        "customModels[].baseUrl", "customModels[].bedrock.awsRegion", "customModels[].bedrock.awsProfile",
        "customModels[].bedrock.bedrockBaseUrl", "network.clientCertificates[].cert", "network.clientCertificates[].key",
        "network.searchProvider.baseUrl", "mcpServers.*.command", "mcpServers.*.args", "mcpServers.*.url",
    }  # fmt: skip
    assert secret == {
        "customModels[].apiKey", "customModels[].extraHeaders", "network.clientCertificates[].passphrase",
        "network.searchProvider.apiKey", "audit.signingKey", "telemetry.headers", "mcpServers.*.env",
        "mcpServers.*.headers", "mcpServers.*.oauth.clientSecret",
    }  # fmt: skip


def test_a_schema_that_was_just_made_reads_as_the_one_that_is_stored() -> None:
    for name in SCHEMA_NAMES:
        made = {node.path: node.rule for node in nodes(build(generate.schema(name)))}
        assert made == {node.path: node.rule for node in nodes(load(name))}
