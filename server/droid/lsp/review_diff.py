"""A changeset as a `.diff` document: what it says, and which hunk stands in which line.

It is a unified diff that any editor colours, with what was decided at the end of each hunk's heading. What
can be done in a line follows from the rendering, not from the document's text, which anybody may have edited.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from droid.engine.changesets import ChangedFile, Changeset, HunkState, Phase
from droid.engine.diffs import file_heading
from droid.engine.hunks import Hunk
from droid.lsp.markdown_text import exact, one_line

_SHOWN_LINES = 5_000
_SAYS = {
    HunkState.PENDING: "to look at",
    HunkState.ACCEPTED: "accepted",
    HunkState.REJECTED: "rejected",
    HunkState.STALE: "stale: the file changed here since",
}
_SUMMARY = (0, 1)
"""The lines at the top that tell what was decided; they have no text of the changes."""
_PHASES = {
    Phase.PROPOSED: "Proposed changes, not written yet",
    Phase.APPLIED: "Changes that were made",
    Phase.CLOSED: "Changes, nothing left to decide",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something begins in the document.

    Attributes:
        line: From 0.
        heading: How that line begins, whatever is decided.
        hunk: None: the file's own heading.
    """

    line: int
    heading: str
    file: ChangedFile
    hunk: Hunk | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The document of a changeset."""

    changeset: Changeset
    text: str
    places: Sequence[Place]

    def stands_in(self, lines: Sequence[str]) -> bool:
        """Whether a document says what is said here, though perhaps not yet what was decided.

        Each line counts: a button below lines that somebody else wrote would do something else than they say.
        """
        own = self.text.split("\n")
        headings = {place.line: place.heading for place in self.places if place.hunk is not None}
        return len(lines) == len(own) and all(
            line == own[number]
            or number in _SUMMARY
            or (number in headings and line in [f"{headings[number]} {says}" for says in _SAYS.values()])
            for number, line in enumerate(line.rstrip("\r\n") for line in lines)
        )

    def at(self, line: int) -> Place | None:
        """What stands in a line."""
        index = bisect_right([place.line for place in self.places], line) - 1
        return self.places[index] if index >= 0 else None


def render(changeset: Changeset) -> Rendering:
    """The document, with what was decided so far."""
    lines = [f"# {_PHASES[changeset.phase]}: {one_line(changeset.title, 200)}", f"# {_count(changeset)}"]
    if changeset.phase is not Phase.CLOSED:
        lines.append("# On a hunk, its code actions accept or reject it.")
    lines += [f"# changed by somebody else since: {one_line(name, 200)}" for name in changeset.conflicts]
    places: list[Place] = []
    for file in changeset.files:
        before, after = file.hunks.before, file.hunks.after
        named = [one_line(line, 1_000) for line in file_heading(file.name, before is None, after is None)]
        places.append(Place(line=len(lines), heading=named[0], file=file))
        lines += named
        for hunk in file.hunks.hunks:
            places.append(Place(line=len(lines), heading=hunk.heading, file=file, hunk=hunk))
            lines.append(f"{hunk.heading} {_SAYS[file.state_of(hunk)]}")
            lines += (_shown(line) for line in hunk.lines[:_SHOWN_LINES])
            if len(hunk.lines) > _SHOWN_LINES:
                lines.append(f"# {len(hunk.lines) - _SHOWN_LINES} more lines of this hunk are not shown")
            if file.hunks.is_binary:
                lines.append("# the content is not text")
    return Rendering(changeset=changeset, text="\n".join(lines) + "\n", places=tuple(places))


def _count(changeset: Changeset) -> str:
    counts = [(len(changeset.ids_that_are(state)), state) for state in HunkState]
    said = ", ".join(f"{count} {_SAYS[state].partition(':')[0]}" for count, state in counts if count)
    total = len(changeset.ids)
    return f"{total} {'hunk' if total == 1 else 'hunks'}: {said}" if said else "no hunks"


def _shown(line: str) -> str:
    """A line of a hunk, with what hides in it made visible, and nothing in it that ends a line."""
    return exact(line).replace("\r", "␍").replace("\n", "␊")
