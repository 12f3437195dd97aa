"""A workspace and a way to call a tool in it, as the engine does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.processes import PlainProcesses

from droid.domain.errors import ToolFailed
from droid.domain.files import FileWrite
from droid.domain.ports import Files, Tool, ToolContext
from droid.domain.tools import ToolResult
from droid.safety.paths import secret_path
from droid.tools.files import DiskFiles


@dataclass(kw_only=True)
class Workbench:
    """A folder, and the tools at work in it.

    Attributes:
        answers: What the person says to each question in turn.
    """

    root: Path
    files: Files = field(default_factory=DiskFiles)
    processes: PlainProcesses = field(default_factory=PlainProcesses)
    ledger: dict[Path, str] = field(default_factory=dict[Path, str])
    answers: list[str | None] = field(default_factory=list[str | None])
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list[tuple[str, tuple[str, ...]]])
    supports_images: bool = True
    cwd: Path | None = None

    def write(self, name: str, content: str | bytes = "", mode: int | None = None) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if mode is not None:
            path.chmod(mode)
        return path

    def bytes_of(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    @property
    def context(self) -> ToolContext:
        return ToolContext(
            session_id="s",
            call_id="c",
            workspace=self.root,
            cwd=self.cwd or self.root,
            files=self.files,
            processes=self.processes,
            ledger=self.ledger,
            jobs={},
            artifacts=self.root / ".artifacts",
            emit=lambda _: None,
            ask=self._ask,
            why_secret=lambda path: secret_path(path, self.root),
            supports_images=self.supports_images,
        )

    async def _ask(self, text: str, options: Sequence[str]) -> str | None:
        self.asked.append((text, tuple(options)))
        return self.answers.pop(0)

    async def call(self, tool: Tool, **arguments: Any) -> ToolResult:
        return await tool.run(tool.validate(arguments), self.context)

    async def text(self, tool: Tool, **arguments: Any) -> str:
        """The result for the model, or, where the tool failed, `failed: ` and why."""
        try:
            result = await self.call(tool, **arguments)
        except ToolFailed as error:
            return f"failed: {error}"
        return f"error: {result.text}" if result.is_error else result.text

    async def preview(self, tool: Tool, **arguments: Any) -> Sequence[FileWrite]:
        return await tool.preview(tool.validate(arguments), self.context)

    def tree(self) -> Mapping[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }
