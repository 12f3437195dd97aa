"""Keys about what may happen: autonomy, commands, secrets, protected files."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import (
    ORG,
    UNION,
    UNION_IF_TRUSTED,
    UNSET,
    AutonomyLevel,
    Count,
    Events,
    Risk,
    Section,
    Text,
    Texts,
    Verdict,
    largest,
    strictest,
)

_HIGHER_RISK = strictest("high", "medium", "low", default="low", levels=ORG)
_VERDICT = strictest("deny", "ask", "allow")
_ON = strictest(True, False, default=True)

ShieldMode = Literal["block", "redact", "ask", "report"]

SHIELD_DEFAULTS: Mapping[str, str] = {
    "prompts": "ask",
    "reads": "redact",
    "toolOutput": "redact",
    "commands": "block",
    "writes": "block",
    "commit": "block",
    "push": "block",
}


class BuiltInToolAutonomy(Events):
    """The autonomy that built-in network tools need to run without asking."""

    web_search: Annotated[Risk, _HIGHER_RISK] = UNSET
    """The autonomy that `WebSearch` needs."""
    fetch_url: Annotated[Risk, _HIGHER_RISK] = UNSET
    """The autonomy that `FetchUrl` needs."""


class RiskPolicy(Section):
    """What a risk means, whatever the autonomy of the session; unset: the autonomy decides."""

    low: Annotated[Verdict, _VERDICT] = UNSET
    """What becomes of low-risk calls: reads, lists, prints."""
    medium: Annotated[Verdict, _VERDICT] = UNSET
    """What becomes of medium-risk calls: reversible changes in the workspace."""
    high: Annotated[Verdict, _VERDICT] = UNSET
    """What becomes of high-risk calls: what is broad, irreversible or leaves the machine."""


class ShieldModes(Section):
    """What Shield does with a finding, by where it was found."""

    prompts: ShieldMode = UNSET
    """In a prompt and what is attached to it."""
    reads: ShieldMode = UNSET
    """In a file that a tool reads."""
    tool_output: ShieldMode = UNSET
    """In what a tool gives back."""
    commands: ShieldMode = UNSET
    """In a command that is to run."""
    writes: ShieldMode = UNSET
    """In what is to be written to a file."""
    commit: ShieldMode = UNSET
    """In lines that a commit adds."""
    push: ShieldMode = UNSET
    """In lines that a push would send."""


class ShieldPattern(Section):
    """A pattern of the organisation's own."""

    id: Text
    """The name that findings carry."""
    regex: Text
    """A regular expression for the secret."""
    keywords: Texts = UNSET
    """Words of which one must be near for the expression to be tried."""
    description: str = UNSET
    """What the pattern finds."""


class ShieldException(Section):
    """Something that looks like a secret and is none."""

    regex: Text = UNSET
    """A regular expression for texts that are no secrets."""
    path: Text = UNSET
    """A pattern for files whose findings do not count, as in `.gitignore`."""


class ShieldScan(Section):
    """What Shield looks at."""

    prompts: Annotated[bool, _ON] = UNSET
    """Prompts and what is attached to them."""
    files: Annotated[bool, _ON] = UNSET
    """Files that tools read and write."""
    commands: Annotated[bool, _ON] = UNSET
    """Commands before they run."""
    diffs: Annotated[bool, _ON] = UNSET
    """Added lines before a commit or push."""
    tool_output: Annotated[bool, _ON] = UNSET
    """What tools give back."""


class Shield(Section):
    """How secrets are looked for, and what happens to them."""

    mode: Annotated[
        ShieldMode | ShieldModes,
        Rule(
            merge=Merge.STRICTEST,
            safest=("block", "redact", "ask", "report"),
            spread=tuple(SHIELD_DEFAULTS),
            default=dict(SHIELD_DEFAULTS),
        ),
    ] = UNSET
    """What happens to a finding: one mode for all, or one for each place. `block` stops the operation,
    `redact` replaces the secret by a mark, `ask` asks the person, `report` lets it pass and records it."""
    patterns: Annotated[list[ShieldPattern], UNION] = UNSET
    """Patterns of the organisation's own, beside the built-in ones."""
    allowlist: Annotated[list[ShieldException], UNION_IF_TRUSTED] = UNSET
    """What looks like a secret and is none."""
    scan: ShieldScan = UNSET
    """What Shield looks at."""
    dlp_hook_timeout_ms: Annotated[Count, largest()] = UNSET
    """Milliseconds that a `PreModelRequest` hook may take that does not say it itself; unset: 60 seconds."""


class SafetyKeys(Section):
    """Safety

    What the agent may do without asking, what it may never do, and what becomes of secrets.
    """

    max_autonomy_level: Annotated[
        AutonomyLevel, strictest("off", "low", "medium", "high", default="high")
    ] = UNSET
    """The autonomy that no session, subagent, flag or approval goes beyond."""
    built_in_tool_autonomy_overrides: BuiltInToolAutonomy = UNSET
    """The autonomy that built-in network tools need to run without asking."""
    risk_policy: RiskPolicy = UNSET
    """What a risk means, whatever the autonomy of the session; unset: the autonomy decides."""
    command_allowlist: Annotated[Texts, UNION_IF_TRUSTED, Field(examples=[["npm *", "re:^make [a-z]+$"]])] = (
        UNSET
    )
    """Commands that run without asking. `npm *` is the program with any words after it; an entry that
    starts with `re:` is a regular expression over the command as it really runs."""
    command_denylist: Annotated[Texts, UNION, Field(examples=[["rm -rf", "sudo *"]])] = UNSET
    """Commands that need a person's yes at every autonomy level."""
    command_blocklist: Annotated[Texts, UNION, Field(examples=[["shutdown", "mkfs", "curl"]])] = UNSET
    """Commands that never run: no approval, autonomy or flag lifts it."""
    enable_droid_shield: Annotated[bool, _ON] = UNSET
    """Whether secrets are looked for at all."""
    shield: Shield = UNSET
    """How secrets are looked for, and what happens to them."""
    protected_files: Annotated[Texts, UNION, Field(examples=[["*.pem", "!read:secrets/**"]])] = UNSET
    """Files that the agent never writes, as patterns of `.gitignore`; with `!read:` before it, neither
    reads."""
    protected_branches: Annotated[Texts, UNION, Field(examples=[["main", "release/*"]])] = UNSET
    """Branches that the agent may not push to, reset or delete."""
    taint: Annotated[Literal["deny", "ask", "off"], strictest("deny", "ask", "off", default="ask")] = UNSET
    """What happens when text from outside is in the context and a call would send data to a destination
    that is new in the session. Only the organisation can switch it off."""
