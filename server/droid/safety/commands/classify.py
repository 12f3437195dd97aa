"""How dangerous a line of shell is, and which programs it really runs.

The line is taken apart, each simple command is looked up in the table, and what it would run in turn goes
back into the queue: wrappers, shells, interpreters, remote commands. There is a bound for depth, number
and size; what lies beyond it cannot be judged, and what cannot be judged is high.
"""

from collections import deque
from dataclasses import dataclass, replace
from pathlib import PurePath

from droid.domain.levels import Risk
from droid.safety.commands.effects import effects_of
from droid.safety.commands.inline_code import effects_of_code
from droid.safety.commands.model import (
    Assessment,
    Effects,
    Inner,
    InnerKind,
    RatedCommand,
    Redirect,
    RedirectKind,
    SimpleCommand,
)
from droid.safety.commands.overlays import raised
from droid.safety.commands.places import Where, folders_of
from droid.safety.commands.shell import read_shell
from droid.safety.commands.shell_state import ShellReading, Surroundings
from droid.safety.commands.words import UNKNOWN, Word

__all__ = ["Assessment", "classify"]

_MAX_DEPTH = 12
_MAX_COMMANDS = 200
_MAX_BYTES = 262_144
_SHOWN_REASONS = 6


@dataclass(frozen=True, slots=True)
class _Task:
    command: SimpleCommand
    depth: int


class _Classifier:
    def __init__(self, where: Where, *, arguments_are_empty: bool) -> None:
        self._where = where
        self._arguments_are_empty = arguments_are_empty
        self._queue: deque[_Task] = deque()
        self._rated: list[RatedCommand] = []
        self._undecidable: str | None = None
        self._bytes = 0
        self._text = ""

    def line(self, text: str) -> Assessment:
        self._text = text
        around = Surroundings(
            home=str(self._where.home),
            cwd=str(self._where.cwd),
            arguments_are_empty=self._arguments_are_empty,
        )
        self._read(text, around, depth=0)
        while self._queue:
            task = self._queue.popleft()
            self._one(task)
            if len(self._rated) > _MAX_COMMANDS:
                self._cannot_tell("the command runs too many others to be judged")
                break
        return self._assessment()

    def _cannot_tell(self, why: str) -> None:
        self._undecidable = self._undecidable or why

    def _read(self, text: str, around: Surroundings, *, depth: int) -> ShellReading:
        self._bytes += len(text)
        if depth > _MAX_DEPTH or self._bytes > _MAX_BYTES:
            self._cannot_tell("commands within commands go too deep to be judged")
            return ShellReading()
        reading = read_shell(text, around)
        if reading.undecidable is not None:
            self._cannot_tell(reading.undecidable)
        self._queue.extend(_Task(command, depth) for command in reading.commands)
        return reading

    def _one(self, task: _Task) -> None:
        command = task.command
        effects = effects_of(command) if command.words else _NO_PROGRAM
        code = [
            effects_of_code(one.language, one.text) for one in effects.inner if one.kind is InnerKind.CODE
        ]
        if code:
            effects = replace(effects, touched=(*effects.touched, *(t for one in code for t in one.touched)))
        overlay = raised(command, effects, self._where, self._text)
        risk, reasons = max(effects.risk, overlay.risk), list(overlay.reasons)
        for one in code:
            if one.risk > effects.risk:
                reasons.append(f"{effects.row or command.program}: {one.reason}")
            risk = max(risk, one.risk)
        undecidable = effects.undecidable or overlay.undecidable
        unknown_code = next((one.undecidable for one in code if one.undecidable is not None), None)
        if undecidable is not None or unknown_code is not None:
            risk = Risk.HIGH
        if command.words and command.program is None:
            self._cannot_tell("the program cannot be told without running the line")
        elif overlay.undecidable is not None:
            self._cannot_tell(overlay.undecidable)
        elif unknown_code is not None:
            self._cannot_tell(unknown_code)
        elif effects.undecidable is not None and not effects.subcommand_only:
            self._cannot_tell(effects.undecidable)
        self._rated.append(RatedCommand(command=command, effects=effects, risk=risk, raised=tuple(reasons)))
        for text in (text for one in code for text in one.shell):
            self._inner(Inner(kind=InnerKind.SHELL, text=text), task, folders_of(command, effects))
        for inner in effects.inner:
            if inner.kind is not InnerKind.CODE:
                self._inner(inner, task, folders_of(command, effects))

    def _inner(self, inner: Inner, task: _Task, folders: tuple[Word, ...]) -> None:
        command, depth = task.command, task.depth + 1
        base = replace(
            command,
            words=(),
            assignments=inner.assignments or command.assignments,
            redirects=() if inner.unknown_arguments else _reads(command),
            remote=inner.remote or command.remote,
            many=inner.unknown_arguments or command.many,
            given=inner.given or command.given,
            folders=(Word(str(self._where.home)),) if inner.at_home else folders,
            via=(*command.via, command.program or ""),
        )
        if inner.kind is InnerKind.WORDS:
            if depth > _MAX_DEPTH:
                self._cannot_tell("commands within commands go too deep to be judged")
                return
            words = inner.words
            while words and words[0].known and words[0].text in ("{", "!"):
                words = words[1:]
            if words:
                self._queue.append(_Task(replace(base, words=words), depth))
            return
        text = inner.text.text
        if UNKNOWN in text or inner.text.may_split:
            self._cannot_tell("a shell is given text that is not known")
            text = text.replace(UNKNOWN, "${droid_unknown}")
        cwd = "" if base.remote else str(self._where.cwd)
        around = Surroundings(home=str(self._where.home), cwd=cwd, command=base, spans=False)
        self._read(text, around, depth=depth)

    def _assessment(self) -> Assessment:
        risk = max((one.risk for one in self._rated), default=Risk.LOW)
        reasons: dict[str, None] = {}
        if self._undecidable is not None:
            risk = Risk.HIGH
            reasons[self._undecidable] = None
        for one in sorted(self._rated, key=lambda rated: rated.risk, reverse=True):
            if one.risk is risk or not reasons:
                reasons[one.reason] = None
        found = dict.fromkeys(name for one in self._rated if (name := one.command.program) is not None)
        return Assessment(
            risk=risk,
            programs=tuple(found) if found or self._undecidable is None else None,
            reasons=tuple(reasons)[:_SHOWN_REASONS] or ("runs nothing",),
            commands=tuple(self._rated),
            undecidable=self._undecidable,
        )


def _reads(command: SimpleCommand) -> tuple[Redirect, ...]:
    """What a program that is run in turn reads, too."""
    return tuple(one for one in command.redirects if one.kind is RedirectKind.READ)


_NO_PROGRAM = Effects(risk=Risk.LOW, reason="runs no program")


def classify(
    command: str,
    *,
    cwd: PurePath,
    home: PurePath,
    workspace: PurePath | None = None,
    arguments_are_empty: bool = True,
) -> Assessment:
    """Rate a line of shell from its text alone; total on any input.

    Args:
        cwd: Where it starts.
        workspace: What may be changed; `cwd` where none is given.
        arguments_are_empty: There is no `$1`: it is not the text of a script.
    """
    where = Where(cwd=cwd, workspace=cwd if workspace is None else workspace, home=home)
    return _Classifier(where, arguments_are_empty=arguments_are_empty).line(command)
