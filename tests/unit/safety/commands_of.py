"""Judges lines of shell for tests."""

from typing import Any

from tests.unit.safety.facts import HOME, WORKSPACE, call_facts

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.policy import ListEntry, Source
from droid.safety.commands.classify import classify
from droid.safety.commands.model import Assessment
from droid.safety.facts import CallFacts

ORG = Source(level=SettingsLevel.ORG, file="/etc/droid/org.json", line=12)
USER = Source(level=SettingsLevel.USER, file="/home/ada/.factory/settings.json", line=3)


def judged(command: str) -> Assessment:
    return classify(command, cwd=WORKSPACE, home=HOME, workspace=WORKSPACE)


def execute(command: str, **changes: Any) -> CallFacts:
    """The facts of a call of `Execute`."""
    values: dict[str, Any] = {
        "command": command,
        "assessment": judged(command),
        "input": {"command": command},
    }
    return call_facts("Execute", **(values | changes))


def entries(
    *texts: str, source: Source = USER, within: AutonomyLevel = AutonomyLevel.HIGH
) -> tuple[ListEntry, ...]:
    return tuple(ListEntry(text=text, source=source, within=within) for text in texts)
