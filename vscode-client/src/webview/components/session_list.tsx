/** Sessions that could be resumed, with a search. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListedSession, SessionMeta } from '../../views/chat/messages.js';
import { ask, post } from '../host.js';
import { exact } from '../text/exact.js';
import { ago, plural } from '../text/format.js';

const TYPING_MS = 150;

export function SessionList(props: { live: readonly SessionMeta[]; onPick: (sessionId: string) => void; onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly ListedSession[]>();
  const [error, setError] = useState<string | null>(null);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    root.current?.querySelector('input')?.focus();
    const outside = (event: Event): void => {
      if (!root.current?.parentElement?.contains(event.target as Node)) props.onClose();
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, []);

  useEffect(() => {
    let isCurrent = true;
    const timer = window.setTimeout(
      () => {
        void ask<'listSessions'>({ type: 'listSessions', query }).then((reply) => {
          if (!isCurrent) return;
          setFound(reply.sessions);
          setError(reply.error);
        });
      },
      query === '' ? 0 : TYPING_MS,
    );
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [query]);

  const pick = (session: ListedSession): void => {
    if (props.live.some((meta) => meta.sessionId === session.sessionId)) props.onPick(session.sessionId);
    else post({ type: 'resume', sessionId: session.sessionId });
    props.onClose();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const stops = [...(root.current?.querySelectorAll<HTMLElement>('input, .session-row') ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape') props.onClose();
    else if (event.key === 'ArrowDown') stops[Math.min(at + 1, stops.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') stops[Math.max(0, at - 1)]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const now = Date.now() / 1000;
  return (
    <div ref={root} class="session-list" role="dialog" aria-label="Earlier sessions" onKeyDown={onKeyDown}>
      <input type="text" placeholder="Search sessions" aria-label="Search sessions" value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      <div class="session-rows" aria-busy={found === undefined}>
        {found?.map((session) => (
          <button
            key={session.sessionId}
            type="button"
            class="session-row"
            aria-disabled={(session.locked && !session.live) || undefined}
            onClick={() => (session.locked && !session.live ? undefined : pick(session))}
          >
            <span class="session-title">{exact(session.title) || 'Untitled'}</span>
            <span class="dim">
              {ago(session.updatedAt, now)} · {plural(session.turns, 'turn')}
              {session.live ? ' · open' : session.locked ? ' · open elsewhere' : ''}
            </span>
          </button>
        ))}
        {found?.length === 0 && error === null && <p class="dim empty-list">{query === '' ? 'No sessions yet.' : 'Nothing found.'}</p>}
        {error !== null && <p class="hint warn">{error}</p>}
      </div>
    </div>
  );
}
