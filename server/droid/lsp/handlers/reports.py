"""Verbs that tell how things are in a page of text: what a session used, what the doctor finds."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.lsp.arguments import Arguments
from droid.lsp.handlers.sessions import folder_of_focus

if TYPE_CHECKING:
    from droid.engine.session import Session
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.protocol_results import UsageResult


async def usage(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """What a session used so far; a client that shows nothing of it gets a document."""
    folder = folder_of_focus(ls)
    session_id = arguments.text("sessionId")
    known = ls.host.current(folder) or ls.host.current()
    session = None
    if session_id is not None:
        session = await ls.host.session(folder, session_id)
    elif known is not None:
        session = await ls.host.wake(known)
    result = _usage_of(session) if session is not None else _NOTHING
    await _show(ls, folder, "usage.md", result["text"])
    return result


async def doctor(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """What `droid-lsp doctor` says of the workspace; a client that shows nothing of it gets a document."""
    folder = folder_of_focus(ls)
    ok, text = await asyncio.to_thread(_checked, folder)
    await _show(ls, folder, "doctor.md", text)
    return {"ok": ok, "text": text}


def _checked(folder: Path) -> tuple[bool, str]:
    from droid.app.doctor import run_checks
    from droid.app.doctor_report import Status, report

    checks = run_checks(folder, network=False)
    return all(check.status is not Status.FAIL for check in checks), report(checks)


async def _show(ls: "DroidLanguageServer", folder: Path, name: str, text: str) -> None:
    if ls.editor.profile.droid.declared:
        return
    from droid.lsp.private_files import write_private

    try:
        path = await asyncio.to_thread(write_private, folder, "reports", name, text)
    except OSError:
        ls.editor.message(text)
        return
    if not await ls.editor.show(path):
        ls.editor.message(f"Droid: it is written in {path}.")


def _usage_of(session: "Session") -> "UsageResult":
    from droid.lsp.transcript_blocks import cost

    used, cost_usd = session.usage, session.cost_usd
    tokens, window = session.context_tokens, session.context_window()
    share = f" of {window:,}" if window else ""
    percent = f" ({tokens / window:.0%})" if window else ""
    title = session.title or "a session without a name"
    lines = (
        f"# Usage: {title}",
        "",
        "| | |",
        "| --- | ---: |",
        f"| Model | {session.model} |",
        f"| Context | {tokens:,}{share} tokens{percent} |",
        f"| Input | {used.input_tokens:,} tokens |",
        f"| Read from the cache | {used.cache_read_tokens:,} tokens |",
        f"| Written to the cache | {used.cache_write_tokens:,} tokens |",
        f"| Output | {used.output_tokens:,} tokens |",
        f"| Cost | {cost(cost_usd)} |",
        "",
        f"Session `{session.id}`",
        "",
    )
    return {
        "sessionId": session.id,
        "inputTokens": used.input_tokens,
        "outputTokens": used.output_tokens,
        "cacheReadTokens": used.cache_read_tokens,
        "cacheWriteTokens": used.cache_write_tokens,
        "costUsd": cost_usd,
        "contextTokens": tokens,
        "contextWindow": window,
        "text": "\n".join(lines),
    }


_NOTHING: "UsageResult" = {
    "sessionId": None,
    "inputTokens": 0,
    "outputTokens": 0,
    "cacheReadTokens": 0,
    "cacheWriteTokens": 0,
    "costUsd": 0.0,
    "contextTokens": 0,
    "contextWindow": None,
    "text": "# Usage\n\nNo session is open yet.\n",
}

VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Mapping[str, Any]]]] = {
    "droid.usage": usage,
    "droid.doctor": doctor,
}
