"""The hooks of a session's life: its start and end, its prompts, what a person is told, and stopping."""

import logging
from dataclasses import replace
from typing import Literal

from droid.domain.errors import LogWriteFailed
from droid.domain.hooks import HookEvent, HookOutcome
from droid.engine.core import SessionCore
from droid.engine.hook_points import Heard

logger = logging.getLogger(__name__)

IDLE_S = 60.0
MAX_END_S = 10.0
"""For hooks of a session's end, whatever their own time-out."""
MAX_CONTINUATIONS = 5
"""How often stop hooks can keep one turn going."""

StartSource = Literal["startup", "resume", "clear", "compact"]
EndReason = Literal["clear", "logout", "prompt_input_exit", "other"]


async def session_begins(core: SessionCore, source: StartSource) -> Heard:
    """Run the hooks of a start; a first prompt is dropped where one of them ends the turn."""
    outcome = await core.hooks.ask(HookEvent.SESSION_START, subjects=(source,), fields={"source": source})
    _show(core, HookEvent.SESSION_START, outcome)
    return Heard(dropped=outcome.stop, context=_blocks(HookEvent.SESSION_START, outcome))


async def session_ends(core: SessionCore, reason: EndReason) -> None:
    """Run the hooks of an end; nothing of them can keep a session from ending."""
    rules = core.hooks.rules(HookEvent.SESSION_END)
    if not rules:
        return
    # A program that is closed is expected to be gone soon.
    rules = [replace(rule, timeout_s=min(rule.timeout_s, MAX_END_S)) for rule in rules]
    try:
        call = core.hooks.call(HookEvent.SESSION_END, fields={"reason": reason})
        outcome = await core.hooks.run([call], rules)
        _show(core, HookEvent.SESSION_END, outcome)
    except LogWriteFailed as error:
        logger.warning("what a hook did is not in the transcript: %s", error)


async def prompt_heard(core: SessionCore, text: str) -> Heard:
    """Show a prompt to hooks before it is used."""
    outcome = await core.hooks.ask(HookEvent.USER_PROMPT_SUBMIT, fields={"prompt": text})
    if outcome.stop is not None:
        return Heard(dropped=outcome.stop)
    if outcome.blocked:
        return Heard(dropped=outcome.reason or "a hook did not let the prompt be used")
    return Heard(context=_blocks(HookEvent.USER_PROMPT_SUBMIT, outcome))


def notify(core: SessionCore, message: str) -> None:
    """Tell hooks, beside everything else, of what a person should look at."""
    if core.hooks.rules(HookEvent.NOTIFICATION):
        core.hooks.beside(_notify(core, message), "hooks:notification")


def watch_idle(core: SessionCore) -> None:
    """Tell hooks once the session has waited for its person for a minute."""
    if core.options.interactive and core.hooks.rules(HookEvent.NOTIFICATION):
        core.hooks.when_idle(_idle(core))


async def why_go_on(core: SessionCore, times: int) -> str | None:
    """Why the agent must not stop; None where it may.

    Args:
        times: How often hooks have kept this turn going.
    """
    event = stop_event(core)
    outcome = await core.hooks.ask(event, fields={"stop_hook_active": times > 0})
    if outcome.stop is not None or not outcome.blocked:
        return None
    if times >= MAX_CONTINUATIONS:
        core.hooks.tell(event, f"it kept the agent going {times} times; the agent stops all the same")
        return None
    return outcome.reason


def stop_event(core: SessionCore) -> HookEvent:
    """The event of the agent's stopping."""
    return HookEvent.SUBAGENT_STOP if core.options.is_subagent else HookEvent.STOP


async def compaction_begins(core: SessionCore, trigger: Literal["manual", "auto"], instructions: str) -> None:
    """Tell hooks that the conversation is about to be summarised; they cannot keep it from that."""
    outcome = await core.hooks.ask(
        HookEvent.PRE_COMPACT,
        subjects=(trigger,),
        fields={"trigger": trigger, "custom_instructions": instructions},
    )
    _show(core, HookEvent.PRE_COMPACT, outcome)


async def _notify(core: SessionCore, message: str) -> None:
    outcome = await core.hooks.ask(HookEvent.NOTIFICATION, fields={"message": message})
    _show(core, HookEvent.NOTIFICATION, outcome)


async def _idle(core: SessionCore) -> None:
    await core.ports.clock.sleep(IDLE_S)
    await _notify(core, "Droid is waiting for your input")


def _show(core: SessionCore, event: HookEvent, outcome: HookOutcome) -> None:
    """A block where nothing can be blocked is for the person."""
    for reply in outcome.replies:
        if reply.verdict is not None and reply.reason and not reply.error:
            core.hooks.tell(event, reply.reason)


def _blocks(event: HookEvent, outcome: HookOutcome) -> list[str]:
    """What hooks want the model to know, marked as theirs."""
    return [f'<hook event="{event}">\n{text}\n</hook>' for text in outcome.context]
