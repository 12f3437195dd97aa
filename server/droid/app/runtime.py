"""One workspace's engine with its adapters: what every edge is a thin caller of."""

import asyncio
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from droid.app.clock import SystemClock
from droid.app.options import RuntimeOptions
from droid.app.policy_watch import PolicyWatch
from droid.app.tool_choice import unavailable_tools
from droid.domain.errors import PolicyRefused, ToolFailed
from droid.domain.events import Record
from droid.domain.levels import AutonomyLevel
from droid.domain.models import ModelProfile
from droid.domain.policy import Policy
from droid.domain.ports import BlobStore, EventLog, Files, Tool
from droid.engine.gate import Gate
from droid.engine.ports import EnginePorts, SessionOptions, SessionStart
from droid.engine.session import Session
from droid.engine.system_prompt import build_system_prompt

if TYPE_CHECKING:
    from droid.providers.factory import Providers
    from droid.sandbox.runner import WardenRunner
    from droid.sessions.log import SessionLog
    from droid.sessions.store import SessionStore

logger = logging.getLogger(__name__)


class Runtime:
    """Sessions of one workspace and everything that they share.

    Built by `open`; `aclose` ends what is still running.
    """

    def __init__(
        self,
        options: RuntimeOptions,
        *,
        home: Path,
        store: "SessionStore",
        tools: tuple[Tool, ...],
        files: Files,
        runner: "WardenRunner",
        providers: "Providers",
        policy: PolicyWatch,
    ) -> None:
        self.options = options
        self.home = home
        self.workspace = options.workspace
        self.store = store
        self.tools = tools
        self.sessions: dict[str, Session] = {}
        self._files = files
        self._runner = runner
        self._providers = providers
        self._watch = policy
        self._clock = SystemClock()
        self._gate = Gate()
        self._extra_models: dict[str, ModelProfile] = {}
        self._unavailable = unavailable_tools([tool.spec.name for tool in tools], options)
        if options.skip_permissions and self.policy.max_autonomy < AutonomyLevel.HIGH:
            raise PolicyRefused(
                f"permissions cannot be skipped: maxAutonomyLevel is {self.policy.max_autonomy} "
                f"({self.policy.max_autonomy_source.level} settings)"
            )

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
            return await asyncio.to_thread(
                _build, options, os.environ if environ is None else environ, runner
            )
        except BaseException:
            await runner.aclose()
            raise

    @property
    def policy(self) -> Policy:
        """The settings in force now, with the models that can be asked."""
        policy = self._watch()
        return (
            replace(policy, models={**policy.models, **self._extra_models}) if self._extra_models else policy
        )

    async def warm_up(self, model_id: str) -> None:
        """Import what the first request to a model needs, while a session is being prepared."""
        profile = self.policy.models.get(model_id)
        if profile is not None:
            await asyncio.to_thread(self._providers.for_profile, profile)

    def resolve_model(self, model_id: str) -> str:
        """The id of the model that a person means: exact, a custom one without its prefix, or a model
        of a known vendor that the catalogue does not list.

        Raises:
            PolicyRefused: there is no such model.
        """
        models = self.policy.models
        for candidate in (model_id, f"custom:{model_id}"):
            if candidate in models:
                return candidate
        from droid.providers.catalogue import profile_for

        profile = profile_for(model_id, os.environ)
        if profile is None:
            known = ", ".join(sorted(models)) or "none; add one to customModels in your settings.json"
            raise PolicyRefused(f"no model {model_id!r}; configured are {known}")
        self._extra_models[profile.id] = profile
        return profile.id

    async def create_session(
        self, *, model: str | None = None, autonomy: AutonomyLevel | None = None, cwd: Path | None = None
    ) -> Session:
        """Begin a conversation.

        Raises:
            PolicyRefused: the model or the autonomy level is not allowed.
            LogWriteFailed: its transcript cannot be written.
        """
        policy = self.policy
        level = policy.autonomy if autonomy is None else autonomy
        if level > policy.max_autonomy:
            raise PolicyRefused(
                f"autonomy {level} is above maxAutonomyLevel {policy.max_autonomy} "
                f"({policy.max_autonomy_source.level} settings, {policy.max_autonomy_source.file})"
            )
        chosen = self.resolve_model(model) if model else (policy.model or next(iter(policy.models), ""))
        folder = cwd or self.workspace
        known_rules: set[Path] = set()
        system = await build_system_prompt(
            workspace=self.workspace,
            cwd=folder,
            factory_home=self.home,
            files=self._files,
            processes=self._runner,
            known_rules=known_rules,
            now=self._clock.now(),
            append=self.options.append_system_prompt,
        )
        session_id = self.store.new_id()
        ports = self._ports(session_id, self.store.create(session_id))
        start = SessionStart(
            session_id=session_id,
            workspace=self.workspace,
            cwd=folder,
            model=chosen,
            autonomy=level,
            system=system,
            known_rules=frozenset(known_rules),
        )
        return self._keep(Session.start(ports, self._session_options(), start))

    async def resume_session(self, session_id: str) -> Session:
        """Take up a stored conversation; a unique beginning of its id is enough.

        Raises:
            SessionNotFound, SessionLocked: it does not exist, or another process writes it.
        """
        known = [session for session in self.sessions.values() if session.id.startswith(session_id)]
        if session_id and len(known) == 1:
            return known[0]
        return self._take_up(*await asyncio.to_thread(self.store.open, session_id))

    async def fork_session(self, session_id: str) -> Session:
        """Copy a stored conversation and go on with the copy.

        Raises:
            SessionNotFound: it does not exist.
        """
        return self._take_up(*await asyncio.to_thread(self.store.fork, session_id, self.store.new_id()))

    async def close_session(self, session: Session) -> None:
        self.sessions.pop(session.id, None)
        await session.close()

    async def aclose(self) -> None:
        """End every session, process and connection."""
        sessions, self.sessions = list(self.sessions.values()), {}
        await asyncio.gather(*(session.close() for session in sessions))
        await asyncio.gather(self._runner.aclose(), self._providers.aclose())

    def _take_up(self, records: Sequence[Record], log: "SessionLog") -> Session:
        ports = self._ports(log.path.stem, log)
        return self._keep(Session.resume(ports, self._session_options(), records))

    def _keep(self, session: Session) -> Session:
        self.sessions[session.id] = session
        return session

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
        from droid.tools.paths import OsPaths

        blobs: BlobStore = self.store.blobs
        return EnginePorts(
            clock=self._clock,
            provider=self._providers.for_profile,
            policy=lambda: self.policy,
            files=self._files,
            processes=self._runner,
            paths=OsPaths(),
            log=log,
            blobs=blobs,
            gate=self._gate,
            tools=self.tools,
            artifacts=self.store.artifacts(session_id),
            home=Path.home(),
            factory_home=self.home,
        )


def _build(options: RuntimeOptions, environ: Mapping[str, str], runner: "WardenRunner") -> Runtime:
    """Import and build the adapters: slow, so it runs in a thread."""
    from droid.providers.catalogue import catalogue_models
    from droid.providers.factory import Providers
    from droid.sessions.store import SessionStore
    from droid.settings.load import load_policy, settings_files
    from droid.settings.paths import factory_home
    from droid.tools.files import DiskFiles
    from droid.tools.registry import builtin_tools

    home = factory_home(environ)
    options = replace(options, workspace=Path(os.path.realpath(options.workspace)))

    def load() -> Policy:
        policy = load_policy(options.workspace, home, environ)
        return replace(policy, models={**catalogue_models(environ), **policy.models})

    disk: Files = DiskFiles()
    return Runtime(
        options,
        home=home,
        store=SessionStore(home, options.workspace),
        tools=tuple(builtin_tools()),
        files=options.overlay(disk) if options.overlay else disk,
        runner=runner,
        providers=Providers(),
        policy=PolicyWatch(load, settings_files(options.workspace, home)),
    )
