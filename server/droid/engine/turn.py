"""One turn: from a person's message to the agent's final answer.

Whatever ends it — the model, a budget, a person, an error, a bug — the turn ends with `TurnEnded`, and
every call that the model made has a result, so that the session can go on.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

from droid.domain.errors import DroidError, LogWriteFailed, PolicyRefused, ProviderError
from droid.domain.events import (
    AssistantAnswered,
    HookSpoke,
    Steered,
    StepStarted,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    UsageReported,
)
from droid.domain.hooks import HookEvent
from droid.domain.messages import Message, Role, Usage, user_message
from droid.domain.models import ModelFinished, StopReason
from droid.domain.tools import ToolResult
from droid.engine.budget import exceeded, session_exceeded
from droid.engine.core import Prompt, SessionCore
from droid.engine.doom_loop import REPEATS, DoomLoop
from droid.engine.hook_points import Heard
from droid.engine.interrupted import close_open_calls
from droid.engine.lifecycle_hooks import prompt_heard, stop_event, why_go_on
from droid.engine.loading import load_tool_calls
from droid.engine.model_step import ask_model, profile_of
from droid.engine.prompt_context import build_message, plain_message
from droid.engine.state import added_cost
from droid.engine.untrusted import Attachments

if TYPE_CHECKING:
    from droid.engine.tool_calls import ToolCallRunner

logger = logging.getLogger(__name__)

_GO_ON, _STOP = "Go on", "Stop"
_DROPPED = "(dropped by a hook)"
_End = tuple[TurnEndReason, str]


class Turn:
    """Runs one turn of a session.

    Attributes:
        begun: Its first step was made.
        over: Nothing that is said now can reach it any more.
    """

    def __init__(self, core: SessionCore, prompt: Prompt) -> None:
        self.begun = self.over = False
        self._core = core
        self._prompt = prompt
        self._steps = 0
        self._kept_going = 0
        self._usage = Usage()
        self._cost_usd: float | None = 0.0
        self._answer = ""
        self._began = core.ports.clock.monotonic()

    async def run(self) -> None:
        """Run to the end. A cancel is recorded and then carried on."""
        self.begun = True
        core = self._core
        core.turn_policy = core.policy
        core.hooks.new_turn()
        end: _End = (TurnEndReason.ERROR, "the turn ended for an unknown reason")
        try:
            end = await self._run()
        except asyncio.CancelledError:
            end = (TurnEndReason.CANCELLED, "cancelled")
            raise
        except LogWriteFailed as error:
            end = (TurnEndReason.ERROR, f"{error}; nothing more was run")
        except ProviderError as error:
            end = (TurnEndReason.PROVIDER, str(error))
        except PolicyRefused as error:
            end = (TurnEndReason.POLICY, str(error))
        except DroidError as error:
            end = (TurnEndReason.ERROR, str(error))
        except Exception as error:
            # The boundary of a turn: a bug is logged once and ends this turn, not the server.
            logger.exception("a turn failed")
            end = (
                TurnEndReason.ERROR,
                f"a fault inside Droid ended this turn: {type(error).__name__}: {error}",
            )
        finally:
            self.over = True
            close_open_calls(core, ToolResult(text=f"Not run: the turn ended ({end[0]}).", is_error=True))
            if end[0] is TurnEndReason.CANCELLED:
                self._keep_steers()
            core.turn_policy = None
            core.emit_regardless(self._ended(*end))

    async def _run(self) -> _End:
        core, prompt = self._core, self._prompt
        heard = await self._heard(prompt)
        if heard.dropped is not None:
            return TurnEndReason.POLICY, heard.dropped
        message, attached = plain_message(prompt), Attachments(core)
        try:
            message = await build_message(core, prompt, attached, more=heard.context)
        finally:
            # Whatever becomes of its context, what the person wrote is kept.
            core.emit(TurnStarted(prompt=prompt.text, message=message))
        attached.tell()
        core.steers.extendleft(reversed(core.unheard))
        core.unheard.clear()
        limit_s = core.options.budgets.time_limit_s
        time_limit = asyncio.timeout(limit_s)
        try:
            async with time_limit:
                return await self._loop()
        except TimeoutError:
            if not time_limit.expired():
                raise
            return TurnEndReason.BUDGET, f"the time limit of {limit_s:g} s is reached"

    async def _loop(self) -> _End:
        core = self._core
        loop = DoomLoop()
        while True:
            core.check_cancelled()
            if core.hooks.stop is not None:
                return TurnEndReason.POLICY, core.hooks.stop
            limit = exceeded(
                core.options.budgets, steps=self._steps, usage=self._usage, cost_usd=self._cost_usd
            )
            if limit is None:
                limit = session_exceeded(
                    core.policy.budget,
                    steps=self._steps,
                    usage=core.state.usage,
                    cost_usd=core.state.cost_usd,
                    profile=profile_of(core),
                )
            if limit is not None:
                return TurnEndReason.BUDGET, limit
            await self._take_steers()
            finished = await self._ask()
            if not finished.message.tool_calls:
                if core.steers or await self._must_go_on(finished) or core.steers:
                    continue
                end = self._final(finished)
                return end if core.hooks.stop is None else (end[0], core.hooks.stop)
            calls: ToolCallRunner = (await load_tool_calls()).ToolCallRunner(core)
            outcome = await calls.run(finished.message.tool_calls)
            if outcome.needs_person is not None:
                return TurnEndReason.POLICY, outcome.needs_person
            if loop.repeats(outcome.results) and not await self._may_go_on(outcome.results[0][0]):
                tool = outcome.results[0][0]
                message = f"the model made the same {tool} call {REPEATS} times with the same result"
                return TurnEndReason.LOOP, message

    async def _heard(self, prompt: Prompt) -> Heard:
        """What hooks say of the prompt that begins the turn; where they drop it, that is told."""
        core = self._core
        if not core.hooks.is_starting and not core.hooks.rules(HookEvent.USER_PROMPT_SUBMIT):
            return Heard()
        dropped: str | None = "the turn ended before hooks had looked at it"
        try:
            start = await core.hooks.started()
            said = await prompt_heard(core, prompt.text) if start.dropped is None else start
            dropped = said.dropped
            return Heard(dropped=dropped, context=[*start.context, *said.context])
        finally:
            if dropped is not None:
                nothing = Message(role=Role.USER, parts=())
                core.emit(TurnStarted(prompt=_DROPPED, message=nothing, dropped=True))

    async def _must_go_on(self, finished: ModelFinished) -> bool:
        """Whether a hook keeps the agent from stopping; then the model has been told why."""
        if finished.stop_reason is StopReason.REFUSAL:
            return False
        why = await why_go_on(self._core, self._kept_going)
        if why is None:
            return False
        self._kept_going += 1
        event = stop_event(self._core)
        self._core.hooks.tell(event, f"the agent goes on: {why}")
        self._core.emit(HookSpoke(event=event.value, message=user_message(why)))
        return True

    async def _ask(self) -> ModelFinished:
        core = self._core
        self._steps += 1
        core.emit(StepStarted(step=self._steps, model=core.state.model))
        seen = len(core.state.records)
        try:
            finished = await ask_model(core)
        finally:
            for record in core.state.records[seen:]:
                self._count(record.event)
        return finished

    def _count(self, event: object) -> None:
        if isinstance(event, UsageReported):
            self._usage += event.usage
            self._cost_usd = added_cost(self._cost_usd, event.cost_usd)
        elif isinstance(event, AssistantAnswered) and event.message.text:
            self._answer = event.message.text

    async def _take_steers(self) -> None:
        core = self._core
        while core.steers:
            # It stays in the queue until it is told of: a cancel may come while its context is gathered.
            prompt = core.steers[0]
            said = await prompt_heard(core, prompt.text)
            if said.dropped is None:
                attached = Attachments(core)
                message = await build_message(core, prompt, attached, more=said.context)
                core.emit(Steered(prompt=prompt.text, message=message))
                attached.tell()
            else:
                core.hooks.tell(HookEvent.USER_PROMPT_SUBMIT, f"the message was dropped: {said.dropped}")
            core.steers.popleft()

    def _keep_steers(self) -> None:
        """What a person said before they cancelled is heard with their next prompt."""
        if self._core.hooks.rules(HookEvent.USER_PROMPT_SUBMIT):
            # Hooks have not looked at it yet, so it does not join the conversation either.
            self._core.unheard.extend(self._core.steers)
            self._core.steers.clear()
        while self._core.steers:
            prompt = self._core.steers.popleft()
            self._core.emit_regardless(Steered(prompt=prompt.text, message=plain_message(prompt)))

    async def _may_go_on(self, tool: str) -> bool:
        core = self._core
        if not core.options.interactive:
            return False
        text = f"The model made the same {tool} call {REPEATS} times with the same result. Go on?"
        answer = await core.ask_person("loop", text, (_GO_ON, _STOP))
        return answer == _GO_ON

    def _final(self, finished: ModelFinished) -> _End:
        match finished.stop_reason:
            case StopReason.MAX_TOKENS:
                return TurnEndReason.DONE, "the answer was cut at the model's output limit"
            case StopReason.REFUSAL:
                return TurnEndReason.PROVIDER, "the model refused to answer"
            case _ if not finished.message.text:
                return TurnEndReason.DONE, "the model answered nothing"
            case _:
                return TurnEndReason.DONE, ""

    def _ended(self, reason: TurnEndReason, message: str) -> TurnEnded:
        return TurnEnded(
            reason=reason,
            message=message,
            answer=self._answer,
            steps=self._steps,
            usage=self._usage,
            cost_usd=self._cost_usd,
            duration_s=self._core.ports.clock.monotonic() - self._began,
        )
