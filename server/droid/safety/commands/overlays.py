"""What makes more of a command's risk than its row says: where it writes, what it reads, what it obeys.

All of this goes by the text alone, links not followed; what really lies at a path is the business of the
gate's `files` step. An overlay only ever raises.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from droid.domain.levels import Risk
from droid.safety.commands.model import Effects, RedirectKind, SimpleCommand, Touch, Touched
from droid.safety.commands.places import PACKS, Place, Where, folders_of, others_home, paths_of, places_of
from droid.safety.commands.recursion import leaves_out_hidden, only_names, reads_below, searches_here
from droid.safety.commands.rows import lookup
from droid.safety.commands.shown_variables import shows_secret_variables
from droid.safety.commands.variables import decides_code, is_function
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.paths import holds_secrets, is_below, may_be_secret, names_guarded, secret_path

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
_FILE_URL = re.compile(r"(?:[\w.-]+=)?fileb?:(?://(?:localhost(?=/))?)?(.+)", re.DOTALL | re.IGNORECASE)
# In a project these may as well be harmless, so they are not denied as the secrets of a home are.
_KEYS = re.compile(
    r".+\.(?:key|p12|pfx|ppk|kdbx|jks|keystore)|.*private.*\.pem|(?:credentials?|service[-_]?account.*)\.json"
    r"|(?:.*[-_.])?secrets?\.(?:ya?ml|json|toml|txt|env)|terraform\.tfstate(?:\.backup)?|kubeconfig|\.htpasswd",
    re.IGNORECASE,
)
_SHOWS_NO_CONTENT = frozenset(
    {
        "[", "[[", "basename", "dirname", "du", "eza", "exa", "file", "gdu", "gls", "gstat", "ls", "lsd",
        "md5sum", "namei", "readlink", "realpath", "sha1sum", "sha256sum", "sha512sum", "stat", "test",
        "tree", "wc",
    }
)  # fmt: skip
_FINDERS = frozenset({"fd", "fdfind", "find", "gfind"})
_SHOWS_CHANGES = (
    "-p",
    "-u",
    "-L",
    "-G",
    "-S",
    "-U",
    "-c",
    "-m",
    "--patch",
    "--cc",
    "--word-diff",
    "--unified",
)
# With these, what a file holds is taken for names, and told where there are none.
_TAKES_NAMES = ("-f", "-m", "--files", "--check", "--magic", "--fromfile")
_READ_BY_IFS = frozenset({"read", "mapfile", "readarray"})
# What the output of these tells is more than which system or version it is.
_DATA_IN_ADDRESS = re.compile(
    r"https?://[^\s'\"]*(?:\$\(|`)[^)`]*\b(?:cat|env|printenv|whoami|id|hostname|base64|xxd|ls|ps|history|head|tail|find"
    r"|gpg|security|op|vault|getent|last|who|ifconfig|ip|crontab|set|declare)\b"
)
_SHELLS = frozenset({"ash", "bash", "dash", "fish", "ksh", "sh", "zsh"})
_CONTAINERS = frozenset(
    {
        "apptainer", "buildah", "colima", "devcontainer", "distrobox", "docker", "docker-compose", "finch",
        "incus", "lima", "limactl", "lxc", "machinectl", "multipass", "nerdctl", "orb", "podman",
        "podman-compose", "runc", "singularity", "toolbox", "vagrant", "wsl",
    }
)  # fmt: skip
"""What these run in is this machine's own; other remote commands change other machines."""


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


def raised(command: SimpleCommand, effects: Effects, where: Where, line: str) -> Raised:
    """Everything about a command that raises its risk.

    Args:
        line: The whole text that it stands in, or that it was found in.
    """
    return _Raising(command, effects, where, line).all()


class _Raising:
    """One command that is looked over."""

    def __init__(self, command: SimpleCommand, effects: Effects, where: Where, line: str) -> None:
        self._command = command
        self._effects = effects
        self._where = where
        self._line = line
        self._found = Raised()
        self._moved = folders_of(command, effects)
        self._below = reads_below(command) and not leaves_out_hidden(command)
        self._only = only_names(effects) if self._below else ""

    def all(self) -> Raised:
        command, effects, found = self._command, self._effects, self._found
        for name, value in command.assignments:
            if name == "IFS" and command.program in _READ_BY_IFS:
                continue  # it parts what is read, and nothing else
            if decides_code(name, value.text):
                found.to(Risk.HIGH, f"sets {name[:40]}, which decides what code runs or where it reaches")
            if is_function(name):
                found.undecidable = "a function is handed to other shells"
        if command.words:
            self._program()
        if effects.only_help and not command.redirects:
            return found
        if command.remote:
            self._elsewhere()
        for touched in self._touched():
            self._touch(touched)
        for word in command.words[1:]:
            if (found_file := _FILE_URL.fullmatch(word.text)) is not None:
                self._read(Word(found_file[1]))
        self._folders()
        if why := shows_secret_variables(command, effects, self._line):
            found.to(Risk.HIGH, why)
        return found

    def _elsewhere(self) -> None:
        """What a shell would be told there cannot be seen, and what is set there is seldom harmless."""
        command, effects = self._command, self._effects
        if effects.inner or len(command.words) != 1:
            return
        if command.program in _SHELLS and not any(name in _CONTAINERS for name in command.via):
            self._found.to(Risk.HIGH, "opens a shell on another machine")
        elif command.program in ("env", "printenv"):
            self._found.to(Risk.HIGH, "shows the environment of what runs elsewhere")

    def _program(self) -> None:
        command, where, found = self._command, self._where, self._found
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

    def _touched(self) -> Iterator[Touched]:
        yield from self._effects.touched
        if searches_here(self._command, self._effects):
            yield Touched(Touch.READ, Word("."))
        for redirect in self._command.redirects:
            if redirect.kind is RedirectKind.READ:
                yield Touched(Touch.READ, redirect.target)
            else:
                yield Touched(Touch.WRITE, redirect.target)

    def _touch(self, touched: Touched) -> None:
        how, word, found = touched.how, touched.word, self._found
        if how is Touch.SEND:
            found.to(Risk.HIGH, f"sends {str(word)[:80]} out")
        text = word.text
        if how is Touch.FETCH and text.startswith(("/", "./", "../")):
            self._read(word)  # a file may stand where an address does
        if how is Touch.FETCH and not word.known and _DATA_IN_ADDRESS.search(self._line):
            found.to(Risk.HIGH, "hands out data in an address")
        if how in (Touch.FETCH, Touch.HOST, Touch.FOLDER):
            return
        if _NETWORK_DEVICE.match(text):
            found.to(Risk.HIGH, "opens a network connection")
            return
        if how is Touch.RUN:
            _run(word, found)
        if _QUIET_DEVICES.fullmatch(text):
            return
        if how in (Touch.READ, Touch.SEND, Touch.RUN):
            self._read(word)
        elif how in (Touch.WRITE, Touch.DELETE) and self._command.remote:
            self._write_elsewhere(how, word)
        elif how in (Touch.WRITE, Touch.DELETE):
            self._write(how, word)

    def _read(self, word: Word) -> None:
        home = self._where.home
        if not self._shows_content():
            return
        for place in self._places(word, reads=True):
            path = place.path
            why = may_be_secret(path, home) if word.glob else secret_path(path, home)
            if why is None and place.below:
                why = holds_secrets(path, home, place.only)
            if why is None and self._below and not word.glob:
                why = holds_secrets(path, home, self._only)
            if why is None and _KEYS.fullmatch(path.name):
                why = f"{path.name} may hold one"
            if why is not None:
                self._found.to(Risk.HIGH, f"reads a secret: {why}")
                return

    def _shows_content(self) -> bool:
        """Whether more of a file comes out than its name, its size and the like."""
        program, words = self._command.program or "", [word.text for word in self._command.words[1:]]
        if self._effects.row == "git log":
            return any(word.startswith(_SHOWS_CHANGES) for word in words)
        if program in _FINDERS and not self._effects.inner:
            return False
        takes_names = any(word.startswith(_TAKES_NAMES) for word in words)
        return program not in _SHOWS_NO_CONTENT or takes_names or (program.endswith("sum") and "-c" in words)

    def _write(self, how: Touch, word: Word) -> None:
        where, found = self._where, self._found
        verb = "deletes" if how is Touch.DELETE else "changes"
        if word.text.startswith("/dev/"):
            found.to(Risk.HIGH, f"writes to the device {str(word)[:80]}")
            return
        found.risk = max(found.risk, Risk.MEDIUM)
        for place in self._places(word, reads=False):
            path = place.path
            guarded = names_guarded(path)
            if guarded is not None:
                found.to(Risk.HIGH, f"{verb} {guarded}")
            elif not is_below(path, where.workspace):
                found.to(Risk.HIGH, f"{verb} {_shown(word, path)}, outside the workspace")
            elif how is Touch.DELETE and not place.below and _is_all(path, where):
                found.to(Risk.HIGH, f"deletes {_shown(word, path)}")

    def _write_elsewhere(self, how: Touch, word: Word) -> None:
        if not any(name in _CONTAINERS for name in self._command.via):
            verb = "deletes" if how is Touch.DELETE else "changes"
            self._found.to(Risk.HIGH, f"{verb} {str(word)[:80]} on another machine")

    def _places(self, word: Word, *, reads: bool) -> Iterator[Place]:
        theirs = others_home(word, self._line, self._where.home)
        if theirs is not None:
            yield Place(theirs)
        yield from places_of(word, self._command, self._moved, self._where, reads=reads)

    def _folders(self) -> None:
        """What changes things changes them in the folder that it is sent to."""
        moves = any(touched.how is Touch.FOLDER for touched in self._effects.touched)
        if not moves or self._command.remote or self._effects.risk is not Risk.MEDIUM:
            return
        if self._effects.inner or self._command.program in PACKS:
            return
        for folder in self._moved:
            if not folder.known:
                continue
            for path in paths_of(Word(folder.text), replace(self._command, folders=()), self._where):
                if not is_below(path, self._where.workspace):
                    self._found.to(Risk.HIGH, f"works in {folder.text[:80]}, outside the workspace")


def _shown(word: Word, path: PurePath) -> str:
    return str(word if word.text.strip(UNKNOWN) else path)[:80]


def _is_all(path: PurePath, where: Where) -> bool:
    return path == where.workspace or path.name == ".git"


def _run(word: Word, found: Raised) -> None:
    if word.text.startswith(("/dev/fd/", "/dev/stdin", "/proc/")) or word.text == "-":
        found.undecidable = "runs code that another command makes"
        found.to(Risk.HIGH, found.undecidable)
    elif not word.known:
        found.undecidable = "runs a file whose name is not known"
        found.to(Risk.HIGH, found.undecidable)
