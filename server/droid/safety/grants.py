"""What "allow for this session" covers: the same command in the same folder, or any change of the same files.

A grant remembers a person's answer to one question: what they were asked about, and each reason for asking
that is more than how dangerous the call is. It is matched exactly, so it never covers a call that the person
has not seen the like of, nor one that is asked about for another reason.
"""

from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from droid.domain.decisions import Step, TraceEntry
from droid.domain.levels import Verdict

if TYPE_CHECKING:
    from droid.safety.facts import CallFacts

Grant = tuple[str, str]
"""The tool, and what it may do: `folder NUL command`, or the real path of a file; `… NUL reason` besides."""


def grants_for(facts: "CallFacts", trace: Iterable[TraceEntry] = ()) -> frozenset[Grant]:
    """What a person would allow by allowing this call for the session; empty where nothing fits.

    Args:
        trace: What the gate said of it.
    """
    if facts.command is not None:
        # `rm -r build` is another deed elsewhere; neither a folder's name nor a command can hold a NUL.
        bases = [(facts.tool, f"{facts.cwd}\0{facts.command}")]
    else:
        bases = [("edit", str(path.real)) for path in facts.writes]
    reasons = reasons_of(facts, trace)
    return frozenset((*bases, *((tool, f"{key}\0{why}") for tool, key in bases for why in reasons)))


def reasons_of(facts: "CallFacts", trace: Iterable[TraceEntry]) -> frozenset[str]:
    """Why a person is asked, beside how dangerous the call is and where data would go."""
    asked = [one for one in trace if one.verdict is Verdict.ASK]
    return frozenset(_reason(facts, one) for one in asked if one.step not in (Step.AUTONOMY, Step.TAINT))


def _reason(facts: "CallFacts", entry: TraceEntry) -> str:
    said = "\0".join((entry.step, entry.rule, entry.matched or ""))
    if entry.step is not Step.FILES or facts.command is None:
        return said
    from hashlib import sha256  # commands that touch what is guarded are few

    # The entry tells of one path, and behind it there may be others.
    places = "\0".join(sorted({str(path.real) for path in (*facts.reads, *facts.writes)}))
    return f"{said}\0{sha256(places.encode(errors='surrogatepass')).hexdigest()}"


def covers(granted: Set[Grant], facts: "CallFacts", trace: Iterable[TraceEntry] = ()) -> bool:
    """Whether a person has already allowed all that the call would do, asked about for the same reasons."""
    wanted = grants_for(facts, trace)
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
