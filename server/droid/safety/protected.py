"""Files that settings protect: patterns as in `.gitignore`, and the paths of `denyRead`.

A pattern is relative to the folder of the level that set it. The organisation's and the user's are relative
to the workspace, and for a path outside to every folder on its way, since any may be somebody's workspace.
Where a pattern can be read in two ways, the one holds that protects more: names compare without case, a
folder that is protected whole counts as protected itself, and no list takes back what another one protects.

Source: https://git-scm.com/docs/gitignore#_pattern_format
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from droid.domain.levels import SettingsLevel
from droid.domain.policy import ListEntry, Policy
from droid.safety.globs import ANY_NAME, Glob, name_glob
from droid.safety.names import Parts, fold_path

NO_READ = "!read:"
_TAKES_BACK = "!"
_FACTORY_FOLDER = ".factory"
_OF_A_FOLDER = frozenset({SettingsLevel.PROJECT, SettingsLevel.FOLDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What patterns are relative to: the workspace and the person's home, symlinks resolved."""

    workspace: PurePath
    home: PurePath


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """One entry.

    Attributes:
        names: Globs; None stands for any number of folders.
        absolute: From the root of the file system.
        below_home: From the person's home.
        reads: What it matches may not be read either.
        only_reads: It may be written.
        takes_back: What an earlier entry of the same list protects is not protected.
        only_folders: It means folders, with all that is in them.
    """

    entry: ListEntry
    names: tuple[Glob | None, ...]
    absolute: bool = False
    below_home: bool = False
    reads: bool = False
    only_reads: bool = False
    takes_back: bool = False
    only_folders: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Protected:
    """The entries of one list: one key of one file.

    Attributes:
        base: What they are relative to, folded; None: any root.
    """

    base: Parts | None
    rules: tuple[_Rule, ...]
    takes_back: bool


def protects_anything(policy: Policy) -> bool:
    """Whether any file is protected by settings."""
    return bool(policy.protected_files or policy.deny_read)


def protects_reading(policy: Policy) -> bool:
    """Whether settings say of any file that it may not be read."""
    return bool(policy.deny_read) or any(entry.text.startswith(NO_READ) for entry in policy.protected_files)


def never_written(names: Iterable[PurePath], here: Here, policy: Policy) -> ListEntry | None:
    """The entry by which a file must not be changed.

    Args:
        names: All absolute names of the file that are known.
    """
    if not policy.protected_files:
        return None
    return _first(names, here, _protected(policy.protected_files, ()), reading=False)


def never_read(names: Iterable[PurePath], here: Here, policy: Policy) -> ListEntry | None:
    """The entry by which a file must not be read."""
    if not protects_reading(policy):
        return None
    return _first(names, here, _protected(policy.protected_files, policy.deny_read), reading=True)


def literal_places(policies: Iterable[Policy], here: Here) -> Iterator[PurePath]:
    """Paths that are protected by their whole name, where they are: they may be links to other files."""
    for policy in policies:
        for protected in _protected(policy.protected_files, policy.deny_read):
            for rule in protected.rules:
                yield from _literal(rule, here)


def _literal(rule: _Rule, here: Here) -> Iterator[PurePath]:
    """Where the part of a rule leads that has no wildcards."""
    text = rule.entry.text.removeprefix(NO_READ).strip()
    anchored = [part for part in text.split("/") if part not in ("", ".")]
    known: list[str] = []
    for part in anchored:
        if part in ("..", "**") or any(char in part for char in "*?[\\"):
            break
        known.append(part)
    if not known or rule.takes_back:
        return
    if rule.absolute:
        yield PurePath("/", *known)
    elif rule.below_home:
        yield here.home.joinpath(*(known[1:] if known[0] == "~" else known))
    else:
        yield (_base_of(rule.entry) or here.workspace).joinpath(*known)


def _first(
    names: Iterable[PurePath], here: Here, found: Iterable[_Protected], *, reading: bool
) -> ListEntry | None:
    folded = [fold_path(name) for name in dict.fromkeys(names)]
    workspace, home = _folded_root(here.workspace), _folded_root(here.home)
    for protected in found:
        for parts in folded:
            entry = _judge(parts, protected, workspace, home, reading=reading)
            if entry is not None:
                return entry
    return None


@lru_cache(maxsize=64)
def _folded_root(path: PurePath) -> Parts:
    return fold_path(path)


def _judge(
    parts: Parts, protected: _Protected, workspace: Parts, home: Parts, *, reading: bool
) -> ListEntry | None:
    """The entry of a list that protects a path, or everything that can lie below it."""
    rules = [
        one for one in protected.rules if one.takes_back or (one.reads if reading else not one.only_reads)
    ]
    # Whatever is put into a folder would be protected: so is the folder.
    parts = (*parts, ANY_NAME)
    starts = _starts(parts, protected.base, workspace)
    hits: dict[int, _Rule] = {}
    for rule in rules:
        begin: frozenset[int] = starts
        if rule.absolute:
            begin = frozenset({1})
        elif rule.below_home:
            begin = frozenset({len(home)}) if parts[: len(home)] == home else frozenset[int]()
        depths = _depths(rule.names, parts, begin)
        if rule.only_folders:
            # The last name may be a file: then only what protects counts.
            depths -= {len(parts), len(parts) - 1} if rule.takes_back else {len(parts)}
        if not depths:
            continue
        if not protected.takes_back:
            return rule.entry
        for depth in depths:
            if rule.takes_back and depth == len(parts) - 1:
                # Whether it is taken back must not hang on what may lie below it.
                hits[len(parts)] = rule
            hits[depth] = rule
    # As git has it: what lies in a folder that is protected cannot be taken back on its own.
    for depth in sorted(hits):
        if not hits[depth].takes_back:
            return hits[depth].entry
    return None


def _starts(parts: Parts, base: Parts | None, workspace: Parts) -> frozenset[int]:
    """Where in a path a pattern may begin."""
    if base is not None:
        return frozenset({len(base)}) if parts[: len(base)] == base else frozenset[int]()
    if parts[: len(workspace)] == workspace:
        return frozenset({len(workspace)})
    return frozenset(range(1, len(parts)))


def _depths(names: tuple[Glob | None, ...], parts: Parts, starts: frozenset[int]) -> frozenset[int]:
    """How many of a path's names a pattern may match, from the first on."""
    if len(names) == 2 and names[0] is None and (name := names[1]) is not None and starts:
        # By far the most common: a name, wherever it is.
        first = min(starts)
        return frozenset(at + 1 for at in range(first, len(parts)) if name.matches(parts[at]))
    reached: frozenset[int] = starts
    for index, glob in enumerate(names):
        if not reached:
            break
        if glob is None:
            first = min(reached) + (index == len(names) - 1)
            reached = frozenset(range(first, len(parts) + 1))
        else:
            reached = frozenset(
                at + 1 for at in sorted(reached) if at < len(parts) and glob.matches(parts[at])
            )
    return reached


@lru_cache(maxsize=256)
def _protected(files: tuple[ListEntry, ...], deny_read: tuple[ListEntry, ...]) -> tuple[_Protected, ...]:
    """The compiled lists; those of equal policies are compiled once."""
    lists: dict[tuple[int, str | None, SettingsLevel], list[_Rule]] = {}
    for entry in files:
        rule = _file_rule(entry)
        if rule is not None:
            key = (entry.part, entry.source.file, entry.source.level)
            lists.setdefault(key, []).append(rule)
    found = [_listed(rules) for rules in lists.values()]
    found += [_listed([rule]) for entry in deny_read if (rule := _read_rule(entry)) is not None]
    return tuple(found)


def _listed(rules: list[_Rule]) -> _Protected:
    base = _base_of(rules[0].entry)
    return _Protected(
        base=None if base is None else fold_path(base),
        rules=tuple(rules),
        takes_back=any(rule.takes_back for rule in rules),
    )


def _base_of(entry: ListEntry) -> PurePath | None:
    """The folder that an entry is relative to; None where it holds in any root."""
    source = entry.source
    if source.level not in _OF_A_FOLDER or source.file is None:
        return None
    folder = PurePath(source.file).parent
    return folder.parent if folder.name == _FACTORY_FOLDER else folder


def _file_rule(entry: ListEntry) -> _Rule | None:
    text = entry.text
    reads = text.startswith(NO_READ)
    text = text.removeprefix(NO_READ)
    takes_back = text.startswith(_TAKES_BACK) and len(text) > 1
    text = text[1:] if takes_back else text
    below_home = text.startswith("~/")
    names = _names(text[2:] if below_home else text, anchored=below_home)
    if not names:
        return None
    return _Rule(
        entry=entry,
        names=names,
        below_home=below_home,
        reads=reads,
        takes_back=takes_back,
        only_folders=text.rstrip(" ").endswith("/"),
    )


def _read_rule(entry: ListEntry) -> _Rule | None:
    """A path rather than a pattern: one that is absolute begins at the root of the file system."""
    text = entry.text
    below_home = text == "~" or text.startswith("~/")
    names = _names(text[1:] if below_home else text, anchored=True)
    if not names and not below_home and text.strip("/ ") == "" and not text.startswith("/"):
        return None
    return _Rule(
        entry=entry,
        names=names or (None,),
        absolute=text.startswith("/"),
        below_home=below_home,
        reads=True,
        only_reads=True,
    )


def _names(text: str, *, anchored: bool) -> tuple[Glob | None, ...]:
    """The globs of a pattern; empty where it names nothing."""
    if text.endswith(" ") and not text.endswith("\\ "):
        text = text.rstrip(" ")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    anchored = anchored or "/" in text.rstrip("/")
    if ".." in parts:
        # Where it leads is not known here: the rest holds anywhere.
        parts = parts[len(parts) - parts[::-1].index("..") :]
        anchored = False
    if not parts:
        return ()
    names = [None if part == "**" else name_glob(part) for part in parts]
    if not anchored:
        names.insert(0, None)
    return tuple(name for index, name in enumerate(names) if index == 0 or name or names[index - 1])
