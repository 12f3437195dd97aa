"""Values as they may be shown: with no secret in them.

Hidden is what the schema calls secret, everything in headers, what stands before the host of an address, and
texts that no schema declares, since nobody knows what they are. A secret that is nothing but a reference to
a variable is shown, because it tells where the secret is and not what.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from droid.settings.schema_tree import Node

MASK = "***"

_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")


def masked(node: Node | None, value: Any) -> Any:
    """A copy of a value as JSON has it, secrets hidden.

    Args:
        node: What the schema says of it; None where it declares nothing.
    """
    if node is not None and _is_secret(node):
        return _hidden(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return {key: masked(_below(node, key), one) for key, one in members.items()}
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[Any]", value)
        return [masked(_below(node, index), one) for index, one in enumerate(items)]
    if not isinstance(value, str):
        return value
    declared = node is not None and bool(node.kinds or node.alternatives)
    return _CREDENTIALS.sub(f"{MASK}@", value) if declared else _hidden(value)


def _is_secret(node: Node) -> bool:
    return (node.rule is not None and node.rule.secret) or node.name.casefold().endswith("headers")


def _below(node: Node | None, step: str | int) -> Node | None:
    return None if node is None else node.at((step,))


def _hidden(value: Any) -> Any:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return {key: _hidden(one) for key, one in members.items()}
    if isinstance(value, (list, tuple)):
        return [_hidden(one) for one in cast("Sequence[Any]", value)]
    if value is None or (isinstance(value, str) and _REFERENCE.fullmatch(value)):
        return value
    return MASK
