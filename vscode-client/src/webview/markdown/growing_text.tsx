/** A text that mostly grows at its end: what is there already is neither made nor laid out again. */
import { Component, createRef } from 'preact';

/** Lines that are laid out together; those above the last such part stay as they are. */
const PART_LINES = 40;
// A line without an end is cut into parts, too, so that adding to it copies little.
const PART_CHARACTERS = 8_000;

export class GrowingText extends Component<{ text: string }> {
  readonly #element = createRef<HTMLElement>();
  #shown = '';
  #last: Text | undefined;
  #lines = 0;

  override shouldComponentUpdate(next: { text: string }): boolean {
    this.#show(next.text);
    return false;
  }

  override componentDidMount(): void {
    this.#show(this.props.text);
  }

  #show(text: string): void {
    const element = this.#element.current;
    if (element === null || text === this.#shown) return;
    if (!text.startsWith(this.#shown)) {
      element.textContent = '';
      this.#shown = '';
      this.#last = undefined;
    }
    let from = this.#shown.length;
    this.#shown = text;
    while (from < text.length) {
      const to = this.#endOfPart(text, from);
      this.#append(element, text.slice(from, to));
      from = to;
    }
  }

  /** How far the last part goes on: to the end of its last line at most. */
  #endOfPart(text: string, from: number): number {
    let to = from;
    while (this.#lines < PART_LINES) {
      const end = text.indexOf('\n', to);
      if (end < 0) return text.length;
      to = end + 1;
      this.#lines += 1;
    }
    return to;
  }

  #append(element: HTMLElement, text: string): void {
    if (this.#last === undefined) {
      const part = document.createElement('span');
      part.className = 'part';
      this.#last = document.createTextNode('');
      part.append(this.#last);
      element.append(part);
    } else if (this.#last.length > PART_CHARACTERS) {
      const next = document.createTextNode('');
      this.#last.after(next);
      this.#last = next;
    }
    this.#last.appendData(text);
    if (this.#lines < PART_LINES) return;
    this.#last = undefined;
    this.#lines = 0;
  }

  override render() {
    return <code ref={this.#element} />;
  }
}
