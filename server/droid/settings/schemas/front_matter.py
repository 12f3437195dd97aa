"""The heads of Markdown files: droids, commands and skills.

Source: https://docs.factory.ai/cli/configuration/custom-droids,
https://docs.factory.ai/cli/configuration/custom-slash-commands,
https://docs.factory.ai/cli/configuration/skills
"""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from droid.settings.schemas.common import UNSET, FrontMatter, ReasoningEffort, Text, Texts, camel

ToolCategory = Literal["read-only", "edit", "execute", "web", "mcp"]


class Droid(FrontMatter):
    """A droid

    A subagent with its own instructions, which are the body of the file.
    """

    model_config = ConfigDict(alias_generator=camel)

    ignored_keys: ClassVar[frozenset[str]] = frozenset({"color"})

    name: Annotated[str, Field(min_length=1, pattern="^[a-z0-9_-]+$", examples=["code-reviewer"])]
    """How the droid is called: lower-case letters, digits, `-` and `_`."""
    description: str = UNSET
    """What it is for, in a sentence; a model chooses by it."""
    model: Annotated[Text, Field(examples=["inherit"])] = UNSET
    """The model that it uses; `inherit` or unset: the session's."""
    reasoning_effort: ReasoningEffort = UNSET
    """How much the model thinks; says nothing with `inherit`."""
    tools: Annotated[ToolCategory | Text | Texts, Field(examples=["read-only", ["Read", "Grep", "Glob"]])] = (
        UNSET
    )
    """The tools that it has: a category, or names; unset: all."""
    mcp_servers: Annotated[Texts, Field(examples=[["linear"]])] = UNSET
    """The only MCP servers whose tools it has; unset: those of the session."""


class Command(FrontMatter):
    """A command

    A prompt that people call by name, which is the body of the file; `$ARGUMENTS` stands for what they add.
    """

    ignored_keys: ClassVar[frozenset[str]] = frozenset({"allowed-tools"})

    description: str = UNSET
    """What it does, shown in lists."""
    argument_hint: Annotated[str | list[str], Field(examples=["<branch-name>"])] = UNSET
    """What to add when calling it, shown in lists."""


class Skill(FrontMatter):
    """A skill

    Instructions that load when they are needed, which are the body of the file.
    """

    ignored_keys: ClassVar[frozenset[str]] = frozenset({
        "allowed-tools", "compatibility", "license", "metadata", "version",
    })  # fmt: skip

    name: Annotated[str, Field(min_length=1, pattern="^[a-z0-9-]+$")] = UNSET
    """How the skill is called: lower-case letters, digits and `-`; unset: the folder's name."""
    description: str = UNSET
    """What it does and when to use it; a model chooses by it."""
    user_invocable: bool = UNSET
    """`false` hides it from the list of what people can call; unset: true."""
    disable_model_invocation: bool = UNSET
    """`true` keeps models from loading it by themselves; unset: false."""
