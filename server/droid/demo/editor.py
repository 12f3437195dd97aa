"""The person and their editor, played: what is asked of them is shown, answered, and said to be so.

The answers are cautious, because with a real model nobody knows what will be asked: only running the
sample's tests and editing the sample's files are allowed, anything else is rejected.
"""

import asyncio
from pathlib import Path
from typing import Any

from droid.demo.lsp_client import NotHandled
from droid.demo.narrator import Narrator
from droid.demo.screen import Screen
from droid.demo.task import TEST_COMMAND

_SEEN_S = 2.0

CAPABILITIES: dict[str, Any] = {
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}, "workspaceFolders": True},
    "window": {"workDoneProgress": True},
    "general": {"positionEncodings": ["utf-16"]},
    "experimental": {
        "droid": {
            "api": 1,
            "editor": {"name": "droid demo"},
            "transcript": "stream",
            "approval": "rich",
            "input": True,
        }
    },
}


class DemoEditor:
    """Answers the server's requests and passes its updates on."""

    def __init__(self, screen: Screen, workspace: Path) -> None:
        self.narrator: Narrator | None = None
        self.asked = 0
        self._screen = screen
        self._workspace = workspace

    def on_notification(self, method: str, params: Any) -> None:
        if method == "droid/sessionUpdate" and self.narrator is not None:
            self.narrator.update(params["update"])
        elif method == "window/showMessage" and params.get("type") in {1, 2}:
            self._screen.line((f"  ! {params['message']}", "yellow"))

    async def on_request(self, method: str, params: Any) -> Any:
        match method:
            case "droid/requestApproval":
                return await self._approve(params)
            case "droid/requestAnswer":
                return {"answer": None}
            case "window/workDoneProgress/create" | "client/registerCapability":
                return None
            case "workspace/configuration":
                return [None for _ in params["items"]]
            case _:
                raise NotHandled

    async def _approve(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked += 1
        narrator, screen = self.narrator, self._screen
        if narrator is not None:
            try:
                async with asyncio.timeout(_SEEN_S):
                    await narrator.proposed(request["callId"])
            except TimeoutError:
                pass  # it is shown without its heading
            narrator.say_what_was_said()
            narrator.tell_decision(request["callId"])
        answer = answer_to(request, self._workspace)
        edge = ("  │ ", "yellow")
        screen.line(("  ┌ approval wanted: ", "yellow"), (request["tool"], "bold yellow"))
        for line in request["subject"].splitlines():
            screen.line(edge, line)
        if request.get("diff"):
            screen.diff(request["diff"], indent="  │ ")
        screen.line(edge, (f"in {request['cwd']}", "dim"))
        screen.line(edge, (f"{request['risk']} risk; asked because:", "dim"))
        for row in screen.wrapped(request["reason"], indent=6):
            screen.line(edge, (f"  {row}", "dim"))
        offered = ", ".join(request["options"])
        screen.line(edge, (f"offered: {offered}", "dim"))
        said = {
            "session": f"yes, for this session ({request.get('sessionGrant')})",
            "once": "yes, once",
            "reject": "no",
            "instruct": f"no: {answer.get('instruction')}",
        }[answer["answer"]]
        screen.line(("  └ answered by this demo in your place: ", "yellow"), (said, "bold yellow"))
        return answer


def answer_to(request: dict[str, Any], workspace: Path) -> dict[str, Any]:
    """What the played person says to an approval."""
    options = request["options"]
    if request["tool"] == "Execute":
        command = request["subject"].strip()
        harmless = command in {TEST_COMMAND, f"{TEST_COMMAND} -v"}
        if harmless and Path(request["cwd"]) == workspace:
            return {"answer": "session" if "session" in options else "once"}
        if "instruct" in options:
            return {"answer": "instruct", "instruction": f"Only run `{TEST_COMMAND}`, exactly like that."}
        return {"answer": "reject"}
    if request["tool"] in {"Edit", "Create", "ApplyPatch"} and _inside(request, workspace):
        return {"answer": "once"}
    return {"answer": "reject"}


def _inside(request: dict[str, Any], workspace: Path) -> bool:
    paths = [(workspace / line.strip()).resolve() for line in request["subject"].splitlines() if line.strip()]
    return bool(paths) and all(
        path.is_relative_to(workspace) and ".git" not in path.parts and ".factory" not in path.parts
        for path in paths
    )
