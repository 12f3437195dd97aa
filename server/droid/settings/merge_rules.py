"""The rules by which what several levels give for one key becomes what holds.

A cell holds everything that was given for a key. Putting cells together is associative and idempotent by its
nature, and `settle` sorts a cell before it applies the rule, so it does not matter how layers were grouped
or in which order they came. What did not count is kept with the reason, for the person who wonders.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from droid.settings.effective import Cause, Effective, Given, Refused
from droid.settings.rules import Merge, Rule

Cell = tuple[Given, ...]
"""What was given for one key, in no order."""

_NO_SWITCH = ("", None)
"""What no entry is: nothing can be set to null."""
_TIGHTENING = frozenset({Merge.STRICTEST, Merge.UNION, Merge.NARROW})


def combine(higher: Cell, lower: Cell) -> Cell:
    """Put together what two groups of layers give for a key."""
    return (*higher, *(given for given in lower if given not in higher))


def settle(rule: Rule, key: str, cell: Cell) -> Effective:
    """What holds for a key by its rule.

    Args:
        key: Its dotted path.
    """
    return _RULES[rule.merge](rule, key, cell)


# --- what a layer may do ---------------------------------------------------------------------


def _refusal(rule: Rule, given: Given) -> Refused | None:
    """Why a value cannot count, whatever the others are."""
    if rule.levels and given.layer.level not in rule.levels:
        return Refused(
            given=given, cause=Cause.LEVEL, reason=f"honoured only from {' and '.join(rule.levels)}"
        )
    loosens = rule.trusted_only or rule.merge is Merge.UNION_IF_TRUSTED
    if loosens and not given.layer.trusted:
        return _only_tightens(given)
    if not given.layer.verified and (loosens or rule.merge not in _TIGHTENING):
        return _only_tightens(given)
    return None


def _only_tightens(given: Given) -> Refused:
    """Why a layer cannot loosen anything, of one that cannot."""
    if not given.layer.trusted:
        return Refused(given=given, cause=Cause.UNTRUSTED, reason="this workspace is not trusted")
    return Refused(
        given=given,
        cause=Cause.UNVERIFIED,
        reason=f"the environment {given.layer.environment} is not verified, so it can only tighten",
    )


def _sift(rule: Rule, cell: Iterable[Given]) -> tuple[list[Given], list[Refused]]:
    """Those that can count, and the others."""
    counted: list[Given] = []
    refused: list[Refused] = []
    for given in cell:
        refusal = _refusal(rule, given)
        if refusal is None:
            counted.append(given)
        else:
            refused.append(refusal)
    return counted, refused


def _ordered(cell: Iterable[Given]) -> list[Given]:
    return sorted(cell, key=lambda given: given.layer.rank)


def _others(refused: Iterable[Refused], value: Any) -> list[Refused]:
    """Without those that say what holds anyway."""
    return [one for one in refused if one.given.value != value]


def _effective(key: str, value: Any, contributions: Iterable[Given], refused: Iterable[Refused]) -> Effective:
    made_up_of = tuple(contributions)
    return Effective(
        path=key,
        value=value,
        source=made_up_of[0] if made_up_of else None,
        contributions=made_up_of,
        refused=tuple(sorted(refused, key=lambda one: one.given.layer.rank)),
    )


# --- rules -----------------------------------------------------------------------------------


def _first(rule: Rule, key: str, cell: Cell) -> Effective:
    counted, refused = _sift(rule, sorted(cell, key=lambda given: given.layer.first_rank))
    if not counted:
        return _effective(key, rule.default, (), refused)
    source = counted[0]
    refused += [
        Refused(given=given, cause=Cause.OVERRIDDEN, by=source, reason=_overridden(given, source))
        for given in counted
    ]
    return _effective(key, source.value, (source,), _others(refused, source.value))


def _overridden(given: Given, source: Given) -> str:
    if (given.layer.level, given.layer.depth) == (source.layer.level, source.layer.depth):
        return f"overridden by {source.where}"
    return f"a higher level sets it: {source.where}"


def _strictest(rule: Rule, key: str, cell: Cell) -> Effective:
    if not rule.spread:
        return _effective(key, *_tightest(rule, cell))
    defaults: Mapping[str, Any] = rule.default or {}
    parts = {
        name: _tightest(
            replace(rule, default=defaults.get(name)),
            tuple(_member(given, name) for given in cell if name in given.value),
        )
        for name in rule.spread
    }
    return _effective(
        key,
        {name: value for name, (value, _, _) in parts.items()},
        _ordered(given for _, winners, _ in parts.values() for given in winners),
        [one for _, _, refused in parts.values() for one in refused],
    )


def _tightest(rule: Rule, cell: Cell) -> tuple[Any, list[Given], list[Refused]]:
    """The safest value, where it is given, and what is looser."""
    counted, refused = _sift(rule, _ordered(cell))
    free = [given for given in counted if given.layer.trusted and given.layer.verified]
    limit = min((_strictness(rule, given.value) for given in free), default=_unset(rule))
    held = [given for given in counted if _strictness(rule, given.value) <= limit]
    best = [
        given
        for given in held
        if all(_strictness(rule, given.value) <= _strictness(rule, other.value) for other in held)
    ]
    # Where one of them could have loosened too, it is the one that stands for the value.
    winners = [given for given in best if given in free] or best
    loosening = [] if free else [given for given in counted if given not in held]
    refused += [_only_tightens(given) for given in loosening]
    if not winners:
        return rule.default, [], _others(refused, rule.default)
    below = counted[counted.index(winners[0]) :]
    refused += [_looser(given, winners[0]) for given in below if given not in loosening]
    return winners[0].value, winners, _others(refused, winners[0].value)


def _strictness(rule: Rule, value: Any) -> float:
    """The smaller, the stricter."""
    if rule.bound:
        return value if rule.bound == "min" else -value
    return rule.safest.index(value)


def _unset(rule: Rule) -> float:
    """What a value must not be looser than where no layer that could loosen gives one."""
    if rule.default is not None:
        return _strictness(rule, rule.default)
    if rule.bound:
        # With no bound at all, every highest number tightens, and no lowest one is known to.
        return math.inf if rule.bound == "min" else -math.inf
    return len(rule.safest) - 2  # the loosest of the names may be looser than none


def _looser(given: Given, source: Given) -> Refused:
    reason = f"looser than {source.layer.level}'s: {source.where}"
    return Refused(given=given, cause=Cause.LOOSER, by=source, reason=reason)


def _member(given: Given, name: str | int) -> Given:
    return replace(given, value=given.value[name], path=(*given.path, name))


def _union(rule: Rule, key: str, cell: Cell) -> Effective:
    entries = (_member(given, index) for given in _ordered(cell) for index in range(len(given.value)))
    counted, refused = _sift(rule, entries)
    held: dict[str, Given] = {}
    for given in counted:
        held.setdefault(_identity(given.value), given)
    value = tuple(given.value for given in held.values())
    return _effective(
        key, value, held.values(), [one for one in refused if _identity(one.given.value) not in held]
    )


def _identity(entry: Any) -> str:
    return json.dumps(entry, sort_keys=True)


def _narrow(rule: Rule, key: str, cell: Cell) -> Effective:
    counted, refused = _sift(rule, _ordered(cell))
    return _effective(key, tuple(given.value for given in counted) or None, counted, refused)


def _locked_keys(rule: Rule, key: str, cell: Cell) -> Effective:
    defined: dict[str, Given] = {}
    switched_off: dict[str, Given] = {}
    refused: list[Refused] = []
    for given in _entries(rule, _ordered(cell)):
        name = _name(rule, given)
        refusal = _refusal(rule, given)
        if _is_off(rule, given.value) and (refusal is None or refusal.cause is not Cause.LEVEL):
            switched_off.setdefault(name, given)
            if refusal is None:
                defined.setdefault(name, given)
        elif refusal is not None:
            refused.append(refusal)
        elif (above := defined.setdefault(name, given)) is not given:
            refused.append(_locked(given, above))
    held = defined | {name: _off(rule, given, defined.get(name)) for name, given in switched_off.items()}
    names = sorted(held, key=lambda name: held[name].layer.rank)
    values = {name: held[name].value for name in names}
    return _effective(
        key,
        tuple(values.values()) if rule.key else values,
        [held[name] for name in names],
        [one for one in refused if one.given.value != values.get(_name(rule, one.given))],
    )


def _entries(rule: Rule, cell: Iterable[Given]) -> Iterator[Given]:
    for given in cell:
        for step in range(len(given.value)) if rule.key else given.value:
            yield _member(given, step)


def _name(rule: Rule, given: Given) -> str:
    return given.value[rule.key] if rule.key else str(given.path[-1])


def _locked(given: Given, above: Given) -> Refused:
    reason = f"locked by {above.layer.level}: {above.where}"
    return Refused(given=given, cause=Cause.LOCKED, by=above, reason=reason)


def _is_off(rule: Rule, entry: Any) -> bool:
    member, value = rule.off or _NO_SWITCH
    return (entry.get(member) if member else entry) == value


def _off(rule: Rule, given: Given, definition: Given | None) -> Given:
    """An entry that is switched off: as a level defines it, and nothing else of what the switch has."""
    member, value = rule.off or _NO_SWITCH
    if not member:
        return given
    return replace(given, value={**(definition.value if definition else {}), member: value})


def _own_level(rule: Rule, key: str, cell: Cell) -> Effective:
    counted, refused = _sift(rule, _ordered(cell))
    says = [given for given in counted if given.value]
    for given in counted:
        same = [one for one in says if one.layer.own_level == given.layer.own_level]
        if same and not given.value:
            refused.append(_looser(given, same[0]))
    files = dict.fromkeys(str(given.layer.file) for given in says)
    return _effective(key, tuple(files) or rule.default, says, refused)


_RULES: Mapping[Merge, Callable[[Rule, str, Cell], Effective]] = {
    Merge.FIRST: _first,
    Merge.STRICTEST: _strictest,
    Merge.UNION: _union,
    Merge.UNION_IF_TRUSTED: _union,
    Merge.NARROW: _narrow,
    Merge.LOCKED_KEYS: _locked_keys,
    Merge.OWN_LEVEL: _own_level,
}
