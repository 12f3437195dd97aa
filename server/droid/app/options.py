"""What an edge chooses when it opens a runtime."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from droid.domain.ports import Files
from droid.engine.budget import Budgets


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeOptions:
    """How one workspace is worked on.

    Attributes:
        surface: `lsp`, `exec` or `demo`.
        interactive: There is a person who can be asked.
        overlay: Lays open buffers over the disk.
        only_tools: Where not empty, no other tools can be used.
        stop_on_ask: With nobody to ask, the first call that would need a person ends the turn.
        allow_low_risk_commands: Low-risk commands run even with autonomy off.
        trust_hash: The workspace is trusted for this run, and may be worked on, if this is its hash.
        dry_run: Decisions and diffs; nothing is applied or run.
        restricted: The editor does not trust the workspace: no settings of it loosen or run anything, and
            autonomy is off.
    """

    workspace: Path
    surface: str
    interactive: bool = True
    overlay: Callable[[Files], Files] | None = None
    only_tools: tuple[str, ...] = ()
    extra_tools: tuple[str, ...] = ()
    disabled_tools: tuple[str, ...] = ()
    budgets: Budgets = field(default_factory=Budgets)
    append_system_prompt: str = ""
    reasoning_effort: str | None = None
    dry_run: bool = False
    trust_hash: str | None = None
    stop_on_ask: bool = True
    skip_permissions: bool = False
    allow_low_risk_commands: bool = False
    restricted: bool = False
