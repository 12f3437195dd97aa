"""Where what is meant at a place is defined."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, cast

from droid.settings.authoring.draft import Draft, Subject
from droid.settings.authoring.naming import Names, names_at
from droid.settings.authoring.outline import Item, Shape
from droid.settings.effective import Effective, Given
from droid.settings.paths import real
from droid.settings.rules import Merge

_CUSTOM = "custom:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A line of a file, from 1."""

    file: FilePath
    line: int


def definition_at(draft: Draft, offset: int) -> list[Target]:
    """Where to go from a place: a name's definition, or the value that wins over the one here."""
    item = draft.outline.at(offset)
    if item is None or not item.path:
        return []
    on_value = item.key is None or offset > item.key[1]
    if on_value and item.shape is Shape.TEXT:
        named = list(_named(draft, item))
        if named:
            return named
    subject = draft.subject(item.path)
    if subject is None or not subject.key:
        return []
    effective = draft.settings.get(subject.key)
    return [] if effective is None else _targets(draft, _winners(subject, effective))


def key_at(draft: Draft, offset: int) -> str | None:
    """The dotted path of the key that a place is about; None where it is about none."""
    item = draft.outline.at(offset)
    subject = draft.subject(item.path) if item is not None and item.path else None
    if subject is None:
        return None
    return subject.key or subject.node.path or None


def _named(draft: Draft, item: Item) -> Iterator[Target]:
    kind = names_at(draft.kind, item.path)
    if kind is Names.DROIDS:
        file = draft.known.droids().get(item.text)
        if file is not None:
            yield Target(file=file, line=1)
    elif kind is Names.SERVERS:
        for given in _contributions(draft.snapshot.servers.get("mcpServers")):
            if given.path[-1] == item.text:
                yield from _targets(draft, [given])
    elif kind is Names.MODELS:
        wanted = item.text.removeprefix(_CUSTOM)
        settings = (
            draft.settings if draft.layers and "customModels" in draft.settings else draft.snapshot.settings
        )
        for given in _contributions(settings.get("customModels")):
            entry = cast("dict[str, Any]", given.value)
            if str(entry.get("id", "")).removeprefix(_CUSTOM) == wanted:
                yield from _targets(draft, [given])


def _contributions(effective: Effective | None) -> tuple[Given, ...]:
    return () if effective is None else effective.contributions


def _winners(subject: Subject, effective: Effective) -> list[Given]:
    """What counts for an item: the entry of its name where it is one, else all that make up the key."""
    ruled = subject.ruled
    rule = ruled.rule if ruled is not None else None
    if rule is not None and rule.merge is Merge.LOCKED_KEYS and not rule.key and subject.below:
        return [one for one in effective.contributions if one.path[-1] == subject.below[0]]
    if rule is not None and rule.merge in (Merge.FIRST, Merge.STRICTEST):
        return list(effective.contributions[:1])
    return list(effective.contributions)


def _targets(draft: Draft, winners: list[Given]) -> list[Target]:
    found: dict[tuple[FilePath, int], Target] = {}
    for given in winners:
        file = given.layer.file
        if not isinstance(file, FilePath):
            continue  # an address is nothing that an editor opens
        # The buffer's own lines are those of its text, saved or not.
        item = draft.item(given.in_file) if real(file) == draft.path else None
        line = given.line if item is None else draft.line(item.span[0])
        found.setdefault((file, line), Target(file=file, line=line))
    return list(found.values())
