/** One tool call: what it is, how it goes, and on demand everything about it. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { post } from '../host.js';
import { memo } from '../memo.js';
import type { ToolItem, ToolStatus } from '../state/model.js';
import { filesOf, type FileDiff } from '../text/diff.js';
import { exact, oneLine } from '../text/exact.js';
import { duration } from '../text/format.js';
import { ApprovalView } from './approval.js';
import { useConversation } from './context.js';
import { DiffView } from './diff_view.js';
import { ExactText, PathText } from './exact_text.js';
import { Icon, type IconName } from './icons.js';
import { ToolOutput } from './tool_output.js';
import { Trace } from './trace.js';

const KIND_ICONS: Readonly<Record<ToolItem['toolKind'], IconName>> = {
  read: 'read',
  search: 'search',
  edit: 'edit',
  execute: 'execute',
  fetch: 'fetch',
  think: 'plan',
  other: 'other',
};

const STATUS_WORDS: Readonly<Record<ToolStatus, string>> = {
  pending: 'waiting',
  in_progress: 'running',
  completed: 'done',
  failed: 'failed',
  interrupted: 'interrupted',
};

/** Changes up to so many lines show without being asked for. */
const SHORT_DIFF = 30;

export const ToolCard = memo(({ item }: { item: ToolItem }) => {
  const files = useMemo(() => item.diffs.flatMap((block) => named(filesOf(block.diff), block.path)), [item.diffs]);
  const wasRunning = useRef(false);
  const [chosen, setChosen] = useState<boolean>();
  if (item.status === 'in_progress' && item.toolKind === 'execute') wasRunning.current = true;
  const isShort = files.length > 0 && files.reduce((sum, file) => sum + file.added + file.removed, 0) <= SHORT_DIFF;
  const isWaiting = item.approval?.state === 'open' && item.approval.params !== undefined;
  const isOpen = chosen ?? ((wasRunning.current && item.status !== 'completed') || isShort || item.status === 'failed');
  const isDenied = item.decision?.verdict === 'deny';
  const status = isWaiting ? 'asking' : isDenied ? 'failed' : item.status;
  return (
    <div class={`tool ${status}`}>
      <button
        type="button"
        class="tool-head"
        aria-expanded={isOpen}
        tabIndex={-1}
        data-stop
        onClick={() => setChosen(!isOpen)}
        title={exact(item.title).slice(0, 2000)}
      >
        <span class="tool-kind">
          <Icon name={KIND_ICONS[item.toolKind] ?? 'other'} />
        </span>
        <span class={`tool-title ${item.toolKind === 'execute' ? 'mono' : ''}`}>{oneLine(titleOf(item), 300)}</span>
        <FileCount files={files} />
        {item.durationS !== undefined && item.durationS >= 0.05 && <span class="dim nowrap">{duration(item.durationS)}</span>}
        <StatusMark status={status} denied={isDenied} />
        <span class={`twist ${isOpen ? 'open' : ''}`}>
          <Icon name="chevron" />
        </span>
      </button>
      {item.approval !== undefined && <ApprovalView approval={item.approval} />}
      {isOpen && !isWaiting && <Details item={item} files={files} />}
    </div>
  );
});

/** What a call is about; that a command is executed is told by its icon. */
function titleOf({ title, tool, toolKind }: ToolItem): string {
  const verb = `${tool} `;
  return (toolKind === 'execute' && title.startsWith(verb) ? title.slice(verb.length) : title) || tool;
}

function named(files: readonly FileDiff[], path: string): readonly FileDiff[] {
  return files.length === 1 ? files.map((file) => ({ ...file, path })) : files;
}

function FileCount({ files }: { files: readonly FileDiff[] }) {
  if (files.length === 0) return null;
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return (
    <span class="diff-count">
      <span class="added">+{added}</span>
      <span class="removed">−{removed}</span>
    </span>
  );
}

function StatusMark({ status, denied }: { status: ToolStatus | 'asking'; denied: boolean }) {
  const words = denied ? 'denied' : status === 'asking' ? 'waits for approval' : STATUS_WORDS[status];
  return (
    <span class={`status status-${status}`} role="img" aria-label={words} title={words}>
      {status === 'completed' && <Icon name="check" />}
      {status === 'failed' && <Icon name="close" />}
      {status === 'interrupted' && <Icon name="stop" />}
      {status === 'asking' && <Icon name="hand" />}
      {(status === 'in_progress' || status === 'pending') && <span class={status === 'pending' ? 'dot' : 'spinner'} />}
    </span>
  );
}

function Details({ item, files }: { item: ToolItem; files: readonly FileDiff[] }) {
  const { sessionId } = useConversation();
  const { callId, decision } = item;
  const open = (path: string, line?: number): void =>
    post({ type: 'openFile', sessionId, callId, path, ...(line === undefined ? {} : { line }) });
  const command = typeof item.input['command'] === 'string' ? item.input['command'] : undefined;
  const places = item.locations.filter((place) => !item.diffs.some((block) => block.path === place.path));
  const given = typeof item.input['file_path'] === 'string' ? item.input['file_path'] : undefined;
  const shown = places.length === 0 && given !== undefined && files.length === 0 ? [{ path: given }] : places;
  return (
    <div class="tool-body">
      {command !== undefined && (
        <pre class="command" tabIndex={-1} data-stop>
          <code>
            <ExactText text={command} />
          </code>
        </pre>
      )}
      {command === undefined && files.length === 0 && shown.length === 0 && <Input input={item.input} />}
      {shown.length > 0 && (
        <ul class="places">
          {shown.map((place, at) => (
            <li key={at}>
              <button
                type="button"
                class="link path"
                tabIndex={-1}
                data-stop
                onClick={() => open(place.path, 'line' in place ? place.line : undefined)}
              >
                <PathText path={place.path} line={'line' in place ? place.line : undefined} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {files.map((file, at) => (
        <DiffView key={at} file={file} onOpen={() => open(file.path)} />
      ))}
      <ToolOutput item={item} />
      {decision !== undefined && (
        <div class="decision">
          <span class={`verdict verdict-${decision.verdict}`}>
            {decision.verdict === 'allow' ? 'allowed' : decision.verdict === 'deny' ? 'denied' : 'asked'}
          </span>
          <span>
            {decision.risk} risk · <ExactText text={decision.reason} />
          </span>
          {decision.trace.length > 0 && <Trace trace={decision.trace} label="How that was decided" />}
        </div>
      )}
    </div>
  );
}

function Input({ input }: { input: ToolItem['input'] }) {
  const rows = Object.entries(input);
  if (rows.length === 0) return null;
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="mono clip">
            <ExactText text={(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 4000)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
