/**
 * Markdown that grows: complete blocks are read once, and only the last one again as text comes.
 *
 * A block is complete once the first line of another stands after it. An open code block, the longest thing
 * that models write, is not read again either: it is looked at only for its closing fence.
 */
import { Lexer, type Token, type Tokens, type TokensList } from 'marked';

export interface Block {
  /** Unique in its text; stays the same while the block grows. */
  readonly key: number;
  readonly raw: string;
  readonly token: Token;
}

interface OpenFence {
  readonly closing: RegExp;
  /** Spaces before the opening fence, taken from each line. */
  readonly indent: number;
  readonly lang: string;
  /** Where the search for the closing fence goes on. */
  scannedTo: number;
}

// What goes on without an end would be read again and again; so the beginning of a long one is complete, too.
const MAX_PARAGRAPH = 4_000;
const MAX_ITEMS = 30;
const KEPT_ITEMS = 8;
const FENCE = /^( {0,3})(`{3,}|~{3,})([^\n]*)\n/;

export class MarkdownStream {
  /** All blocks; complete ones are the same values from one call to the next. */
  blocks: readonly Block[] = [];
  private text = '';
  private readTo = 0;
  private settled: Block[] = [];
  private links: TokensList['links'] = {};
  private fence: OpenFence | undefined;

  /** Take the text as it is now, usually the one before with more at its end. */
  update(given: string): readonly Block[] {
    const text = given.includes('\r') ? given.replace(/\r\n?/g, '\n') : given;
    if (text === this.text) return this.blocks;
    if (!text.startsWith(this.text)) {
      this.settled = [];
      this.readTo = 0;
      this.links = {};
      this.fence = undefined;
    }
    this.text = text;
    while (this.fence === undefined ? this.readBlocks() : this.readFence());
    return this.blocks;
  }

  /** Read what is not complete yet; true where there is more to do. */
  private readBlocks(): boolean {
    const tail = this.text.slice(this.readTo);
    if (this.beginFence(tail)) return true;
    const lexer = new Lexer({ gfm: true });
    Object.assign(lexer.tokens.links, this.links);
    const tokens = lexer.lex(tail);
    this.links = lexer.tokens.links;
    const keep = firstIncomplete(tokens, tail);
    for (const token of tokens.slice(0, keep)) this.settle(token);
    const rest = tokens.slice(keep);
    if (rest[0]?.type === 'code' && this.beginFence(this.text.slice(this.readTo))) return true;
    const beginning = rest[0] === undefined ? undefined : this.beginningOf(rest[0]);
    if (beginning !== undefined) {
      this.settle(beginning);
      return true;
    }
    this.show(rest.filter((token) => token.type !== 'space'));
    return false;
  }

  /** What of a long block can be taken for complete. */
  private beginningOf(token: Token): Token | undefined {
    if (token.type === 'paragraph' && token.raw.length > MAX_PARAGRAPH) {
      const space = token.raw.slice(0, MAX_PARAGRAPH).search(/\s\S*$/);
      const raw = token.raw.slice(0, space > 0 ? space + 1 : MAX_PARAGRAPH);
      return { type: 'paragraph', raw, text: raw, tokens: Lexer.lexInline(raw, { gfm: true }) };
    }
    const list = token.type === 'list' ? (token as Tokens.List) : undefined;
    if (list === undefined || list.items.length <= MAX_ITEMS) return undefined;
    const items = list.items.slice(0, -KEPT_ITEMS);
    const raw = items.map((item) => item.raw).join('');
    return token.raw.startsWith(raw) ? { ...list, items, raw } : undefined;
  }

  private beginFence(tail: string): boolean {
    const [opening, indent = '', marks = '', info = ''] = FENCE.exec(tail) ?? [];
    if (opening === undefined || (marks.startsWith('`') && info.includes('`'))) return false;
    this.fence = {
      closing: new RegExp(`\\n {0,3}${marks.charAt(0)}{${marks.length},}[ \\t]*(?:\\n|$)`, 'g'),
      indent: indent.length,
      lang: info.trim(),
      scannedTo: this.readTo + opening.length - 1,
    };
    return true;
  }

  /** True where the fence closed and there is more to read. */
  private readFence(): boolean {
    const fence = this.fence as OpenFence;
    fence.closing.lastIndex = fence.scannedTo;
    const close = fence.closing.exec(this.text);
    if (close === null) {
      fence.scannedTo = Math.max(fence.scannedTo, this.text.lastIndexOf('\n'));
      this.show([this.fenced(fence, this.text.length, this.text.length)]);
      return false;
    }
    const end = close.index + close[0].length;
    const token = this.fenced(fence, close.index, end);
    if (!close[0].endsWith('\n')) {
      fence.scannedTo = close.index;
      this.show([token]);
      return false;
    }
    this.fence = undefined;
    this.settle(token);
    if (end < this.text.length) return true;
    this.show([]);
    return false;
  }

  private fenced({ indent, lang }: OpenFence, to: number, end: number): Token {
    const from = this.text.indexOf('\n', this.readTo) + 1;
    let text = this.text.slice(from, Math.max(from, to));
    if (indent > 0) text = text.replace(new RegExp(`^ {1,${indent}}`, 'gm'), '');
    return { type: 'code', raw: this.text.slice(this.readTo, end), lang, text };
  }

  private settle(token: Token): void {
    this.readTo += token.raw.length;
    if (token.type !== 'space') {
      this.settled.push({ key: this.settled.length, raw: token.raw, token });
    }
  }

  private show(rest: readonly Token[]): void {
    const from = this.settled.length;
    this.blocks = [...this.settled, ...rest.map((token, at) => ({ key: from + at, raw: token.raw, token }))];
  }
}

/**
 * The first token that more text could change.
 *
 * Where the last one has no whole line yet, it could still turn out to go on with the one before: `2` after
 * a list is a paragraph until its dot comes.
 */
function firstIncomplete(tokens: readonly Token[], tail: string): number {
  const solid = (before: number): number =>
    tokens.findLastIndex((token, at) => at < before && token.type !== 'space');
  const last = solid(tokens.length);
  if (last < 0) return tokens.length > 0 ? tokens.length - 1 : 0;
  if (tail.endsWith('\n') || tokens[last]?.raw.includes('\n')) return last;
  const previous = solid(last);
  return previous < 0 ? last : previous;
}
