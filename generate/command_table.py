"""Writes the table of programs as Python literals, from the declarations in `programs/*.toml`.

A literal loads in a fraction of the time that TOML takes to be read, and only for the family of programs
that a command names. What is wrong with a declaration is told with its file and program.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from pprint import pformat
from typing import Any

from droid.safety.commands.rows import program_from

PACKAGE = Path(__file__).resolve().parents[1] / "server/droid/safety/commands"
_LEFT_OUT = ("examples", "near", "names")
ROW_KEYS = frozenset(
    {
        "any_case", "bare", "first_is_bundle", "flags", "help", "in_bulk", "keys", "many", "operands",
        "options", "placeholder", "plus", "remote", "risk", "rules", "runs", "sends_stdin", "single_dash",
        "stdin", "stdin_always", "undecidable", "variables",
    }
)  # fmt: skip
"""What may be said of a program and of a subcommand."""
PROGRAM_KEYS = ROW_KEYS | {"commands", "local", *_LEFT_OUT}
RULE_KEYS = frozenset({"at", "least", "operand", "risk", "with", "without"})
_HEAD = (
    '"""Written from `{source}` by `make generate`; change that."""\n\n'
    "from collections.abc import Mapping\nfrom typing import Any\n\n"
)


class BadDeclaration(Exception):
    """A declaration makes no sense."""


def declarations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every program: the family, its name, what is declared of it.

    Raises:
        BadDeclaration: a file is no TOML.
    """
    for path in sorted((PACKAGE / "programs").glob("*.toml")):
        try:
            programs = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BadDeclaration(f"{path}: {error}") from error
        for name, declared in programs.items():
            yield path.stem, name, declared


def modules() -> dict[Path, str]:
    """What each generated module holds, by its path.

    Raises:
        BadDeclaration: with file, program and reason.
    """
    names: dict[str, tuple[str, str]] = {}
    globs: list[tuple[str, tuple[str, str]]] = []
    families: dict[str, dict[str, Any]] = {}
    for family, name, declared in declarations():
        where = f"programs/{family}.toml: {name}"
        try:
            _check_keys(declared)
            program_from(name, declared)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadDeclaration(f"{where}: {type(error).__name__}: {error}") from error
        families.setdefault(family, {})[name] = {k: v for k, v in declared.items() if k not in _LEFT_OUT}
        for one in (name, *declared.get("names", ())):
            if any(mark in one for mark in "*?") or (one.startswith("[") and one not in ("[", "[[")):
                globs.append((one, (family, name)))
            elif one in names:
                raise BadDeclaration(f"{where}: {one} is declared in {names[one][0]}.toml already")
            else:
                names[one] = (family, name)
    target = PACKAGE / "compiled"
    found = {
        target / f"{family}.py": _HEAD.format(source=f"programs/{family}.toml")
        + _literal("PROGRAMS", programs)
        for family, programs in families.items()
    }
    found[target / "index.py"] = (
        _HEAD.format(source="programs/*.toml")
        + _literal("NAMES", dict(sorted(names.items())))
        + "\n"
        + _literal("GLOBS", tuple(globs))
    )
    return found


def _check_keys(declared: Mapping[str, Any]) -> None:
    """Refuse what is misspelt: it would say nothing, and nobody would see that.

    Raises:
        ValueError: a key is not known.
    """
    rows = [one for one in declared.get("commands", {}).values() if isinstance(one, dict)]
    unknown = declared.keys() - PROGRAM_KEYS
    for row in (declared, *rows):
        unknown |= set[str]() if row is declared else row.keys() - ROW_KEYS
        for rule in row.get("rules", ()):
            unknown |= rule.keys() - RULE_KEYS
    if unknown:
        raise ValueError(f"no such key: {', '.join(sorted(unknown))}")


def _literal(name: str, value: Mapping[str, Any] | tuple[Any, ...]) -> str:
    kind = "Mapping[str, Any]" if isinstance(value, Mapping) else "tuple[Any, ...]"
    return f"{name}: {kind} = {pformat(value, width=100, sort_dicts=False)}\n"


def main() -> int:
    try:
        wanted = modules()
    except BadDeclaration as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for path in (PACKAGE / "compiled").glob("*.py"):
        if path not in wanted and path.name != "__init__.py":
            path.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
