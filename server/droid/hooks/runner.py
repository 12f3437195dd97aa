"""Runs hooks, all that match side by side, and waits for every one of them."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.hooks import HookCall, HookOutcome, HookReply
from droid.domain.levels import SettingsLevel, Verdict
from droid.domain.policy import HookRule
from droid.domain.ports import ProcessRunner
from droid.domain.processes import ProcessRequest
from droid.hooks.answers import Ran, not_run, read_answer
from droid.hooks.inputs import Surroundings, env_of, input_of
from droid.hooks.matching import matching, permits
from droid.hooks.merging import merge

logger = logging.getLogger(__name__)

MAX_OUTPUT_BYTES = 64 * 1024
_LABEL_CHARACTERS = 60
_MAX_AT_ONCE = 32
"""A line may be of hundreds of git commands, each of which hooks are asked about."""


class HookRunner:
    """Implements the `Hooks` port."""

    def __init__(self, processes: ProcessRunner, around: Surroundings) -> None:
        self._processes = processes
        self._around = around

    async def run(self, calls: Sequence[HookCall], rules: Sequence[HookRule]) -> HookOutcome:
        """Run what matches. A cancel ends every hook that is running."""
        wanted = [(call, rule) for call in calls for rule in matching(rules, call)]
        if not wanted:
            return HookOutcome()
        inputs = {id(call): input_of(call, self._around) for call in {id(c): c for c, _ in wanted}.values()}
        room = asyncio.Semaphore(_MAX_AT_ONCE)

        async def one(rule: HookRule, call: HookCall) -> HookReply:
            async with room:
                return await self._one(rule, call, inputs[id(call)])

        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one(rule, call), name=f"hook:{call.event}") for call, rule in wanted]
        return merge([task.result() for task in running])

    async def _one(self, rule: HookRule, call: HookCall, stdin: bytes) -> HookReply:
        cwd = self._around.project(rule)
        if call.cwd.is_dir():
            cwd = await asyncio.to_thread(self._around.place, rule, call.cwd)
        if rule.source.level is SettingsLevel.ORG:
            why = await asyncio.to_thread(self._around.refusal, rule, cwd)
            if why is not None:
                return not_run(rule, call.event, why, call.call_id)
        try:
            ran = await self._run(rule, cwd, stdin)
        except (ToolFailed, OSError) as error:
            return not_run(rule, call.event, f"could not be run: {error}", call.call_id)
        logger.info(
            "a hook ran",
            extra={"hook_event": call.event.value, "exit_code": ran.exit_code, "duration_s": ran.duration_s},
        )
        reply = read_answer(rule, call.event, ran, call.call_id)
        if reply.verdict is Verdict.ALLOW and not permits(rule, call):
            return replace(reply, verdict=None)
        return reply

    async def _run(self, rule: HookRule, cwd: Path, stdin: bytes) -> Ran:
        stdout, stderr = _Head(MAX_OUTPUT_BYTES), _Head(MAX_OUTPUT_BYTES)
        result = await self._processes.run(
            ProcessRequest(
                argv=self._around.argv(rule.command),
                cwd=cwd,
                env=env_of(rule, cwd, self._around),
                stdin=stdin,
                timeout_s=rule.timeout_s,
                label=f"the hook {rule.command[:_LABEL_CHARACTERS]}",
                on_errors=stderr.append,
            ),
            stdout.append,
        )
        return Ran(
            exit_code=result.exit_code,
            timed_out=result.timed_out,
            duration_s=result.duration_s,
            stdout=stdout.text,
            stderr=stderr.text,
            is_cut=stdout.is_cut,
        )


class _Head:
    """The first bytes of a stream, up to a bound."""

    def __init__(self, bound_bytes: int) -> None:
        self._bound = bound_bytes
        self._held = bytearray()
        self._seen_bytes = 0

    def append(self, data: bytes) -> None:
        self._seen_bytes += len(data)
        self._held += data[: max(0, self._bound - len(self._held))]

    @property
    def is_cut(self) -> bool:
        return self._seen_bytes > self._bound

    @property
    def text(self) -> str:
        text = self._held.decode(errors="replace")
        if self.is_cut:
            text += f"\n[cut: {self._bound:,} of {self._seen_bytes:,} bytes]"
        return text
