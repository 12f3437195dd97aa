"""What a walk over a line of shell starts with, what holds at a place of it, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from droid.safety.commands.model import Redirect, SimpleCommand
from droid.safety.commands.words import Word

Block = tuple[int, ...]
"""Which conditional parts of the line a place lies in, from the outermost on."""


@dataclass(frozen=True, slots=True)
class Place:
    """What holds at a place of the line.

    Attributes:
        pipe_from: Index of the first command whose output comes through the pipe; -1 without one.
        stdin_unknown: Standard input is something that cannot be seen.
        repeated: It lies in a loop that runs for many things that are not known.
    """

    block: Block = ()
    redirects: tuple[Redirect, ...] = ()
    stdin_text: Word | None = None
    pipe_from: int = -1
    stdin_unknown: bool = False
    repeated: bool = False


@dataclass(slots=True)
class Surroundings:
    """What a line of shell starts with.

    Attributes:
        home: The person's home folder.
        cwd: Where the line starts, absolute; empty where that is not known.
        variables: Those whose value is known.
        arguments: Whether `$1`, `$@` and the like are known to be empty.
        command: What holds for each command: `via`, `remote`, `span`, standard input, assignments.
    """

    home: str
    cwd: str = ""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    arguments_are_empty: bool = False
    command: SimpleCommand = field(default_factory=lambda: SimpleCommand(words=()))
    spans: bool = True

    def within(self, folders: tuple[Word, ...], stdin: Word | None) -> "Surroundings":
        """The same for a text within: variables of the line are not followed into it."""
        command = replace(self.command, folders=folders, stdin_text=stdin)
        return replace(self, variables={}, arguments_are_empty=False, command=command, spans=False)


@dataclass(slots=True)
class ShellReading:
    """The commands of a line, in its order, and why more may run that is not among them."""

    commands: list[SimpleCommand] = field(default_factory=list[SimpleCommand])
    undecidable: str | None = None
