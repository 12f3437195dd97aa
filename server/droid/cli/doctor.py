"""`droid-lsp doctor`: everything that could be wrong, each with its mend."""

import json
import sys
from collections.abc import Sequence

from droid.app.doctor_report import Check, Status
from droid.cli.parsing import Parser, folder, here
from droid.headless.exit_codes import ExitCode
from droid.headless.terminal import wants_colour

_MARKS = {Status.OK: ("✓", "32"), Status.WARN: ("!", "33"), Status.FAIL: ("✗", "31")}


def run(argv: Sequence[str]) -> int:
    """Check the machine and the settings; see `droid-lsp doctor --help`."""
    parser = Parser(
        "droid-lsp doctor",
        description="Everything that could be wrong, each with its mend. Nothing is changed.",
        epilog="exit codes: 0 nothing fails, 1 something does, 6 the configuration is invalid",
    )
    parser.add_argument("--cwd", type=folder, metavar="DIR", help="the folder whose settings are meant")
    parser.add_argument("--network", action="store_true", help="also try to reach the models' addresses")
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args(list(argv))
    from droid.app.doctor import run_checks

    checks = run_checks(given.cwd or here(), network=given.network)
    if given.json:
        print(json.dumps({"checks": [check.as_object() for check in checks]}, ensure_ascii=False, indent=2))
    else:
        _show(checks)
    failed = [check for check in checks if check.status is Status.FAIL]
    if any(check.configuration for check in failed):
        return ExitCode.CONFIGURATION
    return ExitCode.FAILED if failed else ExitCode.DONE


def _show(checks: Sequence[Check]) -> None:
    colour = wants_colour(sys.stdout)
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark, code = _MARKS[check.status]
        shown = f"\x1b[{code}m{mark}\x1b[0m" if colour else f"{mark} {check.status:<4}"
        print(f"{shown} {check.name:<{width}}  {check.detail}")
        if check.mend:
            print(f"{' ' * (2 if colour else 7)}{' ' * width}  → {check.mend}")
