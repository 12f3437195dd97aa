"""What "this program with this subcommand, for this session" covers: `git commit`, `npm run build`.

A grant remembers what made the approved call as dangerous as it was: its row of the table, the flags that
mean something, the machines it named. Another call is covered where it has nothing of that kind that the
approved one had not. Only lines of one plain command can be granted so, and be covered.
"""

import json
from collections.abc import Set
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from droid.domain.levels import Risk
from droid.safety.commands.arguments import GivenFlag
from droid.safety.commands.entries import reading_of
from droid.safety.commands.model import RatedCommand, Touch
from droid.safety.commands.rows import Row
from droid.safety.facts import CallFacts
from droid.safety.grants import Grant
from droid.safety.list_words import writes_file

_OTHER_PLACES = frozenset({Touch.HOST, Touch.FETCH, Touch.SEND, Touch.FOLDER})
_GONE = frozenset({Touch.DELETE, Touch.RUN})
_PLAIN_ROLES = frozenset({"", "value"})
# Their first words are names of tasks, each of which may do anything else: how many of them count.
_TASKS = {
    "bun run": 1, "cargo make": 1, "composer run": 1, "composer run-script": 1, "deno task": 1, "npm run": 1,
    "npm run-script": 1, "pnpm run": 1, "poetry run": 99, "uv run": 99, "yarn run": 1, "make": 99,
    "gmake": 99,
    "just": 99, "task": 99, "rake": 99, "gradle": 99, "gradlew": 99, "mvn": 99, "tox": 99, "nox": 99,
    "invoke": 99, "inv": 99, "poe": 99, "ant": 99, "ninja": 99,
}  # fmt: skip
# By these, an operand means something else than a name: a branch to force or delete, the content of a file.
_SIGNS = "+:@"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramGrant:
    """A kind of command.

    Attributes:
        what: In words: `git commit`, `make test`.
        weighs: All about it that could make another command of this kind more dangerous.
    """

    what: str
    risk: Risk
    weighs: frozenset[str]

    def key(self) -> str:
        """As it is stored; no key of another grant begins with a brace."""
        said = {"program": self.what, "risk": self.risk.value, "weighs": sorted(self.weighs)}
        return json.dumps(said, ensure_ascii=False)


def program_grant(facts: CallFacts) -> ProgramGrant | None:
    """The kind that a call is of, where a person can sensibly allow all of it; None elsewhere."""
    grant = _kind_of(facts)
    if grant is None or facts.assessment is None:
        return None
    command = facts.assessment.commands[0]
    touches = {touched.how for touched in command.effects.touched}
    if touches & _GONE:
        return None
    # Without a subcommand, what a program does is known by what it is given.
    is_bare = " " not in grant.what
    return None if is_bare and (grant.risk is Risk.HIGH or touches & _OTHER_PLACES) else grant


def program_key(facts: CallFacts) -> Grant | None:
    """What is remembered of such a permission."""
    grant = program_grant(facts)
    return None if grant is None else (facts.tool, grant.key())


def covers_program(granted: Set[Grant], facts: CallFacts) -> bool:
    """Whether a call is of a kind that a person has allowed, and no more dangerous than what they saw."""
    wanted = program_grant(facts)
    if wanted is None:
        return False
    for tool, key in granted:
        known = _grant_of(key) if tool == facts.tool and key.startswith("{") else None
        if (
            known is not None
            and known.what == wanted.what
            and wanted.risk <= known.risk
            and wanted.weighs <= known.weighs
        ):
            return True
    return False


@lru_cache(maxsize=1024)
def _grant_of(key: str) -> ProgramGrant | None:
    try:
        said: Any = json.loads(key)
        weighs = frozenset(str(one) for one in said["weighs"])
        return ProgramGrant(what=str(said["program"]), risk=Risk(said["risk"]), weighs=weighs)
    except (ValueError, KeyError, TypeError):
        return None  # of a transcript that another version wrote


def _kind_of(facts: CallFacts) -> ProgramGrant | None:
    assessment = facts.assessment
    if assessment is None or assessment.undecidable is not None or len(assessment.commands) != 1:
        return None
    if not facts.cwd.is_relative_to(facts.workspace):
        return None
    rated = assessment.commands[0]
    if not _is_plain(rated) or assessment.risk > rated.risk:
        return None
    given = reading_of(rated.command)
    count = _TASKS.get(rated.effects.row, 0)
    task = [word.text for word in given.operands[:count]]
    is_high = rated.risk is Risk.HIGH
    weighs = {f"flag {told}" for flag in given.flags if (told := _weight(flag, is_high)) is not None}
    weighs |= {f"rule {pattern}" for pattern in _rules(given.row, [word.text for word in given.operands])}
    weighs |= {
        f"{touched.how} {touched.word.text}"
        for touched in rated.effects.touched
        if touched.how in _OTHER_PLACES
    }
    weighs |= {f"sign {word.text[0]}" for word in given.operands if word.text[:1] and word.text[0] in _SIGNS}
    if is_high:
        weighs.add(f"why {rated.effects.reason}")
    what = " ".join([rated.effects.row, *task])
    return ProgramGrant(what=what, risk=rated.risk, weighs=frozenset(weighs)) if what.isprintable() else None


def _is_plain(rated: RatedCommand) -> bool:
    """Whether nothing about a command is more than its row says."""
    command, effects = rated.command, rated.effects
    return bool(
        command.words
        and effects.row
        and effects.undecidable is None
        and not (effects.inner or rated.raised or command.assignments or command.via)
        and not (command.remote or command.many or command.stdin_from or command.folders)
        and command.stdin_text is None
        and "/" not in command.words[0].text
        and all(word.known and not word.may_split for word in command.words)
        and not any(writes_file(one.kind, one.target) for one in command.redirects)
    )


def _weight(flag: GivenFlag, is_high: bool) -> str | None:
    """A flag that makes more of a command, or that the table does not know; None for all others.

    Of what is as dangerous as can be, the table need not say what makes it worse (`git push --force`).
    """
    spec = flag.spec
    value = "" if flag.value is None else f" {flag.value.text}"
    if not spec.name or spec.role not in _PLAIN_ROLES or spec.marks & {"undecidable", "stdin", "end"}:
        return flag.name + value
    if spec.rating is None:
        return flag.name if is_high else None
    return None if spec.rating.risk is Risk.LOW else flag.name


def _rules(row: Row, operands: list[str]) -> set[str]:
    """The operand rules of a row that raise its risk and might hold for these operands."""
    texts = [text.lower() for text in operands] if row.any_case else operands
    return {
        " ".join(rule.patterns)
        for rule in row.rules
        if rule.rating.risk is not Risk.LOW
        and any(fnmatchcase(text, glob) for text in texts for glob in rule.patterns)
    }
