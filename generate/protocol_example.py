"""The session that `docs/protocol.md` shows message by message; a test holds each message to the types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message.

    Attributes:
        wire: The name of the type of its `params` or `result`; None for those of LSP itself.
    """

    sender: str
    body: Mapping[str, Any]
    wire: str | None = None


_SESSION = "2q7mafcac214"
_APPROVAL = "2q7mafcac214:t1.1"
_FILE = "/home/ada/shop/a.txt"
_DIFF = "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
_WHY = "low risk needs approval at autonomy off: edits files in the workspace"
_TRACE = [
    {
        "step": "autonomy",
        "verdict": "ask",
        "rule": "low risk needs approval at autonomy off",
        "level": "built-in",
        "file": None,
        "matched": "edits files in the workspace",
    }
]


def _client(id_: int, method: str, params: Mapping[str, Any], wire: str | None = None) -> Message:
    return Message(sender="Client", body={"id": id_, "method": method, "params": params}, wire=wire)


def _answer(sender: str, id_: int | str, result: Mapping[str, Any], wire: str | None = None) -> Message:
    return Message(sender=sender, body={"id": id_, "result": result}, wire=wire)


def _server(method: str, params: Mapping[str, Any], wire: str, id_: str | None = None) -> Message:
    head = {"id": id_} if id_ is not None else {}
    return Message(sender="Server", body={**head, "method": method, "params": params}, wire=wire)


def _update(kind: str, /, *, turn: str | None = "t1", **fields: Any) -> Message:
    update = {"sessionUpdate": kind, **fields}
    params = {"sessionId": _SESSION, "turnId": turn, "update": update}
    return _server("droid/sessionUpdate", params, "SessionUpdateParams")


def _text(text: str) -> Mapping[str, str]:
    return {"type": "text", "text": text}


_DECLARED = {
    "api": 1,
    "editor": {"name": "example", "version": "1.0"},
    "transcript": "stream",
    "approval": "rich",
    "input": True,
}
_HEARD = {
    "api": 1,
    "server": {"name": "droid", "version": "0.1.0"},
    "transcript": "stream",
    "review": "file",
    "approval": "rich",
    "input": True,
    "status": False,
    "sessions": False,
    "save": False,
    "methods": ["droid/prompt", "droid/cancel"],
}

EXAMPLE: Sequence[str | Message] = (
    (
        "`jsonrpc` is left out, and what LSP itself says too (`codeLens/refresh`, `$/progress`). The "
        "client says what it can do, and hears what the server will do; `methods` is longer in truth."
    ),
    _client(0, "initialize", {"capabilities": {"experimental": {"droid": _DECLARED}}}),
    _answer("Server", 0, {"capabilities": {"experimental": {"droid": _HEARD}}}),
    (
        "After `initialized`, the person writes a prompt. The first prompt begins a session where none is "
        "open; the answer comes at once, and all else as updates."
    ),
    _client(1, "droid/prompt", {"prompt": "Write the number two as a digit"}),
    _answer("Server", 1, {"sessionId": _SESSION, "turnId": "t1"}, "PromptResult"),
    _update(
        "session_info_update",
        turn=None,
        title="Write the number two as a digit",
        model="claude-sonnet-4-5",
        autonomy="off",
    ),
    _update("turn_started", startedAt=1795543503.39),
    _update("user_message_chunk", content=_text("Write the number two as a digit")),
    (
        "The model speaks and wants to use a tool. Reading needs no approval, so it runs; such calls come "
        "in the same way as the one below, and are left out here."
    ),
    _update("agent_message_chunk", content=_text("I look at the file first.")),
    _update(
        "usage",
        inputTokens=1000,
        outputTokens=50,
        cacheReadTokens=0,
        cacheWriteTokens=0,
        costUsd=0.00375,
        totalCostUsd=0.00375,
        contextTokens=1050,
        contextWindow=200000,
    ),
    (
        "Now it wants to change the file. The gate says that a person must be asked; of the trace, only "
        "the step that decided is shown here."
    ),
    _update(
        "tool_call",
        toolCallId="call_2",
        title="Edit a.txt",
        kind="edit",
        status="pending",
        tool="Edit",
        rawInput={"file_path": "a.txt", "old_str": "two", "new_str": "2"},
    ),
    _update("decision", toolCallId="call_2", verdict="ask", risk="low", reason=_WHY, trace=_TRACE),
    _update("approval_wanted", approvalId=_APPROVAL, toolCallId="call_2"),
    _server(
        "droid/requestApproval",
        {
            "sessionId": _SESSION,
            "turnId": "t1",
            "approvalId": _APPROVAL,
            "callId": "call_2",
            "tool": "Edit",
            "subject": "a.txt",
            "cwd": "/home/ada/shop",
            "risk": "low",
            "reason": _WHY,
            "options": ["once", "session", "reject", "instruct"],
            "sessionGrant": "any change of a.txt",
            "sessionProgram": None,
            "always": None,
            "diff": _DIFF,
            "trace": _TRACE,
        },
        "RequestApprovalParams",
        "droid-5",
    ),
    (
        "The person reads the diff and approves it once. Had the turn been cancelled, or the question "
        "answered elsewhere, the server would have sent `$/cancelRequest` for `droid-5`, and "
        "`approval_answered` would say how it ended: `null` where nobody answered."
    ),
    _answer("Client", "droid-5", {"answer": "once"}, "RequestApprovalResult"),
    _update("approval_answered", approvalId=_APPROVAL, toolCallId="call_2", answer="once", instruction=None),
    "The call runs. What it changed comes with it, and stays when its result does.",
    _update("tool_call_update", toolCallId="call_2", status="in_progress", locations=[{"path": "a.txt"}]),
    _update(
        "tool_call_update",
        toolCallId="call_2",
        status="completed",
        content=[
            {"type": "diff", "path": _FILE, "diff": _DIFF},
            {"type": "content", "content": _text("Edited a.txt:\n     1→one\n     2→2")},
        ],
        durationS=0.016,
    ),
    _update("agent_message_chunk", content=_text("Changed `two` to `2` in a.txt.")),
    _update("turn_ended", reason="done", message="", costUsd=0.0081, durationS=6.2),
    "Another day, another window: the client takes the session up again and is told all of it.",
    _client(2, "droid/session/resume", {"sessionId": _SESSION}),
    _answer(
        "Server",
        2,
        {
            "sessionId": _SESSION,
            "title": "Write the number two as a digit",
            "model": "claude-sonnet-4-5",
            "autonomy": "off",
            "busy": False,
            "turnId": None,
        },
        "SessionResult",
    ),
    _update("replay_started", turn=None),
    "… the same updates as before, whole instead of in pieces …",
    _update("replay_ended", turn=None),
)
