"""`droid-lsp exec`: one turn with nobody to ask.

The prompt is read first, so that a mistake in it costs nothing; then the runtime is opened, the turn
runs, everything is stored and closed, and only then the outcome is reported.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from errno import EPIPE
from typing import TYPE_CHECKING

from droid.domain.errors import DroidError
from droid.headless.complaint import complain
from droid.headless.exit_codes import ExitCode, exit_code_of
from droid.headless.formats import output_for
from droid.headless.interrupts import Interrupts
from droid.headless.options import ExecOptions, OutputFormat
from droid.headless.preflight import autonomy_of, check_price, check_settings
from droid.headless.prompt import read_prompt, read_text
from droid.headless.sink import Sink

if TYPE_CHECKING:
    from droid.app.runtime import Runtime
    from droid.domain.events import Record, TurnEnded
    from droid.engine.session import Session


def run(options: ExecOptions) -> ExitCode:
    """Run one prompt to its end; returns how it went, after telling it.

    Raises:
        DroidError: it could not begin; the caller tells it and takes the code from it.
        KeyboardInterrupt: it was interrupted before it began.
    """
    began = time.monotonic()
    prompt = read_prompt(options)
    appended = _appended(options)
    out = Sink(sys.stdout)
    with Interrupts() as interrupts:
        headless = _HeadlessRun(options, prompt, appended, interrupts, out)
        try:
            asyncio.run(headless.go())
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
        except DroidError as error:
            headless.report_refusal(error, time.monotonic() - began)
            raise
        return headless.report(time.monotonic() - began)


class _HeadlessRun:
    def __init__(
        self, options: ExecOptions, prompt: str, appended: str, interrupts: Interrupts, out: Sink
    ) -> None:
        self._options = options
        self._prompt = prompt
        self._appended = appended
        self._interrupts = interrupts
        self._session: Session | None = None
        self._turn_id: str | None = None
        self._stop: asyncio.Event | None = None
        self._out = out
        self._out.on_failure = self._reader_has_gone
        self._output = output_for(options, self._out)

    async def go(self) -> None:
        if (task := asyncio.current_task()) is not None:
            self._interrupts.arm(task.cancel)
        with _loading():
            runtime = await open_runtime(self._options, self._appended)
        try:
            with _loading():
                session = self._session = await self._begin(runtime)
            for record in _new_records(session, resumed=self._options.session_id is not None):
                self._output.event(record)
            session.subscribe(self._output.event)
            self._stop = asyncio.Event()
            self._interrupts.arm(self._stop.set)
            if self._out.failure is not None:
                self._stop.set()
            self._turn_id = session.prompt(self._prompt)
            await _until_end(session, self._stop)
            await session.close()
        finally:
            await runtime.aclose()

    async def _begin(self, runtime: "Runtime") -> "Session":
        policy, options = runtime.policy, self._options
        for warning in policy.warnings:
            if warning not in policy.malformed:
                self._output.warn(warning)
        check_settings(runtime, options)
        likely = options.model or policy.model or next(iter(policy.models), "")
        warming = asyncio.create_task(runtime.warm_up(likely), name="warm up")
        try:
            session = await self._open_session(runtime)
        finally:
            await warming
        check_price(runtime, session, options)
        return session

    async def _open_session(self, runtime: "Runtime") -> "Session":
        options, autonomy = self._options, autonomy_of(self._options)
        if options.session_id is not None:
            session = await runtime.resume_session(options.session_id)
        elif options.fork_id is not None:
            session = await runtime.fork_session(options.fork_id)
        else:
            model = options.model or runtime.policy.model
            return await runtime.create_session(model=model, autonomy=autonomy)
        if options.model is not None:
            session.set_model(runtime.resolve_model(options.model))
        if session.autonomy is not autonomy:
            session.set_autonomy(autonomy)
        return session

    def _reader_has_gone(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def report(self, duration_s: float) -> ExitCode:
        """Tell how the run went."""
        # Imported when the work is done: nothing of it is wanted before.
        from droid.headless.summary import mend_of_ask, summarize

        summary = summarize(self._session, self._turn_id, duration_s)
        message = summary.message
        if summary.code is ExitCode.DONE and message:
            self._output.warn(message)
        elif summary.code is ExitCode.INTERRUPTED:
            message = "interrupted; what was done is saved"
        elif summary.code is ExitCode.POLICY:
            message += mend_of_ask(summary)
        if summary.code in {ExitCode.INTERRUPTED, ExitCode.BUDGET}:
            message += f"; go on with `droid-lsp exec -s {summary.session_id}`"
        self._output.finish(replace(summary, message=message))
        failure = self._out.failure
        if failure is not None and failure.errno != EPIPE:
            complain(
                f"standard output cannot be written: {failure.strerror}; the session is {summary.session_id}"
            )
            return ExitCode.FAILED
        if summary.code is not ExitCode.DONE and failure is None:
            complain(message)
        return summary.code

    def report_refusal(self, error: DroidError, duration_s: float) -> None:
        """Tell programs that read the output that nothing was begun; people are told by the caller."""
        if self._options.output is OutputFormat.JSON:
            from droid.headless.summary import Summary

            code = exit_code_of(error) or ExitCode.FAILED
            self._output.finish(
                Summary(code=code, reason=code.name.lower(), message=str(error), duration_s=duration_s)
            )


@contextmanager
def _loading() -> Generator[None]:
    """The collector rests: what is loaded now stays to the end, and need not be walked, now or later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


async def open_runtime(options: ExecOptions, appended: str = "") -> "Runtime":
    """The runtime of a headless run: nobody can be asked."""
    from droid.app.options import RuntimeOptions
    from droid.app.runtime import Runtime
    from droid.engine.budget import Budgets

    return await Runtime.open(
        RuntimeOptions(
            workspace=options.workspace,
            surface="exec",
            interactive=False,
            only_tools=options.only_tools,
            extra_tools=options.extra_tools,
            disabled_tools=options.disabled_tools,
            budgets=Budgets(
                max_turns=options.max_turns,
                max_tokens=options.max_tokens,
                max_usd=options.max_usd,
                time_limit_s=options.time_limit_s,
            ),
            append_system_prompt=appended,
            dry_run=options.dry_run,
            trust_hash=options.trust_hash,
            stop_on_ask=options.on_ask == "stop",
            skip_permissions=options.skip_permissions,
            allow_low_risk_commands=True,
            reasoning_effort=options.reasoning_effort,
        )
    )


async def _until_end(session: "Session", stop: asyncio.Event) -> "TurnEnded | None":
    """Wait for the turn's end, cancelling it when `stop` is set."""
    turn = asyncio.create_task(session.wait(), name="headless turn")
    stopped = asyncio.create_task(stop.wait(), name="headless stop")
    try:
        await asyncio.wait((turn, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not turn.done():
            await session.cancel()
        return await turn
    finally:
        stopped.cancel()


def _new_records(session: "Session", *, resumed: bool) -> "tuple[Record, ...]":
    """What happened to the session before anyone could listen: its beginning, or its being taken up."""
    records = tuple(session.records)
    for index in range(len(records) - 1, -1, -1):
        if records[index].event.type == ("session_resumed" if resumed else "session_started"):
            return records[index:]
    return ()


def _appended(options: ExecOptions) -> str:
    texts = [options.append_system_prompt]
    if options.append_system_prompt_file is not None:
        texts.append(read_text(options.append_system_prompt_file, "the text for the system prompt"))
    return "\n\n".join(text for text in texts if text.strip())
