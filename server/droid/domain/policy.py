"""All that engine and safety see of settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from droid.domain.levels import AutonomyLevel, Risk, SettingsLevel, Verdict
from droid.domain.models import ModelProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The level and file (with line, from 1) that a value came from."""

    level: SettingsLevel
    file: str | None = None
    line: int | None = None


COMPACTION_SHARE = 0.8
"""Of a model's window, where nothing else is set."""

BUILTIN = Source(level=SettingsLevel.BUILTIN)


def _asks_any(profile: ModelProfile) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """When the older part of a conversation is replaced by a summary, and who writes it.

    Attributes:
        limit_tokens: The size at which that happens; None: a share of the model's window.
        limits_by_model: The same for single models, by id.
        model: The id of the model that writes the summary; None: the session's own.
    """

    limit_tokens: int | None = None
    limits_by_model: Mapping[str, int] = field(default_factory=dict[str, int])
    model: str | None = None

    def limit(self, profile: ModelProfile) -> int:
        """Tokens at which a conversation with a model is summarised; never more than fit its window."""
        given = self.limits_by_model.get(profile.id, self.limit_tokens)
        return min(given or int(profile.context_tokens * COMPACTION_SHARE), profile.context_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a session may use; None sets no limit.

    Attributes:
        max_usd: Money by the price table, of the whole session.
        max_tokens: Tokens of all requests of the session, cached ones included.
        max_turns: Model requests of one turn.
        source: The highest place that sets one of them.
    """

    max_usd: float | None = None
    max_tokens: int | None = None
    max_turns: int | None = None
    source: Source = BUILTIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """An entry of a list that says what may or may not happen.

    Attributes:
        text: Verbatim: a pattern of commands, files, branches or hosts.
        within: Of `commandAllowlist`: the highest risk that it lets run, by what is set above its level.
        part: Equal for the entries that stand in one list of one file.
    """

    text: str
    source: Source = BUILTIN
    within: AutonomyLevel = AutonomyLevel.HIGH
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRule:
    """A program of the organisation or of a person that runs at a point of the loop.

    Attributes:
        matcher: An expression for the whole of what the event is matched by (a glob for `PostEdit`); empty
            where everything matches.
        command_regex: Besides, what the command must contain; empty where nothing is asked of it.
        command: For the shell.
        deny_on_error: Of an organisation's hook: a plain error denies, as a crash does.
        within: The highest risk that its `allow` lets run, by what is set above its level.
    """

    event: str
    matcher: str = ""
    command_regex: str = ""
    command: str
    timeout_s: float = 60.0
    deny_on_error: bool = False
    within: AutonomyLevel = AutonomyLevel.HIGH
    source: Source = BUILTIN


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskVerdict:
    """What `riskPolicy` makes of a risk.

    Attributes:
        within: Of an allow: the highest risk that it lets run, by what is set above its level.
    """

    verdict: Verdict
    source: Source = BUILTIN
    within: AutonomyLevel = AutonomyLevel.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The effective settings of one workspace, compiled.

    Attributes:
        autonomy: Where a session starts, already capped by `max_autonomy`.
        max_autonomy: What no flag, picker or approval may go beyond.
        model: The id of the model to start with; None where nothing names one.
        reasoning_effort: As the provider knows it; None leaves it out.
        models: By id, those that can be asked: the catalogue's whose key is known, and `customModels`.
        models_refused: By id, those that are known and may not be asked, and why.
        model_refusal: Why a model that settings do not define may not be asked; None where it may.
        command_allowlist, command_denylist, command_blocklist: From the highest level on.
        risk_verdicts: What a risk means whatever the autonomy; a risk without one follows the autonomy.
        protected_files: Patterns as in `.gitignore`; with `!read:` before it, of files not to be read either.
        protected_branches: Globs.
        deny_read: Paths that may not be read: absolute, below `~`, or relative as `protected_files` are.
        taint: What becomes of data for a new destination once untrusted text is in the context; ALLOW where
            the organisation has switched that off.
        allowed_domains: Hosts that data may go to: exact or `*.suffix`.
        own_servers: Hosts of the organisation's own model endpoints, likewise.
        untrusted: Why text of the workspace counts as somebody else's; None where it does not.
        hooks: Those that run, from the highest level on.
        show_hook_output: What hooks print is shown in the conversation.
        lockdown: Organisation policy is configured and not to be had: why no session starts. None where
            there is none, or it is in force.
        warnings: What was wrong with the settings files, one line each.
        malformed: Those of the warnings that make a whole file unusable: what it should have said is not
            known, so with nobody to ask, nothing is begun.
    """

    autonomy: AutonomyLevel = AutonomyLevel.OFF
    autonomy_source: Source = BUILTIN
    max_autonomy: AutonomyLevel = AutonomyLevel.HIGH
    max_autonomy_source: Source = BUILTIN
    model: str | None = None
    model_source: Source = BUILTIN
    reasoning_effort: str | None = None
    models: Mapping[str, ModelProfile] = field(default_factory=dict[str, ModelProfile])
    models_refused: Mapping[str, str] = field(default_factory=dict[str, str])
    model_refusal: Callable[[ModelProfile], str | None] = field(default=_asks_any, compare=False, repr=False)
    compaction: Compaction = field(default_factory=Compaction)
    budget: Budget = field(default_factory=Budget)
    command_allowlist: tuple[ListEntry, ...] = ()
    command_denylist: tuple[ListEntry, ...] = ()
    command_blocklist: tuple[ListEntry, ...] = ()
    risk_verdicts: Mapping[Risk, RiskVerdict] = field(default_factory=dict[Risk, RiskVerdict])
    protected_files: tuple[ListEntry, ...] = ()
    protected_branches: tuple[ListEntry, ...] = ()
    deny_read: tuple[ListEntry, ...] = ()
    taint: Verdict = Verdict.ASK
    taint_source: Source = BUILTIN
    allowed_domains: tuple[ListEntry, ...] = ()
    own_servers: tuple[ListEntry, ...] = ()
    untrusted: str | None = None
    hooks: tuple[HookRule, ...] = ()
    show_hook_output: bool = False
    lockdown: str | None = None
    warnings: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()

    def why_not(self, model_id: str) -> str:
        """Why a model that is not among `models` cannot be asked, and what can."""
        reason = self.models_refused.get(model_id)
        known = ", ".join(sorted(self.models)) or "none; add one to customModels in your settings.json"
        if reason is None:
            return f"no model {model_id or 'is set'!r}; configured are {known}"
        return f"model {model_id!r} may not be used: {reason}; configured are {known}"
