"""What stands where in a text that need not be complete.

A person writes from left to right, so most of the time the text around the cursor is no JSON. The outline
is what a reader would make of it: a key without a value, a comma that is missing, a quote that is open.
Nothing here raises, whatever the text is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from droid.settings.jsonc import Path

Span = tuple[int, int]
"""Offsets in the text: the first character, and the one after the last."""


class Shape(StrEnum):
    """What a value is."""

    OBJECT = "object"
    ARRAY = "array"
    TEXT = "text"
    WORD = "word"
    """A number, `true`, or something that is being written."""
    MISSING = "missing"


@dataclass(slots=True, kw_only=True)
class Item:
    """A member of an object or an item of a list.

    Attributes:
        path: From the outermost object; its last step is the key or the index.
        key: With its quotes; None for an item of a list and for the outermost object.
        value: An empty span where the value is missing; with brackets and quotes.
        text: A text without its quotes, escapes resolved; a word as it stands.
        closed: The quote or bracket that ends the value is there.
    """

    path: Path
    key: Span | None
    value: Span
    shape: Shape = Shape.MISSING
    text: str = ""
    closed: bool = True
    children: list["Item"] = field(default_factory=list["Item"])

    @property
    def span(self) -> Span:
        """Key and value."""
        return (
            self.value[0] if self.key is None else self.key[0],
            max(self.value[1], (self.key or (0, 0))[1]),
        )

    @property
    def name_span(self) -> Span:
        """What to mark when the item as a whole is meant: its key, else its value."""
        return self.value if self.key is None else self.key


class Slot(StrEnum):
    """What can be written at a place."""

    KEY = "key"
    VALUE = "value"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A place in the text, and what can be written there.

    Attributes:
        path: KEY: of the object that would get the key; VALUE: of the value itself.
        token: What is there already and would be replaced; empty where nothing is.
        typed: What of it stands before the place, without an opening quote.
        quoted: The token begins with a quote.
        before: Where a comma is missing before; None where none is.
        comma_after: Something follows that wants a comma between.
        colon_after: A colon follows: the key is there, and only its name changes.
        used: The keys that the object has, the one at the place left out; of a list its texts.
        separator: A blank, where one is wanted before what is written.
    """

    slot: Slot
    path: Path = ()
    token: Span = (0, 0)
    typed: str = ""
    quoted: bool = False
    before: int | None = None
    comma_after: bool = False
    colon_after: bool = False
    used: frozenset[str] = frozenset()
    separator: str = ""


NOWHERE = Cursor(slot=Slot.NOTHING)


class Outline:
    """The items of a text.

    Attributes:
        root: The outermost object; None where the text has none.
    """

    def __init__(self, text: str, root: Item | None) -> None:
        self.text = text
        self.root = root
        self._by_path: dict[Path, Item] = {}
        for item in self.items():
            # Of a key given twice the first counts, which is where the message points to.
            self._by_path.setdefault(item.path, item)

    def items(self) -> Iterator[Item]:
        """All of them, outer before inner."""
        waiting = [] if self.root is None else [self.root]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.children))

    def get(self, path: Path) -> Item | None:
        """The item of a path."""
        return self._by_path.get(path)

    def nearest(self, path: Path) -> Item | None:
        """The item of a path, or the nearest one around it."""
        while path and path not in self._by_path:
            path = path[:-1]
        return self._by_path.get(path)

    def parent(self, item: Item) -> Item | None:
        return self._by_path.get(item.path[:-1]) if item.path else None

    def at(self, offset: int) -> Item | None:
        """The innermost item whose key or value a place is in; an end counts as in it."""
        found, level = None, [] if self.root is None else [self.root]
        while level:
            inside = next((one for one in level if one.span[0] <= offset <= one.span[1]), None)
            if inside is None:
                break
            found, level = inside, inside.children
        return found


def used_names(items: Sequence[Item], but: Item | None = None) -> frozenset[str]:
    """The keys of an object's members, or the texts of a list's."""
    names = (str(one.path[-1]) if one.key is not None else one.text for one in items if one is not but)
    return frozenset(names)
