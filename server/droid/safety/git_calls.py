"""The git subcommands that change history or a remote, wherever in a line of shell they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from droid.domain.levels import Risk
from droid.safety.commands.model import Assessment, RatedCommand
from droid.safety.commands.words import UNKNOWN, Word

_GIT = "git"
_GOES_TO = frozenset({"cd", "pushd"})
_CHANGING = frozenset(
    {
        "am", "branch", "cherry-pick", "commit", "commit-tree", "fast-import", "filter-branch", "filter-repo",
        "gc", "merge", "notes", "prune", "pull", "push", "rebase", "receive-pack", "reflog", "remote",
        "replace", "reset", "revert", "send-pack", "subtree", "svn", "symbolic-ref", "tag", "update-ref",
    }
)  # fmt: skip
_TO_A_REMOTE = frozenset({"pull", "push", "send-pack"})
_HEADS = "refs/heads/"
_NOT_KNOWN = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitCall:
    """One of them.

    Attributes:
        subcommand: As far as it is known; an alias of the person's has its own name.
        is_known: Else it may be any.
        args: The words after it; what is not known of them is `?`.
        folder: Where it works, relative to where the line does; None where that is not known.
        branch, remote: Those that are named; None leaves it to the repository.
        elsewhere: It runs on another machine or in a container.

    The folder is that of the last `cd` before it, which is right but for subshells and branches.
    """

    subcommand: str
    is_known: bool = True
    args: tuple[str, ...] = ()
    folder: str | None = ""
    branch: str | None = None
    remote: str | None = None
    elsewhere: bool = False


def git_calls(assessment: Assessment | None) -> tuple[GitCall, ...]:
    """In the order of the line; a line that cannot be decided may run any."""
    if assessment is None:
        return ()
    calls: list[GitCall] = []
    folder: str | None = ""
    for one in assessment.commands:
        if one.command.program in _GOES_TO:
            folder = _folder_after(folder, one)
        elif one.command.program == _GIT and (call := _call(one, folder)) is not None:
            calls.append(call)
    if assessment.undecidable is not None:
        calls.append(GitCall(subcommand="", is_known=False))
    return tuple(calls)


def _folder_after(folder: str | None, one: RatedCommand) -> str | None:
    """Where a `cd` leads from a folder; None where that is not known."""
    words = [word for word in one.command.words[1:] if not word.text.startswith("-")]
    if folder is None or len(words) != 1 or not words[0].known or words[0].glob:
        return None
    return str(PurePosixPath(folder) / words[0].text)


def _call(one: RatedCommand, at: str | None) -> GitCall | None:
    effects = one.effects
    if effects.only_help:
        return None
    words = one.command.words[1:]
    named = [_shown(word) for flag, word in effects.options if flag == "-C"]
    folder = None if at is None or _NOT_KNOWN in "".join(named) else str(PurePosixPath(at, *named))
    parts = effects.row.split()
    subcommand = parts[1] if len(parts) > 1 else ""
    if subcommand:
        if subcommand not in _CHANGING or one.risk is Risk.LOW:
            return None
        remote, branch = _target(subcommand, effects.operands)
        return GitCall(
            subcommand=subcommand,
            args=_after(words, subcommand),
            folder=folder,
            branch=branch,
            remote=remote,
            elsewhere=one.command.remote,
        )
    if not effects.operands:
        return None
    # An alias, or a word that is not known: either may be anything.
    subcommand = _shown(effects.operands[0])
    return GitCall(
        subcommand="" if subcommand == _NOT_KNOWN else subcommand,
        is_known=False,
        args=_after(words, subcommand),
        folder=folder,
        elsewhere=one.command.remote,
    )


def _target(subcommand: str, operands: Sequence[Word]) -> tuple[str | None, str | None]:
    """The remote and the branch that a command names."""
    if subcommand not in _TO_A_REMOTE:
        return None, None
    named = [_shown(word) for word in operands[1:]]
    remote = named[0] if named else None
    branch = named[1].removeprefix("+").rpartition(":")[2].removeprefix(_HEADS) if len(named) > 1 else None
    return remote, None if branch in ("HEAD", "") else branch


def _after(words: Sequence[Word], subcommand: str) -> tuple[str, ...]:
    shown = [_shown(word) for word in words]
    return tuple(shown[shown.index(subcommand) + 1 :]) if subcommand in shown else ()


def _shown(word: Word) -> str:
    return word.text.replace(UNKNOWN, _NOT_KNOWN)
