"""Whether a git root is trusted now: by the organisation, for this run, or by its user.

All three name a hash, and trust holds while the content has it. The content is read only where somebody has
named one: a repository that nobody trusts costs nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from droid.settings.held_trust import HeldTrust
from droid.settings.jsonc import Path as JsonPath
from droid.settings.layers import Layer
from droid.settings.trust_content import TrustedContent
from droid.settings.trust_names import commands_of
from droid.settings.trust_store import Trusted, TrustStore, TrustStoreError

FORBID = "forbid"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreTrusted:
    """A repository that the organisation trusts.

    Attributes:
        remote: Normalised.
        where: The organisation's file and line.
    """

    remote: str
    sha256: frozenset[str]
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgTrust:
    """What the organisation says about trust.

    Attributes:
        forbidden: Where it forbids that anybody else trusts; empty where it does not.
        commands: Of its hooks: the files of a repository that they name are covered by its trust.
    """

    forbidden: str = ""
    entries: Sequence[PreTrusted] = ()
    commands: tuple[str, ...] = ()


NO_ORG = OrgTrust()


def org_trust(value: Any, file: Path | str, line: Callable[[JsonPath], int]) -> OrgTrust:
    """What the organisation's `trustedWorkspaces` says, validated; None is nothing.

    Args:
        line: The line of a value by its path in the file.
    """
    items = cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
    forbidden, entries = "", list[PreTrusted]()
    for index, item in enumerate(items):
        path: JsonPath = ("trustedWorkspaces", index) if isinstance(value, list) else ("trustedWorkspaces",)
        where = f"{file}:{line(path)}"
        if item == FORBID:
            forbidden = forbidden or where
            continue
        from droid.safety.remotes import normalise_remote  # few organisations name repositories

        members = cast("dict[str, Any]", item)
        remote = normalise_remote(str(members["remote"]))
        if remote is not None:
            hashes = frozenset(str(one).lower() for one in members["sha256"])
            entries.append(PreTrusted(remote=remote, sha256=hashes, where=where))
    return OrgTrust(forbidden=forbidden, entries=tuple(entries))


def org_trust_of(layers: Iterable[Layer]) -> OrgTrust:
    """What all files of the organisation say together: any forbids; those that may loosen, trust."""
    layers = tuple(layers)
    said = [
        (org_trust(layer.values["trustedWorkspaces"], layer.file, layer.lines), layer)
        for layer in layers
        if "trustedWorkspaces" in layer.values
    ]
    return OrgTrust(
        forbidden=next((one.forbidden for one, _ in said if one.forbidden), ""),
        entries=tuple(
            entry for one, layer in said if layer.trusted and layer.verified for entry in one.entries
        ),
        commands=tuple(dict.fromkeys(one for layer in layers for one in commands_of(_hooks_of(layer)))),
    )


def _remote_of(root: Path) -> str | None:
    from droid.settings.git_remote import remote_of  # as above

    return remote_of(root)


def _hooks_of(layer: Layer) -> Any:
    return layer.values.get("hooks", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustDecision:
    """Whether a git root is trusted.

    Attributes:
        reason: One line, for people.
        sha256: Of the content now; empty where nobody named a hash, or there is none.
        content: What was read; whoever uses a file of it compares (`TrustedContent.matches`).
        by: Who trusts it; empty where nobody does.
        refused: A hash was given for this run and is another one, or may not be given: nothing may begin.
    """

    trusted: bool
    reason: str
    sha256: str = ""
    content: TrustedContent | None = None
    by: Literal["org", "run", "user", ""] = ""
    refused: bool = False


def decide(
    root: Path,
    *,
    store: TrustStore | HeldTrust,
    read: Callable[[], TrustedContent],
    org: OrgTrust = NO_ORG,
    trust_hash: str | None = None,
) -> TrustDecision:
    """Whether a git root is trusted as it is now. Nothing raises, and nothing is written.

    Args:
        root: Real.
        read: The content now: `scan` of a `TrustScanner` that is kept, or a lambda that calls its `recheck`.
            Called only where somebody has named a hash.
        trust_hash: The hash that this run was started with.
    """
    content: TrustedContent | None = None
    remote = _remote_of(root) if org.entries else None
    for entry in org.entries:
        if entry.remote == remote:
            content = content or read()
            if content.sha256 and content.sha256 in entry.sha256:
                return _trusted(content, f"the organisation trusts it ({entry.where})", "org")
    if org.forbidden:
        reason = f"the organisation forbids trusting workspaces ({org.forbidden})"
        return _untrusted(reason, content, refused=trust_hash is not None)
    if trust_hash is not None:
        content = content or read()
        if content.sha256 and content.sha256 == trust_hash.lower():
            return _trusted(content, "trusted for this run by its hash", "run")
        found = f"it is {content.sha256} now" if content.sha256 else content.problems[0]
        return _untrusted(f"the hash given is {trust_hash.lower()}, and {found}", content, refused=True)
    try:
        given = store.get(root)
    except TrustStoreError as error:
        return _untrusted(str(error), content)
    if given is None:
        return _untrusted("this workspace is not trusted", content)
    return _by_user(given, content or read())


def _by_user(given: Trusted, content: TrustedContent) -> TrustDecision:
    if content.sha256 == given.sha256:
        return _trusted(content, f"trusted on {given.when[:10]}", "user")
    if content.problems:
        return _untrusted(f"this workspace cannot be trusted any more: {content.problems[0]}", content)
    changed = f"what was trusted on {given.when[:10]} has changed; look at it and trust it again"
    return _untrusted(f"this workspace is not trusted any more: {changed}", content)


def _trusted(content: TrustedContent, reason: str, by: Literal["org", "run", "user"]) -> TrustDecision:
    return TrustDecision(trusted=True, reason=reason, sha256=content.sha256, content=content, by=by)


def _untrusted(reason: str, content: TrustedContent | None, *, refused: bool = False) -> TrustDecision:
    sha256 = content.sha256 if content is not None else ""
    return TrustDecision(trusted=False, reason=reason, sha256=sha256, content=content, refused=refused)
