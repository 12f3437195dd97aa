"""What a person has trusted, without what appeared there while a tool call ran.

The call may have done it: `droid-lsp trust` is a command like any other, and the store a file. Only an edge
that has asked a person itself says that such an entry is theirs.
"""

from pathlib import Path

from droid.settings.trust_store import Trusted, TrustStore, TrustStoreError


class HeldTrust:
    """Reads the store as it was before the calls that ran, where they added to it."""

    def __init__(self, store: TrustStore) -> None:
        self._store = store
        self._calls = 0
        self._before = frozenset[Trusted]()
        self._doubted = set[Trusted]()

    def get(self, root: Path) -> Trusted | None:
        """What was trusted of a git root by a person.

        Raises:
            TrustStoreError: the store cannot be read.
        """
        given = self._store.get(root)
        if given in self._doubted or (self._calls > 0 and given not in self._before):
            return None
        return given

    def accept(self, root: Path) -> None:
        """A person has just been asked, and trusts a git root."""
        given = self._store.get(root)
        if given is not None:
            self._before |= {given}
            self._doubted.discard(given)

    def call_began(self) -> None:
        """A tool call that can change files starts."""
        if self._calls == 0:
            self._before = self._entries()
        self._calls += 1

    def call_ended(self) -> None:
        """It has ended."""
        self._doubted |= self._entries() - self._before
        self._calls -= 1

    def _entries(self) -> frozenset[Trusted]:
        try:
            return frozenset(self._store.all())
        except TrustStoreError:
            return frozenset()
