"""The moments that a session can go back to: before each turn of its conversation.

All of it follows from the transcript: what was changed since, what commands may have changed that nobody
kept, and what the person said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.events import (
    CheckpointTaken,
    Compacted,
    DecisionMade,
    FilesChanged,
    Record,
    ToolStarted,
    TurnStarted,
)
from droid.domain.levels import Risk
from droid.engine.change_chains import chains, changes_since, turn_number
from droid.engine.file_changes import display_name
from droid.engine.state import SessionState

_COMMANDS = "Execute"
_SUMMARISED = "the conversation was summarised since; going back brings all of it back, and it may be again"
_NOT_KEPT = "what commands changed before checkpoints were taken cannot be taken back"
_UNKNOWN = "new files that commands made cannot be told from those that were there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A moment that can be gone back to: before a turn.

    Attributes:
        prompt: What the person said then.
        started_at: Seconds since the epoch, UTC.
        paths: The files that change when it is gone back to, as people name them.
        workspace: What commands did to files can be taken back too.
        left_out: What could not be kept, and what else is to be known, in words.
    """

    turn_id: str
    prompt: str
    started_at: float
    paths: tuple[str, ...]
    workspace: bool
    left_out: tuple[str, ...]


def checkpoints_of(state: SessionState) -> tuple[Checkpoint, ...]:
    """Those of a session, the newest last. It looks at the whole transcript, so it runs in a thread."""
    told = _Told(state.records)
    found: list[Checkpoint] = []
    for turn_id, mark in state.marks.items():
        since = chains(changes_since(state.records, turn_id))
        names = [display_name(Path(path), state.workspace) for path in since]
        changed = [
            name for name, chain in zip(names, since.values(), strict=True) if not chain.changes_nothing
        ]
        left_out = list(told.left_out_since(turn_id))
        if mark.conversation != state.conversation and told.compacted_since(turn_id):
            left_out.append(_SUMMARISED)
        found.append(
            Checkpoint(
                turn_id=turn_id,
                prompt=mark.prompt,
                started_at=mark.at,
                paths=tuple(changed),
                workspace=told.commands_are_kept_since(turn_id),
                left_out=tuple(left_out),
            )
        )
    return tuple(found)


def check_turn(state: SessionState, turn_id: str | None, *, conversation: bool) -> str:
    """The turn to go back to before; without one, the last of the conversation.

    Raises:
        ToolFailed: there is no such turn, or it is no longer part of the conversation.
    """
    if turn_id is None:
        if not state.marks:
            raise ToolFailed("there is no turn to go back to")
        return next(reversed(state.marks))
    if turn_id in state.marks:
        return turn_id
    began = any(isinstance(r.event, TurnStarted) and r.turn_id == turn_id for r in state.records)
    if not began:
        raise ToolFailed(f"there is no turn {turn_id[:20]!r} in this session")
    if conversation:
        raise ToolFailed(f"turn {turn_id} is no longer part of the conversation, which was rewound since")
    return turn_id


class _Told:
    """What records say of the commands of each turn."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._left_out: list[tuple[int, str]] = []
        self._compacted: list[int] = []
        risks: dict[str, Risk] = {}
        started: dict[str, int] = {}
        for record in records:
            event, turn = record.event, turn_number(record.turn_id)
            match event:
                case DecisionMade():
                    risks[event.call_id] = event.decision.risk
                case ToolStarted() if event.tool == _COMMANDS and risks.get(event.call_id) is not Risk.LOW:
                    started[event.call_id] = turn
                case CheckpointTaken():
                    started.pop(event.call_id, None)
                    self._left_out += [(turn, f"not kept: {line}") for line in event.left_out]
                    if not event.complete:
                        self._left_out.append((turn, _UNKNOWN))
                case FilesChanged():
                    # Of a command, this tells that its changes are known.
                    started.pop(event.call_id, None)
                case Compacted():
                    self._compacted.append(turn)
                case _:
                    pass
        self._unkept = list(started.values())

    def left_out_since(self, turn_id: str) -> tuple[str, ...]:
        number = turn_number(turn_id)
        lines = dict.fromkeys(line for turn, line in self._left_out if turn >= number)
        if not self.commands_are_kept_since(turn_id):
            lines[_NOT_KEPT] = None
        return tuple(lines)

    def commands_are_kept_since(self, turn_id: str) -> bool:
        number = turn_number(turn_id)
        return not any(turn >= number for turn in self._unkept)

    def compacted_since(self, turn_id: str) -> bool:
        number = turn_number(turn_id)
        return any(turn >= number for turn in self._compacted)
