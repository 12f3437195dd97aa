/**
 * Shows what does not show: what a person approves must be what they see.
 *
 * The same characters as in `server/droid/lsp/markdown_text.py`, so that a question reads alike everywhere.
 */

// Controls but tab and line feed, bidirectional marks, zero-width and tag characters.
const HIDDEN =
  '\\u0000-\\u0008\\u000d-\\u001b\\u001f\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e' +
  '\\u2060-\\u206f\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}';
// Joiners have their use in words and emoji; in a command they only hide.
const JOINERS = '\\u200c\\u200d\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u3164\\uffa0\\ufe00-\\ufe0f';
const NOT_SHOWN = new RegExp(`[${HIDDEN}${JOINERS}]`, 'gu');
const BREAKS = /\r\n|[\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/gu;

export interface Piece {
  readonly text: string;
  /** It stands for a character that does not show. */
  readonly hidden: boolean;
}

function codePoint(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `⟨U+${point.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/**
 * The text with line feeds only, every hidden character a piece of its own: `⟨U+202E⟩`.
 *
 * A text that spells `⟨U+202E⟩` out is not taken for one: pieces are made from the characters.
 */
export function exactPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const plain = text.replace(BREAKS, '\n');
  let from = 0;
  for (const found of plain.matchAll(NOT_SHOWN)) {
    if (found.index > from) pieces.push({ text: plain.slice(from, found.index), hidden: false });
    pieces.push({ text: codePoint(found[0]), hidden: true });
    from = found.index + found[0].length;
  }
  if (from < plain.length) pieces.push({ text: plain.slice(from), hidden: false });
  return pieces;
}

export function exact(text: string): string {
  return text.replace(BREAKS, '\n').replace(NOT_SHOWN, codePoint);
}

const NOT_SHOWN_IN_TEXT = new RegExp(`[${HIDDEN}]`, 'gu');

/** The same for text that is no question: joiners stay, since words and emoji of many scripts need them. */
export function visible(text: string): string {
  return text.replace(BREAKS, '\n').replace(NOT_SHOWN_IN_TEXT, codePoint);
}

/** How many characters `exact` shows that would not show otherwise. */
export function hiddenCount(text: string): number {
  return text.replace(BREAKS, '\n').match(NOT_SHOWN)?.length ?? 0;
}

/** On one line, cut to `limit` characters with `…` at the end. */
export function oneLine(text: string, limit: number): string {
  const line = exact(text).split(/\s+/).join(' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}
