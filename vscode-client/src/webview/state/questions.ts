/**
 * Open questions in a session: put on the card that they are about, and closed wherever they were answered.
 *
 * A question may come before the update that makes its card, since updates are joined on their way; until
 * then it stands at the end of the conversation, so that nothing waits unseen.
 */
import type { RequestAnswerParams, RequestApprovalParams } from '../../protocol.js';
import type { Approval, Item, Session, Turn } from './model.js';
import { added, mapRecent, withTurn } from './turns.js';

function isApproval(one: RequestApprovalParams | RequestAnswerParams): one is RequestApprovalParams {
  return 'approvalId' in one;
}

export function asked(session: Session, params: RequestApprovalParams | RequestAnswerParams): Session {
  const id = idOf(params);
  const waiting = [...session.waiting.filter((one) => idOf(one) !== id), params];
  return placeWaiting({ ...session, waiting });
}

function idOf(params: RequestApprovalParams | RequestAnswerParams): string {
  return isApproval(params) ? params.approvalId : params.questionId;
}

/** Every open question on its card; one without a card at the end. Told again, cards are made anew. */
export function placeWaiting(session: Session): Session {
  if (session.replaying) return session;
  return session.waiting.reduce(placed, session);
}

function placed(session: Session, params: RequestApprovalParams | RequestAnswerParams): Session {
  return isApproval(params) ? approvalPlaced(session, params) : questionPlaced(session, params);
}

function approvalPlaced(session: Session, params: RequestApprovalParams): Session {
  const { approvalId, callId } = params;
  const hasCard = session.turns.some((turn) => turn.items.some((item) => item.kind === 'tool' && item.callId === callId));
  const isLoose = session.turns.some((turn) =>
    turn.items.some((item) => item.kind === 'approval' && item.approval.approvalId === approvalId),
  );
  const approval: Approval = { approvalId, params, state: 'open', answer: null, instruction: null };
  if (!hasCard) {
    if (isLoose) return session;
    return withTurn(session, params.turnId, (turn) => added(turn, { kind: 'approval', callId, approval }));
  }
  const swept = isLoose ? withoutLoose(session, approvalId) : session;
  return mapRecent(swept, (item) =>
    item.kind === 'tool' && item.callId === callId && item.approval?.params !== params
      ? { ...item, approval }
      : item,
  );
}

function withoutLoose(session: Session, approvalId: string): Session {
  const turns = session.turns.map((turn): Turn => {
    const items = turn.items.filter((item) => item.kind !== 'approval' || item.approval.approvalId !== approvalId);
    return items.length === turn.items.length ? turn : { ...turn, items };
  });
  return { ...session, turns };
}

function questionPlaced(session: Session, params: RequestAnswerParams): Session {
  const { questionId, text, options } = params;
  const isKnown = session.turns.some((turn) =>
    turn.items.some((item) => item.kind === 'question' && item.questionId === questionId),
  );
  if (!isKnown) {
    const item = { kind: 'question', questionId, text, options, state: 'open', answer: null } as const;
    return withTurn(session, params.turnId, (turn) => added(turn, item));
  }
  return mapRecent(session, (item) =>
    item.kind === 'question' && item.questionId === questionId && item.state === 'told'
      ? { ...item, text, options, state: 'open' }
      : item,
  );
}

/** An answer wherever it was given; without one, the question was withdrawn. */
export function closeQuestion(
  session: Session,
  id: string,
  answer: string | null,
  instruction: string | null,
): Session {
  const waiting = session.waiting.filter((one) => idOf(one) !== id);
  const closed = waiting.length === session.waiting.length ? session : { ...session, waiting };
  const state = answer === null ? 'withdrawn' : 'answered';
  return mapRecent(closed, (item): Item => {
    if ((item.kind === 'tool' || item.kind === 'approval') && item.approval?.approvalId === id) {
      if (item.approval.state === 'answered') return item;
      return { ...item, approval: { ...item.approval, state, answer, instruction } };
    }
    if (item.kind === 'question' && item.questionId === id && item.state !== 'answered') {
      return { ...item, state: answer === null ? 'withdrawn' : 'answered', answer };
    }
    return item;
  });
}
