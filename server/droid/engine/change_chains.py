"""What became of each file over several changes, and whether all of it is known.

Two changes of a file that follow each other fit where the second begins with what the first left behind.
Where they do not, somebody else changed the file in between, and going back past that would take their change
away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from droid.domain.events import ChangesReviewed, FilesChanged, FilesRestored, Record, TurnStarted, Undone
from droid.domain.files import FileChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The changes of one file, as one.

    Attributes:
        first: Its `before` is what the file was.
        last: Its `after` is what was left behind.
        broken: Somebody else changed it in between.
    """

    first: FileChange
    last: FileChange
    broken: bool = False

    @property
    def changes_nothing(self) -> bool:
        first, last = self.first, self.last
        same_mode = last.after_mode is None or first.mode is None or last.after_mode == first.mode
        same = (first.before, first.before_link) == (last.after, last.after_link)
        return same and (same_mode or first.before is None)


def chains(changes: Iterable[FileChange]) -> Mapping[str, Chain]:
    """The chain of each path, in the order in which they were changed first."""
    found: dict[str, Chain] = {}
    for change in changes:
        known = found.get(change.path)
        if known is None:
            found[change.path] = Chain(first=change, last=change)
            continue
        fits = (known.last.after, known.last.after_link) == (change.before, change.before_link)
        found[change.path] = Chain(first=known.first, last=change, broken=known.broken or not fits)
    return found


def changes_since(records: Sequence[Record], turn_id: str) -> list[FileChange]:
    """All that this session has changed since a turn began: by calls, by commands, by taking changes back."""
    found: list[tuple[int, Sequence[FileChange]]] = []
    number, begun = turn_number(turn_id), 0
    for record in records:
        event = record.event
        if isinstance(event, TurnStarted):
            begun = max(begun, turn_number(record.turn_id))
        elif isinstance(event, FilesChanged | Undone | ChangesReviewed | FilesRestored):
            # What a command changed that was cut off is told when the next turn may have begun.
            of_turn = turn_number(record.turn_id) if isinstance(event, FilesChanged) else 0
            found.append((of_turn or begun, event.changes))
    found = [entry for entry in found if entry[0] >= number]
    found.sort(key=lambda entry: entry[0])
    return [change for _, changes in found for change in changes]


def turn_number(turn_id: str | None) -> int:
    """The number in a turn's id; 0 between turns."""
    digits = (turn_id or "").removeprefix("t")
    return int(digits) if digits.isdecimal() else 0
