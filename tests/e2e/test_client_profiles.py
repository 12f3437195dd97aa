"""The same day's work in five editors: what is decided and what becomes of the files is the same in all.

What each editor declares and how it answers is recorded in `tests/data/clients`. The differences that are
left are in how things are shown, and stand in `SHOWN`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.profile_day import LONG, SHOP, Person, day_of
from tests.fakes.lsp_client import NAMES

OFF = "medium risk needs approval at autonomy off: touch: makes files or changes their times"
EDIT_OFF = "low risk needs approval at autonomy off: edits files in the workspace"
EDIT_LOW = "low risk, autonomy low: edits files in the workspace"
READS = "Read · allow · low · looking needs no approval"
EDITS = f"Edit · allow · low · {EDIT_LOW}"
ASKS = f"Execute · ask · medium · {OFF}"
REJECTED = "Execute · deny · medium · rejected by the person"
APPROVED = "Execute · allow · medium · approved by the person"

# What stands in the transcript of each scene: decisions, answers, results, and how its turns ended.
DECIDED: Mapping[str, Sequence[str]] = {
    "selection": (
        READS,
        "Read ran",
        f"Edit · ask · low · {EDIT_OFF}",
        "answered once",
        "Edit · allow · low · approved by the person",
        "Edit ran",
        "ended: done",
    ),
    "closed_file": (READS, "Read ran", EDITS, "Edit ran", "ended: done"),
    "create": (
        f"Create · ask · low · {EDIT_OFF}",
        "answered once",
        "Create · allow · low · approved by the person",
        "Create ran",
        "ended: done",
    ),
    "review": (
        *(READS, "Read ran", f"ApplyPatch · ask · low · {EDIT_OFF}", "answered once"),
        *("ApplyPatch · allow · low · 1 of 2 hunks approved by the person", "ApplyPatch ran", "ended: done"),
    ),
    "commands": (
        *(ASKS, "answered once", APPROVED, "Execute ran"),
        *(ASKS, "answered reject", REJECTED, "Execute failed"),
        *(ASKS, "answered reject", REJECTED, "Execute failed"),
        "Execute · ask · medium · `chmod` is on the denylist: chmod +x approved",
        *("answered reject", REJECTED, "Execute failed"),
        *("Execute · deny · high · `mkfs` is blocked: mkfs approved", "Execute failed"),
        "ended: done",
    ),
    "instruct": (
        *(ASKS, "answered instruct: call it right", REJECTED, "Execute failed"),
        *(ASKS, "answered once", APPROVED, "Execute ran"),
        "ended: done",
    ),
    "typing": (READS, "Read ran", EDITS, "Edit failed", READS, "Read ran", EDITS, "Edit ran", "ended: done"),
    "undo": (
        *(READS, "Read ran", READS, "Read ran", EDITS, "Edit ran", EDITS, "Edit ran"),
        *(f"Create · allow · low · {EDIT_LOW}", "Create ran", "ended: done"),
        "undone t1: gone.txt, notes.txt, shop.py",
    ),
    "talk": (ASKS, "answered once", APPROVED, "Execute ran", "ended: done"),
    "withdrawn": (ASKS, "answered None", "Execute failed", "ended: cancelled"),
    "killed": (
        *(f"Create · allow · low · {EDIT_LOW}", "Create ran"),
        *("ended: error", "resumed", "ended: done"),
    ),
}

FILES = {
    "a.txt": "one\ntwo\n",
    "approved": "",
    "kept.txt": "kept\n",
    "long.txt": LONG.replace("line 30", "new 30"),
    "new/made.txt": "hello\n",
    "notes.txt": "one\n2\n",
    "right": "",
    "shop.py": SHOP,
    "talked": "",
}
BUFFER = "# mine\ndef price(item):\n    name = '😀'; total = item.price\n    return round(total)\n"

# A client that was made for Droid: it declares all that there is to declare.
MADE_FOR_IT = {
    "api": 1,
    "editor": {"name": "an editor", "version": "1"},
    "transcript": "stream",
    "review": "hunk",
    "approval": "rich",
    "input": True,
    "status": True,
    "sessions": True,
    "save": True,
}

# How the same is shown. What the columns say:
#   encoding    in which unit places in lines are counted
#   documents   the session document is opened by the server, or a message says where it is
#   progress    a running turn is seen, and can be stopped, by the editor's own progress
#   lenses      the buttons in a document are brought up to date by the server, or when the editor looks
#   dismissed   what the server hears when a message is left
#   withdrawn   what becomes of a question on the screen that the server has withdrawn
SHOWN: Mapping[str, tuple[str, ...]] = {
    #         encoding  documents  progress  lenses       dismissed  withdrawn
    "vscode": ("utf-16", "opened", "seen", "refreshed", "null", "stays"),
    "neovim": ("utf-8", "opened", "seen", "looked at", "null", "stays"),
    "eglot": ("utf-16", "named", "unseen", "looked at", "nothing", "stays"),
    "helix": ("utf-8", "opened", "seen", "looked at", "null", "stays"),
    "lsp4ij": ("utf-16", "opened", "stoppable", "refreshed", "error", "closes"),
}


@pytest.mark.parametrize(
    ("profile", "droid"),
    [*(pytest.param(name, None, id=name) for name in NAMES), pytest.param("vscode", MADE_FOR_IT, id="all")],
)
async def test_a_day_is_the_same_in_every_editor(
    tmp_path: Path, profile: str, droid: Mapping[str, Any] | None
) -> None:
    async with day_of(profile, tmp_path, droid) as me:
        assert {scene: tuple(decided(me, scene)) for scene in me.sessions} == DECIDED
        assert {name: text for name, text in me.bench.files().items() if ".factory" not in name} == FILES
        assert me.text("shop.py") == BUFFER
        assert me.text("talk.droid.md").count("**Approved once**") == 1
        assert [client.undeclared for client in me.lives] == [[], []]
        sent = {one.get("method") for client in me.lives for one in client.received}
        assert "workspace/configuration" not in sent, "no editor is asked for settings: they are files"
        assert shown(me) == SHOWN[profile]


def decided(me: Person, scene: str) -> Iterator[str]:
    for event in me.events(me.sessions[scene]):
        match event["type"]:
            case "decision_made":
                made = event["decision"]
                yield " · ".join((event["tool"], made["verdict"], made["risk"], _reason(made)))
            case "approval_answered":
                instruction = f": {event['instruction']}" if event["instruction"] else ""
                yield f"answered {event['answer']}{instruction}"
            case "tool_finished":
                yield f"{event['tool']} {'failed' if event['result']['is_error'] else 'ran'}"
            case "turn_ended":
                yield f"ended: {event['reason']}"
            case "undone":
                assert not event["conflicts"]
                names = sorted(Path(change["path"]).name for change in event["changes"])
                yield f"undone {event['turn_id']}: {', '.join(names)}"
            case "session_resumed":
                yield "resumed"
            case _:
                pass


def _reason(decision: Mapping[str, Any]) -> str:
    """The entry of the trace that a person reads first."""
    said = [one for one in decision["trace"] if one["verdict"] == decision["verdict"]]
    first = next((one for one in said if one["level"] == "runtime"), said[0])
    return ": ".join(filter(None, (first["rule"], first["matched"])))


def shown(me: Person) -> tuple[str, ...]:
    (first, _) = me.lives
    methods = {str(one.get("method")) for one in first.received}
    told = [one["params"]["message"] for one in first.received if one.get("method") == "window/showMessage"]
    assert any(re.search(r"all of it: .*\.droid\.md", text) for text in told) == (
        "window/showDocument" not in methods
    ), "an editor that opens no document is told where it is"
    progress = "stoppable" if first.profile.habits.cancels_progress else "seen"
    return (
        first.encoding,
        "opened" if "window/showDocument" in methods else "named",
        progress if "$/progress" in methods else "unseen",
        "refreshed" if "workspace/codeLens/refresh" in methods else "looked at",
        *me.dismissals,
        "closes" if first.profile.habits.closes_withdrawn else "stays",
    )
