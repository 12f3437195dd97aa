"""Workspace trust for every edge: what a git root would enable, trusting it, and taking that back."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import PolicyRefused
from droid.settings.factory_file import Kind, parse_file
from droid.settings.paths import factory_home, project_root, real
from droid.settings.trust import NO_ORG, OrgTrust, TrustDecision, decide, org_trust
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

_MANAGED_FILE = Path(
    "/Library/Application Support/Factory/settings.json"
    if sys.platform == "darwin"
    else "/etc/factory/settings.json"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRoot:
    """A git root that was trusted, and how it is now."""

    given: Trusted
    decision: TrustDecision


class RootTrust:
    """The trust of the git root that a folder is in."""

    def __init__(
        self, place: Path, environ: Mapping[str, str] | None = None, *, org: OrgTrust | None = None
    ) -> None:
        home = factory_home(os.environ if environ is None else environ)
        self.root = project_root(place)
        self._place = real(place)
        self._org = _organisation() if org is None else org
        self._store = TrustStore(home)
        self._scanner = TrustScanner(self.root, home)

    def decide(self, trust_hash: str | None = None) -> TrustDecision:
        """Whether it is trusted now."""
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
    organisation = _organisation()
    return [
        TrustedRoot(given=given, decision=RootTrust(given.root, environ, org=organisation).decide())
        for given in TrustStore(factory_home(environ)).all()
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


def _organisation() -> OrgTrust:
    """What the system-managed file says about trust.

    Raises:
        PolicyRefused: it is there and cannot be read, so what it forbids is not known.
    """
    try:
        data = _MANAGED_FILE.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return NO_ORG
    except OSError as error:
        raise PolicyRefused(f"{real(_MANAGED_FILE)} cannot be read ({error.strerror})") from error
    read = parse_file(Kind.SETTINGS, data)
    if read.values is None:
        issue = read.issues[0]
        raise PolicyRefused(f"{_MANAGED_FILE}:{issue.place.line}: {issue.message}")
    return org_trust(read.values.get("trustedWorkspaces"), _MANAGED_FILE, read.line)
