"""Questions to a client that declared how it shows them: `droid/requestApproval` and `droid/requestAnswer`.

What does not have the right shape is a no.
"""

from collections.abc import Callable

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.engine.session import Session
from droid.lsp.client_requests import ClientRequests, Reply
from droid.lsp.json_values import object_of
from droid.lsp.protocol import RequestAnswerParams, RequestApprovalParams


async def request_approval(
    requests: ClientRequests, session: Session, request: ApprovalRequest, too_late: Callable[[str], None]
) -> tuple[Answer, str | None]:
    """Ask; returns the answer and, with `INSTRUCT`, what the person wants instead."""

    def late(reply: Reply) -> None:
        answer, _ = _answer_of(reply, request)
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
    )
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


def _answer_of(reply: Reply, request: ApprovalRequest) -> tuple[Answer, str | None]:
    result = object_of(reply.result)
    given, instruction = result.get("answer"), result.get("instruction")
    if not isinstance(given, str) or given not in request.options:
        return Answer.REJECT, None
    answer = Answer(given)
    if answer is not Answer.INSTRUCT:
        return answer, None
    if not isinstance(instruction, str) or not instruction.strip():
        return Answer.REJECT, None
    return answer, instruction
