"""Hooks as `settings list` has them: which are in force, and why the others are not."""

import json
from pathlib import Path
from typing import Any

import pytest

from droid.domain.levels import SettingsLevel
from droid.settings.engine import SettingsEngine
from droid.settings.hook_rows import Hook, hooks
from droid.settings.layers import Layer
from droid.settings.org_level import NoOrg, OrgLevel


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / ".factory"
    folder.mkdir(parents=True)
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    (tmp_path / "shop" / ".factory").mkdir()
    return folder


def group(*commands: str, **more: str) -> dict[str, Any]:
    return {**more, "hooks": [{"type": "command", "command": command} for command in commands]}


def look(home: Path, org: OrgLevel | None = None) -> list[Hook]:
    engine = SettingsEngine(home=home, environ={}, org=NoOrg(org))
    return hooks(engine.snapshot(home.parent.parent / "shop"))


def rows(home: Path, org: OrgLevel | None = None) -> list[tuple[str, str, str, str]]:
    return [(one.command, one.level, one.status.value, one.reason) for one in look(home, org)]


def write(folder: Path, **events: Any) -> Path:
    path = folder / "hooks.json"
    path.write_text(json.dumps({"hooks": events}, indent=1))
    return path


def test_every_command_has_its_event_its_matcher_and_its_line(home: Path) -> None:
    file = write(home, PreToolUse=[group("a", "b\u202e", matcher="Execute", commandRegex="^git"), group("c")])
    first, second, third = look(home)
    assert first == Hook(
        event="PreToolUse",
        matcher="Execute",
        command_regex="^git",
        command="a",
        level="user",
        file=str(file),
        line=10,
    )
    assert (second.command, second.line) == ("b\u202e", 14)
    assert (third.matcher, third.status.value) == ("", "active")


def test_those_that_are_not_in_force_say_why(home: Path) -> None:
    shop = home.parent.parent / "shop" / ".factory"
    write(shop, Stop=[group("theirs"), group("theirs too")])
    write(home, Stop=[group("mine")])
    (home / "settings.json").write_text('{"hooksDisabled": true}')
    org = Layer(
        level=SettingsLevel.ORG,
        file=Path("/org/settings.json"),
        values={"hooks": {"Stop": [group("org")]}},
        lines=lambda _: 3,
        trusted=True,
    )
    untrusted = "this workspace is not trusted"
    off = f"hooksDisabled at its level: {home / 'settings.json'}:1"
    assert rows(home, OrgLevel(layers=(org,))) == [
        ("org", "org", "active", ""),
        ("theirs", "project", "untrusted", untrusted),
        ("theirs too", "project", "untrusted", untrusted),
        ("mine", "user", "off", off),
    ]


@pytest.mark.parametrize(
    ("event", "more", "reason"),
    [
        ("PreToolUse", {"matcher": "("}, "its matcher is no regular expression: missing )"),
        ("PreToolUse", {"matcher": "*"}, ""),
        ("PreToolUse", {"matcher": "[[a]"}, ""),
        ("PreToolUse", {"commandRegex": "*"}, "its commandRegex is no regular expression: nothing to repeat"),
        ("PostEdit", {"matcher": "**/*.py"}, ""),
        ("PostEdit", {"matcher": "*.{py"}, ""),
    ],
)
def test_an_expression_that_is_none_takes_its_own_hooks_out(
    home: Path, event: str, more: dict[str, str], reason: str
) -> None:
    write(home, **{event: [group("a", **more), group("b")]})
    first, second = look(home)
    assert first.reason.startswith(reason) if reason else first.reason == ""
    assert first.status.value == ("malformed" if reason else "active")
    assert second.status.value == "active"


def test_an_expression_that_cannot_be_read_is_for_nothing_but_of_the_organisation_for_all(home: Path) -> None:
    write(home, PreToolUse=[group("mine", commandRegex="git (push")])
    org = Layer(
        level=SettingsLevel.ORG,
        file=Path("/org/settings.json"),
        values={"hooks": {"PreToolUse": [group("ours", commandRegex="git (push")]}},
        lines=lambda _: 3,
        trusted=True,
    )
    ours, mine = look(home, OrgLevel(layers=(org,)))
    assert (ours.status.value, ours.reason.rpartition("; ")[2]) == ("active", "so it is for every call")
    assert mine.status.value == "malformed"
