/** `@`-mentions in the text before the cursor. */
export interface MentionAt {
  /** Where its `@` is. */
  readonly from: number;
  readonly query: string;
}

/** The mention that is being written at the cursor. */
export function mentionAt(text: string, cursor: number): MentionAt | undefined {
  const found = /(?:^|[\s([{"'`])@([^\s@]{0,200})$/.exec(text.slice(0, cursor));
  if (found === null) return undefined;
  const query = found[1] ?? '';
  return { from: cursor - query.length - 1, query };
}

/** The text with the mention written out, and where the cursor goes; a folder can be gone into. */
export function completed(text: string, cursor: number, mention: MentionAt, insert: string): { text: string; cursor: number } {
  const after = text.slice(cursor);
  const space = insert.endsWith('/') || /^\s/.test(after) ? '' : ' ';
  const head = text.slice(0, mention.from) + insert + space;
  return { text: head + after, cursor: head.length };
}
