"""What the parts of the classifier hand to each other: simple commands, and what is told of them.

A line of shell is taken apart into `SimpleCommand`s (`shell.py`), each is looked up in the table of
programs and gives `Effects` (`effects.py`); what it would run in turn comes back as `Inner` work, until
nothing is left (`classify.py`).
"""

from dataclasses import dataclass, field
from enum import StrEnum

from droid.domain.levels import Risk
from droid.safety.commands.words import Word


class RedirectKind(StrEnum):
    """What a redirection does to its target."""

    READ = "read"
    WRITE = "write"
    APPEND = "append"
    READ_WRITE = "read-write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A redirection from or to a file; those between descriptors are none."""

    kind: RedirectKind
    target: Word


@dataclass(frozen=True, slots=True)
class Given:
    """What a word that only the running program knows may be.

    Attributes:
        below: It is not the word itself but whatever lies in that folder.
        only: A glob that all names match; empty: any.
    """

    word: Word
    below: bool = False
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleCommand:
    """One program with its words, as it would be started.

    Attributes:
        words: The program first. Empty where there are only assignments or redirections.
        assignments: `NAME=value` before the program, and what `env` or `export` sets for it.
        stdin_text: What it reads on standard input, where that is known: a here-document, a here-string,
            the output of `echo`.
        stdin_from: The commands whose output it reads through pipes, the nearest last.
        folders: Where it may run, relative to where the line starts: the last `cd`, and what was before
            where that may have failed. Empty: where the line starts.
        remote: It runs on another machine or in a container: paths are not those of this machine.
        many: It runs once for each of many things that are not known (`find -exec`, `xargs`).
        given: What those things may be, where something is known of them.
        repeated: It stands in a loop that runs for many things that are not known.
        via: The wrappers that run it, the outermost first.
        span: Where it stands in the whole line, in characters; of an inner command, where its text stands.
    """

    words: tuple[Word, ...]
    assignments: tuple[tuple[str, Word], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    stdin_text: Word | None = None
    stdin_from: tuple["SimpleCommand", ...] = ()
    folders: tuple[Word, ...] = ()
    remote: bool = False
    many: bool = False
    repeated: bool = False
    given: tuple[Given, ...] = ()
    via: tuple[str, ...] = ()
    span: tuple[int, int] = (0, 0)

    @property
    def program(self) -> str | None:
        """The base name of the program; None where it is not known, or there is none."""
        if not self.words or not self.words[0].known or self.words[0].glob or self.words[0].may_split:
            return None
        return base_name(self.words[0].text)


def base_name(path: str) -> str:
    """A program's name without its folder."""
    return path.rstrip("/").rpartition("/")[2] or path


class InnerKind(StrEnum):
    """In which form a command holds another one."""

    WORDS = "words"
    """Words of a command: `timeout 5 rm x`."""
    SHELL = "shell"
    """Text for a shell: `sh -c 'rm x'`."""
    CODE = "code"
    """Text in another language: `python -c '…'`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """Something that a command runs in turn.

    Attributes:
        words: Of `WORDS`.
        text: Of `SHELL` and `CODE`.
        language: Of `CODE`: `python`, `awk`, `sed`, `sql`, …
        assignments: Variables that are set for it.
        remote: It runs somewhere else.
        at_home: It runs on this machine after all, but in the home folder: `ssh localhost`.
        unknown_arguments: It runs for many things that are not known (`find -exec`, `xargs`), and so does
            what it runs in turn.
        given: What those things may be.
    """

    kind: InnerKind
    words: tuple[Word, ...] = ()
    text: Word = field(default_factory=lambda: Word(""))
    language: str = ""
    assignments: tuple[tuple[str, Word], ...] = ()
    remote: bool = False
    at_home: bool = False
    unknown_arguments: bool = False
    given: tuple[Given, ...] = ()


class Touch(StrEnum):
    """What a command does with a path or an address."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    SEND = "send"
    """Its content leaves the machine."""
    RUN = "run"
    """It is run by an interpreter."""
    FETCH = "fetch"
    """An address that is read."""
    HOST = "host"
    """A machine or a git remote that data may go to."""
    FOLDER = "folder"
    """Where the command works: `git -C`, `make -C`."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A path or an address that a command touches."""

    how: Touch
    word: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What the table says of one simple command.

    Attributes:
        risk: Of the command itself, without what it runs and without overlays.
        reason: In words, with the row that decided: `git push: sends commits to a remote`.
        row: The program and subcommand of the row: `git push`; empty for a program that has none.
        only_help: It prints its help or version and does nothing else.
        flags: Those given, each by the first name that its row has for it: `-r` for `--recursive`.
        operands: The words that are no flags and no values of flags, subcommands included.
        options: Flags of the row's program as given, with their values: `(("-C", "/x"), …)`.
        undecidable: Why it cannot be told what runs; None where it can.
        subcommand_only: What cannot be told is which subcommand of this program runs.
    """

    risk: Risk
    reason: str
    row: str = ""
    only_help: bool = False
    touched: tuple[Touched, ...] = ()
    inner: tuple[Inner, ...] = ()
    flags: tuple[str, ...] = ()
    operands: tuple[Word, ...] = ()
    options: tuple[tuple[str, Word], ...] = ()
    undecidable: str | None = None
    subcommand_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedCommand:
    """A simple command that really runs, rated.

    Attributes:
        risk: Of it alone, with what raises it; what it runs in turn has an entry of its own.
        raised: What made more of the row's risk: a target outside the workspace, a secret, a loader variable.
    """

    command: SimpleCommand
    effects: Effects
    risk: Risk
    raised: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return "; ".join(self.raised) or self.effects.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a line of shell could do.

    Attributes:
        programs: Every program that runs, wrappers included, each once, in the order of the line; None
            where one of them cannot be decided.
        reasons: What decided the risk, in words, the most dangerous first.
        commands: Every simple command that runs, those inside others included.
        undecidable: Why it cannot be told what runs: such a line matches every list of what is forbidden.
            None where it can.
    """

    risk: Risk
    programs: tuple[str, ...] | None
    reasons: tuple[str, ...]
    commands: tuple[RatedCommand, ...] = ()
    undecidable: str | None = None
