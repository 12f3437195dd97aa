"""What mends a finding: edits of the text, or something to do."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from droid.settings.authoring.draft import Draft
from droid.settings.authoring.findings import Finding
from droid.settings.authoring.outline import Item, Shape, Span
from droid.settings.effective import Cause
from droid.settings.jsonc import dotted

_REMOVED = frozenset({Cause.OVERRIDDEN, Cause.LOOSER, Cause.LOCKED, Cause.LEVEL, Cause.DISABLED})
TRUST = "droid.trust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One way to mend a finding.

    Attributes:
        edits: What is put in place of which span, in the order of the text.
        command: What is run besides; empty where nothing is.
        preferred: It is what is meant most probably.
    """

    title: str
    finding: Finding
    edits: tuple[tuple[Span, str], ...] = ()
    command: str = ""
    preferred: bool = False


def fixes_for(draft: Draft, findings: Iterable[Finding]) -> list[Fix]:
    """What mends these findings."""
    return [fix for finding in findings for fix in _fixes(draft, finding)]


def _fixes(draft: Draft, finding: Finding) -> list[Fix]:
    item = draft.outline.get(finding.path) if finding.path else None
    if item is None:
        return []
    name = dotted(item.path)
    if finding.code == "unknown-key" and item.key is not None:
        found: list[Fix] = []
        if finding.nearest is not None:
            text = json.dumps(finding.nearest) if draft.kind.is_json else finding.nearest
            found.append(
                Fix(
                    title=f"Rename to {finding.nearest}",
                    finding=finding,
                    edits=((item.key, text),),
                    preferred=True,
                )
            )
        return [*found, *_removal(draft, item, finding, f"Remove {name}")]
    if finding.code == "secret" and item.shape is Shape.TEXT and draft.kind.is_json:
        reference = f"${{{finding.variable}}}"
        title = f"Replace by {reference} (set {finding.variable} in the environment of the server)"
        return [Fix(title=title, finding=finding, edits=((item.value, json.dumps(reference)),))]
    if finding.code == Cause.UNTRUSTED:
        return [Fix(title="Trust this workspace…", finding=finding, command=TRUST)]
    if finding.code in _REMOVED:
        return _removal(draft, item, finding, f"Remove {name}, which has no effect")
    return []


def _removal(draft: Draft, item: Item, finding: Finding, title: str) -> list[Fix]:
    edits = removal(draft, item)
    return [Fix(title=title, finding=finding, edits=edits)] if edits else []


def removal(draft: Draft, item: Item) -> tuple[tuple[Span, str], ...]:
    """The edits that take an item out, with its comma and the lines that it leaves empty."""
    text = draft.text
    start, end = item.span
    if not draft.kind.is_json:
        return ((_whole_lines(text, start, end), ""),)
    after = _skip_blanks(text, end)
    if text[after : after + 1] == ",":
        return ((_whole_lines(text, start, after + 1), ""),)
    parent = draft.outline.parent(item)
    before = [one for one in parent.children if one.span[1] <= start] if parent is not None else []
    comma = text.find(",", before[-1].span[1], start) if before else -1
    if comma < 0:
        return ((_whole_lines(text, start, end), ""),)
    if text[comma + 1 : start].strip():
        # A comment stands between: it stays.
        return (((comma, comma + 1), ""), (_whole_lines(text, start, end), ""))
    return (((comma, end), ""),)


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _whole_lines(text: str, start: int, end: int) -> Span:
    """The span, with the whole lines where nothing else stands in them, else with the blank behind it."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last + 1
    if not text[first:start].strip() and not text[end:last].strip():
        return (first, last)
    while end < len(text) and text[end] in " \t":
        end += 1
    return (start, end)
