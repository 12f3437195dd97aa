"""What must hold for every stack of layers, over the whole schema.

Adding a layer, or keys to one, never loosens what is above it; what is not trusted or not verified never
loosens anything. How layers are grouped or in which order they are found changes nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.unit.settings.setting_stacks import (
    FOLDER,
    ORG,
    PROJECT,
    RULES,
    SERVERS,
    SETTINGS,
    USER,
    at,
    is_free,
    keys,
    layer,
    layers,
    roots,
    stacks,
)

from droid.domain.levels import SettingsLevel
from droid.settings.effective import Effective, Given
from droid.settings.layers import Layer
from droid.settings.merge_rules import Cell, combine, settle
from droid.settings.merging import merge, ruled
from droid.settings.rules import Merge, Rule
from droid.settings.schema_tree import Node

laws = settings(deadline=None, suppress_health_check=list(HealthCheck))
plain_laws = settings(laws, max_examples=40)


def test_the_schema_has_every_rule() -> None:
    assert {rule.merge for rule in RULES.values()} == set(Merge)


# --- grouping and order ----------------------------------------------------------------------


@plain_laws
@given(st.data())
def test_the_order_in_which_files_are_found_changes_nothing(data: st.DataObject) -> None:
    root = data.draw(roots)
    stack = data.draw(stacks(data.draw(keys(root)), root))
    assert merge(root, data.draw(st.permutations(stack))) == merge(root, stack)


@plain_laws
@given(st.data())
def test_a_layer_that_counts_twice_changes_nothing(data: st.DataObject) -> None:
    root = data.draw(roots)
    stack = data.draw(stacks(data.draw(keys(root)), root))
    assert merge(root, [*stack, *stack]) == merge(root, stack)


@plain_laws
@given(st.data())
def test_a_file_that_is_found_again_under_another_name_changes_nothing_that_holds(
    data: st.DataObject,
) -> None:
    """All but its place: an equal list of `narrow` takes nothing more away."""
    root = data.draw(roots)
    stack = data.draw(stacks(data.draw(keys(root)), root, least=1))
    again = replace(data.draw(st.sampled_from(stack)), file="/again/settings.json")
    before, after = merge(root, stack), merge(root, [*stack, again])
    for key, rule in ruled(root):
        if rule.merge is Merge.NARROW:
            assert distinct(after[key].value) == distinct(before[key].value), key
        elif rule.merge is Merge.OWN_LEVEL:
            assert bool(after[key].value) == bool(before[key].value), key
        else:
            assert after[key].value == before[key].value, key


@plain_laws
@given(st.data())
def test_cells_can_be_put_together_in_any_grouping(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(RULES)))
    cell = cell_of(key, data.draw(stacks([key])))
    cut, end = sorted(data.draw(st.tuples(*[st.integers(0, len(cell))] * 2)))
    one, two, three = cell[:cut], cell[cut:end], cell[end:]
    left = combine(combine(one, two), three)
    assert left == combine(one, combine(two, three))
    assert combine(left, left) == left
    assert combine((), one) == one == combine(one, ())
    assert settle(RULES[key], key, combine(one, two)) == settle(RULES[key], key, combine(two, one))


@laws
@given(st.data())
def test_levels_that_are_merged_into_one_first_give_the_same(data: st.DataObject) -> None:
    """Associativity of what holds: neighbouring levels may be replaced by one that says their result."""
    root = data.draw(roots)
    some = [key for key in data.draw(keys(root)) if key not in ("hooksDisabled", "allowManagedHooksOnly")]
    stack = data.draw(stacks(some, root, least=2, most=7))
    levels = sorted({(one.level.rank, one.depth) for one in stack})
    first = data.draw(st.integers(0, len(levels) - 1))
    chosen = levels[first : data.draw(st.integers(first + 1, len(levels)))]
    inner = [one for one in stack if (one.level.rank, one.depth) in chosen]
    assume(all(is_free(one) for one in inner))
    outer = [one for one in stack if one not in inner]
    top = min(inner, key=lambda one: (one.level.rank, one.depth))
    apart, together = merge(root, stack), merge(root, inner)
    for key, rule in ruled(root):
        honoured = not rule.levels or all(one.level in rule.levels for one in inner)
        if rule.merge in (Merge.NARROW, Merge.OWN_LEVEL) or not honoured or key not in some:
            continue
        said = said_by(rule, together[key])
        as_one = replace(top, part="base", environment="", values=at(key, said) if said is not None else {})
        assert merge(root, [*outer, as_one])[key].value == apart[key].value, key


def said_by(rule: Rule, effective: Effective) -> Any:
    """A result as a file would have to say it; None where it says nothing."""
    if effective.source is None:
        return None
    if rule.spread:
        return {one.path[-1]: one.value for one in effective.contributions}
    return list(effective.value) if isinstance(effective.value, tuple) else effective.value


# --- nothing loosens -------------------------------------------------------------------------


@laws
@given(st.data())
def test_a_layer_that_is_added_never_loosens_what_is_above_it(data: st.DataObject) -> None:
    root = data.draw(roots)
    some = data.draw(keys(root))
    stack = data.draw(stacks(some, root))
    added = data.draw(layers(some, root))
    check(root, merge(root, stack), merge(root, [*stack, added]), added, set(added.values))


@laws
@given(st.data())
def test_keys_that_are_added_to_a_layer_never_loosen_what_is_above_it(data: st.DataObject) -> None:
    root = data.draw(roots)
    some = data.draw(keys(root))
    stack = data.draw(stacks(some, root, least=1))
    one = data.draw(st.sampled_from(stack))
    more = data.draw(layers(some, root)).values
    fuller = replace(one, values=with_more(one.values, more))
    others = [other for other in stack if other is not one]
    new = {key for key in fuller.values if key not in one.values}
    check(root, merge(root, stack), merge(root, [*others, fuller]), fuller, new)


ALL_RULES = RULES | dict(ruled(SERVERS))


@pytest.mark.parametrize("key", ALL_RULES)
def test_no_layer_loosens_what_another_or_the_default_holds_for_any_pair_of_values(key: str) -> None:
    """Every value that makes a difference, in layers that may loosen and that may not."""
    rule = ALL_RULES[key]
    values = every_value(rule)
    kinds = [(True, True), (False, True), (True, False)]
    upper = [saying(PROJECT, key, value, *kind) for value in values for kind in kinds]
    lower = [saying(FOLDER, key, value, *kind) for value in values for kind in kinds]
    nothing = settle(rule, key, ())
    for one in (*upper, *lower):
        alone = settle(rule, key, cell_of(key, [one]))
        assert at_least_as_strict(rule, nothing, alone, one), (one, alone)
        for other in lower if one in upper else upper:
            both = settle(rule, key, cell_of(key, [one, other]))
            assert at_least_as_strict(rule, alone, both, other), (one, other, both)


def saying(level: SettingsLevel, key: str, value: Any, trusted: bool, verified: bool) -> Layer:
    return layer(level, at(key, value), part="environment", trusted=trusted, verified=verified)


def every_value(rule: Rule) -> list[Any]:
    match rule.merge:
        case Merge.STRICTEST if rule.spread:
            return [dict.fromkeys(rule.spread, value) for value in rule.safest]
        case Merge.STRICTEST:
            return [1, 2, 3] if rule.bound else list(rule.safest)
        case Merge.FIRST | Merge.OWN_LEVEL:
            return [True, False]
        case Merge.LOCKED_KEYS if rule.key:
            return [[{rule.key: "a", "n": 1}], [{rule.key: "a", "n": 2}], [{rule.key: "b"}]]
        case Merge.LOCKED_KEYS:
            member, off = rule.off or ("n", 3)
            entries = [{member: off}, {"n": 1}, {"n": 2}] if member else [off, not off]
            return [{"a": entry} for entry in entries] + [{"b": entries[-1]}]
        case Merge.UNION | Merge.UNION_IF_TRUSTED | Merge.NARROW:
            return [["a"], ["b", "a"], ["c", "d", "e"]]


def with_more(values: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings with the keys that they lack, in maps and sections too."""
    made = dict(more) | dict(values)
    for key in values.keys() & more.keys():
        if isinstance(values[key], dict) and isinstance(more[key], dict):
            made[key] = with_more(values[key], more[key])
    return made


def check(
    root: Node,
    before: Mapping[str, Effective],
    after: Mapping[str, Effective],
    added: Layer,
    new: set[str],
) -> None:
    for key, rule in ruled(root):
        old, now = before[key], after[key]
        if key.startswith("hooks.") and new & {"hooksDisabled", "allowManagedHooksOnly"}:
            # These are said to take hooks away: those of the layer's own level, or those below it.
            kept = [one.value for one in old.contributions if runs_beside(one, added)]
            assert contains(now.value, kept), (key, old, now)
            assert is_free(added) or contains(old.value, now.value), (key, old, now)
        else:
            assert at_least_as_strict(rule, old, now, added), (key, old, now)


def runs_beside(hook: Given, added: Layer) -> bool:
    """Whether a hook is out of reach for what a layer switches off."""
    own = added.values.get("hooksDisabled") and hook.layer.own_level == added.own_level
    org_only = added.level is ORG and added.values.get("allowManagedHooksOnly")
    return not own and (hook.layer.level is ORG or not org_only)


def at_least_as_strict(rule: Rule, before: Effective, after: Effective, added: Layer) -> bool:
    """Whether a layer, wherever it was added, leaves in force what it must not loosen."""
    free = is_free(added)
    match rule.merge:
        case Merge.STRICTEST if rule.spread:
            return all(
                strictest_holds(rule, part(rule, before, key), part(rule, after, key), free=free)
                for key in rule.spread
            )
        case Merge.STRICTEST:
            return strictest_holds(rule, before, after, free=free)
        case Merge.UNION | Merge.UNION_IF_TRUSTED:
            kept = contains(after.value, before.value)
            adds = rule.merge is Merge.UNION and not rule.trusted_only
            return kept and (free or adds or contains(before.value, after.value))
        case Merge.NARROW:
            return contains(after.value or (), before.value or ())
        case Merge.LOCKED_KEYS:
            return locked_keys_hold(rule, before, after, added)
        case Merge.FIRST:
            above = before.source is not None and before.source.layer.first_rank < added.first_rank
            counts = added.verified and (added.trusted or not rule.trusted_only)
            return (counts and not above) or after.value == before.value
        case Merge.OWN_LEVEL:
            files = {one.layer.file for one in after.contributions}
            return {one.layer.file for one in before.contributions if one.layer is not added} <= files | {
                added.file
            }


def part(rule: Rule, effective: Effective, key: str) -> Effective:
    sources = [one for one in effective.contributions if one.path[-1] == key]
    return replace(effective, value=effective.value[key], source=sources[0] if sources else None)


def strictest_holds(rule: Rule, before: Effective, after: Effective, *, free: bool) -> bool:
    if before.source is None and free:
        return True  # only the built-in default held, which people may loosen
    if before.value is None:
        # Leaving it out may be stricter than the loosest name; no highest number is the loosest of all.
        return after.value is None or rule.bound == "min" or after.value in rule.safest[:-1]
    return after.value is not None and not looser(rule, after.value, before.value)


def looser(rule: Rule, one: Any, other: Any) -> bool:
    if rule.bound:
        return one > other if rule.bound == "min" else one < other
    return rule.safest.index(one) > rule.safest.index(other)


def locked_keys_hold(rule: Rule, before: Effective, after: Effective, added: Layer) -> bool:
    was, now = entries_of(rule, before), entries_of(rule, after)
    places = {name_of(rule, one): one.layer for one in before.contributions}
    kept = all(
        name in now and (now[name] == entry or is_off(rule, now[name]))
        for name, entry in was.items()
        if places[name].rank < added.rank or not is_free(added)
    )
    # Nothing is switched on again, and nothing runs that comes from what may not bring it.
    still_off = all(is_off(rule, now[name]) for name, entry in was.items() if is_off(rule, entry))
    brought = now.keys() - was.keys()
    may_bring = is_free(added) or (added.verified and not rule.trusted_only)
    return kept and still_off and (may_bring or all(is_off(rule, now[name]) for name in brought))


def entries_of(rule: Rule, effective: Effective) -> dict[str, Any]:
    if rule.key:
        return {entry[rule.key]: entry for entry in effective.value}
    return dict(effective.value)


def name_of(rule: Rule, one: Given) -> Any:
    return one.value[rule.key] if rule.key else one.path[-1]


def is_off(rule: Rule, entry: Any) -> bool:
    if rule.off is None:
        return False
    member, value = rule.off
    return entry.get(member) == value if member else entry == value


def contains(outer: Iterable[Any], inner: Iterable[Any]) -> bool:
    return texts(inner) <= texts(outer)


def texts(entries: Iterable[Any]) -> set[str]:
    return {json.dumps(entry, sort_keys=True) for entry in entries}


def distinct(lists: Iterable[Any] | None) -> set[str] | None:
    return None if lists is None else texts(lists)


# --- provenance ------------------------------------------------------------------------------


@laws
@given(st.data())
def test_everything_that_was_given_counts_or_is_refused_or_says_the_same_or_is_tightened(
    data: st.DataObject,
) -> None:
    root = data.draw(roots)
    stack = data.draw(stacks(data.draw(keys(root)), root))
    for key, effective in merge(root, stack).items():
        rule = dict(ruled(root))[key]
        counted = [one.layer for one in effective.contributions]
        refused = [one.given.layer for one in effective.refused]
        for one in stack:
            value = value_at(one.values, key)
            if value is None or one in counted or one in refused or value in ([], {}):
                continue
            if rule.merge is Merge.FIRST:
                assert value == effective.value, key
            if rule.merge is Merge.STRICTEST and not rule.spread and effective.source:
                same = value == effective.value
                tightened = looser(rule, value, effective.value) and one.rank < effective.source.layer.rank
                assert same or tightened, key
            if rule.merge is Merge.NARROW:
                raise AssertionError(key)


@laws
@given(st.data())
def test_the_source_is_the_first_of_what_makes_up_a_value_and_no_refused_value_holds(
    data: st.DataObject,
) -> None:
    root = data.draw(roots)
    stack = data.draw(stacks(data.draw(keys(root)), root))
    for key, effective in merge(root, stack).items():
        assert effective.path == key
        assert effective.source == next(iter(effective.contributions), None)
        levels = dict(ruled(root))[key].levels
        assert not levels or all(one.layer.level in levels for one in effective.contributions)
        ranks = [one.layer.rank for one in effective.contributions]
        assert ranks == sorted(ranks)
        ranks = [one.given.layer.rank for one in effective.refused]
        assert ranks == sorted(ranks)
        for one in effective.refused:
            assert one.given not in effective.contributions
            assert value_at(one.given.layer.values, key) is not None


def value_at(values: Any, key: str) -> Any:
    for name in key.split("."):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def cell_of(key: str, stack: Iterable[Layer]) -> Cell:
    found: list[Given] = []
    for one in stack:
        value = value_at(one.values, key)
        if value is not None:
            found.append(Given(value=value, layer=one, path=tuple(key.split("."))))
    return tuple(found)


def test_levels_are_ordered_as_the_page_says() -> None:
    stack = [layer(level, {"model": level.value}) for level in (USER, ORG, SettingsLevel.PROJECT)]
    assert merge(SETTINGS, stack)["model"].value == "org"
