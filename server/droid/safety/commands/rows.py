"""The table of programs: what each row says, read from its declaration.

A program is declared in `programs/*.toml`; `make generate` (`generate/command_table.py`) checks those files
and writes them as Python literals, which load quickly, one module for each file. The words of the
declarations are explained in `docs/command-rules.md`.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from droid.domain.levels import Risk
from droid.safety.commands.model import Touch

RAW_ROLES = frozenset({"words", "env-words", "shell", "script", "until"})
"""Roles after which no option is the program's own."""
ROLES = frozenset(
    {
        "value", "mount", "name", "env-string", "assign", "data", "query", "config", "placeholder", "code",
        "module", *RAW_ROLES, *(touch.value for touch in Touch),
    }
)  # fmt: skip
"""What an operand or the value of a flag may be."""
MARKS = frozenset({"flag", "optional", "stdin", "no-stdin", "end", "undecidable", "instead", "named"})
"""What else may be said of a flag."""

_HELPS = frozenset({"--help", "--version"})
# `--version` and `-v` of a program are often something else to a subcommand (`helm install --version 1.2`).
_INHERITED = frozenset({"--help", "-help", "-h", "-?"})


@dataclass(frozen=True, slots=True)
class Rating:
    """A risk with its reason."""

    risk: Risk
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSpec:
    """What a flag means.

    Attributes:
        name: The first of its names.
        role: What its value is; empty where it takes none. `code:python` is role `code`, language `python`.
        rating: What it does to the risk of its row: `low` shows only, the others raise.
        makes: Flags whose values have another role beside it, with that role (`tar -c` writes what `-f`
            names); `operands` stands for all paths among the operands (`sed -i`), `first` for the first
            operand (`bash -c`).
    """

    name: str
    role: str = ""
    language: str = ""
    marks: frozenset[str] = frozenset()
    rating: Rating | None = None
    makes: tuple[tuple[str, "OperandRole"], ...] = ()

    @property
    def takes_value(self) -> bool:
        return bool(self.role)


@dataclass(frozen=True, slots=True)
class OperandRole:
    """What an operand is; a repeated role stands for any number of them."""

    role: str
    language: str = ""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class OperandRule:
    """A row of a row: operands that match change its risk.

    Attributes:
        patterns: Globs, one of which must match.
        at: The operand that must match, counted from 0; the words of an inner command are counted behind
            the operands. None for any operand.
        least: It holds only where there are so many operands.
        given: It holds only where these flags are given: `--global`, `-X=GET`.
        missing: It holds only where none of these flags is given.
    """

    patterns: tuple[str, ...]
    rating: Rating
    at: int | None = None
    least: int = 0
    given: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A program, or one of its subcommands.

    Attributes:
        name: `git push`.
        bare: The rating without operands.
        flags: By every name.
        conditional: Flags whose meaning depends on their value: by name, `(glob, spec)`.
        only_first: Options end at the first operand.
        first_is_bundle: The first word is letters of short flags, without a dash (`tar czf`).
        keys: Operands of the form `key=value` (`dd of=x`): the role of their value; `*` stands for any key.
        undecidable: Why it cannot be told what runs.
        runs: The rating that a file which is run adds.
        in_bulk: The rating where it runs for many things that are not known (`xargs kill`).
        plus: The role of what follows the `+` of an operand (`vim +'!ls'`).
        stdin: What is done with standard input when no operand says what to run: `shell`, `code:python`.
        stdin_always: So it is done whatever the operands.
        sends_stdin: What it is given on standard input leaves the machine.
        placeholder: What stands for unknown words in the inner command.
        variables: Roles of environment variables that this program obeys.
        remote: What it runs, runs elsewhere.
        many: What it runs, it runs for many things that are not known.
        helps: Further words that only show help.
        any_case: Words are compared without case.
    """

    name: str
    rating: Rating
    bare: Rating | None = None
    runs: Rating | None = None
    in_bulk: Rating | None = None
    undecidable: str = ""
    flags: Mapping[str, FlagSpec] = field(default_factory=dict[str, FlagSpec])
    conditional: Mapping[str, tuple[tuple[str, FlagSpec], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, FlagSpec], ...]]
    )
    operands: tuple[OperandRole, ...] = ()
    rules: tuple[OperandRule, ...] = ()
    only_first: bool = False
    single_dash: bool = False
    first_is_bundle: bool = False
    any_case: bool = False
    keys: Mapping[str, OperandRole] = field(default_factory=dict[str, OperandRole])
    plus: OperandRole | None = None
    stdin: OperandRole | None = None
    stdin_always: bool = False
    sends_stdin: bool = False
    placeholder: str = ""
    variables: Mapping[str, OperandRole] = field(default_factory=dict[str, OperandRole])
    remote: bool = False
    many: bool = False
    helps: frozenset[str] = _HELPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Everything that is declared of a program.

    Attributes:
        name: The first of its names.
        row: What holds without a subcommand, and where the subcommand is not listed.
        commands: By the words of the subcommand, exactly.
        patterns: By globs of its words, in the order in which they are tried.
        prefixes: Beginnings of subcommands of several words.
        local: It is a program of the project by nature (`./gradlew`).
    """

    name: str
    row: Row
    commands: Mapping[tuple[str, ...], Row]
    patterns: tuple[tuple[tuple[str, ...], Row], ...] = ()
    prefixes: frozenset[tuple[str, ...]] = frozenset()
    local: bool = False

    @property
    def has_commands(self) -> bool:
        return bool(self.commands or self.patterns)


def lookup(name: str) -> Program | None:
    """The program of a base name; None where the table has none."""
    return _lookup(name.removesuffix(".exe").removesuffix(".EXE"))


def known_programs() -> frozenset[str]:
    """All names that the table has, without globs."""
    return frozenset(_index().NAMES)


@cache
def _index() -> Any:
    return importlib.import_module("droid.safety.commands.compiled.index")


@cache
def _family(name: str) -> Mapping[str, Mapping[str, Any]]:
    return importlib.import_module(f"droid.safety.commands.compiled.{name}").PROGRAMS


@cache
def _declared(family: str, key: str) -> Program:
    return program_from(key, _family(family)[key])


def _lookup(name: str) -> Program | None:
    index = _index()
    found = index.NAMES.get(name)
    if found is None:
        found = next((where for glob, where in index.GLOBS if fnmatchcase(name, glob)), None)
    if found is None and "@" in name[1:]:  # `npx eslint@9`
        found = index.NAMES.get(name.rpartition("@")[0])
    return None if found is None else _declared(*found)


# --- reading a declaration -----------------------------------------------------------------------


def program_from(name: str, declared: Mapping[str, Any]) -> Program:
    """Read what is declared of a program.

    Raises:
        ValueError, KeyError, TypeError: the declaration makes no sense.
    """
    row = _row(name, declared, None)
    commands: dict[tuple[str, ...], Row] = {}
    patterns: list[tuple[tuple[str, ...], Row]] = []
    for key, said in declared.get("commands", {}).items():
        first = _row(name, {"risk": said} if isinstance(said, str) else said, row)
        for one in key.split("|"):
            words = tuple(one.split())
            made = replace(first, name=f"{name} {' '.join(words)}")
            if any(mark in one for mark in "*?["):
                patterns.append((words, made))
            else:
                commands[words] = made
    prefixes = {words[:size] for words in commands for size in range(1, len(words))}
    return Program(
        name=name,
        row=row,
        commands=commands,
        patterns=tuple(patterns),
        prefixes=frozenset(prefixes),
        local=declared.get("local", False),
    )


def _row(name: str, said: Mapping[str, Any], above: Row | None) -> Row:
    flags: dict[str, FlagSpec] = dict(above.flags) if above else {}
    conditional: dict[str, tuple[tuple[str, FlagSpec], ...]] = dict(above.conditional) if above else {}
    for names, spec in said.get("flags", {}).items():
        known = [one.strip() for one in names.split(",")]
        name_, equals, glob = known[0].partition("=")
        if equals:
            given = _flag(name_, spec)
            for alias in (one.partition("=")[0] for one in known):
                conditional[alias] = (*conditional.get(alias, ()), (glob, given))
            continue
        given = _flag(known[0], spec)
        flags.update(dict.fromkeys(known, given))
    helps = said.get("help")
    return Row(
        name=name,
        rating=rating_from(said["risk"]),
        bare=rating_from(said["bare"]) if "bare" in said else None,
        runs=rating_from(said["runs"]) if "runs" in said else None,
        in_bulk=rating_from(said["in_bulk"]) if "in_bulk" in said else None,
        undecidable=said.get("undecidable", ""),
        flags=flags,
        conditional=conditional,
        operands=_operands(said.get("operands", "")),
        rules=tuple(
            OperandRule(
                _globs(rule["operand"]),
                rating_from(rule["risk"]),
                rule.get("at"),
                rule.get("least", 0),
                rule.get("with", ""),
                rule.get("without", ""),
            )
            for rule in said.get("rules", ())
        ),
        only_first=said.get("options") == "first",
        single_dash=said.get("single_dash", above.single_dash if above else False),
        first_is_bundle=said.get("first_is_bundle", False),
        any_case=said.get("any_case", above.any_case if above else False),
        keys={key: _role(role) for key, role in said.get("keys", {}).items()},
        plus=_role(said["plus"]) if "plus" in said else None,
        stdin=_role(said["stdin"]) if "stdin" in said else None,
        stdin_always=said.get("stdin_always", False),
        sends_stdin=said.get("sends_stdin", False),
        placeholder=said.get("placeholder", ""),
        variables={
            **(above.variables if above else {}),
            **{key: _role(role) for key, role in said.get("variables", {}).items()},
        },
        remote=said.get("remote", False),
        many=said.get("many", False),
        helps=frozenset(helps) if helps is not None else (above.helps & _INHERITED if above else _HELPS),
    )


def rating_from(text: str) -> Rating:
    """Read `risk: why`, or a risk alone."""
    risk, _, why = text.partition(":")
    return Rating(Risk(risk.strip()), why.strip())


def _flag(name: str, text: str) -> FlagSpec:
    role, language, marks, rating = "", "", set[str](), None
    makes: list[tuple[str, OperandRole]] = []
    for item in (one.strip() for one in text.split(";")):
        word, colon, rest = item.partition(":")
        if word == "makes" and rest:
            other, _, made = rest.partition("=")
            makes.append((other.strip(), _role(made.strip())))
        elif word in MARKS:
            marks.add(word)
        elif word in ROLES:
            role, language = word, rest
        elif colon and word in set(Risk):
            rating = rating_from(item)
        else:
            raise ValueError(f"{name}: {item!r} is no role, mark or risk")
    return FlagSpec(
        name=name, role=role, language=language, marks=frozenset(marks), rating=rating, makes=tuple(makes)
    )


def _globs(said: str | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _operands(text: str) -> tuple[OperandRole, ...]:
    return tuple(_role(word) for word in text.split())


def _role(word: str) -> OperandRole:
    repeated = word.endswith("...")
    role, _, language = word.removesuffix("...").partition(":")
    if role not in ROLES:
        raise ValueError(f"{word!r} is no role")
    return OperandRole(role, language, repeated)
