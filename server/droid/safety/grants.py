"""What "allow for this session" covers: the same command in the same folder, or any change of the same files.

A grant remembers a person's answer to one question. It is matched exactly, so it never covers a call
that the person has not seen the like of.
"""

from collections.abc import Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from droid.safety.facts import CallFacts

Grant = tuple[str, str]
"""The tool, and what it may do: `folder NUL command`, or the real path of a file."""


def grants_for(facts: "CallFacts") -> frozenset[Grant]:
    """What a person would allow by allowing this call for the session; empty where nothing fits."""
    if facts.command is not None:
        # `rm -r build` is another deed elsewhere; neither a folder's name nor a command can hold a NUL.
        return frozenset({(facts.tool, f"{facts.cwd}\0{facts.command}")})
    return frozenset(("edit", str(path.real)) for path in facts.writes)


def covers(granted: Set[Grant], facts: "CallFacts") -> bool:
    """Whether a person has already allowed all that the call would do."""
    wanted = grants_for(facts)
    return bool(wanted) and wanted <= granted


def described(facts: "CallFacts") -> str | None:
    """What the offer says it allows from now on; None where it cannot be made."""
    if facts.command is not None:
        return "this exact command in this folder"
    if facts.writes:
        names = ", ".join(path.named for path in facts.writes[:3])
        more = len(facts.writes) - 3
        return f"any change of {names}{f' and {more} more' if more > 0 else ''}"
    return None
