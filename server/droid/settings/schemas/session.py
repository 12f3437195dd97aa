"""Keys about sessions: models, effort, autonomy, compaction, files that are written beside the work."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import (
    FIRST,
    LOWEST_AUTONOMY,
    UNSET,
    AutonomyLevel,
    Count,
    ReasoningEffort,
    Section,
    Text,
    first,
    smallest,
    strictest,
)


class SessionDefaults(Section):
    """Where a new session starts."""

    model: Annotated[Text, FIRST, Field(examples=["claude-sonnet-4-6", "custom:my-internal-model"])] = UNSET
    """The model that sessions start with; goes before `model` of the same file."""
    reasoning_effort: Annotated[ReasoningEffort, FIRST] = UNSET
    """How much the model thinks before it answers; goes before `reasoningEffort` of the same file."""
    interaction_mode: Annotated[
        Literal["auto", "spec", "agi"], strictest("spec", "auto", "agi", default="auto")
    ] = UNSET
    """`spec` starts sessions in read-only planning. `agi`, Factory's mission mode, works as `auto` here."""
    autonomy_level: Annotated[
        AutonomyLevel,
        Rule(merge=Merge.STRICTEST, safest=("off", "low", "medium", "high"), default="off"),
    ] = UNSET
    """The highest risk that runs without asking when a session starts. A person may raise it in their
    session, up to `maxAutonomyLevel`."""
    autonomy_mode: Annotated[
        Literal["normal", "spec", "auto-low", "auto-medium", "auto-high"],
        strictest("spec", "normal", "auto-low", "auto-medium", "auto-high"),
    ] = UNSET
    """The older name of `autonomyLevel` and `interactionMode`, read as those; where a file has both, the
    stricter counts."""
    spec_mode_model: Annotated[Text, FIRST] = UNSET
    """The model for planning in spec mode; the session's own where it is not set."""
    spec_mode_reasoning_effort: Annotated[ReasoningEffort, FIRST] = UNSET
    """How much the model of spec mode thinks before it answers."""


class SubagentModels(Section):
    """Which model does a subagent's work, by how demanding the work is."""

    light_model: Annotated[Text, FIRST, Field(examples=["inherit"])] = UNSET
    """The model for light work, such as exploring; `inherit` or unset: the session's own."""
    light_reasoning_effort: Annotated[ReasoningEffort, FIRST] = UNSET
    """How much the model for light work thinks."""
    medium_model: Annotated[Text, FIRST, Field(examples=["inherit"])] = UNSET
    """The model for ordinary work; `inherit` or unset: the session's own."""
    medium_reasoning_effort: Annotated[ReasoningEffort, FIRST] = UNSET
    """How much the model for ordinary work thinks."""
    heavy_model: Annotated[Text, FIRST, Field(examples=["inherit"])] = UNSET
    """The model for demanding work; `inherit` or unset: the session's own."""
    heavy_reasoning_effort: Annotated[ReasoningEffort, FIRST] = UNSET
    """How much the model for demanding work thinks."""


class Budget(Section):
    """What one session may spend; at the limit the turn ends and the session stays usable."""

    max_usd_per_session: Annotated[float, Field(ge=0), smallest()] = UNSET
    """US dollars, by the models' price table."""
    max_tokens_per_session: Annotated[Count, smallest()] = UNSET
    """Tokens in and out, of all model requests."""
    max_turns: Annotated[Count, smallest()] = UNSET
    """Model requests in one turn."""


class SessionKeys(Section):
    """Sessions

    Where sessions start, what they may spend, and what they leave behind.
    """

    model: Annotated[Text, FIRST, Field(examples=["claude-sonnet-4-6", "custom:my-internal-model"])] = UNSET
    """The model that sessions start with: an id of the catalogue, or `custom:` and the id of an entry of
    `customModels`."""
    reasoning_effort: Annotated[ReasoningEffort, FIRST] = UNSET
    """How much the model thinks before it answers. What a model does not know is rounded to what it does."""
    session_default_settings: SessionDefaults = UNSET
    """Where a new session starts."""
    subagent_model_settings: SubagentModels = UNSET
    """Which model does a subagent's work, by how demanding the work is."""
    subagent_autonomy_level: Annotated[
        Literal["inherit", "off", "low", "medium", "high"], LOWEST_AUTONOMY
    ] = UNSET
    """The autonomy of subagents, never above their parent's or `maxAutonomyLevel`. `inherit` is the same
    as leaving it out: the parent's."""
    budget: Budget = UNSET
    """What one session may spend."""
    compaction_token_limit: Annotated[Count, FIRST] = UNSET
    """Tokens of context at which older messages are replaced by a summary; unset: 80 % of the model's
    window."""
    compaction_token_limit_per_model: Annotated[
        Mapping[str, Count], FIRST, Field(examples=[{"claude-sonnet-4-6": 120000}])
    ] = UNSET
    """The same for single models, by model id."""
    compaction_model_mode: Annotated[Text, first("same"), Field(examples=["same"])] = UNSET
    """The model that writes the summary: `same` for the session's own, or a model id."""
    spec_save_dir: Annotated[Text, first("~/.factory/specs"), Field(examples=["docs/specs"])] = UNSET
    """The folder that approved specs are saved in."""
    worktree_directory: Annotated[Text, first("~/.factory/worktrees")] = UNSET
    """The folder that git worktrees for agents are made in."""
    llm_request_timeout: Annotated[Count, FIRST] = UNSET
    """Milliseconds after which a model request without an answer is given up."""
    include_co_authored_by_droid: Annotated[bool, first(True)] = UNSET
    """Whether commits that the agent makes carry a `Co-authored-by: Droid` trailer."""
    session_retention_days: Annotated[int, Field(ge=14, le=365), smallest()] = UNSET
    """Days after which stored sessions are deleted."""
    cloud_session_sync: Annotated[bool, strictest(False, True)] = UNSET
    """Whether sessions may be mirrored to Factory's cloud. This program never does; `false` also stops
    others that read these files."""
    wiki_cloud_sync: Annotated[bool, strictest(False, True)] = UNSET
    """Whether wikis may be stored in Factory's cloud. This program never does."""
