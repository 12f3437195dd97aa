/** A few line icons, drawn on a 16 by 16 grid in the colour of the text. */
const PATHS = {
  add: 'M8 3v10M3 8h10',
  attach: 'M13 7.5 7.8 12.7a3.2 3.2 0 0 1-4.5-4.5L8.8 2.7a2.1 2.1 0 0 1 3 3L6.5 11a1 1 0 0 1-1.5-1.5L9.7 4.8',
  check: 'm3 8.5 3.3 3.3L13 4.8',
  chevron: 'm6 3.5 4.5 4.5L6 12.5',
  close: 'm4 4 8 8M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  diff: 'M8 3v6M5 6h6M5 12.5h6',
  dots: 'M3 7.6v.8M8 7.6v.8M13 7.6v.8',
  down: 'M8 3v10M3.5 8.5 8 13l4.5-4.5',
  edit: 'm10.5 3 2.5 2.5L5.5 13H3v-2.5z',
  error: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 5v3.5M8 11h.01',
  execute: 'm3 4 3.5 4L3 12M8 12h5',
  fetch: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM2 8h12M8 2c3.5 3.5 3.5 8.5 0 12M8 2c-3.5 3.5-3.5 8.5 0 12',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  folder: 'M2 4h4.5L8 5.5h6V13H2z',
  gauge: 'M2.5 12a5.5 5.5 0 1 1 11 0M8 12l2.8-4',
  hand: 'M8 2 14 13H2zM8 6.5V9M8 11h.01',
  history: 'M3 3v3h3M3.4 5.8A5.5 5.5 0 1 1 2.5 9M8 5.5V8.5l2 1.2',
  insert: 'M2.5 3v10M6 8h7.5M9.5 4.5 6 8l3.5 3.5',
  newFile: 'M4 2h5l3 3v9H4zM8 7v4M6 9h4',
  other: 'M9.5 2 5 9h3l-1.5 5L11 7H8z',
  plan: 'm2.5 4 1 1 1.5-2M7.5 4h6M2.5 8.5l1 1 1.5-2M7.5 8.5h6M7.5 13h6M3 13h1',
  read: 'M2 4c2-1 4-1 6 .5C10 3 12 3 14 4v8.5c-2-1-4-1-6 .5-2-1.5-4-1.5-6-.5zM8 4.5V13',
  retry: 'M13 3v3.5H9.5M12.6 6.200A5.5 5.5 0 1 0 13.5 9',
  rewind: 'M6 4 2.5 7.5 6 11M2.5 7.5H10a3.5 3.5 0 0 1 0 7H7',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14',
  send: 'M8 13V3M3.5 7.5 8 3l4.5 4.5',
  stop: 'M4.5 4.5h7v7h-7z',
  think: 'M5.5 10.5C4 9.5 3.5 8.3 3.5 7a4.5 4.5 0 0 1 9 0c0 1.3-.5 2.5-2 3.5V12h-5zM6.5 14h3',
  window: 'M2.5 3h11v10h-11zM8.5 3v10',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} class={filled ? 'icon-filled' : undefined} />
    </svg>
  );
}

/** A button that shows an icon only; `label` is its name and its tooltip. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  onClick: (event: MouseEvent) => void;
  disabled?: boolean;
  filled?: boolean;
  class?: string;
  /** In a list of messages: reached by Tab only from its message. */
  inMessage?: boolean;
  expanded?: boolean;
}) {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      title={props.label}
      aria-label={props.label}
      aria-expanded={props.expanded}
      aria-disabled={props.disabled || undefined}
      tabIndex={props.inMessage ? -1 : undefined}
      data-stop={props.inMessage ? '' : undefined}
      onClick={(event) => {
        if (!props.disabled) props.onClick(event);
      }}
    >
      <Icon name={props.icon} filled={props.filled ?? false} />
    </button>
  );
}
