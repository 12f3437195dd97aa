"""How five editors differ in what they do, beyond what an answer can hold.

Recorded with real editors (VS Code, Neovim, eglot) or read off their source (Helix, LSP4IJ); the answers
themselves are in `tests/data/clients`, and what is here is their `effect` and `notes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stale(StrEnum):
    """What becomes of an edit of an older version."""

    REFUSED = "refused"
    PRETENDED = "pretended"
    """Not made, and called applied."""
    MADE = "made"


class Confirm(StrEnum):
    """Who decides about an edit with `needsConfirmation`."""

    PREVIEW = "preview"
    PROMPT = "prompt"
    NOBODY = "nobody"


class Existing(StrEnum):
    """What creating a file does where there is one."""

    REFUSED = "refused"
    KEPT = "kept"
    TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """One editor.

    Attributes:
        first_version: Of a document.
        string_ids: Requests are numbered by strings.
        opens_twice: `didOpen` may come a second time.
        reports_after_s: When edits that were made are reported; None: before the edit is answered.
        first_only: Of several documents in one edit, only the first one's version is looked at.
        asks_while_editing: Sends requests of its own, and waits for them, before it answers an edit.
        needs_selection: Never answers `window/showDocument` without a selection.
        closes_withdrawn: A question that the server withdrew leaves the screen.
        cancels_progress: Shows a button that cancels a progress.
        file_operations: Creates, renames and deletes files when asked to.
    """

    first_version: int = 0
    string_ids: bool = False
    opens_twice: bool = False
    stale: Stale = Stale.REFUSED
    first_only: bool = False
    reports_after_s: float | None = None
    confirm: Confirm = Confirm.NOBODY
    existing: Existing = Existing.REFUSED
    asks_while_editing: bool = False
    needs_selection: bool = False
    closes_withdrawn: bool = False
    cancels_progress: bool = False
    file_operations: bool = True


HABITS: Mapping[str, Habits] = {
    "vscode": Habits(first_version=1, confirm=Confirm.PREVIEW, asks_while_editing=True),
    "neovim": Habits(
        stale=Stale.PRETENDED, first_only=True, reports_after_s=0.05, existing=Existing.TRUNCATED
    ),
    "eglot": Habits(
        opens_twice=True,
        reports_after_s=0.1,
        confirm=Confirm.PROMPT,
        existing=Existing.KEPT,
        file_operations=False,
    ),
    "helix": Habits(existing=Existing.TRUNCATED),
    "lsp4ij": Habits(
        first_version=1,
        string_ids=True,
        stale=Stale.MADE,
        reports_after_s=0.0,
        existing=Existing.KEPT,
        needs_selection=True,
        closes_withdrawn=True,
        cancels_progress=True,
    ),
}
