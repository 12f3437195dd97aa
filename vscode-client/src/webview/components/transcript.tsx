/**
 * The conversation: follows its end while the person is there, and leaves them where they are otherwise.
 *
 * Of a long one, the last turns are drawn, and earlier ones as they are scrolled to. Messages are one stop of
 * the Tab key: arrows go from one to the next, and Tab goes into the one that has the focus.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../state/model.js';
import { Icon } from './icons.js';
import { TurnView } from './turn.js';

/** Turns that are drawn with the first frame, and as many more each time. */
const AT_ONCE = 6;
const MORE = 12;
/** So many are drawn without being scrolled to, once there is time. */
const AHEAD = 30;
const NEAR_END_PX = 48;
const NEAR_TOP_PX = 600;

export function Transcript({ session }: { session: Session }) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const lastTop = useRef(0);
  const [isAway, setAway] = useState(false);
  const [drawn, setDrawn] = useState(AT_ONCE);
  const { turns } = session;
  const from = Math.max(0, turns.length - drawn);

  const toEnd = (): void => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  };

  useLayoutEffect(() => {
    follows.current = true;
    setAway(false);
    setDrawn(AT_ONCE);
    toEnd();
  }, [session.id]);

  useLayoutEffect(() => {
    if (follows.current) toEnd();
  }, [session.turns]);

  useEffect(() => {
    const box = scroller.current;
    if (box === null || content.current === null) return undefined;
    const resized = new ResizeObserver(() => {
      if (follows.current) toEnd();
    });
    resized.observe(content.current);
    resized.observe(box);
    return () => resized.disconnect();
  }, []);

  useEffect(() => {
    if (from === 0 || drawn >= AHEAD) return undefined;
    const idle = window.requestIdleCallback(() => setDrawn(drawn + MORE));
    return () => window.cancelIdleCallback(idle);
  }, [drawn, from === 0]);

  const onScroll = (): void => {
    const box = scroller.current;
    if (box === null) return;
    const left = box.scrollHeight - box.clientHeight - box.scrollTop;
    // Only going up is leaving the end; what grows below it meanwhile is not.
    follows.current = left < NEAR_END_PX || (follows.current && box.scrollTop >= lastTop.current);
    lastTop.current = box.scrollTop;
    setAway(left > box.clientHeight / 2);
    if (box.scrollTop < NEAR_TOP_PX && from > 0) setDrawn(drawn + MORE);
  };

  return (
    <div class="transcript-frame">
      <div
        ref={scroller}
        class="transcript"
        role="region"
        aria-label="Conversation"
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onFocusIn={onFocusIn}
      >
        <div ref={content} class="turns" role="feed" aria-busy={session.replaying}>
          {from > 0 && (
            <button type="button" class="button quiet earlier" onClick={() => setDrawn(drawn + MORE)}>
              Show earlier messages ({from})
            </button>
          )}
          {turns.slice(from).map((turn, at) => (
            <TurnView key={turn.id || `before-${at}`} turn={turn} isLast={from + at === turns.length - 1} />
          ))}
        </div>
      </div>
      {isAway && (
        <button
          type="button"
          class="to-latest"
          onClick={() => {
            follows.current = true;
            toEnd();
          }}
        >
          <Icon name="down" /> Jump to latest
        </button>
      )}
    </div>
  );
}

function turnsIn(box: Element): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>('.turn')];
}

/** One message can be tabbed to, and what is in it only while the focus is in it. */
function makeCurrent(box: Element, turn: HTMLElement): void {
  for (const other of turnsIn(box)) {
    const isCurrent = other === turn;
    other.tabIndex = isCurrent ? 0 : -1;
    const has = other.dataset['stops'] === 'yes';
    if (!isCurrent && !has) continue;
    other.dataset['stops'] = isCurrent ? 'yes' : '';
    for (const stop of other.querySelectorAll<HTMLElement>('[data-stop]')) stop.tabIndex = isCurrent ? 0 : -1;
  }
}

function onFocusIn(event: FocusEvent & { currentTarget: HTMLElement }): void {
  const turn = (event.target as HTMLElement).closest<HTMLElement>('.turn');
  if (turn !== null) makeCurrent(event.currentTarget, turn);
}

/** Makes the last message the one that Tab goes to, where none is yet. */
export function offerLast(box: Element): void {
  const all = turnsIn(box);
  if (all.some((turn) => turn.tabIndex === 0)) return;
  const last = all.at(-1);
  if (last !== undefined) last.tabIndex = 0;
}

function onKeyDown(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const box = event.currentTarget;
  const target = event.target as HTMLElement;
  const inside = target.closest<HTMLElement>('.turn');
  if (inside === null) return;
  // What came while the focus was here is reached, too.
  if (event.key === 'Tab') return makeCurrent(box, inside);
  if (event.key === 'Escape' && target !== inside && !/^(TEXTAREA|INPUT)$/.test(target.tagName)) {
    event.stopPropagation();
    inside.focus();
    return;
  }
  if (target !== inside) return;
  const all = turnsIn(box);
  const at = all.indexOf(inside);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[Math.min(Math.max(0, to), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
