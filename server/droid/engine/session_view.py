"""What shows of a session: nothing here changes anything."""

from collections.abc import Sequence
from pathlib import Path

from droid.domain.decisions import ApprovalRequest, Question
from droid.domain.events import Record
from droid.domain.levels import AutonomyLevel
from droid.domain.messages import Usage
from droid.domain.tools import Todo
from droid.engine.changesets import Changeset
from droid.engine.core import SessionCore


class SessionView:
    """The part of a session that is only looked at."""

    def __init__(self, core: SessionCore) -> None:
        self._core = core

    @property
    def id(self) -> str:
        return self._core.state.session_id

    @property
    def workspace(self) -> Path:
        return self._core.state.workspace

    @property
    def cwd(self) -> Path:
        return self._core.state.cwd

    @property
    def title(self) -> str:
        return self._core.state.title

    @property
    def model(self) -> str:
        return self._core.state.model

    @property
    def autonomy(self) -> AutonomyLevel:
        return self._core.state.autonomy

    @property
    def interactive(self) -> bool:
        return self._core.options.interactive

    @property
    def records(self) -> Sequence[Record]:
        """Everything that is stored, oldest first; deltas are not among them."""
        return self._core.state.records

    @property
    def todos(self) -> tuple[Todo, ...]:
        return self._core.state.todos

    @property
    def usage(self) -> Usage:
        return self._core.state.usage

    @property
    def cost_usd(self) -> float | None:
        """US dollars so far; None where a price is not known."""
        return self._core.state.cost_usd

    @property
    def context_tokens(self) -> int:
        """What the conversation takes of the model's window now."""
        return self._core.state.size.tokens

    def context_window(self, model_id: str | None = None) -> int | None:
        """A model's window in tokens, of the session's own without one; None where it is not known."""
        profile = self._core.policy.models.get(model_id or self.model)
        return profile.context_tokens if profile is not None else None

    @property
    def pending_approvals(self) -> tuple[ApprovalRequest, ...]:
        """The first is the open one; the rest wait their turn."""
        return self._core.approvals.pending

    @property
    def pending_questions(self) -> tuple[Question, ...]:
        return self._core.questions.pending

    @property
    def undoable_turn(self) -> str | None:
        """The last turn that changed files and has not been taken back."""
        return self._core.state.last_undoable_turn()

    def proposed(self, approval_id: str) -> Changeset | None:
        """What an open question would change, hunk by hunk; None where it is not about files."""
        return self._core.proposals.of_approval(approval_id)

    def applied_id(self, turn_id: str) -> str | None:
        """The id of what a turn has changed; None where it has changed nothing."""
        return self._core.reviews.id_of_turn(turn_id)

    async def changesets(self) -> Sequence[Changeset]:
        """Changes that are not looked at to their end, proposed ones among them, the newest last."""
        return await self._core.reviews.open()

    async def changeset(self, changeset_id: str) -> Changeset:
        """One by its id, also one that is closed.

        Raises:
            ToolFailed: it is not of this session, or what it is based on is no longer kept.
        """
        return await self._core.reviews.get(changeset_id)
