"""Tells a turn as it happens: what the agent says, each call with its decision, diffs and results."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

from droid.demo.screen import Screen
from droid.demo.transcript import TranscriptReader, rule_of

_VERDICTS = {"allow": ("allowed", "green"), "ask": ("asks", "yellow"), "deny": ("denied", "red")}
_RISKS = {"low": "green", "medium": "yellow", "high": "red"}
_OUTPUT_LINES = 12


class Narrator:
    """Prints the updates of one session.

    Attributes:
        ended: Set once the turn has ended.
        end: How it ended: the `turn_ended` update.
        usage: Tokens and cost of all requests.
    """

    def __init__(self, screen: Screen, transcript: TranscriptReader) -> None:
        self.ended = asyncio.Event()
        self.end: dict[str, Any] = {}
        self.usage: dict[str, float] = {"requests": 0, "input": 0, "cached": 0, "output": 0, "usd": 0.0}
        self._screen = screen
        self._transcript = transcript
        self._text = ""
        self._calls: dict[str, dict[str, Any]] = {}
        self._proposed: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._told: dict[str, int] = {}

    @property
    def transcript_path(self) -> Path | None:
        """Where the turn is written down."""
        return self._transcript.path

    async def proposed(self, call_id: str) -> None:
        """Wait until a call has been told of: questions may overtake updates, which are sent in batches."""
        await self._proposed[call_id].wait()

    def update(self, update: dict[str, Any]) -> None:
        """Take one `droid/sessionUpdate` in."""
        kind = update["sessionUpdate"]
        if kind == "agent_message_chunk":
            self._text += update["content"]["text"]
            return
        self.say_what_was_said()
        match kind:
            case "user_message_chunk":
                self._screen.line(("You", "bold cyan"))
                self._screen.paragraph(update["content"]["text"])
            case "tool_call":
                self._calls[update["toolCallId"]] = update
                self._proposed[update["toolCallId"]].set()
            case "tool_call_update":
                self._call_update(update)
            case "usage":
                self._count(update)
            case "retry":
                self._screen.line(
                    (f"  … {update['reason']}; trying again in {update['delayS']:.0f} s", "yellow")
                )
            case "warning":
                self._screen.line(("  ! " + update["message"], "yellow"))
            case "turn_ended":
                self.end = update
                self.ended.set()
            case _:
                pass

    def say_what_was_said(self) -> None:
        """Print the agent's text up to here."""
        text, self._text = self._text.strip(), ""
        if text:
            self._screen.line()
            self._screen.line(("Agent", "bold cyan"))
            self._screen.paragraph(text)

    def tell_decision(self, call_id: str) -> None:
        """Print a call, once, and the last decision about it, where that is new."""
        if call_id not in self._told:
            self._told[call_id] = 0
            call = self._calls.get(call_id, {})
            self._screen.line()
            self._screen.line(("● ", "bold"), (call.get("title") or call.get("tool") or "a call", "bold"))
        decisions = self._transcript.decisions(call_id)
        if len(decisions) > self._told[call_id]:
            self._told[call_id] = len(decisions)
            self._decision_line(decisions[-1])

    def _decision_line(self, decision: dict[str, Any]) -> None:
        """Print risk, verdict and rule."""
        word, style = _VERDICTS[decision["verdict"]]
        risk, rule = decision["risk"], rule_of(decision)
        head: list[str | tuple[str, str]] = [
            "  ",
            (f"{risk} risk", _RISKS[risk]),
            ("  ·  ", "dim"),
            (word, style),
        ]
        if decision["verdict"] == "ask":
            self._screen.line(*head)  # the question tells why
        elif len(f"  {risk} risk  ·  {word}  ·  {rule}") <= self._screen.width:
            self._screen.line(*head, ("  ·  ", "dim"), (rule, "dim"))
        else:
            self._screen.line(*head)
            self._screen.paragraph(rule, indent="    ", style="dim")

    def _call_update(self, update: dict[str, Any]) -> None:
        call_id = update["toolCallId"]
        call = self._calls.get(call_id, {})
        status = update.get("status")
        if status is not None:
            self.tell_decision(call_id)
        for content in update.get("content", ()):
            if content["type"] == "diff":
                self._screen.diff(content["diff"])
            elif call.get("kind") == "execute":
                self._output(content["content"]["text"])
        if status in {"completed", "failed"}:
            mark, style = ("✓", "green") if status == "completed" else ("✗", "red")
            self._screen.line("  ", (f"{mark} {status}, {update.get('durationS') or 0:.2f} s", style))

    def _output(self, text: str) -> None:
        lines = text.rstrip().splitlines()
        if len(lines) > _OUTPUT_LINES:
            self._screen.line((f"    … {len(lines) - _OUTPUT_LINES} lines before", "dim"))
        for line in lines[-_OUTPUT_LINES:]:
            self._screen.line("    ", (self._screen.cut(line, indent=4), "dim"))

    def _count(self, update: dict[str, Any]) -> None:
        usage = self.usage
        usage["requests"] += 1
        usage["input"] += update["inputTokens"] + update["cacheWriteTokens"]
        usage["cached"] += update["cacheReadTokens"]
        usage["output"] += update["outputTokens"]
        usage["usd"] = usage["usd"] + update["costUsd"] if update["costUsd"] is not None else float("nan")
