"""Renders a session for people who were not there (Markdown) and for programs (JSON).

Everything that came from a model, a file or a command is put where it cannot break out: longer fences
than it holds, quotes, or a line of its own.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from droid.domain.decisions import Decision
from droid.domain.events import (
    ApprovalAnswered,
    AssistantAnswered,
    AutonomySet,
    CheckpointTaken,
    Compacted,
    DecisionMade,
    DestinationAllowed,
    Event,
    FilesChanged,
    FilesRestored,
    InjectionFlagged,
    ModelSet,
    QuestionAnswered,
    QuestionAsked,
    Record,
    Rewound,
    SessionRenamed,
    SessionStarted,
    Steered,
    TextDelta,
    TodosChanged,
    ToolFinished,
    ToolProposed,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    Undone,
    UntrustedTextEntered,
    Warned,
)
from droid.domain.files import FileChange
from droid.domain.messages import ImagePart, Message, Usage
from droid.domain.tools import TodoStatus
from droid.sessions.codec import encode
from droid.sessions.summaries import title_of

EXPORT_FORMAT = 1
_RESULT_CHARACTERS = 8_000
_MARKS = {TodoStatus.PENDING: "[ ]", TodoStatus.IN_PROGRESS: "[ ] ▸", TodoStatus.COMPLETED: "[x]"}
_BACKTICKS = re.compile(r"`+")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def to_json(records: Sequence[Record]) -> str:
    """`{"format": 1, "records": […]}`, each record as its line in the transcript."""
    lines = [json.loads(encode(record)) for record in records]
    return _utf8(json.dumps({"format": EXPORT_FORMAT, "records": lines}, ensure_ascii=False, indent=2)) + "\n"


def to_markdown(records: Sequence[Record]) -> str:
    """The conversation: prompts, answers, tool calls with decision and result, diffs, usage."""
    blocks = [f"# {_inline(_title(records)) or 'Session'}", *_facts(records)]
    turn = 0
    for record in records:
        if isinstance(record.event, TurnStarted):
            turn += 1
            blocks.append(f"## Turn {turn} · {_time(record.at)}")
        blocks.extend(_blocks(record.event))
    return _utf8("\n\n".join(blocks)) + "\n"


def _utf8(text: str) -> str:
    """Text that any file can hold: a lone surrogate, from a file name that is not UTF-8, becomes `?`."""
    return text.encode(errors="replace").decode()


def _title(records: Sequence[Record]) -> str:
    title = ""
    for record in records:
        if isinstance(record.event, SessionRenamed):
            title = record.event.title
        elif isinstance(record.event, TurnStarted):
            title = title or title_of(record.event.prompt)
    return title


def _facts(records: Sequence[Record]) -> Iterator[str]:
    for record in records:
        event = record.event
        if isinstance(event, SessionStarted):
            rows = [
                ("Session", event.session_id),
                ("Workspace", event.workspace),
                ("Started", _time(record.at)),
                ("Model", event.model),
                ("Autonomy", str(event.autonomy)),
                ("Surface", event.surface),
                *([("Forked from", event.parent)] if event.parent else []),
            ]
            yield "\n".join(
                ["| | |", "| --- | --- |", *(f"| {name} | {_inline(value)} |" for name, value in rows)]
            )
            return


def _blocks(event: Event) -> Iterator[str]:
    match event:
        case TurnStarted(prompt=prompt, message=message) | Steered(prompt=prompt, message=message):
            yield "**Person**" if isinstance(event, TurnStarted) else "**Person**, while the turn ran"
            yield _quote(prompt)
            yield from _images(message)
        case AssistantAnswered(message=message):
            if message.text.strip():
                yield "**Droid**"
                yield _quote(message.text)
            if event.stop_reason is None:
                yield "*The answer was interrupted here.*"
        case TextDelta(text=text):
            yield "**Droid**, interrupted"
            yield _quote(text)
        case ToolProposed():
            yield f"### {_inline(event.title) or event.tool}"
            yield _fenced(_pretty(event.arguments), "json")
        case DecisionMade(decision=decision):
            yield _decision(decision)
        case ApprovalAnswered(answer=answer):
            wish = f": {_inline(event.instruction)}" if event.instruction else ""
            yield f"Answer of the person: **{answer or 'withdrawn'}**{wish}"
        case QuestionAsked(question=question):
            yield "**Question to the person**"
            yield _quote("\n".join([question.text, *(f"- {option}" for option in question.options)]))
        case QuestionAnswered(answer=answer):
            yield "**Answer**"
            yield _quote(answer) if answer is not None else "*none*"
        case ToolFinished(result=result):
            exit_code = f", exit code {result.exit_code}" if result.exit_code is not None else ""
            yield f"{'Failed' if result.is_error else 'Result'} after {event.duration_s:.1f} s{exit_code}:"
            yield _fenced(_shortened(result.text))
            if result.full_output:
                yield f"Whole output: {_code(result.full_output)}"
        case FilesChanged(changes=changes):
            yield from _changes("Changed", changes)
        case Undone():
            yield from _changes(f"Took turn {_inline(event.turn_id)} back:", event.changes)
            if event.conflicts:
                names = ", ".join(_code(path) for path in event.conflicts)
                yield f"Left as they are, since somebody changed them meanwhile: {names}"
        case FilesRestored():
            yield from _changes(f"Files as before turn {_inline(event.turn_id)}:", event.changes)
            if event.conflicts:
                names = ", ".join(_code(path) for path in event.conflicts)
                yield f"Left as they are: {names}"
        case Rewound(turn_id=turn_id):
            yield f"*The conversation goes on from before turn {_inline(turn_id)}*"
        case CheckpointTaken(left_out=left_out) if left_out:
            yield f"*Not in the checkpoint before this command: {_inline('; '.join(left_out))}*"
        case TodosChanged(todos=todos):
            yield "**Plan**"
            yield "\n".join(f"- {_MARKS[todo.status]} {_inline(todo.content)}" for todo in todos) or "*empty*"
        case Compacted(summary=summary):
            yield "**The conversation so far was summarised**"
            yield _quote(summary)
        case ModelSet(model=model):
            yield f"*Model: {_inline(model)}*"
        case AutonomySet(autonomy=autonomy):
            yield f"*Autonomy: {autonomy}*"
        case Warned(message=message) | InjectionFlagged(message=message):
            yield f"⚠ {_inline(message)}"
        case UntrustedTextEntered(kind=kind, source=source):
            yield f"*Untrusted text entered the context: {kind}, {_inline(source)}*"
        case DestinationAllowed(destination=destination):
            yield f"*The person let data go to {_inline(destination)}*"
        case TurnEnded():
            yield _end(event)
        case _:
            pass


def _decision(decision: Decision) -> str:
    return f"Decision: **{decision.verdict}**, risk {decision.risk}: {_inline(decision.reason)}"


def _changes(verb: str, changes: Sequence[FileChange]) -> Iterator[str]:
    for change in changes:
        what = "created" if change.before is None else "deleted" if change.after is None else "edited"
        yield f"{verb} {_code(change.path)} ({what}, +{change.added_lines} −{change.removed_lines})"
        if change.diff:
            yield _fenced(change.diff, "diff")


def _end(event: TurnEnded) -> str:
    cost = f", ${event.cost_usd:.4f}" if event.cost_usd is not None else ", price not known"
    message = f": {_inline(event.message)}" if event.message else ""
    ended = "Done" if event.reason is TurnEndReason.DONE else f"Ended: {event.reason}"
    steps = f"{event.steps} step{'' if event.steps == 1 else 's'}"
    return f"*{ended}{message} · {steps}, {event.duration_s:.1f} s, {_usage(event.usage)}{cost}*"


def _usage(usage: Usage) -> str:
    cached = f", {usage.cache_read_tokens:,} read from cache" if usage.cache_read_tokens else ""
    return f"{usage.total_tokens:,} tokens ({usage.output_tokens:,} written{cached})"


def _images(message: Message) -> Iterator[str]:
    for part in message.parts:
        if isinstance(part, ImagePart):
            yield f"*(image, {_inline(part.media_type)}, {len(part.data) * 3 // 4:,} bytes)*"


def _time(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "at an unknown time"


def _fenced(text: str, language: str = "") -> str:
    """A code block whose fence is longer than any run of backticks in it."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _code(text: str) -> str:
    """A code span on one line."""
    text = " ".join(text.split())
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _quote(text: str) -> str:
    """Markdown of somebody else: quoted, a fence or a list that it leaves open ends with the quote."""
    lines = text.replace("<!--", "&lt;!--").strip().splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines) or ">"


def _inline(text: str) -> str:
    """Plain text on one line, with nothing in it that Markdown would read."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _pretty(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return arguments


def _shortened(text: str) -> str:
    if len(text) <= _RESULT_CHARACTERS:
        return text
    half = _RESULT_CHARACTERS // 2
    left_out = len(text) - 2 * half
    return f"{text[:half]}\n… {left_out:,} characters left out …\n{text[-half:]}"
