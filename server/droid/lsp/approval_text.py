"""What a person reads before they allow something: the risk, the exact command or all files, the folder,
and the rule that asks. Nothing is cut: what does not fit a message goes into a document beside it.

Whatever a model wrote has its hidden characters shown, so that what is approved is what is seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.lsp.convert import shortened
from droid.lsp.markdown_text import code_block, exact

MAX_MESSAGE_CHARACTERS = 1200
MAX_MESSAGE_LINES = 15
_MAX_TITLE = 60

# Rejecting comes first: eglot offers the first action as the default, and a return key must allow nothing.
# Source: eglot 1.9, `eglot-handle-request` for `window/showMessageRequest`.
_ORDER = (
    Answer.REJECT,
    Answer.INSTRUCT,
    Answer.ONCE,
    Answer.SESSION,
    Answer.SESSION_PROGRAM,
    Answer.ALWAYS,
)
_TITLES: Mapping[Answer, str] = {
    Answer.REJECT: "Reject",
    Answer.INSTRUCT: "Reject and instruct…",
    Answer.ONCE: "Approve once",
    Answer.SESSION: "Approve for this session",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question as it is put.

    Attributes:
        message: For the message box, where no document goes with it.
        document: The whole of it in Markdown, where it is too long for a message; then `brief` is the
            message, to which the document's name is added.
        choices: Title to answer, titles unique, in the order in which they are shown.
    """

    message: str
    brief: str
    document: str | None
    choices: Mapping[str, Answer]


def ask_about(request: ApprovalRequest, session_title: str = "") -> Ask:
    """Put an approval into words."""
    subject = exact(request.subject)
    diff = exact(request.diff) if request.diff else ""
    head = f"Droid wants to use {exact(request.tool)}: {request.risk} risk"
    where = f"Folder: {exact(request.cwd)}\nAsked because: {exact(request.reason)}"
    grants = _grants(request)
    tail = "\n".join([where, *grants])
    body = f"{subject}\n{diff}" if diff else subject
    message = f"{head}\n\n{body}\n\n{tail}"
    first = subject.split("\n", 1)[0]
    long = len(message) > MAX_MESSAGE_CHARACTERS or message.count("\n") >= MAX_MESSAGE_LINES
    return Ask(
        message=message,
        brief=f"{head}\n\n{shortened(first, 200)}\n\n{tail}",
        document=_document(head, subject, diff, tail, session_title) if long else None,
        choices=_choices(request),
    )


def _grants(request: ApprovalRequest) -> Sequence[str]:
    """What the answers that hold for more than this call would allow, each whole and on a line of its own."""
    lines: list[str] = []
    if request.session_grant:
        lines.append(f"Approving for this session allows: {exact(request.session_grant)}")
    if request.session_program:
        lines.append(
            f"Approving the program allows: `{exact(request.session_program)}`, nothing riskier than here"
        )
    if request.always:
        lines.append(f"Always allowing adds to your allowlist: {exact(request.always)}")
    return lines


def _choices(request: ApprovalRequest) -> dict[str, Answer]:
    titles = {answer: title_of(answer, request) for answer in _ORDER if answer in request.options}
    return {title: answer for answer, title in titles.items() if title}


def title_of(answer: Answer, request: ApprovalRequest) -> str:
    """What a button says that gives an answer; empty where it would not say enough."""

    def short(text: str | None) -> str:
        return shortened(exact(text), _MAX_TITLE) if text else ""

    match answer:
        case Answer.SESSION if grant := short(request.session_grant):
            return f"{_TITLES[answer]}: {grant}"
        case Answer.SESSION_PROGRAM:
            program = short(request.session_program)
            return f"Approve `{program}` for this session" if program else ""
        case Answer.ALWAYS:
            entry = short(request.always)
            return f"Always allow `{entry}`" if entry else ""
        case _:
            return _TITLES[answer]


def _document(head: str, subject: str, diff: str, tail: str, session_title: str) -> str:
    parts = [f"# {head}", tail.replace("\n", "\n\n"), code_block(subject)]
    if diff:
        parts.append(code_block(diff, "diff"))
    if session_title:
        parts.append(f"Session: {shortened(exact(session_title))}")
    parts.append("Answer in the message that the editor shows, or run `droid.approve` or `droid.reject`.")
    return "\n\n".join(parts) + "\n"


def titles_of(question: Question, others: Sequence[str]) -> dict[str, str]:
    """Unique titles for a question's options, none like one of `others`; each with the option it means."""
    titles: dict[str, str] = {}
    for option in question.options:
        shown = shortened(exact(option), 2 * _MAX_TITLE)
        base = title = shown if shown.strip() else "(empty)"
        number = 2
        while title in titles or title in others:
            title = f"{base} ({number})"
            number += 1
        titles[title] = option
    return titles
