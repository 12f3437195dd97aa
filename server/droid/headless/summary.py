"""What a run did, read off its events: for the final object and the lines after an answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from droid.domain.decisions import Step
from droid.domain.events import DecisionMade, Event, FilesChanged, ToolProposed, TurnEnded
from droid.domain.levels import Verdict
from droid.domain.messages import Usage
from droid.headless.denials import reason_of_denial
from droid.headless.exit_codes import ExitCode, exit_code_of_turn

if TYPE_CHECKING:
    from droid.engine.session import Session

_WITHOUT_A_WORD = "the turn ended without a word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A tool call that was not allowed; `title` is one line for people."""

    call_id: str
    tool: str
    title: str
    input: dict[str, Any]
    risk: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run went.

    Attributes:
        message: One line for the person: empty when all is well.
        turns: Model requests.
        cost_usd: None where the price is not known.
    """

    code: ExitCode
    reason: str
    answer: str = ""
    message: str = ""
    session_id: str = ""
    turns: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    duration_s: float = 0.0
    files_changed: tuple[str, ...] = ()
    denials: tuple[Denial, ...] = ()


def summarize(session: "Session | None", turn_id: str | None, duration_s: float) -> Summary:
    """Read a turn off its events."""
    if session is None:
        return Summary(code=ExitCode.FAILED, reason="error", message=_WITHOUT_A_WORD, duration_s=duration_s)
    events = [record.event for record in session.records if record.turn_id == turn_id]
    ended = next((event for event in events if isinstance(event, TurnEnded)), None)
    return Summary(
        code=exit_code_of_turn(ended.reason) if ended else ExitCode.FAILED,
        reason=ended.reason if ended else "error",
        answer=ended.answer if ended else "",
        message=ended.message if ended else _WITHOUT_A_WORD,
        session_id=session.id,
        turns=ended.steps if ended else 0,
        usage=ended.usage if ended else Usage(),
        cost_usd=ended.cost_usd if ended else None,
        duration_s=duration_s,
        files_changed=tuple(
            dict.fromkeys(
                change.path for event in events if isinstance(event, FilesChanged) for change in event.changes
            )
        ),
        denials=tuple(_denials(events)),
    )


def mend_of_ask(summary: Summary) -> str:
    """How to allow the call that needed a person next time; empty where there was none."""
    if not summary.denials:
        return ""
    denial = summary.denials[-1]
    allow = f"--auto {denial.risk} allows it, " if denial.step == Step.AUTONOMY else ""
    return f"; {allow}--on-ask continue goes on without it"


def _denials(events: Sequence[Event]) -> Iterator[Denial]:
    titles = {event.call_id: event.title for event in events if isinstance(event, ToolProposed)}
    for event in events:
        if isinstance(event, DecisionMade) and event.decision.verdict is Verdict.DENY:
            decision = event.decision
            deciding = decision.deciding
            yield Denial(
                call_id=event.call_id,
                tool=event.tool,
                title=titles.get(event.call_id, event.tool),
                input=dict(decision.input),
                risk=decision.risk,
                step=deciding.step if deciding else "",
                reason=reason_of_denial(decision),
            )
