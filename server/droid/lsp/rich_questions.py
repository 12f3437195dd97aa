"""Questions to a client that declared how it shows them: `droid/requestApproval` and `droid/requestAnswer`.

What does not have the right shape is a no.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.events import DecisionMade
from droid.engine.session import Session
from droid.lsp.client_requests import ClientRequests, Reply
from droid.lsp.json_values import list_of, object_of
from droid.lsp.protocol import RequestAnswerParams, RequestApprovalParams
from droid.lsp.protocol_review import Changeset
from droid.lsp.protocol_updates import TraceRow
from droid.lsp.update_kinds import trace_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RichAnswer:
    """What came back.

    Attributes:
        instruction: With `INSTRUCT`, what the person wants instead.
        accepted: The hunks that alone may be written; None: all.
    """

    answer: Answer = Answer.REJECT
    instruction: str | None = None
    accepted: tuple[str, ...] | None = None


async def request_approval(
    requests: ClientRequests,
    session: Session,
    request: ApprovalRequest,
    too_late: Callable[[str], None],
    changeset: Changeset | None = None,
) -> RichAnswer:
    """Ask.

    Args:
        changeset: The changes in question, for a client that shows them hunk by hunk.
    """

    def late(reply: Reply) -> None:
        answer = _answer_of(reply, request).answer
        if answer.allows:
            too_late(str(answer))

    params = RequestApprovalParams(
        sessionId=session.id,
        turnId=session.turn_id,
        approvalId=request.approval_id,
        callId=request.call_id,
        tool=request.tool,
        subject=request.subject,
        cwd=request.cwd,
        risk=request.risk,
        reason=request.reason,
        options=list(request.options),
        sessionGrant=request.session_grant,
        sessionProgram=request.session_program,
        always=request.always,
        diff=request.diff,
        trace=_trace(session, request.call_id),
    )
    if changeset is not None:
        params["changeset"] = changeset
    reply = await requests.ask("droid/requestApproval", params, timeout_s=None, on_late=late)
    return _answer_of(reply, request)


async def request_answer(requests: ClientRequests, session: Session, question: Question) -> str | None:
    """Ask what the agent wants to know; None declines."""
    params = RequestAnswerParams(
        sessionId=session.id,
        turnId=session.turn_id,
        questionId=question.question_id,
        text=question.text,
        options=list(question.options),
    )
    reply = await requests.ask("droid/requestAnswer", params, timeout_s=None)
    answer = object_of(reply.result).get("answer")
    return answer if isinstance(answer, str) else None


def _trace(session: Session, call_id: str) -> Sequence[TraceRow]:
    """What the gate said of a call that waits for the person."""
    for record in reversed(session.records):
        if isinstance(record.event, DecisionMade) and record.event.call_id == call_id:
            return trace_of(record.event.decision)
    return ()


def _answer_of(reply: Reply, request: ApprovalRequest) -> RichAnswer:
    result = object_of(reply.result)
    given, instruction, accepted = (result.get(name) for name in ("answer", "instruction", "acceptedHunks"))
    if not isinstance(given, str) or given not in request.options:
        return RichAnswer()
    answer = Answer(given)
    if answer is Answer.INSTRUCT:
        said = instruction if isinstance(instruction, str) and instruction.strip() else None
        return RichAnswer(answer=answer, instruction=said) if said is not None else RichAnswer()
    if accepted is None or not answer.allows:
        return RichAnswer(answer=answer)
    hunks = list_of(accepted)
    if answer is not Answer.ONCE or not hunks or not all(isinstance(hunk, str) for hunk in hunks):
        return RichAnswer()
    return RichAnswer(answer=answer, accepted=tuple(hunks))
