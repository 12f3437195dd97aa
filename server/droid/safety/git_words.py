"""Reads the words of a git command line: options of git itself, the subcommand, and what belongs to it.

Source: https://git-scm.com/docs/git#_options and https://git-scm.com/docs/gitcli
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from droid.safety.commands.model import Assessment, SimpleCommand
from droid.safety.commands.words import UNKNOWN, Word

_GIT = frozenset({"git", "hub", "git.exe"})
_APART = frozenset({"git-lfs", "git-secret", "git-crypt", "git-cola", "git-gui", "git-annex", "git-delta"})
_WITH_VALUE = frozenset(
    {"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env", "--attr-source"}
)
_SETTINGS = "GIT_CONFIG_"
_WILDCARD = re.compile(r"\?|\[[^\]]*\]")
_WORK_FOLDERS = frozenset({"GIT_DIR", "GIT_COMMON_DIR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GitCall:
    """One git command.

    Attributes:
        name: The subcommand; None where it is not known, empty where there is none.
        words: What stands behind it.
        folders: Where it may work: relative to where the line starts, or absolute; None: not known.
        git_dir: The folder that it takes for the repository, where it is told one; None where it looks.
        settings: Configuration that it is given on the way: keys as git compares them, values None where
            they are not known.
        settings_unknown: It may be given more that is not known.
    """

    command: SimpleCommand
    name: str | None
    words: tuple[Word, ...] = ()
    folders: tuple[str | None, ...] = ("",)
    git_dir: str | None = None
    settings: tuple[tuple[str, str | None], ...] = ()
    settings_unknown: bool = False


@dataclass(slots=True)
class Options:
    """The words of a subcommand, sorted.

    Attributes:
        flags: Options without their values, as written.
        values: Of each option that has one.
        operands: What is neither; those behind `--` are in `paths` as well.
        unsure: A word may be several, or is not known and may be an option.
    """

    flags: list[str] = field(default_factory=list[str])
    values: dict[str, list[Word]] = field(default_factory=dict[str, list[Word]])
    operands: list[Word] = field(default_factory=list[Word])
    paths: list[Word] = field(default_factory=list[Word])
    unsure: bool = False

    def has(self, *names: str) -> bool:
        """Whether one of these was given, also shortened (`--del`) or bundled (`-fd`)."""
        for flag in self.flags:
            for name in names:
                if name == flag or (len(flag) > 3 and name.startswith(flag) and flag.startswith("--")):
                    return True
                if len(name) == 2 and name[1] in flag[1:] and not flag.startswith("--"):
                    return True
        return False

    def value(self, *names: str) -> Word | None:
        """The last value of an option."""
        found = [word for name in names for word in self.values.get(name, ())]
        return found[-1] if found else None


def git_calls(assessment: Assessment) -> Iterator[GitCall]:
    """Every git command of a line, in the order in which they stand there."""
    for rated in sorted(assessment.commands, key=lambda one: one.command.span[0]):
        call = git_call(rated.command)
        if call is not None:
            yield call


def git_call(command: SimpleCommand) -> GitCall | None:
    """Read a command; None where it is not git."""
    program = command.program
    if program is None:
        return None
    program = program.lower()
    folders: tuple[str | None, ...] = tuple(
        folder.text if folder.known else None for folder in command.folders
    ) or ("",)
    if program.startswith("git-") and program not in _APART:
        name = program.removeprefix("git-").removesuffix(".exe")
        settings, unknown, git_dir = _environment(command.assignments)
        return GitCall(
            command=command,
            name=name,
            words=tuple(map(_expandable, command.words[1:])),
            folders=folders,
            git_dir=git_dir,
            settings=settings,
            settings_unknown=unknown,
        )
    return _read(command, folders) if program in _GIT else None


def _read(command: SimpleCommand, folders: tuple[str | None, ...]) -> GitCall:
    given, unknown, git_dir = _environment(command.assignments)
    settings = list(given)
    words, at = command.words[1:], 0
    name: str | None = ""
    while at < len(words):
        word = words[at]
        at += 1
        if not word.known or word.may_split:
            name = None
            break
        text = word.text
        if not text.startswith("-") or text == "-":
            name = text
            break
        option, equals, attached = text.partition("=")
        if option not in _WITH_VALUE:
            if option[:2] in ("-C", "-c") and len(text) > 2:
                name = None  # git takes no attached values here: it would fail, or be a newer one
            continue
        if equals and option.startswith("--"):
            value = Word(attached)
        elif at < len(words):
            value = words[at]
            at += 1
        else:
            break
        if option == "-C":
            folders = tuple(_joined(folder, value) for folder in folders)
        elif option == "-c":
            settings.append(_setting(value.text))
        elif option == "--config-env":
            settings.append((_key(value.text.partition("=")[0]), None))
        elif option == "--git-dir":
            git_dir = value.text
    return GitCall(
        command=command,
        name=name,
        words=tuple(map(_expandable, words[at:])),
        folders=folders,
        git_dir=git_dir,
        settings=tuple(settings),
        settings_unknown=unknown or any(key.startswith("include") for key, _ in settings),
    )


def _expandable(word: Word) -> Word:
    """A word that the shell may make the name of a file of."""
    if not word.glob:
        return word
    return Word(_WILDCARD.sub(UNKNOWN, word.text), word.glob, word.may_split)


def _environment(
    assignments: Sequence[tuple[str, Word]],
) -> tuple[tuple[tuple[str, str | None], ...], bool, str | None]:
    """Settings and repository that a command gets by variables, and whether there may be more settings."""
    given = {name: value.text for name, value in assignments}
    keys = [name for name in given if name.startswith("GIT_CONFIG_KEY_")]
    found = tuple(
        (_key(given[name]), _value(given.get(name.replace("_KEY_", "_VALUE_"), UNKNOWN))) for name in keys
    )
    more = any(name.startswith(_SETTINGS) and "_KEY_" not in name and "_VALUE_" not in name for name in given)
    unknown = (more and not keys) or any(UNKNOWN in given[name] for name in keys)
    unknown = unknown or "HOME" in given or "XDG_CONFIG_HOME" in given or "GIT_CONFIG_PARAMETERS" in given
    return found, unknown, next((given[name] for name in given if name in _WORK_FOLDERS), None)


def _setting(text: str) -> tuple[str, str | None]:
    key, equals, value = text.partition("=")
    return _key(key), _value(value) if equals else "true"


def _value(text: str) -> str | None:
    return None if UNKNOWN in text else text


def _key(text: str) -> str:
    """Section and name without case, what stands between them as it is."""
    section, dot, rest = text.partition(".")
    middle, dot2, last = rest.rpartition(".")
    return f"{section.lower()}{dot}{middle}{dot2}{last.lower()}"


def setting_key(text: str) -> str:
    """A key as git compares it: `branch.Main.pushRemote` is `branch.Main.pushremote`."""
    return _key(text)


def _joined(folder: str | None, value: Word) -> str | None:
    if not value.known:
        return None
    if value.text.startswith("/") or folder == "":
        return value.text
    return None if folder is None else f"{folder}/{value.text}"


def options_of(words: Iterable[Word], with_value: Iterable[str] = ()) -> Options:
    """Sort the words of a subcommand.

    Args:
        with_value: Options whose value may be a word of its own.
    """
    found = Options()
    valued = frozenset(with_value)
    todo = list(words)
    ended = False
    while todo:
        word = todo.pop(0)
        text = word.text
        if word.may_split or text.startswith(UNKNOWN):
            found.unsure = True
        if ended or not text.startswith("-") or text == "-":
            found.operands.append(word)
            if ended:
                found.paths.append(word)
            continue
        if text == "--":
            ended = True
            continue
        option, equals, attached = text.partition("=")
        if not text.startswith("--"):
            option, equals, attached = _short(text, valued)
        found.flags.append(option)
        name = _valued(option, valued)
        if equals:
            found.values.setdefault(name or option, []).append(Word(attached))
        elif name is not None and todo:
            found.values.setdefault(name, []).append(todo.pop(0))
    return found


def _short(text: str, valued: frozenset[str]) -> tuple[str, str, str]:
    """A bundle of letters up to the first that takes a value: `-fomain` is `-fo` with `main`."""
    for index in range(1, len(text) - 1):
        if f"-{text[index]}" in valued:
            return text[: index + 1], "=", text[index + 1 :]
    return text, "", ""


def _valued(option: str, valued: frozenset[str]) -> str | None:
    if option in valued:
        return option
    if option.startswith("--"):
        return next((name for name in valued if len(option) > 3 and name.startswith(option)), None)
    return f"-{option[-1]}" if f"-{option[-1]}" in valued else None
