"""The git subcommands that change history or a remote, wherever in a line of shell they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from droid.domain.levels import Risk
from droid.safety.commands.model import Assessment, RatedCommand
from droid.safety.commands.words import UNKNOWN, Word

_GIT = frozenset({"git", "hub"})
_GOES_TO = frozenset({"cd", "pushd"})
_CHANGING = frozenset(
    {
        "am", "branch", "cherry-pick", "commit", "commit-tree", "fast-import", "filter-branch", "filter-repo",
        "gc", "http-push", "lfs", "merge", "notes", "p4", "prune", "pull", "push", "rebase", "receive-pack",
        "reflog", "remote", "replace", "reset", "revert", "send-pack", "subtree", "svn", "symbolic-ref",
        "tag", "update-ref",
    }
)  # fmt: skip
_TO_A_REMOTE = frozenset({"http-push", "pull", "push", "send-pack"})
_PUSHES = frozenset({"http-push", "send-pack"})
_PUSHES_BY = {"lfs": "push", "p4": "submit", "subtree": "push", "svn": "dcommit"}
_PUSH = "push"
_EVERYTHING = frozenset({"--all", "--branches", "--mirror"})
_HEADS = "refs/heads/"
_NOT_KNOWN = "?"
_SEVERAL = 2


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

    A push of several branches is one for each. The folder is that of the last `cd` before it, which is right
    but for subshells and branches.
    """

    subcommand: str
    is_known: bool = True
    args: tuple[str, ...] = ()
    folder: str | None = ""
    branch: str | None = None
    remote: str | None = None
    elsewhere: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What it is known by: what pushes is a push, whatever it is called."""
        deed = _PUSHES_BY.get(self.subcommand)
        pushes = self.subcommand in _PUSHES or (deed is not None and deed in self.args)
        return (self.subcommand, _PUSH) if pushes else (self.subcommand,)


def git_calls(assessment: Assessment | None) -> tuple[GitCall, ...]:
    """In the order of the line; a line that cannot be decided may run any."""
    if assessment is None:
        return ()
    calls: list[GitCall] = []
    folder: str | None = ""
    for one in assessment.commands:
        if one.command.program in _GOES_TO:
            folder = _folder_after(folder, one)
        elif _is_git(one) and (call := _call(one, folder)) is not None:
            calls += _for_each_branch(call, one)
    if assessment.undecidable is not None:
        calls.append(GitCall(subcommand="", is_known=False))
    return tuple(calls)


def _is_git(one: RatedCommand) -> bool:
    return (one.command.program or "").casefold().removesuffix(".exe") in _GIT


def _for_each_branch(call: GitCall, one: RatedCommand) -> Iterator[GitCall]:
    """One call for each branch that a push names."""
    operands = one.effects.operands[2:]
    if _PUSH not in call.names or call.subcommand not in _TO_A_REMOTE:
        yield call
    elif _EVERYTHING & set(call.args):
        yield from (replace(call, branch=branch) for branch in (None, "*"))
    elif len(operands) < _SEVERAL:
        yield call
    else:
        yield from (replace(call, branch=_branch(_shown(word))) for word in operands)


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
    return remote, _branch(named[1]) if len(named) > 1 else None


def _branch(refspec: str) -> str | None:
    """The branch that a push changes; None for the one that is checked out."""
    branch = refspec.removeprefix("+").rpartition(":")[2].removeprefix(_HEADS)
    return None if branch in ("HEAD", "") else branch


def _after(words: Sequence[Word], subcommand: str) -> tuple[str, ...]:
    shown = [_shown(word) for word in words]
    return tuple(shown[shown.index(subcommand) + 1 :]) if subcommand in shown else ()


def _shown(word: Word) -> str:
    return word.text.replace(UNKNOWN, _NOT_KNOWN)
