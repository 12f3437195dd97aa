"""`droid-lsp`: picks a verb, imports what it needs and nothing else, and turns errors into one line.

Every verb has a module with `run(argv) -> int`. Nothing here imports an edge or the runtime, so that
`--version` and a wrong flag answer at once, and `exec` never pays for the editor's protocol.
"""

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from droid.headless.complaint import PROGRAM, complain
from droid.headless.exit_codes import ExitCode, exit_code_of

VERBS = {
    "serve": ("droid.cli.serve", "the language server, on standard input and output (the default)"),
    "exec": ("droid.cli.exec", "one headless run: a prompt in, an answer out"),
    "demo": ("droid.cli.demo", "the main job end to end on a sample repository; no key, no network"),
    "sessions": ("droid.cli.sessions", "list, show, search, export, fork, rename, rewind, delete sessions"),
    "settings": ("droid.cli.settings", "what is in force and why; check settings files; their JSON Schema"),
    "trust": ("droid.cli.trust", "let a repository's settings loosen and run things, or take that back"),
    "hooks": ("droid.cli.hooks", "which hooks are in force, and what they say of a made-up event"),
    "classify": ("droid.cli.classify", "how dangerous a shell command is, and which programs it runs"),
    "policy": ("droid.cli.policy", "what the gate decides about a tool call, step by step"),
    "doctor": ("droid.cli.doctor", "everything that could be wrong, each with its mend"),
}

_WRITE_FAILED = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}

_CODES = """\
exit codes:
  0    done
  1    the agent failed or gave up
  2    usage: a bad flag, no prompt
  3    policy refused, or a call needed a person
  4    the model's provider is unreachable, refuses, or is out of retries
  5    a budget or time limit ended the run
  6    the configuration is invalid
  130  interrupted; what was done is saved and can be resumed"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the process's exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        _accept_any_text(stream)
    try:
        code = _dispatch(arguments)
        try:
            _flush(sys.stdout)
        except BrokenPipeError:
            pass  # what was done counts, not who read of it
    except SystemExit as stop:  # argparse: help was shown, or a flag is wrong
        code = stop.code if isinstance(stop.code, int) else ExitCode.USAGE
    except KeyboardInterrupt:
        complain("interrupted")
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        code = ExitCode.DONE  # the reader has seen enough
    except OSError as error:
        if error.filename is not None or error.errno not in _WRITE_FAILED:
            raise
        complain(f"standard output cannot be written: {error.strerror}")
        code = ExitCode.FAILED
    except Exception as error:
        known = exit_code_of(error)
        if known is None:
            raise
        complain(str(error))
        code = known
    _let_go_of(sys.stdout)
    return int(code)


def help_text() -> str:
    """What `droid-lsp --help` prints."""
    width = max(len(verb) for verb in VERBS)
    verbs = "\n".join(f"  {verb:<{width}}  {line}" for verb, (_, line) in VERBS.items())
    return (
        f"usage: {PROGRAM} [VERB] [OPTION…]\n\n"
        "A coding agent that is a language server.\n\n"
        f"verbs:\n{verbs}\n\n"
        f"options:\n  -h, --help     this text; `{PROGRAM} VERB --help` says more about a verb\n"
        f"  -v, --version  the version\n\n{_CODES}"
    )


def _dispatch(arguments: list[str]) -> int:
    first = arguments[0] if arguments else ""
    if first in {"-h", "--help", "help"}:
        print(help_text())
        return ExitCode.DONE
    if first in {"-v", "-V", "--version"}:
        from droid import __version__

        print(f"{PROGRAM} {__version__}")
        return ExitCode.DONE
    if not first or first.startswith("-"):
        return _run("serve", arguments)
    if first in VERBS:
        return _run(first, arguments[1:])
    complain(f"there is no verb {first!r}{_nearest(first)}; see `{PROGRAM} --help`")
    return ExitCode.USAGE


def _run(verb: str, arguments: list[str]) -> int:
    module = importlib.import_module(VERBS[verb][0])
    return module.run(arguments)


def _nearest(word: str) -> str:
    import difflib

    near = difflib.get_close_matches(word, VERBS, n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def _accept_any_text(stream: TextIO | None) -> None:
    """Text that the terminal's encoding cannot show is escaped; it must not end the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        stream.flush()


def _let_go_of(stream: TextIO | None) -> None:
    """Keep the interpreter from complaining at its end about a reader that has gone."""
    if stream is None:
        return
    try:
        stream.flush()
    except (OSError, ValueError):
        try:
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, stream.fileno())
            os.close(devnull)
        except (OSError, ValueError):
            pass  # there is no descriptor to redirect: nothing will be flushed either


if __name__ == "__main__":
    sys.exit(main())
