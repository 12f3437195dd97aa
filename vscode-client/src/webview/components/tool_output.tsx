/** What a call prints, live in a box of bounded height that stays at its end; then what it left behind. */
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { ToolItem } from '../state/model.js';
import { ansiSpans } from '../text/ansi.js';
import { bytes } from '../text/format.js';

/** Characters that are drawn: the last. More of it is in the session document. */
const MAX_SHOWN = 20_000;
const NEAR_END_PX = 30;

export function ToolOutput({ item }: { item: ToolItem }) {
  const isLive = item.result === undefined;
  // The result of an edit says again what its diff shows.
  const text = isLive ? item.output : item.diffs.length > 0 && item.status === 'completed' ? '' : (item.result ?? '');
  const shown = isLive ? text.slice(-MAX_SHOWN) : text.slice(0, MAX_SHOWN);
  const leftOut = item.outputLeftOut * Number(isLive) + text.length - shown.length;
  const spans = useMemo(() => ansiSpans(shown), [shown]);
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (isLive && atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [shown]);
  if (spans.length === 0) return null;
  const cut = leftOut > 0 && <span class="dim">{`… ${bytes(leftOut)} ${isLive ? 'before' : 'more'}`}</span>;
  return (
    <pre
      ref={box}
      class={`output ${item.status === 'failed' ? 'failed' : ''}`}
      tabIndex={-1}
      data-stop
      aria-label="Output"
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        atEnd.current = scrollHeight - clientHeight - scrollTop < NEAR_END_PX;
      }}
    >
      {isLive && cut}
      {isLive && leftOut > 0 && '\n'}
      {spans.map((span, at) => (span.style === '' ? span.text : <span key={at} class={span.style}>{span.text}</span>))}
      {!isLive && leftOut > 0 && '\n'}
      {!isLive && cut}
    </pre>
  );
}
