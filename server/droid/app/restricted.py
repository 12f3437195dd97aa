"""Restricted Mode: an editor's own doubt about a folder, which narrows what ours allows and never widens it.

The repository counts as untrusted whoever has trusted it, and nothing runs by autonomy. What the person
allowed wherever they are, by their own allowlist, or in this very session before, is still theirs.
"""

from dataclasses import replace

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.policy import Policy, Source

RESTRICTED = "the editor has this folder in Restricted Mode"

_HERE = Source(level=SettingsLevel.RUNTIME, file=RESTRICTED)


def narrowed(policy: Policy) -> Policy:
    """The policy with autonomy off, for all sessions."""
    off = AutonomyLevel.OFF
    return replace(policy, autonomy=off, autonomy_source=_HERE, max_autonomy=off, max_autonomy_source=_HERE)
