"""Changes of a file, hunk by hunk: what can be taken singly, left out, and taken back later.

All of it works on bytes, so that what is put together from hunks is, to the last byte, what was compared.
A hunk is that of a unified diff: a change with a few lines around it, and changes that lie close together are
one. A file that comes, goes, or is no text is one hunk: there is no half of it.

A hunk is found again in a text that has changed since by its own lines and three around them. Where they
stand as often as they did before, it is the same one of them; with fewer around, it must be the only one.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from droid.engine.content_lines import Text, bare_of, joined, lines_of, same_but_ends, texts_of, with_ends_of
from droid.engine.diffs import grouped, is_binary, marked, opcodes

_ID_CHARACTERS = 32
"""So many that nobody can make two hunks with one id, of which accepting one would accept the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One change; the lines `first` up to `last` (not included, from 0) on each side.

    Attributes:
        hunk_id: The same whenever the same file is compared with the same change in it.
        lines: As a unified diff has them: each with ` `, `+` or `-` before it, without its line end.
        runs: The changed lines alone: `(old first, old last, new first, new last)`, in order.
    """

    hunk_id: str
    old_first: int
    old_last: int
    new_first: int
    new_last: int
    lines: tuple[str, ...] = ()
    runs: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def ranges(self) -> tuple[int, int, int, int]:
        """Where it begins, from 1, and its length, on each side: as the heading of a unified diff says it."""
        old, new = self.old_last - self.old_first, self.new_last - self.new_first
        return self.old_first + (1 if old else 0), old, self.new_first + (1 if new else 0), new

    @property
    def heading(self) -> str:
        """The line of a unified diff that says where it is."""
        old_start, old_lines, new_start, new_lines = self.ranges
        return f"@@ -{old_start},{old_lines} +{new_start},{new_lines} @@"


class FileHunks:
    """The hunks between two contents of one file; None means that there is no file.

    Attributes:
        is_whole: It can only be taken or left as a whole: it has exactly one hunk.
        is_binary: That hunk has no lines to show.
    """

    def __init__(self, name: str, before: bytes | None, after: bytes | None) -> None:
        self.name = name
        self.before = before
        self.after = after
        self.is_binary = is_binary(before) or is_binary(after)
        self.is_whole = self.is_binary or before is None or after is None
        self._old, self._new = lines_of(before), lines_of(after)
        self.hunks: tuple[Hunk, ...] = () if before == after else tuple(self._find())
        self.ids = frozenset(hunk.hunk_id for hunk in self.hunks)

    def _find(self) -> Iterator[Hunk]:
        if self.is_whole:
            digest = hashlib.sha256()
            for part in (self.name.encode(errors="surrogatepass"), self.before, self.after):
                digest.update(b"-" if part is None else b"+" + hashlib.sha256(part).digest())
            shown = ()
            if not self.is_binary:
                shown = (*marked("-", texts_of(self._old)), *marked("+", texts_of(self._new)))
            yield Hunk(
                hunk_id=digest.hexdigest()[:_ID_CHARACTERS],
                old_first=0,
                old_last=len(self._old),
                new_first=0,
                new_last=len(self._new),
                lines=shown,
                runs=((0, len(self._old), 0, len(self._new)),),
            )
            return
        seen: dict[bytes, int] = {}
        for group in grouped(opcodes(self._old, self._new)):
            runs = tuple((i1, i2, j1, j2) for tag, i1, i2, j1, j2 in group if tag != "equal")
            digest = hashlib.sha256(hashlib.sha256(self.name.encode(errors="surrogatepass")).digest())
            shown: tuple[str, ...] = ()
            for tag, i1, i2, j1, j2 in group:
                if tag == "equal":
                    shown += tuple(marked(" ", texts_of(self._old[i1:i2])))
                    continue
                for mark, lines in (("-", self._old[i1:i2]), ("+", self._new[j1:j2])):
                    shown += tuple(marked(mark, texts_of(lines)))
                    digest.update(mark.encode() + hashlib.sha256(b"".join(lines)).digest())
            # Of several hunks that say the same, each is the first, the second, …
            number = seen[digest.digest()] = seen.get(digest.digest(), 0) + 1
            digest.update(number.to_bytes(8, "big"))
            yield Hunk(
                hunk_id=digest.hexdigest()[:_ID_CHARACTERS],
                old_first=group[0][1],
                old_last=group[-1][2],
                new_first=group[0][3],
                new_last=group[-1][4],
                lines=shown,
                runs=runs,
            )

    def with_only(self, ids: Collection[str]) -> bytes | None:
        """The content with some of the hunks: all of them make `after`, none `before`."""
        if self.is_whole:
            return self.after if self.ids & set(ids) else self.before
        parts: list[bytes] = []
        done = 0
        for hunk in self.hunks:
            if hunk.hunk_id in ids:
                parts += self._old[done : hunk.old_first]
                parts += self._new[hunk.new_first : hunk.new_last]
                done = hunk.old_last
        return b"".join((*parts, *self._old[done:]))

    def taken_in(self, now: bytes | None) -> frozenset[str] | None:
        """The hunks that a content holds, line ends aside; None where it holds something else besides."""
        if self.is_whole or now is None:
            taken = self.ids if same_but_ends(now, self.after) else frozenset[str]()
            return taken if taken or same_but_ends(now, self.before) else None
        old, new, lines = (bare_of(one) for one in (self._old, self._new, lines_of(now)))
        # What is left to try: a hunk, where it begins on the old side, and here, and those taken before it.
        left: list[tuple[int, int, int, frozenset[str]]] = [(0, 0, 0, frozenset())]
        tried: set[tuple[int, int]] = set()
        while left:
            index, place, here, taken = left.pop()
            if index == len(self.hunks):
                if old[place:] == lines[here:]:
                    return taken
                continue
            hunk = self.hunks[index]
            start = here + hunk.old_first - place
            if (index, start) in tried or old[place : hunk.old_first] != lines[here:start]:
                continue
            tried.add((index, start))
            sides = (
                (old[hunk.old_first : hunk.old_last], taken),
                (new[hunk.new_first : hunk.new_last], taken | {hunk.hunk_id}),
            )
            for side, then in sides:
                if lines[start : start + len(side)] == side:
                    left.append((index + 1, hunk.old_last, start + len(side), then))
        return None

    def taken(
        self, now: bytes | None, taken: Collection[str], more: Collection[str]
    ) -> tuple[bytes | None, frozenset[str]]:
        """Take hunks in a content that holds the `taken` ones, and may have changed elsewhere since.

        Returns:
            The content with `more` in it, and those of them that were not found a place for.
        """
        return self._moved(now, taken, more, take=True)

    def taken_back(
        self, now: bytes | None, taken: Collection[str], less: Collection[str]
    ) -> tuple[bytes | None, frozenset[str]]:
        """Take hunks back in a content that holds the `taken` ones, and may have changed elsewhere since.

        Returns:
            The content without `less`, and those of them that were not found in it.
        """
        return self._moved(now, taken, less, take=False)

    def _moved(
        self, now: bytes | None, taken: Collection[str], ids: Collection[str], *, take: bool
    ) -> tuple[bytes | None, frozenset[str]]:
        ids = self.ids & set(ids)
        there = self.ids & set(taken)
        expected = self.with_only(there)
        if same_but_ends(now, expected):
            wanted = self.with_only(there | ids if take else there - ids)
            return (wanted if now == expected else with_ends_of(now, wanted)), frozenset()
        if self.is_whole or now is None or expected is None or is_binary(now):
            return now, frozenset(ids)
        return self._located(now, there, ids, take=take)

    def _located(
        self, now: bytes, there: frozenset[str], ids: Collection[str], *, take: bool
    ) -> tuple[bytes, frozenset[str]]:
        reference, places = self._reference(there)
        known, found = Text(reference), Text(lines_of(now))
        lost: set[str] = set()
        edits: list[tuple[int, int, Sequence[bytes]]] = []
        for hunk in self.hunks:
            if hunk.hunk_id not in ids:
                continue
            start = places[hunk.hunk_id]
            own: list[tuple[int, int, Sequence[bytes]]] = []
            for i1, i2, j1, j2 in hunk.runs:
                first, last = (i1 - hunk.old_first, i2 - i1) if take else (j1 - hunk.new_first, j2 - j1)
                place = found.place_of(known, start + first, start + first + last)
                if place is None:
                    break
                own.append((place, place + last, self._new[j1:j2] if take else self._old[i1:i2]))
            else:
                edits += own
                continue
            lost.add(hunk.hunk_id)
        edits.sort(key=lambda edit: (edit[0], edit[1]))
        if any(one[1] > other[0] for one, other in pairwise(edits)):
            return now, frozenset(ids)  # two places cannot both be right
        lines, done, result = found.lines, 0, list[bytes]()
        for first, last, new in edits:
            result += lines[done:first]
            result += new
            done = last
        result += lines[done:]
        return joined(result, now), frozenset(lost)

    def _reference(self, there: frozenset[str]) -> tuple[list[bytes], dict[str, int]]:
        """The lines with these hunks, and where in them each hunk begins, on the side that stands there."""
        lines: list[bytes] = []
        places: dict[str, int] = {}
        done = 0
        for hunk in self.hunks:
            lines += self._old[done : hunk.old_first]
            places[hunk.hunk_id] = len(lines)
            if hunk.hunk_id in there:
                lines += self._new[hunk.new_first : hunk.new_last]
            else:
                lines += self._old[hunk.old_first : hunk.old_last]
            done = hunk.old_last
        return lines + self._old[done:], places
