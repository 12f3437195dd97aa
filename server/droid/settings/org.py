"""The organisation's level as the engine takes it, and lockdown where it cannot be had.

What is configured and cannot be read, parsed or verified is never taken for nothing: no session starts, and
sessions that run keep what was in force.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from droid.domain.levels import SettingsLevel
from droid.settings.environment_type import environment_of, in_container
from droid.settings.layers import Layer
from droid.settings.normalise import normalise
from droid.settings.org_endpoint import TIMEOUT_S, EndpointState, OrgEndpoint, duration
from droid.settings.org_files import setting, with_environment
from droid.settings.org_level import OrgLevel
from droid.settings.org_signature import OrgBody
from droid.settings.org_sources import NO_SESSION, SourceFinder, Sources
from droid.settings.org_system import image_mark, system_folder
from droid.settings.org_system import tampering as tampering_of
from droid.settings.snapshot import Environment, LevelFile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrgPolicy(OrgLevel):
    """What the organisation says now, and how it was had.

    Attributes:
        age_s: How long ago the endpoint last said that this holds, where it is a copy from before.
        bundle: The folder whose droids, commands and skills are the organisation's.
    """

    age_s: float | None = None
    bundle: Path | None = None


class Organisation:
    """The organisation of this machine; an `OrgSource`.

    Args:
        home: The user's `.factory` folder, where an endpoint's last good copy is kept.
        environ: What names a bundle, an endpoint and its key, as far as the system-managed file does not.
        system: The folder of the system-managed file; nothing but a test gives another.
        tampering: Why somebody else than an administrator can change a file; likewise.
        timeout_s: The longest that one try of the endpoint may take.
        now: Seconds since the epoch.
    """

    def __init__(
        self,
        *,
        home: Path,
        environ: Mapping[str, str],
        system: Path | None = None,
        tampering: Callable[[Path], str | None] = tampering_of,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        folder = system_folder() if system is None else system
        self._environ = environ
        self._now = now
        self._finder = SourceFinder(
            home=home, environ=environ, system=folder, tampering=tampering, timeout_s=timeout_s, now=now
        )
        self._mark = image_mark(folder, tampering)
        self._container = in_container(environ)
        self._known: tuple[tuple[object, ...], OrgPolicy] | None = None
        self._good: tuple[Layer, ...] = ()
        # The engine asks from several threads, and a refresh from the loop's.
        self._lock = threading.RLock()

    def current(self) -> OrgPolicy:
        """What holds now: the same object while nothing has changed. Never waits for a network."""
        return self._look()[0]

    @property
    def endpoint(self) -> str | None:
        """The endpoint's address as it may be shown; where there is one, `refresh` it now and then."""
        endpoint = self._look()[1]
        return None if endpoint is None else endpoint.shown

    async def start(self) -> OrgPolicy:
        """What holds at a start: at once where a good copy is there, else after one try of the endpoint.

        Takes no longer than the time-out. Nothing raises. Where a copy was used (`age_s`), refresh it soon.
        """
        import asyncio

        policy, endpoint = await asyncio.to_thread(self._look)
        if endpoint is not None and not endpoint.state.holds(self._now()):
            await endpoint.refresh()
            policy, _ = await asyncio.to_thread(self._look)
        return policy

    async def refresh(self) -> bool:
        """Ask the endpoint once, for no longer than the time-out. Nothing raises.

        Returns:
            Whether what `current` gives has changed.
        """
        import asyncio

        before, endpoint = await asyncio.to_thread(self._look)
        if endpoint is not None:
            await endpoint.refresh()
        after, _ = await asyncio.to_thread(self._look)
        return after is not before

    def call_began(self) -> None:
        """A tool call that can change files starts."""
        with self._lock:
            self._finder.reader.call_began()

    def call_ended(self) -> None:
        """It has ended."""
        with self._lock:
            self._finder.reader.call_ended()

    def unconfirmed(self) -> tuple[Path, ...]:
        """The files whose change waits for a person."""
        with self._lock:
            return self._finder.reader.unconfirmed()

    def confirm(self, path: Path) -> None:
        """A person wants a file that changed while a tool call ran as it is now."""
        with self._lock:
            self._finder.reader.confirm(path)

    def _look(self) -> tuple[OrgPolicy, OrgEndpoint | None]:
        with self._lock:
            sources = self._finder.find()
            endpoint = sources.endpoint
            state = EndpointState() if endpoint is None else endpoint.state
            now = self._now()
            # Of a fresh state only what it says counts; of others also when, since their age is told.
            key = (sources, state.body, state.warnings, state.holds(now), None if state.fresh else state)
            if endpoint is None:
                key = (sources,)
            if self._known is None or self._known[0] != key:
                self._known = (key, self._made(sources, state, now))
            return self._known[1], endpoint

    def _made(self, sources: Sources, state: EndpointState, now: float) -> OrgPolicy:
        environment = self._environment(sources, state)
        layers = [layer for file in sources.files for layer in file.layers(environment)]
        levels = [file.row() for file in sources.files]
        warnings = [*sources.warnings, *(line for file in sources.files for line in file.warnings())]
        lockdown, age_s = sources.lockdown, None
        if sources.bundle_problem is not None:
            problem = f"{sources.bundle} {sources.bundle_problem}"
            held = lockdown is None
            levels.append(_row(str(sources.bundle), "last good" if held else "malformed", problem))
            if held:
                warnings.append(f"{problem}; what it held before stays in force")
        endpoint = sources.endpoint
        if endpoint is not None:
            if state.body is not None:
                layers += _layers(state.body, endpoint.shown, environment)
                warnings += [f"{endpoint.shown}:{line}" for line in state.body.warnings]
            warnings += state.warnings
            if not state.holds(now):
                reason = _reason(endpoint, state)
                levels.append(_row(endpoint.shown, "malformed", reason))
                lockdown = f"{reason} (the endpoint is named by {endpoint.name.named_by}); {NO_SESSION}"
            elif state.fresh:
                levels.append(_row(endpoint.shown, "ok"))
            else:
                age_s = max(0.0, now - state.confirmed)
                copy = f"the copy of {duration(age_s)} ago is in force"
                told = copy if state.problem is None else f"{state.problem}; {copy}"
                levels.append(_row(endpoint.shown, "cached", told))
                warnings += [] if state.problem is None else [told]
        if lockdown is None:
            self._good = tuple(layers)
        return OrgPolicy(
            layers=self._good or tuple(layers),
            levels=tuple(levels),
            lockdown=lockdown,
            warnings=tuple(dict.fromkeys(warnings)),
            environment=environment,
            age_s=age_s,
            bundle=sources.bundle,
        )

    def _environment(self, sources: Sources, state: EndpointState) -> Environment:
        system = [] if sources.system is None else [sources.system.values or {}]
        others = [file.values or {} for file in sources.bundle_files]
        if state.body is not None:
            others.append(state.body.settings)
        proof = setting(system, "deployment", "environmentType") if sources.tampering is None else []
        said = setting([*system, *others], "deployment", "environmentType")
        trusts = setting([*system, *others], "deployment", "trustCiVariables")
        return environment_of(
            self._environ,
            container=self._container,
            system_type=str(proof[0]) if proof else self._mark,
            org_type=str(said[0]) if said else "",
            trust_ci_variables=bool(trusts) and all(trusts),
        )


def _layers(body: OrgBody, shown: str, environment: Environment) -> list[Layer]:
    base = Layer(
        level=SettingsLevel.ORG,
        depth=1,
        file=shown,
        values=normalise(body.settings),
        lines=body.line,
        trusted=True,
    )
    return with_environment(base, environment)


def _reason(endpoint: OrgEndpoint, state: EndpointState) -> str:
    """Why the endpoint's settings are not in force."""
    said = [] if state.problem is None else [state.problem]
    if state.body is not None and state.body.not_after is not None:
        said.append(f"the copy that was kept expired at {state.body.not_after.isoformat()}")
    return "; ".join(said) or f"{endpoint.shown}: it has not been asked yet"


def _row(file: str, status: str, *errors: str) -> LevelFile:
    return LevelFile(level=str(SettingsLevel.ORG), file=file, status=status, errors=errors)
