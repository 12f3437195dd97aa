"""Sessions as lines for people and objects for scripts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from droid.domain.events import (
    DecisionMade,
    FilesChanged,
    ModelSet,
    Record,
    SessionRenamed,
    SessionStarted,
    ToolProposed,
    TurnEnded,
    TurnStarted,
)
from droid.domain.files import FileChange
from droid.domain.messages import Usage

if TYPE_CHECKING:
    from droid.app.parts import SearchHit, SessionSummary
    from droid.app.rewinding import RewindOffer
    from droid.engine.checkpoints import Checkpoint


def summary_object(session: "SessionSummary") -> dict[str, Any]:
    """One session of `sessions list --json`."""
    return {
        "id": session.id,
        "title": session.title,
        "workspace": session.workspace,
        "started_at": iso(session.started_at),
        "updated_at": iso(session.updated_at),
        "turns": session.turns,
        "tokens": session.tokens,
        "cost_usd": session.cost_usd,
        "model": session.model,
        "locked": session.locked,
        "parent": session.parent,
        "path": str(session.path),
    }


def summary_line(session: "SessionSummary", *, with_workspace: bool) -> str:
    """One session of `sessions list`."""
    when = local(session.updated_at)
    turns = f"{session.turns} turn{'' if session.turns == 1 else 's'}"
    cost = "" if session.cost_usd is None else f"${session.cost_usd:.2f}"
    mark = " (open)" if session.locked else ""
    where = f"  {session.workspace}" if with_workspace else ""
    title = printable(session.title) or "(untitled)"
    return f"{session.id}  {when}  {turns:>9}  {cost:>7}  {title}{mark}{where}"


def hit_object(hit: "SearchHit") -> dict[str, Any]:
    """One place of `sessions search --json`."""
    return {
        "session_id": hit.session_id,
        "title": hit.title,
        "workspace": hit.workspace,
        "kind": hit.kind,
        "seq": hit.seq,
        "at": iso(hit.at),
        "snippet": hit.snippet,
    }


def hit_line(hit: "SearchHit") -> str:
    """One place of `sessions search`."""
    return f"{hit.session_id}  {local(hit.at)}  {hit.kind:<7}  {printable(hit.snippet)}"


def session_object(records: Sequence[Record]) -> dict[str, Any]:
    """`sessions show --json`: what a session was about and, turn by turn, what it did."""
    about: dict[str, Any] = {"id": "", "title": "", "workspace": "", "model": "", "parent": None}
    usage, cost = Usage(), 0.0
    turns: dict[str, dict[str, Any]] = {}
    for record in records:
        turn = turns.get(record.turn_id or "")
        match record.event:
            case SessionStarted() as started:
                about |= {
                    "id": started.session_id,
                    "workspace": started.workspace,
                    "model": started.model,
                    "autonomy": started.autonomy,
                    "parent": started.parent,
                    "started_at": iso(record.at),
                }
            case SessionRenamed(title=title):
                about["title"] = title
            case ModelSet(model=model):
                about["model"] = model
            case TurnStarted(prompt=prompt):
                turns[record.turn_id or ""] = {
                    "turn": record.turn_id,
                    "at": iso(record.at),
                    "prompt": prompt,
                    "tools": [],
                    "files_changed": [],
                    "answer": "",
                    "reason": None,
                    "message": "",
                }
                about["title"] = about["title"] or _first_line(prompt)
            case ToolProposed(call_id=call_id, title=title) if turn is not None:
                turn["tools"].append({"call_id": call_id, "title": title, "verdict": None})
            case DecisionMade(call_id=call_id, decision=decision) if turn is not None:
                for tool in turn["tools"]:
                    if tool["call_id"] == call_id:
                        tool["verdict"] = decision.verdict
            case FilesChanged(changes=changes) if turn is not None:
                new = [change.path for change in changes if change.path not in turn["files_changed"]]
                turn["files_changed"] += new
            case TurnEnded() as ended if turn is not None:
                turn |= {"answer": ended.answer, "reason": ended.reason, "message": ended.message}
                usage += ended.usage
                cost = None if cost is None or ended.cost_usd is None else cost + ended.cost_usd
            case _:
                pass
    return {**about, "tokens": usage.total_tokens, "cost_usd": cost, "turns": list(turns.values())}


def session_text(records: Sequence[Record]) -> str:
    """`sessions show`."""
    session = session_object(records)
    cost = "" if session["cost_usd"] is None else f", ${session['cost_usd']:.4f}"
    lines = [
        f"{session['id']}  {printable(session['title'])}",
        f"{session['workspace']}, {session['model']}, {session['tokens']} tokens{cost}",
    ]
    for turn in session["turns"]:
        lines += ["", f"> {line}" if (line := printable(turn["prompt"])) else ">"]
        lines += [f"  {tool['verdict'] or 'open'}: {printable(tool['title'])}" for tool in turn["tools"]]
        lines += [f"  changed {path}" for path in turn["files_changed"]]
        lines += [f"  {printable(text)}" for text in turn["answer"].splitlines()]
        if turn["reason"] != "done":
            lines.append(f"  [{turn['reason'] or 'not ended'}] {printable(turn['message'])}".rstrip())
    return "\n".join(lines)


def checkpoint_object(one: "Checkpoint") -> dict[str, Any]:
    """One moment of `sessions checkpoints --json`."""
    return {
        "turn": one.turn_id,
        "prompt": one.prompt,
        "at": iso(one.started_at),
        "paths": list(one.paths),
        "workspace": one.workspace,
        "left_out": list(one.left_out),
    }


def checkpoint_lines(one: "Checkpoint") -> list[str]:
    """One moment of `sessions checkpoints`."""
    files = f"{len(one.paths)} file{'' if len(one.paths) == 1 else 's'}"
    line = f"{one.turn_id:<5}  {local(one.started_at)}  {files:>9}  {_first_line(printable(one.prompt))}"
    return [line, *(f"       {printable(text)}" for text in one.left_out)]


def rewind_lines(offer: "RewindOffer") -> list[str]:
    """What `sessions rewind` would do."""
    lines = [f"Back to before {offer.turn_id} of session {offer.session_id}:"]
    lines += [f"  {_deed(change)} {printable(change.path)}" for change in offer.changes]
    lines += [f"  left as it is: {printable(text)}" for text in offer.conflicts]
    if offer.prompt is not None:
        lines.append(f"  the conversation goes on without: {_first_line(printable(offer.prompt))}")
    return lines if len(lines) > 1 else [*lines, "  nothing has to be changed"]


def _deed(change: FileChange) -> str:
    if change.after is None:
        return "delete"
    return "change" if change.before is not None else "create"


def iso(at: float) -> str:
    """A moment for scripts, in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def local(at: float) -> str:
    """A moment for people, in their time zone."""
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def printable(text: str) -> str:
    """One line that cannot steer a terminal: a transcript holds what models and programs wrote."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _first_line(text: str) -> str:
    return next((line.strip()[:80] for line in text.splitlines() if line.strip()), "")
