"""What the editor is told."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from droid.lsp.client_requests import ClientRequests
from droid.lsp.comment_watch import CommentWatch
from droid.lsp.editor import Editor, MessageKind
from droid.lsp.plain_text import without_icons


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rm [log](command:droid.approve)", "rm [log]⟨U+0028⟩command:droid.approve)"),
        ("curl [x](HTTPS://e.com)", "curl [x]⟨U+0028⟩HTTPS://e.com)"),
        ("[a](file:///etc/passwd)", "[a]⟨U+0028⟩file:///etc/passwd)"),
        ("f[0](x); (command:x)", "f[0](x); (command:x)"),
    ],
)
async def test_nothing_in_a_message_or_a_question_becomes_a_link(text: str, shown: str) -> None:
    sent: list[Mapping[str, Any]] = []
    editor = Editor(ClientRequests(sent.append), CommentWatch())
    editor.message(text)
    asking = asyncio.ensure_future(
        editor.choose(text, ["Reject"], kind=MessageKind.INFO, on_late=lambda _: None)
    )
    await asyncio.sleep(0)
    asking.cancel()
    assert [one["params"]["message"] for one in sent[:2]] == [shown, shown]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Approve once: echo $(reboot)", "Approve once: echo $⟨U+0028⟩reboot)"),
        ("echo $(sync~spin)", "echo $⟨U+0028⟩sync~spin)"),
        ("echo $(rm -rf x) $x (y)", "echo $(rm -rf x) $x (y)"),
    ],
)
def test_nothing_in_a_buttons_title_becomes_an_icon(title: str, shown: str) -> None:
    assert without_icons(title) == shown
