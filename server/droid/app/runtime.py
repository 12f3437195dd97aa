"""One workspace's engine with its adapters: what every edge is a thin caller of."""

import asyncio
import contextlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from droid.app.clock import SystemClock
from droid.app.options import RuntimeOptions
from droid.app.tool_choice import unavailable_tools
from droid.app.workspace_files import WorkspaceFiles
from droid.domain.errors import LogWriteFailed, PolicyRefused, ToolFailed
from droid.domain.events import InjectionFlagged, Record
from droid.domain.levels import AutonomyLevel
from droid.domain.policy import Policy
from droid.domain.ports import EventLog
from droid.engine.context_files import ContextFiles
from droid.engine.gate import Gate
from droid.engine.interrupted import BY_A_CRASH, BY_A_FORK, CutOff
from droid.engine.lifecycle_hooks import EndReason
from droid.engine.memory import SessionMemory
from droid.engine.ports import EnginePorts, SessionOptions, SessionStart
from droid.engine.session import Session
from droid.engine.system_prompt import build_system_prompt

if TYPE_CHECKING:
    from droid.app.adapters import Adapters
    from droid.sandbox.runner import WardenRunner
    from droid.sessions.log import SessionLog

logger = logging.getLogger(__name__)

_MAX_MEMORIES = 32
"""Of more sessions that were closed, the model has to read files again before it may change them."""


class Runtime:
    """Sessions of one workspace and everything that they share.

    Built by `open`; `aclose` ends what is still running.
    """

    def __init__(self, options: RuntimeOptions, adapters: "Adapters") -> None:
        self.options = options
        self.home = adapters.factory_home
        self.workspace = options.workspace
        self.store = adapters.store
        self.tools = adapters.tools
        self.policies = adapters.policies
        self.files = WorkspaceFiles(adapters.runner, options.workspace)
        self.sessions: dict[str, Session] = {}
        self._adapters = adapters
        self._clock = SystemClock()
        self._gate = Gate()
        self._resuming = asyncio.Lock()
        self._closing = threading.Event()
        self._pruning: asyncio.Task[None] | None = None
        self._memories: OrderedDict[str, SessionMemory] = OrderedDict()
        self._unavailable = unavailable_tools([tool.spec.name for tool in self.tools], options)

    @classmethod
    async def open(cls, options: RuntimeOptions, environ: Mapping[str, str] | None = None) -> "Runtime":
        """Load settings and adapters; importing them happens off the event loop.

        Meanwhile what starts commands comes up on another core: the first of them, git's, is near.

        Raises:
            PolicyRefused: the options ask for what policy does not allow.
        """
        from droid.sandbox.runner import WardenRunner

        runner = WardenRunner()
        try:
            await runner.prestart()
        except ToolFailed as error:
            # Nothing may ever be run here; the first command that is will say so.
            logger.warning("commands cannot be started: %s", error)
        try:
            runtime = await asyncio.to_thread(
                _build, options, os.environ if environ is None else environ, runner
            )
        except BaseException:
            await runner.aclose()
            raise
        try:
            await runtime.policies.start()
            runtime._check_options()
        except BaseException:
            await runtime.aclose()
            raise
        runtime._pruning = asyncio.create_task(runtime._prune(), name="prune checkpoints")
        return runtime

    @property
    def policy(self) -> Policy:
        """The settings in force now, with the models that can be asked."""
        return self.policies.of(self.workspace)

    async def warm_up(self, model_id: str) -> None:
        """Import what the first request to a model needs, while a session is being prepared."""
        profile = self.policy.models.get(model_id)
        if profile is not None:
            await asyncio.to_thread(self._adapters.providers.for_profile, profile)

    def resolve_model(self, model_id: str) -> str:
        """The id of the model that a person means: exact, a custom one without its prefix, or a model
        of a known vendor that the catalogue does not list.

        Raises:
            PolicyRefused: there is no such model, or it may not be used.
        """
        policy = self.policy
        for candidate in (model_id, f"custom:{model_id}"):
            if candidate in policy.models:
                return candidate
            if candidate in policy.models_refused:
                raise PolicyRefused(policy.why_not(candidate))
        from droid.providers.catalogue import profile_for

        profile = profile_for(model_id, self._adapters.environ)
        if profile is None:
            raise PolicyRefused(policy.why_not(model_id))
        self.policies.add_model(profile)
        return profile.id

    async def create_session(
        self, *, model: str | None = None, autonomy: AutonomyLevel | None = None, cwd: Path | None = None
    ) -> Session:
        """Begin a conversation.

        Raises:
            PolicyRefused: the model or the autonomy level is not allowed, or policy is not to be had.
            LogWriteFailed: its transcript cannot be written.
        """
        adapters = self._adapters
        folder = adapters.paths.real(cwd) if cwd else self.workspace
        policy = self.policies.of(folder)
        self._refuse_in_lockdown(policy)
        level = policy.autonomy if autonomy is None else autonomy
        if level > policy.max_autonomy:
            raise PolicyRefused(
                f"autonomy {level} is above maxAutonomyLevel {policy.max_autonomy} "
                f"({policy.max_autonomy_source.level} settings, {policy.max_autonomy_source.file})"
            )
        chosen = self.resolve_model(model) if model else (policy.model or next(iter(policy.models), ""))
        known_rules: set[Path] = set()
        flagged: list[InjectionFlagged] = []
        system = await build_system_prompt(
            workspace=self.workspace,
            cwd=folder,
            factory_home=self.home,
            files=ContextFiles(
                adapters.files,
                adapters.paths,
                home=adapters.home,
                factory_home=self.home,
                workspace=lambda: self.workspace,
                policies_of=lambda paths: self.policies.all_of(folder, paths),
            ),
            processes=adapters.runner,
            known_rules=known_rules,
            now=self._clock.now(),
            append=self.options.append_system_prompt,
            flagged=flagged,
        )
        session_id = self.store.new_id()
        start = SessionStart(
            session_id=session_id,
            workspace=self.workspace,
            cwd=folder,
            model=chosen,
            autonomy=level,
            system=system,
            known_rules=frozenset(known_rules),
            flagged=tuple(flagged),
        )
        return self._begin(
            session_id,
            self.store.create(session_id),
            lambda ports: Session.start(ports, self._session_options(), start),
        )

    async def resume_session(self, session_id: str) -> Session:
        """Take up a stored conversation; a unique beginning of its id is enough.

        Raises:
            SessionNotFound, SessionLocked: it does not exist, or another process writes it.
        """
        self._refuse_in_lockdown(self.policy)
        async with self._resuming:  # else two who ask at once would find it locked by each other
            if session_id not in self.sessions:
                session_id = await asyncio.to_thread(self.store.resolve, session_id)
            known = self.sessions.get(session_id)
            if known is not None and not known.closed:
                return known
            records, log = await asyncio.to_thread(self.store.open, session_id)
            return self._take_up(records, log, BY_A_CRASH, self._memories.pop(session_id, None))

    async def rest_session(self, session: Session) -> None:
        """Close a session that `can_rest`, so that it costs nothing and others may write it.

        Nobody may use it afterwards; `resume_session` goes on with it.

        Raises:
            LogWriteFailed: its transcript could not be closed properly.
        """
        async with self._resuming:
            memory = session.memory
            try:
                await session.close(None)
            finally:
                self.sessions.pop(session.id, None)
            self._memories[session.id] = memory
            while len(self._memories) > _MAX_MEMORIES:
                self._memories.popitem(last=False)

    async def delete_session(self, session_id: str) -> str:
        """Delete a stored session with all that is kept of it; returns its whole id.

        One that is open here is closed first, if it can rest.

        Raises:
            PolicyRefused: something runs or waits in it, or this is only the beginning of its id.
            SessionNotFound, SessionLocked: it does not exist, or another process has it open.
            LogWriteFailed: it cannot be deleted.
        """
        async with self._resuming:
            whole = await asyncio.to_thread(self.store.resolve, session_id)
            if whole != session_id:
                # The beginning of an id could be that of a session that nobody meant, which would be gone.
                raise PolicyRefused(f"a session is deleted by its whole id, which is {whole}")
            session = self.sessions.get(session_id)
            if session is not None:
                if not session.can_rest:
                    raise PolicyRefused("something still runs or waits in this session; cancel it first")
                self.sessions.pop(session_id)
                await session.close("other")
            self._memories.pop(session_id, None)
            await asyncio.to_thread(self.store.delete, session_id)
            return session_id

    async def fork_session(self, session_id: str) -> Session:
        """Copy a stored conversation and go on with the copy.

        Raises:
            SessionNotFound: it does not exist.
        """
        self._refuse_in_lockdown(self.policy)
        forked = await asyncio.to_thread(self.store.fork, session_id, self.store.new_id())
        return self._take_up(*forked, BY_A_FORK)

    async def aclose(self) -> None:
        """End every session, process and connection; one that fails to end keeps no other from it.

        Raises:
            LogWriteFailed: the last words of a session could not be stored.
        """
        self._closing.set()
        sessions, self.sessions = list(self.sessions.values()), {}
        await self.files.aclose()
        ends = await asyncio.gather(
            *(session.close(_end_reason(session)) for session in sessions),
            return_exceptions=True,
        )
        await asyncio.gather(
            self._adapters.runner.aclose(), self._adapters.providers.aclose(), self.policies.aclose()
        )
        if self._pruning is not None:
            await self._pruning
        for failure in filter(None, ends):
            raise failure

    async def _prune(self) -> None:
        """Throw out what the checkpoint store need not keep, beside everything else."""
        from droid.sessions.pruning import prune_if_due

        try:
            await asyncio.to_thread(prune_if_due, self.home, self._closing.is_set)
        except OSError as error:
            logger.warning("the checkpoint store could not be tidied: %s", error)

    def _take_up(
        self,
        records: Sequence[Record],
        log: "SessionLog",
        cut_off: CutOff,
        memory: SessionMemory | None = None,
    ) -> Session:
        options = self._session_options()
        return self._begin(
            log.path.stem, log, lambda ports: Session.resume(ports, options, records, cut_off, memory)
        )

    def _begin(self, session_id: str, log: EventLog, begin: Callable[[EnginePorts], Session]) -> Session:
        """Begin a session on its log; where that fails, others may open the log again."""
        try:
            session = begin(self._ports(session_id, log))
        except BaseException:
            with contextlib.suppress(LogWriteFailed):
                log.close()
            raise
        self.sessions[session.id] = session
        return session

    def _check_options(self) -> None:
        policy = self.policy
        if self.options.skip_permissions and policy.max_autonomy < AutonomyLevel.HIGH:
            raise PolicyRefused(
                f"permissions cannot be skipped: maxAutonomyLevel is {policy.max_autonomy} "
                f"({policy.max_autonomy_source.level} settings)"
            )

    def _refuse_in_lockdown(self, policy: Policy) -> None:
        if policy.lockdown is not None:
            raise PolicyRefused(policy.lockdown)

    def _session_options(self) -> SessionOptions:
        options = self.options
        return SessionOptions(
            surface=options.surface,
            interactive=options.interactive,
            stop_on_ask=options.stop_on_ask,
            dry_run=options.dry_run,
            skip_permissions=options.skip_permissions,
            allow_low_risk_commands=options.allow_low_risk_commands,
            reasoning_effort=options.reasoning_effort,
            budgets=options.budgets,
            unavailable_tools=self._unavailable,
        )

    def _ports(self, session_id: str, log: EventLog) -> EnginePorts:
        adapters = self._adapters
        return EnginePorts(
            clock=self._clock,
            provider=adapters.providers.for_profile,
            forget=adapters.providers.forget,
            policies=self.policies,
            files=adapters.files,
            processes=adapters.runner,
            paths=adapters.paths,
            workspace=adapters.workspace,
            log=log,
            blobs=self.store.blobs,
            gate=self._gate,
            hooks=adapters.hooks,
            tools=self.tools,
            artifacts=self.store.artifacts(session_id),
            home=adapters.home,
            factory_home=self.home,
            allowlist=adapters.allowlist,
        )


def _end_reason(session: Session) -> EndReason:
    """Why a session ends that nobody has closed by itself."""
    return "prompt_input_exit" if session.interactive and not session.busy else "other"


def _build(options: RuntimeOptions, environ: Mapping[str, str], runner: "WardenRunner") -> Runtime:
    """Import and build the adapters: slow, so it runs in a thread."""
    from droid.app.adapters import load_adapters

    options = replace(options, workspace=Path(os.path.realpath(options.workspace)))
    if options.trust_hash is not None:
        from droid.app.trust import check_trust_hash

        check_trust_hash(options.workspace, options.trust_hash, environ)
    return Runtime(options, load_adapters(options, environ, runner))
