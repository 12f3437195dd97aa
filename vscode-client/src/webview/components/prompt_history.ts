/** Prompts that were sent, gone through with the arrows; what was being written is kept as the newest. */
export class PromptHistory {
  #at: number | undefined;
  #unsent = '';

  constructor(private readonly sent: () => readonly string[]) {}

  /** The text that shows after one step; undefined where there is none further. */
  step(way: -1 | 1, current: string): string | undefined {
    const all = this.sent();
    if (this.#at === undefined) {
      if (way === 1 || all.length === 0) return undefined;
      this.#unsent = current;
      this.#at = all.length;
    }
    const next = this.#at + way;
    if (next < 0) return undefined;
    if (next >= all.length) {
      this.#at = undefined;
      return this.#unsent;
    }
    this.#at = next;
    return all[next];
  }

  get isActive(): boolean {
    return this.#at !== undefined;
  }

  /** Something was typed or sent. */
  reset(): void {
    this.#at = undefined;
  }
}
