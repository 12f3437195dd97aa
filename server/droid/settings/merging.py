"""Makes of the layers of all levels what holds for every key of a schema.

Two laws hold whatever the layers say. A layer never loosens what a higher one has tightened. And one that
is not trusted, or is for an environment that nothing proves, never loosens or executes anything, while what
it tightens counts at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.settings.effective import Cause, Effective, Given, Refused
from droid.settings.jsonc import Path
from droid.settings.layers import Layer
from droid.settings.merge_rules import Cell, combine, settle
from droid.settings.rules import Rule
from droid.settings.schema_tree import Node

_APART = "environments"
"""Settings for one environment are a layer of their own where it matches."""
_HOOKS = "hooks."
_HOOKS_OFF = "hooksDisabled"
_ORG_HOOKS_ONLY = "allowManagedHooksOnly"


def merge(root: Node, layers: Iterable[Layer]) -> dict[str, Effective]:
    """What holds for every key that carries a rule, by its dotted path."""
    cells: dict[str, Cell] = {}
    for layer in layers:
        for key, given in _given(root, layer, layer.values, ()):
            cells[key] = combine(cells.get(key, ()), (given,))
    rules = dict(ruled(root))
    merged = {key: settle(rule, key, cells.get(key, ())) for key, rule in rules.items()}
    for key in cells:
        if key.startswith(_HOOKS):
            merged[key] = _settle_hooks(rules[key], key, cells[key], merged)
    return merged


def ruled(node: Node) -> Iterator[tuple[str, Rule]]:
    """Every key below a node that carries a rule, by its dotted path, in the order of the schema."""
    for child in node.properties.values():
        if child.rule is not None:
            yield child.path, child.rule
        elif child.path != _APART:
            yield from ruled(child)


def hooks_refusal(merged: Mapping[str, Effective], given: Given) -> Refused | None:
    """Why hooks that a layer gives do not run although it may have hooks; None where they do."""
    own, org_only = merged.get(_HOOKS_OFF), merged.get(_ORG_HOOKS_ONLY)
    for switch in own.contributions if own else ():
        if switch.layer.own_level == given.layer.own_level:
            reason = f"{_HOOKS_OFF} at its level: {switch.where}"
            return Refused(given=given, cause=Cause.DISABLED, by=switch, reason=reason)
    switch = org_only.source if org_only and org_only.value else None
    if switch and given.layer.level is not SettingsLevel.ORG:
        reason = f"only the organisation's hooks run: {switch.where}"
        return Refused(given=given, cause=Cause.DISABLED, by=switch, reason=reason)
    return None


def _settle_hooks(rule: Rule, key: str, cell: Cell, merged: Mapping[str, Effective]) -> Effective:
    """Before entries are compared, so that no level's hook goes with another's copy of it."""
    refusals = [(given, hooks_refusal(merged, given)) for given in cell]
    settled = settle(rule, key, tuple(given for given, refusal in refusals if refusal is None))
    refused = [refusal for _, refusal in refusals if refusal is not None]
    refused = sorted((*settled.refused, *refused), key=lambda one: one.given.layer.rank)
    return replace(settled, refused=tuple(refused))


def _given(node: Node, layer: Layer, values: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Given]]:
    """What a layer gives for each key, by the key's dotted path."""
    for name, value in values.items():
        child = node.properties.get(name)
        if child is None or child.path == _APART:
            continue
        if child.rule is not None:
            yield child.path, Given(value=value, layer=layer, path=(*path, name))
        else:
            yield from _given(child, layer, value, (*path, name))
