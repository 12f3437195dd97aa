/** How times, costs and counts are written, the same everywhere. */

export function cost(usd: number | null): string {
  if (usd === null) return '';
  return usd > 0 && usd < 0.01 ? '<$0.01' : `$${usd.toFixed(2)}`;
}

/** How long ago, in a word or two. Both are seconds since the epoch. */
export function ago(thenS: number, nowS: number): string {
  const seconds = Math.max(0, nowS - thenS);
  if (seconds < 60) return 'now';
  for (const [unit, size, limit] of UNITS) {
    if (seconds < limit) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return new Date(thenS * 1000).toISOString().slice(0, 10);
}

const UNITS = [
  ['min', 60, 3600],
  ['h', 3600, 86_400],
  ['d', 86_400, 30 * 86_400],
] as const;

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** The beginning of a text, on one line. */
export function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/**
 * Text of others for a notification, which makes links of `[text](command:…)`: they would run what a model
 * wrote. The same as in `server/droid/lsp/plain_text.py`.
 */
export function unlinked(text: string): string {
  return text.replace(/\]\((?=[a-z][a-z0-9+.-]*:)/gi, ']⟨U+0028⟩');
}
