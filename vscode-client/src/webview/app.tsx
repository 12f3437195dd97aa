/** The whole page. */
import { render } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Activity, WaitingBar } from './components/activity.js';
import { announce, makeRegion, StreamReader } from './components/announcer.js';
import { Composer, type ComposerHandle } from './components/composer.js';
import { Conversation, Folders, type ConversationContext } from './components/context.js';
import { EmptyState, ServerBar } from './components/empty.js';
import { Header } from './components/header.js';
import { IconButton } from './components/icons.js';
import { Plan } from './components/plan.js';
import { offerLast, Transcript } from './components/transcript.js';
import { ask, listen, post } from './host.js';
import { keepPrompt, keepSession } from './kept.js';
import { metaOf, openApprovals, type Session, type State } from './state/model.js';
import { Store } from './store.js';
import { exact, oneLine } from './text/exact.js';

let composer: ComposerHandle | undefined;
const reader = new StreamReader();

function App({ state, store }: { state: State; store: Store }) {
  const { active, config, server } = state;
  const session = active === null ? undefined : state.sessions.get(active);
  const meta = metaOf(state, active);
  const busy = useRef(false);
  busy.current = meta?.busy === true;
  const context = useMemo((): ConversationContext => conversationOf(active ?? '', () => busy.current, store), [active]);
  useLayoutEffect(() => {
    const box = document.querySelector('.transcript');
    if (box !== null) offerLast(box);
  });
  const asking = useMemo(() => new Set([...state.sessions.values()].filter((one) => one.waiting.length > 0).map((one) => one.id)), [state.sessions]);
  const isEmpty = session === undefined ? active === null || meta !== undefined : session.turns.length === 0 && !session.replaying;
  const running = session?.turns.at(-1);
  return (
    <>
      <Header live={state.live} active={active} place={config.place} asking={asking} />
      {state.ready && <ServerBar server={server} trusted={config.trusted} />}
      {state.failure !== null && (
        <div class="bar bar-error" role="alert">
          <span>{state.failure}</span>
          <IconButton icon="close" label="Dismiss" onClick={() => store.dispatchNow({ type: 'dismissFailure' })} />
        </div>
      )}
      {session !== undefined && <Plan entries={session.plan} />}
      <main class="main">
        {session?.replaying ? (
          <div class="loading" role="status">
            <span class="spinner" /> Bringing the conversation back…
          </div>
        ) : !state.ready ? null : isEmpty || session === undefined ? (
          <EmptyState onPick={(text) => composer?.insert(text)} />
        ) : (
          <Folders.Provider value={config.folders}>
            <Conversation.Provider value={context}>
              <Transcript session={session} />
            </Conversation.Provider>
          </Folders.Provider>
        )}
      </main>
      <section class="foot" aria-label="Prompt">
        {session !== undefined && <WaitingBar approvals={openApprovals(session)} />}
        {meta?.busy && session !== undefined && !session.replaying && <Activity meta={meta} startedAt={running?.startedAt} />}
        <Composer
          sessionId={active}
          meta={meta}
          usage={session?.usage}
          enterSends={config.enterSends}
          canSend={server.state === 'running'}
          handle={(handle) => {
            composer = handle;
          }}
        />
      </section>
    </>
  );
}

function conversationOf(sessionId: string, busy: () => boolean, store: Store): ConversationContext {
  const fail = (message: string): void => store.dispatch({ type: 'failed', message });
  return {
    sessionId,
    busy,
    editPrompt: (turnId, text) => composer?.edit(turnId, text),
    retry: (turnId, text) => {
      void (async () => {
        const back = await ask<'restore'>({ type: 'restore', sessionId, turnId, what: 'conversation' });
        if (back.error !== null) return fail(back.error);
        keepPrompt(text);
        const sent = await ask<'prompt'>({ type: 'prompt', sessionId, text, images: [] });
        if (sent.error !== null) fail(sent.error);
      })();
    },
  };
}

/** Reads aloud what is new in the session that shows. */
function readAloud(before: State, after: State): void {
  const id = after.active;
  const session = id === null ? undefined : after.sessions.get(id);
  if (id === null || session === undefined || session.replaying) return;
  const old = before.active === id ? before.sessions.get(id) : undefined;
  const turn = session.turns.at(-1);
  const text = turn?.items.findLast((item) => item.kind === 'text');
  if (old === undefined || !old.loaded || old.replaying) {
    if (text?.kind === 'text') reader.skip(text.key, text.text);
    return;
  }
  if (old === session) return;
  if (text?.kind === 'text') reader.follow(text.key, text.text, !text.open, performance.now());
  const known = new Set(old.waiting);
  for (const asked of session.waiting) {
    if (known.has(asked)) continue;
    if ('approvalId' in asked) announce(`Approval wanted, ${asked.risk} risk: ${exact(asked.tool)} ${oneLine(asked.subject, 200)}`);
    else announce(`Droid asks: ${oneLine(asked.text, 300)}`);
  }
  if (session.waiting.length < old.waiting.length) announce('The question is closed');
  const ended = turn?.ended;
  if (ended !== undefined && endedOf(old, turn?.id) === undefined) {
    announce(ended.reason === 'done' ? 'Done' : `The turn ended: ${ended.reason}. ${ended.message}`);
  }
}

function endedOf(session: Session, turnId: string | undefined): unknown {
  return session.turns.find((turn) => turn.id === turnId)?.ended;
}

export function start(root: HTMLElement): void {
  const began = performance.now();
  let before: State | undefined;
  const draw = (state: State): void => {
    render(<App state={state} store={store} />, root);
    if (before !== undefined) readAloud(before, state);
    if (before?.ready !== true && state.ready) {
      requestAnimationFrame(() => {
        setTimeout(() => post({ type: 'painted', readyMs: Math.round(began), paintMs: Math.round(performance.now()) }));
      });
    }
    keepSession(state.config.place === 'editor' ? state.active : null);
    before = state;
  };
  const store = new Store(draw);
  makeRegion();
  listen((message) => {
    if (message.type === 'focus') composer?.focus();
    else if (message.type === 'compose') composer?.insert(message.text);
    else store.dispatch(message);
  });
  post({ type: 'ready' });
  draw(store.state);
}
