"""`droid-lsp demo`: the main job end to end on a sample repository."""

from collections.abc import Sequence

from droid.cli.parsing import Parser


def run(argv: Sequence[str]) -> int:
    """Run the demonstration; see `droid-lsp demo --help`."""
    parser = Parser(
        "droid-lsp demo",
        description="A sample repository with a failing test, and an agent that mends it through the real\n"
        "language server. The model is scripted, so neither a key nor a network is needed; the demo\n"
        "answers what the agent asks in your place, and says so.",
        epilog="exit codes: 0 the test went from red to green, 1 it did not",
    )
    parser.add_argument(
        "-m", "--model", metavar="ID", help="ask this configured model instead, with your own settings"
    )
    given = parser.parse_args(list(argv))

    from droid.demo.run import run as run_demo

    return run_demo(given.model or None)
