/** The view's state: a pure function of what the extension said, in order. */
import type { SessionUpdateParams } from '../../protocol.js';
import type { ToWebview } from '../../views/chat/messages.js';
import { emptySession, type Session, type State } from './model.js';
import { asked, closeQuestion, placeWaiting } from './questions.js';
import { updated } from './updates.js';

export type Action = ToWebview | { readonly type: 'dismissFailure' } | { readonly type: 'activate'; readonly sessionId: string };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'init':
      return {
        ...state,
        ready: true,
        config: action.config,
        server: action.server,
        live: action.live,
        active: action.active,
      };
    case 'config':
      return { ...state, config: action.config };
    case 'server':
      return { ...state, server: action.server };
    case 'live':
      return { ...withoutGone(state, action.live.map((one) => one.sessionId)), live: action.live, active: action.active };
    case 'activate':
      return { ...state, active: action.sessionId };
    case 'session': {
      const { waiting } = state.sessions.get(action.sessionId) ?? emptySession(action.sessionId);
      const told = fold({ ...emptySession(action.sessionId), waiting, loaded: true }, action.updates);
      return withSession(state, placeWaiting(told));
    }
    case 'updates':
      return bySession(action.updates).reduce((now, [sessionId, updates]) => {
        const session = now.sessions.get(sessionId);
        // What came before this view asked for the session comes with its `session` message.
        return session?.loaded ? withSession(now, fold(session, updates)) : now;
      }, state);
    case 'approval':
    case 'question': {
      const { sessionId } = action.params;
      return withSession(state, asked(state.sessions.get(sessionId) ?? emptySession(sessionId), action.params));
    }
    case 'closed': {
      const session = state.sessions.get(action.sessionId);
      return session === undefined ? state : withSession(state, closeQuestion(session, action.id, null, null));
    }
    case 'failed':
      return { ...state, failure: action.message };
    case 'dismissFailure':
      return { ...state, failure: null };
    default:
      return state;
  }
}

function fold(session: Session, updates: readonly SessionUpdateParams[]): Session {
  return updates.reduce((now, { turnId, update }) => updated(now, turnId, update), session);
}

function withSession(state: State, session: Session): State {
  if (state.sessions.get(session.id) === session) return state;
  return { ...state, sessions: new Map(state.sessions).set(session.id, session) };
}

function withoutGone(state: State, live: readonly string[]): State {
  const gone = [...state.sessions.keys()].filter((id) => !live.includes(id));
  if (gone.length === 0) return state;
  const sessions = new Map(state.sessions);
  for (const id of gone) sessions.delete(id);
  return { ...state, sessions };
}

function bySession(updates: readonly SessionUpdateParams[]): [string, SessionUpdateParams[]][] {
  const groups = new Map<string, SessionUpdateParams[]>();
  for (const one of updates) {
    const group = groups.get(one.sessionId);
    if (group === undefined) groups.set(one.sessionId, [one]);
    else group.push(one);
  }
  return [...groups];
}
