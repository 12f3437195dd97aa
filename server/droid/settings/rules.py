"""How the values of several levels become one: the rule that stands beside each key of the schema.

A key carries one rule, or is a section whose members carry theirs. What lies below a key with a rule
belongs to its value and is not merged by itself; a rule there only says what is secret and what expands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Literal, cast


class Merge(StrEnum):
    """What becomes of a key that more than one level sets."""

    FIRST = "first"
    """The highest level that sets it wins."""
    STRICTEST = "strictest"
    """The safest value of any level wins; an untrusted level can only tighten what the others give."""
    UNION = "union"
    """Entries accumulate; none can be removed from below."""
    UNION_IF_TRUSTED = "union-if-trusted"
    """Entries accumulate, those of an untrusted level left out, since they loosen."""
    NARROW = "narrow"
    """Unset means all; once set, a lower level can only take away."""
    LOCKED_KEYS = "locked-keys"
    """An entry that a level defines is locked whole for those below; they may add others."""
    OWN_LEVEL = "own-level"
    """Holds for the level that says it, and for no other."""


RULE_KEY = "x-droid"
"""Where a rule stands in a JSON Schema."""
IGNORED_KEY = "x-droid-ignored"
"""Where the keys stand that a section accepts and that say nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a key is merged, and who may set it.

    Attributes:
        safest: `STRICTEST` over named values: from the safest to the loosest; truth values too.
        bound: `STRICTEST` over numbers: which of them is the safest.
        levels: The levels that it is honoured from; empty: any.
        trusted_only: It loosens or executes: from project and folder only where the workspace is trusted.
        key: `LOCKED_KEYS` over a list: the member that names an entry; empty for maps.
        off: `LOCKED_KEYS`: the member and value that switch an entry off from any level; the member is
            empty where the entries are scalars.
        spread: `STRICTEST` over a map: its keys, for each of which a single value stands.
        default: What holds where no level says anything; None: nothing does.
        secret: Never shown, logged or written.
        expands: May hold `${NAME}` and `${NAME:-default}`.
    """

    merge: Merge
    safest: tuple[Any, ...] = ()
    bound: Literal["min", "max", ""] = ""
    levels: tuple[str, ...] = ()
    trusted_only: bool = False
    key: str = ""
    off: tuple[str, Any] | None = None
    spread: tuple[str, ...] = ()
    default: Any = None
    secret: bool = False
    expands: bool = False

    def to_json(self) -> dict[str, Any]:
        """The rule as it stands in a JSON Schema, what is left at its default left out."""
        members: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name == "merge" or value != item.default:
                members[item.name] = (
                    list(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else value
                )
        return members

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> "Rule":
        """The rule that `to_json` wrote."""
        given = dict(members)
        given["merge"] = Merge(given["merge"])
        for name in _TUPLES & given.keys():
            given[name] = tuple(given[name])
        return cls(**given)

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        # How pydantic asks what stands beside a field's type; it is how the rule gets into the schema.
        schema = dict(handler(core_schema))
        schema[RULE_KEY] = self.to_json()
        return schema


_TUPLES = frozenset({"safest", "levels", "off", "spread"})
