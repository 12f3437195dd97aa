"""`droid-lsp exec`: flags to options."""

import signal
from collections.abc import Sequence
from pathlib import Path

from droid.cli.parsing import (
    Parser,
    duration_s,
    folder,
    here,
    names,
    positive_int,
    positive_number,
    sha256,
    word,
)
from droid.domain.levels import AutonomyLevel
from droid.headless.leaving import leave_at_once
from droid.headless.options import ExecOptions, Listing, OutputFormat

_EPILOG = """\
exit codes: 0 done, 1 failed, 2 usage, 3 policy refused or a call needed a person, 4 provider,
5 a budget or time limit, 6 configuration, 130 interrupted (saved and resumable)

examples:
  droid-lsp exec "which tests cover the parser?"
  droid-lsp exec --auto medium -f task.md -o json
  echo "summarise the last commit" | droid-lsp exec --max-turns 5 --time-limit 2m
  droid-lsp exec -s 01jx "and now the other file" """

_EFFORTS = ("none", "dynamic", "off", "minimal", "low", "medium", "high", "xhigh", "max")


def run(argv: Sequence[str]) -> int:
    """Run one prompt; see `droid-lsp exec --help`."""
    options = parse(argv)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Before the run begins as well, an interrupt is exit code 130 and one line.
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, leave_at_once)
    if options.listing is not None:
        from droid.headless.listing import show

        return show(options, options.listing)
    from droid.headless.exec import run as run_exec

    return run_exec(options)


def parse(argv: Sequence[str]) -> ExecOptions:
    """Turn flags into options; a mistake ends the program with exit code 2."""
    parser = _parser()
    given = parser.parse_args(list(argv))
    if given.session_id and given.fork:
        parser.error("--session-id and --fork exclude each other: a fork is a new session")
    listing = Listing.TOOLS if given.list_tools else Listing.MODELS if given.list_models else None
    return ExecOptions(
        prompt=given.prompt,
        prompt_file=given.file,
        workspace=given.cwd or here(),
        listing=listing,
        output=OutputFormat(given.output_format),
        auto=AutonomyLevel(given.auto) if given.auto else None,
        skip_permissions=given.skip_permissions_unsafe,
        on_ask=given.on_ask,
        dry_run=given.dry_run,
        trust_hash=given.trust_hash,
        session_id=given.session_id,
        fork_id=given.fork,
        model=given.model,
        reasoning_effort=given.reasoning_effort,
        only_tools=given.restrict_tools,
        extra_tools=given.additional_tools,
        disabled_tools=given.disabled_tools,
        append_system_prompt=given.append_system_prompt,
        append_system_prompt_file=given.append_system_prompt_file,
        max_turns=given.max_turns,
        max_tokens=given.max_tokens,
        max_usd=given.max_usd,
        time_limit_s=given.time_limit,
    )


def _parser() -> Parser:
    parser = Parser(
        "droid-lsp exec",
        description="One headless run: a prompt in, an answer out. Nobody is asked anything.",
        epilog=_EPILOG,
    )
    parser.add_argument("prompt", nargs="?", metavar="PROMPT", help="default, and -: standard input")
    add = parser.add_argument_group("prompt").add_argument
    add("-f", "--file", type=Path, metavar="FILE", help="read the prompt from a file")
    add("--append-system-prompt", default="", metavar="TEXT", help="text after the system prompt")
    add("--append-system-prompt-file", type=Path, metavar="FILE", help="likewise, from a file")
    add("--cwd", type=folder, metavar="DIR", help="the folder to work in; default: this one")

    add = parser.add_argument_group("what may happen").add_argument
    add(
        "--auto",
        choices=("low", "medium", "high"),
        help="the highest risk that runs; default: read-only, the read tools and low-risk commands",
    )
    add(
        "--skip-permissions-unsafe",
        action="store_true",
        help="ask nothing and rate nothing; blocks and denials still hold",
    )
    add(
        "--on-ask",
        choices=("stop", "continue"),
        default="stop",
        help="a call that would need a person: ends the run with exit code 3 (default), "
        "or is denied and the run goes on",
    )
    add(
        "--trust-hash",
        type=sha256,
        metavar="SHA256",
        help="trust the repository for this run if this is its hash (see `droid-lsp trust`), else exit 3",
    )
    add("--dry-run", action="store_true", help="decisions and diffs only; nothing is changed or run")
    add("--restrict-tools", type=names, default=(), metavar="NAMES", help="only these tools")
    add("--additional-tools", type=names, default=(), metavar="NAMES", help="these tools too")
    add("--disabled-tools", type=names, default=(), metavar="NAMES", help="without these tools")
    add("--list-tools", action="store_true", help="show the tools of such a run, and exit")

    add = parser.add_argument_group("model").add_argument
    add("-m", "--model", type=word, metavar="ID", help="the model to ask")
    add("-r", "--reasoning-effort", choices=_EFFORTS, metavar="LEVEL", help=", ".join(_EFFORTS))
    add("--list-models", action="store_true", help="show the models that can be asked, and exit")

    add = parser.add_argument_group("session").add_argument
    add("-s", "--session-id", type=word, metavar="ID", help="go on with a session; a unique prefix is enough")
    add("--fork", type=word, metavar="ID", help="go on with a copy of a session")

    add = parser.add_argument_group("limits").add_argument
    add("--max-turns", type=positive_int, metavar="N", help="model requests")
    add("--max-tokens", type=positive_int, metavar="N", help="tokens of all requests")
    add("--max-usd", type=positive_number, metavar="USD", help="money; the model's price must be known")
    add("--time-limit", type=duration_s, metavar="TIME", help="wall time: 90, 90s, 15m, 2h")

    add = parser.add_argument_group("output").add_argument
    add(
        "-o",
        "--output-format",
        choices=[str(known) for known in OutputFormat],
        default="text",
        help="text: the answer; json: one object at the end; stream-json: every event, one a line",
    )
    return parser
