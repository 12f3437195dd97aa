"""Says what holds for a key, where it comes from, and what did not count: as JSON and as lines to read.

No secret is in either. Lines are safe to print: what came from a file shows as what it is.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.settings.effective import Effective, Given, Refused
from droid.settings.jsonc import dotted
from droid.settings.masking import masked
from droid.settings.rules import Merge
from droid.settings.schema_tree import Node, load
from droid.settings.snapshot import LevelFile
from droid.settings.visible import visible

_SHOWN_CHARACTERS = 60


def chosen(merged: Mapping[str, Effective], key: str) -> list[Effective]:
    """The keys that a person means by a dotted path: that key, those of a section, the one that it is in."""
    key = key.replace("[", ".").replace("]", "")
    if key in merged:
        return [merged[key]]
    below = [one for path, one in merged.items() if path.startswith(f"{key}.")]
    return below or [one for path, one in merged.items() if key.startswith(f"{path}.")]


def explain(effective: Effective) -> dict[str, Any]:
    """One key: `{"key", "value", "level", "file", "line", "refused": […]}`.

    With `entries`, each with its own place, where several places make up the value.
    """
    explained: dict[str, Any] = {"key": effective.path, "value": _value(effective)}
    explained |= _place(effective.source)
    if _has_entries(effective):
        explained["entries"] = [_entry(given) for given in effective.contributions]
    explained["refused"] = [_refusal(one) for one in effective.refused]
    return explained


def show(merged: Mapping[str, Effective], levels: Iterable[LevelFile]) -> dict[str, Any]:
    """`{"settings": {…}, "levels": [{"level", "file", "status", "errors"}]}`, what nothing sets left out."""
    settings: dict[str, Any] = {}
    for effective in _set(merged):
        *sections, last = effective.path.split(".")
        section = settings
        for name in sections:
            section = section.setdefault(name, {})
        section[last] = _value(effective)
    files = [
        {"level": one.level, "file": one.file, "status": one.status, "errors": list(one.errors)}
        for one in levels
    ]
    return {"settings": settings, "levels": files}


def explain_lines(effective: Effective) -> list[str]:
    """The same as `explain`, to be read."""
    if _has_entries(effective):
        rows = [("in force", _text(_of(given)), *_origin(given), "") for given in effective.contributions]
    else:
        rows = [("in force", _text(_value(effective)), *_origin(effective.source), "")]
    rows += [
        ("refused", _text(_of(one.given)), *_origin(one.given), one_line(one.reason))
        for one in effective.refused
    ]
    return [effective.path, *aligned(rows)]


def show_lines(merged: Mapping[str, Effective], levels: Sequence[LevelFile]) -> list[str]:
    """The same as `show`, to be read."""
    files = [(one.level, one.status, one_line(one.file)) for one in levels]
    errors = [f"  {one_line(error)}" for one in levels for error in one.errors]
    rows = [(one.path, _text(_value(one)), *_origin(one.source)) for one in _set(merged)]
    return ["Files", *aligned(files), *errors, "", "Settings", *aligned(rows)]


# --- values and places -----------------------------------------------------------------------


def _set(merged: Mapping[str, Effective]) -> list[Effective]:
    return [one for one in merged.values() if one.source is not None or one.value not in (None, (), {})]


def _has_entries(effective: Effective) -> bool:
    return effective.source is not None and effective.value != effective.source.value


def _value(effective: Effective) -> Any:
    node = _node(tuple(effective.path.split(".")))
    merge = node.rule.merge if node is not None and node.rule is not None else None
    if merge is Merge.OWN_LEVEL:
        return list(effective.value) if effective.value else effective.value
    if merge is Merge.NARROW and effective.value is not None:
        lists = [masked(node, one) for one in effective.value]
        return lists[0] if len(lists) == 1 else {"allOf": lists}
    return masked(node, effective.value)


def _of(given: Given) -> Any:
    return masked(_node(given.path), given.value)


def _node(path: tuple[str | int, ...]) -> Node | None:
    return load("settings").at(path) or load("mcp").at(path)


def _place(given: Given | None) -> dict[str, Any]:
    if given is None:
        return {"level": SettingsLevel.BUILTIN.value, "file": None, "line": None}
    return {"level": given.layer.level.value, "file": str(given.layer.file), "line": given.line}


def _entry(given: Given) -> dict[str, Any]:
    return {"key": dotted(given.path), "value": _of(given), **_place(given)}


def _refusal(refused: Refused) -> dict[str, Any]:
    return {**_place(refused.given), "value": _of(refused.given), "reason": refused.reason}


# --- lines -----------------------------------------------------------------------------------


def _origin(given: Given | None) -> tuple[str, str]:
    if given is None:
        return (SettingsLevel.BUILTIN.value, "")
    return (given.layer.level.value, one_line(given.where))


def _text(value: Any) -> str:
    if value is None:
        return "not set"
    text = one_line(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"


def one_line(text: str) -> str:
    """A text as one line that shows as what it is."""
    return visible(text.replace("\n", "⏎").replace("\t", " "))


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """In columns, those left out in which nothing stands."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width).rstrip()
        for row in rows
    ]
