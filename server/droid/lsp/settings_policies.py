"""The settings of each workspace folder, for the editor: those of its runtime, once that is open.

Nothing of the engine is needed to look at settings, so a person who only edits them gets no runtime.
"""

import asyncio
import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from droid.lsp.background import Background

if TYPE_CHECKING:
    from droid.app.policies import Policies
    from droid.app.runtime import Runtime
    from droid.app.settings_watch import SettingsWatch


class FolderPolicies:
    """By workspace folder.

    Attributes:
        restricted: The editor has its folders in Restricted Mode.
    """

    def __init__(self, background: Background) -> None:
        self.restricted = False
        self._background = background
        self._opening: dict[Path, asyncio.Task[SettingsWatch]] = {}
        self._borrowed: set[Path] = set()

    async def of(self, folder: Path) -> "SettingsWatch":
        """A folder's settings, opened when they are first needed."""
        opening = self._opening.get(folder)
        if opening is None or (opening.done() and (opening.cancelled() or opening.exception())):
            opening = self._background.start(self._open(folder), f"settings:{folder.name}")
            self._opening[folder] = opening
        return await asyncio.shield(opening)

    async def _open(self, folder: Path) -> "SettingsWatch":
        policies = await asyncio.to_thread(importlib.import_module, "droid.app.policies")
        watch = await asyncio.to_thread(importlib.import_module, "droid.app.settings_watch")
        opened: Policies = await asyncio.to_thread(
            policies.open_policies, folder, os.environ, restricted=self.restricted
        )
        await opened.start()
        return watch.SettingsWatch(opened)

    def adopt(self, runtime: "Runtime") -> None:
        """A runtime was opened: from now on its settings are the folder's, so that both see the same."""
        folder = runtime.workspace
        before = self._opening.get(folder)

        async def take() -> "SettingsWatch":
            if before is not None and folder not in self._borrowed:
                (own,) = await asyncio.gather(before, return_exceptions=True)
                if not isinstance(own, BaseException):
                    await own.policies.aclose()
            self._borrowed.add(folder)
            module = await asyncio.to_thread(importlib.import_module, "droid.app.settings_watch")
            return module.SettingsWatch(runtime.policies)

        self._opening[folder] = self._background.start(take(), f"settings:adopt:{folder.name}")

    def __iter__(self) -> "Iterator[tuple[Path, SettingsWatch]]":
        """The folders whose settings are open."""
        for folder, opening in tuple(self._opening.items()):
            if opening.done() and not opening.cancelled() and opening.exception() is None:
                yield folder, opening.result()

    async def close(self) -> None:
        """Stop asking the organisation; what is borrowed is closed by its runtime."""
        for folder, watch in tuple(self):
            if folder not in self._borrowed:
                await watch.policies.aclose()
