"""Hooks: the `hooks` key of settings, and `hooks.json`.

Source: https://docs.factory.ai/reference/hooks-reference
"""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import (
    ORG,
    UNSET,
    Amount,
    Section,
    Text,
    camel,
    first,
    pascal,
    strictest,
)

_HOOKS = Rule(merge=Merge.UNION, trusted_only=True)


class HookCommand(Section):
    """One program that is run."""

    type: Literal["command"]
    """What kind of hook it is; there is one."""
    command: Annotated[Text, Field(examples=['"$FACTORY_PROJECT_DIR"/.factory/hooks/audit-command.sh'])]
    """The shell command. It gets JSON on standard input, and answers by exit code or JSON on standard
    output."""
    timeout: Annotated[Amount, Field(examples=[30])] = UNSET
    """Seconds after which it is ended; unset: 60."""
    on_error: Literal["deny", "continue"] = UNSET
    """What a plain error (exit 1) of an organisation's hook means for the call that it looks at; unset:
    the call goes on."""


class HookGroup(Section):
    """Hooks that run for what their matcher matches."""

    matcher: Annotated[str, Field(examples=["Execute|Edit", "*"])] = UNSET
    """An expression for the whole of the tool's name, or what else the event is matched by; `*`, empty or
    unset: everything."""
    command_regex: Annotated[str, Field(examples=["^git push"])] = UNSET
    """Besides, an expression that the command must contain."""
    hooks: list[HookCommand]
    """The programs, which run side by side."""


HookGroups = Annotated[list[HookGroup], _HOOKS]


def _spelling(name: str) -> str:
    """Events are spelled `LikeThis` and everything else `likeThis`."""
    return camel(name) if name in ("hooks", "description") else pascal(name)


class HookEvents(Section):
    """Hooks by the event that they run at."""

    model_config = ConfigDict(alias_generator=_spelling)

    # Factory's reference shows them within `hooks`; they are read as the keys beside it.
    ignored_keys: ClassVar[frozenset[str]] = frozenset({"hooksDisabled", "showHookOutput"})

    session_start: HookGroups = UNSET
    """When a session starts, resumes, clears or compacts; matched by `startup`, `resume`, `clear`,
    `compact`. What it prints joins the context."""
    user_prompt_submit: HookGroups = UNSET
    """Before a prompt is used. Blocking drops the prompt."""
    pre_model_request: HookGroups = UNSET
    """Before context leaves for a model: what is new since the last request. Blocking keeps the request
    from being sent."""
    pre_tool_use: HookGroups = UNSET
    """Before a tool call, matched by the tool's name. Blocking denies the call."""
    pre_git: HookGroups = UNSET
    """Before a git subcommand that changes history or a remote, matched by the subcommand. Blocking denies
    the call."""
    post_tool_use: HookGroups = UNSET
    """After a tool succeeded, matched by the tool's name."""
    post_edit: HookGroups = UNSET
    """After files changed, once for each tool call, matched by a pattern for paths."""
    notification: HookGroups = UNSET
    """When permission is needed, or the agent has been idle for a minute."""
    stop: HookGroups = UNSET
    """When the agent would stop. Blocking makes it go on."""
    subagent_stop: HookGroups = UNSET
    """When a subagent would stop. Blocking makes it go on."""
    pre_compact: HookGroups = UNSET
    """Before older messages are replaced by a summary; matched by `manual`, `auto`."""
    session_end: HookGroups = UNSET
    """When the session ends."""


class HookKeys(Section):
    """Hooks

    The organisation's, the team's and a person's own programs at points of the agent's work.
    """

    hooks: HookEvents = UNSET
    """Hooks by the event that they run at. A `hooks.json` in the same folder goes before this key."""
    hooks_disabled: Annotated[bool, Rule(merge=Merge.OWN_LEVEL, default=False)] = UNSET
    """Switches off the hooks of this level, and of no other."""
    show_hook_output: Annotated[bool, first(False)] = UNSET
    """Whether what hooks print is shown in the conversation."""
    allow_managed_hooks_only: Annotated[bool, strictest(True, False, default=False, levels=ORG)] = UNSET
    """Whether only the organisation's hooks run."""


class HooksFile(HookEvents):
    """hooks.json

    Hooks of one `.factory/` folder, by the event that they run at.
    """

    ignored_keys: ClassVar[frozenset[str]] = HookEvents.ignored_keys | {"$schema"}

    hooks: HookEvents = UNSET
    """Hooks by the event that they run at. Events may also stand in the file itself, as in plugins."""
    description: str = UNSET
    """What the hooks are for."""
