"""What a session is doing, in a few words, read off its events."""

from dataclasses import dataclass
from enum import StrEnum

from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    Compacted,
    QuestionAnswered,
    QuestionAsked,
    Record,
    RetryScheduled,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    ToolFinished,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
)
from droid.lsp.convert import shortened
from droid.lsp.markdown_text import visible

_MAX = 120


class Busy(StrEnum):
    """What kind of thing it is doing."""

    IDLE = "idle"
    THINKING = "thinking"
    WRITING = "writing"
    TOOL = "tool"
    RETRY = "retry"
    WAITING = "waiting"
    """For the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What shows in a progress or a status line."""

    kind: Busy
    message: str

    @property
    def busy(self) -> bool:
        return self.kind is not Busy.IDLE


class ActivityReader:
    """Follows one session; `read` says what it is doing after an event, None where that did not change."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._now = Activity(kind=Busy.IDLE, message="")

    @property
    def now(self) -> Activity:
        return self._now

    def read(self, record: Record) -> Activity | None:
        after = self._after(record)
        if after is None or after == self._now:
            return None
        self._now = after
        return after

    def _title(self, call_id: str, tool: str) -> str:
        return self._titles.get(call_id) or shortened(visible(tool), _MAX)

    def _after(self, record: Record) -> Activity | None:
        event = record.event
        match event:
            case TextDelta():
                return Activity(kind=Busy.WRITING, message="Writing")
            case ThinkingDelta() | StepStarted() | TurnStarted():
                return Activity(kind=Busy.THINKING, message="Thinking")
            case ToolProposed():
                self._titles[event.call_id] = shortened(visible(event.title), _MAX)
                return None
            case ToolStarted():
                return Activity(kind=Busy.TOOL, message=self._title(event.call_id, event.tool))
            case ToolFinished():
                self._titles.pop(event.call_id, None)
                return Activity(kind=Busy.THINKING, message="Thinking")
            case ApprovalWanted():
                title = self._title(event.request.call_id, event.request.tool)
                return Activity(kind=Busy.WAITING, message=f"Waits for your approval: {title}")
            case QuestionAsked():
                return Activity(kind=Busy.WAITING, message="Waits for your answer")
            case ApprovalAnswered() | QuestionAnswered():
                return Activity(kind=Busy.THINKING, message="Goes on")
            case RetryScheduled():
                seconds = f"{event.delay_s:.0f} s"
                reason = shortened(visible(event.reason), _MAX)
                return Activity(
                    kind=Busy.RETRY, message=f"Tries again in {seconds} (attempt {event.attempt}): {reason}"
                )
            case Compacted():
                return Activity(kind=Busy.THINKING, message="Made room in the conversation")
            case TurnEnded():
                self._titles.clear()
                return Activity(kind=Busy.IDLE, message=ending_of(event))
            case _:
                return None


def ending_of(event: TurnEnded) -> str:
    """How a turn ended, in a few words."""
    if event.reason is TurnEndReason.DONE:
        return "Done"
    if event.reason is TurnEndReason.CANCELLED:
        return "Cancelled"
    return shortened(event.message or str(event.reason), 2 * _MAX)
