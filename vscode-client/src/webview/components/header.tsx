/** The sessions at the top: tabs of those that are open, a new one, earlier ones, and what can be done with one. */
import { useState } from 'preact/hooks';
import type { SessionAction, SessionMeta } from '../../views/chat/messages.js';
import { closedTabs, keepClosed } from '../kept.js';
import { post } from '../host.js';
import { exact, oneLine } from '../text/exact.js';
import { Icon, IconButton, type IconName } from './icons.js';
import { MenuButton } from './menu.js';
import { SessionList } from './session_list.js';

const ACTIONS: readonly (readonly [SessionAction, string, IconName])[] = [
  ['openInEditor', 'Open in an editor', 'window'],
  ['transcript', 'Open the session document', 'file'],
  ['rename', 'Rename…', 'edit'],
  ['fork', 'Fork', 'diff'],
  ['export', 'Export…', 'down'],
  ['delete', 'Delete…', 'close'],
];

export function titleOf(meta: SessionMeta): string {
  return exact(meta.title) || 'New session';
}

export function Header(props: {
  live: readonly SessionMeta[];
  active: string | null;
  place: 'view' | 'editor';
  /** Sessions with a question that waits. */
  asking: ReadonlySet<string>;
}) {
  const [closed, setClosed] = useState(closedTabs());
  const [isListing, setListing] = useState(false);
  const tabs = props.live.filter((meta) => meta.sessionId === props.active || meta.busy || !closed.includes(meta.sessionId));
  const select = (sessionId: string): void => {
    const left = closed.filter((id) => id !== sessionId);
    setClosed(left);
    keepClosed(left);
    post({ type: 'select', sessionId });
  };
  const close = (sessionId: string): void => {
    const now = [...closed.filter((id) => id !== sessionId), sessionId];
    setClosed(now);
    keepClosed(now);
    const at = tabs.findIndex((meta) => meta.sessionId === sessionId);
    const next = tabs[at + 1] ?? tabs[at - 1];
    if (sessionId === props.active && next !== undefined) post({ type: 'select', sessionId: next.sessionId });
  };
  const { active } = props;
  return (
    <header class="header">
      {props.place === 'view' ? (
        <>
          <h1 class="sr-only">Droid</h1>
          <Tabs {...props} live={tabs} onSelect={select} onClose={close} />
        </>
      ) : (
        <h1 class="editor-title">{props.live[0] === undefined ? 'Droid' : titleOf(props.live[0])}</h1>
      )}
      <span class="buttons">
        {props.place === 'view' && (
          <>
            <IconButton icon="add" label="New session" onClick={() => post({ type: 'newSession' })} />
            <IconButton icon="history" label="Earlier sessions" expanded={isListing} onClick={() => setListing(!isListing)} />
          </>
        )}
        {active !== null && (
          <MenuButton
            label="Session"
            icon="dots"
            items={ACTIONS.filter(([action]) => props.place === 'view' || action !== 'openInEditor').map(([action, label, icon]) => ({
              label,
              icon,
              act: () => post({ type: 'sessionAction', sessionId: active, action }),
            }))}
          />
        )}
      </span>
      {isListing && <SessionList onClose={() => setListing(false)} onPick={select} live={props.live} />}
    </header>
  );
}

function Tabs(props: {
  live: readonly SessionMeta[];
  active: string | null;
  asking: ReadonlySet<string>;
  onSelect: (sessionId: string) => void;
  onClose: (sessionId: string) => void;
}) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const id = all[at]?.dataset['session'];
    if (event.key === 'Delete' && id !== undefined && all.length > 1) props.onClose(id);
    else if (to !== undefined) all.at(to % all.length)?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Sessions" onKeyDown={onKeyDown}>
      {props.live.map((meta) => {
        const isActive = meta.sessionId === props.active;
        const isAsking = props.asking.has(meta.sessionId);
        const doing = isAsking ? ', waits for you' : meta.busy ? ', working' : '';
        return (
          <div
            key={meta.sessionId}
            class={`tab ${isActive ? 'active' : ''}`}
            role="tab"
            aria-selected={isActive}
            aria-label={`${titleOf(meta)}${doing}`}
            title={titleOf(meta)}
            tabIndex={isActive || (props.active === null && meta === props.live[0]) ? 0 : -1}
            data-session={meta.sessionId}
            onClick={() => props.onSelect(meta.sessionId)}
            onAuxClick={(event) => {
              if (event.button === 1 && props.live.length > 1) props.onClose(meta.sessionId);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' || event.key === ' ') {
                event.preventDefault();
                props.onSelect(meta.sessionId);
              }
            }}
          >
            {isAsking ? <Icon name="hand" /> : meta.busy && <span class="spinner" />}
            <span class="tab-title">{oneLine(titleOf(meta), 60)}</span>
            {props.live.length > 1 && (
              <span
                class="tab-close"
                aria-hidden="true"
                title="Close the tab; the session stays"
                onClick={(event) => {
                  event.stopPropagation();
                  props.onClose(meta.sessionId);
                }}
              >
                <Icon name="close" />
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
