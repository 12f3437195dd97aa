"""The user's own list of commands that run without asking, for the engine to add to."""

import asyncio
from pathlib import Path

from droid.app.policies import Policies
from droid.domain.errors import SettingsError

_FILE = "settings.json"


class UserAllowlist:
    """Implements the `PersonalAllowlist` port.

    What changed in the file while a tool ran waits for a person, and this is not how they confirm it: the
    file is written only where it is, to the byte, what is in force.
    """

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self._file = policies.engine.home / _FILE

    async def add(self, entry: str) -> None:
        """See `PersonalAllowlist.add`."""
        await asyncio.to_thread(self._add, entry)

    def _add(self, entry: str) -> None:
        from droid.settings.user_allowlist import allow_always

        data = allow_always(self._file, entry, expected=self._in_force())
        self._policies.engine.accept(self._file, data)

    def _in_force(self) -> bytes | None:
        self._policies.engine.changed()  # what a person wrote a moment ago counts
        for file in self._policies.snapshot().files:
            if file.path != self._file:
                continue
            if file.unconfirmed:
                raise SettingsError(f"{self._file} has a change that waits for you to confirm it")
            if isinstance(file.newest_data, str):
                raise SettingsError(f"{self._file} {file.newest_data}")
            if file.problems:
                raise SettingsError(file.problems[0])
            return file.newest_data
        return None


def user_allowlist(policies: Policies) -> UserAllowlist | None:
    """The list; None where the user's folder is no place of theirs alone, and nothing can be added."""
    home = policies.engine.home
    return None if _is_in(home, policies.workspace) else UserAllowlist(policies)


def _is_in(home: Path, workspace: Path) -> bool:
    return home.resolve().is_relative_to(workspace)
