"""`droid-lsp sessions`: what is stored of conversations, for people and for scripts."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.cli.parsing import Parser, folder, here, pick_action, positive_int
from droid.headless.exit_codes import ExitCode, UsageError

if TYPE_CHECKING:
    from argparse import Namespace

    from droid.app.parts import SessionStore

_PROG = "droid-lsp sessions"

ACTIONS = {
    "list": "the sessions of this folder, the latest first",
    "show": "what a session was about and what it did",
    "search": "places in prompts, answers and results where all words occur",
    "export": "a whole session as Markdown or JSON",
    "fork": "copy a session; prints the id of the copy",
    "checkpoints": "the turns that a session can go back to before",
    "rewind": "go back to before a turn: files, conversation or both",
    "rename": "give a session another title",
    "delete": "delete a session and its long outputs",
}


def run(argv: Sequence[str]) -> int:
    """Run one action; see `droid-lsp sessions --help`."""
    action = pick_action(_PROG, "What is stored of conversations.", ACTIONS, argv)
    parser = Parser(f"{_PROG} {action}", description=f"{ACTIONS[action].capitalize()}.")
    parser.add_argument("--cwd", type=folder, metavar="DIR", help="the folder whose sessions are meant")
    _ARGUMENTS[action](parser)
    given = parser.parse_args(list(argv[1:]))

    from droid.app.parts import session_store

    return _DO[action](session_store(given.cwd or here()), given)


def _add_session(parser: Parser) -> None:
    parser.add_argument("id", metavar="ID", help="the session; a unique beginning is enough")


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="for scripts")


def _add_all(parser: Parser) -> None:
    parser.add_argument("--all", action="store_true", help="of every folder, not only of this one")


def _list_arguments(parser: Parser) -> None:
    _add_all(parser)
    _add_json(parser)


def _show_arguments(parser: Parser) -> None:
    _add_session(parser)
    _add_json(parser)


def _search_arguments(parser: Parser) -> None:
    parser.add_argument("words", nargs="+", metavar="WORD", help="each must occur")
    parser.add_argument("--limit", type=positive_int, default=20, metavar="N", help="default 20")
    _add_all(parser)
    _add_json(parser)


def _export_arguments(parser: Parser) -> None:
    _add_session(parser)
    parser.add_argument("--format", choices=("markdown", "json"), default="markdown")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")


def _rename_arguments(parser: Parser) -> None:
    _add_session(parser)
    parser.add_argument("title", nargs="+", metavar="TITLE")


def _rewind_arguments(parser: Parser) -> None:
    _add_session(parser)
    parser.add_argument("turn", metavar="TURN", help="before this turn, such as t3 (`sessions checkpoints`)")
    what = parser.add_mutually_exclusive_group()
    for name in ("files", "conversation", "both"):
        what.add_argument(f"--{name}", dest="what", action="store_const", const=name)
    parser.add_argument("--yes", action="store_true", help="do not ask; without a terminal it is needed")
    parser.set_defaults(what="both")


def _delete_arguments(parser: Parser) -> None:
    _add_session(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask; without a terminal nobody is asked")


def _list(store: "SessionStore", given: "Namespace") -> int:
    from droid.cli.session_views import summary_line, summary_object

    sessions = store.list(all_workspaces=given.all)
    if given.json:
        _print_json([summary_object(session) for session in sessions])
    elif sessions:
        for session in sessions:
            print(summary_line(session, with_workspace=given.all))
    else:
        print("no sessions here; `droid-lsp sessions list --all` looks in every folder", file=sys.stderr)
    return ExitCode.DONE


def _show(store: "SessionStore", given: "Namespace") -> int:
    from droid.cli.session_views import session_object, session_text

    records = store.read(given.id)
    if given.json:
        _print_json(session_object(records))
    else:
        print(session_text(records))
    return ExitCode.DONE


def _search(store: "SessionStore", given: "Namespace") -> int:
    from droid.cli.session_views import hit_line, hit_object

    hits = store.search(" ".join(given.words), all_workspaces=given.all, limit=given.limit)
    if given.json:
        _print_json([hit_object(hit) for hit in hits])
    else:
        for hit in hits:
            print(hit_line(hit))
        if not hits:
            print("nothing found", file=sys.stderr)
    return ExitCode.DONE


def _export(store: "SessionStore", given: "Namespace") -> int:
    text = store.export(given.id, given.format)
    if given.output is None:
        print(text, end="" if text.endswith("\n") else "\n")
        return ExitCode.DONE
    try:
        given.output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"cannot write {given.output}: {error.strerror}") from error
    return ExitCode.DONE


def _fork(store: "SessionStore", given: "Namespace") -> int:
    new_id = store.new_id()
    _, log = store.fork(given.id, new_id)
    log.close()
    print(new_id)
    return ExitCode.DONE


def _rename(store: "SessionStore", given: "Namespace") -> int:
    store.rename(given.id, " ".join(given.title))
    return ExitCode.DONE


def _checkpoints(store: "SessionStore", given: "Namespace") -> int:
    from droid.app.rewinding import stored_checkpoints
    from droid.cli.session_views import checkpoint_lines, checkpoint_object

    checkpoints = stored_checkpoints(store, given.id)
    if given.json:
        _print_json([checkpoint_object(one) for one in checkpoints])
        return ExitCode.DONE
    for one in checkpoints:
        print("\n".join(checkpoint_lines(one)))
    if not checkpoints:
        print("this session has no turn to go back to", file=sys.stderr)
    return ExitCode.DONE


def _rewind(store: "SessionStore", given: "Namespace") -> int:
    import asyncio

    from droid.app.rewinding import RewindOffer, rewind_stored
    from droid.cli.session_views import rewind_lines
    from droid.engine.rewinding import RewindPart

    asks = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    def agreed(offer: RewindOffer) -> bool:
        print("\n".join(rewind_lines(offer)), file=sys.stderr)
        if given.yes:
            return True
        if not asks:
            raise UsageError("nothing was changed: pass --yes to go back without being asked")
        print("Go back? [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    done = asyncio.run(rewind_stored(store, given.id, given.turn, RewindPart(given.what), agreed))
    if not done:
        print("nothing was changed", file=sys.stderr)
    return ExitCode.DONE


def _delete(store: "SessionStore", given: "Namespace") -> int:
    records = store.read(given.id)
    if not given.yes and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        from droid.cli.session_views import session_object

        about = session_object(records)
        print(
            f"Delete session {about['id']}, {about['title']!r}? [y/N] ", end="", file=sys.stderr, flush=True
        )
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            print("kept", file=sys.stderr)
            return ExitCode.DONE
    store.delete(given.id)
    return ExitCode.DONE


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


_ARGUMENTS: dict[str, Callable[[Parser], None]] = {
    "list": _list_arguments,
    "show": _show_arguments,
    "search": _search_arguments,
    "export": _export_arguments,
    "fork": _add_session,
    "checkpoints": _show_arguments,
    "rewind": _rewind_arguments,
    "rename": _rename_arguments,
    "delete": _delete_arguments,
}
_DO: dict[str, Callable[["SessionStore", "Namespace"], int]] = {
    "list": _list,
    "show": _show,
    "search": _search,
    "export": _export,
    "fork": _fork,
    "checkpoints": _checkpoints,
    "rewind": _rewind,
    "rename": _rename,
    "delete": _delete,
}
