"""Turns the events of a session into the Markdown of its document, piece by piece.

A pure function of the records: the pieces, joined, are the same however the model's text was cut into
deltas, and the same again when the stored transcript, which has no deltas, is replayed. A piece is only
ever appended to what came before, so it begins with the white space that parts it from that and never
ends with any: an insertion at the end of a section's text then continues it, whatever stands below.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from droid.domain.decisions import ApprovalRequest
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    AutonomySet,
    Compacted,
    CwdChanged,
    DecisionMade,
    Event,
    FilesChanged,
    FilesRestored,
    InjectionFlagged,
    ModelSet,
    QuestionAnswered,
    QuestionAsked,
    Record,
    RetryScheduled,
    Rewound,
    SessionStarted,
    Steered,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    TodosChanged,
    ToolFinished,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnStarted,
    Undone,
    Warned,
)
from droid.domain.levels import Risk, Verdict
from droid.domain.messages import TextPart, ThinkingPart
from droid.domain.models import StopReason
from droid.domain.tools import Todo
from droid.lsp import transcript_blocks as blocks
from droid.lsp.markdown_prose import ProseStream, prose_line
from droid.lsp.markdown_text import code_span, one_line
from droid.lsp.session_headings import YOU_HEADING, droid_heading
from droid.lsp.session_text import frozen, new_document

_COMMAND_ON_LINE = 100
# Tools whose own events say all there is to say.
_TOLD_OTHERWISE = frozenset({"TodoWrite", "AskUser"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Markdown to append.

    Attributes:
        turn_id: The turn whose section it belongs to; None before the first turn.
        text: What to put at the end of that section; empty where `prompt` is not None.
        prompt: What the person said, where the piece opens its turn's section.
    """

    turn_id: str | None
    text: str
    prompt: str | None = None


@dataclass(slots=True, kw_only=True)
class _Call:
    """A tool call that has not ended."""

    tool: str
    title: str
    arguments: str
    risk: Risk = Risk.LOW
    verdict: Verdict | None = None
    reason: str = ""
    request: ApprovalRequest | None = None
    answered: bool = False
    rejected: bool = False
    started: bool = False


class Renderer:
    """The document of one session, from its first record on."""

    def __init__(self, workspace: str = "") -> None:
        self._workspace = workspace
        self._section: str | None = None
        self._output: list[str] = []
        self._after = ""  # what the section ends with: "", "block", "item", "prose"
        self._item_of: str | None = None  # the call whose line, with what belongs to it, comes last
        self._line_open = False
        self._prose: ProseStream | None = None
        self._thinking = ""
        self._streamed = ""
        self._saw_delta = False
        self._calls: dict[str, _Call] = {}
        self._todos: tuple[Todo, ...] = ()

    def feed(self, record: Record) -> Piece | None:
        """What a record adds; None where it adds nothing to read."""
        event = record.event
        if isinstance(event, TurnStarted):
            self._section = record.turn_id or "t"
            self._after, self._item_of = "", None
            self._new_step()
            self._calls.clear()
            return Piece(turn_id=self._section, text="", prompt=event.prompt)
        self._take(event)
        text = "".join(self._output)
        self._output.clear()
        return Piece(turn_id=self._section, text=text) if text else None

    def _take(self, event: Event) -> None:
        match event:
            case TextDelta(text=text):
                self._saw_delta = True
                self._streamed += text
                self._text(text)
            case ThinkingDelta(text=text):
                self._saw_delta = True
                self._think(text)
            case StepStarted():
                self._settle()
                self._new_step()
            case AssistantAnswered():
                self._answered(event)
            case RetryScheduled(reason=reason, delay_s=delay_s):
                # The same words whether or not a part of the answer had come: that part is not stored.
                wait = f"Trying again in {blocks.duration(delay_s)}, from the answer's start."
                self._block(blocks.note(f"{reason.rstrip('.')}. {wait}"))
                self._new_step()
            case ToolProposed():
                self._settle()
                self._calls[event.call_id] = _Call(
                    tool=event.tool, title=event.title, arguments=event.arguments
                )
            case DecisionMade(decision=decision):
                call = self._call(event.call_id, event.tool)
                call.risk, call.verdict, call.reason = decision.risk, decision.verdict, decision.reason
            case ApprovalWanted(request=request):
                self._call(request.call_id, request.tool).request = request
                self._block(blocks.approval_block(request))
            case ApprovalAnswered():
                call = self._call(event.call_id, "")
                call.answered = True
                call.rejected = event.answer is None or not event.answer.allows
                part = event.accepted_hunks is not None
                answer = blocks.approval_answer(
                    event.approval_id, event.answer, event.instruction, in_part=part
                )
                self._block(answer)
            case QuestionAsked(question=question):
                self._block(blocks.question_block(question))
            case QuestionAnswered():
                self._block(blocks.question_answer(event.question_id, event.answer))
            case ToolStarted():
                self._started(event.call_id, self._call(event.call_id, event.tool))
            case FilesChanged():
                self._changed(event)
            case ToolFinished():
                self._finished(event)
            case TurnEnded():
                if event.message:
                    self._block(blocks.note(event.message))
                self._block(blocks.end_line(event))
            case TodosChanged(todos=todos):
                if todos != self._todos:
                    self._block(blocks.plan_block(todos, self._todos))
                self._todos = todos
            case _:
                self._take_rest(event)

    def _take_rest(self, event: Event) -> None:
        match event:
            case SessionStarted():
                self._workspace = self._workspace or event.workspace
            case Steered(prompt=prompt):
                self._block(blocks.steer_block(prompt))
            case CwdChanged(cwd=cwd):
                self._block(f"Folder: {code_span(blocks.relative(cwd, self._workspace), 400)}")
            case Compacted():
                self._block("> The conversation so far was summarised, to fit the model's window.")
            case Undone():
                self._block(
                    blocks.undone_block(event.turn_id, len(event.changes), event.conflicts, self._workspace)
                )
            case FilesRestored():
                self._block(
                    blocks.restored_block(event.turn_id, len(event.changes), event.conflicts, self._workspace)
                )
            case Rewound():
                self._block(blocks.rewound_block(event.turn_id))
            case ModelSet(model=model):
                self._block(f"Model: {code_span(model)}")
            case AutonomySet(autonomy=autonomy):
                self._block(f"Autonomy: {autonomy}")
            case Warned(message=message) | InjectionFlagged(message=message):
                self._block(blocks.note(message))
            case _:
                pass

    # --- what the model says

    def _new_step(self) -> None:
        self._streamed, self._saw_delta, self._thinking, self._prose = "", False, "", None

    def _text(self, text: str) -> None:
        if not text:
            return
        self._end_thinking()
        if self._prose is None:
            self._prose = ProseStream()
        self._write_prose(self._prose.feed(text))

    def _write_prose(self, text: str) -> None:
        if not text:
            return
        if self._after != "prose":
            self._output.append("\n\n")
            self._after, self._item_of = "prose", None
        self._output.append(text)

    def _think(self, text: str) -> None:
        if not text:
            return
        self._end_prose()
        self._thinking += text

    def _end_prose(self) -> None:
        if self._prose is not None:
            self._write_prose(self._prose.close())
            self._prose = None
        if self._after == "prose":
            self._after = "block"

    def _end_thinking(self) -> None:
        thinking, self._thinking = self._thinking, ""
        if thinking.strip():
            self._append(blocks.thinking_line(thinking), "block")

    def _settle(self) -> None:
        """Close what streams, so that a block can follow."""
        self._end_prose()
        self._end_thinking()

    def _answered(self, event: AssistantAnswered) -> None:
        text = event.message.text
        if not self._saw_delta:
            for part in event.message.parts:
                if isinstance(part, ThinkingPart):
                    self._think(part.text)
                elif isinstance(part, TextPart):
                    self._text(part.text)
        elif text.startswith(self._streamed):
            self._text(text[len(self._streamed) :])
        self._settle()
        if event.stop_reason is StopReason.MAX_TOKENS:
            self._block(blocks.note("The answer was cut off at the model's output limit."))
        elif event.stop_reason is StopReason.REFUSAL:
            self._block(blocks.note("The model refused to answer."))
        self._new_step()

    # --- what tools do

    def _call(self, call_id: str, tool: str) -> _Call:
        return self._calls.setdefault(call_id, _Call(tool=tool, title=tool, arguments=""))

    def _started(self, call_id: str, call: _Call) -> None:
        call.started = True
        if call.tool in _TOLD_OTHERWISE:
            return
        line = blocks.tool_line(call.title, call.tool, self._workspace)
        risk = f" · {call.risk} risk" if call.risk is not Risk.LOW else ""
        self._item(line + risk, call_id)
        self._whole_command(call)

    def _whole_command(self, call: _Call) -> None:
        """Show a command that its line cuts, unless its approval has shown it."""
        command = "" if call.request else _command(call.arguments)
        if len(command) > _COMMAND_ON_LINE or "\n" in command:
            self._child(blocks.command_block(command))

    def _changed(self, event: FilesChanged) -> None:
        call = self._call(event.call_id, "Change")
        shown = call.request is not None and call.request.diff is not None
        if len(event.changes) == 1:
            (change,) = event.changes
            detail = blocks.change_line(change)
            name = blocks.relative(change.path, self._workspace)
            if name not in call.title:
                detail = f"{code_span(name, 400)} {detail}"
            self._detail(event.call_id, call, detail)
            if change.diff and not shown:
                self._child(blocks.diff_block(change.diff, 2))
            return
        for change in event.changes:
            name = code_span(blocks.relative(change.path, self._workspace), 400)
            self._item(f"- {name} · {blocks.change_line(change)}", None)
            if change.diff and not shown:
                self._child(blocks.diff_block(change.diff, 2))

    def _finished(self, event: ToolFinished) -> None:
        call, result = self._call(event.call_id, event.tool), event.result
        self._calls.pop(event.call_id)
        if call.rejected:
            return
        if not call.started:
            denied = call.verdict is Verdict.DENY
            why = f"denied: {prose_line(call.reason)}" if denied else f"not run: {_first_line(result.text)}"
            risk = f" · {call.risk} risk" if denied and call.risk is not Risk.LOW else ""
            line = blocks.tool_line(call.title, call.tool, self._workspace)
            self._item(f"{line}{risk} · {why}", None)
            self._whole_command(call)
        elif result.exit_code is not None:
            detail = f"exit {result.exit_code} · {blocks.duration(event.duration_s)}"
            self._detail(event.call_id, call, detail)
            if result.text.strip():
                self._child(blocks.output_block(result.text))
            if result.full_output:
                self._child(f"  Whole output: {code_span(result.full_output, 400)}")
        elif result.is_error:
            self._detail(event.call_id, call, f"failed: {_first_line(result.text)}")

    # --- how blocks follow each other

    def _detail(self, call_id: str, call: _Call, detail: str) -> None:
        """Add to the line of a call; where something else was written since, on a line of its own."""
        if self._item_of == call_id and call_id:
            self._output.append(f" · {detail}" if self._line_open else f"\n  {detail}")
            self._line_open = False
        else:
            self._item(f"{blocks.tool_line(call.title, call.tool, self._workspace)} · {detail}", None)

    def _item(self, line: str, call_id: str | None) -> None:
        self._settle()
        self._append(line, "item")
        self._item_of, self._line_open = call_id, True

    def _child(self, text: str) -> None:
        """A block that belongs to the item above it."""
        self._output.append(f"\n{text}")
        self._line_open = False

    def _block(self, text: str) -> None:
        self._settle()
        self._append(text, "block")

    def _append(self, text: str, kind: str) -> None:
        self._output.append("\n" if kind == self._after == "item" else "\n\n")
        self._output.append(text)
        self._after, self._item_of = kind, None


def render_document(records: Iterable[Record], *, session_id: str | None, title: str) -> str:
    """A whole document, as it would have become by appending: for a new window on an old session."""
    renderer = Renderer()
    parts = [new_document(session_id, title).removesuffix(f"\n\n{YOU_HEADING}\n\n")]
    for record in records:
        piece = renderer.feed(record)
        if piece is None:
            continue
        if piece.prompt is not None:
            parts.append(
                f"\n\n{YOU_HEADING}\n\n{frozen(piece.prompt)}\n\n{droid_heading(piece.turn_id or 't')}"
            )
        parts.append(piece.text)
    parts.append(f"\n\n{YOU_HEADING}\n\n")
    return "".join(parts)


def _command(arguments: str) -> str:
    try:
        parsed: Any = json.loads(arguments)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(parsed, dict):
        return ""
    command = cast("dict[str, Any]", parsed).get("command")
    return command if isinstance(command, str) else ""


def _first_line(text: str) -> str:
    line = next((line for line in text.split("\n") if line.strip()), "no reason given")
    return prose_line(one_line(line, 200))
