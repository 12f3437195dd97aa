"""What every built-in tool shares: its specification, the check of its arguments, short titles.

A tool is one class with one instance and no state: whatever it needs of the world comes with the
`ToolContext`. Its description, which a model reads, is `descriptions/<Name>.md` beside this file.

    class Read(BaseTool[ReadInput]):
        name = "Read"
        read_only = True
        access_is_complete = True
        input_type = ReadInput

        def access(self, call: ToolInput) -> ToolAccess: ...
        def title(self, call: ToolInput) -> str: ...
        async def run(self, call: ToolInput, context: ToolContext) -> ToolResult: ...
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from droid.domain.files import FileWrite
from droid.domain.models import ToolSpec
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolInput
from droid.safety.shown_lines import on_one_line
from droid.tools.inputs import build, fit, schema_of

MAX_TITLE_CHARS = 120

InputT = TypeVar("InputT")


class BaseTool(Generic[InputT]):
    """The parts of the `Tool` port that follow from a tool's declaration.

    Attributes:
        read_only, access_is_complete: See `ToolSpec`.
        input_type: The dataclass that declares the arguments (see `tools.inputs`); it becomes
            `ToolInput.value`.
    """

    name: ClassVar[str]
    read_only: ClassVar[bool]
    access_is_complete: ClassVar[bool] = False
    input_type: type[InputT]
    _spec: ToolSpec | None = None

    @property
    def description(self) -> str:
        """What the model is told; a tool that differs by platform overrides it."""
        return (Path(__file__).parent / "descriptions" / f"{self.name}.md").read_text("utf-8").strip()

    @property
    def spec(self) -> ToolSpec:
        """Always the same object: what a model is told must not change from request to request."""
        if self._spec is None:
            self._spec = ToolSpec(
                name=self.name,
                description=self.description,
                input_schema=schema_of(self.input_type),
                read_only=self.read_only,
                access_is_complete=self.access_is_complete,
            )
        return self._spec

    def validate(self, arguments: Mapping[str, object]) -> ToolInput:
        """Check arguments against the schema.

        Raises:
            InvalidToolInput: with what is wrong, for the model.
        """
        fitted = fit(self.input_type, self.adapt(arguments), tool=self.name)
        return ToolInput(arguments=fitted, value=self.check(build(self.input_type, fitted)))

    def adapt(self, arguments: Mapping[str, object]) -> Mapping[str, object]:
        """Bring another known form of the arguments into the declared one."""
        return arguments

    def check(self, wanted: InputT) -> Any:
        """Check what the schema cannot say; what is returned becomes `ToolInput.value`.

        Raises:
            InvalidToolInput: with what is wrong, for the model.
        """
        return wanted

    async def preview(self, call: ToolInput, context: ToolContext) -> Sequence[FileWrite]:
        """No file changes, unless a tool says otherwise."""
        return ()


def one_line(text: str, limit: int = MAX_TITLE_CHARS) -> str:
    """Text for a title: white space becomes single spaces, what hides shows, and the rest is cut."""
    line = on_one_line(text[: 4 * limit])
    return line if len(line) <= limit else line[: limit - 1] + "…"
