"""Branches that are changed by a request to the server that keeps them: `gh api`, `curl`.

Source: https://docs.github.com/en/rest/git/refs and https://docs.gitlab.com/api/branches
"""

import re
from collections.abc import Iterator, Sequence

from droid.safety.commands.model import SimpleCommand
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.git_state import ANY, HEADS, BranchUse

_CLIENTS = frozenset({"gh", "glab", "hub", "curl", "curlie", "wget", "http", "https", "xh"})
_METHOD = re.compile(r"(?:-X|--method|--request)=?(.*)")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_HAS_BODY = re.compile(
    r"-[fFd].*|--(?:field|raw-field|input|data(?:-[a-z]+)?|json|form|post-data|post-file|body-data|upload-file)(?:=.*)?|-T.*"
)
_REF = re.compile(
    r"/(?:git/(?:refs|ref)/heads|repository/(?:protected_)?branches|branches|protected_branches)/([^?#\s]+)",
    re.IGNORECASE,
)
_OTHER_WRITES = re.compile(
    r"/(?:contents/|merges\b|merge-upstream\b|git/refs\b|repository/(?:branches|commits|files)\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\"?(?:branch|base|ref|start_branch)\"?\s*[=:]\s*\"?(?:refs/heads/)?([\w./-]+)")
_MUTATION = re.compile(
    r"\b(?:updateRefs?|deleteRef|createCommitOnBranch|mergeBranch|createRef|mergePullRequest)\b"
)
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_BRANCH_OPTIONS = re.compile(r"(?:-b|--branch)=?(.*)")


def requests_of(command: SimpleCommand) -> Iterator[BranchUse]:
    """What a request does to branches on a server."""
    program = command.program
    if program is None or program not in _CLIENTS:
        return
    words = command.words[1:]
    texts = [word.text for word in words]
    if program in ("gh", "glab"):
        names = [text for text in texts if not text.startswith("-")]
        if names[:2] == ["repo", "sync"]:
            yield from _synchronised(texts)
            return
        if names[:1] != ["api"]:
            return
    method = _method(program, texts)
    if method is None:
        return
    yield from _request(method, words)


def checks_out_a_request(command: SimpleCommand) -> bool:
    """Whether another branch is checked out by a client of a server: `gh pr checkout`."""
    names = [word.text for word in command.words[1:] if not word.text.startswith("-")]
    return command.program in ("gh", "glab", "hub") and names[:2] in (["pr", "checkout"], ["mr", "checkout"])


def _method(program: str, texts: Sequence[str]) -> str | None:
    """How the request is made; None where it only reads, empty where that is not known."""
    found = None
    for index, text in enumerate(texts):
        match = _METHOD.fullmatch(text)
        if match is not None:
            found = match[1] or (texts[index + 1] if index + 1 < len(texts) else "")
        elif text in _WRITES and program in ("http", "https", "xh"):
            found = text
    if found is None:
        body = any(_HAS_BODY.fullmatch(text) for text in texts)
        return "POST" if body or "graphql" in texts else None
    found = found.upper()
    if UNKNOWN in found:
        return ""
    return found if found in _WRITES else None


def _request(method: str, words: Sequence[Word]) -> Iterator[BranchUse]:
    deed = {"DELETE": "deletes", "": "may change"}.get(method, "resets")
    texts = [_ESCAPED.sub(lambda found: chr(int(found[1], 16)), word.text) for word in words]
    known = bool(method)
    for text in texts:
        for found in _REF.finditer(text):
            branch = found[1].removesuffix("/protection").removesuffix("/rename")
            branch = re.sub(r"/(?:protection|protect|unprotect)(?:/.*)?$", "", branch)
            yield BranchUse(deed, HEADS + branch, known and UNKNOWN not in branch)
        if _MUTATION.search(text) or (_OTHER_WRITES.search(text) and not _REF.search(text)):
            named = [match[1] for one in texts for match in _NAMED.finditer(one)]
            for branch in named:
                yield BranchUse("pushes to", HEADS + branch, known)
            if not named or _MUTATION.search(text):
                yield BranchUse("may change", ANY, False)


def _synchronised(texts: Sequence[str]) -> Iterator[BranchUse]:
    """`gh repo sync`: the branch of a fork, or of the local repository, becomes what its parent has."""
    branch = ""
    for index, text in enumerate(texts):
        match = _BRANCH_OPTIONS.fullmatch(text)
        if match is not None:
            branch = match[1] or (texts[index + 1] if index + 1 < len(texts) else "")
    if branch and UNKNOWN not in branch:
        yield BranchUse("resets", HEADS + branch)
    else:
        yield BranchUse("may reset", ANY, False)
