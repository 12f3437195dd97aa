"""The members of a buffer as a tree, for an editor's outline."""

from dataclasses import dataclass

from droid.settings.authoring.draft import Draft
from droid.settings.authoring.outline import Item, Shape, Span
from droid.settings.authoring.wording import shown

_MAX_SYMBOLS = 2_000
_NAMING = ("id", "name", "model", "matcher", "urlPattern", "host", "command", "regex", "path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One member.

    Attributes:
        shape: What its value is.
        span: All of it; `name_span` is its key.
    """

    name: str
    detail: str
    shape: Shape
    span: Span
    name_span: Span
    children: tuple["Symbol", ...]


def symbols_of(draft: Draft) -> list[Symbol]:
    """The outermost members, with what is in them."""
    root = draft.outline.root
    if root is None:
        return []
    left = [_MAX_SYMBOLS]
    return _symbols(draft, root, left)


def _symbols(draft: Draft, parent: Item, left: list[int]) -> list[Symbol]:
    found: list[Symbol] = []
    for item in parent.children:
        if left[0] <= 0:
            break
        # The texts of a list say all there is to say in one line.
        if item.key is None and item.shape not in (Shape.OBJECT, Shape.ARRAY):
            continue
        left[0] -= 1
        found.append(
            Symbol(
                name=_name(item),
                detail=_detail(draft, item),
                shape=item.shape,
                span=item.span,
                name_span=item.key or (item.value[0], min(item.value[0] + 1, item.value[1])),
                children=tuple(_symbols(draft, item, left)),
            )
        )
    return found


def _name(item: Item) -> str:
    if item.key is not None:
        return str(item.path[-1]) or '""'
    texts = {str(one.path[-1]): one.text for one in item.children if one.text}
    return next((texts[key] for key in _NAMING if key in texts), f"[{item.path[-1]}]")


def _detail(draft: Draft, item: Item) -> str:
    if item.shape in (Shape.OBJECT, Shape.ARRAY):
        return ""
    node = draft.kind.schema
    for step in item.path:
        below = node.at((step,))
        if below is None:
            break
        node = below
        if node.rule is not None and node.rule.secret:
            return "***"
    return shown(node, item.text, 60).strip('"')
