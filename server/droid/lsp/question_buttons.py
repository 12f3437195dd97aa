"""What can be done about a question in an editor's own menu, wherever the person is."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.lsp.approval_text import title_of, titles_of
from droid.lsp.convert import shortened
from droid.lsp.markdown_text import exact

if TYPE_CHECKING:
    from droid.lsp.open_question import OpenQuestion


def buttons(entry: "OpenQuestion") -> Sequence[tuple[str, str, Mapping[str, str]]]:
    """Title, command and arguments of each button."""
    subject = entry.subject
    if isinstance(subject, ApprovalRequest):
        about = shortened(exact(subject.subject), 60)
        found = [(f"Droid: reject: {about}", "droid.reject", {"approvalId": entry.id})]
        if Answer.ONCE in subject.options:
            found.append((f"Droid: approve once: {about}", "droid.approve", {"approvalId": entry.id}))
        for answer in (Answer.SESSION, Answer.SESSION_PROGRAM, Answer.ALWAYS):
            if answer in subject.options and (title := title_of(answer, subject)):
                arguments = {"approvalId": entry.id, "answer": answer.value}
                found.append((f"Droid: {title[0].lower()}{title[1:]}", "droid.approve", arguments))
        changeset = entry.session.proposed(entry.id) if entry.session is not None else None
        if changeset is not None:
            arguments = {"changesetId": changeset.changeset_id}
            found.append((f"Droid: review changes: {about}", "droid.review.open", arguments))
        return found
    if isinstance(subject, Question):
        arguments = {"questionId": entry.id}
        return [
            (f"Droid: answer “{title}”", "droid.answer", {**arguments, "answer": option})
            for title, option in titles_of(subject, ()).items()
        ] + [("Droid: decline to answer", "droid.answer", arguments)]
    return []
