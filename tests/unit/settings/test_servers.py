"""MCP servers as `settings list` has them: what each has wrong, and that no value of one is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from droid.domain.levels import SettingsLevel
from droid.settings.engine import SettingsEngine
from droid.settings.layers import Layer
from droid.settings.org_level import NoOrg, OrgLevel
from droid.settings.servers import Server, servers

ENVIRON = {"SET": "s3cret", "EMPTY": ""}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / ".factory"
    folder.mkdir(parents=True)
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    return folder


def look(home: Path, org: OrgLevel | None = None) -> list[Server]:
    engine = SettingsEngine(home=home, environ=ENVIRON, org=NoOrg(org))
    return servers(engine.snapshot(home.parent.parent / "shop"), ENVIRON)


def write(folder: Path, **by_name: Any) -> Path:
    path = folder / "mcp.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"mcpServers": by_name}, indent=1))
    return path


def unset(key: str) -> str:
    return f"{key} uses ${{NOT}}, and the environment variable NOT is not set"


JUDGED: list[tuple[dict[str, Any], str, str]] = [
    ({"command": "npx", "args": ["-y", "x"]}, "active", ""),
    ({"type": "stdio", "command": "x", "env": {"A": "${SET}", "B": "${NOT:-b}", "C": "${EMPTY}"}}, "active", ""),
    ({"type": "http", "url": "https://x/mcp"}, "active", ""),
    ({"url": "https://x/mcp", "headers": {"Authorization": "Bearer ${SET}"}}, "active", ""),
    ({}, "malformed", "it has neither a command nor a url"),
    ({"command": "", "url": ""}, "malformed", "it has neither a command nor a url"),
    ({"type": "stdio", "args": ["x"]}, "malformed", "it has no command"),
    ({"type": "sse"}, "malformed", "it has no url"),
    ({"command": "x", "url": "y"}, "malformed", "it has both a command and a url; leave one of them out"),
    ({"type": "http", "command": "x"}, "malformed", "its type is http, which goes with a url"),
    ({"type": "stdio", "url": "x"}, "malformed", "its type is stdio, which goes with a command"),
    ({"command": "${NOT}"}, "off", unset("command")),
    ({"command": "x", "args": ["a", "--t=${NOT}"]}, "off", unset("args[1]")),
    ({"command": "x", "env": {"TOKEN": "${NOT}"}}, "off", unset("env.TOKEN")),
    ({"url": "https://${NOT}/"}, "off", unset("url")),
    ({"url": "x", "headers": {"X-Key": "s3cret ${NOT}"}}, "off", unset("headers.'X-Key'")),
    (
        {"url": "x", "headers": {"K": "${s3cret!}"}},
        "malformed",
        "headers.K has a ${ that is neither ${NAME} nor ${NAME:-default}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("value", "status", "reason"), JUDGED)
def test_each_server_is_judged_by_itself(home: Path, value: dict[str, Any], status: str, reason: str) -> None:
    file = write(home, one=value, other={"command": "fine"})
    first, second = look(home)
    assert (first.name, first.level, first.file) == ("one", "user", str(file))
    assert (first.status.value, first.reason) == (status, reason)
    assert "s3cret" not in repr(first)
    assert second.status.value == "active"


def test_what_is_wrong_is_pointed_at(home: Path) -> None:
    write(home, one={"command": "x", "env": {"A": "a", "TOKEN": "${NOT}"}})
    (row,) = look(home)
    assert row.line == 7


def test_a_server_that_is_switched_off_says_where(home: Path) -> None:
    write(home, db={"command": "x"})
    theirs = write(home.parent.parent / "shop" / ".factory", db={"disabled": True})
    (row,) = look(home)
    assert (row.status.value, row.reason) == ("off", f"switched off: {theirs}:3")


def test_those_of_other_levels_say_why_they_do_not_count(home: Path) -> None:
    layer = Layer(
        level=SettingsLevel.ORG,
        file=Path("/org/mcp.json"),
        values={"mcpServers": {"db": {"command": "org"}}},
        lines=lambda _: 3,
        trusted=True,
    )
    write(home.parent.parent / "shop" / ".factory", own={"command": "x"})
    write(home, db={"command": "mine"}, mine={"command": "y"})
    rows = look(home, OrgLevel(layers=(layer,)))
    assert [(row.name, row.level, row.status.value, row.reason) for row in rows] == [
        ("db", "org", "active", ""),
        ("own", "project", "untrusted", "this workspace is not trusted"),
        ("mine", "user", "active", ""),
        ("db", "user", "shadowed", "locked by org: /org/mcp.json:3"),
    ]


def test_without_servers_there_is_nothing(home: Path) -> None:
    assert look(home) == []
