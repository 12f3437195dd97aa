"""`droid-lsp policy check`: what the gate decides about a tool call, step by step. Nothing is run."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.cli.json_rows import json_object, rows
from droid.cli.parsing import Parser, folder, here, pick_action
from droid.headless.exit_codes import ExitCode, UsageError

if TYPE_CHECKING:
    from droid.app.policy_check import PolicyCheck
    from droid.domain.decisions import Decision

_PROG = "droid-lsp policy"
_ACTIONS = {"check": "what the gate decides about a tool call"}
_LEVELS = ("off", "low", "medium", "high")
_EPILOG = """\
Without --tool it reads JSON lines {"id", "tool", "input", "autonomy", "interactive"} from standard input and
writes {"id", "verdict", "input", "trace"} for each. Hooks are asked with --hooks alone: they are programs."""


def run(argv: Sequence[str]) -> int:
    """Check one call, or many; see `droid-lsp policy check --help`."""
    pick_action(_PROG, "Ask the gate.", _ACTIONS, argv)
    parser = Parser(f"{_PROG} check", description=f"Say {_ACTIONS['check']}.", epilog=_EPILOG)
    parser.add_argument("--tool", metavar="NAME", help="Execute, Edit, Read, ...")
    parser.add_argument("--input", metavar="JSON", default="{}", help="its arguments as a JSON object")
    parser.add_argument("--autonomy", choices=_LEVELS, help="default: where a session would start")
    parser.add_argument("--non-interactive", action="store_true", help="there is nobody to ask")
    parser.add_argument("--hooks", action="store_true", help="run the hooks that would be asked")
    parser.add_argument("--cwd", type=folder, metavar="FOLDER", help="the folder; default: this one")
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args(list(argv[1:]))
    place: Path = given.cwd or here()
    if given.tool is None:
        return asyncio.run(_many(place, hooks=given.hooks))
    row = {
        "tool": given.tool,
        "input": json_object(given.input, "--input"),
        "autonomy": given.autonomy,
        "interactive": not given.non_interactive,
    }
    return asyncio.run(_one(place, row, hooks=given.hooks, as_json=given.json))


async def _one(place: Path, row: Mapping[str, Any], *, hooks: bool, as_json: bool) -> int:
    from droid.app.policy_check import decision_row, open_check

    async with open_check(place, hooks=hooks) as check:
        decision = await _decide(check, place, row, "the arguments")
    if as_json:
        print(json.dumps({"id": row.get("id"), **decision_row(decision)}, ensure_ascii=False))
    else:
        _show(decision)
    return ExitCode.DONE


async def _many(place: Path, *, hooks: bool) -> int:
    from droid.app.policy_check import decision_row, open_check

    async with open_check(place, hooks=hooks) as check:
        for where, row in rows(sys.stdin):
            decision = await _decide(check, place, row, where)
            sys.stdout.write(
                json.dumps({"id": row.get("id"), **decision_row(decision)}, ensure_ascii=False) + "\n"
            )
    return ExitCode.DONE


async def _decide(check: "PolicyCheck", place: Path, row: Mapping[str, Any], where: str) -> "Decision":
    from droid.app.policy_check import Question
    from droid.domain.levels import AutonomyLevel

    tool, arguments, level = row.get("tool"), row.get("input", {}), row.get("autonomy")
    if not isinstance(tool, str) or not isinstance(arguments, dict):
        raise UsageError(f'{where}: a call needs a "tool" and an "input", which is a JSON object')
    if level is not None and level not in _LEVELS:
        raise UsageError(f"{where}: autonomy is one of {', '.join(_LEVELS)}")
    question = Question(
        tool=tool,
        input=arguments,  # pyright: ignore[reportUnknownArgumentType]
        autonomy=None if level is None else AutonomyLevel(level),
        interactive=row.get("interactive") is not False,
    )
    return await check.decide(question, place)


def _show(decision: "Decision") -> None:
    print(f"{decision.verdict}: {decision.reason}\n{decision.risk} risk\n")
    for entry in decision.trace:
        verdict = "-" if entry.verdict is None else entry.verdict.value
        source = f" ({entry.level}{f', {entry.file}' if entry.file else ''})" if entry.verdict else ""
        matched = f": {entry.matched}" if entry.matched else ""
        print(f"  {entry.step:<10} {verdict:<6} {entry.rule}{matched}{source}")
