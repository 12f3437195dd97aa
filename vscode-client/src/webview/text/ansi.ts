/** Output of programs: colours kept, cursor movements left out, overwritten lines shown as they ended. */

export interface Span {
  readonly text: string;
  /** Classes: `fg-1`, `bold`, `dim`. */
  readonly style: string;
}

const SEQUENCE = /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** What a terminal shows after carriage returns: the last text of each line. */
export function settled(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .replace(/\r+\n/g, '\n')
    .split('\n')
    .map((line) => {
      const last = line.replace(/\r+$/, '');
      return last.slice(last.lastIndexOf('\r') + 1);
    })
    .join('\n');
}

interface Look {
  foreground: number | undefined;
  bold: boolean;
  dim: boolean;
}

function apply(look: Look, parameters: string): void {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) Object.assign(look, { foreground: undefined, bold: false, dim: false });
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 22) Object.assign(look, { bold: false, dim: false });
    else if (code >= 30 && code <= 37) look.foreground = code - 30;
    else if (code >= 90 && code <= 97) look.foreground = code - 90 + 8;
    else if (code === 39) look.foreground = undefined;
    else if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
  }
}

function styleOf(look: Look): string {
  const classes: string[] = [];
  if (look.foreground !== undefined) classes.push(`fg-${look.foreground}`);
  if (look.bold) classes.push('bold');
  if (look.dim) classes.push('dim');
  return classes.join(' ');
}

/** Pieces of one look each; colours beyond the sixteen are left to the text's own. */
export function ansiSpans(output: string): readonly Span[] {
  const text = settled(output);
  if (!text.includes('\u001b')) return text ? [{ text: text.replace(CONTROLS, ''), style: '' }] : [];
  const spans: Span[] = [];
  const look: Look = { foreground: undefined, bold: false, dim: false };
  let from = 0;
  const push = (piece: string): void => {
    const shown = piece.replace(CONTROLS, '');
    if (shown) spans.push({ text: shown, style: styleOf(look) });
  };
  for (const found of text.matchAll(SEQUENCE)) {
    push(text.slice(from, found.index));
    if (found[2] === 'm') apply(look, found[1] ?? '');
    from = found.index + found[0].length;
  }
  push(text.slice(from));
  return spans;
}
