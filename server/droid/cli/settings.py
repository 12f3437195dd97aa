"""`droid-lsp settings`: what is in force and why, whether files are sound, and their JSON Schema."""

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.cli.parsing import Parser, folder, here, pick_action
from droid.headless.exit_codes import ExitCode, UsageError

if TYPE_CHECKING:
    from droid.app.policies import Policies
    from droid.app.settings_view import Checked, SettingsView

_PROG = "droid-lsp settings"
_LISTED = ("droids", "commands", "skills", "hooks", "servers")
_ACTIONS = {
    "show": "the settings in force, and the files that they come from",
    "explain": "where a value comes from, and which others were refused and why",
    "list": "droids, commands, skills, hooks and MCP servers: which are in force, and why others are not",
    "validate": "check files; exit code 6 where one cannot be used",
    "schema": "the JSON Schema of settings.json",
}


def run(argv: Sequence[str]) -> int:
    """Do one action; see `droid-lsp settings --help`."""
    action = pick_action(_PROG, "Look at the settings of a folder.", _ACTIONS, argv)
    parser = Parser(f"{_PROG} {action}", description=f"Print {_ACTIONS[action]}.")
    if action == "schema":
        parser.parse_args(list(argv[1:]))
        from droid.app.settings_view import schema_text

        print(schema_text())
        return ExitCode.DONE
    if action == "explain":
        parser.add_argument("key", nargs="?", metavar="KEY", help="a dotted path; default: all that are set")
    if action == "list":
        parser.add_argument("kind", nargs="?", choices=_LISTED, metavar="KIND", help=", ".join(_LISTED))
    if action == "validate":
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all of a folder")
    parser.add_argument("--cwd", type=folder, metavar="FOLDER", help="the folder; default: this one")
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args(list(argv[1:]))
    place: Path = given.cwd or here()
    return asyncio.run(_with_policies(_RUNS[action], place, given))


Action = Callable[["Policies", Path, Namespace], int]


async def _with_policies(action: Action, place: Path, given: Namespace) -> int:
    from droid.app.parts import open_policies

    policies = await open_policies(place)
    try:
        return await asyncio.to_thread(action, policies, place, given)
    finally:
        await policies.aclose()


def _show(policies: "Policies", place: Path, given: Namespace) -> int:
    view = _view(policies, place)
    if given.json:
        _print_json(view.show())
    else:
        print("\n".join(view.show_lines()))
        _notes(view)
    return ExitCode.DONE


def _explain(policies: "Policies", place: Path, given: Namespace) -> int:
    view = _view(policies, place)
    rows = view.explain(given.key)
    if given.key is not None and not rows:
        nearest = view.nearest(given.key)
        mend = f"; did you mean {nearest}?" if nearest else f"; `{_PROG} schema` has all of them"
        raise UsageError(f"there is no key {given.key!r}{mend}")
    if given.json:
        _print_json(rows[0] if given.key is not None and len(rows) == 1 else rows)
    else:
        print("\n".join(view.explain_lines(given.key)))
        _notes(view)
    return ExitCode.DONE


def _list(policies: "Policies", place: Path, given: Namespace) -> int:
    view = _view(policies, place)
    if given.json:
        listed = view.listed(given.kind)
        _print_json(listed if given.kind is None else listed[given.kind])
    else:
        print("\n".join(view.listed_lines(given.kind)))
        for problem in view.problems():
            print(f"error: {problem}", file=sys.stderr)
        _notes(view)
    return ExitCode.DONE


def _validate(policies: "Policies", place: Path, given: Namespace) -> int:
    from droid.app.settings_view import check_file, check_files

    checked = [check_file(file) for file in given.files] if given.files else check_files(policies, place)
    broken = any(one.errors for one in checked)
    if given.json:
        _print_json([_row(one) for one in checked])
    else:
        for one in checked:
            for line in one.errors:
                print(f"error    {line}")
            for line in one.warnings:
                print(f"warning  {line}")
            if not one.errors and not one.warnings:
                print(f"ok       {one.file}")
        if not checked:
            print("no settings file has a say here", file=sys.stderr)
    return ExitCode.CONFIGURATION if broken else ExitCode.DONE


_RUNS: dict[str, Action] = {"show": _show, "explain": _explain, "list": _list, "validate": _validate}


def _view(policies: "Policies", place: Path) -> "SettingsView":
    from droid.app.settings_view import SettingsView

    return SettingsView(policies, place)


def _row(checked: "Checked") -> dict[str, object]:
    return {"file": checked.file, "errors": list(checked.errors), "warnings": list(checked.warnings)}


def _notes(view: "SettingsView") -> None:
    """What a person should know beside the list, on standard error."""
    if view.lockdown is not None:
        print(f"\nlockdown: {view.lockdown}", file=sys.stderr)
    print(f"\ntrust: {view.trust}", file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
