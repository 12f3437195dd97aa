"""Sessions that nobody works in: closed, so that they cost nothing, and shown as if they were open.

An open session holds its whole transcript in memory and its file locked. One that has not been used for a
while, or that many others have been used since, is closed; what an editor shows of it stays here, and it
is taken up again from its transcript as soon as somebody does something in it. Meanwhile another process
may take it up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from droid.domain.decisions import ApprovalRequest, Question
    from droid.domain.levels import AutonomyLevel
    from droid.engine.session import Session
    from droid.lsp.protocol_results import SessionResult

MAX_UNUSED = 4
"""As many sessions stay open without a turn."""
UNUSED_S = 15 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RestingSession:
    """What shows of a session that is closed; the names are those of `Session`.

    Attributes:
        seq: The number of its last event.
    """

    id: str
    workspace: Path
    cwd: Path
    title: str
    model: str
    autonomy: "AutonomyLevel"
    cost_usd: float | None
    undoable_turn: str | None
    seq: int

    @classmethod
    def of(cls, session: "Session") -> "RestingSession":
        return cls(
            id=session.id,
            workspace=session.workspace,
            cwd=session.cwd,
            title=session.title,
            model=session.model,
            autonomy=session.autonomy,
            cost_usd=session.cost_usd,
            undoable_turn=session.undoable_turn,
            seq=session.records[-1].seq,
        )

    @property
    def busy(self) -> bool:
        return False

    @property
    def turn_id(self) -> str | None:
        return None

    @property
    def pending_approvals(self) -> "tuple[ApprovalRequest, ...]":
        return ()

    @property
    def pending_questions(self) -> "tuple[Question, ...]":
        return ()


KnownSession: TypeAlias = "Session | RestingSession"


def described(session: "KnownSession") -> "SessionResult":
    """A session of this server, for a client."""
    return {
        "sessionId": session.id,
        "title": session.title,
        "model": session.model,
        "autonomy": session.autonomy.value,
        "busy": session.busy,
        "turnId": session.turn_id,
    }


class Uses:
    """When each open session was used last, on the loop's clock."""

    def __init__(self, *, max_unused: int = MAX_UNUSED, unused_s: float = UNUSED_S) -> None:
        self._max_unused = max_unused
        self._unused_s = unused_s
        self._at: dict[str, float] = {}

    def note(self, session_id: str, now: float) -> None:
        self._at.pop(session_id, None)
        self._at[session_id] = now

    def forget(self, session_id: str) -> None:
        self._at.pop(session_id, None)

    def due(self, can_rest: Iterable[str], now: float) -> list[str]:
        """Which of those that can be closed now should be: the longest unused first."""
        able = set(can_rest)
        unused = [session_id for session_id in self._at if session_id in able]
        too_many = max(0, len(unused) - self._max_unused)
        return [
            session_id
            for place, session_id in enumerate(unused)
            if place < too_many or now - self._at[session_id] >= self._unused_s
        ]
