"""What a person is asked about settings: whether to trust a workspace, whether to use a changed file.

These do not wait in the queue of approvals and keep none of those back: nothing waits for them. Everything
that is not a clear yes is a no, and so is a question that is never answered.
"""

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from droid.domain.errors import DroidError
from droid.lsp.background import Background
from droid.lsp.editor import Editor, MessageKind
from droid.lsp.private_files import write_private

if TYPE_CHECKING:
    from droid.app.settings_watch import Change, SettingsWatch
    from droid.app.trust_questions import TrustQuestion, TrustQuestions

logger = logging.getLogger(__name__)

TRUST = "Trust"
NOT_NOW = "Not now"
NEVER = "Never ask here again"
USE = "Use it"
KEEP = "Keep the old one"


class RestrictedMode(DroidError):
    """What a folder may do is not asked while the editor itself does not trust it."""


class SettingsQuestions:
    """The questions of one editor.

    Args:
        settle: Called when an answer has changed what counts.
    """

    def __init__(self, editor: Editor, background: Background, settle: Callable[[], Awaitable[None]]) -> None:
        self._editor = editor
        self._background = background
        self._settle = settle
        self.restricted = False
        self._trust: TrustQuestions | None = None
        self._asking: dict[Path, tuple[str, asyncio.Task[None]]] = {}
        self._answered: set[tuple[Path, str]] = set()
        self._confirming: dict[Path, tuple[str, asyncio.Task[None]]] = {}

    # Trust

    async def consider_trust(self, folder: Path) -> None:
        """Ask whether to trust a workspace, where that is due and was not asked before."""
        if self.restricted:
            return
        trust = await self._questions()
        question = await asyncio.to_thread(trust.due, folder)
        asked, task = self._asking.get(folder, ("", None))
        if task is not None and not task.done():
            if question is not None and question.sha256 == asked:
                return
            task.cancel()  # what it was about has changed, so it is withdrawn
        if question is None or (question.root, question.sha256) in self._answered:
            return
        self._ask(folder, question)

    async def ask_trust(self, folder: Path) -> Path:
        """Ask whatever was answered before; returns the root that it is about.

        Raises:
            DroidError: there is nothing to trust, or it cannot be; the message says why.
        """
        if self.restricted:
            raise RestrictedMode("the editor has this folder in Restricted Mode: trust it there first")
        trust = await self._questions()
        question = await asyncio.to_thread(trust.question, folder)
        asked, task = self._asking.get(folder, ("", None))
        if task is None or task.done() or asked != question.sha256:
            if task is not None:
                task.cancel()
            self._ask(folder, question)
        return question.root

    def _ask(self, folder: Path, question: "TrustQuestion") -> None:
        task = self._background.start(self._ask_trust(question), "settings:trust")
        self._asking[folder] = (question.sha256, task)

    async def _ask_trust(self, question: "TrustQuestion") -> None:
        if question.full != question.short:
            await self._show(question)
        chosen = await self._editor.choose(
            question.short, [NOT_NOW, TRUST, NEVER], kind=MessageKind.WARNING, on_late=self._too_late
        )
        self._answered.add((question.root, question.sha256))
        trust = await self._questions()
        if chosen == TRUST:
            try:
                await asyncio.to_thread(trust.trust, question)
            except DroidError as error:
                self._editor.message(f"Droid: {error}", MessageKind.WARNING)
                return
            await self._settle()
            await self._say_what_came_of_it(question)
        elif chosen in (NOT_NOW, NEVER):
            await asyncio.to_thread(trust.decline, question, for_ever=chosen == NEVER)

    async def _say_what_came_of_it(self, question: "TrustQuestion") -> None:
        trust = await self._questions()
        changed = await asyncio.to_thread(trust.due, question.root)
        if changed is not None:
            text = f"{question.root} has changed since you were shown it, so it is not trusted"
            self._editor.message(f"Droid: {text}", MessageKind.WARNING)
        else:
            self._editor.message(f"Droid: {question.root} is trusted until its settings change")

    async def _show(self, question: "TrustQuestion") -> None:
        """Everything that it would enable, where the message has no room for it."""
        try:
            path = await asyncio.to_thread(
                write_private, question.root, "trust", f"{question.sha256[:12]}.md", question.full + "\n"
            )
        except OSError as error:
            logger.warning("what trusting enables could not be written to a file: %s", error.strerror)
            return
        await self._editor.show(path)

    async def _questions(self) -> "TrustQuestions":
        module = await asyncio.to_thread(importlib.import_module, "droid.app.trust_questions")
        trust: TrustQuestions = self._trust or module.TrustQuestions()
        self._trust = trust
        return trust

    # Files that changed while a tool call ran

    def confirm(self, watch: "SettingsWatch", change: "Change") -> None:
        """Ask whether a changed file is to be used, once for each change of it."""
        asked, task = self._confirming.get(change.path, ("", None))
        if task is not None and asked == change.version:
            return
        if task is not None:
            task.cancel()
        task = self._background.start(self._confirm(watch, change), "settings:confirm")
        self._confirming[change.path] = (change.version, task)

    async def _confirm(self, watch: "SettingsWatch", change: "Change") -> None:
        text = (
            f"{change.path} changed while a tool ran. Until you say so, the old one stays in force, and the "
            "new one can only tighten."
        )
        if change.diff:
            text = f"{text}\n\n{change.diff}"
        chosen = await self._editor.choose(
            text, [KEEP, USE], kind=MessageKind.WARNING, on_late=self._too_late
        )
        if chosen != USE:
            return
        self._confirming.pop(change.path, None)
        if await asyncio.to_thread(watch.confirm, change):
            await self._settle()
        else:
            text = f"{change.path} has changed again since you were shown it"
            self._editor.message(f"Droid: {text}; look at it once more", MessageKind.WARNING)
            for again in await asyncio.to_thread(watch.unconfirmed):
                self.confirm(watch, again)

    def _too_late(self, title: str) -> None:
        if title in (TRUST, USE):
            self._editor.message(f"“{title}” came too late: that question was closed, and nothing was done.")
