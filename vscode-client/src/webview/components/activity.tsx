/** What the session does now and for how long, and a way to a question that is out of sight. */
import { useEffect, useState } from 'preact/hooks';
import type { SessionMeta } from '../../views/chat/messages.js';
import { exact, oneLine } from '../text/exact.js';
import { duration } from '../text/format.js';
import type { Approval } from '../state/model.js';
import { Icon } from './icons.js';

export function Activity({ meta, startedAt }: { meta: SessionMeta; startedAt: number | undefined }) {
  const [now, setNow] = useState(Date.now() / 1000);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => window.clearInterval(timer);
  }, []);
  const seconds = startedAt === undefined ? 0 : Math.floor(now - startedAt);
  return (
    <div class="activity">
      <span class="spinner" aria-hidden="true" />
      <span class="clip-text">{oneLine(meta.message, 200) || 'Working'}</span>
      {seconds >= 2 && <span class="dim nowrap">{duration(seconds)}</span>}
    </div>
  );
}

export function WaitingBar({ approvals }: { approvals: readonly Approval[] }) {
  const [isOut, setOut] = useState(false);
  const first = approvals[0];
  useEffect(() => {
    const card = first === undefined ? null : cardOf(first.approvalId);
    if (card === null) {
      setOut(false);
      return undefined;
    }
    const watch = new IntersectionObserver((entries) => setOut(!entries.at(-1)?.isIntersecting));
    watch.observe(card);
    return () => watch.disconnect();
  }, [first?.approvalId]);
  if (first?.params === undefined || !isOut) return null;
  return (
    <button
      type="button"
      class="waiting"
      onClick={() => {
        const card = cardOf(first.approvalId);
        card?.scrollIntoView({ block: 'center' });
        card?.querySelector<HTMLElement>('.payload, .payload-files')?.focus({ preventScroll: true });
      }}
    >
      <Icon name="hand" />
      <span class="clip-text">
        Waits for you: {exact(first.params.tool)} {oneLine(first.params.subject, 80)}
      </span>
      <span class="nowrap">Show</span>
    </button>
  );
}

function cardOf(approvalId: string): HTMLElement | null {
  return document.querySelector(`[data-approval="${CSS.escape(approvalId)}"]`);
}
