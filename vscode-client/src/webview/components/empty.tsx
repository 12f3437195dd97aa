/** A session with nothing in it yet, and a page whose server does not run. */
import { post } from '../host.js';
import type { State } from '../state/model.js';

const SUGGESTIONS = [
  'Explain how this project is built and tested',
  'Find the cause of a failing test and mend it',
  'Review my uncommitted changes',
  'Write tests for the file that is open',
];

export function EmptyState({ onPick }: { onPick: (text: string) => void }) {
  return (
    <div class="empty">
      <h2>What shall we do?</h2>
      <p class="dim">Droid reads, edits and runs things in this workspace, and asks before anything risky.</p>
      <ul class="suggestions">
        {SUGGESTIONS.map((text) => (
          <li key={text}>
            <button type="button" class="suggestion" onClick={() => onPick(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
      <p class="dim keys">
        <kbd>@</kbd> names a file · <kbd>↑</kbd> brings back what you sent · <kbd>Esc</kbd> <kbd>Esc</kbd> cancels
      </p>
    </div>
  );
}

const WORDS: Readonly<Record<State['server']['state'], string>> = {
  starting: 'Droid is starting…',
  restarting: 'Droid stopped, and is being started again…',
  running: '',
  stopped: 'Droid is not running.',
  missing: 'The Droid server was not found. Install it, or say in the settings where it is.',
  failed: 'Droid could not be started. The log says why.',
};

export function ServerBar({ server, trusted }: { server: State['server']; trusted: boolean }) {
  const { state } = server;
  if (state === 'running' && trusted) return null;
  const act = (action: 'restart' | 'log' | 'settings' | 'trust') => () => post({ type: 'appAction', action });
  if (state === 'running') {
    return (
      <div class="bar" role="status">
        <span>This workspace is not trusted: Droid asks before all but reading, and its settings here are left out.</span>
        <span class="answers">
          <button type="button" class="button" onClick={act('trust')}>
            Manage trust
          </button>
        </span>
      </div>
    );
  }
  const isWaiting = state === 'starting' || state === 'restarting';
  return (
    <div class={`bar ${isWaiting ? '' : 'bar-error'}`} role="status">
      <span>
        {isWaiting && <span class="spinner" />} {WORDS[state]}
      </span>
      {!isWaiting && (
        <span class="answers">
          <button type="button" class="button" onClick={act('restart')}>
            Start
          </button>
          {state === 'missing' && (
            <button type="button" class="button" onClick={act('settings')}>
              Open settings
            </button>
          )}
          <button type="button" class="button" onClick={act('log')}>
            Show the log
          </button>
        </span>
      )}
    </div>
  );
}
