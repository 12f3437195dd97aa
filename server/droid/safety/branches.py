"""Branches that settings protect: nothing the agent runs may push to them, reset or delete them.

A line is judged command by command, in its order: `git switch main && git push` pushes to main. Where it
cannot be told which branch a command means, it is asked about.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath

from droid.domain.levels import Verdict
from droid.domain.policy import ListEntry, Policy
from droid.safety.branch_requests import checks_out_a_request, requests_of
from droid.safety.branch_uses import is_known, uses_of
from droid.safety.commands.model import Assessment
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.git_facts import GitFacts, Place
from droid.safety.git_state import ANY, HEADS, BranchUse, LineSettings, Repository
from droid.safety.git_words import GitCall, git_call, git_calls
from droid.safety.globs import Glob, is_glob, text_glob
from droid.safety.names import fold_path, fold_text

_MAX_ALIASES = 8
# Settings whose value is a program with its arguments.
_RUNS = re.compile(
    r"core\.(?:editor|pager|sshcommand|askpass|fsmonitor|hookspath|gitproxy|alternaterefscommand)|pager\..*"
    r"|sequence\.editor|gpg\..*program|.*\.(?:textconv|cmd|command|helper|clean|smudge|process|external|driver)"
)
_HARMLESS = frozenset({"", "cat", "true", "false", ":", "less", "more", "/dev/null"})
_BREAKS = re.compile(r"[;&|!\n]")
# Of these it can be told without the repository what they do, and they do nothing to a branch.
_REPOSITORY_OF_NOTHING = frozenset(
    {"", "help", "version", "clone", "init", "status", "diff", "log", "show", "add"}
)


def git_places(assessment: Assessment) -> tuple[Place, ...]:
    """The repositories that matter for a line, each once.

    Folders are relative to where the line starts, or absolute.
    """
    return tuple(
        dict.fromkeys(
            (folder, call.git_dir)
            for call in git_calls(assessment)
            if call.name not in _REPOSITORY_OF_NOTHING and not call.command.remote
            for folder in call.folders
            if folder is not None and UNKNOWN not in (call.git_dir or "")
        )
    )


def judge_branches(
    assessment: Assessment,
    policy: Policy,
    facts: Mapping[Place, GitFacts],
    line: str,
) -> tuple[Verdict, ListEntry | None, str] | None:
    """What is to be said of a line: the verdict, the entry, and in words what the line does.

    Args:
        facts: By what `git_places` gives; what is missing is not known.
        line: The text of the line.
    """
    entries = policy.protected_branches
    if not entries:
        return None
    asked: tuple[Verdict, ListEntry | None, str] | None = None
    for use in _Line(facts, line).uses(assessment):
        hit = _hit(use, entries)
        if hit is None:
            continue
        shown = use.ref.removeprefix(HEADS).replace(UNKNOWN, "…")
        named = shown if use.ref != ANY else "a branch that cannot be told"
        found = (hit[0], hit[1], f"{use.deed} {named}")
        if hit[0] is Verdict.DENY:
            return found
        asked = asked or found
    return asked


def protected_ref(path: PurePath, policy: Policy) -> ListEntry | None:
    """The entry that protects the branch whose file in a repository this is."""
    parts = fold_path(path)
    for at in range(len(parts) - 3 if policy.protected_branches else 0):
        if parts[at : at + 3] == (".git", "refs", "heads"):
            hit = _hit(BranchUse("changes", HEADS + "/".join(parts[at + 3 :])), policy.protected_branches)
            if hit is not None:
                return hit[1]
    return None


def _hit(use: BranchUse, entries: tuple[ListEntry, ...]) -> tuple[Verdict, ListEntry] | None:
    for entry in entries:
        for glob in _globs(entry.text):
            if UNKNOWN in use.ref or is_glob(use.ref):
                literal = use.ref.replace("[", "\\[").replace("?", "\\?").replace(UNKNOWN, "*")
                touched = text_glob(literal).overlaps(glob)
            else:
                touched = glob.matches(fold_text(use.ref)) or bool(
                    use.remote
                    and glob.matches(fold_text(HEADS + f"{use.remote}/" + use.ref.removeprefix(HEADS)))
                )
            if touched:
                return (Verdict.DENY if use.certain else Verdict.ASK), entry
    return None


@lru_cache(maxsize=256)
def _globs(text: str) -> tuple[Glob, ...]:
    """What an entry protects, as a glob of full names."""
    name = text.strip().lstrip("!").removeprefix("/")
    for prefix in (HEADS, "heads/"):
        name = name.removeprefix(prefix)
    return (text_glob(HEADS + name),) if name else ()


class _Line:
    """One line on its way through the repositories that it works in."""

    def __init__(self, facts: Mapping[Place, GitFacts], text: str) -> None:
        self._facts = facts
        self._text = text
        self._repositories: dict[object, Repository] = {}
        self._settings = LineSettings()
        self._end = 0

    def uses(self, assessment: Assessment) -> Iterator[BranchUse]:
        """What the line does to branches, in its order."""
        if assessment.undecidable is not None:
            yield BranchUse("may change", ANY, False)
        for place in self._facts:
            self._repository(place, remote=False)
        for rated in sorted(assessment.commands, key=lambda one: one.command.span[0]):
            command = rated.command
            yield from requests_of(command)
            if checks_out_a_request(command):
                for repository in self._repositories.values():
                    repository.switch(UNKNOWN, certain=False)
            call = git_call(command)
            if call is not None:
                yield from self._call(call)

    def _call(self, call: GitCall) -> Iterator[BranchUse]:
        start, end = call.command.span
        if self._end and not _only_after_success(self._text[self._end : start]):
            for repository in self._repositories.values():
                repository.may_be_as_before()
        self._end = max(self._end, end)
        if any(_runs_something(key, value) for key, value in call.settings):
            yield BranchUse("runs what a setting names, which may change", ANY, False)
        failing = self._text[:start].rstrip().endswith("!")
        for folder in call.folders:
            repository = self._repository((folder, call.git_dir), remote=call.command.remote)
            before = list(repository.current)
            yield from self._resolved(call, repository, depth=0)
            if failing or len(call.folders) > 1:
                repository.may_be_as_before()
            if repository.facts is None and repository.current != before:
                self._any_may_have_switched(repository)

    def _repository(self, place: Place, *, remote: bool) -> Repository:
        known = None if remote else self._facts.get(place)
        key: object = known.place if known is not None else (place, remote)
        found = self._repositories.get(key)
        if found is None:
            found = self._repositories[key] = Repository.opened(known, self._settings)
        return found

    def _any_may_have_switched(self, unknown: Repository) -> None:
        """What is not known may be one of those that are."""
        for repository in self._repositories.values():
            if repository is not unknown:
                repository.current += [(name, False) for name, _ in unknown.current]

    def _resolved(self, call: GitCall, repository: Repository, *, depth: int) -> Iterator[BranchUse]:
        """What a call does, aliases looked up."""
        if call.name and not is_known(call.name):
            yield from self._unknown_name(call, call.name, repository, depth)
            return
        links = dict(repository.facts.links) if repository.facts is not None else {}
        for use in uses_of(call, repository):
            yield use
            behind = links.get(use.ref.removeprefix(HEADS))
            if behind is not None:
                yield replace(use, ref=HEADS + behind)

    def _unknown_name(
        self, call: GitCall, name: str, repository: Repository, depth: int
    ) -> Iterator[BranchUse]:
        values = repository.values(f"alias.{name.lower()}", call.settings)
        if not values or depth >= _MAX_ALIASES or not repository.is_sure(call):
            yield BranchUse(f"runs git {name[:40]}, which may change", ANY, False)
        for value in values if depth < _MAX_ALIASES else ():
            words = _alias_words(value)
            inner = None
            if words is not None:
                inner = git_call(replace(call.command, words=(Word("git"), *words, *call.words)))
            if inner is None:
                yield BranchUse(f"runs an alias (git {name[:40]}) that may change", ANY, False)
                continue
            settings = (*call.settings, *inner.settings)
            inner = replace(inner, folders=call.folders, git_dir=call.git_dir, settings=settings)
            yield from self._resolved(inner, repository, depth=depth + 1)


def _runs_something(key: str, value: str | None) -> bool:
    return _RUNS.fullmatch(key) is not None and value not in _HARMLESS


def _only_after_success(between: str) -> bool:
    """Whether what stands between two commands lets the second run only if the first has worked."""
    return "&&" in between and _BREAKS.search(between.replace("&&", "")) is None


def _alias_words(value: str | None) -> tuple[Word, ...] | None:
    """The words of an alias; None where it is for a shell, or cannot be read."""
    if value is None or value.startswith("!"):
        return None
    try:
        return tuple(map(Word, shlex.split(value)))
    except ValueError:
        return None
