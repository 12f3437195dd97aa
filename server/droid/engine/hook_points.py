"""The hooks of a session: asks them at its points, and tells what they said.

With none configured a point costs a look at the policies in force, and nothing is imported. What a hook said
is an event; what it wants the person to know, and what went wrong with it, is a warning that surfaces show.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from droid.domain.errors import LogWriteFailed
from droid.domain.events import Event, HookRan, Warned
from droid.domain.hooks import HookCall, HookEvent, HookOutcome, HookReply
from droid.domain.levels import Verdict
from droid.domain.policy import HookRule, Policy
from droid.engine.ports import Hooks, SessionOptions
from droid.engine.state import SessionState

logger = logging.getLogger(__name__)

_RECORDED_CHARACTERS = 2_000
_COMMAND_CHARACTERS = 200
_END_S = 1.0


class HookPorts(Protocol):
    """Of a session's adapters, the one that runs hooks."""

    @property
    def hooks(self) -> Hooks: ...


class HookHost(Protocol):
    """The session that hooks belong to."""

    @property
    def ports(self) -> HookPorts: ...

    @property
    def options(self) -> SessionOptions: ...

    @property
    def state(self) -> SessionState: ...

    @property
    def policy(self) -> Policy: ...

    def policies_of(self, paths: Iterable[Path] = ()) -> Sequence[Policy]: ...

    def emit(self, event: Event) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What hooks say of a prompt, or of a start.

    Attributes:
        dropped: Why the prompt is not used; None where it is.
        context: What joins the conversation before it.
    """

    dropped: str | None = None
    context: Sequence[str] = ()


class HookPoints:
    """See the module.

    Attributes:
        stop: Why the running turn must end, because a hook said so; None where it may go on.
        notes: By tool call, what hooks that let it run want the model to know.
    """

    def __init__(self, core: HookHost) -> None:
        self.stop: str | None = None
        self.notes: dict[str, list[str]] = {}
        self._core = core
        self._tasks = set[asyncio.Task[None]]()
        self._starting: asyncio.Task[Heard] | None = None
        self._idle: asyncio.Task[None] | None = None

    def rules(self, *events: HookEvent, policies: Sequence[Policy] | None = None) -> list[HookRule]:
        """The hooks of these events, from the highest level on.

        Args:
            policies: Those that hold; None takes those that hold for the session's folder.
        """
        if policies is None:
            policies = self._core.policies_of()
        with_hooks = [policy for policy in policies if policy.hooks]
        if not with_hooks:
            return []
        return list(dict.fromkeys(r for policy in with_hooks for r in policy.hooks if r.event in events))

    def call(self, event: HookEvent, **more: Any) -> HookCall:
        """A call of an event in the session as it is now; `more` are fields of `HookCall`."""
        state, options = self._core.state, self._core.options
        now: dict[str, Any] = {
            "session_id": state.session_id,
            "cwd": state.cwd,
            "autonomy": state.autonomy,
            "surface": options.surface,
        }
        return HookCall(event=event, **(now | more))

    async def ask(self, event: HookEvent, **more: Any) -> HookOutcome:
        """Run the hooks of one event for the session's folder, and tell what they said."""
        rules = self.rules(event)
        return await self.run([self.call(event, **more)], rules) if rules else HookOutcome()

    async def run(self, calls: Sequence[HookCall], rules: Sequence[HookRule]) -> HookOutcome:
        """Run hooks and tell what they said.

        Raises:
            LogWriteFailed: it could not be written down.
        """
        outcome = await self._core.ports.hooks.run(calls, rules)
        for reply in outcome.replies:
            self._tell(reply)
        if outcome.stop is not None:
            self.stop = self.stop or outcome.stop
        return outcome

    def tell(self, event: HookEvent, message: str) -> None:
        """Tell the person of something that has to do with an event's hooks."""
        self._core.emit(Warned(message=f"{event} hook: {message}"))

    def new_turn(self) -> None:
        """A turn begins: what hooks said of the one before is over."""
        self.stop = None
        self.notes.clear()
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def start(self, begins: Coroutine[Any, Any, Heard]) -> None:
        """The session's start, which its first turn waits for."""
        self._starting = asyncio.create_task(begins, name="hooks:start")

    @property
    def is_starting(self) -> bool:
        """There is a start that no turn has waited for."""
        return self._starting is not None

    async def started(self) -> Heard:
        """Wait for the start; returns what its hooks said, once.

        Raises:
            LogWriteFailed: what its hooks said could not be written down.
        """
        starting = self._starting
        if starting is None:
            return Heard()
        await asyncio.wait((starting,))
        self._starting = None
        return Heard() if starting.cancelled() else starting.result()

    def when_idle(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something unless a turn begins before."""
        self._idle = self.beside(work, "hooks:idle")

    def beside(self, work: Coroutine[Any, Any, object], name: str) -> asyncio.Task[None]:
        """Run something that nobody waits for; it ends with the session."""

        async def run() -> None:
            try:
                await work
            except LogWriteFailed as error:
                logger.warning("what a hook did is not in the transcript: %s", error)

        task = asyncio.create_task(run(), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def busy(self) -> bool:
        """Something runs that nobody waits for, or a start has been made that no turn has heard of."""
        return bool(self._tasks) or self._starting is not None

    async def close(self) -> None:
        """End what nobody waits for."""
        tasks: set[asyncio.Task[Any]] = set(self._tasks)
        if self._starting is not None:
            tasks.add(self._starting)
            self._starting = None
        for task in tasks:
            task.cancel()
        if tasks:
            done, _ = await asyncio.wait(tasks, timeout=_END_S)
            for task in done:
                if not task.cancelled() and (failure := task.exception()) is not None:
                    logger.warning("what hooks did at the start was not told: %s", failure)

    def _tell(self, reply: HookReply) -> None:
        core, rule = self._core, reply.rule
        core.emit(
            HookRan(
                event=reply.event.value,
                command=rule.command[:_COMMAND_CHARACTERS],
                level=rule.source.level,
                file=rule.source.file,
                verdict=reply.verdict,
                reason=reply.reason[:_RECORDED_CHARACTERS],
                error=reply.error[:_RECORDED_CHARACTERS],
                exit_code=reply.exit_code,
                duration_s=reply.duration_s,
                call_id=reply.call_id,
            )
        )
        said = [reply.message] if reply.message else []
        if reply.error:
            said.append(f"`{rule.command[:_COMMAND_CHARACTERS]}` {reply.error}")
        elif reply.output and reply.verdict in (None, Verdict.ALLOW) and core.policy.show_hook_output:
            said.append(reply.output)
        for text in said:
            self.tell(reply.event, text[:_RECORDED_CHARACTERS])
