"""`droid-lsp classify`: how dangerous a shell command is, which programs it really runs, and why."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from droid.cli.json_rows import rows
from droid.cli.parsing import Parser, folder, here
from droid.headless.exit_codes import ExitCode, UsageError

if TYPE_CHECKING:
    from droid.safety.commands.model import Assessment

_EPILOG = """\
Without COMMAND it reads JSON lines {"id", "command"} from standard input and writes for each
{"id", "risk", "programs", "reasons"}; with "blocklist": ["pattern", …] also "blocked". Nothing is run.
`programs` is null where it cannot be told what runs."""


def run(argv: Sequence[str]) -> int:
    """Rate one command, or many; see `droid-lsp classify --help`."""
    parser = Parser(
        "droid-lsp classify",
        description="Say what a shell command could do, without running it.",
        epilog=_EPILOG,
    )
    parser.add_argument("command", nargs="?", metavar="COMMAND", help="one argument, quoted")
    parser.add_argument("--cwd", type=folder, metavar="FOLDER", help="where it would run; default: here")
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args(list(argv))
    place: Path = given.cwd or here()
    if given.command is None:
        for row in _rated(sys.stdin, place):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return ExitCode.DONE
    found = _assess(given.command, place)
    if given.json:
        print(json.dumps(_row(found), ensure_ascii=False))
    else:
        _show(found)
    return ExitCode.DONE


def _assess(command: str, place: Path) -> "Assessment":
    from droid.safety.commands.classify import classify

    return classify(command, cwd=place, home=Path.home(), workspace=place)


def _rated(stream: TextIO, place: Path) -> Iterator[Mapping[str, Any]]:
    from droid.domain.policy import ListEntry
    from droid.safety.lists import forbidden

    for where, row in rows(stream):
        command, blocklist = row.get("command"), row.get("blocklist")
        if not isinstance(command, str):
            raise UsageError(f'{where}: a row needs a "command", which is a string')
        found = _assess(command, place)
        answer = {"id": row.get("id"), **_row(found)}
        if blocklist is not None:
            entries = [ListEntry(text=one) for one in _patterns(blocklist, where)]
            answer["blocked"] = forbidden(entries, found) is not None
        yield answer


def _patterns(value: object, where: str) -> list[str]:
    patterns = cast("list[object]", value) if isinstance(value, list) else [None]
    texts = [one for one in patterns if isinstance(one, str)]
    if len(texts) != len(patterns):
        raise UsageError(f'{where}: "blocklist" is a list of strings')
    return texts


def _row(found: "Assessment") -> dict[str, Any]:
    return {
        "risk": found.risk.value,
        "programs": None if found.programs is None else list(found.programs),
        "reasons": list(found.reasons),
    }


def _show(found: "Assessment") -> None:
    print(f"{found.risk} risk")
    if found.undecidable is not None:
        print(f"  cannot be told: {found.undecidable}")
    for one in found.commands:
        words = " ".join(map(str, one.command.words)) or "(only redirections and assignments)"
        print(f"  {one.risk:<7} {words[:100]}\n          {one.reason}")
