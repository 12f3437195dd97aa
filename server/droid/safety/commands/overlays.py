"""What makes more of a command's risk than its row says: where it writes, what it reads, what it obeys.

All of this goes by the text alone, links not followed; what really lies at a path is the business of the
gate's `files` step. An overlay only ever raises.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from droid.domain.levels import Risk
from droid.safety.commands.model import Effects, RedirectKind, SimpleCommand, Touch, Touched
from droid.safety.commands.rows import lookup
from droid.safety.commands.variables import decides_code
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.paths import is_below, may_be_secret, names_guarded, secret_path

_SYSTEM_FOLDERS = (
    "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin",
    "/snap/bin", "/opt/local/bin", "/nix/var/nix/profiles/default/bin",
)  # fmt: skip
_TOOL_FOLDERS = re.compile(
    r"(?:.*/)?(?:\.?venv|env|node_modules|vendor|\.tox/[^/]+|\.nox/[^/]+|\.local|\.cargo|go|\.bun|\.deno"
    r"|\.pyenv/shims|\.nvm/.*)?/?(?:\.bin|bin|Scripts|shims)"
)
_WORKSPACE_TOOLS = re.compile(r"(?:\./)?(?:\.?venv/bin|env/bin|node_modules/\.bin|vendor/bin)")
_QUIET_DEVICES = re.compile(r"/dev/(?:null|zero|full|stdin|stdout|stderr|tty|fd/\d+)|-|/proc/self/fd/[012]")
_NETWORK_DEVICE = re.compile(r"/dev/(?:tcp|udp)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The places that a command line is judged by; symlinks are not looked at."""

    cwd: PurePath
    workspace: PurePath
    home: PurePath


@dataclass(slots=True)
class Raised:
    """The highest risk of all overlays, and their reasons."""

    risk: Risk = Risk.LOW
    reasons: tuple[str, ...] = ()
    undecidable: str | None = None

    def to(self, risk: Risk, reason: str) -> None:
        self.risk = max(self.risk, risk)
        if reason not in self.reasons:
            self.reasons = (*self.reasons, reason)


def raised(command: SimpleCommand, effects: Effects, where: Where) -> Raised:
    """Everything about a command that raises its risk."""
    found = Raised()
    for name, value in command.assignments:
        if decides_code(name, value.text):
            found.to(Risk.HIGH, f"sets {name[:40]}, which decides what code runs or where it reaches")
    if command.words:
        _program(command, where, found)
    if effects.only_help and not command.redirects:
        return found
    for touched in _all_touched(command, effects):
        _touch(touched, command, where, found)
    return found


def _program(command: SimpleCommand, where: Where, found: Raised) -> None:
    word = command.words[0]
    if not word.text.isascii():
        found.undecidable = "a program's name holds characters that look like others"
        found.to(Risk.HIGH, found.undecidable)
        return
    if "/" not in word.text or not word.known or command.remote:
        return
    folder = posixpath.normpath(posixpath.dirname(word.text))
    folder = folder.replace("//", "/", 1) if folder.startswith("//") else folder
    if folder in _SYSTEM_FOLDERS:
        return
    program = lookup(command.program or "")
    if program is None:
        return
    if program.local and all(is_below(path, where.workspace) for path in paths_of(word, command, where)):
        return
    if _WORKSPACE_TOOLS.fullmatch(folder):
        found.to(Risk.MEDIUM, f"{word} is a program of the workspace")
    elif not (folder.startswith(str(where.home)) and _TOOL_FOLDERS.fullmatch(folder)):
        found.to(Risk.HIGH, f"{word} is not the system's own {command.program}")


def _all_touched(command: SimpleCommand, effects: Effects) -> Iterator[Touched]:
    yield from effects.touched
    for redirect in command.redirects:
        if redirect.kind is RedirectKind.READ:
            yield Touched(Touch.READ, redirect.target)
        else:
            yield Touched(Touch.WRITE, redirect.target)


def _touch(touched: Touched, command: SimpleCommand, where: Where, found: Raised) -> None:
    how, word = touched.how, touched.word
    if how is Touch.SEND:
        found.to(Risk.HIGH, f"sends {str(word)[:80]} out")
    if how in (Touch.FETCH, Touch.HOST, Touch.FOLDER):
        return
    text = word.text
    if _NETWORK_DEVICE.match(text):
        found.to(Risk.HIGH, "opens a network connection")
        return
    if how is Touch.RUN:
        _run(word, found)
    if _QUIET_DEVICES.fullmatch(text) or command.remote:
        return
    if how in (Touch.READ, Touch.SEND, Touch.RUN):
        _read(word, command, where, found)
    elif how in (Touch.WRITE, Touch.DELETE):
        _write(how, word, command, where, found)


def _run(word: Word, found: Raised) -> None:
    if word.text.startswith(("/dev/fd/", "/dev/stdin", "/proc/")) or word.text == "-":
        found.undecidable = "runs code that another command makes"
        found.to(Risk.HIGH, found.undecidable)
    elif not word.known:
        found.undecidable = "runs a file whose name is not known"
        found.to(Risk.HIGH, found.undecidable)


def _read(word: Word, command: SimpleCommand, where: Where, found: Raised) -> None:
    for path in paths_of(word, command, where):
        why = may_be_secret(path, where.home) if word.glob else secret_path(path, where.home)
        if why is not None:
            found.to(Risk.HIGH, f"reads a secret: {why}")
            return


def _write(how: Touch, word: Word, command: SimpleCommand, where: Where, found: Raised) -> None:
    verb = "deletes" if how is Touch.DELETE else "changes"
    if word.text.startswith("/dev/"):
        found.to(Risk.HIGH, f"writes to the device {str(word)[:80]}")
        return
    for path in paths_of(word, command, where):
        guarded = names_guarded(path)
        if guarded is not None:
            found.to(Risk.HIGH, f"{verb} {guarded}")
        elif not is_below(path, where.workspace):
            found.to(Risk.HIGH, f"{verb} {str(word)[:80]}, outside the workspace")
        elif how is Touch.DELETE and (path == where.workspace or path.name == ".git"):
            found.to(Risk.HIGH, f"deletes {str(word)[:80]}")
        else:
            found.risk = max(found.risk, Risk.MEDIUM)


def paths_of(word: Word, command: SimpleCommand, where: Where) -> Iterator[PurePath]:
    """Where a word may lead, absolute and without `..`; nothing where that is not known."""
    text = word.text
    if text.startswith(UNKNOWN):
        rest = text.lstrip(UNKNOWN)
        # Whatever comes before: a secret keeps its name.
        if rest.startswith("/") and UNKNOWN not in rest:
            yield where.workspace / rest.lstrip("/")
        return
    if UNKNOWN in text:
        text = text.replace(UNKNOWN, "*")
    if not text:
        return
    for folder in command.folders or (Word(""),):
        if text.startswith("/"):
            yield PurePath(posixpath.normpath(text))
            return
        if folder.known:
            yield PurePath(posixpath.normpath(posixpath.join(str(where.cwd), folder.text, text)))
        else:
            yield PurePath(posixpath.normpath(posixpath.join(str(where.workspace), text.lstrip("/"))))
