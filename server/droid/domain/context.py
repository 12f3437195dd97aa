"""What an editor shows a person, handed to the agent with a prompt."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Selected text; lines count from 1, both ends included."""

    path: Path
    start_line: int
    end_line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorDiagnostic:
    """A diagnostic that the editor shows; `line` counts from 1; severity is `error`, `warning`, …"""

    path: Path
    line: int
    severity: str
    message: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorContext:
    """The editor at the moment of the prompt.

    Attributes:
        active: The document in front, and the line of the cursor in it (from 1).
        open_paths: Documents that are open, the active one first.
        unsaved: Those of them that differ from the disk.
    """

    active: Path | None = None
    active_line: int | None = None
    selection: Selection | None = None
    diagnostics: tuple[EditorDiagnostic, ...] = ()
    open_paths: tuple[Path, ...] = ()
    unsaved: tuple[Path, ...] = ()
