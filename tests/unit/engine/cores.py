"""A session's core for tests: events go to memory, files too, and nothing is started."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from tests.fakes.event_log import MemoryBlobs, MemoryEventLog
from tests.fakes.files import MemoryFiles
from tests.fakes.hooks import NoHooks
from tests.fakes.policies import FixedPolicies

from droid.app.clock import SystemClock
from droid.domain.events import Event, SessionStarted
from droid.domain.levels import AutonomyLevel
from droid.domain.policy import Policy
from droid.domain.ports import ModelProvider, ProcessRunner
from droid.engine.core import SessionCore
from droid.engine.gate import Gate
from droid.engine.ports import EnginePorts, SessionOptions
from droid.safety.git_facts import GitFacts

WORKSPACE = Path("/home/ada/project")
HOME = Path("/home/ada")


class PlainPaths:
    """Paths without links, but for those that a test names."""

    def __init__(self, links: dict[Path, Path] | None = None) -> None:
        self.links = links or {}

    def real(self, path: Path) -> Path:
        for link, target in self.links.items():
            if path.is_relative_to(link):
                return target / path.relative_to(link)
        return path

    def shared(self, path: Path) -> None:
        return None

    def identities(self, places: Iterable[Path]) -> dict[tuple[int, int], Path]:
        return {}

    def ways(self, path: Path) -> Sequence[Path]:
        return ()

    def is_folder(self, path: Path) -> bool:
        return False

    def expand(self, pattern: Path, limit: int, *, widely: bool) -> Sequence[Path]:
        return ()

    def below(self, folder: Path, limit: int) -> tuple[Sequence[Path], bool]:
        return (), True

    def linked_files(self, folder: Path, limit: int) -> dict[tuple[int, int], Sequence[Path]]:
        return {}

    def repository(self, folder: Path, git_dir: Path | None, home: Path) -> GitFacts:
        return GitFacts(place=str(folder))


def new_ports(files: MemoryFiles | None = None, **changes: Any) -> EnginePorts:
    def no_model(_: object) -> ModelProvider:
        raise AssertionError("no model is asked here")

    ports = EnginePorts(
        clock=SystemClock(),
        provider=no_model,
        forget=lambda _: None,
        policies=FixedPolicies(Policy()),
        files=files or MemoryFiles(),
        processes=cast("ProcessRunner", None),
        paths=PlainPaths(),
        log=MemoryEventLog(),
        blobs=MemoryBlobs(),
        gate=Gate(),
        hooks=NoHooks(),
        tools=(),
        artifacts=WORKSPACE / "artifacts",
        home=HOME,
        factory_home=HOME / ".factory",
    )
    return replace(ports, **changes)


def new_core(*events: tuple[str | None, Event], ports: EnginePorts | None = None) -> SessionCore:
    """A core that `(turn id, event)` have happened to."""
    core = SessionCore(ports=ports or new_ports(), options=SessionOptions(surface="exec"))
    core.emit(
        SessionStarted(
            session_id="s1",
            workspace=str(WORKSPACE),
            cwd=str(WORKSPACE),
            model="fake",
            autonomy=AutonomyLevel.LOW,
            surface="exec",
            system="You are Droid.",
        )
    )
    for turn_id, event in events:
        core.turn_id = turn_id
        core.emit(event)
    core.turn_id = None
    return core
