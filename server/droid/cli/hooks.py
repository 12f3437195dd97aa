"""`droid-lsp hooks`: which hooks are in force and from where, and what they say of a made-up event."""

import asyncio
import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.cli.json_rows import json_object
from droid.cli.parsing import Parser, folder, here, pick_action
from droid.headless.exit_codes import ExitCode, UsageError

if TYPE_CHECKING:
    from droid.domain.hooks import HookEvent, HookOutcome, HookReply

_PROG = "droid-lsp hooks"
_ACTIONS = {
    "list": "the hooks of a folder: which are in force, and why others are not",
    "test": "run the hooks of an event that is made up, and print what they say",
}
_EPILOG = """\
The programs really run: what they do besides answering, they do.

exit codes: 0 nothing objects, 1 a hook went wrong, 2 usage, 3 it would be denied"""


def run(argv: Sequence[str]) -> int:
    """List or test; see `droid-lsp hooks --help`."""
    action = pick_action(_PROG, "Look at the hooks of a folder.", _ACTIONS, argv)
    parser = Parser(
        f"{_PROG} {action}",
        description=f"{_ACTIONS[action][0].upper()}{_ACTIONS[action][1:]}.",
        epilog=_EPILOG if action == "test" else None,
    )
    if action == "test":
        parser.add_argument("event", metavar="EVENT", help="PreToolUse, PreGit, UserPromptSubmit, ...")
        parser.add_argument("--tool", metavar="NAME", help="of events about a tool call: Execute, Edit, ...")
        parser.add_argument(
            "--input",
            metavar="JSON",
            default="{}",
            help="the tool's input; of other events, their own fields, such as prompt",
        )
    parser.add_argument("--cwd", type=folder, metavar="FOLDER", help="the folder; default: this one")
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args(list(argv[1:]))
    place: Path = given.cwd or here()
    return asyncio.run(_test(place, given) if action == "test" else _list(place, given))


async def _list(place: Path, given: Namespace) -> int:
    from droid.app.parts import open_policies
    from droid.app.settings_view import SettingsView

    policies = await open_policies(place)
    try:
        view = await asyncio.to_thread(SettingsView, policies, place)
        if given.json:
            _print_json(view.listed("hooks")["hooks"])
        else:
            print("\n".join(view.listed_lines("hooks")))
            for problem in view.problems():
                print(f"error: {problem}", file=sys.stderr)
            print(f"\ntrust: {view.trust}", file=sys.stderr)
    finally:
        await policies.aclose()
    return ExitCode.DONE


async def _test(place: Path, given: Namespace) -> int:
    from droid.app.hook_trial import NoSuchCall, open_trial, outcome_row

    event, arguments = _event(given.event), json_object(given.input, "--input")
    async with open_trial(place) as trial:
        try:
            outcome = await trial.run(event, given.tool, arguments)
        except NoSuchCall as error:
            raise UsageError(str(error)) from error
    if given.json:
        _print_json(outcome_row(event, outcome))
    else:
        _show(event, outcome)
    if outcome.stop is not None or outcome.revert or outcome.verdict == "deny":
        return ExitCode.POLICY
    return ExitCode.FAILED if any(reply.error for reply in outcome.replies) else ExitCode.DONE


def _event(name: str) -> "HookEvent":
    from droid.domain.hooks import HookEvent

    try:
        return HookEvent(name)
    except ValueError:
        from difflib import get_close_matches

        near = get_close_matches(name.lower(), {one.lower(): one for one in HookEvent}, n=1)
        known = next((one for one in HookEvent if near and one.lower() == near[0]), None)
        mend = f"did you mean {known}?" if known else f"events are {', '.join(HookEvent)}"
        raise UsageError(f"there is no event {name!r}; {mend}") from None


def _show(event: "HookEvent", outcome: "HookOutcome") -> None:
    for reply in outcome.replies:
        _show_reply(reply)
    if not outcome.replies:
        print(f"no hook is for this {event}")
        return
    verdict = "no objection" if outcome.verdict is None else outcome.verdict.value
    print(f"\ntogether: {verdict}{f': {outcome.reason}' if outcome.reason else ''}")
    for name, value in (
        ("input", outcome.updated_input and json.dumps(outcome.updated_input, ensure_ascii=False)),
        ("output", outcome.updated_output),
        ("context", "\n".join(outcome.context)),
        ("ends the turn", outcome.stop),
    ):
        if value:
            print(f"{name}: {value}")
    if outcome.revert:
        print("the change would be undone")


def _show_reply(reply: "HookReply") -> None:
    source = reply.rule.source
    where = f"{source.file}{f':{source.line}' if source.line else ''}" if source.file else "built in"
    how = "did not answer" if reply.exit_code is None else f"exit {reply.exit_code}"
    print(f"{reply.rule.command}\n  {source.level} settings, {where}; {how}, {reply.duration_s:.2f} s")
    said = reply.verdict.value if reply.verdict is not None else "no objection"
    print(f"  {said}{f': {reply.reason}' if reply.reason else ''}")
    for name, value in (("error", reply.error), ("message", reply.message), ("prints", reply.output)):
        if value:
            print(f"  {name}: {value}")


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
