"""What a session knows that its transcript does not tell: kept while it is closed for want of use.

It is good for a session that nobody went on with meanwhile; else it is dropped, as after a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from droid.domain.ports import RunningProcess
from droid.engine.core import SessionCore


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMemory:
    """The parts of a session's core that are not computed from its events.

    Attributes:
        seq: The number of the last stored event.
        ended_jobs: Background tasks whose output the model may still ask for.
    """

    seq: int
    ledger: Mapping[Path, str]
    known_rules: frozenset[Path]
    compact_from: Mapping[str, int]
    ended_jobs: Mapping[str, RunningProcess]

    @classmethod
    def of(cls, core: SessionCore) -> "SessionMemory":
        """Take it from a session that is about to be closed."""
        return cls(
            seq=core.seq,
            ledger=dict(core.ledger),
            known_rules=frozenset(core.known_rules),
            compact_from=dict(core.compact_from),
            ended_jobs={name: job for name, job in core.jobs.items() if job.finished is not None},
        )

    def give_back(self, core: SessionCore) -> None:
        """Hand it to the same session, its events applied and none added yet."""
        if core.seq != self.seq:
            return
        core.ledger.update(self.ledger)
        core.known_rules |= self.known_rules
        core.compact_from.update(self.compact_from)
        core.jobs.update(self.ended_jobs)
