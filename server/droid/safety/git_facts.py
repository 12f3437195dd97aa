"""What a repository says of itself, as far as a push or a reset hangs on it."""

from dataclasses import dataclass

Place = tuple[str | None, str | None]
"""The folder that a command works in (None: not known), and the repository where it is told one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFacts:
    """One repository, read from its files.

    Attributes:
        place: Its folder, by which one repository is told from another; each worktree has its own.
        branch: The one that is checked out; None where there is none (a detached HEAD, no repository).
        rebasing: The branch that a rebase which has begun will put somewhere else.
        links: Branches that are symbolic references: the name, and the branch behind it.
        branches: Names of local branches, and of those of remotes without the remote; there may be more.
        settings: Every value that a configuration file sets, files of the system first: keys as git compares
            them, `branch.main.merge`. One key may come several times.
        complete: All of that could be read; else it may say something else.
    """

    place: str
    branch: str | None = None
    rebasing: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    branches: frozenset[str] = frozenset()
    settings: tuple[tuple[str, str], ...] = ()
    complete: bool = True
