/** What each step of the gate said of a call; folded, since most people do not need it. */
import type { TraceRow } from '../../protocol.js';
import { ExactText } from './exact_text.js';

export function Trace({ trace, label, isOwnStop = false }: { trace: readonly TraceRow[]; label: string; isOwnStop?: boolean }) {
  return (
    <details class="trace">
      <summary tabIndex={isOwnStop ? 0 : -1} data-stop={isOwnStop ? undefined : ''}>
        {label}
      </summary>
      <ol>
        {trace.map((row, at) => (
          <li key={at}>
            <span class={`verdict verdict-${row.verdict ?? 'none'}`}>{row.verdict ?? '—'}</span>
            <span class="trace-text">
              <span>
                {row.step}: <ExactText text={row.rule} />
              </span>
              {row.matched !== null && (
                <code>
                  <ExactText text={row.matched} />
                </code>
              )}
              <span class="dim">
                {row.level}
                {row.file !== null && (
                  <>
                    {' · '}
                    <ExactText text={row.file} />
                  </>
                )}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
