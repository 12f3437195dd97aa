"""What the engine needs of the world, each port a small Protocol described once.

Adapters live in the packages above the engine; `app` plugs them in. Every adapter and its fake pass
the same suite in `tests/contract/`.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from droid.domain.events import Record
from droid.domain.files import FileSnapshot, FileWrite
from droid.domain.models import ModelEvent, ModelRequest, ToolSpec
from droid.domain.processes import ProcessRequest, ProcessResult
from droid.domain.snapshots import FoundFile, WorkspaceSnapshot
from droid.domain.tools import ToolAccess, ToolInput, ToolResult


class Clock(Protocol):
    """Time, so that tests need not sleep."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    async def sleep(self, delay_s: float) -> None: ...


class ModelProvider(Protocol):
    """One HTTP API family."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Ask a model. Ends with one `ModelFinished`.

        Closing the generator early ends the request and its connection.

        Raises:
            ProviderError: the request failed or the stream broke; nothing is retried here.
        """
        ...

    def forget(self, conversation_id: str) -> None:
        """Drop what is kept for a conversation that has ended."""
        ...


class Files(Protocol):
    """Where files are read and changed: the disk, or the disk under an editor's open buffers."""

    async def read(self, path: Path) -> FileSnapshot:
        """Read a file: the open buffer's text where there is one, never the disk beneath it.

        Raises:
            FileNotFoundError, IsADirectoryError, PermissionError: as `open` would.
        """
        ...

    async def write(self, changes: Sequence[FileWrite]) -> None:
        """Make all the changes or none.

        A closed file is replaced atomically, its mode and owner kept; parent folders are made. An open
        one is changed through the editor, as one undoable edit, and stays unsaved.

        Raises:
            StaleFile: a file is not as `before` says; nothing was changed.
            ToolFailed: the editor or the disk refused; what was changed has been taken back.
        """
        ...

    async def open_files(self) -> Sequence[Path]:
        """Which files are open in the editor, symlinks resolved."""
        ...

    async def unsaved(self, paths: Sequence[Path]) -> Sequence[Path]:
        """Which of these are open in the editor with changes that are not on disk."""
        ...

    async def save(self, paths: Sequence[Path]) -> Sequence[Path]:
        """Bring open buffers to disk; returns those that are still unsaved after asking."""
        ...


class RunningProcess(Protocol):
    """A program that was started."""

    @property
    def output(self) -> bytes:
        """Everything it wrote so far to stdout and stderr, interleaved (bounded: the tail)."""
        ...

    @property
    def output_bytes(self) -> int:
        """How much it wrote so far, before any bound."""
        ...

    @property
    def finished(self) -> ProcessResult | None: ...

    async def wait(self) -> ProcessResult: ...

    async def stop(self) -> None:
        """End the whole process tree; returns when it is gone."""
        ...


class ProcessRunner(Protocol):
    """The one way to start a process.

    The whole tree of what was started ends with the call, with a time-out, with a cancel, and with
    this program, even when that is killed.
    """

    async def run(
        self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
    ) -> ProcessResult:
        """Run a program to its end. Cancelling the await ends its process tree first.

        Raises:
            ToolFailed: it could not be started.
        """
        ...

    async def start(
        self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
    ) -> RunningProcess:
        """Start a program and return at once.

        Raises:
            ToolFailed: it could not be started.
        """
        ...


class EventLog(Protocol):
    """One session's transcript, open for writing by this process alone."""

    def append(self, record: Record) -> None:
        """Write a record; it is with the operating system when this returns.

        Deltas may be held back and joined for a short while. Output deltas are not stored.

        Raises:
            LogWriteFailed: the record is not stored.
        """
        ...

    async def sync(self) -> None:
        """Wait until what was appended so far outlives a loss of power. Once closed, there is nothing to do.

        Raises:
            LogWriteFailed: the disk says that it may not.
        """
        ...

    def close(self) -> None:
        """Write what was held back and let other processes write the session."""
        ...


class BlobStore(Protocol):
    """Contents of files before they were changed, by digest, outside every repository."""

    def put(self, data: bytes, *, durable: bool = True) -> str:
        """Keep content, and return its digest.

        Args:
            durable: `sync` waits for it; else only if `keep` names it later.
        """
        ...

    def has(self, digest: str) -> bool:
        """Whether there is content of that digest; it is not thrown away for some hours then."""
        ...

    def keep(self, digests: Sequence[str]) -> None:
        """Have `sync` wait for these too."""
        ...

    async def sync(self) -> None:
        """Wait until what was put so far outlives a loss of power.

        Raises:
            LogWriteFailed: the disk says that it may not.
        """
        ...

    def get(self, digest: str) -> bytes:
        """Raises: KeyError: no such content."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """What a tool may use while it runs.

    Attributes:
        workspace: The root; the session's folder is in it, or was moved out of it by a command.
        cwd: What relative paths are taken from.
        files: Guarded: writes reach only what the decision allowed.
        ledger: Digest of each file (by real path) as the model last saw it; `Read` and the writing
            tools keep it, and a write to a file whose digest differs is refused.
        jobs: Background processes of the session by task id.
        artifacts: A private folder for outputs that are too long for the model.
        emit: Shows more output to the person while the tool runs.
        ask: Asks the person; returns None where they declined or nobody can be asked.
        blocked: Programs that must not run whatever starts them: what they say instead, by name.
        why_secret: Why a real path must not be shown, for tools that find paths which the gate did not
            judge; None where it may.
    """

    session_id: str
    call_id: str
    workspace: Path
    cwd: Path
    files: Files
    processes: ProcessRunner
    ledger: MutableMapping[Path, str]
    jobs: MutableMapping[str, RunningProcess]
    artifacts: Path
    emit: Callable[[str], None]
    ask: Callable[[str, Sequence[str]], Awaitable[str | None]]
    why_secret: Callable[[Path], str | None]
    supports_images: bool = True
    blocked: Mapping[str, str] = field(default_factory=dict[str, str])


class Workspace(Protocol):
    """The files of a workspace on the disk, whatever is open in an editor."""

    async def snapshot(
        self,
        root: Path,
        *,
        guarded: Callable[[Path], bool],
        since: WorkspaceSnapshot | None = None,
    ) -> WorkspaceSnapshot:
        """Keep what is there, within limits: files that git does not ignore, and symbolic links as such.

        Git is not started, and nothing that the workspace names is. What has not changed since the last time
        is not read again.

        Args:
            root: Symlinks resolved.
            guarded: Whether a file must not be copied; asked in a thread.
            since: Another look at the same files, as far as they may have changed: what was outside stays so.
        """
        ...

    async def look(self, path: Path) -> FoundFile | None:
        """What is at one path; None where nothing is."""
        ...


class Tool(Protocol):
    """Something a model can ask for."""

    @property
    def spec(self) -> ToolSpec: ...

    def validate(self, arguments: Mapping[str, object]) -> ToolInput:
        """Check arguments against the schema.

        Raises:
            InvalidToolInput: with what is wrong, for the model.
        """
        ...

    def access(self, call: ToolInput) -> ToolAccess:
        """Say what the call would touch. Pure: the gate relies on it, and on nothing else."""
        ...

    def title(self, call: ToolInput) -> str:
        """One line for people: `Read src/a.py`, `Execute pytest -q`."""
        ...

    async def preview(self, call: ToolInput, context: ToolContext) -> Sequence[FileWrite]:
        """The file changes that the call would make, for a diff before it is allowed.

        Raises:
            ToolFailed: it could not work; the message is a result for the model.
        """
        ...

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        """Do it.

        Raises:
            ToolFailed: it did not work; the message is a result for the model.
        """
        ...
