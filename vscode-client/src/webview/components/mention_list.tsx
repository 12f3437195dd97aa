/** What fits the mention that is being written; the focus stays in the input box. */
import { useEffect, useRef } from 'preact/hooks';
import type { Mention } from '../../views/chat/messages.js';
import { Icon } from './icons.js';

export function optionId(at: number): string {
  return `mention-${at}`;
}

export function MentionList(props: { items: readonly Mention[]; picked: number; onPick: (item: Mention) => void }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [props.picked]);
  if (props.items.length === 0) return null;
  return (
    <div ref={list} id="mentions" class="mentions" role="listbox" aria-label="Files">
      {props.items.map((item, at) => (
        <div
          key={item.insert}
          id={optionId(at)}
          class="mention"
          role="option"
          aria-selected={at === props.picked}
          // The input box keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => props.onPick(item)}
        >
          <Icon name={item.kind === 'folder' ? 'folder' : item.kind === 'special' ? 'other' : 'file'} />
          <span class="mention-label">{item.label}</span>
          <span class="dim clip-text">{item.detail}</span>
        </div>
      ))}
    </div>
  );
}
