"""Hook rules and calls for tests."""

from pathlib import Path
from typing import Any

from droid.domain.hooks import HookCall, HookEvent
from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.policy import HookRule, Source

ORG, PROJECT, USER = SettingsLevel.ORG, SettingsLevel.PROJECT, SettingsLevel.USER


def rule(
    event: HookEvent = HookEvent.PRE_TOOL_USE,
    command: str = "check",
    *,
    level: SettingsLevel = USER,
    file: str = "/home/ada/.factory/hooks.json",
    **more: Any,
) -> HookRule:
    return HookRule(event=event.value, command=command, source=Source(level=level, file=file, line=3), **more)


def hook_call(event: HookEvent = HookEvent.PRE_TOOL_USE, **more: Any) -> HookCall:
    given: dict[str, Any] = {
        "session_id": "s1",
        "cwd": Path("/work"),
        "autonomy": AutonomyLevel.LOW,
        "surface": "lsp",
        **more,
    }
    return HookCall(event=event, **given)
