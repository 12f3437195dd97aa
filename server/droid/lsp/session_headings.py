"""The few lines that carry the structure of a session document, and nothing else does.

    ## You                            what the person says; the last one holds the draft
    ## Droid · t3                     what the agent did in turn t3
    ### Approval needed · high risk · t3.1
    ### Question · t3.q1

A line counts only from its first column on. Nothing that a model, a tool or a file wrote is ever placed
there in this form: `is_structural` is what writers check, so that text cannot pose as structure.
"""

import re

YOU_HEADING = "## You"
_YOU = re.compile(r"##[ \t]+you[ \t]*#*[ \t]*", re.IGNORECASE)
_DROID = re.compile(r"##[ \t]+droid(?:[ \t]+·[ \t]+(?P<turn>\S+))?[ \t]*#*[ \t]*", re.IGNORECASE)
_ASK = re.compile(r"###[ \t]+(?:approval|question)\b.*?(?:·[ \t]*(?P<id>[^\s·]+))?[ \t]*", re.IGNORECASE)
_MARKER = re.compile(r"<!-- droid session (?P<id>[A-Za-z0-9][A-Za-z0-9_.-]*)\b.*-->\s*")
_NEW = "new"
_ESCAPED = re.compile(r"(\\*)(##.*)", re.DOTALL)


def droid_heading(turn_id: str) -> str:
    """Opens what the agent did in a turn."""
    return f"## Droid · {turn_id}"


def approval_heading(risk: str, approval_id: str) -> str:
    """Opens the block of an approval."""
    return f"### Approval needed · {risk} risk · {short_id(approval_id)}"


def question_heading(question_id: str) -> str:
    """Opens the block of a question."""
    return f"### Question · {short_id(question_id)}"


def marker(session_id: str | None) -> str:
    """The line that ties a document to its session, with a word on how to go on."""
    return (
        f'<!-- droid session {session_id or _NEW} · write under the last "{YOU_HEADING}", '
        "then run Send (the lens there, or a code action) -->"
    )


def short_id(identifier: str) -> str:
    """The part of an id that is unique within its session: ids of asks begin with the session's."""
    return re.sub(r"[\s·]+", "-", identifier.rsplit(":", 1)[-1]) or "-"


def is_you(line: str) -> bool:
    """Whether a line opens what a person says."""
    return line.startswith("##") and _YOU.fullmatch(line) is not None


def droid_turn(line: str) -> str | None:
    """The turn that a line opens, empty where it names none; None for any other line."""
    match = _DROID.fullmatch(line) if line.startswith("##") else None
    return None if match is None else match["turn"] or ""


def asked_id(line: str) -> str | None:
    """The id of the approval or question that a line opens; None for any other line."""
    match = _ASK.fullmatch(line) if line.startswith("###") else None
    return None if match is None else match["id"] or ""


def marked_session(line: str) -> str | None:
    """The session that a marker line names, empty where it is yet to come; None for any other line."""
    match = _MARKER.fullmatch(line) if line.startswith("<!--") else None
    if match is None:
        return None
    return "" if match["id"] == _NEW else match["id"]


def is_structural(line: str) -> bool:
    """Whether a line would be read as structure."""
    return line.startswith("##") and (
        is_you(line) or droid_turn(line) is not None or asked_id(line) is not None
    )


def escaped(line: str) -> str:
    """A person's line as it is placed in a document; `unescaped` gives it back."""
    match = _ESCAPED.fullmatch(line)
    return f"\\{line}" if match and is_structural(match[2]) else line


def unescaped(line: str) -> str:
    """What a person's line in a document says: `\\## You` says `## You`."""
    match = _ESCAPED.fullmatch(line)
    return line[1:] if match and match[1] and is_structural(match[2]) else line
