"""What a person at a terminal sees while a headless run goes on; on standard error."""

from typing import TYPE_CHECKING

from droid.domain.events import (
    AssistantAnswered,
    DecisionMade,
    InjectionFlagged,
    Record,
    RetryScheduled,
    ToolFinished,
    ToolProposed,
    ToolStarted,
)
from droid.domain.levels import Verdict
from droid.headless.denials import reason_of_denial
from droid.headless.sink import Sink

if TYPE_CHECKING:
    from droid.headless.summary import Summary

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _RESET = (
    "\x1b[1m",
    "\x1b[2m",
    "\x1b[31m",
    "\x1b[32m",
    "\x1b[33m",
    "\x1b[0m",
)
_LINE_CHARACTERS = 200


class Progress:
    """One line for each thing that happens."""

    def __init__(self, err: Sink, *, colour: bool) -> None:
        self._err = err
        self._colour = colour
        self._titles: dict[str, str] = {}

    def event(self, record: Record) -> None:
        match record.event:
            case AssistantAnswered(message=message) if message.tool_calls and message.text.strip():
                self._say(message.text.strip().splitlines()[0], _DIM)
            case ToolProposed(call_id=call_id, title=title):
                self._titles[call_id] = title
            case ToolStarted(call_id=call_id, tool=tool):
                self._say(f"● {self._titles.get(call_id, tool)}", _BOLD)
            case ToolFinished(result=result, duration_s=duration_s) as done if done.call_id in self._titles:
                if result.is_error and duration_s:
                    self._say(f"  ✗ {result.text.strip().splitlines()[-1] if result.text else ''}", _RED)
                elif duration_s:
                    self._say(f"  ✓ {duration_s:.1f} s", _GREEN)
            case DecisionMade(decision=decision) as made if decision.verdict is Verdict.DENY:
                title = self._titles.get(made.call_id, made.tool)
                self._say(f"✗ {title}: denied, {reason_of_denial(decision)}", _YELLOW)
            case InjectionFlagged(message=message):
                self._say(f"⚠ {message}", _YELLOW)
            case RetryScheduled(delay_s=delay_s, reason=reason):
                self._say(f"… {reason}; trying again in {delay_s:.0f} s", _YELLOW)
            case _:
                pass

    def finish(self, summary: "Summary") -> None:
        usage = summary.usage
        cost = "" if summary.cost_usd is None else f", ${summary.cost_usd:.4f}"
        files = f", {len(summary.files_changed)} files changed" if summary.files_changed else ""
        self._say(
            f"{summary.turns} model requests, {usage.total_tokens} tokens{cost}{files}, "
            f"{summary.duration_s:.1f} s; session {summary.session_id}",
            _DIM,
        )

    def _say(self, line: str, style: str) -> None:
        # Text of a model or a program must not steer the terminal.
        clean = "".join(c if c.isprintable() else " " for c in line)
        if len(clean) > _LINE_CHARACTERS:
            clean = clean[: _LINE_CHARACTERS - 1] + "…"
        self._err.write_line(f"{style}{clean}{_RESET}" if self._colour else clean)
