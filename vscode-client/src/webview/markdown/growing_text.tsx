/** A text that mostly grows at its end: what is there already is not laid out again. */
import { Component, createRef } from 'preact';

// A long text is kept in several nodes, so that adding to it copies only the last.
const MAX_NODE = 8_000;

export class GrowingText extends Component<{ text: string }> {
  readonly #element = createRef<HTMLElement>();
  #shown = '';

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
    }
    const more = text.slice(this.#shown.length);
    const last = element.lastChild;
    if (last instanceof Text && last.length + more.length <= MAX_NODE) last.appendData(more);
    else element.append(document.createTextNode(more));
    this.#shown = text;
  }

  override render() {
    return <code ref={this.#element} />;
  }
}
