/** Where a prompt is written: mentions, images, history, and what the session goes on with. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ImageData, Mention, SessionMeta } from '../../views/chat/messages.js';
import { ask, post } from '../host.js';
import { draftOf, keepDraft, keepPrompt, sentPrompts } from '../kept.js';
import type { Usage } from '../state/model.js';
import { announce } from './announcer.js';
import { Icon, IconButton } from './icons.js';
import { imagesOf, KINDS, MAX_IMAGES, readImages } from './images.js';
import { MentionList, optionId } from './mention_list.js';
import { completed, mentionAt, type MentionAt } from './mentions.js';
import { Meter } from './meter.js';
import { PromptHistory } from './prompt_history.js';

const TWICE_MS = 700;
const AUTONOMY: Readonly<Record<string, string>> = { off: 'Off', low: 'Low', medium: 'Medium', high: 'High' };

/** What the rest of the page does with the composer. */
export interface ComposerHandle {
  focus(): void;
  /** Adds to the draft. */
  insert(text: string): void;
  /** Puts an earlier prompt in; with a turn, sending goes back to before it. */
  edit(turnId: string, text: string): void;
}

export interface ComposerProps {
  readonly sessionId: string | null;
  readonly meta: SessionMeta | undefined;
  readonly usage: Usage | undefined;
  readonly enterSends: boolean;
  readonly canSend: boolean;
  readonly handle: (handle: ComposerHandle) => void;
}

export function Composer(props: ComposerProps) {
  const { sessionId, meta, canSend } = props;
  const [draft, setDraft] = useState(() => draftOf(sessionId));
  const [owner, setOwner] = useState(sessionId);
  const [editing, setEditing] = useState<string>();
  const [error, setError] = useState<string>();
  const [isOver, setOver] = useState(false);
  const [mention, setMention] = useState<{ at: MentionAt; items: readonly Mention[]; picked: number }>();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const history = useRef<PromptHistory | undefined>(undefined);
  const lastEscape = useRef(-Infinity);
  const wanted = useRef(0);
  history.current ??= new PromptHistory(sentPrompts);

  // Another session has a draft of its own; one that only now got a session keeps what was being written.
  if (owner !== sessionId) {
    const moved = owner === null && draft.text !== '' && draftOf(sessionId).text === '';
    if (moved) {
      keepDraft(null, { text: '', images: [] });
      keepDraft(sessionId, draft);
    }
    setOwner(sessionId);
    setDraft(moved ? draft : draftOf(sessionId));
    setEditing(undefined);
    setMention(undefined);
    setError(undefined);
  }

  const change = (text: string, images: readonly ImageData[] = draft.images): void => {
    setDraft({ text, images });
    keepDraft(sessionId, { text, images });
  };

  const put = (text: string, cursor: number): void => {
    change(text);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(cursor, cursor);
    });
  };

  props.handle({
    focus: () => area.current?.focus(),
    insert: (text) => {
      const joined = draft.text === '' || /\s$/.test(draft.text) ? draft.text + text : `${draft.text} ${text}`;
      put(joined, joined.length);
    },
    edit: (turnId, text) => {
      setEditing(turnId === '' ? undefined : turnId);
      put(text, text.length);
    },
  });

  useLayoutEffect(() => {
    const box = area.current;
    if (box === null) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight + 2}px`;
  }, [draft.text, sessionId]);

  useEffect(() => {
    if (mention !== undefined) announce(mention.items.length === 0 ? 'No matches' : `${mention.items.length} matches`);
  }, [mention?.items]);

  const look = async (text: string, cursor: number): Promise<void> => {
    const at = mentionAt(text, cursor);
    wanted.current += 1;
    const asked = wanted.current;
    if (at === undefined) return setMention(undefined);
    const reply = await ask<'mentions'>({ type: 'mentions', sessionId, query: at.query });
    if (asked === wanted.current) setMention({ at, items: reply.items, picked: 0 });
  };

  const complete = (item: Mention): void => {
    if (mention === undefined || area.current === null) return;
    const done = completed(draft.text, area.current.selectionStart, mention.at, item.insert);
    setMention(undefined);
    put(done.text, done.cursor);
    if (item.insert.endsWith('/')) void look(done.text, done.cursor);
  };

  const send = async (): Promise<void> => {
    const { text, images } = draft;
    if (!canSend || (text.trim() === '' && images.length === 0)) return;
    setMention(undefined);
    setError(undefined);
    history.current?.reset();
    if (editing !== undefined && sessionId !== null) {
      const back = await ask<'restore'>({ type: 'restore', sessionId, turnId: editing, what: 'conversation' });
      if (back.error !== null) return setError(back.error);
      setEditing(undefined);
    }
    change('', []);
    if (text.trim() !== '') keepPrompt(text);
    const reply = await ask<'prompt'>({ type: 'prompt', sessionId, text, images });
    if (reply.error === null) return;
    setError(reply.error);
    // What could not be sent is not lost, wherever the person has gone meanwhile.
    if (draftOf(sessionId).text === '') {
      keepDraft(sessionId, { text, images });
      setDraft((now) => (now.text === '' ? { text, images } : now));
    }
  };

  const take = async (files: readonly File[]): Promise<void> => {
    const read = await readImages(files, MAX_IMAGES - draft.images.length);
    setError(read.refused);
    if (read.images.length === 0) return;
    change(area.current?.value ?? draft.text, [...draft.images, ...read.images]);
    announce(`${read.images.length} attached`);
  };

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): void => {
    // What an input method composes is not for us.
    if (event.isComposing) return;
    const box = event.currentTarget;
    const handled = onMentionKey(event) || onSendKey(event) || onHistoryKey(event, box) || onEscape(event);
    if (handled) event.preventDefault();
  };

  const onMentionKey = (event: KeyboardEvent): boolean => {
    if (mention === undefined || mention.items.length === 0) {
      if (mention !== undefined && event.key === 'Escape') {
        setMention(undefined);
        return true;
      }
      return false;
    }
    const { items, picked } = mention;
    const step = { ArrowDown: 1, ArrowUp: items.length - 1 }[event.key];
    if (step !== undefined) setMention({ ...mention, picked: (picked + step) % items.length });
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') complete(items[picked] as Mention);
    else if (event.key === 'Escape') setMention(undefined);
    else return false;
    return true;
  };

  const onSendKey = (event: KeyboardEvent): boolean => {
    if (event.key !== 'Enter') return false;
    const wants = event.ctrlKey || event.metaKey || (props.enterSends && !event.shiftKey && !event.altKey);
    if (wants) void send();
    return wants;
  };

  const onHistoryKey = (event: KeyboardEvent, box: HTMLTextAreaElement): boolean => {
    const way = ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key];
    if (way === undefined || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const isAtEdge =
      way === -1 ? !box.value.slice(0, box.selectionStart).includes('\n') : !box.value.slice(box.selectionEnd).includes('\n');
    if (!isAtEdge || !(history.current?.isActive || box.value === '' || box.selectionStart === 0)) return false;
    const text = history.current?.step(way, box.value);
    if (text === undefined) return false;
    put(text, way === -1 ? 0 : text.length);
    return true;
  };

  const onEscape = (event: KeyboardEvent): boolean => {
    if (event.key !== 'Escape') return false;
    if (editing !== undefined) {
      setEditing(undefined);
      change('');
      return true;
    }
    if (!meta?.busy || sessionId === null) return false;
    if (event.timeStamp - lastEscape.current < TWICE_MS) post({ type: 'cancel', sessionId });
    else announce('Press Escape again to cancel');
    lastEscape.current = event.timeStamp;
    return true;
  };

  const isBusy = meta?.busy === true;
  const isEmpty = draft.text.trim() === '' && draft.images.length === 0;
  return (
    <div
      class={`composer ${isOver ? 'over' : ''}`}
      onDragOver={(event) => {
        if (![...(event.dataTransfer?.types ?? [])].includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const files = imagesOf(event.dataTransfer);
        if (files.length === 0) return;
        event.preventDefault();
        void take(files);
      }}
    >
      {editing !== undefined && (
        <p class="hint editing">
          Sending goes back to before that message.
          <button type="button" class="link" onClick={() => setEditing(undefined)}>
            Send as a new one
          </button>
        </p>
      )}
      {error !== undefined && (
        <p class="hint warn" role="alert">
          {error}
        </p>
      )}
      {draft.images.length > 0 && (
        <ul class="images" aria-label="Images">
          {draft.images.map((image, at) => (
            <li key={at}>
              <img src={`data:${image.mediaType};base64,${image.data}`} alt={`Image ${at + 1}`} />
              <IconButton icon="close" label={`Remove image ${at + 1}`} onClick={() => change(draft.text, draft.images.toSpliced(at, 1))} />
            </li>
          ))}
        </ul>
      )}
      <div class="input-box">
        {mention !== undefined && <MentionList items={mention.items} picked={mention.picked} onPick={complete} />}
        <textarea
          ref={area}
          rows={1}
          value={draft.text}
          placeholder={isBusy ? 'Steer: your message joins the running turn' : 'Ask Droid to do something; @ names a file'}
          aria-label="Message"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={mention !== undefined && mention.items.length > 0 ? 'mentions' : undefined}
          aria-activedescendant={mention !== undefined && mention.items.length > 0 ? optionId(mention.picked) : undefined}
          spellcheck
          onInput={(event) => {
            history.current?.reset();
            const { value, selectionStart } = event.currentTarget;
            change(value);
            void look(value, selectionStart);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setMention(undefined)}
          onPaste={(event) => {
            const files = imagesOf(event.clipboardData);
            if (files.length === 0) return;
            event.preventDefault();
            void take(files);
          }}
        />
        <div class="input-foot">
          <input
            ref={picker}
            type="file"
            accept={KINDS.join(',')}
            multiple
            hidden
            onChange={(event) => {
              void take([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
          <IconButton icon="attach" label="Attach an image" onClick={() => picker.current?.click()} />
          <button type="button" class="chip shrinks" title="Model" aria-label={`Model: ${meta?.model ?? 'as set'}`} onClick={() => post({ type: 'pickModel', sessionId })}>
            <span class="clip-text">{meta?.model || 'Model'}</span>
          </button>
          <button
            type="button"
            class="chip"
            title="Autonomy: what runs without asking"
            aria-label={`Autonomy: ${meta?.autonomy ?? 'as set'}`}
            onClick={() => post({ type: 'pickAutonomy', sessionId })}
          >
            <Icon name="gauge" />
            {AUTONOMY[meta?.autonomy ?? ''] ?? 'Autonomy'}
          </button>
          {props.usage !== undefined && <Meter usage={props.usage} />}
          <span class="grow" />
          {isBusy && sessionId !== null && (
            <IconButton icon="stop" filled label="Cancel (Escape twice)" class="stop" onClick={() => post({ type: 'cancel', sessionId })} />
          )}
          {(!isBusy || !isEmpty) && (
            <IconButton icon="send" label={isBusy ? 'Send: joins the running turn' : 'Send'} class="send" disabled={isEmpty || !canSend} onClick={() => void send()} />
          )}
        </div>
      </div>
    </div>
  );
}
