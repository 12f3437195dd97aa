/** One turn: what the person said, what came of it, and how it ended. */
import { useState } from 'preact/hooks';
import { ask, post } from '../host.js';
import { CopyButton } from '../markdown/code_block.js';
import { Markdown } from '../markdown/markdown.js';
import { memo } from '../memo.js';
import type { RestoreWhat } from '../../views/chat/messages.js';
import type { Ended, Item, TextItem, Turn, UserItem } from '../state/model.js';
import { exact } from '../text/exact.js';
import { cost, duration, plural } from '../text/format.js';
import { announce } from './announcer.js';
import { ApprovalView } from './approval.js';
import { useConversation } from './context.js';
import { PathText } from './exact_text.js';
import { Icon, IconButton } from './icons.js';
import { QuestionView } from './question.js';
import { ToolCard } from './tool_card.js';

export const TurnView = memo(({ turn, isLast }: { turn: Turn; isLast: boolean }) => {
  const first = turn.items.find((item): item is UserItem => item.kind === 'user');
  return (
    <article class={`turn ${isLast ? 'last' : ''}`} tabIndex={-1} aria-label={first ? `You: ${exact(first.text).slice(0, 120)}` : 'Session'} data-turn={turn.id}>
      {turn.items.map((item) => (
        <ItemView key={item.key} item={item} turn={turn} isFirst={item === first} />
      ))}
      {turn.ended !== undefined && <TurnEnd turn={turn} ended={turn.ended} prompt={first?.text} isLast={isLast} />}
    </article>
  );
});

const ItemView = memo(
  ({ item, turn, isFirst }: { item: Item; turn: Turn; isFirst: boolean }) => {
    switch (item.kind) {
      case 'user':
        return <UserMessage item={item} turnId={turn.id} isFirst={isFirst} />;
      case 'text':
        return <Markdown text={item.text} />;
      case 'thought':
        return <Thought item={item} />;
      case 'tool':
        return <ToolCard item={item} />;
      case 'question':
        return <QuestionView item={item} />;
      case 'approval':
        return <ApprovalView approval={item.approval} />;
      case 'notice':
        return (
          <p class={`notice notice-${item.tone}`}>
            <Icon name={item.tone === 'info' ? 'history' : item.tone === 'retry' ? 'retry' : 'error'} />
            <span>{exact(item.text)}</span>
          </p>
        );
    }
  },
  (before, after) => before.item === after.item && before.isFirst === after.isFirst && before.turn.id === after.turn.id,
);

function UserMessage({ item, turnId, isFirst }: { item: UserItem; turnId: string; isFirst: boolean }) {
  const conversation = useConversation();
  const [isRewinding, setRewinding] = useState(false);
  const canRewind = isFirst && turnId !== '';
  return (
    <div class={`user ${item.steers ? 'steers' : ''}`}>
      {item.steers && <span class="user-note">While it ran</span>}
      <div class="user-text">{item.text}</div>
      {item.images > 0 && (
        <span class="tag">
          <Icon name="attach" /> {plural(item.images, 'image')}
        </span>
      )}
      <div class="user-buttons buttons" role="toolbar" aria-label="Message">
        <CopyButton text={() => item.text} label="Copy message" />
        {canRewind && (
          <>
            <IconButton inMessage icon="edit" label="Edit and send again" onClick={() => conversation.editPrompt(turnId, item.text)} />
            <IconButton inMessage icon="retry" label="Try again from here" onClick={() => conversation.retry(turnId, item.text)} />
            <IconButton
              inMessage
              icon="rewind"
              label="Go back to before this message"
              expanded={isRewinding}
              onClick={() => setRewinding(!isRewinding)}
            />
          </>
        )}
      </div>
      {isRewinding && <Rewind turnId={turnId} onDone={() => setRewinding(false)} />}
    </div>
  );
}

const REWINDS: readonly (readonly [RestoreWhat, string, string])[] = [
  ['files', 'Files', 'File changes since then are taken back, after you have seen them'],
  ['conversation', 'Conversation', 'This message and all after it are no longer part of the conversation'],
  ['both', 'Both', 'Files and conversation'],
];

function Rewind({ turnId, onDone }: { turnId: string; onDone: () => void }) {
  const { sessionId, editPrompt } = useConversation();
  const [error, setError] = useState<string>();
  const restore = async (what: RestoreWhat): Promise<void> => {
    const reply = await ask<'restore'>({ type: 'restore', sessionId, turnId, what });
    if (reply.error !== null) return setError(reply.error);
    if (reply.prompt !== null) editPrompt('', reply.prompt);
    announce('Gone back');
    onDone();
  };
  return (
    <div
      class="rewind"
      role="group"
      aria-label="Go back to before this message"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <span>Checkpoint: go back with</span>
      <span class="answers">
        {REWINDS.map(([what, label, title]) => (
          <button key={what} type="button" class="button" title={title} onClick={() => void restore(what)}>
            {label}
          </button>
        ))}
        <button type="button" class="button quiet" onClick={onDone}>
          Stay
        </button>
      </span>
      {error !== undefined && <p class="hint warn">{error}</p>}
    </div>
  );
}

function Thought({ item }: { item: TextItem }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class={`thought ${item.open ? 'live' : ''}`}>
      <button type="button" class="thought-head" aria-expanded={isOpen} tabIndex={-1} data-stop onClick={() => setOpen(!isOpen)}>
        <span class={`twist ${isOpen ? 'open' : ''}`}>
          <Icon name="chevron" />
        </span>
        {item.open ? 'Thinking…' : 'Thought'}
      </button>
      {isOpen && <Markdown text={item.text} />}
    </div>
  );
}

/** What a person can do about each way that a turn ends. */
const ADVICE: Readonly<Record<string, { title: string; advice: string; actions: readonly ('retry' | 'model' | 'settings' | 'log' | 'doctor')[] }>> = {
  cancelled: { title: 'Cancelled', advice: 'What was done until then is kept. Say what should be different, or try again.', actions: ['retry'] },
  budget: { title: 'A budget was reached', advice: 'Raise it in the settings, or go on with a new message.', actions: ['settings'] },
  provider: { title: 'The model could not be reached', advice: 'Try again, or go on with another model.', actions: ['retry', 'model', 'doctor'] },
  policy: { title: 'Policy does not allow this', advice: 'The card of the call says which rule decided.', actions: ['settings'] },
  loop: { title: 'It went round in circles', advice: 'Say in other words what you want, or give it a hint.', actions: ['retry'] },
  error: { title: 'Something broke in Droid', advice: 'The log says what. The conversation so far is kept.', actions: ['retry', 'log', 'doctor'] },
};

function TurnEnd({ turn, ended, prompt, isLast }: { turn: Turn; ended: Ended; prompt: string | undefined; isLast: boolean }) {
  const { sessionId, retry } = useConversation();
  const advice = ADVICE[ended.reason];
  const hasChanges = turn.items.some((item) => item.kind === 'tool' && item.diffs.length > 0) && turn.undone === undefined;
  const texts = turn.items.filter((item): item is TextItem => item.kind === 'text');
  const facts = [
    ended.durationS > 0 ? duration(ended.durationS) : '',
    ended.costUsd !== null && ended.costUsd > 0 ? cost(ended.costUsd) : '',
  ].filter((one) => one !== '');
  const actions = {
    retry: ['Try again', () => retry(turn.id, prompt ?? '')],
    model: ['Choose a model', () => post({ type: 'pickModel', sessionId })],
    settings: ['Open settings', () => post({ type: 'appAction', action: 'settings' })],
    log: ['Show the log', () => post({ type: 'appAction', action: 'log' })],
    doctor: ['Check the installation', () => post({ type: 'appAction', action: 'doctor' })],
  } as const;
  return (
    <footer class="turn-end">
      {turn.undone !== undefined && (
        <p class="notice notice-info">
          <Icon name="rewind" />
          <span>
            Changes of{' '}
            {turn.undone.paths.length === 1 ? <PathText path={turn.undone.paths[0] ?? ''} /> : plural(turn.undone.paths.length, 'file')} were taken back.
            {turn.undone.conflicts.length > 0 && ` Left as they are, since they changed meanwhile: ${turn.undone.conflicts.join(', ')}.`}
          </span>
        </p>
      )}
      {advice !== undefined && (
        <div class={`ended ended-${ended.reason}`}>
          <strong>{advice.title}</strong>
          {ended.message !== '' && <p>{exact(ended.message)}</p>}
          <p class="dim">{advice.advice}</p>
          {isLast && (
            <div class="answers">
              {advice.actions
                .filter((name) => name !== 'retry' || (prompt !== undefined && turn.id !== ''))
                .map((name) => (
                  <button key={name} type="button" class="button" onClick={actions[name][1]}>
                    {actions[name][0]}
                  </button>
                ))}
            </div>
          )}
        </div>
      )}
      <div class="turn-facts">
        {facts.length > 0 && <span class="dim">{facts.join(' · ')}</span>}
        <span class="buttons">
          {hasChanges && (
            <button type="button" class="link" tabIndex={-1} data-stop onClick={() => post({ type: 'reviewTurn', sessionId, turnId: turn.id })}>
              Review changes
            </button>
          )}
          {texts.length > 0 && <CopyButton text={() => texts.map((item) => item.text).join('\n\n')} label="Copy answer" />}
        </span>
      </div>
    </footer>
  );
}
