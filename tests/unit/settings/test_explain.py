"""What a person is told of a setting, and that no secret is in it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from tests.unit.settings.setting_stacks import (
    ORG,
    PROJECT,
    SERVERS,
    SETTINGS,
    USER,
    at,
    keys,
    layer,
    node_of,
    roots,
    stacks,
)

from droid.settings.effective import Effective
from droid.settings.explain import chosen, explain, explain_lines, show, show_lines
from droid.settings.layers import Layer
from droid.settings.masking import masked
from droid.settings.merging import merge
from droid.settings.schema_tree import Node
from droid.settings.snapshot import LevelFile

STACK = [
    layer(ORG, {"maxAutonomyLevel": "medium", "commandAllowlist": ["npm *"], "model": "a"}),
    layer(PROJECT, {"commandAllowlist": ["make *"], "modelPolicy": {"allowedModelIds": ["a"]}}),
    layer(USER, {"maxAutonomyLevel": "high", "commandAllowlist": ["ls"], "hooksDisabled": True}),
]
SERVER = {
    "command": "npx",
    "args": ["-y"],
    "env": {"API_KEY": "hunter2", "OTHER": "${OTHER}"},
    "headers": {"Authorization": "Bearer hunter2"},
}
LEVELS = [
    LevelFile(level="org", file="/etc/factory/settings.json", status="ok"),
    LevelFile(level="user", file="/home/.factory/mcp.json", status="malformed", errors=("3:1: wrong",)),
]


def of(key: str, *stack: Layer) -> Effective:
    root = SERVERS if key == "mcpServers" else SETTINGS
    return merge(root, stack or STACK)[key]


def test_a_single_value() -> None:
    assert explain(of("maxAutonomyLevel")) == snapshot(
        {
            "key": "maxAutonomyLevel",
            "value": "medium",
            "level": "org",
            "file": "/etc/factory/settings.json",
            "line": 1,
            "refused": [
                {
                    "level": "user",
                    "file": "/home/.factory/settings.json",
                    "line": 1,
                    "value": "high",
                    "reason": "looser than org's: /etc/factory/settings.json:1",
                }
            ],
        }
    )
    assert explain_lines(of("maxAutonomyLevel")) == snapshot(
        [
            "maxAutonomyLevel",
            '  in force  "medium"  org   /etc/factory/settings.json:1',
            '  refused   "high"    user  /home/.factory/settings.json:1  looser than org\'s: /etc/factory/settings.json:1',
        ]
    )


def test_a_value_that_several_places_make_up() -> None:
    assert explain(of("commandAllowlist")) == snapshot(
        {
            "key": "commandAllowlist",
            "value": ["npm *", "ls"],
            "level": "org",
            "file": "/etc/factory/settings.json",
            "line": 2,
            "entries": [
                {
                    "key": "commandAllowlist[0]",
                    "value": "npm *",
                    "level": "org",
                    "file": "/etc/factory/settings.json",
                    "line": 2,
                },
                {
                    "key": "commandAllowlist[0]",
                    "value": "ls",
                    "level": "user",
                    "file": "/home/.factory/settings.json",
                    "line": 2,
                },
            ],
            "refused": [
                {
                    "level": "project",
                    "file": "/work/.factory/settings.json",
                    "line": 2,
                    "value": "make *",
                    "reason": "this workspace is not trusted",
                }
            ],
        }
    )
    assert explain_lines(of("commandAllowlist")) == snapshot(
        [
            "commandAllowlist",
            '  in force  "npm *"   org      /etc/factory/settings.json:2',
            '  in force  "ls"      user     /home/.factory/settings.json:2',
            '  refused   "make *"  project  /work/.factory/settings.json:2  this workspace is not trusted',
        ]
    )


def test_what_nothing_sets() -> None:
    assert explain(of("sandbox.enabled")) == snapshot(
        {
            "key": "sandbox.enabled",
            "value": True,
            "level": "built-in",
            "file": None,
            "line": None,
            "refused": [],
        }
    )
    assert explain_lines(of("sandbox.enabled")) == snapshot(["sandbox.enabled", "  in force  true  built-in"])


def test_hooks_that_a_level_switches_off() -> None:
    assert explain(of("hooksDisabled"))["value"] == ["/home/.factory/settings.json"]
    assert explain(of("hooksDisabled", layer(USER, {})))["value"] is False


def test_a_list_that_narrows() -> None:
    key = "modelPolicy.allowedModelIds"
    assert explain(of(key, layer(USER, {})))["value"] is None
    assert explain(of(key))["value"] == ["a"]
    two = of(key, STACK[1], layer(USER, at(key, ["a", "b"])))
    assert explain(two)["value"] == {"allOf": [["a"], ["a", "b"]]}


def test_servers_with_their_secrets_hidden() -> None:
    effective = of(
        "mcpServers",
        layer(ORG, {"mcpServers": {"one": SERVER}}),
        layer(USER, {"mcpServers": {"one": {**SERVER, "command": "x"}}}),
    )
    assert explain(effective) == snapshot(
        {
            "key": "mcpServers",
            "value": {
                "one": {
                    "command": "npx",
                    "args": ["-y"],
                    "env": {"API_KEY": "***", "OTHER": "${OTHER}"},
                    "headers": {"Authorization": "***"},
                }
            },
            "level": "org",
            "file": "/etc/factory/settings.json",
            "line": 2,
            "entries": [
                {
                    "key": "mcpServers.one",
                    "value": {
                        "command": "npx",
                        "args": ["-y"],
                        "env": {"API_KEY": "***", "OTHER": "${OTHER}"},
                        "headers": {"Authorization": "***"},
                    },
                    "level": "org",
                    "file": "/etc/factory/settings.json",
                    "line": 2,
                }
            ],
            "refused": [
                {
                    "level": "user",
                    "file": "/home/.factory/settings.json",
                    "line": 2,
                    "value": {
                        "command": "x",
                        "args": ["-y"],
                        "env": {"API_KEY": "***", "OTHER": "${OTHER}"},
                        "headers": {"Authorization": "***"},
                    },
                    "reason": "locked by org: /etc/factory/settings.json:2",
                }
            ],
        }
    )
    assert "hunter2" not in "".join(explain_lines(effective))


def test_everything_that_is_set() -> None:
    found = show(merge(SETTINGS, STACK), LEVELS)
    assert found["levels"] == snapshot(
        [
            {"level": "org", "file": "/etc/factory/settings.json", "status": "ok", "errors": []},
            {
                "level": "user",
                "file": "/home/.factory/mcp.json",
                "status": "malformed",
                "errors": ["3:1: wrong"],
            },
        ]
    )
    assert found["settings"]["modelPolicy"] == snapshot(
        {"allowedModelIds": ["a"], "allowCustomModels": True, "allowAllFactoryModels": False}
    )
    assert found["settings"]["maxAutonomyLevel"] == "medium"
    assert found["settings"]["sandbox"] == snapshot(
        {"enabled": True, "required": False, "mode": "per-command"}
    )
    assert "commandDenylist" not in found["settings"]
    assert json.loads(json.dumps(found)) == found


def test_everything_that_is_set_to_be_read() -> None:
    wanted = ("maxAutonomyLevel", "commandAllowlist", "shield.mode", "model")
    found = {key: one for key, one in merge(SETTINGS, STACK).items() if key in wanted}
    assert show_lines(found, LEVELS) == snapshot(
        [
            "Files",
            "  org   ok         /etc/factory/settings.json",
            "  user  malformed  /home/.factory/mcp.json",
            "  3:1: wrong",
            "",
            "Settings",
            '  maxAutonomyLevel  "medium"                                                      org       /etc/factory/settings.json:1',
            '  commandAllowlist  ["npm *", "ls"]                                               org       /etc/factory/settings.json:2',
            '  shield.mode       {"prompts": "ask", "reads": "redact", "toolOutput": "redact…  built-in',
            '  model             "a"                                                           org       /etc/factory/settings.json:1',
        ]
    )
    assert show_lines({}, []) == ["Files", "", "Settings"]


@pytest.mark.parametrize(
    ("key", "paths"),
    [
        ("model", ["model"]),
        ("sandbox.network", ["sandbox.network.allowedDomains"]),
        ("budget", ["budget.maxUsdPerSession", "budget.maxTokensPerSession", "budget.maxTurns"]),
        ("customModels[0].apiKey", ["customModels"]),
        ("shield.mode.prompts", ["shield.mode"]),
        ("mode", []),
        ("models", []),
        ("", []),
    ],
)
def test_the_keys_that_a_person_means(key: str, paths: list[str]) -> None:
    assert [one.path for one in chosen(merge(SETTINGS, []), key)] == paths


def test_nothing_in_a_file_or_its_name_can_move_a_terminal_s_cursor() -> None:
    hostile = "a\x1b[2J\n\u202eb"
    one = layer(USER, {"model": hostile, "commandDenylist": [hostile]}, name=hostile)
    two = layer(USER, {"model": "b"}, part="local")
    merged = merge(SETTINGS, [one, two])
    lines = [
        *explain_lines(merged["model"]),
        *explain_lines(merged["commandDenylist"]),
        *show_lines(merged, [LevelFile(level="user", file=hostile, status="ok", errors=(hostile,))]),
    ]
    assert all(line.isprintable() for line in lines)


# --- secrets ---------------------------------------------------------------------------------

MASKED: dict[str, tuple[str, Any, Any]] = {
    "a secret": ("customModels", [{"apiKey": "hunter2"}], [{"apiKey": "***"}]),
    "a reference": ("customModels", [{"apiKey": "${KEY}"}], [{"apiKey": "${KEY}"}]),
    "a reference with a default": ("customModels", [{"apiKey": "${KEY:-hunter2}"}], [{"apiKey": "***"}]),
    "a reference and more": ("telemetry.headers", {"A": "Bearer ${KEY}"}, {"A": "***"}),
    "two references": ("telemetry.headers", {"A": "${A}${B}"}, {"A": "***"}),
    "a reference and a line break": ("telemetry.headers", {"A": "${A}\n"}, {"A": "***"}),
    "what no schema declares": ("customModels", [{"apikey": "hunter2", "n": 1}], [{"apikey": "***", "n": 1}]),
    "what anything may stand in": ("customModels", [{"extraArgs": {"key": "hunter2", "t": 0.7, "deep": [{"k": "hunter2"}]}}], [{"extraArgs": {"key": "***", "t": 0.7, "deep": [{"k": "***"}]}}]),
    "credentials in an address": ("customModels", [{"baseUrl": "https://me:hunter2@host/v1"}], [{"baseUrl": "https://***@host/v1"}]),
    "an address": ("customModels", [{"baseUrl": "https://host/@v1"}], [{"baseUrl": "https://host/@v1"}]),
    "a secret of another type": ("customModels", [{"apiKey": 12}], [{"apiKey": "***"}]),
    "a list in the place of a secret": ("customModels", [{"apiKey": ["hunter2", None]}], [{"apiKey": ["***", None]}]),
}  # fmt: skip


@pytest.mark.parametrize(("key", "value", "shown"), MASKED.values(), ids=MASKED)
def test_what_is_shown_of_a_value(key: str, value: Any, shown: Any) -> None:
    assert masked(node_of(SETTINGS, key), value) == shown


def test_headers_are_hidden_by_their_name() -> None:
    node = Node(name="proxyHeaders", path="proxyHeaders", kinds=("object",), properties={})
    assert masked(node, {"a": "hunter2"}) == {"a": "***"}


def with_secrets(node: Node | None, value: Any) -> Any:
    """The value with a secret wherever the schema has a place for one."""
    if node is not None and node.rule is not None and node.rule.secret:
        return {"A": "hunter2"} if isinstance(value, dict) else "hunter2"
    if isinstance(value, dict):
        return {key: with_secrets(node.at((key,)) if node else None, one) for key, one in value.items()}
    if isinstance(value, list):
        return [with_secrets(node.at((index,)) if node else None, one) for index, one in enumerate(value)]
    return value


@settings(deadline=None)
@given(st.data())
def test_no_secret_is_shown_wherever_it_stands_and_whether_it_counts(data: st.DataObject) -> None:
    root = data.draw(roots)
    some = [*data.draw(keys(root)), *(() if root is SERVERS else ("customModels", "telemetry.headers"))]
    stack = [
        layer(one.level, with_secrets(root, dict(one.values)), trusted=one.trusted)
        for one in data.draw(stacks(some, root, least=1))
    ]
    merged = merge(root, stack)
    shown = [
        json.dumps([explain(one) for one in merged.values()]),
        json.dumps(show(merged, [])),
        *(line for one in merged.values() for line in explain_lines(one)),
        *show_lines(merged, []),
    ]
    assert not [text for text in shown if "hunter2" in text]
