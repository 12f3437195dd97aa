"""Paths of git commands: one may stand behind a revision, and some commands change every file."""

import re
from collections.abc import Iterator

from droid.safety.commands.model import RatedCommand, Touch
from droid.safety.commands.words import Word
from droid.safety.git_words import GitCall, options_of
from droid.safety.used_paths import USES, Use, UsedPath, paths_of

_WHOLE_TREE = frozenset({"am", "apply", "checkout-index", "clean"})
_STASHES_AWAY = frozenset({"clear", "create", "drop", "export", "import", "list", "show", "store"})
"""Of `git stash`, what leaves the files as they are."""
_REVISION = re.compile(r":[0-3]:|[^:/.][^:]*:|:")
_CHANGES_NOTHING = ("-n", "--dry-run", "--check", "--stat", "--numstat", "--summary")
_SHOWS = frozenset({"archive", "log", "show", "diff", "stash", "format-patch", "whatchanged", "range-diff"})


def paths_of_git(call: GitCall, rated: RatedCommand) -> Iterator[UsedPath]:
    """The paths that a git command touches, where the table does not tell."""
    effects = rated.effects
    command = rated.command
    folders = tuple(touched.word for touched in effects.touched if touched.how is Touch.FOLDER)
    written = [touched.word for touched in effects.touched if touched.how is Touch.WRITE]
    moved = written[:-1] if call.name == "mv" else []
    for touched in effects.touched:
        word = touched.word
        if touched.how in USES and USES[touched.how] is Use.READ:
            whole = call.name == "grep"
            for path in _behind_revision(word):
                yield from paths_of(Use.READ, path, command, folders, whole=whole)
        elif touched.how in (Touch.WRITE, Touch.DELETE):
            whole = touched.how is Touch.DELETE or word in moved
            yield from paths_of(Use.WRITE, word, command, folders, whole=whole, puts=moved)
    if call.name in ("checkout", "restore", "reset", "stage", "add"):
        options = options_of(call.words, ("-b", "-B", "-s", "--source", "--orphan", "--pathspec-from-file"))
        words = options.operands if call.name == "restore" else options.paths
        changes = call.name in ("checkout", "restore")
        if call.name == "checkout" and not options.paths:
            words = [word for word in options.operands if word.text in (".", "./", ":/", "*")]
        if call.name == "restore" and options.has("--staged", "-S") and not options.has("--worktree", "-W"):
            changes = False
        if changes:
            for word in words:
                path = Word(
                    word.text.removeprefix(":/").removeprefix(":(top)") or ".", word.glob, word.may_split
                )
                yield from paths_of(Use.WRITE, path, command, folders)
                yield from paths_of(Use.WRITE, path, command, folders, whole=True, certain=False)
        if call.name == "reset" and options.has("--hard", "--merge", "--keep"):
            yield from paths_of(Use.WRITE, Word("."), command, folders, whole=True, certain=False)
    elif _puts_other_content(call):
        yield from paths_of(Use.WRITE, Word("."), command, folders, whole=True, certain=False)
    elif call.name in _WHOLE_TREE and not options_of(call.words).has(*_CHANGES_NOTHING):
        yield from paths_of(Use.WRITE, Word("."), command, folders, whole=True, certain=call.name == "clean")
    elif call.name == "grep" and not any(one.how is Touch.READ for one in effects.touched):
        yield from paths_of(Use.READ, Word("."), command, folders, whole=True, certain=False)
    elif call.name in _SHOWS:
        options = options_of(call.words, ("-o", "--output", "--prefix", "--format", "-n", "--max-count"))
        for word in options.operands if call.name == "archive" else options.paths:
            yield from paths_of(Use.READ, word, command, folders)


def _puts_other_content(call: GitCall) -> bool:
    """Whether all files, or what of them is to be committed, may be replaced by what somebody has made up."""
    options = options_of(call.words)
    if call.name == "stash":
        first = next((word.text for word in options.operands), "")
        return first not in _STASHES_AWAY
    if call.name == "read-tree":
        return options.has("-u")
    return call.name == "update-index" and options.has("--cacheinfo", "--index-info")


def _behind_revision(word: Word) -> Iterator[Word]:
    """`HEAD:secrets/key` shows a file as it was."""
    yield word
    match = _REVISION.match(word.text)
    if match is not None and match.end() < len(word.text):
        yield Word(word.text[match.end() :], word.glob, word.may_split)
