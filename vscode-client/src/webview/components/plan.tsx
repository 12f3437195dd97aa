/** The list of things to do, pinned above the conversation: the step at hand, and on demand all of them. */
import { useState } from 'preact/hooks';
import type { PlanEntry } from '../../protocol.js';
import { isPlanFolded, keepPlanFolded } from '../kept.js';
import { memo } from '../memo.js';
import { exact } from '../text/exact.js';
import { Icon } from './icons.js';

const MARKS = { pending: '○', in_progress: '◐', completed: '●' } as const;
const WORDS = { pending: 'to do', in_progress: 'in progress', completed: 'done' } as const;

export const Plan = memo(({ entries }: { entries: readonly PlanEntry[] }) => {
  const [isFolded, setFolded] = useState(isPlanFolded());
  if (entries.length === 0) return null;
  const done = entries.filter((entry) => entry.status === 'completed').length;
  const now = entries.find((entry) => entry.status === 'in_progress') ?? entries.find((entry) => entry.status === 'pending');
  return (
    <section class="plan" aria-label="Plan">
      <button
        type="button"
        class="plan-head"
        aria-expanded={!isFolded}
        onClick={() => {
          keepPlanFolded(!isFolded);
          setFolded(!isFolded);
        }}
      >
        <Icon name="plan" />
        <span class="nowrap">
          Plan {done}/{entries.length}
        </span>
        {isFolded && <span class="plan-now">{now === undefined ? 'all done' : exact(now.content)}</span>}
        <span class={`twist ${isFolded ? '' : 'open'}`}>
          <Icon name="chevron" />
        </span>
      </button>
      {!isFolded && (
        <ol class="plan-list">
          {entries.map((entry, at) => (
            <li key={at} class={entry.status}>
              <span role="img" aria-label={WORDS[entry.status]}>
                {MARKS[entry.status]}
              </span>
              <span>{exact(entry.content)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
});
