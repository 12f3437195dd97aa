"""A whole runtime on a temporary workspace, with a scripted model behind real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.fakes.model_server import FakeModelServer

from droid.app.options import RuntimeOptions
from droid.app.runtime import Runtime
from droid.domain.decisions import Answer
from droid.domain.events import (
    ApprovalWanted,
    DecisionMade,
    Event,
    QuestionAsked,
    Record,
    TextDelta,
    ToolFinished,
    TurnEnded,
)
from droid.domain.levels import AutonomyLevel
from droid.domain.ports import EventLog
from droid.domain.tools import ToolResult
from droid.engine.session import Session

EventT = TypeVar("EventT", bound=Event)
Step = Mapping[str, Any]

WAIT_S = 20


def call(name: str, *, call_id: str = "", **arguments: Any) -> dict[str, Any]:
    return {
        "name": name,
        "arguments": arguments,
        "id": call_id or f"call_{name}_{abs(hash(str(arguments))) % 10_000}",
    }


def calls(*made: Mapping[str, Any], text: str = "") -> Step:
    return {"text": text, "calls": list(made)}


class Workbench:
    """A session, its events, and the folder that it works in."""

    def __init__(self, runtime: Runtime, session: Session, server: FakeModelServer) -> None:
        self.runtime, self.session, self.server = runtime, session, server
        self.workspace = runtime.workspace
        self.records: list[Record] = []
        self._news = asyncio.Event()
        self.replies: list[Answer | tuple[Answer, str]] = []
        session.subscribe(self._hear)

    def _hear(self, record: Record) -> None:
        self.records.append(record)
        self._news.set()
        if isinstance(record.event, ApprovalWanted) and self.replies:
            reply = self.replies.pop(0)
            answer, instruction = reply if isinstance(reply, tuple) else (reply, None)
            request = record.event.request
            # The answer comes later than the question, as a person's would.
            asyncio.get_running_loop().call_soon(
                self.session.answer, request.approval_id, answer, instruction
            )

    async def ask(self, text: str = "please", **more: Any) -> TurnEnded:
        """One whole turn."""
        self.session.prompt(text, **more)
        return await self.end()

    async def end(self) -> TurnEnded:
        async with asyncio.timeout(WAIT_S):
            ended = await self.session.wait()
        assert ended is not None
        return ended

    def events(self, kind: type[EventT]) -> list[EventT]:
        return [r.event for r in self.records if isinstance(r.event, kind)]

    async def until(self, kind: type[EventT], fits: Callable[[EventT], bool] = lambda _: True) -> EventT:
        """Wait for an event, also one that has come already."""
        async with asyncio.timeout(WAIT_S):
            while True:
                for event in self.events(kind):
                    if fits(event):
                        return event
                self._news.clear()
                await self._news.wait()

    @property
    def results(self) -> list[ToolResult]:
        return [event.result for event in self.events(ToolFinished)]

    @property
    def verdicts(self) -> list[str]:
        return [f"{e.tool} {e.decision.verdict}" for e in self.events(DecisionMade)]

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events(TextDelta))

    @property
    def open_question(self) -> QuestionAsked | None:
        asked = self.events(QuestionAsked)
        return asked[-1] if asked else None

    def write(self, name: str, text: str) -> Path:
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


def write_settings(home: Path, base_url: str, **more: Any) -> None:
    """A user level with the fake model as its model."""
    home.mkdir(parents=True, exist_ok=True)
    model = {
        "id": "custom:fake",
        "model": "fake-model",
        "displayName": "Fake",
        "provider": "generic-chat-completion-api",
        "baseUrl": base_url,
        "apiKey": "not-a-key",
        "price": {"inputPerMTok": 1, "outputPerMTok": 2},
    }
    settings = {"customModels": [model], "model": "custom:fake"}
    (home / "settings.json").write_text(json.dumps(settings | more))


@asynccontextmanager
async def workbench(
    tmp_path: Path,
    script: Sequence[Step],
    *,
    autonomy: AutonomyLevel = AutonomyLevel.HIGH,
    settings: Mapping[str, Any] | None = None,
    resume: str | None = None,
    wrap_log: Callable[[EventLog], EventLog] = lambda log: log,
    organisation: Mapping[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[Workbench]:
    workspace, home = tmp_path / "work", tmp_path / "home" / ".factory"
    workspace.mkdir(exist_ok=True)
    async with FakeModelServer(script) as server:
        write_settings(home, server.base_url, **(settings or {}))
        environ = {"FACTORY_HOME": str(home), "HOME": str(tmp_path / "home")}
        if organisation is not None:
            bundle = tmp_path / "org"
            bundle.mkdir(exist_ok=True)
            (bundle / "settings.json").write_text(json.dumps(organisation))
            environ["DROID_ORG_BUNDLE"] = str(bundle)
        runtime = await Runtime.open(
            RuntimeOptions(workspace=workspace, surface="exec", **options), environ=environ
        )
        create = runtime.store.create
        runtime.store.create = lambda session_id: wrap_log(create(session_id))  # type: ignore[method-assign]
        try:
            if resume is None:
                session = await runtime.create_session(autonomy=autonomy)
            else:
                session = await runtime.resume_session(resume)
            yield Workbench(runtime, session, server)
        finally:
            await runtime.aclose()
