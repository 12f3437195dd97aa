/**
 * Reads what is new aloud, politely: events at once, an answer that streams in whole sentences and not
 * more often than every few seconds.
 */
const EVERY_MS = 2500;
const MAX_CHARACTERS = 600;

let region: HTMLElement | undefined;

/** The element that a screen reader listens to; it is there before anything is said. */
export function makeRegion(): void {
  region = document.createElement('div');
  region.className = 'sr-only';
  region.setAttribute('aria-live', 'polite');
  region.setAttribute('role', 'status');
  document.body.append(region);
}

export function announce(text: string): void {
  if (region === undefined || text === '') return;
  const line = document.createElement('div');
  line.textContent = text;
  region.append(line);
  while (region.childElementCount > 6) region.firstElementChild?.remove();
}

/** Markdown as it is read aloud: code blocks by name, marks left out. */
export function spoken(markdown: string): string {
  return markdown
    .replace(/^ {0,3}(```|~~~)[^\n]*\n[\s\S]*?(?:^ {0,3}\1[^\n]*$|$(?![\s\S]))/gm, ' (code block) ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[#>\s*+-]+/gm, '')
    .replace(/[*_`|~]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The end of the last sentence or block in a text that still grows; 0 where there is none. */
export function lastStop(text: string): number {
  let end = 0;
  for (const found of text.matchAll(/[.!?:](?=\s)|\n\n/g)) end = found.index + found[0].length;
  return end;
}

export class StreamReader {
  #key = '';
  #readTo = 0;
  #last = 0;

  /** `key` tells texts apart; `done` reads the rest. */
  follow(key: string, text: string, done: boolean, now: number): void {
    if (key !== this.#key) {
      this.#key = key;
      this.#readTo = 0;
    }
    if (!done && now - this.#last < EVERY_MS) return;
    const rest = text.slice(this.#readTo);
    const end = done ? rest.length : lastStop(rest);
    if (end === 0) return;
    this.#readTo += end;
    this.#last = now;
    const words = spoken(rest.slice(0, end));
    announce(words.length > MAX_CHARACTERS ? `${words.slice(0, MAX_CHARACTERS)} …` : words);
  }

  /** Text up to here was there before; it is not read. */
  skip(key: string, text: string): void {
    this.#key = key;
    this.#readTo = text.length;
  }
}
