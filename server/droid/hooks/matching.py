"""Which hooks a point of the loop calls.

An expression for commands is searched in the line as it is written and in every command that it comes to, so
that quotes, a `cd` before it or `sh -c` evade no guard. What a hook for some commands permits is only what is
all of that kind.
"""

import re
import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from droid.domain.hooks import HookCall, HookEvent
from droid.domain.levels import SettingsLevel
from droid.domain.policy import HookRule

if TYPE_CHECKING:
    from droid.safety.commands.expressions import Expression

PLUGIN_ROOT = "DROID_PLUGIN_ROOT"


def matching(rules: Iterable[HookRule], call: HookCall) -> list[HookRule]:
    """The hooks that a call runs, the highest level first; identical commands once."""
    chosen: dict[tuple[str, str], HookRule] = {}
    for rule in sorted(rules, key=lambda rule: rule.source.level.rank):
        if rule.event != call.event or not matches(rule, call):
            continue
        key = (rule.command, plugin_root(rule) if PLUGIN_ROOT in rule.command else "")
        known = chosen.get(key)
        if known is None or _is_stricter(rule, known):
            chosen[key] = rule
    return list(chosen.values())


def matches(rule: HookRule, call: HookCall) -> bool:
    """Whether a hook is for this call.

    One whose expressions cannot be read is for none, but for an organisation's, which is for all.
    """
    if rule.command_regex and (call.command is None or not _may_be_for(rule, call.command, call.resolved)):
        return False
    if not rule.matcher or rule.matcher == "*" or not call.subjects:
        return True
    return any(_fits(rule, subject) for subject in call.subjects)


def permits(rule: HookRule, call: HookCall) -> bool:
    """Whether an `allow` of a hook that matches counts: nothing else is in the line than what it is for."""
    if not rule.command_regex:
        return True
    expression = _expression(rule.command_regex)
    if expression.problem is not None or call.command is None or call.resolved is None:
        return False
    return _finds(expression, call.command) and all(
        any(_finds(expression, text) for text in texts) for texts in call.resolved
    )


def _may_be_for(rule: HookRule, command: str, resolved: tuple[tuple[str, ...], ...] | None) -> bool:
    if _compiled(rule.command_regex) is None:
        return rule.source.level is SettingsLevel.ORG
    expression = _expression(rule.command_regex)
    if resolved is None or expression.finds(command):
        return True
    from droid.safety.command_texts import filled

    return any(
        expression.finds(text)
        for texts in resolved
        for written in texts
        for text in filled(written, expression.probes)
    )


def _finds(expression: "Expression", text: str) -> bool:
    """Whether it certainly does."""
    return expression.pattern is not None and len(text) <= expression.max_text and expression.finds(text)


def _expression(source: str) -> "Expression":
    """It is bounded: both the expression and the command may take for ever together."""
    from droid.safety.commands.expressions import compile_expression

    return compile_expression(source)


def plugin_root(rule: HookRule) -> str:
    """The folder that a hook's definition came with; empty where it came from no file."""
    file = rule.source.file
    if not file or not file.startswith("/"):
        return ""
    folder = PurePath(file).parent
    return str(folder.parent if folder.name == "hooks" else folder)


def _is_stricter(rule: HookRule, known: HookRule) -> bool:
    """Of two definitions of a command, what permits less, or an organisation's that denies when it fails."""
    if rule.source.level is known.source.level and rule.within < known.within:
        return True
    is_org = rule.source.level is SettingsLevel.ORG
    return is_org and rule.deny_on_error and not known.deny_on_error


def _fits(rule: HookRule, subject: str) -> bool:
    if rule.event == HookEvent.POST_EDIT:
        return any(_glob_fits(pattern, subject) for pattern in rule.matcher.split("|"))
    expression = _compiled(rule.matcher)
    if expression is None:
        return rule.source.level is SettingsLevel.ORG
    return expression.fullmatch(subject) is not None


@lru_cache(maxsize=256)
def _compiled(text: str) -> re.Pattern[str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a later Python may read in another way
            return re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return None


def _glob_fits(pattern: str, path: str) -> bool:
    spec = _glob(pattern)
    return spec is not None and spec(path)


@lru_cache(maxsize=256)
def _glob(pattern: str) -> Callable[[str], bool] | None:
    """A pattern as `.gitignore` has it: without a slash it is for any folder."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines([pattern]).match_file
    except (ValueError, re.error):
        return None
