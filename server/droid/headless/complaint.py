"""The one line on standard error that says what went wrong."""

import sys

PROGRAM = "droid-lsp"


def complain(message: str) -> None:
    """Print `droid-lsp: MESSAGE` as one line; silent where there is nobody to read it."""
    line = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    try:
        if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison] - None where it was closed
            print(f"{PROGRAM}: {line}", file=sys.stderr, flush=True)
    except OSError:
        pass  # nobody reads it
