"""How the entries of a walk become one verdict.

A deny ends the walk. An ask is sticky: nothing that a later step says lifts it, but for the one
question of `autonomy`, which an allow of `hooks` or `allowlist` answers beforehand. Where no step
allows, the call is asked about: silence is not consent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from droid.domain.decisions import Decision, Step, TraceEntry
from droid.domain.levels import Risk, Verdict

_STRICTNESS = (Verdict.ALLOW, None, Verdict.ASK, Verdict.DENY)
_SPARES_AUTONOMY = frozenset({Step.HOOKS, Step.ALLOWLIST})


@dataclass(slots=True)
class Walk:
    """The entries so far."""

    _entries: list[TraceEntry] = field(default_factory=list[TraceEntry])

    def add(self, entry: TraceEntry) -> bool:
        """Take a step's entry; returns whether the walk goes on."""
        if entry.step is Step.AUTONOMY and entry.verdict is Verdict.ASK and self._spared():
            entry = TraceEntry(
                step=entry.step,
                verdict=None,
                rule=f"{entry.rule}, answered by an earlier step",
                level=entry.level,
                file=entry.file,
                matched=entry.matched,
            )
        self._entries.append(entry)
        return entry.verdict is not Verdict.DENY

    def decision(self, call_input: Mapping[str, Any], risk: Risk) -> Decision:
        return Decision(
            verdict=combined(self._entries), input=call_input, risk=risk, trace=tuple(self._entries)
        )

    def _spared(self) -> bool:
        return any(e.verdict is Verdict.ALLOW and e.step in _SPARES_AUTONOMY for e in self._entries)


def strictest(entries: Sequence[TraceEntry]) -> TraceEntry:
    """Of what several policies say at one step, the entry that counts; of equals the first.

    To have nothing to say is stricter than to allow: a permission that one policy gives is none where
    another one does not give it.
    """
    return max(entries, key=lambda entry: _STRICTNESS.index(entry.verdict))


def combined(entries: Sequence[TraceEntry]) -> Verdict:
    """The strictest of the verdicts that were given; ask where none was."""
    return max((e.verdict for e in entries if e.verdict is not None), default=Verdict.ASK)
