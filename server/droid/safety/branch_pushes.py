"""Which branches a push goes to: by its words, or where it has none, by the configuration.

Source: https://git-scm.com/docs/git-push and https://git-scm.com/docs/gitrevisions
"""

import re
from collections.abc import Iterator, Sequence

from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.git_state import ALL, ANY, HEAD_NAMES, BranchUse, Repository, branch_ref, moved
from droid.safety.git_words import GitCall, Options, options_of

_PUSH_VALUES = ("-o", "--push-option", "--receive-pack", "--exec", "--repo")
_OF_HEAD = re.compile(r"(?:HEAD|@)?@\{(?:u|upstream|push)\}.*|(?:HEAD|@)(?:[~^].*|@\{.*)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:[~^]|@\{).*")
_AS_IT_IS = ("current", "simple", "")


def push(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, _PUSH_VALUES)
    if options.has("-n", "--dry-run") and not options.has("--no-dry-run") and not options.unsure:
        return
    repo = options.operands[0] if options.operands else options.value("--repo")
    remote = repo.text if repo is not None and repo.known else ""
    yield from _pushed(call, repository, options, options.operands[1:], remote)


def _pushed(
    call: GitCall, repository: Repository, options: Options, words: Sequence[Word], remote: str
) -> Iterator[BranchUse]:
    if options.unsure:
        yield BranchUse("may push to", ANY, False)
    if options.has("--all", "--branches", "--mirror"):
        yield BranchUse("pushes to", ALL, True, remote)
    removes = options.has("-d", "--delete")
    todo = list(words)
    while todo:
        word = todo.pop(0)
        if word.text == "tag" and todo:
            todo.pop(0)
            continue
        yield from _refspec(word.text, repository, call, remote, removes=removes)
    if not words and not options.has("--all", "--branches", "--mirror"):
        if options.has("--prune"):
            yield BranchUse("may delete", ANY, False, remote)
        if not options.has("--tags"):
            yield from _plain_push(call, repository, remote)


def _plain_push(call: GitCall, repository: Repository, remote: str) -> Iterator[BranchUse]:
    """A push that names no branch goes where the configuration says."""
    given = call.settings
    if not repository.is_sure(call):
        yield BranchUse("may push to", ANY, False, remote)
    configured = False
    for name, value in repository.below("remote", "push", given):
        if remote and name.lower() != remote.lower():
            continue
        configured = True
        yield from _refspec(value if value is not None else UNKNOWN, repository, call, remote, removes=False)
    for name, value in repository.below("remote", "mirror", given):
        if (not remote or name.lower() == remote.lower()) and (value or "").lower() not in (
            "false",
            "no",
            "0",
        ):
            yield BranchUse("pushes to", ALL, True, remote)
    if configured and remote:
        return
    for mode in repository.values("push.default", given)[-1:] or ["simple"]:
        match mode.lower() if mode is not None else mode:
            case "nothing":
                return
            case "matching":
                yield BranchUse("pushes to", ALL, True, remote)
            case "upstream" | "tracking":
                yield from _upstreams(repository, call, remote)
            case str(known) if known in _AS_IT_IS:
                yield from repository.uses("pushes to")
            case _:
                yield BranchUse("may push to", ANY, False, remote)


def _upstreams(repository: Repository, call: GitCall, remote: str) -> Iterator[BranchUse]:
    """The branch that the one that is checked out follows."""
    for name, certain in repository.current:
        if UNKNOWN in name:
            yield BranchUse("may push to", ANY, False, remote)
        for branch, value in repository.below("branch", "merge", call.settings):
            if branch.lower() == name.lower():
                ref = branch_ref(value if value is not None else UNKNOWN)
                if ref is not None:
                    yield BranchUse("pushes to", ref, certain and value is not None, remote)


def _refspec(
    text: str, repository: Repository, call: GitCall, remote: str, *, removes: bool
) -> Iterator[BranchUse]:
    text = text.removeprefix("+")
    if text.startswith("^"):
        return  # takes away from what the others name
    source, colon, target = text.rpartition(":")
    if removes:
        deed, name = "deletes", text
    elif colon and not source and not target:
        yield BranchUse("pushes to", ALL, True, remote)
        return
    elif colon and target:
        deed, name = ("pushes to" if source else "deletes"), target
    else:
        deed, name = "pushes to", source if colon else text
        if name in HEAD_NAMES or _OF_HEAD.fullmatch(name):
            yield from repository.uses("pushes to")
            if name not in HEAD_NAMES:
                yield from _upstreams(repository, call, remote)
            return
        name = _SUFFIX.sub("", name)
    if name in HEAD_NAMES:
        yield BranchUse("may push to", ANY, False, remote)  # whatever branch the other side has checked out
        return
    ref = branch_ref(name)
    if ref is not None:
        yield BranchUse(deed, ref, UNKNOWN not in ref, remote)


def send_pack(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, ("--receive-pack", "--exec", "--push-option"))
    if options.has("--dry-run") and not options.unsure:
        return
    if options.has("--stdin") or options.unsure:
        yield BranchUse("may push to", ANY, False)
    words = options.operands[1:]
    if not words or options.has("--all", "--mirror"):
        yield BranchUse("pushes to", ALL)
    for word in words:
        yield from _refspec(word.text, repository, call, "", removes=options.has("-d", "-D"))


def subtree(call: GitCall, repository: Repository) -> Iterator[BranchUse]:
    options = options_of(call.words, ("-P", "--prefix", "-b", "--branch", "--onto", "-m", "--message"))
    verb = options.operands[0].text if options.operands else ""
    if verb == "push":
        for word in options.operands[2:]:
            yield from _refspec(word.text, repository, call, "", removes=False)
    elif verb == "split" and (made := options.value("-b", "--branch")):
        yield from moved("resets", made)
    if options.unsure:
        yield BranchUse("may push to", ANY, False)
