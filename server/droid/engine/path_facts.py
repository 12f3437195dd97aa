"""Finds out where the paths of a call lead: links, hard links, globs, and what goes with a folder.

Two looks: the first resolves what the call names. Which settings hold hangs on where that is, so the second
comes after them, and only where they protect something: it finds further names of the same files and what
lies in the folders that are touched as a whole. Both are bounded; what is over a bound is asked about.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from droid.domain.policy import Policy
from droid.engine.other_names import OtherNames
from droid.engine.ports import FileId, PathResolver
from droid.safety.command_paths import MAX_PATHS, expands_widely, used_paths
from droid.safety.commands.model import Assessment
from droid.safety.facts import CallFacts, PathFact
from droid.safety.globs import ANY_NAME, Glob, is_glob, name_glob
from droid.safety.names import fold_name
from droid.safety.paths import names_guarded, secret_path
from droid.safety.protected import (
    Here,
    literal_places,
    never_read,
    never_written,
    protects_anything,
    protects_reading,
)
from droid.safety.used_paths import Use, UsedPath

_TOO_MANY = "the command touches too many paths to check, or too long ones"
MAX_LOOKED_AT = 5_000
"""So many files are looked at for names that nothing on a path can tell."""
_MAX_STEPS = 4_000
"""So many names may stand in all paths of a line together: each is a folder that has a say in what holds."""
_MAX_BELOW_UNPROTECTED = 500
_MAX_EXPANDED = 2_000
_MAX_RESOLVED = 50
_MAX_HELD = 8
_MAX_PLACES = 64


@dataclass(frozen=True, slots=True)
class _Tree:
    """A folder that goes somewhere, or away, with all that is in it.

    Attributes:
        seen_as: What its own path becomes: for what is copied, the target.
        only: A glob that names have to match.
    """

    folder: Path
    seen_as: Path
    only: Glob | None = None


class PathFacts:
    """The paths of one call."""

    def __init__(
        self, paths: PathResolver, *, cwd: Path, workspace: Path, home: Path, factory_home: Path
    ) -> None:
        """Look from a folder.

        Args:
            workspace: Symlinks resolved, as `home` and `factory_home`.
        """
        self._paths = paths
        self._cwd = cwd
        self._workspace = workspace
        self._home = home
        self._other_names = OtherNames(paths, home=home, factory_home=factory_home, workspace=workspace)
        self._trees: dict[PathFact, tuple[_Tree, ...]] = {}
        self._listed: list[tuple[UsedPath, tuple[Path, ...]]] = []
        self._linked: Mapping[FileId, Sequence[Path]] | None = None
        self.unchecked: str | None = None

    def of(self, path: Path, *, named: str | None = None, certain: bool = True) -> PathFact:
        """What is to be known of one path."""
        absolute = self._cwd / path
        real = self._paths.real(absolute)
        also = self._other_names.of(real)
        inside = real.is_relative_to(self._workspace)
        inside = inside and (also is None or also.is_relative_to(self._workspace))
        names: Sequence[PurePath] = ()
        if real != absolute:
            names = [name for name in self._paths.ways(absolute) if name not in (real, absolute)]
        return PathFact(
            named=str(path) if named is None else named,
            real=real,
            in_workspace=inside,
            also=also,
            names=tuple(names),
            certain=certain,
        )

    def of_command(self, assessment: Assessment, line: str) -> tuple[list[PathFact], list[PathFact]]:
        """The paths that a line reads, and those that it changes."""
        reads: dict[PathFact, None] = {}
        writes: dict[PathFact, None] = {}
        count = steps = 0
        made: list[tuple[Path, Path]] = []
        widely: bool | None = None
        for used in used_paths(assessment, line):
            if used.glob and widely is None:
                widely = expands_widely(assessment)
            for path in self._expanded(used, widely=bool(widely)):
                count += 1
                steps += len(path.parts)
                if count > MAX_PATHS or steps > _MAX_STEPS:
                    self.unchecked = _TOO_MANY
                    return list(reads), list(writes)
                facts = dict.fromkeys(self._facts(used, path))
                (reads if used.use is Use.READ else writes).update(facts)
                made += (pair for fact in facts for pair in self._made_links(used, fact))
        return [self._through(made, fact) for fact in reads], [self._through(made, fact) for fact in writes]

    def _made_links(self, used: UsedPath, fact: PathFact) -> Iterator[tuple[Path, Path]]:
        """The links that a line makes: what comes after them in the line may go through them."""
        for target in used.leads_to:
            link = Path(fact.real)
            for base in (link.parent, self._base(used)):
                yield link, self._paths.real(base / target)

    def _through(self, made: Sequence[tuple[Path, Path]], fact: PathFact) -> PathFact:
        """The fact, with what it may be once the links are made."""
        ends = [
            self._paths.real(end / fact.real.relative_to(link))
            for link, end in made
            if fact.real.is_relative_to(link) and fact.real != end
        ]
        if not ends:
            return fact
        names = tuple(dict.fromkeys((*fact.names, *ends)))
        outside = any(not end.is_relative_to(self._workspace) for end in ends)
        changed = replace(fact, names=names, in_workspace=fact.in_workspace and not outside)
        if fact in self._trees:
            self._trees[changed] = self._trees[fact]
        return changed

    def _expanded(self, used: UsedPath, *, widely: bool) -> Iterator[Path]:
        """The paths that a word stands for, as they are named."""
        base = self._base(used)
        path = base / used.text if base != self._cwd else Path(used.text)
        if not used.glob or not is_glob(used.text):
            yield path
            return
        if used.folder is None:
            yield path  # judged by what it could match
            return
        found = self._paths.expand(self._cwd / path, _MAX_EXPANDED, widely=widely)
        if found is None:
            self.unchecked = _TOO_MANY
            return
        if len(found) > _MAX_RESOLVED:
            # Of so many, only one of each folder is resolved, and those whose names say something or nothing.
            self._listed.append((used, tuple(found)))
            special = (path for path in found if path.is_symlink() or self._is_special(path))
            yield from dict.fromkeys((*special, *{path.parent: path for path in found}.values()))
            return
        # Where nothing matches, the shell takes the glob as it is written.
        yield from found or (path,)

    def _is_special(self, path: Path) -> bool:
        return secret_path(path, self._home) is not None or names_guarded(path) is not None

    def _base(self, used: UsedPath) -> Path:
        return self._cwd / used.folder if used.folder else self._cwd

    def _facts(self, used: UsedPath, path: Path) -> Iterator[PathFact]:
        fact = self.of(path, certain=used.certain)
        if used.folder is None or used.text.startswith(ANY_NAME):
            # Wherever it is: only its names say something.
            fact = replace(fact, in_workspace=True)
        real = Path(fact.real)
        puts = used.puts or used.puts_all
        folder = bool(used.whole or puts) and self._paths.is_folder(real)
        trees: list[_Tree] = []
        if used.whole and folder:
            trees.append(_Tree(real, real, name_glob(used.only) if used.only else None))
        base = self._base(used)
        if puts:
            trees += [_Tree(self._paths.real(base / source), real) for source in used.puts_all]
            if folder or used.text.endswith("/"):
                yield from (self.of(Path(path, name), certain=used.certain) for name in used.puts)
        if trees:
            self._trees[fact] = (*self._trees.get(fact, ()), *trees)
        yield fact

    # --- the second look -------------------------------------------------------------------------

    def completed(self, facts: CallFacts, policies: Sequence[Policy]) -> CallFacts:
        """The facts with what hangs on the settings that hold."""
        protecting = [policy for policy in policies if protects_anything(policy)]
        if not protecting and not self._trees:
            return facts
        here = Here(workspace=facts.workspace, home=facts.home)
        facts = self._with_listed(facts, protecting, here)
        links = list(self._links(protecting, here)) if protecting else []
        reading = [policy for policy in protecting if protects_reading(policy)]
        reads = tuple(self._complete(path, Use.READ, reading, here, links) for path in facts.reads)
        writes = tuple(self._complete(path, Use.WRITE, protecting, here, links) for path in facts.writes)
        return replace(facts, reads=reads, writes=writes, unchecked=self.unchecked)

    def _with_listed(self, facts: CallFacts, protecting: Sequence[Policy], here: Here) -> CallFacts:
        """With what settings protect among the many paths that a glob stands for."""
        for used, paths in self._listed:
            hits = [path for path in paths if _matters(path, used.use, protecting, here)][:_MAX_HELD]
            found = tuple(self.of(path, certain=used.certain) for path in hits)
            if used.use is Use.READ:
                facts = replace(facts, reads=(*facts.reads, *found))
            else:
                facts = replace(facts, writes=(*facts.writes, *found))
        return facts

    def _complete(
        self,
        path: PathFact,
        use: Use,
        protecting: Sequence[Policy],
        here: Here,
        links: Sequence[tuple[PurePath, PurePath]],
    ) -> PathFact:
        trees = self._trees.get(path, ())
        holds = tuple(self._held(trees, use, protecting, here)) if trees else ()
        names = list(path.names)
        if protecting:
            real = Path(path.real)
            names += [
                place / path.real.relative_to(end) for end, place in links if path.real.is_relative_to(end)
            ]
            identity = self._paths.shared(real)
            if identity is not None:
                names += self._linked_files().get(identity, ())
        if not holds and len(names) == len(path.names):
            return path
        return replace(path, names=tuple(dict.fromkeys(names)), holds=holds)

    def _linked_files(self) -> Mapping[FileId, Sequence[Path]]:
        if self._linked is None:
            self._linked = self._paths.linked_files(self._workspace, MAX_LOOKED_AT)
        return self._linked

    def _links(self, protecting: Sequence[Policy], here: Here) -> Iterator[tuple[PurePath, PurePath]]:
        """Where protected names lead that are links: the end, and the name."""
        for index, place in enumerate(dict.fromkeys(literal_places(protecting, here))):
            if index >= _MAX_PLACES:
                return
            real = self._paths.real(Path(place))
            if real != place:
                yield real, place

    def _held(
        self, trees: Sequence[_Tree], use: Use, protecting: Sequence[Policy], here: Here
    ) -> Iterator[PurePath]:
        """What lies in folders that are touched as a whole, as far as it deserves a look."""
        found = 0
        for tree in trees:
            if use is Use.READ and Path(here.home).is_relative_to(tree.folder):
                yield here.home
                continue
            if use is Use.READ and not protecting:
                continue
            limit = MAX_LOOKED_AT if protecting else _MAX_BELOW_UNPROTECTED
            paths, complete = self._paths.below(tree.folder, limit)
            if not complete and protecting:
                self.unchecked = _TOO_MANY
            for path in paths:
                if tree.only is not None and not tree.only.matches(fold_name(path.name)):
                    continue
                seen = tree.seen_as / path.relative_to(tree.folder)
                if _matters(seen, use, protecting, here):
                    yield seen
                    found += 1
                    if found >= _MAX_HELD:
                        return


def _matters(path: Path, use: Use, protecting: Sequence[Policy], here: Here) -> bool:
    if use is Use.READ:
        return any(never_read((path,), here, policy) for policy in protecting)
    if path.name in (".git", ".factory") or names_guarded(path) is not None:
        return True
    return any(never_written((path,), here, policy) for policy in protecting)


def seen_again(path: Path, facts: CallFacts, paths: PathResolver, policies: Sequence[Policy]) -> PathFact:
    """What is to be known of a path of a call now, later than when the call was judged."""
    now = PathFacts(
        paths,
        cwd=Path(facts.cwd),
        workspace=Path(facts.workspace),
        home=Path(facts.home),
        factory_home=Path(facts.factory_home),
    )
    fact = now.of(path)
    (completed,) = now.completed(replace(facts, reads=(), writes=(fact,)), policies).writes
    return completed
