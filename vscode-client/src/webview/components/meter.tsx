/** What the session cost and how full the model's window is; on demand, all the numbers. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Usage } from '../state/model.js';
import { cost, tokens } from '../text/format.js';

const RADIUS = 6;
const ROUND = 2 * Math.PI * RADIUS;
const FULL = 0.8;

export function Meter({ usage }: { usage: Usage }) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const { contextTokens, contextWindow, totalCostUsd } = usage;
  const share = contextWindow ? Math.min(1, contextTokens / contextWindow) : undefined;
  const percent = share === undefined ? undefined : Math.round(share * 100);
  useEffect(() => {
    if (!isOpen) return undefined;
    const outside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [isOpen]);
  const label = [
    percent === undefined ? `${tokens(contextTokens)} tokens of context` : `Context ${percent}% full`,
    totalCostUsd === null ? 'cost not known' : `cost ${cost(totalCostUsd)}`,
  ].join(', ');
  const rows: readonly (readonly [string, string])[] = [
    ['Context', contextWindow === null ? tokens(contextTokens) : `${tokens(contextTokens)} of ${tokens(contextWindow)}`],
    ['Input', tokens(usage.inputTokens)],
    ['Output', tokens(usage.outputTokens)],
    ['Cache read', tokens(usage.cacheReadTokens)],
    ['Cache written', tokens(usage.cacheWriteTokens)],
    ['Cost', totalCostUsd === null ? 'not known' : cost(totalCostUsd)],
  ];
  return (
    <div
      class="meter"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
      }}
    >
      <button
        type="button"
        class={`chip ${share !== undefined && share >= FULL ? 'full' : ''}`}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={`Usage: ${label}`}
        title={label}
        onClick={() => setOpen(!isOpen)}
      >
        {share !== undefined && (
          <svg class="ring" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <circle cx="8" cy="8" r={RADIUS} class="ring-back" />
            <circle cx="8" cy="8" r={RADIUS} class="ring-front" stroke-dasharray={`${share * ROUND} ${ROUND}`} transform="rotate(-90 8 8)" />
          </svg>
        )}
        <span>{percent === undefined ? tokens(contextTokens) : `${percent}%`}</span>
        {totalCostUsd !== null && <span class="meter-cost">{cost(totalCostUsd)}</span>}
      </button>
      {isOpen && (
        <dl id={id} class="meter-table" aria-label="Usage">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
