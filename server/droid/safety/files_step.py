"""What the gate's `files` step says of a call: protected files and branches, secrets, guarded places.

A deny of any path counts before an ask of another one, whatever their order.
"""

from collections.abc import Iterator
from pathlib import PurePath

from droid.domain.decisions import Step, TraceEntry
from droid.domain.levels import Verdict
from droid.domain.policy import ListEntry, Policy
from droid.safety.branches import judge_branches, protected_ref
from droid.safety.facts import CallFacts, PathFact
from droid.safety.globs import is_glob
from droid.safety.names import lexical
from droid.safety.paths import guarded_read, guarded_write, may_be_secret, names_guarded
from droid.safety.protected import Here, never_read, never_written

_NOTHING = TraceEntry(step=Step.FILES, verdict=None, rule="no guarded path is touched")


def judge_files(facts: CallFacts, policy: Policy) -> TraceEntry:
    """The entry of the step."""
    asked: TraceEntry | None = None
    for entry in _entries(facts, policy):
        if entry.verdict is Verdict.DENY:
            return entry
        asked = asked or entry
    return asked or _NOTHING


def read_objection(path: PathFact, facts: CallFacts, policy: Policy) -> TraceEntry | None:
    """What is to be said of a path that is read."""
    return next(_read(path, facts, policy), None)


def write_objection(path: PathFact, facts: CallFacts, policy: Policy) -> TraceEntry | None:
    """What is to be said of a path that is changed: a deny, where there is one."""
    entries = list(_written(path, facts, policy))
    return next(
        (entry for entry in entries if entry.verdict is Verdict.DENY), entries[0] if entries else None
    )


def _entries(facts: CallFacts, policy: Policy) -> Iterator[TraceEntry]:
    for path in facts.reads:
        yield from _read(path, facts, policy)
    for path in facts.writes:
        yield from _written(path, facts, policy)
    if facts.assessment is not None and policy.protected_branches:
        said = judge_branches(facts.assessment, policy, facts.repositories, facts.command or "")
        if said is not None:
            verdict, entry, deed = said
            yield _by(entry, verdict, f"{deed}: protectedBranches", deed)
    if facts.assessment is not None and facts.assessment.undecidable is not None and policy.protected_files:
        rule = f"may change a file of protectedFiles: {facts.assessment.undecidable}"
        yield _by(policy.protected_files[0], Verdict.ASK, rule, facts.assessment.undecidable)
    if facts.unchecked is not None:
        yield TraceEntry(step=Step.FILES, verdict=Verdict.ASK, rule=facts.unchecked)


def names_of(path: PathFact, facts: CallFacts) -> tuple[PurePath, ...]:
    """All names of a file that are known, absolute."""
    named = facts.cwd / path.named
    also = (path.also,) if path.also is not None else ()
    return tuple(dict.fromkeys((path.real, lexical(named), *also, *path.names)))


def _read(path: PathFact, facts: CallFacts, policy: Policy) -> Iterator[TraceEntry]:
    verdict = Verdict.DENY if path.certain else Verdict.ASK
    verb = "reads" if path.certain else "may read"
    names = names_of(path, facts)
    why = guarded_read(
        facts.cwd / path.named,
        path.real,
        home=facts.home,
        factory_home=facts.factory_home,
        also=path.also,
        names=path.names,
    )
    if why is None and is_glob(path.named) and not path.certain:
        why = may_be_secret(lexical(facts.cwd / path.named), facts.home)
    if why is not None:
        yield TraceEntry(step=Step.FILES, verdict=verdict, rule=f"{verb} a secret: {why}", matched=path.named)
    here = Here(workspace=facts.workspace, home=facts.home)
    entry = never_read(names, here, policy)
    if entry is not None:
        yield _by(entry, verdict, f"{verb} what {_key(entry, policy)} keeps from being read", path.named)
    for held in path.holds:
        entry = never_read((held,), here, policy)
        if entry is not None:
            rule = f"may read what {_key(entry, policy)} keeps from being read"
            yield _by(entry, Verdict.ASK, rule, str(held))
        elif held in (facts.home, facts.factory_home):
            yield TraceEntry(
                step=Step.FILES, verdict=Verdict.ASK, rule="reads all of the home folder", matched=str(held)
            )


def _written(path: PathFact, facts: CallFacts, policy: Policy) -> Iterator[TraceEntry]:
    here = Here(workspace=facts.workspace, home=facts.home)
    names = names_of(path, facts)
    entry = never_written(names, here, policy)
    if entry is not None:
        yield _changed(entry, str(path.real), certain=path.certain)
    for name in (*names, *path.holds):
        entry = protected_ref(name, policy)
        if entry is not None:
            verdict = Verdict.DENY if path.certain else Verdict.ASK
            yield _by(entry, verdict, "changes the file of a branch of protectedBranches", str(name))
    for held in path.holds:
        entry = never_written((held,), here, policy)
        if entry is not None:
            yield _changed(entry, str(held), certain=path.certain)
        elif path.certain and (why := names_guarded(held)) is not None:
            yield _ask(f"changes {why}", held)
    if path.certain:
        names = names_of(path, facts)
        why = guarded_write(names, factory_home=facts.factory_home, in_workspace=path.in_workspace)
        if why is not None:
            yield _ask(f"changes {why}", path.real)
        return
    for name in names:
        if (why := names_guarded(name)) is not None:
            yield _ask(f"may change {why}", name)


def _changed(entry: ListEntry, matched: str, *, certain: bool) -> TraceEntry:
    verb = "changes" if certain else "may change"
    return _by(entry, Verdict.DENY if certain else Verdict.ASK, f"{verb} a file of protectedFiles", matched)


def _ask(rule: str, path: PurePath) -> TraceEntry:
    return TraceEntry(step=Step.FILES, verdict=Verdict.ASK, rule=rule, matched=str(path))


def _key(entry: ListEntry, policy: Policy) -> str:
    return "protectedFiles" if entry in policy.protected_files else "denyRead"


def _by(entry: ListEntry | None, verdict: Verdict, rule: str, matched: str) -> TraceEntry:
    """An entry that says which setting decides."""
    if entry is None:
        return TraceEntry(step=Step.FILES, verdict=verdict, rule=rule, matched=matched)
    return TraceEntry(
        step=Step.FILES,
        verdict=verdict,
        rule=f"{rule} ({entry.text[:200]})",
        level=entry.source.level,
        file=entry.source.file,
        matched=matched,
    )
