"""A repository while a line of shell runs: what is checked out, and what the line has set.

Nothing is run: this follows what each command would leave behind, and where it cannot be told, what it may.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.git_facts import GitFacts
from droid.safety.git_words import GitCall

HEADS = "refs/heads/"
HEAD_NAMES = frozenset({"HEAD", "@"})


@dataclass(frozen=True, slots=True)
class BranchUse:
    """Something that becomes of a branch.

    Attributes:
        deed: `pushes to`, `resets`, `deletes`.
        ref: Its full name; it may have `*`, and `UNKNOWN` for what is not known.
        certain: It happens for sure; else it may.
        remote: Where it lies, where that is another repository.
    """

    deed: str
    ref: str
    certain: bool = True
    remote: str = ""


ANY = HEADS + UNKNOWN
"""A branch that cannot be told."""
ALL = HEADS + "*"


def branch_ref(text: str) -> str | None:
    """The full name that git makes of what somebody calls a branch; None where it is something else."""
    text = re.sub(r"/+", "/", text).lstrip("/")
    lower = text.lower()
    if lower.startswith("refs/"):
        return text if lower.startswith(HEADS) or "*" in text or UNKNOWN in text[: len(HEADS)] else None
    if lower.startswith("heads/"):
        return f"refs/{text}"
    if lower.startswith(("tags/", "remotes/", "notes/")):
        return None
    return HEADS + text


def moved(deed: str, word: Word, *, certain: bool = True) -> Iterator[BranchUse]:
    """What becomes of the branch that a word names."""
    ref = branch_ref(word.text)
    if ref is not None:
        yield BranchUse(deed, ref, certain and word.known)


@dataclass(slots=True)
class LineSettings:
    """Configuration that a line sets on its way.

    Attributes:
        unknown: It may set more.
    """

    values: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    unknown: bool = False


@dataclass(slots=True)
class Repository:
    """One repository.

    Attributes:
        facts: None where nothing is known of it.
        current: The branches that may be checked out: the name, and whether it must be that.
        line: What the line itself sets.
        before: Branches that were checked out earlier.
    """

    facts: GitFacts | None
    line: LineSettings
    current: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    before: list[str] = field(default_factory=list[str])

    @classmethod
    def opened(cls, facts: GitFacts | None, line: LineSettings) -> "Repository":
        """As it is before the line runs."""
        current = [(UNKNOWN, False)]
        if facts is not None:
            current = [(facts.branch, facts.complete)] if facts.branch is not None else []
            if not facts.complete:
                current.append((UNKNOWN, False))
        return cls(facts=facts, line=line, current=current)

    @property
    def branches(self) -> frozenset[str]:
        """Names that are branches for sure."""
        return self.facts.branches if self.facts is not None else frozenset()

    def is_sure(self, call: GitCall) -> bool:
        """Whether all of the configuration is known that a call obeys."""
        known = self.facts is not None and self.facts.complete
        return known and not call.settings_unknown and not self.line.unknown

    def values(self, key: str, given: Iterable[tuple[str, str | None]]) -> list[str | None]:
        """The values of a setting: what the line sets, else what files do."""
        files = self.facts.settings if self.facts is not None else ()
        places: tuple[Iterable[tuple[str, str | None]], ...] = ((*self.line.values, *given), files)
        for place in places:
            found = [value for name, value in place if name.lower() == key.lower()]
            if found:
                return found
        return []

    def below(
        self, section: str, name: str, given: Iterable[tuple[str, str | None]]
    ) -> Iterator[tuple[str, str | None]]:
        """`(subsection, value)` of every `section.*.name`, wherever it is set."""
        files = self.facts.settings if self.facts is not None else ()
        for key, value in (*files, *self.line.values, *given):
            if key.startswith(f"{section}.") and key.endswith(f".{name}") and key.count(".") > 1:
                yield key[len(section) + 1 : -len(name) - 1], value

    def switch(self, name: str, *, certain: bool) -> None:
        """Another branch is checked out; where that is not certain, what was before may still be."""
        earlier = [one for one, _ in self.current if one != name]
        self.before += earlier
        self.current = [(name, certain)]
        if not certain:
            self.current += [(one, False) for one in earlier]

    def detach(self) -> None:
        """No branch is checked out any more."""
        self.before += [one for one, _ in self.current]
        self.current = []

    def may_be_as_before(self) -> None:
        """What comes now runs also where a switch to another branch did not work."""
        known = {name for name, _ in self.current}
        self.current += [(name, False) for name in dict.fromkeys(self.before) if name not in known]

    def uses(self, deed: str) -> Iterator[BranchUse]:
        """What becomes of the branch that is checked out."""
        for name, certain in self.current:
            yield BranchUse(deed, HEADS + name, certain)
