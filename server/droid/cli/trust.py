"""`droid-lsp trust`: says what a repository's settings would enable, and lets them.

The hash alone goes to standard output, so that a script can keep it for `exec --trust-hash`; everything
that a person reads goes to standard error.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from droid.cli.parsing import Parser, here
from droid.headless.exit_codes import ExitCode, UsageError
from droid.headless.terminal import is_terminal

if TYPE_CHECKING:
    from droid.app.trust import Enabled, RootTrust

_EPILOG = """\
Trust holds while the hash of what it covers stays the same: everything in .factory folders, and
the files of the repository that hooks, servers and commands there name.

exit codes: 0 trusted (or revoked, listed), 1 declined, 2 usage,
3 the organisation forbids it, or something cannot be covered"""


def run(argv: Sequence[str]) -> int:
    """Trust, revoke or list; see `droid-lsp trust --help`."""
    parser = Parser(
        "droid-lsp trust",
        description="Let a repository's settings loosen and run things. On a terminal it shows what, and\n"
        "asks; with --yes or without a terminal it trusts at once. Prints the hash.",
        epilog=_EPILOG,
    )
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="default: this folder")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--revoke", action="store_true", help="take trust back")
    what.add_argument("--list", action="store_true", help="show what was trusted, and whether it still is")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args(list(argv))
    if given.list and given.path is not None:
        parser.error("--list shows every repository; leave PATH out")
    if given.list:
        return _list(as_json=given.json)
    place: Path = here() if given.path is None else given.path.expanduser().absolute()
    if not given.revoke and not place.is_dir():
        raise UsageError(f"{given.path} is not a folder")

    from droid.app.trust import RootTrust

    if given.revoke:
        return _revoke(RootTrust(place), as_json=given.json)
    return _trust(RootTrust(place), ask=not given.yes and is_terminal(sys.stdin), as_json=given.json)


def _trust(trust: "RootTrust", *, ask: bool, as_json: bool) -> int:
    content = trust.content()
    rows = trust.enables(content)
    was_trusted = trust.decide().by == "user"
    if ask and not was_trusted:
        stream = _watched()
        _show(trust, rows, content.named, stream)
        print("Trust it? [y/N] ", end="", file=stream, flush=True)
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            print("not trusted", file=stream)
            return ExitCode.FAILED
    if not was_trusted:
        trust.trust(content, "cli")
    if as_json:
        _print_json(
            {
                "root": str(trust.root),
                "sha256": content.sha256,
                "trusted": True,
                "enables": [row.to_json() for row in rows],
                "folders": list(content.folders),
                "named": list(content.named),
            }
        )
    else:
        print(content.sha256)
    return ExitCode.DONE


def _watched() -> TextIO:
    """Where the person at the keyboard sees what they are asked.

    Raises:
        UsageError: nowhere, so they would agree to what they have not seen.
    """
    for stream in (sys.stderr, sys.stdout):
        if is_terminal(stream):
            return stream
    raise UsageError("nobody can see what trusting would enable; say --yes to trust all the same")


def _show(trust: "RootTrust", rows: "Sequence[Enabled]", named: Sequence[str], stream: TextIO) -> None:
    from droid.app.trust import visible

    print(f"Trusting {visible(str(trust.root))} enables:", file=stream)
    kind = ""
    for row in rows:
        if row.kind != kind:
            kind = row.kind
            print(f"\n  {kind}", file=stream)
        # Every line of a text is marked, so that none of them can be taken for one of ours.
        lines = row.text.split("\n")
        print("\n".join(f"    │ {line}" for line in lines), file=stream)
        print(f"      {row.file}:{row.line}", file=stream)
    if not rows:
        print("\n  nothing: its settings neither loosen nor run anything", file=stream)
    if named:
        print("\n  They name these files of the repository:", file=stream)
        for name in named:
            print(f"    │ {visible(name)}", file=stream)
    print("\nWhen any of this changes, it is no longer trusted.", file=stream)


def _revoke(trust: "RootTrust", *, as_json: bool) -> int:
    revoked = trust.revoke()
    root = revoked or trust.root
    if as_json:
        _print_json({"root": str(root), "trusted": False, "revoked": revoked is not None})
    else:
        from droid.app.trust import visible

        print(
            f"{visible(str(root))} {'is no longer trusted' if revoked else 'was not trusted'}",
            file=sys.stderr,
        )
    return ExitCode.DONE


def _list(*, as_json: bool) -> int:
    from droid.app.trust import trusted_roots, visible

    roots = trusted_roots()
    if as_json:
        _print_json(
            [
                {
                    "root": str(root.given.root),
                    "sha256": root.given.sha256,
                    "when": root.given.when,
                    "surface": root.given.surface,
                    "trusted": root.decision.trusted,
                    "reason": root.decision.reason,
                }
                for root in roots
            ]
        )
        return ExitCode.DONE
    for root in roots:
        state = "trusted" if root.decision.trusted else "lapsed "
        print(f"{state}  {visible(str(root.given.root))}  {root.given.sha256}  {root.given.when}")
    if not roots:
        print("nothing is trusted", file=sys.stderr)
    return ExitCode.DONE


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
