"""What the models of all files share: strictness, spelling of keys, and short names for rules.

Keys and value names follow Factory's public settings reference, so that an existing `.factory/` works
unchanged.

Source: https://docs.factory.ai/cli/configuration/settings,
https://docs.factory.ai/enterprise/hierarchical-settings-and-org-control
"""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from droid.settings.rules import IGNORED_KEY, RULE_KEY, Merge, Rule

UNSET: Any = None
"""The default of a key that may be left out; null itself is nothing that a key can be set to."""


def camel(name: str) -> str:
    """A field's key in a JSON file: `max_autonomy_level` is `maxAutonomyLevel`."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def pascal(name: str) -> str:
    """The name of an event or a tool: `pre_tool_use` is `PreToolUse`."""
    return camel(f"_{name}")


def kebab(name: str) -> str:
    """A field's key in front matter: `argument_hint` is `argument-hint`."""
    return name.replace("_", "-")


def _tidied(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """The schema of a section as people read it: no titles that only repeat keys, and defaults that hold."""
    for member in schema.get("properties", {}).values():
        member.pop("title", None)
        member.pop("default", None)
        default = member.get(RULE_KEY, {}).get("default")
        if default is not None:
            member["default"] = default
        if "description" in member:
            member["description"] = " ".join(member["description"].split())
    if issubclass(model, Section) and model.ignored_keys:
        schema[IGNORED_KEY] = sorted(model.ignored_keys)


class Section(BaseModel):
    """An object with declared keys.

    Types are taken as they are written: no text is a number, no number is a truth value. Unknown keys are
    told to the person and do no harm.
    """

    model_config = ConfigDict(
        strict=True,
        extra="ignore",
        alias_generator=camel,
        use_attribute_docstrings=True,
        json_schema_extra=_tidied,
    )

    ignored_keys: ClassVar[frozenset[str]] = frozenset()
    """Keys that are accepted and say nothing here."""


class Events(Section):
    """An object whose keys are spelled `LikeThis`."""

    model_config = ConfigDict(alias_generator=pascal)


class FrontMatter(Section):
    """The head of a Markdown file, whose keys are spelled `like-this`."""

    model_config = ConfigDict(alias_generator=kebab)


# --- values ----------------------------------------------------------------------------------

Text = Annotated[str, Field(min_length=1)]
Texts = list[Text]
Count = Annotated[int, Field(ge=1)]
Natural = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0)]
ReasoningEffort = Literal["none", "dynamic", "off", "minimal", "low", "medium", "high", "xhigh", "max"]
AutonomyLevel = Literal["off", "low", "medium", "high"]
Risk = Literal["low", "medium", "high"]
Verdict = Literal["deny", "ask", "allow"]

# --- rules -----------------------------------------------------------------------------------

ORG = ("org",)
ORG_AND_USER = ("org", "user")

FIRST = Rule(merge=Merge.FIRST)
UNION = Rule(merge=Merge.UNION)
UNION_IF_TRUSTED = Rule(merge=Merge.UNION_IF_TRUSTED, trusted_only=True)
NARROW = Rule(merge=Merge.NARROW)
LOCKED_KEYS = Rule(merge=Merge.LOCKED_KEYS, trusted_only=True)
FIRST_OF_ORG = Rule(merge=Merge.FIRST, levels=ORG)
FIRST_OF_ORG_AND_USER = Rule(merge=Merge.FIRST, levels=ORG_AND_USER)
LOWEST_AUTONOMY = Rule(merge=Merge.STRICTEST, safest=("off", "low", "medium", "high"))

# Inside an entry that is merged whole.
EXPANDS = Rule(merge=Merge.LOCKED_KEYS, expands=True)
SECRET = Rule(merge=Merge.LOCKED_KEYS, secret=True, expands=True)


def first(default: Any) -> Rule:
    """`FIRST` with what holds where nothing is said."""
    return Rule(merge=Merge.FIRST, default=default)


def strictest(*safest: Any, default: Any = None, levels: tuple[str, ...] = ()) -> Rule:
    """The safest of named values, which are given from the safest on."""
    return Rule(merge=Merge.STRICTEST, safest=safest, default=default, levels=levels)


def smallest(default: Any = None) -> Rule:
    """The smallest number of any level."""
    return Rule(merge=Merge.STRICTEST, bound="min", default=default)


def largest(default: Any = None) -> Rule:
    """The largest number of any level."""
    return Rule(merge=Merge.STRICTEST, bound="max", default=default)
