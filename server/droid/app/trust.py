"""Workspace trust for every edge: what a git root would enable, trusting it, and taking that back."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from droid.domain.errors import PolicyRefused
from droid.settings.org import Organisation
from droid.settings.paths import factory_home, project_root, real
from droid.settings.trust import OrgTrust, TrustDecision, decide, org_trust_of
from droid.settings.trust_content import TrustedContent
from droid.settings.trust_enables import Enabled, enables
from droid.settings.trust_scan import TrustScanner
from droid.settings.trust_store import Trusted, TrustStore, TrustStoreError
from droid.settings.visible import visible

__all__ = [
    "Enabled",
    "RootTrust",
    "TrustStoreError",
    "Trusted",
    "check_trust_hash",
    "trusted_roots",
    "visible",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRoot:
    """A git root that was trusted, and how it is now."""

    given: Trusted
    decision: TrustDecision


class RootTrust:
    """The trust of the git root that a folder is in.

    Args:
        org: What the organisation says; without, it is looked up where it matters, which may wait for its
            endpoint: not to be left out on an event loop.
    """

    def __init__(
        self, place: Path, environ: Mapping[str, str] | None = None, *, org: OrgTrust | None = None
    ) -> None:
        environ = os.environ if environ is None else environ
        home = factory_home(environ)
        self.root = project_root(place)
        self._place = real(place)
        self._look_up = (lambda: _organisation(home, environ)) if org is None else (lambda: org)
        self._store = TrustStore(home)
        self._home = home

    @cached_property
    def _scanner(self) -> TrustScanner:
        return TrustScanner(self.root, self._home, self._org.commands)

    @cached_property
    def _org(self) -> OrgTrust:
        return self._look_up()

    def decide(self, trust_hash: str | None = None) -> TrustDecision:
        """Whether it is trusted now.

        Raises:
            PolicyRefused: what the organisation says cannot be had.
        """
        return decide(
            self.root, store=self._store, read=self._scanner.scan, org=self._org, trust_hash=trust_hash
        )

    def content(self) -> TrustedContent:
        """What trusting it covers.

        Raises:
            PolicyRefused: the organisation forbids it, or something in it cannot be covered.
        """
        if self._org.forbidden:
            raise PolicyRefused(
                f"{self.root} cannot be trusted: the organisation forbids trusting workspaces "
                f"({self._org.forbidden})"
            )
        content = self._scanner.scan()
        if content.problems:
            more = len(content.problems) - 1
            others = f" (and {more} more like this)" if more else ""
            raise PolicyRefused(f"{self.root} cannot be trusted: {content.problems[0]}{others}")
        return content

    def enables(self, content: TrustedContent) -> tuple[Enabled, ...]:
        """What trusting it would enable.

        Raises:
            ContentChanged: it has changed since.
        """
        return enables(content)

    def trust(self, content: TrustedContent, surface: str) -> Trusted:
        """Trust the content as it was shown: should it have changed since, nothing is trusted.

        Raises:
            TrustStoreError: that cannot be remembered.
        """
        return self._store.trust(self.root, content.sha256, surface)

    def revoke(self) -> Path | None:
        """Take it back; returns the root that was trusted, None where none was.

        Raises:
            TrustStoreError: the store cannot be read or written.
        """
        # The folder itself goes first: its repository may be gone, and another one around it not.
        return next((root for root in (self._place, self.root) if self._store.revoke(root)), None)


def trusted_roots(environ: Mapping[str, str] | None = None) -> Sequence[TrustedRoot]:
    """Everything that was trusted, each looked at as it is now.

    Raises:
        TrustStoreError: the store cannot be read.
    """
    environ = os.environ if environ is None else environ
    home = factory_home(environ)
    organisation = _organisation(home, environ)
    return [
        TrustedRoot(given=given, decision=RootTrust(given.root, environ, org=organisation).decide())
        for given in TrustStore(home).all()
    ]


def check_trust_hash(place: Path, trust_hash: str, environ: Mapping[str, str]) -> None:
    """Refuse to begin where the hash that a run was given is not that of its workspace.

    Raises:
        PolicyRefused: with both hashes.
    """
    trust = RootTrust(place, environ)
    decision = trust.decide(trust_hash)
    if decision.refused:
        raise PolicyRefused(f"{trust.root} is not trusted for this run: {decision.reason}")


def _organisation(home: Path, environ: Mapping[str, str]) -> OrgTrust:
    """What the organisation says about trust; waits for its endpoint, so never on an event loop.

    Raises:
        PolicyRefused: what it says is configured and cannot be had.
    """
    level = asyncio.run(Organisation(home=home, environ=environ).start())
    if level.lockdown is not None:
        raise PolicyRefused(level.lockdown)
    return org_trust_of(level.layers)
