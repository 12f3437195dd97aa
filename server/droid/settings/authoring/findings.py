"""What is wrong with a buffer, or not as whoever wrote it may think."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from droid.settings.authoring.draft import Draft
from droid.settings.authoring.outline import Item, Shape, Span
from droid.settings.authoring.wording import is_reference, looks_like_a_key, names_a_secret
from droid.settings.effective import Cause, Refused
from droid.settings.factory_file import Issue
from droid.settings.jsonc import Path, dotted
from droid.settings.schema_tree import Node
from droid.settings.visible import visible

_MAX_FINDINGS = 200
_REFERENCE = re.compile(r"\$\{(?P<inside>[^}\"\n]*)(?P<end>\}?)")
_INSIDE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^$]*)?")
_NAME = re.compile(r"[^A-Za-z0-9]+")


class Severity(IntEnum):
    """As in LSP."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that explains a finding.

    Attributes:
        file: A path, or an address.
        line: From 1.
    """

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to know about a place.

    Attributes:
        code: `syntax`, `schema`, `unknown-key`, `unreadable`, `secret`, `variable`, or a `Cause`.
        span: What to mark.
        path: What it is about.
        unnecessary: What is marked could be left out.
        nearest: The known key that was probably meant.
        variable: Of `secret`: the name of a variable that could hold it.
    """

    code: str
    message: str
    span: Span
    severity: Severity
    path: Path = ()
    unnecessary: bool = False
    nearest: str | None = None
    variable: str = ""
    related: Related | None = None


def findings_of(draft: Draft) -> list[Finding]:
    """Everything about a buffer, by place."""
    found = [_of_issue(draft, issue) for issue in draft.read.issues]
    if draft.layers:
        found += _of_levels(draft)
    if draft.kind.is_json:
        found += _of_values(draft)
    unique = {(one.span, one.message): one for one in found}
    return sorted(unique.values(), key=lambda one: (one.span, one.severity))[:_MAX_FINDINGS]


# --- the file by itself ----------------------------------------------------------------------


def _of_issue(draft: Draft, issue: Issue) -> Finding:
    item = draft.outline.get(issue.path) if issue.path else None
    if issue.code == "unknown-key" and item is not None:
        span = item.name_span
    elif issue.code == "schema" and item is not None and item.shape is not Shape.MISSING:
        # Of an object only the bracket: what is wrong with it is not what stands in it.
        inner = item.shape in (Shape.OBJECT, Shape.ARRAY)
        span = item.name_span if inner else item.value
    else:
        span = _around(draft, draft.offset(issue.place))
    return Finding(
        code=issue.code,
        message=issue.message,
        span=span,
        severity=Severity.ERROR if issue.fatal else Severity.WARNING,
        path=issue.path,
        nearest=issue.nearest,
    )


def _around(draft: Draft, offset: int) -> Span:
    """The word at a place; where nothing is, what stands before it."""
    found = re.compile(r"[^\s,:{}\[\]]+|\S").match(draft.text, offset)
    if found is not None:
        return found.span()
    before = len(draft.text[:offset].rstrip())
    return (max(before - 1, 0), max(before, 0)) if before else (0, min(1, len(draft.text)))


# --- among the levels ------------------------------------------------------------------------

_SEVERITIES = {
    Cause.UNTRUSTED: Severity.WARNING,
    Cause.UNVERIFIED: Severity.INFORMATION,
    Cause.LEVEL: Severity.WARNING,
    Cause.OVERRIDDEN: Severity.INFORMATION,
    Cause.LOOSER: Severity.INFORMATION,
    Cause.LOCKED: Severity.WARNING,
    Cause.DISABLED: Severity.INFORMATION,
}
_WITHOUT_EFFECT = frozenset({Cause.OVERRIDDEN, Cause.LOOSER, Cause.DISABLED})


def refused_here(draft: Draft) -> Iterator[tuple[Refused, Item]]:
    """What this buffer says and what does not count, with where it stands."""
    if not draft.layers:
        return
    for effective in draft.settings.values():
        for refused in effective.refused:
            if draft.is_mine(refused.given.layer):
                item = draft.item(refused.given.in_file)
                if item is not None:
                    yield refused, item


def _of_levels(draft: Draft) -> Iterator[Finding]:
    for refused, item in refused_here(draft):
        by = refused.by
        yield Finding(
            code=str(refused.cause),
            message=visible(_said(refused)),
            span=item.name_span if refused.cause not in _WITHOUT_EFFECT else _whole(item),
            severity=_SEVERITIES[refused.cause],
            path=item.path,
            unnecessary=refused.cause in _WITHOUT_EFFECT,
            related=None
            if by is None
            else Related(
                file=str(by.layer.file), line=by.line, message=f"what counts, from {by.layer.level}"
            ),
        )


def _whole(item: Item) -> Span:
    """Key and value where they are short; what is large is marked by its key."""
    return item.name_span if item.shape in (Shape.OBJECT, Shape.ARRAY) and item.key else item.span


def _said(refused: Refused) -> str:
    match refused.cause:
        case Cause.LOCKED:
            return f"{refused.reason}; this is ignored"
        case Cause.OVERRIDDEN | Cause.LOOSER | Cause.DISABLED:
            return f"has no effect: {refused.reason}"
        case _:
            return f"ignored: {refused.reason}"


# --- secrets and variables -------------------------------------------------------------------


def _of_values(draft: Draft) -> Iterator[Finding]:
    schema = draft.kind.schema
    for item in draft.outline.items():
        if item.shape is not Shape.TEXT or not item.text:
            continue
        secret, expands = _marks(schema, item.path)
        if _is_literal_secret(item, secret):
            variable = variable_for(item.path)
            yield Finding(
                code="secret",
                message=(
                    f"a secret in a settings file: {dotted(item.path)}; "
                    f"put it into a variable of the environment and write ${{{variable}}}"
                ),
                span=item.value,
                severity=Severity.WARNING,
                path=item.path,
                variable=variable,
            )
        if expands:
            yield from _of_references(draft, item)


def _marks(schema: Node, path: Path) -> tuple[Node | None, bool]:
    """The node on the way to a value that says it is secret, and whether variables are put into it."""
    secret, expands, node = None, False, schema
    for step in path:
        below = node.at((step,))
        if below is None:
            break
        node = below
        if node.rule is not None:
            secret = node if node.rule.secret else secret
            expands = expands or node.rule.expands
    return secret, expands


def _is_literal_secret(item: Item, secret: Node | None) -> bool:
    if looks_like_a_key(item.text):
        return True
    if secret is None or is_reference(item.text):
        return False
    # Of headers and variables, most are no secret.
    return secret.values is None or names_a_secret(str(item.path[-1]))


def variable_for(path: Path) -> str:
    """A name for the variable that holds a secret."""
    words = [str(step) for step in path if isinstance(step, str)]
    if words[-1:] in (["apiKey"], ["passphrase"], ["clientSecret"], ["signingKey"]):
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words[-1])
    else:
        name = words[-1] if words else "secret"
    name = _NAME.sub("_", name).strip("_").upper()
    return name if name and not name[0].isdigit() else f"SECRET_{name}".rstrip("_")


def _of_references(draft: Draft, item: Item) -> Iterator[Finding]:
    for match in _REFERENCE.finditer(draft.text, item.value[0], item.value[1]):
        inside = _INSIDE.fullmatch(match["inside"])
        message = ""
        if inside is None or not match["end"]:
            message = "neither ${NAME} nor ${NAME:-default}; what uses it is left out"
        elif inside["default"] is None and inside["name"] not in draft.known.variables:
            message = f"the environment variable {inside['name']} is not set; what uses it is left out"
        if message:
            yield Finding(
                code="variable",
                message=message,
                span=match.span(),
                severity=Severity.INFORMATION,
                path=item.path,
            )
