"""Settings in plain words, and their values as they may be shown."""

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from droid.settings.effective import Given
from droid.settings.masking import MASK, masked
from droid.settings.rules import Merge, Rule
from droid.settings.schema_tree import Node
from droid.settings.visible import visible

_REFERENCES = re.compile(r"(?:\$\{[A-Za-z_][A-Za-z0-9_]*\})+")
_KEYS = re.compile(
    r"sk-(?:ant-|proj-)?[\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|hf_\w{20,}|xai-\w{20,}|npm_\w{30,}"
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_SECRET_WORDS = ("AUTH", "COOKIE", "CREDENTIAL", "KEY", "PASS", "SECRET", "TOKEN")

_KINDS = {
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "array": "list",
    "object": "object",
}
_MERGES = {
    Merge.FIRST: "the highest level that sets it wins",
    Merge.UNION: "entries of all levels count together; none can be removed from below",
    Merge.UNION_IF_TRUSTED: "entries of all levels count together, those of a repository once it is trusted",
    Merge.NARROW: "unset means all; once a level sets it, a lower one can only take away",
    Merge.LOCKED_KEYS: "a lower level may add entries; one that a higher level has defined stays as it is",
    Merge.OWN_LEVEL: "holds for the level that says it, and for no other",
}


@cache
def type_of(node: Node) -> str:
    """What may stand there: `"off", "low", "medium" or "high"`, `list of texts`."""
    if node.enum:
        return _or([json.dumps(one) for one in node.enum])
    if node.alternatives:
        return _or([type_of(one) for one in node.alternatives])
    if node.items is not None:
        inner = type_of(node.items)
        return f"list of {inner}s" if inner in ("text", "object", "list") else f"list: {inner}"
    if node.values is not None:
        inner = type_of(node.values)
        return "object" if inner == "object" else f"object, each member {inner}"
    words = _or([_KINDS[kind] for kind in node.kinds]) or "anything"
    if node.minimum is not None and node.maximum is not None:
        return f"{words}, {node.minimum} to {node.maximum}"
    return f"{words}, at least {node.minimum}" if node.minimum else words


@cache
def merging_of(node: Node) -> str:
    """What becomes of a key that several levels set, and who may set it; empty where it has no rule."""
    rule = node.rule
    if rule is None:
        return ""
    said = _MERGES.get(rule.merge) or _strictest(rule)
    if rule.off is not None:
        member, value = rule.off
        said += f"; {f'{member}: ' if member else ''}{json.dumps(value)} counts from any level"
    if rule.levels:
        said += f"; honoured only from {' and '.join(rule.levels)}"
    elif rule.trusted_only:
        said += "; from a repository only where the workspace is trusted"
    return said


def _strictest(rule: Rule) -> str:
    if rule.bound:
        return f"the {'smallest' if rule.bound == 'min' else 'largest'} of all levels wins"
    order = ", ".join(json.dumps(one) for one in rule.safest)
    return f"the safest of all levels wins ({order}, in this order); a lower level may tighten"


def shown(node: Node | None, value: Any, limit: int = 300) -> str:
    """A value on one line; secrets are not in it, and nothing that does not show."""
    text = visible(_KEYS.sub(MASK, json.dumps(masked(node, value), ensure_ascii=False)))
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def names_a_secret(name: str) -> bool:
    """Whether what goes by this name is usually kept secret."""
    upper = name.upper()
    return any(word in upper for word in _SECRET_WORDS)


def looks_like_a_key(text: str) -> bool:
    """Whether a text holds a key of a well-known maker."""
    return _KEYS.search(text) is not None


def is_reference(text: str) -> bool:
    """Whether a text takes what it says from the environment, at least in part."""
    return "${" in text


def origin(given: Given) -> str:
    """`org: /etc/factory/settings.json:3`."""
    return f"{given.layer.level}: {visible(given.where)}"


def _or(parts: Iterable[str]) -> str:
    *rest, last = list(dict.fromkeys(parts)) or [""]
    return f"{', '.join(rest)} or {last}" if rest else last


_MEMBER = re.compile(r'(?P<key>"(?P<name>(?:[^"\\]|\\.)*)"\s*:\s*)"(?P<value>(?:[^"\\]|\\.)*)"?')


def without_secrets(line: str) -> str:
    """A line of a settings file with the values in it hidden that are secrets by their name or look."""

    def hidden(match: re.Match[str]) -> str:
        value = match["value"]
        if not names_a_secret(match["name"]) or _REFERENCES.fullmatch(value):
            return match[0]
        return f'{match["key"]}"{MASK}"'

    return _KEYS.sub(MASK, _MEMBER.sub(hidden, line))
