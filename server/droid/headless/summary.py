"""What a run did, read off its events: for the final object and the lines after an answer."""

from dataclasses import dataclass, field
from typing import Any

from droid.domain.decisions import Decision, Step
from droid.domain.events import DecisionMade, FilesChanged, Record, ToolProposed, TurnEnded
from droid.domain.levels import Verdict
from droid.domain.messages import Usage
from droid.headless.exit_codes import ExitCode


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


def reason_of_denial(decision: Decision) -> str:
    """Why a call was denied: where nobody could be asked, the rule that wanted to ask comes first."""
    asked = next((entry for entry in decision.trace if entry.verdict is Verdict.ASK), None)
    if asked is None:
        return decision.reason
    matched = f": {asked.matched}" if asked.matched else ""
    return f"{asked.rule}{matched}; {decision.reason}"


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


class SummaryBuilder:
    """Collects what the final report needs while events pass."""

    def __init__(self) -> None:
        self.ended: TurnEnded | None = None
        self._titles: dict[str, str] = {}
        self._files: dict[str, None] = {}
        self._denials: list[Denial] = []

    def add(self, record: Record) -> None:
        match record.event:
            case ToolProposed(call_id=call_id, title=title):
                self._titles[call_id] = title
            case FilesChanged(changes=changes):
                self._files |= dict.fromkeys(change.path for change in changes)
            case DecisionMade(decision=decision) as made if decision.verdict is Verdict.DENY:
                deciding = decision.deciding
                self._denials.append(
                    Denial(
                        call_id=made.call_id,
                        tool=made.tool,
                        title=self._titles.get(made.call_id, made.tool),
                        input=dict(decision.input),
                        risk=decision.risk,
                        step=deciding.step if deciding else "",
                        reason=reason_of_denial(decision),
                    )
                )
            case TurnEnded() as ended:
                self.ended = ended
            case _:
                pass

    def mend_of_ask(self) -> str:
        """How to allow the call that needed a person next time; empty where there was none."""
        if not self._denials:
            return ""
        denial = self._denials[-1]
        allow = f"--auto {denial.risk} allows it, " if denial.step == Step.AUTONOMY else ""
        return f"; {allow}--on-ask continue goes on without it"

    def build(self, *, code: ExitCode, message: str, session_id: str, duration_s: float) -> Summary:
        ended = self.ended
        return Summary(
            code=code,
            reason=ended.reason if ended else "error",
            answer=ended.answer if ended else "",
            message=message,
            session_id=session_id,
            turns=ended.steps if ended else 0,
            usage=ended.usage if ended else Usage(),
            cost_usd=ended.cost_usd if ended else None,
            duration_s=duration_s,
            files_changed=tuple(self._files),
            denials=tuple(self._denials),
        )
