"""Puts what a file says into the one form that merging sees.

Older names become today's, a short form becomes the long one, and what means the same as being left out
is left out. Where a file says one thing in two ways the stricter counts. Values have been validated.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from droid.settings.schema_tree import load

_STRICTNESS = ("off", "low", "medium", "high")
_MODES = {
    "normal": ("off", "auto"),
    "spec": ("off", "spec"),
    "auto-low": ("low", "auto"),
    "auto-medium": ("medium", "auto"),
    "auto-high": ("high", "auto"),
}
_CUSTOM = "custom:"
_LIFTED = ("hooksDisabled", "showHookOutput")

Values = Mapping[str, Any]


def normalise(values: Values) -> dict[str, Any]:
    """The one form of a `settings.json`; what was given stays as it is."""
    settings = dict(values)
    if "sessionDefaultSettings" in settings:
        settings["sessionDefaultSettings"] = _session_defaults(settings["sessionDefaultSettings"])
    if settings.get("subagentAutonomyLevel") == "inherit":
        del settings["subagentAutonomyLevel"]
    if "subagentModelSettings" in settings:
        models = cast("Values", settings["subagentModelSettings"])
        settings["subagentModelSettings"] = {key: one for key, one in models.items() if one != "inherit"}
    if "customModels" in settings:
        settings["customModels"] = [_custom_model(entry) for entry in settings["customModels"]]
    if "shield" in settings:
        settings["shield"] = _shield(settings["shield"])
    if settings.get("trustedWorkspaces") == "forbid":
        settings["trustedWorkspaces"] = ["forbid"]
    if "hooks" in settings:
        hooks = cast("Values", settings["hooks"])
        settings |= _hook_switches(hooks, settings)
        settings["hooks"] = {key: groups for key, groups in hooks.items() if key not in _LIFTED}
    if "environments" in settings:
        environments = cast("Mapping[str, Values]", settings["environments"])
        settings["environments"] = {
            name: normalise(part) if name in load("settings").properties["environments"].properties else part
            for name, part in environments.items()
        }
    return settings


def normalise_hooks(values: Values) -> dict[str, Any]:
    """A `hooks.json` as the settings that it stands for: `hooks`, and the switches where it has them.

    Events may stand in the file itself, as in plugins; they come after those within `hooks`.
    """
    events = load("settings").properties["hooks"].properties
    within = cast("Mapping[str, Any]", values.get("hooks", {}))
    hooks: dict[str, Any] = {key: groups for key, groups in within.items() if key in events}
    for key in events:
        if key in values:
            hooks[key] = [*cast("Sequence[Any]", hooks.get(key, ())), *values[key]]
    switches = {key: values[key] for key in _LIFTED if isinstance(values.get(key), bool)}
    return {"hooks": hooks, **switches, **_hook_switches(within, switches)}


def _session_defaults(values: Values) -> dict[str, Any]:
    section = dict(values)
    mode = section.pop("autonomyMode", None)
    if mode is not None:
        autonomy, interaction = _MODES[mode]
        given = section.get("autonomyLevel", autonomy)
        section["autonomyLevel"] = min(autonomy, given, key=_STRICTNESS.index)
        if interaction == "spec":
            section["interactionMode"] = "spec"
    return section


def _custom_model(values: Values) -> dict[str, Any]:
    """An entry with its full id; entries are told apart by it."""
    name = str(values.get("id", "")).removeprefix(_CUSTOM) or values["model"]
    return {**values, "id": _CUSTOM + name}


def _shield(values: Values) -> dict[str, Any]:
    section = dict(values)
    mode = section.get("mode")
    if isinstance(mode, str):
        rule = load("settings").properties["shield"].properties["mode"].rule
        section["mode"] = dict.fromkeys(rule.spread if rule else (), mode)
    return section


def _hook_switches(hooks: Values, beside: Values) -> dict[str, bool]:
    """The switches that stand within `hooks`, as Factory's reference shows them."""
    found: dict[str, bool] = {}
    for key in _LIFTED:
        within = hooks.get(key)
        if isinstance(within, bool) and (key not in beside or key == "hooksDisabled"):
            found[key] = within or beside.get(key) is True
    return found
