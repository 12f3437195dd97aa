"""What git commands do to branches: push to them, put them somewhere else, delete them.

Every way in which git lets somebody name a branch ends in a full name of a reference here. What hangs on
the repository (the branch that is checked out, where a plain push goes, an alias) comes from `Repository`.

Source: https://git-scm.com/docs/git#_git_commands
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from droid.safety.branch_pushes import push, send_pack, subtree
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.git_state import ANY, HEAD_NAMES, HEADS, BranchUse, Repository, branch_ref, moved
from droid.safety.git_words import GitCall, Options, options_of, setting_key

_FETCH_VALUES = (
    "-o", "--server-option", "-j", "--jobs", "--depth", "--deepen", "--shallow-since", "--shallow-exclude",
    "--upload-pack", "--negotiation-tip", "--filter", "-s", "--strategy", "-X", "--strategy-option",
    "--refmap",
)  # fmt: skip
_REBASE_VALUES = (
    "--onto", "-s", "--strategy", "-X", "--strategy-option", "-x", "--exec", "-C", "--whitespace", "--empty",
)  # fmt: skip
_BRANCH_VALUES = ("-u", "--set-upstream-to", "--sort", "--format", "--points-at", "--contains")
_CHECKOUT_VALUES = ("-b", "-B", "--orphan", "-U", "--pathspec-from-file", "--conflict")
_SWITCH_VALUES = ("-c", "--create", "-C", "--force-create", "--orphan", "--conflict")
_MODES = ("--soft", "--mixed", "--hard", "--merge", "--keep")
_REVISION = re.compile(
    r"(?:HEAD|@)(?:[~^@{].*)?|[0-9a-fA-F]{7,64}|.*[~^].*|.*@\{.*|(?:refs|origin|upstream)/.*"
)


def uses_of(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    """What a git command does to branches, and what it changes of the repository's state."""
    judge = _COMMANDS.get(call.name or "")
    if call.name is None:
        yield BranchUse("may change", ANY, False)
    elif judge is not None:
        yield from judge(call, repository)


def is_known(name: str) -> bool:
    """Whether a subcommand is git's own, and so never an alias."""
    return name in _COMMANDS or name in _OTHERS


# --- branches of this repository -------------------------------------------------------------------


def _reset(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, ("--pathspec-from-file",))
    before = options.operands[: len(options.operands) - len(options.paths)]
    if options.paths or options.has("-p", "--patch", "--pathspec-from-file"):
        return
    if options.has(*_MODES):
        yield from repository.uses("resets")
    elif len(before) == 1 and before[0].text not in HEAD_NAMES:
        for use in repository.uses("resets"):
            # What looks like no revision may be a file whose change is unstaged.
            sure = bool(_REVISION.fullmatch(before[0].text)) or before[0].text in repository.branches
            yield BranchUse("resets" if sure else "may reset", use.ref, use.certain and sure)
    if options.unsure:
        yield from (BranchUse("may reset", use.ref, False) for use in repository.uses(""))


def _rebase(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, _REBASE_VALUES)
    if options.has("--abort", "--quit", "--edit-todo", "--show-current-patch"):
        return
    if options.has("--continue", "--skip"):
        if repository.facts is None:
            yield BranchUse("may reset", ANY, False)
        elif repository.facts.rebasing is not None:
            yield BranchUse("resets", HEADS + repository.facts.rebasing)
        return
    at = 0 if options.has("--root") else 1
    if len(options.operands) > at:
        yield from moved("resets", options.operands[at])
        repository.switch(options.operands[at].text, certain=False)
    else:
        yield from repository.uses("resets")
    if options.has("--update-refs") or options.unsure:
        yield BranchUse("may reset", ANY, False)


def _branch(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, _BRANCH_VALUES)
    operands, forced = options.operands, options.has("-f", "--force")
    if options.unsure:
        yield BranchUse("may change", ANY, False)
    upstream = options.value("-u", "--set-upstream-to")
    if upstream is not None:
        names = [operands[0].text] if operands else [name for name, _ in repository.current]
        merge = upstream.text.partition("/")[2] or upstream.text
        repository.line.values += [(setting_key(f"branch.{name}.merge"), HEADS + merge) for name in names]
    elif options.has("-d", "-D", "--delete"):
        if not options.has("-r", "--remotes"):
            for word in operands:
                yield from moved("deletes", word)
    elif options.has("-m", "-M", "--move"):
        forced = forced or options.has("-M")
        if len(operands) > 1:
            yield from moved("deletes", operands[0])
        elif operands:
            yield from repository.uses("deletes")
            repository.switch(operands[-1].text, certain=False)
        if operands:
            yield from moved("resets", operands[-1], certain=forced)
    elif options.has("-c", "-C", "--copy"):
        if operands and (forced or options.has("-C")):
            yield from moved("resets", operands[-1])
    elif forced and operands:
        yield from moved("resets", operands[0])


def _checkout(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, _CHECKOUT_VALUES)
    if options.unsure:
        yield BranchUse("may reset", ANY, False)
    reset = options.value("-B")
    if reset is not None:
        yield from moved("resets", reset)
    made = reset or options.value("-b", "--orphan")
    if options.paths or options.has("-p", "--patch", "--ours", "--theirs", "--help", "-h"):
        return
    _switched(options, made, repository, is_branch=False)


def _switch(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, _SWITCH_VALUES)
    if options.unsure:
        yield BranchUse("may reset", ANY, False)
    reset = options.value("-C", "--force-create")
    if reset is not None:
        yield from moved("resets", reset)
    made = reset or options.value("-c", "--create", "--orphan")
    if options.has("--help", "-h"):
        return
    _switched(options, made, repository, is_branch=True)


def _switched(options: Options, made: Word | None, repository: Repository, *, is_branch: bool) -> None:
    """Another branch is checked out, or files are, or a commit."""
    if made is not None:
        repository.switch(made.text, certain=made.known)
    elif options.has("--detach"):
        repository.detach()
    elif len(options.operands) == 1:
        name = options.operands[0].text
        if name in ("-", "@{-1}"):
            repository.switch(UNKNOWN, certain=False)
        elif options.has("-t", "--track"):
            repository.switch(name.partition("/")[2] or name, certain=True)
        else:
            certain = options.operands[0].known and (is_branch or name in repository.branches)
            repository.switch(name, certain=certain)
    elif options.unsure:
        repository.switch(UNKNOWN, certain=False)


def _worktree(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, ("-b", "-B", "--reason"))
    reset = options.value("-B")
    if reset is not None:
        yield from moved("resets", reset)
    if options.unsure:
        yield BranchUse("may reset", ANY, False)


def _fetch(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, _FETCH_VALUES)
    specs = [word.text for word in options.operands[1:]]
    specs += [word.text for word in options.values.get("--refmap", ())]
    specs += [value or UNKNOWN for key, value in call.settings if key.endswith(".fetch")]
    for spec in specs:
        target = spec.removeprefix("+").rpartition(":")[2] if ":" in spec else ""
        ref = branch_ref(target) if target else None
        if ref is not None:
            yield BranchUse("resets", ref, UNKNOWN not in ref)
    if options.unsure:
        yield BranchUse("may reset", ANY, False)


def _update_ref(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, ("-m",))
    if options.has("--stdin"):
        yield from _update_ref_lines(call.command.stdin_text, repository)
    if options.unsure:
        yield BranchUse("may reset", ANY, False)
    if options.operands:
        deed = "deletes" if options.has("-d") else "resets"
        yield from _ref(deed, options.operands[0].text, repository)


def _update_ref_lines(text: Word | None, repository: Repository) -> Iterator[BranchUse]:
    if text is None or "\0" in text.text.replace(UNKNOWN, ""):
        yield BranchUse("may reset", ANY, False)
        return
    for line in text.text.splitlines():
        verb, _, rest = line.strip().partition(" ")
        if verb in ("update", "create", "delete", "symref-update", "symref-create", "symref-delete"):
            yield from _ref(
                "deletes" if "delete" in verb else "resets", rest.partition(" ")[0].strip('"'), repository
            )
        elif UNKNOWN in verb:
            yield BranchUse("may reset", ANY, False)


def _ref(deed: str, name: str, repository: Repository) -> Iterator[BranchUse]:
    if name in HEAD_NAMES:
        yield from repository.uses(deed)
        return
    ref = branch_ref(name)
    if ref is not None:
        yield BranchUse(deed, ref, UNKNOWN not in ref)


def _symbolic_ref(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, ("-m",))
    if options.unsure:
        yield BranchUse("may reset", ANY, False)
    if not options.operands:
        return
    name = options.operands[0].text
    if len(options.operands) > 1 and name in HEAD_NAMES:
        target = branch_ref(options.operands[1].text) or ""
        repository.switch(target.removeprefix(HEADS), certain=options.operands[1].known)
    elif len(options.operands) > 1 or options.has("-d", "--delete"):
        yield from _ref("deletes" if options.has("-d", "--delete") else "resets", name, repository)


def _rewrite(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    yield from repository.uses("resets")
    yield BranchUse("may reset", ANY, False)


def _anything(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    yield BranchUse("may reset", ANY, False)


def _config(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    """It does nothing to a branch now, but what comes after it in the line obeys it."""
    values = ("-f", "--file", "--blob", "--type", "--default", "--value", "--comment", "--url")
    operands = options_of(call.words, values).operands
    if operands and operands[0].text in (
        "set",
        "get",
        "list",
        "unset",
        "edit",
        "rename-section",
        "remove-section",
    ):
        operands = operands[1:] if operands[0].text == "set" else []
    if len(operands) > 1:
        if not operands[0].known or operands[0].text.lower().startswith("include"):
            repository.line.unknown = True
        value = operands[1].text
        repository.line.values.append((setting_key(operands[0].text), None if UNKNOWN in value else value))
    elif any(not word.known or word.may_split for word in call.words):
        repository.line.unknown = True
    yield from ()


def _for_each(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    """The same command in many repositories, of which nothing is known."""
    words = list(call.words)
    while words and words[0].text.startswith("-"):
        option = words.pop(0).text
        if option == "--config" and words:
            words.pop(0)
    if words:
        name = words[0].text if words[0].known else None
        elsewhere = Repository.opened(None, repository.line)
        yield from uses_of(replace(call, name=name, words=tuple(words[1:])), elsewhere)


def _remote(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    """A mirror is pushed to as a whole."""
    if options_of(call.words).has("--mirror"):
        repository.line.unknown = True
    yield from ()


_Judge = Callable[[GitCall, Repository], Iterator[BranchUse]]
_COMMANDS: dict[str, _Judge] = {
    "branch": _branch,
    "checkout": _checkout,
    "config": _config,
    "fast-import": _anything,
    "fetch": _fetch,
    "filter-branch": _rewrite,
    "filter-repo": _rewrite,
    "for-each-repo": _for_each,
    "http-push": send_pack,
    "pull": _fetch,
    "push": push,
    "rebase": _rebase,
    "remote": _remote,
    "replay": _rewrite,
    "reset": _reset,
    "send-pack": send_pack,
    "subtree": subtree,
    "switch": _switch,
    "symbolic-ref": _symbolic_ref,
    "update-ref": _update_ref,
    "worktree": _worktree,
}
# Git's own, which no alias replaces, and which put no branch anywhere.
_OTHERS = frozenset(
    {
        "add", "am", "annotate", "apply", "archive", "bisect", "blame", "bugreport", "bundle",
        "cat-file", "check-attr", "check-ignore", "check-mailmap", "check-ref-format", "checkout-index",
        "cherry", "cherry-pick", "citool", "clean", "clone", "column", "commit", "commit-graph",
        "commit-tree", "count-objects", "credential", "describe", "diagnose", "diff", "diff-files",
        "diff-index", "diff-tree", "difftool", "fast-export", "fetch-pack", "fmt-merge-msg",
        "for-each-ref", "format-patch", "fsck", "gc", "get-tar-commit-id", "gitk",
        "grep", "gui", "hash-object", "help", "hook", "imap-send", "index-pack", "init", "init-db",
        "instaweb", "interpret-trailers", "lfs", "log", "ls-files", "ls-remote", "ls-tree", "mailinfo",
        "mailsplit", "maintenance", "merge", "merge-base", "merge-file", "merge-index", "merge-tree",
        "mergetool", "mktag", "mktree", "multi-pack-index", "mv", "name-rev", "notes", "pack-objects",
        "pack-redundant", "pack-refs", "patch-id", "prune", "prune-packed", "range-diff", "read-tree",
        "reflog", "refs", "repack", "replace", "request-pull", "rerere", "restore",
        "rev-list", "rev-parse", "revert", "rm", "send-email", "shortlog", "show", "show-branch",
        "show-index", "show-ref", "sparse-checkout", "stage", "stash", "status", "stripspace",
        "submodule", "tag", "unpack-file", "unpack-objects", "update-index", "update-server-info",
        "upload-archive", "upload-pack", "var", "verify-commit", "verify-pack", "verify-tag", "version",
        "whatchanged", "write-tree",
    }
)  # fmt: skip
